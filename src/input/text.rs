//! Delimited text as a sheet: .csv .tsv .txt in the encodings and with the separators that
//! offices use. Called by [`super::workbook::read`] for files that are nothing else.

mod encoding;
mod separator;
mod swallowed;

use std::io::{self, Read};

use csv::{ReaderBuilder, StringRecord};
use memchr::{memchr, memchr2_iter, memchr3_iter};

use super::abreast::{PARTS, abreast};
use super::workbook::{Budget, COLUMNS, Limits, QUOTED_LINES, ROWS, SheetBuilder, Wanted};
use crate::diagnostic::{Excess, FileFault, Other};
use crate::location::Address;
use crate::model::grid::{Content, Sheet};
use crate::text::is_blank;

/// How many of the largest fields a record may be as long as.
const FIELDS: usize = 4;

/// A record of its own that is put behind the text: if the last record is any other, a quotation
/// mark before it was never closed. The csv crate has no other way to tell.
const END: &str = "\u{1}end\u{1}";

/// The byte order mark. Encodings that have no need of it may have it too, or have it twice, and
/// the csv crate passes over one that a text begins with.
const MARK: char = '\u{feff}';

/// Reads text as one sheet without a name.
///
/// # Errors
/// What keeps it from being read, with the line where the file can be looked at.
pub(super) fn read(
    bytes: &[u8],
    limits: &Limits,
    wanted: Option<&Wanted>,
) -> Result<Sheet, FileFault> {
    let text = encoding::decode(bytes)?;
    if text.contains('\0') {
        return Err(FileFault::NotASpreadsheet(Other::Binary));
    }
    let text = text.trim_start_matches(MARK);
    let (separator, text) = match separator::declared(text) {
        Some((separator, rest)) => (separator, rest.trim_start_matches(MARK)),
        None => (separator::likely(text), text),
    };
    let parts = match wanted {
        None => parts(text, separator, limits),
        Some(_) => vec![(text, 0)],
    };
    let read = abreast(parts, |part| cells(part, separator, limits, wanted));
    let whole = |whole: Result<SheetBuilder, _>, part| Ok(whole?.and(part?));
    let sheet = read.into_iter().reduce(whole);
    sheet
        .unwrap_or_else(|| Ok(SheetBuilder::default()))?
        .finish(None)
}

/// Bytes from which on a text is cut into parts.
const LONG: usize = 1 << 20;

