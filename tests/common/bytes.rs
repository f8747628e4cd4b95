//! What is read of bytes, for tests of one file at a time.
#![allow(
    dead_code,
    reason = "each test binary uses its own part of what all of them share"
)]

use kaohe::diagnostic::FileFault;
use kaohe::input::workbook;
use kaohe::model::grid::{Content, Sheet, Workbook};

pub fn read(bytes: &[u8]) -> Result<Workbook, FileFault> {
    workbook::from_bytes(&"表".into(), bytes)
}

/// What is said of a file that must not be read.
pub fn said(bytes: &[u8]) -> String {
    match read(bytes) {
        Err(FileFault::Damaged(what)) => what,
        other => panic!("{other:?}"),
    }
}

/// What the cells of a sheet hold, row by row.
pub fn contents(sheet: &Sheet) -> Vec<&Content> {
    let cells = sheet.rows.iter().flat_map(|row| &row.cells);
    cells.map(|(_, cell)| &cell.content).collect()
}
