//! A sheet as it was found: cells with absolute addresses, nothing interpreted.

use std::fmt;
use std::mem;
use std::ops::{Deref, Range};
use std::slice;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};
use smol_str::SmolStr;

use crate::location::Address;

/// One file that was read: its sheets, in the order of the workbook.
#[derive(Debug)]
pub struct Workbook {
    /// The file, relative to the path that was given, with `/`.
    pub file: Arc<str>,
    /// What kind of file its content is (not its name).
    pub format: Format,
    /// Its sheets; a text file has one, without a name.
    pub sheets: Vec<Sheet>,
    /// Whether it was read by this process, row by row.
    pub here: bool,
    /// Whether that took so little that it may be read once more.
    pub quick: bool,
}

/// What a file's content is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// Office Open XML: .xlsx .xlsm
    Xlsx,
    /// Office Open XML, binary: .xlsb
    Xlsb,
    /// Excel 97–2003 and WPS: .xls .et
    Xls,
    /// OpenDocument: .ods
    Ods,
    /// Delimited text: .csv .tsv .txt
    Text,
}

/// One sheet: the cells that hold something, row by row.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Sheet {
    /// Its name; `None` for a text file.
    pub name: Option<Arc<str>>,
    /// Rows that hold something, top to bottom.
    pub rows: Vec<Row>,
    /// Merged blocks, where the format tells of them, by their first cell, row by row; only that
    /// one holds a value.
    pub merges: Vec<Merge>,
    /// Bytes of memory that its texts and dates take beside the cells, about.
    pub beside: usize,
    /// Whether the file holds them top to bottom and left to right, as all programs write them.
    pub ascending: bool,
}

/// The cells of one row that hold something, left to right.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// The row, from zero, as Excel counts.
    pub index: u32,
    /// Column, from zero, and what stands there.
    pub cells: Cells,
}

/// Cells of one row, with their columns: a part of a block of memory that rows next to it share, and
/// that is given back with the last of them.
#[derive(Clone, Default, Deserialize)]
#[serde(from = "Vec<(u32, Cell)>")]
pub struct Cells {
    block: Arc<[(u32, Cell)]>,
    part: Range<usize>,
}

/// A cell that holds something. In a long sheet equal texts are mostly one text in memory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// What it holds.
    pub content: Content,
    /// Whether a formula stands behind it.
    pub formula: bool,
    /// Whether its number format shows a percentage.
    pub percent: bool,
}

/// What a cell holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Content {
    /// Text, as it stands; something of it can be seen.
    Text(SmolStr),
    /// A number, as the file holds it.
    Number(f64),
    /// TRUE or FALSE.
    Bool(bool),
    /// A number or text that the sheet formats as a date or a time. Few cells hold one: the others
    /// do without the room for it.
    Date(Box<Moment>),
    /// An error such as `#REF!`.
    Error(Arc<str>),
    /// A formula whose result was never calculated.
    Uncalculated,
}

/// A date, a time, or both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// As it reads: `2019-01-31` where the file tells it, else as the file has it.
    pub text: SmolStr,
    /// The serial number behind it; `None` where the file holds text.
    pub serial: Option<f64>,
}

/// Bytes of memory that a text of its own takes beside its characters, about.
pub const PER_TEXT: usize = 32;

/// A merged block of cells, both corners included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merge {
    /// Top left: the cell that holds the value.
    pub first: Address,
    /// Bottom right.
    pub last: Address,
}

impl Workbook {
    /// Whether each sheet of the file has its cells in order.
    pub fn is_ascending(&self) -> bool {
        self.sheets.iter().all(|sheet| sheet.ascending)
    }

    /// The cells that hold something.
    pub fn values(&self) -> usize {
        let rows = self.sheets.iter().flat_map(|sheet| &sheet.rows);
        rows.map(|row| row.cells.len()).sum()
    }

    /// Bytes of memory that its sheets take, about.
    pub fn memory(&self) -> usize {
        let of_sheet = |sheet: &Sheet| size_of_val(&*sheet.rows) + sheet.beside;
        self.values() * Cells::EACH + self.sheets.iter().map(of_sheet).sum::<usize>()
    }
}

impl Sheet {
    /// What stands at `address`, if anything.
    pub fn cell(&self, address: Address) -> Option<&Cell> {
        self.row(address.row)?.cell(address.column)
    }

    /// The row of that number, from zero, if there is anything in it.
    pub fn row(&self, index: u32) -> Option<&Row> {
        let found = self.rows.binary_search_by_key(&index, |row| row.index);
        Some(&self.rows[found.ok()?])
    }

    /// The merged block that begins at `first`, if any.
    pub fn merge_from(&self, first: Address) -> Option<&Merge> {
        let found = self
            .merges
            .binary_search_by_key(&first, |merge| merge.first);
        Some(&self.merges[found.ok()?])
    }

    /// The merged blocks that cover cells of `column`, top to bottom.
    pub fn merges_over(&self, column: u32) -> Vec<Merge> {
        let over = |merge: &&Merge| (merge.first.column..=merge.last.column).contains(&column);
        self.merges.iter().filter(over).copied().collect()
    }
}

impl Row {
    /// Rows whose cells share a block: the index of each, and where its cells end.
    pub(crate) fn in_block(
        block: Arc<[(u32, Cell)]>,
        rows: impl IntoIterator<Item = (u32, usize)>,
    ) -> impl Iterator<Item = Self> {
        let mut start = 0;
        rows.into_iter().map(move |(index, end)| {
            let block = Arc::clone(&block);
            let part = mem::replace(&mut start, end)..end;
            let cells = Cells { block, part };
            Self { index, cells }
        })
    }

    /// What stands in `column`, if anything.
    pub fn cell(&self, column: u32) -> Option<&Cell> {
        let index = self
            .cells
            .binary_search_by_key(&column, |(column, _)| *column)
            .ok()?;
        Some(&self.cells[index].1)
    }
}

impl From<Vec<(u32, Cell)>> for Cells {
    fn from(cells: Vec<(u32, Cell)>) -> Self {
        let part = 0..cells.len();
        let block = cells.into();
        Self { block, part }
    }
}

impl FromIterator<(u32, Cell)> for Cells {
    fn from_iter<I: IntoIterator<Item = (u32, Cell)>>(cells: I) -> Self {
        Vec::from_iter(cells).into()
    }
}

impl Cells {
    /// Bytes of memory of each.
    pub const EACH: usize = size_of::<(u32, Cell)>();
}

impl Deref for Cells {
    type Target = [(u32, Cell)];

    fn deref(&self) -> &Self::Target {
        &self.block[self.part.clone()]
    }
}

impl fmt::Debug for Cells {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<'a> IntoIterator for &'a Cells {
    type Item = &'a (u32, Cell);
    type IntoIter = slice::Iter<'a, (u32, Cell)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Serialize for Cells {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}

impl Merge {
    /// Whether `address` lies in the block.
    pub fn contains(&self, address: Address) -> bool {
        (self.first.row..=self.last.row).contains(&address.row)
            && (self.first.column..=self.last.column).contains(&address.column)
    }
}
