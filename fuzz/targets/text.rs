//! Text files in every encoding: rows of cells, or a fault that says what is wrong.
#![no_main]

use std::sync::Arc;

use kaohe::input::workbook;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // Packages and compound files have a target of their own.
    if bytes.starts_with(b"PK") || bytes.starts_with(b"\xd0\xcf") {
        return;
    }
    match workbook::from_bytes(&Arc::from("表"), bytes) {
        Ok(book) => {
            let rows = book.sheets.iter().flat_map(|sheet| &sheet.rows);
            assert!(
                rows.is_sorted_by_key(|row| row.index),
                "rows from top to bottom"
            );
        }
        Err(fault) => assert!(!fault.message().is_empty()),
    }
});
