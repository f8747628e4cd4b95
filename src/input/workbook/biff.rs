//! The records of .xls and .et: how they follow each other, and how they hold text. Used by
//! [`super::xls`].

use encoding_rs::Encoding;

use super::ole::{u16_at, u32_at};

/// A record that goes on with the one before, which was full.
const CONTINUE: u16 = 0x3c;

/// The records of a stream, from some place on.
pub(super) struct Records<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    /// The records of `stream` from the byte `at` on.
    pub(super) fn new(stream: &'a [u8], at: usize) -> Self {
        Self { bytes: stream, at }
    }

    /// What kind of record comes next, and its content.
    fn peek(&self) -> Option<(u16, &'a [u8])> {
        let header = self.bytes.get(self.at..self.at.checked_add(4)?)?;
        let length = usize::from(u16_at(header, 2));
        let content = self.bytes.get(self.at + 4..self.at + 4 + length)?;
        Some((u16_at(header, 0), content))
    }

    /// The next record with what continues it; `None` where the stream ends, even within one.
    pub(super) fn next(&mut self) -> Option<(u16, Content<'a>)> {
        let (kind, first) = self.peek()?;
        self.at += 4 + first.len();
        let mut content = Content {
            first,
            more: Vec::new(),
            part: 0,
            at: 0,
        };
        while let Some((CONTINUE, more)) = self.peek() {
            self.at += 4 + more.len();
            content.more.push(more);
        }
        Some((kind, content))
    }
}

/// The content of a record, read from the front.
pub(super) struct Content<'a> {
    /// What stands in the record itself.
    pub(super) first: &'a [u8],
    /// What stands in the records that continue it.
    more: Vec<&'a [u8]>,
    /// The part that is being read: 0 is `first`.
    part: usize,
    at: usize,
}

impl Content<'_> {
    /// The part that is being read, from where it was read to.
    fn rest(&self) -> Option<&[u8]> {
        let part = match self.part {
            0 => self.first,
            part => self.more.get(part - 1)?,
        };
        part.get(self.at..)
    }

    /// Goes on to the next part if this one is read up; `None` after the last.
    fn ready(&mut self) -> Option<()> {
        while self.rest()?.is_empty() {
            self.part += 1;
            self.at = 0;
        }
        Some(())
    }

    fn u8(&mut self) -> Option<u8> {
        self.ready()?;
        let byte = *self.rest()?.first()?;
        self.at += 1;
        Some(byte)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.u8()?, self.u8()?]))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from(self.u16()?) | u32::from(self.u16()?) << 16)
    }

    /// Passes over `count` bytes.
    pub(super) fn skip(&mut self, count: usize) -> Option<()> {
        let mut left = count;
        while left > 0 {
            self.ready()?;
            let step = self.rest()?.len().min(left);
            self.at += step;
            left -= step;
        }
        Some(())
    }

    /// The text of Excel 97 and later that comes next: its length in `length_bytes` bytes, flags,
    /// characters, then formatting and pronunciation, which are passed over.
    pub(super) fn unicode(&mut self, length_bytes: usize) -> Option<String> {
        let length = match length_bytes {
            1 => usize::from(self.u8()?),
            _ => usize::from(self.u16()?),
        };
        if length == 0 && self.ready().is_none() {
            return Some(String::new());
        }
        let flags = self.u8()?;
        let runs = match flags & 8 {
            0 => 0,
            _ => usize::from(self.u16()?) * 4,
        };
        let pronunciation = match flags & 4 {
            0 => 0,
            _ => self.u32()? as usize,
        };
        let text = self.characters(length, flags)?;
        self.skip(runs + pronunciation)?;
        Some(text)
    }

    /// Characters of one or two bytes, as the flags say; at each new part the flags are said
    /// anew.
    fn characters(&mut self, length: usize, mut flags: u8) -> Option<String> {
        let mut units: Vec<u16> = Vec::new();
        while units.len() < length {
            if self.rest()?.is_empty() {
                self.ready()?;
                flags = self.u8()?;
            }
            let width = 1 + usize::from(flags & 1);
            let rest = self.rest()?;
            let count = (rest.len() / width).min(length - units.len());
            if count == 0 {
                // Half a character at the end of a part: Excel passes over it.
                self.at += rest.len();
                continue;
            }
            let bytes = &rest[..count * width];
            match width {
                1 => units.extend(bytes.iter().map(|byte| u16::from(*byte))),
                _ => units.extend(bytes.chunks_exact(2).map(|two| u16_at(two, 0))),
            }
            self.at += count * width;
        }
        Some(String::from_utf16_lossy(&units))
    }

    /// The text of Excel 5 and 95 that comes next, in the encoding of the file.
    pub(super) fn bytes(
        &mut self,
        length_bytes: usize,
        encoding: &'static Encoding,
    ) -> Option<String> {
        let length = match length_bytes {
            1 => usize::from(self.u8()?),
            _ => usize::from(self.u16()?),
        };
        let bytes = self.rest()?.get(..length)?;
        let text = encoding.decode_without_bom_handling(bytes).0.into_owned();
        self.at += length;
        Some(text)
    }

    /// The texts that cells share, as many as there are: some programs claim more. A cell that
    /// refers to one that is not there is found out later.
    pub(super) fn shared_strings(&mut self) -> Option<Vec<String>> {
        self.skip(4)?;
        let count = self.u32()?;
        let mut strings = Vec::new();
        for _ in 0..count {
            if self.ready().is_none() {
                break;
            }
            strings.push(self.unicode(2)?);
        }
        Some(strings)
    }
}

