//! The marked return: a copy of a file with problems, for the unit that handed it in.
//!
//! The same cells stand at the same addresses with the same values; the problem cells are red
//! and carry a note, and a first sheet lists them with links. Formulas become their values, and
//! nothing of the original but its cells is taken over.

mod list;
mod look;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rust_xlsxwriter::{Color, ExcelDateTime, Format, Formula, Note, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr;

use crate::diagnostic::{Diagnostic, Severity};
use crate::location::Address;
use crate::model::grid::{Cell, Content, Moment, Sheet, Workbook};
use crate::output::names::{SheetNames, cut};
use crate::output::style;
use list::LIST;
use look::Look;

/// The colours of a cell with an error and of one with a warning.
const RED: Color = Color::RGB(0xFF_9B9B);
const YELLOW: Color = Color::RGB(0xFF_E699);

/// The errors that a file of Excel can hold; newer ones are copied as text.
const CLASSIC_ERRORS: [&str; 7] = [
    "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A",
];

/// The longest text of a cell in Excel, in UTF-16 units.
const LONGEST_TEXT: usize = 32_767;

/// What is wrong with one cell.
struct Mark {
    severity: Severity,
    note: String,
}

/// The marked copy of `workbook` as the bytes of an .xlsx; `problems` are those of this file.
///
/// # Errors
///
/// When the cells do not fit a workbook.
pub fn copy(workbook: &Workbook, problems: &[&Diagnostic]) -> Result<Vec<u8>, XlsxError> {
    let mut copy = rust_xlsxwriter::Workbook::new();
    copy.set_properties(&style::properties("考核表（已标出问题）")?);
    let names = sheet_names(workbook);
    list::write(copy.add_worksheet(), &workbook.file, &names, problems)?;
    for ((index, sheet), name) in (0..).zip(&workbook.sheets).zip(&names) {
        let mut marks = marks_of(index, problems);
        let worksheet = copy.add_worksheet();
        worksheet.set_name(name)?;
        write_cells(worksheet, sheet, &mut marks)?;
    }
    style::save(&mut copy)
}

/// The names of the copied sheets: those of the original, as far as Excel takes them and the
/// list of problems leaves them; a text file's sheet gets one.
fn sheet_names(workbook: &Workbook) -> Vec<String> {
    let mut names = SheetNames::default();
    names.unique(LIST);
    let sheets = workbook.sheets.iter();
    let name = |sheet: &Sheet| names.unique(sheet.name.as_deref().unwrap_or("表"));
    sheets.map(name).collect()
}

/// The marks of the sheet at `sheet`, cell by cell.
fn marks_of(sheet: u32, problems: &[&Diagnostic]) -> BTreeMap<Address, Mark> {
    let mut marks = BTreeMap::new();
    for problem in problems {
        let Some(place) = problem
            .spot
            .place()
            .filter(|place| place.source.order.1 == sheet)
        else {
            continue;
        };
        let severity = problem.finding.severity();
        let note = format!(
            "{}\n→ {}",
            problem.finding.message(),
            problem.finding.help()
        );
        match marks.entry(place.address) {
            Entry::Vacant(entry) => {
                entry.insert(Mark { severity, note });
            }
            Entry::Occupied(mut entry) => {
                let mark: &mut Mark = entry.get_mut();
                mark.severity = mark.severity.min(severity);
                mark.note = format!("{}\n\n{note}", mark.note);
            }
        }
    }
    marks
}

/// The cells of a sheet at their addresses, marked.
fn write_cells(
    worksheet: &mut Worksheet,
    sheet: &Sheet,
    marks: &mut BTreeMap<Address, Mark>,
) -> Result<(), XlsxError> {
    let look = Look::of(sheet);
    for merge in &sheet.merges {
        let (first, last) = (merge.first, merge.last);
        if let (Some(left), Some(right)) = (column(first), column(last)) {
            let format = look.format(first);
            match worksheet.merge_range(first.row, left, last.row, right, "", &format) {
                // Damaged files hold blocks that overlap; the values stand without them too.
                Ok(_) | Err(XlsxError::MergeRangeOverlaps(..)) => {}
                Err(error) => return Err(error),
            }
        }
    }
    for address in look.blanks(sheet) {
        if let Some(column) = column(address) {
            worksheet.write_blank(address.row, column, &look.format(address))?;
        }
    }
    for row in &sheet.rows {
        for (index, cell) in &row.cells {
            let address = Address::new(row.index, *index);
            let Some(column) = column(address) else {
                continue;
            };
            let mark = marks.remove(&address);
            let format = marked(&look.format(address), mark.as_ref());
            write_cell(worksheet, (row.index, column), cell, &format)?;
            if let Some(mark) = mark {
                write_note(worksheet, (row.index, column), mark)?;
            }
        }
        worksheet.set_row_height(row.index, look.height(sheet, row))?;
    }
    for (address, mark) in std::mem::take(marks) {
        if let Some(column) = column(address) {
            let format = marked(&look.format(address), Some(&mark));
            worksheet.write_blank(address.row, column, &format)?;
            write_note(worksheet, (address.row, column), mark)?;
        }
    }
    for (index, width) in &look.widths {
        if let Ok(column) = u16::try_from(*index) {
            worksheet.set_column_width(column, *width)?;
        }
    }
    if let Some(header) = look.header {
        worksheet.set_repeat_rows(header, header)?;
    }
    style::landscape(worksheet);
    Ok(())
}

fn column(address: Address) -> Option<u16> {
    u16::try_from(address.column).ok()
}

fn marked(plain: &Format, mark: Option<&Mark>) -> Format {
    match mark.map(|mark| mark.severity) {
        None => plain.clone(),
        Some(Severity::Error) => plain.clone().set_background_color(RED),
        Some(Severity::Warning) => plain.clone().set_background_color(YELLOW),
    }
}

fn write_note(
    worksheet: &mut Worksheet,
    (row, column): (u32, u16),
    mark: Mark,
) -> Result<(), XlsxError> {
    let lines = u32::try_from(mark.note.width() / 36 + 2).unwrap_or(20);
    let note = Note::new(mark.note)
        .set_author("kaohe")
        .add_author_prefix(false)
        .set_width(280)
        .set_height(lines.clamp(3, 20) * 18);
    worksheet.insert_note(row, column, &note)?;
    Ok(())
}

/// The value of a cell, never as anything that calculates.
fn write_cell(
    worksheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    format: &Format,
) -> Result<(), XlsxError> {
    match &cell.content {
        Content::Text(text) => {
            let text = cut(&style::literal(text), LONGEST_TEXT);
            worksheet.write_string_with_format(row, column, text, format)?
        }
        Content::Number(number) if cell.percent => {
            let format = format.clone().set_num_format("0.##########%");
            worksheet.write_number_with_format(row, column, *number, &format)?
        }
        Content::Number(number) => {
            worksheet.write_number_with_format(row, column, *number, format)?
        }
        Content::Bool(value) => worksheet.write_boolean_with_format(row, column, *value, format)?,
        Content::Date(date) => {
            let Moment { text, serial } = &**date;
            let format = format.clone().set_num_format("yyyy-mm-dd");
            let date = match serial {
                Some(serial) => ExcelDateTime::from_serial_datetime(*serial),
                None => ExcelDateTime::parse_from_str(text),
            };
            match date {
                Ok(date) => worksheet.write_datetime_with_format(row, column, date, &format)?,
                Err(_) => worksheet.write_string_with_format(row, column, &**text, &format)?,
            }
        }
        Content::Error(error) if CLASSIC_ERRORS.contains(&&**error) => {
            let formula = Formula::new(&**error).set_result(&**error);
            worksheet.write_formula_with_format(row, column, formula, format)?
        }
        Content::Error(error) => {
            worksheet.write_string_with_format(row, column, &**error, format)?
        }
        Content::Uncalculated => worksheet.write_blank(row, column, format)?,
    };
    Ok(())
}
