//! Reads .ods with calamine, after one pass over `content.xml` ([`content`]).
//!
//! calamine never ends on a content that breaks off between two rows, and repeats a cell, a row
//! or a space as often as it is told; the pass refuses both. It notes on the way what calamine
//! does not tell of this format: percentages, errors and merged blocks; and it cuts out what
//! calamine would take for a sheet or the text of a cell, and is none. A file without the part
//! `mimetype` calamine refuses.

mod amends;
mod content;
mod table;

use std::io::Cursor;
use std::sync::Arc;

use calamine::{Ods, Reader};

use self::content::check;
use super::cells::{fault, hold_to_limit, put_all};
use super::limits::Limits;
use super::package::{Package, Treat, damaged};
use super::sparse::{Budget, SheetBuilder};
use crate::diagnostic::FileFault;
use crate::model::grid::Sheet;

/// The part that holds the sheets.
const CONTENT: &str = "content.xml";

/// Reads every sheet.
pub(super) fn read(package: &mut Package<'_>, limits: &Limits) -> Result<Vec<Sheet>, FileFault> {
    let mut content = package.bytes(CONTENT)?.ok_or_else(|| damaged(CONTENT))?;
    let checked = check(&content, limits)?;
    let found = hold_to_limit(checked.tables, limits)?;
    let rebuilt;
    let source = if checked.amends.is_empty() {
        package.source()
    } else {
        content = checked.amends.made_in(&content);
        rebuilt = package.rebuilt(|name| match name {
            CONTENT => Treat::Put(&content),
            _ => Treat::TakeOver,
        })?;
        &rebuilt.bytes
    };
    drop(content);
    let mut book: Ods<_> = Ods::new(Cursor::new(source)).map_err(|error| fault(None, error))?;
    let mut budget = Budget::of(limits);
    let names = book.sheet_names();
    if names.len() != found.len() {
        return Err(damaged(CONTENT));
    }
    names
        .into_iter()
        .zip(found)
        .map(|(name, table)| {
            let broken = |error| fault(Some(&name), error);
            let values = book.worksheet_range(&name).map_err(broken)?;
            let formulas = book.worksheet_formula(&name).map_err(broken)?;
            let mut cells = SheetBuilder::default();
            put_all(&values, &formulas, &table.notes, &mut cells, &mut budget)?;
            for (first, last) in table.merges {
                cells.merge(&mut budget, first, last)?;
            }
            cells.finish(Some(Arc::from(name)))
        })
        .collect()
}
