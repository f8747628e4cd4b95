//! Rounds make a period, periods make a total.

use std::collections::BTreeMap;

use crate::decimal::{Decimal, PLACES, round};
use crate::engine::score;
use crate::model::record::ClassRecords;
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

/// Scores every record and gathers them unit by unit, in roster order. Where the class as a
/// whole lacks a period, there is no total yet.
pub(super) fn combine(rubric: &Rubric, class: &mut ClassRecords) -> Vec<UnitScore> {
    let mut units: BTreeMap<usize, BTreeMap<usize, Vec<Scorecard>>> = BTreeMap::new();
    for record in class.records.drain(..) {
        let periods = units.entry(record.unit).or_default();
        let scorecards = periods.entry(record.period).or_default();
        scorecards.push(score(rubric, record));
    }
    let is_there = |(period, _): &(usize, _)| class.rounds.iter().any(|(of, _)| of == period);
    let whole = class.periods.iter().all(is_there);
    units
        .into_iter()
        .map(|(unit, mut rounds)| {
            let weighted = class.periods.iter();
            let periods: Vec<PeriodScore> = weighted
                .filter_map(|&(period, weight)| {
                    let rounds = rounds.remove(&period)?;
                    Some(score_period(rubric, (period, weight), rounds))
                })
                .collect();
            UnitScore {
                unit,
                total: whole.then(|| total(&periods)),
                rank: None,
                periods,
            }
        })
        .collect()
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
