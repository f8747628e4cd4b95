//! Delimited text as a sheet: .csv .tsv .txt in the encodings and with the separators that
//! offices use. Called by [`super::workbook::read`] for files that are nothing else.

use std::borrow::Cow;
use std::io::{self, Read};
use std::str;

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use memchr::memchr2_iter;

use super::workbook::{Budget, COLUMNS, Limits, QUOTED_LINES, ROWS, SheetBuilder, Wanted};
use crate::diagnostic::{Excess, FileFault, Other};
use crate::location::Address;
use crate::model::grid::{Content, Sheet};

/// The separators, in the order of preference.
const SEPARATORS: [u8; 3] = [b',', b'\t', b';'];

/// Records that are looked at to choose the separator: titles, labels, the header, some rows.
const LOOKED_AT: usize = 30;

/// Bytes that are looked at for that.
const LOOKED_INTO: usize = 1 << 20;

/// How many of the largest fields a record may be as long as.
const FIELDS: usize = 4;

/// A record of its own that is put behind the text: if the last record is any other, a quotation
/// mark before it was never closed. The csv crate has no other way to tell.
const END: &str = "\u{1}end\u{1}";

/// Reads text as one sheet without a name.
///
/// # Errors
/// What keeps it from being read, with the line where the file can be looked at.
pub(super) fn read(
    bytes: &[u8],
    limits: &Limits,
    wanted: Option<&Wanted>,
) -> Result<Sheet, FileFault> {
    let text = decode(bytes)?;
    if text.contains('\0') {
        return Err(FileFault::NotASpreadsheet(Other::Binary));
    }
    let (separator, text) = match declared_separator(&text) {
        Some((separator, rest)) => (separator, rest),
        None => (likely_separator(&text), &*text),
    };
    cells(text, separator, limits, wanted)
}

/// The text in whichever encoding it is written: by its byte order mark, else by what fits.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, FileFault> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return strict(encoding, &bytes[mark..])
            .map_err(|line| FileFault::UnknownEncoding { line });
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return strict(encoding, bytes).map_err(|_| FileFault::NotASpreadsheet(Other::Binary));
    }
    if bytes.contains(&0) {
        return Err(FileFault::NotASpreadsheet(Other::Binary));
    }
    strict(UTF_8, bytes).or_else(|utf8| {
        strict(GB18030, bytes).map_err(|gb18030| FileFault::UnknownEncoding {
            // The encoding that went further is the one that was meant.
            line: utf8.max(gb18030),
        })
    })
}

/// UTF-16 without its mark: commas and line ends are in it, one byte of each of which is zero,
/// always the same one.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    if !bytes.len().is_multiple_of(2) || !bytes.contains(&0) {
        return None;
    }
    let zeros = |from: usize| {
        bytes
            .iter()
            .skip(from)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    match (zeros(0), zeros(1)) {
        (0, _) => Some(UTF_16LE),
        (_, 0) => Some(UTF_16BE),
        _ => None,
    }
}

/// The text if every byte of it fits the encoding, else the line of the first that does not.
fn strict<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Result<Cow<'a, str>, usize> {
    if encoding == UTF_8 {
        return match str::from_utf8(bytes) {
            Ok(text) => Ok(Cow::Borrowed(text)),
            Err(error) => Err(line_of(&bytes[..error.valid_up_to()])),
        };
    }
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
    let mut text = String::with_capacity(room.unwrap_or_default());
    match decoder.decode_to_string_without_replacement(bytes, &mut text, true) {
        (DecoderResult::InputEmpty, _) => Ok(Cow::Owned(text)),
        _ => Err(line_of(text.as_bytes())),
    }
}

/// The line, from 1, that comes after `before`.
fn line_of(before: &[u8]) -> usize {
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}

/// The separator that a first line `sep=;` names, and the text behind that line. Excel takes the
/// line for a setting and counts the next one as row 1.
fn declared_separator(text: &str) -> Option<(u8, &str)> {
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
fn likely_separator(text: &str) -> u8 {
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

/// A reader that takes rows of any width, as spreadsheets do.
fn reader<R: Read>(text: R, separator: u8) -> csv::Reader<R> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text)
}

/// Text that is given out by the record: of one that is too long the rest is held back.
struct Rationed<R> {
    text: R,
    /// Bytes that the record may still take.
    left: usize,
}

impl<R: Read> Read for Rationed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let read = self.text.read(buffer)?;
        self.left = self.left.saturating_sub(read);
        Ok(read)
    }
}

