//! What came out: a score that carries the steps it is made of.
//!
//! Each level is the fold of the one below it, so a score and its explanation cannot differ.

use crate::decimal::Decimal;
use crate::diagnostic::Code;
use crate::model::record::Record;

/// The result of one class.
#[derive(Clone, Debug)]
pub struct ClassResult {
    /// The rubric, by position in the catalog.
    pub rubric: usize,
    /// Whether something of the class is still missing.
    pub provisional: bool,
    /// The units that were scored: in rank order, then in roster order.
    pub units: Vec<UnitScore>,
    /// The units that could not be ranked, in roster order.
    pub unranked: Vec<Unranked>,
}

/// One unit's year.
#[derive(Clone, Debug)]
pub struct UnitScore {
    /// The unit, by position in the roster.
    pub unit: usize,
    /// Σ weight × period, rounded; `None` while a period is missing.
    pub total: Option<Decimal>,
    /// Its place in the class, by the rounded total.
    pub rank: Option<usize>,
    /// Its grade, by position among those of the rubric; `None` where there is no total, or the
    /// rubric has no grades.
    pub grade: Option<usize>,
    /// The periods that are there, in the order of the rubric.
    pub periods: Vec<PeriodScore>,
}

/// One period of one unit.
#[derive(Clone, Debug)]
pub struct PeriodScore {
    /// The period, by position in the rubric.
    pub period: usize,
    /// Its weight in the total.
    pub weight: Decimal,
    /// What its rounds make together, rounded.
    pub score: Decimal,
    /// Its rounds, in order.
    pub rounds: Vec<Scorecard>,
    /// What each round counts: the score is Σ share × round ÷ Σ share.
    pub shares: Vec<Decimal>,
}

/// One round of one unit: a sheet and what came of it.
#[derive(Clone, Debug)]
pub struct Scorecard {
    /// What was observed.
    pub record: Record,
    /// The points of the rules that apply: all of the rubric's, unless 不涉及 took some out.
    pub points: Decimal,
    /// The points left of those: exact, no rounding of its own.
    pub kept: Decimal,
    /// The score of the round: what is left, converted to all points of the rubric where some
    /// were taken out.
    pub score: Decimal,
    /// The items, in the order of the rubric.
    pub items: Vec<ItemScore>,
}

/// One item of one round.
#[derive(Clone, Debug)]
pub struct ItemScore {
    /// The points of the item that count: all of them, unless 不涉及 took some out.
    pub points: Decimal,
    /// The points left.
    pub score: Decimal,
    /// The rules, in the order of the item.
    pub rules: Vec<RuleScore>,
}

/// One rule of one round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleScore {
    /// What the rule takes before any cap, rounded.
    pub asked: Decimal,
    /// What was taken.
    pub applied: Decimal,
}

impl RuleScore {
    /// What the cap absorbed: asked less applied.
    pub fn absorbed(&self) -> Decimal {
        self.asked - self.applied
    }
}

impl ItemScore {
    /// The points taken.
    pub fn lost(&self) -> Decimal {
        self.rules.iter().map(|rule| rule.applied).sum()
    }
}

/// A unit without a rank, and why.
#[derive(Clone, Debug)]
pub struct Unranked {
    /// The unit, by position in the roster.
    pub unit: usize,
    /// What it lacks of what its class has: the period, by position in the rubric, and the round.
    pub missing: Vec<(usize, u32)>,
    /// The codes of the errors in its sheets, each once.
    pub problems: Vec<Code>,
    /// The periods of which it has every round, without errors.
    pub periods: Vec<PeriodScore>,
}
