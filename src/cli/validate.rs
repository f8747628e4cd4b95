//! `kaohe validate`: every problem of every file in one pass.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::check::records::Options;
use crate::cli::Outcome;
use crate::cli::args::{Common, FindingsFormat, Validate};
use crate::cli::gather::{self, Gathered};
use crate::cli::voice::Voice;
use crate::diagnostic::{Code, Diagnostic};
use crate::output::findings::{self, Count, Human};
use crate::output::{annotate, files};

pub(super) fn run(common: &Common, args: &Validate, voice: &Voice) -> Result<Outcome> {
    if let Some(name) = &args.explain {
        return explain(name, voice);
    }
    let options = Options {
        complete: args.complete,
        period: None,
    };
    let gathered = gather::gather(common, &args.paths, &options, voice)?;
    let count = Count::of(&gathered.diagnostics, common.strict);
    let files = gathered.files;
    let mut out = voice.stdout();
    match args.format {
        FindingsFormat::Json => {
            findings::write_json(&mut out, &gathered.diagnostics, files, common.strict)?;
        }
        FindingsFormat::Text => {
            let human = Human {
                width: voice.width_of_stdout(),
                strict: common.strict,
            };
            human.write(&mut out, &gathered.diagnostics, |order| {
                gathered.sheets_of(order)
            })?;
            writeln!(out, "{}", summary(files, count))?;
        }
    }
    out.flush()?;
    if let Some(folder) = &args.annotate {
        annotate(&gathered, folder, args.force, voice)?;
    }
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
    let mut copies: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
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
        let path = folder.join(annotated_name(&workbook.file));
        files::may_write(&path, force)?;
        gathered.is_no_input(&path)?;
        let bytes = annotate::copy(&workbook, &problems)
            .with_context(|| format!("{} 的标注副本做不出来", workbook.file))?;
        if copies.insert(path, bytes).is_some() {
            bail!(
                "有两个文件都叫 {}，标注的副本会互相覆盖；请改名，或者分开检查",
                workbook.file
            );
        }
    }
    for (path, bytes) in &copies {
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent)
            .with_context(|| format!("文件夹 {} 建不了", parent.display()))?;
        files::write_whole(path, bytes, force)?;
    }
    voice.say(&format!(
        "标注好的副本 {} 份，放在 {}",
        copies.len(),
        folder.display()
    ));
    Ok(())
}

/// The name of the marked copy: the file's own, `.xlsx` behind it where it has another ending.
fn annotated_name(file: &str) -> String {
    match file.to_lowercase().ends_with(".xlsx") {
        true => file.to_owned(),
        false => format!("{file}.xlsx"),
    }
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
        let _ = human.write(&mut err, &gathered.diagnostics, |order| {
            gathered.sheets_of(order)
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
