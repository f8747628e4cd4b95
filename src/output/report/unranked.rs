//! Why a unit has no rank, in words.

use crate::model::record::Unranked;
use crate::model::rubric::Rubric;

/// What a unit lacks, and the codes of the errors in its sheets.
pub(super) fn why(rubric: &Rubric, unranked: &Unranked) -> String {
    let missing = unranked
        .missing
        .iter()
        .map(|&(period, round)| format!("缺{}第{round}轮", rubric.periods[period].name));
    let problems = unranked
        .problems
        .iter()
        .map(|code| format!("表中有错误 {code}"));
    missing.chain(problems).collect::<Vec<_>>().join("，")
}
