//! Reads .ods: one pass over `content.xml`, repeats kept as numbers until a value needs them.
//!
//! calamine tells neither percentages nor merged blocks of this format, and never ends on a
//! content that breaks off between two rows.

use std::sync::Arc;

use quick_xml::events::{BytesStart, Event};

use super::limits;
use super::package::{Package, damaged};
use super::sparse::{Budget, SheetBuilder};
use super::xml::{Part, characters};
use crate::diagnostic::{Excess, FileFault};
use crate::location::Address;
use crate::model::grid::{Cell, Content, Sheet};

/// The part that holds the sheets.
const CONTENT: &str = "content.xml";

/// The characters that Excel lets a cell hold: more repeated spaces than that are an attack.
const MOST_SPACES: usize = 32_767;

/// Reads every sheet.
pub(super) fn read(package: &mut Package<'_>) -> Result<Vec<Sheet>, FileFault> {
    let text = package.text(CONTENT)?.ok_or_else(|| damaged(CONTENT))?;
    let mut part = Part::new(CONTENT, &text);
    let mut budget = Budget::default();
    let mut sheets = Vec::new();
    loop {
        match part.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "table" => {
                    if sheets.len() == limits::SHEETS {
                        return Err(FileFault::TooLarge(Excess::Sheets(limits::SHEETS)));
                    }
                    sheets.push(table(&mut part, &element, &mut budget)?);
                }
                // What was deleted, and what other files held once.
                "tracked-changes" | "dde-links" => part.skip(&element)?,
                _ => {}
            },
            Event::End(element) if element.local_name().as_ref() == "document-content" => {
                return Ok(sheets);
            }
            // Half a content: the sheets behind the break would be lost without a word.
            Event::Eof => return Err(part.damaged()),
            _ => {}
        }
    }
}

/// The pass over one sheet.
struct Pass<'b> {
    budget: &'b mut Budget,
    sheet: SheetBuilder,
    /// The row that is being read, or the next.
    row: u32,
    /// How often that row stands in the sheet.
    rows: u32,
    /// The next column of that row.
    column: u32,
    /// What stands in that row: column, how often, and what.
    cells: Vec<(u32, u32, Cell)>,
}

/// Reads one sheet, up to its end.
fn table<'a>(
    part: &mut Part<'a>,
    element: &BytesStart<'a>,
    budget: &mut Budget,
) -> Result<Sheet, FileFault> {
    let name = super::xml::attribute(element, "name")?.unwrap_or_default();
    let mut pass = Pass {
        budget,
        sheet: SheetBuilder::default(),
        row: 0,
        rows: 1,
        column: 0,
        cells: Vec::new(),
    };
    loop {
        match part.next()? {
            Event::Start(inner) => match inner.local_name().as_ref() {
                "table-row" => {
                    pass.rows = Head::read(part, &inner)?.rows_repeated;
                    pass.column = 0;
                }
                "table-cell" | "covered-table-cell" => pass.cell(part, &inner)?,
                "shapes" | "forms" | "table-source" => part.skip(&inner)?,
                _ => {}
            },
            Event::End(inner) => match inner.local_name().as_ref() {
                "table-row" => pass.end_row()?,
                "table" => return Ok(pass.sheet.finish(Some(Arc::from(name)))),
                _ => {}
            },
            Event::Eof => return Err(part.damaged()),
            _ => {}
        }
    }
}

