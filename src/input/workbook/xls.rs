//! Reads .xls and .et of Excel 5 to 2003 and WPS: one pass over the records of the workbook, one
//! over those of each sheet.
//!
//! calamine keeps a dense grid of the sheet's bounds, which a single far value makes as large as
//! memory, tells no percentages, and does not survive damage; here a chain or length that leads
//! nowhere is a fault.

use std::sync::Arc;

use encoding_rs::{Encoding, WINDOWS_1252};

use super::biff::{self, Records, code_page, error_text, packed_number};
use super::dates;
use super::formats::{Shows, Styles};
use super::limits;
use super::ole::{Container, f64_at, u16_at, u32_at};
use super::package::damaged;
use super::sparse::{Budget, SheetBuilder};
use crate::diagnostic::{Excess, FileFault, Other};
use crate::location::Address;
use crate::model::grid::{Cell, Content, Sheet};

/// Kinds of records, by their names in Microsoft's description of the format.
mod kind {
    pub(super) const FORMULA: u16 = 0x06;
    pub(super) const EOF: u16 = 0x0a;
    pub(super) const DATE_1904: u16 = 0x22;
    pub(super) const FILE_PASS: u16 = 0x2f;
    pub(super) const CODE_PAGE: u16 = 0x42;
    pub(super) const BOUND_SHEET: u16 = 0x85;
    pub(super) const MUL_RK: u16 = 0xbd;
    pub(super) const RSTRING: u16 = 0xd6;
    pub(super) const XF: u16 = 0xe0;
    pub(super) const MERGE_CELLS: u16 = 0xe5;
    pub(super) const SST: u16 = 0xfc;
    pub(super) const LABEL_SST: u16 = 0xfd;
    pub(super) const NUMBER: u16 = 0x203;
    pub(super) const LABEL: u16 = 0x204;
    pub(super) const BOOL_ERR: u16 = 0x205;
    pub(super) const STRING: u16 = 0x207;
    pub(super) const RK: u16 = 0x27e;
    pub(super) const FORMULA_3: u16 = 0x206;
    pub(super) const FORMULA_4: u16 = 0x406;
    pub(super) const FORMAT: u16 = 0x41e;
    pub(super) const BOF: u16 = 0x809;
}

/// The version of records since Excel 97.
const EXCEL_97: u16 = 0x600;
/// The version of records of Excel 5 and 95.
const EXCEL_5: u16 = 0x500;

/// What the cells of every sheet refer to.
struct Book {
    /// Whether text is in the characters of Excel 97 rather than in bytes of a code page.
    unicode: bool,
    encoding: &'static Encoding,
    strings: Vec<String>,
    styles: Styles,
    from_1904: bool,
    /// Where each sheet of cells begins, and its name.
    sheets: Vec<(usize, String)>,
    /// Whether a library wrote the file: programs of people leave a summary beside the workbook.
    by_library: bool,
}

/// Reads every sheet of cells.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Sheet>, FileFault> {
    let container = Container::open(bytes)?;
    let stream = workbook(&container)?;
    let by_library = !container.has("\u{5}SummaryInformation");
    let mut book = globals(&stream, by_library)?;
    let mut budget = Budget::default();
    std::mem::take(&mut book.sheets)
        .into_iter()
        .map(|(offset, name)| {
            let sheet = sheet(&stream, offset, &book, &mut budget)?;
            Ok(sheet.finish(Some(Arc::from(name))))
        })
        .collect()
}

/// The stream that holds the workbook.
fn workbook(container: &Container<'_>) -> Result<Vec<u8>, FileFault> {
    if container.has("EncryptedPackage") {
        return Err(FileFault::Encrypted);
    }
    for name in ["Workbook", "Book"] {
        if let Some(stream) = container.stream(name)? {
            return Ok(stream);
        }
    }
    let known = [
        ("WordDocument", Other::Word),
        ("PowerPoint Document", Other::PowerPoint),
        ("__properties_version1.0", Other::Mail),
    ];
    let found = known.iter().find(|(name, _)| container.has(name));
    Err(FileFault::NotASpreadsheet(
        found.map_or(Other::Ole, |(_, other)| *other),
    ))
}

