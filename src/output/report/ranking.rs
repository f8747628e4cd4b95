//! The ranking sheet of one class, in the form of an official table.

use anyhow::Result;
use rust_xlsxwriter::Worksheet;

use crate::decimal::to_f64;
use crate::model::catalog::Catalog;
use crate::model::scorecard::ClassResult;
use crate::output::style;

/// The table's first row of headings, from zero.
const HEADER: u32 = 2;

pub(super) fn sheet(catalog: &Catalog, class: &ClassResult, name: &str) -> Result<Worksheet> {
    let rubric = &catalog.rubrics[class.rubric];
    let mut sheet = Worksheet::new();
    sheet.set_name(name)?;
    style::landscape(&mut sheet);
    let mut headers = vec!["名次".to_owned(), "单位".to_owned()];
    headers.extend(rubric.periods.iter().map(|period| period.name.clone()));
    headers.push("综合得分".to_owned());
    let last = u16::try_from(headers.len())? - 1;
    let provisional = if class.provisional {
        "（暂定）"
    } else {
        ""
    };
    let title = format!("{}考核排名{provisional}", rubric.class);
    sheet.merge_range(0, 0, 0, last, &title, &style::title())?;
    sheet.merge_range(
        1,
        0,
        1,
        last,
        &format!("{}年度，单位：分", rubric.year),
        &style::centred(),
    )?;
    for (column, header) in (0..).zip(&headers) {
        sheet.write_string_with_format(HEADER, column, header, &style::header())?;
        sheet.set_column_width(column, if column == 1 { 30 } else { 12 })?;
    }
    let number = style::centred().set_num_format("0.00");
    for (row, unit) in (HEADER + 1..).zip(&class.units) {
        if let Some(rank) = unit.rank {
            sheet.write_number_with_format(row, 0, u32::try_from(rank)?, &style::centred())?;
        }
        let name = &catalog.roster.units()[unit.unit].name;
        sheet.write_string_with_format(row, 1, name.as_ref(), &style::cell())?;
        for period in &unit.periods {
            let column = 2 + u16::try_from(period.period)?;
            sheet.write_number_with_format(row, column, to_f64(period.score), &number)?;
        }
        if let Some(total) = unit.total {
            sheet.write_number_with_format(row, last, to_f64(total), &number)?;
        }
    }
    Ok(sheet)
}
