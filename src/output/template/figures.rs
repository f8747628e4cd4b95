//! What the formulas of a form give now: the engine's figures.

use super::{Filling, Subject};
use crate::decimal::Decimal;
use crate::engine;
use crate::model::record::{Entry, Observed, Record};

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
            (observed, Observed::faultless(rule, period))
        })
        .collect();
    let record = Record {
        unit: subject.which.unit,
        period,
        round: subject.which.round,
        entries: observed
            .iter()
            .map(|(observed, faultless)| Entry::unplaced(observed.unwrap_or(*faultless), "".into()))
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
