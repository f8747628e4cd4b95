//! Collects findings, and remembers which unit's score each error stops.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Finding, Severity, Spot};
use crate::hash::{Map, Set};
use crate::location::{Address, Place, Source};
use crate::model::roster::Roster;
use crate::model::rubric::RuleId;

/// No more findings of one kind are kept of one file in the end, and in each batch that is checked;
/// the rest is counted. A file that has so many has one mistake, made over and over.
const MOST_OF_A_KIND: usize = 10_000;

/// Whose score a finding concerns: a unit, and the period where that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Concern {
    pub unit: usize,
    pub period: Option<usize>,
}

/// An error about a rule: in which sheet, at which cell, of which unit.
type OfRule = ((u32, u32), Address, usize, RuleId, Code);

/// What two findings that say the same have in common: the cell, the unit, the rule, the code.
type Alike = ((u32, u32), Address, Option<Arc<str>>, Option<RuleId>, Code);

/// The findings of one run.
pub(super) struct Report<'a> {
    roster: &'a Roster,
    diagnostics: Vec<Diagnostic>,
    /// Where those are, among `diagnostics`, that have so much in common.
    said: Map<Alike, Vec<usize>>,
    /// Those that were to be said.
    of_rules: Set<OfRule>,
    /// How many there are of each kind in each file, by the file's order.
    kinds: Map<(u32, Code), usize>,
    stopped: BTreeMap<usize, BTreeSet<(Option<usize>, Code)>>,
}

impl<'a> Report<'a> {
    pub(super) fn new(roster: &'a Roster) -> Self {
        Self {
            roster,
            diagnostics: Vec::new(),
            said: Map::default(),
            of_rules: Set::default(),
            kinds: Map::default(),
            stopped: BTreeMap::new(),
        }
    }

    /// A report for a batch, to be absorbed by this one: what is only counted here already is only
    /// counted there.
    pub(super) fn of_batch(&self) -> Self {
        let full = (self.kinds.iter()).filter(|(_, count)| **count >= MOST_OF_A_KIND);
        let mut report = Self::new(self.roster);
        report.kinds = full.map(|(kind, _)| (*kind, MOST_OF_A_KIND)).collect();
        report
    }

    /// A finding at a cell that concerns a unit.
    pub(super) fn cell(
        &mut self,
        (source, address): (&Source, Address),
        concern: Concern,
        rule: Option<RuleId>,
        finding: Finding,
    ) {
        if finding.severity() == Severity::Error {
            self.stop(concern, finding.code());
        }
        if self.count_only((source.order.0, finding.code())) {
            return;
        }
        let mut diagnostic = Diagnostic::at(source.at(address), finding);
        diagnostic.rule = rule;
        let name = Arc::clone(&self.roster.units()[concern.unit].name);
        self.push(diagnostic.of_unit(&name));
    }

    /// A finding at a cell that concerns several units, as a header does, or none that is known.
    pub(super) fn shared(
        &mut self,
        (source, address): (&Source, Address),
        concerns: &[Concern],
        rule: Option<RuleId>,
        finding: Finding,
    ) {
        if finding.severity() == Severity::Error {
            for &concern in concerns {
                self.stop(concern, finding.code());
            }
        }
        if self.count_only((source.order.0, finding.code())) {
            return;
        }
        let mut diagnostic = Diagnostic::at(source.at(address), finding);
        diagnostic.rule = rule;
        self.push(diagnostic);
    }

    /// A finding about something of a unit that is not there at all.
    pub(super) fn absent(&mut self, unit: usize, finding: Finding) {
        let name = Arc::clone(&self.roster.units()[unit].name);
        self.push(Diagnostic::new(Spot::Nowhere, finding).of_unit(&name));
    }

    /// Remembers that a unit cannot be scored, without a word of its own: what explains it is
    /// said elsewhere.
    pub(super) fn stop(&mut self, concern: Concern, code: Code) {
        let stopped = self.stopped.entry(concern.unit).or_default();
        stopped.insert((concern.period, code));
    }

