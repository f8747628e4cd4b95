//! A workbook is read whole or not at all: what is damaged in one of the formats that Excel does not
//! write today, or written there as hardly any program does, is never lost without a word.

#[path = "common/bytes.rs"]
mod bytes;
mod common;
#[path = "common/packages.rs"]
mod packages;

use std::fs;
use std::io::{Cursor, Read, Write};

use bytes::{contents, read, said};
use kaohe::model::grid::Content;
use packages::{ods_of, package, record, with_part};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

fn xlsb() -> Vec<u8> {
    fs::read("tests/data/reading/by-hand.xlsb").expect("an .xlsb")
}

const SHEET: &str = "xl/worksheets/sheet1.bin";

/// A part of a package.
fn part(package: &[u8], name: &str) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(package)).expect("a package");
    let mut bytes = Vec::new();
    let mut part = archive.by_name(name).expect("a part");
    part.read_to_end(&mut bytes).expect("a whole part");
    bytes
}

/// The package, its parts not packed.
fn stored(package: &[u8]) -> Vec<u8> {
    let mut from = ZipArchive::new(Cursor::new(package)).expect("a package");
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for index in 0..from.len() {
        let mut part = from.by_index(index).expect("a part");
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).expect("a whole part");
        to.start_file(part.name().expect("a name"), options)
            .and_then(|()| to.write_all(&bytes).map_err(Into::into))
            .expect("a part in memory");
    }
    to.finish().expect("a package in memory").into_inner()
}

#[test]
fn a_value_that_is_not_what_was_packed_is_damage() {
    // So much may follow the cells that the end of the part is not reached with them.
    let mut sheet = part(&xlsb(), SHEET);
    sheet.extend(record(0x3ff, &[0; 60]).repeat(400));
    let whole = stored(&with_part(&xlsb(), SHEET, &sheet));
    assert!(read(&whole).is_ok());
    let value = 0.933_f64.to_le_bytes();
    let at = whole.windows(8).position(|bytes| bytes == value);
    let at = at.expect("B4");
    let mut changed = whole.clone();
    changed[at..at + 8].copy_from_slice(&0.5_f64.to_le_bytes());
    assert_eq!(said(&changed), "工作表“计分表”的内容读不出来");
}

#[test]
fn a_directory_that_leads_to_one_part_twice_is_damaged() {
    let whole = package(&[("甲", "1"), ("乙", "2")]);
    // Where each part begins stands 42 bytes behind the mark of its entry in the directory.
    let mark = b"PK\x01\x02";
    let entry = whole.windows(4).rposition(|bytes| bytes == mark);
    let at = entry.expect("a directory") + 42;
    let mut twice = whole.clone();
    assert_ne!(twice[at..at + 4], [0; 4]);
    twice[at..at + 4].fill(0);
    assert_eq!(said(&twice), "压缩目录里有两个部件在同一处");
}

#[test]
fn a_sheet_that_no_list_names_is_not_lost() {
    let book = part(&xlsb(), "xl/workbook.bin");
    // The kind of the record that lists it, in two bytes: 0x9c.
    let at = book.windows(2).position(|kind| kind == [0x9c, 0x01]);
    let mut other = book.clone();
    other[at.expect("a sheet")] = 0x9e;
    let lost = with_part(&xlsb(), "xl/workbook.bin", &other);
    assert_eq!(said(&lost), format!("工作簿的目录里没有工作表 {SHEET}"));
}

