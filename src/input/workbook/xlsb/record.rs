//! The records that the parts of an .xlsb consist of: kind, length, content. Both numbers are written
//! seven bits a byte, the lowest first; the eighth bit says that more follow.

use std::io::{BufRead, BufReader, ErrorKind, Read, Result};

/// The records of a part, one after the other.
pub(super) struct Records<R> {
    part: BufReader<R>,
    content: Vec<u8>,
}

impl<R: Read> Records<R> {
    pub(super) fn of(part: R) -> Self {
        Self {
            part: BufReader::new(part),
            content: Vec::new(),
        }
    }

    /// The next record, its kind and content; `None` at the end of a part that is whole.
    ///
    /// # Errors
    /// A part that breaks off, or is not what was packed.
    pub(super) fn next(&mut self) -> Result<Option<(u16, &[u8])>> {
        if self.part.fill_buf()?.is_empty() {
            return Ok(None);
        }
        let kind = self.number(2)?;
        let length = self.number(4)?;
        self.content.clear();
        if let Some(content) = self.part.buffer().get(..length as usize) {
            self.content.extend_from_slice(content);
            self.part.consume(length as usize);
        } else {
            let mut content = (&mut self.part).take(length.into());
            if content.read_to_end(&mut self.content)? < length as usize {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(Some((kind as u16, &self.content)))
    }

    /// A number of so many bytes at most.
    fn number(&mut self, bytes: u32) -> Result<u32> {
        let mut number = 0;
        for place in 0..bytes {
            let byte = self.part.fill_buf()?.first().copied();
            let byte = byte.ok_or(ErrorKind::UnexpectedEof)?;
            self.part.consume(1);
            number |= u32::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                break;
            }
        }
        Ok(number)
    }
}

/// Writes a record that consists of these pieces.
pub(super) fn write(into: &mut Vec<u8>, kind: u16, pieces: &[&[u8]]) {
    let length = pieces.iter().map(|piece| piece.len()).sum();
    for mut number in [usize::from(kind), length] {
        while number > 0x7f {
            into.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        into.push(number as u8);
    }
    for piece in pieces {
        into.extend_from_slice(piece);
    }
}

/// The number at `at`, if the bytes reach so far.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u16::from_le_bytes(*bytes))
}

/// The number at `at`, if the bytes reach so far.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes(*bytes))
}

/// The text at `at`, in two bytes a character behind the count of them, if the bytes reach so far.
pub(super) fn text_at(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let length = usize::try_from(u32_at(bytes, at)?).ok()?;
    bytes.get(at + 4..)?.get(..length.checked_mul(2)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_read_as_they_were_written() {
        let written = [(5, 2), (131, 10_000), (0, 0)];
        let mut part = Vec::new();
        for (kind, length) in written {
            write(
                &mut part,
                kind,
                &[&vec![7; length / 2], &vec![7; length / 2]],
            );
        }
        let mut records = Records::of(&part[..]);
        for (kind, length) in written {
            let record = records.next().expect("a whole part");
            assert_eq!(record, Some((kind, vec![7; length].as_slice())));
        }
        assert_eq!(records.next().expect("a whole part"), None);
        for length in [1, 3, 5, 9_000] {
            let mut records = Records::of(&part[..length]);
            let mut next = || records.next().map(|record| record.is_some());
            let broken = std::iter::repeat_with(&mut next).find(|next| !matches!(next, Ok(true)));
            assert!(broken.is_some_and(|next| next.is_err()), "{length}");
        }
    }

    #[test]
    fn a_text_is_as_long_as_its_count() {
        let text = [0xff, 2, 0, 0, 0, b'a', 0, b'b', 0];
        assert_eq!(text_at(&text, 1), Some(b"a\0b\0".as_slice()));
        assert_eq!(text_at(&text[..8], 1), None);
        assert_eq!(text_at(&[0xff; 8], 0), None);
    }
}
