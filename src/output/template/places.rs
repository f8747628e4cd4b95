//! Addresses in formulas.

use rust_xlsxwriter::utility::row_col_to_cell;
use rust_xlsxwriter::utility::row_col_to_cell_absolute;

/// A block of cells in one column, both ends included.
#[derive(Clone, Copy)]
pub(super) struct Block {
    pub column: u16,
    pub first: u32,
    pub last: u32,
}

impl Block {
    /// `'任务完成情况'!$F$6:$F$40`
    pub(super) fn on(self, sheet: &str) -> String {
        on(sheet, &self.absolute())
    }

    /// `$F$6:$F$40`
    pub(super) fn absolute(self) -> String {
        format!(
            "{}:{}",
            row_col_to_cell_absolute(self.first, self.column),
            row_col_to_cell_absolute(self.last, self.column)
        )
    }
}

/// `F6`
pub(super) fn cell(row: u32, column: u16) -> String {
    row_col_to_cell(row, column)
}

/// `$F$6`
pub(super) fn fixed(row: u32, column: u16) -> String {
    row_col_to_cell_absolute(row, column)
}

/// An address on another sheet: `'任务完成情况'!$F$6`.
pub(super) fn on(sheet: &str, address: &str) -> String {
    format!("'{}'!{address}", sheet.replace('\'', "''"))
}
