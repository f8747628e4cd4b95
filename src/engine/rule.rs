//! One rule: from what was observed to the points that it asks for.

use crate::decimal::{Decimal, PLACES, round};
use crate::model::record::Observed;
use crate::model::rubric::{Kind, Rule};

/// The points that `rule` takes before any cap, for a sheet of the period at `period`,
/// rounded 四舍五入: the first of the three rounding places.
///
/// # Panics
///
/// As [`unrounded`] does.
pub fn asked(rule: &Rule, period: usize, observed: &Observed) -> Decimal {
    round(unrounded(rule, period, observed), PLACES)
}

/// The points that `rule` takes before any cap and before they are rounded. The report says by
/// it which units part by rounding alone.
///
/// # Panics
///
/// If the observation does not fit the rule's kind; the check of sheets gives each kind its own.
pub fn unrounded(rule: &Rule, period: usize, observed: &Observed) -> Decimal {
    match (rule.kind_in(period), observed) {
        (Kind::PerOccurrence { each }, Observed::Count(count)) => each * count,
        (Kind::Fixed { points, lost_by }, Observed::Answer(answer)) => {
            if answer == lost_by {
                *points
            } else {
                Decimal::ZERO
            }
        }
        (Kind::Shortfall { required, each }, Observed::Count(count)) => {
            each * (required - count).max(Decimal::ZERO)
        }
        (Kind::Proportional { .. }, Observed::Completion(rate)) => rate.shortfall_of(rule.cap),
        (Kind::Discretionary, Observed::Points(points)) => *points,
        (kind, observed) => unreachable!("{observed:?} was read for a rule of kind {kind:?}"),
    }
}
