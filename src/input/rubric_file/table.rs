//! Takes the fields out of one TOML table.
//!
//! A table remembers which keys were asked for, so that what nobody asked for can be reported
//! when it closes. What lacks or is of another type is reported at once; reading goes on.

mod probe;

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys;
use super::problem::{File, all};
use super::shape::{Node, Object, Shape};
use super::value::{self, wrong_type};
use crate::decimal::Decimal;
use crate::model::draft::{Field, Optional, Placed, Reported, Tables, Texts};

/// A value of the tree, with its place.
pub(super) type Value<'a> = Spanned<DeValue<'a>>;

/// How the value of a key is read.
pub(super) type Read<T> = fn(File, &'static str, &Value) -> Result<T, Reported>;

/// How the value of a key is read, and what it must be.
pub(super) struct Form<T> {
    /// Reads it.
    pub read: Read<T>,
    /// What it must be.
    pub shape: Shape,
}

/// A word that may stand for a value, what it means to people, what it means to us.
pub(super) type Word<T> = (&'static str, &'static str, T);

/// One table of a file.
pub(super) struct Table<'a> {
    /// The file.
    pub file: File<'a>,
    /// Its header or its braces; for the file as a whole, the first key.
    pub span: Range<usize>,
    tree: &'a DeTable<'a>,
    /// Where a value is taken from that this table does not have.
    base: Option<&'a DeTable<'a>>,
    set_aside: &'a str,
    asked: Vec<&'static str>,
    /// What was asked for, where the table is probed.
    probed: Option<Object>,
}

impl<'a> Table<'a> {
    /// Reads the table that a whole file is. `set_aside` is what stood on lines that are no
    /// TOML: a key that lacks may stand there.
    pub(super) fn root<T>(
        file: File<'a>,
        tree: &'a DeTable<'a>,
        set_aside: &'a str,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let first = tree.keys().map(Spanned::span).min_by_key(|span| span.start);
        let mut table = Self {
            file,
            span: first.unwrap_or_default(),
            tree,
            base: None,
            set_aside,
            asked: Vec::new(),
            probed: None,
        };
        let value = read(&mut table);
        table.close();
        value
    }

    /// Reads a table inside this one. Values that it does not have come from `base`.
    fn inner<T>(
        &self,
        tree: &'a DeTable<'a>,
        span: Range<usize>,
        base: Option<&'a DeTable<'a>>,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let mut table = Self {
            span,
            tree,
            base,
            asked: Vec::new(),
            probed: None,
            ..*self
        };
        let value = read(&mut table);
        table.close();
        value
    }

    /// Where the value of `key` stands.
    pub(super) fn place(&self, key: &str) -> Option<Range<usize>> {
        self.tree.get(key).map(Spanned::span)
    }

    /// Where `key` itself stands; counts as asked for.
    pub(super) fn key(&mut self, key: &'static str) -> Option<Range<usize>> {
        self.asked.push(key);
        let (key, _) = self.tree.get_key_value(key)?;
        Some(key.span())
    }

    /// A text, never empty.
    pub(super) fn text(&mut self, key: &'static str) -> Field<String> {
        self.required(key, value::TEXT)
    }

    /// A text, never empty, that may be left out.
    pub(super) fn optional_text(&mut self, key: &'static str) -> Optional<String> {
        self.optional(key, value::TEXT)
    }

    /// A name without characters that cannot be seen.
    pub(super) fn name(&mut self, key: &'static str) -> Field<String> {
        self.required(key, value::NAME)
    }

    /// Other names of the same, none where they are left out.
    pub(super) fn names(&mut self, key: &'static str) -> Texts {
        self.list(key, value::NAMES)
    }

    /// A number from zero.
    pub(super) fn number(&mut self, key: &'static str) -> Field<Decimal> {
        self.required(key, value::NUMBER)
    }

    /// A number from zero that may be left out.
    pub(super) fn optional_number(&mut self, key: &'static str) -> Optional<Decimal> {
        self.optional(key, value::NUMBER)
    }

