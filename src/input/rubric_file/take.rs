//! From drafts to values: what the builders of rubrics, task tables and rosters have in common.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::Display;
use std::hash::Hash;
use std::ops::Range;

use super::problem::{File, all};
use crate::model::draft::{Field, Optional, Placed, Reported, RubricDraft, Tables, Texts};

/// What was read, to look at.
pub(super) fn held<T>(read: &Result<T, Reported>) -> Result<&T, Reported> {
    read.as_ref().map_err(|reported| *reported)
}

/// The value of a field that must be there.
pub(super) fn value<T: Clone>(field: &Field<T>) -> Result<T, Reported> {
    Ok(held(field)?.value.clone())
}

/// The value of a field that may be left out.
pub(super) fn maybe<T: Clone>(field: &Optional<T>) -> Result<Option<T>, Reported> {
    let field = held(field)?.as_ref();
    Ok(field.map(|field| field.value.clone()))
}

/// The texts of a list.
pub(super) fn texts(texts: &Texts) -> Result<Vec<String>, Reported> {
    let texts = held(texts)?;
    Ok(texts.iter().map(|text| text.value.clone()).collect())
}

/// What `build` makes of each table, in order; every one is built, so that every problem is
/// found.
pub(super) fn each<T, U>(
    tables: &Tables<T>,
    build: impl FnMut(&T) -> Result<U, Reported>,
) -> Result<Vec<U>, Reported> {
    let tables = held(tables)?;
    all(tables.iter().map(build))
}

/// Both values, or the proof that one of them could not be had.
pub(super) fn both<T, U>(
    one: Result<T, Reported>,
    other: Result<U, Reported>,
) -> Result<(T, U), Reported> {
    Ok((one?, other?))
}

/// The position of the rubric with this id; `None` where there is none.
///
/// # Errors
///
/// Where there is none, but some rubric's id could not be read: it may be that one.
pub(super) fn rubric_position(
    rubrics: &[RubricDraft],
    id: &str,
) -> Result<Option<usize>, Reported> {
    let is_it = |rubric: &RubricDraft| matches!(&rubric.id, Ok(known) if known.value == id);
    match rubrics.iter().position(is_it) {
        Some(position) => Ok(Some(position)),
        None => rubrics
            .iter()
            .find_map(|rubric| rubric.id.as_ref().err())
            .map_or(Ok(None), |reported| Err(*reported)),
    }
}

/// The ids that a person can choose from.
pub(super) fn known_rubrics(rubrics: &[RubricDraft]) -> String {
    let ids = rubrics.iter().filter_map(|rubric| rubric.id.as_ref().ok());
    let ids: Vec<_> = ids.map(|id| id.value.as_str()).collect();
    if ids.is_empty() {
        return "请先在细则文件夹里放一份细则".to_owned();
    }
    format!("现有的细则：{}", ids.join("、"))
}

/// Keys that must be unique, and where each was first seen.
pub(super) struct Seen<'a, K> {
    code: &'static str,
    /// What the keys are, to people.
    what: &'static str,
    first: HashMap<K, (File<'a>, Range<usize>)>,
}

impl<'a, K: Eq + Hash> Seen<'a, K> {
    /// None seen yet; a second one is the problem `code`.
    pub(super) fn new(code: &'static str, what: &'static str) -> Self {
        Self {
            code,
            what,
            first: HashMap::new(),
        }
    }

    /// Reports `key`, which is written as `name`, if it was seen before.
    pub(super) fn check<N: Display>(
        &mut self,
        file: File<'a>,
        key: K,
        name: &Placed<N>,
    ) -> Result<(), Reported> {
        match self.first.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert((file, name.span.clone()));
                Ok(())
            }
            Entry::Occupied(entry) => {
                let (before, first) = entry.get();
                let message = format!("{}“{}”重复", self.what, name.value);
                let place = if before.index == file.index {
                    String::new()
                } else {
                    format!(" {} ", before.source.name)
                };
                let line = before.line(first);
                let help = format!("{place}第 {line} 行已经有了，请改掉或删去一个");
                Err(file.advise(&name.span, self.code, message, help.trim_start()))
            }
        }
    }
}
