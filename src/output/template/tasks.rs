//! 任务完成情况: a unit's tasks, their states and measured values, and the rate of completion
//! that flows into 计分表. As a sheet of a form, and as the list beside a wide table.

use rust_xlsxwriter::{FormatAlign, FormatBorder, IgnoreError, Worksheet, XlsxError};

use super::formulas::{self, Computed, RateCells};
use super::inputs;
use super::places::{self, Block};
use super::{FilledTask, Filling, Subject, TASKS, TaskState};
use crate::decimal::{Decimal, to_f64};
use crate::model::task::{Role, Task};
use crate::output::style;

/// The columns of a task: header and width in Excel's unit.
pub(super) const COLUMNS: [(&str, f64); 9] = [
    ("任务序号", 10.5),
    ("工作任务", 42.0),
    ("指标名称", 30.0),
    ("目标", 24.0),
    ("角色", 8.0),
    ("完成情况", 12.0),
    ("实际值", 11.0),
    ("计量单位", 13.0),
    ("佐证材料", 22.0),
];

const NO: u16 = 0;
const TASK: u16 = 1;
const INDICATOR: u16 = 2;
const TARGET: u16 = 3;
const ROLE: u16 = 4;
pub(super) const STATE: u16 = 5;
const MEASURED: u16 = 6;
const MEASURE: u16 = 7;
const EVIDENCE: u16 = 8;

/// The row of the headers of a form; title, labels, sums and a word of advice stand above.
const HEADER: u32 = 5;

/// Where the sums of a form stand, row and column: how many tasks have a state, how many count,
/// how many are done, the rate.
const FILLED: (u32, u16) = (3, TARGET);
const COUNT: (u32, u16) = (3, STATE);
const DONE: (u32, u16) = (3, MEASURE);
const RATE: (u32, u16) = (3, EVIDENCE);

/// What to do, in one line.
pub(super) const ADVICE: &str = "每项任务都要填“完成情况”：完成、未完成、不涉及，完成一部分的填百分比。有数值目标的，尽量填实际值。灰色的格子不填。";

/// The format of a percentage: one decimal is enough to read it, the cell keeps them all.
const PERCENT: &str = "0.0%";

/// Where the figures stand that 计分表 of a form computes with.
pub(super) fn rate_cells() -> RateCells {
    let cell = |(row, column)| places::on(TASKS, &places::fixed(row, column));
    RateCells {
        done: cell(DONE),
        count: cell(COUNT),
        rate: cell(RATE),
    }
}

/// Writes the sheet of a form.
pub(super) fn write_form(
    sheet: &mut Worksheet,
    subject: &Subject,
    filling: &Filling,
) -> Result<(), XlsxError> {
    sheet.set_name(TASKS)?;
    for (column, (_, width)) in (0..).zip(COLUMNS) {
        sheet.set_column_width(column, width)?;
    }
    head(sheet, subject)?;
    headers(sheet, HEADER, 0)?;
    let tasks = subject.tasks();
    let mut row = HEADER + 1;
    for (index, (task, role)) in tasks.iter().enumerate() {
        write_task(sheet, (row, 0), task, *role, &filling.task(index))?;
        row += 1;
    }
    let states = Block {
        column: STATE,
        first: HEADER + 1,
        last: row - 1,
    };
    sums(sheet, states, tasks.len(), filling)?;
    style::landscape(sheet);
    sheet
        .set_repeat_rows(HEADER, HEADER)?
        .set_print_area(0, NO, row - 1, EVIDENCE)?
        .set_freeze_panes(HEADER + 1, TASK)?
        .set_selection(HEADER + 1, STATE, HEADER + 1, STATE)?
        .ignore_error_range(HEADER + 1, NO, row - 1, NO, IgnoreError::NumberStoredAsText)?;
    inputs::protect(sheet);
    Ok(())
}

/// The title of the sheet.
pub(super) fn title(subject: &Subject) -> String {
    let table = subject.catalog.tasks_of(subject.rubric);
    let title = table.map_or("任务", |table| table.title.as_str());
    format!("{}完成情况表", title.trim_end_matches("分解表"))
}

