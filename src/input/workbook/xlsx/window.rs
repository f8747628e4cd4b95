//! A sheet on its way out of the package, some whole rows at a time: unpacked, the longest sheets
//! are many times as large as what their cells hold.

use std::io::{self, Read};

use memchr::memmem;

/// How the end of a row is written; a sheet in which it is not comes in one piece.
const ROW: &[u8] = b"</row>";

/// Bytes within which a row ends: no row has more than 16,384 cells.
const LONGEST_PIECE: usize = 16 << 20;

/// Bytes that are unpacked at a time.
const STEP: usize = 16 << 10;

/// What of a sheet is unpacked and not yet done with.
pub(super) struct Window<R> {
    part: R,
    bytes: Vec<u8>,
    /// The length of the last piece.
    taken: usize,
    /// Whether there is nothing more to unpack.
    ended: bool,
}

/// A piece of a sheet; it begins where the one before it ended.
pub(super) struct Piece<'a> {
    pub(super) bytes: &'a [u8],
    /// Whether nothing follows that is wanted. Any other ends behind a row.
    pub(super) last: bool,
}

impl<R: Read> Window<R> {
    pub(super) fn of(part: R) -> Self {
        Self {
            part,
            bytes: Vec::new(),
            taken: 0,
            ended: false,
        }
    }

    /// Unpacks a step further.
    fn unpack(&mut self) -> io::Result<()> {
        let mut unpacked = self.bytes.len();
        self.bytes.resize(unpacked + STEP, 0);
        while !self.ended && unpacked < self.bytes.len() {
            let read = self.part.read(&mut self.bytes[unpacked..])?;
            self.ended = read == 0;
            unpacked += read;
        }
        self.bytes.truncate(unpacked);
        Ok(())
    }

    /// The next piece; none if it is longer than any row.
    ///
    /// # Errors
    /// A part that does not unpack.
    pub(super) fn next(&mut self) -> io::Result<Option<Piece<'_>>> {
        self.bytes.drain(..self.taken);
        let mut looked_at = 0;
        let last = loop {
            let new = &self.bytes[looked_at..];
            if let Some(at) = memmem::rfind(new, ROW) {
                self.taken = looked_at + at + ROW.len();
                break false;
            }
            if self.ended || follows_cells(new) {
                self.taken = self.bytes.len();
                break true;
            }
            if self.bytes.len() > LONGEST_PIECE {
                return Ok(None);
            }
            looked_at = self.bytes.len().saturating_sub(LONGEST);
            self.unpack()?;
        };
        Ok(Some(Piece {
            bytes: &self.bytes[..self.taken],
            last,
        }))
    }
}

/// The longest of what is looked for.
const LONGEST: usize = 32;

/// Whether there is something in `bytes` behind which a sheet has neither cells nor merged blocks:
/// the rules for what may be typed can be longer than all cells.
fn follows_cells(bytes: &[u8]) -> bool {
    // No text and no attribute of a plain part can hold these.
    const FOLLOWING: [&[u8]; 3] = [
        b"</mergeCells>",
        b"<conditionalFormatting",
        b"<dataValidations",
    ];
    let mut following = FOLLOWING.iter();
    following.any(|following| memmem::find(bytes, following).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(part: &str) -> Vec<String> {
        let mut window = Window::of(part.as_bytes());
        let mut pieces = Vec::new();
        loop {
            let piece = window.next().expect("memory can be read");
            let piece = piece.expect("no row is so long");
            pieces.push(String::from_utf8_lossy(piece.bytes).into_owned());
            if piece.last {
                return pieces;
            }
        }
    }

    #[test]
    fn pieces_are_whole_rows() {
        let row = format!("<row>{}</row>", "<c/>".repeat(3000));
        let sheet = format!("<sheetData>{row}{row}{row}</sheetData><mergeCells/>");
        let pieces = pieces(&sheet);
        assert_eq!(pieces.concat(), sheet);
        let (last, rows) = pieces.split_last().expect("pieces");
        assert_eq!(last, "</sheetData><mergeCells/>");
        assert!(!rows.is_empty() && rows.iter().all(|rows| rows.ends_with("</row>")));
        // Without the end of a row it is one.
        let sheet = format!("<x:row>{}</x:row>", "<x:c/>".repeat(9000));
        assert_eq!(super::tests::pieces(&sheet), [sheet]);
    }

    #[test]
    fn a_row_without_end_is_no_piece() {
        let sheet = "<c/>".repeat(LONGEST_PIECE / 3);
        let mut window = Window::of(sheet.as_bytes());
        assert!(window.next().expect("memory can be read").is_none());
    }

    #[test]
    fn what_follows_the_cells_is_left() {
        let sheet = "<row><c><v>/mergeCells></v></c></row></sheetData><mergeCells></mergeCells>";
        let whole = format!("{sheet}<dataValidations/>");
        let long = format!("{sheet}{}", "<dataValidations/>".repeat(9000));
        assert_eq!(pieces(&whole).concat(), whole);
        let read = pieces(&long).concat();
        assert!(read.starts_with(sheet) && read.len() < long.len() / 2);
    }
}
