//! What calamine tells of a cell and of an error, in our own words. Used by the reader of every
//! format.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use calamine::{Data, DataType, ExcelDateTime, OdsError, Range, XlsError, XlsbError, XlsxError};
use quick_xml::Error as XmlError;

use super::limits::Limits;
use super::shows::Shows;
use super::sparse::{Budget, SheetBuilder};
use crate::decimal;
use crate::diagnostic::{Excess, FileFault};
use crate::location::Address;
use crate::model::grid::{Cell, Content, Moment};
use crate::text;

/// What stands for an error of which no more is known.
pub(super) const SOME_ERROR: &str = "#ERROR!";

/// What a reader found out by itself of the cells of one sheet, row and column from zero.
#[derive(Default)]
pub(super) struct Notes {
    /// Shown as a percentage.
    pub(super) percent: HashSet<(u32, u32)>,
    /// Shown with the sign for percent behind the number.
    pub(super) signs: HashSet<(u32, u32)>,
    /// A formula that was never calculated, whatever the file gives as its value.
    pub(super) uncalculated: HashSet<(u32, u32)>,
    /// Texts that calamine cuts.
    pub(super) texts: HashMap<(u32, u32), String>,
    /// Errors that calamine takes for texts or numbers, and what they say.
    pub(super) errors: HashMap<(u32, u32), Arc<str>>,
    /// Hidden below a merged block.
    pub(super) covered: HashSet<(u32, u32)>,
}

/// What a cell of `sheet` holds, if anything; a formula without a value was never calculated.
pub(super) fn content(
    value: &impl DataType,
    formula: bool,
    sheet: &mut SheetBuilder,
) -> Option<Content> {
    if let Some(text) = value.get_string() {
        Some(Content::Text(sheet.text(text)))
    } else if value.is_empty() {
        formula.then_some(Content::Uncalculated)
    } else if let Some(moment) = value.get_datetime() {
        Some(date(&moment))
    } else if let Some(text) = value.get_datetime_iso().or(value.get_duration_iso()) {
        Some(Content::Date(Box::new(Moment {
            text: text.replacen('T', " ", 1).into(),
            serial: None,
        })))
    } else if let Some(error) = value.get_error() {
        Some(Content::Error(error.to_string().into()))
    } else if let Some(truth) = value.get_bool() {
        Some(Content::Bool(truth))
    } else {
        value.as_f64().map(Content::Number)
    }
}

/// A number that is shown as a date, a time or both. What is no moment, such as hours that went
/// by, stays the number that it is.
pub(super) fn date(moment: &ExcelDateTime) -> Content {
    let serial = moment.as_f64();
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let text = if moment.is_duration() || !(0.0..2_958_466.0).contains(&serial) {
        decimal::shown(serial)
    } else if year < 1900 {
        format!("{hour:02}:{minute:02}:{second:02}")
    } else if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    };
    Content::Date(Box::new(Moment {
        text: text.into(),
        serial: Some(serial),
    }))
}

/// Puts the values and formulas of a sheet that calamine holds as a whole into `sheet`.
pub(super) fn put_all(
    values: &Range<Data>,
    formulas: &Range<String>,
    notes: &Notes,
    sheet: &mut SheetBuilder,
    budget: &mut Budget,
) -> Result<(), FileFault> {
    let (top, left) = values.start().unwrap_or_default();
    let mut put = |row, column, value: Data, formula| {
        let place = (row, column);
        let text = notes.texts.get(&place);
        let value = text.map_or(value, |text| Data::String(text.clone()));
        let content = match content(&value, formula, sheet) {
            _ if notes.covered.contains(&place) => None,
            Some(_) if notes.uncalculated.contains(&place) => Some(Content::Uncalculated),
            Some(Content::Text(text)) if text::is_error(&text) => {
                Some(Content::Error(text.trim().into()))
            }
            Some(content) => match notes.errors.get(&place) {
                Some(error) => Some(Content::Error(error.clone())),
                None => Some(content),
            },
            None => None,
        };
        let Some(content) = content else {
            return Ok(());
        };
        let sign = notes.signs.contains(&place);
        let content = match content {
            Content::Number(number) if sign => Content::Number(Shows::Sign.number(number).0),
            content => content,
        };
        let cell = Cell {
            content,
            formula,
            percent: sign || notes.percent.contains(&place),
        };
        sheet.put(budget, Address::new(row, column), cell)
    };
    for (row, column, value) in values.used_cells() {
        let (row, column) = (at(top, row), at(left, column));
        let formula = formulas.get_value((row, column));
        let formula = formula.is_some_and(|formula| !formula.is_empty());
        put(row, column, value.clone(), formula)?;
    }
    // A formula without any value is no used cell.
    for (row, column) in &notes.uncalculated {
        if values.get_value((*row, *column)).is_none_or(Data::is_empty) {
            put(*row, *column, Data::Empty, true)?;
        }
    }
    Ok(())
}

/// A row or column of the sheet, from one of a range that begins at `start`.
fn at(start: u32, offset: usize) -> u32 {
    start.saturating_add(u32::try_from(offset).unwrap_or(u32::MAX))
}

/// The names of sheets, if they are not too many.
pub(super) fn hold_to_limit<T>(sheets: Vec<T>, limits: &Limits) -> Result<Vec<T>, FileFault> {
    if sheets.len() > limits.sheets {
        return Err(FileFault::TooLarge(Excess::Sheets(limits.sheets)));
    }
    Ok(sheets)
}

/// Why calamine cannot read a workbook, or the sheet of this name in it.
pub(super) fn fault(sheet: Option<&str>, error: impl Into<calamine::Error>) -> FileFault {
    use calamine::Error as E;
    let place = sheet.map_or("工作簿".to_owned(), |name| format!("工作表“{name}”"));
    match error.into() {
        E::Xlsx(XlsxError::Password)
        | E::Xlsb(XlsbError::Password)
        | E::Xls(XlsError::Password)
        | E::Ods(OdsError::Password) => FileFault::Encrypted,
        E::Xlsx(XlsxError::Xml(XmlError::Escape(_)))
        | E::Ods(OdsError::Xml(XmlError::Escape(_))) => FileFault::ForeignEntity,
        E::Xlsx(XlsxError::CellError(value)) => {
            FileFault::Damaged(format!("{place}里有读不出的错误值 {value}"))
        }
        _ => FileFault::Damaged(format!("{place}的内容读不出来")),
    }
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType::{DateTime, TimeDelta};

    use super::*;

    #[test]
    fn serial_numbers_are_the_days_that_excel_shows() {
        for (serial, kind, from_1904, shown) in [
            (43_466.0, DateTime, false, "2019-01-01"),
            (42_004.0, DateTime, true, "2019-01-01"),
            (
                43_496.354_166_666_664,
                DateTime,
                false,
                "2019-01-31 08:30:00",
            ),
            (0.354_166_666_666_666_7, DateTime, false, "08:30:00"),
            (2_958_465.0, DateTime, false, "9999-12-31"),
            (-1.0, DateTime, false, "-1"),
            (1.5, TimeDelta, false, "1.5"),
        ] {
            match date(&ExcelDateTime::new(serial, kind, from_1904)) {
                Content::Date(date) => assert_eq!(&*date.text, shown),
                other => panic!("{other:?}"),
            }
        }
    }
}
