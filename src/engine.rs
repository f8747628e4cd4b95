//! From observations to ranks: pure functions of the model.
//!
//! Everything that can fail has failed before (`check::records`), so nothing here returns an
//! error. Numbers are exact; they are rounded 四舍五入 at three places only: a rule's deduction
//! ([`asked`]), the mean of rounds ([`mean`]) and the total ([`total`]).

#![deny(clippy::float_arithmetic)]

mod period;
mod ranking;
mod rule;

pub use period::{mean, total};
pub use ranking::ranks;
pub use rule::{asked, unrounded};

use crate::model::record::{ClassRecords, Entry, Record};
use crate::model::rubric::{Item, Rubric};
use crate::model::scorecard::{ClassResult, ItemScore, RuleScore, Scorecard, Unranked};

/// Scores one round of one unit.
pub fn score(rubric: &Rubric, record: Record) -> Scorecard {
    let mut entries = record.entries.iter();
    let items: Vec<ItemScore> = rubric
        .items()
        .map(|item| score_item(item, record.period, entries.by_ref()))
        .collect();
    Scorecard {
        score: items.iter().map(|item| item.score).sum(),
        items,
        record,
    }
}

/// Scores one item: each rule up to its own cap, all of them up to the item's points, so that
/// what was applied and what is left always add up to the item.
fn score_item<'a>(
    item: &Item,
    period: usize,
    entries: impl Iterator<Item = &'a Entry>,
) -> ItemScore {
    let mut left = item.points;
    let rules = item
        .rules
        .iter()
        .zip(entries)
        .map(|(rule, entry)| {
            let asked = asked(rule, period, &entry.observed);
            let applied = asked.min(rule.cap).min(left);
            left -= applied;
            RuleScore { asked, applied }
        })
        .collect();
    ItemScore { score: left, rules }
}

/// Scores and ranks a class.
pub fn score_class(rubric: &Rubric, class: ClassRecords) -> ClassResult {
    let year = period::Year::of(rubric, &class);
    let mut units = year.units(class.records);
    ranking::rank(&mut units);
    let unranked: Vec<Unranked> = class
        .unranked
        .into_iter()
        .map(|unit| Unranked {
            unit: unit.unit,
            missing: unit.missing,
            problems: unit.problems,
            periods: year.periods(unit.records),
        })
        .collect();
    ClassResult {
        rubric: class.rubric,
        provisional: !unranked.is_empty() || units.iter().any(|unit| unit.total.is_none()),
        units,
        unranked,
    }
}
