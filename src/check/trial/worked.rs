//! The engine's arithmetic, written as a case would write it.

use crate::arithmetic;
use crate::decimal::{Decimal, plain};
use crate::model::record::Observed;
use crate::model::rubric::{Kind, Rubric, Rule};
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
    let left = less(score.points, score.rules.iter());
    equation(&left, score.score)
}

/// `100 − 3 − 2.5 = 94.5`; where rules were taken out, `(90 − 3) × 100 ÷ 90 ≈ 96.67`.
pub(super) fn score(rubric: &Rubric, card: &Scorecard) -> String {
    let left = less(card.points, card.items.iter().flat_map(|item| &item.rules));
    let full = rubric.points();
    if card.points == full {
        return equation(&left, card.score);
    }
    let (full, points) = (plain(full), plain(card.points));
    equation(&format!("({left}) × {full} ÷ {points}"), card.score)
}

/// `(99 + 98) ÷ 2 = 98.5`, `99 × 0.4 + 98 × 0.6 = 98.4`, or the only round that counts.
pub(super) fn period(score: &PeriodScore) -> String {
    let rounds = score.rounds.iter().map(|card| card.score);
    let counted: Vec<(Decimal, Decimal)> = rounds
        .zip(score.shares.iter().copied())
        .filter(|(_, share)| !share.is_zero())
        .collect();
    let whole: Decimal = counted.iter().map(|(_, share)| share).sum();
    let term = |(score, share): &(Decimal, Decimal)| {
        if whole == Decimal::ONE && counted.len() > 1 {
            format!("{} × {}", plain(*score), plain(*share))
        } else {
            plain(*score)
        }
    };
    let terms = counted.iter().map(term).collect::<Vec<_>>().join(" + ");
    let left = if whole == Decimal::ONE {
        terms
    } else {
        format!("({terms}) ÷ {}", plain(whole))
    };
    equation(&left, score.score)
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

/// `100 − 3 − 2.5`
fn less<'a>(points: Decimal, taken: impl Iterator<Item = &'a RuleScore>) -> String {
    let terms: String = taken
        .filter(|rule| !rule.applied.is_zero())
        .map(|rule| format!(" − {}", plain(rule.applied)))
        .collect();
    plain(points) + &terms
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
