//! Rubric files as a person wrote them: every field with its place, holes where it could not
//! be read.
//!
//! `input::rubric_file` makes drafts from TOML and catalogs from drafts. Advice on a rubric can
//! point into a draft, because the valid model no longer knows lines.

use std::ops::Range;

use crate::decimal::Decimal;
use crate::model::rubric::{Kind, NotApplicable, Rounds, Ties};
use crate::model::task::{Goal, Nature, TaskNo};

/// A value and where it stands in its file, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed<T> {
    /// What is written.
    pub value: T,
    /// Where.
    pub span: Range<usize>,
}

/// Proof that a problem was recorded: what stands in the place of a value that could not be
/// read. Because only the collector of problems makes one, a hole in a draft can never go
/// unreported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported(());

impl Reported {
    /// For the collector of problems, right after it has recorded one.
    pub(crate) const fn recorded() -> Self {
        Self(())
    }
}

/// The files as they were written.
#[derive(Debug)]
pub struct Drafts {
    /// The rubrics: in the order of the roster's classes, those without a class behind, by id.
    pub rubrics: Vec<RubricDraft>,
    /// The task tables, in the order of the files.
    pub task_tables: Vec<TaskTableDraft>,
    /// The roster.
    pub roster: Result<RosterDraft, Reported>,
    /// Set where a file is not TOML at all, and so may hold anything.
    pub unreadable: Option<Reported>,
    /// Lines that are no TOML, by the position of their file and in bytes: what stood there is not
    /// in the draft.
    pub set_aside: Vec<(usize, Range<usize>)>,
}

/// A field that must be there.
pub type Field<T> = Result<Placed<T>, Reported>;

/// A field that may be left out.
pub type Optional<T> = Result<Option<Placed<T>>, Reported>;

/// Tables under one header, in the order of the file.
pub type Tables<T> = Result<Vec<T>, Reported>;

/// Several texts, each with its place.
pub type Texts = Result<Vec<Placed<String>>, Reported>;

/// A score table as written; its fields are those of [`crate::model::rubric::Rubric`].
#[expect(missing_docs, reason = "the model documents the fields")]
#[derive(Debug)]
pub struct RubricDraft {
    /// The file's position among those read.
    pub file: usize,
    pub id: Field<String>,
    pub title: Field<String>,
    pub class: Field<String>,
    pub year: Field<i32>,
    pub version: Field<String>,
    pub date: Field<String>,
    pub source: Field<String>,
    pub total: Field<Decimal>,
    pub decimals: Optional<u32>,
    /// Holds for the items that say nothing of their own.
    pub not_applicable: Optional<NotApplicable>,
    pub ranking: Optional<RankingDraft>,
    pub grades: Optional<GradesDraft>,
    pub uses: Texts,
    /// The name of the file with the task table.
    pub tasks: Optional<String>,
    pub periods: Tables<PeriodDraft>,
    pub categories: Tables<CategoryDraft>,
    pub note: Optional<String>,
}

/// A period as written.
#[expect(missing_docs, reason = "the model documents the fields")]
#[derive(Debug)]
pub struct PeriodDraft {
    pub id: Field<String>,
    pub name: Field<String>,
    pub also: Texts,
    pub weight: Field<Decimal>,
    pub rounds: Field<Rounds>,
    /// The shares of the rounds, where they are weighted.
    pub round_weights: Optional<Vec<Placed<Decimal>>>,
    pub note: Optional<String>,
}

/// How totals become ranks, as written.
#[derive(Debug)]
pub struct RankingDraft {
    /// What follows a shared rank; left out where ranks are skipped.
    pub ties: Optional<Ties>,
    /// Numbers of items.
    pub tie_breakers: Optional<Vec<Placed<u32>>>,
}

/// Grades as written.
#[derive(Debug)]
pub struct GradesDraft {
    /// Whether those who tie at the end of a share go up; left out where no level has a share.
    pub ties_up: Optional<bool>,
    /// The levels, best first.
    pub levels: Tables<LevelDraft>,
}

/// A grade as written.
#[expect(missing_docs, reason = "the model documents the fields")]
#[derive(Debug)]
pub struct LevelDraft {
    /// Its header.
    pub span: Range<usize>,
    pub name: Field<String>,
    /// The bound that is within.
    pub at_least: Optional<Decimal>,
    /// The bound that is not.
    pub above: Optional<Decimal>,
    pub share: Optional<Decimal>,
}

