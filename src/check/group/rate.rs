//! The rate of completion of a group: from the task table where there is one, else typed.

use std::collections::BTreeMap;

use crate::check::given::Given;
use crate::check::group::Checker;
use crate::check::task::Tally;
use crate::check::value;
use crate::decimal::{Decimal, Ratio, plain, round};
use crate::diagnostic::Finding;
use crate::model::record::{Entry, Observed};
use crate::model::rubric::Rule;
use crate::model::submission::{Field, Written};

impl Checker<'_, '_, '_> {
    /// Whether a blank rate may be meant for a task table that could not be placed.
    pub(super) fn waits_for_tasks(&self, rule: &Rule, given: &Given) -> bool {
        rule.uses_tasks()
            && given.row.value.is_blank()
            && self
                .unplaced
                .has_tasks(&given.table.source, self.concern.unit)
    }

    /// The rate that the task table gives; a typed one must agree with it.
    pub(super) fn rate(&mut self, rule: &Rule, given: &Given, tally: &Tally) -> Option<Observed> {
        let typed = &given.row.value;
        let calculated = typed.formula && !matches!(typed.written, Written::Error(_));
        if !typed.is_blank() && !calculated {
            match value::observe(rule, typed) {
                Err(finding) => {
                    self.say(given, typed.address, Some(rule.id), finding);
                    return None;
                }
                Ok(Observed::Completion(ratio)) => {
                    if let Tally::Rate(computed) = tally
                        && !value::agrees(typed, ratio, *computed)
                    {
                        let finding = conflict(rule, typed, *computed);
                        self.say(given, typed.address, Some(rule.id), finding);
                        return None;
                    }
                }
                // A table of tasks beside it says that the rule does apply.
                Ok(_) => {
                    if let Tally::Rate(computed) = tally {
                        let finding = conflict(rule, typed, *computed);
                        self.say(given, typed.address, Some(rule.id), finding);
                    }
                    return None;
                }
            }
        }
        match tally {
            Tally::Rate(rate) => Some(Observed::Completion(*rate)),
            Tally::Faulty => None,
        }
    }

    /// The rate of a rule that has a task table but no row of its own.
    pub(super) fn rate_without_row(
        &self,
        entries: &mut BTreeMap<usize, Option<Entry>>,
        given: &Given,
        tally: Option<&Tally>,
    ) {
        for (index, rule) in self.rubric.rules().enumerate() {
            if !rule.uses_tasks() {
                continue;
            }
            let header = given.table.source.at(given.table.value_header);
            match (entries.get_mut(&index), tally) {
                (None, Some(Tally::Rate(rate))) => {
                    let entry = Entry {
                        observed: Observed::Completion(*rate),
                        value: counted_text(*rate).into(),
                        reason: None,
                        evidence: None,
                        claim: None,
                        place: header,
                    };
                    entries.insert(index, Some(entry));
                }
                (None, _) => {
                    entries.insert(index, None);
                }
                (Some(Some(entry)), _) => entry.place = header,
                (Some(None), _) => {}
            }
        }
    }
}

/// A value that the rate of the task table contradicts.
fn conflict(rule: &Rule, typed: &Field, computed: Ratio) -> Finding {
    let percent = computed.value() * Decimal::ONE_HUNDRED;
    Finding::RateConflict {
        rule: rule.id,
        typed: typed.text().into_owned(),
        counted: counted_text(computed),
        computed: plain(round(percent, 2)) + "%",
    }
}

/// 28.5/30
pub(super) fn counted_text(rate: Ratio) -> String {
    format!("{}/{}", plain(rate.part), plain(rate.whole))
}