    /// A field that must be there, read as `form` says.
    pub(super) fn required<T>(&mut self, key: &'static str, form: Form<T>) -> Field<T> {
        self.note(key, true, |_| Node::Value(form.shape))?;
        self.optional(key, form)?.ok_or_else(|| self.missing(key))
    }

    /// A field that may be left out, read as `form` says.
    pub(super) fn optional<T>(&mut self, key: &'static str, form: Form<T>) -> Optional<T> {
        self.note(key, false, |_| Node::Value(form.shape))?;
        let Some(found) = self.get(key) else {
            return Ok(None);
        };
        let value = (form.read)(self.file, key, found)?;
        let span = found.span();
        Ok(Some(Placed { value, span }))
    }

    /// One of a closed set of words; `code` is the problem with any other.
    pub(super) fn word<T: Clone>(
        &mut self,
        key: &'static str,
        code: &'static str,
        words: &[Word<T>],
    ) -> Field<T> {
        self.note(key, true, |_| Node::of_words(words))?;
        let found = self.optional_word(key, code, words)?;
        found.ok_or_else(|| self.missing(key))
    }

    /// One of a closed set of words, that may be left out.
    pub(super) fn optional_word<T: Clone>(
        &mut self,
        key: &'static str,
        code: &'static str,
        words: &[Word<T>],
    ) -> Optional<T> {
        self.note(key, false, |_| Node::of_words(words))?;
        let Some(Placed { value, span }) = self.optional_text(key)? else {
            return Ok(None);
        };
        if let Some((.., meaning)) = words.iter().find(|(word, ..)| *word == value) {
            let value = meaning.clone();
            return Ok(Some(Placed { value, span }));
        }
        let message = format!("{}没有“{value}”这一种", keys::title(key));
        let list = words.iter().map(|(word, meaning, _)| {
            if meaning.is_empty() {
                (*word).to_owned()
            } else {
                format!("{word}（{meaning}）")
            }
        });
        let list = list.collect::<Vec<_>>().join("、");
        let help = match keys::near(&value, words.iter().map(|(word, ..)| *word)) {
            Some(word) => format!("是不是“{word}”？可以写：{list}"),
            None => format!("可以写：{list}"),
        };
        Err(self.file.advise(&span, code, message, help))
    }

    /// A list of texts, empty where it is left out.
    pub(super) fn texts(&mut self, key: &'static str) -> Texts {
        self.list(key, value::TEXTS)
    }

    fn list(&mut self, key: &'static str, form: Form<Vec<Placed<String>>>) -> Texts {
        let texts = self.optional(key, form)?;
        Ok(texts.map(|texts| texts.value).unwrap_or_default())
    }

    /// A list of texts that may be empty but not left out.
    pub(super) fn required_texts(&mut self, key: &'static str) -> Texts {
        Ok(self.required(key, value::TEXTS)?.value)
    }

    /// The tables under `[[key]]`, at least one.
    pub(super) fn tables<T>(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(&mut Self) -> T,
    ) -> Tables<T> {
        self.note(key, true, |table| {
            Node::Tables(table.probe_inner(&mut read))
        })?;
        let tables = self.optional_tables(key, read)?;
        if tables.is_empty() {
            return Err(self.missing(key));
        }
        Ok(tables)
    }

    /// The tables under `[[key]]`, if any.
    pub(super) fn optional_tables<T>(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(&mut Self) -> T,
    ) -> Tables<T> {
        self.note(key, false, |table| {
            Node::Tables(table.probe_inner(&mut read))
        })?;
        let Some(found) = self.get(key) else {
            return Ok(Vec::new());
        };
        let Some(list) = found.get_ref().as_array() else {
            return Err(wrong_type(self.file, key, found, "列表"));
        };
        all(list
            .iter()
            .map(|found| match found.get_ref().as_table() {
                Some(tree) => Ok(self.inner(tree, found.span(), None, &mut read)),
                None => Err(wrong_type(self.file, key, found, "{ 键 = 值 }")),
            })
            .collect::<Vec<_>>())
    }

