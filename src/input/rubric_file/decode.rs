//! Takes values out of a TOML tree, collecting what is wrong instead of stopping at it.

use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{RubricProblem, RubricSource};
use crate::decimal::{self, Decimal};

/// Figures of a rubric are below this; a larger one is a slip.
const TOO_LARGE: i64 = 1_000_000;

/// What is wrong so far, with any file.
#[derive(Default)]
pub(super) struct Problems(RefCell<Vec<RubricProblem>>);

/// One table of a file; remembers which of its keys were asked for.
pub(super) struct Table<'a> {
    pub source: &'a RubricSource,
    problems: &'a Problems,
    tree: &'a DeTable<'a>,
    /// Where the table stands: its header, or its braces.
    pub span: Range<usize>,
    asked: RefCell<Vec<&'static str>>,
}

/// A value and where it stands.
pub(super) type Placed<T> = (T, Range<usize>);

impl Problems {
    pub(super) fn add(
        &self,
        source: Option<&RubricSource>,
        span: Range<usize>,
        code: &'static str,
        message: String,
        help: Option<String>,
    ) {
        self.0.borrow_mut().push(RubricProblem {
            code,
            file: source.map(|source| source.name.clone()).unwrap_or_default(),
            span,
            message,
            help,
        });
    }

    /// By file, then by place.
    pub(super) fn into_sorted(self, sources: &[RubricSource]) -> Vec<RubricProblem> {
        let mut found = self.0.into_inner();
        found.sort_by_key(|problem| {
            let file = sources
                .iter()
                .position(|source| source.name == problem.file);
            (file, problem.span.start)
        });
        found
    }
}

impl<'a> Table<'a> {
    /// The table that a whole file is.
    pub(super) fn root(
        source: &'a RubricSource,
        tree: &'a Spanned<DeTable<'a>>,
        problems: &'a Problems,
    ) -> Self {
        Self {
            source,
            problems,
            tree: tree.get_ref(),
            span: 0..0,
            asked: RefCell::default(),
        }
    }

    fn inner(&self, tree: &'a DeTable<'a>, span: Range<usize>) -> Self {
        Self {
            source: self.source,
            problems: self.problems,
            tree,
            span,
            asked: RefCell::default(),
        }
    }

    /// Says that something is wrong at `span`.
    pub(super) fn say(&self, span: Range<usize>, code: &'static str, message: String) {
        self.problems
            .add(Some(self.source), span, code, message, None);
    }

    /// The same, with what to do.
    pub(super) fn advise(
        &self,
        span: Range<usize>,
        code: &'static str,
        message: String,
        help: String,
    ) {
        self.problems
            .add(Some(self.source), span, code, message, Some(help));
    }

    /// The value of `key`, if it is there.
    fn value(&self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().push(key);
        let entry = self.tree.iter().find(|(known, _)| known.get_ref() == key);
        entry.map(|(_, value)| value)
    }

    /// Says that a key lacks.
    fn lacks(&self, key: &str) {
        self.say(self.span.clone(), "missing-key", format!("这里缺“{key}”"));
    }

    /// Says that a value is of another type than wanted.
    fn wrong_type(&self, key: &str, value: &Spanned<DeValue>, want: &str) {
        let found = match value.get_ref() {
            DeValue::String(_) => "文字",
            DeValue::Integer(_) | DeValue::Float(_) => "数",
            DeValue::Boolean(_) => "真假值",
            DeValue::Datetime(_) => "日期",
            DeValue::Array(_) => "列表",
            DeValue::Table(_) => "一组键值",
        };
        let message = format!("“{key}”应是{want}，这里是{found}");
        self.say(value.span(), "wrong-type", message);
    }

    /// A text that may be left out.
    pub(super) fn optional_text(&self, key: &'static str) -> Option<Placed<String>> {
        let value = self.value(key)?;
        match value.get_ref().as_str() {
            Some(text) if !text.trim().is_empty() => Some((text.to_owned(), value.span())),
            Some(_) => {
                self.say(value.span(), "empty-text", format!("“{key}”是空的"));
                None
            }
            None => {
                self.wrong_type(key, value, "引号里的文字");
                None
            }
        }
    }

    /// A text with its place; empty where it lacks, which is said.
    pub(super) fn placed_text(&self, key: &'static str) -> Placed<String> {
        if !self.has(key) {
            self.asked.borrow_mut().push(key);
            self.lacks(key);
        }
        self.optional_text(key)
            .unwrap_or_else(|| (String::new(), self.span.clone()))
    }

    /// A text.
    pub(super) fn text(&self, key: &'static str) -> String {
        self.placed_text(key).0
    }

    /// The decision that stands beside a place of the document.
    pub(super) fn note(&self) -> Option<String> {
        self.optional_text("note").map(|(note, _)| note)
    }

    /// Whether `key` is there.
    pub(super) fn has(&self, key: &str) -> bool {
        self.tree.iter().any(|(known, _)| known.get_ref() == key)
    }

