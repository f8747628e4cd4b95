//! Texts: those that the cells of a workbook share, and those that stand in a cell.

use std::borrow::Cow;

use memchr::{memchr, memchr2};
use quick_xml::escape::unescape;
use smol_str::SmolStr;

use super::tags::{Kind, Tag, Tags};

/// The texts that the cells of a workbook share, in their order; none if they are not plain.
pub(super) fn shared(part: &[u8]) -> Option<Vec<SmolStr>> {
    let mut tags = Tags::of(part)?;
    let mut texts = Vec::new();
    let root = tags.next()?;
    if root.name != b"sst" || root.kind == Kind::Empty {
        return (root.name == b"sst").then_some(texts);
    }
    loop {
        let tag = tags.next()?;
        match (tag.kind, tag.name) {
            (Kind::Open, b"si") => texts.push(runs(&mut tags)?.into()),
            (Kind::Empty, b"si") => texts.push("".into()),
            (Kind::Close, b"sst") => return Some(texts),
            _ => return None,
        }
    }
}

/// The text of the element that was just opened, all its runs together. How it is pronounced is no
/// part of it.
pub(super) fn runs<'a>(tags: &mut Tags<'a>) -> Option<Cow<'a, str>> {
    let end = tags.depth() - 1;
    let mut whole = Cow::Borrowed("");
    let mut pronounced = false;
    loop {
        let tag = tags.next()?;
        match (tag.kind, tag.name) {
            (Kind::Open, b"t") => {
                let text = run(&tag, tags.text()?)?;
                match whole.is_empty() {
                    _ if pronounced => {}
                    true => whole = text,
                    false => whole.to_mut().push_str(&text),
                }
            }
            (Kind::Open, b"rPh") => pronounced = true,
            (Kind::Open, b"si" | b"is") => return None,
            (Kind::Close, _) if tags.depth() == end => return Some(whole),
            (Kind::Close, b"rPh") => pronounced = false,
            _ => {}
        }
    }
}

/// The text of one run: white space around it counts only where the tag says so.
fn run<'a>(tag: &Tag<'a>, text: &'a [u8]) -> Option<Cow<'a, str>> {
    let text = decoded(text)?;
    if tag.attribute(b"xml:space") == Some(b"preserve") {
        return Some(text);
    }
    let space = [' ', '\t', '\r', '\n'];
    Some(match text {
        Cow::Borrowed(text) => text.trim_matches(space).into(),
        Cow::Owned(text) => text.trim_matches(space).to_owned().into(),
    })
}

/// A text as it reads; none if it names what only another reader knows.
pub(super) fn decoded(text: &[u8]) -> Option<Cow<'_, str>> {
    let plain = str::from_utf8(text).ok()?;
    let text = match memchr2(b'&', b'\r', text) {
        None => Cow::Borrowed(plain),
        Some(_) => {
            let lines = plain.replace("\r\n", "\n").replace('\r', "\n");
            unescape(&lines).ok()?.into_owned().into()
        }
    };
    (!has_escape(&text)).then_some(text)
}

/// Whether a character is written as its number, `_x000D_`, as Excel does for those that XML
/// cannot hold.
fn has_escape(text: &str) -> bool {
    memchr(b'_', text.as_bytes()).is_some()
        && text.match_indices("_x").any(|(at, _)| {
            let number = text.as_bytes().get(at + 2..at + 7);
            number.is_some_and(|number| {
                number[4] == b'_' && number[..4].iter().all(u8::is_ascii_hexdigit)
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(items: &str) -> Option<Vec<String>> {
        let texts = shared(format!("<x:sst>{items}</x:sst>").as_bytes())?;
        Some(texts.iter().map(|text| text.to_string()).collect())
    }

    #[test]
    fn texts_read_as_they_are_shown() {
        for (item, text) in [
            ("<si><t>甲</t></si>", "甲"),
            ("<si/>", ""),
            ("<si></si>", ""),
            ("<si><t/></si>", ""),
            ("<si><t> 甲\n</t></si>", "甲"),
            ("<si><t xml:space=\"preserve\"> 甲\n</t></si>", " 甲\n"),
            ("<si><t>a&lt;b &amp;&#x7532;</t></si>", "a<b &甲"),
            ("<si><t>甲\r\n乙\r丙</t></si>", "甲\n乙\n丙"),
            (
                "<si><r><rPr><b/><sz val=\"9\"/></rPr><t>甲</t></r><r><t>乙</t></r></si>",
                "甲乙",
            ),
            (
                "<si><t>甲</t><rPh sb=\"0\" eb=\"1\"><t>jia</t></rPh><phoneticPr fontId=\"1\"/></si>",
                "甲",
            ),
            ("<si><t>_x12_</t></si>", "_x12_"),
        ] {
            assert_eq!(
                texts(item).as_deref(),
                Some(&[text.to_owned()][..]),
                "{item}"
            );
        }
        assert_eq!(shared(b"<sst/>").map(|texts| texts.len()), Some(0));
    }

    #[test]
    fn what_another_reader_knows_is_left_to_it() {
        for item in [
            "<si><t>_x000D_</t></si>",
            "<si><t>&foreign;</t></si>",
            "<si><t>甲<b/></t></si>",
            "<si><si><t>甲</t></si></si>",
            "<t>甲</t>",
        ] {
            assert_eq!(texts(item), None, "{item}");
        }
        assert!(shared(b"<sst><si><t>\xff</t></si></sst>").is_none());
        assert!(shared("<sst><si><t>甲</t></si>".as_bytes()).is_none());
    }
}
