//! 填表说明: how to fill in the other sheets, in a clerk's words.

use rust_xlsxwriter::{FormatAlign, Worksheet, XlsxError};

use super::GUIDE;
use super::inputs;
use crate::model::rubric::Rubric;
use crate::output::{settings, style};

/// How wide the column of headings and the column of text are, in Excel's unit.
const WIDTHS: [f64; 2] = [16.0, 84.0];

/// How to fill in, heading by heading.
const HOW: [(&str, &str); 8] = [
    (
        "先看",
        "浅黄色的格子是要填的，填好颜色就消失；橙红色的格子填得不对或者缺说明，改好颜色就消失；灰色和其他格子不用填，表格已经锁住，不会碰坏。行高列宽可以调。",
    ),
    (
        "次数、项数",
        "只填数字：0、1、2……一次也没有填0，不要空着。空着不等于0，交上去会被退回。",
    ),
    ("是、否", "点格子，从右边的下拉框里选“是”或者“否”。"),
    (
        "酌情扣分",
        "填扣几分，不能超过本条分值；不扣填0。扣了分的，必须在“扣分说明”里写明扣在哪里、为什么。",
    ),
    (
        "完成率",
        "不用填。把“任务完成情况”表填好，完成率和扣分自动算出。",
    ),
    (
        "任务完成情况",
        "每项任务选“完成”“未完成”或者“不涉及”；完成一部分的填百分比，如80%，跳出提示时点“是”。“不涉及”的任务不计入完成率。有数值目标的任务，把实际值填上：填了“完成”，实际值就要达到目标。",
    ),
    (
        "佐证材料、自查值",
        "佐证材料写名称、文号或者存放处。自查值是被考核单位自己评的，只作参考，不计分。这两栏可以不填。",
    ),
    (
        "填好以后",
        "看表下面的“合计”一行：写着“已填好”，才算填完。保存，不要改工作表的名称和表头，不要删行，文件名可以改。打印出来签字盖章，和电子表一起交考核办公室。",
    ),
];

/// What becomes of the sheet.
const THEN: (&str, &str) = (
    "交表以后",
    "考核办公室用程序汇总：先逐格检查，漏填的、填错的会指明是哪一格，退回改正；没有错误的，按考核细则计分、排名。每一分扣在哪一条、出自哪一格，都能查到。表上算出的得分与程序计算的完全一致。",
);

/// Writes the sheet.
pub(super) fn write(
    sheet: &mut Worksheet,
    rubric: &Rubric,
    with_tasks: bool,
) -> Result<(), XlsxError> {
    sheet.set_name(GUIDE)?;
    for (column, width) in (0..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    sheet.merge_range(0, 0, 0, 1, GUIDE, &style::title())?;
    sheet.set_row_height(0, 34)?;
    let mut row = 1;
    let about_tasks = ["完成率", "任务完成情况"];
    let how = HOW.iter().chain([&THEN]);
    for (heading, text) in how.filter(|(heading, _)| with_tasks || !about_tasks.contains(heading)) {
        write_row(sheet, row, heading, text)?;
        row += 1;
    }
    if let Some(words) = settings::not_applicable(rubric) {
        write_row(
            sheet,
            row,
            "不涉及",
            &format!("{words}。没有列出的项目不能填“不涉及”。"),
        )?;
        row += 1;
    }
    sheet.merge_range(row, 0, row, 1, "各条填法", &style::header())?;
    sheet.set_row_height(row, 24)?;
    row += 1;
    for rule in rubric.rules() {
        let by_tasks = with_tasks && rule.uses_tasks();
        let mut text = inputs::request(rule, 0, by_tasks).replacen('\n', "。", 1) + "。";
        if let Some(note) = &rule.note {
            text += &format!("\n说明：{note}");
        }
        write_row(sheet, row, &rule.id.to_string(), &text)?;
        row += 1;
    }
    let source = format!(
        "依据：{}。细则版本 {}，{}。",
        rubric.source, rubric.version, rubric.date
    );
    sheet.merge_range(row, 0, row, 1, &source, &style::text())?;
    sheet.set_row_height(row, 20)?;
    style::landscape(sheet);
    sheet.set_portrait().set_print_fit_to_pages(1, 1);
    sheet.set_print_area(0, 0, row, 1)?;
    inputs::protect(sheet);
    Ok(())
}

/// A heading and its text.
fn write_row(sheet: &mut Worksheet, row: u32, heading: &str, text: &str) -> Result<(), XlsxError> {
    let format = style::header().set_align(FormatAlign::VerticalCenter);
    sheet.write_string_with_format(row, 0, heading, &format)?;
    sheet.write_string_with_format(row, 1, text, &style::cell())?;
    let height = style::height(&[(heading, WIDTHS[0]), (text, WIDTHS[1])], style::TEXT_SIZE);
    sheet.set_row_height(row, height.max(22.0))?;
    Ok(())
}
