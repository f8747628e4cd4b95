//! Reads .xlsb: the parts of .xlsx, but of binary records instead of XML.
//!
//! calamine passes over formulas that gave an error, as if their cells were blank.

use std::sync::Arc;

use super::biff::{error_text, packed_number};
use super::dates;
use super::formats::{Shows, Styles};
use super::limits;
use super::ole::{f64_at, u16_at, u32_at};
use super::package::{Package, damaged};
use super::relations::Relations;
use super::sparse::{Budget, SheetBuilder};
use super::xlsx::sheet_part;
use crate::diagnostic::{Excess, FileFault};
use crate::location::Address;
use crate::model::grid::{Cell, Content, Sheet};

/// Kinds of records, by their names in Microsoft's description of the format.
mod kind {
    pub(super) const ROW_HDR: u32 = 0;
    pub(super) const CELL_RK: u32 = 2;
    pub(super) const CELL_ERROR: u32 = 3;
    pub(super) const CELL_BOOL: u32 = 4;
    pub(super) const CELL_REAL: u32 = 5;
    pub(super) const CELL_ST: u32 = 6;
    pub(super) const CELL_ISST: u32 = 7;
    pub(super) const FMLA_STRING: u32 = 8;
    pub(super) const FMLA_NUM: u32 = 9;
    pub(super) const FMLA_BOOL: u32 = 10;
    pub(super) const FMLA_ERROR: u32 = 11;
    pub(super) const SST_ITEM: u32 = 19;
    pub(super) const FMT: u32 = 44;
    pub(super) const XF: u32 = 47;
    pub(super) const CELL_R_STRING: u32 = 62;
    pub(super) const END_SHEET: u32 = 130;
    pub(super) const BEGIN_SHEET_DATA: u32 = 145;
    pub(super) const END_SHEET_DATA: u32 = 146;
    pub(super) const WB_PROP: u32 = 153;
    pub(super) const BUNDLE_SH: u32 = 156;
    pub(super) const MERGE_CELL: u32 = 176;
    pub(super) const BEGIN_CELL_XFS: u32 = 617;
    pub(super) const END_CELL_XFS: u32 = 618;
}

/// What the cells of every sheet refer to.
#[derive(Default)]
struct Book {
    strings: Vec<String>,
    styles: Styles,
    from_1904: bool,
}

/// Reads every sheet of cells.
pub(super) fn read(package: &mut Package<'_>) -> Result<Vec<Sheet>, FileFault> {
    let main = package.main_part()?;
    let relations = Relations::read(package, &main)?;
    let mut book = Book::default();
    let index = package.bytes(&main)?.ok_or_else(|| damaged(&main))?;
    let sheets = index_of(&index, &mut book)?;
    if let Some(name) = relations.of_kind("sharedStrings") {
        book.strings = strings(&package.bytes(name)?.unwrap_or_default())?;
    }
    if let Some(name) = relations.of_kind("styles") {
        book.styles = styles(&package.bytes(name)?.unwrap_or_default())?;
    }
    let mut budget = Budget::default();
    let mut read = Vec::with_capacity(sheets.len());
    for (name, id) in sheets {
        let Some(part) = sheet_part(&relations, &name, &id)? else {
            continue;
        };
        let bytes = package.bytes(part)?.ok_or_else(|| damaged(&name))?;
        let cells = sheet(&bytes, &book, &mut budget)?;
        read.push(cells.finish(Some(Arc::from(name))));
    }
    Ok(read)
}

/// The name of each sheet, and the id of the reference to its part.
fn index_of(bytes: &[u8], book: &mut Book) -> Result<Vec<(String, String)>, FileFault> {
    let mut sheets = Vec::new();
    let mut records = Records { bytes };
    while let Some((kind, content)) = records.next()? {
        match kind {
            kind::WB_PROP => book.from_1904 = u32_at(content, 0) & 1 != 0,
            kind::BUNDLE_SH => {
                let (id, after) = wide_text(content, 8)?;
                let (name, _) = wide_text(content, after)?;
                if sheets.len() == limits::SHEETS {
                    return Err(FileFault::TooLarge(Excess::Sheets(limits::SHEETS)));
                }
                sheets.push((name, id));
            }
            _ => {}
        }
    }
    Ok(sheets)
}

/// The texts that cells share; formatting and pronunciation come after each and are left.
fn strings(bytes: &[u8]) -> Result<Vec<String>, FileFault> {
    let mut strings = Vec::new();
    let mut records = Records { bytes };
    while let Some((kind, content)) = records.next()? {
        if kind == kind::SST_ITEM {
            strings.push(wide_text(content, 1)?.0);
        }
    }
    Ok(strings)
}

/// The styles of cells, number formats first.
fn styles(bytes: &[u8]) -> Result<Styles, FileFault> {
    let mut styles = Styles::default();
    let mut in_cell_styles = false;
    let mut records = Records { bytes };
    while let Some((kind, content)) = records.next()? {
        match kind {
            kind::FMT => {
                let (code, _) = wide_text(content, 2)?;
                styles.add_format(u32::from(u16_at(content, 0)), &code);
            }
            kind::BEGIN_CELL_XFS => in_cell_styles = true,
            kind::END_CELL_XFS => in_cell_styles = false,
            kind::XF if in_cell_styles => styles.add_style(u32::from(u16_at(content, 2))),
            _ => {}
        }
    }
    Ok(styles)
}

