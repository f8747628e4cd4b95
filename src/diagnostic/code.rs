//! The table of codes: stable names that scripts and offices rely on.

use std::fmt;

/// Whether a finding stops its unit from being scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It does.
    Error,
    /// It does not, but someone should look.
    Warning,
}

impl Severity {
    /// `error` or `warning`, for machines.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// Writes the enum, the list of all codes and their names from one table.
macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// What kind of problem a finding is. The names are a promise: they never change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$doc])* $variant,)*
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name that people and scripts see.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

codes! {
    /// Damaged, not a spreadsheet, zero bytes, not there.
    UnreadableFile = "unreadable-file",
    /// A workbook that asks for a password.
    EncryptedWorkbook = "encrypted-workbook",
    /// A web page saved under a spreadsheet's name.
    HtmlNotWorkbook = "html-not-workbook",
    /// Beyond the limits of size.
    FileTooLarge = "file-too-large",
    /// No table of a known layout.
    NoTableFound = "no-table-found",
    /// A header that occurs twice.
    DuplicateHeader = "duplicate-header",
    /// Unit or period of a table is not stated.
    MissingMetadata = "missing-metadata",
    /// A unit that is not in the roster.
    UnknownUnit = "unknown-unit",
    /// A period that the rubric does not have.
    UnknownPeriod = "unknown-period",
    /// A round beyond those that the rubric gives a weight.
    UnknownRound = "unknown-round",
    /// A 编号 that the rubric does not have.
    UnknownRule = "unknown-rule",
    /// A 任务序号 that the task table does not have.
    UnknownTask = "unknown-task",
    /// Every task is 不涉及: there is no rate.
    NoTaskCounts = "no-task-counts",
    /// Every rule is 不涉及: there is nothing to convert.
    NothingApplies = "nothing-applies",
    /// A rule of the rubric without a row or column.
    MissingRule = "missing-rule",
    /// A blank where a value must stand.
    MissingValue = "missing-value",
    /// An assigned task without a row.
    MissingTask = "missing-task",
    /// A unit without a period or round that others of its class have.
    MissingSheet = "missing-sheet",
    /// A unit of the roster of which nothing was handed in.
    AbsentUnit = "absent-unit",
    /// Points taken at discretion without a reason.
    MissingReason = "missing-reason",
    /// Text where a number must stand.
    NotANumber = "not-a-number",
    /// A fraction where a count must stand.
    NotAWholeNumber = "not-a-whole-number",
    /// A number below zero.
    NegativeValue = "negative-value",
    /// Neither 是 nor 否.
    NotYesNo = "not-yes-no",
    /// More points than the rule may take.
    AboveCap = "above-cap",
    /// A completion rate outside 0 to 100 %.
    RateOutOfRange = "rate-out-of-range",
    /// Not one of the states of a task.
    NotATaskState = "not-a-task-state",
    /// A typed rate that the task table contradicts.
    RateConflict = "rate-conflict",
    /// A task said to be done whose measured value misses the target.
    TargetMissed = "target-missed",
    /// A bare ratio that was read as a percentage.
    PercentAssumed = "percent-assumed",
    /// A task said to be unfinished whose measured value meets the target.
    TargetMetButUnfinished = "target-met-but-unfinished",
    /// An error such as #REF! in a cell.
    ErrorCell = "error-cell",
    /// A formula that was never calculated.
    FormulaWithoutValue = "formula-without-value",
    /// A date where a number or an id must stand.
    DateInsteadOfNumber = "date-instead-of-number",
    /// A second sheet of the same unit, period and round.
    DuplicateSheet = "duplicate-sheet",
    /// A second row of the same rule or task.
    DuplicateRow = "duplicate-row",
    /// A sheet of another year.
    WrongYear = "wrong-year",
    /// A task that is not the unit's.
    TaskNotAssigned = "task-not-assigned",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
