//! `kaohe rubric diff`: what changed between two versions of the rubrics, and what it moves.

use std::io::Write;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::check::difference::{self, Difference, Scored};
use crate::check::records::{self, Options};
use crate::cli::args::{Common, FindingsFormat, RubricDiff};
use crate::cli::voice::Voice;
use crate::cli::{Outcome, gather};
use crate::diagnostic::Diagnostic;
use crate::engine;
use crate::input::rubric_file::{self, Line, RubricSource};
use crate::model::catalog::Catalog;
use crate::model::change::{Change, ClassEffect, Stage, Subject};
use crate::model::submission::Table;
use crate::output::difference::{Noted, Told, render, write_json};

/// Words for the rubrics that are compiled in.
const BUILT_IN: [&str; 2] = ["内置", "builtin"];

/// One version: its files and what they mean.
struct Version {
    sources: Vec<RubricSource>,
    catalog: Catalog,
}

pub(in crate::cli) fn run(common: &Common, args: &RubricDiff, voice: &Voice) -> Result<Outcome> {
    let old = version(common, &args.old, voice).context("旧的细则")?;
    let new = version(common, &args.new, voice).context("新的细则")?;
    let difference = difference::compare(&old.catalog, &new.catalog);
    let way = difference.stages(&old.catalog, &new.catalog);
    let stages: Vec<Stage> = way.iter().map(|(stage, _)| *stage).collect();
    let mut outcome = Outcome::Clean;
    let effects = if args.paths.is_empty() {
        None
    } else {
        let catalogs = way.into_iter().map(|(_, catalog)| catalog);
        let (effects, unread) = effects(common, &old, catalogs, args, voice)?;
        if unread || effects.iter().any(is_incomplete) {
            outcome = Outcome::Problems;
        }
        Some(effects)
    };
    let told = Told {
        changes: noted(&difference, &old, &new),
        stages: &stages,
        effects: effects.as_deref(),
    };
    let mut out = voice.stdout();
    match args.format {
        FindingsFormat::Text => out.write_all(render(&told).as_bytes())?,
        FindingsFormat::Json => write_json(&mut out, &told)?,
    }
    out.flush()?;
    Ok(outcome)
}

/// Whether errors in the sheets kept some unit of a class from being compared.
fn is_incomplete(class: &ClassEffect) -> bool {
    class.unscored > 0 || class.units.iter().any(|unit| !unit.problems.is_empty())
}

/// Reads a version: the built-in one, a folder, or a file that stands in for the one of the same
/// rubric among those in force.
fn version(common: &Common, written: &Path, voice: &Voice) -> Result<Version> {
    let sources = if BUILT_IN.iter().any(|word| written == Path::new(word)) {
        rubric_file::embedded()
    } else if written.is_dir() {
        rubric_file::from_dir(written)
            .with_context(|| format!("读不了细则文件夹 {}", written.display()))?
    } else {
        let base = match &common.rubrics {
            Some(folder) => rubric_file::from_dir(folder)
                .with_context(|| format!("读不了细则文件夹 {}", folder.display()))?,
            None => rubric_file::embedded(),
        };
        let file = rubric_file::from_file(written).context("可以写文件夹、文件，或者“内置”")?;
        rubric_file::replaced(base, file)
    };
    let catalog = gather::catalog_of(&sources, voice)?;
    Ok(Version { sources, catalog })
}

/// The same sheets, scored at every stage of the way, and whether some could not be read at all.
fn effects(
    common: &Common,
    old: &Version,
    way: impl Iterator<Item = Catalog>,
    args: &RubricDiff,
    voice: &Voice,
) -> Result<(Vec<ClassEffect>, bool)> {
    let periods = old
        .catalog
        .rubrics
        .iter()
        .flat_map(|rubric| &rubric.periods);
    let known: Vec<&str> = periods.map(|period| period.id.as_str()).collect();
    if let Some(period) = &args.period
        && !known.contains(&period.as_str())
    {
        bail!("旧的细则里没有时段 {period}");
    }
    let (tables, diagnostics) = gather::tables(common, &args.paths, voice)?;
    say_unread(&diagnostics, voice);
    let options = Options {
        complete: false,
        period: args.period.clone(),
    };
    let way = [old.catalog.clone()].into_iter().chain(way);
    let scored: Vec<Scored> = way
        .map(|catalog| {
            let tables = difference::readable(&old.catalog, &catalog, &tables);
            score(catalog, &tables, &options)
        })
        .collect();
    let unread = diagnostics.iter().any(Diagnostic::is_error);
    Ok((difference::effects(&scored), unread))
}

fn score(catalog: Catalog, tables: &[Table], options: &Options) -> Scored {
    let checked = records::check(&catalog, tables, options);
    let results = checked
        .classes
        .into_iter()
        .map(|class| engine::score_class(&catalog.rubrics[class.rubric], class))
        .collect();
    Scored { catalog, results }
}

/// Says which files could not be read at all.
fn say_unread(diagnostics: &[Diagnostic], voice: &Voice) {
    for diagnostic in diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.is_error())
    {
        let file = diagnostic.spot.source().map(|source| &*source.file);
        let message = diagnostic.finding.message();
        voice.say(&format!("{}：{message}", file.unwrap_or_default()));
    }
}

/// The changes with the places where they are written.
fn noted<'a>(difference: &'a Difference, old: &Version, new: &Version) -> Vec<Noted<'a>> {
    let at = |version: &Version, subject: &Subject, key| {
        let line = rubric_file::line_of(&version.sources, subject, key);
        line.map(|Line { file, line }| (file, line))
    };
    let line = |version: &Version, change: &Change| {
        at(version, &change.subject, change.key).or_else(|| match (&change.subject, &change.new) {
            // A unit that was renamed stands under its new name.
            (Subject::Unit(_), Some(name)) if change.key == Some("name") => {
                at(version, &Subject::Unit(name.as_str().into()), change.key)
            }
            _ => None,
        })
    };
    let noted = |change: &'a Change| Noted {
        change,
        meaning: change.key.and_then(rubric_file::key_meaning),
        // What came has no place before, what went none after.
        lines: [line(old, change), line(new, change)],
    };
    difference.changes.iter().map(noted).collect()
}
