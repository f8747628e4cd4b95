//! The figures and choices of a rubric as words that can be compared and shown, and how a rule
//! takes one of them over.

use crate::decimal::{Decimal, plain};
use crate::model::rubric::{Grades, Kind, NotApplicable, RateSource, Rounds};

pub(super) fn list(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join("、")
}

pub(super) fn kind_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::PerOccurrence { .. } => "per-occurrence",
        Kind::Fixed { .. } => "fixed",
        Kind::Shortfall { .. } => "shortfall",
        Kind::Proportional { .. } => "proportional",
        Kind::Discretionary => "discretionary",
    }
}

pub(super) fn policy_name(policy: NotApplicable) -> &'static str {
    match policy {
        NotApplicable::Refused => "refused",
        NotApplicable::Full => "full",
        NotApplicable::Zero => "zero",
        NotApplicable::Rescaled => "rescaled",
    }
}

/// The figures of a kind by key, always in the same order.
pub(super) fn figures_of(kind: &Kind) -> Vec<(&'static str, String)> {
    match kind {
        Kind::PerOccurrence { each } => vec![("each", plain(*each))],
        Kind::Fixed { points, lost_by } => vec![
            ("points", plain(*points)),
            ("lost-by", if *lost_by { "是" } else { "否" }.to_owned()),
        ],
        Kind::Shortfall { required, each } => {
            vec![("required", plain(*required)), ("each", plain(*each))]
        }
        Kind::Proportional { rate } => vec![(
            "rate",
            match rate {
                RateSource::Tasks => "tasks".to_owned(),
                RateSource::Typed => "typed".to_owned(),
            },
        )],
        Kind::Discretionary => Vec::new(),
    }
}

/// Takes one figure over from `new`, which is of the same kind.
pub(super) fn take_figure(kind: &mut Kind, new: &Kind, key: &str) {
    match (kind, new) {
        (Kind::PerOccurrence { each }, Kind::PerOccurrence { each: other }) => *each = *other,
        (
            Kind::Fixed { points, lost_by },
            Kind::Fixed {
                points: other,
                lost_by: answer,
            },
        ) => match key {
            "points" => *points = *other,
            _ => *lost_by = *answer,
        },
        (
            Kind::Shortfall { required, each },
            Kind::Shortfall {
                required: count,
                each: other,
            },
        ) => match key {
            "required" => *required = *count,
            _ => *each = *other,
        },
        _ => {}
    }
}

pub(super) fn rounds_text(rounds: &Rounds) -> String {
    match rounds {
        Rounds::Mean => "mean".to_owned(),
        Rounds::Last => "last".to_owned(),
        Rounds::Best => "best".to_owned(),
        Rounds::Weights(shares) => {
            format!("weights {}", list(shares.iter().copied().map(plain)))
        }
    }
}

/// `优秀（≥ 90，前 0.2）、良好`
pub(super) fn grades_text(grades: &Grades) -> String {
    let levels = grades.levels.iter().map(|level| {
        let bound = level.bound.map(|bound| {
            let sign = if bound.inclusive { "≥" } else { ">" };
            format!("{sign} {}", plain(bound.score))
        });
        let share = level
            .share
            .map(|share: Decimal| format!("占 {}", plain(share)));
        let conditions: Vec<String> = bound.into_iter().chain(share).collect();
        if conditions.is_empty() {
            level.name.clone()
        } else {
            format!("{}（{}）", level.name, conditions.join("，"))
        }
    });
    let cut = if grades.levels.iter().any(|level| level.share.is_some()) {
        format!(
            "；cut-ties = {}",
            if grades.ties_up { "up" } else { "down" }
        )
    } else {
        String::new()
    };
    list(levels) + &cut
}