/// Reads the cells and merged blocks of one sheet.
fn sheet(bytes: &[u8], book: &Book, budget: &mut Budget) -> Result<SheetBuilder, FileFault> {
    let mut sheet = SheetBuilder::default();
    let mut records = Records { bytes };
    let mut in_data = false;
    let mut row = 0_u32;
    while let Some((kind, content)) = records.next()? {
        match kind {
            kind::BEGIN_SHEET_DATA => in_data = true,
            kind::END_SHEET_DATA => in_data = false,
            kind::END_SHEET => return Ok(sheet),
            kind::ROW_HDR if in_data => row = u32_at(content, 0),
            kind::MERGE_CELL => {
                let at = |index: usize| u32_at(content, index);
                let (first, last) = (Address::new(at(0), at(8)), Address::new(at(4), at(12)));
                sheet.merge(budget, first, last)?;
            }
            _ if in_data => {
                if let Some(cell) = cell(kind, content, book)? {
                    sheet.put(budget, Address::new(row, u32_at(content, 0)), cell)?;
                }
            }
            _ => {}
        }
    }
    // The records ended before the sheet did.
    Err(damaged("工作表记录"))
}

/// What a record of a cell holds; `None` for a blank cell and for records of other things.
fn cell(kind: u32, content: &[u8], book: &Book) -> Result<Option<Cell>, FileFault> {
    let least = match kind {
        kind::CELL_ERROR | kind::CELL_BOOL | kind::FMLA_BOOL | kind::FMLA_ERROR => 9,
        kind::CELL_RK | kind::CELL_ST | kind::CELL_ISST | kind::FMLA_STRING => 12,
        kind::CELL_REAL | kind::FMLA_NUM => 16,
        kind::CELL_R_STRING => 13,
        _ => return Ok(None),
    };
    if content.len() < least {
        return Err(damaged("工作表记录"));
    }
    // The upper byte holds flags.
    let shows = book
        .styles
        .shows((u32_at(content, 4) & 0x00ff_ffff) as usize);
    let number = |number: f64| match shows {
        Shows::Date | Shows::Elapsed => dates::content(number, shows, book.from_1904),
        _ => Content::Number(number),
    };
    let held = match kind {
        kind::CELL_RK => number(packed_number(content, 8)),
        kind::CELL_REAL | kind::FMLA_NUM => number(f64_at(content, 8)),
        kind::CELL_ERROR | kind::FMLA_ERROR => Content::Error(error_text(content[8])),
        kind::CELL_BOOL | kind::FMLA_BOOL => Content::Bool(content[8] != 0),
        kind::CELL_ISST => {
            let text = book.strings.get(u32_at(content, 8) as usize);
            Content::Text(text.ok_or_else(|| damaged("共享文字"))?.clone())
        }
        kind::CELL_R_STRING => Content::Text(wide_text(content, 9)?.0),
        _ => Content::Text(wide_text(content, 8)?.0),
    };
    Ok(Some(Cell {
        content: held,
        formula: (kind::FMLA_STRING..=kind::FMLA_ERROR).contains(&kind),
        percent: shows == Shows::Percent,
    }))
}

/// The text at `at` (its length in four bytes, two bytes a character), and where it ends.
fn wide_text(content: &[u8], at: usize) -> Result<(String, usize), FileFault> {
    let length = match u32_at(content, at) {
        // No text at all.
        u32::MAX => 0,
        length => length as usize,
    };
    let end = length
        .checked_mul(2)
        .and_then(|bytes| (at + 4).checked_add(bytes));
    let bytes = end.and_then(|end| content.get(at + 4..end));
    let bytes = bytes.ok_or_else(|| damaged("工作簿记录"))?;
    let units: Vec<u16> = bytes.chunks_exact(2).map(|two| u16_at(two, 0)).collect();
    Ok((String::from_utf16_lossy(&units), at + 4 + bytes.len()))
}

/// The records of a part that are left.
struct Records<'a> {
    bytes: &'a [u8],
}

impl<'a> Records<'a> {
    /// The next record: its kind and content. `None` at the end of the part.
    fn next(&mut self) -> Result<Option<(u32, &'a [u8])>, FileFault> {
        if self.bytes.is_empty() {
            return Ok(None);
        }
        let broken = || damaged("工作簿记录");
        let first = self.byte().ok_or_else(broken)?;
        // The kind has one byte or, where the first has its upper bit, two.
        let kind = match first & 0x80 {
            0 => u32::from(first),
            _ => {
                let second = self.byte().ok_or_else(broken)?;
                u32::from(first & 0x7f) | u32::from(second & 0x7f) << 7
            }
        };
        let length = self.length().ok_or_else(broken)?;
        let content = self.bytes.get(..length).ok_or_else(broken)?;
        self.bytes = &self.bytes[length..];
        Ok(Some((kind, content)))
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    /// A length in one to four bytes of seven bits each.
    fn length(&mut self) -> Option<usize> {
        let mut length = 0_usize;
        for shift in [0, 7, 14, 21] {
            let byte = self.byte()?;
            length |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        Some(length)
    }
}
