//! A cell taken out of its sheet, as it is written.

use smol_str::SmolStr;

use crate::decimal;
use crate::location::Address;
use crate::model::grid::{Cell, Content, Row};
use crate::model::submission::{Field, Written};
use crate::text;

/// What stands in `column` of a row; `None` where there is no such column.
pub(super) fn optional(row: &Row, column: Option<u32>) -> Option<Field> {
    let column = column?;
    let address = Address::new(row.index, column);
    Some(field_of(address, row.cell(column)))
}

/// What stands in `column` of a row, if there is anything.
pub(super) fn words(row: &Row, column: Option<u32>) -> Option<SmolStr> {
    let words = optional(row, column)?.written.shared();
    (!words.is_empty()).then_some(words)
}

/// A text without white space around it: mostly the same.
fn trimmed(text: &SmolStr) -> SmolStr {
    match text.trim() {
        trimmed if trimmed.len() == text.len() => text.clone(),
        trimmed => trimmed.into(),
    }
}

/// A cell as a field, its number exact from here on.
pub(super) fn field_of(address: Address, cell: Option<&Cell>) -> Field {
    let Some(cell) = cell else {
        return Field::blank(address);
    };
    let written = match &cell.content {
        Content::Text(text) if text::is_date(text) => Written::Date(text.trim().into()),
        Content::Text(text) if text::is_error(text) => Written::Error(text.trim().into()),
        Content::Text(text) => Written::Text(trimmed(text)),
        Content::Number(number) => match decimal::from_f64(*number) {
            Some(exact) => Written::Number {
                number: exact,
                percent: cell.percent,
            },
            None => Written::OutOfRange(decimal::shown(*number).into()),
        },
        Content::Bool(bool) => Written::Bool(*bool),
        Content::Date(date) => Written::Date(date.text.as_str().into()),
        Content::Error(error) => Written::Error(error.clone()),
        Content::Uncalculated => Written::Uncalculated,
    };
    Field {
        address,
        written,
        formula: cell.formula,
    }
}
