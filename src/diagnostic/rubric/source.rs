//! A rubric file as text, and where its lines begin: places in it are looked up, not counted.

use std::ops::{Deref, Range};

/// One rubric file, as text.
#[derive(Clone, Debug)]
pub struct RubricSource {
    /// Its name, without the folder.
    pub name: String,
    /// What it says.
    pub text: SourceText,
}

/// A text that knows its lines.
#[derive(Clone, Debug)]
pub struct SourceText {
    text: String,
    /// Where each line begins, in bytes; the first at 0.
    starts: Vec<usize>,
}

impl From<String> for SourceText {
    fn from(text: String) -> Self {
        let ends = text.match_indices('\n').map(|(end, _)| end + 1);
        let starts = [0].into_iter().chain(ends).collect();
        Self { text, starts }
    }
}

impl From<&str> for SourceText {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl Deref for SourceText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl SourceText {
    /// The number of the line on which the byte `at` stands, from 1.
    pub fn line_number(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at)
    }

    /// The line on which the byte `at` stands, in bytes, its end included.
    pub fn line(&self, at: usize) -> Range<usize> {
        let number = self.line_number(at);
        let end = self.starts.get(number).copied();
        self.starts[number - 1]..end.unwrap_or(self.text.len())
    }

    /// The column of the byte `at`, in characters from 1.
    pub fn column(&self, at: usize) -> usize {
        self.text[self.line(at).start..at].chars().count() + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_a_line_and_a_column() {
        let text = SourceText::from("一 = 1\r\n\n二 = 2");
        for (written, number, column, line) in [
            ("一", 1, 1, "一 = 1\r\n"),
            ("1", 1, 5, "一 = 1\r\n"),
            ("\n二", 2, 1, "\n"),
            ("二", 3, 1, "二 = 2"),
            ("2", 3, 5, "二 = 2"),
        ] {
            let at = text.find(written).expect("it is there");
            assert_eq!(text.line_number(at), number, "{written}");
            assert_eq!(text.column(at), column, "{written}");
            assert_eq!(&text[text.line(at)], line, "{written}");
        }
        assert_eq!(text.line_number(text.len()), 3);
        assert_eq!(SourceText::from("").line(0), 0..0);
    }
}
