//! Reads rubrics, task tables and the roster from TOML: every problem of every file at once.
//!
//! Called when a command starts. The files compiled in are the ones in `rubrics/`; `--rubrics`
//! names a folder of others. The way of a file: `syntax` makes TOML of it, `table` takes
//! its fields out into a draft, and what must hold between the fields, and between the files,
//! is checked where the draft becomes a value.

mod build;
mod folder;
mod keys;
mod kind;
mod place;
mod problem;
mod roster;
mod rubric;
mod schema;
mod settings;
mod shape;
mod syntax;
mod table;
mod take;
mod tasks;
mod trial;
mod value;
mod wording;

use toml::de::DeTable;

pub use crate::diagnostic::{RubricProblem, RubricSource};
use crate::model::catalog::Catalog;
use crate::model::draft::{Drafts, Reported, RosterDraft, RubricDraft, TaskTableDraft};
use crate::model::rubric::Rubric;
pub use folder::{
    FolderFault, TRIAL, embedded, embedded_trials, from_dir, from_file, replaced, trials_from_dir,
};
pub use place::{Line, key_meaning, line_of};
use problem::{File, Problems, all};
pub use schema::{Document, schema};
use syntax::Healed;
use table::Table;
use take::{Seen, both, held};
use tasks::Units;
pub use trial::read_trials;

/// The name of the file that says who is assessed.
const ROSTER: &str = "roster.toml";

/// Reads the files into a catalog.
///
/// # Errors
///
/// Everything that is wrong with any of them, by file and place.
pub fn read(sources: &[RubricSource]) -> Result<Catalog, Vec<RubricProblem>> {
    read_with_drafts(sources).map(|(catalog, _)| catalog)
}

/// Reads the files into a catalog, and gives the drafts too, which know the place of every
/// field: the rubric at a position of the catalog is the one at that position of the drafts.
///
/// # Errors
///
/// Everything that is wrong with any of them, by file and place.
pub fn read_with_drafts(sources: &[RubricSource]) -> Result<(Catalog, Drafts), Vec<RubricProblem>> {
    let problems = Problems::default();
    let drafts = draft(sources, &problems);
    let catalog = catalog(sources, &drafts, &problems);
    let problems = problems.into_sorted();
    match catalog {
        Ok(catalog) if problems.is_empty() => Ok((catalog, drafts)),
        _ => Err(problems),
    }
}

/// Reads the files as far as they can be read, for advice on them: the drafts, holes and all,
/// and everything that is wrong, by file and place.
pub fn examine(sources: &[RubricSource]) -> (Drafts, Vec<RubricProblem>) {
    let problems = Problems::default();
    let drafts = draft(sources, &problems);
    // What must hold between the fields is said while the catalog is built.
    let _ = catalog(sources, &drafts, &problems);
    (drafts, problems.into_sorted())
}

/// What a file is, told by what it holds.
enum Draft {
    Rubric(Box<RubricDraft>),
    Tasks(TaskTableDraft),
    Roster(RosterDraft),
}

fn draft(sources: &[RubricSource], problems: &Problems) -> Drafts {
    let mut rubrics = Vec::new();
    let mut task_tables = Vec::new();
    let mut rosters = Vec::new();
    let mut unreadable = None;
    let mut set_aside = Vec::new();
    for index in 0..sources.len() {
        let file = problems.file(sources, index);
        let healed = syntax::heal(file);
        match &healed {
            Ok(healed) => set_aside.extend(healed.lines.iter().map(|lines| (index, lines.clone()))),
            Err(_) => set_aside.push((index, 0..file.source.text.len())),
        }
        match healed.map(|healed| draft_of(file, &healed)) {
            Ok(Draft::Rubric(draft)) => rubrics.push(*draft),
            Ok(Draft::Tasks(draft)) => task_tables.push(draft),
            Ok(Draft::Roster(draft)) => rosters.push(draft),
            Err(reported) => unreadable = Some(reported),
        }
    }
    let roster = only_one(rosters, sources, unreadable, problems);
    rubrics.sort_by_key(|rubric| {
        let id = rubric.id.as_ref().ok().map(|id| id.value.clone());
        (roster::place(held(&roster), rubric), id)
    });
    Drafts {
        rubrics,
        task_tables,
        roster,
        unreadable,
        set_aside,
    }
}

