//! One walk over the records of a sheet of an .xlsb before calamine reads them.
//!
//! It refuses what calamine would pass over without a word, or read as something else, and notes
//! what calamine does not tell: which cells are formulas, which errors those gave, which cells show a
//! percentage, and merged blocks. Kinds of cells that Excel does not write and libraries do, calamine
//! passes over: they are written anew.

use std::io::Read;

use super::super::limits;
use super::super::shows::Shows;
use super::record::{self, Records, text_at, u32_at};
use crate::hash::Set;
use crate::location::Address;

/// Kinds of records, by their names in Microsoft's description of the format.
mod kind {
    pub(super) const ROW: u16 = 0;
    pub(super) const BLANK: u16 = 1;
    pub(super) const RK: u16 = 2;
    pub(super) const ERROR: u16 = 3;
    pub(super) const BOOL: u16 = 4;
    pub(super) const REAL: u16 = 5;
    pub(super) const TEXT: u16 = 6;
    pub(super) const SHARED_TEXT: u16 = 7;
    pub(super) const FORMULA_TEXT: u16 = 8;
    pub(super) const FORMULA_NUMBER: u16 = 9;
    pub(super) const FORMULA_BOOL: u16 = 10;
    pub(super) const FORMULA_ERROR: u16 = 11;
    pub(super) const SHORT_BLANK: u16 = 12;
    pub(super) const SHORT_SHARED_TEXT: u16 = 18;
    pub(super) const RICH_TEXT: u16 = 62;
    pub(super) const BEGIN_DATA: u16 = 0x91;
    pub(super) const END_DATA: u16 = 0x92;
    pub(super) const MERGE_CELL: u16 = 0xb0;
}

/// Row and column, from zero.
type Place = (u32, u32);

/// What was found in a sheet.
#[derive(Default)]
pub(super) struct Found {
    pub(super) formulas: Set<Place>,
    /// Numbers shown as percentages, in the order of the records, and how.
    pub(super) percent: Vec<(Place, Shows)>,
    /// Formulas that gave an error, and which.
    pub(super) errors: Vec<(Place, Option<&'static str>)>,
    /// Whether it has cells that calamine passes over, but for [`in_long`].
    pub(super) rare: bool,
}

const BROKEN: &str = "的内容读不出来";

/// Checks the records of a sheet to the end of its part; of each style that cells may have is known
/// whether it shows a percentage. `merge` gets the first and the last cell of each merged block.
///
/// # Errors
/// What is wrong with the sheet, in words that go behind its name.
pub(super) fn check(
    part: impl Read,
    styles: &[Shows],
    mut merge: impl FnMut(Address, Address),
) -> Result<Found, &'static str> {
    let mut records = Records::of(part);
    let mut found = Found::default();
    let (mut inside, mut ended) = (false, false);
    let (mut row, mut last) = (None, None);
    while let Some((kind, content)) = records.next().map_err(|_| BROKEN)? {
        match kind {
            kind::BEGIN_DATA if inside || ended => return Err(BROKEN),
            kind::BEGIN_DATA => inside = true,
            kind::END_DATA => (inside, ended) = (false, true),
            kind::ROW..=kind::SHORT_SHARED_TEXT | kind::RICH_TEXT if !inside => {
                return Err("的结尾后面还有单元格");
            }
            kind::ROW => {
                let index = u32_at(content, 0).ok_or(BROKEN)?;
                if index >= limits::ROWS {
                    return Err("里有一行的行号超出表格范围");
                }
                (row, last) = (Some(index), None);
            }
            kind::BLANK..=kind::SHORT_SHARED_TEXT | kind::RICH_TEXT => {
                let cell = Cell::of(kind, content, last).ok_or(MISSIZED)?;
                let shows = cell.check(styles)?;
                let place = (row.ok_or(BROKEN)?, cell.column);
                if matches!(shows, Shows::Percent | Shows::Sign) {
                    found.percent.push((place, shows));
                }
                if cell.kind >= kind::FORMULA_TEXT {
                    found.formulas.insert(place);
                }
                if cell.kind == kind::FORMULA_ERROR {
                    found.errors.push((place, error(cell.value[0])));
                }
                found.rare |= cell.kind != kind;
                last = Some(cell.column);
            }
            kind::MERGE_CELL => {
                let (first, last) = corners(content).ok_or(BROKEN)?;
                merge(first, last);
            }
            _ => {}
        }
    }
    if ended { Ok(found) } else { Err(BROKEN) }
}

