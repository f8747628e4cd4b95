//! Rubric files that are sound, and files with every mistake that can be made in them.
//!
//! `tests/data/rubric/good` is a small set of another city. Every other folder there holds
//! files that stand in for files of the same name in it, and `expected.txt`, what is shown of
//! them. After a change of words, run the tests once with UPDATE_GOLDEN=1 and read the diff.

use std::fs;
use std::path::{Path, PathBuf};

use kaohe::decimal::parse;
use kaohe::input::rubric_file::{self, RubricProblem, RubricSource};
use kaohe::model::catalog::Catalog;
use kaohe::model::rubric::Kind;

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/rubric")
}

fn folder(name: &str) -> Vec<RubricSource> {
    rubric_file::from_dir(&data().join(name)).expect("a folder of test files")
}

/// The good files, those of the case in their place.
fn case(name: &str) -> Vec<RubricSource> {
    let mut sources = folder(name);
    for good in folder("good") {
        if sources.iter().all(|source| source.name != good.name) {
            sources.push(good);
        }
    }
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    sources
}

fn problems(sources: &[RubricSource]) -> Vec<RubricProblem> {
    rubric_file::read(sources).expect_err("the files of a case have mistakes")
}

fn shown(sources: &[RubricSource], problems: &[RubricProblem]) -> String {
    let shown = problems
        .iter()
        .map(|problem| problem.render(sources, false) + "\n");
    shown.collect::<Vec<_>>().join("\n")
}

fn catalog(sources: &[RubricSource]) -> Catalog {
    rubric_file::read(sources).unwrap_or_else(|problems| panic!("{}", shown(sources, &problems)))
}

/// The line of a problem, from 1.
fn line(sources: &[RubricSource], problem: &RubricProblem) -> usize {
    let source = sources.iter().find(|source| source.name == problem.file);
    let text = &source.expect("the file of the problem").text;
    text[..problem.span.start].matches('\n').count() + 1
}

#[test]
fn every_case_is_shown_as_expected() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut wrong = Vec::new();
    let mut cases = 0;
    for entry in fs::read_dir(data()).expect("the folder of cases") {
        let path = entry.expect("an entry of that folder").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if name == "good" {
            continue;
        }
        cases += 1;
        let sources = case(&name);
        let shown = shown(&sources, &problems(&sources));
        let golden = path.join("expected.txt");
        if update {
            fs::write(&golden, shown).expect("a writable folder");
        } else if fs::read_to_string(&golden)
            .unwrap_or_default()
            .replace('\r', "")
            != shown
        {
            wrong.push(format!("{name}:\n{shown}"));
        }
    }
    assert!(cases > 8, "the cases were found");
    assert!(wrong.is_empty(), "not as expected:\n{}", wrong.join("\n"));
}