impl Pass<'_> {
    /// Reads one cell, up to its end.
    fn cell<'a>(&mut self, part: &mut Part<'a>, element: &BytesStart<'a>) -> Result<(), FileFault> {
        let head = Head::read(part, element)?;
        let covered = element.local_name().as_ref() == "covered-table-cell";
        let text = text(part)?;
        let (column, repeated) = (self.column, head.columns_repeated);
        self.column = column.saturating_add(repeated);
        if head.spans != (1, 1) {
            let first = Address::new(self.row, column);
            let last = Address::new(
                self.row.saturating_add(head.spans.0 - 1),
                column.saturating_add(head.spans.1 - 1),
            );
            self.sheet.merge(self.budget, first, last)?;
        }
        let (formula, percent) = (head.formula, head.kind == "percentage");
        // What a merged block covers is not shown, so it is not read either.
        if !covered && let Some(content) = head.content(text) {
            let cell = Cell {
                content,
                formula,
                percent,
            };
            self.cells.push((column, repeated, cell));
        }
        Ok(())
    }

    /// Puts the row into the sheet as often as it stands there.
    fn end_row(&mut self) -> Result<(), FileFault> {
        if !self.cells.is_empty() {
            let in_row = self
                .cells
                .iter()
                .map(|(_, repeated, _)| u64::from(*repeated));
            self.budget
                .allows(in_row.sum::<u64>().saturating_mul(u64::from(self.rows)))?;
            for row in self.row..self.row.saturating_add(self.rows) {
                for (column, repeated, cell) in &self.cells {
                    for column in *column..column.saturating_add(*repeated) {
                        let address = Address::new(row, column);
                        self.sheet.put(self.budget, address, cell.clone())?;
                    }
                }
            }
        }
        self.cells.clear();
        self.row = self.row.saturating_add(self.rows);
        self.rows = 1;
        Ok(())
    }
}

/// What the attributes of a row or cell say.
struct Head {
    rows_repeated: u32,
    columns_repeated: u32,
    /// Rows and columns of the merged block.
    spans: (u32, u32),
    /// The type of the value; empty where there is none.
    kind: String,
    /// The value, where it is not the text.
    value: Option<String>,
    formula: bool,
    /// LibreOffice says so apart from the type.
    error: bool,
}

impl Head {
    fn read(part: &Part<'_>, element: &BytesStart<'_>) -> Result<Self, FileFault> {
        let mut head = Self {
            rows_repeated: 1,
            columns_repeated: 1,
            spans: (1, 1),
            kind: String::new(),
            value: None,
            formula: false,
            error: false,
        };
        for attribute in element.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| part.damaged())?;
            let value = attribute
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .map_err(|_| FileFault::ForeignEntity)?;
            let count = || value.parse::<u32>().unwrap_or(1).max(1);
            match attribute.key.as_ref() {
                "calcext:value-type" => head.error = value == "error",
                name => match name.rsplit(':').next().unwrap_or(name) {
                    "number-rows-repeated" => head.rows_repeated = count(),
                    "number-columns-repeated" => head.columns_repeated = count(),
                    "number-rows-spanned" => head.spans.0 = count(),
                    "number-columns-spanned" => head.spans.1 = count(),
                    "value-type" => head.kind = value.into_owned(),
                    "value" | "date-value" | "time-value" | "boolean-value" | "string-value" => {
                        head.value = Some(value.into_owned());
                    }
                    "formula" => head.formula = true,
                    _ => {}
                },
            }
        }
        Ok(head)
    }

    /// What the cell holds, if anything; `paragraphs` are what it shows, `None` where it has none.
    fn content(self, paragraphs: Option<String>) -> Option<Content> {
        let shows_nothing = paragraphs.is_none();
        let text = paragraphs.unwrap_or_default();
        let shows_error = is_error(&text) || self.formula && text.starts_with("Err:");
        if self.error || shows_error {
            return Some(Content::Error(text.trim().to_owned()));
        }
        let number = || self.value.as_deref()?.trim().parse::<f64>().ok();
        let content = match self.kind.as_str() {
            // LibreOffice writes what a formula found true as a number that is shown as TRUE.
            "float" if self.formula && text == "TRUE" => Some(Content::Bool(true)),
            "float" if self.formula && text == "FALSE" => Some(Content::Bool(false)),
            "float" | "percentage" | "currency" => number().map(Content::Number),
            "date" => self.value.as_deref().map(|date| Content::Date {
                text: day(date),
                serial: None,
            }),
            "time" => self.value.as_deref().map(|time| Content::Date {
                text: clock(time).unwrap_or_else(|| time.to_owned()),
                serial: None,
            }),
            "boolean" => self.value.as_deref().map(|v| Content::Bool(v == "true")),
            // A result without a type is an empty text, if it is shown at all, in a paragraph
            // without characters; a library that cannot calculate writes no paragraph.
            "" if self.formula && shows_nothing => Some(Content::Uncalculated),
            _ => None,
        };
        // A value that is not as its type says is at least what the cell shows.
        content.or_else(|| {
            let text = self.value.filter(|_| text.is_empty()).unwrap_or(text);
            (!text.trim().is_empty()).then_some(Content::Text(text))
        })
    }
}

