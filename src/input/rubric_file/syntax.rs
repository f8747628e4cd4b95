//! What is no TOML at all: said in Chinese, and set aside so that the rest can be read.
//!
//! The parser goes on after an error, but it takes what follows for part of what went wrong: an
//! array that was never closed makes an error of every line below it. So one fault at a time is
//! reported, its lines are blanked out (spaces, so that every place stays where it was), and
//! the text is parsed again, until it is TOML.

use std::ops::Range;

use toml::de::{DeTable, Error};

use super::problem::File;
use super::wording::translate;
use crate::model::draft::Reported;

/// So many faults are reported of one file; beyond, it is hardly meant to be TOML.
const MOST_FAULTS: usize = 50;

/// So many errors the parser may count on the way to them: parsing a long text that is all
/// errors takes long.
const MOST_ERRORS: usize = 1_000_000;

/// A file's text that is TOML, and the lines that had to go for that.
pub(super) struct Healed {
    /// The text, with the lines that cannot be read blanked out.
    pub text: String,
    /// What stood on those lines.
    pub set_aside: String,
    /// Where those lines are, in bytes.
    pub lines: Vec<Range<usize>>,
}

/// Reports every syntax error of `file`.
///
/// # Errors
///
/// When so little of it is TOML that there is no use in reading on.
pub(super) fn heal(file: File) -> Result<Healed, Reported> {
    let mut healed = Healed {
        text: file.source.text.to_string(),
        set_aside: String::new(),
        lines: Vec::new(),
    };
    let mut faults = 0;
    let mut errors = 0;
    while let Some((error, count)) = first_error(&healed.text) {
        let fault = Fault::of(&error, &healed.text);
        let reported = file.advise(&fault.span, "syntax", fault.message, fault.help);
        faults += 1;
        errors += count;
        let lost = &healed.text[fault.lines.clone()];
        if lost.trim().is_empty() || faults == MOST_FAULTS || errors > MOST_ERRORS {
            return Err(reported);
        }
        healed.set_aside.push_str(lost);
        healed.lines.push(fault.lines.clone());
        blank(&mut healed.text, &fault.lines);
    }
    Ok(healed)
}

/// The first error of a text, and how many it has.
fn first_error(text: &str) -> Option<(Error, usize)> {
    let (_, errors) = DeTable::parse_recoverable(text);
    let count = errors.len();
    let place = |error: &Error| error.span().map_or(usize::MAX, |span| span.start);
    let first = errors.into_iter().min_by_key(place)?;
    Some((first, count))
}

/// Puts spaces in the place of everything but the ends of lines.
fn blank(text: &mut String, lines: &Range<usize>) {
    let ends_line = |byte: u8| matches!(byte, b'\n' | b'\r');
    let spaces: String = text[lines.clone()]
        .bytes()
        .map(|byte| {
            if ends_line(byte) {
                char::from(byte)
            } else {
                ' '
            }
        })
        .collect();
    text.replace_range(lines.clone(), &spaces);
}

/// One syntax error: what to say, and which lines cannot be read for it.
struct Fault {
    span: Range<usize>,
    lines: Range<usize>,
    message: String,
    help: String,
}

impl Fault {
    fn of(error: &Error, text: &str) -> Self {
        if let Some(open) = Open::find(text) {
            return open.fault();
        }
        let end = text.trim_end().len();
        let span = error.span().unwrap_or(end..end);
        let line = line_at(text, span.start.min(end));
        let written = &text[line.clone()];
        let cause = if header_depth(written).is_some() && !is_balanced(written) {
            "unclosed table"
        } else {
            error.message()
        };
        let (message, help, sign) = translate(cause, written, span.start - line.start);
        let span = sign.map_or(span, |sign| line.start + sign.start..line.start + sign.end);
        let lines = match header_depth(written) {
            Some(depth) => line.start..section_end(text, line.end, depth),
            None => line.start..value_end(text, &line),
        };
        Self {
            span,
            lines,
            message,
            help,
        }
    }
}

/// The line that `at` stands on, without its end.
fn line_at(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    start..end
}

/// The lines of a text with their places, from `start` on.
fn lines(text: &str, start: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut at = start;
    text[start..].split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line)
    })
}

