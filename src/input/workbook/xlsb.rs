//! Reads .xlsb with calamine, cell by cell.
//!
//! calamine tells neither merged blocks nor percentages of this format, and passes over formulas
//! that gave an error; those are found here by having a formula and no value, which no other
//! cell of this format has. Which error it was is lost.

use std::collections::HashSet;
use std::io::Cursor;
use std::sync::Arc;

use calamine::{Reader, SheetType, Xlsb, XlsbError};

use super::cells::{content, fault, hold_to_limit};
use super::limits::Limits;
use super::package::Package;
use super::sparse::{Budget, SheetBuilder};
use crate::diagnostic::FileFault;
use crate::location::Address;
use crate::model::grid::{Cell, Content, Sheet};

/// What stands for an error of which no more is known.
const SOME_ERROR: &str = "#ERROR!";

type Book<'a> = Xlsb<Cursor<&'a [u8]>>;

/// Reads every sheet of cells.
pub(super) fn read(package: &Package<'_>, limits: &Limits) -> Result<Vec<Sheet>, FileFault> {
    let mut book: Book<'_> =
        Xlsb::new(Cursor::new(package.source())).map_err(|error| fault(None, error))?;
    let mut budget = Budget::of(limits);
    hold_to_limit(book.sheets_metadata().to_vec(), limits)?
        .into_iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| {
            let cells = read_cells(&mut book, &sheet.name, &mut budget)?;
            cells.finish(Some(Arc::from(sheet.name)))
        })
        .collect()
}

/// Reads the cells of one sheet.
fn read_cells(
    book: &mut Book<'_>,
    name: &str,
    budget: &mut Budget,
) -> Result<SheetBuilder, FileFault> {
    let broken = |error| fault(Some(name), error);
    let mut formulas = HashSet::new();
    let mut reader = book.worksheet_cells_reader(name).map_err(broken)?;
    loop {
        match reader.next_formula() {
            Ok(Some(formula)) => drop(formulas.insert(formula.get_position())),
            Ok(None) | Err(XlsbError::Io(_)) => break,
            // A formula that calamine cannot put into words; its value is read all the same.
            Err(_) => {}
        }
    }
    drop(reader);
    let mut sheet = SheetBuilder::default();
    let mut reader = book.worksheet_cells_reader(name).map_err(broken)?;
    while let Some(cell) = reader.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        let formula = formulas.remove(&(row, column));
        if let Some(content) = content(cell.get_value(), formula, &mut sheet) {
            let held = Cell {
                content,
                formula,
                percent: false,
            };
            sheet.put(budget, Address::new(row, column), held)?;
        }
    }
    for (row, column) in formulas {
        let held = Cell {
            content: Content::Error(SOME_ERROR.into()),
            formula: true,
            percent: false,
        };
        sheet.put(budget, Address::new(row, column), held)?;
    }
    Ok(sheet)
}