/// Whether a text is one of the errors of Excel: .ods has no type of value for them.
fn is_error(text: &str) -> bool {
    [
        "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!",
    ]
    .contains(&text.trim())
}

/// A date, and its time where it is not midnight: `2019-01-31 08:30:00`.
fn day(date: &str) -> String {
    match date.split_once('T') {
        Some((date, time)) if time.starts_with("00:00:00") => date.to_owned(),
        Some((date, time)) => format!("{date} {time}"),
        None => date.to_owned(),
    }
}

/// `PT08H30M00S` as `08:30:00`.
fn clock(time: &str) -> Option<String> {
    let (hours, rest) = time.strip_prefix("PT")?.split_once('H')?;
    let (minutes, rest) = rest.split_once('M')?;
    let seconds = rest.strip_suffix('S')?.split(['.', ',']).next()?;
    Some(format!("{hours:0>2}:{minutes:0>2}:{seconds:0>2}"))
}

/// The text that a cell shows, its paragraphs as lines, up to the cell's end.
fn text(part: &mut Part<'_>) -> Result<Option<String>, FileFault> {
    let mut text: Option<String> = None;
    let mut depth = 0_usize;
    loop {
        match part.next()? {
            Event::Start(inner) => match inner.local_name().as_ref() {
                "p" | "h" => {
                    if let Some(text) = &mut text {
                        text.push('\n');
                    }
                    paragraph(part, text.get_or_insert_default())?;
                }
                // Notes and pictures are no part of the value; nor are tables within.
                "annotation" | "table" => part.skip(&inner)?,
                _ if is_drawing(&inner) => part.skip(&inner)?,
                _ => depth += 1,
            },
            Event::End(_) if depth == 0 => return Ok(text),
            Event::End(_) => depth -= 1,
            Event::Eof => return Err(part.damaged()),
            _ => {}
        }
    }
}

/// Adds the text of a paragraph that has just begun. Runs of white space count as one space;
/// more are written as elements.
fn paragraph(part: &mut Part<'_>, into: &mut String) -> Result<(), FileFault> {
    let mut depth = 0_usize;
    let mut literal = String::new();
    let mut after_space = true;
    loop {
        let event = part.next()?;
        match &event {
            Event::Start(inner) => match inner.local_name().as_ref() {
                "s" => {
                    let count = super::xml::attribute(inner, "c")?;
                    let count = count.and_then(|c| c.parse().ok()).unwrap_or(1);
                    into.extend(std::iter::repeat_n(' ', MOST_SPACES.min(count)));
                    after_space = false;
                    depth += 1;
                }
                "tab" | "line-break" => {
                    let tab = inner.local_name().as_ref() == "tab";
                    into.push(if tab { '\t' } else { '\n' });
                    depth += 1;
                }
                "annotation" | "note" | "ruby-text" => part.skip(inner)?,
                _ if is_drawing(inner) => part.skip(inner)?,
                _ => depth += 1,
            },
            Event::End(_) if depth == 0 => return Ok(()),
            Event::End(_) => depth -= 1,
            Event::Eof => return Err(part.damaged()),
            _ => {
                literal.clear();
                characters(&event, &mut literal)?;
                for c in literal.chars() {
                    let space = matches!(c, ' ' | '\t' | '\r' | '\n');
                    if !space {
                        into.push(c);
                    } else if !after_space {
                        into.push(' ');
                    }
                    after_space = space;
                }
            }
        }
    }
}

/// Whether an element is a picture or shape.
fn is_drawing(element: &BytesStart<'_>) -> bool {
    element.name().as_ref().starts_with("draw:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_read_as_from_excel() {
        assert_eq!(day("2019-01-31"), "2019-01-31");
        assert_eq!(day("2019-01-31T00:00:00"), "2019-01-31");
        assert_eq!(day("2019-01-31T08:30:00"), "2019-01-31 08:30:00");
        assert_eq!(clock("PT8H30M00S").as_deref(), Some("08:30:00"));
        assert_eq!(clock("PT08H30M00.5S").as_deref(), Some("08:30:00"));
    }
}
