//! An item as it will be computed: what each rule covers and the most that it takes.

use std::collections::HashSet;

use crate::check::rubric::{listed, text};
use crate::decimal::Decimal;
use crate::model::draft::{ClauseDraft, ItemDraft, RuleDraft};
use crate::model::rubric::{Kind, mark_text};

/// A rule of an item, as far as it could be read.
pub(super) struct Covering<'a> {
    /// The number of its item.
    no: Option<u32>,
    pub rule: &'a RuleDraft,
    /// The positions of the clauses that it covers, each of them once.
    pub covers: Vec<usize>,
    /// Their points.
    pub points: Decimal,
    /// The most that it takes; a clause that is written twice counts twice.
    pub cap: Decimal,
}

/// The rules of an item, without those that could not be read.
pub(super) fn coverings(item: &ItemDraft) -> Vec<Covering<'_>> {
    let rules = listed(&item.rules).iter();
    rules.filter_map(|rule| covering(item, rule)).collect()
}

fn covering<'a>(item: &'a ItemDraft, rule: &'a RuleDraft) -> Option<Covering<'a>> {
    let clauses = item.clauses.as_ref().ok()?;
    let covers: Vec<usize> = match rule.covers.as_ref().ok()? {
        None => (0..clauses.len()).collect(),
        Some(marks) => {
            let position = |mark| {
                clauses
                    .iter()
                    .position(|clause| mark_of(clause) == Some(mark))
            };
            let found = marks.value.iter().map(|mark| position(mark.value));
            found.collect::<Option<Vec<_>>>()?
        }
    };
    let sum = |covers: &[usize]| {
        let points = covers
            .iter()
            .map(|&clause| points_of(item, &clauses[clause]));
        points.sum::<Option<Decimal>>()
    };
    let cap = match rule.cap.as_ref().ok()? {
        Some(cap) => cap.value,
        None => sum(&covers)?,
    };
    let mut seen = HashSet::new();
    let covers: Vec<usize> = covers
        .into_iter()
        .filter(|&clause| seen.insert(clause))
        .collect();
    let points = sum(&covers)?;
    Some(Covering {
        no: item.no.as_ref().ok().map(|no| no.value),
        rule,
        covers,
        points,
        cap,
    })
}

/// Whether no two clauses and no two rules of an item have the same mark: else it cannot be said
/// which is meant.
pub(super) fn marks_are_unique(item: &ItemDraft) -> bool {
    let mut clauses = HashSet::new();
    let mut rules = HashSet::new();
    let mut marks = listed(&item.clauses).iter().filter_map(mark_of);
    let unique = marks.all(|mark| clauses.insert(mark));
    let marks = listed(&item.rules).iter().map(shown_mark);
    unique
        && marks
            .filter(|mark| !mark.is_empty())
            .all(|mark| rules.insert(mark))
}

/// The points of a clause: its own, or the item's where it is the only one.
pub(super) fn points_of(item: &ItemDraft, clause: &ClauseDraft) -> Option<Decimal> {
    match clause.points.as_ref().ok()? {
        Some(points) => Some(points.value),
        None if listed(&item.clauses).len() == 1 => Some(item.points.as_ref().ok()?.value),
        None => None,
    }
}

/// The mark of a clause, where it has one.
pub(super) fn mark_of(clause: &ClauseDraft) -> Option<u32> {
    Some(clause.mark.as_ref().ok()?.as_ref()?.value)
}

impl Covering<'_> {
    /// The rule as people name it, to go on behind: `计分方法 1①`, `计分方法 5 `.
    pub(super) fn name(&self) -> String {
        let no = self.no.map(|no| no.to_string()).unwrap_or_default();
        match shown_mark(self.rule).as_str() {
            "" => format!("计分方法 {no} "),
            mark => format!("计分方法 {no}{mark}"),
        }
    }

    /// How it takes points.
    pub(super) fn kind(&self) -> Option<&Kind> {
        Some(&self.rule.kind.as_ref().ok()?.value)
    }

    /// The document's words.
    pub(super) fn text(&self) -> &str {
        self.rule.text.as_ref().map_or("", |text| &text.value)
    }

    /// What the file notes on it.
    pub(super) fn note(&self) -> Option<&str> {
        text(&self.rule.note)
    }
}

/// ① of a rule, nothing where it has no mark.
pub(super) fn shown_mark(rule: &RuleDraft) -> String {
    let mark = rule.mark.as_ref().ok().and_then(Option::as_ref);
    mark.map(|mark| mark_text(mark.value)).unwrap_or_default()
}
