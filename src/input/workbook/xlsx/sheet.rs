//! One pass over a sheet's part: cells, then merged blocks.

use quick_xml::events::{BytesStart, Event};

use super::super::dates;
use super::super::formats::Shows;
use super::super::sparse::{Budget, SheetBuilder};
use super::super::xml::{Part, attribute};
use super::Book;
use super::strings::{rich_text, unescaped};
use crate::diagnostic::FileFault;
use crate::location::Address;
use crate::model::grid::{Cell, Content};

/// The pass over one sheet.
struct Pass<'a, 'b> {
    part: Part<'a>,
    book: &'b Book,
    budget: &'b mut Budget,
    sheet: SheetBuilder,
    /// Where a cell stands that does not say so: after the one before.
    next: Address,
    /// The value of the cell that is being read; here so that its memory is used again.
    value: String,
}

/// Reads the cells of one sheet.
pub(super) fn read<'a>(
    part: Part<'a>,
    book: &Book,
    budget: &mut Budget,
) -> Result<SheetBuilder, FileFault> {
    let mut pass = Pass {
        part,
        book,
        budget,
        sheet: SheetBuilder::default(),
        next: Address::new(0, 0),
        value: String::new(),
    };
    let mut in_data = false;
    loop {
        match pass.part.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "sheetData" => in_data = true,
                "row" if in_data => pass.row(&element)?,
                "c" if in_data => pass.cell(&element)?,
                "mergeCell" => pass.merge(&element)?,
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                "sheetData" => in_data = false,
                "row" if in_data => pass.next = Address::new(pass.next.row.saturating_add(1), 0),
                "worksheet" => return Ok(pass.sheet),
                _ => {}
            },
            // A part that ends before its sheet does is half a sheet: the rest would be lost.
            Event::Eof => return Err(pass.part.damaged()),
            _ => {}
        }
    }
}

/// What a cell's element says of it.
#[derive(Default)]
struct Head {
    style: usize,
    /// The attribute `t`: what the value is.
    kind: ValueKind,
}

/// What the value of a cell is.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum ValueKind {
    #[default]
    Number,
    /// The number of a shared text.
    Shared,
    /// Text that a formula gave.
    Text,
    /// Text in the cell itself.
    Inline,
    Bool,
    Error,
    /// A date as text, which Excel reads but does not write.
    Iso,
}

