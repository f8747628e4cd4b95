//! Why a unit has no rank, in words: for the terminal and for the report.

use crate::model::rubric::Rubric;
use crate::model::scorecard::Unranked;

/// What a unit lacks, and the codes of the errors in its sheets.
pub(super) fn why(rubric: &Rubric, unranked: &Unranked) -> String {
    let one_after_the_other = |a: &(usize, u32), b: &(usize, u32)| a.0 == b.0 && a.1 + 1 == b.1;
    let rounds = unranked.missing.chunk_by(one_after_the_other);
    let rounds = rounds.flat_map(|rounds| match rounds {
        // A year may have a round a day.
        [first, _, .., last] => vec![in_words(rubric, *first, Some(last.1))],
        few => few.iter().map(|one| in_words(rubric, *one, None)).collect(),
    });
    let missing: Vec<String> = rounds.collect();
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

/// A round of a period, or all from it to `last`.
fn in_words(rubric: &Rubric, (period, round): (usize, u32), last: Option<u32>) -> String {
    let period = &rubric.periods[period].name;
    match last {
        Some(last) => format!("{period}第 {round} 轮到第 {last} 轮"),
        None => format!("{period}第 {round} 轮"),
    }
}
