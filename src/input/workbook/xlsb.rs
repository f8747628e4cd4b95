//! Reads .xlsb with calamine, cell by cell.
//!
//! calamine stops before the end of a part, where a damaged one would be found out, and passes
//! over rows, sheets and kinds of cells without a word. So every part that it reads is read to its
//! end first: [`parts`] finds the sheets, [`cells`] holds the records of each to what calamine
//! understands. Formulas and their errors are found there too, merged blocks, and percentages: of this
//! format calamine tells none of them.

mod cells;
mod parts;
mod record;

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

use calamine::{Reader, SheetType, Xlsb};

use self::cells::Found;
use super::cells::{SOME_ERROR, content, fault, hold_to_limit};
use super::limits::Limits;
use super::package::{Package, Treat, damaged};
use super::shows::Shows;
use super::sparse::{Budget, SheetBuilder};
use crate::diagnostic::FileFault;
use crate::location::Address;
use crate::model::grid::{Cell, Content, Sheet};

type Book<'a> = Xlsb<Cursor<&'a [u8]>>;

/// Reads every sheet of cells.
pub(super) fn read(package: &mut Package<'_>, limits: &Limits) -> Result<Vec<Sheet>, FileFault> {
    let rebuilt;
    let mut book: Book<'_> =
        Xlsb::new(Cursor::new(package.source())).map_err(|error| fault(None, error))?;
    let sheets = hold_to_limit(book.sheets_metadata().to_vec(), limits)?;
    let styles = parts::styles(package)?;
    let parts = parts::sheets(package)?;
    if parts.len() != sheets.len() {
        return Err(damaged(parts::WORKBOOK));
    }
    let mut found = Vec::new();
    let mut anew = BTreeMap::new();
    anew.extend(styles.anew.map(|part| (parts::STYLES.to_owned(), part)));
    let mut budget = Budget::of(limits);
    for (sheet, part) in sheets.into_iter().zip(parts) {
        if sheet.typ != SheetType::WorkSheet {
            continue;
        }
        let broken = |what| FileFault::Damaged(format!("工作表“{}”{what}", sheet.name));
        let (mut merged, mut within) = (SheetBuilder::default(), Ok(()));
        let merge = |first, last| {
            if within.is_ok() {
                within = merged.merge(&mut budget, first, last);
            }
        };
        let cells = cells::check(package.part(&part)?, &styles.shows, merge).map_err(broken)?;
        within?;
        if cells.rare {
            let long = cells::in_long(package.part(&part)?);
            anew.insert(part.clone(), long.ok_or_else(|| damaged(&part))?);
        }
        found.push((sheet.name, cells, merged));
    }
    if !anew.is_empty() {
        rebuilt = package.rebuilt(|name| {
            let mut parts = anew.iter();
            let part = parts.find(|(part, _)| part.eq_ignore_ascii_case(name));
            part.map_or(Treat::TakeOver, |(_, bytes)| Treat::Put(bytes))
        })?;
        book =
            Xlsb::new(Cursor::new(rebuilt.bytes.as_slice())).map_err(|error| fault(None, error))?;
    }
    found
        .into_iter()
        .map(|(name, found, mut sheet)| {
            read_cells(&mut book, &name, found, &mut sheet, &mut budget)?;
            sheet.finish(Some(Arc::from(name)))
        })
        .collect()
}

/// Reads the cells of one sheet, in which this was found.
fn read_cells(
    book: &mut Book<'_>,
    name: &str,
    found: Found,
    sheet: &mut SheetBuilder,
    budget: &mut Budget,
) -> Result<(), FileFault> {
    let broken = |error| fault(Some(name), error);
    let mut percent = found.percent.into_iter().peekable();
    let mut reader = book.worksheet_cells_reader(name).map_err(broken)?;
    while let Some(cell) = reader.next_cell().map_err(broken)? {
        let place = cell.get_position();
        let formula = found.formulas.contains(&place);
        let shows = percent.next_if(|(at, _)| *at == place);
        let shows = shows.map_or(Shows::Number, |(_, shows)| shows);
        if let Some(content) = content(cell.get_value(), formula, sheet) {
            let (content, percent) = match content {
                Content::Number(number) => {
                    let (number, percent) = shows.number(number);
                    (Content::Number(number), percent)
                }
                content => (content, false),
            };
            let held = Cell {
                content,
                formula,
                percent,
            };
            sheet.put(budget, Address::new(place.0, place.1), held)?;
        }
    }
    // calamine passes over them.
    for ((row, column), error) in found.errors {
        let held = Cell {
            content: Content::Error(error.unwrap_or(SOME_ERROR).into()),
            formula: true,
            percent: false,
        };
        sheet.put(budget, Address::new(row, column), held)?;
    }
    Ok(())
}