impl<'a> Pass<'a, '_> {
    /// Takes the number of a row; a row without one comes after the one before.
    fn row(&mut self, element: &BytesStart<'a>) -> Result<(), FileFault> {
        if let Some(number) = attribute(element, "r")? {
            let row = number.trim().parse::<u32>().ok();
            let row = row.and_then(|row| row.checked_sub(1));
            self.next = Address::new(row.ok_or_else(|| self.part.damaged())?, 0);
        }
        Ok(())
    }

    /// Reads one cell, up to its end.
    fn cell(&mut self, element: &BytesStart<'a>) -> Result<(), FileFault> {
        let head = self.head(element)?;
        let address = self.next;
        self.next.column = self.next.column.saturating_add(1);
        self.value.clear();
        let mut formula = false;
        let mut inline = None;
        loop {
            match self.part.next()? {
                Event::Start(inner) => match inner.local_name().as_ref() {
                    "v" => self.part.text_into(&mut self.value)?,
                    "f" => {
                        formula = true;
                        self.part.skip(&inner)?;
                    }
                    "is" => inline = Some(rich_text(&mut self.part, &inner)?),
                    _ => self.part.skip(&inner)?,
                },
                Event::End(_) => break,
                Event::Eof => return Err(self.part.damaged()),
                _ => {}
            }
        }
        let content = match inline {
            Some(text) => Some(Content::Text(text)),
            None if self.value.is_empty() => unvalued(formula, head.kind),
            None => Some(self.content(&head)?),
        };
        let Some(content) = content else {
            return Ok(());
        };
        let cell = Cell {
            formula,
            percent: self.book.styles.shows(head.style) == Shows::Percent,
            content,
        };
        self.sheet.put(self.budget, address, cell)
    }

    /// Reads the attributes of a cell; its address becomes the next.
    fn head(&mut self, element: &BytesStart<'a>) -> Result<Head, FileFault> {
        let mut head = Head::default();
        for attribute in element.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| self.part.damaged())?;
            let value = attribute.value.as_ref();
            match attribute.key.as_ref() {
                "r" => self.next = address(value).ok_or_else(|| self.part.damaged())?,
                "s" => head.style = value.parse().unwrap_or_default(),
                "t" => {
                    head.kind = match value {
                        "s" => ValueKind::Shared,
                        "str" => ValueKind::Text,
                        "inlineStr" => ValueKind::Inline,
                        "b" => ValueKind::Bool,
                        "e" => ValueKind::Error,
                        "d" => ValueKind::Iso,
                        _ => ValueKind::Number,
                    }
                }
                _ => {}
            }
        }
        Ok(head)
    }

    /// What a value that is not empty means.
    fn content(&self, head: &Head) -> Result<Content, FileFault> {
        let value = self.value.as_str();
        Ok(match head.kind {
            ValueKind::Number => self.number(value.trim(), self.book.styles.shows(head.style)),
            ValueKind::Shared => {
                let index = value.trim().parse::<usize>().ok();
                let text = index.and_then(|index| self.book.strings.get(index));
                Content::Text(text.ok_or_else(|| self.part.damaged())?.clone())
            }
            ValueKind::Text | ValueKind::Inline => Content::Text(unescaped(value.to_owned())),
            ValueKind::Bool => match value.trim() {
                "1" | "true" | "TRUE" => Content::Bool(true),
                "0" | "false" | "FALSE" => Content::Bool(false),
                other => Content::Text(other.to_owned()),
            },
            ValueKind::Error => Content::Error(value.trim().to_owned()),
            ValueKind::Iso => Content::Date {
                text: value.trim().replacen('T', " ", 1),
                serial: None,
            },
        })
    }

    /// A number; what is none, though it stands where one should, is text.
    fn number(&self, value: &str, shows: Shows) -> Content {
        match (value.parse::<f64>(), shows) {
            (Ok(serial), Shows::Date | Shows::Elapsed) => {
                dates::content(serial, shows, self.book.from_1904)
            }
            (Ok(number), _) => Content::Number(number),
            (Err(_), _) => Content::Text(value.to_owned()),
        }
    }

    /// Takes one merged block.
    fn merge(&mut self, element: &BytesStart<'a>) -> Result<(), FileFault> {
        let block = attribute(element, "ref")?.unwrap_or_default();
        let (first, last) = block.split_once(':').unwrap_or((&block, &block));
        match (address(first), address(last)) {
            (Some(first), Some(last)) => self.sheet.merge(self.budget, first, last),
            _ => Err(self.part.damaged()),
        }
    }
}

/// What a cell without a value holds. A formula without one was never calculated, except that
/// Excel writes the empty text that a formula gave as an empty value of the kind of text.
fn unvalued(formula: bool, kind: ValueKind) -> Option<Content> {
    (formula && kind != ValueKind::Text).then_some(Content::Uncalculated)
}

/// The address that `D14` or `$D$14` means.
fn address(text: &str) -> Option<Address> {
    let (mut column, mut row) = (0_u32, 0_u32);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' if row == 0 => {
                let letter = u32::from(byte.to_ascii_uppercase() - b'A') + 1;
                column = column.checked_mul(26)?.checked_add(letter)?;
            }
            b'0'..=b'9' if column > 0 => {
                row = row.checked_mul(10)?.checked_add(u32::from(byte - b'0'))?;
            }
            b'$' => {}
            _ => return None,
        }
    }
    Some(Address::new(row.checked_sub(1)?, column.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_excel_writes_them() {
        assert_eq!(address("A1"), Some(Address::new(0, 0)));
        assert_eq!(address("$D$14"), Some(Address::new(13, 3)));
        assert_eq!(address("XFD1048576"), Some(Address::new(1_048_575, 16_383)));
        for wrong in ["", "A", "1", "A0", "1A", "A1A", "A99999999999999999999"] {
            assert_eq!(address(wrong), None, "{wrong}");
        }
    }
}
