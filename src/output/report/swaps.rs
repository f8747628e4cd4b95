//! The smallest single change that would swap two units: one occurrence, one discretionary step
//! of half a point, one task. Each is tried with the engine itself.

use crate::decimal::{Decimal, Ratio};
use crate::engine;
use crate::model::record::Observed;
use crate::model::rubric::{Item, Rubric, Rule};
use crate::model::scorecard::{PeriodScore, UnitScore};

/// A single change of one value of one unit.
pub(super) struct Change {
    /// By how much the unit's total changes.
    pub by: Decimal,
    /// What the total would be.
    pub total: Decimal,
    /// Where and what, in words.
    pub words: String,
}

/// One step of the assessor's judgement: half a point.
fn step() -> Decimal {
    Decimal::new(5, 1)
}

/// Every single change of a unit that changes its total; small changes first.
pub(super) fn changes(rubric: &Rubric, unit: &UnitScore) -> Vec<Change> {
    let Some(before) = unit.total else {
        return Vec::new();
    };
    let mut changes = Vec::new();
    for (place, period) in unit.periods.iter().enumerate() {
        for (round, scorecard) in period.rounds.iter().enumerate() {
            let mut first = 0;
            for (item, score) in rubric.items().zip(&scorecard.items) {
                let entries = &scorecard.record.entries[first..first + item.rules.len()];
                first += item.rules.len();
                let observed: Vec<Observed> = entries.iter().map(|entry| entry.observed).collect();
                for (rule, words, changed) in single_changes(item, &observed) {
                    let lost = taken(item, period.period, &changed);
                    let score = scorecard.score + score.lost() - lost;
                    let total = total_with(unit, place, round, score);
                    if total != before {
                        let period = &rubric.periods[period.period].name;
                        changes.push(Change {
                            by: total - before,
                            total,
                            words: format!(
                                "{period}第{}轮{}{words}",
                                scorecard.record.round, rule.id
                            ),
                        });
                    }
                }
            }
        }
    }
    changes.sort_by_key(|change| change.by.abs());
    changes
}

/// Each way to change one value of an item by one step.
fn single_changes<'a>(
    item: &'a Item,
    observed: &[Observed],
) -> Vec<(&'a Rule, String, Vec<Observed>)> {
    let mut changes = Vec::new();
    for (place, rule) in item.rules.iter().enumerate() {
        for (words, value) in steps(rule, observed[place]) {
            let mut changed = observed.to_vec();
            changed[place] = value;
            changes.push((rule, words, changed));
        }
    }
    changes
}

/// One step up and one step down from a value, where there is room.
fn steps(rule: &Rule, observed: Observed) -> Vec<(String, Observed)> {
    let one = Decimal::ONE;
    let unit = rule.count.as_deref().unwrap_or("次");
    let mut steps = Vec::new();
    match observed {
        Observed::Count(count) => {
            steps.push((format!("多1{unit}"), Observed::Count(count + one)));
            if count >= one {
                steps.push((format!("少1{unit}"), Observed::Count(count - one)));
            }
        }
        Observed::Answer(answer) => {
            let word = if answer {
                "改为“否”"
            } else {
                "改为“是”"
            };
            steps.push((word.to_owned(), Observed::Answer(!answer)));
        }
        Observed::Points(points) => {
            if points + step() <= rule.cap {
                steps.push(("多扣0.5分".to_owned(), Observed::Points(points + step())));
            }
            if !points.is_zero() {
                let less = (points - step()).max(Decimal::ZERO);
                let words = format!("少扣{}分", (points - less).normalize());
                steps.push((words, Observed::Points(less)));
            }
        }
        Observed::Completion(ratio) => {
            // A rate that was typed is out of a hundred, of no number of tasks.
            let what = if ratio.whole == Decimal::ONE_HUNDRED || ratio.whole <= one {
                "1个百分点"
            } else {
                "1项任务"
            };
            let by = if ratio.whole <= one {
                Decimal::new(1, 2)
            } else {
                one
            };
            let part = (ratio.part + by).min(ratio.whole);
            if part > ratio.part {
                let more = Ratio { part, ..ratio };
                steps.push((format!("多完成{what}"), Observed::Completion(more)));
            }
            let part = (ratio.part - by).max(Decimal::ZERO);
            if part < ratio.part {
                let less = Ratio { part, ..ratio };
                steps.push((format!("少完成{what}"), Observed::Completion(less)));
            }
        }
    }
    steps
}

/// What the rules of an item take together, as the engine has it.
fn taken(item: &Item, period: usize, observed: &[Observed]) -> Decimal {
    let mut left = item.points;
    for (rule, observed) in item.rules.iter().zip(observed) {
        left -= engine::asked(rule, period, observed)
            .min(rule.cap)
            .min(left);
    }
    item.points - left
}

/// A unit's total if one of its rounds had another score.
fn total_with(unit: &UnitScore, period: usize, round: usize, score: Decimal) -> Decimal {
    let changed = |(place, of): (usize, &PeriodScore)| {
        let mut scores: Vec<Decimal> = of.rounds.iter().map(|round| round.score).collect();
        if place == period {
            scores[round] = score;
        }
        PeriodScore {
            period: of.period,
            weight: of.weight,
            score: if place == period {
                engine::mean(&scores)
            } else {
                of.score
            },
            rounds: Vec::new(),
        }
    };
    let periods: Vec<PeriodScore> = unit.periods.iter().enumerate().map(changed).collect();
    engine::total(&periods)
}

/// The smallest single change of either of two neighbours that puts the lower one before the
/// upper one; for units with equal totals, that parts them.
pub(super) fn smallest(
    (upper_name, upper, upper_changes): (&str, Decimal, &[Change]),
    (lower_name, lower, lower_changes): (&str, Decimal, &[Change]),
) -> Option<String> {
    let rises = lower_changes.iter().find(|change| change.total > upper);
    let falls = upper_changes.iter().find(|change| change.total < lower);
    let words = |name: &str, change: &Change| {
        let sign = if change.by > Decimal::ZERO { "+" } else { "" };
        format!(
            "{name}：{}（{sign}{}分）",
            change.words,
            change.by.normalize()
        )
    };
    match (rises, falls) {
        (Some(rise), Some(fall)) if fall.by.abs() < rise.by.abs() => Some(words(upper_name, fall)),
        (Some(rise), _) => Some(words(lower_name, rise)),
        (None, Some(fall)) => Some(words(upper_name, fall)),
        (None, None) => None,
    }
}
