//! What is wrong or doubtful in a rubric file, at its place.
//!
//! `input::rubric_file` makes the errors, which stop a rubric from being used; `check::rubric`
//! makes the advice on what can be computed and still looks wrong, or is left open.

mod code;
mod show;
mod source;

use std::ops::Range;

pub use code::{RUBRIC_CODES, RubricCode, markdown};
pub use show::{Line, Look};
pub use source::{RubricSource, SourceText};

/// So many findings are shown to people, who mend them and look again.
pub const MOST_SHOWN: usize = 1_000;

/// What is said of the others, if there are any.
pub fn not_shown(others: usize) -> Option<String> {
    (others > 0).then(|| format!("还有 {others} 处没有列出，改好这些再看"))
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Nothing can be computed with it.
    Error,
    /// It can be computed, but the document or its encoding looks wrong.
    Warning,
    /// 需明确: the document leaves a choice, and one was taken.
    Open,
}

impl Weight {
    /// The name that machines see.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Open => "open",
        }
    }

    /// The name that people see.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "错误",
            Self::Warning => "提醒",
            Self::Open => "需明确",
        }
    }
}

/// One finding in a rubric file.
#[derive(Clone, Debug)]
pub struct RubricProblem {
    /// Stable name, one of [`RUBRIC_CODES`]: `unknown-key`; or what a self-test says.
    pub code: &'static str,
    /// The file; empty where a whole file lacks.
    pub file: String,
    /// Where in its text, in bytes.
    pub span: Range<usize>,
    /// Other places of the same file that it speaks of, and what they are.
    pub also: Vec<(Range<usize>, String)>,
    /// What is wrong.
    pub message: String,
    /// The document's own words that it rests on.
    pub quote: Option<String>,
    /// What the file notes on it already.
    pub note: Option<String>,
    /// What to do.
    pub help: Option<String>,
}

impl RubricProblem {
    /// A finding that says what is wrong and no more.
    pub fn new(
        code: &'static str,
        file: impl Into<String>,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code,
            file: file.into(),
            span,
            also: Vec::new(),
            message: message.into(),
            quote: None,
            note: None,
            help: None,
        }
    }

    /// With what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With the document's own words.
    #[must_use]
    pub fn quote(mut self, quote: impl Into<String>) -> Self {
        self.quote = Some(quote.into());
        self
    }

    /// With what the file notes on it, if anything.
    #[must_use]
    pub fn note(mut self, note: Option<&str>) -> Self {
        self.note = note.map(str::to_owned);
        self
    }

    /// With another place of the same file.
    #[must_use]
    pub fn mark(mut self, span: &Range<usize>, label: impl Into<String>) -> Self {
        self.also.push((span.clone(), label.into()));
        self
    }

    /// How much it weighs.
    pub fn weight(&self) -> Weight {
        RubricCode::of_name(self.code).map_or(Weight::Error, |code| code.weight)
    }
}
