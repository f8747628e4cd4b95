//! What reaches a person's screen: text and our own colours, and nothing that a name or a cell
//! out of a file could do to a terminal. Names are cut and cleaned where they are worded
//! (`text::shown`); this is the net below, which every line goes through.

use std::io::{self, Write};

use crate::text::is_hidden;

/// A stream for people, or one for machines, who get every character as it is.
pub(super) struct Screen<W> {
    out: W,
    for_people: bool,
}

impl<W: Write> Screen<W> {
    pub(super) const fn for_people(out: W) -> Self {
        Self {
            out,
            for_people: true,
        }
    }

    pub(super) const fn for_machines(out: W) -> Self {
        Self {
            out,
            for_people: false,
        }
    }
}

impl<W: Write> Write for Screen<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.for_people {
            return self.out.write(bytes);
        }
        let text = String::from_utf8_lossy(bytes);
        self.out.write_all(calm(&text).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// `text` with a space for every control or direction character but line ends and colours.
fn calm(text: &str) -> String {
    let mut calm = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let taken = match colour(rest) {
            Some(colour) => {
                calm.push_str(colour);
                colour.len()
            }
            None => {
                let passes = next == '\n' || !is_hidden(next);
                calm.push(if passes { next } else { ' ' });
                next.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    calm
}

/// The sequence at the start of `text` that sets a colour or weight, if there is one.
fn colour(text: &str) -> Option<&str> {
    let inside = text.strip_prefix("\u{1b}[")?;
    let end = inside.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    inside[end..].starts_with('m').then(|| &text[..end + 3])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_pass_and_nothing_else_does() {
        assert_eq!(
            calm("\u{1b}[1;31m错误\u{1b}[0m：\n"),
            "\u{1b}[1;31m错误\u{1b}[0m：\n"
        );
        assert_eq!(calm("a\u{1b}[2Jb\u{1b}]0;x\u{7}"), "a [2Jb ]0;x ");
        assert_eq!(calm("\u{1b}[31"), " [31");
        assert_eq!(calm("x\u{202e}\u{2066}y\r\tz\u{9b}1m"), "x  y  z 1m");
    }

    #[test]
    fn machines_get_every_character() {
        let mut out = Vec::new();
        let text = "\u{feff}a\u{202e}\r\n".as_bytes();
        Screen::for_machines(&mut out)
            .write_all(text)
            .expect("memory");
        assert_eq!(out, text);
    }
}
