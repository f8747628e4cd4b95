//! Label–value cells above a table: 被考核单位、考核时段、考核年度、轮次.
//!
//! The label stands in one cell and the value in the next to the right, or both in one cell
//! with a colon between them; one cell may hold several such pairs.

use std::collections::HashMap;
use std::ops::Range;

use memchr::{memchr_iter, memrchr, memrchr_iter};

use super::field::field_of;
use super::footer::is_footer;
use super::header::Column;
use crate::diagnostic::Finding;
use crate::location::Address;
use crate::model::grid::{Cell, Content, Row, Sheet};
use crate::model::submission::{Context, Fault, Field, Stated, Written};
use crate::text;

/// The labels, a longer one before one that it ends with.
const LABELS: [(&str, Column); 10] = [
    ("被考核单位", Column::Unit),
    ("单位名称", Column::Unit),
    ("单位", Column::Unit),
    ("考核时段", Column::Period),
    ("时段", Column::Period),
    ("考核年度", Column::Year),
    ("年度", Column::Year),
    ("考核轮次", Column::Round),
    ("轮次", Column::Round),
    ("第几轮", Column::Round),
];

/// What each of them ends with.
const ENDS: [char; 6] = ['位', '称', '段', '度', '次', '轮'];

/// The label that official tables also use for the unit of measure (单位：分).
const WEAK: &str = "单位";

/// What such a label says when it does not name a unit.
const MEASURES: [&str; 9] = ["分", "元", "万元", "亿元", "%", "个", "次", "项", "人"];

/// Bytes of a text that are looked at for labels: what stands behind so many is prose.
const LOOKED_INTO: usize = 2000;

/// The labels read so far on a sheet.
#[derive(Clone, Debug, Default)]
pub(super) struct Labels {
    unit: Option<Field>,
    unit_is_weak: bool,
    /// Whether 单位 heads a block with others, and names another unit then.
    in_block: bool,
    period: Option<Field>,
    round: Option<Field>,
    year: Option<Field>,
    /// The columns that were set since the last table.
    fresh: Vec<Column>,
    /// Labels that contradict one before.
    faults: Vec<Fault>,
}

/// A label and, where it stands in the same cell, its value.
struct Pair {
    label: &'static str,
    column: Column,
    /// Where the label begins in the cell's text.
    start: usize,
    /// Which part of the cell's text it is.
    value: Range<usize>,
}

/// A cell with labels.
struct Labelled {
    column: u32,
    /// What it says, folded.
    text: String,
    pairs: Vec<Pair>,
}

impl Labelled {
    /// Whether a label stands at the very beginning.
    fn begins_with_one(&self) -> bool {
        self.pairs.first().is_some_and(|pair| pair.start == 0)
    }

    /// Whether it has other labels than 单位, which signatures begin with too.
    fn is_of_block(&self) -> bool {
        self.pairs.iter().any(|pair| pair.label != WEAK)
    }
}

impl Labels {
    /// Takes up the labels of a row above a table, and says how many there are, twice those that
    /// contradict one before.
    pub(super) fn read(&mut self, sheet: &Sheet, row: &Row) -> usize {
        let cells: Vec<Labelled> = row.cells.iter().filter_map(labelled).collect();
        self.take(sheet, row, &cells)
    }

    /// The same of those cells.
    fn take(&mut self, sheet: &Sheet, row: &Row, cells: &[Labelled]) -> usize {
        let before = self.faults.len();
        // Merged blocks, damaged ones, may have many labels share a value.
        let mut values: HashMap<u32, Field> = HashMap::new();
        for (index, cell) in cells.iter().enumerate() {
            let behind = &cells[index + 1..];
            let address = Address::new(row.index, cell.column);
            // All labels without a value of their own share the one beside.
            let mut beside = Vec::new();
            for pair in &cell.pairs {
                if !pair.value.is_empty() {
                    let value = Field {
                        address,
                        written: Written::Text(cell.text[pair.value.clone()].trim().into()).brief(),
                        formula: false,
                    };
                    self.set(pair, value);
                } else if !beside.contains(&pair.label) {
                    beside.push(pair.label);
                    let beside = (behind, &mut values);
                    let value = value_beside(sheet, row, (pair.column, address), beside);
                    self.set(pair, value);
                }
            }
        }
        cells.len() + self.faults.len() - before
    }

