//! 结果运用: exactly the figures that the document hands on, under the headings that the rubrics
//! name.

use anyhow::Result;
use rust_xlsxwriter::Worksheet;

use crate::decimal::{Decimal, PLACES};
use crate::output::report::looks::Looks;
use crate::output::report::page::{LINE, Page, fixed, on};
use crate::output::report::plan::{Class, Plan, RANKING_FIRST, width};
use crate::output::style;

/// The columns in front of the periods.
const WHOSE: [(&str, f64); 3] = [("序号", 8.0), ("类别", 26.0), ("单位", 34.0)];

/// The width of a figure; the columns behind the periods are 综合得分, 类内名次, 等次.
const FIGURE: f64 = 14.0;

/// Numbers of headings.
const NUMERALS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];

/// What the sheet has of columns.
struct Columns<'a> {
    /// The names of the periods of all classes, each once.
    periods: Vec<&'a str>,
    grades: bool,
}

/// The sheet; `None` where no rubric says what its results are for.
pub(super) fn sheet(plan: &Plan, name: &str) -> Result<Option<Worksheet>> {
    let mut uses: Vec<&str> = Vec::new();
    let mut columns = Columns {
        periods: Vec::new(),
        grades: false,
    };
    let used = |class: &&Class| !class.rubric.uses.is_empty();
    for class in plan.classes.iter().filter(used) {
        add_new(&mut uses, class.rubric.uses.iter().map(String::as_str));
        let periods = class.rubric.periods.iter();
        add_new(
            &mut columns.periods,
            periods.map(|period| period.name.as_str()),
        );
        columns.grades |= class.rubric.grades.is_some();
    }
    if uses.is_empty() {
        return Ok(None);
    }
    let mut page = Page::new(name, &columns.widths())?;
    let mark = if plan.provisional() {
        "（暂定）"
    } else {
        ""
    };
    page.head(
        &format!("考核结果运用表{mark}"),
        "依据考核细则关于结果运用的规定。各数均引自名次表，名次为本类单位之内的名次。",
    )?;
    let mut row = 2;
    for (place, name) in uses.iter().enumerate() {
        let number = NUMERALS.get(place).copied().unwrap_or("◆");
        let classes = plan.classes.iter();
        let classes = classes.filter(|class| class.rubric.uses.iter().any(|of| of == name));
        let heading = format!("{number}、{name}");
        row = table(&mut page, plan, &columns, row, (&heading, classes))? + 1;
    }
    let last = page.columns - 1;
    let sign = style::label().set_font_size(11.0);
    page.band(row, 0, 2, "移交人：", &sign)?;
    page.band(row, 3, last, "接收人：", &sign)?;
    page.band(row + 1, 3, last, "日期：　　　　年　　月　　日", &sign)?;
    page.sheet.set_row_height(row, 30)?;
    page.sheet.set_row_height(row + 1, 26)?;
    page.print(None, row + 1)?;
    Ok(Some(page.sheet))
}

/// Adds what is not there yet.
fn add_new<'a>(all: &mut Vec<&'a str>, some: impl Iterator<Item = &'a str>) {
    for one in some {
        if !all.contains(&one) {
            all.push(one);
        }
    }
}

impl Columns<'_> {
    fn widths(&self) -> Vec<f64> {
        let mut widths: Vec<f64> = WHOSE.iter().map(|(_, width)| *width).collect();
        widths.extend(self.figures().iter().map(|_| FIGURE));
        widths
    }

    /// The headings of the figures.
    fn figures(&self) -> Vec<&str> {
        let mut figures = self.periods.clone();
        figures.extend(["综合得分", "类内名次"]);
        figures.extend(self.grades.then_some("等次"));
        figures
    }

    /// The column of the totals.
    fn total(&self) -> u16 {
        width(WHOSE.len()) + width(self.periods.len())
    }
}

/// One table of the classes; gives the row after it.
fn table<'a>(
    page: &mut Page,
    plan: &Plan,
    columns: &Columns,
    row: u32,
    (heading, classes): (&str, impl Iterator<Item = &'a Class<'a>>),
) -> Result<u32> {
    page.across(row, heading, &Looks::new(PLACES).section, 12.0)?;
    let mut headings: Vec<&str> = WHOSE.iter().map(|(heading, _)| *heading).collect();
    headings.extend(columns.figures());
    page.header(row + 1, &headings)?;
    let mut row = row + 2;
    let mut number = 1;
    let last = page.columns - 1;
    for class in classes {
        let looks = Looks::new(class.rubric.printed_decimals());
        for unit in 0..class.units() {
            page.count(row, 0, number, &looks.whole)?;
            page.text(row, 1, &class.rubric.class, &looks.text)?;
            write_figures(page, &looks, plan, columns, (class, unit), row)?;
            page.sheet.set_row_height(row, LINE)?;
            row += 1;
            number += 1;
        }
        for left in &class.result.unranked {
            page.count(row, 0, number, &looks.whole)?;
            page.text(row, 1, &class.rubric.class, &looks.text)?;
            let name = &plan.catalog.roster.units()[left.unit].name;
            page.foreign(row, 2, name, &looks.text)?;
            page.band(row, 3, last, "未排名", &looks.centred)?;
            page.sheet.set_row_height(row, LINE)?;
            row += 1;
            number += 1;
        }
    }
    Ok(row)
}

/// The figures of one unit, each a reference to the ranking sheet.
fn write_figures(
    page: &mut Page,
    looks: &Looks,
    plan: &Plan,
    columns: &Columns,
    (class, unit): (&Class, u32),
    row: u32,
) -> Result<()> {
    let score = &class.result.units[unit as usize];
    let link = |column| on(&class.ranking, &fixed(RANKING_FIRST + unit, column));
    page.foreign(row, 2, plan.name(score), &looks.text)?;
    for column in width(WHOSE.len())..page.columns {
        page.text(row, column, "—", &looks.centred)?;
    }
    for (place, period) in score.periods.iter().enumerate() {
        let name = class.rubric.periods[period.period].name.as_str();
        if let Some(of) = columns.periods.iter().position(|known| *known == name) {
            let column = width(WHOSE.len() + of);
            let formula = link(class.period_column(place));
            page.formula(row, column, &formula, period.score, &looks.points)?;
        }
    }
    let column = columns.total();
    if let (Some(total), Some(rank)) = (score.total, score.rank) {
        let formula = link(class.total_column());
        page.formula(row, column, &formula, total, &looks.strong)?;
        page.formula(row, column + 1, &link(0), Decimal::from(rank), &looks.whole)?;
    }
    if let (Some(of), Some(grade)) = (class.grade_column(), class.rubric.grade_name(score.grade)) {
        page.words(row, column + 2, &link(of), grade, &looks.centred)?;
    }
    Ok(())
}
