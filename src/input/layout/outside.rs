//! Rows that stand in no table and look like data all the same: above them a header is missing, or
//! is none that we know.

use crate::decimal;
use crate::location::Address;
use crate::model::grid::{Cell, Content, Row};
use crate::model::rubric::RuleId;
use crate::text;

/// What people write for the state of a task and for little else.
const STATES: [&str; 4] = ["完成", "已完成", "未完成", "不涉及"];

/// What they write for the value of a rule, besides numbers, and in few lists of what is to be handed in.
const VALUES: [&str; 2] = ["无", "不涉及"];

/// Rows between two of them, less one, that may be of another kind.
const GAP: u32 = 3;

/// The rows of a sheet that are like that, those near each other taken together.
#[derive(Default)]
pub(super) struct Outside {
    /// The first cell of each run of them, and how many rows it has.
    pub(super) runs: Vec<(Address, u32)>,
    /// The last of them.
    last: Option<u32>,
}

impl Outside {
    /// Looks at a row outside every table, and says whether it looks like data.
    pub(super) fn read(&mut self, row: &Row) -> bool {
        let Some(column) = data_in(&row.cells) else {
            return false;
        };
        let goes_on = self.last.is_some_and(|last| row.index - last <= GAP);
        self.last = Some(row.index);
        match self.runs.last_mut().filter(|_| goes_on) {
            Some((first, rows)) => *rows = row.index - first.row + 1,
            None => self.runs.push((Address::new(row.index, column), 1)),
        }
        true
    }
}

/// Where in the cells of a row data begins: a 编号 with a value or another 编号 behind it, a 任务序号 with a
/// state.
pub(super) fn data_in(cells: &[(u32, Cell)]) -> Option<u32> {
    let mut rule = None;
    let mut number = None;
    // Most rows have none, and looking closer would cost more than reading them.
    let may_begin = |(_, cell): &&(u32, Cell)| match &cell.content {
        Content::Text(text) => text::begins_with_digit(text),
        content => matches!(content, Content::Number(_)),
    };
    let begin = cells.iter().position(|cell| may_begin(&cell))?;
    for (column, cell) in &cells[begin..] {
        let is_number = is_number(cell);
        if let Some(rule) = rule
            && (is_number || is_rule(cell) || is_value(cell))
        {
            return Some(rule);
        }
        if let Some(task) = number
            && is_state(cell)
        {
            return Some(task);
        }
        if is_rule(cell) {
            rule.get_or_insert(*column);
        }
        if is_number {
            number.get_or_insert(*column);
        }
    }
    None
}

/// Whether a cell holds a 编号 that is no number.
pub(super) fn is_rule(cell: &Cell) -> bool {
    match &cell.content {
        Content::Text(text) => RuleId::parse(text).is_some() && !is_number(cell),
        _ => false,
    }
}

/// Whether a row begins with a 编号 or a number, with words behind that may be its value.
pub(super) fn may_be_data(row: &Row) -> bool {
    let first = row.cells.first();
    row.cells.len() > 1 && first.is_some_and(|(_, cell)| is_number(cell) || is_rule(cell))
}

/// Whether a cell holds a number.
fn is_number(cell: &Cell) -> bool {
    match &cell.content {
        Content::Text(text) => decimal::parse(text.trim()).is_some(),
        Content::Number(_) => true,
        _ => false,
    }
}

/// Whether a cell holds a value as words: 2次, 93%, 无. 5分 is what a rule is worth, too, and 3份 what is
/// to be handed in.
fn is_value(cell: &Cell) -> bool {
    /// Characters of a unit of measure.
    const LONGEST: usize = 2;
    let Content::Text(text) = &cell.content else {
        return false;
    };
    let key = text::key(text);
    let digits = key.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = key[digits.len()..].chars().count();
    let is_legend = key.ends_with(['分', '份']);
    let is_measured =
        || !is_legend && (1..=LONGEST).contains(&unit) && decimal::parse(digits).is_some();
    VALUES.contains(&&*key) || is_measured()
}

/// Whether a cell holds the state of a task.
fn is_state(cell: &Cell) -> bool {
    match &cell.content {
        Content::Text(text) => STATES.contains(&text.trim()),
        _ => false,
    }
}