    /// Takes up the labels of the rows between the data of a table and the next header, which has not
    /// come yet: those that begin a cell, which notes and titles do not; 单位 where it heads a block
    /// with others, or stood above the table too. What stands right above the header overrules them.
    pub(super) fn read_between(&mut self, sheet: &Sheet, rows: &[Row]) -> usize {
        let labels = |row: &Row| -> Vec<Labelled> {
            let first = row.cells.iter().find_map(|(_, cell)| text_of(cell));
            let cells = row.cells.iter().filter(|_| !first.is_some_and(is_footer));
            let cells = cells.filter_map(labelled);
            cells.filter(Labelled::begins_with_one).collect()
        };
        self.in_block = (rows.iter()).any(|row| labels(row).iter().any(Labelled::is_of_block));
        let mut found = 0;
        for row in rows {
            let mut cells = labels(row);
            cells.retain(|cell| self.in_block || self.unit_is_weak || cell.is_of_block());
            found += self.take(sheet, row, &cells);
            self.fresh.clear();
            self.faults.clear();
        }
        self.in_block = false;
        found
    }

    /// Whether a row below a header starts a new block of labels.
    pub(super) fn starts_at(row: &Row) -> bool {
        row.cells.iter().any(|cell| names_unit(cell).is_some())
    }

    /// Whether a row begins with the label of a unit, as the heading of a group does.
    pub(super) fn leads(row: &Row) -> bool {
        row.cells.first().and_then(names_unit) == Some(0)
    }

    /// Gives up what is wrong with the labels above a table. From here on a label may say
    /// something else: it belongs to the next table.
    pub(super) fn end_block(&mut self) -> Vec<Fault> {
        self.fresh.clear();
        std::mem::take(&mut self.faults)
    }

    /// Whether they name a unit for the next table.
    pub(super) fn name_next_unit(&self) -> bool {
        self.fresh.contains(&Column::Unit)
    }

    /// Whether a unit is named beyond doubt.
    pub(super) fn names_unit(&self) -> bool {
        self.unit.as_ref().is_some_and(|unit| !unit.is_blank()) && !self.unit_is_weak
    }

