//! What the formulas of a form give now: the engine's figures.

use std::sync::Arc;

use super::{Filling, Subject};
use crate::decimal::{Decimal, Ratio};
use crate::engine;
use crate::location::{Address, Place, Source};
use crate::model::record::{Entry, Observed, Record};
use crate::model::rubric::{Kind, Rule};

/// What the engine takes for each rule, in the order of the rubric; `None` for one that is not
/// filled in, which takes nothing from the others.
pub(super) fn applied(subject: &Subject, filling: &Filling) -> Vec<Option<Decimal>> {
    let tasks = subject.tasks().len();
    let period = subject.which.period;
    let observed: Vec<(Option<Observed>, Observed)> = (0..)
        .zip(subject.rubric.rules())
        .map(|(index, rule)| {
            let observed = if rule.uses_tasks() && tasks > 0 {
                filling.rate(tasks).map(Observed::Completion)
            } else {
                filling.rule(index).value
            };
            (observed, faultless(rule, period))
        })
        .collect();
    let record = Record {
        unit: subject.which.unit,
        period,
        round: subject.which.round,
        entries: observed
            .iter()
            .map(|(observed, faultless)| entry(observed.unwrap_or(*faultless)))
            .collect(),
    };
    let scorecard = engine::score(subject.rubric, record);
    let rules = scorecard.items.iter().flat_map(|item| &item.rules);
    rules
        .zip(observed)
        .map(|(rule, (observed, _))| observed.map(|_| rule.applied))
        .collect()
}

/// The value that costs nothing.
fn faultless(rule: &Rule, period: usize) -> Observed {
    match rule.kind_in(period) {
        Kind::PerOccurrence { .. } => Observed::Count(Decimal::ZERO),
        Kind::Shortfall { required, .. } => Observed::Count(*required),
        Kind::Fixed { lost_by, .. } => Observed::Answer(!lost_by),
        Kind::Proportional { .. } => Observed::Completion(Ratio {
            part: Decimal::ONE,
            whole: Decimal::ONE,
        }),
        Kind::Discretionary => Observed::Points(Decimal::ZERO),
    }
}

/// An entry of which only the value matters.
fn entry(observed: Observed) -> Entry {
    let source = Source {
        file: Arc::from(""),
        sheet: None,
        order: (0, 0),
    };
    Entry {
        observed,
        value: String::new(),
        reason: None,
        evidence: None,
        claim: None,
        place: Place {
            source,
            address: Address::new(0, 0),
        },
    }
}
