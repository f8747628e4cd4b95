//! Small tables on a terminal: columns, and a line of dashes below their headings.

use comfy_table::{Cell, CellAlignment, LineStyle, Table, TableStyle, presets};

/// Nothing that an old console draws twice as wide as it is.
const STYLE: TableStyle = presets::NOTHING.header_separator(LineStyle::none().fill('-'));

/// A table without rows.
pub(super) fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(STYLE);
    table.set_header(header);
    let last = header.len() - 1;
    for (position, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, if position == last { 0 } else { 2 }));
    }
    table
}

/// A cell for a figure.
pub(super) fn right(text: String) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

/// The lines of a table without the blanks at their ends.
pub(super) fn lines(table: &Table) -> String {
    let text = table.to_string();
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    lines.join("\n")
}
