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

#[test]
fn ten_mistakes_are_all_found_in_one_run_each_at_its_line() {
    let sources = case("ten-mistakes");
    let problems = problems(&sources);
    let found: Vec<_> = problems
        .iter()
        .map(|problem| (problem.code, line(&sources, problem)))
        .collect();
    assert_eq!(
        found,
        [
            ("missing-key", 1),      // title, which is said where the file begins
            ("unknown-key", 2),      // titel
            ("wrong-type", 4),       // year = "2026"
            ("bad-date", 6),         // February has no 30th
            ("weights-not-one", 21), // 0.4 + 0.5
            ("negative-number", 37), // points = -24
            ("unknown-period", 53),  // quater
            ("missing-key", 56),     // count
            ("unknown-clause", 59),  // covers ③
            ("duplicate-item", 70),  // no = 1
            ("unknown-kind", 79),    // proportion
        ]
    );
}

#[test]
fn a_set_of_another_city_reads() {
    let catalog = catalog(&folder("good"));
    let d = |text| parse(text).expect("a decimal written in a test");
    let [rubric] = catalog.rubrics.as_slice() else {
        panic!("one rubric");
    };
    assert_eq!((rubric.id.as_str(), rubric.year), ("river", 2026));
    assert_eq!(rubric.periods[0].also, ["季度", "每季"]);
    assert_eq!(rubric.periods[1].weight, d("0.6"), "0.60 as written, exact");

    let rules: Vec<_> = rubric.rules().collect();
    let ids: Vec<_> = rules.iter().map(|rule| rule.id.to_string()).collect();
    assert_eq!(ids, ["1①", "1②", "2"]);
    assert_eq!(rules[0].cap, d("24"), "the points of ①");
    assert_eq!(rules[1].cap, d("16"), "as written, less than the 16.1 of ②");
    assert_eq!(rules[2].cap, d("60"), "the points of the item");
    let of_the_year = Kind::Shortfall {
        required: d("4"),
        each: d("6"),
    };
    let of_a_quarter = Kind::Shortfall {
        required: d("1"),
        each: d("6"),
    };
    assert_eq!(*rules[0].kind_in(0), of_a_quarter, "6 each, from the rule");
    assert_eq!(*rules[0].kind_in(1), of_the_year);
    assert_eq!(rules[1].kind, Kind::PerOccurrence { each: d("0.5") });
    assert_eq!(rules[1].count.as_deref(), Some("项"));

    let units: Vec<_> = catalog
        .roster
        .units()
        .iter()
        .map(|unit| &*unit.name)
        .collect();
    assert_eq!(units, ["醴陵市", "攸县", "茶陵县"]);
    let tasks = catalog
        .tasks_of(rubric)
        .expect("the rubric names a task table");
    let responsible = |task: usize| -> Vec<_> { tasks.tasks[task].responsible.iter().collect() };
    assert_eq!(responsible(0), [&0, &1, &2], "the group, spelled out");
    assert_eq!(responsible(1), [&1, &2], "by their other names");
    let goal = tasks.tasks[0].goal.as_ref().map(ToString::to_string);
    assert_eq!(goal.as_deref(), Some("≥95.5%"));
}

#[test]
fn drafts_know_the_place_of_every_field() {
    let sources = folder("good");
    let (catalog, drafts) =
        rubric_file::read_with_drafts(&sources).expect("the good files are sound");
    let draft = &drafts.rubrics[0];
    let source = &sources[draft.file];
    assert_eq!(source.name, "river.toml");
    let written = |span: &std::ops::Range<usize>| &source.text[span.clone()];
    let category = &draft.categories.as_ref().expect("it is sound")[0];
    assert_eq!(
        written(&category.points.as_ref().expect("it is sound").span),
        "40"
    );
    let rules = category.items.as_ref().expect("it is sound")[0]
        .rules
        .as_ref();
    let figures: Vec<_> = rules.expect("it is sound")[1]
        .figures
        .iter()
        .map(|(key, span)| (*key, written(span)))
        .collect();
    assert_eq!(figures, [("each", "0.50"), ("count", "\"项\"")]);
    assert_eq!(
        catalog.rubrics[0].id,
        draft.id.as_ref().expect("it is sound").value
    );
}

