//! Which rules the cases take below, to and above their caps.

use std::collections::BTreeSet;

use crate::check::trial::expect::{Figure, rule_score};
use crate::decimal::Decimal;
use crate::model::record::{Entry, Observed};
use crate::model::rubric::{Kind, NotApplicable, Rubric, Rule, RuleId};
use crate::model::scorecard::{RuleScore, UnitScore};
use crate::model::trial::{Gap, Reach, Subject};

/// What the cases have shown so far.
pub(super) struct Coverage {
    rules: Vec<Reached>,
    total: bool,
    rank: bool,
    /// `None` where the rubric has no grades.
    grade: Option<bool>,
}

struct Reached {
    id: RuleId,
    cap: Decimal,
    possible: BTreeSet<Reach>,
    reached: BTreeSet<Reach>,
}

impl Coverage {
    pub(super) fn new(rubric: &Rubric) -> Self {
        let reached = |rule: &Rule| Reached {
            id: rule.id,
            cap: rule.cap,
            possible: possible(rule),
            reached: BTreeSet::new(),
        };
        Self {
            rules: rubric.rules().map(reached).collect(),
            total: false,
            rank: false,
            grade: rubric.grades.as_ref().map(|_| false),
        }
    }

    /// Takes up what one unit of a case shows: a rule counts where something that it bears on
    /// was expected.
    pub(super) fn take(&mut self, rubric: &Rubric, subject: &Subject, unit: &UnitScore) {
        let expects = subject.expects.iter();
        let figures: Vec<Figure> = expects
            .filter_map(|expectation| Figure::parse(rubric, &expectation.key.value))
            .collect();
        self.total |= figures.contains(&Figure::Total);
        self.rank |= figures.contains(&Figure::Rank);
        if let Some(grade) = &mut self.grade {
            *grade |= figures.contains(&Figure::Grade);
        }
        let sum =
            |figure: &Figure| matches!(figure, Figure::Score | Figure::Period(_) | Figure::Total);
        let all = figures.iter().any(sum);
        let items = rubric.items().enumerate();
        let item_of: Vec<usize> = items
            .flat_map(|(position, item)| item.rules.iter().map(move |_| position))
            .collect();
        for (position, rule) in self.rules.iter_mut().enumerate() {
            let shown = all
                || figures.contains(&Figure::Rule(position))
                || figures.contains(&Figure::Item(item_of[position]));
            let cards = unit.periods.iter().flat_map(|period| &period.rounds);
            for card in cards.filter(|_| shown) {
                let entry = card.record.entries.get(position);
                let score = rule_score(card, position);
                let reached = entry.zip(score);
                rule.reached
                    .extend(reached.and_then(|(entry, score)| reach(entry, score, rule.cap)));
            }
        }
    }

    /// What no case has shown.
    pub(super) fn gaps(self) -> Vec<Gap> {
        let mut gaps = Vec::new();
        for rule in self.rules {
            let missing = rule.possible.difference(&rule.reached);
            gaps.extend(missing.map(|reach| Gap::Rule(rule.id, *reach)));
        }
        gaps.extend((!self.total).then_some(Gap::Total));
        gaps.extend((!self.rank).then_some(Gap::Rank));
        gaps.extend((self.grade == Some(false)).then_some(Gap::Grade));
        gaps
    }
}

/// Where `score` stands against the cap; `None` where nothing was asked for.
fn reach(entry: &Entry, score: RuleScore, cap: Decimal) -> Option<Reach> {
    if matches!(entry.observed, Observed::NotApplicable) {
        return Some(Reach::NotApplicable);
    }
    if score.asked.is_zero() {
        return None;
    }
    Some(match score.asked.cmp(&cap) {
        std::cmp::Ordering::Less => Reach::Below,
        std::cmp::Ordering::Equal => Reach::At,
        std::cmp::Ordering::Greater => Reach::Above,
    })
}

/// Where a rule can stand at all, in any period.
fn possible(rule: &Rule) -> BTreeSet<Reach> {
    let kinds = rule.by_period.iter().map(|(_, kind)| kind);
    let kinds = kinds.chain([&rule.kind]);
    let outside = rule.not_applicable != NotApplicable::Refused;
    kinds
        .flat_map(|kind| possible_by(kind, rule.cap))
        .chain(outside.then_some(Reach::NotApplicable))
        .collect()
}

fn possible_by(kind: &Kind, cap: Decimal) -> Vec<Reach> {
    let steps = |each: Decimal, most: Option<Decimal>| {
        if each.is_zero() {
            return Vec::new();
        }
        let within = |times: Decimal| most.is_none_or(|most| times <= most);
        let mut reaches = Vec::new();
        if each < cap && within(Decimal::ONE) {
            reaches.push(Reach::Below);
        }
        if !cap.is_zero() && (cap % each).is_zero() && within(cap / each) {
            reaches.push(Reach::At);
        }
        if most.is_none_or(|most| most * each > cap) {
            reaches.push(Reach::Above);
        }
        reaches
    };
    match kind {
        Kind::PerOccurrence { each } => steps(*each, None),
        Kind::Shortfall { required, each } => steps(*each, Some(*required)),
        Kind::Fixed { points, .. } => steps(*points, Some(Decimal::ONE)),
        // More than the cap is refused at the sheet, a rate is never below nothing.
        Kind::Proportional { .. } | Kind::Discretionary if cap.is_zero() => Vec::new(),
        Kind::Proportional { .. } | Kind::Discretionary => vec![Reach::Below, Reach::At],
    }
}