    fn set(&mut self, pair: &Pair, field: Field) {
        let weak = pair.label == WEAK;
        if weak {
            let measure = MEASURES.contains(&&*text::key(&field.text()));
            let stands = self.unit.is_some() && !self.unit_is_weak && !self.in_block;
            if measure || stands {
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
            let differ = || text::key(&first.text()) != text::key(&field.text());
            if !field.is_blank() && !first.is_blank() && differ() {
                let finding = Finding::DuplicateHeader {
                    header: pair.label.into(),
                    first: first.address,
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
        if !self.fresh.contains(&pair.column) {
            self.fresh.push(pair.column);
        }
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

/// Where in a cell the label 被考核单位 begins, if it is there.
fn names_unit(cell: &(u32, Cell)) -> Option<usize> {
    const LABEL: &str = "被考核单位";
    // Most texts are shorter.
    text_of(&cell.1).filter(|written| written.len() >= LABEL.len())?;
    let mut pairs = labelled(cell)?.pairs.into_iter();
    let unit = pairs.find(|pair| pair.label == LABEL);
    unit.map(|pair| pair.start)
}

/// The text of a cell that holds one.
fn text_of(cell: &Cell) -> Option<&str> {
    match &cell.content {
        Content::Text(text) => Some(text),
        _ => None,
    }
}

/// Whether a text is a label whose value stands in another cell.
pub(super) fn is_one(written: &str) -> bool {
    may_label(written) && label_alone(beginning(written)).is_some()
}

/// A cell with its labels, if it has any.
fn labelled((column, cell): &(u32, Cell)) -> Option<Labelled> {
    let begins = beginning(text_of(cell)?);
    let text = may_label(begins).then(|| text::fold(begins))?;
    let pairs = pairs(&text);
    (!pairs.is_empty()).then_some(Labelled {
        column: *column,
        text,
        pairs,
    })
}

/// As much of a text as is looked at.
fn beginning(written: &str) -> &str {
    let most = LOOKED_INTO.min(written.len());
    let end = (0..=most).rev().find(|end| written.is_char_boundary(*end));
    &written[..end.unwrap_or_default()]
}

/// Whether a text may hold a label: each of them has two of these characters, in this order. Most
/// texts do not, and looking closer would cost more than reading them.
fn may_label(written: &str) -> bool {
    const PAIRS: [(char, char); 5] = [
        ('单', '位'),
        ('时', '段'),
        ('年', '度'),
        ('轮', '次'),
        ('几', '轮'),
    ];
    written.contains(PAIRS.map(|(first, _)| first))
        && PAIRS.into_iter().any(|(first, last)| {
            let begins = written.find(first);
            begins.is_some_and(|at| written[at..].contains(last))
        })
}

/// The label–value pairs of one cell's text. A label alone, with or without a colon, has its
/// value in the next cell. A label may have a remark in brackets: 被考核单位（盖章）.
fn pairs(folded: &str) -> Vec<Pair> {
    if let Some((label, column)) = label_alone(folded) {
        let value = folded.len()..folded.len();
        return vec![Pair {
            label,
            column,
            start: 0,
            value,
        }];
    }
    if let Some(pair) = number_behind(folded) {
        return vec![pair];
    }
    // Behind any other label stands a colon.
    let mut starts: Vec<(usize, usize, &'static str, Column)> = Vec::new();
    for colon in memchr_iter(b':', folded.as_bytes()) {
        let Some((start, label, column)) = label_before(&folded[..colon]) else {
            continue;
        };
        // One in the remark of this one is none.
        while starts.pop_if(|(inner, ..)| *inner >= start).is_some() {}
        starts.push((start, colon + 1, label, column));
    }
    let ends = starts.iter().skip(1).map(|(start, ..)| *start);
    let ends = ends.chain([folded.len()]);
    let pair = |(&(start, begin, label, column), end)| {
        let value: &str = &folded[begin..end];
        let begin = end - value.trim_start().len();
        let value = value.trim();
        let value = value.trim_end_matches([',', ';', '、', '。']);
        Pair {
            label,
            column,
            start,
            value: begin..begin + value.len(),
        }
    };
    starts.iter().zip(ends).map(pair).collect()
}

/// The label that a text is and nothing else, but for a remark.
fn label_alone(text: &str) -> Option<(&'static str, Column)> {
    let key = text::key(text);
    let key = text::key(without_remark(&key));
    LABELS.into_iter().find(|(label, _)| key == *label)
}

/// 轮次 or 年度 with its number behind it at once: 轮次2, 考核年度2019年.
fn number_behind(folded: &str) -> Option<Pair> {
    LABELS.into_iter().find_map(|(label, column)| {
        let last = label.chars().next_back()?;
        let begin = folded.find(last)? + last.len_utf8();
        let is_it = is_numbered(column) && text::key(&folded[..begin]) == label;
        let value = folded[begin..].trim();
        (is_it && may_be_number(value)).then_some(Pair {
            label,
            column,
            start: 0,
            value: begin..folded.len(),
        })
    })
}

/// Whether what a label names is a number, and may be left out.
fn is_numbered(column: Column) -> bool {
    matches!(column, Column::Round | Column::Year)
}

/// Whether a text may be a round or a year: 2, 第二轮, 2019年度.
fn may_be_number(text: &str) -> bool {
    let mut letters = text.chars().filter(|c| !c.is_whitespace()).peekable();
    letters.peek().is_some()
        && letters.all(|c| c.is_ascii_digit() || "第一二三四五六七八九十轮次年度".contains(c))
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

/// Where the label begins that a text ends with, perhaps with a remark in brackets behind it.
fn label_before(text: &str) -> Option<(usize, &'static str, Column)> {
    /// Brackets that may open in a remark.
    const DEEPEST: usize = 8;
    let text = text.trim_end();
    let Some(remark) = text.strip_suffix(')') else {
        return label_at_end(text);
    };
    let remark = remark.as_bytes();
    let begin = memrchr(b')', remark).map_or(0, |close| close + 1);
    let opens = memrchr_iter(b'(', &remark[begin..]).take(DEEPEST);
    let mut found = opens.filter_map(|open| label_at_end(text[..begin + open].trim_end()));
    found.next()
}

/// Where the label begins that a text ends with.
fn label_at_end(text: &str) -> Option<(usize, &'static str, Column)> {
    if !text.ends_with(ENDS) {
        return None;
    }
    LABELS.iter().find_map(|(label, column)| {
        let (before, own_word) = match text.strip_suffix(label) {
            Some(before) => (before, !before.ends_with(|c: char| c.is_alphanumeric())),
            // Of a spaced label (轮　次) a letter before it, spaced too, is a part (填 报 单 位).
            None => {
                let before = without_end(text, label)?;
                (
                    before,
                    !before.trim_end().ends_with(|c: char| c.is_alphabetic()),
                )
            }
        };
        own_word.then_some((before.len(), *label, *column))
    })
}

/// What stands before the `end` of a text, white space within it passed over (轮　次).
fn without_end<'a>(text: &'a str, end: &str) -> Option<&'a str> {
    let mut ends = end.chars().rev();
    ends.try_fold(text, |text, c| text.trim_end().strip_suffix(c))
}

/// The value in the cell right of the label at `address` (right of its merged block), blank
/// where that cell is empty or the next label. A number may stand behind empty cells: it would be
/// passed over in silence.
fn value_beside(
    sheet: &Sheet,
    row: &Row,
    (of, address): (Column, Address),
    (labels, values): (&[Labelled], &mut HashMap<u32, Field>),
) -> Field {
    let last = sheet
        .merge_from(address)
        .map_or(address.column, |merge| merge.last.column);
    let behind = row.cells.partition_point(|(column, _)| *column <= last);
    let number = row.cells.get(behind).filter(|(_, cell)| {
        is_numbered(of)
            && match &cell.content {
                Content::Text(text) => may_be_number(&text::fold(text)),
                Content::Number(_) => true,
                _ => false,
            }
    });
    let column = number.map_or(last + 1, |(column, _)| *column);
    let beside = Address::new(address.row, column);
    let mut labels = labels.iter().map(|cell| cell.column);
    if labels.find(|column| *column >= beside.column) == Some(beside.column) {
        return Field::blank(address);
    }
    let Some(cell) = row.cell(beside.column) else {
        return Field::blank(address);
    };
    let value = values.entry(beside.column).or_insert_with(|| {
        let Field {
            address,
            written,
            formula,
        } = field_of(beside, Some(cell));
        Field {
            address,
            written: written.brief(),
            formula,
        }
    });
    value.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The labels in a text, with their values.
    fn read(text: &str) -> Vec<(&'static str, &str)> {
        let pairs = pairs(text).into_iter();
        pairs.map(|pair| (pair.label, &text[pair.value])).collect()
    }

    #[test]
    fn a_cell_may_hold_several_labels() {
        let unit = "被考核单位";
        for (text, found) in [
            ("被考核单位", vec![(unit, "")]),
            ("被考核单位:", vec![(unit, "")]),
            ("被考核单位(盖章)", vec![(unit, "")]),
            ("被考核单位(盖章):澧县", vec![(unit, "澧县")]),
            ("被考核单位 (盖章) : 澧县。", vec![(unit, "澧县")]),
            ("被考核单位((章):澧县", vec![(unit, "澧县")]),
            ("(被考核单位:澧县", vec![(unit, "澧县")]),
            ("单位:分", vec![("单位", "分")]),
            (
                "轮次:2,考核年度:2019",
                vec![("轮次", "2"), ("考核年度", "2019")],
            ),
            (
                "被考核单位:考核时段:平时",
                vec![(unit, ""), ("考核时段", "平时")],
            ),
            ("备注:单位:10:30", vec![("单位", "10:30")]),
            ("被考核单位(单位:盖章):澧县", vec![(unit, "澧县")]),
            ("被考核单位(注:单位:全称):澧县", vec![(unit, "澧县")]),
            ("被考核单位(年度:2019):澧县", vec![(unit, "澧县")]),
            (
                "年度:2019,被考核单位(被考核单位:全称):澧县",
                vec![("年度", "2019"), (unit, "澧县")],
            ),
            ("轮 次:2", vec![("轮次", "2")]),
            ("被考核\n单位:澧县", vec![(unit, "澧县")]),
            ("2019 轮 次:2", vec![("轮次", "2")]),
            ("填 报 单 位:澧县", vec![]),
            ("主管 单位:甲", vec![("单位", "甲")]),
            // The word is another one, or no colon stands behind it.
            ("主管单位:甲", vec![]),
            ("本单位时间:10:30", vec![]),
            ("被考核单位澧县", vec![]),
            ("被考核单位(甲)乙):澧县", vec![]),
        ] {
            assert_eq!(read(text), found, "{text}");
        }
    }

    #[test]
    fn a_remark_may_be_long() {
        let remark = "第几次考核就填几".repeat(20);
        assert_eq!(read(&format!("轮次({remark}):2")), [("轮次", "2")]);
        assert_eq!(read(&format!("轮次({remark})")), [("轮次", "")]);
    }

    #[test]
    fn no_label_is_passed_over() {
        for (label, _) in LABELS {
            let spaced: String = label.chars().flat_map(|c| ['\u{3000}', c]).collect();
            assert!(may_label(&spaced), "{label}");
            assert!(!pairs(&text::fold(&spaced)).is_empty(), "{label}");
            assert_eq!(read(&format!("{label}:甲")), [(label, "甲")]);
        }
    }
}