/// How deep a header is nested, `[[category.item]]` is 2; `None` for any other line.
fn header_depth(line: &str) -> Option<usize> {
    let line = line.trim_start();
    line.starts_with('[')
        .then(|| line.matches('.').count().saturating_add(1))
}

/// Whether a line has as many brackets that close as brackets that open.
fn is_balanced(line: &str) -> bool {
    line.matches('[').count() == line.matches(']').count()
}

/// Where the section ends whose header cannot be read: what stands in it would else seem to
/// belong to the section before.
fn section_end(text: &str, start: usize, depth: usize) -> usize {
    lines(text, start)
        .skip(1)
        .find(|(_, line)| header_depth(line).is_some_and(|other| other <= depth))
        .map_or(text.len(), |(at, _)| at)
}

/// Where the value ends that begins on `line`: on a line below, if it is a list that goes on.
fn value_end(text: &str, line: &Range<usize>) -> usize {
    if !starts_with_key(&text[line.clone()]) {
        return line.end;
    }
    let mut brackets = Brackets::default();
    for (at, written) in lines(text, line.start) {
        brackets.read(at, written);
        if brackets.innermost().is_none() {
            return at + written.trim_end_matches(['\r', '\n']).len();
        }
    }
    line.end
}

/// Whether a line begins as `key =` does.
fn starts_with_key(line: &str) -> bool {
    let rest = line
        .trim_start()
        .trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    rest.len() < line.trim_start().len() && rest.trim_start().starts_with('=')
}

/// Whether a line is a header and nothing else: `[[category.item]]`.
fn is_header(line: &str) -> bool {
    let line = line.trim();
    let name = line.trim_start_matches('[').trim_end_matches(']');
    let plain = |c: char| c.is_ascii_lowercase() || matches!(c, '.' | '-');
    line.starts_with('[') && line.ends_with(']') && !name.is_empty() && name.chars().all(plain)
}

/// Brackets that are open, outside of texts and comments.
#[derive(Default)]
struct Brackets(Vec<(usize, char)>);

impl Brackets {
    fn innermost(&self) -> Option<(usize, char)> {
        self.0.last().copied()
    }

    /// Reads one line, which stands at `start`. A text ends with its line, so that one that
    /// was never closed does not swallow the rest.
    fn read(&mut self, start: usize, line: &str) {
        let mut quote = None;
        let mut escaped = false;
        for (at, c) in line.char_indices() {
            match (quote, c) {
                (Some('"'), '\\') if !escaped => {
                    escaped = true;
                    continue;
                }
                (Some(open), _) if open == c && !escaped => quote = None,
                (None, '"' | '\'') => quote = Some(c),
                (None, '#') => break,
                (None, '[' | '{') => self.0.push((start + at, c)),
                (None, ']' | '}') => drop(self.0.pop()),
                _ => {}
            }
            escaped = false;
        }
    }
}

/// A list or `{` that was never closed: known by what stands below it.
struct Open {
    at: usize,
    bracket: char,
    lines: Range<usize>,
}

impl Open {
    fn find(text: &str) -> Option<Self> {
        let mut brackets = Brackets::default();
        let mut began = 0;
        for (at, line) in lines(text, 0) {
            match brackets.innermost() {
                // `key =` may stand inside braces, which may go on over several lines.
                Some((open, bracket))
                    if is_header(line) || (bracket == '[' && starts_with_key(line)) =>
                {
                    return Some(Self {
                        at: open,
                        bracket,
                        lines: began..at,
                    });
                }
                Some(_) => brackets.read(at, line),
                None if starts_with_key(line) => {
                    began = at;
                    brackets.read(at, line);
                }
                None => {}
            }
        }
        let (at, bracket) = brackets.innermost()?;
        let lines = began..text.len();
        Some(Self { at, bracket, lines })
    }

    fn fault(self) -> Fault {
        let closing = if self.bracket == '[' { ']' } else { '}' };
        Fault {
            span: self.at..self.at + 1,
            lines: self.lines,
            message: format!("这个“{}”没有收尾", self.bracket),
            help: format!("在最后一个值的后面补上“{closing}”"),
        }
    }
}
