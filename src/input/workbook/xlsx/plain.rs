//! What calamine gives of a sheet only in a pass of its own, found by looking at its bytes: which
//! cells hold formulas, in the order in which calamine gives the cells, and the merged blocks.
//!
//! Only of a sheet written plainly, as all programs for people and all libraries write them; any
//! other is left to those passes.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memmem, memrchr};
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::diagnostic::FileFault;
use crate::input::workbook::limits;
use crate::input::workbook::package::damaged;
use crate::location::Address;

/// The element that holds the cells.
const NAME: &[u8] = b"sheetData";

/// A sheet, written plainly: without comments, instructions and sections of raw text, in an
/// encoding of which ASCII is a part.
#[derive(Clone)]
pub(super) struct Plain<'a> {
    /// The part as a whole.
    pub(super) part: &'a [u8],
    /// How the tag of a cell begins, `<c` or with a name space `<x:c`.
    pub(super) cell: Vec<u8>,
    /// Where the tag begins that opens the data.
    pub(super) opens: usize,
    /// What stands between the tags of the data.
    pub(super) data: Range<usize>,
}

impl<'a> Plain<'a> {
    /// Takes a sheet for plain if it is.
    pub(super) fn of(part: &'a [u8]) -> Option<Self> {
        let body = part.len() - without_declaration(part)?.len();
        let named = body + memmem::find(&part[body..], NAME)?;
        let opens = memrchr(b'<', &part[..named])?;
        let space = &part[opens + 1..named];
        let start = named + memchr(b'>', &part[named..])? + 1;
        let length = match part[..start].ends_with(b"/>") {
            true => 0,
            // Where it is not closed the sheet is cut, which calamine says.
            false => end_of_data(&part[start..]).unwrap_or(part.len() - start),
        };
        Some(Self {
            part,
            cell: [b"<", space, b"c"].concat(),
            opens,
            data: start..start + length,
        })
    }

    /// The tags of cells: where each begins, and where the last byte of it stands.
    pub(super) fn cells(&self) -> impl Iterator<Item = Range<usize>> {
        let finder = memmem::Finder::new(&self.cell);
        let data = &self.part[..self.data.end];
        let mut at = self.data.start;
        std::iter::from_fn(move || {
            loop {
                let begins = at + finder.find(&data[at..])?;
                at = begins + self.cell.len();
                let next = data.get(at)?;
                // Not a longer name.
                if matches!(next, b'>' | b'/') || next.is_ascii_whitespace() {
                    at += memchr(b'>', &data[at..])?;
                    return Some(begins..at);
                }
            }
        })
    }

    /// Of every cell, whether it holds a formula; none if a formula stands behind its result, which
    /// calamine would then pass over, or if not as many cells are closed as are opened.
    pub(super) fn formulas(&self) -> Option<Vec<bool>> {
        let data = &self.part[..self.data.end];
        let mut formulas = Vec::new();
        let mut opened = 0;
        let mut cells = self.cells().peekable();
        while let Some(cell) = cells.next() {
            let end = cells.peek().map_or(data.len(), |next| next.start);
            let mut tags = memchr_iter(b'<', &data[cell.end..end]).map(|at| &data[cell.end + at..]);
            let first = tags.next().is_some_and(is_formula);
            if !first && tags.any(is_formula) {
                return None;
            }
            formulas.push(first);
            opened += usize::from(!data[cell].ends_with(b"/"));
        }
        let close = [b"</", &self.cell[1..], b">"].concat();
        let closed = memmem::find_iter(&data[self.data.start..], &close).count();
        (opened == closed).then_some(formulas)
    }

    /// The merged blocks, first and last cell.
    pub(super) fn merges(&self) -> Result<Vec<(Address, Address)>, FileFault> {
        let mut merges = Vec::new();
        let tail = &self.part[self.data.end..];
        if memmem::find(tail, b"mergeCell").is_none() {
            return Ok(merges);
        }
        let broken = || damaged("合并单元格");
        let mut reader = Reader::from_reader(tail);
        reader.config_mut().check_end_names = false;
        reader.config_mut().allow_unmatched_ends = true;
        loop {
            match reader.read_event().map_err(|_| broken())? {
                Event::Start(element) | Event::Empty(element)
                    if element.local_name().as_ref() == "mergeCell" =>
                {
                    let block = element.try_get_attribute("ref").map_err(|_| broken())?;
                    let block = block.ok_or_else(broken)?;
                    merges.push(corners(&block.value).ok_or_else(broken)?);
                }
                Event::End(element) if element.local_name().as_ref() == "mergeCells" => break,
                Event::Eof => break,
                _ => {}
            }
        }
        Ok(merges)
    }
}

/// Whether a tag opens a formula, `<f` or with a name space `<x:f`.
fn is_formula(tag: &[u8]) -> bool {
    let end = tag
        .iter()
        .position(|b| matches!(b, b'>' | b'/') || b.is_ascii_whitespace());
    let name = &tag[1..end.unwrap_or(tag.len())];
    name == b"f" || name.ends_with(b":f")
}

/// Whether the cells and merged blocks of a sheet stand before this point: what follows, such as
/// the rules for what may be typed, can be longer than the cells and holds none. Up to `before`
/// they did not.
pub(super) fn is_past_cells(part: &[u8], before: usize) -> bool {
    const FOLLOWING: [&[u8]; 3] = [
        b"/mergeCells>",
        b"<conditionalFormatting",
        b"<dataValidations",
    ];
    const LONGEST: usize = 32;
    let from = before.saturating_sub(LONGEST);
    let found = FOLLOWING
        .iter()
        .filter_map(|following| memmem::find(&part[from..], following))
        .min();
    // Not the same word in a cell; what is not plain is left to calamine, whole.
    found.is_some_and(|at| {
        Plain::of(&part[..from + at]).is_some_and(|plain| plain.data.end < from + at)
    })
}

