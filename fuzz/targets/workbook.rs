//! Workbooks. The first byte says what follows: the parts of a package of one format or another,
//! with a mark between them, or a whole file.
#![no_main]

#[path = "../../tests/common/alone.rs"]
mod alone;

use std::io::{Cursor, Write};
use std::sync::Arc;

use alone::{Cells, alone, cells_of};
use kaohe::input::workbook;
use kaohe::model::grid::{Format, Workbook};
use libfuzzer_sys::fuzz_target;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The parts of an .xlsx: those that have cells come from the input.
const XLSX: [&str; 5] = [
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
];

/// The parts of an .ods.
const ODS: [&str; 2] = ["content.xml", "mimetype"];

/// The parts of an .xlsb.
const XLSB: [&str; 5] = [
    "xl/worksheets/sheet1.bin",
    "xl/sharedStrings.bin",
    "xl/styles.bin",
    "xl/workbook.bin",
    "xl/_rels/workbook.bin.rels",
];

/// What stands for a part that the input leaves out.
const DEFAULTS: [(&str, &str); 3] = [
    (
        "xl/workbook.xml",
        "<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">\
         <sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
    ),
    (
        "xl/_rels/workbook.xml.rels",
        "<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/\
         officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
         </Relationships>",
    ),
    ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
];

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, rest)) = bytes.split_first() else {
        return;
    };
    let file = match kind {
        b'x' => package(&XLSX, rest),
        b'o' => package(&ODS, rest),
        b'b' => package(&XLSB, rest),
        _ => rest.to_vec(),
    };
    match workbook::from_bytes(&Arc::from("表"), &file) {
        Err(fault) => assert!(!fault.message().is_empty()),
        Ok(workbook) if workbook.format == Format::Xlsx => compare(&workbook, &file),
        Ok(_) => {}
    }
});

/// What was read is what calamine alone reads, if it does; how numbers are shown is not compared,
/// since for formats that nobody writes there is no saying.
fn compare(workbook: &Workbook, file: &[u8]) {
    let value = |told: &String| told.replace(", percent", "").replace("moment ", "number ");
    let values =
        |cells: &Cells| -> Vec<_> { cells.iter().map(|(at, told)| (*at, value(told))).collect() };
    let Some(theirs) = alone(file) else {
        return;
    };
    assert_eq!(workbook.sheets.len(), theirs.len());
    for (ours, (_, theirs, _)) in workbook.sheets.iter().zip(&theirs) {
        assert_eq!(values(&cells_of(ours)), values(theirs));
    }
}

/// A package of the parts in `bytes`, which go by `names` in their order.
fn package(names: &[&str], bytes: &[u8]) -> Vec<u8> {
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    // Records of .xlsb hold zero bytes of their own: a longer mark stands between its parts.
    let parts: Vec<&[u8]> = split(bytes, b"\0PART\0");
    for (index, name) in names.iter().enumerate() {
        let default = DEFAULTS.iter().find(|(known, _)| known == name);
        let given = parts.get(index).copied();
        let Some(content) = given.or(default.map(|(_, text)| text.as_bytes())) else {
            continue;
        };
        package.start_file(*name, stored).expect("a good name");
        package.write_all(content).expect("memory");
    }
    package.finish().expect("memory").into_inner()
}

fn split<'a>(mut bytes: &'a [u8], mark: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    while let Some(at) = bytes.windows(mark.len()).position(|window| window == mark) {
        parts.push(&bytes[..at]);
        bytes = &bytes[at + mark.len()..];
    }
    parts.push(bytes);
    parts
}
