//! Label–value cells above a table: 被考核单位、考核时段、考核年度、轮次.
//!
//! The label stands in one cell and the value in the next to the right, or both in one cell
//! with a colon between them; one cell may hold several such pairs.

use super::header::Column;
use super::rows::field_of;
use crate::diagnostic::Finding;
use crate::location::Address;
use crate::model::grid::{Content, Row, Sheet};
use crate::model::submission::{Context, Fault, Field, Stated, Written};
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
    /// The columns that were set since the last table.
    fresh: Vec<Column>,
    /// Labels that contradict one before.
    faults: Vec<Fault>,
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
            if !may_label(written) {
                continue;
            }
            let address = Address::new(row.index, *column);
            let folded = text::fold(written);
            for pair in pairs(&folded) {
                let field = if pair.value.is_empty() {
                    value_beside(sheet, row, address)
                } else {
                    Field {
                        address,
                        written: Written::Text(pair.value.into()),
                        formula: false,
                    }
                };
                self.set(&pair, field);
            }
        }
    }

    /// Whether a row below a header starts a new block of labels.
    pub(super) fn starts_at(row: &Row) -> bool {
        const LABEL: &str = "被考核单位";
        row.cells.iter().any(|(_, cell)| match &cell.content {
            // Most texts are shorter.
            Content::Text(written) if written.len() >= LABEL.len() && may_label(written) => {
                let folded = text::fold(written);
                pairs(&folded).any(|pair| pair.label == LABEL)
            }
            _ => false,
        })
    }

    /// Gives up what is wrong with the labels above a table. From here on a label may say
    /// something else: it belongs to the next table.
    pub(super) fn end_block(&mut self) -> Vec<Fault> {
        self.fresh.clear();
        std::mem::take(&mut self.faults)
    }

    /// Whether a unit is named beyond doubt.
    pub(super) fn names_unit(&self) -> bool {
        self.unit.as_ref().is_some_and(|unit| !unit.is_blank()) && !self.unit_is_weak
    }

    fn set(&mut self, pair: &Pair, field: Field) {
        let weak = pair.label == WEAK;
        if weak {
            let measure = MEASURES.contains(&text::key(&field.text()).as_str());
            if measure || (self.unit.is_some() && !self.unit_is_weak) {
                return;
            }
        }
        let overrules_weak = pair.column == Column::Unit && self.unit_is_weak && !weak;
        let slot = match pair.column {
            Column::Unit => &mut self.unit,
            Column::Period => &mut self.period,
            Column::Year => &mut self.year,
            _ => &mut self.round,
        };
        let twice = self.fresh.contains(&pair.column) && !overrules_weak;
        if let (true, Some(first)) = (twice, &slot) {
            let says = |field: &Field| text::key(&field.text());
            if !field.is_blank() && !first.is_blank() && says(first) != says(&field) {
                let finding = Finding::DuplicateHeader {
                    header: pair.label.to_owned(),
                    first: first.address.to_string(),
                };
                self.faults.push(Fault {
                    address: field.address,
                    finding,
                });
            }
            if !first.is_blank() {
                return;
            }
        }
        *slot = Some(field);
        self.fresh.push(pair.column);
        if pair.column == Column::Unit {
            self.unit_is_weak = weak;
        }
    }

    /// Whose a table below these labels is; what they do not say points to `header`.
    pub(super) fn context(&self, header: Address) -> Context {
        let field = |field: &Option<Field>| {
            let field = field.clone().unwrap_or(Field::blank(header));
            Stated::in_cell(field)
        };
        let stated = |of: &Option<Field>| Some(field(of)).filter(|of| !of.written.is_blank());
        Context {
            unit: field(&self.unit),
            period: field(&self.period),
            round: stated(&self.round),
            year: stated(&self.year),
        }
    }
}

/// Whether a text may hold a label: each of them has two of these characters, in this order. Most
/// texts do not, and looking closer would cost more than reading them.
fn may_label(written: &str) -> bool {
    const PAIRS: [(char, char); 4] = [('单', '位'), ('时', '段'), ('年', '度'), ('轮', '次')];
    written.contains(PAIRS.map(|(first, _)| first))
        && PAIRS.into_iter().any(|(first, last)| {
            let begins = written.find(first);
            begins.is_some_and(|at| written[at..].contains(last))
        })
}

/// The label–value pairs of one cell's text. A label alone, with or without a colon, has its
/// value in the next cell. A label may have a remark in brackets: 被考核单位（盖章）.
fn pairs(folded: &str) -> impl Iterator<Item = Pair<'_>> {
    let mut starts: Vec<(usize, usize, &'static str, Column)> = Vec::new();
    let alone = text::key(folded);
    let alone = text::key(without_remark(&alone));
    // Behind any other label stands a colon.
    let colon = folded.contains(':');
    for (label, column) in LABELS {
        if alone == label {
            starts.push((0, folded.len(), label, column));
            break;
        }
        if !colon {
            continue;
        }
        for (start, _) in folded.match_indices(label) {
            let before = folded[..start].chars().next_back();
            let own_word = before.is_none_or(|c| !c.is_alphanumeric());
            let after = folded[start + label.len()..].trim_start();
            let after = match after
                .strip_prefix('(')
                .and_then(|rest| rest.split_once(')'))
            {
                Some((_, rest)) => rest.trim_start(),
                None => after,
            };
            if let (true, Some(rest)) = (own_word, after.strip_prefix(':')) {
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
            let value = folded[value..end].trim();
            Pair {
                label,
                column,
                value: value.trim_end_matches([',', ';', '、', '。']),
            }
        })
}

/// A text without the remark in brackets at its end.
fn without_remark(text: &str) -> &str {
    match text
        .strip_suffix(')')
        .and_then(|text| text.rsplit_once('('))
    {
        Some((before, _)) if !before.is_empty() => before,
        _ => text,
    }
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
        && may_label(written)
        && pairs(&text::fold(written)).next().is_some()
    {
        return Field::blank(address);
    }
    field_of(beside, Some(cell))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_label_is_passed_over() {
        for (label, _) in LABELS {
            let spaced: String = label.chars().flat_map(|c| ['\u{3000}', c]).collect();
            assert!(may_label(&spaced), "{label}");
            assert!(pairs(&text::fold(&spaced)).next().is_some(), "{label}");
        }
    }
}
