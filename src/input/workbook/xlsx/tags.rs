//! The tags of a part, one after the other, as long as it is written plainly: in UTF-8, well
//! formed, without comments, instructions and sections of raw text, as all programs for people and
//! all libraries write it.

use memchr::{memchr, memmem};

/// No program puts more elements into each other.
const DEEPEST: usize = 64;

/// A part on the way through it. What is left is never plain once something was not.
#[derive(Clone)]
pub(super) struct Tags<'a> {
    part: &'a [u8],
    at: usize,
    /// The elements that are open, outermost first.
    open: Vec<&'a [u8]>,
}

/// One tag, and what stands before it.
#[derive(Clone, Copy)]
pub(super) struct Tag<'a> {
    /// The text between the tag before and this one.
    pub(super) before: &'a [u8],
    pub(super) kind: Kind,
    /// The name, without a name space.
    pub(super) name: &'a [u8],
    attributes: &'a [u8],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Close,
    /// Opened and closed at once.
    Empty,
}

impl<'a> Tags<'a> {
    /// The tags of a part, from its beginning; none if its declaration says that it is not plain.
    pub(super) fn of(part: &'a [u8]) -> Option<Self> {
        Some(Self {
            part,
            at: part.len() - without_declaration(part)?.len(),
            open: Vec::new(),
        })
    }

    /// The tags of a piece of a part, inside of these elements, outermost first.
    pub(super) fn inside(piece: &'a [u8], open: &'a [Vec<u8>]) -> Self {
        Self {
            part: piece,
            at: 0,
            open: open.iter().map(Vec::as_slice).collect(),
        }
    }

    /// The elements that are open, outermost first.
    pub(super) fn open(&self) -> Vec<Vec<u8>> {
        self.open.iter().map(|name| name.to_vec()).collect()
    }

    /// The next tag; none where the part ends or is not plain.
    pub(super) fn next(&mut self) -> Option<Tag<'a>> {
        let text = &self.part[self.at..];
        let (before, tag) = text.split_at(memchr(b'<', text)?);
        let (closes, inner) = match tag[1..].strip_prefix(b"/") {
            Some(inner) => (true, inner),
            None => (false, &tag[1..]),
        };
        let length = inner.iter().position(|&b| ends_name(b))?;
        let (full, rest) = inner.split_at(length);
        if full.is_empty() || matches!(full[0], b'!' | b'?') {
            return None;
        }
        let (attributes, rest) = match closes {
            true => (&rest[..0], rest.trim_ascii_start()),
            false => behind_attributes(rest)?,
        };
        let (kind, rest) = match (closes, rest) {
            (true, [b'>', rest @ ..]) => (Kind::Close, rest),
            (false, [b'>', rest @ ..]) => (Kind::Open, rest),
            (false, [b'/', b'>', rest @ ..]) => (Kind::Empty, rest),
            _ => return None,
        };
        match kind {
            Kind::Open if self.open.len() == DEEPEST => return None,
            Kind::Open => self.open.push(full),
            Kind::Close if self.open.pop() != Some(full) => return None,
            Kind::Close | Kind::Empty => {}
        }
        self.at = self.part.len() - rest.len();
        Some(Tag {
            before,
            kind,
            name: local(full),
            attributes,
        })
    }

    /// The text of an element that was just opened and holds nothing else.
    pub(super) fn text(&mut self) -> Option<&'a [u8]> {
        let tag = self.next()?;
        (tag.kind == Kind::Close).then_some(tag.before)
    }

    /// How many elements are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// What stands behind the last tag.
    pub(super) fn rest(&self) -> &'a [u8] {
        &self.part[self.at..]
    }
}

impl<'a> Tag<'a> {
    /// Names, name spaces and all, and values, as they stand between the quotes.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        let mut rest = self.attributes;
        std::iter::from_fn(move || {
            let (name, value, behind) = attribute(rest.trim_ascii_start())?;
            rest = behind;
            Some((name, value))
        })
    }

    /// The value of one attribute.
    pub(super) fn attribute(&self, name: &[u8]) -> Option<&'a [u8]> {
        let mut attributes = self.attributes();
        attributes.find_map(|(other, value)| (other == name).then_some(value))
    }
}

