//! `kaohe rubric check`: what is wrong, doubtful or open in rubric files.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::files;
use crate::check::rubric::{self as advice, Shares};
use crate::cli::Outcome;
use crate::cli::args::{Common, FindingsFormat, RubricCheck};
use crate::cli::voice::Voice;
use crate::diagnostic::{RubricCode, RubricSource, Weight};
use crate::input::rubric_file;
use crate::output::rubric_check::{self, CheckedSet, Points, Tally};

pub(super) fn run(common: &Common, args: &RubricCheck, voice: &Voice) -> Result<Outcome> {
    if let Some(code) = &args.explain {
        return explain(code, voice);
    }
    let sets: Vec<CheckedSet> = sets(common, &args.files, voice)?
        .into_iter()
        .map(Set::check)
        .collect();
    let mut out = voice.stdout();
    match args.format {
        FindingsFormat::Text => rubric_check::write_text(&mut out, &sets)?,
        FindingsFormat::Json => rubric_check::write_json(&mut out, &sets, common.strict)?,
    }
    out.flush()?;
    let tally = Tally::of(&sets);
    Ok(match tally {
        Tally { errors: 1.., .. } => Outcome::Failed,
        Tally { warnings: 1.., .. } if common.strict => Outcome::Problems,
        _ => Outcome::Clean,
    })
}

/// What a code means.
fn explain(name: &str, voice: &Voice) -> Result<Outcome> {
    let Some(code) = RubricCode::of_name(name) else {
        bail!("没有“{name}”这个代码，全部代码见 docs/rubric-check.md");
    };
    let mut out = voice.stdout();
    writeln!(
        out,
        "{name}（{}）：{}\n怎么办：{}",
        code.weight.name(),
        code.meaning,
        code.cure
    )?;
    out.flush()?;
    Ok(Outcome::Clean)
}

/// Files that are read together.
struct Set {
    sources: Vec<RubricSource>,
    /// What stands before their names.
    folder: String,
    /// The names of those that were asked for; `None` where all of them are.
    only: Option<Vec<String>>,
}

impl Set {
    fn check(self) -> CheckedSet {
        let (drafts, mut problems) = rubric_file::examine(&self.sources);
        problems.extend(advice::advise(&self.sources, &drafts));
        // What cannot be computed stops the rubrics from being used, whatever file was asked for.
        let asked = |file: &str| match &self.only {
            Some(only) => only.iter().any(|name| name == file),
            None => true,
        };
        problems.retain(|problem| problem.weight() == Weight::Error || asked(&problem.file));
        let place = |file: &str| self.sources.iter().position(|source| source.name == file);
        problems.sort_by_key(|problem| {
            let file = place(&problem.file);
            (file.is_none(), file, problem.span.start)
        });
        let shares = advice::shares(&drafts).into_iter();
        let points = shares
            .map(|shares| points(&shares, &self.sources[shares.file].name))
            .filter(|points| asked(&points.file));
        CheckedSet {
            points: points.collect(),
            problems,
            sources: self.sources,
            folder: self.folder,
        }
    }
}

fn points(shares: &Shares, file: &str) -> Points {
    Points {
        rubric: shares.rubric.clone(),
        class: shares.class.clone(),
        file: file.to_owned(),
        points: shares.total,
        counted: shares.counted,
        ratio: shares.ratio,
        discretion: shares.discretion,
        untouched: shares.untouched(),
    }
}

/// The files in force, or those of the folders that were named and of the folders in which the
/// named files lie.
fn sets(common: &Common, paths: &[PathBuf], voice: &Voice) -> Result<Vec<Set>> {
    if paths.is_empty() {
        let folder = common.rubrics.as_deref();
        return Ok(vec![Set {
            sources: files::sources(common)?,
            folder: folder.map(shown_folder).unwrap_or_default(),
            only: None,
        }]);
    }
    let mut sets: Vec<Set> = Vec::new();
    for path in paths {
        let (folder, only) = match path.is_dir() {
            true => (path.as_path(), None),
            false => (parent(path), Some(file_name(path)?)),
        };
        let shown = shown_folder(folder);
        if let Some(set) = sets.iter_mut().find(|set| set.folder == shown) {
            match (only, &mut set.only) {
                (Some(name), Some(names)) => names.push(name),
                _ => set.only = None,
            }
            continue;
        }
        sets.push(Set {
            sources: read(folder)?,
            folder: shown,
            only: only.map(|name| vec![name]),
        });
    }
    for set in &mut sets {
        complete(set, common, voice)?;
    }
    Ok(sets)
}

fn read(folder: &Path) -> Result<Vec<RubricSource>> {
    rubric_file::from_dir(folder).with_context(|| format!("读不了细则文件夹 {}", folder.display()))
}

/// The folder in which a file lies.
fn parent(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// What is shown before the name of a file of this folder.
fn shown_folder(folder: &Path) -> String {
    let shown = folder.display().to_string().replace('\\', "/");
    match shown.trim_end_matches('/') {
        "." => String::new(),
        _ if shown.ends_with('/') => shown,
        shown => format!("{shown}/"),
    }
}

/// The name of a rubric file that is there.
fn file_name(path: &Path) -> Result<String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if !path.is_file() {
        bail!("没有 {} 这个文件或文件夹", path.display());
    }
    if name.ends_with(".test.toml") {
        bail!("{} 是细则的测试，请用 kaohe rubric test", path.display());
    }
    if !name.ends_with(".toml") {
        bail!(
            "{} 不是细则文件，细则文件的名称以 .toml 结尾",
            path.display()
        );
    }
    Ok(name.into_owned())
}

/// Files that lie in a folder without rubrics or without a roster are checked in the place of
/// their namesakes among the files in force.
fn complete(set: &mut Set, common: &Common, voice: &Voice) -> Result<()> {
    let Some(only) = &set.only else {
        return Ok(());
    };
    let (drafts, _) = rubric_file::examine(&set.sources);
    let is_complete = drafts.roster.is_ok() && !drafts.rubrics.is_empty();
    if is_complete || drafts.unreadable.is_some() {
        return Ok(());
    }
    let asked = set
        .sources
        .drain(..)
        .filter(|source| only.contains(&source.name));
    set.sources = asked.fold(files::sources(common)?, rubric_file::replaced);
    let whose = match &common.rubrics {
        Some(folder) => format!("{} 里的", folder.display()),
        None => "程序自带的".to_owned(),
    };
    voice.say(&format!(
        "{} 旁边的文件不齐，缺的用{whose}，一起检查",
        only.join("、")
    ));
    Ok(())
}
