//! Two versions of the rubrics, tasks and roster: what changed between them, and what that does
//! to scores.

use std::sync::Arc;

use crate::decimal::Decimal;
use crate::diagnostic::Code;
use crate::model::rubric::RuleId;
use crate::model::task::TaskNo;

/// One thing that changed.
#[derive(Clone, Debug)]
pub struct Change {
    /// What it is a part of.
    pub subject: Subject,
    /// The key as a person writes it; `None` where the subject as a whole came or went.
    pub key: Option<&'static str>,
    /// As it was; `None` for what is new.
    pub old: Option<String>,
    /// As it is; `None` for what is gone.
    pub new: Option<String>,
    /// What it means for scores.
    pub effect: Effect,
}

/// What a change is about, found in the files by what names it there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A part of the rubric with this id.
    Rubric(String, Part),
    /// The task table with this title.
    TaskTable(String),
    /// A task.
    Task(TaskNo),
    /// A unit of the roster.
    Unit(Arc<str>),
}

/// A part of a rubric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The rubric itself.
    Whole,
    /// How totals become ranks.
    Ranking,
    /// The grades.
    Grades,
    /// The period with this id.
    Period(String),
    /// The category at this position.
    Category(usize),
    /// The item with this number.
    Item(u32),
    /// A clause of an item.
    Clause(u32, Option<u32>),
    /// A rule.
    Rule(RuleId),
}

/// What a change means for scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Words that people read; no score can move.
    Wording,
    /// Scores may move, and follow from the values that the sheets already hold.
    Rescored,
    /// People have to look again: what the sheets hold was judged on other words.
    Judged,
}

/// What the changes do to the sheets of a class.
#[derive(Clone, Debug)]
pub struct ClassEffect {
    /// The id of the rubric.
    pub rubric: String,
    /// The name of the class.
    pub class: String,
    /// The units that have a total before or after, in the order of the old ranking.
    pub units: Vec<UnitEffect>,
    /// How many units handed something in and have no total before or after.
    pub unscored: usize,
}

/// What the changes do to one unit.
#[derive(Clone, Debug)]
pub struct UnitEffect {
    /// Its name, as it was; as it is where it is new.
    pub unit: Arc<str>,
    /// Before.
    pub old: Option<Standing>,
    /// After.
    pub new: Option<Standing>,
    /// What each stage moves, those that move nothing left out. They add up to the whole
    /// difference, exactly, where there is a score before and after.
    pub parts: Vec<UnitPart>,
    /// Why there is no score after, where there is none.
    pub problems: Vec<Code>,
}

impl UnitEffect {
    /// The whole difference; `None` without a score before and after.
    pub fn difference(&self) -> Option<Decimal> {
        Some(self.new.as_ref()?.total - self.old.as_ref()?.total)
    }

    /// Whether anything of it moves.
    pub fn moves(&self) -> bool {
        self.old != self.new
    }
}

/// Where a unit stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its total.
    pub total: Decimal,
    /// Its rank.
    pub rank: usize,
    /// Its grade, where there are grades.
    pub grade: Option<String>,
}

/// What one stage moves of one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitPart {
    /// The stage, by position.
    pub stage: usize,
    /// By how much the total changes.
    pub total: Decimal,
    /// The ranks before and after.
    pub ranks: (usize, usize),
    /// The grades before and after, where they differ.
    pub grades: Option<(String, String)>,
}

/// What is changed at one go on the way from the old to the new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// One change that a machine can score again, by position.
    Change(usize),
    /// Tasks and roster.
    TasksAndRoster,
    /// Everything that people have to judge again, and what is left.
    Judged,
    /// What is left is words; sheets may be told apart by some of them.
    Wording,
}
