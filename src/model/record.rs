//! What was observed of one unit in one round, held to the rubric: nothing here can fail.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::decimal::{Decimal, Ratio};
use crate::diagnostic::Code;
use crate::location::{Address, Place, Source};
use crate::model::rubric::{Kind, Rule};

/// One unit, one period, one round: a value for every rule of the rubric.
#[derive(Clone, Debug)]
pub struct Record {
    /// The unit, by position in the roster.
    pub unit: usize,
    /// The period, by position in the rubric.
    pub period: usize,
    /// The round, from 1.
    pub round: u32,
    /// One entry a rule, in the order of the rubric.
    pub entries: Vec<Entry>,
}

/// The value of one rule.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What was observed.
    pub observed: Observed,
    /// The value as written, `28.5/30` where the task table decides.
    pub value: SmolStr,
    /// 扣分说明.
    pub reason: Option<SmolStr>,
    /// 佐证材料.
    pub evidence: Option<SmolStr>,
    /// 自查值.
    pub claim: Option<SmolStr>,
    /// Where the value was read.
    pub place: Place,
}

/// What was observed; its variant fits the kind of the rule, or says that the rule does not apply.
#[derive(Clone, Copy, Debug)]
pub enum Observed {
    /// How often something happened, or how many are there: per occurrence, shortfall.
    Count(Decimal),
    /// The answer to a yes-or-no question: fixed.
    Answer(bool),
    /// How far something was completed: proportional.
    Completion(Ratio),
    /// Points that the assessor takes: discretionary.
    Points(Decimal),
    /// 不涉及, where the rubric says what it then means.
    NotApplicable,
}

impl Entry {
    /// An entry that stands in no sheet: only what was observed counts, and how it was written.
    pub fn unplaced(observed: Observed, value: SmolStr) -> Self {
        let source = Source {
            file: Arc::from(""),
            sheet: None,
            order: (0, 0),
        };
        Self {
            observed,
            value,
            reason: None,
            evidence: None,
            claim: None,
            place: source.at(Address::new(0, 0)),
        }
    }
}

impl Observed {
    /// What costs nothing by `rule`, on a sheet of the period at `period`.
    pub fn faultless(rule: &Rule, period: usize) -> Self {
        match rule.kind_in(period) {
            Kind::PerOccurrence { .. } => Self::Count(Decimal::ZERO),
            Kind::Fixed { lost_by, .. } => Self::Answer(!lost_by),
            Kind::Shortfall { required, .. } => Self::Count(*required),
            Kind::Proportional { .. } => Self::Completion(Ratio {
                part: Decimal::ONE,
                whole: Decimal::ONE,
            }),
            Kind::Discretionary => Self::Points(Decimal::ZERO),
        }
    }
}

/// What was handed in for one class, ready to be scored.
#[derive(Clone, Debug)]
pub struct ClassRecords {
    /// The rubric, by position in the catalog.
    pub rubric: usize,
    /// The periods that make the total, by position, with their weights: those of the rubric, or
    /// the only one that is ranked, with weight 1.
    pub periods: Vec<(usize, Decimal)>,
    /// The periods (by position) and rounds that any unit of the class has, in order.
    pub rounds: Vec<(usize, u32)>,
    /// The records of the units that have every one of them, without errors.
    pub records: Vec<Record>,
    /// The other units of the class, in roster order, and why.
    pub unranked: Vec<Unranked>,
}

/// A unit that cannot be ranked, and why.
#[derive(Clone, Debug)]
pub struct Unranked {
    /// The unit, by position in the roster.
    pub unit: usize,
    /// What it lacks of what its class has: the period, by position in the rubric, and the round.
    pub missing: Vec<(usize, u32)>,
    /// The codes of the errors in its sheets, each once.
    pub problems: Vec<Code>,
    /// Its records that are sound: they make the scores of single periods.
    pub records: Vec<Record>,
}
