//! Why a unit has no rank, in words: for the terminal and for the report.

use crate::model::rubric::Rubric;
use crate::model::scorecard::Unranked;

/// What a unit lacks, and the codes of the errors in its sheets.
pub(super) fn why(rubric: &Rubric, unranked: &Unranked) -> String {
    let round =
        |&(period, round): &(usize, u32)| format!("{}第 {round} 轮", rubric.periods[period].name);
    let missing: Vec<String> = unranked.missing.iter().map(round).collect();
    let problems: Vec<&str> = unranked.problems.iter().map(|code| code.name()).collect();
    let mut reasons = Vec::new();
    if !missing.is_empty() {
        reasons.push(format!("缺{}", missing.join("、")));
    }
    if !problems.is_empty() {
        reasons.push(format!("表里有错误（{}）", problems.join("、")));
    }
    reasons.join("，")
}
