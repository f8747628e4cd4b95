//! From observations to ranks: pure functions of the model.
//!
//! Everything that can fail has failed before (`check::records`), so nothing here returns an
//! error. Numbers are exact; they are rounded 四舍五入 at three places only: a rule's deduction
//! ([`asked`]), the score that rounds make together ([`period_score`]) and the total ([`total`]). A
//! rubric that converts the rest where a rule does not apply rounds once more, the score of such
//! a round.

#![deny(clippy::float_arithmetic)]

mod grade;
mod period;
mod ranking;
mod rule;

pub use period::{
    converted, item_of_year, lost_of_year, over_year, period_score, round_score, shares, together,
    total,
};
pub use ranking::{Key, key, ranks};
pub use rule::{asked, unrounded};

use crate::decimal::Decimal;
use crate::model::record::{ClassRecords, Entry, Record};
use crate::model::rubric::{Item, Rubric};
use crate::model::scorecard::{ClassResult, ItemScore, RuleScore, Scorecard, Unranked};

/// Scores one round of one unit.
pub fn score(rubric: &Rubric, record: Record) -> Scorecard {
    let mut entries = &record.entries[..];
    let mut items = Vec::new();
    for item in rubric.items() {
        let (own, rest) = entries.split_at(item.rules.len());
        entries = rest;
        items.push(score_item(rubric, item, record.period, own));
    }
    let points: Decimal = items.iter().map(|item| item.points).sum();
    let kept: Decimal = items.iter().map(|item| item.score).sum();
    Scorecard {
        score: round_score(rubric, points, kept),
        points,
        kept,
        items,
        record,
    }
}

/// Scores one item: each rule up to its own cap, all of them up to the item's points, so that
/// what was applied and what is left always add up to the points that count.
fn score_item(rubric: &Rubric, item: &Item, period: usize, entries: &[Entry]) -> ItemScore {
    let points = points_that_count(item, entries);
    let mut left = points;
    let rules = item
        .rules
        .iter()
        .zip(entries)
        .map(|(rule, entry)| {
            let asked = asked(rule, period, &entry.observed, rubric.decimals);
            let applied = asked.min(rule.cap).min(left);
            left -= applied;
            RuleScore { asked, applied }
        })
        .collect();
    ItemScore {
        points,
        score: left,
        rules,
    }
}

/// The points of an item less the caps of the rules that 不涉及 takes out; none where it takes
/// out all of them.
fn points_that_count(item: &Item, entries: &[Entry]) -> Decimal {
    let out = item.rules.iter().zip(entries);
    let out: Vec<Decimal> = out
        .filter(|(rule, entry)| rule::is_out(rule, &entry.observed))
        .map(|(rule, _)| rule.cap)
        .collect();
    if !out.is_empty() && out.len() == item.rules.len() {
        return Decimal::ZERO;
    }
    item.points - out.iter().sum::<Decimal>()
}

/// Scores and ranks a class.
pub fn score_class(rubric: &Rubric, class: ClassRecords) -> ClassResult {
    let year = period::Year::of(rubric, &class);
    let mut units = year.units(class.records);
    ranking::rank(rubric, &mut units);
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
