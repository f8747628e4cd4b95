//! Most .xlsx have their cells read without calamine, and it changes nothing: every one of the
//! project holds the cells and merged blocks that calamine alone finds in it.
//!
//! `KAOHE_WORKBOOKS=DIR cargo test --test against_calamine` holds the workbooks below another
//! folder to the same.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use calamine::{Data, DataType, Reader as _, SheetType, Xlsx};
use kaohe::input::workbook;
use kaohe::model::grid::{Cell, Content, Format};

/// The files below a folder.
fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry of that folder").path();
        if path.is_dir() {
            files(&path, into);
        } else {
            into.push(path);
        }
    }
}

/// A cell as text; a date counts by its number.
fn told(cell: &Cell) -> String {
    let content = match &cell.content {
        Content::Text(text) => format!("text {text}"),
        Content::Number(number) => format!("number {number}"),
        Content::Bool(truth) => format!("truth {truth}"),
        Content::Date { text, serial } => match serial {
            Some(serial) => format!("moment {serial}"),
            None => format!("date {}", text.replacen(' ', "T", 1)),
        },
        Content::Error(error) => format!("error {error}"),
        Content::Uncalculated => "uncalculated".to_owned(),
    };
    content + how(cell.formula, cell.percent)
}

/// What else there is to tell of a cell.
fn how(formula: bool, percent: bool) -> &'static str {
    match (formula, percent) {
        (false, false) => "",
        (false, true) => ", percent",
        (true, false) => ", formula",
        (true, true) => ", formula, percent",
    }
}

/// The same of a cell of calamine's.
fn given(data: &Data) -> String {
    match data {
        Data::Empty => "uncalculated".to_owned(),
        Data::String(text) => format!("text {text}"),
        Data::Float(_) | Data::Int(_) => format!("number {}", data.as_f64().expect("a number")),
        Data::Bool(truth) => format!("truth {truth}"),
        Data::DateTime(moment) => format!("moment {}", moment.as_f64()),
        Data::DateTimeIso(text) | Data::DurationIso(text) => format!("date {text}"),
        Data::Error(error) => format!("error {error}"),
    }
}

type Cells = BTreeMap<(u32, u32), String>;
type Blocks = BTreeSet<((u32, u32), (u32, u32))>;

/// The sheets of a workbook as calamine alone gives them; nothing where it refuses the file.
fn alone(bytes: &[u8]) -> Option<Vec<(String, Cells, Blocks)>> {
    let mut book = Xlsx::new(Cursor::new(bytes)).ok()?;
    let mut sheets = Vec::new();
    for sheet in book.sheets_metadata().to_vec() {
        if sheet.typ != SheetType::WorkSheet {
            continue;
        }
        let mut cells = Cells::new();
        let mut percent = BTreeSet::new();
        let mut reader = book.worksheet_cells_reader(&sheet.name).ok()?;
        while let Some((row, column, style)) = reader.next_style_id().ok()? {
            let format = reader.styles()[style].number_format.as_ref();
            // Not for numbers below zero alone.
            let format = format.and_then(|format| format.format_code.split(';').next());
            if format.is_some_and(|format| format.contains('%')) {
                percent.insert((row, column));
            }
        }
        drop(reader);
        let mut reader = book.worksheet_cells_reader(&sheet.name).ok()?;
        while let Some(cell) = reader.next_cell_with_formula_metadata().ok()? {
            let data = Data::from(cell.value);
            let blank = match &data {
                Data::Empty => cell.formula.is_none(),
                // A formula may give no text: for whoever looks at the sheet that is blank.
                Data::String(text) => text.trim().is_empty(),
                _ => false,
            };
            if !blank {
                let how = how(cell.formula.is_some(), percent.contains(&cell.pos));
                cells.insert(cell.pos, given(&data) + how);
            }
        }
        drop(reader);
        let blocks = book.merge_cells_by_sheet_name(&sheet.name).ok()?;
        let blocks = blocks.into_iter().map(|block| (block.start, block.end));
        sheets.push((sheet.name, cells, blocks.collect()));
    }
    Some(sheets)
}

#[test]
fn reading_without_calamine_changes_nothing() {
    let mut paths = Vec::new();
    match std::env::var_os("KAOHE_WORKBOOKS") {
        Some(folder) => files(Path::new(&folder), &mut paths),
        None => {
            files(&common::project("examples"), &mut paths);
            files(&common::project("tests/data"), &mut paths);
        }
    }
    paths.sort();
    let (mut workbooks, mut compared) = (0, 0);
    let mut wrong = Vec::new();
    for path in paths {
        let bytes = fs::read(&path).unwrap_or_default();
        let name: Arc<str> = path.to_string_lossy().as_ref().into();
        let Ok(ours) = workbook::from_bytes(&name, &bytes) else {
            continue;
        };
        if ours.format != Format::Xlsx {
            continue;
        }
        let Some(theirs) = alone(&bytes) else {
            continue;
        };
        workbooks += 1;
        let names = ours.sheets.iter().map(|sheet| sheet.name.as_deref());
        let names: Vec<&str> = names.map(Option::unwrap_or_default).collect();
        let expected: Vec<&str> = theirs.iter().map(|(name, ..)| name.as_str()).collect();
        if names != expected {
            wrong.push(format!("{name}: sheets {names:?}, not {expected:?}"));
            continue;
        }
        for (sheet, (of, cells, blocks)) in ours.sheets.iter().zip(&theirs) {
            let mut found = Cells::new();
            for row in &sheet.rows {
                for (column, cell) in &row.cells {
                    found.insert((row.index, *column), told(cell));
                }
            }
            compared += cells.len();
            let place = |at: kaohe::location::Address| (at.row, at.column);
            let merged = sheet.merges.iter();
            let merged: Blocks = merged.map(|m| (place(m.first), place(m.last))).collect();
            for (at, value) in cells {
                if found.get(at) != Some(value) {
                    let found = found.get(at);
                    wrong.push(format!("{name} {of} {at:?}: {found:?}, not {value:?}"));
                }
            }
            for at in found.keys().filter(|at| !cells.contains_key(at)) {
                wrong.push(format!("{name} {of} {at:?}: {:?}, not blank", found[at]));
            }
            if merged != *blocks {
                wrong.push(format!("{name} {of}: other merged blocks"));
            }
        }
    }
    println!("{workbooks} workbooks, {compared} cells");
    assert!(workbooks > 30 && compared > 5_000);
    assert!(
        wrong.is_empty(),
        "{}",
        wrong[..wrong.len().min(40)].join("\n")
    );
}
