//! What changed between two versions of the rubrics, for people and for machines.

mod json;
mod moves;

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use crate::model::change::{Change, ClassEffect, Effect, Part, Stage, Subject};
use crate::model::rubric::mark_text;

pub use json::write_json;

/// Columns that the text takes at most.
const WIDTH: usize = 80;

/// How much of a long text is shown on either side.
const SHOWN: usize = 40;

/// What is to be told.
#[derive(Debug)]
pub struct Told<'a> {
    /// Every change.
    pub changes: Vec<Noted<'a>>,
    /// The way from the old to the new.
    pub stages: &'a [Stage],
    /// What it moves, where there are sheets.
    pub effects: Option<&'a [ClassEffect]>,
}

/// A change and where it is written.
#[derive(Debug)]
pub struct Noted<'a> {
    /// The change.
    pub change: &'a Change,
    /// What people call the key.
    pub meaning: Option<&'static str>,
    /// File and line, before and after.
    pub lines: [Option<(String, usize)>; 2],
}

/// The changes, and what they move, as text.
pub fn render(told: &Told) -> String {
    let mut text = String::new();
    if told.changes.is_empty() {
        push(&mut text, "两个版本没有差别");
    }
    for (effect, title) in [
        (
            Effect::Rescored,
            "可以重算：表上的填报值不变，由程序重新计分",
        ),
        (
            Effect::Judged,
            "要由人重新评定：问的、评的变了，表上的填报值不能照用",
        ),
        (Effect::Wording, "只改文字：得分、名次不会因此变动"),
    ] {
        let all = told.changes.iter().enumerate();
        let of_effect: Vec<_> = all
            .filter(|(_, noted)| noted.change.effect == effect)
            .collect();
        if of_effect.is_empty() {
            continue;
        }
        push(&mut text, &format!("{title}（{} 处）", of_effect.len()));
        for (position, noted) in of_effect {
            push_change(&mut text, told, position, noted);
        }
    }
    let words = |noted: &Noted| noted.change.effect == Effect::Wording;
    if !told.changes.is_empty() && told.changes.iter().all(words) {
        push(&mut text, "只改了文字，没有一处影响计分。");
    }
    if let Some(effects) = told.effects {
        moves::render(&mut text, told, effects);
    }
    text
}

fn push_change(text: &mut String, told: &Told, position: usize, noted: &Noted) {
    let Change {
        subject,
        key,
        old,
        new,
        ..
    } = noted.change;
    let label = match number(told.stages, position) {
        Some(number) => format!("[{number}] "),
        None => String::new(),
    };
    let what = match (key, noted.meaning) {
        (Some(key), Some(meaning)) => format!(" {meaning}（{key}）"),
        (Some(key), None) => format!(" {key}"),
        (None, _) => String::new(),
    };
    let change = match (old, new) {
        (Some(old), Some(new)) => {
            let (old, new) = around_the_difference(old, new);
            format!("：{old} → {new}")
        }
        (None, Some(new)) if *new == name(subject) => "：新增".to_owned(),
        (Some(old), None) if *old == name(subject) => "：删去".to_owned(),
        (None, Some(new)) => format!("：新增“{}”", short(new)),
        (Some(old), None) => format!("：删去“{}”", short(old)),
        (None, None) => String::new(),
    };
    push_wrapped(
        text,
        &format!("{label}{}{what}{change}", name(subject)),
        "  ",
    );
    push_wrapped(text, &places(&noted.lines), "      ");
}

/// The number by which a change is named below.
fn number(stages: &[Stage], change: usize) -> Option<usize> {
    let stage = stages
        .iter()
        .position(|stage| *stage == Stage::Change(change));
    stage.map(|stage| stage + 1)
}

/// What people call a stage.
fn stage_label(stages: &[Stage], stage: usize) -> String {
    match stages.get(stage) {
        Some(Stage::TasksAndRoster) => "[任务表、名册]".to_owned(),
        Some(Stage::Judged) => "[重新评定]".to_owned(),
        Some(Stage::Wording) => "[其他]".to_owned(),
        Some(Stage::Change(_)) | None => format!("[{}]", stage + 1),
    }
}

/// What people call a part of the files.
fn name(subject: &Subject) -> String {
    match subject {
        Subject::Rubric(id, part) => match part {
            Part::Whole => id.clone(),
            Part::Ranking => format!("{id} 名次"),
            Part::Grades => format!("{id} 等次"),
            Part::Period(period) => format!("{id} 时段 {period}"),
            Part::Category(position) => format!("{id} 第 {} 个类别", position + 1),
            Part::Item(no) => format!("{id} 项目 {no}"),
            Part::Clause(no, mark) => {
                let mark = mark.map(mark_text).unwrap_or_default();
                format!("{id} 项目 {no} 考核内容{mark}")
            }
            Part::Rule(rule) => format!("{id} 编号 {rule}"),
        },
        Subject::TaskTable(_) => "任务表".to_owned(),
        Subject::Task(no) => format!("任务 {no}"),
        Subject::Unit(unit) => unit.to_string(),
    }
}

/// `旧 government.toml 第 95 行，新 第 96 行`
fn places([old, new]: &[Option<(String, usize)>; 2]) -> String {
    let line = |place: &(String, usize)| format!("{} 第 {} 行", place.0, place.1);
    match (old, new) {
        (Some(old), Some(new)) if old.0 == new.0 => {
            format!("{}，旧第 {} 行，新第 {} 行", old.0, old.1, new.1)
        }
        (Some(old), Some(new)) => format!("旧 {}，新 {}", line(old), line(new)),
        (Some(old), None) => format!("旧 {}", line(old)),
        (None, Some(new)) => format!("新 {}", line(new)),
        (None, None) => String::new(),
    }
}

fn short(text: &str) -> String {
    crate::text::shown(text, SHOWN)
}

/// Both texts, of long ones the part where they differ.
fn around_the_difference(old: &str, new: &str) -> (String, String) {
    const BEFORE: usize = 16;
    let (old, new): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let long = old.len().max(new.len()) > SHOWN;
    let start = if long { same.saturating_sub(BEFORE) } else { 0 };
    let part = |text: &[char]| {
        let part: String = text[start..].iter().collect();
        let dots = if start > 0 { "……" } else { "" };
        format!("{dots}{}", short(&part))
    };
    (part(&old), part(&new))
}

fn push(text: &mut String, line: &str) {
    writeln!(text, "{line}").expect("a string takes any text");
}

/// A line, wrapped with the lines below it further in.
fn push_wrapped(text: &mut String, line: &str, indent: &str) {
    if line.is_empty() {
        return;
    }
    let further = format!("{indent}    ");
    let options = textwrap::Options::new(WIDTH)
        .initial_indent(indent)
        .subsequent_indent(&further);
    push(text, &textwrap::fill(line, options));
}

/// A text with spaces behind it up to `width` columns.
fn padded(text: &str, width: usize) -> String {
    let spaces = width.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(spaces))
}
