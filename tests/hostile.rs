//! Files that would bring the program down, or be read wrongly without a word.

mod common;
#[path = "common/packages.rs"]
mod packages;

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use kaohe::diagnostic::{Excess, FileFault};
use kaohe::input::files::{self, FileEntry};
use kaohe::input::workbook::{Limits, Reader};
use kaohe::model::grid::{Content, Workbook};
use packages::{ods_of, package, record, with_part, xlsx_of};
use tempfile::TempDir;

/// Reads bytes in this process.
fn read(bytes: &[u8]) -> Result<Workbook, FileFault> {
    let reader = Reader::in_process(Limits::default());
    reader.from_bytes(&"表".into(), bytes)
}

fn fault(bytes: &[u8]) -> FileFault {
    read(bytes).expect_err("a file that must not be read")
}

fn is_damaged(bytes: &[u8]) {
    let fault = fault(bytes);
    let damaged = matches!(fault, FileFault::Damaged(_) | FileFault::Crashed(_));
    assert!(damaged, "{fault:?}");
}

/// An .xlsb that makes calamine panic: the name of a sheet's part is longer than its record.
fn panicking() -> Vec<u8> {
    let whole = fs::read("tests/data/reading/by-hand.xlsb").expect("an .xlsb");
    let sheet = [[0; 8], [0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0]].concat();
    let book = [record(131, &[]), record(156, &sheet)].concat();
    with_part(&whole, "xl/workbook.bin", &book)
}

/// An .xlsb of a few kilobytes for which calamine takes three gigabytes: a million references to a
/// sheet, each a copy of its name.
fn swelling() -> Vec<u8> {
    let whole = fs::read("tests/data/reading/by-hand.xlsb").expect("an .xlsb");
    let wide = |text: &str| {
        let units: Vec<u16> = text.encode_utf16().collect();
        let length = u32::try_from(units.len()).expect("a short text");
        let bytes = units.into_iter().flat_map(u16::to_le_bytes);
        length
            .to_le_bytes()
            .into_iter()
            .chain(bytes)
            .collect::<Vec<u8>>()
    };
    let sheet = [
        vec![0, 0, 0, 0, 1, 0, 0, 0],
        wide("rId1"),
        wide(&"名".repeat(1000)),
    ]
    .concat();
    let many: u32 = 999_999;
    let references = [many.to_le_bytes().to_vec(), vec![0; 12 * many as usize]].concat();
    let book = [
        record(131, &[]),
        record(153, &[0; 12]),
        record(156, &sheet),
        record(144, &[]),
        record(0x016a, &references),
        record(132, &[]),
    ];
    with_part(&whole, "xl/workbook.bin", &book.concat())
}

/// Runs the program, with so many threads where that is said.
fn run(threads: Option<&str>, args: &[&str], path: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kaohe"));
    if let Some(threads) = threads {
        command.env("RAYON_NUM_THREADS", threads);
    }
    let command = command.args(args).arg(path);
    command
        .output()
        .expect("the program was built for this test")
}

fn copy(folder: &Path, from: &str) {
    let from = common::project(from);
    let name = from.file_name().expect("a file");
    fs::copy(&from, folder.join(name)).expect("a file of the project");
}

#[test]
fn the_rest_of_a_run_is_the_same_whatever_one_file_does() {
    let folder = TempDir::new().expect("a folder for the test");
    copy(
        folder.path(),
        "tests/data/problems/missing-reason/武陵区.csv",
    );
    copy(folder.path(), "tests/data/reading/xlwt.xls");
    copy(folder.path(), "tests/data/reading/libreoffice.ods");
    copy(folder.path(), "tests/data/reading/by-hand.xlsb");
    let score = ["score", "--format", "json"];
    let validate = ["validate", "--format", "json"];
    let before = common::json(&run(None, &validate, folder.path()));
    let scores = run(None, &score, folder.path()).stdout;
    // Between the others in the order of reading.
    fs::write(folder.path().join("c.xlsb"), panicking()).expect("a file for the test");
    fs::write(folder.path().join("m.xlsb"), swelling()).expect("a file for the test");
    let output = run(None, &["-v", "validate", "--format", "json"], folder.path());
    let after = common::json(&output);
    let of = |document: &serde_json::Value, bad: bool| {
        let problems = document["problems"].as_array().expect("a list").clone();
        let is_bad = |problem: &serde_json::Value| {
            ["c.xlsb", "m.xlsb"].contains(&problem["file"].as_str().unwrap_or_default())
        };
        let some = problems
            .into_iter()
            .filter(|problem| is_bad(problem) == bad);
        some.collect::<Vec<_>>()
    };
    assert_eq!(of(&after, false), of(&before, false));
    let codes: Vec<_> = of(&after, true)
        .iter()
        .map(|problem| problem["code"].clone())
        .collect();
    assert_eq!(codes, ["unreadable-file", "file-too-large"]);
    assert_eq!(run(None, &score, folder.path()).stdout, scores);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("panicked"), "{said}");
    assert!(said.contains("calamine-0.38.0/src/xlsb/mod.rs:"), "{said}");
}

