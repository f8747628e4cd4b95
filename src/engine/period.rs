//! Rounds make a period, periods make a total.

use std::collections::BTreeMap;

use crate::decimal::{Decimal, PLACES, round};
use crate::engine::score;
use crate::model::record::{ClassRecords, Record};
use crate::model::rubric::{Rounds, Rubric};
use crate::model::scorecard::{PeriodScore, Scorecard, UnitScore};

/// The score of a period: the mean of its rounds, rounded 四舍五入: the second of the three
/// rounding places. Zero where there are no rounds.
pub fn mean(scores: &[Decimal]) -> Decimal {
    let sum: Decimal = scores.iter().sum();
    let count = Decimal::from(scores.len().max(1));
    round(sum / count, PLACES)
}

/// The score of a year: Σ weight × period, rounded 四舍五入: the third rounding place.
pub fn total(periods: &[PeriodScore]) -> Decimal {
    let sum = periods
        .iter()
        .map(|period| period.weight * period.score)
        .sum();
    round(sum, PLACES)
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

    /// Scores the records of units that have every round, unit by unit, in roster order. Where
    /// the class as a whole lacks a period, there is no total yet.
    pub(super) fn units(&self, records: Vec<Record>) -> Vec<UnitScore> {
        let mut units: BTreeMap<usize, Vec<Record>> = BTreeMap::new();
        for record in records {
            units.entry(record.unit).or_default().push(record);
        }
        let has = |period: usize| self.rounds.iter().any(|(of, _)| *of == period);
        let whole = self.weights.iter().all(|(period, _)| has(*period));
        let score = |(unit, records)| {
            let periods = self.periods(records);
            UnitScore {
                unit,
                total: whole.then(|| total(&periods)),
                rank: None,
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
        let rounds = |period| self.rounds.iter().filter(|(of, _)| *of == period).count();
        let weighted = self.weights.iter();
        weighted
            .filter_map(|&(period, weight)| {
                let scorecards = periods.remove(&period)?;
                let whole = scorecards.len() == rounds(period);
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
    let scores: Vec<Decimal> = rounds.iter().map(|scorecard| scorecard.score).collect();
    let score = match rubric.periods[period].rounds {
        Rounds::Mean => mean(&scores),
    };
    PeriodScore {
        period,
        weight,
        score,
        rounds,
    }
}
