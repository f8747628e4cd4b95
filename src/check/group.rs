//! What was handed in of one unit, for one period and round: every rule once, from one form,
//! from rows of several lists, or from a wide row, with a task table beside it.

mod rate;

use std::collections::BTreeMap;
use std::ptr;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::check::context::unreadable;
use crate::check::given::{Columns, Given, Group, Unplaced};
use crate::check::report::{Concern, Report};
use crate::check::task::{Tally, Tasks};
use crate::check::value;
use crate::diagnostic::{Code, Finding};
use crate::hash::Map;
use crate::location::{Address, Place};
use crate::model::catalog::Catalog;
use crate::model::record::{Entry, Observed, Record};
use crate::model::rubric::{NotApplicable, Rubric, Rule, RuleId};
use crate::model::submission::{Layout, Table, Written};
use crate::text;
use rate::counted_text;

/// A group while it is checked.
pub(super) struct Checker<'a, 'r, 's> {
    pub catalog: &'a Catalog,
    pub rubric: &'a Rubric,
    pub concern: Concern,
    pub round: u32,
    pub unplaced: &'s Unplaced,
    pub report: &'s mut Report<'r>,
    /// Rule columns that wide tables lack, and whom they lack them for.
    pub columns: &'s mut Columns,
}

/// The sheets of a group so far: forms, lists, wide rows.
#[derive(Default)]
struct Sheets<'a> {
    /// A row of the first of them, and of the first wide row.
    first: Option<Given<'a>>,
    wide: Option<Given<'a>>,
    /// Whether each counts, by its table and, of a wide row, the row.
    known: Map<(*const Table, Option<u32>), bool>,
}

impl<'a> Sheets<'a> {
    /// The sheet before that the one of `given` cannot stand beside: forms bear no other sheet, wide
    /// rows no other wide row; lists complete each other.
    fn excluding(&self, given: &Given<'a>) -> Option<Given<'a>> {
        let is_form = |of: &Given| matches!(of.table.layout, Layout::Form | Layout::TaskForm);
        let first = self.first?;
        if is_form(&first) || is_form(given) {
            return Some(first);
        }
        self.wide.filter(|_| given.table.layout == Layout::Wide)
    }

    /// Adds the sheet of `given`.
    fn add(&mut self, given: Given<'a>) {
        self.first.get_or_insert(given);
        if given.table.layout == Layout::Wide {
            self.wide.get_or_insert(given);
        }
    }
}

impl<'a> Checker<'a, '_, '_> {
    /// Checks the group; a record if nothing in it is wrong.
    pub(super) fn check(&mut self, group: &Group<'a>) -> Option<Record> {
        let tally = self.tally(&group.tasks);
        if group.rules.is_empty() {
            // A task table without its score sheet: what lacks is the business of the class.
            return None;
        }
        let counted = self.without_duplicates(&group.rules);
        let mut entries: BTreeMap<usize, Option<Entry>> = BTreeMap::new();
        let mut first: BTreeMap<usize, Place> = BTreeMap::new();
        let mut unread = 0;
        for (given, counts) in counted {
            let Some((index, rule)) = self.rule_of(given) else {
                unread += usize::from(self.may_be_meant(given));
                continue;
            };
            let entry = self.entry(rule, given, tally.as_ref());
            if !counts {
                continue;
            }
            if let Some(first) = first.get(&index) {
                self.say_twice(given, rule.id, first);
                entries.insert(index, None);
                // One of the two may be meant for a rule that now lacks.
                unread += 1;
                continue;
            }
            first.insert(index, given.table.source.at(given.own_cell()));
            entries.insert(index, entry);
        }
        if let Some(given) = group.tasks.first() {
            self.rate_without_row(&mut entries, given, tally.as_ref());
        }
        self.missing(&entries, &group.rules, unread);
        let record = self.record(entries)?;
        if self.nothing_applies(&record) {
            let unit = &self.catalog.roster.units()[self.concern.unit].name;
            let finding = Finding::NothingApplies {
                unit: unit.to_string(),
            };
            let first = group.rules.first()?;
            self.say(first, first.table.header, None, finding);
            return None;
        }
        Some(record)
    }

