//! The engine's arithmetic, written as a case would write it.

use crate::arithmetic;
use crate::decimal::{Decimal, plain};
use crate::model::record::Observed;
use crate::model::rubric::{Kind, Rule};
use crate::model::scorecard::{
    ClassResult, ItemScore, PeriodScore, RuleScore, Scorecard, UnitScore,
};

/// `6 × 1 = 6，封顶 5`
pub(super) fn rule(rule: &Rule, period: usize, observed: &Observed, score: RuleScore) -> String {
    let left = match (rule.kind_in(period), observed) {
        (Kind::PerOccurrence { each }, Observed::Count(count)) => {
            format!("{} × {}", plain(*count), plain(*each))
        }
        (Kind::Shortfall { required, each }, Observed::Count(count)) if count < required => {
            format!(
                "({} − {}) × {}",
                plain(*required),
                plain(*count),
                plain(*each)
            )
        }
        (Kind::Proportional { .. }, Observed::Completion(rate)) => format!(
            "{} × ({} − {}) ÷ {}",
            plain(rule.cap),
            plain(rate.whole),
            plain(rate.part),
            plain(rate.whole)
        ),
        _ => plain(score.asked),
    };
    let mut text = equation(&left, score.asked);
    if score.applied != score.asked {
        text += &format!("，封顶 {}", plain(score.applied));
    }
    text
}

/// `10 − 3 = 7`
pub(super) fn item(score: &ItemScore) -> String {
    let taken = score.rules.iter();
    less(score.score + score.lost(), taken, score.score)
}

/// `100 − 3 − 2.5 = 94.5`
pub(super) fn score(card: &Scorecard) -> String {
    let lost: Decimal = card.items.iter().map(ItemScore::lost).sum();
    let taken = card.items.iter().flat_map(|item| &item.rules);
    less(card.score + lost, taken, card.score)
}

/// `(99 + 98) ÷ 2 = 98.5`
pub(super) fn period(score: &PeriodScore) -> String {
    let rounds: Vec<String> = score.rounds.iter().map(|card| plain(card.score)).collect();
    match &rounds[..] {
        [only] => only.clone(),
        several => {
            let left = format!("({}) ÷ {}", several.join(" + "), several.len());
            equation(&left, score.score)
        }
    }
}

/// `98.5 × 0.5 + 100 × 0.5 = 99.25`
pub(super) fn total(unit: &UnitScore, total: Decimal) -> String {
    let periods = unit.periods.iter();
    let terms: Vec<String> = periods
        .map(|period| format!("{} × {}", plain(period.score), plain(period.weight)))
        .collect();
    equation(&terms.join(" + "), total)
}

/// The totals of a class, in rank order: `99、99、98`.
pub(super) fn totals(result: &ClassResult) -> String {
    let totals = result.units.iter().filter_map(|unit| unit.total);
    let totals: Vec<String> = totals.map(plain).collect();
    format!("总分从高到低是 {}", totals.join("、"))
}

fn less<'a>(points: Decimal, taken: impl Iterator<Item = &'a RuleScore>, left: Decimal) -> String {
    let terms: String = taken
        .filter(|rule| !rule.applied.is_zero())
        .map(|rule| format!(" − {}", plain(rule.applied)))
        .collect();
    equation(&format!("{}{terms}", plain(points)), left)
}

/// The sides with the sign that is true.
fn equation(left: &str, right: Decimal) -> String {
    let right = plain(right);
    if left == right {
        return right;
    }
    let equal = arithmetic::work_out(&format!("{left} = {right}")).is_ok();
    format!("{left} {} {right}", if equal { "=" } else { "≈" })
}
