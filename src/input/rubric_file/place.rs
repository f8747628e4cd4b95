//! Where a part of the rubrics stands in its file, found by what names it there.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{RubricSource, keys};
use crate::model::change::{Part, Subject};
use crate::model::rubric::RuleId;
use crate::model::task::TaskNo;

/// A file and a line, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The file's name.
    pub file: String,
    /// The line.
    pub line: usize,
}

/// What people call a key: `最多扣几分`.
pub fn key_meaning(key: &str) -> Option<&'static str> {
    keys::meaning(key)
}

/// The line of `key` of `subject`, or where the subject begins if the key is not written.
pub fn line_of(sources: &[RubricSource], subject: &Subject, key: Option<&str>) -> Option<Line> {
    sources.iter().find_map(|source| {
        let (tree, _) = DeTable::parse_recoverable(&source.text);
        let offset = offset(tree.get_ref(), subject, key)?;
        Some(Line {
            file: source.name.clone(),
            line: source.text.line_number(offset),
        })
    })
}

/// A table and where it begins.
type Found<'a> = (&'a DeTable<'a>, usize);

fn offset(root: &DeTable, subject: &Subject, key: Option<&str>) -> Option<usize> {
    let (table, begin) = match subject {
        Subject::Rubric(id, part) => {
            if text(root, "id") != Some(id) {
                return None;
            }
            part_of(root, part, key)?
        }
        Subject::TaskTable(title) => {
            root.get("task")?;
            (text(root, "title") == Some(title)).then_some((root, 0))?
        }
        Subject::Task(no) => {
            let is_it = |table: &DeTable| text(table, "no").and_then(TaskNo::parse) == Some(*no);
            named(root, "task", is_it)?
        }
        Subject::Unit(name) => tables(root, "class").find_map(|(class, _)| {
            named(class, "units", |unit| text(unit, "name") == Some(name))
        })?,
    };
    Some(key.and_then(|key| place(table, key)).unwrap_or(begin))
}

fn part_of<'a>(root: &'a DeTable<'a>, part: &Part, key: Option<&str>) -> Option<Found<'a>> {
    let item = |no: u32| {
        let is_it = |item: &DeTable| text_of(item, "no") == Some(no.to_string());
        tables(root, "category").find_map(|(category, _)| named(category, "item", is_it))
    };
    let marked = |table: &DeTable, mark: Option<u32>| {
        let written = text(table, "mark").and_then(|mark| RuleId::parse(&format!("1{mark}")));
        written.and_then(|id| id.mark) == mark
    };
    match part {
        Part::Whole => Some((root, 0)),
        Part::Ranking => Some(inner(root, "ranking").unwrap_or((root, 0))),
        Part::Grades => Some(inner(root, "grades").unwrap_or((root, 0))),
        Part::Period(id) => named(root, "period", |period| text(period, "id") == Some(id)),
        Part::Category(position) => tables(root, "category").nth(*position),
        Part::Item(no) => item(*no),
        Part::Clause(no, mark) => named(item(*no)?.0, "clause", |clause| marked(clause, *mark)),
        Part::Rule(id) => {
            let (of_item, begin) = item(id.item)?;
            if key == Some("not-applicable") {
                // Written beside the item, or for the whole rubric.
                let written = |table: &DeTable| table.get("not-applicable").is_some();
                let of_rubric = written(root) && !written(of_item);
                return Some(if of_rubric {
                    (root, 0)
                } else {
                    (of_item, begin)
                });
            }
            named(of_item, "rule", |rule| marked(rule, id.mark))
        }
    }
}

fn text<'a>(table: &'a DeTable, key: &str) -> Option<&'a str> {
    table.get(key)?.get_ref().as_str()
}

/// A text or a whole number.
fn text_of(table: &DeTable, key: &str) -> Option<String> {
    match table.get(key)?.get_ref() {
        DeValue::Integer(number) => Some(number.to_string()),
        value => value.as_str().map(str::to_owned),
    }
}

fn place(table: &DeTable, key: &str) -> Option<usize> {
    let (key, _) = table.get_key_value(key)?;
    Some(key.span().start)
}

fn inner<'a>(table: &'a DeTable<'a>, key: &str) -> Option<Found<'a>> {
    found(table.get(key)?)
}

fn found<'a>(value: &'a Spanned<DeValue<'a>>) -> Option<Found<'a>> {
    Some((value.get_ref().as_table()?, value.span().start))
}

fn tables<'a>(table: &'a DeTable<'a>, key: &str) -> impl Iterator<Item = Found<'a>> {
    let list = table.get(key).and_then(|value| value.get_ref().as_array());
    list.into_iter()
        .flat_map(|list| list.iter())
        .filter_map(found)
}

fn named<'a>(
    table: &'a DeTable<'a>,
    key: &str,
    is_it: impl Fn(&DeTable) -> bool,
) -> Option<Found<'a>> {
    tables(table, key).find(|(table, _)| is_it(table))
}
