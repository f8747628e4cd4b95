//! Findings for people and for machines.

use std::collections::BTreeSet;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use serde::{Serialize, Serializer};
use unicode_width::UnicodeWidthStr;

use crate::diagnostic::{Diagnostic, Severity};
use crate::location::Address;
use crate::model::grid::{Cell, Content, Sheet, Workbook};
use crate::text::shown;

/// No more findings of one file are printed for people; the rest is counted.
const MOST_OF_A_FILE: usize = 1000;

/// How much of a file's or sheet's name, and of a neighbouring cell, is shown.
const NAME: usize = 80;
const NEIGHBOUR: usize = 14;

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    files: usize,
    errors: usize,
    warnings: usize,
    problems: Problems<'a>,
}

/// The findings, each put into words only when it is written: there may be a million.
struct Problems<'a> {
    diagnostics: &'a [Diagnostic],
    strict: bool,
}

impl Serialize for Problems<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.diagnostics.iter().map(|diagnostic| {
            Problem {
                code: diagnostic.code().name(),
                severity: severity(diagnostic, self.strict).key(),
                file: diagnostic.spot.source().map(|source| source.file.as_ref()),
                sheet: diagnostic.spot.sheet(),
                cell: diagnostic
                    .spot
                    .place()
                    .map(|place| place.address.to_string()),
                unit: diagnostic.unit.as_deref(),
                rule: diagnostic.rule.map(|rule| rule.to_string()),
                message: diagnostic.finding.message(),
                help: diagnostic.finding.help(),
            }
        }))
    }
}

#[derive(Serialize)]
struct Problem<'a> {
    code: &'static str,
    severity: &'static str,
    file: Option<&'a str>,
    sheet: Option<&'a str>,
    cell: Option<String>,
    unit: Option<&'a str>,
    rule: Option<String>,
    message: String,
    help: String,
}

/// How many findings are errors, and how many warnings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
}

impl Count {
    /// Counts; a `strict` reader takes every warning for an error.
    pub fn of(diagnostics: &[Diagnostic], strict: bool) -> Self {
        let errors = diagnostics
            .iter()
            .filter(|d| severity(d, strict) == Severity::Error);
        let errors = errors.count();
        Self {
            errors,
            warnings: diagnostics.len() - errors,
        }
    }
}

fn severity(diagnostic: &Diagnostic, strict: bool) -> Severity {
    match strict {
        true => Severity::Error,
        false => diagnostic.finding.severity(),
    }
}

