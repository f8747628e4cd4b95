//! Labels in a text, with their values: the label alone, or a colon behind it; several in one text.

use std::ops::Range;

use memchr::{memchr_iter, memrchr, memrchr_iter};

use super::super::footer::is_footer;
use super::super::header::Column;
use crate::model::grid::{Cell, Content};
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

/// What may stand before 轮次 or 年度 at once, as they end: 平时考核轮次, 所属年度; not 上一年度, and not
/// 填报年度, in which it is filled in.
const WHOSE: [char; 2] = ['核', '属'];

/// What each of them ends with.
const ENDS: [char; 6] = ['位', '称', '段', '度', '次', '轮'];

/// The label that official tables also use for the unit of measure (单位：分).
pub(super) const WEAK: &str = "单位";

/// The digits of a round in words, and what stands around those of a round or a year.
const NUMERALS: &str = "一二三四五六七八九十";
const AROUND_NUMBERS: &str = "第轮次年度";

/// Bytes of a text that are looked at for labels: what stands behind so many is prose.
const LOOKED_INTO: usize = 2000;

/// Labels of a cell, and cells with labels in a row, that are read: no honest one has so many.
pub(super) const MOST: usize = 64;

/// How forms ask for a seal.
const SEALS: [&str; 5] = ["盖章", "公章", "签章", "印章", "(章)"];

/// A label and, where it stands in the same cell, its value.
pub(super) struct Pair {
    pub(super) label: &'static str,
    pub(super) column: Column,
    /// Where the label begins in the cell's text.
    pub(super) start: usize,
    /// Which part of the cell's text it is.
    pub(super) value: Range<usize>,
}

/// A cell with labels.
pub(super) struct Labelled {
    pub(super) column: u32,
    /// What it says, folded.
    pub(super) text: String,
    pub(super) pairs: Vec<Pair>,
}

impl Labelled {
    /// Whether a label stands at the very beginning.
    pub(super) fn begins_with_one(&self) -> bool {
        self.pairs.first().is_some_and(|pair| pair.start == 0)
    }

    /// Whether it asks for a seal.
    pub(super) fn is_seal(&self) -> bool {
        // Most texts do not.
        self.text.contains('章') && SEALS.iter().any(|seal| self.text.contains(seal))
    }

    /// Whether it has other labels than 单位, which signatures begin with too.
    pub(super) fn is_of_block(&self) -> bool {
        self.pairs.iter().any(|pair| pair.label != WEAK)
    }
}

/// The text of a cell that holds one.
pub(in super::super) fn text_of(cell: &Cell) -> Option<&str> {
    match &cell.content {
        Content::Text(text) => Some(text),
        _ => None,
    }
}

/// Whether a text begins with a label.
pub(in super::super) fn begins_with_label(written: &str) -> bool {
    // An id, which most rows begin with.
    if written.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let begins = beginning(written);
    let starts = || pairs(&text::fold(begins)).first().map(|pair| pair.start);
    may_label(begins) && starts() == Some(0)
}

/// Whether a text is 轮次 or 年度 with its number behind a colon: 轮次：2.
pub(in super::super) fn says_number(written: &str) -> bool {
    let begins = beginning(written);
    may_label(begins) && begins.contains([':', '：']) && {
        let folded = text::fold(begins);
        let pairs = pairs(&folded);
        let is_it = |pair: &&Pair| pair.start == 0 && is_numbered(pair.column);
        let pair = pairs.first().filter(is_it);
        pair.is_some_and(|pair| may_be_number(&folded[pair.value.clone()]))
    }
}

/// A cell with its labels, if it has any.
pub(super) fn labelled((column, cell): &(u32, Cell)) -> Option<Labelled> {
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
        if starts.len() == MOST {
            break;
        }
    }
    let ends = starts.iter().skip(1).map(|(start, ..)| *start);
    let ends = ends.chain([folded.len()]);
    let pair = |(&(start, begin, label, column), end)| {
        let behind: &str = &folded[begin..end];
        let lined = |c: char| c == '_' || c.is_whitespace();
        let written = behind.trim_start_matches(lined);
        let is_apart = written.len() < behind.len();
        let begin = end - written.len();
        Pair {
            label,
            column,
            start,
            value: begin..begin + value_in(written, is_apart).len(),
        }
    };
    starts.iter().zip(ends).map(pair).collect()
}

/// The value in what stands behind a label, apart from it or not: up to a word that has a colon too
/// (填表日期：…), without what closes the bracket around both.
fn value_in(written: &str, is_apart: bool) -> &str {
    let word = written.find(':').map(|colon| written[..colon].trim_end());
    let value = match word.map(|before| (before, before.rfind(char::is_whitespace))) {
        Some((_, Some(gap))) => &written[..gap],
        // That word follows at once: nothing was filled in.
        Some((word, None)) if is_apart && is_footer(word) => "",
        _ => written,
    };
    let value = bare(value.trim_end_matches([',', ';', '、', '。']));
    match value.strip_suffix(')') {
        Some(inner) if !inner.contains('(') => inner.trim_end(),
        _ => value,
    }
}