#[test]
fn cells_in_short_and_in_colours_are_read() {
    let cell = |column: u32| [column.to_le_bytes(), [0; 4]].concat();
    let text = |text: &str| {
        let units: Vec<u16> = text.encode_utf16().collect();
        let count = u32::try_from(units.len()).expect("a short text");
        let bytes = units.into_iter().flat_map(u16::to_le_bytes);
        count
            .to_le_bytes()
            .into_iter()
            .chain(bytes)
            .collect::<Vec<u8>>()
    };
    let rich = [cell(1), vec![1], text("鼎城区")].concat();
    let number = [vec![0; 4], 0.5_f64.to_le_bytes().to_vec()].concat();
    let sheet = [
        record(0x81, &[]),
        record(0x94, &[0; 16]),
        record(0x91, &[]),
        record(0, &[0; 4]),
        record(62, &rich),
        record(16, &number),
        record(17, &[vec![0; 4], text("是")].concat()),
        record(0x92, &[]),
        record(0x82, &[]),
    ];
    let book = read(&with_part(&xlsb(), SHEET, &sheet.concat())).expect("an .xlsb");
    let text = |text: &str| Content::Text(text.into());
    let expected = [&text("鼎城区"), &Content::Number(0.5), &text("是")];
    assert_eq!(contents(&book.sheets[0]), expected);
}

