//! Files as a person has them, read from disk: what every format and encoding makes of the same
//! sheet, what a folder yields, and what is said of a file that cannot be read.

#[path = "common/packages.rs"]
mod packages;

use std::fs;
use std::path::{Path, PathBuf};

use kaohe::diagnostic::{Excess, FileFault, Other};
use kaohe::input::files::{self, Collected, Skipped};
use kaohe::input::workbook;
use kaohe::location::Address;
use kaohe::model::grid::{Content, Format, Sheet, Workbook};
use packages::{package, xlsx_of};
use rust_xlsxwriter as xlsx;
use tempfile::TempDir;

/// Reads one of the files that other programs wrote.
fn committed(name: &str) -> Result<Workbook, FileFault> {
    let path = Path::new("tests/data/reading").join(name);
    let found = files::collect(&[path]);
    workbook::read(&found.files[0])
}

/// Reads `bytes` as a file of this name.
fn written(name: &str, bytes: &[u8]) -> Result<Workbook, FileFault> {
    let folder = TempDir::new().expect("a folder for the test");
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("a file for the test");
    workbook::read(&files::collect(&[path]).files[0])
}

/// A cell in one line: `B4 0.933 %`, with `=` where a formula stands behind it.
fn line(row: u32, column: u32, cell: &kaohe::model::grid::Cell) -> String {
    let content = match &cell.content {
        Content::Text(text) => format!("“{text}”"),
        Content::Number(number) => format!("{number}"),
        Content::Bool(value) => format!("{value}"),
        Content::Date(date) => format!("date {}", date.text),
        Content::Error(error) => format!("error {error}"),
        Content::Uncalculated => "uncalculated".to_owned(),
    };
    let formula = if cell.formula { " =" } else { "" };
    let percent = if cell.percent { " %" } else { "" };
    format!("{} {content}{formula}{percent}", Address::new(row, column))
}

fn cells(sheet: &Sheet) -> Vec<String> {
    let rows = sheet.rows.iter();
    rows.flat_map(|row| row.cells.iter().map(|(c, cell)| line(row.index, *c, cell)))
        .collect()
}

fn merges(sheet: &Sheet) -> Vec<String> {
    let mut merges: Vec<_> = sheet
        .merges
        .iter()
        .map(|merge| format!("{}:{}", merge.first, merge.last))
        .collect();
    merges.sort();
    merges
}

fn names(book: &Workbook) -> Vec<&str> {
    let sheets = book.sheets.iter();
    sheets.filter_map(|sheet| sheet.name.as_deref()).collect()
}

/// What the sheet of `make.py` holds, its formulas calculated.
const CALCULATED: &[&str] = &[
    "A1 “生态文明建设示范市创建考核计分表”",
    "A2 “编号”",
    "B2 “填报值”",
    "A3 “1①”",
    "B3 3",
    "B4 0.933 %",
    "B5 date 2019-01-31",
    "B6 5 =",
    "B7 error #DIV/0! =",
    "B8 true",
    "B10 date 2019-01-31 08:30:00",
    "B11 0.933 = %",
    "B12 “88.5”",
    "B13 “1①次” =",
    "C13 “<b>&\n第二行”",
    "D20 -0.5",
];

/// The same, its formulas never calculated.
const UNCALCULATED: &[&str] = &[
    "A1 “生态文明建设示范市创建考核计分表”",
    "A2 “编号”",
    "B2 “填报值”",
    "A3 “1①”",
    "B3 3",
    "B4 0.933 %",
    "B5 date 2019-01-31",
    "B6 uncalculated =",
    "B7 uncalculated =",
    "B8 true",
    "B9 uncalculated =",
    "B10 date 2019-01-31 08:30:00",
    "B11 uncalculated = %",
    "B12 “88.5”",
    "B13 uncalculated =",
    "C13 “<b>&\n第二行”",
    "D20 -0.5",
];

#[test]
fn the_same_sheet_reads_the_same_in_every_format_of_libreoffice() {
    for (file, format) in [
        ("libreoffice.xlsx", Format::Xlsx),
        ("libreoffice.xls", Format::Xls),
        ("libreoffice.ods", Format::Ods),
    ] {
        let book = committed(file).expect("a file of LibreOffice");
        assert_eq!(book.format, format);
        assert_eq!(names(&book)[..3], ["计分表", "隐藏", "深藏"], "{file}");
        // LibreOffice writes TRUE as a formula, in .ods of a number.
        let found: Vec<_> = cells(&book.sheets[0])
            .iter()
            .map(|cell| cell.replace("true =", "true").replace("B8 1 =", "B8 true"))
            .collect();
        assert_eq!(found, CALCULATED, "{file}");
        assert_eq!(merges(&book.sheets[0]), ["A1:D1", "A5:A8"], "{file}");
        assert_eq!(cells(&book.sheets[2]), ["B2 “深藏”"], "{file}");
    }
}

