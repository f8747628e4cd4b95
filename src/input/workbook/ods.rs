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
use super::limits::{self, Limits};
use super::package::{Package, damaged};
use super::sparse::{Budget, SheetBuilder};
use crate::diagnostic::{Excess, FileFault};
use crate::location::Address;
use crate::model::grid::Sheet;

/// The part that holds the sheets.
const CONTENT: &str = "content.xml";

/// Reads every sheet.
pub(super) fn read(package: &mut Package<'_>, limits: &Limits) -> Result<Vec<Sheet>, FileFault> {
    let content = package.bytes(CONTENT)?.ok_or_else(|| damaged(CONTENT))?;
    let found = hold_to_limit(check(&content, limits)?, limits)?;
    drop(content);
    let mut book: Ods<_> =
        Ods::new(Cursor::new(package.source())).map_err(|error| fault(None, error))?;
    let mut budget = Budget::of(limits);
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
            cells.finish(Some(Arc::from(name)))
        })
        .collect()
}

/// What the pass knows of one sheet.
struct Table {
    /// Whether it has a name: calamine passes over those that have none.
    named: bool,
    notes: Notes,
    merges: Vec<(Address, Address)>,
    /// The cells that the sheet may have.
    most: u64,
    /// The cells that all sheets together may have.
    values: usize,
    /// The row that is being read, or the next, and how often it stands in the sheet.
    row: u32,
    rows: u32,
    /// The cell that is being read, or the next, and how often it stands in its row.
    column: u32,
    columns: u32,
    /// Whether that cell has a formula and nothing that could be its result.
    bare: bool,
    /// The first row with a cell that holds something, and the ends of rows and columns.
    bounds: Option<(u32, u32, u32)>,
}

/// The pass: whole to its end, within the limits.
fn check(content: &[u8], limits: &Limits) -> Result<Vec<Table>, FileFault> {
    let broken = || damaged(CONTENT);
    let mut reader = quick_xml::Reader::from_reader(content);
    reader.config_mut().expand_empty_elements = true;
    let mut tables: Vec<Table> = Vec::new();
    let mut depth = 0_usize;
    // The text of all cells, repeats and all, and how often that of the present cell stands there.
    let (mut text, mut times) = (0_u64, 1);
    loop {
        match reader.read_event().map_err(|_| broken())? {
            Event::Start(element) => {
                depth += 1;
                match (element.name().as_ref(), tables.last_mut()) {
                    ("table:table", last) => {
                        let most = last.map_or(limits.dense as u64, |t| t.most - t.area());
                        tables.push(Table::new(&element, most, limits.dense)?);
                    }
                    ("table:table-row", Some(table)) => {
                        table.rows = count(&element, "table:number-rows-repeated")?;
                        table.column = 0;
                    }
                    ("table:table-cell" | "table:covered-table-cell", Some(table)) => {
                        times = table.begin(&element)?;
                        text += (times - 1) * element.len() as u64;
                    }
                    ("text:p", Some(table)) => table.bare = false,
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
                        table.end();
                        times = 1;
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
        if text > limits.text as u64 {
            return Err(FileFault::TooLarge(Excess::Text(limits.text >> 20)));
        }
    }
    tables.retain(|table| table.named);
    Ok(tables)
}

impl Table {
    fn new(element: &BytesStart<'_>, most: u64, values: usize) -> Result<Self, FileFault> {
        let name = element.try_get_attribute("table:name");
        Ok(Self {
            named: name.map_err(|_| damaged(CONTENT))?.is_some(),
            notes: Notes::default(),
            merges: Vec::new(),
            most,
            values,
            row: 0,
            rows: 1,
            column: 0,
            columns: 1,
            bare: false,
            bounds: None,
        })
    }

    /// Takes the beginning of a cell, and tells how often it stands in the sheet if it holds
    /// something.
    fn begin(&mut self, element: &BytesStart<'_>) -> Result<u64, FileFault> {
        self.columns = count(element, "table:number-columns-repeated")?;
        let below = count(element, "table:number-rows-spanned")? - 1;
        let beside = count(element, "table:number-columns-spanned")? - 1;
        if (below, beside) != (0, 0) {
            let first = Address::new(self.row, self.column);
            let last = Address::new(
                self.row.saturating_add(below),
                self.column.saturating_add(beside),
            );
            self.merges.push((first, last));
        }
        let (mut typed, mut formula, mut percent, mut error) = (false, false, false, false);
        for attribute in element.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| damaged(CONTENT))?;
            let (key, value) = (attribute.key.as_ref(), attribute.value.as_ref());
            typed |= key.starts_with("office:");
            formula |= key == "table:formula";
            percent |= key == "office:value-type" && value == "percentage";
            error |= key == "calcext:value-type" && value == "error";
        }
        if !typed && !formula {
            return Ok(1);
        }
        self.hold()?;
        self.bare = formula && !typed;
        let places = self.places();
        if percent {
            self.notes.percent.extend(places.clone());
        }
        if error {
            self.notes.errors.extend(places.clone());
        }
        if element.name().as_ref() == "table:covered-table-cell" {
            self.notes.covered.extend(places);
        }
        Ok(u64::from(self.rows) * u64::from(self.columns))
    }

    /// Takes the end of a cell.
    fn end(&mut self) {
        if std::mem::take(&mut self.bare) {
            let places = self.places();
            self.notes.uncalculated.extend(places);
        }
        self.column = self.column.saturating_add(self.columns);
    }

    /// Counts in the cell that is being read, and holds the sheet to the limits.
    fn hold(&mut self) -> Result<(), FileFault> {
        let bottom = self.row.saturating_add(self.rows);
        let right = self.column.saturating_add(self.columns);
        if bottom > limits::ROWS || right > limits::COLUMNS {
            return Err(FileFault::Damaged("单元格地址超出表格范围".to_owned()));
        }
        let (top, lowest, widest) = self.bounds.unwrap_or((self.row, bottom, right));
        self.bounds = Some((top, lowest.max(bottom), widest.max(right)));
        if self.area() > self.most {
            return Err(FileFault::TooLarge(Excess::Values(self.values)));
        }
        Ok(())
    }

    /// Every place in the sheet of the cell that is being read.
    fn places(&self) -> impl Iterator<Item = (u32, u32)> + Clone + use<> {
        let columns = self.column..self.column.saturating_add(self.columns);
        let rows = self.row..self.row.saturating_add(self.rows);
        rows.flat_map(move |row| columns.clone().map(move |column| (row, column)))
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
    let count = match attribute.map_err(|_| damaged(CONTENT))? {
        Some(attribute) => attribute.value.parse::<u64>(),
        None => Ok(1),
    };
    let count = count.map_err(|_| damaged(CONTENT))?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX).max(1))
}