/// Title, labels and advice of a form.
fn head(sheet: &mut Worksheet, subject: &Subject) -> Result<(), XlsxError> {
    let title = title(subject);
    sheet.merge_range(0, NO, 0, EVIDENCE, &title, &style::title())?;
    sheet.set_row_height(0, 34)?;
    let label = style::label();
    let right = style::label().set_align(FormatAlign::Right);
    let value = style::text().set_border_bottom(FormatBorder::Thin);
    let centred = value.clone().set_align(FormatAlign::Center);
    let left = value.clone().set_align(FormatAlign::Left);
    // No number stands in the row of the unit: labels with a 1 beside them read like the header
    // of a wide table with a rule 1.
    sheet.write_string_with_format(1, NO, "被考核单位", &label)?;
    sheet.write_string_with_format(1, TASK, subject.unit, &value)?;
    sheet.write_string_with_format(1, INDICATOR, "考核时段", &right)?;
    sheet.write_string_with_format(1, TARGET, subject.period(), &centred)?;
    sheet.write_string_with_format(2, NO, "考核年度", &label)?;
    inputs::write_number(sheet, (2, TASK), subject.rubric.year.into(), &left)?;
    sheet.write_string_with_format(2, INDICATOR, "轮次", &right)?;
    inputs::write_number(sheet, (2, TARGET), subject.which.round.into(), &centred)?;
    for row in [1, 2, 3] {
        sheet.set_row_height(row, 22)?;
    }
    sheet.merge_range(4, NO, 4, EVIDENCE, ADVICE, &style::text())?;
    sheet.set_row_height(4, 20)?;
    Ok(())
}

/// The headers of the task columns, the first in `column`.
pub(super) fn headers(sheet: &mut Worksheet, row: u32, column: u16) -> Result<(), XlsxError> {
    for (column, (header, _)) in (column..).zip(COLUMNS) {
        sheet.write_string_with_format(row, column, header, &style::header())?;
    }
    sheet.set_row_height(row, 24)?;
    Ok(())
}

/// The row of one task, its first cell at `at`.
pub(super) fn write_task(
    sheet: &mut Worksheet,
    (row, first): (u32, u16),
    task: &Task,
    role: Role,
    filled: &FilledTask,
) -> Result<(), XlsxError> {
    let (cell, centred) = (style::cell(), style::centred());
    let texts = texts_of(task, filled);
    for (column, text) in [TASK, INDICATOR, TARGET].into_iter().zip(&texts) {
        sheet.write_string_with_format(row, first + column, text, &cell)?;
    }
    sheet.write_string_with_format(row, first + NO, task.no.to_string(), &centred)?;
    sheet.write_string_with_format(row, first + ROLE, role.to_string(), &centred)?;
    let widths = [TASK, INDICATOR, TARGET, EVIDENCE].map(|column| COLUMNS[usize::from(column)].1);
    let texts: Vec<_> = texts.iter().map(String::as_str).zip(widths).collect();
    sheet.set_row_height(row, style::height(&texts, style::TEXT_SIZE).max(26.0))?;
    state(sheet, (row, first + STATE), filled)?;
    measured(sheet, (row, first + MEASURED), task, filled)?;
    let at = (row, first + EVIDENCE);
    let open = style::cell().set_unlocked();
    inputs::write_text(sheet, at, filled.evidence.as_deref(), &open)?;
    let advice = "写佐证材料的名称、文号或者存放处；填百分比的，写明怎么算的。可以不写。";
    let advice = inputs::text_rule("佐证材料", advice)?;
    sheet.add_data_validation(at.0, at.1, at.0, at.1, &advice)?;
    Ok(())
}

/// What the table says of a task: its title, its indicator, its target; the evidence.
fn texts_of(task: &Task, filled: &FilledTask) -> [String; 4] {
    // Several tasks may share a title; one without an indicator is told by its content.
    let title = match &task.indicator {
        Some(_) => task.title.clone(),
        None => format!("{}\n{}", task.title, task.content),
    };
    let mut indicator = task.indicator.clone().unwrap_or_else(|| "—".to_owned());
    if let Some(measures) = &task.measures {
        indicator += &format!("\n（实际值填{measures}）");
    }
    let target = task.target.clone().unwrap_or_else(|| "—".to_owned());
    [
        title,
        indicator,
        target,
        filled.evidence.clone().unwrap_or_default(),
    ]
}

