//! Reads .xlsx and .xlsm with calamine, cell by cell, so that a stray value in the last cell of a
//! sheet costs one cell.
//!
//! calamine trusts what a file claims about its texts and copies fonts and formats into every
//! style; both are checked first. It fails a whole sheet over one error value that it does not
//! know, and a whole workbook over a sheet of macros.

use std::collections::HashSet;
use std::io::{BufReader, Cursor};
use std::sync::Arc;

use calamine::{Data, Reader, SheetType, Xlsx};
use quick_xml::events::Event;

use super::cells::{content, fault, hold_to_limit, shows_percent};
use super::limits::{self, Limits};
use super::package::{Package, damaged};
use super::sparse::{Budget, SheetBuilder};
use crate::diagnostic::{Excess, FileFault};
use crate::location::Address;
use crate::model::grid::{Cell, Sheet};

/// The bytes that a shared text takes at the least: `<si/>`.
const SMALLEST_TEXT: u64 = 5;
/// What a style takes in memory at the least, about.
const STYLE_BYTES: usize = 512;

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// Reads every sheet of cells; charts and dialogs have none.
pub(super) fn read(package: &mut Package<'_>, limits: &Limits) -> Result<Vec<Sheet>, FileFault> {
    check_texts(package)?;
    check_styles(package, limits)?;
    let mut book: Book<'_> =
        Xlsx::new(Cursor::new(package.source())).map_err(|error| fault(None, error))?;
    let mut budget = Budget::of(limits);
    hold_to_limit(book.sheets_metadata().to_vec(), limits)?
        .into_iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| {
            let mut cells = SheetBuilder::default();
            read_cells(&mut book, &sheet.name, &mut cells, &mut budget)?;
            read_merges(&mut book, &sheet.name, &mut cells, &mut budget)?;
            Ok(cells.finish(Some(Arc::from(sheet.name))))
        })
        .collect()
}

/// Refuses texts whose number the part that holds them has no room for: calamine would ask for
/// the memory at once.
fn check_texts(package: &mut Package<'_>) -> Result<(), FileFault> {
    package.each_ending("sharedStrings.xml", |part, size| {
        let mut reader = quick_xml::Reader::from_reader(BufReader::new(part));
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match reader.read_event_into(&mut buffer) {
                Ok(Event::Start(element) | Event::Empty(element)) => {
                    let count = element.try_get_attribute("uniqueCount").ok().flatten();
                    let count = count.and_then(|count| count.value.parse::<u64>().ok());
                    return match count {
                        Some(count) if count > size / SMALLEST_TEXT => Err(damaged("共享文字")),
                        _ => Ok(()),
                    };
                }
                // What else is wrong with it, calamine finds.
                Ok(Event::Eof) | Err(_) => return Ok(()),
                Ok(_) => {}
            }
        }
    })
}

/// Refuses styles that would take more memory than a file may: at worst the longest font or
/// format in every one of them.
fn check_styles(package: &mut Package<'_>, limits: &Limits) -> Result<(), FileFault> {
    package.each_ending("styles.xml", |part, _| {
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).map_err(|_| damaged("样式"))?;
        let (mut elements, mut longest) = (0_usize, STYLE_BYTES);
        for element in bytes.split(|byte| *byte == b'<') {
            elements += 1;
            longest = longest.max(element.len());
        }
        let most = usize::try_from(limits.unpacked).unwrap_or(usize::MAX);
        if elements.saturating_mul(longest) > most {
            let mib = limits::mib(elements.saturating_mul(longest) as u64);
            let most = limits::mib(limits.unpacked);
            return Err(FileFault::TooLarge(Excess::Unpacked { mib, most }));
        }
        Ok(())
    })
}

/// Reads the cells of one sheet. calamine gives formulas and styles in separate passes; the
/// second is only made where a style shows a percentage.
fn read_cells(
    book: &mut Book<'_>,
    name: &str,
    sheet: &mut SheetBuilder,
    budget: &mut Budget,
) -> Result<(), FileFault> {
    let broken = |error| fault(Some(name), error);
    let mut reader = book.worksheet_cells_reader(name).map_err(broken)?;
    let shows: Vec<bool> = reader
        .styles()
        .iter()
        .map(|style| style.number_format.as_ref())
        .map(|format| format.is_some_and(|format| shows_percent(&format.format_code)))
        .collect();
    let mut percent = HashSet::new();
    if shows.contains(&true) {
        while let Some((row, column, style)) = reader.next_style_id().map_err(broken)? {
            if shows[style] {
                percent.insert((row, column));
            }
        }
        drop(reader);
        reader = book.worksheet_cells_reader(name).map_err(broken)?;
    }
    while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(broken)? {
        let formula = cell.formula.is_some();
        if let Some(content) = content(Data::from(cell.value), formula) {
            let held = Cell {
                content,
                formula,
                percent: percent.contains(&cell.pos),
            };
            sheet.put(budget, Address::new(cell.pos.0, cell.pos.1), held)?;
        }
    }
    Ok(())
}

/// Reads the merged blocks of one sheet.
fn read_merges(
    book: &mut Book<'_>,
    name: &str,
    sheet: &mut SheetBuilder,
    budget: &mut Budget,
) -> Result<(), FileFault> {
    let blocks = book.merge_cells_by_sheet_name(name);
    for block in blocks.map_err(|error| fault(Some(name), error))? {
        sheet.merge_block(budget, block)?;
    }
    Ok(())
}