/// Writes findings as JSON; `files` were read.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_json(
    out: &mut impl Write,
    diagnostics: &[Diagnostic],
    files: usize,
    strict: bool,
) -> io::Result<()> {
    let count = Count::of(diagnostics, strict);
    let document = Document {
        schema: "kaohe.validate/1",
        files,
        errors: count.errors,
        warnings: count.warnings,
        problems: Problems {
            diagnostics,
            strict,
        },
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// How findings are written for people.
#[derive(Clone, Copy, Debug)]
pub struct Human {
    /// Columns of the terminal; `None` where nothing is to be wrapped.
    pub width: Option<usize>,
    /// Whether warnings count as errors.
    pub strict: bool,
}

impl Human {
    /// Writes findings grouped by file, with the cells around where that helps: `rows_of` gives
    /// those rows of a file, in its sheets.
    ///
    /// # Errors
    ///
    /// When `out` cannot be written.
    pub fn write(
        &self,
        out: &mut impl Write,
        diagnostics: &[Diagnostic],
        rows_of: impl Fn(u32, BTreeSet<u32>) -> Option<Workbook>,
    ) -> io::Result<()> {
        let file = |d: &Diagnostic| d.spot.source().map(|source| source.order.0);
        for group in diagnostics.chunk_by(|a, b| file(a) == file(b)) {
            let name = match group[0].spot.source() {
                Some(source) => shown(&source.file, NAME),
                None => "缺少的材料".to_owned(),
            };
            let heading = Style::new().bold();
            writeln!(out, "{heading}{name}{heading:#}")?;
            let printed = &group[..group.len().min(MOST_OF_A_FILE)];
            let places = printed.iter().filter_map(|d| d.spot.place());
            let rows: BTreeSet<u32> = places.map(|place| place.address.row).collect();
            let order = file(&group[0]).filter(|_| !rows.is_empty());
            let workbook = order.and_then(|order| rows_of(order, rows));
            for diagnostic in printed {
                self.write_one(out, diagnostic, workbook.as_ref())?;
            }
            if let Some(more @ 1..) = group.len().checked_sub(MOST_OF_A_FILE) {
                writeln!(out, "  ……这个文件还有 {more} 个问题，没有一一列出")?;
            }
            writeln!(out)?;
        }
        Ok(())
    }

    fn write_one(
        &self,
        out: &mut impl Write,
        diagnostic: &Diagnostic,
        workbook: Option<&Workbook>,
    ) -> io::Result<()> {
        let (word, color) = match severity(diagnostic, self.strict) {
            Severity::Error => ("错误", AnsiColor::Red.on_default().bold()),
            Severity::Warning => ("提醒", AnsiColor::Yellow.on_default().bold()),
        };
        let dim = Style::new().dimmed();
        let mut place = String::new();
        if let Some(sheet) = diagnostic.spot.sheet() {
            place += &format!("{} › ", shown(sheet, NAME));
        }
        if let Some(cell) = diagnostic.spot.place() {
            place += &cell.address.to_string();
        }
        let place = place.trim_end_matches(" › ");
        let code = diagnostic.code();
        let gap = if place.is_empty() { "" } else { " " };
        writeln!(
            out,
            "  {color}{word}{color:#}{gap}{place} {dim}[{code}]{dim:#}"
        )?;
        let message = diagnostic.finding.message();
        self.write_wrapped(out, "    ", "    ", &message)?;
        if let Some(around) = workbook.and_then(|workbook| around(diagnostic, workbook)) {
            writeln!(out, "    {dim}{around}{dim:#}")?;
        }
        self.write_wrapped(out, "    → ", "      ", &diagnostic.finding.help())
    }

    fn write_wrapped(
        &self,
        out: &mut impl Write,
        first: &str,
        rest: &str,
        text: &str,
    ) -> io::Result<()> {
        let Some(width) = self.width else {
            return writeln!(out, "{first}{text}");
        };
        let options = textwrap::Options::new(width)
            .initial_indent(first)
            .subsequent_indent(rest);
        for line in textwrap::wrap(text, options) {
            writeln!(out, "{line}")?;
        }
        Ok(())
    }
}

/// The cells of the same row around a finding, the cell itself in brackets.
fn around(diagnostic: &Diagnostic, workbook: &Workbook) -> Option<String> {
    const BEFORE: u32 = 3;
    const AFTER: u32 = 1;
    let place = diagnostic.spot.place()?;
    let (_, sheet) = place.source.order;
    let sheet = workbook.sheets.get(usize::try_from(sheet).ok()?)?;
    let Address { row, column } = place.address;
    let cells = (column.saturating_sub(BEFORE)..=column + AFTER).map(|beside| {
        let text = cell_text(sheet, Address::new(row, beside));
        if beside == column {
            format!("【{}】", if text.is_empty() { "空" } else { &text })
        } else {
            text
        }
    });
    let line = cells.collect::<Vec<_>>().join(" | ");
    let line = line.trim_end_matches([' ', '|']);
    (line.width() > 8).then(|| format!("第 {} 行：{line}", row + 1))
}

/// What a cell shows, cut short.
fn cell_text(sheet: &Sheet, address: Address) -> String {
    let text = match sheet.cell(address) {
        None => String::new(),
        Some(Cell {
            content, percent, ..
        }) => match content {
            Content::Text(text) => text.trim().to_owned(),
            Content::Number(number) => number_text(*number, *percent),
            Content::Bool(true) => "TRUE".to_owned(),
            Content::Bool(false) => "FALSE".to_owned(),
            Content::Date(date) => date.text.to_string(),
            Content::Error(text) => text.to_string(),
            Content::Uncalculated => "公式，无结果".to_owned(),
        },
    };
    shown(&text, NEIGHBOUR)
}

fn number_text(number: f64, percent: bool) -> String {
    let exact = crate::decimal::from_f64(number);
    match exact {
        Some(exact) if percent => {
            crate::decimal::plain(exact * crate::decimal::Decimal::ONE_HUNDRED) + "%"
        }
        Some(exact) => crate::decimal::plain(exact),
        None => crate::decimal::shown(number),
    }
}
