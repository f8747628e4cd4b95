//! What stands between the fields of a text file: by its first line, else by what makes columns.

use super::reader;

/// The separators, in the order of preference.
const SEPARATORS: [u8; 3] = [b',', b'\t', b';'];

/// Records that are looked at to choose the separator: titles, labels, the header, some rows.
const LOOKED_AT: usize = 30;

/// Bytes that are looked at for that.
const LOOKED_INTO: usize = 1 << 20;

/// The separator that a first line `sep=;` names, and the text behind that line. Excel takes the
/// line for a setting and counts the next one as row 1.
pub(super) fn declared(text: &str) -> Option<(u8, &str)> {
    let rest = text.get(..4).filter(|s| s.eq_ignore_ascii_case("sep="))?;
    let rest = &text[rest.len()..];
    let is_one =
        |byte: &&u8| matches!(byte, b'\t' | b' ') || byte.is_ascii_punctuation() && **byte != b'"';
    let separator = *rest.as_bytes().first().filter(is_one)?;
    let rest = &rest[1..];
    let rest = rest
        .strip_prefix("\r\n")
        .or_else(|| rest.strip_prefix(['\r', '\n']))?;
    Some((separator, rest))
}

/// The separator by which the first records fall into the most fields of the same number: a
/// comma in one reason does not outweigh tabs in every row.
pub(super) fn likely(text: &str) -> u8 {
    let beginning = &text.as_bytes()[..text.len().min(LOOKED_INTO)];
    let score = |separator: u8| {
        let widths: Vec<usize> = reader(beginning, separator)
            .into_byte_records()
            .take(LOOKED_AT)
            .map_while(Result::ok)
            .map(|record| record.len())
            .filter(|width| *width > 1)
            .collect();
        let alike = |width: usize| widths.iter().filter(|w| **w == width).count();
        let best = widths.iter().map(|width| alike(*width) * (width - 1)).max();
        best.unwrap_or_default()
    };
    // The first of those that score the same, which `max_by_key` alone would not give.
    SEPARATORS
        .into_iter()
        .rev()
        .max_by_key(|s| score(*s))
        .unwrap_or(b',')
}
