//! The walk over one sheet of an .xls.

use super::super::cells::Notes;
use super::super::package::damaged;
use super::super::shows::Shows;
use super::{Found, kind, records, u16_at};
use crate::diagnostic::FileFault;
use crate::location::Address;

/// Row and column, from zero.
type Place = (u32, u32);

/// Records that may continue a text: the longest fills 16.
const MOST_PIECES: usize = 64;

/// The walk over one sheet.
pub(super) struct Walk<'a> {
    /// What each style makes of numbers.
    styles: &'a [Shows],
    unicode: bool,
    by_library: bool,
    notes: Notes,
    /// First and last row, first and last column of its cells.
    bounds: Option<(u32, u32, u32, u32)>,
    /// How many places had a value so far, and the last of them.
    cells: usize,
    last: Option<Place>,
    /// Whether a value came before its place, so that one may come twice.
    disordered: bool,
    /// The last formula, if it gave a text, which is to follow.
    awaits: Option<Place>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(styles: &'a [Shows], unicode: bool, by_library: bool) -> Self {
        Self {
            styles,
            unicode,
            by_library,
            notes: Notes::default(),
            bounds: None,
            cells: 0,
            last: None,
            disordered: false,
            awaits: None,
        }
    }

    /// Walks from the sheet's first record to its last, and tells where that ends; `amends` gets
    /// what calamine has to find there instead.
    pub(super) fn walk(
        &mut self,
        stream: &[u8],
        offset: usize,
        amends: &mut Vec<(usize, u16)>,
    ) -> Result<usize, FileFault> {
        // Charts within a sheet have a beginning and an end of their own.
        let mut depth = 0_usize;
        for (at, kind, content) in records(stream, offset) {
            match kind {
                kind::BOF => depth += 1,
                _ if depth == 0 => return Err(damaged("工作表记录")),
                _ if !kind::may_have(kind, content.len()) => return Err(damaged("工作表记录")),
                kind::EOF if depth == 1 => return Ok(at + 4 + content.len()),
                kind::EOF => depth -= 1,
                kind::DIMENSIONS => amends.push((at, kind::BLANK)),
                kind::STRING if depth == 1 => {
                    let place = self.awaits.take().ok_or_else(|| damaged("公式的结果"))?;
                    self.hold_text(place, content, pieces(stream, at))?;
                }
                _ if depth == 1 && kind::is_cell(kind) => {
                    self.cell(kind, content)?;
                    match kind {
                        kind::LABEL | kind::RSTRING => {
                            let text = content.get(6..).unwrap_or_default();
                            self.hold_text(place_of(content), text, pieces(stream, at))?;
                        }
                        kind::BOOL_ERR if content.len() == kind::BOOL_ERR_WIDE => {
                            amends.push((at + 4 + 6, narrow(content)?));
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        Err(FileFault::Incomplete)
    }

    /// Takes one record of cells: row, column, style, and what depends on the kind.
    fn cell(&mut self, kind: u16, content: &[u8]) -> Result<(), FileFault> {
        for (index, (row, column)) in places(kind, content).enumerate() {
            let style = usize::from(u16_at(content, 4 + index * 6));
            match self.styles.get(style) {
                Some(Shows::Percent) => drop(self.notes.percent.insert((row, column))),
                Some(Shows::Sign) => drop(self.notes.signs.insert((row, column))),
                Some(_) => {}
                // A date without its style would be a number.
                None if has_number(kind) => return Err(damaged("单元格的样式")),
                None => {}
            }
            let place = Some((row, column));
            self.disordered |= self.last >= place;
            self.last = place;
            self.cells += 1;
        }
        let (row, column) = place_of(content);
        if kind == kind::FORMULA {
            self.awaits = gives_text(content).then_some((row, column));
            if self.by_library && uncalculated(content) {
                self.notes.uncalculated.insert((row, column));
            }
        }
        let (_, last) = self.last.unwrap_or((row, column));
        let (top, bottom, left, right) = self.bounds.unwrap_or((row, row, column, last));
        self.bounds = Some((
            top.min(row),
            bottom.max(row),
            left.min(column),
            right.max(last),
        ));
        Ok(())
    }

    /// Notes a text that continues in other records, these pieces: calamine would cut it. Refused is
    /// one that has less characters than it says.
    fn hold_text<'b>(
        &mut self,
        place: Place,
        text: &'b [u8],
        pieces: impl Iterator<Item = &'b [u8]>,
    ) -> Result<(), FileFault> {
        let count = usize::from(u16_at(text, 0));
        // Since Excel 97 a byte of flags follows; one of them says that a character has two bytes.
        let bytes = match (self.unicode, text.get(2)) {
            (true, Some(flags)) => 1 + count * usize::from(1 + (flags & 1)),
            _ => count,
        };
        if text.len() >= 2 + bytes {
            return Ok(());
        }
        let whole = match text.get(2..) {
            Some(first) if self.unicode => {
                let pieces = pieces.take(MOST_PIECES);
                joined(
                    count,
                    &std::iter::once(first).chain(pieces).collect::<Vec<_>>(),
                )
            }
            _ => None,
        };
        let whole = whole.ok_or_else(|| damaged("单元格的文字不全"))?;
        match self.notes.texts.insert(place, whole) {
            None => Ok(()),
            Some(_) => Err(damaged("单元格的文字")),
        }
    }

    /// The cells that a dense grid of the sheet has.
    pub(super) fn area(&self) -> usize {
        let Some((top, bottom, left, right)) = self.bounds else {
            return 0;
        };
        let cells = u64::from(bottom - top + 1) * u64::from(right - left + 1);
        usize::try_from(cells).unwrap_or(usize::MAX)
    }

    /// What was found in the sheet, which begins at `offset`.
    pub(super) fn found(self, stream: &[u8], offset: usize) -> Found {
        let (cells, twice) = if self.disordered {
            places_of(stream, offset)
        } else {
            (self.cells, None)
        };
        Found {
            notes: self.notes,
            cells,
            twice,
        }
    }
}

/// How many places of a sheet that was walked over hold a value, and one that holds two.
fn places_of(stream: &[u8], offset: usize) -> (usize, Option<Address>) {
    let mut cells = Vec::new();
    let mut depth = 0_usize;
    for (_, kind, content) in records(stream, offset) {
        match kind {
            kind::BOF => depth += 1,
            kind::EOF if depth == 1 => break,
            kind::EOF => depth -= 1,
            _ if depth == 1 && kind::is_cell(kind) => {
                // Of a record of several numbers each has its own six bytes.
                let single = content.get(6..).unwrap_or_default();
                for (index, place) in places(kind, content).enumerate() {
                    let value = match kind {
                        kind::MUL_RK => (kind::RK, &content[6 + index * 6..][..4]),
                        _ => (kind, single),
                    };
                    cells.push((place, value));
                }
            }
            _ => {}
        }
    }
    cells.sort_unstable();
    cells.dedup();
    let twice = cells.windows(2).find(|pair| pair[0].0 == pair[1].0);
    let twice = twice.map(|pair| Address::new(pair[0].0.0, pair[0].0.1));
    (cells.len(), twice)
}

/// The place of the cell of a record, or of the first of them.
fn place_of(content: &[u8]) -> Place {
    (u32::from(u16_at(content, 0)), u32::from(u16_at(content, 2)))
}

/// The records that continue the one at `at`.
fn pieces(stream: &[u8], at: usize) -> impl Iterator<Item = &[u8]> {
    records(stream, at)
        .skip(1)
        .take_while(|(_, kind, _)| *kind == kind::CONTINUE)
        .map(|(_, _, piece)| piece)
}

/// A text of so many characters in pieces. Each begins with flags of its own, but for Gnumeric, which
/// cuts the bytes of a text wherever a record is full. `None` if that makes so many characters in
/// neither way, or in both.
fn joined(count: usize, pieces: &[&[u8]]) -> Option<String> {
    let each: Option<Vec<_>> = pieces.iter().map(|piece| units(piece)).collect();
    let ways = [each.map(|each| each.concat()), units(&pieces.concat())];
    let mut whole = ways
        .into_iter()
        .flatten()
        .filter(|units| units.len() == count);
    match (whole.next(), whole.next()) {
        (Some(units), None) => Some(String::from_utf16_lossy(&units)),
        _ => None,
    }
}

/// The characters behind a byte of flags, in one byte or two each.
fn units(piece: &[u8]) -> Option<Vec<u16>> {
    let (flags, characters) = piece.split_first()?;
    match flags & 1 {
        0 => Some(characters.iter().map(|byte| u16::from(*byte)).collect()),
        _ if characters.len() % 2 == 1 => None,
        _ => Some(characters.chunks(2).map(|unit| u16_at(unit, 0)).collect()),
    }
}

/// A truth or an error whose value has two bytes, of which the second is zero, as calamine knows it:
/// value and kind.
fn narrow(content: &[u8]) -> Result<u16, FileFault> {
    match content.get(6..) {
        Some(&[value, 0, kind]) => Ok(u16::from_le_bytes([value, kind])),
        _ => Err(damaged("工作表记录")),
    }
}

/// The places of the cells of a record: one, or of several numbers those side by side.
fn places(kind: u16, content: &[u8]) -> impl Iterator<Item = Place> + use<> {
    let (row, column) = place_of(content);
    // Each number has a style and a value, six bytes together.
    let count = match kind {
        kind::MUL_RK => content.len().saturating_sub(6) / 6,
        _ => 1,
    };
    (column..).take(count).map(move |column| (row, column))
}

/// Whether a cell of this kind may hold a number.
fn has_number(kind: u16) -> bool {
    matches!(kind, kind::NUMBER | kind::RK | kind::MUL_RK | kind::FORMULA)
}

/// Whether a formula gave a text, which stands in a record of its own.
fn gives_text(formula: &[u8]) -> bool {
    u16_at(formula, 12) == 0xffff && formula.get(6) == Some(&0)
}

/// Whether a library left a formula to be calculated: xlwt writes an empty text, Apache POI a
/// zero and the wish that it be calculated on opening.
fn uncalculated(formula: &[u8]) -> bool {
    let result = formula.get(6..14).unwrap_or_default();
    let empty_text = u16_at(formula, 12) == 0xffff && result.first() == Some(&3);
    let zero = result.iter().all(|byte| *byte == 0);
    empty_text || zero && u16_at(formula, 14) & 2 != 0
}