/// Reads the records into rows, counted as a spreadsheet shows them: a blank line is a row, a
/// line end in quotes is none.
fn cells(
    text: &str,
    separator: u8,
    limits: &Limits,
    wanted: Option<&Wanted>,
) -> Result<Sheet, FileFault> {
    let end = format!("\n{END}\n");
    let ration = limits.field.saturating_mul(FIELDS);
    let rationed = Rationed {
        text: text.as_bytes().chain(end.as_bytes()),
        left: ration,
    };
    let mut reader = reader(rationed, separator);
    let mut rows = Rows::within(limits, wanted);
    let mut record = StringRecord::new();
    let mut at = 0_usize;
    loop {
        reader.get_mut().left = ration;
        let read = reader.read_record(&mut record);
        if matches!(read, Ok(false)) {
            return Err(rows.unclosed());
        }
        let (before, rest) = text.as_bytes().split_at(at.min(text.len()));
        // The crate passes over blank lines in front of a record; here they count.
        rows.skip(blank_lines(rest, before.last() == Some(&b'\r')));
        if read.is_err() {
            return Err(rows.too_long(&rest[..rest.len().min(ration)]));
        }
        at = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        // The text itself may have such a line.
        let is_end = record.len() == 1 && &record[0] == END;
        if is_end && rest.iter().all(|b| matches!(b, b'\r' | b'\n')) {
            return rows.sheet.finish(None);
        }
        rows.take(&record)?;
        if rows.are_enough(record.len()) {
            return rows.sheet.finish(None);
        }
    }
}

/// The rows so far, and where in the text they got to.
struct Rows<'a> {
    sheet: SheetBuilder,
    wanted: Option<&'a Wanted>,
    budget: Budget,
    /// Bytes of the largest field.
    most: usize,
    /// Rows so far, blank ones too: the index of the next.
    row: u32,
    /// Lines of the text so far, as an editor counts them.
    lines: usize,
    /// The line in which the last field of the last record opens.
    opened: usize,
}

impl<'a> Rows<'a> {
    fn within(limits: &Limits, wanted: Option<&'a Wanted>) -> Self {
        Self {
            sheet: SheetBuilder::default(),
            wanted,
            budget: Budget::of(limits),
            most: limits.field,
            row: 0,
            lines: 0,
            opened: 0,
        }
    }

    /// Counts blank lines.
    fn skip(&mut self, blank: usize) {
        self.row = self
            .row
            .saturating_add(u32::try_from(blank).unwrap_or(u32::MAX));
        self.lines += blank;
    }

    /// Whether no row behind the last one, of so many fields, is looked at.
    fn are_enough(&mut self, fields: usize) -> bool {
        self.wanted
            .is_some_and(|wanted| wanted.end_before(self.row) || !self.budget.look_at(fields))
    }

    /// The last field of all goes to the end of the text.
    fn unclosed(&self) -> FileFault {
        FileFault::UnclosedQuote { line: self.opened }
    }

    /// The next record, which begins so, is longer than any may be.
    fn too_long(&self, record: &[u8]) -> FileFault {
        let line = self.lines + 1;
        match line_ends(record) > QUOTED_LINES {
            true => FileFault::UnclosedQuote { line },
            false => FileFault::TooLarge(Excess::Field { line }),
        }
    }

    /// Adds the fields of one record that hold something.
    fn take(&mut self, record: &StringRecord) -> Result<(), FileFault> {
        let first = self.lines + 1;
        let wanted = self.wanted.is_none_or(|wanted| wanted.includes(self.row));
        for (column, field) in (0..).zip(record) {
            self.opened = self.lines + 1;
            let spans = line_ends(field.as_bytes());
            if spans > QUOTED_LINES {
                return Err(self.unclosed());
            }
            if field.len() > self.most {
                return Err(FileFault::TooLarge(Excess::Field { line: first }));
            }
            self.lines += spans;
            if !wanted || field.trim_start().is_empty() {
                continue;
            }
            if self.row >= ROWS || column >= COLUMNS {
                return Err(FileFault::TooLarge(Excess::Grid { line: first }));
            }
            let text = self.sheet.text(field);
            let address = Address::new(self.row, column);
            let cell = Content::Text(text).into();
            self.sheet.put(&mut self.budget, address, cell)?;
        }
        self.skip(1);
        Ok(())
    }
}

/// The blank lines that `bytes` begin with; `after_return` where the byte before them is a
/// carriage return, whose line feed is no line of its own.
fn blank_lines(bytes: &[u8], after_return: bool) -> usize {
    let end = bytes.iter().position(|b| !matches!(b, b'\r' | b'\n'));
    let ends = line_ends(&bytes[..end.unwrap_or(bytes.len())]);
    ends - usize::from(after_return && bytes.first() == Some(&b'\n'))
}