/// Where the tag that closes the data begins; there is none where the data is empty.
fn end_of_data(rest: &[u8]) -> Option<usize> {
    memmem::find_iter(rest, NAME).find_map(|at| {
        let begins = memrchr(b'<', &rest[..at])?;
        let between = &rest[begins + 1..at];
        // Not the same word in the text of a cell.
        let closes = between.starts_with(b"/") && !between.contains(&b'>');
        closes.then_some(begins)
    })
}

/// A text in UTF-8 without the declaration at its beginning; none if it is not plain.
pub(super) fn without_declaration(part: &[u8]) -> Option<&[u8]> {
    let start = part.strip_prefix(b"\xef\xbb\xbf").unwrap_or(part);
    let body = match start.strip_prefix(b"<?xml") {
        Some(rest) => {
            let (declaration, body) = rest.split_at(memchr(b'>', rest)? + 1);
            let declaration = declaration.to_ascii_lowercase();
            let other = memmem::find(&declaration, b"encoding").is_some()
                && memmem::find(&declaration, b"utf-8").is_none();
            (!other).then_some(body)?
        }
        None => start,
    };
    let plain = memmem::find(body, b"<!").is_none() && memmem::find(body, b"<?").is_none();
    plain.then_some(body)
}

/// The value of an attribute in a tag, from its first quote on; `name` with the sign behind it.
pub(super) fn attribute<'a>(tag: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let mut words = tag.split(u8::is_ascii_whitespace);
    words.find_map(|word| word.strip_prefix(name))
}

/// Whether a value in quotes is the address of a cell that a sheet can have.
pub(super) fn is_address(quoted: &[u8]) -> bool {
    let [quote @ (b'"' | b'\''), rest @ ..] = quoted else {
        return false;
    };
    let value = memchr(*quote, rest).and_then(|end| str::from_utf8(&rest[..end]).ok());
    value
        .and_then(address)
        .is_some_and(|at| at.row < limits::ROWS && at.column < limits::COLUMNS)
}

/// The corners of a block, `A1:D2`; of a single cell twice the same.
fn corners(block: &str) -> Option<(Address, Address)> {
    let (first, last) = block.split_once(':').unwrap_or((block, block));
    Some((address(first)?, address(last)?))
}

/// An address such as `D14`.
fn address(text: &str) -> Option<Address> {
    let letters = text.find(|c: char| !c.is_ascii_alphabetic())?;
    let (letters, digits) = text.split_at(letters);
    let column = letters.bytes().try_fold(0_u32, |column, letter| {
        let digit = u32::from(letter.to_ascii_uppercase() - b'A') + 1;
        column.checked_mul(26)?.checked_add(digit)
    })?;
    let row: u32 = digits.parse().ok()?;
    Some(Address::new(row.checked_sub(1)?, column.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_and_blocks_are_found() {
        let sheet = b"<?xml version='1.0'?><x:worksheet><x:cols/><x:sheetData>\
            <x:row s=\"9\"><x:c/><x:c r='B1' s='3'><x:f>A1</x:f><x:v>1</x:v></x:c></x:row>\
            <x:row><x:c\ts=\"12\"\nt=\"s\"><x:v>sheetData></x:v></x:c><x:cell s='7'/><x:c/></x:row></x:sheetData>\
            <x:mergeCells><x:mergeCell ref='A1:D2'/></x:mergeCells></x:worksheet>";
        let plain = Plain::of(sheet).expect("plain enough");
        let formulas = plain.formulas().expect("each before its result");
        assert_eq!(formulas, [false, true, false, false]);
        let merges = plain.merges().expect("one block");
        assert_eq!(merges, [(Address::new(0, 0), Address::new(1, 3))]);
        let empty = Plain::of(b"<worksheet><sheetData/><mergeCell ref='XFD1048576'/></worksheet>");
        let empty = empty.expect("plain enough");
        assert_eq!(empty.formulas(), Some(Vec::new()));
        let late = b"<worksheet><sheetData><c><v>1</v><x:f>A1</x:f></c></sheetData></worksheet>";
        assert_eq!(Plain::of(late).expect("plain enough").formulas(), None);
        let last = Address::new(1_048_575, 16_383);
        assert_eq!(empty.merges().expect("one cell"), [(last, last)]);
    }

    #[test]
    fn a_sheet_is_unpacked_as_far_as_its_cells_and_blocks() {
        let whole = b"<worksheet><sheetData><c><is><t>/mergeCells></t></is></c></sheetData>\
            <mergeCells><mergeCell ref='A1:B2'/></mergeCells><dataValidations/></worksheet>";
        let enough = |length: &usize| is_past_cells(&whole[..*length], length - 1);
        let length = (1..=whole.len()).find(enough).expect("an end");
        assert!(whole[..length].ends_with(b"</mergeCells>"));
        let plain = Plain::of(&whole[..length]).expect("plain enough");
        assert_eq!(plain.merges().expect("one block").len(), 1);
    }

    #[test]
    fn what_is_not_plain_is_left_alone() {
        for sheet in [
            "<worksheet><sheetData><!-- <c s='1'/> --></sheetData></worksheet>",
            "<worksheet><sheetData><?go <c/>?></sheetData></worksheet>",
            "<worksheet/>",
        ] {
            assert!(Plain::of(sheet.as_bytes()).is_none(), "{sheet}");
        }
        for block in ["", "A", "1", "A0", "A1:", "AAAAAAAA1", "A99999999999"] {
            assert_eq!(corners(block), None, "{block}");
        }
    }
}
