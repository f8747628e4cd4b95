//! Every problem that can be found in the sheets, as facts; the words for them are in
//! [`words`].

mod words;

use std::borrow::Cow;
use std::sync::Arc;

use smol_str::SmolStr;

use super::code::{Code, Severity};
use super::fault::FileFault;
use crate::decimal::Decimal;
use crate::location::Address;
use crate::model::rubric::RuleId;

/// What is wrong, as facts.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    missing_docs,
    reason = "the fields are the facts that the words below name"
)]
pub enum Finding {
    /// The file as a whole cannot be read.
    File(FileFault),
    /// A whole file without a table; `near` names headers that were there and those that lack.
    NoTableInFile { near: Option<NearMiss> },
    /// One sheet without a table, in a file that has others.
    NoTableInSheet { near: Option<NearMiss> },
    /// So many rows that look like data and stand in no table, on a sheet that has others.
    RowsOutside { rows: u32 },
    /// The columns of a task table mixed with those of another, so that no task is read.
    TasksAmongRules,
    /// Another table beside one, whose header stands in another row.
    TableBeside,
    /// A unit, a period, a round or a year that is said below the header of its table, or beside it.
    LabelBelowHeader,
    /// A table without a single row of data; `whole_file` where its file has no other.
    NoRows { whole_file: bool },
    /// The same header twice in one row.
    DuplicateHeader {
        header: Cow<'static, str>,
        first: Address,
    },
    /// A table that does not say whose it is, or of which period.
    MissingMetadata { label: &'static str },
    /// A unit that the roster does not know.
    UnknownUnit {
        found: SmolStr,
        nearest: Option<String>,
    },
    /// A period that the rubric does not know.
    UnknownPeriod {
        found: SmolStr,
        known: Arc<[String]>,
    },
    /// A round that is no whole number from 1.
    BadRound { found: SmolStr, most: u32 },
    /// A round beyond those that the rubric gives a weight.
    UnknownRound {
        found: u32,
        period: String,
        rounds: usize,
    },
    /// A year that is not the rubric's.
    WrongYear { found: SmolStr, year: i32 },
    /// A 编号 that the rubric of the unit does not have.
    UnknownRule { found: SmolStr, known: Vec<String> },
    /// A value without a 编号 or 任务序号 beside it.
    BlankId { label: &'static str, value: SmolStr },
    /// A 任务序号 that the task table does not have.
    UnknownTask { found: SmolStr },
    /// A task that is not the unit's.
    TaskNotAssigned { task: String, unit: String },
    /// No row or column for a rule; `units` counts those that one column concerns.
    MissingRule {
        rule: RuleId,
        ask: Arc<str>,
        hint: Cow<'static, str>,
        units: usize,
    },
    /// A blank value of a rule.
    MissingValue {
        rule: RuleId,
        ask: Arc<str>,
        hint: Cow<'static, str>,
    },
    /// A blank rate of completion, and no task table either.
    MissingRate { rule: RuleId, uses_tasks: bool },
    /// A blank state of a task.
    MissingState { task: String, title: String },
    /// Assigned tasks without a row.
    MissingTask { task: String, title: String },
    /// Every task is 不涉及.
    NoTaskCounts { rule: String },
    /// Every rule is 不涉及, and the rest is to be converted: there is none.
    NothingApplies { unit: String },
    /// A unit without a period or round that others have.
    MissingSheet {
        unit: String,
        period: String,
        round: u32,
        /// Whether others of the class have it; else all of the roster were asked for.
        others: bool,
    },
    /// A unit of which nothing was handed in.
    AbsentUnit { unit: String, class: String },
    /// Points at discretion without a reason.
    MissingReason { rule: RuleId, points: Decimal },
    /// No number where one must stand.
    NotANumber {
        rule: RuleId,
        found: SmolStr,
        want: Want,
    },
    /// A fraction where a count must stand.
    NotAWholeNumber { rule: RuleId, found: SmolStr },
    /// A number below zero.
    NegativeValue { rule: RuleId, found: SmolStr },
    /// Neither 是 nor 否.
    NotYesNo { rule: RuleId, found: SmolStr },
    /// More points than the rule may take.
    AboveCap {
        rule: RuleId,
        found: Decimal,
        cap: Decimal,
    },
    /// A rate below 0 or above 100 %.
    RateOutOfRange {
        rule: RuleId,
        found: SmolStr,
        bare: bool,
    },
    /// No state of a task.
    NotATaskState { task: String, found: SmolStr },
    /// 实际值 of a numeric target that is no number in the target's unit.
    MeasuredNotANumber {
        task: String,
        found: SmolStr,
        goal: String,
    },
    /// A typed rate that the task table contradicts.
    RateConflict {
        rule: RuleId,
        typed: String,
        counted: String,
        computed: String,
    },
    /// 完成 against a measured value that misses the target.
    TargetMissed {
        task: String,
        measured: String,
        goal: String,
    },
    /// 未完成 against a measured value that meets the target.
    TargetMetButUnfinished {
        task: String,
        state: String,
        measured: String,
        goal: String,
    },
    /// A bare ratio read as a percentage.
    PercentAssumed { found: SmolStr, read: String },
    /// An error such as #REF!.
    ErrorCell { found: SmolStr },
    /// A formula that was never calculated.
    FormulaWithoutValue,
    /// A date where none can be.
    DateInsteadOfNumber {
        found: SmolStr,
        guess: Option<String>,
        what: &'static str,
    },
    /// A second sheet of the same unit, period and round.
    DuplicateSheet { what: String, first: String },
    /// A second row of the same rule or task.
    DuplicateRow { what: String, first: String },
    /// More findings of one kind in a file than are kept.
    More {
        code: Code,
        severity: Severity,
        count: usize,
    },
}

/// A row that is nearly the header of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct NearMiss {
    /// The headers of ours that stand there.
    pub there: Vec<&'static str>,
    /// Those that lack.
    pub lacking: Vec<&'static str>,
}

/// What kind of value a cell asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// A count.
    Count,
    /// Points to take.
    Points,
    /// A rate of completion.
    Rate,
}

