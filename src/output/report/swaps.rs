//! The smallest single change that would swap two units: one occurrence, one discretionary step
//! of half a point, one task. Each is tried with the engine itself.

use crate::decimal::{Decimal, Ratio};
use crate::engine;
use crate::model::record::{Entry, Observed};
use crate::model::rubric::{Item, Rubric, Rule};
use crate::model::scorecard::UnitScore;

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
                for (rule, words, changed) in single_changes(item, entries) {
                    let left = left(rubric, item, score.points, (period.period, &changed));
                    let kept = scorecard.kept - score.score + left;
                    let score = engine::round_score(rubric, scorecard.points, kept);
                    let total = total_with(rubric, unit, (place, round), score);
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
fn single_changes<'a>(item: &'a Item, entries: &[Entry]) -> Vec<(&'a Rule, String, Vec<Observed>)> {
    let mut changes = Vec::new();
    for (place, rule) in item.rules.iter().enumerate() {
        for (words, value) in steps(rule, &entries[place]) {
            let mut changed: Vec<Observed> = entries.iter().map(|entry| entry.observed).collect();
            changed[place] = value;
            changes.push((rule, words, changed));
        }
    }
    changes
}

/// One step up and one step down from a value, where there is room; none where the rule does
/// not apply.
fn steps(rule: &Rule, entry: &Entry) -> Vec<(String, Observed)> {
    let one = Decimal::ONE;
    let unit = rule.count.as_deref().unwrap_or("次");
    let mut steps = Vec::new();
    match entry.observed {
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
            // Tasks are written as done of counted; a rate that was typed is of no number of them.
            let (what, by) = if entry.value.contains('/') {
                ("1项任务", one)
            } else {
                ("1个百分点", ratio.whole / Decimal::ONE_HUNDRED)
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
        Observed::NotApplicable => {}
    }
    steps
}

/// What the rules of an item leave of the points that count, as the engine has it.
fn left(
    rubric: &Rubric,
    item: &Item,
    points: Decimal,
    (period, observed): (usize, &[Observed]),
) -> Decimal {
    let mut left = points;
    for (rule, observed) in item.rules.iter().zip(observed) {
        left -= engine::asked(rule, period, observed, rubric.decimals)
            .min(rule.cap)
            .min(left);
    }
    left
}

/// A unit's total if one of its rounds had another score.
fn total_with(
    rubric: &Rubric,
    unit: &UnitScore,
    (period, round): (usize, usize),
    score: Decimal,
) -> Decimal {
    let parts = unit.periods.iter().enumerate().map(|(place, of)| {
        if place != period {
            return (of.weight, of.score);
        }
        let rounds = of.rounds.iter().map(|card| (card.record.round, card.score));
        let mut rounds: Vec<(u32, Decimal)> = rounds.collect();
        rounds[round].1 = score;
        (of.weight, engine::period_score(rubric, of.period, &rounds))
    });
    engine::total(parts, rubric.decimals)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn change(by: i64, total: i64) -> Change {
        Change {
            by: Decimal::new(by, 2),
            total: Decimal::new(total, 2),
            words: format!("{by}"),
        }
    }

    #[test]
    fn the_smallest_change_that_swaps_is_named() {
        let (high, low) = (Decimal::new(9050, 2), Decimal::new(9030, 2));
        let up = [change(10, 9040), change(25, 9055), change(50, 9080)];
        let down = [change(-12, 9038), change(-30, 9020)];
        let named = smallest(("甲", high, &down), ("乙", low, &up));
        assert_eq!(named.as_deref(), Some("乙：25（+0.25分）"));
        let named = smallest(("甲", high, &down), ("乙", low, &[]));
        assert_eq!(named.as_deref(), Some("甲：-30（-0.3分）"));
        assert_eq!(smallest(("甲", high, &[]), ("乙", low, &up[..1])), None);
    }
}