    /// Counts an error at a cell that need not be put into words, and stops the score: there are so
    /// many that one more is only counted, or the same was said of the rule before. A list can lack
    /// rules a million times. `false`, and nothing is done, if it is to be said.
    pub(super) fn only_counts(
        &mut self,
        (source, address): (&Source, Address),
        concern: Concern,
        rule: Option<RuleId>,
        code: Code,
    ) -> bool {
        let of_rule: Option<OfRule> =
            rule.map(|rule| (source.order, address, concern.unit, rule, code));
        let known = self.count_only((source.order.0, code))
            || of_rule.is_some_and(|of_rule| !self.of_rules.insert(of_rule));
        if known {
            self.stop(concern, code);
        }
        known
    }

    /// Whether of this kind so many are kept of a file that any more are only counted.
    pub(super) fn has_enough(&self, file: u32, code: Code) -> bool {
        let count = self.kinds.get(&(file, code));
        count.is_some_and(|count| *count >= MOST_OF_A_KIND)
    }

    /// Counts one more of a kind if enough are kept.
    fn count_only(&mut self, (file, code): (u32, Code)) -> bool {
        match self.kinds.get_mut(&(file, code)) {
            Some(count) if *count >= MOST_OF_A_KIND => {
                *count += 1;
                true
            }
            _ => false,
        }
    }

    /// Takes up a finding once: many rows may lead to the same header cell.
    fn push(&mut self, diagnostic: Diagnostic) {
        if let Some(Place { source, address }) = diagnostic.spot.place() {
            let kind = (source.order.0, diagnostic.code());
            if self.count_only(kind) {
                return;
            }
            let Diagnostic { unit, rule, .. } = &diagnostic;
            let key = (source.order, *address, unit.clone(), *rule, kind.1);
            let alike = self.said.entry(key).or_default();
            let is_said = |at: &usize| self.diagnostics[*at].finding.says(&diagnostic.finding);
            if alike.iter().any(is_said) {
                return;
            }
            alike.push(self.diagnostics.len());
            *self.kinds.entry(kind).or_default() += 1;
        }
        self.diagnostics.push(diagnostic);
    }

    /// Takes over what was found in a batch, and what was only counted there.
    pub(super) fn absorb(&mut self, other: Self) {
        for (unit, codes) in other.stopped {
            self.stopped.entry(unit).or_default().extend(codes);
        }
        for diagnostic in other.diagnostics {
            self.push(diagnostic);
        }
        let uncounted = |count: usize| count.saturating_sub(MOST_OF_A_KIND);
        for (kind, count) in other.kinds {
            if uncounted(count) > 0 {
                *self.kinds.entry(kind).or_default() += uncounted(count);
            }
        }
    }

    /// The codes that stop `unit` from being scored in `period` (in any, if `None`).
    pub(super) fn problems(&self, unit: usize, period: Option<usize>) -> Vec<Code> {
        let stopped = self.stopped.get(&unit).into_iter().flatten();
        let in_period = |of: Option<usize>| period.is_none() || of.is_none() || of == period;
        let codes: BTreeSet<Code> = stopped
            .filter(|(of, _)| in_period(*of))
            .map(|(_, code)| *code)
            .collect();
        codes.into_iter().collect()
    }

    /// The findings; where there were more of a kind in a file, how many more.
    pub(super) fn into_diagnostics(mut self) -> Vec<Diagnostic> {
        let more: Vec<Diagnostic> = (self.kinds.iter())
            .filter(|(_, count)| **count > MOST_OF_A_KIND)
            .filter_map(|(&(file, code), count)| {
                let of_kind = |d: &&Diagnostic| {
                    let source = d.spot.source();
                    d.code() == code && source.is_some_and(|source| source.order.0 == file)
                };
                let first = self.diagnostics.iter().find(of_kind)?;
                let finding = Finding::More {
                    code,
                    severity: first.finding.severity(),
                    count: count - MOST_OF_A_KIND,
                };
                let file = Spot::File(first.spot.source()?.clone());
                Some(Diagnostic::new(file, finding))
            })
            .collect();
        self.diagnostics.extend(more);
        self.diagnostics
    }
}