#[test]
fn formulas_that_a_library_never_calculated_are_told_apart() {
    for file in ["openpyxl.xlsx", "xlwt.xls"] {
        let book = committed(file).expect("a file of a library");
        let mut found = cells(&book.sheets[0]);
        // Only there to have a whole number below zero in a packed record.
        found.retain(|cell| cell != "B15 -1");
        assert_eq!(found, UNCALCULATED, "{file}");
        assert_eq!(merges(&book.sheets[0]), ["A1:D1", "A5:A8"], "{file}");
    }
    let book = committed("openpyxl.xlsx").expect("a file of openpyxl");
    assert_eq!(
        names(&book),
        ["计分表", "隐藏", "深藏"],
        "a chart is no sheet"
    );
}

#[test]
fn xlsb_and_excel_95_are_read() {
    let book = committed("by-hand.xlsb").expect("an .xlsb");
    assert_eq!(book.format, Format::Xlsb);
    let expected = [
        "A2 “编号”",
        "B2 “填报值”",
        "B3 3",
        "B4 0.933 %",
        "B5 date 2019-01-31",
        "B6 5 =",
        "B7 error #DIV/0! =",
        "B8 true",
    ];
    assert_eq!(cells(&book.sheets[0]), expected);
    assert_eq!(merges(&book.sheets[0]), ["A5:A8"]);
    let book = committed("excel-95.xls").expect("an .xls of Excel 95");
    assert_eq!(names(&book), ["计分表"]);
    assert_eq!(cells(&book.sheets[0]), ["A1 “武陵区囧”", "B1 0.933 %"]);
}

#[test]
fn what_rust_xlsxwriter_writes_is_read() {
    let mut book = xlsx::Workbook::new();
    let sheet = book.add_worksheet();
    let format = |code: &str| xlsx::Format::new().set_num_format(code);
    let error = xlsx::Formula::new("=A9").set_result("#REF!");
    let date = xlsx::ExcelDateTime::from_ymd(2019, 1, 1).expect("a day");
    sheet.write(0, 0, "武陵区").expect("text");
    sheet.write(1, 0, 0.1 + 0.2).expect("a number");
    sheet
        .write_with_format(2, 0, 0.5, &format("0.00%"))
        .expect("a percentage");
    sheet
        .write_with_format(3, 0, &date, &format("m\"月\"d\"日\""))
        .expect("a date");
    sheet.write(4, 0, error).expect("an error");
    sheet.write(5, 0, true).expect("a boolean");
    sheet
        .write(6, 0, xlsx::Formula::new("=1+1").set_result("2"))
        .expect("a formula");
    sheet
        .merge_range(7, 0, 8, 2, "合并", &xlsx::Format::new())
        .expect("a block");
    sheet.write(1_048_575, 16_383, 1).expect("the last cell");
    let bytes = book.save_to_buffer().expect("a workbook");
    // Under the name of another format: content counts.
    let book = written("武陵区.csv", &bytes).expect("a workbook");
    assert_eq!(book.format, Format::Xlsx);
    assert_eq!(&*book.file, "武陵区.csv");
    let expected = [
        "A1 “武陵区”",
        "A2 0.30000000000000004",
        "A3 0.5 %",
        "A4 date 2019-01-01",
        "A5 error #REF! =",
        "A6 true",
        "A7 2 =",
        "A8 “合并”",
        "XFD1048576 1",
    ];
    assert_eq!(cells(&book.sheets[0]), expected);
    assert_eq!(merges(&book.sheets[0]), ["A8:C9"]);
}

