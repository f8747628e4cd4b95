//! Header rows: which layout they announce and what stands in which column.

mod column;
mod two_rows;

use crate::decimal;
use crate::diagnostic::{Finding, NearMiss};
use crate::hash::Map;
use crate::location::Address;
use crate::model::grid::{Cell, Content, Row, Sheet};
use crate::model::rubric::RuleId;
use crate::model::submission::{Fault, Layout};
use crate::text;

pub(super) use column::{Aside, Column, is_name, is_named};
pub(super) use two_rows::of_two;

use super::labels::{begins_with_label, says_number, text_of};
use column::{label, may_be_meant};

/// How much of a header that occurs twice is kept: more than a message quotes.
const QUOTED: usize = 64;

/// A header row that was recognized.
#[derive(Clone, Debug)]
pub(super) struct Header {
    /// The row, from zero.
    pub row: u32,
    /// Which layout it announces.
    pub layout: Layout,
    /// The columns that we know, left to right, each once.
    pub columns: Vec<(u32, Column)>,
    /// The same by what they hold.
    places: Map<Column, u32>,
    /// Whether the column of units is headed 单位, which may mean a unit of measure too.
    pub weak_unit: bool,
    /// Whether no other table stands beside this one.
    pub alone: bool,
    /// The column of ids of the form that ended above, where that is none of the columns of this
    /// one: its rows may go on.
    pub ended: Option<u32>,
    /// Headers that occur twice or became dates.
    pub faults: Vec<Fault>,
}

impl Header {
    /// Whether `row` is a header.
    pub(super) fn is(row: &Row) -> bool {
        layout_of(&row.cells).is_some()
    }

    /// Reads `row` as the headers of tables that stand side by side, mostly one; none if it is none.
    pub(super) fn all_of(row: &Row) -> Vec<Self> {
        let mut header = Self::of(row);
        let place = |column| header.as_ref().and_then(|header| header.find(column));
        let of_rules = [Column::Rule, Column::Value].map(place);
        let of_tasks = [Column::Task, Column::State].map(place);
        let ([Some(rule), Some(value)], [Some(task), Some(state)]) = (of_rules, of_tasks) else {
            return header.into_iter().collect();
        };
        let (of_rules, of_tasks) = (rule.min(value), task.min(state));
        let (first, second) = (of_rules.min(of_tasks), of_rules.max(of_tasks));
        let left = [rule, value, task, state]
            .into_iter()
            .filter(|column| *column < second);
        let second = after_gap(row, second)
            .filter(|start| left.clone().all(|column| column < *start))
            .unwrap_or(second);
        let half = |is_in: &dyn Fn(u32) -> bool| {
            let cells = row.cells.iter().filter(|(column, _)| is_in(*column));
            Self::of(&Row {
                index: row.index,
                cells: cells.cloned().collect(),
            })
        };
        let right = half(&|column| column >= second).map(|right| match right.is_of_form() {
            // Whose a row is may stand once, in front of both.
            true => half(&|column| column < first || column >= second).unwrap_or(right),
            false => right,
        });
        match (half(&|column| column < second), right) {
            (Some(left), Some(right)) => [left, right]
                .map(|half| Self {
                    alone: false,
                    ..half
                })
                .into(),
            // Their columns are mixed.
            _ => {
                if let Some(header) = &mut header {
                    header.faults.push(Fault {
                        address: Address::new(row.index, task),
                        finding: Finding::TasksAmongRules,
                    });
                }
                header.into_iter().collect()
            }
        }
    }

    /// Reads `row` as a header; `None` if it is none.
    pub(super) fn of(row: &Row) -> Option<Self> {
        let layout = layout_of(&row.cells)?;
        let mut header = Self {
            row: row.index,
            layout,
            columns: Vec::new(),
            places: Map::default(),
            weak_unit: false,
            alone: true,
            ended: None,
            faults: Vec::new(),
        };
        // 填报值 is it, where there is 填报值（单位） too.
        let (with_remark, plain): (Vec<_>, Vec<_>) =
            row.cells.iter().partition(|(_, cell)| has_remark(cell));
        for (column, cell) in plain {
            match header.is_of_form() && holds_label(row, *column) {
                true => header.faults.push(Fault {
                    address: Address::new(row.index, *column),
                    finding: Finding::LabelBelowHeader,
                }),
                false => header.add(*column, &cell.content),
            }
        }
        let named = header.places.clone();
        for (column, cell) in with_remark {
            let meaning = meaning_of(&cell.content);
            if !meaning.is_some_and(|meaning| named.contains_key(&meaning)) {
                header.add(*column, &cell.content);
            }
        }
        header.columns.sort_unstable_by_key(|(column, _)| *column);
        Some(header)
    }

    /// Whether it heads a form, whose unit stands above.
    pub(super) fn is_of_form(&self) -> bool {
        matches!(self.layout, Layout::Form | Layout::TaskForm)
    }

