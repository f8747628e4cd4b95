//! An .xlsx that is written as hardly any program writes one is read whole or not at all.

#[path = "common/bytes.rs"]
mod bytes;
#[path = "common/packages.rs"]
mod packages;

use bytes::{contents, read, said};
use kaohe::model::grid::Content;
use packages::{with_part, xlsx_at, xlsx_of};

#[test]
fn a_sheet_of_an_xlsx_is_held_to_the_same_wherever_it_stands() {
    let of_value = |value: &str| {
        let cell = format!("<c r=\"A1\"><v>{value}</v></c>");
        xlsx_at(
            "sheets/s.xml",
            &format!("<worksheet><sheetData><row r=\"1\">{cell}</row></sheetData></worksheet>"),
        )
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