/// A sheet that was checked, its cells written as calamine knows them.
pub(super) fn in_long(part: impl Read) -> Option<Vec<u8>> {
    let mut records = Records::of(part);
    let mut long = Vec::new();
    let mut last = None;
    while let Some((kind, content)) = records.next().ok()? {
        match kind {
            kind::BLANK..=kind::SHORT_SHARED_TEXT | kind::RICH_TEXT => {
                let cell = Cell::of(kind, content, last)?;
                let column = cell.column.to_le_bytes();
                record::write(&mut long, cell.kind, &[&column, cell.style, cell.value]);
                last = Some(cell.column);
            }
            _ => record::write(&mut long, kind, &[content]),
        }
    }
    Some(long)
}

const MISSIZED: &str = "里有单元格的内容长短不对";

/// A cell, whichever way it is written.
struct Cell<'a> {
    /// The kind of record that calamine knows for it.
    kind: u16,
    column: u32,
    style: &'a [u8],
    value: &'a [u8],
}

impl<'a> Cell<'a> {
    /// A cell that has what its kind has, where the `last` of its row stood in this column.
    fn of(kind: u16, content: &'a [u8], last: Option<u32>) -> Option<Self> {
        let (kind, column, content) = match kind {
            // It stands beside the last, and the kinds are in the same order.
            kind::SHORT_BLANK..=kind::SHORT_SHARED_TEXT => {
                (kind - kind::SHORT_BLANK + kind::BLANK, last? + 1, content)
            }
            _ => (kind, u32_at(content, 0)?, content.get(4..)?),
        };
        let (style, value) = content.split_at_checked(4)?;
        let (kind, value) = match kind {
            // A byte that tells what follows the text, and after it a text like any other.
            kind::RICH_TEXT => (kind::TEXT, value.get(1..)?),
            _ => (kind, value),
        };
        // A value that is too long has swallowed other cells; formulas and texts may have more.
        let whole = match kind {
            kind::BLANK => value.is_empty(),
            kind::ERROR | kind::BOOL => value.len() == 1,
            kind::RK | kind::SHARED_TEXT => value.len() == 4,
            kind::REAL => value.len() == 8,
            kind::TEXT | kind::FORMULA_TEXT => text_at(value, 0).is_some(),
            kind::FORMULA_BOOL | kind::FORMULA_ERROR => !value.is_empty(),
            _ => value.len() >= 8,
        };
        whole.then_some(Self {
            kind,
            column,
            style,
            value,
        })
    }

    /// What is made of it, if it is a number: its style tells, the first three of four bytes. Refused is a cell beyond the grid, and a number that may be a date.
    fn check(&self, styles: &[Shows]) -> Result<Shows, &'static str> {
        if self.column >= limits::COLUMNS {
            return Err("里有单元格的地址超出表格范围");
        }
        let style = u32_at(self.style, 0).unwrap_or_default() & 0x00ff_ffff;
        match self.kind {
            kind::RK | kind::REAL | kind::FORMULA_NUMBER => {
                let shows = styles.get(style as usize).copied();
                shows.ok_or("里有单元格的样式找不到，分不清数字和日期")
            }
            _ => Ok(Shows::Number),
        }
    }
}

/// The first and the last cell of a merged block: its rows, then its columns.
fn corners(block: &[u8]) -> Option<(Address, Address)> {
    let (top, bottom) = (u32_at(block, 0)?, u32_at(block, 4)?);
    let (left, right) = (u32_at(block, 8)?, u32_at(block, 12)?);
    Some((Address::new(top, left), Address::new(bottom, right)))
}

