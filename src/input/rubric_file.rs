//! Reads rubrics, task tables and the roster from TOML; every problem of every file at once.
//!
//! Called when a command starts. The files compiled in are the ones in `rubrics/`; `--rubrics`
//! names a folder of others.

mod decode;
mod problem;
mod roster;
mod rubric;
mod tasks;

use std::fs;
use std::io;
use std::path::Path;

use toml::de::DeTable;

use crate::model::catalog::Catalog;
use decode::{Problems, Table};
pub use problem::RubricProblem;

/// One file, as text.
#[derive(Clone, Debug)]
pub struct RubricSource {
    /// Its name, without the folder.
    pub name: String,
    /// What it says.
    pub text: String,
}

/// The name of the file that says who is assessed.
const ROSTER: &str = "roster.toml";

/// The files compiled into the program.
pub fn embedded() -> Vec<RubricSource> {
    [
        (
            "government.toml",
            include_str!("../../rubrics/government.toml"),
        ),
        (
            "municipal-bureau.toml",
            include_str!("../../rubrics/municipal-bureau.toml"),
        ),
        ("roster.toml", include_str!("../../rubrics/roster.toml")),
        ("six-zone.toml", include_str!("../../rubrics/six-zone.toml")),
        ("tasks.toml", include_str!("../../rubrics/tasks.toml")),
    ]
    .map(|(name, text)| RubricSource {
        name: name.to_owned(),
        text: text.to_owned(),
    })
    .into()
}

/// The TOML files of a folder, by name.
///
/// # Errors
///
/// When the folder or one of the files cannot be read.
pub fn from_dir(folder: &Path) -> io::Result<Vec<RubricSource>> {
    let mut sources = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let hidden = name.starts_with('.');
        if !hidden && name.ends_with(".toml") && !name.ends_with(".test.toml") {
            let text = fs::read_to_string(&path)?;
            sources.push(RubricSource { name, text });
        }
    }
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(sources)
}

/// What a file is, told by what it holds.
enum Role {
    Roster,
    Tasks,
    Rubric,
}

/// Reads the files into a catalog.
///
/// # Errors
///
/// Everything that is wrong with any of them.
pub fn read(sources: &[RubricSource]) -> Result<Catalog, Vec<RubricProblem>> {
    let problems = Problems::default();
    let parsed: Vec<_> = sources
        .iter()
        .map(|source| parse(source, &problems))
        .collect();
    let files = || sources.iter().zip(&parsed);
    let of_role = |role: fn(&Role) -> bool| {
        files().filter(move |(source, parsed)| role(&role_of(source, parsed.get_ref())))
    };
    let mut rubrics: Vec<rubric::Draft> = of_role(|role| matches!(role, Role::Rubric))
        .map(|(source, parsed)| rubric::decode(&Table::root(source, parsed, &problems)))
        .collect();
    rubrics.sort_by(|a, b| a.rubric.id.cmp(&b.rubric.id));
    let mut rosters = of_role(|role| matches!(role, Role::Roster));
    let classes = match rosters.next() {
        Some((source, parsed)) => roster::decode(&Table::root(source, parsed, &problems)),
        None => {
            problems.add(
                sources.first(),
                0..0,
                "roster-missing",
                format!("没有名册 {ROSTER}"),
                None,
            );
            Vec::new()
        }
    };
    let (rubrics, roster) = roster::join(rubrics, classes, &problems);
    let mut task_tables = Vec::new();
    let mut names = Vec::new();
    for (source, parsed) in of_role(|role| matches!(role, Role::Tasks)) {
        let table = Table::root(source, parsed, &problems);
        task_tables.push(tasks::decode(&table, &roster, &rubrics));
        names.push(source.name.as_str());
    }
    let rubrics = rubrics
        .into_iter()
        .map(|draft| draft.with_tasks(&names, &task_tables, &problems))
        .collect();
    let problems = problems.into_sorted(sources);
    if problems.is_empty() {
        Ok(Catalog {
            rubrics,
            task_tables,
            roster,
        })
    } else {
        Err(problems)
    }
}

/// The tree of a file with the place of every key and value, and its syntax errors.
fn parse<'a>(source: &'a RubricSource, problems: &Problems) -> toml::Spanned<DeTable<'a>> {
    let (tree, errors) = DeTable::parse_recoverable(&source.text);
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        let message = format!("不合 TOML 的写法：{}", problem::syntax(error.message()));
        let help = "请核对这一行的引号、等号和括号；中文要放在英文引号里".to_owned();
        problems.add(Some(source), span, "syntax", message, Some(help));
    }
    tree
}

fn role_of(source: &RubricSource, tree: &DeTable) -> Role {
    let has = |key: &str| tree.keys().any(|known| known.get_ref() == key);
    if source.name == ROSTER {
        Role::Roster
    } else if has("task") {
        Role::Tasks
    } else {
        Role::Rubric
    }
}