/// The parts of a long text that can be read each for itself, with the lines before each: cut at
/// ends of lines, where no quotation mark can make of two lines one row, no part can begin with a
/// mark that is text, and none can hold more than the whole may.
fn parts<'a>(text: &'a str, separator: u8, limits: &Limits) -> Vec<(&'a str, usize)> {
    let bytes = text.as_bytes();
    let ends_field = |byte: &u8| *byte == separator || matches!(byte, b'\n' | b'\r');
    let can_be_cut = || {
        let filled = memchr3_iter(separator, b'\n', b'\r', bytes)
            .filter(|end| bytes.get(end + 1).is_some_and(|next| !ends_field(next)));
        memchr(b'"', bytes).is_none() && !text.contains(MARK) && filled.count() < limits.values
    };
    if bytes.len() < LONG || !can_be_cut() {
        return vec![(text, 0)];
    }
    let mut parts = Vec::with_capacity(PARTS);
    let (mut rest, mut lines) = (text, 0);
    while !rest.is_empty() {
        let about = (bytes.len() / PARTS).min(rest.len());
        let end = memchr(b'\n', &rest.as_bytes()[about..]).map(|end| about + end + 1);
        let (part, behind) = rest.split_at(end.unwrap_or(rest.len()));
        parts.push((part, lines));
        lines += line_ends(part.as_bytes());
        rest = behind;
    }
    parts
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
/// line end in quotes is none. So many lines, and as many rows, are before the text.
fn cells(
    (text, before): (&str, usize),
    separator: u8,
    limits: &Limits,
    wanted: Option<&Wanted>,
) -> Result<SheetBuilder, FileFault> {
    let end = format!("\n{END}\n");
    let ration = limits.field.saturating_mul(FIELDS);
    let rationed = Rationed {
        text: text.as_bytes().chain(end.as_bytes()),
        left: ration,
    };
    let mut reader = reader(rationed, separator);
    let mut rows = Rows::within(limits, wanted);
    rows.skip(before);
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
            return Ok(rows.sheet);
        }
        let line = rows.lines + 1;
        rows.take(&record)?;
        if rows.lines > line {
            let raw = &rest[..at.min(text.len()) - before.len()];
            let blank = raw
                .iter()
                .take_while(|byte| matches!(byte, b'\r' | b'\n'))
                .count();
            if let Some(opened) = swallowed::opens_in(&raw[blank..], separator, rows.separators) {
                let line = line + opened;
                return Err(FileFault::UnclosedQuote { line });
            }
        }
        rows.separators = rows.separators.max(record.len() - 1);
        if rows.are_enough(record.len()) {
            return Ok(rows.sheet);
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
    /// The most separators that a record so far has.
    separators: usize,
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
            separators: 0,
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
            if !wanted || is_blank(field) {
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
    use encoding_rs::GB18030;

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
    fn marks_before_the_text_move_no_row() {
        let gb18030 = b"\x84\x31\x95\x33".as_slice();
        let utf8 = "\u{feff}".as_bytes();
        for marks in [utf8, gb18030, &utf8.repeat(2), &utf8.repeat(3)] {
            let text = [marks, b"\n\r\n\na,b"].concat();
            assert_eq!(found(&text), ["A4=a", "B4=b"], "{marks:?}");
        }
        assert_eq!(
            found("\u{feff}\u{feff}sep=;\n\u{feff}\n\na;b".as_bytes()),
            ["A3=a", "B3=b"]
        );
    }

    #[test]
    fn a_long_text_is_the_same_in_parts() {
        let lines = ["甲,1,x", "", "乙,2\r", "\r丙", "  ", ",,3\r\r"];
        let long = lines.join("\n").repeat(LONG / 16);
        let in_parts = parts(&long, b',', &Limits::default());
        assert_eq!(in_parts.len(), PARTS);
        assert_eq!(
            in_parts.iter().map(|(part, _)| *part).collect::<String>(),
            long
        );
        let rows_of = |sheet: Sheet| -> Vec<_> {
            let row = |row: crate::model::grid::Row| (row.index, row.cells.to_vec());
            sheet.rows.into_iter().map(row).collect()
        };
        let limits = Limits::default();
        let whole = cells((&long, 0), b',', &limits, None).and_then(|sheet| sheet.finish(None));
        let in_parts = read(long.as_bytes(), &limits, None);
        assert_eq!(
            rows_of(in_parts.expect("a text file")),
            rows_of(whole.expect("a text file"))
        );
        // Where a quotation mark may hold lines together, or there may be too many cells.
        assert_eq!(parts(&(long.clone() + "\""), b',', &limits).len(), 1);
        assert_eq!(parts(&(long.clone() + "\u{feff}"), b',', &limits).len(), 1);
        let wide = "1,".repeat(limits.values) + "\n";
        assert_eq!(parts(&wide, b',', &limits).len(), 1);
    }

    #[test]
    fn a_fault_far_below_is_named_with_its_line() {
        let line = "甲,乙,丙\n";
        let before = 2 * LONG / line.len();
        let wide = ",".repeat(COLUMNS as usize) + "x\n";
        let text = line.repeat(before) + &wide + &line.repeat(before) + &wide;
        let fault = read(text.as_bytes(), &Limits::default(), None).map(|_| ());
        let line = before + 1;
        assert_eq!(fault, Err(FileFault::TooLarge(Excess::Grid { line })));
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
