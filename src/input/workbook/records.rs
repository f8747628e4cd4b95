//! One walk over the records of an .xls before calamine reads them. Used by [`super::xls`].
//!
//! It refuses what would cost too much or be passed over without a word (a password, a stream
//! that breaks off, cells far apart), and notes what calamine does not tell: percentages, and
//! formulas that were never calculated.

use std::collections::HashMap;

use encoding_rs::{UTF_16LE, WINDOWS_1252};

use super::cells::{Notes, Shows};
use super::limits::Limits;
use super::package::damaged;
use crate::diagnostic::{Excess, FileFault, Other};

/// Kinds of records, by their names in Microsoft's description of the format.
mod kind {
    pub(super) const FORMULA: u16 = 0x06;
    pub(super) const EOF: u16 = 0x0a;
    pub(super) const FILE_PASS: u16 = 0x2f;
    pub(super) const BOUND_SHEET: u16 = 0x85;
    pub(super) const MUL_RK: u16 = 0xbd;
    pub(super) const RSTRING: u16 = 0xd6;
    pub(super) const XF: u16 = 0xe0;
    pub(super) const LABEL_SST: u16 = 0xfd;
    pub(super) const DIMENSIONS: u16 = 0x200;
    pub(super) const BLANK: u16 = 0x201;
    pub(super) const NUMBER: u16 = 0x203;
    pub(super) const LABEL: u16 = 0x204;
    pub(super) const BOOL_ERR: u16 = 0x205;
    pub(super) const RK: u16 = 0x27e;
    pub(super) const FORMAT: u16 = 0x41e;
    pub(super) const BOF: u16 = 0x809;
}

/// The version of records since Excel 97.
const EXCEL_97: u16 = 0x600;
/// The version of records of Excel 5 and 95.
const EXCEL_5: u16 = 0x500;

/// Checks the records of a workbook, and gives the notes on each of its sheets. The size that a
/// sheet claims is blanked out: calamine would ask for the memory.
pub(super) fn check(
    stream: &mut [u8],
    by_library: bool,
    limits: &Limits,
) -> Result<Vec<Notes>, FileFault> {
    let book = globals(stream)?;
    let mut left = limits.dense;
    let mut claims = Vec::new();
    let mut sheets = Vec::with_capacity(book.sheets.len());
    for offset in &book.sheets {
        let mut sheet = Walk {
            percent: &book.percent,
            by_library,
            notes: Notes::default(),
            bounds: None,
        };
        sheet.walk(stream, *offset, &mut claims)?;
        left = left
            .checked_sub(sheet.area())
            .ok_or(FileFault::TooLarge(Excess::Values(limits.dense)))?;
        sheets.push(sheet.notes);
    }
    for claim in claims {
        stream[claim..claim + 2].copy_from_slice(&kind::BLANK.to_le_bytes());
    }
    Ok(sheets)
}

/// What the workbook as a whole says.
#[derive(Default)]
struct Globals {
    /// Where each sheet begins.
    sheets: Vec<usize>,
    /// Whether each style shows a percentage.
    percent: Vec<bool>,
}

/// Reads the records of the workbook as a whole.
fn globals(stream: &[u8]) -> Result<Globals, FileFault> {
    let mut records = records(stream, 0);
    let unicode = match records.next() {
        Some((_, kind::BOF, bof)) if u16_at(bof, 0) == EXCEL_97 => true,
        Some((_, kind::BOF, bof)) if u16_at(bof, 0) == EXCEL_5 => false,
        Some((_, 0x09 | 0x209 | 0x409 | kind::BOF, _)) => {
            return Err(FileFault::NotASpreadsheet(Other::OldExcel));
        }
        _ => return Err(damaged("工作簿记录")),
    };
    let mut book = Globals::default();
    let mut formats = HashMap::from([(9, true), (10, true)]);
    loop {
        let (_, kind, content) = records.next().ok_or(FileFault::Incomplete)?;
        match kind {
            kind::EOF => return Ok(book),
            kind::FILE_PASS => return Err(FileFault::Encrypted),
            kind::FORMAT => {
                let percent = Shows::of(&format_code(content, unicode)) == Shows::Percent;
                formats.insert(u16_at(content, 0), percent);
            }
            kind::XF => {
                let format = formats.get(&u16_at(content, 2));
                book.percent.push(format == Some(&true));
            }
            kind::BOUND_SHEET => book.sheets.push(u32_at(content, 0) as usize),
            _ => {}
        }
    }
}