#[test]
fn text_is_read_with_the_rows_of_a_spreadsheet() {
    let text = "计分表\r\n\r\n编号,填报值,说明\r\n1①,3,\"迟交,\r\n两次\"\r\n2,0,\r\n";
    let gb18030 = encoding_rs::GB18030.encode(text).0.into_owned();
    let utf16: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let with_mark = format!("\u{feff}{text}").into_bytes();
    let tabs = text.replace(",", "\t").into_bytes();
    let semicolons = text.replace(",", ";").into_bytes();
    for (bytes, separator) in [
        (text.as_bytes().to_vec(), ","),
        (with_mark, ","),
        (gb18030, ","),
        (utf16, ","),
        (tabs, "\t"),
        (semicolons, ";"),
    ] {
        let book = written("武陵区.csv", &bytes).expect("text");
        assert_eq!(book.format, Format::Text);
        assert_eq!(book.sheets[0].name, None);
        let reason = format!("C4 “迟交{separator}\r\n两次”");
        let expected = [
            "A1 “计分表”",
            "A3 “编号”",
            "B3 “填报值”",
            "C3 “说明”",
            "A4 “1①”",
            "B4 “3”",
            &reason,
            "A5 “2”",
            "B5 “0”",
        ];
        assert_eq!(cells(&book.sheets[0]), expected, "{separator:?}");
    }
}

#[test]
fn cells_of_every_kind_are_read_from_xml() {
    let sheet = "<x:worksheet xmlns:x=\"s\"><x:sheetData><x:row>\
        <x:c t=\"e\"><x:f>1/0</x:f><x:v>#DIV/0!</x:v></x:c>\
        <x:c t=\"s\"><x:v>0</x:v></x:c>\
        <x:c t=\"inlineStr\"><x:is><x:r><x:t>一</x:t></x:r><x:r><x:t>二</x:t></x:r></x:is></x:c>\
        <x:c t=\"str\"><x:f>\"\"</x:f><x:v></x:v></x:c>\
        <x:c t=\"d\"><x:v>2019-01-31T08:30:00</x:v></x:c>\
        <x:c><x:f t=\"shared\" si=\"0\"/></x:c>\
        <x:c t=\"n\"><x:v>1e-3</x:v></x:c>\
        </x:row><x:row r=\"3\"><x:c r=\"B3\"><x:v>1</x:v></x:c><x:c><x:v>2</x:v></x:c></x:row>\
        </x:sheetData></x:worksheet>";
    let book = written("表.xlsx", &xlsx_of(sheet)).expect("a workbook");
    let expected = [
        "A1 error #DIV/0! =",
        "B1 “共享”",
        "C1 “一二”",
        "E1 date 2019-01-31 08:30:00",
        "F1 uncalculated =",
        "G1 0.001",
        "B3 1",
        "C3 2",
    ];
    assert_eq!(cells(&book.sheets[0]), expected);
}

#[test]
fn damage_is_said_not_passed_over() {
    let damaged = |bytes: &[u8]| match written("表.xlsx", bytes) {
        Err(FileFault::Damaged(_) | FileFault::Crashed(_)) => {}
        other => panic!("{other:?}"),
    };
    for sheet in [
        // Ends within a row, before the data, with an address beyond the grid, past the texts.
        "<worksheet><sheetData><row><c><v>1</v></c>",
        "<worksheet>",
        "<worksheet><sheetData><row><c r=\"XFE1\"><v>1</v></c></row></sheetData></worksheet>",
        "<worksheet><sheetData><row><c r=\"A99999999999999999999\"/></row></sheetData></worksheet>",
        "<worksheet><sheetData><row><c r=\"A99999999999999999999\"><v>1</v></c></row></sheetData></worksheet>",
        "<worksheet><sheetData><row><c t=\"s\"><v>7</v></c></row></sheetData></worksheet>",
        "<worksheet><sheetData><row></c></row></sheetData></worksheet>",
    ] {
        damaged(&xlsx_of(sheet));
    }
    let entity =
        "<worksheet><sheetData><row><c t=\"str\"><v>&secret;</v></c></row></sheetData></worksheet>";
    let fault = written("表.xlsx", &xlsx_of(entity)).expect_err("an entity");
    assert_eq!(fault, FileFault::ForeignEntity);
    let error =
        "<worksheet><sheetData><row><c t=\"e\"><v>#SPILL!</v></c></row></sheetData></worksheet>";
    let fault = written("表.xlsx", &xlsx_of(error)).expect_err("an error of a kind too new");
    assert_eq!(
        fault,
        FileFault::Damaged("工作表“表”里有读不出的错误值 #SPILL!".to_owned())
    );
    let whole = xlsx_of("<worksheet/>");
    for length in (4..whole.len()).step_by(7) {
        let fault = written("表.xlsx", &whole[..length]).expect_err("half a file");
        assert_eq!(fault, FileFault::Incomplete, "{length}");
    }
}

