//! Reads .xlsx and .xlsm: the workbook's parts, then its sheets one by one.
//!
//! calamine would need three passes over a sheet for what one pass yields here (values and
//! formulas, styles, merged blocks), gives up a whole sheet over one `#SPILL!`, and trusts the
//! counts that a file claims.

mod sheet;
mod strings;
mod styles;

use std::sync::Arc;

use quick_xml::events::{BytesStart, Event};

use super::formats::Styles;
use super::limits;
use super::package::{Package, damaged};
use super::relations::Relations;
use super::sparse::Budget;
use super::xml::{Part, attribute, is_true};
use crate::diagnostic::{Excess, FileFault};
use crate::model::grid::Sheet;

/// What the cells of every sheet refer to.
struct Book {
    strings: Vec<String>,
    styles: Styles,
    from_1904: bool,
}

/// What the workbook says of its sheets.
#[derive(Default)]
struct Index {
    /// The name of each sheet, and the id of the reference to its part.
    sheets: Vec<(String, String)>,
    from_1904: bool,
}

/// Reads every sheet of cells; charts, dialogs and macro sheets have none.
pub(super) fn read(package: &mut Package<'_>) -> Result<Vec<Sheet>, FileFault> {
    let main = package.main_part()?;
    let relations = Relations::read(package, &main)?;
    let index = index(package, &main)?;
    let book = Book {
        strings: match relations.of_kind("sharedStrings") {
            Some(name) => strings::read(name, &package.text(name)?.unwrap_or_default())?,
            None => Vec::new(),
        },
        styles: match relations.of_kind("styles") {
            Some(name) => styles::read(name, &package.text(name)?.unwrap_or_default())?,
            None => Styles::default(),
        },
        from_1904: index.from_1904,
    };
    let mut budget = Budget::default();
    let mut sheets = Vec::with_capacity(index.sheets.len());
    for (name, id) in index.sheets {
        let Some(part) = sheet_part(&relations, &name, &id)? else {
            continue;
        };
        let text = package.text(part)?.ok_or_else(|| damaged(&name))?;
        let cells = sheet::read(Part::new(part, &text), &book, &mut budget)?;
        sheets.push(cells.finish(Some(Arc::from(name))));
    }
    Ok(sheets)
}

/// The part that holds the cells of a sheet; `None` for a sheet of another kind.
pub(super) fn sheet_part<'a>(
    relations: &'a Relations,
    name: &str,
    id: &str,
) -> Result<Option<&'a str>, FileFault> {
    match relations.by_id(id) {
        Some(("worksheet", part)) => Ok(Some(part)),
        Some(_) => Ok(None),
        // A module of Visual Basic, in the list only for its name.
        None if id.is_empty() => Ok(None),
        // A sheet that is named but nowhere: to go on without it would lose what it holds.
        None => Err(FileFault::Damaged(format!("工作表“{name}”的内容缺失"))),
    }
}

/// Reads the part that names the sheets.
fn index(package: &mut Package<'_>, main: &str) -> Result<Index, FileFault> {
    let text = package.text(main)?.ok_or_else(|| damaged(main))?;
    let mut part = Part::new(main, &text);
    let mut index = Index::default();
    loop {
        match part.next()? {
            Event::Start(element) => index.take(&element)?,
            Event::End(element) if element.local_name().as_ref() == "workbook" => return Ok(index),
            Event::Eof => return Err(part.damaged()),
            _ => {}
        }
    }
}

impl Index {
    fn take(&mut self, element: &BytesStart<'_>) -> Result<(), FileFault> {
        match element.local_name().as_ref() {
            "workbookPr" => {
                self.from_1904 = attribute(element, "date1904")?.is_some_and(|v| is_true(&v));
            }
            "sheet" => {
                let name = attribute(element, "name")?.unwrap_or_default();
                let id = attribute(element, "id")?.unwrap_or_default();
                if self.sheets.len() == limits::SHEETS {
                    return Err(FileFault::TooLarge(Excess::Sheets(limits::SHEETS)));
                }
                self.sheets.push((name, id));
            }
            _ => {}
        }
        Ok(())
    }
}
