//! Reads .xlsx and .xlsm with calamine, cell by cell, so that a stray value in the last cell of a
//! sheet costs one cell.
//!
//! calamine trusts what a file claims about its texts and copies fonts and formats into every
//! style; both are checked first. It fails a whole sheet over one error value that it does not
//! know, and a whole workbook over a sheet of macros. With the values it gives either styles or
//! formulas, and merged blocks in a pass of their own, as long as the first. So the sheets are
//! unpacked once, before it reads them, and what stands plainly in them is taken from there
//! ([`plain`]).

mod plain;
mod trim;
mod watched;

use std::collections::HashSet;
use std::sync::Arc;

use calamine::{DataRef, Reader, SheetType, Style, Xlsx};
use memchr::memchr_iter;
use quick_xml::events::Event;

use self::plain::Plain;
use self::watched::Watched;
use super::cells::{content, fault, hold_to_limit, shows_percent};
use super::limits::{self, Limits};
use super::package::{Package, Treat, damaged, ends_with};
use super::sparse::{Budget, SheetBuilder};
use crate::diagnostic::{Excess, FileFault};
use crate::location::Address;
use crate::model::grid::{Cell, Sheet};

/// The bytes that a shared text takes at the least: `<si/>`.
const SMALLEST_TEXT: u64 = 5;
/// What a style takes in memory at the least, about.
const STYLE_BYTES: usize = 512;

type Book<'a> = Xlsx<Watched<'a>>;

/// Reads every sheet of cells; charts and dialogs have none.
pub(super) fn read(package: &mut Package<'_>, limits: &Limits) -> Result<Vec<Sheet>, FileFault> {
    let package = package.rebuilt(treat)?;
    for (name, range) in &package.parts {
        let part = &package.bytes[range.clone()];
        if ends_with(name, TEXTS) {
            check_texts(part)?;
        } else if ends_with(name, STYLES) {
            check_styles(part, limits)?;
        }
    }
    let (watched, last) = Watched::new(&package.bytes);
    let mut book: Book<'_> = Xlsx::new(watched).map_err(|error| fault(None, error))?;
    let mut budget = Budget::of(limits);
    let mut percent: Option<Vec<bool>> = None;
    hold_to_limit(book.sheets_metadata().to_vec(), limits)?
        .into_iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| {
            let reader = book.worksheet_cells_reader(&sheet.name);
            let reader = reader.map_err(|error| fault(Some(&sheet.name), error))?;
            let percent = percent.get_or_insert_with(|| percentages(reader.styles()));
            let part = package
                .parts
                .iter()
                .find(|(_, part)| part.contains(&last.get()));
            let plain = part.and_then(|(_, part)| Plain::of(&package.bytes[part.clone()]));
            let left = budget;
            let read = match &plain {
                Some(plain) => read_plain(reader, plain, percent, &sheet.name, &mut budget)?,
                None => {
                    drop(reader);
                    None
                }
            };
            let cells = match read {
                Some(cells) => cells,
                None => {
                    budget = left;
                    read_any(&mut book, percent, &sheet.name, &mut budget)?
                }
            };
            Ok(cells.finish(Some(Arc::from(sheet.name))))
        })
        .collect()
}

const TEXTS: &str = "sharedStrings.xml";
const STYLES: &str = "styles.xml";

/// What is looked into is unpacked; pictures, macros and colours are left out.
fn treat(name: &str) -> Treat {
    let folder = |folder: &str| name.contains(folder);
    if folder("/theme/") || folder("/media/") || ends_with(name, ".bin") {
        Treat::LeaveOut
    } else if folder("/worksheets/") {
        Treat::Unpack {
            enough: plain::is_past_cells,
            trim: trim::sheet,
        }
    } else if ends_with(name, STYLES) {
        Treat::Unpack {
            enough: |_, _| false,
            trim: trim::styles,
        }
    } else if ends_with(name, TEXTS) {
        Treat::Unpack {
            enough: |_, _| false,
            trim: |_| {},
        }
    } else {
        Treat::TakeOver
    }
}

