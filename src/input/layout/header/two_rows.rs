//! Headers that stand in two rows: some names above, often merged over both, the others below.

use smol_str::{SmolStr, ToSmolStr as _, format_smolstr};

use super::{Column, Header, holds_labels, label, named_columns, rule_in};
use crate::decimal;
use crate::model::grid::{Cell, Content, Row};
use crate::model::rubric::RuleId;
use crate::model::submission::Layout;

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