    /// The same for a form whose first row is `row`, and which has none. What is wrong with it has
    /// been said.
    pub(super) fn moved_to(&self, row: u32) -> Self {
        Self {
            row,
            faults: Vec::new(),
            ..self.clone()
        }
    }

    /// The column of its ids, where that is none of those of `other`, whose header is `row`, and a rule
    /// is told by it.
    pub(super) fn ids_beside(&self, other: &Self, row: &Row) -> Option<u32> {
        let (first, last) = other.range()?;
        let ids = self.find(Column::Rule)?;
        let is_apart = !(first..=last).contains(&ids) && row.cell(ids).is_none();
        is_apart.then_some(ids)
    }

    /// Whether it heads the same columns.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.columns == other.columns
    }

    /// Whether `row`, below a header or not, can be one of a form with this one.
    pub(super) fn fits(&self, row: &Row) -> bool {
        let mut first = row
            .cells
            .iter()
            .take(1)
            .filter_map(|(_, cell)| text_of(cell));
        if first.any(begins_with_label) {
            return false;
        }
        let ids = [Column::Rule, Column::Task].map(|id| self.find(id));
        let mut ids = ids.into_iter().flatten().filter_map(|id| row.cell(id));
        ids.any(|cell| rule_in(&cell.content).is_some())
    }

    /// The first and the last column that we know.
    pub(super) fn range(&self) -> Option<(u32, u32)> {
        let column = |(column, _): &(u32, Column)| *column;
        self.columns
            .first()
            .map(column)
            .zip(self.columns.last().map(column))
    }

    /// Takes up the header cell in `column`.
    fn add(&mut self, column: u32, content: &Content) {
        let address = Address::new(self.row, column);
        let wide = self.layout == Layout::Wide;
        if let (true, Content::Date(date)) = (wide, content) {
            let finding = Finding::DateInsteadOfNumber {
                found: date.text.clone(),
                guess: RuleId::of_date(&date.text).map(|id| id.to_string()),
                what: "编号",
            };
            self.faults.push(Fault { address, finding });
            return;
        }
        let is_of_rule = |of: &Column| matches!(of, Column::Of(_) | Column::Beside(..));
        let meaning = meaning_of(content).filter(|of| wide || !is_of_rule(of));
        let Some(meaning) = meaning else {
            return;
        };
        let is_weak = || matches!(content, Content::Text(text) if text::key(text) == "单位");
        self.weak_unit |= meaning == Column::Unit && self.find(Column::Unit).is_none() && is_weak();
        match self.find(meaning) {
            Some(first) => self.faults.push(Fault {
                address,
                finding: Finding::DuplicateHeader {
                    header: quoted(content).into(),
                    first: Address::new(self.row, first),
                },
            }),
            None => {
                self.columns.push((column, meaning));
                self.places.insert(meaning, column);
            }
        }
    }

    /// The column that holds `meaning`.
    pub(super) fn find(&self, meaning: Column) -> Option<u32> {
        self.places.get(&meaning).copied()
    }

    /// The header cell of `meaning`, or of the first column that we know.
    pub(super) fn address(&self, meaning: Column) -> Address {
        let first = self.columns.first().map_or(0, |(column, _)| *column);
        Address::new(self.row, self.find(meaning).unwrap_or(first))
    }
}

/// Whether a cell beside the header of a form is 轮次 or 年度 with its value behind, in the next cell or
/// its own.
fn holds_label(row: &Row, column: u32) -> bool {
    if row.cell(column).and_then(text_of).is_some_and(says_number) {
        return true;
    }
    let is_value = |cell: &Cell| match &cell.content {
        Content::Number(_) => true,
        Content::Text(text) => decimal::parse(&text::key(text)).is_some(),
        _ => false,
    };
    let label = row.cell(column).and_then(text_of).and_then(label);
    label.is_some_and(Column::is_number) && row.cell(column + 1).is_some_and(is_value)
}

/// Where the cells begin that stand next to each other up to `column`, if there is a gap before them.
fn after_gap(row: &Row, column: u32) -> Option<u32> {
    let until = row.cells.partition_point(|(other, _)| *other <= column);
    let next_to = |(column, (other, _)): &(u32, &(u32, Cell))| column == other;
    let cells = (0..=column).rev().zip(row.cells[..until].iter().rev());
    let (first, _) = cells.take_while(next_to).last()?;
    (row.cells.first()?.0 < first).then_some(first)
}

/// What a cell means as a header.
fn meaning_of(content: &Content) -> Option<Column> {
    match content {
        Content::Text(written) => {
            let key = text::key(written);
            Column::named(&key).or_else(|| Column::of_rule(&key))
        }
        _ => rule_in(content).map(Column::Of),
    }
}

/// Whether a cell has a remark in brackets behind the name of a header: it is that column only where no
/// other is called so without.
fn has_remark(cell: &Cell) -> bool {
    let is_name = |key: &str| Column::of_name(key).is_none() && Column::named(key).is_some();
    match &cell.content {
        Content::Text(text) if text.ends_with([')', '）']) => {
            let key = text::key(text);
            is_name(&key) && !may_be_meant(&key)
        }
        _ => false,
    }
}

