//! One walk over the records of an .xls before calamine reads them. Used by [`super::xls`].
//!
//! It refuses what would cost too much or be passed over without a word (a password, a stream
//! that breaks off, cells far apart, sheets and cells in no list), and notes what calamine does not
//! tell: percentages, texts that it cuts, and formulas that were never calculated. [`sheet`] walks over
//! one sheet.

mod sheet;

use encoding_rs::{BIG5, Encoding, GBK, UTF_16LE, WINDOWS_1252};

use self::sheet::Walk;
use super::cells::Notes;
use super::limits::Limits;
use super::package::damaged;
use super::shows::{Formats, Shows};
use crate::diagnostic::{Excess, FileFault, Other};
use crate::location::Address;

/// Kinds of records, by their names in Microsoft's description of the format.
mod kind {
    pub(super) const FORMULA: u16 = 0x06;
    pub(super) const EOF: u16 = 0x0a;
    pub(super) const FILE_PASS: u16 = 0x2f;
    pub(super) const CONTINUE: u16 = 0x3c;
    pub(super) const CODE_PAGE: u16 = 0x42;
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
    pub(super) const STRING: u16 = 0x207;
    pub(super) const ROW: u16 = 0x208;
    pub(super) const RK: u16 = 0x27e;
    pub(super) const FORMAT: u16 = 0x41e;
    pub(super) const BOF: u16 = 0x809;

    /// The bytes of a truth or an error where a library gave its value two.
    pub(super) const BOOL_ERR_WIDE: usize = 9;

    /// Whether such a record may have so many bytes: with more than it always has, it has swallowed
    /// others.
    pub(super) const fn may_have(kind: u16, bytes: usize) -> bool {
        match kind {
            ROW => bytes == 16,
            NUMBER => bytes == 14,
            RK | LABEL_SST => bytes == 10,
            BOOL_ERR => bytes == 8 || bytes == BOOL_ERR_WIDE,
            _ => true,
        }
    }

    /// Whether such a record holds cells with a value.
    pub(super) const fn is_cell(kind: u16) -> bool {
        matches!(
            kind,
            NUMBER | LABEL | RSTRING | BOOL_ERR | RK | LABEL_SST | FORMULA | MUL_RK
        )
    }
}

/// The version of records since Excel 97.
const EXCEL_97: u16 = 0x600;
/// The version of records of Excel 5 and 95.
const EXCEL_5: u16 = 0x500;
/// What a sheet of cells is called where it begins, and in the list of sheets.
const WORKSHEET: u16 = 0x10;
const LISTED_WORKSHEET: u8 = 0;
/// The code page of UTF-16, in which all texts are since Excel 97.
const UTF_16: u16 = 1200;

/// What was found in a sheet.
pub(super) struct Found {
    pub(super) notes: Notes,
    /// How many places hold a value.
    pub(super) cells: usize,
    /// One that holds two, which do not say the same.
    pub(super) twice: Option<Address>,
}

/// Checks the records of a workbook, and tells what was found in each of its sheets. Written over in
/// the stream is what calamine would be misled by: the size that a sheet claims, for which it would
/// ask for the memory, the numbers of formats that it does not look up, a code page that does not
/// hold, and truths and errors that are wider than usual.
pub(super) fn check(
    stream: &mut [u8],
    by_library: bool,
    limits: &Limits,
) -> Result<Vec<Found>, FileFault> {
    let book = globals(stream)?;
    let mut left = limits.dense;
    let mut amends = book.amends;
    let mut spans = vec![(0, book.end)];
    let mut sheets = Vec::with_capacity(book.sheets.len());
    for (offset, listed_as) in book.sheets {
        let mut sheet = Walk::new(&book.styles, book.unicode, by_library);
        let end = sheet.walk(stream, offset, &mut amends)?;
        let begins_as = records(stream, offset)
            .next()
            .map(|(_, _, bof)| u16_at(bof, 2));
        if begins_as == Some(WORKSHEET) && listed_as != LISTED_WORKSHEET {
            return Err(damaged("工作表的目录"));
        }
        left = left
            .checked_sub(sheet.area())
            .ok_or(FileFault::TooLarge(Excess::Values(limits.dense)))?;
        spans.push((offset, end));
        sheets.push(sheet.found(stream, offset));
    }
    spans.push((stream.len(), stream.len()));
    spans.sort_unstable();
    let mut before = 0;
    for (begin, end) in spans {
        if begin > before {
            between(&stream[..begin], before)?;
        }
        before = before.max(end);
    }
    for (at, number) in amends {
        stream[at..at + 2].copy_from_slice(&number.to_le_bytes());
    }
    Ok(sheets)
}