#[test]
fn days_of_the_week_and_eras_are_dates_in_every_xlsx() {
    // Day 43,467 is Wednesday, 2 January 2019; 42,005 in a book that counts from 1904.
    let book = |sheet: &str, properties: &str, number: u32| {
        let row = format!(
            "<row r='1'><c r='A1' s='1'><v>{number}</v></c><c r='B1' s='2'><v>3</v></c></row>"
        );
        package(&[
            (
                "_rels/.rels",
                "<Relationships><Relationship Type=\"x/relationships/officeDocument\" \
                 Target=\"xl/workbook.xml\"/></Relationships>",
            ),
            (
                "xl/workbook.xml",
                &format!(
                    "<workbook>{properties}<sheets><sheet name=\"表\" r:id=\"r1\"/></sheets></workbook>"
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                "<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" \
                 Target=\"worksheets/s.xml\"/><Relationship Id=\"r2\" Type=\"x/styles\" \
                 Target=\"styles.xml\"/></Relationships>",
            ),
            (
                "xl/styles.xml",
                "<styleSheet><numFmts count=\"2\"><numFmt numFmtId=\"164\" formatCode=\"[$-804]aaaa;@\"/>\
                 <numFmt numFmtId=\"57\" formatCode=\"0&quot;次&quot;\"/></numFmts>\
                 <cellXfs count=\"3\"><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"57\"/></cellXfs>\
                 </styleSheet>",
            ),
            ("xl/worksheets/s.xml", &sheet.replace("ROW", &row)),
        ])
    };
    let plain = "<worksheet><sheetData>ROW</sheetData></worksheet>";
    let rare = "<!DOCTYPE worksheet><worksheet><sheetData>ROW</sheetData></worksheet>";
    let from_1904 = "<workbookPr date1904=\"1\"/>";
    for sheet in [plain, rare] {
        for (properties, number) in [("", 43_467), (from_1904, 42_005)] {
            let book = read(&book(sheet, properties, number)).expect("an .xlsx");
            match contents(&book.sheets[0])[..] {
                [Content::Date(date), Content::Number(3.0)] => assert_eq!(date.text, "2019-01-02"),
                ref other => panic!("{sheet} {other:?}"),
            }
        }
    }
}

#[test]
fn an_xlsb_shows_its_numbers_as_its_styles_say_and_has_merged_blocks() {
    // Gnumeric numbers its formats from 50 on, where calamine knows dates; 14 is a date.
    let formats = [(164, "[$-804]aaaa;@"), (50, "0\"次\""), (165, "0.0%")];
    let codes = formats.map(|(number, code): (u16, &str)| {
        let units: Vec<u16> = code.encode_utf16().collect();
        let count = u32::try_from(units.len()).expect("a short code");
        let bytes: Vec<u8> = units.into_iter().flat_map(u16::to_le_bytes).collect();
        let (number, count) = (number.to_le_bytes(), count.to_le_bytes());
        record(0x2c, &[&number[..], &count, &bytes].concat())
    });
    let styles = [164_u16, 50, 165, 14, 10].map(|format| {
        let format = format.to_le_bytes();
        record(0x2f, &[&[0; 2], &format[..], &[0; 12]].concat())
    });
    let part = [
        record(0x116, &[]),
        record(0x267, &[3, 0, 0, 0]),
        codes.concat(),
        record(0x268, &[]),
        record(0x269, &[5, 0, 0, 0]),
        styles.concat(),
        record(0x26a, &[]),
        record(0x117, &[]),
    ];
    let number = |at: u32| {
        let place = [at.to_le_bytes(), at.to_le_bytes()].concat();
        record(5, &[&place[..], &43_467_f64.to_le_bytes()].concat())
    };
    // A3:A12, its rows and columns from zero.
    let block = [2_u32, 11, 0, 0].map(u32::to_le_bytes).concat();
    let sheet = [
        record(0x81, &[]),
        record(0x94, &[0; 16]),
        record(0x91, &[]),
        record(0, &[0; 4]),
        (0..5).map(number).collect::<Vec<_>>().concat(),
        record(0x92, &[]),
        record(0xb1, &[1, 0, 0, 0]),
        record(0xb0, &block),
        record(0xb2, &[]),
        record(0x82, &[]),
    ];
    let package = with_part(&xlsb(), "xl/styles.bin", &part.concat());
    let book = read(&with_part(&package, SHEET, &sheet.concat())).expect("an .xlsb");
    let sheet = &book.sheets[0];
    let cells: Vec<_> = sheet.rows[0].cells.iter().map(|(_, cell)| cell).collect();
    for at in [0, 3] {
        match &cells[at].content {
            Content::Date(date) => assert_eq!(date.text, "2019-01-02"),
            other => panic!("{other:?}"),
        }
    }
    for (at, percent) in [(1, false), (2, true), (4, true)] {
        assert_eq!(cells[at].content, Content::Number(43_467.0));
        assert_eq!(cells[at].percent, percent);
    }
    let blocks = sheet.merges.iter();
    let blocks: Vec<_> = blocks
        .map(|block| format!("{}:{}", block.first, block.last))
        .collect();
    assert_eq!(blocks, ["A3:A12"]);
}

/// An .ods of this in the place of its sheets.
fn ods(tables: &str) -> Vec<u8> {
    ods_of(&format!(
        "<office:document-content><office:body><office:spreadsheet>{tables}\
         </office:spreadsheet></office:body></office:document-content>"
    ))
}

#[test]
fn what_lies_upon_the_cells_of_an_ods_is_not_read() {
    let drawn = "<draw:custom-shape><text:p>1</text:p></draw:custom-shape>";
    let picture = "<draw:frame><draw:image/><svg:desc>鼎城区</svg:desc></draw:frame>";
    let book = ods(&format!(
        "<table:table table:name=\"计分表\">
           <table:shapes>{drawn}</table:shapes>
           <table:table-row>
             <table:table-cell>{drawn}</table:table-cell>
             <!-- B1 -->
             <table:table-cell office:value-type=\"string\">{picture}<text:p>武陵区</text:p></table:table-cell>
             <table:table-cell>
               <text:p>&#21542;</text:p>
             </table:table-cell>
             <table:table-cell office:value-type=\"float\" office:value=\"2\">{drawn}<text:p>2</text:p></table:table-cell>
           </table:table-row>
           <table:table-row>
             <table:table-cell>{drawn}</table:table-cell>
           </table:table-row>
         </table:table>
         <table:table table:name=\"&apos;file:///C:/b.ods&apos;#计分表\">
           <table:table-row><table:table-cell office:value-type=\"float\" office:value=\"3\"/></table:table-row>
         </table:table>
         <table:named-expressions>
           <table:named-range table:name=\"甲\"/>
         </table:named-expressions>"
    ));
    let book = read(&book).expect("an .ods");
    assert_eq!(book.sheets.len(), 1);
    let text = |text: &str| Content::Text(text.into());
    // B1, C1 and D1.
    let expected = [&text("武陵区"), &text("否"), &Content::Number(2.0)];
    assert_eq!(contents(&book.sheets[0]), expected);
    let (first, _) = book.sheets[0].rows[0].cells[0];
    assert_eq!(first, 1);
}
