//! What the pass over the content of an .ods knows of one sheet.

use std::sync::Arc;

use quick_xml::events::BytesStart;

use super::super::cells::{Notes, SOME_ERROR};
use super::super::limits;
use super::super::package::damaged;
use super::CONTENT;
use super::amends::{Amends, Place};
use crate::diagnostic::{Excess, FileFault};
use crate::location::Address;
use crate::text;

/// What the pass knows of one sheet.
pub(super) struct Table {
    /// Whether it has a name: calamine passes over those that have none.
    pub(super) named: bool,
    pub(super) notes: Notes,
    pub(super) merges: Vec<(Address, Address)>,
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
    /// What that cell is.
    cell: Cell,
    /// The first row with a cell that holds something, and the ends of rows and columns.
    bounds: Option<(u32, u32, u32)>,
}

/// What the pass knows of the cell that is being read.
#[derive(Default)]
struct Cell {
    /// Where its attributes begin in the content, and how long its beginning is.
    attributes: Place,
    tag: u64,
    /// How often it stands in the sheet, if it holds something.
    times: u64,
    /// Whether it says what its value is, and whether that is a number.
    typed: bool,
    number: bool,
    /// Whether it is a percentage, and whether its text ends with the sign for one.
    percent: bool,
    sign: bool,
    formula: bool,
    covered: bool,
    /// Whether it says that its text is an error.
    error: bool,
    /// Whether it has a text, blank or not, and how long that is.
    text: bool,
    length: u64,
    /// That text, where a formula gave it.
    shown: String,
}

impl Cell {
    /// Whether it says neither what its value is nor how that is found.
    fn lacks_type(&self) -> bool {
        !self.typed && !self.formula && !self.covered
    }

    /// Whether it is a formula without a value. A text that it shows may be a number cut short.
    fn is_uncalculated(&self) -> bool {
        self.formula && !self.typed && (!self.text || !self.shown.trim().is_empty())
    }

    /// Takes a piece of its text.
    fn take(&mut self, text: &str) {
        self.length += text.len() as u64;
        if !text.trim().is_empty() {
            self.sign = text.trim_end().ends_with(['%', '％']);
        }
        if self.formula || self.error {
            self.shown.push_str(text);
        }
    }

    /// Which error it is, if it is one: some programs write one as a number, 0, and tell it by its
    /// text alone.
    fn error(&self) -> Option<&str> {
        let shown = self.shown.trim();
        let told = text::is_error(shown) || shown.starts_with("Err:");
        match (self.error, self.number && told) {
            (true, _) if shown.is_empty() => Some(SOME_ERROR),
            (true, _) | (_, true) => Some(shown),
            _ => None,
        }
    }
}

impl Table {
    pub(super) fn new(
        element: &BytesStart<'_>,
        most: u64,
        values: usize,
    ) -> Result<Self, FileFault> {
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
            cell: Cell::default(),
            bounds: None,
        })
    }

    /// Whether it holds something, and calamine passes over it.
    pub(super) fn is_lost(&self) -> bool {
        !self.named && self.bounds.is_some()
    }

    /// The cells that the sheets behind it may have.
    pub(super) fn left(&self) -> u64 {
        self.most - self.area()
    }

    /// Takes the beginning of a row that stands there so often.
    pub(super) fn begin_row(&mut self, rows: u32) {
        self.rows = rows;
        self.column = 0;
    }

    /// Takes the end of a row.
    pub(super) fn end_row(&mut self) {
        self.row = self.row.saturating_add(self.rows);
    }

    /// Takes the beginning of a cell.
    pub(super) fn begin(
        &mut self,
        element: &BytesStart<'_>,
        attributes: Place,
    ) -> Result<(), FileFault> {
        self.columns = repeats(element, "table:number-columns-repeated")?;
        let below = repeats(element, "table:number-rows-spanned")? - 1;
        let beside = repeats(element, "table:number-columns-spanned")? - 1;
        if (below, beside) != (0, 0) {
            let first = Address::new(self.row, self.column);
            let last = Address::new(
                self.row.saturating_add(below),
                self.column.saturating_add(beside),
            );
            self.merges.push((first, last));
        }
        self.cell = Cell {
            attributes,
            tag: element.len() as u64,
            times: 1,
            covered: element.name().as_ref() == "table:covered-table-cell",
            ..Cell::default()
        };
        for attribute in element.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| damaged(CONTENT))?;
            let (key, value) = (attribute.key.as_ref(), attribute.value.as_ref());
            self.cell.typed |= key.starts_with("office:");
            self.cell.number |= key == "office:value";
            self.cell.formula |= key == "table:formula";
            self.cell.percent |= key == "office:value-type" && value == "percentage";
            self.cell.error |= key == "calcext:value-type" && value == "error";
        }
        if !self.cell.typed && !self.cell.formula {
            return Ok(());
        }
        self.hold()?;
        if self.cell.percent {
            self.notes.percent.extend(self.places());
        }
        if self.cell.covered {
            self.notes.covered.extend(self.places());
        }
        Ok(())
    }

    /// Takes the beginning of a paragraph of the cell that is being read.
    pub(super) fn take_paragraph(&mut self) {
        self.cell.text = true;
        self.take_spaces(1);
    }

    /// Takes so many spaces, tabs or breaks of its text.
    pub(super) fn take_spaces(&mut self, count: u32) {
        self.cell.length += u64::from(count);
    }

    /// Takes a piece of its text.
    pub(super) fn take(&mut self, text: &str, amends: &mut Amends) -> Result<(), FileFault> {
        if self.cell.lacks_type() && !text.trim_ascii().is_empty() {
            self.hold()?;
            self.cell.typed = true;
            amends.put_text(self.cell.attributes);
        }
        self.cell.take(text);
        Ok(())
    }

    /// Takes its end, and tells how much text it makes wherever it stands.
    pub(super) fn end(&mut self) -> u64 {
        let cell = std::mem::take(&mut self.cell);
        if cell.is_uncalculated() {
            self.notes.uncalculated.extend(self.places());
        }
        if cell.number && cell.sign && !cell.percent {
            self.notes.signs.extend(self.places());
        }
        if let Some(error) = cell.error() {
            let error: Arc<str> = error.into();
            let places = self.places().map(|place| (place, Arc::clone(&error)));
            self.notes.errors.extend(places);
        }
        self.column = self.column.saturating_add(self.columns);
        let more = (cell.times - 1) * cell.tag;
        more.saturating_add(cell.times.saturating_mul(cell.length))
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
        self.cell.times = u64::from(self.rows) * u64::from(self.columns);
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

/// How often something stands there, or over how many rows or columns.
///
/// # Errors
/// Not at all, which calamine takes by the word.
pub(super) fn repeats(element: &BytesStart<'_>, name: &str) -> Result<u32, FileFault> {
    match count(element, name)? {
        0 => Err(damaged(CONTENT)),
        count => Ok(count),
    }
}

/// A count in an attribute, 1 where it is not said.
pub(super) fn count(element: &BytesStart<'_>, name: &str) -> Result<u32, FileFault> {
    let attribute = element.try_get_attribute(name);
    let count = match attribute.map_err(|_| damaged(CONTENT))? {
        Some(attribute) => attribute.value.parse::<u64>(),
        None => Ok(1),
    };
    let count = count.map_err(|_| damaged(CONTENT))?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}
