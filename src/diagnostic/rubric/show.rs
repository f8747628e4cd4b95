//! How a finding in a rubric file is shown: its line, and marks below it.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{RubricProblem, RubricSource, Weight};
use crate::text::shown;

/// Widest line of a file that is shown whole; a longer one is cut around the mark.
const WIDTH: usize = 120;

/// How much of the document's words, and of a note, is repeated.
const QUOTED: usize = 120;

/// Where a finding stands, as an editor counts: everything from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The line.
    pub number: usize,
    /// The first column of the mark.
    pub column: usize,
    /// What the line says.
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
        let title = level.primary_title(self.message.as_str()).id(self.code);
        let mut group = Group::with_title(title);
        match (self.source(sources), self.line(sources)) {
            (Some(source), _) if look.line_again => {
                let snippet = Snippet::source(source.text.as_str()).path(look.path);
                group = group.element(snippet.annotations(self.marks(&source.text)));
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
        let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        Some(Line {
            number: text[..at].matches('\n').count() + 1,
            column: text[start..at].chars().count() + 1,
            text: text[start..].lines().next().unwrap_or_default().to_owned(),
        })
    }

    fn source<'a>(&self, sources: &'a [RubricSource]) -> Option<&'a RubricSource> {
        sources.iter().find(|source| source.name == self.file)
    }

    fn marks<'a>(&'a self, text: &str) -> Vec<Annotation<'a>> {
        let mut marks = vec![AnnotationKind::Primary.span(first_line(text, &self.span))];
        marks.extend(self.also.iter().map(|(span, label)| {
            let mark = AnnotationKind::Context.span(first_line(text, span));
            mark.label(label.as_str())
        }));
        marks
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
            words.push((HELP, help.clone()));
        }
        words
    }
}

const HELP: &str = "办法";

/// The part of `span` that stands on its first line: a mark down the margin of a long list
/// says less than one under its beginning. A place between two characters is marked by the one
/// behind it, or at the end of a line by the one before.
fn first_line(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let line = text[start..].lines().next().unwrap_or_default().trim_end();
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