fn ends_name(b: u8) -> bool {
    matches!(b, b'>' | b'/') || b.is_ascii_whitespace()
}

/// A name without its name space.
fn local(full: &[u8]) -> &[u8] {
    let colon = full.iter().position(|&b| b == b':');
    colon.map_or(full, |colon| &full[colon + 1..])
}

/// Attributes, and what stands behind them; none where one is not well formed.
fn behind_attributes(all: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut rest = all;
    loop {
        let next = rest.trim_ascii_start();
        if matches!(next, [b'>' | b'/', ..]) {
            return Some((&all[..all.len() - next.len()], next));
        }
        // White space stands before each.
        if next.len() == rest.len() {
            return None;
        }
        (_, _, rest) = attribute(next)?;
    }
}

/// The name and the value of an attribute, and what stands behind it.
fn attribute(text: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let equals = text
        .iter()
        .position(|&b| matches!(b, b'=' | b'<' | b'"' | b'\'') || ends_name(b))?;
    let (name, value) = text.split_at(equals);
    let [b'=', quote @ (b'"' | b'\''), value @ ..] = value else {
        return None;
    };
    let end = value.iter().position(|b| b == quote)?;
    Some((name, &value[..end], &value[end + 1..]))
}

/// Whether no part of a text is anything but elements.
pub(super) fn is_plain(part: &[u8]) -> bool {
    let has = |body: &[u8], what: &[u8]| memmem::find(body, what).is_some();
    without_declaration(part).is_some_and(|body| !has(body, b"<!") && !has(body, b"<?"))
}

/// A part without the declaration at its beginning; none if it says that it is not in UTF-8.
fn without_declaration(part: &[u8]) -> Option<&[u8]> {
    let start = part.strip_prefix(b"\xef\xbb\xbf").unwrap_or(part);
    let Some(rest) = start.strip_prefix(b"<?xml") else {
        return Some(start);
    };
    let (declaration, body) = rest.split_at(memchr(b'>', rest)? + 1);
    let declaration = declaration.to_ascii_lowercase();
    let says = |word: &[u8]| memmem::find(&declaration, word).is_some();
    (says(b"utf-8") || !says(b"encoding")).then_some(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tags of a part, as far as it is plain.
    fn told(part: &str) -> Vec<String> {
        let mut tags = Tags::of(part.as_bytes()).expect("a declaration of UTF-8");
        let tags = std::iter::from_fn(|| tags.next());
        tags.map(|tag| {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let attributes = tag.attributes();
            let attributes: Vec<_> = attributes
                .map(|(name, value)| format!(" {}={}", text(name), text(value)))
                .collect();
            let (before, name) = (text(tag.before), text(tag.name));
            format!("{before}|{:?} {name}{}", tag.kind, attributes.concat())
        })
        .collect()
    }

    #[test]
    fn tags_come_one_by_one() {
        assert_eq!(
            told(
                "<?xml version='1.0' encoding='UTF-8'?>\n<x:a b=\"1>2\" c:d='\"' >甲<e/> <f\n/></x:a >"
            ),
            [
                "\n|Open a b=1>2 c:d=\"",
                "甲|Empty e",
                " |Empty f",
                "|Close a"
            ]
        );
    }

    #[test]
    fn what_is_not_plain_ends_them() {
        for (part, tags) in [
            ("<a><!-- <b/> --></a>", 1),
            ("<a><![CDATA[<b/>]]></a>", 1),
            ("<a><?go <b/>?></a>", 1),
            ("<a><b></a></b>", 2),
            ("<a></a></a>", 2),
            ("<a b=1/>", 0),
            ("<a b='1'c='2'/>", 0),
            ("<a b='1/>", 0),
            ("<a b/>", 0),
            ("<a / >", 0),
            ("< a/>", 0),
            ("<a><b", 1),
            (&"<a>".repeat(1000), DEEPEST),
        ] {
            assert_eq!(told(part).len(), tags, "{part}");
        }
        assert!(Tags::of(b"<?xml version='1.0' encoding='gbk'?><a/>").is_none());
    }
}
