//! Most .xlsx have their cells read without calamine, and it changes nothing: every one of the
//! project holds the cells and merged blocks that calamine alone finds in it.
//!
//! `KAOHE_WORKBOOKS=DIR cargo test --test against_calamine` holds the workbooks below another
//! folder to the same.

#[path = "common/alone.rs"]
mod alone;
mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use alone::{Blocks, alone, cells_of};
use kaohe::input::workbook;
use kaohe::model::grid::Format;

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
            let found = cells_of(sheet);
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
