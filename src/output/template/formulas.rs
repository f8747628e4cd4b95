//! The formulas of a form and what they give now.
//!
//! Each gives the engine's figure exactly, or a word instead of a number: a value that the form
//! cannot read must never give a wrong figure without a word. A spreadsheet computes in binary,
//! where 2.675 lies a little below the middle; rounding to eight decimals first brings every
//! such number back to what it is.

use rust_xlsxwriter::Formula;

use super::inputs;
use crate::decimal::{Decimal, plain};
use crate::model::rubric::{Kind, Rule};

/// What stands in the place of a deduction while its value is blank.
pub(super) const BLANK: &str = "—";

/// What stands in the place of a deduction whose value the form cannot read.
pub(super) const UNREADABLE: &str = "请核对";

/// What stands in the place of a sum while something is missing.
pub(super) const UNFINISHED: &str = "未填完";

/// A formula and what it gives now.
pub(super) struct Computed {
    formula: String,
    result: String,
}

impl Computed {
    /// A formula that gives a number now.
    pub(super) fn number(formula: String, result: Decimal) -> Self {
        Self {
            formula,
            result: plain(result),
        }
    }

    /// A formula that gives a word now. It must not be empty nor read as a number: the writer
    /// would store a number.
    pub(super) fn word(formula: String, result: &str) -> Self {
        debug_assert!(!result.is_empty() && result.parse::<f64>().is_err());
        Self {
            formula,
            result: result.to_owned(),
        }
    }

    /// A formula that gives a number if there is one now, else the word.
    pub(super) fn number_or(formula: String, result: Option<Decimal>, word: &str) -> Self {
        match result {
            Some(result) => Self::number(formula, result),
            None => Self::word(formula, word),
        }
    }

    /// Another formula that gives the same.
    pub(super) fn like(&self, formula: String) -> Self {
        Self {
            formula,
            result: self.result.clone(),
        }
    }

    /// As the writer takes it.
    pub(super) fn into_formula(self) -> Formula {
        Formula::new(self.formula).set_result(self.result)
    }
}

/// Where the figures of a task table stand.
#[derive(Clone)]
pub(super) struct RateCells {
    /// The tasks done, parts included.
    pub done: String,
    /// The tasks that count.
    pub count: String,
    /// The rate, a number only when every task has a state and one counts.
    pub rate: String,
}

/// The deduction of `rule` for the value in the cell `value`. `left` is what the item still
/// has, where the caps alone do not see to it.
pub(super) fn deduction(rule: &Rule, period: usize, value: &str, left: Option<&str>) -> String {
    let points = |expression: String| limited(rule, &expression, left);
    let checked = |test: &str, expression: String| {
        let points = points(expression);
        format!(
            "IF(LEN(TRIM({value}))=0,\"{BLANK}\",IF(ISNUMBER({value}),IF({test},{points},\"{UNREADABLE}\"),\"{UNREADABLE}\"))"
        )
    };
    let whole = format!(
        "AND({value}>=0,{value}<={},{value}=INT({value}))",
        inputs::LARGEST_COUNT
    );
    match rule.kind_in(period) {
        Kind::PerOccurrence { each } => checked(&whole, format!("{}*{value}", plain(*each))),
        Kind::Shortfall { required, each } => checked(
            &whole,
            format!("{}*MAX({}-{value},0)", plain(*each), plain(*required)),
        ),
        Kind::Discretionary => checked(
            &format!("AND({value}>=0,{value}<={})", plain(rule.cap)),
            value.to_owned(),
        ),
        Kind::Proportional { .. } => checked(
            &format!("AND({value}>=0,{value}<=1)"),
            format!("{}*(1-{value})", plain(rule.cap)),
        ),
        Kind::Fixed {
            points: lost,
            lost_by,
        } => {
            let (loses, keeps) = if *lost_by {
                ("是", "否")
            } else {
                ("否", "是")
            };
            let lost = points(plain(*lost));
            format!(
                "IF(LEN(TRIM({value}))=0,\"{BLANK}\",IF({value}=\"{keeps}\",0,IF({value}=\"{loses}\",{lost},\"{UNREADABLE}\")))"
            )
        }
    }
}

/// The deduction of a rule whose rate comes from the task table: from the fraction, not from
/// the rate, which has been rounded once more.
pub(super) fn deduction_by_tasks(rule: &Rule, cells: &RateCells, left: Option<&str>) -> String {
    let RateCells { done, count, rate } = cells;
    let points = format!("{}*({count}-{done})/{count}", plain(rule.cap));
    format!(
        "IF(ISNUMBER({rate}),{},\"{BLANK}\")",
        limited(rule, &points, left)
    )
}

/// Points rounded as the engine rounds them, then limited by the cap and what the item has left.
fn limited(rule: &Rule, points: &str, left: Option<&str>) -> String {
    let left = left.map(|left| format!(",{left}")).unwrap_or_default();
    format!("MIN(ROUND(ROUND({points},8),2),{}{left})", plain(rule.cap))
}

/// How many of the tasks whose states stand in the cells `states` have a state that can be read.
pub(super) fn tasks_filled(states: &str) -> String {
    format!(
        "COUNTIF({states},\"完成\")+COUNTIF({states},\"未完成\")+COUNTIF({states},\"不涉及\")+COUNTIFS({states},\">=0\",{states},\"<=1\")"
    )
}

/// How many of the tasks in `states` count.
pub(super) fn tasks_counting(states: &str) -> String {
    format!(
        "COUNTIF({states},\"完成\")+COUNTIF({states},\"未完成\")+COUNTIFS({states},\">=0\",{states},\"<=1\")"
    )
}

/// How many of the tasks in `states` are done, parts included.
pub(super) fn tasks_done(states: &str) -> String {
    format!(
        "ROUND(COUNTIF({states},\"完成\")+SUMIFS({states},{states},\">=0\",{states},\"<=1\"),12)"
    )
}

/// The rate of completion of `tasks`, or what stands in its way.
pub(super) fn rate(tasks: &str, filled: &str, cells: &RateCells) -> String {
    let RateCells { done, count, .. } = cells;
    format!("IF({filled}<{tasks},\"{UNFINISHED}\",IF({count}=0,\"{NO_TASK}\",{done}/{count}))")
}

/// What stands in the place of a rate when every task is 不涉及.
pub(super) const NO_TASK: &str = "无计入任务";