    /// Checks rows whose period or round is not known: values only.
    pub(super) fn check_values(&mut self, rules: &[Given<'a>]) {
        for given in rules {
            if let Some((_, rule)) = self.rule_of(given)
                && !(rule.uses_tasks() && given.row.value.is_blank())
            {
                self.entry(rule, given, None);
            }
        }
    }

    fn say(&mut self, given: &Given, at: Address, rule: Option<RuleId>, finding: Finding) {
        self.report
            .cell((&given.table.source, at), self.concern, rule, finding);
    }

    /// Says that a rule has a row already, at `first`.
    fn say_twice(&mut self, given: &Given, rule: RuleId, first: &Place) {
        let at = (&given.table.source, given.own_cell());
        if !(self.report).only_counts(at, self.concern, None, Code::DuplicateRow) {
            let finding = Finding::DuplicateRow {
                what: format!("编号 {rule}"),
                first: first.to_string(),
            };
            self.say(given, given.own_cell(), Some(rule), finding);
        }
    }

    /// What came of the task table, if there is one.
    fn tally(&mut self, given: &[Given<'a>]) -> Option<Tally> {
        let tasks = Tasks {
            table: self.catalog.tasks_of(self.rubric),
            concern: self.concern,
            unit: &self.catalog.roster.units()[self.concern.unit].name,
            rule: self
                .rubric
                .rules()
                .find(|rule| rule.uses_tasks())
                .map(|rule| rule.id),
        };
        let counted = self.without_duplicates(given);
        let rows: Vec<_> = counted
            .into_iter()
            .filter(|(_, counts)| *counts)
            .map(|(given, _)| (given.table, given.row))
            .collect();
        (!rows.is_empty()).then(|| tasks.tally(&rows, self.unplaced, self.report))
    }

    /// The rows, and whether each counts: those of a second sheet where only one may be do not.
    fn without_duplicates<'g>(&mut self, all: &'g [Given<'a>]) -> Vec<(&'g Given<'a>, bool)> {
        let mut sheets = Sheets::default();
        let mut counted = Vec::with_capacity(all.len());
        for given in all {
            let row = (given.table.layout == Layout::Wide).then(|| given.row.index());
            let sheet = (ptr::from_ref(given.table), row);
            let counts = match sheets.known.get(&sheet) {
                Some(counts) => *counts,
                None => {
                    let excluding = sheets.excluding(given);
                    match &excluding {
                        Some(first) => self.say_sheet_twice(given, first),
                        None => sheets.add(*given),
                    }
                    sheets.known.insert(sheet, excluding.is_none());
                    excluding.is_none()
                }
            };
            counted.push((given, counts));
        }
        counted
    }

    /// Says that the sheet of `second` stands beside that of `first`, where only one may be.
    fn say_sheet_twice(&mut self, second: &Given, first: &Given) {
        let at = (&second.table.source, second.unit_cell());
        if (self.report).only_counts(at, self.concern, None, Code::DuplicateSheet) {
            return;
        }
        let unit = &self.catalog.roster.units()[self.concern.unit].name;
        let period = self
            .concern
            .period
            .map_or("", |p| self.rubric.periods[p].name.as_str());
        let table = match second.table.layout {
            Layout::TaskForm | Layout::TaskList => "任务完成情况表",
            _ => "计分表",
        };
        let finding = Finding::DuplicateSheet {
            what: format!("{unit}{period}第 {} 轮的{table}", self.round),
            first: first.table.source.at(first.unit_cell()).to_string(),
        };
        self.say(second, second.unit_cell(), None, finding);
    }

    /// The rule that a row is about, with its position; what is wrong if it is about none.
    fn rule_of(&mut self, given: &Given) -> Option<(usize, &'a Rule)> {
        let id = &given.row.id;
        let parsed = RuleId::parse(&id.text());
        let known = self
            .rubric
            .rules()
            .enumerate()
            .find(|(_, rule)| Some(rule.id) == parsed);
        if known.is_some() && !matches!(id.written, Written::Date(_)) {
            return known;
        }
        if given.is_blank_beside() || self.is_heading(given) {
            return None;
        }
        let is_wide = given.table.layout == Layout::Wide;
        let finding = match &id.written {
            Written::Blank => Finding::BlankId {
                label: "编号",
                value: given.row.value.written.excerpt(),
            },
            Written::Date(date) => Finding::DateInsteadOfNumber {
                found: id.written.excerpt(),
                guess: RuleId::of_date(date).map(|id| id.to_string()),
                what: "编号",
            },
            _ => match unreadable(&id.written, "编号") {
                Some(finding) => finding,
                None => {
                    let at = (&given.table.source, id.address);
                    let header = parsed.filter(|_| is_wide);
                    if (self.report).only_counts(at, self.concern, header, Code::UnknownRule) {
                        return None;
                    }
                    Finding::UnknownRule {
                        found: id.written.excerpt(),
                        known: (self.rubric.rules())
                            .map(|rule| rule.id.to_string())
                            .collect(),
                    }
                }
            },
        };
        if is_wide {
            let at = (&given.table.source, id.address);
            self.report.shared(at, &[self.concern], None, finding);
        } else {
            self.say(given, id.address, None, finding);
        }
        None
    }

    /// Whether a row of a form or a list is a heading: the number of an item that is no rule, and
    /// nothing filled in.
    fn is_heading(&self, given: &Given) -> bool {
        let row = given.row;
        let is_filled =
            !row.value.is_blank() || row.reason.as_ref().is_some_and(|of| !of.is_blank());
        if is_filled || given.table.layout == Layout::Wide {
            return false;
        }
        let id = RuleId::parse(&row.id.text()).filter(|id| id.mark.is_none());
        let item = id.and_then(|id| self.rubric.items().find(|item| item.no == id.item));
        item.is_some_and(|item| item.rules.iter().all(|rule| rule.id.mark.is_some()))
    }

    /// Whether a row that is about no rule of the unit may be meant for one that lacks. A heading is
    /// not, nor is a blank where its column has no value at all, or is for units of another class.
    fn may_be_meant(&self, given: &Given) -> bool {
        if !given.is_blank_beside() {
            return !self.is_heading(given);
        }
        let id = RuleId::parse(&given.row.id.text());
        let mut rules = self.catalog.rubrics.iter().flat_map(Rubric::rules);
        !given.is_in_blank_column() && !rules.any(|rule| Some(rule.id) == id)
    }

    /// The entry of a rule that a row gives; what is wrong if it gives none.
    fn entry(&mut self, rule: &Rule, given: &Given, tally: Option<&Tally>) -> Option<Entry> {
        let row = given.row;
        let counted = tally.filter(|_| rule.uses_tasks());
        let observed = match counted {
            Some(tally) => self.rate(rule, given, tally)?,
            None if self.waits_for_tasks(rule, given) => {
                self.report.stop(self.concern, Code::MissingValue);
                return None;
            }
            None => match value::observe(rule, &row.value) {
                Ok(observed) => observed,
                Err(finding) => {
                    self.say(given, row.value.address, Some(rule.id), finding);
                    return None;
                }
            },
        };
        let reason = self.reason(rule, given, &observed)?;
        let beside = row.beside.as_deref();
        Some(Entry {
            value: match (counted, &observed) {
                (Some(_), Observed::Completion(rate)) => counted_text(*rate).into(),
                _ => row.value.written.shared(),
            },
            observed,
            reason,
            evidence: beside.and_then(|beside| beside.evidence.clone()),
            claim: beside.and_then(|beside| beside.claim.clone()),
            place: given.table.source.at(row.value.address),
        })
    }

    /// 扣分说明, which points at discretion must have.
    fn reason(
        &mut self,
        rule: &Rule,
        given: &Given,
        observed: &Observed,
    ) -> Option<Option<SmolStr>> {
        let row = given.row;
        if let Some(field) = &row.reason
            && let Some(finding @ Finding::ErrorCell { .. }) =
                unreadable(&field.written, "扣分说明")
        {
            self.say(given, field.address, Some(rule.id), finding);
            return None;
        }
        let reason = row.reason.as_ref().map(|field| field.written.shared());
        let reason = reason.filter(|reason| !reason.is_empty());
        match observed {
            Observed::Points(points)
                if !points.is_zero() && reason.as_deref().is_none_or(says_nothing) =>
            {
                let at = row
                    .reason
                    .as_ref()
                    .map_or(row.value.address, |field| field.address);
                let finding = Finding::MissingReason {
                    rule: rule.id,
                    points: *points,
                };
                self.say(given, at, Some(rule.id), finding);
                None
            }
            _ => Some(reason),
        }
    }

    /// Says which rules have no row, unless rows whose rule could not be told may be just those.
    fn missing(
        &mut self,
        entries: &BTreeMap<usize, Option<Entry>>,
        given: &[Given],
        unread: usize,
    ) {
        let Some(first) = given.first() else {
            return;
        };
        let unread = unread + unread_headers(given);
        let rules = self.rubric.rules().enumerate();
        let missing: Vec<&Rule> = rules
            .filter(|(index, _)| !entries.contains_key(index))
            .map(|(_, rule)| rule)
            .collect();
        let explained = missing.len() <= unread;
        for rule in missing {
            if explained || self.unplaced.may_hold(tables(given), rule.id) {
                self.report.stop(self.concern, Code::MissingRule);
                continue;
            }
            let place = first.table.source.at(first.table.header);
            if first.table.layout == Layout::Wide {
                let key = (place, rule.id);
                self.columns.entry(key).or_default().push(self.concern);
                continue;
            }
            let (header, id) = (first.table.header, Some(rule.id));
            let at = (&first.table.source, header);
            if (self.report).only_counts(at, self.concern, id, Code::MissingRule) {
                continue;
            }
            let finding = Finding::MissingRule {
                rule: rule.id,
                ask: Arc::clone(&rule.ask),
                hint: value::hint(rule),
                units: 1,
            };
            self.say(first, header, id, finding);
        }
    }

    /// Whether every rule is taken out of the round, so that nothing is left to convert.
    fn nothing_applies(&self, record: &Record) -> bool {
        let mut rules = self.rubric.rules().zip(&record.entries);
        rules.all(|(rule, entry)| {
            matches!(entry.observed, Observed::NotApplicable)
                && rule.not_applicable == NotApplicable::Rescaled
        })
    }

    /// The record, if every rule has an entry.
    fn record(&self, entries: BTreeMap<usize, Option<Entry>>) -> Option<Record> {
        let entries: Option<Vec<Entry>> = entries.into_values().collect();
        let entries = entries.filter(|entries| entries.len() == self.rubric.rules().count())?;
        Some(Record {
            unit: self.concern.unit,
            period: self.concern.period?,
            round: self.round,
            entries,
        })
    }
}

/// The tables that the rows of a group come from: they are sorted by table.
fn tables<'g>(given: &'g [Given]) -> impl Iterator<Item = &'g Table> {
    let of_tables = given.chunk_by(|a, b| ptr::eq(a.table, b.table));
    of_tables.map(|rows| rows[0].table)
}

/// How many headers of the tables that `given` come from became dates or occur twice: each may
/// be meant for a rule that now lacks.
fn unread_headers(given: &[Given]) -> usize {
    tables(given).map(|table| table.unread_headers).sum()
}

/// Whether a reason gives none: 无, /, 0.
fn says_nothing(reason: &str) -> bool {
    let key = text::key(reason);
    let says = |c: char| c.is_alphanumeric() && c != '0';
    matches!(&*key, "无" | "没有" | "暂无") || !key.contains(says)
}
