//! Workbooks made part by part, as no program would write them.
#![allow(
    dead_code,
    reason = "each test binary uses its own part of what all of them share"
)]

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// A package of these parts.
pub fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        package
            .start_file(*name, SimpleFileOptions::default())
            .and_then(|()| package.write_all(content.as_bytes()).map_err(Into::into))
            .expect("a part in memory");
    }
    package.finish().expect("a package in memory").into_inner()
}

/// An .xlsx whose only sheet has this content.
pub fn xlsx_of(sheet: &str) -> Vec<u8> {
    xlsx_at("worksheets/s.xml", sheet)
}

/// The same where the sheet is this part of the workbook.
pub fn xlsx_at(part: &str, sheet: &str) -> Vec<u8> {
    let relations = format!(
        "<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"{part}\"/></Relationships>"
    );
    package(&[
        (
            "_rels/.rels",
            "<Relationships><Relationship Type=\"x/relationships/officeDocument\" \
             Target=\"xl/workbook.xml\"/></Relationships>",
        ),
        (
            "xl/workbook.xml",
            "<workbook><sheets><sheet name=\"表\" r:id=\"r1\"/></sheets></workbook>",
        ),
        ("xl/_rels/workbook.xml.rels", &relations),
        ("xl/sharedStrings.xml", "<sst><si><t>共享</t></si></sst>"),
        (&format!("xl/{part}"), sheet),
    ])
}

/// An .ods whose content is this.
pub fn ods_of(content: &str) -> Vec<u8> {
    package(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest:manifest/>"),
        ("content.xml", content),
    ])
}

/// The package with one part replaced.
pub fn with_part(bytes: &[u8], replaced: &str, content: &[u8]) -> Vec<u8> {
    let mut from = ZipArchive::new(Cursor::new(bytes)).expect("a package");
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..from.len() {
        let mut part = from.by_index(index).expect("a part");
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).expect("a part");
        let name = part.name().expect("a name").into_owned();
        let content = if name == replaced { content } else { &bytes };
        to.start_file(name, SimpleFileOptions::default())
            .and_then(|()| to.write_all(content).map_err(Into::into))
            .expect("a part in memory");
    }
    to.finish().expect("a package in memory").into_inner()
}

/// A record of .xlsb: kind and length in seven bits a byte, then the content.
pub fn record(kind: u16, content: &[u8]) -> Vec<u8> {
    let mut record = Vec::new();
    let mut number = |mut rest: usize| {
        while rest > 0x7f {
            record.push(u8::try_from(rest & 0x7f).expect("seven bits") | 0x80);
            rest >>= 7;
        }
        record.push(u8::try_from(rest).expect("seven bits"));
    };
    // A kind is written with its continuing bit in it.
    number(usize::from(kind));
    number(content.len());
    record.extend(content);
    record
}