/// Line ends of any kind.
fn line_ends(bytes: &[u8]) -> usize {
    // The feed after a return is no end of its own.
    let is_end = |at: &usize| bytes[*at] == b'\r' || *at == 0 || bytes[at - 1] != b'\r';
    memchr2_iter(b'\n', b'\r', bytes).filter(is_end).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cells as `A1=text`, in order.
    fn found(bytes: &[u8]) -> Vec<String> {
        let sheet = read(bytes, &Limits::default(), None).expect("text that can be read");
        let cells = sheet.rows.iter().flat_map(|row| {
            row.cells
                .iter()
                .map(|(column, cell)| (Address::new(row.index, *column), &cell.content))
        });
        cells
            .map(|(address, content)| match content {
                Content::Text(text) => format!("{address}={text}"),
                other => panic!("a text file holds text, not {other:?}"),
            })
            .collect()
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_shows_them() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "", "", "\"x", "y\",c", "  ", "d,e", "", ""].join(end);
            let quoted = format!("A4=x{end}y");
            assert_eq!(
                found(text.as_bytes()),
                ["A1=a", "B1=b", &quoted, "B4=c", "A6=d", "B6=e"],
                "{end:?}"
            );
        }
        assert_eq!(found(b"\r\n\r\na,b"), ["A3=a", "B3=b"]);
    }

    #[test]
    fn nothing_in_a_text_ends_it() {
        for end in ["\n", "\r\n", ""] {
            let text = format!("a,b\n{END}\nc,d\n{END}{end}");
            let last = format!("A4={END}");
            assert_eq!(
                found(text.as_bytes()),
                ["A1=a", "B1=b", &format!("A2={END}"), "A3=c", "B3=d", &last],
                "{end:?}"
            );
        }
    }

    #[test]
    fn the_separator_is_the_one_that_makes_columns() {
        for text in [
            "标题\n编号,填报值,说明\n1,0,迟交;漏交\n2,1,\n",
            "标题\n编号\t填报值\t说明\n1\t0\t迟交,漏交\n2\t1\t\n",
            "标题\n编号;填报值;说明\n1;0,5;迟交,漏交\n2;1,5;\n",
        ] {
            let cells = found(text.as_bytes());
            assert!(cells.contains(&"C2=说明".to_owned()), "{cells:?}");
            assert!(cells.contains(&"A4=2".to_owned()), "{cells:?}");
        }
        assert_eq!(found(b"sep=|\r\na|b;c\r\n"), ["A1=a", "B1=b;c"]);
        // No line end is a separator, and no letter.
        for text in ["sep=\n\na,b\n", "sep=\r\r\na,b\n", "sep=e\n\na,b\n"] {
            assert!(
                found(text.as_bytes()).contains(&"B3=b".to_owned()),
                "{text:?}"
            );
        }
        assert_eq!(
            found("只有一列\n一,二".as_bytes()),
            ["A1=只有一列", "A2=一", "B2=二"]
        );
    }

    #[test]
    fn every_encoding_of_an_office_is_read() {
        let text = "被考核单位,填报值\n武陵区,3\n";
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let (gb18030, _, _) = GB18030.encode(text);
        let marked = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
        for bytes in [
            text.as_bytes().to_vec(),
            marked(b"\xef\xbb\xbf", text.as_bytes()),
            gb18030.into_owned(),
            marked(b"\xff\xfe", &utf16),
            marked(b"\xfe\xff", &big),
            utf16,
            big,
        ] {
            assert_eq!(
                found(&bytes),
                ["A1=被考核单位", "B1=填报值", "A2=武陵区", "B2=3"]
            );
        }
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_line() {
        let fault = |bytes: &[u8]| {
            read(bytes, &Limits::default(), None).expect_err("text that cannot be read")
        };
        assert_eq!(
            fault(b"a,b\n\"c,d\ne,f\n"),
            FileFault::UnclosedQuote { line: 2 }
        );
        assert_eq!(
            fault(&["a,b\n武陵区,".as_bytes(), b"\xff\xff"].concat()),
            FileFault::UnknownEncoding { line: 2 }
        );
        assert_eq!(
            fault(b"\x01\0\0\x02\0\x07\0\0"),
            FileFault::NotASpreadsheet(Other::Binary)
        );
        let long = format!("a,\"{}\"\n", "x".repeat(Limits::default().field + 1));
        assert_eq!(
            fault(long.as_bytes()),
            FileFault::TooLarge(Excess::Field { line: 1 })
        );
        let wide = format!("{}x\n", ",".repeat(COLUMNS as usize));
        assert_eq!(
            fault(wide.as_bytes()),
            FileFault::TooLarge(Excess::Grid { line: 1 })
        );
    }
}
