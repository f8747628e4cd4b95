//! 问题清单: the first sheet of a marked return, every problem with a link to its cell.

use rust_xlsxwriter::{Color, Format, FormatAlign, Url, Worksheet, XlsxError};

use crate::diagnostic::{Diagnostic, Severity};
use crate::output::style;
use crate::text::shown;

/// The name of the sheet; reading passes over a sheet of this name.
pub(super) const LIST: &str = "问题清单";

/// The columns: header and width in Excel's unit.
const COLUMNS: [(&str, f64); 7] = [
    ("序号", 6.0),
    ("程度", 7.0),
    ("工作表", 16.0),
    ("位置", 9.0),
    ("问题", 48.0),
    ("怎么改", 48.0),
    ("代码", 18.0),
];

/// The row of the headers.
const HEADER: u32 = 2;

/// Columns of problem and cure, whose texts make a row high.
const PROBLEM: u16 = 4;
const CURE: u16 = 5;
const LAST: u16 = 6;

/// Writes the sheet; `names` are those of the copied sheets, in order.
pub(super) fn write(
    sheet: &mut Worksheet,
    file: &str,
    names: &[String],
    problems: &[&Diagnostic],
) -> Result<(), XlsxError> {
    sheet.set_name(LIST)?;
    let title = format!("{LIST}：{}", shown(file, 80));
    sheet.merge_range(0, 0, 0, LAST, &title, &style::title())?;
    sheet.set_row_height(0, 34)?;
    let told = "红色是错误，改好才能计分；黄色是提醒，请核对。点“位置”跳到那一格。改好以后直接交这份文件。";
    sheet.merge_range(1, 0, 1, LAST, told, &style::text())?;
    sheet.set_row_height(1, 22)?;
    for ((header, width), column) in COLUMNS.into_iter().zip(0..) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(HEADER, column, header, &style::header())?;
    }
    for (row, problem) in (HEADER + 1..).zip(problems) {
        write_row(sheet, row, names, problem)?;
    }
    sheet.set_freeze_panes(HEADER + 1, 0)?;
    sheet.set_repeat_rows(HEADER, HEADER)?;
    style::landscape(sheet);
    Ok(())
}

fn write_row(
    sheet: &mut Worksheet,
    row: u32,
    names: &[String],
    problem: &Diagnostic,
) -> Result<(), XlsxError> {
    let (text, centred) = (style::cell(), style::centred());
    let word = match problem.finding.severity() {
        Severity::Error => "错误",
        Severity::Warning => "提醒",
    };
    sheet.write_number_with_format(row, 0, f64::from(row - HEADER), &centred)?;
    sheet.write_string_with_format(row, 1, word, &centred)?;
    let name = name_of_sheet(names, problem);
    sheet.write_string_with_format(row, 2, name.unwrap_or_default(), &centred)?;
    match (problem.spot.place(), name) {
        (Some(place), Some(name)) => {
            let target = format!("internal:'{}'!{}", name.replace('\'', "''"), place.address);
            let url = Url::new(target).set_text(place.address.to_string());
            sheet.write_url_with_format(row, 3, url, &link())?;
        }
        _ => {
            sheet.write_string_with_format(row, 3, "整张表", &centred)?;
        }
    }
    let (message, help) = (problem.finding.message(), problem.finding.help());
    sheet.write_string_with_format(row, PROBLEM, &message, &text)?;
    sheet.write_string_with_format(row, CURE, &help, &text)?;
    sheet.write_string_with_format(row, LAST, problem.code().name(), &centred)?;
    let width = |column: u16| COLUMNS[usize::from(column)].1;
    let texts = [
        (message.as_str(), width(PROBLEM)),
        (help.as_str(), width(CURE)),
    ];
    sheet.set_row_height(row, style::height(&texts, style::TEXT_SIZE).max(30.0))?;
    Ok(())
}

/// The name of the copied sheet that a problem lies in, if it lies in one.
fn name_of_sheet<'a>(names: &'a [String], problem: &Diagnostic) -> Option<&'a str> {
    let source = problem.spot.source()?;
    let in_sheet = problem.spot.place().is_some() || problem.spot.sheet().is_some();
    let index = usize::try_from(source.order.1).ok()?;
    names.get(index).filter(|_| in_sheet).map(String::as_str)
}

fn link() -> Format {
    style::centred()
        .set_align(FormatAlign::Center)
        .set_font_color(Color::Blue)
}
