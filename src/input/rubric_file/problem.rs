//! Collects what is wrong with rubric files while they are read.

use std::cell::RefCell;
use std::ops::Range;

use crate::diagnostic::{RubricCode, RubricProblem, RubricSource};
use crate::model::draft::Reported;

/// What is wrong so far, with any file.
#[derive(Default)]
pub(super) struct Problems(RefCell<Vec<(usize, RubricProblem)>>);

/// One file while it is read: what says where a problem lies.
#[derive(Clone, Copy)]
pub(super) struct File<'a> {
    /// Its position among those read.
    pub index: usize,
    /// Its name and text.
    pub source: &'a RubricSource,
    problems: &'a Problems,
}

impl Problems {
    /// The file at `index` of those read.
    pub(super) fn file<'a>(&'a self, sources: &'a [RubricSource], index: usize) -> File<'a> {
        File {
            index,
            source: &sources[index],
            problems: self,
        }
    }

    /// Records that a whole file lacks.
    pub(super) fn lacking(&self, code: &'static str, message: &str, help: &str) -> Reported {
        let problem = RubricProblem::new(code, "", 0..0, message).help(help);
        self.0.borrow_mut().push((usize::MAX, problem));
        Reported::recorded()
    }

    /// By file, then by place.
    pub(super) fn into_sorted(self) -> Vec<RubricProblem> {
        let mut found = self.0.into_inner();
        found.sort_by_key(|(file, problem)| (*file, problem.span.start));
        found.into_iter().map(|(_, problem)| problem).collect()
    }
}

impl File<'_> {
    /// Records what is wrong at `span`, and what to do about it.
    pub(super) fn advise(
        &self,
        span: &Range<usize>,
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Reported {
        debug_assert!(RubricCode::of_name(code).is_some(), "{code}");
        let name = self.source.name.as_str();
        let problem = RubricProblem::new(code, name, span.clone(), message).help(help);
        self.problems.0.borrow_mut().push((self.index, problem));
        Reported::recorded()
    }

    /// The line, from 1, on which `span` begins.
    pub(super) fn line(&self, span: &Range<usize>) -> usize {
        self.source.text.line_number(span.start)
    }
}

/// All of the values, or the proof that one of them could not be had. Every one is asked for,
/// so that every one can say what is wrong with it.
pub(super) fn all<T>(
    values: impl IntoIterator<Item = Result<T, Reported>>,
) -> Result<Vec<T>, Reported> {
    let mut good = Vec::new();
    let mut hole = None;
    for value in values {
        match value {
            Ok(value) => good.push(value),
            Err(reported) => hole = Some(reported),
        }
    }
    hole.map_or(Ok(good), Err)
}
