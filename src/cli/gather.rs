//! From paths to records: what all commands that read sheets have in common.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};

use crate::check::records::{self, Checked, Options};
use crate::cli::args::Common;
use crate::cli::basis;
use crate::cli::voice::Voice;
use crate::diagnostic::{self, Diagnostic, FileFault, Finding, Spot};
use crate::engine;
use crate::input::files::{self, Collected};
use crate::input::rubric_file::{self, RubricSource};
use crate::input::{layout, workbook};
use crate::location::Source;
use crate::model::catalog::Catalog;
use crate::model::grid::{Format, Workbook};
use crate::model::scorecard::ClassResult;
use crate::model::submission::Table;
use crate::output::report::verify;

/// Everything that a run knows of what was handed in.
pub(super) struct Gathered {
    /// The rubrics in force.
    pub catalog: Catalog,
    /// The workbooks, by the order of their files; a file that cannot be read has no sheets.
    pub workbooks: Vec<Workbook>,
    /// The files that they came from; a path that is not there has a workbook and no file.
    pub inputs: Vec<Input>,
    /// What is wrong, in the order of print.
    pub diagnostics: Vec<Diagnostic>,
    /// The results, class by class.
    pub results: Vec<ClassResult>,
}

impl Gathered {
    /// Whether `path`, which is to be written, is none of the sheets that were read: those are
    /// never overwritten, whatever was forced.
    pub(super) fn is_no_input(&self, path: &Path) -> Result<()> {
        let Ok(path) = path.canonicalize() else {
            return Ok(());
        };
        let same = |input: &&Input| input.path.canonicalize().is_ok_and(|input| input == path);
        match self.inputs.iter().find(same) {
            Some(input) => bail!("{} 是收到的表，不能盖掉它，请换一个地方", input.name),
            None => Ok(()),
        }
    }
}

/// A file that was handed in.
pub(super) struct Input {
    /// Its name, relative to the path that was given.
    pub name: Arc<str>,
    /// Where it lies.
    pub path: PathBuf,
    /// The SHA-256 of its bytes; `None` where they cannot be read, or nobody asked.
    pub sha256: Option<String>,
}

/// Reads the rubrics in force.
pub(super) fn catalog(common: &Common, voice: &Voice) -> Result<Catalog> {
    let sources = match &common.rubrics {
        Some(folder) => rubric_file::from_dir(folder)
            .with_context(|| format!("读不了细则文件夹 {}", folder.display()))?,
        None => rubric_file::embedded(),
    };
    catalog_of(&sources, voice)
}

/// Reads rubrics from `sources`.
pub(super) fn catalog_of(sources: &[RubricSource], voice: &Voice) -> Result<Catalog> {
    rubric_file::read(sources).or_else(|problems| {
        for problem in &problems {
            voice.say(&problem.render(sources, voice.colors_stderr()));
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
    gather_with(common, paths, options, Reader::default(), voice)
}

/// The same for the whole year, the fingerprint of every file taken from the bytes that are read.
pub(super) fn gather_with_fingerprints(
    common: &Common,
    paths: &[PathBuf],
    voice: &Voice,
) -> Result<Gathered> {
    let reader = Reader {
        fingerprints: true,
        ..Reader::default()
    };
    gather_with(common, paths, &Options::default(), reader, voice)
}

/// The tables found in everything under `paths`, to be held to more than one version of the
/// rubrics, and what is wrong with the files themselves.
pub(super) fn tables(paths: &[PathBuf], voice: &Voice) -> Result<(Vec<Table>, Vec<Diagnostic>)> {
    let mut reader = Reader::default();
    read_tables(paths, &mut reader, voice)
}

fn read_tables(
    paths: &[PathBuf],
    reader: &mut Reader,
    voice: &Voice,
) -> Result<(Vec<Table>, Vec<Diagnostic>)> {
    let collected = files::collect(paths);
    for (name, why) in &collected.skipped {
        voice.tell(&format!("跳过 {name}：{}", why.reason()));
    }
    if !collected.skipped.is_empty() {
        voice.tell(&format!("一共跳过 {} 个文件", collected.skipped.len()));
    }
    if let Some(folder) = collected.without_spreadsheet.first() {
        bail!("{folder} 里没有表格文件（.xlsx .xls .et .ods .csv 等）");
    }
    reader.read(collected, voice);
    if reader.workbooks.is_empty() {
        bail!("没有可以检查的表：给的是 kaohe 生成的排名工作簿");
    }
    let mut diagnostics = std::mem::take(&mut reader.diagnostics);
    let mut tables = Vec::new();
    for (order, workbook) in (0..).zip(&reader.workbooks) {
        if workbook.sheets.is_empty() {
            continue;
        }
        let found = layout::find(workbook, order);
        let count = found.tables.len();
        voice.tell(&format!("读了 {}：{count} 张表", workbook.file));
        tables.extend(found.tables);
        diagnostics.extend(found.diagnostics);
    }
    Ok((tables, diagnostics))
}

fn gather_with(
    common: &Common,
    paths: &[PathBuf],
    options: &Options,
    mut reader: Reader,
    voice: &Voice,
) -> Result<Gathered> {
    let catalog = catalog(common, voice)?;
    let (tables, mut diagnostics) = read_tables(paths, &mut reader, voice)?;
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
        workbooks: reader.workbooks,
        inputs: reader.inputs,
        diagnostics,
        results,
    })
}

/// Reads every file once; one that cannot be read is a finding and the rest goes on.
#[derive(Default)]
struct Reader {
    fingerprints: bool,
    workbooks: Vec<Workbook>,
    inputs: Vec<Input>,
    diagnostics: Vec<Diagnostic>,
}

impl Reader {
    fn read(&mut self, collected: Collected, voice: &Voice) {
        for entry in collected.files {
            let bytes = workbook::load(&entry.path);
            let fingerprint = |bytes: &Vec<u8>| basis::sha256(bytes);
            let sha256 = bytes
                .as_ref()
                .ok()
                .filter(|_| self.fingerprints)
                .map(fingerprint);
            let read = bytes.and_then(|bytes| workbook::from_bytes(&entry.name, &bytes));
            if read.as_ref().is_ok_and(verify::is_report) {
                voice.say(&format!("跳过 {}：这是 kaohe 生成的排名工作簿", entry.name));
                continue;
            }
            let workbook = read.unwrap_or_else(|fault| self.refuse(&entry.name, fault));
            self.workbooks.push(workbook);
            self.inputs.push(Input {
                name: entry.name,
                path: entry.path,
                sha256,
            });
        }
        for (name, fault) in collected.problems {
            let workbook = self.refuse(&name, fault);
            self.workbooks.push(workbook);
        }
    }

    /// Says that a file cannot be read; what stands for it has no sheets.
    fn refuse(&mut self, file: &Arc<str>, fault: FileFault) -> Workbook {
        let source = Source {
            file: Arc::clone(file),
            sheet: None,
            order: (u32::try_from(self.workbooks.len()).unwrap_or(u32::MAX), 0),
        };
        let finding = Finding::File(fault);
        self.diagnostics
            .push(Diagnostic::new(Spot::File(source), finding));
        Workbook {
            file: Arc::clone(file),
            format: Format::Text,
            sheets: Vec::new(),
        }
    }
}
