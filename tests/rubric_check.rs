//! Advice on rubrics: each code by example, and what is found in the built-in rubrics, fault by
//! fault.
//!
//! `tests/data/rubric-check/good` is a sound set of files. Every other folder there is named
//! after a code and holds the files that differ (made by `make.py`), and `expected.golden`, what
//! is shown of that code. After a change of words, run the tests once with UPDATE_GOLDEN=1 and
//! read the diff.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use kaohe::check::rubric::advise;
use kaohe::diagnostic::{self, RUBRIC_CODES, RubricCode, RubricProblem, RubricSource, Weight};
use kaohe::input::rubric_file;
use unicode_width::UnicodeWidthStr;

/// Codes that cannot be shown alone, and what comes with them.
const COMPANIONS: &[(&str, &str)] = &[
    // A cap that is raised differs from its clauses.
    ("caps-above-item", "cap-not-clauses"),
    // Where the headings do not make the total, either the items do not match them, or do not
    // make the total either.
    ("headings-not-total", "items-not-heading"),
    ("items-not-total", "headings-not-total"),
    // The roster names the rubric that is not there.
    ("no-rubric", "unknown-rubric"),
];

fn data(name: &str) -> PathBuf {
    common::project("tests/data/rubric-check").join(name)
}

fn folder(name: &str) -> Vec<RubricSource> {
    rubric_file::from_dir(&data(name)).expect("a folder of test files")
}

/// The good files, those of the case in their place.
fn case(name: &str) -> Vec<RubricSource> {
    let without = fs::read_to_string(data(name).join("without")).unwrap_or_default();
    let mut sources = folder(name);
    sources.extend(rubric_file::trials_from_dir(&data(name)).expect("a folder of test files"));
    for good in folder("good") {
        let there = sources.iter().any(|source| source.name == good.name);
        if !there && !without.lines().any(|name| name == good.name) {
            sources.push(good);
        }
    }
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    sources
}

fn check(sources: &[RubricSource]) -> Vec<RubricProblem> {
    let is_trial = |source: &&RubricSource| source.name.ends_with(".test.toml");
    let (trials, sources): (Vec<_>, Vec<_>) = sources.iter().partition(is_trial);
    let sources: Vec<_> = sources.into_iter().cloned().collect();
    let (drafts, mut problems) = rubric_file::examine(&sources);
    problems.extend(advise(&sources, &drafts));
    for trial in trials {
        problems.extend(rubric_file::read_trials(trial).err().into_iter().flatten());
    }
    problems
}

fn codes(problems: &[RubricProblem], weights: &[Weight]) -> BTreeSet<&'static str> {
    let wanted = problems
        .iter()
        .filter(|problem| weights.contains(&problem.weight()));
    wanted.map(|problem| problem.code).collect()
}

