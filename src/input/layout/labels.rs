//! Label–value cells above a table: 被考核单位、考核时段、考核年度、轮次.
//!
//! The label stands in one cell and the value in the next to the right, or both in one cell
//! with a colon between them; one cell may hold several such pairs.

use super::header::Column;
use super::rows::field_of;
use crate::location::Address;
use crate::model::grid::{Content, Row, Sheet};
use crate::model::submission::{Context, Field, Written};
use crate::text;

/// The labels, a longer one before one that it ends with.
const LABELS: [(&str, Column); 8] = [
    ("被考核单位", Column::Unit),
    ("单位名称", Column::Unit),
    ("单位", Column::Unit),
    ("考核时段", Column::Period),
    ("时段", Column::Period),
    ("考核年度", Column::Year),
    ("年度", Column::Year),
    ("轮次", Column::Round),
];

/// The label that official tables also use for the unit of measure (单位：分).
const WEAK: &str = "单位";

/// What such a label says when it does not name a unit.
const MEASURES: [&str; 9] = ["分", "元", "万元", "亿元", "%", "个", "次", "项", "人"];

/// The labels read so far on a sheet.
#[derive(Clone, Debug, Default)]
pub(super) struct Labels {
    unit: Option<Field>,
    unit_is_weak: bool,
    period: Option<Field>,
    round: Option<Field>,
    year: Option<Field>,
}

/// A label and, where it stands in the same cell, its value.
struct Pair<'a> {
    label: &'static str,
    column: Column,
    value: &'a str,
}

impl Labels {
    /// Takes up the labels of a row above a table.
    pub(super) fn read(&mut self, sheet: &Sheet, row: &Row) {
        for (column, cell) in &row.cells {
            let Content::Text(written) = &cell.content else {
                continue;
            };
            let address = Address::new(row.index, *column);
            let folded = text::fold(written);
            for pair in pairs(&folded) {
                let field = if pair.value.is_empty() {
                    value_beside(sheet, row, address)
                } else {
                    Field {
                        address,
                        written: Written::Text(pair.value.to_owned()),
                        formula: false,
                    }
                };
                self.set(&pair, field);
            }
        }
    }

    /// Whether a row below a header starts a new block of labels.
    pub(super) fn starts_at(row: &Row) -> bool {
        row.cells.iter().any(|(_, cell)| match &cell.content {
            Content::Text(written) => {
                let folded = text::fold(written);
                pairs(&folded).any(|pair| pair.label == "被考核单位")
            }
            _ => false,
        })
    }

    fn set(&mut self, pair: &Pair, field: Field) {
        match pair.column {
            Column::Unit if pair.label == WEAK => {
                let measure = MEASURES.contains(&text::key(&field.text()).as_str());
                if !measure && (self.unit.is_none() || self.unit_is_weak) {
                    self.unit = Some(field);
                    self.unit_is_weak = true;
                }
            }
            Column::Unit => {
                self.unit = Some(field);
                self.unit_is_weak = false;
            }
            Column::Period => self.period = Some(field),
            Column::Year => self.year = Some(field),
            _ => self.round = Some(field),
        }
    }

    /// Whose a table below these labels is; what they do not say points to `header`.
    pub(super) fn context(&self, header: Address) -> Context {
        let stated = |field: &Option<Field>| field.clone().filter(|field| !field.is_blank());
        let blank = || Field::blank(header);
        Context {
            unit: self.unit.clone().unwrap_or_else(blank),
            period: self.period.clone().unwrap_or_else(blank),
            round: stated(&self.round),
            year: stated(&self.year),
        }
    }
}

/// The label–value pairs of one cell's text. A label alone, with or without a colon, has its
/// value in the next cell.
fn pairs(folded: &str) -> impl Iterator<Item = Pair<'_>> {
    let mut starts: Vec<(usize, usize, &'static str, Column)> = Vec::new();
    let alone = text::key(folded);
    for (label, column) in LABELS {
        if alone == label {
            starts.push((0, folded.len(), label, column));
            break;
        }
        for (start, _) in folded.match_indices(label) {
            let own_word = folded[..start]
                .chars()
                .next_back()
                .is_none_or(|c| !c.is_alphanumeric());
            let after = &folded[start + label.len()..];
            let colon = after.trim_start().strip_prefix(':');
            if let (true, Some(rest)) = (own_word, colon) {
                starts.push((start, folded.len() - rest.len(), label, column));
            }
        }
    }
    starts.sort_unstable_by_key(|(start, ..)| *start);
    let ends: Vec<usize> = starts.iter().skip(1).map(|(start, ..)| *start).collect();
    starts
        .into_iter()
        .enumerate()
        .map(move |(index, (_, value, label, column))| {
            let end = ends.get(index).copied().unwrap_or(folded.len());
            let value = folded[value..end]
                .trim()
                .trim_end_matches([',', ';', '、', '。']);
            Pair {
                label,
                column,
                value,
            }
        })
}

/// The value in the cell right of the label at `address` (right of its merged block), blank
/// where that cell is empty or the next label.
fn value_beside(sheet: &Sheet, row: &Row, address: Address) -> Field {
    let last = sheet
        .merge_at(address)
        .map_or(address.column, |merge| merge.last.column);
    let beside = Address::new(address.row, last + 1);
    let Some(cell) = row.cell(beside.column) else {
        return Field::blank(address);
    };
    if let Content::Text(written) = &cell.content
        && pairs(&text::fold(written)).next().is_some()
    {
        return Field::blank(address);
    }
    field_of(beside, Some(cell))
}
