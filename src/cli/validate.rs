//! `kaohe validate`: every problem of every file in one pass.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::check::records::Options;
use crate::cli::Outcome;
use crate::cli::args::{Common, FindingsFormat, Validate};
use crate::cli::gather::{self, Gathered};
use crate::cli::voice::Voice;
use crate::diagnostic::{Code, Diagnostic};
use crate::output::files::Batch;
use crate::output::findings::{self, Count, Human};
use crate::output::{annotate, names};

pub(super) fn run(common: &Common, args: &Validate, voice: &Voice) -> Result<Outcome> {
    if let Some(name) = &args.explain {
        return explain(name, voice);
    }
    let options = Options {
        complete: args.complete,
        period: None,
    };
    let gathered = gather::gather(common, &args.paths, &options, voice)?;
    let outcome = match args.format {
        FindingsFormat::Text => list(common, &gathered, voice)?,
        FindingsFormat::Json => {
            let files = gathered.files;
            let mut out = voice.data();
            findings::write_json(&mut out, &gathered.diagnostics, files, common.strict)?;
            out.flush()?;
            outcome(Count::of(&gathered.diagnostics, common.strict))
        }
    };
    if let Some(folder) = &args.annotate {
        annotate(&gathered, folder, args.force, voice)?;
    }
    Ok(outcome)
}

/// Lists on stdout, for people, what is wrong with the sheets.
pub(super) fn list(common: &Common, gathered: &Gathered, voice: &Voice) -> Result<Outcome> {
    let count = Count::of(&gathered.diagnostics, common.strict);
    let human = Human {
        width: voice.width_of_stdout(),
        strict: common.strict,
    };
    let mut out = voice.stdout();
    human.write(&mut out, &gathered.diagnostics, |order, rows| {
        gathered.rows_of(order, rows)
    })?;
    writeln!(out, "{}", summary(gathered.files, count))?;
    out.flush()?;
    Ok(outcome(count))
}

/// Says what a code means.
fn explain(name: &str, voice: &Voice) -> Result<Outcome> {
    let Some(code) = Code::of_name(name) else {
        let known: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
        bail!("没有代码 {name}，有的是：{}", known.join("、"));
    };
    let mut out = voice.stdout();
    writeln!(out, "{}", code.page().text(code))?;
    out.flush()?;
    Ok(Outcome::Clean)
}

/// Writes a marked copy of each file that has problems into `folder`: all of them, or none.
fn annotate(gathered: &Gathered, folder: &Path, force: bool, voice: &Voice) -> Result<()> {
    let mut batch = Batch::new(force);
    let mut copies = 0;
    let file = |d: &Diagnostic| d.spot.source().map(|source| source.order.0);
    for problems in gathered.diagnostics.chunk_by(|a, b| file(a) == file(b)) {
        let Some(source) = problems[0].spot.source() else {
            continue;
        };
        let Some(workbook) = gathered.sheets_of(source.order.0) else {
            voice.say(&format!("{} 读不了，没有标注的副本", source.file));
            continue;
        };
        let problems: Vec<&Diagnostic> = problems.iter().collect();
        let path = annotated_path(folder, &workbook.file)?;
        gathered.is_no_input(&path)?;
        let bytes = annotate::copy(&workbook, &problems)
            .with_context(|| format!("{} 的标注副本做不出来", workbook.file))?;
        batch.folder(path.parent().unwrap_or(folder))?;
        batch.add(&path, &bytes)?;
        copies += 1;
    }
    batch.finish()?;
    voice.say(&format!(
        "标注好的副本 {copies} 份，放在 {}",
        folder.display()
    ));
    Ok(())
}

/// Where the marked copy of `file` goes: under its own name, in the same folders within
/// `folder`, `.xlsx` behind it where it has another ending.
fn annotated_path(folder: &Path, file: &str) -> Result<PathBuf> {
    const ENDING: &str = ".xlsx";
    let (folders, name) = file.rsplit_once('/').unwrap_or(("", file));
    let mut path = folder.to_owned();
    for within in folders.split('/').filter(|within| !within.is_empty()) {
        path = names::within(&path, &names::file(within, ""))?;
    }
    let at = name.len().checked_sub(ENDING.len());
    let (stem, ending) = match at.and_then(|at| name.split_at_checked(at)) {
        Some((stem, own)) if own.eq_ignore_ascii_case(ENDING) => (stem, own),
        _ => (name, ENDING),
    };
    names::within(&path, &names::file(stem, ending))
}

/// Says on stderr what is wrong with the sheets of another command's run.
pub(super) fn say(common: &Common, gathered: &Gathered, voice: &Voice) -> Result<Outcome> {
    let count = Count::of(&gathered.diagnostics, common.strict);
    if !voice.is_quiet() && !gathered.diagnostics.is_empty() {
        let human = Human {
            width: voice.width_of_stderr(),
            strict: common.strict,
        };
        // When stderr is gone there is nobody left to tell, and the work goes on.
        let mut err = voice.stderr();
        let _ = human.write(&mut err, &gathered.diagnostics, |order, rows| {
            gathered.rows_of(order, rows)
        });
        let _ = writeln!(err, "{}\n", summary(gathered.files, count));
    }
    Ok(outcome(count))
}

fn outcome(count: Count) -> Outcome {
    match count.errors {
        0 => Outcome::Clean,
        _ => Outcome::Problems,
    }
}

/// The last line: how many files, errors, warnings.
fn summary(files: usize, count: Count) -> String {
    match count {
        Count {
            errors: 0,
            warnings: 0,
        } => format!("检查了 {files} 个文件，没有问题"),
        Count { errors, warnings } => {
            format!("检查了 {files} 个文件：错误 {errors} 个，提醒 {warnings} 个")
        }
    }
}