/// A value without the line that it was written on, and without the seal asked for behind it:
/// ＿＿澧县＿＿（盖章）.
pub(super) fn bare(value: &str) -> &str {
    let lined = |c: char| matches!(c, '_' | '＿') || c.is_whitespace();
    let value = value.trim_matches(lined);
    let inner = value.strip_suffix([')', '）']);
    match inner.and_then(|inner| inner.rsplit_once(['(', '（'])) {
        Some((name, seal)) if seal.contains(['章', '签']) => name.trim_end_matches(lined),
        _ => value,
    }
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
pub(super) fn is_numbered(column: Column) -> bool {
    matches!(column, Column::Round | Column::Year)
}

/// Whether a text may be a round or a year: 2, 第二轮, 2019年度.
pub(super) fn may_be_number(text: &str) -> bool {
    let mut letters = text.chars().filter(|c| !c.is_whitespace()).peekable();
    let is_one = |c: char| c.is_ascii_digit() || NUMERALS.contains(c) || AROUND_NUMBERS.contains(c);
    letters.peek().is_some() && letters.all(is_one)
}

/// The number that 轮次 or 年度 has in brackets behind it, for want of another value: 轮次：（2）.
pub(super) fn number_in_remark(folded: &str) -> Option<&str> {
    let remark = text_in_brackets(folded.trim_end_matches(':'))?;
    let has_number = remark.contains(|c: char| c.is_ascii_digit() || NUMERALS.contains(c));
    (has_number && may_be_number(remark)).then_some(remark)
}

/// What the brackets at the end of a text hold.
fn text_in_brackets(text: &str) -> Option<&str> {
    text.strip_suffix(')')?
        .rsplit_once('(')
        .map(|(_, inner)| inner)
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
            // Of a spaced label (轮　次) a letter before it, spaced as much, is a part (填 报 单 位).
            None => {
                let before = without_end(text, label)?;
                let word = before.trim_end();
                let gap = &before[word.len()..];
                let is_apart = gap.contains(['\n', '\r'])
                    || gap.chars().nth(1).is_some() && !text[before.len()..].contains("  ");
                let is_part = word.ends_with(|c: char| c.is_alphabetic());
                (before, is_apart || !is_part)
            }
        };
        let is_of_it = || is_numbered(*column) && before.ends_with(WHOSE);
        (own_word || is_of_it()).then_some((before.len(), *label, *column))
    })
}

/// What stands before the `end` of a text, white space within it passed over (轮　次).
fn without_end<'a>(text: &'a str, end: &str) -> Option<&'a str> {
    let mut ends = end.chars().rev();
    ends.try_fold(text, |text, c| text.trim_end().strip_suffix(c))
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
            ("被考核单位:澧县  填表日期:2019年", vec![(unit, "澧县")]),
            ("被考核单位:澧县 填表人 : 张三", vec![(unit, "澧县")]),
            (
                "被考核单位: __澧县__ 轮次:_2_",
                vec![(unit, "澧县"), ("轮次", "2")],
            ),
            ("被考核单位:____", vec![(unit, "")]),
            ("被考核单位: __澧县__ (公章)", vec![(unit, "澧县")]),
            ("被考核单位(章):  负责人:", vec![(unit, "")]),
            ("被考核单位: 填表人:张三", vec![(unit, "")]),
            ("计分表(考核时段:平时)", vec![("考核时段", "平时")]),
            ("单位:鼎城区(北)", vec![("单位", "鼎城区(北)")]),
            ("被考核单位(单位:盖章):澧县", vec![(unit, "澧县")]),
            ("被考核单位(注:单位:全称):澧县", vec![(unit, "澧县")]),
            ("被考核单位(年度:2019):澧县", vec![(unit, "澧县")]),
            (
                "年度:2019,被考核单位(被考核单位:全称):澧县",
                vec![("年度", "2019"), (unit, "澧县")],
            ),
            ("轮 次:2", vec![("轮次", "2")]),
            ("平时考核轮次:2", vec![("轮次", "2")]),
            ("所属年度:2018", vec![("年度", "2018")]),
            ("上一年度:2018", vec![]),
            ("填报年度:2020", vec![]),
            ("轮次(第几轮):2", vec![("轮次", "2")]),
            ("被考核\n单位:澧县", vec![(unit, "澧县")]),
            ("2019 轮 次:2", vec![("轮次", "2")]),
            ("填 报 单 位:澧县", vec![]),
            ("填  报  单  位:澧县", vec![]),
            (
                "被考核单位:澧县  考 核 时 段:平时",
                vec![(unit, "澧县"), ("考核时段", "平时")],
            ),
            (
                "被考核单位:_澧县_;考核时段:平时\n轮 次:2",
                vec![(unit, "澧县"), ("考核时段", "平时"), ("轮次", "2")],
            ),
            ("轮次: 第二轮(注:补报)", vec![("轮次", "第二轮(注:补报)")]),
            ("单位:澧县 填表人:章伟", vec![("单位", "澧县")]),
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
