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

use std::ops::Range;

pub use share::{Shares, shares};

use crate::diagnostic::{RubricProblem, RubricSource, Weight};
use crate::model::draft::{Drafts, ItemDraft, Optional, RubricDraft, Tables};

/// What the functions below look at.
#[derive(Clone, Copy)]
struct View<'a> {
    sources: &'a [RubricSource],
    drafts: &'a Drafts,
}

/// Everything that is doubtful or open in the files, by file and place. Where lines are no TOML,
/// what they may bear on is left out: what stands on them would seem to lack.
pub fn advise(sources: &[RubricSource], drafts: &Drafts) -> Vec<RubricProblem> {
    let view = View { sources, drafts };
    let mut found = Vec::new();
    for rubric in &drafts.rubrics {
        points::advise(view, rubric, &mut found);
        cover::advise(view, rubric, &mut found);
        cap::advise(view, rubric, &mut found);
        if view.is_whole(rubric.file) {
            grade::advise(view, rubric, &mut found);
            open::advise(view, rubric, &mut found);
        }
    }
    for table in &drafts.task_tables {
        task::advise(view, table, &mut found);
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
        self.lost(file).next().is_none()
    }

    /// The lines of a file that could not be read, in bytes.
    fn lost(self, file: usize) -> impl Iterator<Item = &'a Range<usize>> {
        let lost = self.drafts.set_aside.iter();
        lost.filter(move |(of, _)| *of == file)
            .map(|(_, lines)| lines)
    }

    /// Whether every header of a file was read, so that no item and no rule is missing.
    fn has_all_headers(self, file: usize) -> bool {
        let text = &self.source(file).text;
        let has_header = |lines: &Range<usize>| {
            let mut lines = text[lines.clone()].lines();
            lines.any(|line| line.trim_start().starts_with('['))
        };
        !self.lost(file).any(has_header)
    }

    /// Whether all of a table was read, its inner tables with it: from the header `[[name]]` above
    /// `at` to the next one, or to the next of those around it.
    fn has_all_of(self, file: usize, at: usize, name: &str, around: &[&str]) -> bool {
        let text = &self.source(file).text;
        let header = |line: &str| {
            let inner = line.trim().strip_prefix("[[")?.split(']').next()?;
            Some(inner.trim().to_owned())
        };
        let mut start = 0;
        let mut end = text.len();
        let mut offset = 0;
        for line in text.split_inclusive('\n') {
            let found = header(line);
            let ends = found
                .as_deref()
                .is_some_and(|found| found == name || around.contains(&found));
            if ends && offset <= at {
                start = offset;
            } else if ends {
                end = offset;
                break;
            }
            offset += line.len();
        }
        let within = |lines: &Range<usize>| lines.start < end && start < lines.end;
        !self.lost(file).any(within)
    }

    /// The items of a rubric that were read whole.
    fn whole_items(self, rubric: &'a RubricDraft) -> impl Iterator<Item = &'a ItemDraft> {
        items(rubric).filter(move |item| {
            let no = item.no.as_ref().ok().map(|no| no.span.start);
            let name = || item.name.as_ref().ok().map(|name| name.span.start);
            let at = no.or_else(name);
            let whole = |at| self.has_all_of(rubric.file, at, "category.item", &["category"]);
            self.is_whole(rubric.file) || at.is_some_and(whole)
        })
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
