//! Self-tests of rubrics: the built-in ones pass, and what is wrong is said.
//!
//! After a change of words, run the tests once with UPDATE_GOLDEN=1 and read the diff of
//! `tests/data/trial`.

mod common;

use std::fs;
use std::path::Path;
use std::process::Output;

use common::{json, kaohe, project};
use kaohe::check::trial;
use kaohe::engine;
use kaohe::input::rubric_file::{self, RubricSource};

fn test(args: &[&str]) -> Output {
    kaohe(["rubric", "test", "--color", "never"].iter().chain(args))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace('\r', "")
}

/// The built-in rubrics and their tests, in a folder of their own.
fn copy() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for entry in fs::read_dir(project("rubrics")).expect("the rubrics") {
        let path = entry.expect("an entry of that folder").path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            let name = path.file_name().expect("a name");
            fs::copy(&path, folder.path().join(name)).expect("a writable folder");
        }
    }
    folder
}

fn edit(folder: &Path, file: &str, from: &str, to: &str) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).expect("a file of the copy");
    assert_eq!(
        text.matches(from).count(),
        1,
        "{from} stands once in {file}"
    );
    fs::write(path, text.replace(from, to)).expect("a writable folder");
}

fn golden(name: &str, found: &str) {
    let path = project("tests/data/trial").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, found).expect("a writable folder");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(expected.replace('\r', ""), found, "{name}");
}

