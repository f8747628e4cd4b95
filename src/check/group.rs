//! What was handed in of one unit, for one period and round: every rule once, from one form,
//! from rows of several lists, or from a wide row, with a task table beside it.

mod rate;

use std::collections::BTreeMap;
use std::ptr;
use std::sync::Arc;

use crate::check::context::unreadable;
use crate::check::given::{Columns, Given, Group, Unplaced};
use crate::check::report::{Concern, Report};
use crate::check::task::{Tally, Tasks};
use crate::check::value;
use crate::diagnostic::{Code, Finding};
use crate::location::{Address, Place};
use crate::model::catalog::Catalog;
use crate::model::record::{Entry, Observed, Record};
use crate::model::rubric::{NotApplicable, Rubric, Rule, RuleId};
use crate::model::submission::{Layout, Table, Written};
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

/// One sheet of a group: a form, the rows of one list, or one wide row.
struct Part<'a> {
    given: Given<'a>,
}

impl<'a> Part<'a> {
    /// Whether `given` belongs to the same sheet.
    fn holds(&self, given: &Given) -> bool {
        let same_table = ptr::eq(self.given.table, given.table);
        let same_row = self.given.row.index() == given.row.index();
        same_table && (same_row || given.table.layout != Layout::Wide)
    }

    /// Whether one group cannot hold both: forms bear no other sheet, wide rows no other wide
    /// row; lists complete each other.
    fn excludes(&self, given: &Given) -> bool {
        let layouts = [self.given.table.layout, given.table.layout];
        layouts
            .iter()
            .any(|layout| matches!(layout, Layout::Form | Layout::TaskForm))
            || layouts == [Layout::Wide; 2]
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
                unread += 1;
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
        let concern = Some(self.concern);
        if !(self.report).only_counts(at, concern, None, Code::DuplicateRow) {
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
        let mut parts: Vec<Part> = Vec::new();
        let mut refused: Vec<Part> = Vec::new();
        let mut counted = Vec::with_capacity(all.len());
        for given in all {
            let known = parts.iter().any(|part| part.holds(given));
            let excluded = parts.iter().find(|part| part.excludes(given));
            if !known && let Some(part) = excluded {
                if !refused.iter().any(|refused| refused.holds(given)) {
                    let finding = self.duplicate(given, &part.given);
                    self.say(given, given.unit_cell(), None, finding);
                    refused.push(Part { given: *given });
                }
                counted.push((given, false));
                continue;
            }
            if !known {
                parts.push(Part { given: *given });
            }
            counted.push((given, true));
        }
        counted
    }

    fn duplicate(&self, second: &Given, first: &Given) -> Finding {
        let unit = &self.catalog.roster.units()[self.concern.unit].name;
        let period = self
            .concern
            .period
            .map_or("", |p| self.rubric.periods[p].name.as_str());
        let table = match second.table.layout {
            Layout::TaskForm | Layout::TaskList => "任务完成情况表",
            _ => "计分表",
        };
        Finding::DuplicateSheet {
            what: format!("{unit}{period}第 {} 轮的{table}", self.round),
            first: first.table.source.at(first.unit_cell()).to_string(),
        }
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
        let finding = match &id.written {
            Written::Blank => Finding::BlankId {
                label: "编号",
                value: given.row.value.text().into_owned(),
            },
            Written::Date(date) => Finding::DateInsteadOfNumber {
                found: date.to_string(),
                guess: RuleId::of_date(date).map(|id| id.to_string()),
                what: "编号",
            },
            _ => match unreadable(&id.written, "编号") {
                Some(finding) => finding,
                None => {
                    let at = (&given.table.source, id.address);
                    let concern = Some(self.concern);
                    if given.table.layout != Layout::Wide
                        && self
                            .report
                            .only_counts(at, concern, None, Code::UnknownRule)
                    {
                        return None;
                    }
                    Finding::UnknownRule {
                        found: id.text().into_owned(),
                        known: (self.rubric.rules())
                            .map(|rule| rule.id.to_string())
                            .collect(),
                    }
                }
            },
        };
        if given.table.layout != Layout::Wide {
            self.say(given, id.address, None, finding);
        } else if !given.row.value.is_blank() {
            let at = (&given.table.source, id.address);
            self.report.shared(at, &[self.concern], None, finding);
        }
        None
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
        Some(Entry {
            value: match (counted, &observed) {
                (Some(_), Observed::Completion(rate)) => counted_text(*rate).into(),
                _ => row.value.written.shared(),
            },
            observed,
            reason,
            evidence: row.evidence.clone(),
            claim: row.claim.clone(),
            place: given.table.source.at(row.value.address),
        })
    }

    /// 扣分说明, which points at discretion must have.
    fn reason(
        &mut self,
        rule: &Rule,
        given: &Given,
        observed: &Observed,
    ) -> Option<Option<Arc<str>>> {
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
            Observed::Points(points) if !points.is_zero() && reason.is_none() => {
                let at = row
                    .reason
                    .as_ref()
                    .map_or(row.value.address, |field| field.address);
                let finding = Finding::MissingReason {
                    rule: rule.id.to_string(),
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
            if (self.report).only_counts(at, Some(self.concern), id, Code::MissingRule) {
                continue;
            }
            let finding = Finding::MissingRule {
                rule: rule.id.to_string(),
                ask: rule.ask.clone(),
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

/// The tables that rows come from.
fn tables<'g>(given: &'g [Given]) -> impl Iterator<Item = &'g Table> + Clone {
    given.iter().map(|given| given.table)
}

/// How many headers of the tables that `given` come from became dates or occur twice: each may
/// be meant for a rule that now lacks.
fn unread_headers(given: &[Given]) -> usize {
    let mut tables: Vec<&Table> = Vec::new();
    for given in given {
        if !tables.iter().any(|table| ptr::eq(*table, given.table)) {
            tables.push(given.table);
        }
    }
    let faults = tables.iter().flat_map(|table| &table.faults);
    let unread = |finding: &Finding| {
        matches!(
            finding,
            Finding::DateInsteadOfNumber { .. } | Finding::DuplicateHeader { .. }
        )
    };
    faults.filter(|fault| unread(&fault.finding)).count()
}