#[test]
fn each_code_has_a_folder_that_shows_it() {
    let mut wrong = Vec::new();
    for code in RUBRIC_CODES {
        let sources = case(code.name);
        let problems = check(&sources);
        let of_code = problems.iter().filter(|problem| problem.code == code.name);
        let shown: Vec<_> = of_code
            .map(|problem| problem.render(&sources, false) + "\n")
            .collect();
        if shown.is_empty() {
            wrong.push(format!("{}: not found", code.name));
        }
        common::hold(
            &data(code.name).join("expected.golden"),
            &shown.join("\n"),
            &mut wrong,
        );
        // Nothing else is wrong, so that no finding is false.
        let found = codes(&problems, &[Weight::Error, Weight::Warning]);
        let expected = match code.weight {
            Weight::Open => BTreeSet::new(),
            Weight::Error | Weight::Warning => BTreeSet::from([code.name]),
        };
        let companions = COMPANIONS.iter().filter(|(of, _)| *of == code.name);
        let companions: BTreeSet<_> = companions.map(|(_, companion)| *companion).collect();
        if found != &expected | &companions {
            wrong.push(format!("{}: {found:?}", code.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_folder_is_of_a_code() {
    for entry in fs::read_dir(data("")).expect("the folder of cases") {
        let path = entry.expect("an entry of that folder").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        let known = name == "good" || RubricCode::of_name(&name).is_some();
        assert!(known || !path.is_dir(), "{name} is no code");
    }
}

#[test]
fn the_good_files_have_no_fault() {
    let problems = check(&folder("good"));
    assert_eq!(
        codes(&problems, &[Weight::Error, Weight::Warning]),
        BTreeSet::new()
    );
    // Each of these has no key by which it could be decided, or one that must be written.
    let open = [
        "appeals",
        "incomplete-unit",
        "item-periods",
        "rounds-combine",
        "task-weights",
    ];
    assert_eq!(codes(&problems, &[Weight::Open]), BTreeSet::from(open));
}

#[test]
fn codes_are_in_order_and_the_reference_page_is_what_they_say() {
    assert!(
        RUBRIC_CODES.is_sorted_by(|a, b| a.name < b.name),
        "in order, and none twice"
    );
    for code in RUBRIC_CODES {
        let plain = |c: char| c.is_ascii_lowercase() || c == '-';
        assert!(code.name.chars().all(plain), "{}", code.name);
        assert!(!code.meaning.is_empty() && !code.cure.is_empty());
    }
    let mut wrong = Vec::new();
    let page = common::project("docs/rubric-check.md");
    common::hold(&page, &diagnostic::rubric_markdown(), &mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The marks stand under the words that they mean, Chinese characters two columns wide.
#[test]
fn marks_stand_right_under_chinese_text() {
    let sources = rubric_file::embedded();
    let mut held = 0;
    for problem in check(&sources) {
        let source = sources.iter().find(|source| source.name == problem.file);
        let text = &source.expect("the file of the finding").text;
        let marked = &text[problem.span.clone()];
        let shown = problem.render(&sources, false);
        let lines: Vec<&str> = shown.lines().collect();
        let mark = lines.iter().position(|line| line.contains('^'));
        let mark = mark.unwrap_or_else(|| panic!("no mark in\n{shown}"));
        let (line, mark) = (lines[mark - 1], lines[mark]);
        let before = mark.find('^').expect("it has one");
        let marks = mark.matches('^').count();
        // Columns of the mark, taken out of the line above it.
        let mut column = 0;
        let mut under = String::new();
        for c in line.chars() {
            if column >= before && column < before + marks {
                under.push(c);
            }
            column += c.to_string().width();
        }
        // A long text is cut at the margin.
        let whole = under.trim_end_matches(['.', '…']);
        assert!(
            !whole.is_empty() && marked.starts_with(whole),
            "{marked}\n{shown}"
        );
        held += 1;
    }
    assert!(held > 50, "only {held} findings");
}

/// A finding: its code, its file, and its line as the first that begins with `key` from the one
/// that begins with `anchor` on; then the fault of the document that it reports.
type Fault = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

/// What is wrong with the document of the built-in rubrics, as far as it can be told from what
/// the rubrics say. Where the text of the rubric is needed, the reason gives it.
#[rustfmt::skip]
const FAULTS: &[Fault] = &[
    // The three score tables.
    ("items-not-heading", "government.toml", "name = \"（二）创建成效\"", "points", "共80分, 50 + 10 + 10 = 70"),
    ("items-not-heading", "government.toml", "name = \"（三）创建宣传\"", "points", "共10分, 10 + 10 = 20"),
    ("clauses-rules-unpaired", "government.toml", "no = 1", "name", "five 考核内容, four 计分方法"),
    ("no-cap-in-text", "government.toml", "text = \"未建立相关制度", "text", "1④ has no 扣完为止"),
    ("no-cap-in-text", "government.toml", "text = \"调研、督查的完成情况", "text", "3② has no 扣完为止"),
    ("no-cap-in-text", "government.toml", "text = \"未利用大型活动", "text", "6③ has no 扣完为止"),
    ("no-cap-in-text", "municipal-bureau.toml", "text = \"未建立相关制度", "text", "1④ has no 扣完为止"),
    ("no-cap-in-text", "municipal-bureau.toml", "text = \"调研、督查的完成情况", "text", "3② has no 扣完为止"),
    ("no-cap-in-text", "municipal-bureau.toml", "text = \"未利用大型活动", "text", "5③ has no 扣完为止"),
    ("no-cap-in-text", "six-zone.toml", "text = \"未建立相关制度", "text", "1④ has no 扣完为止"),
    ("no-cap-in-text", "six-zone.toml", "text = \"调研、督查的完成情况", "text", "3② has no 扣完为止"),
    ("no-cap-in-text", "six-zone.toml", "text = \"未利用大型活动", "text", "5③ has no 扣完为止"),
    ("applies-to-whom", "municipal-bureau.toml", "text = \"调研、督查的完成情况", "text", "3②: 由专项小组牵头单位提供"),
    ("applies-to-whom", "six-zone.toml", "text = \"调研、督查的完成情况", "text", "3②: 由专项小组牵头单位提供"),
    ("one-answer-for-many", "government.toml", "ask = \"网站是否", "ask", "6①: 政府及主要成员单位, one answer"),
    ("one-answer-for-many", "government.toml", "ask = \"显眼位置", "ask", "6②: 政府及主要成员单位, one answer"),
    ("yearly-count", "government.toml", "ask = \"未按时完成", "required", "3②: 年内2次, asked in mid-year too"),
    ("yearly-count", "government.toml", "name = \"媒体宣传\"", "required", "5: 全年不少于4次"),
    ("yearly-count", "municipal-bureau.toml", "ask = \"未按时完成", "required", "3②: 年内1次"),
    ("yearly-count", "six-zone.toml", "ask = \"未按时完成", "required", "3②: 年内1次"),
    // The task table.
    ("task-figures-differ", "tasks.toml", "no = \"1\"", "content", "80%, indicator 制定实施"),
    ("task-figures-differ", "tasks.toml", "no = \"6\"", "content", "100%, indicator 开展"),
    ("task-figures-differ", "tasks.toml", "no = \"8.1\"", "content", "47ug/m3 and 78%, indicator 20%"),
    ("task-figures-differ", "tasks.toml", "no = \"9\"", "content", "95% and 85%, indicator without a number"),
    ("task-figures-differ", "tasks.toml", "no = \"13\"", "content", "90%, indicator 100%"),
    ("task-figures-differ", "tasks.toml", "no = \"19\"", "content", "0.38, indicator 0.75 吨标煤/万元"),
    ("task-figures-differ", "tasks.toml", "no = \"22\"", "content", "50 now and 55 by 2020, indicator 55"),
    ("task-figures-differ", "tasks.toml", "no = \"25\"", "content", "95%, 90%, 70% by level, indicator 95%"),
    ("task-figures-differ", "tasks.toml", "no = \"28\"", "content", "70% and 100%, indicator 70%"),
    ("goal-not-target", "tasks.toml", "no = \"22\"", "goal", "printed 不≥, goal ≥"),
    ("tasks-contradict", "tasks.toml", "no = \"34.1\"", "content", "disclosure 80%, 100% in row 7"),
    ("task-names-differ", "tasks.toml", "no = \"34.1\"", "content", "disclosure, indicator 公众知晓度"),
    ("target-beyond-full", "tasks.toml", "no = \"7\"", "content", "100%以上"),
    ("target-beyond-full", "tasks.toml", "no = \"32\"", "target", "≥100%"),
    ("task-without-target", "tasks.toml", "no = \"8.2\"", "no", "no indicator"),
    ("task-without-target", "tasks.toml", "no = \"8.3\"", "no", "no indicator"),
    ("task-without-target", "tasks.toml", "no = \"8.4\"", "no", "no indicator"),
    ("task-without-target", "tasks.toml", "no = \"16\"", "indicator", "an indicator without a value"),
    ("task-without-target", "tasks.toml", "no = \"17\"", "no", "no indicator"),
    ("task-without-lead", "tasks.toml", "no = \"33\"", "no", "no lead unit"),
];

/// What each of the three rubrics leaves open: the document says nothing of it.
const OPEN: &[(&str, &str, &str)] = &[
    ("appeals", "source", "source"),
    ("incomplete-unit", "source", "source"),
    ("not-applicable", "source", "source"),
    ("grades", "source", "source"),
    ("rounding", "source", "source"),
    ("ties", "source", "source"),
    ("item-periods", "id = \"routine\"", "name"),
    ("rounds-combine", "id = \"routine\"", "rounds"),
    ("rounds-combine", "id = \"year-end\"", "rounds"),
    ("task-weights", "no = 2", "rate"),
];

#[test]
fn the_built_in_rubrics_have_the_faults_of_their_document_and_no_other() {
    let sources = rubric_file::embedded();
    let line = |file: &str, anchor: &str, key: &str| {
        let source = sources.iter().find(|source| source.name == file);
        let mut lines = source.expect("a built-in file").text.lines();
        let from = lines.clone().position(|line| line.starts_with(anchor));
        let from = from.unwrap_or_else(|| panic!("{file} has a line {anchor}"));
        let found = lines
            .by_ref()
            .skip(from)
            .position(|line| line.starts_with(key));
        from + found.unwrap_or_else(|| panic!("{file} has {key} after {anchor}")) + 1
    };
    let mut expected: Vec<(&str, String, usize)> = FAULTS
        .iter()
        .map(|(code, file, anchor, key, _)| (*code, (*file).to_owned(), line(file, anchor, key)))
        .collect();
    for rubric in ["government", "municipal-bureau", "six-zone"] {
        let file = format!("{rubric}.toml");
        for (code, anchor, key) in OPEN {
            expected.push((code, file.clone(), line(&file, anchor, key)));
        }
    }
    let mut found: Vec<(&str, String, usize)> = check(&sources)
        .iter()
        .map(|problem| {
            let line = problem.line(&sources).expect("a place in a file");
            (problem.code, problem.file.clone(), line.number)
        })
        .collect();
    expected.sort();
    found.sort();
    let missed: Vec<_> = expected.iter().filter(|one| !found.contains(one)).collect();
    let false_ones: Vec<_> = found.iter().filter(|one| !expected.contains(one)).collect();
    assert!(
        missed.is_empty() && false_ones.is_empty(),
        "missed {missed:#?}\nfalse {false_ones:#?}"
    );
    assert_eq!(found, expected, "each of them once");
}

/// The files with pieces taken out, doubled or put elsewhere: advice is given on what is left,
/// and every finding can be shown.
#[test]
fn no_damage_stops_the_advice() {
    let mut state = 20_191_126_u64;
    let mut random = move |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(state >> 33).expect("31 bits") % below
    };
    let mut advised = 0;
    for round in 0..300 {
        let mut sources = match round % 10 {
            0 => rubric_file::embedded(),
            _ => folder("good"),
        };
        for _ in 0..=random(3) {
            let damaged = random(sources.len());
            let text: Vec<char> = sources[damaged].text.chars().collect();
            let start = random(text.len() + 1);
            let end = (start + random(if round % 3 == 0 { 200 } else { 4 })).min(text.len());
            let mut changed = text[..start].to_vec();
            match random(3) {
                0 => {}
                1 => changed.extend(text[start..end].iter().chain(&text[start..end])),
                _ => {
                    changed.extend(&['“', '"', '[', '%', '\n', '、', '，', '达', '1'][..random(9)])
                }
            }
            changed.extend(&text[end..]);
            sources[damaged].text = changed.into_iter().collect::<String>().into();
        }
        for problem in check(&sources) {
            problem.render(&sources, false);
            assert!(problem.help.is_some(), "{}", problem.message);
            if problem.weight() != Weight::Error {
                problem.line(&sources).expect("advice has a place");
                advised += 1;
            }
        }
    }
    assert!(advised > 1000, "only {advised} findings");
}

#[test]
fn of_very_many_findings_people_see_the_first_and_machines_all() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    for source in self::folder("good") {
        let mut text = source.text.to_string();
        if source.name == "roster.toml" {
            text.extend((0..1_500).map(|number| format!("unknown-{number} = 1\n")));
        }
        fs::write(folder.path().join(source.name), text).expect("a new file");
    }
    let path = folder.path().to_str().expect("UTF-8");
    let more = "还有 500 处没有列出，改好这些再看\n";

    let checked = common::kaohe(["rubric", "check", "--rubrics", path]);
    let shown = String::from_utf8_lossy(&checked.stdout);
    assert_eq!(shown.matches("[unknown-key]").count(), 1_000, "{shown}");
    assert!(shown.contains(more), "{shown}");
    assert!(shown.contains("错误 1500 处"), "{shown}");

    let listed = common::kaohe(["rubric", "list", "--rubrics", path]);
    let said = String::from_utf8_lossy(&listed.stderr);
    assert_eq!(said.matches("[unknown-key]").count(), 1_000, "{said}");
    assert!(said.contains(more), "{said}");
    assert!(said.contains("细则有 1500 处错误，改好再用"), "{said}");

    let checked = common::kaohe(["rubric", "check", "--format", "json", "--rubrics", path]);
    let document = common::json(&checked);
    assert_eq!(document["errors"], 1_500);
    let lines: BTreeSet<u64> = document["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|finding| finding["code"] == "unknown-key")
        .map(|finding| finding["line"].as_u64().expect("a line"))
        .collect();
    assert_eq!(lines.len(), 1_500, "each at its own line");
}