    /// A number, exactly as written, that may be left out. Never below zero.
    pub(super) fn optional_number(&self, key: &'static str) -> Option<Placed<Decimal>> {
        let value = self.value(key)?;
        let written = match value.get_ref() {
            DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str(),
            DeValue::Float(float) => float.as_str(),
            _ => {
                self.wrong_type(key, value, "数");
                return None;
            }
        };
        match decimal::parse(written) {
            Some(number) if number < Decimal::ZERO => {
                self.say(
                    value.span(),
                    "negative-number",
                    format!("“{key}”不能小于 0"),
                );
                None
            }
            Some(number) if number < TOO_LARGE.into() => Some((number, value.span())),
            _ => {
                let message = format!("“{key}”不是考核里会有的数：{written}");
                self.say(value.span(), "number-out-of-range", message);
                None
            }
        }
    }

    /// A number; zero where it lacks, which is said.
    pub(super) fn number(&self, key: &'static str) -> Placed<Decimal> {
        if !self.has(key) {
            self.asked.borrow_mut().push(key);
            self.lacks(key);
        }
        self.optional_number(key)
            .unwrap_or_else(|| (Decimal::ZERO, self.span.clone()))
    }

    /// A whole number that fits.
    pub(super) fn whole<N: TryFrom<Decimal> + Default>(&self, key: &'static str) -> Placed<N> {
        let (number, span) = self.number(key);
        let whole = Some(number).filter(|number| number.fract().is_zero());
        match whole.and_then(|number| N::try_from(number).ok()) {
            Some(whole) => (whole, span),
            None => {
                self.say(
                    span.clone(),
                    "not-a-whole-number",
                    format!("“{key}”应是整数"),
                );
                (N::default(), span)
            }
        }
    }

    /// A list of texts, empty where it lacks.
    pub(super) fn texts(&self, key: &'static str) -> Vec<Placed<String>> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let Some(list) = value.get_ref().as_array() else {
            self.wrong_type(key, value, "列表 [\"…\"]");
            return Vec::new();
        };
        let text = |value: &Spanned<DeValue>| match value.get_ref().as_str() {
            Some(text) => Some((text.to_owned(), value.span())),
            None => {
                self.wrong_type(key, value, "引号里的文字");
                None
            }
        };
        list.iter().filter_map(text).collect()
    }

    /// The tables under `[[key]]`; where there is none, that is said.
    pub(super) fn tables(&self, key: &'static str) -> Vec<Self> {
        let tables = self.optional_tables(key);
        if tables.is_empty() && !self.has(key) {
            self.say(
                self.span.clone(),
                "missing-table",
                format!("这里还要有 [[{key}]]"),
            );
        }
        tables
    }

    /// The tables under `[[key]]`, if any.
    pub(super) fn optional_tables(&self, key: &'static str) -> Vec<Self> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let Some(list) = value.get_ref().as_array() else {
            self.wrong_type(key, value, "列表");
            return Vec::new();
        };
        let table = |value: &'a Spanned<DeValue<'a>>| match value.get_ref().as_table() {
            Some(tree) => Some(self.inner(tree, value.span())),
            None => {
                self.wrong_type(key, value, "{ … }");
                None
            }
        };
        list.iter().filter_map(table).collect()
    }

    /// The table `key = { … }`, if it is there.
    pub(super) fn optional_table(&self, key: &'static str) -> Option<Self> {
        let value = self.value(key)?;
        match value.get_ref().as_table() {
            Some(tree) => Some(self.inner(tree, value.span())),
            None => {
                self.wrong_type(key, value, "{ … }");
                None
            }
        }
    }

    /// The tables in this one, by their keys, whatever the keys are.
    pub(super) fn entries(&self) -> Vec<(Placed<String>, Self)> {
        let entry = |(key, value): (&'a Spanned<_>, &'a Spanned<DeValue<'a>>)| {
            let name: &std::borrow::Cow<'a, str> = Spanned::get_ref(key);
            match value.get_ref().as_table() {
                Some(tree) => {
                    let table = self.inner(tree, value.span());
                    Some(((name.to_string(), key.span()), table))
                }
                None => {
                    self.wrong_type(name, value, "{ … }");
                    None
                }
            }
        };
        self.tree.iter().filter_map(entry).collect()
    }

    /// Says which keys nobody asked for.
    pub(super) fn close(&self) {
        let asked = self.asked.borrow();
        for (key, _) in self.tree {
            let name = key.get_ref().as_ref();
            if asked.contains(&name) {
                continue;
            }
            let nearest = asked.iter().max_by(|a, b| {
                strsim::jaro_winkler(a, name).total_cmp(&strsim::jaro_winkler(b, name))
            });
            let help = match nearest {
                Some(nearest) if strsim::jaro_winkler(nearest, name) > 0.75 => {
                    format!("是不是想写“{nearest}”？")
                }
                _ => format!("这里可以写：{}", asked.join("、")),
            };
            self.advise(
                key.span(),
                "unknown-key",
                format!("不认识的键“{name}”"),
                help,
            );
        }
    }
}
