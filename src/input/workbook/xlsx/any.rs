//! Reads any .xlsx with calamine, in as many passes as that needs.
//!
//! calamine takes of the value of a cell what stands before a comment, of two values the last, and
//! the first shared text for an index that is no number: such sheets are refused before.

use std::io::{BufRead, BufReader};
use std::sync::Arc;

use calamine::{Reader as _, Style, Xlsx};
use quick_xml::events::{BytesStart, Event};

use super::super::cells::{content, fault};
use super::super::limits::Limits;
use super::super::package::{Package, Treat, damaged};
use super::super::shows::Shows;
use super::super::sparse::{Budget, SheetBuilder};
use super::watched::Watched;
use super::{Book, Parts, Role, put, sheets_of_cells, shows};
use crate::diagnostic::FileFault;
use crate::hash::Map;
use crate::location::Address;
use crate::model::grid::{Cell, Content, Sheet};

/// Reads any workbook, in as many passes as calamine needs.
pub(super) fn read(
    package: &mut Package<'_>,
    around: &Parts,
    limits: &Limits,
) -> Result<Vec<Sheet>, FileFault> {
    // A sheet may stand anywhere.
    let parts = package.parts().map(|(name, _)| name.clone());
    let parts = parts.filter(|name| matches!(Role::of(name), Role::Sheet | Role::Other));
    for name in parts.collect::<Vec<_>>() {
        check(BufReader::new(package.part(&name)?), &name)?;
    }
    let package = package.rebuilt(|name| match Role::of(name) {
        Role::Unread => Treat::LeaveOut,
        Role::Styles | Role::Sheets => put(around, name),
        Role::Sheet | Role::Texts | Role::Other => Treat::TakeOver,
    })?;
    let (watched, _) = Watched::new(&package.bytes);
    let mut book: Book<'_> = Xlsx::new(watched).map_err(|error| fault(None, error))?;
    let mut budget = Budget::of(limits);
    let names = sheets_of_cells(&book, limits)?.into_iter();
    names
        .map(|name| {
            let sheet = read_sheet(&mut book, &name, &mut budget)?;
            sheet.finish(Some(Arc::from(name)))
        })
        .collect()
}

/// Reads a sheet in as many passes as calamine needs.
fn read_sheet(
    book: &mut Book<'_>,
    name: &str,
    budget: &mut Budget,
) -> Result<SheetBuilder, FileFault> {
    let broken = |error| fault(Some(name), error);
    let mut sheet = SheetBuilder::default();
    let from_1904 = book.has_1904_epoch();
    let mut places = Map::default();
    let mut reader = book.worksheet_cells_reader(name).map_err(broken)?;
    let styles: Vec<Shows> = reader.styles().iter().map(shows).collect();
    // calamine knows the dates of most formats, and a pass more takes as long as the others.
    if (reader.styles().iter().zip(&styles)).any(|(style, shows)| is_to_be_told(style, *shows)) {
        while let Some((row, column, style)) = reader.next_style_id().map_err(broken)? {
            if styles[style] != Shows::Number {
                places.insert((row, column), styles[style]);
            }
        }
    }
    drop(reader);
    let mut reader = book.worksheet_cells_reader(name).map_err(broken)?;
    while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(broken)? {
        let formula = cell.formula.is_some();
        let Some(content) = content(&cell.value, formula, &mut sheet) else {
            continue;
        };
        let (row, column) = cell.pos;
        let shows = places.get(&cell.pos).copied().unwrap_or_default();
        // calamine knows fewer formats of dates.
        let content = match content {
            Content::Number(number) => shows.content(number, from_1904),
            other => other,
        };
        let cell = Cell {
            content,
            formula,
            percent: shows.number(0.0).1,
        };
        sheet.put(budget, Address::new(row, column), cell)?;
    }
    drop(reader);
    for block in book.merge_cells_by_sheet_name(name).map_err(broken)? {
        sheet.merge_block(budget, block)?;
    }
    Ok(sheet)
}

/// Whether calamine does not tell that a style shows a number as something else.
fn is_to_be_told(style: &Style, shows: Shows) -> bool {
    let code = style.number_format.as_ref();
    let code = code.map_or("", |format| &*format.format_code);
    let first = code.split(';').next().unwrap_or_default();
    let is_date = first.contains(|c: char| "ymdhs".contains(c.to_ascii_lowercase()));
    match shows {
        Shows::Number => false,
        Shows::Percent | Shows::Sign => true,
        Shows::Moment | Shows::Duration => !is_date,
    }
}

