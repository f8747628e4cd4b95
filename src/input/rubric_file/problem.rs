//! What is wrong with a rubric file, and how that is shown: the line, and marks below it.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::RubricSource;

/// One thing wrong with a rubric file.
#[derive(Clone, Debug)]
pub struct RubricProblem {
    /// Stable name: `unknown-key`.
    pub code: &'static str,
    /// The file.
    pub file: String,
    /// Where in its text, in bytes.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl RubricProblem {
    /// The problem with its line and marks, for people.
    pub fn render(&self, sources: &[RubricSource], color: bool) -> String {
        let Some(source) = sources.iter().find(|source| source.name == self.file) else {
            return format!("错误[{}]：{}", self.code, self.message);
        };
        let mark = AnnotationKind::Primary.span(self.span.clone());
        let snippet = Snippet::source(source.text.as_str())
            .path(self.file.as_str())
            .annotation(mark);
        let mut group = Group::with_title(
            Level::ERROR
                .with_name("错误")
                .primary_title(self.message.as_str())
                .id(self.code),
        )
        .element(snippet);
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.with_name("办法").message(help.as_str()));
        }
        let renderer = if color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        renderer.decor_style(DecorStyle::Ascii).render(&[group])
    }
}

/// The parser's words for a syntax error, as far as they are common, in Chinese.
pub(super) fn syntax(message: &str) -> String {
    let known = [
        ("duplicate key", "同一个键写了两次"),
        (
            "invalid basic string",
            "引号里的文字没有收尾，或者有不能用的符号",
        ),
        ("invalid unquoted", "键要用英文小写字母，或者文字没有加引号"),
        ("unquoted", "键要用英文小写字母，或者文字没有加引号"),
        ("missing", "少了一个符号"),
        ("unclosed", "括号没有收尾"),
        ("expected", "这里缺符号，或者多了符号"),
    ];
    let lower = message.to_lowercase();
    match known.iter().find(|(words, _)| lower.contains(words)) {
        Some((_, chinese)) => format!("{chinese}（{message}）"),
        None => message.to_owned(),
    }
}
