//! How a copied sheet looks: like our own forms where it has their headers, plain elsewhere.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Format, FormatAlign};

use crate::decimal;
use crate::location::Address;
use crate::model::grid::{Cell, Content, Row, Sheet};
use crate::output::style;
use crate::text;

/// The headers of our sheets, and how wide their columns are there.
const HEADERS: [(&str, f64); 22] = [
    ("编号", 10.5),
    ("考核项目", 11.0),
    ("考核内容", 33.0),
    ("计分方法", 29.0),
    ("分值", 6.0),
    ("填报要求", 21.0),
    ("填报值", 11.0),
    ("扣分说明", 18.0),
    ("佐证材料", 16.0),
    ("自查值", 9.5),
    ("扣分", 8.5),
    ("任务序号", 9.0),
    ("工作任务", 33.0),
    ("指标名称", 24.0),
    ("目标", 20.0),
    ("角色", 7.0),
    ("完成情况", 11.0),
    ("实际值", 10.0),
    ("计量单位", 11.0),
    ("被考核单位", 22.0),
    ("考核时段", 11.0),
    ("轮次", 7.0),
];

/// From how many of them on a row is a header.
const ENOUGH: usize = 2;

/// Widths of other columns.
const NARROWEST: f64 = 9.0;
const WIDEST: f64 = 36.0;

/// How one sheet looks.
pub(super) struct Look {
    /// The row of the headers.
    pub header: Option<u32>,
    /// Widths of the columns that hold something.
    pub widths: BTreeMap<u32, f64>,
    /// The table below the header: its columns, left to right, and its last row.
    columns: Vec<u32>,
    last: u32,
    /// The row of the title: the first, where it holds one text.
    title: Option<u32>,
}

impl Look {
    pub(super) fn of(sheet: &Sheet) -> Self {
        // The labels above a form are headers elsewhere: the row with most of them is the header.
        let header = sheet
            .rows
            .iter()
            .rev()
            .max_by_key(|row| known_headers(row))
            .filter(|row| known_headers(row) >= ENOUGH);
        let columns: Vec<u32> = header
            .iter()
            .flat_map(|row| &row.cells)
            .map(|(column, _)| *column)
            .collect();
        let in_table = |row: &&Row| header.is_some_and(|header| row.index > header.index);
        let filled = |row: &&Row| {
            columns
                .first()
                .is_some_and(|first| row.cell(*first).is_some())
        };
        let short = |row: &&Row| row.cells.len() > 1;
        let last = sheet
            .rows
            .iter()
            .filter(in_table)
            .filter(filled)
            .filter(short);
        let first = sheet.rows.first();
        let above = |row: &&Row| header.is_some_and(|header| row.index < header.index);
        Self {
            header: header.map(|row| row.index),
            widths: widths(sheet, header),
            last: last.map(|row| row.index).max().unwrap_or(0),
            columns,
            title: first
                .filter(above)
                .filter(|row| row.cells.len() == 1)
                .map(|row| row.index),
        }
    }

    /// The format of the cell at `address`.
    pub(super) fn format(&self, address: Address) -> Format {
        if self.title == Some(address.row) {
            return style::title();
        }
        let in_columns = self.columns.binary_search(&address.column).is_ok();
        match self.header {
            Some(header) if address.row == header && in_columns => style::header(),
            Some(header) if (header..=self.last).contains(&address.row) && in_columns => {
                let narrow = self
                    .widths
                    .get(&address.column)
                    .is_some_and(|width| *width < 15.0);
                if narrow {
                    style::centred()
                } else {
                    style::cell()
                }
            }
            _ => style::text().set_align(FormatAlign::Left),
        }
    }

    /// The empty cells of the table, which have borders too, unless there are very many.
    pub(super) fn blanks(&self, sheet: &Sheet) -> Vec<Address> {
        const MOST: usize = 100_000;
        let Some(header) = self.header else {
            return Vec::new();
        };
        let blanks = self.columns.iter().flat_map(|&column| {
            let mut blocks = sheet.merges_over(column).into_iter().peekable();
            let cells = (header + 1..=self.last).map(move |row| Address::new(row, column));
            cells.filter(move |address| {
                while blocks
                    .next_if(|block| block.last.row < address.row)
                    .is_some()
                {}
                let merged = blocks.peek().is_some_and(|block| block.contains(*address));
                !merged && sheet.cell(*address).is_none()
            })
        });
        let blanks: Vec<Address> = blanks.take(MOST + 1).collect();
        if blanks.len() > MOST {
            Vec::new()
        } else {
            blanks
        }
    }

    /// The height of a row, in points.
    pub(super) fn height(&self, sheet: &Sheet, row: &Row) -> f64 {
        if self.title == Some(row.index) {
            return 34.0;
        }
        let cells: Vec<(String, f64)> = row
            .cells
            .iter()
            .filter(|(column, _)| sheet.merge_from(Address::new(row.index, *column)).is_none())
            .map(|(column, cell)| {
                (
                    cell_text(cell),
                    self.widths.get(column).copied().unwrap_or(NARROWEST),
                )
            })
            .collect();
        let cells: Vec<(&str, f64)> = cells
            .iter()
            .map(|(text, width)| (text.as_str(), *width))
            .collect();
        style::height(&cells, style::TEXT_SIZE).max(20.0)
    }
}

fn known_headers(row: &Row) -> usize {
    row.cells
        .iter()
        .filter(|(_, cell)| header_width(cell).is_some())
        .count()
}

fn header_width(cell: &Cell) -> Option<f64> {
    let Content::Text(written) = &cell.content else {
        return None;
    };
    let key = text::key(written);
    HEADERS
        .iter()
        .find(|(header, _)| *header == key)
        .map(|(_, width)| *width)
}

/// The widths of the columns: by their header where it is one of ours, else by their content.
fn widths(sheet: &Sheet, header: Option<&Row>) -> BTreeMap<u32, f64> {
    let mut widths: BTreeMap<u32, f64> = BTreeMap::new();
    for row in &sheet.rows {
        for (column, cell) in &row.cells {
            let alone = sheet.merge_from(Address::new(row.index, *column)).is_none();
            let below = header.is_none_or(|header| row.index >= header.index);
            if alone && below {
                let content = u32::try_from(style::width(&cell_text(cell))).unwrap_or(u32::MAX);
                let width = widths.entry(*column).or_insert(NARROWEST);
                *width = width.max((f64::from(content) + 2.0).min(WIDEST));
            }
        }
    }
    for (column, cell) in header.iter().flat_map(|row| &row.cells) {
        if let Some(width) = header_width(cell) {
            widths.insert(*column, width);
        }
    }
    widths
}

fn cell_text(cell: &Cell) -> String {
    match &cell.content {
        Content::Text(text) => text.to_string(),
        Content::Error(text) => text.to_string(),
        Content::Date(date) => date.text.to_string(),
        Content::Number(number) => decimal::from_f64(*number)
            .map(decimal::plain)
            .unwrap_or_default(),
        Content::Bool(_) | Content::Uncalculated => String::new(),
    }
}
