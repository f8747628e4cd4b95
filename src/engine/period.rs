//! Rounds make a period, periods make a total.

use std::collections::BTreeMap;

use crate::decimal::{Decimal, round};
use crate::engine::score;
use crate::model::record::{ClassRecords, Record};
use crate::model::rubric::{Rounds, Rubric};
use crate::model::scorecard::{PeriodScore, Scorecard, UnitScore};

/// What each of the rounds of a period counts, given their numbers and scores: the score of the
/// period is Σ share × round ÷ Σ share.
pub fn shares(rounds: &Rounds, scores: &[(u32, Decimal)]) -> Vec<Decimal> {
    let only = |chosen: Option<usize>| {
        let counts = |place| Some(place) == chosen;
        let share = |place| Decimal::from(u8::from(counts(place)));
        (0..scores.len()).map(share).collect()
    };
    match rounds {
        Rounds::Mean => vec![Decimal::ONE; scores.len()],
        Rounds::Last => only(scores.len().checked_sub(1)),
        Rounds::Best => {
            let best = scores.iter().map(|(_, score)| *score).max();
            only(scores.iter().position(|(_, score)| Some(*score) == best))
        }
        Rounds::Weights(weights) => scores
            .iter()
            .map(|(number, _)| {
                let place = (*number as usize).checked_sub(1);
                let weight = place.and_then(|place| weights.get(place));
                weight.copied().unwrap_or_default()
            })
            .collect(),
    }
}

/// Σ share × figure ÷ Σ share over the rounds of a period, unrounded; zero where nothing counts.
pub fn together(period: &PeriodScore, figure: impl Fn(&Scorecard) -> Decimal) -> Decimal {
    combined(&period.shares, period.rounds.iter().map(figure))
}

fn combined(shares: &[Decimal], figures: impl Iterator<Item = Decimal>) -> Decimal {
    let sum: Decimal = figures
        .zip(shares)
        .map(|(figure, share)| figure * share)
        .sum();
    let whole: Decimal = shares.iter().sum();
    if whole.is_zero() {
        Decimal::ZERO
    } else {
        sum / whole
    }
}

/// The score of the period at `period`, given the numbers and scores of its rounds, rounded
/// 四舍五入: the second of the three rounding places.
pub fn period_score(rubric: &Rubric, period: usize, rounds: &[(u32, Decimal)]) -> Decimal {
    let shares = shares(&rubric.periods[period].rounds, rounds);
    let scores = rounds.iter().map(|(_, score)| *score);
    round(combined(&shares, scores), rubric.decimals)
}

/// The score of a year, given weight and score of its periods: Σ weight × score, rounded
/// 四舍五入 to `decimals`: the third rounding place.
pub fn total(periods: impl IntoIterator<Item = (Decimal, Decimal)>, decimals: u32) -> Decimal {
    let parts = periods.into_iter().map(|(weight, score)| weight * score);
    round(parts.sum(), decimals)
}

/// A figure of the rounds over the year, as the total is made: Σ weight × [`together`],
/// unrounded. Where periods are missing, the weights of those that are there count as the whole;
/// where all of them weigh nothing, nothing is divided.
pub fn over_year(periods: &[PeriodScore], figure: impl Fn(&Scorecard) -> Decimal) -> Decimal {
    let sum: Decimal = periods
        .iter()
        .map(|period| period.weight * together(period, &figure))
        .sum();
    let weights: Decimal = periods.iter().map(|period| period.weight).sum();
    if weights.is_zero() || weights == Decimal::ONE {
        sum
    } else {
        sum / weights
    }
}

/// The score of the item at `item` over the year, unrounded: what was scored, before anything
/// is converted.
pub fn item_of_year(periods: &[PeriodScore], item: usize) -> Decimal {
    over_year(periods, |round| round.items[item].score)
}

/// The points that the item at `item` lost over the year, unrounded.
pub fn lost_of_year(periods: &[PeriodScore], item: usize) -> Decimal {
    over_year(periods, |round| round.items[item].lost())
}

