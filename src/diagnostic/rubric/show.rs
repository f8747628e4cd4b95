//! How a finding in a rubric file is shown: its line, and marks below it.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{RubricProblem, RubricSource, SourceText, Weight};
use crate::text::shown;

/// Widest line of a file that is shown whole; a longer one is cut around the mark.
const WIDTH: usize = 120;

/// How much of the document's words, and of a note, is repeated.
const QUOTED: usize = 120;

/// How much of a message and of a help is said: what they repeat may be of any length.
const SAID: usize = 2_000;

/// How much of a line is given to machines, which may ask for it once for every finding.
const LONGEST_LINE: usize = 1_000;

/// Where a finding stands, as an editor counts: everything from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The line.
    pub number: usize,
    /// The first column of the mark.
    pub column: usize,
    /// What the line says; of a very long one the beginning.
    pub text: String,
}

/// How a finding is shown among others.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// What its file is called.
    pub path: &'a str,
    /// Other places where it is found word for word.
    pub elsewhere: &'a [String],
    /// Whether its line is shown; it may stand right above.
    pub line_again: bool,
    /// Whether there are colours.
    pub color: bool,
}

impl RubricProblem {
    /// The finding with its line and marks, for people; `sources` are the files that were read.
    pub fn render(&self, sources: &[RubricSource], color: bool) -> String {
        let look = Look {
            path: &self.file,
            elsewhere: &[],
            line_again: true,
            color,
        };
        self.render_as(sources, look)
    }

    /// The same, as a reader of many findings wants it.
    pub fn render_as(&self, sources: &[RubricSource], look: Look) -> String {
        let level = match self.weight() {
            Weight::Error => Level::ERROR,
            Weight::Warning => Level::WARNING,
            Weight::Open => Level::INFO,
        };
        let level = level.with_name(self.weight().name());
        let title = level.primary_title(shown(&self.message, SAID));
        let title = title.id(self.code);
        let mut group = Group::with_title(title);
        match (self.source(sources), self.line(sources)) {
            (Some(source), _) if look.line_again => {
                group = group.element(self.snippet(&source.text).path(look.path));
            }
            (_, Some(line)) => {
                let origin = Origin::path(look.path).line(line.number);
                group = group.element(origin.char_column(line.column));
            }
            (_, None) => {}
        }
        for (name, text) in self.words(look.elsewhere) {
            let level = if name == HELP {
                Level::HELP
            } else {
                Level::NOTE
            };
            group = group.element(level.with_name(name).message(text));
        }
        let renderer = if look.color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(WIDTH);
        renderer.render(&[group])
    }

    /// The line where it stands; `None` where a whole file lacks.
    pub fn line(&self, sources: &[RubricSource]) -> Option<Line> {
        let text = &self.source(sources)?.text;
        let at = first_line(text, &self.span).start;
        let line = text[text.line(at)].lines().next().unwrap_or_default();
        Some(Line {
            number: text.line_number(at),
            column: text.column(at),
            text: line.chars().take(LONGEST_LINE).collect(),
        })
    }

    fn source<'a>(&self, sources: &'a [RubricSource]) -> Option<&'a RubricSource> {
        sources.iter().find(|source| source.name == self.file)
    }

    /// The lines from the first mark to the last, marked. The whole file would be looked through
    /// for each finding.
    fn snippet<'a>(&'a self, text: &'a SourceText) -> Snippet<'a, Annotation<'a>> {
        let also = self.also.iter().map(|(span, _)| span.start);
        let (first, last) = also.fold((self.span.start, self.span.start), |(first, last), at| {
            (first.min(at), last.max(at))
        });
        // What is behind the last line is shown at its end.
        let begin = text.line(first.min(text.len().saturating_sub(1))).start;
        let lines = &text[begin..text.line(last).end];
        let mark = |kind: AnnotationKind, span| {
            let place = first_line(text, span);
            kind.span(place.start - begin..place.end - begin)
        };
        let also = self.also.iter().map(|(span, label)| {
            let mark = mark(AnnotationKind::Context, span);
            mark.label(label.as_str())
        });
        Snippet::source(lines)
            .line_start(text.line_number(begin))
            .annotation(mark(AnnotationKind::Primary, &self.span))
            .annotations(also)
    }

    /// What is said below the line.
    fn words(&self, elsewhere: &[String]) -> Vec<(&'static str, String)> {
        let mut words = Vec::new();
        if let Some(quote) = &self.quote {
            words.push(("原文", format!("“{}”", shown(quote, QUOTED))));
        }
        if let Some(note) = &self.note {
            words.push(("已注明", shown(note, QUOTED)));
        }
        if !elsewhere.is_empty() {
            words.push(("同样", elsewhere.join("、")));
        }
        if let Some(help) = &self.help {
            words.push((HELP, shown(help, SAID)));
        }
        words
    }
}

const HELP: &str = "办法";

/// The part of `span` that stands on its first line: a mark down the margin of a long list
/// says less than one under its beginning. A place between two characters is marked by the one
/// behind it, or at the end of a line by the one before.
fn first_line(text: &SourceText, span: &Range<usize>) -> Range<usize> {
    let Range { start, end } = text.line(span.start);
    let line = text[start..end].trim_end();
    let end = start + line.len();
    let at = span.start.min(end);
    if at < span.end.min(end) {
        return at..span.end.min(end);
    }
    match (
        text[at..end].chars().next(),
        text[start..at].chars().next_back(),
    ) {
        (Some(behind), _) => at..at + behind.len_utf8(),
        (None, Some(before)) => at - before.len_utf8()..at,
        (None, None) => at..at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_says_does_nothing_to_the_screen() {
        let source = RubricSource {
            name: "roster.toml".to_owned(),
            text: "\"\\u001b[31m\" = 1\n".into(),
        };
        let problem = RubricProblem::new("unknown-key", "roster.toml", 0..10, "“\u{1b}[31m”");
        let problem = problem.help("“\u{202e}”");
        let shown = problem.render(&[source], false);
        assert!(shown.starts_with("错误[unknown-key]: “ [31m”\n"), "{shown}");
        assert!(shown.ends_with("办法: “ ”"), "{shown}");
    }
}