#[test]
fn memory_is_not_asked_for_because_a_file_says_so() {
    let book = ("xl/workbook.xml", "<workbook/>");
    let texts = "<sst uniqueCount=\"4294967295\"><si><t>一</t></si></sst>";
    let claiming = package(&[book, ("xl/sharedStrings.xml", texts)]);
    let fault = written("表.xlsx", &claiming).expect_err("four thousand million texts");
    assert_eq!(fault, FileFault::Damaged("共享文字".to_owned()));
    // Every style would get a copy of the font and its name.
    let font = format!("<name val=\"{}\"/>", "宋".repeat(1 << 18));
    let styles = format!("<styleSheet>{font}{}</styleSheet>", "<xf/>".repeat(1 << 10));
    let copied = package(&[book, ("xl/styles.xml", &styles)]);
    let fault = written("表.xlsx", &copied).expect_err("styles of a gigabyte");
    assert!(matches!(
        fault,
        FileFault::TooLarge(Excess::Unpacked { .. })
    ));
}

#[test]
fn damaged_xls_files_neither_end_the_program_nor_pass() {
    let whole = fs::read("tests/data/reading/xlwt.xls").expect("a file of xlwt");
    for length in (8..whole.len() - 512).step_by(97) {
        assert!(written("表.xls", &whole[..length]).is_err(), "{length}");
    }
    // Whichever byte is wrong: an answer, not a loop or all the memory there is.
    for at in (0..whole.len()).step_by(5) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xff;
        drop(written("表.xls", &bytes));
    }
}

#[test]
fn open_documents_that_break_off_or_swell_are_refused() {
    let ods = |content: &str| {
        let media = "application/vnd.oasis.opendocument.spreadsheet";
        written(
            "表.ods",
            &package(&[
                ("mimetype", media),
                ("META-INF/manifest.xml", "<manifest:manifest/>"),
                ("content.xml", content),
            ]),
        )
    };
    let within = |rows: &str| {
        ods(&format!(
            "<office:document-content><office:body><office:spreadsheet>\
             <table:table table:name=\"表\">{rows}</table:table>\
             </office:spreadsheet></office:body></office:document-content>"
        ))
    };
    let row = "<table:table-row><table:table-cell office:value-type=\"float\" office:value=\"1\"/></table:table-row>";
    assert_eq!(cells(&within(row).expect("one cell").sheets[0]), ["A1 1"]);
    // A formula that no program calculated has neither a type nor anything to show.
    let bare = "<table:table-row table:number-rows-repeated=\"3\"/><table:table-row>\
                <table:table-cell table:number-columns-repeated=\"2\"/>\
                <table:table-cell table:formula=\"of:=1\"/></table:table-row>";
    let book = within(bare).expect("one formula");
    assert_eq!(cells(&book.sheets[0]), ["C4 uncalculated ="]);
    let broken_off = format!("<office:document-content><table:table>{row}");
    assert!(matches!(ods(&broken_off), Err(FileFault::Damaged(_))));
    let swelling = row
        .replace(
            "<table:table-row>",
            "<table:table-row table:number-rows-repeated=\"1000000\">",
        )
        .replace("-cell ", "-cell table:number-columns-repeated=\"16000\" ");
    assert!(matches!(
        within(&swelling),
        Err(FileFault::TooLarge(Excess::Values(_)))
    ));
}

#[test]
fn a_file_that_is_no_spreadsheet_is_named_for_what_it_is() {
    let other = FileFault::NotASpreadsheet;
    for (bytes, fault) in [
        (&b""[..], FileFault::Empty),
        (&[0; 600], FileFault::OnlyZeros),
        (b"<html><table><tr>", FileFault::WebPage { login: false }),
        (b"%PDF-1.7", other(Other::Pdf)),
        (b"\x89PNG\r\n", other(Other::Image)),
        (b"Rar!\x1a\x07", other(Other::Rar)),
        (b"MIME-Version: 1.0\n", other(Other::WebArchive)),
        (b"{\"a\": 1}", other(Other::Json)),
        (b"\x09\x04\x06\0\0\0\x10\0", other(Other::OldExcel)),
        (b"PK\x03\x04 cut", FileFault::Incomplete),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileFault::Incomplete),
        (b"a\0b\0\0\x01", other(Other::Binary)),
    ] {
        assert_eq!(written("表.xls", bytes).err(), Some(fault));
    }
    let word = package(&[("word/document.xml", "")]);
    assert_eq!(written("表.xlsx", &word).err(), Some(other(Other::Word)));
    let zip = package(&[("武陵区.xlsx", "")]);
    assert_eq!(written("表.zip", &zip).err(), Some(other(Other::Zip)));
    assert_eq!(committed("password.xlsx").err(), Some(FileFault::Encrypted));
}

