//! Where something was written: a cell of a sheet of a file.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A cell's address, counted from zero, shown as Excel shows it: row 6, column 3 is `D7`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Address {
    /// Row, from zero.
    pub row: u32,
    /// Column, from zero.
    pub column: u32,
}

impl Address {
    /// The cell at `row` and `column`, both counted from zero.
    pub const fn new(row: u32, column: u32) -> Self {
        Self { row, column }
    }
}

/// The letters of a column: 0 is `A`, 26 is `AA`.
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        let digit = (rest - 1) % 26;
        letters.push(char::from(b'A' + u8::try_from(digit).unwrap_or_default()));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", column_letters(self.column), self.row + 1)
    }
}

/// One sheet of one file. Cheap to copy: every cell read carries it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Source {
    /// The file, relative to the path that was given, with `/`.
    pub file: Arc<str>,
    /// The sheet's name; `None` for a text file, which has no sheets.
    pub sheet: Option<Arc<str>>,
    /// Which file and which sheet of it this is, in the order of reading: what sorts.
    pub order: (u32, u32),
}

impl Source {
    /// The place of one cell in this sheet.
    pub fn at(&self, address: Address) -> Place {
        Place {
            source: self.clone(),
            address,
        }
    }
}

impl PartialOrd for Source {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Source {
    fn cmp(&self, other: &Self) -> Ordering {
        self.order.cmp(&other.order)
    }
}

/// One cell of one sheet of one file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The sheet.
    pub source: Source,
    /// The cell.
    pub address: Address,
}

impl fmt::Display for Place {
    /// `武陵区.xlsx › 计分表 › D14`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} › ", self.source.file)?;
        if let Some(sheet) = &self.source.sheet {
            write!(f, "{sheet} › ")?;
        }
        write!(f, "{}", self.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_read_as_in_excel() {
        for (row, column, shown) in [
            (0, 0, "A1"),
            (13, 3, "D14"),
            (0, 25, "Z1"),
            (0, 26, "AA1"),
            (1_048_575, 16_383, "XFD1048576"),
        ] {
            assert_eq!(Address::new(row, column).to_string(), shown);
        }
    }
}
