//! Helps to read parts of XML: their encoding, attributes, text with its entities. Used by the
//! readers of .xlsx and .ods.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::package::damaged;
use crate::diagnostic::FileFault;

/// A reader over one part that knows the part's name, for the words of a fault.
pub(super) struct Part<'a> {
    reader: Reader<&'a [u8]>,
    name: &'a str,
}

impl<'a> Part<'a> {
    /// Reads `text`, the content of the part `name`.
    pub(super) fn new(name: &'a str, text: &'a str) -> Self {
        let mut reader = Reader::from_str(text);
        // An empty element is then a beginning and an end, and every reader below has one case.
        reader.config_mut().expand_empty_elements = true;
        Self { reader, name }
    }

    /// The next event. That the part ends is an event too: its reader knows whether it may.
    pub(super) fn next(&mut self) -> Result<Event<'a>, FileFault> {
        self.reader.read_event().map_err(|_| damaged(self.name))
    }

    /// The fault of this part.
    pub(super) fn damaged(&self) -> FileFault {
        damaged(self.name)
    }

    /// Goes past the end of the element that has just begun.
    pub(super) fn skip(&mut self, element: &BytesStart<'a>) -> Result<(), FileFault> {
        match self.reader.read_to_end(element.name()) {
            Ok(_) => Ok(()),
            Err(_) => Err(damaged(self.name)),
        }
    }

    /// Adds the text of the element that has just begun to `into`, up to its end.
    pub(super) fn text_into(&mut self, into: &mut String) -> Result<(), FileFault> {
        let mut depth = 0_usize;
        loop {
            let event = self.next()?;
            match &event {
                Event::Start(_) => depth += 1,
                Event::End(_) if depth == 0 => return Ok(()),
                Event::End(_) => depth -= 1,
                Event::Eof => return Err(self.damaged()),
                _ => characters(&event, into)?,
            }
        }
    }
}

/// Adds what an event holds of text to `into`.
pub(super) fn characters(event: &Event<'_>, into: &mut String) -> Result<(), FileFault> {
    match event {
        Event::Text(text) => into.push_str(&text.xml10_content()),
        Event::CData(text) => into.push_str(&text.xml10_content()),
        Event::GeneralRef(reference) => into.push(character(reference)?),
        _ => {}
    }
    Ok(())
}

/// The character that a reference means. One that a document would have to define itself is
/// refused: spreadsheet programs write none, attackers do.
fn character(reference: &BytesRef<'_>) -> Result<char, FileFault> {
    match reference.as_ref() {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "apos" => Ok('\''),
        "quot" => Ok('"'),
        _ => match reference.resolve_char_ref() {
            Ok(Some(c)) => Ok(c),
            _ => Err(FileFault::ForeignEntity),
        },
    }
}

/// The value of the attribute `name`, whatever its prefix.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, FileFault> {
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| damaged("XML"))?;
        if attribute.key.local_name().as_ref() == name {
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|_| FileFault::ForeignEntity)?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

/// Whether an attribute says yes.
pub(super) fn is_true(value: &str) -> bool {
    matches!(value.trim(), "1" | "true" | "on")
}

/// A part of XML as text: UTF-8, UTF-16, or what its declaration names.
pub(super) fn decode(bytes: Vec<u8>) -> Option<String> {
    let utf16 = match bytes.as_slice() {
        [0xff, 0xfe, ..] | [b'<', 0, ..] => Some(UTF_16LE),
        [0xfe, 0xff, ..] | [0, b'<', ..] => Some(UTF_16BE),
        _ => None,
    };
    if let Some(encoding) = utf16 {
        let (text, _, wrong) = encoding.decode(&bytes);
        return (!wrong).then(|| text.into_owned());
    }
    let mut text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let bytes = error.into_bytes();
            let declared = declared(&bytes)?;
            let text = declared.decode_without_bom_handling_and_without_replacement(&bytes)?;
            text.into_owned()
        }
    };
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Some(text)
}

/// The encoding that the declaration of XML names.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
    let (_, rest) = head.split_once("encoding=")?;
    let label = rest.split(['"', '\'']).nth(1)?;
    Encoding::for_label(label.as_bytes())
}
