//! The task lists beside a wide table: 任务完成情况 of all units of a class, one below the other.

use rust_xlsxwriter::{IgnoreError, Worksheet, XlsxError};

use super::formulas::{self, RateCells};
use super::inputs;
use super::places::Block;
use super::wide::WHOSE;
use super::{Filling, Subject, TASKS, tasks};
use crate::output::style;

/// How many of the columns that say whose a row is a task list has.
const OWN: usize = 3;

/// The row of the headers, and the first row of tasks.
const HEADER: u32 = 2;
pub(super) const FIRST: u32 = HEADER + 1;

/// The column of the states.
pub(super) const STATE: u16 = OWN as u16 + tasks::STATE;

/// The cells that say whose a row is; the year aside.
pub(super) fn whose(sheet: &mut Worksheet, row: u32, subject: &Subject) -> Result<(), XlsxError> {
    let centred = style::centred();
    sheet.write_string_with_format(row, 0, subject.unit, &style::cell())?;
    sheet.write_string_with_format(row, 1, subject.period(), &centred)?;
    inputs::write_number(sheet, (row, 2), subject.which.round.into(), &centred)
}

/// The figures of the tasks whose states stand in `states` of the task list, as formulas.
pub(super) fn rate(states: Block) -> RateCells {
    let states = states.on(TASKS);
    let mut cells = RateCells {
        done: format!("({})", formulas::tasks_done(&states)),
        count: format!("({})", formulas::tasks_counting(&states)),
        rate: String::new(),
    };
    let tasks = format!("ROWS({states})");
    let filled = format!("({})", formulas::tasks_filled(&states));
    cells.rate = formulas::rate(&tasks, &filled, &cells);
    cells
}

/// The task lists of all units, one below the other.
pub(super) fn write(
    sheet: &mut Worksheet,
    subjects: &[(Subject, &Filling)],
) -> Result<(), XlsxError> {
    sheet.set_name(TASKS)?;
    let shift = OWN as u16;
    let whose_columns = WHOSE.iter().take(OWN);
    for (column, (_, width)) in (0..).zip(whose_columns.clone().chain(&tasks::COLUMNS)) {
        sheet.set_column_width(column, *width)?;
    }
    let last = shift + tasks::COLUMNS.len() as u16 - 1;
    let title = tasks::title(&subjects[0].0);
    sheet.merge_range(0, 0, 0, last, &title, &style::title())?;
    sheet.set_row_height(0, 34)?;
    sheet.merge_range(1, 0, 1, last, tasks::ADVICE, &style::text())?;
    sheet.set_row_height(1, 20)?;
    for (column, (header, _)) in (0..).zip(whose_columns) {
        sheet.write_string_with_format(HEADER, column, *header, &style::header())?;
    }
    tasks::headers(sheet, HEADER, shift)?;
    let mut row = HEADER + 1;
    for (subject, filling) in subjects {
        for (index, (task, role)) in subject.tasks().into_iter().enumerate() {
            tasks::write_task(sheet, (row, shift), task, role, &filling.task(index))?;
            whose(sheet, row, subject)?;
            row += 1;
        }
    }
    style::landscape(sheet);
    sheet
        .set_repeat_rows(HEADER, HEADER)?
        .set_print_area(0, 0, row - 1, last)?
        .set_freeze_panes(HEADER + 1, shift + 1)?
        .ignore_error_range(
            HEADER,
            shift,
            row - 1,
            shift,
            IgnoreError::NumberStoredAsText,
        )?;
    inputs::protect(sheet);
    Ok(())
}
