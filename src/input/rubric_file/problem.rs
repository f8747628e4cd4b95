//! What is wrong with a rubric file, and how that is shown: the line, and marks below it.

use std::cell::RefCell;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{CODES, RubricSource};
use crate::model::draft::Reported;

/// Widest line of a file that is shown whole; a longer one is cut around the mark.
const WIDTH: usize = 120;

/// One thing wrong with a rubric file.
#[derive(Clone, Debug)]
pub struct RubricProblem {
    /// Stable name, one of [`CODES`]: `unknown-key`.
    pub code: &'static str,
    /// The file; empty where a whole file lacks.
    pub file: String,
    /// Where in its text, in bytes.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl RubricProblem {
    /// The problem with its line and marks, for people: `source` is the file that it names.
    pub fn render(&self, sources: &[RubricSource], color: bool) -> String {
        let level = Level::ERROR.with_name("错误");
        let title = level.primary_title(self.message.as_str()).id(self.code);
        let mut group = Group::with_title(title);
        if let Some(source) = sources.iter().find(|source| source.name == self.file) {
            let mark = AnnotationKind::Primary.span(first_line(&source.text, &self.span));
            let snippet = Snippet::source(source.text.as_str()).path(self.file.as_str());
            group = group.element(snippet.annotation(mark));
        }
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.with_name("办法").message(help.as_str()));
        }
        let renderer = if color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(WIDTH);
        renderer.render(&[group])
    }
}

/// The part of `span` that stands on its first line: a mark down the margin of a long list
/// says less than one under its beginning. A place between two characters is marked by the one
/// behind it, or at the end of a line by the one before.
fn first_line(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let line = text[start..].lines().next().unwrap_or_default().trim_end();
    let end = start + line.len();
    let at = span.start.min(end);
    if at < span.end.min(end) {
        return at..span.end.min(end);
    }
    match (
        text[at..end].chars().next(),
        text[start..at].chars().next_back(),
    ) {
        (Some(behind), _) => at..at + behind.len_utf8(),
        (None, Some(before)) => at - before.len_utf8()..at,
        (None, None) => at..at,
    }
}

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
        let problem = RubricProblem {
            code,
            file: String::new(),
            span: 0..0,
            message: message.to_owned(),
            help: Some(help.to_owned()),
        };
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
    /// Records what is wrong at `span`.
    pub(super) fn report(
        &self,
        span: &Range<usize>,
        code: &'static str,
        message: impl Into<String>,
    ) -> Reported {
        self.record(span, code, message.into(), None)
    }

    /// Records what is wrong at `span`, and what to do about it.
    pub(super) fn advise(
        &self,
        span: &Range<usize>,
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Reported {
        self.record(span, code, message.into(), Some(help.into()))
    }

    fn record(
        &self,
        span: &Range<usize>,
        code: &'static str,
        message: String,
        help: Option<String>,
    ) -> Reported {
        debug_assert!(CODES.iter().any(|(known, _)| *known == code), "{code}");
        let problem = RubricProblem {
            code,
            file: self.source.name.clone(),
            span: span.clone(),
            message,
            help,
        };
        self.problems.0.borrow_mut().push((self.index, problem));
        Reported::recorded()
    }

    /// The line, from 1, on which `span` begins.
    pub(super) fn line(&self, span: &Range<usize>) -> usize {
        self.source.text[..span.start].matches('\n').count() + 1
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
