//! Advice on rubrics: what can be computed and still looks wrong, and what the document leaves
//! open.
//!
//! Called by `kaohe rubric check`, on drafts, which know the place of every field and may have
//! holes: what needs a field that could not be read is not asked. Each module below has one
//! function a code.

mod cap;
mod cover;
mod figures;
mod grade;
mod item;
mod open;
mod points;
mod share;
mod task;
mod unit;
mod unused;
mod words;

pub use share::{Shares, shares};

use crate::diagnostic::{RubricProblem, RubricSource, Weight};
use crate::model::draft::{Drafts, ItemDraft, Optional, RubricDraft, Tables};

/// What the functions below look at.
#[derive(Clone, Copy)]
struct View<'a> {
    sources: &'a [RubricSource],
    drafts: &'a Drafts,
}

/// Everything that is doubtful or open in the files, by file and place. A file with lines that
/// are no TOML is left out: what stands on them would seem to lack.
pub fn advise(sources: &[RubricSource], drafts: &Drafts) -> Vec<RubricProblem> {
    let view = View { sources, drafts };
    let mut found = Vec::new();
    for rubric in &drafts.rubrics {
        if !view.is_whole(rubric.file) {
            continue;
        }
        points::advise(view, rubric, &mut found);
        cover::advise(view, rubric, &mut found);
        cap::advise(view, rubric, &mut found);
        grade::advise(view, rubric, &mut found);
        open::advise(view, rubric, &mut found);
    }
    for table in &drafts.task_tables {
        if view.is_whole(table.file) {
            task::advise(view, table, &mut found);
        }
    }
    unit::advise(view, &mut found);
    unused::advise(view, &mut found);
    for problem in &mut found {
        acknowledge(problem);
    }
    let place = |problem: &RubricProblem| sources.iter().position(|s| s.name == problem.file);
    found.sort_by_key(|problem| (place(problem), problem.span.start));
    found
}

/// What the file notes already need not be noted again.
fn acknowledge(problem: &mut RubricProblem) {
    if problem.note.is_none() || problem.weight() != Weight::Warning {
        return;
    }
    if let Some(help) = &mut problem.help {
        *help = format!("已经注明的，不必再改；没有注明的，{help}");
    }
}

impl<'a> View<'a> {
    /// Whether all of a file was read.
    fn is_whole(self, file: usize) -> bool {
        !self.drafts.set_aside.contains(&file)
    }

    /// Whether all of every file was read, so that what was not found is not there.
    fn all_whole(self) -> bool {
        self.drafts.set_aside.is_empty()
    }

    fn source(self, file: usize) -> &'a RubricSource {
        &self.sources[file]
    }

    fn name(self, file: usize) -> &'a str {
        &self.sources[file].name
    }
}

/// The tables, none where they could not be read.
fn listed<T>(tables: &Tables<T>) -> &[T] {
    tables.as_deref().unwrap_or_default()
}

/// The items of a rubric.
fn items(rubric: &RubricDraft) -> impl Iterator<Item = &ItemDraft> {
    let categories = listed(&rubric.categories).iter();
    categories.flat_map(|category| listed(&category.items))
}

/// The words of an optional text.
fn text(field: &Optional<String>) -> Option<&str> {
    let field = field.as_ref().ok()?.as_ref()?;
    Some(&field.value)
}
