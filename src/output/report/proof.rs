//! 核验信息: by what anyone can find out whether the report stands.

use anyhow::Result;
use rust_xlsxwriter::Worksheet;

use crate::decimal::PLACES;
use crate::output::report::basis::{Basis, Fingerprint};
use crate::output::report::looks::Looks;
use crate::output::report::page::{LINE, Page};
use crate::output::report::plan::Plan;
use crate::output::unranked;

const WIDTHS: [f64; 4] = [30.0, 34.0, 18.0, 72.0];

const NOTE: &str = "同样的材料、同样的细则、同一版本的程序，生成的文件逐字节相同。\
    核对方法：kaohe verify 本文件 收到的表（文件或文件夹），程序由原始材料重新计算，逐格对照，说明本表是否成立；不成立的，指出是哪个文件、哪个单位、哪个数。";

/// What is written where nothing is missing.
const COMPLETE: &str = "没有缺交，没有未排名的单位。";

pub(super) fn sheet(plan: &Plan, basis: &Basis, name: &str) -> Result<Worksheet> {
    let mut page = Page::new(name, &WIDTHS)?;
    let looks = Looks::new(PLACES);
    page.head("核验信息", NOTE)?;
    let mut row = 2;
    row = options(&mut page, &looks, basis, row)?;
    row = rubrics(&mut page, &looks, plan, row + 1)?;
    row = prints(
        &mut page,
        &looks,
        "三、细则、任务表、名册文件",
        "内容",
        &basis.rubrics,
        row + 1,
    )?;
    row = prints(
        &mut page,
        &looks,
        "四、读入的文件",
        "备注",
        &basis.files,
        row + 1,
    )?;
    row = missing(&mut page, &looks, plan, row + 1)?;
    page.print(None, row - 1)?;
    Ok(page.sheet)
}

fn options(page: &mut Page, looks: &Looks, basis: &Basis, row: u32) -> Result<u32> {
    page.across(row, "一、程序和选项", &looks.section, 12.0)?;
    let mut row = row + 1;
    let version = ("程序".to_owned(), format!("kaohe {}", basis.version));
    for (name, meaning) in [&version].into_iter().chain(&basis.options) {
        page.foreign(row, 0, name, &looks.text)?;
        page.band(row, 1, 3, meaning, &looks.text)?;
        page.sheet.set_row_height(row, LINE)?;
        row += 1;
    }
    Ok(row)
}

/// Which rubric and which version of it scored each class.
fn rubrics(page: &mut Page, looks: &Looks, plan: &Plan, row: u32) -> Result<u32> {
    page.across(row, "二、适用的细则", &looks.section, 12.0)?;
    page.header(row + 1, &["细则编号", "类别", "版本（日期）", "依据"])?;
    let mut row = row + 2;
    for class in &plan.classes {
        let rubric = class.rubric;
        let tasks = plan.catalog.tasks_of(rubric);
        let version = format!("{}（{}）", rubric.version, rubric.date);
        page.text(row, 0, &rubric.id, &looks.text)?;
        page.text(row, 1, &rubric.class, &looks.text)?;
        page.text(row, 2, &version, &looks.centred)?;
        let source = tasks.map_or_else(
            || rubric.source.clone(),
            |tasks| {
                format!(
                    "{}；任务表版本 {}（{}）",
                    rubric.source, tasks.version, tasks.date
                )
            },
        );
        page.text(row, 3, &source, &looks.text)?;
        page.fit(row, &[(2, &version), (3, &source)])?;
        row += 1;
    }
    Ok(row)
}

/// A list of files with their fingerprints.
fn prints(
    page: &mut Page,
    looks: &Looks,
    heading: &str,
    about: &str,
    files: &[Fingerprint],
    row: u32,
) -> Result<u32> {
    page.across(row, heading, &looks.section, 12.0)?;
    page.header(row + 1, &["文件", about, "", "SHA-256"])?;
    page.sheet.merge_range(
        row + 1,
        1,
        row + 1,
        2,
        about,
        &crate::output::style::header(),
    )?;
    let mut row = row + 2;
    for file in files {
        page.foreign(row, 0, &file.name, &looks.text)?;
        page.band(row, 1, 2, &file.about, &looks.text)?;
        page.text(row, 3, &file.sha256, &looks.centred)?;
        page.fit(row, &[(0, &file.name)])?;
        row += 1;
    }
    Ok(row)
}

/// What is missing, by class.
fn missing(page: &mut Page, looks: &Looks, plan: &Plan, row: u32) -> Result<u32> {
    page.across(row, "五、缺交和未排名", &looks.section, 12.0)?;
    let mut row = row + 1;
    let first = row;
    for class in &plan.classes {
        for period in class.open_periods() {
            page.text(row, 0, "全部单位", &looks.text)?;
            page.text(row, 1, &class.rubric.class, &looks.text)?;
            page.band(
                row,
                2,
                3,
                &format!("缺{period}，没有综合得分和名次"),
                &looks.text,
            )?;
            page.sheet.set_row_height(row, LINE)?;
            row += 1;
        }
        for left in &class.result.unranked {
            let name = &plan.catalog.roster.units()[left.unit].name;
            page.foreign(row, 0, name, &looks.text)?;
            page.text(row, 1, &class.rubric.class, &looks.text)?;
            page.band(row, 2, 3, &unranked::why(class.rubric, left), &looks.text)?;
            page.sheet.set_row_height(row, LINE)?;
            row += 1;
        }
    }
    if row == first {
        page.across(row, COMPLETE, &looks.note, crate::output::style::TEXT_SIZE)?;
        row += 1;
    }
    Ok(row)
}