/// 完成情况 of a task.
fn state(sheet: &mut Worksheet, at: (u32, u16), filled: &FilledTask) -> Result<(), XlsxError> {
    let (row, column) = at;
    let format = style::centred().set_unlocked().set_num_format(PERCENT);
    match filled.state {
        None => sheet.write_blank(row, column, &format)?,
        Some(TaskState::Share(share)) if share == Decimal::ONE => {
            sheet.write_string_with_format(row, column, "完成", &format)?
        }
        Some(TaskState::Share(share)) if share.is_zero() => {
            sheet.write_string_with_format(row, column, "未完成", &format)?
        }
        Some(TaskState::Share(share)) => {
            sheet.write_number_with_format(row, column, to_f64(share), &format)?
        }
        Some(TaskState::Outside) => {
            sheet.write_string_with_format(row, column, "不涉及", &format)?
        }
    };
    sheet.add_data_validation(row, column, row, column, &inputs::state_rule()?)?;
    inputs::mark_blank(sheet, row, column)?;
    let cell = places::cell(row, column);
    let test = format!(
        "AND(LEN(TRIM({cell}))>0,{}=0)",
        formulas::tasks_filled(&cell)
    );
    inputs::mark(sheet, at, &test, inputs::alarm())
}

/// 实际值 of a task and the unit of its goal; closed where the goal is no number.
fn measured(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    task: &Task,
    filled: &FilledTask,
) -> Result<(), XlsxError> {
    let Some(goal) = &task.goal else {
        let closed = style::centred().set_background_color(style::CLOSED_FILL);
        sheet.write_blank(row, column, &closed)?;
        sheet.write_blank(row, column + 1, &closed)?;
        return Ok(());
    };
    let percent = goal.is_percent();
    let open = style::centred().set_unlocked();
    let open = if percent {
        open.set_num_format(PERCENT)
    } else {
        open
    };
    match filled.measured {
        None => sheet.write_blank(row, column, &open)?,
        Some(measured) => {
            let shown = if percent {
                measured / Decimal::ONE_HUNDRED
            } else {
                measured
            };
            sheet.write_number_with_format(row, column, to_f64(shown), &open)?
        }
    };
    let what = task.measures.as_ref().or(task.indicator.as_ref());
    let what = what
        .map(|what| format!("{}。", what.replace('\n', "，")))
        .unwrap_or_default();
    let rule = inputs::measured_rule(&goal.to_string(), percent, &what)?;
    sheet.add_data_validation(row, column, row, column, &rule)?;
    let unit = goal.unit.as_deref().unwrap_or("—");
    sheet.write_string_with_format(row, column + 1, unit, &style::centred())?;
    Ok(())
}

/// The figures of a form: how many tasks there are, have a state, count, are done; the rate.
fn sums(
    sheet: &mut Worksheet,
    states: Block,
    tasks: usize,
    filling: &Filling,
) -> Result<(), XlsxError> {
    let of = |wanted: fn(TaskState) -> Option<Decimal>| -> Decimal {
        (0..tasks)
            .filter_map(|index| filling.task(index).state.and_then(wanted))
            .sum()
    };
    let filled = of(|_| Some(Decimal::ONE));
    let counting = of(|state| matches!(state, TaskState::Share(_)).then_some(Decimal::ONE));
    let done = of(|state| match state {
        TaskState::Share(share) => Some(share),
        TaskState::Outside => None,
    });
    let right = style::label().set_align(FormatAlign::Right);
    let centred = style::text().set_align(FormatAlign::Center);
    let left = style::text().set_align(FormatAlign::Left);
    sheet.write_string_with_format(3, NO, "任务数", &style::label())?;
    inputs::write_number(sheet, (3, TASK), tasks.into(), &left)?;
    for (column, label) in [(INDICATOR, "已填"), (ROLE, "计入"), (MEASURED, "折合完成")] {
        sheet.write_string_with_format(3, column, label, &right)?;
    }
    let range = states.absolute();
    let (filled_row, filled_column) = FILLED;
    let own = RateCells {
        done: places::fixed(DONE.0, DONE.1),
        count: places::fixed(COUNT.0, COUNT.1),
        rate: String::new(),
    };
    let rate = formulas::rate(
        &tasks.to_string(),
        &places::fixed(filled_row, filled_column),
        &own,
    );
    let known = filling.rate(tasks).map(|rate| rate.value());
    let shown = style::label()
        .set_align(FormatAlign::Center)
        .set_num_format("\"完成率 \"0.00%");
    for (at, formula, format) in [
        (
            FILLED,
            Computed::number(formulas::tasks_filled(&range), filled),
            &centred,
        ),
        (
            COUNT,
            Computed::number(formulas::tasks_counting(&range), counting),
            &centred,
        ),
        (
            DONE,
            Computed::number(formulas::tasks_done(&range), done),
            &centred,
        ),
        (
            RATE,
            Computed::number_or(rate, known, filling.rate_word(tasks)),
            &shown,
        ),
    ] {
        sheet.write_formula_with_format(at.0, at.1, formula.into_formula(), format)?;
    }
    Ok(())
}
