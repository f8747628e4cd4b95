//! The marked return: a copy of a file with problems, for the unit that handed it in.
//!
//! The same cells stand at the same addresses with the same values; the problem cells are red
//! and carry a note, and a first sheet lists them with links. Formulas become their values, and
//! nothing of the original but its cells is taken over.

mod list;
mod look;

use std::collections::BTreeMap;

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

/// The longest text of a cell in Excel, and of a note with room for its author, in UTF-16 units.
const LONGEST_TEXT: usize = 32_767;
const LONGEST_NOTE: usize = LONGEST_TEXT - 54;

/// So many findings are told in the note of one cell; it is to be read at a glance.
const TOLD: usize = 10;

/// What is wrong with one cell, in the order of print: one finding or more.
type Findings<'a> = Vec<&'a Diagnostic>;

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
        let marks = marks_of(index, problems);
        let worksheet = copy.add_worksheet();
        worksheet.set_name(name)?;
        write_cells(worksheet, sheet, marks)?;
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

/// What is wrong in the sheet at `sheet`, cell by cell.
fn marks_of<'a>(sheet: u32, problems: &[&'a Diagnostic]) -> BTreeMap<Address, Findings<'a>> {
    let mut marks: BTreeMap<Address, Findings> = BTreeMap::new();
    for problem in problems {
        let place = problem.spot.place();
        if let Some(place) = place.filter(|place| place.source.order.1 == sheet) {
            marks.entry(place.address).or_default().push(problem);
        }
    }
    marks
}

/// The cells of a sheet at their addresses, marked.
fn write_cells(
    worksheet: &mut Worksheet,
    sheet: &Sheet,
    mut marks: BTreeMap<Address, Findings>,
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
            let findings = marks.remove(&address).unwrap_or_default();
            let format = marked(look.format(address), &findings);
            write_cell(worksheet, (row.index, column), cell, &format)?;
            if !findings.is_empty() {
                write_note(worksheet, (row.index, column), &findings)?;
            }
        }
        worksheet.set_row_height(row.index, look.height(sheet, row))?;
    }
    for (address, findings) in marks {
        if let Some(column) = column(address) {
            let format = marked(look.format(address), &findings);
            worksheet.write_blank(address.row, column, &format)?;
            write_note(worksheet, (address.row, column), &findings)?;
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

/// The format of a cell with these findings, if any.
fn marked(plain: Format, findings: &[&Diagnostic]) -> Format {
    let severities = findings.iter().map(|problem| problem.finding.severity());
    match severities.min() {
        None => plain,
        Some(Severity::Error) => plain.set_background_color(RED),
        Some(Severity::Warning) => plain.set_background_color(YELLOW),
    }
}

fn write_note(
    worksheet: &mut Worksheet,
    (row, column): (u32, u16),
    findings: &[&Diagnostic],
) -> Result<(), XlsxError> {
    let text = note(findings);
    let lines = u32::try_from(text.width() / 36 + 2).unwrap_or(20);
    let note = Note::new(text)
        .set_author("kaohe")
        .add_author_prefix(false)
        .set_width(280)
        .set_height(lines.clamp(3, 20) * 18);
    worksheet.insert_note(row, column, &note)?;
    Ok(())
}

/// What the note of a cell says: the first findings, and how many more the list has.
fn note(findings: &[&Diagnostic]) -> String {
    let mut parts: Vec<String> = findings
        .iter()
        .take(TOLD)
        .map(|problem| {
            let finding = &problem.finding;
            format!("{}\n→ {}", finding.message(), finding.help())
        })
        .collect();
    let more = findings.len() - parts.len();
    if more > 0 {
        parts.push(format!("还有 {more} 处，见“{LIST}”"));
    }
    cut(&parts.join("\n\n"), LONGEST_NOTE)
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
            let text = fitting(&style::literal(text));
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
                Err(_) => {
                    worksheet.write_string_with_format(row, column, fitting(text), &format)?
                }
            }
        }
        Content::Error(error) if CLASSIC_ERRORS.contains(&&**error) => {
            let formula = Formula::new(&**error).set_result(&**error);
            worksheet.write_formula_with_format(row, column, formula, format)?
        }
        Content::Error(error) => {
            worksheet.write_string_with_format(row, column, fitting(error), format)?
        }
        Content::Uncalculated => worksheet.write_blank(row, column, format)?,
    };
    Ok(())
}

/// As much of a text as a cell takes.
fn fitting(text: &str) -> String {
    cut(text, LONGEST_TEXT)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::grid::{self, Row};

    /// A workbook of one sheet with this text in its first cell, as an error, a date, a text.
    fn workbook(text: &str) -> Workbook {
        let date = Moment {
            text: text.into(),
            serial: None,
        };
        let contents = [
            Content::Error(text.into()),
            Content::Date(Box::new(date)),
            Content::Text(text.into()),
        ];
        let cell = |content| Cell {
            content,
            formula: false,
            percent: false,
        };
        let cells = (0..).zip(contents.map(cell)).collect();
        let sheet = Sheet {
            rows: vec![Row { index: 0, cells }],
            ..Sheet::default()
        };
        Workbook {
            file: Arc::from("表.xlsx"),
            format: grid::Format::Xlsx,
            sheets: vec![sheet],
            here: true,
            quick: true,
        }
    }

    #[test]
    fn what_excel_has_no_room_for_is_cut() {
        let long = workbook(&"字".repeat(LONGEST_TEXT + 1));
        let cut = workbook(&"字".repeat(LONGEST_TEXT));
        let bytes = copy(&long, &[]).expect("a copy");
        assert!(
            bytes == copy(&cut, &[]).expect("a copy"),
            "cut to what Excel takes"
        );
    }
}
