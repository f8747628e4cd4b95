//! A class as a whole: who is there, who lacks what others have, who can be scored.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::given::{Key, Sorted};
use crate::check::records::Options;
use crate::check::report::Report;
use crate::decimal::Decimal;
use crate::diagnostic::Finding;
use crate::model::catalog::Catalog;
use crate::model::record::{ClassRecords, Record, Unranked};

/// A period, by position in the rubric, and a round.
type Round = (usize, u32);

/// Says who lacks what, and sorts the records into classes.
pub(super) fn gather(
    catalog: &Catalog,
    sorted: &Sorted,
    mut records: BTreeMap<Key, Record>,
    options: &Options,
    report: &mut Report,
) -> Vec<ClassRecords> {
    let present: BTreeSet<usize> = sorted.units().collect();
    let mut classes = Vec::new();
    for rubric in 0..catalog.rubrics.len() {
        let rounds = rounds_of(catalog, sorted, rubric);
        say_missing(
            catalog,
            sorted,
            (rubric, &rounds, &present),
            options,
            report,
        );
        let only = options.period.as_ref().map(|key| {
            let periods = &catalog.rubrics[rubric].periods;
            periods.iter().position(|period| period.id == *key)
        });
        let wanted: Vec<Round> = rounds
            .into_iter()
            .filter(|(period, _)| only.is_none_or(|only| only == Some(*period)))
            .collect();
        let here = catalog.class(rubric).any(|unit| present.contains(&unit));
        if !here || (only.is_some() && wanted.is_empty()) {
            continue;
        }
        let periods = catalog.rubrics[rubric].periods.iter().enumerate();
        let mut class = ClassRecords {
            rubric,
            periods: match only.flatten() {
                Some(only) => vec![(only, Decimal::ONE)],
                None => periods
                    .map(|(index, period)| (index, period.weight))
                    .collect(),
            },
            rounds: wanted,
            records: Vec::new(),
            unranked: Vec::new(),
        };
        for unit in catalog.class(rubric) {
            class.take(unit, sorted, &mut records, only.flatten(), report);
        }
        classes.push(class);
    }
    classes
}

/// The periods and rounds that any unit of the class has, in order.
fn rounds_of(catalog: &Catalog, sorted: &Sorted, rubric: usize) -> BTreeSet<Round> {
    sorted
        .groups
        .iter()
        .filter(|((unit, ..), group)| catalog.rubric_of(*unit) == rubric && !group.rules.is_empty())
        .map(|((_, period, round), _)| (*period, *round))
        .collect()
}

/// What a unit lacks of `rounds`.
fn lacks(sorted: &Sorted, unit: usize, rounds: &BTreeSet<Round>) -> Vec<Round> {
    let has = |(period, round): Round| {
        let group = sorted.groups.get(&(unit, period, round));
        group.is_some_and(|group| !group.rules.is_empty())
    };
    rounds
        .iter()
        .copied()
        .filter(|round| !has(*round))
        .collect()
}

/// Says which units of a class lack a period or round, and (where all must be there) who is
/// absent.
fn say_missing(
    catalog: &Catalog,
    sorted: &Sorted,
    (rubric, rounds, present): (usize, &BTreeSet<Round>, &BTreeSet<usize>),
    options: &Options,
    report: &mut Report,
) {
    let periods = &catalog.rubrics[rubric].periods;
    let mut wanted = rounds.clone();
    if options.complete {
        let untouched = |period: &usize| !rounds.iter().any(|(of, _)| of == period);
        wanted.extend(
            (0..periods.len())
                .filter(untouched)
                .map(|period| (period, 1)),
        );
    }
    for unit in catalog.class(rubric) {
        let name = || catalog.roster.units()[unit].name.to_string();
        if !present.contains(&unit) {
            if options.complete && !sorted.is_meant(unit) {
                let finding = Finding::AbsentUnit {
                    unit: name(),
                    class: catalog.rubrics[rubric].class.clone(),
                };
                report.absent(unit, finding);
            }
            continue;
        }
        if sorted.has_loose(unit) || sorted.is_meant(unit) {
            continue;
        }
        for (period, round) in lacks(sorted, unit, &wanted) {
            let finding = Finding::MissingSheet {
                unit: name(),
                period: periods[period].name.clone(),
                round,
                others: rounds.contains(&(period, round)),
            };
            report.absent(unit, finding);
        }
    }
}

/// The rounds of which a unit handed in a task table and no score sheet.
fn tasks_alone(sorted: &Sorted, unit: usize) -> impl Iterator<Item = Round> {
    let groups = sorted.groups.range((unit, 0, 0)..(unit + 1, 0, 0));
    groups
        .filter(|(_, group)| group.rules.is_empty())
        .map(|((_, period, round), _)| (*period, *round))
}

impl ClassRecords {
    /// Takes up a unit: its records if it has all of them, else why it cannot be ranked.
    fn take(
        &mut self,
        unit: usize,
        sorted: &Sorted,
        records: &mut BTreeMap<Key, Record>,
        only: Option<usize>,
        report: &Report,
    ) {
        let alone = tasks_alone(sorted, unit);
        let alone = alone.filter(|(period, _)| only.is_none_or(|only| only == *period));
        let wanted: BTreeSet<Round> = self.rounds.iter().copied().chain(alone).collect();
        let mut missing = lacks(sorted, unit, &wanted);
        if wanted.is_empty() {
            // Nobody of the class has a sheet that could be placed: all of the year lacks.
            missing = self
                .periods
                .iter()
                .map(|(period, _)| (*period, 1))
                .collect();
        }
        let problems = report.problems(unit, only);
        let taken: Vec<Record> = self
            .rounds
            .iter()
            .filter_map(|(period, round)| records.remove(&(unit, *period, *round)))
            .collect();
        if missing.is_empty() && problems.is_empty() && taken.len() == self.rounds.len() {
            self.records.extend(taken);
        } else {
            self.unranked.push(Unranked {
                unit,
                missing,
                problems,
                records: taken,
            });
        }
    }
}
