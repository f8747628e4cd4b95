//! What was found wrong in the sheets, facts first, words in one place; and in rubric files.

mod code;
mod fault;
mod finding;
mod manual;
mod rubric;

pub use code::{Code, Severity};
pub use fault::{Excess, FileFault, Other};
pub use finding::{Finding, NearMiss, Want};
pub use manual::{Page, markdown};
pub use rubric::{
    Line, Look, MOST_SHOWN, RUBRIC_CODES, RubricCode, RubricProblem, RubricSource, SourceText,
    Weight, markdown as rubric_markdown, not_shown,
};

use std::sync::Arc;

use crate::location::{Place, Source};
use crate::model::rubric::RuleId;

/// One finding, where it is, and whom and what it concerns.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// What is wrong.
    pub finding: Finding,
    /// Where.
    pub spot: Spot,
    /// The unit that it concerns, by its name in the roster.
    pub unit: Option<Arc<str>>,
    /// The rule that it concerns.
    pub rule: Option<RuleId>,
}

/// As much of a place as there is: what is missing altogether has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// A cell.
    Cell(Place),
    /// A sheet as a whole.
    Sheet(Source),
    /// A file as a whole.
    File(Source),
    /// Nothing that was handed in.
    Nowhere,
}

impl Spot {
    /// The sheet (or, for a file as a whole, its source without a meaningful sheet).
    pub fn source(&self) -> Option<&Source> {
        match self {
            Self::Cell(place) => Some(&place.source),
            Self::Sheet(source) | Self::File(source) => Some(source),
            Self::Nowhere => None,
        }
    }

    /// The name of the sheet, where it lies in one that has a name.
    pub fn sheet(&self) -> Option<&str> {
        match self {
            Self::Cell(place) => place.source.sheet.as_deref(),
            Self::Sheet(source) => source.sheet.as_deref(),
            Self::File(_) | Self::Nowhere => None,
        }
    }

    /// The cell, where it lies in one.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::Cell(place) => Some(place),
            _ => None,
        }
    }
}

impl Diagnostic {
    /// A finding in one cell.
    pub fn at(place: Place, finding: Finding) -> Self {
        Self::new(Spot::Cell(place), finding)
    }

    /// A finding at `spot` that concerns no unit and no rule yet.
    pub fn new(spot: Spot, finding: Finding) -> Self {
        Self {
            finding,
            spot,
            unit: None,
            rule: None,
        }
    }

    /// The same, concerning `unit`.
    pub fn of_unit(mut self, unit: &Arc<str>) -> Self {
        self.unit = Some(Arc::clone(unit));
        self
    }

    /// Its code.
    pub fn code(&self) -> Code {
        self.finding.code()
    }

    /// Whether it stops its unit from being scored.
    pub fn is_error(&self) -> bool {
        self.finding.severity() == Severity::Error
    }
}

/// Brings findings into the order of print: by file, sheet and cell, what has no file last; at
/// one place as they were found, which is in roster order.
pub fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by_cached_key(|diagnostic| {
        let source = diagnostic.spot.source();
        (
            source.is_none(),
            source.map(|source| source.order),
            diagnostic.spot.place().map(|place| place.address),
            diagnostic.code(),
        )
    });
}
