//! From paths to records: what `validate`, `score` and `report` have in common.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};

use crate::check::records::{self, Checked, Options};
use crate::cli::args::Common;
use crate::cli::voice::Voice;
use crate::diagnostic::{self, Diagnostic, FileFault, Finding, Spot};
use crate::engine;
use crate::input::files::{self, Collected};
use crate::input::rubric_file;
use crate::input::{layout, workbook};
use crate::location::Source;
use crate::model::catalog::Catalog;
use crate::model::grid::{Format, Workbook};
use crate::model::scorecard::ClassResult;

/// Everything that a run knows of what was handed in.
pub(super) struct Gathered {
    /// The rubrics in force.
    pub catalog: Catalog,
    /// The workbooks, by the order of their files; a file that cannot be read has no sheets.
    pub workbooks: Vec<Workbook>,
    /// What is wrong, in the order of print.
    pub diagnostics: Vec<Diagnostic>,
    /// The results, class by class.
    pub results: Vec<ClassResult>,
}

/// Reads the rubrics in force.
pub(super) fn catalog(common: &Common, voice: &Voice) -> Result<Catalog> {
    let sources = match &common.rubrics {
        Some(folder) => rubric_file::from_dir(folder)
            .with_context(|| format!("读不了细则文件夹 {}", folder.display()))?,
        None => rubric_file::embedded(),
    };
    rubric_file::read(&sources).or_else(|problems| {
        for problem in &problems {
            voice.say(&problem.render(&sources, voice.colors_stderr()));
        }
        bail!("细则有 {} 处错误，改好再用", problems.len())
    })
}

/// Reads and checks everything under `paths`, and scores what can be scored.
pub(super) fn gather(
    common: &Common,
    paths: &[PathBuf],
    options: &Options,
    voice: &Voice,
) -> Result<Gathered> {
    let catalog = catalog(common, voice)?;
    let collected = files::collect(paths);
    if let Some(folder) = collected.without_spreadsheet.first() {
        bail!("{folder} 里没有表格文件（.xlsx .xls .et .ods .csv 等）");
    }
    for (name, why) in &collected.skipped {
        voice.tell(&format!("跳过 {name}：{}", why.reason()));
    }
    let (workbooks, mut diagnostics) = read(&collected);
    let mut tables = Vec::new();
    for (order, workbook) in (0..).zip(&workbooks) {
        if workbook.sheets.is_empty() {
            continue;
        }
        let found = layout::find(workbook, order);
        voice.tell(&format!(
            "读了 {}：{} 张表",
            workbook.file,
            found.tables.len()
        ));
        tables.extend(found.tables);
        diagnostics.extend(found.diagnostics);
    }
    let Checked {
        diagnostics: in_tables,
        classes,
    } = records::check(&catalog, &tables, options);
    diagnostics.extend(in_tables);
    diagnostic::sort(&mut diagnostics);
    let results = classes
        .into_iter()
        .map(|class| engine::score_class(&catalog.rubrics[class.rubric], class))
        .collect();
    Ok(Gathered {
        catalog,
        workbooks,
        diagnostics,
        results,
    })
}

/// Reads every file; one that cannot be read is a finding and the rest goes on.
fn read(collected: &Collected) -> (Vec<Workbook>, Vec<Diagnostic>) {
    let mut workbooks = Vec::new();
    let mut diagnostics = Vec::new();
    let mut refuse = |order: usize, file: &Arc<str>, fault: FileFault| {
        let source = Source {
            file: Arc::clone(file),
            sheet: None,
            order: (u32::try_from(order).unwrap_or(u32::MAX), 0),
        };
        diagnostics.push(Diagnostic::new(Spot::File(source), Finding::File(fault)));
        Workbook {
            file: Arc::clone(file),
            format: Format::Text,
            sheets: Vec::new(),
        }
    };
    for entry in &collected.files {
        let read = workbook::read(entry);
        workbooks.push(read.unwrap_or_else(|fault| refuse(workbooks.len(), &entry.name, fault)));
    }
    for (name, fault) in &collected.problems {
        workbooks.push(refuse(workbooks.len(), name, fault.clone()));
    }
    (workbooks, diagnostics)
}
