//! The files in force: rubrics, task tables, roster, each with its fingerprint.

use std::io::{self, Write};

use comfy_table::Cell;
use serde::Serialize;

use crate::decimal::{Decimal, as_json, plain};
use crate::output::columns::{lines, right, table};

/// So much of a fingerprint tells files apart for people.
const SHORT: usize = 8;

/// What is in force.
#[derive(Debug, Serialize)]
pub struct InForce {
    /// `kaohe.rubric-list/1`, for machines.
    pub schema: &'static str,
    /// The rubrics, in the order of the roster's classes.
    pub rubrics: Vec<RubricFile>,
    /// The task tables.
    pub task_tables: Vec<TaskFile>,
    /// Who is assessed.
    pub roster: RosterFile,
}

/// A rubric and its file.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the model documents the fields")]
pub struct RubricFile {
    pub id: String,
    pub file: String,
    pub title: String,
    pub class: String,
    pub year: i32,
    /// How many units are scored by it.
    pub units: usize,
    /// The points of its items.
    #[serde(serialize_with = "as_json")]
    pub points: Decimal,
    pub version: String,
    pub date: String,
    /// The SHA-256 of the file.
    pub sha256: String,
}

/// A task table and its file.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the model documents the fields")]
pub struct TaskFile {
    pub file: String,
    pub title: String,
    pub year: i32,
    /// How many tasks it has.
    pub tasks: usize,
    pub version: String,
    pub date: String,
    /// The SHA-256 of the file.
    pub sha256: String,
}

/// The roster's file.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the model documents the fields")]
pub struct RosterFile {
    pub file: String,
    /// How many units it has.
    pub units: usize,
    pub version: String,
    pub date: String,
    /// The SHA-256 of the file.
    pub sha256: String,
}

/// Writes the list as JSON.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_json(out: &mut impl Write, list: &InForce) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, list)?;
    writeln!(out)
}

/// Writes the list for people.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_text(out: &mut impl Write, list: &InForce) -> io::Result<()> {
    let mut rubrics = table(&["细则", "类别", "单位", "满分", "版本", "日期", "指纹"]);
    for rubric in &list.rubrics {
        rubrics.add_row([
            Cell::new(&rubric.id),
            Cell::new(&rubric.class),
            right(rubric.units.to_string()),
            right(plain(rubric.points)),
            Cell::new(&rubric.version),
            Cell::new(&rubric.date),
            short(&rubric.sha256),
        ]);
    }
    let mut others = table(&["文件", "内容", "版本", "日期", "指纹"]);
    for tasks in &list.task_tables {
        let about = format!("任务表，{} 项任务", tasks.tasks);
        others.add_row(row(
            &tasks.file,
            about,
            &tasks.version,
            &tasks.date,
            &tasks.sha256,
        ));
    }
    let RosterFile {
        file,
        units,
        version,
        date,
        sha256,
    } = &list.roster;
    let about = format!("名册，{units} 个单位");
    others.add_row(row(file, about, version, date, sha256));
    writeln!(out, "{}\n\n{}", lines(&rubrics), lines(&others))
}

fn row(file: &str, about: String, version: &str, date: &str, sha256: &str) -> [Cell; 5] {
    [
        Cell::new(file),
        Cell::new(about),
        Cell::new(version),
        Cell::new(date),
        short(sha256),
    ]
}

fn short(sha256: &str) -> Cell {
    Cell::new(sha256.get(..SHORT).unwrap_or(sha256))
}
