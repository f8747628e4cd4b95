//! 问题清单: the first sheet of a marked return, every problem with a link to its cell.

use rust_xlsxwriter::{Color, Format, FormatAlign, Url, Worksheet, XlsxError};

use super::fitting;
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

/// So many links Excel takes in a sheet; a finding beyond them has its address as text.
const LINKS: u32 = 65_530;

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
        (Some(place), Some(name)) if row - HEADER <= LINKS => {
            let target = format!("internal:'{}'!{}", name.replace('\'', "''"), place.address);
            let url = Url::new(target).set_text(place.address.to_string());
            sheet.write_url_with_format(row, 3, url, &link())?;
        }
        (Some(place), Some(_)) => {
            sheet.write_string_with_format(row, 3, place.address.to_string(), &centred)?;
        }
        _ => {
            sheet.write_string_with_format(row, 3, "整张表", &centred)?;
        }
    }
    let message = fitting(&problem.finding.message());
    let help = fitting(&problem.finding.help());
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

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::sync::Arc;

    use super::*;
    use crate::diagnostic::Finding;
    use crate::location::{Address, Source};

    #[test]
    fn there_are_no_more_links_than_excel_takes() {
        let source = Source {
            file: Arc::from("表.csv"),
            sheet: None,
            order: (0, 0),
        };
        let place = source.at(Address::new(3, 4));
        let problem = Diagnostic::at(
            place,
            Finding::MissingMetadata {
                label: "考核时段"
            },
        );
        let mut workbook = rust_xlsxwriter::Workbook::new();
        let sheet = workbook.add_worksheet();
        for row in [HEADER + LINKS, HEADER + LINKS + 1] {
            write_row(sheet, row, &["表".to_owned()], &problem).expect("a row");
        }
        let bytes = workbook.save_to_buffer().expect("a workbook");
        let mut package = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a package");
        let mut part = package
            .by_name("xl/worksheets/sheet1.xml")
            .expect("a sheet");
        let mut text = String::new();
        part.read_to_string(&mut text).expect("XML");
        let linked: Vec<&str> = text.split("<hyperlink ref=\"").skip(1).collect();
        assert_eq!(linked.len(), 1);
        assert!(linked[0].starts_with("D65533\""), "{}", linked[0]);
        assert!(
            text.contains("<c r=\"D65534\""),
            "its address is told all the same"
        );
    }
}
