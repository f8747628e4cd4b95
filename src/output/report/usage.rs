//! 结果运用: exactly the figures that the document hands on (五、考核结果运用).

use anyhow::Result;
use rust_xlsxwriter::Worksheet;

use crate::decimal::Decimal;
use crate::output::report::looks::Looks;
use crate::output::report::page::{LINE, Page, fixed, on};
use crate::output::report::plan::{Class, Plan, RANKING_FIRST};
use crate::output::style;

const COLUMNS: [(&str, f64); 7] = [
    ("序号", 8.0),
    ("类别", 26.0),
    ("单位", 34.0),
    ("平时考核", 14.0),
    ("年终考核", 14.0),
    ("综合得分", 14.0),
    ("类内名次", 12.0),
];

/// The rubric whose units are districts, which have a 生态环境局 of their own.
const DISTRICTS: &str = "government";

pub(super) fn sheet(plan: &Plan, name: &str) -> Result<Worksheet> {
    let mut page = Page::new(name, &COLUMNS.map(|(_, width)| width))?;
    let mark = if plan.provisional() {
        "（暂定）"
    } else {
        ""
    };
    page.head(
        &format!("考核结果运用表{mark}"),
        "依据考核细则“五、考核结果运用”。各数均引自名次表，名次为本类单位之内的名次。",
    )?;
    let mut row = 2;
    row = table(
        &mut page,
        plan,
        row,
        "一、作为各单位污染防治攻坚战工作考核重要依据的考核结果（全部单位）",
        |_| true,
    )?;
    if plan
        .classes
        .iter()
        .any(|class| class.rubric.id == DISTRICTS)
    {
        row = table(
            &mut page,
            plan,
            row + 1,
            "二、纳入各区县（市、区）生态环境局年终绩效考核的考核结果（按所在区县（市））",
            |class| class.rubric.id == DISTRICTS,
        )?;
    }
    let sign = style::label().set_font_size(11.0);
    page.band(row + 1, 0, 2, "移交人：", &sign)?;
    page.band(row + 1, 3, 6, "接收人：", &sign)?;
    page.band(row + 2, 3, 6, "日期：　　　　年　　月　　日", &sign)?;
    page.sheet.set_row_height(row + 1, 30)?;
    page.sheet.set_row_height(row + 2, 26)?;
    page.print(None, row + 2)?;
    Ok(page.sheet)
}

/// One table of the classes that `wanted` names; gives the row after it.
fn table(
    page: &mut Page,
    plan: &Plan,
    row: u32,
    heading: &str,
    wanted: impl Fn(&Class) -> bool,
) -> Result<u32> {
    let looks = Looks::new();
    page.across(row, heading, &looks.section, 12.0)?;
    page.header(row + 1, &COLUMNS.map(|(heading, _)| heading))?;
    let mut row = row + 2;
    let mut number = 1;
    for class in plan.classes.iter().filter(|class| wanted(class)) {
        for (unit, score) in (0..).zip(&class.result.units) {
            let of = RANKING_FIRST + unit;
            let link = |column| on(&class.ranking, &fixed(of, column));
            page.count(row, 0, number, &looks.whole)?;
            page.text(row, 1, &class.rubric.class, &looks.text)?;
            page.foreign(row, 2, plan.name(score), &looks.text)?;
            for column in 3..7 {
                page.text(row, column, "—", &looks.centred)?;
            }
            for (place, period) in score.periods.iter().enumerate() {
                // The columns are those of the document's two periods, by their names.
                let name = class.rubric.periods[period.period].name.as_str();
                if let Some(column) = (3..5).find(|&column| COLUMNS[column].0 == name) {
                    let column = u16::try_from(column)?;
                    let formula = link(class.period_column(place));
                    page.formula(row, column, &formula, period.score, &looks.points)?;
                }
            }
            if let (Some(total), Some(rank)) = (score.total, score.rank) {
                let formula = link(class.total_column());
                page.formula(row, 5, &formula, total, &looks.strong)?;
                page.formula(row, 6, &link(0), Decimal::from(rank), &looks.whole)?;
            }
            page.sheet.set_row_height(row, LINE)?;
            row += 1;
            number += 1;
        }
        for left in &class.result.unranked {
            page.count(row, 0, number, &looks.whole)?;
            page.text(row, 1, &class.rubric.class, &looks.text)?;
            let name = &plan.catalog.roster.units()[left.unit].name;
            page.foreign(row, 2, name, &looks.text)?;
            page.band(row, 3, 6, "未排名", &looks.centred)?;
            page.sheet.set_row_height(row, LINE)?;
            row += 1;
            number += 1;
        }
    }
    Ok(row)
}