/// Refuses texts whose number the part that holds them has no room for: calamine would ask for
/// the memory at once.
fn check_texts(part: &[u8]) -> Result<(), FileFault> {
    let mut reader = quick_xml::Reader::from_reader(part);
    loop {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => {
                let count = element.try_get_attribute("uniqueCount").ok().flatten();
                let count = count.and_then(|count| count.value.parse::<u64>().ok());
                return match count {
                    Some(count) if count > part.len() as u64 / SMALLEST_TEXT => {
                        Err(damaged("共享文字"))
                    }
                    _ => Ok(()),
                };
            }
            // What else is wrong with it, calamine finds.
            Ok(Event::Eof) | Err(_) => return Ok(()),
            Ok(_) => {}
        }
    }
}

/// Refuses styles that would take more memory than a file may: at worst the longest font or
/// format in every one of them.
fn check_styles(part: &[u8], limits: &Limits) -> Result<(), FileFault> {
    let (mut elements, mut longest, mut before) = (0_usize, STYLE_BYTES, 0);
    for at in memchr_iter(b'<', part).chain([part.len()]) {
        elements += 1;
        longest = longest.max(at - before);
        before = at;
    }
    let most = usize::try_from(limits.unpacked).unwrap_or(usize::MAX);
    if elements.saturating_mul(longest) > most {
        let mib = limits::mib(elements.saturating_mul(longest) as u64);
        let most = limits::mib(limits.unpacked);
        return Err(FileFault::TooLarge(Excess::Unpacked { mib, most }));
    }
    Ok(())
}

/// Whether each style shows a percentage.
fn percentages(styles: &[Style]) -> Vec<bool> {
    let formats = styles.iter().map(|style| style.number_format.as_ref());
    formats
        .map(|format| format.is_some_and(|format| shows_percent(&format.format_code)))
        .collect()
}

type CellReader<'a, 'b> = calamine::XlsxCellReader<'a, Watched<'b>>;

/// Reads a sheet of which formulas and merged blocks are found without calamine; none if it is not
/// certain which formula is whose.
fn read_plain(
    mut reader: CellReader<'_, '_>,
    plain: &Plain<'_>,
    percent: &[bool],
    name: &str,
    budget: &mut Budget,
) -> Result<Option<SheetBuilder>, FileFault> {
    let broken = |error| fault(Some(name), error);
    let Some(formulas) = plain.formulas() else {
        return Ok(None);
    };
    let mut formulas = formulas.into_iter();
    let mut sheet = SheetBuilder::default();
    while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(broken)? {
        let Some(formula) = formulas.next() else {
            return Ok(None);
        };
        let percent = percent.get(style) == Some(&true);
        put(
            (cell.get_position(), cell.get_value()),
            formula,
            percent,
            &mut sheet,
            budget,
        )?;
    }
    if formulas.next().is_some() {
        return Ok(None);
    }
    for (first, last) in plain.merges()? {
        sheet.merge(budget, first, last)?;
    }
    Ok(Some(sheet))
}

/// Reads a sheet in as many passes as calamine needs.
fn read_any(
    book: &mut Book<'_>,
    percent: &[bool],
    name: &str,
    budget: &mut Budget,
) -> Result<SheetBuilder, FileFault> {
    let broken = |error| fault(Some(name), error);
    let mut sheet = SheetBuilder::default();
    let mut places = HashSet::new();
    if percent.contains(&true) {
        let mut reader = book.worksheet_cells_reader(name).map_err(broken)?;
        while let Some((row, column, style)) = reader.next_style_id().map_err(broken)? {
            if percent[style] {
                places.insert((row, column));
            }
        }
    }
    let mut reader = book.worksheet_cells_reader(name).map_err(broken)?;
    while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(broken)? {
        let formula = cell.formula.is_some();
        let percent = places.contains(&cell.pos);
        put(
            (cell.pos, &cell.value),
            formula,
            percent,
            &mut sheet,
            budget,
        )?;
    }
    drop(reader);
    for block in book.merge_cells_by_sheet_name(name).map_err(broken)? {
        sheet.merge_block(budget, block)?;
    }
    Ok(sheet)
}

/// Adds a cell that calamine gives.
fn put(
    ((row, column), value): ((u32, u32), &DataRef<'_>),
    formula: bool,
    percent: bool,
    sheet: &mut SheetBuilder,
    budget: &mut Budget,
) -> Result<(), FileFault> {
    let Some(content) = content(value, formula, sheet) else {
        return Ok(());
    };
    let cell = Cell {
        content,
        formula,
        percent,
    };
    sheet.put(budget, Address::new(row, column), cell)
}
