//! What offices do differently: how rounds combine, how ranks and grades are made, what 不涉及
//! means. Each has a default, so that a rubric says only what its document says.

use crate::decimal::Decimal;

/// How several rounds of a period make one score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rounds {
    /// Their mean.
    Mean,
    /// The last of them.
    Last,
    /// The highest of them, the first where several are as high.
    Best,
    /// Σ share × score; the first share is that of round 1. The shares make 1.
    Weights(Vec<Decimal>),
}

impl Rounds {
    /// How many rounds there must be, where that is fixed.
    pub fn count(&self) -> Option<usize> {
        match self {
            Self::Weights(shares) => Some(shares.len()),
            Self::Mean | Self::Last | Self::Best => None,
        }
    }
}

/// What 不涉及 in the place of a rule's value means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NotApplicable {
    /// It is no value.
    #[default]
    Refused,
    /// 满分: nothing is taken.
    Full,
    /// 不得分: the rule takes all it can.
    Zero,
    /// 缺项折算: the rule's points leave the round, and what the others keep is converted to
    /// the full points.
    Rescaled,
}

/// How totals become ranks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ranking {
    /// What follows a shared rank.
    pub ties: Ties,
    /// Items (by position in the rubric) that decide between equal totals, one after the other:
    /// less of their points lost over the year is better.
    pub tie_breakers: Vec<usize>,
}

/// What rank follows one that several units share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ties {
    /// As many ranks are left out as units share it: 1, 1, 3.
    #[default]
    Skip,
    /// The next one: 1, 1, 2.
    Dense,
}

/// 等次, best first: a unit has the first level whose conditions it meets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grades {
    /// The levels; the last one has no condition.
    pub levels: Vec<Level>,
    /// Whether units that tie where a share of the class ends all have the higher grade;
    /// otherwise none of them has.
    pub ties_up: bool,
}

/// One grade and what it takes to have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// Its name: 优秀.
    pub name: String,
    /// The total that it takes.
    pub bound: Option<Bound>,
    /// The share of the class that may have it, 0 to 1.
    pub share: Option<Decimal>,
}

/// The lower end of a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The total.
    pub score: Decimal,
    /// Whether that total itself is within.
    pub inclusive: bool,
}

impl Bound {
    /// Whether `total` is within.
    pub fn admits(&self, total: Decimal) -> bool {
        total > self.score || (self.inclusive && total == self.score)
    }
}

impl Grades {
    /// How many units of `ranked` may have the level at `level` or one above it by their
    /// places in the class; `None` where its share is not limited. Shares add up from the top,
    /// and a part of a place is none.
    pub fn places(&self, level: usize, ranked: usize) -> Option<usize> {
        self.levels[level].share?;
        let places = (self.share_down_to(level) * Decimal::from(ranked)).floor();
        Some(usize::try_from(places).unwrap_or(ranked))
    }

    /// The shares of the level at `level` and of those above it together.
    pub fn share_down_to(&self, level: usize) -> Decimal {
        let levels = self.levels[..=level].iter();
        levels.filter_map(|level| level.share).sum()
    }
}
