//! An .xlsx that is written as hardly any program writes one is read whole or not at all.

#[path = "common/packages.rs"]
mod packages;

use kaohe::diagnostic::FileFault;
use kaohe::input::workbook;
use kaohe::model::grid::{Content, Sheet, Workbook};
use packages::{package, with_part, xlsx_of};

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

/// An .xlsx whose sheet stands in another folder than sheets do.
fn xlsx_elsewhere(sheet: &str) -> Vec<u8> {
    let relations = "<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" \
        Target=\"sheets/s.xml\"/></Relationships>";
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
        ("xl/_rels/workbook.xml.rels", relations),
        (
            "xl/charts/c.xml",
            "<c:chartSpace><c:v>1</c:v><c:v>2</c:v></c:chartSpace>",
        ),
        ("xl/sheets/s.xml", sheet),
    ])
}

#[test]
fn a_sheet_of_an_xlsx_is_held_to_the_same_wherever_it_stands() {
    let of_value = |value: &str| {
        let cell = format!("<c r=\"A1\"><v>{value}</v></c>");
        xlsx_elsewhere(&format!(
            "<worksheet><sheetData><row r=\"1\">{cell}</row></sheetData></worksheet>"
        ))
    };
    let sound = read(&of_value("20")).expect("a workbook");
    assert_eq!(contents(&sound.sheets[0]), [&Content::Number(20.0)]);
    // Excel shows 20; calamine would read 2.
    for value in ["2<!-- -->0", "2&#48;"] {
        assert_eq!(said(&of_value(value)), "xl/sheets/s.xml", "{value}");
    }
}

#[test]
fn spaces_around_a_number_are_no_part_of_it() {
    let cells = "<c r=\"A1\" t=\"n\"><v> 41</v></c><c r=\"B1\"><v>4.1 </v></c>";
    let sheet = format!("<worksheet><sheetData><row r=\"1\">{cells}</row></sheetData></worksheet>");
    let book = read(&xlsx_of(&sheet)).expect("a workbook");
    let expected = [&Content::Number(41.0), &Content::Number(4.1)];
    assert_eq!(contents(&book.sheets[0]), expected);
}

#[test]
fn sheets_of_macros_keep_no_other_from_being_read() {
    let sheet =
        "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData></worksheet>";
    let list = "<workbook><sheets><sheet name=\"Macro1\" state=\"veryHidden\" r:id=\"r2\"/>\
        <sheet name=\"表\" r:id=\"r1\"/><sheet name=\"Module1\" r:id=\"\"/></sheets></workbook>";
    let relations = "<Relationships>\
        <Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"worksheets/s.xml\"/>\
        <Relationship Id=\"r2\" Type=\"x/xlMacrosheet\" Target=\"macrosheets/s.xml\"/></Relationships>";
    let listed = with_part(&xlsx_of(sheet), "xl/workbook.xml", list.as_bytes());
    let listed = with_part(&listed, "xl/_rels/workbook.xml.rels", relations.as_bytes());
    let book = read(&listed).expect("a workbook");
    let names: Vec<_> = book
        .sheets
        .iter()
        .map(|sheet| sheet.name.as_deref())
        .collect();
    assert_eq!(names, [Some("表")]);
    assert_eq!(contents(&book.sheets[0]), [&Content::Number(1.0)]);
}
