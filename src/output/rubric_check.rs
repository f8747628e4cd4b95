//! Findings in rubric files, for people and for machines.

use std::collections::HashMap;
use std::io::{self, Write};

use comfy_table::{Cell, Table};
use serde::Serialize;

use crate::decimal::{Decimal, as_json, plain};
use crate::diagnostic::{Line, Look, MOST_SHOWN, RubricProblem, RubricSource, Weight, not_shown};
use crate::output::columns::{self, lines, right};

/// A set of files that were checked together.
#[derive(Debug)]
pub struct CheckedSet {
    /// The files.
    pub sources: Vec<RubricSource>,
    /// What stands before the name of each, where they lie in a folder: `细则/`.
    pub folder: String,
    /// What was found.
    pub problems: Vec<RubricProblem>,
    /// What the points of each rubric hang on.
    pub points: Vec<Points>,
}

/// What the points of one rubric hang on.
#[derive(Clone, Debug, Serialize)]
pub struct Points {
    /// The rubric's id.
    pub rubric: String,
    /// The class that it scores.
    pub class: String,
    /// Its file.
    pub file: String,
    /// The points of its items.
    #[serde(serialize_with = "as_json")]
    pub points: Decimal,
    /// Points that a count or a yes or no decides.
    #[serde(serialize_with = "as_json")]
    pub counted: Decimal,
    /// Points that a ratio decides.
    #[serde(serialize_with = "as_json")]
    pub ratio: Decimal,
    /// Points that an assessor decides.
    #[serde(serialize_with = "as_json")]
    pub discretion: Decimal,
    /// Points that no rule can take.
    #[serde(serialize_with = "as_json")]
    pub untouched: Decimal,
}

/// How many findings there are of each weight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// What cannot be computed.
    pub errors: usize,
    /// What looks wrong.
    pub warnings: usize,
    /// What the document leaves open.
    pub open: usize,
}

impl Tally {
    /// Counts.
    pub fn of(sets: &[CheckedSet]) -> Self {
        let mut tally = Self::default();
        for problem in sets.iter().flat_map(|set| &set.problems) {
            match problem.weight() {
                Weight::Error => tally.errors += 1,
                Weight::Warning => tally.warnings += 1,
                Weight::Open => tally.open += 1,
            }
        }
        tally
    }
}

impl CheckedSet {
    fn path(&self, file: &str) -> String {
        format!("{}{file}", self.folder)
    }

