//! Percentages are what a person sees, however the cell holds them.

mod common;

use std::fs;
use std::path::Path;

use common::soffice;
use kaohe::input::workbook;
use kaohe::model::grid::Content;
use rust_xlsxwriter::{Format, Workbook};

/// The numbers in the first column of a workbook, and whether each is a percentage.
fn numbers(path: &Path) -> Vec<(f64, bool)> {
    let bytes = fs::read(path).expect("a file of the test");
    let workbook = workbook::from_bytes(&"表".into(), &bytes).expect("a workbook");
    let rows = workbook.sheets[0].rows.iter();
    rows.map(|row| match row.cells[0].1.content {
        Content::Number(number) => (number, row.cells[0].1.percent),
        ref other => panic!("{other:?}"),
    })
    .collect()
}

#[test]
fn a_sign_behind_a_number_makes_hundredths_of_it() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("percent");
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    // Shown as 93.3%, 1%, 1%, 50% and 50.
    for (row, (number, format)) in (0..).zip([
        (0.933, "0.0%"),
        (1.0, "0\"%\""),
        (1.0, "0\\%"),
        (50.0, "General\"％\""),
        (50.0, "0"),
    ]) {
        let format = Format::new().set_num_format(format);
        sheet
            .write_with_format(row, 0, number, &format)
            .expect("a cell");
    }
    let path = folder.join("率.xlsx");
    fs::create_dir_all(&folder).expect("a folder of the test");
    workbook
        .save(&path)
        .expect("the test's folder can be written");
    let seen = [
        (0.933, true),
        (0.01, true),
        (0.01, true),
        (0.5, true),
        (50.0, false),
    ];
    assert_eq!(numbers(&path), seen);
    if !soffice::is_there() {
        return;
    }
    for format in ["xls", "ods"] {
        let into = folder.join(format);
        for saved in soffice::convert(&folder, std::slice::from_ref(&path), format, &into) {
            assert_eq!(numbers(&saved), seen, "{format}");
        }
    }
}
