//! What a file is, by its first bytes: whether it can be read, and else what to call it.

use encoding_rs::{UTF_16BE, UTF_16LE};

use crate::diagnostic::{FileFault, Other};

/// The kinds of content that are looked into further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A package of parts: .xlsx .xlsm .xlsb .ods, or a document of another program.
    Zip,
    /// An OLE container: .xls .et, or a document of another program.
    Ole,
    /// Anything else that may be text.
    Text,
}

/// First bytes of kinds of files that are no spreadsheets, or are not read.
const MAGIC: &[(&[u8], Other)] = &[
    (b"%PDF", Other::Pdf),
    (b"{\\rtf", Other::RichText),
    (b"Rar!", Other::Rar),
    (b"7z\xbc\xaf\x27\x1c", Other::SevenZip),
    (b"\x1f\x8b", Other::Gzip),
    (b"\x89PNG", Other::Image),
    (b"\xff\xd8\xff", Other::Image),
    (b"GIF8", Other::Image),
    (b"II*\0", Other::Image),
    (b"MM\0*", Other::Image),
    (b"MZ\x90\0", Other::Program),
    (b"\x7fELF", Other::Program),
];

/// How much of a text is looked at to tell what markup it is.
const LOOKED_AT: usize = 4096;

/// Tells what `bytes` are.
///
/// # Errors
/// What they are, where that is nothing to read.
pub(super) fn of(bytes: &[u8]) -> Result<Kind, FileFault> {
    if bytes.is_empty() {
        return Err(FileFault::Empty);
    }
    if bytes.iter().all(|byte| *byte == 0) {
        return Err(FileFault::OnlyZeros);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Ok(Kind::Zip);
    }
    if bytes.starts_with(b"PK\x05\x06") {
        return Err(FileFault::NotASpreadsheet(Other::Zip));
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Ok(Kind::Ole);
    }
    if is_old_excel(bytes) {
        return Err(FileFault::NotASpreadsheet(Other::OldExcel));
    }
    if let Some((_, other)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(FileFault::NotASpreadsheet(*other));
    }
    if is_lock_file(bytes) {
        return Err(FileFault::NotASpreadsheet(Other::LockFile));
    }
    match markup(&beginning(bytes)) {
        Some(fault) => Err(fault),
        None => Ok(Kind::Text),
    }
}

/// Whether a file begins with the record that begins the sheets of Excel 2 (version 0), 3, 4 and,
/// where its container is missing, 5 to 2003.
fn is_old_excel(bytes: &[u8]) -> bool {
    matches!(bytes, [0x09, 0 | 2 | 4 | 8, 4..=16, 0, ..])
}

/// Whether this is the file that Office keeps beside an open one: the length of the user's name,
/// the name filled up with spaces, the same in UTF-16.
fn is_lock_file(bytes: &[u8]) -> bool {
    let name = usize::from(bytes[0]);
    matches!(bytes.len(), 54 | 162 | 165)
        && name < 54
        && bytes[1 + name..54]
            .iter()
            .all(|byte| matches!(byte, 0 | b' '))
}

/// The first characters of what may be text, in small letters, byte order mark and white space
/// taken off. Wrongly decoded Chinese does no harm here: markup is ASCII.
fn beginning(bytes: &[u8]) -> String {
    let bytes = &bytes[..bytes.len().min(LOOKED_AT)];
    let text = match bytes {
        [0xff, 0xfe, ..] | [b'<', 0, ..] => UTF_16LE.decode(bytes).0,
        [0xfe, 0xff, ..] | [0, b'<', ..] => UTF_16BE.decode(bytes).0,
        _ => String::from_utf8_lossy(bytes),
    };
    text.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace())
        .to_lowercase()
}

/// What a text is that is markup or data of another program.
fn markup(text: &str) -> Option<FileFault> {
    let other = |other| Some(FileFault::NotASpreadsheet(other));
    if text.starts_with("mime-version:") {
        return other(Other::WebArchive);
    }
    if text.starts_with("{\"") || text.starts_with("[{") || text.starts_with("{\n") {
        return other(Other::Json);
    }
    if !text.starts_with('<') {
        return None;
    }
    if text.starts_with("<?xml") || text.starts_with("<?mso") {
        if text.contains("urn:schemas-microsoft-com:office:spreadsheet") {
            return other(Other::SpreadsheetXml);
        }
        if text.contains("<office:document") {
            return other(Other::FlatOpenDocument);
        }
        if !is_web_page(text) {
            return other(Other::Xml);
        }
    }
    is_web_page(text).then(|| FileFault::WebPage {
        login: ["type=\"password\"", "type='password'", "type=password"]
            .iter()
            .any(|field| text.contains(field)),
    })
}

/// Whether a text that begins with `<` is a web page.
fn is_web_page(text: &str) -> bool {
    [
        "<html", "<table", "<head", "<body", "<meta", "<style", "<script", "<div",
    ]
    .iter()
    .any(|tag| text.contains(tag))
        || text.starts_with("<!doctype html")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_content() {
        assert_eq!(of("编号,填报值\n".as_bytes()), Ok(Kind::Text));
        assert_eq!(of(b"PK\x03\x04"), Ok(Kind::Zip));
        assert_eq!(of(b"\0\0\0"), Err(FileFault::OnlyZeros));
        let page = of(b"\xef\xbb\xbf\r\n<!-- x --><TABLE><tr>");
        assert_eq!(page, Err(FileFault::WebPage { login: false }));
        let page = of(b"<html><form><input type=\"password\">");
        assert_eq!(page, Err(FileFault::WebPage { login: true }));
        let page: Vec<u8> = "\u{feff}<html>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(of(&page), Err(FileFault::WebPage { login: false }));
        let xml = of(b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">");
        assert_eq!(xml, Err(FileFault::NotASpreadsheet(Other::SpreadsheetXml)));
    }
}