/// The number that four bytes hold: an integer or the upper half of a floating point number,
/// either perhaps to be divided by a hundred.
#[expect(clippy::float_arithmetic, reason = "the format says: divided by 100")]
pub(super) fn packed_number(bytes: &[u8], at: usize) -> f64 {
    let packed = u32_at(bytes, at);
    let number = match packed & 2 {
        0 => f64::from_bits(u64::from(packed & !3) << 32),
        _ => f64::from(packed.cast_signed() >> 2),
    };
    match packed & 1 {
        0 => number,
        _ => number / 100.0,
    }
}

/// The error that a code stands for.
pub(super) fn error_text(code: u8) -> String {
    let text = match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        0x2a => "#N/A",
        0x2b => "#GETTING_DATA",
        _ => "#ERROR!",
    };
    text.to_owned()
}

/// The encoding of a code page of Windows.
pub(super) fn code_page(number: u16) -> &'static Encoding {
    use encoding_rs as e;
    match number {
        874 => e::WINDOWS_874,
        932 => e::SHIFT_JIS,
        936 | 10_008 => e::GB18030,
        949 => e::EUC_KR,
        950 | 10_002 => e::BIG5,
        1250 => e::WINDOWS_1250,
        1251 => e::WINDOWS_1251,
        1253 => e::WINDOWS_1253,
        1254 => e::WINDOWS_1254,
        1255 => e::WINDOWS_1255,
        1256 => e::WINDOWS_1256,
        1257 => e::WINDOWS_1257,
        1258 => e::WINDOWS_1258,
        10_000 | 32_768 => e::MACINTOSH,
        65_001 => e::UTF_8,
        _ => e::WINDOWS_1252,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_numbers_are_unpacked() {
        for (bytes, number) in [
            ([0x0a_u8, 0, 0, 0], 2.0),
            ([0x0b, 0, 0, 0], 0.02),
            ([0xfe, 0xff, 0xff, 0xff], -1.0),
            ([0, 0, 0xf0, 0x3f], 1.0),
        ] {
            assert!((packed_number(&bytes, 0) - number).abs() < 1e-12);
        }
    }

    #[test]
    fn a_text_may_go_on_in_the_next_record_in_other_bytes() {
        // Three characters, one byte each; after the first the record ends, and the rest has two
        // bytes each.
        let stream = [
            &[0x07_u8, 0x02, 4, 0, 3, 0, 0, b'a'][..],
            &[0x3c, 0, 5, 0, 1, 0x66, 0x6b, b'c', 0],
        ]
        .concat();
        let (kind, mut content) = Records::new(&stream, 0).next().expect("a record");
        assert_eq!(kind, 0x207);
        assert_eq!(content.unicode(2).as_deref(), Some("a\u{6b66}c"));
    }
}