#[test]
fn a_file_beyond_the_limit_is_not_even_read() {
    let folder = TempDir::new().expect("a folder for the test");
    let path = folder.path().join("表.xlsx");
    let file = fs::File::create(&path).expect("a file");
    file.set_len(300 << 20).expect("a file of holes");
    let found = files::collect(&[path]);
    let fault = workbook::read(&found.files[0]).err();
    let excess = Excess::File {
        mib: 300,
        most: 256,
    };
    assert_eq!(fault, Some(FileFault::TooLarge(excess)));
}

/// A folder with these files in it, each with its name for content.
fn folder_of(names: &[&str]) -> TempDir {
    let folder = TempDir::new().expect("a folder for the test");
    for name in names {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("within the folder")).expect("a folder");
        fs::write(path, name).expect("a file");
    }
    folder
}

fn found(collected: &Collected) -> Vec<&str> {
    collected.files.iter().map(|file| &*file.name).collect()
}

#[test]
fn a_folder_is_walked_in_full_and_what_is_left_aside_is_named() {
    let folder = folder_of(&[
        "武陵区.xlsx",
        "二轮/鼎城区.XLS",
        "二轮/~$鼎城区.xls",
        "二轮/说明.docx",
        ".隐藏.xlsx",
        ".git/表.csv",
        "._武陵区.xlsx",
        "Thumbs.db",
    ]);
    let collected = files::collect(&[folder.path().to_owned()]);
    assert_eq!(found(&collected), ["二轮/鼎城区.XLS", "武陵区.xlsx"]);
    let skipped: Vec<_> = collected
        .skipped
        .iter()
        .map(|(name, why)| (&**name, *why))
        .collect();
    let expected = [
        ("._武陵区.xlsx", Skipped::Hidden),
        (".git", Skipped::Hidden),
        (".隐藏.xlsx", Skipped::Hidden),
        ("Thumbs.db", Skipped::Hidden),
        ("二轮/~$鼎城区.xls", Skipped::LockFile),
        ("二轮/说明.docx", Skipped::OtherKind),
    ];
    assert_eq!(skipped, expected);
    assert!(collected.problems.is_empty());
    assert!(collected.without_spreadsheet.is_empty());
}

#[test]
fn a_folder_without_a_spreadsheet_is_told() {
    let folder = folder_of(&["说明.docx"]);
    let collected = files::collect(&[folder.path().to_owned()]);
    assert!(collected.files.is_empty());
    let shown = folder.path().to_string_lossy().into_owned();
    assert_eq!(collected.without_spreadsheet, [shown]);
}

#[test]
fn the_order_of_the_paths_changes_nothing() {
    let folder = folder_of(&["甲/表.xlsx", "乙/表.xlsx", "乙/别的"]);
    let paths: Vec<PathBuf> = ["甲", "乙", "乙/表.xlsx", ".", "乙/别的", "没有"]
        .iter()
        .map(|path| folder.path().join(path))
        .collect();
    let forward = files::collect(&paths);
    let backward = files::collect(&paths.iter().rev().cloned().collect::<Vec<_>>());
    assert_eq!(forward.files, backward.files);
    assert_eq!(forward.problems, backward.problems);
    // Each file once, under the name that tells most; a given file whatever its extension.
    assert_eq!(found(&forward), ["乙/表.xlsx", "别的", "甲/表.xlsx"]);
    assert_eq!(forward.problems.len(), 1);
    assert_eq!(forward.problems[0].1, FileFault::NotThere);
}

#[cfg(unix)]
#[test]
fn links_are_followed_to_files_not_to_folders() {
    use std::os::unix::fs::symlink;
    let folder = folder_of(&["甲/表.xlsx"]);
    let at = |name: &str| folder.path().join(name);
    symlink(at("甲"), at("链接")).expect("a link to a folder");
    symlink(at("不在.xlsx"), at("断了.xlsx")).expect("a link to nothing");
    symlink("/dev/null", at("设备.xlsx")).expect("a link to a device");
    let collected = files::collect(&[folder.path().to_owned()]);
    assert_eq!(found(&collected), ["甲/表.xlsx"]);
    assert_eq!(collected.skipped[0].1, Skipped::LinkedFolder);
    let problems: Vec<_> = collected
        .problems
        .iter()
        .map(|(name, fault)| (&**name, fault.clone()))
        .collect();
    let expected = [
        ("断了.xlsx", FileFault::NotThere),
        ("设备.xlsx", FileFault::NotRegular),
    ];
    assert_eq!(problems, expected);
}