/// The code of a number format: since Excel 97 its length in two bytes and flags stand before
/// it, earlier its length in one.
fn format_code(content: &[u8], unicode: bool) -> String {
    let code = |from: usize| content.get(from..).unwrap_or_default();
    let wide = unicode && code(4).first().is_some_and(|flags| flags & 1 == 1);
    let text = match (unicode, wide) {
        (true, true) => UTF_16LE.decode_without_bom_handling(code(5)).0,
        (true, false) => WINDOWS_1252.decode_without_bom_handling(code(5)).0,
        (false, _) => WINDOWS_1252.decode_without_bom_handling(code(3)).0,
    };
    text.into_owned()
}

/// The walk over one sheet.
struct Walk<'a> {
    percent: &'a [bool],
    by_library: bool,
    notes: Notes,
    /// First and last row, first and last column of its cells.
    bounds: Option<(u32, u32, u32, u32)>,
}

impl Walk<'_> {
    /// Walks from the sheet's first record to its last; `claims` gets where it claims a size.
    fn walk(
        &mut self,
        stream: &[u8],
        offset: usize,
        claims: &mut Vec<usize>,
    ) -> Result<(), FileFault> {
        // Charts within a sheet have a beginning and an end of their own.
        let mut depth = 0_usize;
        for (at, kind, content) in records(stream, offset) {
            match kind {
                kind::BOF => depth += 1,
                _ if depth == 0 => return Err(damaged("工作表记录")),
                kind::EOF if depth == 1 => return Ok(()),
                kind::EOF => depth -= 1,
                kind::DIMENSIONS => claims.push(at),
                kind::NUMBER
                | kind::LABEL
                | kind::RSTRING
                | kind::BOOL_ERR
                | kind::RK
                | kind::LABEL_SST
                | kind::FORMULA
                | kind::MUL_RK
                    if depth == 1 =>
                {
                    self.cell(kind, content);
                }
                _ => {}
            }
        }
        Err(FileFault::Incomplete)
    }

    /// Takes one record of cells: row, column, style, and what depends on the kind.
    fn cell(&mut self, kind: u16, content: &[u8]) {
        let (row, column) = (u32::from(u16_at(content, 0)), u32::from(u16_at(content, 2)));
        // A record of several numbers has a style for each, six bytes apart.
        let count = match kind {
            kind::MUL_RK => content.len().saturating_sub(6) / 6,
            _ => 1,
        };
        let mut last = column;
        for (column, index) in (column..).zip(0..count) {
            let style = usize::from(u16_at(content, 4 + index * 6));
            if self.percent.get(style) == Some(&true) {
                self.notes.percent.insert((row, column));
            }
            last = column;
        }
        if kind == kind::FORMULA && self.by_library && uncalculated(content) {
            self.notes.uncalculated.insert((row, column));
        }
        let (top, bottom, left, right) = self.bounds.unwrap_or((row, row, column, last));
        self.bounds = Some((
            top.min(row),
            bottom.max(row),
            left.min(column),
            right.max(last),
        ));
    }

    /// The cells that a dense grid of the sheet has.
    fn area(&self) -> usize {
        let Some((top, bottom, left, right)) = self.bounds else {
            return 0;
        };
        let cells = u64::from(bottom - top + 1) * u64::from(right - left + 1);
        usize::try_from(cells).unwrap_or(usize::MAX)
    }
}

/// Whether a library left a formula to be calculated: xlwt writes an empty text, Apache POI a
/// zero and the wish that it be calculated on opening.
fn uncalculated(formula: &[u8]) -> bool {
    let result = formula.get(6..14).unwrap_or_default();
    let empty_text = u16_at(formula, 12) == 0xffff && result.first() == Some(&3);
    let zero = result.iter().all(|byte| *byte == 0);
    empty_text || zero && u16_at(formula, 14) & 2 != 0
}

/// The whole records from the byte `at` on: where each stands, its kind, its content.
fn records(stream: &[u8], mut at: usize) -> impl Iterator<Item = (usize, u16, &[u8])> {
    std::iter::from_fn(move || {
        let start = at.checked_add(4)?;
        let header = stream.get(at..start)?;
        let end = start + usize::from(u16_at(header, 2));
        let record = (at, u16_at(header, 0), stream.get(start..end)?);
        at = end;
        Some(record)
    })
}

/// The number at `at`; zero where the bytes end before it.
fn u16_at(bytes: &[u8], at: usize) -> u16 {
    match bytes.get(at..at + 2) {
        Some(&[low, high]) => u16::from_le_bytes([low, high]),
        _ => 0,
    }
}

/// The number at `at`; zero where the bytes end before it.
fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}