/// A category as written.
#[expect(missing_docs, reason = "the model documents the fields")]
#[derive(Debug)]
pub struct CategoryDraft {
    pub name: Field<String>,
    /// The printed points, which the model calls declared.
    pub points: Field<Decimal>,
    pub items: Tables<ItemDraft>,
    pub note: Optional<String>,
}

/// An item as written.
#[expect(missing_docs, reason = "the model documents the fields")]
#[derive(Debug)]
pub struct ItemDraft {
    pub no: Field<u32>,
    pub name: Field<String>,
    pub points: Field<Decimal>,
    pub method: Texts,
    pub not_applicable: Optional<NotApplicable>,
    pub clauses: Tables<ClauseDraft>,
    pub rules: Tables<RuleDraft>,
    pub note: Optional<String>,
}

/// A clause as written.
#[expect(missing_docs, reason = "the model documents the fields")]
#[derive(Debug)]
pub struct ClauseDraft {
    /// Its header.
    pub span: Range<usize>,
    pub mark: Optional<u32>,
    /// Left out where the item has one clause.
    pub points: Optional<Decimal>,
    pub text: Field<String>,
    pub note: Optional<String>,
}

/// A rule as written.
#[expect(missing_docs, reason = "the model documents the fields")]
#[derive(Debug)]
pub struct RuleDraft {
    /// Its header.
    pub span: Range<usize>,
    pub mark: Optional<u32>,
    pub text: Field<String>,
    /// Marks of clauses; left out where it covers all of them.
    pub covers: Optional<Vec<Placed<u32>>>,
    /// Its kind, placed where the name of the kind stands.
    pub kind: Field<Kind>,
    /// Where the keys of its kind stand.
    pub figures: Vec<(&'static str, Range<usize>)>,
    /// Other figures, by the period's id.
    pub by_period: Tables<(Placed<String>, Kind)>,
    /// Left out where it is the points of the covered clauses.
    pub cap: Optional<Decimal>,
    pub ask: Field<String>,
    pub count: Optional<String>,
    pub note: Optional<String>,
}

/// A task table as written; its fields are those of [`crate::model::task::TaskTable`].
#[expect(missing_docs, reason = "the model documents the fields")]
#[derive(Debug)]
pub struct TaskTableDraft {
    /// The file's position among those read.
    pub file: usize,
    pub title: Field<String>,
    pub year: Field<i32>,
    pub version: Field<String>,
    pub date: Field<String>,
    pub source: Field<String>,
    pub groups: Tables<GroupDraft>,
    pub tasks: Tables<TaskDraft>,
    pub note: Optional<String>,
}

/// A name that stands for whole classes.
#[derive(Debug)]
pub struct GroupDraft {
    /// The name.
    pub name: Field<String>,
    /// Ids of the rubrics that score the classes.
    pub classes: Texts,
    /// What was decided here.
    pub note: Optional<String>,
}

/// A task as written.
#[expect(missing_docs, reason = "the model documents the fields")]
#[derive(Debug)]
pub struct TaskDraft {
    pub no: Field<TaskNo>,
    pub title: Field<String>,
    pub content: Field<String>,
    pub indicator: Optional<String>,
    pub target: Optional<String>,
    pub goal: Optional<Goal>,
    pub measures: Optional<String>,
    pub nature: Optional<Nature>,
    pub lead: Texts,
    pub responsible: Texts,
    pub note: Optional<String>,
}

/// The roster as written.
#[expect(missing_docs, reason = "the model documents the fields")]
#[derive(Debug)]
pub struct RosterDraft {
    /// The file's position among those read.
    pub file: usize,
    pub version: Field<String>,
    pub date: Field<String>,
    pub source: Field<String>,
    pub classes: Tables<ClassDraft>,
    pub note: Optional<String>,
}

/// A class of units as written.
#[derive(Debug)]
pub struct ClassDraft {
    /// The id of the rubric that scores it.
    pub rubric: Field<String>,
    /// Its units.
    pub units: Tables<UnitDraft>,
    /// What was decided here.
    pub note: Optional<String>,
}

/// A unit as written.
#[expect(missing_docs, reason = "the model documents the fields")]
#[derive(Debug)]
pub struct UnitDraft {
    pub name: Field<String>,
    pub also: Texts,
    pub note: Optional<String>,
}
