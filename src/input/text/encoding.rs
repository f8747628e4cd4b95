//! The encodings of text files: by their mark, else by what fits.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use simdutf8::compat::from_utf8;

use crate::diagnostic::{FileFault, Other};

/// The text in whichever encoding it is written: by its byte order mark, else by what fits.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, FileFault> {
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
        return match from_utf8(bytes) {
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