#[test]
fn a_panic_in_this_process_is_a_fault_of_the_file() {
    let fault = fault(&panicking());
    assert!(matches!(fault, FileFault::Crashed(_)), "{fault:?}");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let examples = common::project("examples/2019");
    for args in [
        &["validate", "--format", "json"][..],
        &["score", "--format", "json"],
        &["validate", "-v"],
    ] {
        let one = run(Some("1"), args, &examples);
        for threads in ["2", "7"] {
            let many = run(Some(threads), args, &examples);
            assert_eq!(one.status, many.status, "{args:?} {threads}");
            assert_eq!(one.stdout, many.stdout, "{args:?} {threads}");
            assert_eq!(one.stderr, many.stderr, "{args:?} {threads}");
        }
    }
}

#[test]
fn no_bar_is_drawn_where_there_is_no_terminal() {
    let folder = TempDir::new().expect("a folder for the test");
    // Long enough for a bar, had it a place.
    let text = "甲,乙,丙\n".repeat(400_000);
    fs::write(folder.path().join("表.csv"), text).expect("a file for the test");
    let output = run(None, &["validate"], folder.path());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn a_limit_can_be_raised() {
    let folder = TempDir::new().expect("a folder for the test");
    let path = folder.path().join("表.csv");
    fs::write(&path, "长".repeat(400_000)).expect("a file for the test");
    let codes = |args: &[&str]| -> Vec<String> {
        let document = common::json(&run(None, args, &path));
        let problems = document["problems"].as_array().expect("a list").iter();
        problems
            .filter_map(|problem| problem["code"].as_str().map(str::to_owned))
            .collect()
    };
    // One field of 1.2 MB, where 1 MiB is the usual limit.
    let usual = codes(&["validate", "--format", "json"]);
    assert_eq!(usual, ["file-too-large"]);
    let raised = codes(&["validate", "--format", "json", "--limit", "2"]);
    assert_eq!(raised, ["no-table-found"]);
}

#[cfg(unix)]
mod readers_that_fail {
    use super::*;

    /// A reader whose processes are not the program but this script, which greets as it does.
    fn reader(script: &str) -> Reader {
        let program = common::project("tests/data/hostile").join(script);
        Reader::with_servants(Limits::default(), program)
    }

    fn entry(path: &str) -> FileEntry {
        files::collect(&[PathBuf::from(path)]).files.remove(0)
    }

    fn read_by(script: &str, path: &str) -> Result<Workbook, FileFault> {
        reader(script).read(&entry(path), |_| (), |_, workbook| workbook)
    }

    #[test]
    fn one_that_never_ends_is_ended() {
        let fault = read_by("hang.sh", "tests/data/reading/xlwt.xls").expect_err("a hang");
        assert_eq!(fault, FileFault::TooSlow(Duration::from_millis(1200)));
    }

    #[test]
    fn one_that_aborts_or_talks_nonsense_is_a_fault_of_the_file() {
        for script in ["abort.sh", "nonsense.sh", "half.sh"] {
            let fault = read_by(script, "tests/data/reading/xlwt.xls").expect_err(script);
            assert!(
                matches!(fault, FileFault::Crashed(_)),
                "{script}: {fault:?}"
            );
        }
    }

    #[test]
    fn a_program_that_is_another_is_not_asked() {
        for script in ["stranger.sh", "no-such-program"] {
            let book = read_by(script, "tests/data/reading/xlwt.xls").expect(script);
            assert_eq!(book.sheets.len(), 2, "{script}");
        }
    }

    #[test]
    fn the_ordinary_is_read_without_one() {
        for path in [
            "tests/data/reading/openpyxl.xlsx",
            "tests/data/problems/missing-reason/武陵区.csv",
        ] {
            read_by("abort.sh", path).expect(path);
        }
    }
}

/// An .ods of these tables, whole.
fn tables(tables: &str) -> Vec<u8> {
    ods_of(&format!(
        "<office:document-content><office:body><office:spreadsheet>{tables}\
         </office:spreadsheet></office:body></office:document-content>"
    ))
}

const TABLE: &str = "<table:table table:name=\"甲\"><table:table-row><table:table-cell \
    office:value-type=\"float\" office:value=\"1\"/></table:table-row></table:table>";

#[test]
fn an_ods_loses_no_sheets_and_no_rows_without_a_word() {
    let second = TABLE.replace("甲", "乙");
    let two = read(&tables(&format!("{TABLE}{second}"))).expect("two tables");
    assert_eq!(two.sheets.len(), 2);
    // Cut behind the first table, between two rows, and within a tag.
    for cut in [
        format!("<office:document-content><office:body><office:spreadsheet>{TABLE}"),
        format!(
            "<office:document-content>{}",
            TABLE.replace("</table:table>", "")
        ),
        format!("<office:document-content>{}", &TABLE[..40]),
        // An end that belongs to no beginning.
        format!(
            "<office:document-content>{}",
            TABLE.replace("</table:table>", "</table>")
        ),
    ] {
        is_damaged(&ods_of(&cut));
    }
    let below = "<table:table-row table:number-rows-repeated=\"1048576\"/><table:table-row>";
    is_damaged(&tables(&TABLE.replacen("<table:table-row>", below, 1)));
}

#[test]
fn an_ods_that_repeats_without_end_is_too_large() {
    let text = "<table:table-cell office:value-type=\"string\"><text:p><text:s text:c=\"2000000000\"/></text:p></table:table-cell>";
    for cells in [
        text.to_owned(),
        "<table:table-cell table:number-columns-repeated=\"16384\" office:value-type=\"float\" office:value=\"1\"/>"
            .to_owned(),
    ] {
        let table = format!(
            "<table:table table:name=\"甲\"><table:table-row table:number-rows-repeated=\"100000\">{cells}</table:table-row></table:table>"
        );
        let fault = fault(&tables(&table));
        assert!(matches!(fault, FileFault::TooLarge(_)), "{fault:?}");
    }
}

fn sheet_of(cells: &str) -> Vec<u8> {
    xlsx_of(&format!(
        "<worksheet><sheetData><row>{cells}</row></sheetData></worksheet>"
    ))
}

#[test]
fn an_address_beyond_the_grid_is_no_other_cell() {
    for reference in [
        "XFE1",
        "A1048577",
        "A4294967295",
        "A99999999999999999999",
        "ZZZZZZZZ1",
        "1",
        "",
    ] {
        let cell = format!("<c r=\"{reference}\"><v>1</v></c>");
        is_damaged(&sheet_of(&cell));
    }
    let last = read(&sheet_of("<c r=\"XFD1048576\"><v>1</v></c>")).expect("the last cell");
    assert_eq!(last.sheets[0].rows[0].index, 1_048_575);
}

/// No program that people use writes cells so; what is read of them must be right all the same.
#[test]
fn cells_written_oddly_lose_neither_value_nor_formula() {
    let held = |cell: &str| {
        let book = read(&sheet_of(cell)).unwrap_or_else(|fault| panic!("{cell}: {fault:?}"));
        let (_, cell) = book.sheets[0].rows[0].cells[0].clone();
        (cell.content, cell.formula)
    };
    // Where there is a comment, the sheet is left to calamine.
    let commented = |cell: &str| held(&format!("<!-- -->{cell}"));
    let two = |formula| (Content::Number(2.0), formula);
    for (cell, expected) in [
        ("<c r=\"A1\"><f>1+1</f><v>2</v></c>", two(true)),
        ("<c r=\"A1\">\n <f>1+1</f>\n <v>2</v></c>", two(true)),
        ("<c r=\"A1\"><v>2</v><f>1+1</f></c>", two(true)),
        ("<c r=\"A1\"><x:f>1+1</x:f><x:v>2</x:v></c>", two(true)),
        ("<c r=\"A1\" a=\">\"><f>1+1</f><v>2</v></c>", two(true)),
        ("<c r=\"A1\"/><c r=\"B1\"><v>2</v></c>", two(false)),
        ("<x:c r=\"A1\"><x:v>2</x:v></x:c>", two(false)),
        ("<c r=\"A1\"><f>1+1</f></c>", (Content::Uncalculated, true)),
        (
            "<c r=\"A1\"><v/><f>1+1</f></c>",
            (Content::Uncalculated, true),
        ),
    ] {
        assert_eq!(held(cell), expected, "{cell}");
        assert_eq!(commented(cell), expected, "{cell}, left to calamine");
    }
}

/// Newer than what calamine knows, which would refuse the sheet.
#[test]
fn any_error_value_is_the_value_of_its_cell() {
    let book = read(&sheet_of(
        "<c r=\"A1\" t=\"e\"><f>A2#</f><v>#SPILL!</v></c>",
    ));
    let cell = &book.expect("a workbook").sheets[0].rows[0].cells[0].1;
    assert_eq!(cell.content, Content::Error("#SPILL!".into()));
}

#[test]
fn a_workbook_without_its_parts_is_not_empty() {
    let types = ("[Content_Types].xml", "<Types/>");
    assert_eq!(fault(&package(&[types])), FileFault::NoSheets);
    is_damaged(&package(&[
        types,
        ("xl/worksheets/sheet1.xml", "<worksheet/>"),
    ]));
    // A sheet whose part is not there, or is cut before its data.
    let missing = with_part(
        &xlsx_of(""),
        "xl/_rels/workbook.xml.rels",
        b"<Relationships/>",
    );
    is_damaged(&missing);
    is_damaged(&xlsx_of("<worksheet><sheetPr/>"));
}

#[test]
fn what_is_there_twice_is_not_read_as_one() {
    let two = "<workbook><sheets><sheet name=\"表\" r:id=\"r1\"/><sheet name=\"表\" r:id=\"r1\"/></sheets></workbook>";
    let whole = xlsx_of("<worksheet><sheetData/></worksheet>");
    let same = with_part(&whole, "xl/workbook.xml", two.as_bytes());
    assert_eq!(fault(&same), FileFault::SameSheetName("表".to_owned()));
    // Two parts of one name: written as two and renamed in the bytes.
    let parts = package(&[("xl/workbook.xml", "<workbook/>"), ("xl/workbook.xmm", "")]);
    let text: Vec<u8> = parts
        .windows(1)
        .enumerate()
        .map(|(at, byte)| match parts[..at].ends_with(b"workbook.xm") {
            true => b'l',
            false => byte[0],
        })
        .collect();
    is_damaged(&text);
}

#[test]
fn an_xls_locked_in_the_old_way_is_locked() {
    let file = fs::File::open("tests/data/reading/xlwt.xls").expect("a file of xlwt");
    let mut container = cfb::CompoundFile::open(file).expect("a container");
    let mut stream = Vec::new();
    let mut book = container.open_stream("Workbook").expect("the workbook");
    book.read_to_end(&mut stream).expect("the workbook");
    // Behind the first record, FILEPASS of the kind that only mixes the bytes (XOR).
    let first = 4 + usize::from(u16::from_le_bytes([stream[2], stream[3]]));
    stream.splice(first..first, [0x2f, 0, 6, 0, 0, 0, 1, 2, 3, 4]);
    let mut locked = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("a container");
    let mut written = locked.create_stream("Workbook").expect("a stream");
    written.write_all(&stream).expect("memory takes it");
    drop(written);
    let bytes = locked.into_inner().into_inner();
    assert_eq!(fault(&bytes), FileFault::Encrypted);
}

#[test]
fn a_csv_is_not_swallowed_by_one_quote() {
    let rest = "1①,0,\n".repeat(300);
    let text = format!("编号,填报值,说明\n1①,0,\n1②,\"迟交,\n{rest}");
    assert_eq!(fault(text.as_bytes()), FileFault::UnclosedQuote { line: 3 });
    // Two marks that open a cell each: the second would close what the first has opened.
    let text = "编号,填报值,说明\n1①,0,\"迟交\n1②,0,\n1③,0,\"缺\n";
    assert_eq!(fault(text.as_bytes()), FileFault::UnclosedQuote { line: 2 });
    // Longer than any record is given out.
    let text = format!("编号,填报值\n1①,\"0\n{}", rest.repeat(2000));
    assert_eq!(fault(text.as_bytes()), FileFault::UnclosedQuote { line: 2 });
    let quotes = "\"".repeat(6 << 20);
    let excess = Excess::Field { line: 1 };
    assert_eq!(fault(quotes.as_bytes()), FileFault::TooLarge(excess));
    let commas = ",".repeat(6 << 20);
    let excess = Excess::Field { line: 1 };
    assert_eq!(fault(commas.as_bytes()), FileFault::TooLarge(excess));
}

#[test]
fn one_cell_cannot_hold_a_book() {
    let text = "x".repeat((1 << 20) + 1);
    let cell = Excess::Cell {
        cell: "B7".to_owned(),
    };
    let sheet = format!("<c r=\"B7\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    assert_eq!(fault(&sheet_of(&sheet)), FileFault::TooLarge(cell));
}

#[test]
fn a_part_is_no_larger_packed_than_unpacked() {
    // Digits that do not repeat, by a linear congruential generator: they pack to some 17 KB.
    let next = |x: &u64| Some(x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
    let numbers = std::iter::successors(Some(1), next).take(4000);
    let noise: String = numbers
        .map(|number| format!("{:09}", number >> 34))
        .collect();
    let honest = package(&[("xl/workbook.xml", &noise)]);
    let said = |size: [u8; 4]| {
        let mut bytes = honest.clone();
        let directory = bytes.windows(4).rposition(|four| four == b"PK\x01\x02");
        let size_at = directory.expect("a directory") + 24;
        bytes[size_at..size_at + 4].copy_from_slice(&size);
        bytes
    };
    match fault(&said([0; 4])) {
        FileFault::Damaged(what) => assert_eq!(what, "xl/workbook.xml"),
        other => panic!("{other:?}"),
    }
    let large = fault(&said([0xff, 0xff, 0xff, 0xfe]));
    assert!(matches!(large, FileFault::TooLarge(_)), "{large:?}");
}

#[test]
fn a_directory_of_too_many_parts_is_not_read() {
    // As many entries as there are marks of one.
    let entries = |count| [sheet_of("").as_slice(), &b"PK\x01\x02".repeat(count)].concat();
    let refused = FileFault::TooLarge(Excess::Parts(10_000));
    assert_eq!(fault(&entries(10_000)), refused);
    let fewer = Reader::in_process(Limits::default()).from_bytes(&"表".into(), &entries(9_000));
    assert!(fewer.is_ok(), "{fewer:?}");
}

#[test]
fn an_odd_way_of_packing_is_no_damage() {
    // bzip2, LZMA, Zstandard, and one that nobody has.
    for method in [12_u16, 14, 93, 4711] {
        let mut bytes = sheet_of("");
        for (sign, at) in [(b"PK\x01\x02", 10), (b"PK\x03\x04", 8)] {
            let heads: Vec<usize> = (0..bytes.len() - 4)
                .filter(|&head| bytes[head..].starts_with(sign))
                .collect();
            for head in heads {
                bytes[head + at..head + at + 2].copy_from_slice(&method.to_le_bytes());
            }
        }
        assert_eq!(fault(&bytes), FileFault::UnknownPacking, "{method}");
    }
}

#[test]
fn names_in_a_workbook_have_an_end() {
    is_damaged(&package(&[
        ("xl/workbook.xml", ""),
        (&"a".repeat(1001), ""),
    ]));
    let named = |length| {
        let book = format!(
            "<workbook><sheets><sheet name=\"{}\" r:id=\"r1\"/></sheets></workbook>",
            "a".repeat(length)
        );
        let whole = xlsx_of("<worksheet><sheetData/></worksheet>");
        with_part(&whole, "xl/workbook.xml", book.as_bytes())
    };
    assert!(read(&named(1000)).is_ok());
    is_damaged(&named(1001));
}
