//! The texts that cells share, and how Excel writes characters that XML has no room for.

use quick_xml::events::{BytesStart, Event};

use super::super::xml::{Part, attribute};
use crate::diagnostic::FileFault;

/// The bytes that a shared text takes at the least: `<si/>`.
const SMALLEST: usize = 5;

/// Reads the part of shared texts.
pub(super) fn read(name: &str, text: &str) -> Result<Vec<String>, FileFault> {
    let mut part = Part::new(name, text);
    let mut strings = Vec::new();
    loop {
        match part.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "sst" => check_count(&part, &element, text.len())?,
                "si" => strings.push(rich_text(&mut part, &element)?),
                _ => {}
            },
            Event::End(element) if element.local_name().as_ref() == "sst" => return Ok(strings),
            Event::Eof if text.is_empty() => return Ok(strings),
            Event::Eof => return Err(part.damaged()),
            _ => {}
        }
    }
}

/// A count of texts that the part has no room for is a sign of tampering.
fn check_count(part: &Part<'_>, element: &BytesStart<'_>, bytes: usize) -> Result<(), FileFault> {
    let claimed = attribute(element, "uniqueCount")?.and_then(|count| count.parse::<usize>().ok());
    match claimed {
        Some(count) if count > bytes / SMALLEST => Err(part.damaged()),
        _ => Ok(()),
    }
}

/// The text of an element of rich text that has just begun: its runs joined, without the
/// guides to pronunciation.
pub(super) fn rich_text<'a>(
    part: &mut Part<'a>,
    element: &BytesStart<'a>,
) -> Result<String, FileFault> {
    let mut text = String::new();
    loop {
        match part.next()? {
            Event::Start(inner) => match inner.local_name().as_ref() {
                "t" => part.text_into(&mut text)?,
                "rPh" => part.skip(&inner)?,
                _ => {}
            },
            Event::End(end) if end.name() == element.name() => return Ok(unescaped(text)),
            Event::Eof => return Err(part.damaged()),
            _ => {}
        }
    }
}

/// Takes Excel's own escapes back: `_x000D_` is a carriage return.
pub(super) fn unescaped(text: String) -> String {
    if !text.contains("_x") {
        return text;
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("_x") {
        let (before, escape) = rest.split_at(at);
        plain.push_str(before);
        match escaped_character(escape) {
            Some(c) => {
                plain.push(c);
                rest = &escape[7..];
            }
            None => {
                plain.push_str("_x");
                rest = &escape[2..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// The character of an escape `_xHHHH_` at the beginning of `text`.
fn escaped_character(text: &str) -> Option<char> {
    let digits = text.get(2..6)?;
    let whole =
        digits.bytes().all(|b| b.is_ascii_hexdigit()) && text.as_bytes().get(6) == Some(&b'_');
    whole
        .then(|| u32::from_str_radix(digits, 16).ok())
        .flatten()
        .and_then(char::from_u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_taken_back() {
        for (written, meant) in [
            ("a_x000D_\nb", "a\r\nb"),
            ("_x005F_x000D_", "_x000D_"),
            ("max_x1", "max_x1"),
            ("_x", "_x"),
            ("_x汉字", "_x汉字"),
        ] {
            assert_eq!(unescaped(written.to_owned()), meant);
        }
    }

    #[test]
    fn runs_are_joined_and_pinyin_is_left_out() {
        let text = "<sst uniqueCount=\"2\"><si><r><t>武陵</t></r><r><t>区</t></r>\
                    <rPh sb=\"0\" eb=\"1\"><t>wu</t></rPh></si><si><t>A&amp;B</t></si></sst>";
        let strings = read("sharedStrings.xml", text).expect("whole");
        assert_eq!(strings, ["武陵区", "A&B"]);
        assert!(
            read(
                "sharedStrings.xml",
                "<sst uniqueCount=\"4294967295\"></sst>"
            )
            .is_err()
        );
    }
}
