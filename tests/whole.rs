//! A workbook is read whole or not at all: what is damaged in one of the formats that Excel does not
//! write today, or written there as hardly any program does, is never lost without a word.

mod common;
#[path = "common/packages.rs"]
mod packages;

use std::fs;
use std::io::{Cursor, Read, Write};

use kaohe::diagnostic::FileFault;
use kaohe::input::workbook;
use kaohe::model::grid::{Content, Sheet, Workbook};
use packages::{package, record, with_part};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

fn read(bytes: &[u8]) -> Result<Workbook, FileFault> {
    workbook::from_bytes(&"表".into(), bytes)
}

/// What is said of a file that must not be read.
fn said(bytes: &[u8]) -> String {
    match read(bytes) {
        Err(FileFault::Damaged(what)) => what,
        other => panic!("{other:?}"),
    }
}

/// What the cells of a sheet hold, row by row.
fn contents(sheet: &Sheet) -> Vec<&Content> {
    let cells = sheet.rows.iter().flat_map(|row| &row.cells);
    cells.map(|(_, cell)| &cell.content).collect()
}

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

/// A record of .xls.
fn biff(kind: u16, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).expect("a short record");
    [&kind.to_le_bytes(), &length.to_le_bytes(), content].concat()
}

/// What a part of a stream of this kind begins with: 5 the workbook, 16 a sheet.
fn bof(kind: u8) -> Vec<u8> {
    biff(0x809, &[0, 6, kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0])
}

const EOF: [u8; 4] = [0x0a, 0, 0, 0];

/// A cell in row 1, its column and style, and what follows them.
fn cell(kind: u16, column: u8, style: u8, rest: &[u8]) -> Vec<u8> {
    biff(kind, &[&[0, 0, column, 0, style, 0], rest].concat())
}

/// A cell with a number.
fn number(column: u8, style: u8, number: f64) -> Vec<u8> {
    cell(0x203, column, style, &number.to_le_bytes())
}

/// A formula with this result.
fn formula(column: u8, result: [u8; 8]) -> Vec<u8> {
    let expression = [0, 0, 0, 0, 0, 0, 3, 0, 0x1e, 1, 0];
    cell(6, column, 0, &[result.as_slice(), &expression].concat())
}

/// The result of a formula whose text follows.
const TEXT: [u8; 8] = [0, 0, 0, 0, 0, 0, 0xff, 0xff];

/// A text in one byte a character.
fn latin(text: &str) -> Vec<u8> {
    let count = u8::try_from(text.len()).expect("a short text");
    [&[count, 0, 0], text.as_bytes()].concat()
}

/// The stream of an .xls with a sheet of these records and one listed as of this kind, and these
/// records about the whole.
fn stream(records: &[Vec<u8>], listed_as: u8, about: &[Vec<u8>]) -> Vec<u8> {
    let sheet = [bof(16), records.concat(), EOF.to_vec()].concat();
    let other = [bof(16), number(0, 0, 7.0), EOF.to_vec()].concat();
    let whole = |first: usize| {
        let list = |offset: usize, kind, name| {
            let offset = u32::try_from(offset).expect("a short stream").to_le_bytes();
            biff(0x85, &[offset.as_slice(), &[0, kind, 1, 0, name]].concat())
        };
        let texts = biff(
            0xfc,
            &[[1, 0, 0, 0].as_slice(), &[1, 0, 0, 0], &latin("a")].concat(),
        );
        [
            bof(5),
            about.concat(),
            list(first, 0, b'A'),
            list(first + sheet.len(), listed_as, b'B'),
            texts,
            EOF.to_vec(),
        ]
        .concat()
    };
    [whole(whole(0).len()), sheet.clone(), other].concat()
}

/// The container of such a stream.
fn xls_of(stream: &[u8]) -> Vec<u8> {
    let container = Cursor::new(Vec::new());
    let container = cfb::CompoundFile::create_with_version(cfb::Version::V3, container);
    let mut container = container.expect("a container in memory");
    let mut workbook = container.create_stream("Workbook").expect("a stream");
    workbook.write_all(stream).expect("a stream in memory");
    drop(workbook);
    container.flush().expect("a container in memory");
    container.into_inner().into_inner()
}

