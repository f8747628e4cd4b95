//! What calamine alone finds in an .xlsx, and what this program does, told alike.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use calamine::{Data, DataType, Reader as _, SheetType, Xlsx};
use kaohe::model::grid::{Cell, Content, Sheet};

/// A cell as text; a date counts by its number.
fn told(cell: &Cell) -> String {
    let content = match &cell.content {
        Content::Text(text) => format!("text {text}"),
        Content::Number(number) => format!("number {number}"),
        Content::Bool(truth) => format!("truth {truth}"),
        Content::Date(date) => match date.serial {
            Some(serial) => format!("moment {serial}"),
            None => format!("date {}", date.text.replacen(' ', "T", 1)),
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

/// The cells of a sheet by row and column.
pub type Cells = BTreeMap<(u32, u32), String>;
/// The merged blocks of a sheet.
pub type Blocks = BTreeSet<((u32, u32), (u32, u32))>;

/// The sheets of a workbook as calamine alone gives them; nothing where it refuses the file.
pub fn alone(bytes: &[u8]) -> Option<Vec<(String, Cells, Blocks)>> {
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

/// The cells of a sheet as this program gives them.
pub fn cells_of(sheet: &Sheet) -> Cells {
    let rows = sheet.rows.iter();
    rows.flat_map(|row| {
        let cells = row.cells.iter();
        cells.map(|(column, cell)| ((row.index, *column), told(cell)))
    })
    .collect()
}
