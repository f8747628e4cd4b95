//! From the given values of a case to the records of a small class.

use std::collections::BTreeSet;

use crate::check::context::is_called;
use crate::check::trial::expect::REFUSED;
use crate::check::value;
use crate::location::Address;
use crate::model::draft::Placed;
use crate::model::record::{ClassRecords, Entry, Observed, Record};
use crate::model::rubric::{Rubric, RuleId};
use crate::model::submission::Field;
use crate::model::trial::{Case, Failure, Given, Sheets, Subject, TrialFault};

/// A case, ready to be scored: its units are the first of a roster of their own.
pub(super) struct Built {
    pub class: ClassRecords,
    pub failures: Vec<Failure>,
    /// The rules whose value was refused as it should be, unit by unit.
    pub refused: Vec<Vec<RuleId>>,
}

pub(super) fn build(rubric: &Rubric, case: &Case) -> Built {
    let mut builder = Builder {
        rubric,
        records: Vec::new(),
        failures: Vec::new(),
    };
    let refused = (0..)
        .zip(&case.subjects)
        .map(|(unit, subject)| builder.subject(unit, subject))
        .collect();
    let of = |record: &Record| (record.period, record.round);
    let rounds: BTreeSet<(usize, u32)> = builder.records.iter().map(of).collect();
    for (unit, subject) in case.subjects.iter().enumerate() {
        let own = builder.records.iter().filter(|record| record.unit == unit);
        let own: BTreeSet<_> = own.map(of).collect();
        for (period, round) in rounds.difference(&own) {
            let fault = TrialFault::MissingSheet {
                period: rubric.periods[*period].name.clone(),
                round: *round,
            };
            let place = subject.name.as_ref().unwrap_or(&case.name);
            let failure = failure(subject, place, &place.value, fault);
            builder.failures.push(failure);
        }
    }
    Built {
        class: ClassRecords {
            rubric: 0,
            periods: (0..)
                .zip(&rubric.periods)
                .map(|(position, period)| (position, period.weight))
                .collect(),
            rounds: rounds.into_iter().collect(),
            records: builder.records,
            unranked: Vec::new(),
        },
        failures: builder.failures,
        refused,
    }
}

/// A failure of `subject` at `place`; `about` is what it concerns, as written.
pub(super) fn failure<T>(
    subject: &Subject,
    place: &Placed<T>,
    about: &str,
    fault: TrialFault,
) -> Failure {
    Failure {
        span: place.span.clone(),
        unit: subject.name.as_ref().map(|name| name.value.clone()),
        about: about.to_owned(),
        fault,
    }
}

/// The position of the period that people call `name`.
pub(super) fn period(rubric: &Rubric, name: &str) -> Option<usize> {
    let mut periods = rubric.periods.iter();
    periods.position(|period| is_called(period, name))
}

struct Builder<'a> {
    rubric: &'a Rubric,
    records: Vec<Record>,
    failures: Vec<Failure>,
}

impl Builder<'_> {
    fn subject(&mut self, unit: usize, subject: &Subject) -> Vec<RuleId> {
        let mut refused = Vec::new();
        match &subject.sheets {
            Sheets::Alike { period, given } => {
                let periods = match period {
                    Some(name) => self.period(subject, name).into_iter().collect(),
                    None => (0..self.rubric.periods.len()).collect::<Vec<_>>(),
                };
                let rounds = periods.into_iter().flat_map(|of| rounds(self.rubric, of));
                let before = self.failures.len();
                for (period, round) in rounds.collect::<Vec<_>>() {
                    // What is wrong with the values is wrong once.
                    if self.failures.len() == before {
                        self.sheet((unit, subject), (period, round), given, &mut refused);
                    }
                }
            }
            Sheets::Each(sheets) => {
                for sheet in sheets {
                    let Some(period) = self.period(subject, &sheet.period) else {
                        continue;
                    };
                    let same = |record: &Record| {
                        (record.unit, record.period, record.round) == (unit, period, sheet.round)
                    };
                    if self.records.iter().any(same) {
                        let failure = failure(
                            subject,
                            &sheet.period,
                            &sheet.period.value,
                            TrialFault::SecondSheet,
                        );
                        self.failures.push(failure);
                        continue;
                    }
                    if let Some(rounds) = self.rubric.periods[period].rounds.count()
                        && sheet.round as usize > rounds
                    {
                        let fault = TrialFault::UnknownRound { rounds };
                        let about = &sheet.period.value;
                        let failure = failure(subject, &sheet.period, about, fault);
                        self.failures.push(failure);
                        continue;
                    }
                    let at = (period, sheet.round);
                    self.sheet((unit, subject), at, &sheet.given, &mut refused);
                }
            }
        }
        refused
    }

    fn period(&mut self, subject: &Subject, name: &Placed<String>) -> Option<usize> {
        let found = period(self.rubric, &name.value);
        if found.is_none() {
            let known = self.rubric.periods.iter();
            let fault = TrialFault::UnknownPeriod {
                known: known.map(|period| period.name.clone()).collect(),
            };
            self.failures
                .push(failure(subject, name, &name.value, fault));
        }
        found
    }

    fn sheet(
        &mut self,
        (unit, subject): (usize, &Subject),
        (period, round): (usize, u32),
        given: &Given,
        refused: &mut Vec<RuleId>,
    ) {
        let rules = self.rubric.rules();
        let mut entries: Vec<Entry> = rules
            .map(|rule| Entry::unplaced(Observed::faultless(rule, period), "".into()))
            .collect();
        for (id, written) in given {
            let known = RuleId::parse(&id.value).and_then(|id| self.rubric.position(id));
            let Some((position, rule)) =
                known.zip(known.and_then(|at| self.rubric.rules().nth(at)))
            else {
                let fault = TrialFault::UnknownRule;
                self.failures.push(failure(subject, id, &id.value, fault));
                continue;
            };
            let field = Field {
                address: Address::new(0, 0),
                written: written.value.clone(),
                formula: false,
            };
            match value::observe(rule, &field) {
                Ok(observed) => {
                    entries[position] = Entry::unplaced(observed, field.written.shared())
                }
                Err(_) if is_to_be_refused(subject, rule.id) => refused.push(rule.id),
                Err(finding) => {
                    let fault = TrialFault::Refused(finding);
                    self.failures
                        .push(failure(subject, written, &id.value, fault));
                }
            }
        }
        self.records.push(Record {
            unit,
            period,
            round,
            entries,
        });
    }
}

/// The rounds that a period must have.
fn rounds(rubric: &Rubric, period: usize) -> impl Iterator<Item = (usize, u32)> {
    let rounds = rubric.periods[period].rounds.count().unwrap_or(1);
    (1..).take(rounds).map(move |round| (period, round))
}

fn is_to_be_refused(subject: &Subject, id: RuleId) -> bool {
    let mut expects = subject.expects.iter();
    expects.any(|expectation| {
        expectation.value.value.trim() == REFUSED
            && RuleId::parse(&expectation.key.value) == Some(id)
    })
}
