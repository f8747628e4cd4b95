//! Reads .ods with calamine, after one pass over `content.xml`.
//!
//! calamine never ends on a content that breaks off between two rows, and repeats a cell, a row
//! or a space as often as it is told; the pass refuses both. It notes on the way what calamine
//! does not tell of this format: percentages, errors and merged blocks. A file without the part
//! `mimetype`, or with white space between its cells, calamine refuses.

use std::io::Cursor;
use std::sync::Arc;

use calamine::{Ods, Reader};
use quick_xml::events::{BytesStart, Event};

use super::cells::{Notes, fault, hold_to_limit, put_all};
use super::limits;
use super::package::{Package, damaged};
use super::sparse::{Budget, SheetBuilder};
use crate::diagnostic::{Excess, FileFault};
use crate::location::Address;
use crate::model::grid::Sheet;

/// The part that holds the sheets.
const CONTENT: &str = "content.xml";

/// Reads every sheet.
pub(super) fn read(package: &mut Package<'_>) -> Result<Vec<Sheet>, FileFault> {
    let content = package.bytes(CONTENT)?.ok_or_else(|| damaged(CONTENT))?;
    let found = hold_to_limit(check(&content)?)?;
    drop(content);
    let mut book: Ods<_> =
        Ods::new(Cursor::new(package.source())).map_err(|error| fault(None, error))?;
    let mut budget = Budget::default();
    let names = book.sheet_names();
    if names.len() != found.len() {
        return Err(damaged(CONTENT));
    }
    names
        .into_iter()
        .zip(found)
        .map(|(name, table)| {
            let broken = |error| fault(Some(&name), error);
            let values = book.worksheet_range(&name).map_err(broken)?;
            let formulas = book.worksheet_formula(&name).map_err(broken)?;
            let mut cells = SheetBuilder::default();
            put_all(&values, &formulas, &table.notes, &mut cells, &mut budget)?;
            for (first, last) in table.merges {
                cells.merge(&mut budget, first, last)?;
            }
            Ok(cells.finish(Some(Arc::from(name))))
        })
        .collect()
}

/// What the pass knows of one sheet.
#[derive(Default)]
struct Table {
    notes: Notes,
    merges: Vec<(Address, Address)>,
    /// The row that is being read, or the next.
    row: u32,
    /// How often that row stands in the sheet.
    rows: u32,
    /// The next column of that row.
    column: u32,
    /// How often the text that is being read stands in the sheet.
    times: u64,
    /// The first row with a cell that holds something, and the ends of rows and columns.
    bounds: Option<(u32, u32, u32)>,
}

/// The pass: whole to its end, within the limits.
fn check(content: &[u8]) -> Result<Vec<Table>, FileFault> {
    let broken = || damaged(CONTENT);
    let mut reader = quick_xml::Reader::from_reader(content);
    reader.config_mut().expand_empty_elements = true;
    let mut tables: Vec<Table> = Vec::new();
    let mut depth = 0_usize;
    let mut text = 0_u64;
    loop {
        let event = reader.read_event().map_err(|_| broken())?;
        let times = tables.last().map_or(1, |table| table.times.max(1));
        match event {
            Event::Start(element) => {
                depth += 1;
                match (element.name().as_ref(), tables.last_mut()) {
                    ("table:table", _) => tables.push(Table::default()),
                    ("table:table-row", Some(table)) => {
                        table.rows = count(&element, "table:number-rows-repeated")?;
                        table.column = 0;
                    }
                    ("table:table-cell" | "table:covered-table-cell", Some(table)) => {
                        table.cell(&element)?;
                    }
                    ("text:s", _) => text += times * u64::from(count(&element, "text:c")?),
                    _ => {}
                }
            }
            Event::End(element) => {
                depth = depth.checked_sub(1).ok_or_else(broken)?;
                match (element.name().as_ref(), tables.last_mut()) {
                    ("table:table-row", Some(table)) => {
                        table.row = table.row.saturating_add(table.rows);
                    }
                    ("table:table-cell" | "table:covered-table-cell", Some(table)) => {
                        table.times = 1;
                    }
                    _ => {}
                }
            }
            Event::Text(written) => text += times * written.len() as u64,
            // Half a content: the sheets behind the break would be lost without a word.
            Event::Eof if depth > 0 => return Err(broken()),
            Event::Eof => break,
            _ => {}
        }
        if text > limits::TEXT_BYTES as u64 {
            return Err(FileFault::TooLarge(Excess::Text(limits::TEXT_BYTES >> 20)));
        }
    }
    let area: u64 = tables.iter().map(Table::area).sum();
    if area > limits::VALUES as u64 {
        return Err(FileFault::TooLarge(Excess::Values(limits::VALUES)));
    }
    Ok(tables)
}

impl Table {
    /// Takes the beginning of one cell.
    fn cell(&mut self, element: &BytesStart<'_>) -> Result<(), FileFault> {
        let repeated = count(element, "table:number-columns-repeated")?;
        let (row, column) = (self.row, self.column);
        self.column = column.saturating_add(repeated);
        let covered = element.name().as_ref() == "table:covered-table-cell";
        let below = count(element, "table:number-rows-spanned")? - 1;
        let beside = count(element, "table:number-columns-spanned")? - 1;
        if (below, beside) != (0, 0) {
            let last = Address::new(row.saturating_add(below), column.saturating_add(beside));
            self.merges.push((Address::new(row, column), last));
        }
        let (mut holds, mut percent, mut error) = (false, false, false);
        for attribute in element.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| damaged(CONTENT))?;
            let (key, value) = (attribute.key.as_ref(), attribute.value.as_ref());
            holds |= key.starts_with("office:") || key == "table:formula";
            percent |= key == "office:value-type" && value == "percentage";
            error |= key == "calcext:value-type" && value == "error";
        }
        if !holds {
            return Ok(());
        }
        let (bottom, right) = (row.saturating_add(self.rows), self.column);
        if bottom > limits::ROWS || right > limits::COLUMNS {
            return Err(FileFault::Damaged("单元格地址超出表格范围".to_owned()));
        }
        self.times = u64::from(repeated) * u64::from(self.rows);
        if self.times > limits::VALUES as u64 {
            return Err(FileFault::TooLarge(Excess::Values(limits::VALUES)));
        }
        for (known, places) in [
            (percent, &mut self.notes.percent),
            (error, &mut self.notes.errors),
            (covered, &mut self.notes.covered),
        ] {
            if known {
                places.extend((row..bottom).flat_map(|row| (column..right).map(move |c| (row, c))));
            }
        }
        let (top, lowest, widest) = self.bounds.unwrap_or((row, bottom, right));
        self.bounds = Some((top, lowest.max(bottom), widest.max(right)));
        Ok(())
    }

    /// The cells of the grid that calamine makes of the sheet.
    fn area(&self) -> u64 {
        let (top, bottom, right) = self.bounds.unwrap_or_default();
        u64::from(bottom - top) * u64::from(right)
    }
}

/// A count in an attribute, 1 where it is not said.
fn count(element: &BytesStart<'_>, name: &str) -> Result<u32, FileFault> {
    let attribute = element.try_get_attribute(name);
    let attribute = attribute.map_err(|_| damaged(CONTENT))?;
    let count = attribute.and_then(|attribute| attribute.value.trim().parse().ok());
    Ok(count.unwrap_or(1).max(1))
}