#[test]
fn a_table_of_sectors_may_end_its_spare_chains() {
    let whole = xls_of(&stream(&[], 0, &[style(0)]));
    // As SheetJS writes it.
    let (sector, sectors) = (512, whole.len() / 512 - 1);
    let table = u32::from_le_bytes(whole[76..80].try_into().expect("four bytes"));
    let table = (table as usize + 1) * sector;
    let mut spare = whole.clone();
    for at in (table + sectors * 4..table + sector).step_by(4) {
        spare[at..at + 4].copy_from_slice(&0xffff_fffe_u32.to_le_bytes());
    }
    assert_ne!(spare, whole);
    assert!(read(&spare).is_ok());
    // Of half a file the chains within it lead there.
    assert!(read(&spare[..spare.len() / 1024 * 512]).is_err());
}

/// A style with this format.
fn style(format: u16) -> Vec<u8> {
    biff(
        0xe0,
        &[[0, 0].as_slice(), &format.to_le_bytes(), &[0; 16]].concat(),
    )
}

/// An .xls with a sheet of these records.
fn xls(records: &[Vec<u8>]) -> Vec<u8> {
    xls_of(&stream(records, 0, &[style(0)]))
}

#[test]
fn an_xls_is_read() {
    let records = [
        number(0, 0, 1.0),
        cell(0xfd, 1, 0, &[0; 4]),
        formula(2, TEXT),
        biff(0x207, &latin("b")),
        cell(0x204, 3, 0, &latin("c")),
        // The same twice is the same.
        number(0, 0, 1.0),
    ];
    let book = read(&xls(&records)).expect("an .xls");
    let text = |text: &str| Content::Text(text.into());
    let expected = [&Content::Number(1.0), &text("a"), &text("b"), &text("c")];
    assert_eq!(contents(&book.sheets[0]), expected);
    assert_eq!(contents(&book.sheets[1]), [&Content::Number(7.0)]);
}

#[test]
fn cells_of_an_xls_are_not_lost() {
    for (records, what) in [
        (
            vec![EOF.to_vec(), number(0, 0, 1.0)],
            "工作表的结尾后面还有单元格",
        ),
        (
            vec![cell(0xfd, 0, 0, &[1, 0, 0, 0])],
            "工作表“A”里有单元格的内容找不到",
        ),
        (vec![formula(0, TEXT)], "工作表“A”里有单元格的内容找不到"),
        (
            vec![formula(0, [0; 8]), biff(0x207, &latin("b"))],
            "公式的结果",
        ),
        (
            vec![number(1, 0, 1.0), number(1, 0, 2.0)],
            "工作表“A”里有两个 B1，内容不同",
        ),
        (vec![number(0, 1, 43_466.0)], "单元格的样式"),
        // A row that has swallowed the cell behind it.
        (
            vec![biff(
                0x208,
                &[[0; 16].as_slice(), &number(0, 0, 1.0)].concat(),
            )],
            "工作表记录",
        ),
        (
            vec![cell(0x204, 0, 0, &[4, 0, 1, 0x66, 0x6b, 0x66, 0x6b])],
            "单元格的文字不全",
        ),
    ] {
        assert_eq!(said(&xls(&records)), what);
    }
}

#[test]
fn sheets_of_an_xls_are_not_lost() {
    let about = [style(0)];
    assert_eq!(said(&xls_of(&stream(&[], 2, &about))), "工作表的目录");
    let mut unlisted = stream(&[], 0, &about);
    let lists = unlisted
        .windows(4)
        .rposition(|bytes| bytes == [0x85, 0, 9, 0]);
    unlisted[lists.expect("a list of sheets")] = 0x84;
    assert_eq!(said(&xls_of(&unlisted)), "有一张工作表不在目录里");
}

#[test]
fn dates_of_an_xls_are_dates_whatever_the_number_of_their_format() {
    let format = |number: u16, code: &str| {
        biff(
            0x41e,
            &[number.to_le_bytes().as_slice(), &latin(code)].concat(),
        )
    };
    let formats = [format(383, "m-d"), format(500, "[h]:mm"), format(600, "0%")];
    let about = [
        &formats[..],
        &[style(0), style(383), style(500), style(600)],
    ]
    .concat();
    let cells = [
        number(0, 0, 43_466.0),
        number(1, 1, 43_466.0),
        number(2, 2, 1.5),
        number(3, 3, 0.5),
    ];
    let book = read(&xls_of(&stream(&cells, 0, &about))).expect("an .xls");
    let cells = &book.sheets[0].rows[0].cells;
    assert_eq!(cells[0].1.content, Content::Number(43_466.0));
    let date = |content: &Content| match content {
        Content::Date(date) => date.text.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(date(&cells[1].1.content), "2019-01-01");
    assert_eq!(date(&cells[2].1.content), "1.5");
    assert!(cells[3].1.percent);
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