/// Reads the records of the workbook as a whole.
fn globals(stream: &[u8], by_library: bool) -> Result<Book, FileFault> {
    let mut records = Records::new(stream, 0);
    let unicode = match records.next() {
        Some((kind::BOF, bof)) => match u16_at(bof.first, 0) {
            EXCEL_97 => true,
            EXCEL_5 => false,
            _ => return Err(FileFault::NotASpreadsheet(Other::OldExcel)),
        },
        Some((0x09 | 0x209 | 0x409, _)) => {
            return Err(FileFault::NotASpreadsheet(Other::OldExcel));
        }
        _ => return Err(broken()),
    };
    let mut book = Book {
        unicode,
        encoding: WINDOWS_1252,
        strings: Vec::new(),
        styles: Styles::default(),
        from_1904: false,
        sheets: Vec::new(),
        by_library,
    };
    loop {
        let (kind, content) = records.next().ok_or(FileFault::Incomplete)?;
        if kind == kind::EOF {
            return Ok(book);
        }
        book.take(kind, content)?;
    }
}

impl Book {
    /// Takes one record of the workbook.
    fn take(&mut self, kind: u16, mut content: biff::Content<'_>) -> Result<(), FileFault> {
        let first = content.first;
        match kind {
            kind::FILE_PASS => return Err(FileFault::Encrypted),
            kind::CODE_PAGE => self.encoding = code_page(u16_at(first, 0)),
            kind::DATE_1904 => self.from_1904 = u16_at(first, 0) == 1,
            kind::FORMAT => {
                content.skip(2).ok_or_else(broken)?;
                let length_bytes = if self.unicode { 2 } else { 1 };
                let code = self.text(&mut content, length_bytes)?;
                self.styles.add_format(u32::from(u16_at(first, 0)), &code);
            }
            kind::XF => self.styles.add_style(u32::from(u16_at(first, 2))),
            kind::SST => self.strings = content.shared_strings().ok_or_else(broken)?,
            kind::BOUND_SHEET => {
                content.skip(6).ok_or_else(broken)?;
                let name = self.text(&mut content, 1)?;
                // Other kinds are charts, macros and modules.
                if first[5] & 0x0f == 0 {
                    self.sheets.push((u32_at(first, 0) as usize, name));
                }
                if self.sheets.len() > limits::SHEETS {
                    return Err(FileFault::TooLarge(Excess::Sheets(limits::SHEETS)));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The text that comes next.
    fn text(
        &self,
        content: &mut biff::Content<'_>,
        length_bytes: usize,
    ) -> Result<String, FileFault> {
        let text = match self.unicode {
            true => content.unicode(length_bytes),
            false => content.bytes(length_bytes, self.encoding),
        };
        text.ok_or_else(broken)
    }
}

/// The pass over one sheet.
struct Pass<'b> {
    book: &'b Book,
    budget: &'b mut Budget,
    sheet: SheetBuilder,
    /// The formula whose text comes in a record of its own, and its style.
    awaiting: Option<(Address, usize)>,
}

/// Reads the cells of the sheet that begins at `offset`.
fn sheet(
    stream: &[u8],
    offset: usize,
    book: &Book,
    budget: &mut Budget,
) -> Result<SheetBuilder, FileFault> {
    let mut pass = Pass {
        book,
        budget,
        sheet: SheetBuilder::default(),
        awaiting: None,
    };
    let mut records = Records::new(stream, offset);
    // Charts within a sheet have a beginning and an end of their own.
    let mut depth = 0_usize;
    loop {
        let (kind, content) = records.next().ok_or(FileFault::Incomplete)?;
        match kind {
            kind::BOF => depth += 1,
            _ if depth == 0 => return Err(broken()),
            kind::EOF if depth == 1 => return Ok(pass.sheet),
            kind::EOF => depth -= 1,
            _ if depth == 1 => pass.record(kind, content)?,
            _ => {}
        }
    }
}

impl Pass<'_> {
    /// Takes one record of a sheet.
    fn record(&mut self, kind: u16, mut content: biff::Content<'_>) -> Result<(), FileFault> {
        let first = content.first;
        match kind {
            kind::NUMBER => self.number(place(first, 14)?, f64_at(first, 6), false),
            kind::RK => self.number(place(first, 10)?, packed_number(first, 6), false),
            kind::MUL_RK => self.numbers(first),
            kind::LABEL_SST => {
                let at = place(first, 10)?;
                let text = self.book.strings.get(u32_at(first, 6) as usize);
                let text = text.ok_or_else(broken)?.clone();
                self.put(at, Content::Text(text), false)
            }
            kind::LABEL | kind::RSTRING => {
                let at = place(first, 8)?;
                content.skip(6).ok_or_else(broken)?;
                let text = self.book.text(&mut content, 2)?;
                self.put(at, Content::Text(text), false)
            }
            kind::BOOL_ERR => {
                let at = place(first, 8)?;
                let content = match first[7] {
                    0 => Content::Bool(first[6] != 0),
                    _ => Content::Error(error_text(first[6])),
                };
                self.put(at, content, false)
            }
            kind::FORMULA | kind::FORMULA_3 | kind::FORMULA_4 => self.formula(first),
            kind::STRING => match self.awaiting.take() {
                Some(at) => {
                    let text = self.book.text(&mut content, 2)?;
                    self.put(at, Content::Text(text), true)
                }
                None => Ok(()),
            },
            kind::MERGE_CELLS => self.merges(first),
            _ => Ok(()),
        }
    }

    /// Adds a cell of a style.
    fn put(
        &mut self,
        (address, style): (Address, usize),
        content: Content,
        formula: bool,
    ) -> Result<(), FileFault> {
        let cell = Cell {
            content,
            formula,
            percent: self.book.styles.shows(style) == Shows::Percent,
        };
        self.sheet.put(self.budget, address, cell)
    }

    /// Adds a number, which may be a date.
    fn number(
        &mut self,
        at: (Address, usize),
        number: f64,
        formula: bool,
    ) -> Result<(), FileFault> {
        let content = match self.book.styles.shows(at.1) {
            shows @ (Shows::Date | Shows::Elapsed) => {
                dates::content(number, shows, self.book.from_1904)
            }
            _ => Content::Number(number),
        };
        self.put(at, content, formula)
    }

    /// Adds the numbers of one record: row, first column, then style and number of each cell.
    fn numbers(&mut self, record: &[u8]) -> Result<(), FileFault> {
        let (first, _) = place(record, 6)?;
        for (index, cell) in record[4..].chunks_exact(6).enumerate() {
            let column = first.column + u32::try_from(index).unwrap_or(u32::MAX);
            let at = (
                Address::new(first.row, column),
                usize::from(u16_at(cell, 0)),
            );
            self.number(at, packed_number(cell, 2), false)?;
        }
        Ok(())
    }

    /// Adds what a formula gave.
    fn formula(&mut self, record: &[u8]) -> Result<(), FileFault> {
        let at = place(record, 16)?;
        let content = match (u16_at(record, 12), record[6]) {
            (0xffff, 0) => {
                self.awaiting = Some(at);
                return Ok(());
            }
            (0xffff, 1) => Content::Bool(record[8] != 0),
            (0xffff, 2) => Content::Error(error_text(record[8])),
            // An empty text. A library cannot calculate, so from one it means: not yet.
            (0xffff, _) if self.book.by_library => Content::Uncalculated,
            (0xffff, _) => return Ok(()),
            _ => {
                let number = f64_at(record, 6);
                // Apache POI writes a zero, and asks for it to be calculated on opening.
                let on_opening = u16_at(record, 14) & 2 != 0;
                if number == 0.0 && on_opening && self.book.by_library {
                    Content::Uncalculated
                } else {
                    return self.number(at, number, true);
                }
            }
        };
        self.put(at, content, true)
    }

    /// Takes merged blocks: their number, then first and last row, first and last column of each.
    fn merges(&mut self, record: &[u8]) -> Result<(), FileFault> {
        for block in record.get(2..).unwrap_or_default().chunks_exact(8) {
            let at = |index: usize| u32::from(u16_at(block, index));
            let (first, last) = (Address::new(at(0), at(4)), Address::new(at(2), at(6)));
            self.sheet.merge(self.budget, first, last)?;
        }
        Ok(())
    }
}

/// The address and style that a cell's record of at least `length` bytes begins with.
fn place(record: &[u8], length: usize) -> Result<(Address, usize), FileFault> {
    if record.len() < length {
        return Err(broken());
    }
    let address = Address::new(u32::from(u16_at(record, 0)), u32::from(u16_at(record, 2)));
    Ok((address, usize::from(u16_at(record, 4))))
}

fn broken() -> FileFault {
    damaged("工作表记录")
}
