//! What the formulas of a form give now: the engine's figures.

use std::sync::Arc;

use super::{Filling, Subject};
use crate::decimal::{Decimal, Ratio};
use crate::engine;
use crate::location::{Address, Place, Source};
use crate::model::record::{Entry, Observed, Record};
use crate::model::rubric::{Kind, Rule};

/// The engine's figures for what is filled in.
pub(super) struct Figures {
    /// What is taken for each rule, in the order of the rubric; `None` for one that is not
    /// filled in, which takes nothing from the others.
    pub applied: Vec<Option<Decimal>>,
    /// The score, where every rule is filled in.
    pub score: Option<Decimal>,
}

/// The figures of a form or of a row of a wide table.
pub(super) fn of(subject: &Subject, filling: &Filling) -> Figures {
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
    let applied: Vec<Option<Decimal>> = rules
        .zip(observed)
        .map(|(rule, (observed, _))| observed.map(|_| rule.applied))
        .collect();
    let whole = applied.iter().all(Option::is_some);
    Figures {
        applied,
        score: whole.then_some(scorecard.score),
    }
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