#[test]
fn rubrics_follow_the_classes_of_the_roster_the_rest_by_id() {
    let mut sources = folder("good");
    let river = sources.iter().find(|source| source.name == "river.toml");
    let river = river.expect("the good rubric").text.clone();
    for id in ["pond", "lake", "brook"] {
        sources.push(RubricSource {
            name: format!("{id}.toml"),
            text: river
                .replace("id = \"river\"", &format!("id = \"{id}\""))
                .into(),
        });
    }
    let roster = sources
        .iter_mut()
        .find(|source| source.name == "roster.toml");
    let class = "\n[[class]]\nrubric = \"pond\"\nunits = [{ name = \"炎陵县\" }]\n";
    let roster = roster.expect("the good roster");
    roster.text = (roster.text.to_string() + class).into();
    let catalog = catalog(&sources);
    let ids: Vec<_> = catalog
        .rubrics
        .iter()
        .map(|rubric| rubric.id.as_str())
        .collect();
    assert_eq!(ids, ["river", "pond", "brook", "lake"]);
    assert_eq!(catalog.class(1).collect::<Vec<_>>(), [3], "炎陵县");
}

#[test]
fn files_that_lack_are_said_to_lack() {
    let codes = |sources: &[RubricSource]| {
        let problems = problems(sources);
        problems
            .iter()
            .map(|problem| problem.code)
            .collect::<Vec<_>>()
    };
    assert_eq!(codes(&[]), ["no-roster", "no-rubric"]);
    let mut sources = folder("good");
    sources.retain(|source| source.name != "roster.toml");
    assert_eq!(codes(&sources), ["no-roster"]);
    let mut sources = folder("good");
    sources.retain(|source| source.name != "tasks.toml");
    assert_eq!(codes(&sources), ["unknown-file"]);
}

#[test]
fn a_folder_gives_its_rubric_files_by_name() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, bytes: &[u8]| {
        fs::write(folder.path().join(name), bytes).expect("a writable folder");
    };
    write("b.toml", "\u{feff}id = \"b\"\r\n".as_bytes());
    write("a.toml", b"");
    write("a.test.toml", b"");
    write("notes.txt", b"");
    write(".hidden.toml", b"");
    let sources = rubric_file::from_dir(folder.path()).expect("a folder that can be read");
    let names: Vec<_> = sources.iter().map(|source| source.name.as_str()).collect();
    assert_eq!(names, ["a.toml", "b.toml"]);
    assert!(sources[1].text.starts_with("id"), "no mark before the text");

    write("c.toml", b"title = \"\xb3\xa3\xb5\xc2\""); // 常德 as old versions of Notepad save it
    let fault = rubric_file::from_dir(folder.path()).expect_err("that is no UTF-8");
    assert!(
        fault.to_string().starts_with("c.toml：不是 UTF-8"),
        "{fault}"
    );
    let fault = rubric_file::from_dir(&folder.path().join("x")).expect_err("no such folder");
    assert_eq!(fault.to_string(), "没有这个文件或文件夹");
}

/// What stands in the good files, with pieces taken out, doubled or put elsewhere: reading ends,
/// every problem can be shown, and there is a problem unless there is a catalog.
#[test]
fn no_damage_stops_the_reading() {
    let good = folder("good");
    let mut state = 20_260_115_u64;
    let mut random = move |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(state >> 33).expect("31 bits") % below
    };
    for round in 0..300 {
        let mut sources = good.clone();
        let damaged = random(sources.len());
        for _ in 0..=random(3) {
            let text: Vec<char> = sources[damaged].text.chars().collect();
            let start = random(text.len() + 1);
            let end = (start + random(if round % 3 == 0 { 200 } else { 4 })).min(text.len());
            let mut changed = text[..start].to_vec();
            match random(3) {
                0 => {}
                1 => changed.extend(text[start..end].iter().chain(&text[start..end])),
                _ => changed.extend(&['“', '"', '[', ']', '\n', '=', '，', '{', '1'][..random(9)]),
            }
            changed.extend(&text[end..]);
            sources[damaged].text = changed.into_iter().collect::<String>().into();
        }
        if let Err(problems) = rubric_file::read(&sources) {
            assert!(!problems.is_empty(), "round {round}");
            shown(&sources, &problems);
        }
    }
}
