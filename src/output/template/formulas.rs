//! The formulas of a form and what they give now.
//!
//! Each gives the engine's figure exactly, or a word instead of a number: a value that the form
//! cannot read must never give a wrong figure without a word. A spreadsheet computes in binary,
//! where 2.675 lies a little below the middle; rounding to eight decimals first brings every
//! such number back to what it is.

use rust_xlsxwriter::Formula;

use super::inputs;
use crate::decimal::{Decimal, plain};
use crate::model::rubric::{Kind, NotApplicable, Rubric, Rule};
use crate::text;

/// Decimals that a sum of points is rounded to, to be rid of binary noise.
pub(super) const EXACT: u32 = 8;

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

/// How points come about: to how many decimals they are rounded, and what the item still has,
/// where the caps alone do not see to it.
#[derive(Clone, Copy)]
pub(super) struct Limits<'a> {
    pub decimals: u32,
    pub left: Option<&'a str>,
}

/// Whether the cell `value` says that its rule does not apply.
pub(super) fn is_out(value: &str) -> String {
    format!("TRIM({value})=\"{}\"", text::NOT_APPLICABLE)
}

/// The deduction of `rule` for the value in the cell `value`.
pub(super) fn deduction(rule: &Rule, period: usize, value: &str, limits: Limits) -> String {
    let formula = where_it_applies(rule, period, value, limits);
    let otherwise = match rule.not_applicable {
        NotApplicable::Refused => return formula,
        NotApplicable::Full | NotApplicable::Rescaled => "0".to_owned(),
        NotApplicable::Zero => limited(rule, &plain(rule.cap), limits),
    };
    format!("IF({},{otherwise},{formula})", is_out(value))
}

fn where_it_applies(rule: &Rule, period: usize, value: &str, limits: Limits) -> String {
    let points = |expression: String| limited(rule, &expression, limits);
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
pub(super) fn deduction_by_tasks(rule: &Rule, cells: &RateCells, limits: Limits) -> String {
    let RateCells { done, count, rate } = cells;
    let points = format!("{}*({count}-{done})/{count}", plain(rule.cap));
    format!(
        "IF(ISNUMBER({rate}),{},\"{BLANK}\")",
        limited(rule, &points, limits)
    )
}

/// The score of a round: `points` less the deductions in the cells `lost`. Where rules can be
/// taken out, `counted` are the points that count, and what is left of them is converted.
pub(super) fn score(rubric: &Rubric, lost: &str, counted: Option<&str>) -> String {
    let points = plain(rubric.points());
    match counted {
        None => format!("ROUND({points}-SUM({lost}),{EXACT})"),
        Some(counted) => format!(
            "IF(({counted})=0,0,ROUND(ROUND(({counted}-SUM({lost}))*{points}/({counted}),{EXACT}),{}))",
            rubric.decimals
        ),
    }
}

/// The points that count, as a formula: those of each item less the caps of its rules that are
/// taken out, none where all of them are; `value` gives the cell of the rule at a position, or
/// nothing for one that always applies.
pub(super) fn counted(rubric: &Rubric, value: impl Fn(usize) -> Option<String>) -> Option<String> {
    if !rubric.converts() {
        return None;
    }
    let mut terms = Vec::new();
    let mut first = 0;
    for item in rubric.items() {
        let rules = (first..).zip(&item.rules);
        first += item.rules.len();
        let out = rules.filter(|(_, rule)| rule.not_applicable == NotApplicable::Rescaled);
        let out: Vec<(String, String)> = out
            .filter_map(|(place, rule)| Some((is_out(&value(place)?), plain(rule.cap))))
            .collect();
        let points = plain(item.points);
        let less = out.iter().map(|(test, cap)| format!("-IF({test},{cap},0)"));
        let rest = format!("{points}{}", less.collect::<String>());
        let tests: Vec<&str> = out.iter().map(|(test, _)| test.as_str()).collect();
        if out.len() < item.rules.len() {
            terms.push(rest);
        } else {
            terms.push(format!("IF(AND({}),0,{rest})", tests.join(",")));
        }
    }
    Some(terms.join("+"))
}

/// Points rounded as the engine rounds them, then limited by the cap and what the item has left.
fn limited(rule: &Rule, points: &str, limits: Limits) -> String {
    let left = limits.left.map(|left| format!(",{left}"));
    format!(
        "MIN(ROUND(ROUND({points},{EXACT}),{}),{}{})",
        limits.decimals,
        plain(rule.cap),
        left.unwrap_or_default()
    )
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
