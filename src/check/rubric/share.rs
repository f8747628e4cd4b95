//! How many points of a rubric hang on what is counted, on a ratio, and on discretion.

use crate::check::rubric::item::coverings;
use crate::check::rubric::items;
use crate::decimal::Decimal;
use crate::model::draft::{Drafts, RubricDraft};
use crate::model::rubric::Kind;

/// The points of one rubric by what decides them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shares {
    /// The file of the rubric, by position.
    pub file: usize,
    /// The rubric's id.
    pub rubric: String,
    /// The class that it scores.
    pub class: String,
    /// The points of its items.
    pub total: Decimal,
    /// Points that a count or a yes or no decides.
    pub counted: Decimal,
    /// Points that a ratio decides.
    pub ratio: Decimal,
    /// Points that an assessor decides.
    pub discretion: Decimal,
}

impl Shares {
    /// Points that no rule can take.
    pub fn untouched(&self) -> Decimal {
        self.total - self.counted - self.ratio - self.discretion
    }
}

/// The shares of each rubric that could be read.
pub fn shares(drafts: &Drafts) -> Vec<Shares> {
    let whole = |rubric: &&RubricDraft| {
        drafts
            .set_aside
            .iter()
            .all(|(file, _)| *file != rubric.file)
    };
    drafts.rubrics.iter().filter(whole).filter_map(of).collect()
}

fn of(rubric: &RubricDraft) -> Option<Shares> {
    let mut shares = Shares {
        file: rubric.file,
        rubric: rubric.id.as_ref().ok()?.value.clone(),
        class: rubric.class.as_ref().ok()?.value.clone(),
        total: Decimal::ZERO,
        counted: Decimal::ZERO,
        ratio: Decimal::ZERO,
        discretion: Decimal::ZERO,
    };
    rubric.categories.as_ref().ok()?;
    for item in items(rubric) {
        shares.total += item.points.as_ref().ok()?.value;
        let rules = coverings(item);
        if rules.len() != item.rules.as_ref().ok()?.len() {
            return None;
        }
        for rule in rules {
            let sum = match rule.kind()? {
                Kind::PerOccurrence { .. } | Kind::Fixed { .. } | Kind::Shortfall { .. } => {
                    &mut shares.counted
                }
                Kind::Proportional { .. } => &mut shares.ratio,
                Kind::Discretionary => &mut shares.discretion,
            };
            *sum += rule.cap;
        }
    }
    Some(shares)
}
