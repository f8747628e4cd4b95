//! One rule: from what was observed to the points that it asks for.

use crate::decimal::{Decimal, round};
use crate::model::record::Observed;
use crate::model::rubric::{Kind, NotApplicable, Rule};

/// The points that `rule` takes before any cap, for a sheet of the period at `period`,
/// rounded 四舍五入 to `decimals`: the first of the three rounding places.
///
/// # Panics
///
/// As [`unrounded`] does.
pub fn asked(rule: &Rule, period: usize, observed: &Observed, decimals: u32) -> Decimal {
    round(unrounded(rule, period, observed), decimals)
}

/// The points that `rule` takes before any cap and before they are rounded. The report says by
/// it which units part by rounding alone.
///
/// # Panics
///
/// If the observation does not fit the rule's kind; the check of sheets gives each kind its own.
pub fn unrounded(rule: &Rule, period: usize, observed: &Observed) -> Decimal {
    match (rule.kind_in(period), observed) {
        (_, Observed::NotApplicable) => match rule.not_applicable {
            NotApplicable::Zero => rule.cap,
            NotApplicable::Refused | NotApplicable::Full | NotApplicable::Rescaled => Decimal::ZERO,
        },
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

/// Whether `observed` takes the points of `rule` out of its round.
pub(super) fn is_out(rule: &Rule, observed: &Observed) -> bool {
    matches!(observed, Observed::NotApplicable) && rule.not_applicable == NotApplicable::Rescaled
}
