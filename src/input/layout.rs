//! Finds the tables of the known layouts in a workbook and takes every field out with its
//! cell. What the fields mean is not judged here.
//!
//! Columns are found by header text, in any order, in whatever row the header stands. Titles
//! above, blank rows, 合计 rows, signature lines and extra columns do no harm.

mod header;
mod labels;
mod rows;

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Finding, Spot};
use crate::location::Source;
use crate::model::grid::{Sheet, Workbook};
use crate::model::submission::Table;
use crate::text;
use header::{Header, near_miss};
use labels::Labels;

/// What was found in one workbook.
#[derive(Debug, Default)]
pub struct Found {
    /// The tables, in the order of the sheets.
    pub tables: Vec<Table>,
    /// Sheets without a table, where that matters.
    pub diagnostics: Vec<Diagnostic>,
}

/// Finds the tables of `workbook`, which is the `order`-th file of the run.
pub fn find(workbook: &Workbook, order: u32) -> Found {
    let mut found = Found::default();
    let mut without_table = Vec::new();
    for (index, sheet) in (0..).zip(&workbook.sheets) {
        let source = Source {
            file: Arc::clone(&workbook.file),
            sheet: sheet.name.clone(),
            order: (order, index),
        };
        let tables = tables_of(sheet, &source);
        if tables.is_empty() {
            if !is_ignored(sheet) {
                without_table.push((source, near_miss(sheet)));
            }
            continue;
        }
        found.tables.extend(tables);
    }
    if found.tables.is_empty() {
        let near = without_table.into_iter().find_map(|(_, near)| near);
        let spot = Spot::File(Source {
            file: Arc::clone(&workbook.file),
            sheet: None,
            order: (order, 0),
        });
        let finding = Finding::NoTableInFile { near };
        found.diagnostics.push(Diagnostic::new(spot, finding));
    } else {
        for (source, near) in without_table {
            let finding = Finding::NoTableInSheet { near };
            found
                .diagnostics
                .push(Diagnostic::new(Spot::Sheet(source), finding));
        }
    }
    found
}

/// Whether a sheet without a table is no cause for a word: empty, the instructions, or the
/// list of problems that a marked return carries.
fn is_ignored(sheet: &Sheet) -> bool {
    let name = text::key(sheet.name.as_deref().unwrap_or_default());
    sheet.rows.is_empty() || name.ends_with("说明") || name == "问题清单"
}

/// The tables of one sheet, top to bottom.
fn tables_of(sheet: &Sheet, source: &Source) -> Vec<Table> {
    let mut tables = Vec::new();
    let mut labels = Labels::default();
    let mut rows = sheet.rows.iter().enumerate().peekable();
    while let Some((index, row)) = rows.next() {
        let Some(header) = Header::of(row) else {
            labels.read(sheet, row);
            continue;
        };
        let body = &sheet.rows[index + 1..];
        let (table, used) = rows::read(sheet, source, &header, &labels, body);
        tables.push(table);
        if used > 0 {
            rows.nth(used - 1);
        }
    }
    tables
}
