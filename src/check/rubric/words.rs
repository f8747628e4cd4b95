//! Figures in the document's own words: 缺一项扣1分, 不少于4次.

use std::ops::Range;

use crate::decimal::{self, Decimal};
use crate::diagnostic::RubricSource;
use crate::model::draft::Placed;

/// The place of a part of a text within its file: `part` is in bytes of the text. The whole
/// text where it is written with escapes, so that places do not correspond.
pub(super) fn within(
    source: &RubricSource,
    text: &Placed<String>,
    part: &Range<usize>,
) -> Range<usize> {
    let written = &source.text[text.span.clone()];
    let Some(offset) = written.find(text.value.as_str()) else {
        return text.span.clone();
    };
    let start = text.span.start + offset;
    start + part.start..start + part.end
}

/// Numbers in a text, with the place of each: digits that no letter, digit or point touches on
/// the left (2.5 of PM2.5 is none).
pub(super) fn numbers(text: &str) -> Vec<(Range<usize>, Decimal)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(|c: char| c.is_ascii_digit()) {
        let start = at + start;
        let rest = &text[start..];
        let part = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
        let long = rest.find(|c: char| !part(c)).unwrap_or(rest.len());
        let number = rest[..long].trim_end_matches(['.', ',']);
        at = start + number.len();
        let touches = |c: char| c.is_ascii_alphanumeric() || c == '.';
        let alone = !text[..start].ends_with(touches);
        // 1,200 is one number.
        let value = decimal::parse(&number.replace(',', ""));
        if let Some(value) = value.filter(|_| alone) {
            found.push((start..at, value));
        }
    }
    found
}

/// Numbers right before one of `units`: 2.5 in 扣2.5分.
pub(super) fn numbers_of(text: &str, units: &[&str]) -> Vec<Decimal> {
    /// What 分 begins besides points.
    const NOT_POINTS: &[&str] = &[
        "分钟",
        "分之",
        "分局",
        "分公司",
        "分管",
        "分别",
        "分为",
        "分级",
    ];
    let mut found = Vec::new();
    for (place, value) in numbers(text) {
        let behind = text[place.end..].trim_start();
        let other = NOT_POINTS.iter().any(|word| behind.starts_with(word));
        if !other && units.iter().any(|unit| behind.starts_with(unit)) {
            found.push(value);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        decimal::parse(text).expect("a decimal written in a test")
    }

    #[test]
    fn points_are_told_from_other_numbers() {
        let text = "PM2.5超标的，每次扣0.5分，迟到5分钟不扣，3分之1以上扣 2 分";
        assert_eq!(numbers_of(text, &["分"]), [d("0.5"), d("2")]);
        assert_eq!(numbers_of("开展2次专题检查，5分。", &["次"]), [d("2")]);
        assert_eq!(numbers_of("投资1,200万元", &["万元"]), [d("1200")]);
    }
}
