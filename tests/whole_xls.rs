//! An .xls is read whole or not at all, its records written by hand: what libraries write otherwise
//! than Excel is read for what it says, and what is damaged is never lost without a word.

#[path = "common/bytes.rs"]
mod bytes;

use std::io::{Cursor, Write};

use bytes::{contents, read, said};
use kaohe::model::grid::{Cell, Content};

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

/// A text in two bytes a character.
fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let count = u16::try_from(units.len()).expect("a short text");
    let characters = units.into_iter().flat_map(u16::to_le_bytes);
    let flags = [count.to_le_bytes().as_slice(), &[1]].concat();
    flags.into_iter().chain(characters).collect()
}

#[test]
fn texts_since_excel_97_are_utf_16_whatever_the_code_page() {
    // Western, Chinese, of Excel itself, and one that does not exist.
    for code_page in [1252_u16, 936, 1200, 21_010] {
        let about = [biff(0x42, &code_page.to_le_bytes()), style(0)];
        let cells = [
            cell(0x204, 0, 0, &wide("鼎城区")),
            cell(0x204, 1, 0, &latin("a")),
        ];
        let book = read(&xls_of(&stream(&cells, 0, &about))).expect("an .xls");
        let expected = ["鼎城区", "a"].map(|text| Content::Text(text.into()));
        assert_eq!(
            contents(&book.sheets[0]),
            expected.iter().collect::<Vec<_>>()
        );
    }
}

/// The cells of a row, the n-th with the number 43,467 (2019-01-02) in the n-th of these formats.
fn shown(formats: &[(u16, Option<&str>)]) -> Vec<Cell> {
    let code = |(number, code): &(u16, Option<&str>)| {
        let number = number.to_le_bytes();
        code.map(|code| biff(0x41e, &[number.as_slice(), &wide(code)].concat()))
    };
    let codes = formats.iter().filter_map(code);
    let styles = formats.iter().map(|(number, _)| style(*number));
    let about: Vec<_> = codes.chain(styles).collect();
    let columns = 0..u8::try_from(formats.len()).expect("few formats");
    let cells: Vec<_> = columns.map(|at| number(at, at, 43_467.0)).collect();
    let book = read(&xls_of(&stream(&cells, 0, &about))).expect("an .xls");
    let cells = book.sheets[0].rows[0].cells.iter();
    cells.map(|(_, cell)| cell.clone()).collect()
}

#[test]
fn dates_of_an_xls_are_dates_whatever_the_number_of_their_format() {
    for format in [
        // Beyond the numbers that Excel gives.
        (383, Some("m-d")),
        (14, None),
        (57, None),
        (14, Some("yyyy-m-d")),
        (0, Some("m-d")),
        // 星期三, 平成 and 2019年.
        (164, Some("[$-804]aaaa;@")),
        (164, Some("[$-411]ggge")),
        (164, Some("e\"年\"")),
    ] {
        match &shown(&[format])[0].content {
            Content::Date(date) => assert_eq!(date.text, "2019-01-02"),
            other => panic!("{format:?} {other:?}"),
        }
    }
    match &shown(&[(500, Some("[h]:mm"))])[0].content {
        Content::Date(hours) => assert_eq!(hours.text, "43467"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn numbers_of_an_xls_are_numbers_whatever_the_number_of_their_format() {
    // Gnumeric numbers its formats anew, from 50 on; 14, 22 and 46 are moments where nothing is said.
    let formats = [14, 22, 27, 45, 46, 50, 57, 164].map(|number| (number, Some("0\"次\"")));
    for cell in shown(&formats) {
        assert_eq!(cell.content, Content::Number(43_467.0));
        assert!(!cell.percent);
    }
    let percentages = [(50, Some("0.0%")), (600, Some("0%")), (9, None), (10, None)];
    for cell in shown(&percentages) {
        assert_eq!(cell.content, Content::Number(43_467.0));
        assert!(cell.percent);
    }
    assert!(!shown(&[(9, Some("0"))])[0].percent);
}

#[test]
fn a_long_text_of_an_xls_is_not_cut() {
    let text = Content::Text("ab次数次数".into());
    let wide = |text: &str| wide(text).split_off(3);
    // Each piece with flags of its own, in one byte a character or two.
    let pieces = [
        [[6, 0, 0].as_slice(), b"ab"].concat(),
        [vec![1], wide("次数")].concat(),
        [vec![1], wide("次数")].concat(),
    ];
    // As Gnumeric does it, within a character.
    let mut bytes = [vec![6, 0, 1], wide("ab次数次数")].concat();
    let rest = bytes.split_off(8);
    for pieces in [pieces.to_vec(), vec![bytes, rest]] {
        let more: Vec<_> = pieces[1..].iter().map(|piece| biff(0x3c, piece)).collect();
        let label = [&[cell(0x204, 0, 0, &pieces[0])], &more[..]].concat();
        let result = [&[formula(0, TEXT), biff(0x207, &pieces[0])], &more[..]].concat();
        for records in [label, result] {
            let records = [records, vec![number(1, 0, 1.0)]].concat();
            let book = read(&xls(&records)).expect("an .xls");
            let expected = [&text, &Content::Number(1.0)];
            assert_eq!(contents(&book.sheets[0]), expected);
        }
    }
    // With flags in each piece it is `a` and U+0001, without `a` and `Ā`: one or the other.
    let either = [cell(0x204, 0, 0, &[2, 0, 1, b'a', 0]), biff(0x3c, &[0, 1])];
    assert_eq!(said(&xls(&either)), "单元格的文字不全");
}

#[test]
fn a_truth_and_an_error_may_be_wider() {
    let wide = |column, value, kind| cell(0x205, column, 0, &[value, 0, kind]);
    let records = [
        wide(0, 1, 0),
        wide(1, 0, 0),
        wide(2, 0x17, 1),
        cell(0x205, 3, 0, &[1, 0]),
    ];
    let book = read(&xls(&records)).expect("an .xls");
    let expected = [
        &Content::Bool(true),
        &Content::Bool(false),
        &Content::Error("#REF!".into()),
        &Content::Bool(true),
    ];
    assert_eq!(contents(&book.sheets[0]), expected);
    let other = cell(0x205, 0, 0, &[0x17, 1, 0]);
    assert_eq!(said(&xls(&[other])), "工作表记录");
}
