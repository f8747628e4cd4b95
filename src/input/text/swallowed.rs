//! Rows that a stray quotation mark has swallowed: it opens a field, which the next one closes, and of
//! what lies between nothing is left but a text of several lines.

use memchr::{memchr, memchr_iter, memrchr};

use crate::decimal;
use crate::model::rubric::RuleId;

/// Fields that a row has at least which no 编号 tells: some lines of texts are short lists.
const FEWEST: usize = 5;

/// In which line of a record, from zero, a field opens that has swallowed rows: behind its end there
/// is more text, or a line of it is a row with as many separators as those of the table have.
pub(super) fn opens_in(record: &[u8], separator: u8, usual: usize) -> Option<usize> {
    let is_end = |byte: &u8| *byte == separator || matches!(byte, b'\n' | b'\r');
    let mut at = 0;
    let mut lines = 0;
    while at < record.len() {
        if record[at] == b'"' {
            let inside = quoted(&record[at + 1..]);
            let behind = record.get(at + 1 + inside.len() + 1..).unwrap_or_default();
            let spans = super::line_ends(inside);
            let goes_on = behind.first().is_some_and(|byte| !is_end(byte));
            let has_row = || holds_row((inside, behind), separator, usual);
            if spans > 0 && (goes_on || has_row()) {
                return Some(lines);
            }
            lines += spans;
            at += 1 + inside.len() + 1;
        }
        // To the end of the field, and over it.
        let rest = &record[at.min(record.len())..];
        let end = rest.iter().position(is_end).unwrap_or(rest.len());
        lines += usize::from(rest.get(end) == Some(&b'\n'));
        at += end + 1;
    }
    None
}

/// Whether a line of a text, behind the first, is a row; the last goes on behind the mark that closes.
fn holds_row((inside, behind): (&[u8], &[u8]), separator: u8, usual: usize) -> bool {
    let ends = memchr(b'\n', inside).zip(memrchr(b'\n', inside));
    ends.is_some_and(|(first, last)| {
        let mut within = inside[first..last].split(|byte| *byte == b'\n');
        let rest = behind.split(|byte| *byte == b'\n').next();
        let more = separators(rest.unwrap_or_default(), separator);
        let last = &inside[last + 1..];
        within.any(|line| is_row((line, 0), separator, usual))
            || is_row((last, more), separator, usual)
    })
}

/// Whether a line of a text, with so many separators behind it, is a row: tabs no cell holds, but other
/// separators a text may have, a 编号 in a place of its own hardly, nor numbers or nothing in most places
/// behind words.
fn is_row((line, behind): (&[u8], usize), separator: u8, usual: usize) -> bool {
    let is_number = |text: &str| decimal::parse(text.trim()).is_some();
    let is_id =
        |text: &str| RuleId::parse(text).is_some_and(|id| id.mark.is_some()) && !is_number(text);
    let within = separators(line, separator);
    if within == 0 || within + behind != usual {
        return false;
    }
    let fields = line.split(|byte| *byte == separator);
    let fields: Vec<&str> = fields.map(|of| str::from_utf8(of).unwrap_or("?")).collect();
    let has_values = || {
        if fields.len() < FEWEST {
            return false;
        }
        let is_value = |text: &str| is_number(text.trim_end_matches(['次', '个', '天', '分', '%']));
        let numbers = fields.iter().filter(|text| is_value(text)).count();
        let blanks = fields.iter().filter(|text| text.trim().is_empty()).count();
        let words = fields.len() - numbers - blanks;
        numbers > 0 && words > 0 && numbers + blanks >= words
    };
    separator == b'\t' || fields.iter().any(|text| is_id(text)) || has_values()
}

fn separators(line: &[u8], separator: u8) -> usize {
    memchr_iter(separator, line).count()
}

/// What stands before the quotation mark that closes a field: two of them are one of its text.
fn quoted(text: &[u8]) -> &[u8] {
    let mut end = 0;
    while let Some(mark) = memchr(b'"', &text[end..]) {
        end += mark;
        if text.get(end + 1) != Some(&b'"') {
            return &text[..end];
        }
        end += 2;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_swallowed_rows_is_told_from_a_text_of_several_lines() {
        for (record, separator, usual, found) in [
            // A text behind the mark that closes: the second of two that should not be there.
            ("a,\"b\nc,d\ne,\"f", b',', 1, Some(0)),
            ("a,\"x\ny\",b,\"c\nd\"e", b',', 3, Some(1)),
            // A row within: the second mark stands at the end of its cell.
            ("a\t\"b\nc\td\ne\"\tf", b'\t', 1, Some(0)),
            ("甲,1①,3,\"b\n甲,1②,3,4\nc\"", b',', 3, Some(0)),
            // The row at whose end the mark closes, or goes on behind it.
            ("甲,1①,3,\"b\n甲,1②,3,d\"", b',', 3, Some(0)),
            ("甲,1①,\"b,4\n甲,1②,c\",4", b',', 3, Some(0)),
            // Numbers in the columns of rules.
            ("甲,平时,3,\"b,4\n乙,平时,0,,4\nc\",4", b',', 4, Some(0)),
            ("甲;平时;3;\"b;4\n乙;平时;2次;1;\"", b';', 4, Some(0)),
            // Texts of several lines, as programs write them.
            ("a,\"b\nc\nd\",e", b',', 2, None),
            ("a,\"甲,乙\n丙,丁\n戊\",e", b',', 2, None),
            ("1①,3,\"缺:\n河洑镇,1,0.5\n完\"", b',', 2, None),
            ("1①,3,a,b,\"共:\n甲,乙,丙,丁,1\n完\"", b',', 4, None),
            ("a,b,\"见\n1,2,3\n完\"", b',', 2, None),
            ("1,2,3,\"b,c,d\ne\"", b',', 3, None),
            ("1①,2,3,\"见下:\n1月,2月,3月,5月\n完\"", b',', 3, None),
            ("1①,2,3,\"甲\n乙\",1①,5", b',', 5, None),
            ("\"工作\n10分\",1①,3,缺", b',', 3, None),
            ("\"工作\n10分\"\t1①\t3", b'\t', 2, None),
            ("甲,\"见\n一,二\",1①,3", b',', 3, None),
            ("a,\"b \"\"c\"\"\nd\",e", b',', 2, None),
            // Marks within a line.
            ("a,\"b\"c,d", b',', 2, None),
            ("a,b\"c\nd,\"e\"", b',', 2, None),
        ] {
            assert_eq!(
                opens_in(record.as_bytes(), separator, usual),
                found,
                "{record}"
            );
        }
    }
}