/// Refuses a sheet of which calamine would read something else than it says; any other part passes.
fn check(part: impl BufRead, name: &str) -> Result<(), FileFault> {
    let mut reader = quick_xml::Reader::from_reader(part);
    let mut buffer = Vec::new();
    let (mut sections, mut values) = (0, 0);
    let (mut in_data, mut in_value) = (false, false);
    let mut kind = Kind::Other;
    let mut is_sheet = false;
    while sections <= 1 && values <= 1 {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(root)) if !is_sheet => match root.local_name().as_ref() {
                "worksheet" => is_sheet = true,
                _ => return Ok(()),
            },
            Ok(Event::Start(tag)) => match tag.local_name().as_ref() {
                "sheetData" => (in_data, sections) = (true, sections + 1),
                "c" if !in_data => break,
                "c" => (kind, values) = (Kind::of(&tag), 0),
                "v" => (in_value, values) = (true, values + 1),
                _ => {}
            },
            Ok(Event::Empty(tag)) => match tag.local_name().as_ref() {
                "sheetData" => sections += 1,
                "v" => values += 1,
                _ => {}
            },
            Ok(Event::End(tag)) => match tag.local_name().as_ref() {
                "sheetData" => in_data = false,
                "v" => in_value = false,
                _ => {}
            },
            Ok(Event::Text(text)) if in_value && kind == Kind::Index => {
                if !text.bytes().all(|b| b.is_ascii_digit()) {
                    break;
                }
            }
            Ok(Event::CData(_) | Event::Comment(_) | Event::PI(_) | Event::GeneralRef(_))
                if in_value && kind != Kind::Text =>
            {
                break;
            }
            // What else is wrong with it, calamine finds.
            Ok(Event::Eof) | Err(_) => return Ok(()),
            Ok(_) => {}
        }
    }
    Err(damaged(name))
}

/// What the value of a cell is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A text of its own.
    Text,
    /// Which of the shared texts.
    Index,
    Other,
}

impl Kind {
    fn of(cell: &BytesStart<'_>) -> Self {
        match cell.try_get_attribute("t") {
            Ok(Some(kind)) => match &*kind.value {
                "str" => Self::Text,
                "s" => Self::Index,
                _ => Self::Other,
            },
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn parts_that_are_no_sheets_pass() {
        let chart = "<c:chartSpace><c:v>1</c:v><c:v>2</c:v></c:chartSpace>";
        assert!(super::check(chart.as_bytes(), "图").is_ok());
    }

    #[test]
    fn a_value_is_one_piece_in_a_cell_of_the_data() {
        let check = |data: &str| {
            let sheet = format!("<!-- --><worksheet>{data}</worksheet>");
            super::check(sheet.as_bytes(), "表").is_ok()
        };
        let of_cell = |cell: &str| check(&format!("<sheetData>{cell}</sheetData>"));
        for cell in [
            "<c><v>1</v></c><c><v>2</v></c>",
            "<c><!-- --><v>1</v><?x?></c>",
            "<x:c><x:f>1<!-- -->2</x:f><x:v>3</x:v></x:c>",
            "<c t='s'><v>0</v></c>",
            "<c t='str'><v>a&amp;b<!-- -->c<![CDATA[d]]></v></c>",
            "<c t='inlineStr'><is><t>1<!-- -->2</t></is></c>",
        ] {
            assert!(of_cell(cell), "{cell}");
        }
        for cell in [
            "<c><v>1<!-- -->2</v></c>",
            "<c><v>1<?x?>2</v></c>",
            "<c><v><![CDATA[7]]></v></c>",
            "<c><v>1&#50;</v></c>",
            "<x:c><x:v>1<!-- -->2</x:v></x:c>",
            "<c><v>0</v><v>5</v></c>",
            "<c t='s'><v>-1</v></c>",
            "<c t='s'><v>1.0</v></c>",
            "<c t='s'><v>0<!-- -->1</v></c>",
        ] {
            assert!(!of_cell(cell), "{cell}");
        }
        for data in [
            "<sheetData/><sheetData><c><v>1</v></c></sheetData>",
            "<sheetData></sheetData><row><c><v>1</v></c></row>",
        ] {
            assert!(!check(data), "{data}");
        }
    }
}
