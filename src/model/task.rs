//! The task table: what was to be done in the year, by whom, and how it is measured.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;

use crate::decimal::Decimal;
use crate::model::rubric::RuleId;

/// The task table of a document.
#[derive(Clone, Debug)]
pub struct TaskTable {
    /// Its title.
    pub title: String,
    /// The year that is assessed.
    pub year: i32,
    /// Version of the file.
    pub version: String,
    /// The day on which that version was fixed.
    pub date: String,
    /// The document that it encodes.
    pub source: String,
    /// Its rows, in the order of the document.
    pub tasks: Vec<Task>,
    /// Its closing note.
    pub note: Option<String>,
}

/// One row of the task table.
#[derive(Clone, Debug)]
pub struct Task {
    /// 序号.
    pub no: TaskNo,
    /// 工作任务.
    pub title: String,
    /// 工作内容.
    pub content: String,
    /// 指标名称.
    pub indicator: Option<String>,
    /// 省级指标值, as printed.
    pub target: Option<String>,
    /// The target where it is a number.
    pub goal: Option<Goal>,
    /// What 实际值 is, where the indicator names several figures.
    pub measures: Option<String>,
    /// 指标属性.
    pub nature: Option<Nature>,
    /// 牵头单位, by position in the roster.
    pub lead: BTreeSet<usize>,
    /// 责任单位, by position in the roster, classes spelled out.
    pub responsible: BTreeSet<usize>,
    /// What was decided here.
    pub note: Option<String>,
}

/// 指标属性.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// 约束性
    Binding,
    /// 参考性
    Indicative,
}

/// A target that can be compared with a measured value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goal {
    /// Which side is good.
    pub direction: Direction,
    /// The bound, itself on the good side.
    pub value: Decimal,
    /// Its unit: %, 吨标煤/万元.
    pub unit: Option<String>,
}

/// Which side of a bound is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// ≥
    AtLeast,
    /// ≤
    AtMost,
}

/// 序号 of a task: `8.1`, or `7` where a number has one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskNo {
    /// The printed number.
    pub number: u32,
    /// The row under it, from 1.
    pub row: Option<u32>,
}

/// What a unit has to do with a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// 牵头
    Lead,
    /// 责任
    Responsible,
}

impl TaskTable {
    /// The tasks that name the unit at `unit`, by position, with its role.
    pub fn of_unit(&self, unit: usize) -> impl Iterator<Item = (usize, Role)> {
        self.tasks
            .iter()
            .enumerate()
            .filter_map(move |(index, task)| Some((index, task.role_of(unit)?)))
    }
}

impl Task {
    /// What the unit at `unit` has to do with it, if anything.
    pub fn role_of(&self, unit: usize) -> Option<Role> {
        if self.lead.contains(&unit) {
            Some(Role::Lead)
        } else {
            self.responsible
                .contains(&unit)
                .then_some(Role::Responsible)
        }
    }
}

impl Goal {
    /// Whether a measured value, in the goal's unit, meets it.
    pub fn is_met_by(&self, measured: Decimal) -> bool {
        match self.direction {
            Direction::AtLeast => measured.cmp(&self.value) != Ordering::Less,
            Direction::AtMost => measured.cmp(&self.value) != Ordering::Greater,
        }
    }

    /// Whether it is stated in percent.
    pub fn is_percent(&self) -> bool {
        self.unit.as_deref() == Some("%")
    }
}

impl fmt::Display for Goal {
    /// `≥45%`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.direction {
            Direction::AtLeast => '≥',
            Direction::AtMost => '≤',
        };
        let unit = self.unit.as_deref().unwrap_or_default();
        write!(f, "{sign}{}{unit}", self.value.normalize())
    }
}

impl TaskNo {
    /// Reads a 序号: `7`, `8.1`, `8-1`, `8(1)`, `8①`.
    pub fn parse(text: &str) -> Option<Self> {
        RuleId::parse(text).map(Self::from)
    }

    /// The 序号 that a spreadsheet made a date of: 8-1 became the first of August.
    pub fn of_date(date: &str) -> Option<Self> {
        RuleId::of_date(date).map(Self::from)
    }
}

impl From<RuleId> for TaskNo {
    /// Both are a number and a part of it, and people write them in the same ways.
    fn from(id: RuleId) -> Self {
        Self {
            number: id.item,
            row: id.mark,
        }
    }
}

impl From<TaskNo> for RuleId {
    fn from(no: TaskNo) -> Self {
        Self {
            item: no.number,
            mark: no.row,
        }
    }
}

impl fmt::Display for TaskNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row {
            Some(row) => write!(f, "{}.{row}", self.number),
            None => write!(f, "{}", self.number),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lead => "牵头",
            Self::Responsible => "责任",
        })
    }
}

impl fmt::Display for Nature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Binding => "约束性",
            Self::Indicative => "参考性",
        })
    }
}