    /// The table `key = { … }`, if it is there.
    pub(super) fn optional_table<T>(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(&mut Self) -> Result<T, Reported>,
    ) -> Optional<T> {
        self.note(key, false, |table| {
            Node::Table(table.probe_inner(&mut read))
        })?;
        let Some(found) = self.get(key) else {
            return Ok(None);
        };
        let Some(tree) = found.get_ref().as_table() else {
            return Err(wrong_type(self.file, key, found, "{ 键 = 值 }"));
        };
        let span = found.span();
        let value = self.inner(tree, span.clone(), None, &mut read)?;
        Ok(Some(Placed { value, span }))
    }

    /// The tables in `key = { id = { … } }`, whose keys are ids; none where it is left out.
    /// Each of them has the values of this table where it has none of its own.
    pub(super) fn tables_by_id<T>(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(&mut Self) -> Result<T, Reported>,
    ) -> Tables<(Placed<String>, T)> {
        self.note(key, false, |table| Node::ById(table.probe_inner(&mut read)))?;
        let Some(found) = self.get(key) else {
            return Ok(Vec::new());
        };
        let Some(tree) = found.get_ref().as_table() else {
            return Err(wrong_type(self.file, key, found, "{ 键 = 值 }"));
        };
        let mut entries: Vec<_> = tree.iter().collect();
        entries.sort_by_key(|(id, _)| id.span().start);
        all(entries
            .into_iter()
            .map(|(id, found)| {
                let Some(tree) = found.get_ref().as_table() else {
                    return Err(wrong_type(self.file, key, found, "{ 键 = 值 }"));
                };
                let table = self.inner(tree, found.span(), Some(self.tree), &mut read)?;
                let value = id.get_ref().clone().into_owned();
                let span = id.span();
                Ok((Placed { value, span }, table))
            })
            .collect::<Vec<_>>())
    }

    /// The values in `key = { name = value, … }`, whose keys are names that the file chooses, in
    /// the order of the file; none where it is left out.
    pub(super) fn values_by_name<T>(
        &mut self,
        key: &'static str,
        form: Form<T>,
    ) -> Optional<Vec<(Placed<String>, Placed<T>)>> {
        self.note(key, false, |_| Node::ByName(form.shape))?;
        let Some(found) = self.get(key) else {
            return Ok(None);
        };
        let Some(tree) = found.get_ref().as_table() else {
            return Err(wrong_type(self.file, key, found, "{ 键 = 值 }"));
        };
        let mut entries: Vec<_> = tree.iter().collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        let value = all(entries
            .into_iter()
            .map(|(name, found)| {
                let name = Placed {
                    value: name.get_ref().clone().into_owned(),
                    span: name.span(),
                };
                let value = (form.read)(self.file, key, found)?;
                let span = found.span();
                Ok((name, Placed { value, span }))
            })
            .collect::<Vec<_>>())?;
        let span = found.span();
        Ok(Some(Placed { value, span }))
    }

    fn get(&mut self, key: &'static str) -> Option<&'a Value<'a>> {
        self.asked.push(key);
        let own = self.tree.get(key);
        own.or_else(|| self.base.and_then(|base| base.get(key)))
    }

    /// Reports that `key` lacks; not where it may stand on a line that is no TOML, which was
    /// reported.
    pub(super) fn missing(&self, key: &'static str) -> Reported {
        if self.set_aside.contains(key) {
            return Reported::recorded();
        }
        let message = format!("这里少了{}", keys::title(key));
        let help = keys::example(key);
        self.file.advise(&self.span, "missing-key", message, help)
    }

    /// Reports every key that nobody asked for.
    fn close(self) {
        for key in self.tree.keys() {
            let name = key.get_ref().as_ref();
            if self.asked.contains(&name) {
                continue;
            }
            let message = format!("不认识的键“{name}”");
            let help = keys::nearest(name, &self.asked);
            self.file.advise(&key.span(), "unknown-key", message, help);
        }
    }
}
