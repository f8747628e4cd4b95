//! `kaohe rubric test`: runs the self-tests of rubrics.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

use crate::check::trial;
use crate::cli::args::{Common, FindingsFormat, RubricTest};
use crate::cli::voice::Voice;
use crate::cli::{Outcome, gather};
use crate::engine;
use crate::input::rubric_file::{self, RubricProblem, RubricSource};
use crate::model::catalog::Catalog;
use crate::model::rubric::Rubric;
use crate::model::trial::TrialFile;
use crate::output::trial::{Tried, count, summary, words, write_json};

pub(in crate::cli) fn run(common: &Common, args: &RubricTest, voice: &Voice) -> Result<Outcome> {
    let catalog = gather::catalog(common, voice)?;
    let sources = sources(common, args)?;
    let files = read(&catalog, &sources, voice)?;
    let tried: Vec<Tried> = sources
        .iter()
        .zip(&files)
        .map(|(source, (position, file))| {
            let rubric = &catalog.rubrics[*position];
            Tried {
                file: &source.name,
                text: &source.text,
                rubric,
                trial: trial::run(rubric, *position, file, &engine::score_class),
            }
        })
        .collect();
    let is_tested = |rubric: &&Rubric| tried.iter().any(|tried| tried.rubric.id == rubric.id);
    let untested: Vec<&Rubric> = if args.files.is_empty() {
        catalog
            .rubrics
            .iter()
            .filter(|rubric| !is_tested(rubric))
            .collect()
    } else {
        Vec::new()
    };
    let mut out = voice.stdout();
    match args.format {
        FindingsFormat::Json => write_json(&mut out, &tried, &untested)?,
        FindingsFormat::Text => {
            show_failures(&mut out, &sources, &tried, voice)?;
            out.write_all(summary(&tried, &untested).as_bytes())?;
        }
    }
    out.flush()?;
    let (_, failed) = count(&tried);
    let gaps = !untested.is_empty() || tried.iter().any(|tried| !tried.trial.gaps.is_empty());
    Ok(if failed > 0 || (common.strict && gaps) {
        Outcome::Problems
    } else {
        Outcome::Clean
    })
}

/// The files of self-tests: those that are named, or those beside the rubrics in force.
fn sources(common: &Common, args: &RubricTest) -> Result<Vec<RubricSource>> {
    if !args.files.is_empty() {
        if let Some(folder) = args.files.iter().find(|file| file.is_dir()) {
            let folder = folder.display();
            bail!("{folder} 是文件夹：请写 kaohe rubric test --rubrics {folder}");
        }
        let is_test = |file: &&PathBuf| file.to_string_lossy().ends_with(rubric_file::TRIAL);
        if let Some(file) = args.files.iter().find(|file| !is_test(file)) {
            let file = file.display();
            bail!("{file} 不是自测文件：自测的文件名以 .test.toml 结尾");
        }
        let files = args.files.iter();
        let read = files.map(|file| rubric_file::from_file(file).context("读不了自测文件"));
        return read.collect();
    }
    match &common.rubrics {
        Some(folder) => rubric_file::trials_from_dir(folder)
            .with_context(|| format!("读不了细则文件夹 {}", folder.display())),
        None => Ok(rubric_file::embedded_trials()),
    }
}

/// Reads the files; each with the position of its rubric.
fn read(
    catalog: &Catalog,
    sources: &[RubricSource],
    voice: &Voice,
) -> Result<Vec<(usize, TrialFile)>> {
    let mut files = Vec::new();
    let mut wrong = 0;
    for source in sources {
        let read = rubric_file::read_trials(source).and_then(|file| {
            let mut rubrics = catalog.rubrics.iter();
            let position = rubrics.position(|rubric| rubric.id == file.rubric.value);
            let position = position.ok_or_else(|| vec![unknown_rubric(catalog, source, &file)])?;
            Ok((position, file))
        });
        match read {
            Ok(read) => files.push(read),
            Err(problems) => {
                wrong += problems.len();
                voice.say_problems(&problems, std::slice::from_ref(source));
            }
        }
    }
    if wrong > 0 {
        bail!("自测文件有 {wrong} 处错误，改好再用");
    }
    Ok(files)
}

fn unknown_rubric(catalog: &Catalog, source: &RubricSource, file: &TrialFile) -> RubricProblem {
    let ids = catalog.rubrics.iter().map(|rubric| rubric.id.as_str());
    let known = ids.collect::<Vec<_>>().join("、");
    let message = format!("没有标识为“{}”的细则", file.rubric.value);
    let place = file.rubric.span.clone();
    let problem = RubricProblem::new("unknown-rubric", source.name.as_str(), place, message);
    problem.help(format!(
        "现有的细则：{known}；细则在别的文件夹的，加上 --rubrics 文件夹"
    ))
}

/// Shows every failure with its line.
fn show_failures(
    out: &mut impl Write,
    sources: &[RubricSource],
    tried: &[Tried],
    voice: &Voice,
) -> Result<()> {
    for (source, tried) in sources.iter().zip(tried) {
        for verdict in &tried.trial.verdicts {
            for failure in &verdict.failures {
                let words = words(verdict, failure);
                let place = failure.span.clone();
                let file = source.name.as_str();
                let problem = RubricProblem::new(words.code, file, place, words.message);
                let problem = problem.help(words.help);
                let shown = problem.render(std::slice::from_ref(source), voice.colors_stdout());
                writeln!(out, "{shown}\n")?;
            }
        }
    }
    Ok(())
}
