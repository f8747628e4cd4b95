//! Runs the self-tests of a rubric: given values, expected scores.
//!
//! The values go through the same reading as those of sheets. Scoring is handed in, because the
//! engine is no part of the check.

mod coverage;
mod expect;
mod records;
mod worked;

use crate::model::record::ClassRecords;
use crate::model::rubric::Rubric;
use crate::model::scorecard::ClassResult;
use crate::model::trial::{Case, Failure, Trial, TrialFile, Verdict};
use coverage::Coverage;
use records::Built;

/// How a class is scored: `engine::score_class`.
pub type Score<'a> = &'a dyn Fn(&Rubric, ClassRecords) -> ClassResult;

/// Runs the cases of `file` on `rubric`, which stands at `position` in the catalog.
pub fn run(rubric: &Rubric, position: usize, file: &TrialFile, score: Score) -> Trial {
    let mut coverage = Coverage::new(rubric);
    let verdicts = file
        .cases
        .iter()
        .map(|case| Verdict {
            name: case.name.clone(),
            failures: run_case(rubric, case, score, &mut coverage),
        })
        .collect();
    Trial {
        rubric: position,
        verdicts,
        gaps: coverage.gaps(),
    }
}

fn run_case(rubric: &Rubric, case: &Case, score: Score, coverage: &mut Coverage) -> Vec<Failure> {
    let Built {
        class,
        mut failures,
        refused,
    } = records::build(rubric, case);
    if !failures.is_empty() {
        return failures;
    }
    let result = score(rubric, class);
    for (position, subject) in case.subjects.iter().enumerate() {
        let Some(unit) = result.units.iter().find(|unit| unit.unit == position) else {
            continue;
        };
        let expecting = expect::Expecting {
            rubric,
            result: &result,
            unit,
            refused: &refused[position],
        };
        for expectation in &subject.expects {
            expecting.judge(subject, expectation, &mut failures);
        }
        coverage.take(rubric, subject, unit);
    }
    failures.sort_by_key(|failure| failure.span.start);
    failures
}
