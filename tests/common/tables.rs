//! What the tables of a sheet are, in short words.

use kaohe::input::layout::{self, Found};
use kaohe::input::workbook::{self, Limits};
use kaohe::model::submission::{Row, Table};

use super::packages;

pub fn found_in(bytes: &[u8]) -> Found {
    let workbook = workbook::from_bytes(&"表".into(), bytes).expect("a file that can be read");
    layout::find(workbook, 0, &Limits::default()).expect("a file of a usual size")
}

pub fn tables_of(bytes: &[u8]) -> Vec<Table> {
    found_in(bytes).tables
}

/// A row as `unit period round: id=value`.
pub fn told(row: &Row) -> String {
    let context = &row.context;
    let round = context.round.as_ref().map(|round| round.written.text());
    format!(
        "{} {} {}: {}={}",
        context.unit.written.text(),
        context.period.written.text(),
        round.unwrap_or_default(),
        row.id.text(),
        row.value.text()
    )
}

/// The rows of each table, as [`told`].
pub fn rows_of(bytes: &[u8]) -> Vec<Vec<String>> {
    let of_table = |table: &Table| table.rows.iter().map(told).collect();
    tables_of(bytes).iter().map(of_table).collect()
}

/// The rows of the only table of a text.
pub fn rows_in(text: &str) -> Vec<String> {
    let mut tables = rows_of(text.as_bytes());
    assert_eq!(tables.len(), 1, "{text}");
    tables.remove(0)
}

/// A sheet of texts and merged blocks; `_` stands for an empty cell, `d` for a date.
pub fn xlsx(rows: &[&str], merges: &[&str]) -> Vec<u8> {
    let cell = |(column, text): (u8, &str), row: usize| match text {
        "_" => String::new(),
        "d" => format!(
            "<c r=\"{}{row}\" t=\"d\"><v>2019-01-02</v></c>",
            char::from(b'A' + column)
        ),
        _ => format!(
            "<c r=\"{}{row}\" t=\"str\"><v>{text}</v></c>",
            char::from(b'A' + column)
        ),
    };
    let row = |(row, cells): (usize, &&str)| {
        let cells = (0..).zip(cells.split(' ')).map(|of| cell(of, row));
        format!("<row r=\"{row}\">{}</row>", cells.collect::<String>())
    };
    let rows: String = (1..).zip(rows).map(row).collect();
    let merges = merges.iter().map(|of| format!("<mergeCell ref=\"{of}\"/>"));
    let merges: String = merges.collect();
    packages::xlsx_of(&format!(
        "<worksheet><sheetData>{rows}</sheetData><mergeCells>{merges}</mergeCells></worksheet>"
    ))
}

/// The labels of a form.
pub const LABELS: &str = "被考核单位,武陵区\n考核时段,平时考核\n";