#[test]
fn the_built_in_rubrics_pass_and_no_rule_is_left_out() {
    let output = test(&["--strict"]);
    golden("built-in.txt", &text(&output.stdout));
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[test]
fn one_cap_that_is_edited_fails_the_cases_about_it_and_no_other() {
    let folder = copy();
    // ① and ② are 2 + 3 = 5 points; the note is the line after.
    let (from, to) = (
        "ask = \"缺少的文件资料和台账项数\"\n",
        "ask = \"缺少的文件资料和台账项数\"\ncap = 4\n",
    );
    edit(folder.path(), "government.toml", from, to);
    let rubrics = folder.path().display().to_string();
    let output = test(&["--rubrics", &rubrics, "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let document = json(&output);
    assert_eq!(document["failed"], 4);
    let cases = document["files"][0]["cases"].as_array().expect("a list");
    let failed: Vec<&str> = cases
        .iter()
        .filter(|case| case["passed"] == false)
        .map(|case| case["name"].as_str().expect("a name"))
        .collect();
    assert_eq!(
        failed,
        [
            "能扣的全部扣完，得零分",
            "1① 缺五项，正好扣完考核内容①②的5分",
            "1① 缺六项，扣完为止，只扣5分",
            "各项各扣各的，合起来从100分里减",
        ]
    );
    let failure = &cases[3]["failures"][0];
    assert_eq!(failure["code"], "wrong-result");
    assert_eq!(failure["about"], "1①");
    let tests = fs::read_to_string(folder.path().join("government.test.toml")).expect("the tests");
    let line = failure["line"].as_u64().expect("a number");
    let line = tests.lines().nth(usize::try_from(line).expect("small") - 1);
    let line = line.expect("the line of the failure");
    let column = failure["column"].as_u64().expect("a number");
    let marked: String = line
        .chars()
        .skip(usize::try_from(column).expect("small") - 1)
        .collect();
    assert!(marked.starts_with("\"5 × 1 = 2 + 3 = 5\""), "{marked}");
    let help = failure["help"].as_str().expect("help");
    assert!(help.contains("5 × 1 = 5，封顶 4"), "{help}");
}

#[test]
fn a_wording_only_edit_passes() {
    let folder = copy();
    let (from, to) = ("name = \"媒体宣传\"", "name = \"媒体宣传情况\"");
    edit(folder.path(), "government.toml", from, to);
    let rubrics = folder.path().display().to_string();
    let output = test(&["--rubrics", &rubrics, "--strict"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
}

#[test]
fn a_rule_that_no_case_takes_to_its_cap_is_named() {
    let folder = copy();
    let (from, to) = (
        "given = { \"6③\" = 2.5 }\nexpect = { \"6③\" = 2.5, \"第6项\" = \"10 − 2.5 = 7.5\" }",
        "given = { \"6③\" = 2 }\nexpect = { \"6③\" = 2, \"第6项\" = \"10 − 2 = 8\" }",
    );
    edit(folder.path(), "government.test.toml", from, to);
    // The case that loses everything reaches every cap but the one.
    let (from, to) = (
        "\"6②\" = \"否\", \"6③\" = 2.5 }\nexpect = { score = \"100 − 5 − 2 − 2 − 1 − 50 − 5 − 5 − 10 − 10 − 5 − 2.5 − 2.5 = 0\", total = 0 }",
        "\"6②\" = \"否\" }\nexpect = { score = 2.5 }",
    );
    edit(folder.path(), "government.test.toml", from, to);
    fs::remove_file(folder.path().join("six-zone.test.toml")).expect("a file of the copy");
    let rubrics = folder.path().display().to_string();
    let output = test(&["--rubrics", &rubrics]);
    assert_eq!(output.status.code(), Some(0));
    golden("gaps.txt", &text(&output.stdout));
    let strict = test(&["--rubrics", &rubrics, "--strict"]);
    assert_eq!(strict.status.code(), Some(1));
}

#[test]
fn every_way_to_fail_is_shown_as_expected() {
    let good = project("tests/data/rubric/good").display().to_string();
    let file = |name: &str| project("tests/data/trial").join(name).display().to_string();
    let output = test(&["--rubrics", &good, &file("faults.test.toml")]);
    golden("faults.txt", &text(&output.stdout));
    assert_eq!(output.status.code(), Some(1));

    let output = test(&["--rubrics", &good, &file("broken.test.toml")]);
    golden("broken.txt", &text(&output.stderr));
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stdout), "", "nothing was run");

    let output = test(&[&file("faults.test.toml")]);
    assert_eq!(output.status.code(), Some(2), "no rubric river is built in");
    assert!(text(&output.stderr).contains("unknown-rubric"));

    let rubrics = project("tests/data/trial/settings").display().to_string();
    let output = test(&["--rubrics", &rubrics, &file("settings-faults.test.toml")]);
    golden("settings-faults.txt", &text(&output.stdout));
    assert_eq!(output.status.code(), Some(1));
}

/// The expectations are worked out by hand in the file: every setting moves one of them.
#[test]
fn settings_that_offices_differ_in_hold_as_computed_by_hand() {
    let folder = project("tests/data/trial/settings").display().to_string();
    let output = test(&["--rubrics", &folder, "--strict"]);
    let printed = text(&output.stdout) + &text(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{printed}");
    assert!(printed.contains("7 个情形，全部通过"), "{printed}");
}

#[test]
fn the_example_with_a_thousand_points_passes_and_leaves_nothing_out() {
    let folder = project("examples/river/rubrics").display().to_string();
    let output = test(&["--rubrics", &folder, "--strict"]);
    let printed = text(&output.stdout) + &text(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{printed}");
}

/// Self-tests with pieces taken out, doubled or put elsewhere: reading and running them ends, and
/// whatever fails has a place in the file.
#[test]
fn no_damage_stops_the_run() {
    let folder = project("tests/data/trial/settings");
    let sources = rubric_file::from_dir(&folder).expect("a folder of the tests");
    let catalog = rubric_file::read(&sources).expect("sound rubrics");
    let good = rubric_file::from_file(&folder.join("river.test.toml")).expect("a file");
    let chars: Vec<char> = good.text.chars().collect();
    let mut numbers = numbers_from(20_260_115);
    let mut ran = 0;
    for _ in 0..400 {
        let start = numbers(chars.len());
        let end = (start + numbers(6)).min(chars.len());
        let mut damaged = chars[..start].to_vec();
        match numbers(3) {
            0 => {}
            1 => damaged.extend(chars[start..end].iter().chain(&chars[start..end])),
            _ => damaged.extend(&['9', '"', '%', '÷', '0', '不', '，', '-', '1'][..numbers(9)]),
        }
        damaged.extend(&chars[end..]);
        let source = RubricSource {
            name: good.name.clone(),
            text: damaged.into_iter().collect::<String>().into(),
        };
        let Ok(file) = rubric_file::read_trials(&source) else {
            continue;
        };
        let trial = trial::run(&catalog.rubrics[0], 0, &file, &engine::score_class);
        for failure in trial.verdicts.iter().flat_map(|verdict| &verdict.failures) {
            assert!(source.text.get(failure.span.clone()).is_some());
        }
        ran += 1;
    }
    assert!(ran > 100, "{ran} files were run");
}

/// A plain generator of numbers below a bound.
fn numbers_from(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed;
    move |below| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits") % below
    }
}
