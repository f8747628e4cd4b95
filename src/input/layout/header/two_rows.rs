//! Headers that stand in two rows: some names above, often merged over both, the others below.

use smol_str::{SmolStr, ToSmolStr as _, format_smolstr};

use super::column::is_something_else;
use super::{Column, Header, holds_labels, label, named_columns, rule_in, text_of};
use crate::decimal;
use crate::diagnostic::Finding;
use crate::location::Address;
use crate::model::grid::{Cell, Content, Row, Sheet};
use crate::model::rubric::RuleId;
use crate::model::submission::{Fault, Layout};
use crate::text;

/// Cells of a row that are put together with those of another: no honest header has so many, and each
/// is looked at several times.
const MOST: usize = 4096;

/// Columns that a rule may have.
const WIDEST: u32 = 4;

/// Reads two rows as one header, where the upper one is none, or one that the lower completes:
/// rules below groups, values and reasons below rules.
pub(in super::super) fn of_two(upper: &Row, lower: &Row, alone: &[Header]) -> Option<Header> {
    let is_next = lower.index == upper.index + 1;
    let is_wide = upper.cells.len().max(lower.cells.len()) > MOST;
    // Most rows have nothing of a header, and putting two together costs more than a look.
    let is_above_gap = |(column, _): (u32, Column)| lower.cell(column).is_none();
    if !is_next || is_wide || !named_columns(&upper.cells).any(is_above_gap) {
        return None;
    }
    // Above a whole header stand labels, or another one.
    if Header::is(lower) {
        return None;
    }
    match alone {
        [] => both(upper, lower),
        [above] if above.layout == Layout::Wide => {
            let unit = above.find(Column::Unit)?;
            let is_part = lower.cell(unit).is_none();
            let header = || parted(upper, lower).or_else(|| grouped(upper, lower));
            is_part.then(header)?
        }
        _ => None,
    }
}

impl Header {
    /// Where a header is merged over columns that have names of their own `below`, the one of the same
    /// name is it, or the only one that can be; which of two values is meant cannot be known.
    pub(in super::super) fn divide(&mut self, sheet: &Sheet, below: &Row) {
        let ids = [Column::Rule, Column::Task, Column::Unit].map(|id| self.find(id));
        let is_merged = |column| {
            let merge = sheet.merge_from(Address::new(self.row, column));
            merge.is_some_and(|merge| merge.last.row >= below.index)
        };
        if below.index != self.row + 1 || !ids.into_iter().flatten().any(is_merged) {
            return;
        }
        for index in 0..self.columns.len() {
            let (column, meaning) = self.columns[index];
            let sought = match meaning {
                Column::Of(_) => Column::Value,
                other => other,
            };
            let Some(merge) = sheet.merge_from(Address::new(self.row, column)) else {
                continue;
            };
            let from = below.cells.partition_point(|(at, _)| *at < column);
            let to = (below.cells).partition_point(|(at, _)| *at <= merge.last.column);
            let cells = below.cells.get(from..to).unwrap_or_default().iter();
            let names = cells.filter_map(|(at, cell)| Some((*at, text_of(cell)?)));
            let names: Vec<(u32, &str)> = names.collect();
            let is_same = |name: &str| label(name) == Some(sought);
            let is_scored = |of: Column| matches!(of, Column::Value | Column::State);
            let may_be = |name: &str| {
                label(name).is_none_or(is_scored) && !is_something_else(&text::key(name))
            };
            let one_of = |is_it: &dyn Fn(&str) -> bool| {
                let mut found = names.iter().filter(|(_, name)| is_it(name));
                found.next().filter(|_| found.next().is_none())
            };
            match (&names[..], one_of(&is_same).or_else(|| one_of(&may_be))) {
                ([_, _, ..], Some((at, _))) => {
                    self.columns[index].0 = *at;
                    self.places.insert(meaning, *at);
                }
                ([(first, _), (second, _), ..], None) if is_scored(sought) => {
                    self.faults.push(Fault {
                        address: Address::new(below.index, *second),
                        finding: Finding::DuplicateHeader {
                            header: meaning.shown().into(),
                            first: Address::new(below.index, *first),
                        },
                    })
                }
                _ => {}
            }
        }
    }
}

/// What the lower row says, and the upper one above its gaps.
fn both(upper: &Row, lower: &Row) -> Option<Header> {
    if holds_labels(&upper.cells) {
        return None;
    }
    let above = upper.cells.iter();
    let above = above.filter(|(column, _)| lower.cell(*column).is_none());
    let mut cells: Vec<_> = lower.cells.iter().chain(above).cloned().collect();
    cells.sort_by_key(|(column, _)| *column);
    let is_lower = |(column, _): &(u32, Column)| lower.cell(*column).is_some();
    header_of(lower.index, cells).filter(|header| header.columns.iter().any(is_lower))
}

fn header_of(index: u32, cells: Vec<(u32, Cell)>) -> Option<Header> {
    let cells = cells.into();
    Header::of(&Row { index, cells })
}

/// The header of a wide table with rules below groups, beside rules that have none.
fn grouped(upper: &Row, lower: &Row) -> Option<Header> {
    let is_rule = |(_, cell): &(u32, Cell)| match &cell.content {
        // 0 and 1 are values.
        Content::Text(text) => RuleId::parse(text).is_some() && decimal::parse(text).is_none(),
        _ => false,
    };
    let header = || both(upper, lower);
    lower.cells.iter().any(is_rule).then(header)?
}

/// The header of a wide table with 填报值 and 扣分说明 below each rule.
fn parted(upper: &Row, lower: &Row) -> Option<Header> {
    if !named_columns(&lower.cells).any(|(_, column)| column == Column::Value) {
        return None;
    }
    let rule_above = |column: u32| {
        let until = upper.cells.partition_point(|(other, _)| *other <= column);
        let above = upper.cells[..until].iter().rev();
        let mut near = above.take_while(|(other, _)| column - other < WIDEST);
        near.find_map(|(_, cell)| rule_in(&cell.content))
    };
    let name = |column: u32, cell: &Cell| -> Option<SmolStr> {
        let Content::Text(text) = &cell.content else {
            return None;
        };
        let rule = rule_above(column)?;
        Some(match label(text)? {
            Column::Value => rule.to_smolstr(),
            beside @ (Column::Reason | Column::Evidence | Column::Claim) => {
                format_smolstr!("{rule}{}", beside.name())
            }
            _ => return None,
        })
    };
    let below = lower.cells.iter().filter_map(|(column, cell)| {
        let content = Content::Text(name(*column, cell)?);
        Some((
            *column,
            Cell {
                content,
                ..cell.clone()
            },
        ))
    });
    let mut cells: Vec<(u32, Cell)> = below.collect();
    let is_above_gap = |(column, _): &&(u32, Cell)| lower.cell(*column).is_none();
    cells.extend(upper.cells.iter().filter(is_above_gap).cloned());
    cells.sort_by_key(|(column, _)| *column);
    header_of(lower.index, cells)
}
