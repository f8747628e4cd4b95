//! Rows that a stray quotation mark has swallowed: it opens a field, which the next one closes, and of
//! what lies between nothing is left but a text of several lines.

use memchr::memchr;

/// Separators that a line within a text of several lines does not have by chance, other than tabs,
/// which no cell holds.
const TELLING: usize = 3;

/// In which line of a record, from zero, a field opens that has swallowed rows: behind its end there
/// is more text, or a line of it has as many separators as the rows of the table have.
pub(super) fn opens_in(record: &[u8], separator: u8, usual: usize) -> Option<usize> {
    let is_telling = usual >= if separator == b'\t' { 1 } else { TELLING };
    let is_end = |byte: &u8| *byte == separator || matches!(byte, b'\n' | b'\r');
    let mut at = 0;
    let mut lines = 0;
    while at < record.len() {
        let opens = record[at] == b'"';
        if opens {
            let inside = quoted(&record[at + 1..]);
            let behind = record.get(at + 1 + inside.len() + 1);
            let spans = super::line_ends(inside);
            let goes_on = behind.is_some_and(|byte| !is_end(byte));
            let is_row =
                |line: &[u8]| line.iter().filter(|byte| **byte == separator).count() == usual;
            let mut within = inside
                .split(|byte| *byte == b'\n')
                .skip(1)
                .take(spans.max(1) - 1);
            if spans > 0 && (goes_on || is_telling && within.any(is_row)) {
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
            ("1,2,3,\"b\n1,2,3,4\nc\"", b',', 3, Some(0)),
            // Texts of several lines, as programs write them.
            ("a,\"b\nc\nd\",e", b',', 2, None),
            ("a,\"甲,乙\n丙,丁\n戊\",e", b',', 2, None),
            ("1,2,3,\"b,c,d\ne\"", b',', 3, None),
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