    fn line(&self, problem: &RubricProblem) -> Option<Line> {
        problem.line(&self.sources)
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    errors: usize,
    warnings: usize,
    open: usize,
    rubrics: Vec<&'a Points>,
    findings: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Finding<'a> {
    code: &'static str,
    severity: &'static str,
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
    text: Option<String>,
    message: &'a str,
    quote: Option<&'a str>,
    note: Option<&'a str>,
    help: Option<&'a str>,
}

/// Writes the findings as JSON. A `strict` reader takes every warning for an error.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_json(out: &mut impl Write, sets: &[CheckedSet], strict: bool) -> io::Result<()> {
    let tally = Tally::of(sets);
    let warnings = if strict { 0 } else { tally.warnings };
    let findings = sets.iter().flat_map(|set| {
        set.problems.iter().map(move |problem| {
            let (number, column, text) = set
                .line(problem)
                .map(|line| (line.number, line.column, line.text))
                .map_or((None, None, None), |(a, b, c)| (Some(a), Some(b), Some(c)));
            let weight = match problem.weight() {
                Weight::Warning if strict => Weight::Error,
                weight => weight,
            };
            Finding {
                code: problem.code,
                severity: weight.key(),
                file: (!problem.file.is_empty()).then(|| set.path(&problem.file)),
                line: number,
                column,
                text,
                message: &problem.message,
                quote: problem.quote.as_deref(),
                note: problem.note.as_deref(),
                help: problem.help.as_deref(),
            }
        })
    });
    let document = Document {
        schema: "kaohe.rubric-check/1",
        errors: tally.errors + tally.warnings - warnings,
        warnings,
        open: tally.open,
        rubrics: sets.iter().flat_map(|set| &set.points).collect(),
        findings: findings.collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// So many places are named where a finding is found word for word.
const MOST_PLACES: usize = 100;

/// Writes the findings for people: errors and warnings, then what is open, then what the points
/// hang on. What several files have word for word is shown once.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_text(out: &mut impl Write, sets: &[CheckedSet]) -> io::Result<()> {
    for set in sets {
        let (open, wrong): (Vec<_>, Vec<_>) = set
            .problems
            .iter()
            .partition(|problem| problem.weight() == Weight::Open);
        write_findings(out, set, &wrong)?;
        if !open.is_empty() {
            writeln!(out, "原文没有写、要考核办公室明确的，程序先这样算：\n")?;
            write_findings(out, set, &open)?;
        }
    }
    let points: Vec<_> = sets.iter().flat_map(|set| &set.points).collect();
    if !points.is_empty() {
        writeln!(out, "分数由什么决定：")?;
        writeln!(out, "{}\n", lines(&table(&points)))?;
    }
    let tally = Tally::of(sets);
    writeln!(
        out,
        "错误 {} 处，提醒 {} 处，需明确 {} 处",
        tally.errors, tally.warnings, tally.open
    )?;
    let mut problems = sets.iter().flat_map(|set| &set.problems);
    if problems.any(|problem| problem.code == "syntax") {
        writeln!(
            out,
            "有的文件里有不合 TOML 写法的行，和它有关的提醒还没有列出；改好以后请再查一次"
        )?;
    }
    Ok(())
}

fn write_findings(
    out: &mut impl Write,
    set: &CheckedSet,
    problems: &[&RubricProblem],
) -> io::Result<()> {
    let mut order = Vec::new();
    let mut same: HashMap<_, Vec<&RubricProblem>> = HashMap::new();
    for problem in problems {
        let words = (problem.code, &problem.message, &problem.quote);
        let places = same.entry(words).or_default();
        if places.is_empty() {
            order.push(words);
        }
        places.push(problem);
    }
    let mut above = None;
    for words in order.iter().take(MOST_SHOWN) {
        let Some((first, rest)) = same[words].split_first() else {
            continue;
        };
        let place = |problem: &&RubricProblem| {
            let path = set.path(&problem.file);
            match set.line(problem) {
                Some(line) => format!("{path}:{}:{}", line.number, line.column),
                None => path,
            }
        };
        let mut elsewhere: Vec<_> = rest.iter().take(MOST_PLACES).map(place).collect();
        if rest.len() > MOST_PLACES {
            elsewhere.push(format!("另有 {} 处", rest.len() - MOST_PLACES));
        }
        let path = set.path(&first.file);
        let place = Some((&first.file, &first.span));
        let look = Look {
            path: &path,
            elsewhere: &elsewhere,
            line_again: above != place || !first.also.is_empty(),
            color: true,
        };
        above = place;
        let shown = first.render_as(&set.sources, look);
        writeln!(out, "{shown}\n")?;
    }
    let others = order.iter().skip(MOST_SHOWN);
    if let Some(words) = not_shown(others.map(|words| same[words].len()).sum()) {
        writeln!(out, "{words}\n")?;
    }
    Ok(())
}

fn table(points: &[&Points]) -> Table {
    let untouched = points.iter().any(|points| !points.untouched.is_zero());
    let mut header = vec!["细则", "类别", "合计", "按次数、是否", "按比例", "酌情"];
    if untouched {
        header.push("扣不到");
    }
    let mut table = columns::table(&header);
    for points in points {
        let number = |number| right(plain(number));
        let mut row = vec![
            Cell::new(&points.rubric),
            Cell::new(&points.class),
            number(points.points),
            number(points.counted),
            number(points.ratio),
            number(points.discretion),
        ];
        if untouched {
            row.push(number(points.untouched));
        }
        table.add_row(row);
    }
    table
}