fn draft_of(file: File, healed: &Healed) -> Draft {
    // The text is TOML by now; the tree of a text that is not would just have less in it.
    let (tree, _) = DeTable::parse_recoverable(&healed.text);
    let tree = tree.get_ref();
    let has = |key: &str| tree.get(key).is_some();
    let has_tables = |key: &str| {
        tree.get(key)
            .is_some_and(|value| value.get_ref().is_array())
    };
    Table::root(file, tree, &healed.set_aside, |table| {
        if has_tables("class") || (file.source.name == ROSTER && !has("category")) {
            Draft::Roster(roster::draft(table))
        } else if has_tables("task") {
            Draft::Tasks(tasks::draft(table))
        } else {
            Draft::Rubric(Box::new(rubric::draft(table)))
        }
    })
}

/// The roster, if there is one and no more.
fn only_one(
    rosters: Vec<RosterDraft>,
    sources: &[RubricSource],
    unreadable: Option<Reported>,
    problems: &Problems,
) -> Result<RosterDraft, Reported> {
    let mut rosters = rosters.into_iter();
    let Some(first) = rosters.next() else {
        return Err(unreadable.unwrap_or_else(|| {
            let message = "没有名册：没有一个文件写明考核哪些单位";
            let help = "请在细则文件夹里放一份 roster.toml";
            problems.lacking("no-roster", message, help)
        }));
    };
    let name = &sources[first.file].name;
    for second in rosters {
        let file = problems.file(sources, second.file);
        let message = format!("这是第二份名册，第一份是 {name}");
        file.advise(&(0..0), "second-roster", message, "请合为一份");
    }
    Ok(first)
}

/// Everything that must hold between the fields and between the files.
fn catalog(
    sources: &[RubricSource],
    drafts: &Drafts,
    problems: &Problems,
) -> Result<Catalog, Reported> {
    let file = |index| problems.file(sources, index);
    if drafts.rubrics.is_empty() && drafts.unreadable.is_none() {
        let message = "没有考核细则：没有一个文件写明怎样计分";
        let help = "请在细则文件夹里放一份细则，如 government.toml";
        problems.lacking("no-rubric", message, help);
    }
    let mut ids = Seen::new("duplicate-rubric", "细则标识");
    let rubrics = all(drafts.rubrics.iter().map(|draft| {
        let file = file(draft.file);
        let unique = held(&draft.id).and_then(|id| ids.check(file, id.value.clone(), id));
        let tasks = link(file, draft, drafts, sources);
        let rubric = build::rubric(file, draft);
        let ((), tasks) = both(unique, tasks)?;
        Ok(Rubric { tasks, ..rubric? })
    }));
    let named = held(&drafts.roster);
    let by_name = named.and_then(roster::by_name);
    let roster = named.and_then(|draft| roster::build(file(draft.file), draft, &drafts.rubrics));
    let units = Units {
        roster: held(&roster),
        by_name: held(&by_name),
        rubrics: &drafts.rubrics,
    };
    let task_tables = all(drafts
        .task_tables
        .iter()
        .map(|draft| tasks::build(file(draft.file), draft, units)));
    Ok(Catalog {
        rubrics: rubrics?,
        task_tables: task_tables?,
        roster: roster?,
    })
}

/// The position of the task table that a rubric names, which must be of the same year.
fn link(
    file: File,
    draft: &RubricDraft,
    drafts: &Drafts,
    sources: &[RubricSource],
) -> Result<Option<usize>, Reported> {
    let named = held(&draft.tasks)?;
    let Some(named) = named else {
        return Ok(None);
    };
    let tables = &drafts.task_tables;
    let is_it = |table: &TaskTableDraft| sources[table.file].name == named.value;
    let Some(position) = tables.iter().position(is_it) else {
        let there = sources.iter().any(|source| source.name == named.value);
        let message = match (there, drafts.unreadable) {
            (true, Some(reported)) => return Err(reported),
            (true, None) => format!("{} 不是任务表", named.value),
            (false, _) => format!("没有“{}”这个文件", named.value),
        };
        let help = "请写同一文件夹里的任务表文件名，如 \"tasks.toml\"";
        return Err(file.advise(&named.span, "unknown-file", message, help));
    };
    match (&draft.year, &tables[position].year) {
        (Ok(own), Ok(year)) if own.value != year.value => {
            let message = format!("细则是 {} 年的，任务表是 {} 年的", own.value, year.value);
            let help = format!("请核对年度，或者换一份任务表（现在是 {}）", named.value);
            Err(file.advise(&own.span, "year-mismatch", message, help))
        }
        _ => Ok(Some(position)),
    }
}