/// An error by its number in the format.
fn error(number: u8) -> Option<&'static str> {
    Some(match number {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        0x2a => "#N/A",
        0x2b => "#GETTING_DATA",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, content: &[u8]) -> Vec<u8> {
        let mut record = Vec::new();
        record::write(&mut record, kind, &[content]);
        record
    }

    /// Column and style of a cell, and what follows them.
    fn cell(kind: u16, column: u32, style: u32, rest: &[u8]) -> Vec<u8> {
        let place = [column.to_le_bytes(), style.to_le_bytes()].concat();
        record(kind, &[&place, rest].concat())
    }

    fn row(index: u32) -> Vec<u8> {
        record(kind::ROW, &index.to_le_bytes())
    }

    /// A sheet with these records as its data.
    fn sheet(data: &[Vec<u8>]) -> Vec<u8> {
        let begin = record(kind::BEGIN_DATA, &[]);
        let end = record(kind::END_DATA, &[]);
        [begin, data.concat(), end].concat()
    }

    /// What is said of such a sheet.
    fn of(data: &[Vec<u8>]) -> Result<Found, &'static str> {
        check(&sheet(data)[..], &[Shows::Number], |_, _| {})
    }

    #[test]
    fn formulas_and_their_errors_are_found() {
        let found = of(&[
            row(3),
            cell(kind::REAL, 0, 0, &[0; 8]),
            cell(kind::FORMULA_NUMBER, 1, 0, &[0; 8]),
            cell(kind::FORMULA_ERROR, 2, 0, &[0x17, 0, 0]),
            cell(kind::FORMULA_ERROR, 3, 0, &[0xff, 0, 0]),
            cell(kind::TEXT, 4, 9, &[1, 0, 0, 0, b'a', 0]),
        ])
        .expect("a sheet that calamine reads");
        let formulas = Set::from_iter([(3, 1), (3, 2), (3, 3)]);
        assert_eq!(found.formulas, formulas);
        assert_eq!(found.errors, [((3, 2), Some("#REF!")), ((3, 3), None)]);
    }

    #[test]
    fn percentages_and_merged_blocks_are_found() {
        let sheet = sheet(&[
            row(3),
            cell(kind::REAL, 0, 1, &[0; 8]),
            cell(kind::REAL, 1, 0, &[0; 8]),
            cell(kind::RK, 2, 1, &[0; 4]),
            cell(kind::BOOL, 3, 1, &[1]),
        ]);
        // B3:D12: rows and columns count from zero.
        let block: Vec<u8> = [2_u32, 11, 1, 3].map(u32::to_le_bytes).concat();
        let part = [sheet, record(kind::MERGE_CELL, &block)].concat();
        let mut blocks = Vec::new();
        let merge = |first: Address, last: Address| blocks.push(format!("{first}:{last}"));
        let found = check(&part[..], &[Shows::Number, Shows::Percent], merge).expect("a sheet");
        let percent = [(3, 0), (3, 2)].map(|place| (place, Shows::Percent));
        assert_eq!(found.percent, percent);
        assert_eq!(blocks, ["B3:D12"]);
        let cut = [
            &part[..part.len() - 17],
            &record(kind::MERGE_CELL, &block[1..]),
        ]
        .concat();
        assert!(check(&cut[..], &[Shows::Number, Shows::Percent], |_, _| {}).is_err());
    }

    #[test]
    fn cells_are_written_as_calamine_knows_them() {
        let text = [1, 0, 0, 0, b'a', 0];
        let rich = [[1].as_slice(), &text, &[0; 8]].concat();
        let plain = [text.as_slice(), &[0; 8]].concat();
        let short = |kind, value: &[u8]| record(kind, &[&[5, 0, 0, 0], value].concat());
        let rare = [
            row(0),
            cell(kind::RICH_TEXT, 3, 5, &rich),
            short(13, &[2; 4]),
            short(12, &[]),
            short(17, &text),
            row(1),
            cell(kind::BOOL, 0, 5, &[1]),
            short(16, &[3; 8]),
        ];
        let long = [
            row(0),
            cell(kind::TEXT, 3, 5, &plain),
            cell(kind::RK, 4, 5, &[2; 4]),
            cell(kind::BLANK, 5, 5, &[]),
            cell(kind::TEXT, 6, 5, &text),
            row(1),
            cell(kind::BOOL, 0, 5, &[1]),
            cell(kind::REAL, 1, 5, &[3; 8]),
        ];
        let found =
            check(&sheet(&rare)[..], &[Shows::Number; 6], |_, _| {}).expect("a sheet that is read");
        assert!(found.rare);
        assert_eq!(in_long(&sheet(&rare)[..]), Some(sheet(&long)));
        assert!(
            !check(&sheet(&long)[..], &[Shows::Number; 6], |_, _| {})
                .expect("the same")
                .rare
        );
    }

    #[test]
    fn what_calamine_would_pass_over_is_refused() {
        let number = || cell(kind::REAL, 0, 0, &[0; 8]);
        for (data, said) in [
            (vec![row(limits::ROWS), number()], "行号超出表格范围"),
            (vec![number()], "读不出来"),
            (
                vec![row(0), record(kind::END_DATA, &[]), row(1), number()],
                "结尾后面还有单元格",
            ),
            // Beside which cell?
            (vec![row(0), record(13, &[0; 8])], "内容长短不对"),
            (vec![row(0), cell(kind::RK, 0, 1, &[0; 4])], "样式找不到"),
            (
                vec![row(0), cell(kind::BLANK, limits::COLUMNS, 0, &[])],
                "地址超出表格范围",
            ),
            (
                vec![row(0), cell(kind::REAL, 0, 0, &[0; 7])],
                "内容长短不对",
            ),
            (
                vec![row(0), cell(kind::REAL, 0, 0, &[0; 9])],
                "内容长短不对",
            ),
            (
                vec![row(0), cell(kind::TEXT, 0, 0, &[9; 4])],
                "内容长短不对",
            ),
        ] {
            let fault = of(&data).err().expect(said);
            assert!(fault.contains(said), "{fault}");
        }
        assert!(
            check(
                &record(kind::BEGIN_DATA, &[])[..],
                &[Shows::Number],
                |_, _| {}
            )
            .is_err()
        );
    }
}
