//! Sheets as an office keeps them, in formats that the program reads and does not write.

use std::io::Write as _;

use kaohe::output::style;
use rust_xlsxwriter::{Format, Workbook};
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::common::Rows;

/// What a cell holds: text, or a number as a spreadsheet has it.
enum Cell<'a> {
    Text(&'a str),
    Number(f64),
    Percent(f64),
}

fn cell(text: &str) -> Cell<'_> {
    let percent = text
        .strip_suffix('%')
        .and_then(|part| part.parse::<f64>().ok());
    match (text.parse(), percent) {
        (Ok(number), _) => Cell::Number(number),
        (_, Some(percent)) => Cell::Percent(percent / 100.0),
        _ => Cell::Text(text),
    }
}

/// A workbook with one sheet, numbers as numbers, percentages as Excel holds them.
pub fn xlsx(name: &str, rows: &Rows) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let title = &rows[0][0];
    workbook.set_properties(&style::properties(title).expect("a short title"));
    let sheet = workbook.add_worksheet();
    sheet.set_name(name).expect("a good name");
    let percent = Format::new().set_num_format("0.0%");
    for (row, cells) in (0..).zip(rows) {
        for (column, text) in (0..).zip(cells).filter(|(_, text)| !text.is_empty()) {
            match cell(text) {
                Cell::Text(text) => sheet.write_string(row, column, text),
                Cell::Number(number) => sheet.write_number(row, column, number),
                Cell::Percent(number) => {
                    sheet.write_number_with_format(row, column, number, &percent)
                }
            }
            .expect("a cell within the grid");
        }
    }
    style::save(&mut workbook).expect("memory takes any workbook")
}

/// The same as an OpenDocument spreadsheet, as LibreOffice writes them, less what is not needed.
pub fn ods(name: &str, rows: &Rows) -> Vec<u8> {
    const TYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";
    const ROOT: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
        xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
        xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" office:version=\"1.2\"";
    const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    let mut table = String::new();
    for cells in rows {
        table += "<table:table-row>";
        for text in cells {
            let words = text.replace('&', "&amp;").replace('<', "&lt;");
            let (kind, value) = match cell(text) {
                Cell::Text("") => {
                    table += "<table:table-cell/>";
                    continue;
                }
                Cell::Text(_) => ("string", String::new()),
                Cell::Number(number) => ("float", format!(" office:value=\"{number}\"")),
                Cell::Percent(number) => ("percentage", format!(" office:value=\"{number}\"")),
            };
            table += &format!(
                "<table:table-cell office:value-type=\"{kind}\"{value}><text:p>{words}</text:p></table:table-cell>"
            );
        }
        table += "</table:table-row>\n";
    }
    let content = format!(
        "{HEAD}<office:document-content {ROOT}><office:body><office:spreadsheet>\
         <table:table table:name=\"{name}\">\n{table}</table:table>\
         </office:spreadsheet></office:body></office:document-content>\n"
    );
    let manifest = format!(
        "{HEAD}<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" \
         manifest:version=\"1.2\"><manifest:file-entry manifest:full-path=\"/\" \
         manifest:media-type=\"{TYPE}\"/><manifest:file-entry manifest:full-path=\"content.xml\" \
         manifest:media-type=\"text/xml\"/></manifest:manifest>\n"
    );
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let packed = SimpleFileOptions::default();
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text, options) in [
        ("mimetype", TYPE, stored),
        ("content.xml", &content, packed),
        ("META-INF/manifest.xml", &manifest, packed),
    ] {
        zip.start_file(name, options)
            .expect("memory takes any file");
        zip.write_all(text.as_bytes())
            .expect("memory takes any file");
    }
    zip.finish().expect("memory takes any file").into_inner()
}

/// Tab-separated UTF-16: what Excel calls Unicode 文本.
pub fn unicode_text(rows: &Rows) -> Vec<u8> {
    let units = tabs(rows).replace('\n', "\r\n");
    let units = std::iter::once(0xFEFF).chain(units.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

/// Tab-separated text.
pub fn tabs(rows: &Rows) -> String {
    let lines = rows.iter().map(|row| row.join("\t") + "\n");
    lines.collect()
}
