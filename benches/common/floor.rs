//! The floors: what the libraries take for the same bytes while they do nothing for us.

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use calamine::{DataRef, Reader, Xlsx};
use kaohe::output::style;
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};

/// Opens a workbook with calamine and streams every cell of every sheet; gives their number.
pub fn read(bytes: &[u8]) -> usize {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let mut count = 0;
    for name in workbook.sheet_names() {
        let mut cells = workbook.worksheet_cells_reader(&name).expect("a sheet");
        while cells.next_cell().expect("a cell").is_some() {
            count += 1;
        }
    }
    count
}

/// Reads files from disk as [`read`] does, on so many threads; gives the number of cells.
pub fn read_files(files: &[PathBuf], threads: usize) -> usize {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut count = 0;
        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            count += read(&fs::read(file).expect("a file that was just listed"));
        }
        count
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let counts = workers.into_iter().map(|worker| worker.join());
        counts.map(|count| count.expect("no worker fails")).sum()
    })
}

/// Every .xlsx below a folder.
pub fn workbooks(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder that can be read") {
        let path = entry.expect("an entry of that folder").path();
        if path.is_dir() {
            workbooks(&path, into);
        } else if path.extension().is_some_and(|ending| ending == "xlsx") {
            into.push(path);
        }
    }
}

/// Reads delimited text with the csv crate, field by field; gives the number of fields.
pub fn read_text(text: &[u8]) -> usize {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text);
    let mut record = csv::StringRecord::new();
    let mut count = 0;
    while reader.read_record(&mut record).expect("a record") {
        count += record.len();
    }
    count
}

/// What stands in the cells of a workbook: what is to be written again.
pub struct Cells {
    sheets: Vec<(String, Vec<Cell>)>,
    formats: Vec<Format>,
}

struct Cell {
    row: u32,
    column: u16,
    style: u16,
    content: Content,
}

enum Content {
    Blank,
    Text(String),
    Number(f64),
    Formula(String, String),
}

impl Cells {
    /// Takes the cells out of a workbook.
    pub fn of(bytes: &[u8]) -> Self {
        let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
        let mut sheets = Vec::new();
        for name in workbook.sheet_names() {
            let mut styles = styles(&mut workbook, &name).into_iter().peekable();
            let mut cells = Vec::new();
            let mut reader = workbook.worksheet_cells_reader(&name).expect("a sheet");
            while let Some(cell) = reader.next_cell_with_formula().expect("a cell") {
                cells.push(Cell {
                    row: cell.pos.0,
                    column: u16::try_from(cell.pos.1).expect("a column of a sheet"),
                    style: styles
                        .next_if(|(at, _)| *at == cell.pos)
                        .map_or(0, |(_, style)| style),
                    content: content(&cell.value, cell.formula),
                });
            }
            sheets.push((name, cells));
        }
        let styles = sheets.iter().flat_map(|(_, cells)| cells);
        let most = styles.map(|cell| cell.style).max().unwrap_or_default();
        Self {
            sheets,
            formats: (0..=most).map(format).collect(),
        }
    }

    /// How many cells there are, and how many of them hold a formula.
    pub fn count(&self) -> (usize, usize) {
        let all = || self.sheets.iter().flat_map(|(_, cells)| cells);
        let formula = |cell: &&Cell| matches!(cell.content, Content::Formula(..));
        (all().count(), all().filter(formula).count())
    }

    /// Writes them all, and nothing else; gives the workbook.
    pub fn write(&self) -> Vec<u8> {
        let mut workbook = Workbook::new();
        for (name, cells) in &self.sheets {
            let mut sheet = Worksheet::new();
            sheet.set_name(name).expect("a name of a sheet");
            for cell in cells {
                self.put(&mut sheet, cell);
            }
            workbook.push_worksheet(sheet);
        }
        workbook.save_to_buffer().expect("a workbook")
    }

    fn put(&self, sheet: &mut Worksheet, cell: &Cell) {
        let (row, column) = (cell.row, cell.column);
        let format = &self.formats[usize::from(cell.style)];
        let written = match &cell.content {
            Content::Blank => sheet.write_blank(row, column, format),
            Content::Text(text) => sheet.write_string_with_format(row, column, text, format),
            Content::Number(number) => sheet.write_number_with_format(row, column, *number, format),
            Content::Formula(formula, result) => {
                let formula = Formula::new(formula).set_result(result);
                sheet.write_formula_with_format(row, column, formula, format)
            }
        };
        written.expect("a cell of a sheet");
    }
}

/// The cells of a sheet that have a style, in order.
fn styles(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Vec<((u32, u32), u16)> {
    let mut styles = Vec::new();
    let mut reader = workbook.worksheet_cells_reader(name).expect("a sheet");
    while let Some((row, column, style)) = reader.next_style_id().expect("a cell") {
        let style = u16::try_from(style).expect("a style of a workbook");
        styles.push(((row, column), style));
    }
    styles
}

fn content(value: &DataRef, formula: Option<String>) -> Content {
    let text = match value {
        DataRef::Empty => String::new(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(holds) => holds.to_string().to_uppercase(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        other => panic!("{other:?} stands in no report"),
    };
    match (formula, value) {
        (Some(formula), _) => Content::Formula(formula, text),
        (None, DataRef::Empty) => Content::Blank,
        (None, DataRef::Float(number)) => Content::Number(*number),
        (None, _) => Content::Text(text),
    }
}

/// A format for each style, of the fonts and borders that reports have, no two the same.
fn format(style: u16) -> Format {
    let indent = u8::try_from(style % 15).unwrap_or_default();
    let format = style::cell().set_indent(indent);
    if style < 15 {
        format
    } else {
        format.set_bold()
    }
}