impl Finding {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            Self::File(fault) => fault.code(),
            Self::NoTableInFile { .. }
            | Self::NoTableInSheet { .. }
            | Self::RowsOutside { .. }
            | Self::TasksAmongRules
            | Self::TableBeside
            | Self::NoRows { .. } => Code::NoTableFound,
            Self::DuplicateHeader { .. } => Code::DuplicateHeader,
            Self::MissingMetadata { .. } | Self::LabelBelowHeader => Code::MissingMetadata,
            Self::UnknownUnit { .. } => Code::UnknownUnit,
            Self::UnknownPeriod { .. } => Code::UnknownPeriod,
            Self::BadRound { .. } | Self::NotAWholeNumber { .. } => Code::NotAWholeNumber,
            Self::UnknownRound { .. } => Code::UnknownRound,
            Self::WrongYear { .. } => Code::WrongYear,
            Self::UnknownRule { .. } => Code::UnknownRule,
            Self::BlankId { label, .. } if *label == "任务序号" => Code::UnknownTask,
            Self::BlankId { .. } => Code::UnknownRule,
            Self::UnknownTask { .. } => Code::UnknownTask,
            Self::TaskNotAssigned { .. } => Code::TaskNotAssigned,
            Self::MissingRule { .. } => Code::MissingRule,
            Self::MissingValue { .. } | Self::MissingRate { .. } | Self::MissingState { .. } => {
                Code::MissingValue
            }
            Self::MissingTask { .. } => Code::MissingTask,
            Self::NoTaskCounts { .. } => Code::NoTaskCounts,
            Self::NothingApplies { .. } => Code::NothingApplies,
            Self::MissingSheet { .. } => Code::MissingSheet,
            Self::AbsentUnit { .. } => Code::AbsentUnit,
            Self::MissingReason { .. } => Code::MissingReason,
            Self::NotANumber { .. } | Self::MeasuredNotANumber { .. } => Code::NotANumber,
            Self::NegativeValue { .. } => Code::NegativeValue,
            Self::NotYesNo { .. } => Code::NotYesNo,
            Self::AboveCap { .. } => Code::AboveCap,
            Self::RateOutOfRange { .. } => Code::RateOutOfRange,
            Self::NotATaskState { .. } => Code::NotATaskState,
            Self::RateConflict { .. } => Code::RateConflict,
            Self::TargetMissed { .. } => Code::TargetMissed,
            Self::TargetMetButUnfinished { .. } => Code::TargetMetButUnfinished,
            Self::PercentAssumed { .. } => Code::PercentAssumed,
            Self::ErrorCell { .. } => Code::ErrorCell,
            Self::FormulaWithoutValue => Code::FormulaWithoutValue,
            Self::DateInsteadOfNumber { .. } => Code::DateInsteadOfNumber,
            Self::DuplicateSheet { .. } => Code::DuplicateSheet,
            Self::DuplicateRow { .. } => Code::DuplicateRow,
            Self::More { code, .. } => *code,
        }
    }

    /// Whether it says the same of a cell as `other`. A header may be unknown to several classes: what
    /// each of them knows instead is told of the first.
    pub fn says(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::UnknownRule { found, .. }, Self::UnknownRule { found: other, .. }) => {
                found == other
            }
            _ => self == other,
        }
    }

    /// Whether it stops its unit from being scored.
    pub fn severity(&self) -> Severity {
        match self {
            Self::NoTableInSheet { .. }
            | Self::RowsOutside { .. }
            | Self::TasksAmongRules
            | Self::LabelBelowHeader
            | Self::NoRows { whole_file: false }
            | Self::PercentAssumed { .. }
            | Self::TargetMetButUnfinished { .. }
            | Self::TaskNotAssigned { .. } => Severity::Warning,
            Self::More { severity, .. } => *severity,
            _ => Severity::Error,
        }
    }
}