/// The rule whose header a cell may be: a text, or a number such as the 编号 2 or 1.1.
fn rule_in(content: &Content) -> Option<RuleId> {
    match content {
        Content::Text(text) => RuleId::parse(text),
        Content::Number(number) => RuleId::of_number(*number),
        _ => None,
    }
}

/// A header as a message quotes it.
fn quoted(content: &Content) -> String {
    match content {
        Content::Text(text) => text.trim().chars().take(QUOTED).collect(),
        Content::Number(number) => decimal::shown(*number),
        _ => String::new(),
    }
}

/// The cells of a row that are headers of ours, rules of wide tables aside.
fn named_columns(cells: &[(u32, Cell)]) -> impl Iterator<Item = (u32, Column)> {
    cells
        .iter()
        .filter_map(|(column, cell)| match &cell.content {
            Content::Text(text) => Some((*column, label(text)?)),
            _ => None,
        })
}

/// Where in cells beside a table the header of another begins.
pub(super) fn begins_in(cells: &[(u32, Cell)]) -> Option<u32> {
    let (first, _) = cells.first()?;
    layout_of(cells).map(|_| *first)
}

/// The layout that the cells of a row announce.
fn layout_of(cells: &[(u32, Cell)]) -> Option<Layout> {
    let named: Vec<Column> = named_columns(cells).map(|(_, column)| column).collect();
    let wide = || (is_of_many(&named) && has_rule(cells)).then_some(Layout::Wide);
    layout_of_columns(&named).or_else(wide)
}

/// The same, of those layouts that have a rule or task a row.
fn layout_of_columns(named: &[Column]) -> Option<Layout> {
    let has = |column| named.contains(&column);
    let (form, list) = if has(Column::Rule) && has(Column::Value) {
        (Layout::Form, Layout::Long)
    } else if has(Column::Task) && has(Column::State) {
        (Layout::TaskForm, Layout::TaskList)
    } else {
        return None;
    };
    Some(if is_of_many(named) { list } else { form })
}

/// Whether each row says whose it is.
fn is_of_many(named: &[Column]) -> bool {
    named.contains(&Column::Unit) && named.contains(&Column::Period)
}

/// Whether a row has the header of a rule. A bare number behind a label, or behind words of a row that
/// holds labels, is none.
fn has_rule(cells: &[(u32, Cell)]) -> bool {
    let mut of_labels = None;
    let mut before = None;
    let mut after_words = false;
    cells.iter().any(|(_, cell)| {
        let (label, number) = match &cell.content {
            Content::Text(text) => (label(text), decimal::parse(&text::key(text)).is_some()),
            Content::Number(_) => (None, true),
            _ => (None, false),
        };
        let rule = rule_in(&cell.content);
        let is_label = before.is_some_and(Column::is_number);
        let mut of_words = || *of_labels.get_or_insert_with(|| holds_labels(cells));
        let is_value = number && (is_label || after_words && of_words());
        (before, after_words) = (label, label.is_none() && rule.is_none());
        !is_value && rule.is_some()
    })
}

/// Whether the cells of a row are labels and their values: behind 被考核单位 and 考核时段 stand words.
fn holds_labels(cells: &[(u32, Cell)]) -> bool {
    let has_words = |column| {
        let is_it = |(_, cell): &(u32, Cell)| text_of(cell).and_then(label) == Some(column);
        let behind = cells
            .iter()
            .position(is_it)
            .and_then(|at| cells.get(at + 1));
        behind.is_some_and(|(_, cell)| {
            let is_label = text_of(cell).and_then(label).is_some();
            !is_label && rule_in(&cell.content).is_none()
        })
    };
    has_words(Column::Unit) && has_words(Column::Period)
}

/// The row of a sheet without a table that comes nearest to a header.
pub(super) fn near_miss(sheet: &Sheet) -> Option<NearMiss> {
    const TELLING: [Column; 4] = [Column::Rule, Column::Value, Column::Task, Column::State];
    let telling = |named: &[Column]| named.iter().filter(|c| TELLING.contains(c)).count();
    let rows = sheet.rows.iter().filter(|row| row.cells.len() > 1);
    let best = rows
        .map(|row| {
            named_columns(&row.cells)
                .map(|(_, column)| column)
                .collect::<Vec<_>>()
        })
        .rev()
        .max_by_key(|named| (telling(named), named.len()))
        .filter(|named| telling(named) > 0 || named.len() > 1)?;
    let wanted = if best.contains(&Column::Task) || best.contains(&Column::State) {
        [Column::Task, Column::State]
    } else {
        [Column::Rule, Column::Value]
    };
    let lacking = wanted.into_iter().filter(|column| !best.contains(column));
    let mut there: Vec<&str> = Vec::new();
    for name in best.iter().map(|column| column.name()) {
        if !there.contains(&name) {
            there.push(name);
        }
    }
    Some(NearMiss {
        there,
        lacking: lacking.map(Column::name).collect(),
    })
}