/// Refuses a sheet that is in no list, and cells that are in no sheet, from `at` on.
fn between(stream: &[u8], at: usize) -> Result<(), FileFault> {
    let mut depth = 0_usize;
    for (_, kind, content) in records(stream, at) {
        match kind {
            kind::BOF if depth == 0 && u16_at(content, 2) == WORKSHEET => {
                return Err(damaged("有一张工作表不在目录里"));
            }
            kind::BOF => depth += 1,
            kind::EOF => depth = depth.saturating_sub(1),
            _ if depth == 0 && kind::is_cell(kind) => {
                return Err(damaged("工作表的结尾后面还有单元格"));
            }
            _ => {}
        }
    }
    Ok(())
}

/// What the workbook as a whole says.
#[derive(Default)]
struct Globals {
    /// Whether its texts are those since Excel 97.
    unicode: bool,
    /// Where each sheet begins, and as what it is listed.
    sheets: Vec<(usize, u8)>,
    /// What each style makes of numbers.
    styles: Vec<Shows>,
    /// Where in the stream another number has to stand, and which.
    amends: Vec<(usize, u16)>,
    /// Where the sheets begin.
    end: usize,
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
    let mut book = Globals {
        unicode,
        ..Globals::default()
    };
    let mut encoding = WINDOWS_1252;
    let mut formats = Formats::default();
    // Where the number of its format stands in each style, and which it is.
    let mut styles = Vec::new();
    loop {
        let (at, kind, content) = records.next().ok_or(FileFault::Incomplete)?;
        match kind {
            kind::EOF => {
                book.end = at + 4 + content.len();
                break;
            }
            kind::FILE_PASS => return Err(FileFault::Encrypted),
            // Libraries write one of Windows, Excel itself UTF-16.
            kind::CODE_PAGE if unicode && content.len() >= 2 => book.amends.push((at + 4, UTF_16)),
            kind::CODE_PAGE => encoding = encoding_of(u16_at(content, 0)),
            kind::FORMAT => {
                let code = format_code(content, unicode, encoding);
                formats.add(u16_at(content, 0), &code);
            }
            kind::XF => styles.push((at + 4 + 2, u16_at(content, 2))),
            kind::BOUND_SHEET => {
                let listed_as = content.get(5).copied().unwrap_or_default();
                book.sheets.push((u32_at(content, 0) as usize, listed_as));
            }
            _ => {}
        }
    }
    for (at, format) in styles {
        book.styles.push(formats.shows(format));
        let built_in = formats.built_in(format);
        book.amends.extend(built_in.map(|number| (at, number)));
    }
    Ok(book)
}

/// How texts were written before Excel 97: where Chinese, a byte of a character may look like a letter.
fn encoding_of(code_page: u16) -> &'static Encoding {
    match code_page {
        936 => GBK,
        950 => BIG5,
        _ => WINDOWS_1252,
    }
}

/// The code of a number format: since Excel 97 the number of its characters stands in two bytes
/// before it and flags behind that, earlier that of its bytes in one.
fn format_code(content: &[u8], unicode: bool, encoding: &'static Encoding) -> String {
    let (count, flags, from) = match content {
        [_, _, low, high, flags, ..] if unicode => (u16::from_le_bytes([*low, *high]), *flags, 5),
        [_, _, count, ..] if !unicode => (u16::from(*count), 0, 3),
        _ => return String::new(),
    };
    let (encoding, width) = match (unicode, flags & 1) {
        (true, 1) => (UTF_16LE, 2),
        (true, _) => (WINDOWS_1252, 1),
        (false, _) => (encoding, 1),
    };
    let code = &content[from..];
    let code = &code[..code.len().min(usize::from(count) * width)];
    encoding.decode_without_bom_handling(code).0.into_owned()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_of_a_format_is_as_long_as_its_count() {
        // 0次 and two bytes that are none of it: in two bytes a character, and in one as Chinese
        // Windows writes it.
        let wide = [164, 0, 2, 0, 1, b'0', 0, 0x21, 0x6b, b'm', 0];
        assert_eq!(format_code(&wide, true, WINDOWS_1252), "0次");
        let chinese = [164, 0, 3, b'0', 0xb4, 0xce, b'm', b'm'];
        assert_eq!(format_code(&chinese, false, encoding_of(936)), "0次");
        // The second byte of 乵 is that of m.
        let letter = [164, 0, 3, b'0', 0x81, b'm'];
        assert_eq!(format_code(&letter, false, encoding_of(936)), "0乵");
        assert_eq!(format_code(&[164, 0], true, WINDOWS_1252), "");
        assert_eq!(format_code(&[164, 0, 9, b'0'], false, WINDOWS_1252), "0");
    }
}