/// The score of a round in which `kept` is left of the points that count: converted to the full
/// points of the rubric and rounded, where 不涉及 took some out.
pub fn round_score(rubric: &Rubric, points: Decimal, kept: Decimal) -> Decimal {
    if points == rubric.points() {
        kept
    } else {
        round(of_full(rubric, points, kept), rubric.decimals)
    }
}

/// Points of a round converted to the full points of the rubric, unrounded.
pub fn converted(rubric: &Rubric, round: &Scorecard, points: Decimal) -> Decimal {
    of_full(rubric, round.points, points)
}

fn of_full(rubric: &Rubric, counted: Decimal, points: Decimal) -> Decimal {
    let full = rubric.points();
    if counted == full || counted.is_zero() {
        points
    } else {
        points * full / counted
    }
}

/// What a class has of its year, which every unit of it is held to.
pub(super) struct Year<'a> {
    rubric: &'a Rubric,
    /// The periods that make the total, with their weights.
    weights: Vec<(usize, Decimal)>,
    /// The periods and rounds that the class has.
    rounds: Vec<(usize, u32)>,
}

impl<'a> Year<'a> {
    pub(super) fn of(rubric: &'a Rubric, class: &ClassRecords) -> Self {
        Self {
            rubric,
            weights: class.periods.clone(),
            rounds: class.rounds.clone(),
        }
    }

    /// How many rounds the class has of a period; `None` where it still lacks some that the
    /// rubric counts on.
    fn rounds_of(&self, period: usize) -> Option<usize> {
        let there = self.rounds.iter().filter(|(of, _)| *of == period).count();
        let wanted = self.rubric.periods[period].rounds.count();
        wanted
            .is_none_or(|wanted| there == wanted)
            .then_some(there)
            .filter(|there| *there > 0)
    }

    /// Scores the records of units that have every round, unit by unit, in roster order. Where
    /// the class as a whole lacks a period or a part of one, there is no total yet.
    pub(super) fn units(&self, records: Vec<Record>) -> Vec<UnitScore> {
        let mut units: BTreeMap<usize, Vec<Record>> = BTreeMap::new();
        for record in records {
            units.entry(record.unit).or_default().push(record);
        }
        let mut periods = self.weights.iter();
        let whole = periods.all(|(period, _)| self.rounds_of(*period).is_some());
        let score = |(unit, records)| {
            let periods = self.periods(records);
            UnitScore {
                unit,
                total: whole.then(|| {
                    let parts = periods.iter().map(|period| (period.weight, period.score));
                    total(parts, self.rubric.decimals)
                }),
                rank: None,
                grade: None,
                periods,
            }
        };
        units.into_iter().map(score).collect()
    }

    /// Scores the records of one unit: the periods of which it has every round.
    pub(super) fn periods(&self, records: Vec<Record>) -> Vec<PeriodScore> {
        let mut periods: BTreeMap<usize, Vec<Scorecard>> = BTreeMap::new();
        for record in records {
            let scorecards = periods.entry(record.period).or_default();
            scorecards.push(score(self.rubric, record));
        }
        let weighted = self.weights.iter();
        weighted
            .filter_map(|&(period, weight)| {
                let scorecards = periods.remove(&period)?;
                let whole = self.rounds_of(period) == Some(scorecards.len());
                whole.then(|| score_period(self.rubric, (period, weight), scorecards))
            })
            .collect()
    }
}

/// The score of one period of one unit, its rounds in order.
fn score_period(
    rubric: &Rubric,
    (period, weight): (usize, Decimal),
    mut rounds: Vec<Scorecard>,
) -> PeriodScore {
    rounds.sort_by_key(|scorecard| scorecard.record.round);
    let scores: Vec<(u32, Decimal)> = rounds
        .iter()
        .map(|scorecard| (scorecard.record.round, scorecard.score))
        .collect();
    PeriodScore {
        period,
        weight,
        score: period_score(rubric, period, &scores),
        shares: shares(&rubric.periods[period].rounds, &scores),
        rounds,
    }
}
