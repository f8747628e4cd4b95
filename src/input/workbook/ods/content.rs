//! The pass over the `content.xml` of an .ods before calamine reads it.

use std::ops::Range;
use std::sync::Arc;

use quick_xml::events::{BytesStart, Event};

use super::super::cells::{Notes, SOME_ERROR};
use super::super::limits::{self, Limits};
use super::super::package::damaged;
use super::CONTENT;
use crate::diagnostic::{Excess, FileFault};
use crate::location::Address;
use crate::text;

/// What the pass found.
pub(super) struct Checked {
    pub(super) tables: Vec<Table>,
    /// What has to stand where in the content for calamine to read it, in order: no white space
    /// between the cells of a row, and of a cell that holds a text that it does.
    pub(super) amends: Vec<(Range<usize>, &'static str)>,
}

/// The content with other pieces in it.
pub(super) fn amended(content: &[u8], amends: &[(Range<usize>, &'static str)]) -> Vec<u8> {
    let mut amended = Vec::with_capacity(content.len());
    let mut taken = 0;
    for (range, piece) in amends {
        amended.extend_from_slice(&content[taken..range.start]);
        amended.extend_from_slice(piece.as_bytes());
        taken = range.end;
    }
    amended.extend_from_slice(&content[taken..]);
    amended
}

/// What the pass knows of one sheet.
pub(super) struct Table {
    /// Whether it has a name: calamine passes over those that have none.
    named: bool,
    pub(super) notes: Notes,
    pub(super) merges: Vec<(Address, Address)>,
    /// The cells that the sheet may have.
    most: u64,
    /// The cells that all sheets together may have.
    values: usize,
    /// The row that is being read, or the next, and how often it stands in the sheet.
    row: u32,
    rows: u32,
    /// The cell that is being read, or the next, and how often it stands in its row.
    column: u32,
    columns: u32,
    /// What that cell is.
    cell: Cell,
    /// The first row with a cell that holds something, and the ends of rows and columns.
    bounds: Option<(u32, u32, u32)>,
}

/// What the pass knows of the cell that is being read.
#[derive(Default)]
struct Cell {
    /// Where its attributes begin in the content.
    attributes: usize,
    /// Whether it says what its value is, and whether that is a number.
    typed: bool,
    number: bool,
    formula: bool,
    covered: bool,
    /// Whether it says that its text is an error.
    error: bool,
    /// Whether it has a text of its own, blank or not.
    text: bool,
    /// That text, where a formula gave it.
    shown: String,
}

/// The pass: whole to its end, within the limits.
pub(super) fn check(content: &[u8], limits: &Limits) -> Result<Checked, FileFault> {
    let broken = || damaged(CONTENT);
    let mut reader = quick_xml::Reader::from_reader(content);
    reader.config_mut().expand_empty_elements = true;
    let mut tables: Vec<Table> = Vec::new();
    let mut amends = Vec::new();
    let mut depth = 0_usize;
    let mut within = Within::default();
    // The text of all cells, repeats and all, and how often that of the present cell stands there.
    let (mut text, mut times) = (0_u64, 1);
    loop {
        let at = position(&reader);
        match reader.read_event().map_err(|_| broken())? {
            Event::Start(element) => {
                depth += 1;
                let name = element.name();
                match (name.as_ref(), tables.last_mut()) {
                    // Copies of what other files hold are no sheets.
                    ("table:dde-links", _) => {
                        reader.read_to_end(name).map_err(|_| broken())?;
                        depth -= 1;
                    }
                    ("table:table", _) if within.table => {
                        return Err(damaged("表格里套着表格"));
                    }
                    ("table:table", last) => {
                        let most = last.map_or(limits.dense as u64, |t| t.most - t.area());
                        tables.push(Table::new(&element, most, limits.dense)?);
                        within.table = true;
                    }
                    // A beginning with another name, which calamine passes over with all in it.
                    ("table:table-row", _) if !within.table => return Err(broken()),
                    ("table:table-cell" | "table:covered-table-cell", _) if !within.row => {
                        return Err(broken());
                    }
                    ("table:table-row", Some(table)) => {
                        table.rows = repeats(&element, "table:number-rows-repeated")?;
                        table.column = 0;
                        within.row = true;
                    }
                    ("table:table-cell" | "table:covered-table-cell", Some(table)) => {
                        times = table.begin(&element, at)?;
                        text += (times - 1) * element.len() as u64;
                    }
                    ("office:annotation", _) => within.remark = true,
                    ("text:p", Some(table)) => {
                        within.text = true;
                        table.cell.text |= !within.remark;
                    }
                    ("text:s", _) => text += times * u64::from(count(&element, "text:c")?),
                    _ => {}
                }
            }
            Event::End(element) => {
                depth = depth.checked_sub(1).ok_or_else(broken)?;
                match (element.name().as_ref(), tables.last_mut()) {
                    ("table:table", _) => within.table = false,
                    ("table:table-row", Some(table)) => {
                        table.row = table.row.saturating_add(table.rows);
                        within.row = false;
                    }
                    ("table:table-cell" | "table:covered-table-cell", Some(table)) => {
                        table.end();
                        times = 1;
                    }
                    ("office:annotation", _) => within.remark = false,
                    ("text:p", _) => within.text = false,
                    _ => {}
                }
            }
            Event::Text(written) => {
                let blank = written.trim_ascii().is_empty();
                match tables.last_mut() {
                    Some(_) if within.row && !within.text && blank => {
                        amends.push((at..position(&reader), ""));
                    }
                    Some(table) if within.text && !within.remark => {
                        if !blank && table.cell.lacks_type() {
                            times = table.hold()?;
                            table.cell.typed = true;
                            let begin = table.cell.attributes;
                            amends.push((begin..begin, TEXT));
                        }
                        table.cell.show(&written);
                    }
                    _ => {}
                }
                text += times * written.len() as u64;
            }
            // calamine would leave the text out.
            Event::CData(_) if within.table => return Err(broken()),
            // Half a content: the sheets behind the break would be lost without a word.
            Event::Eof if depth > 0 => return Err(broken()),
            Event::Eof => break,
            _ => {}
        }
        if text > limits.text as u64 {
            return Err(FileFault::TooLarge(Excess::Text(limits.text >> 20)));
        }
    }
    if tables
        .iter()
        .any(|table| !table.named && table.bounds.is_some())
    {
        return Err(damaged("有一张工作表没有名字"));
    }
    tables.retain(|table| table.named);
    Ok(Checked { tables, amends })
}

/// What says of a cell that it holds the text in it.
const TEXT: &str = " office:value-type=\"string\"";

/// What the pass is within.
#[derive(Default)]
struct Within {
    table: bool,
    row: bool,
    /// A paragraph.
    text: bool,
    /// What somebody remarked on a cell: no content of it.
    remark: bool,
}

/// How far the content is read.
fn position(reader: &quick_xml::Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

impl Cell {
    /// Whether it says neither what its value is nor how that is found.
    fn lacks_type(&self) -> bool {
        !self.typed && !self.formula && !self.covered
    }

    /// Takes a piece of its text.
    fn show(&mut self, text: &str) {
        if self.formula || self.error {
            self.shown.push_str(text);
        }
    }

    /// Which error it is, if it is one: some programs write one as a number, 0, and tell it by its
    /// text alone.
    fn error(&self) -> Option<&str> {
        let shown = self.shown.trim();
        let told = text::is_error(shown) || shown.starts_with("Err:");
        match (self.error, self.number && told) {
            (true, _) if shown.is_empty() => Some(SOME_ERROR),
            (true, _) | (_, true) => Some(shown),
            _ => None,
        }
    }
}

impl Table {
    fn new(element: &BytesStart<'_>, most: u64, values: usize) -> Result<Self, FileFault> {
        let name = element.try_get_attribute("table:name");
        Ok(Self {
            named: name.map_err(|_| damaged(CONTENT))?.is_some(),
            notes: Notes::default(),
            merges: Vec::new(),
            most,
            values,
            row: 0,
            rows: 1,
            column: 0,
            columns: 1,
            cell: Cell::default(),
            bounds: None,
        })
    }

    /// Takes the beginning of a cell, which stands `at` in the content, and tells how often it stands
    /// in the sheet if it holds something.
    fn begin(&mut self, element: &BytesStart<'_>, at: usize) -> Result<u64, FileFault> {
        self.columns = repeats(element, "table:number-columns-repeated")?;
        let below = repeats(element, "table:number-rows-spanned")? - 1;
        let beside = repeats(element, "table:number-columns-spanned")? - 1;
        if (below, beside) != (0, 0) {
            let first = Address::new(self.row, self.column);
            let last = Address::new(
                self.row.saturating_add(below),
                self.column.saturating_add(beside),
            );
            self.merges.push((first, last));
        }
        let name = element.name();
        self.cell = Cell {
            attributes: at + 1 + name.as_ref().len(),
            covered: name.as_ref() == "table:covered-table-cell",
            ..Cell::default()
        };
        let mut percent = false;
        for attribute in element.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| damaged(CONTENT))?;
            let (key, value) = (attribute.key.as_ref(), attribute.value.as_ref());
            self.cell.typed |= key.starts_with("office:");
            self.cell.number |= key == "office:value";
            self.cell.formula |= key == "table:formula";
            percent |= key == "office:value-type" && value == "percentage";
            self.cell.error |= key == "calcext:value-type" && value == "error";
        }
        if !self.cell.typed && !self.cell.formula {
            return Ok(1);
        }
        let times = self.hold()?;
        if percent {
            self.notes.percent.extend(self.places());
        }
        if self.cell.covered {
            self.notes.covered.extend(self.places());
        }
        Ok(times)
    }

    /// Takes the end of a cell.
    fn end(&mut self) {
        let cell = std::mem::take(&mut self.cell);
        if cell.formula && !cell.typed && !cell.text {
            self.notes.uncalculated.extend(self.places());
        }
        if let Some(error) = cell.error() {
            let error: Arc<str> = error.into();
            let places = self.places().map(|place| (place, Arc::clone(&error)));
            self.notes.errors.extend(places);
        }
        self.column = self.column.saturating_add(self.columns);
    }

    /// Counts in the cell that is being read, holds the sheet to the limits, and tells how often the
    /// cell stands in it.
    fn hold(&mut self) -> Result<u64, FileFault> {
        let bottom = self.row.saturating_add(self.rows);
        let right = self.column.saturating_add(self.columns);
        if bottom > limits::ROWS || right > limits::COLUMNS {
            return Err(FileFault::Damaged("单元格地址超出表格范围".to_owned()));
        }
        let (top, lowest, widest) = self.bounds.unwrap_or((self.row, bottom, right));
        self.bounds = Some((top, lowest.max(bottom), widest.max(right)));
        if self.area() > self.most {
            return Err(FileFault::TooLarge(Excess::Values(self.values)));
        }
        Ok(u64::from(self.rows) * u64::from(self.columns))
    }

    /// Every place in the sheet of the cell that is being read.
    fn places(&self) -> impl Iterator<Item = (u32, u32)> + Clone + use<> {
        let columns = self.column..self.column.saturating_add(self.columns);
        let rows = self.row..self.row.saturating_add(self.rows);
        rows.flat_map(move |row| columns.clone().map(move |column| (row, column)))
    }

    /// The cells of the grid that calamine makes of the sheet.
    fn area(&self) -> u64 {
        let (top, bottom, right) = self.bounds.unwrap_or_default();
        u64::from(bottom - top) * u64::from(right)
    }
}

/// How often something stands there, or over how many rows or columns.
///
/// # Errors
/// Not at all, which calamine takes by the word.
fn repeats(element: &BytesStart<'_>, name: &str) -> Result<u32, FileFault> {
    match count(element, name)? {
        0 => Err(damaged(CONTENT)),
        count => Ok(count),
    }
}

/// A count in an attribute, 1 where it is not said.
fn count(element: &BytesStart<'_>, name: &str) -> Result<u32, FileFault> {
    let attribute = element.try_get_attribute(name);
    let count = match attribute.map_err(|_| damaged(CONTENT))? {
        Some(attribute) => attribute.value.parse::<u64>(),
        None => Ok(1),
    };
    let count = count.map_err(|_| damaged(CONTENT))?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the pass finds in a content with these rows.
    fn of(rows: &str) -> Result<Checked, FileFault> {
        let content = format!("<c><table:table table:name='表'>{rows}</table:table></c>");
        check(content.as_bytes(), &Limits::default())
    }

    /// A row with this cell in it.
    fn row(cell: &str) -> String {
        format!("<table:table-row>{cell}</table:table-row>")
    }

    /// Rows as calamine gets them.
    fn read(rows: &str) -> String {
        let checked = check(rows.as_bytes(), &Limits::default()).expect("whole rows");
        String::from_utf8(amended(rows.as_bytes(), &checked.amends)).expect("pieces of a text")
    }

    #[test]
    fn calamine_gets_texts_and_no_white_space_between_cells() {
        let table = |rows: &str| format!("<table:table table:name='表'>\n{rows}\n</table:table>");
        let blank = "<table:table-cell/>";
        let remark = "<table:table-cell><office:annotation><text:p>x</text:p></office:annotation></table:table-cell>";
        let text = "<table:table-cell table:style-name='a'><text:p>a b</text:p><text:p>c</text:p></table:table-cell>";
        let typed = "<table:table-cell office:value-type=\"string\" table:style-name='a'><text:p>a b</text:p><text:p>c</text:p></table:table-cell>";
        let before = row(&format!("\n {blank}\n {text} {remark} {typed}\n"));
        let after = row(&format!("{blank}{typed}{remark}{typed}"));
        assert_eq!(read(&table(&before)), table(&after));
        assert_eq!(read(&table(&after)), table(&after));
    }

    #[test]
    fn errors_are_told_by_their_text() {
        let cell = |attributes: &str, text: &str| {
            let cell = format!(
                "<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"
            );
            let found = of(&row(&cell)).expect("a whole table");
            found.tables[0].notes.errors.get(&(0, 0)).cloned()
        };
        let number = "office:value-type='float' office:value='0'";
        let formula = format!("{number} table:formula='of:=1/0'");
        let told = format!("{formula} calcext:value-type='error'");
        assert_eq!(cell(&formula, "#DIV/0!").as_deref(), Some("#DIV/0!"));
        assert_eq!(cell(&formula, "Err:502").as_deref(), Some("Err:502"));
        assert_eq!(cell(&told, "#NEW!").as_deref(), Some("#NEW!"));
        assert_eq!(cell(&told, "").as_deref(), Some(SOME_ERROR));
        assert_eq!(cell(&formula, "0"), None);
        assert_eq!(cell(number, "#DIV/0!"), None);
    }

    #[test]
    fn what_calamine_would_pass_over_is_refused() {
        let value = "<table:table-cell office:value-type='float' office:value='1'/>";
        let repeated = |what: &str| value.replacen(' ', &format!(" table:{what}='0' "), 1);
        for rows in [
            row(value).replacen("row>", "row table:number-rows-repeated='0'>", 1),
            row(&repeated("number-columns-repeated")),
            row(
                "<table:table-cell office:value-type='string'><text:p><![CDATA[a]]></text:p></table:table-cell>",
            ),
            row(&format!(
                "<table:table-cell><table:table>{}</table:table></table:table-cell>",
                row(value)
            )),
            row(value).replace("-row", "-rov"),
            format!(
                "</table:table><table:tablf>{}</table:tablf><table:table>",
                row(value)
            ),
            format!("</table:table><table:table>{}", row(value)),
        ] {
            assert!(matches!(of(&rows), Err(FileFault::Damaged(_))), "{rows}");
        }
        let copies = format!(
            "</table:table><table:dde-links><table:table>{}</table:table></table:dde-links><table:table>",
            row(value)
        );
        assert!(of(&copies).is_ok());
    }
}
