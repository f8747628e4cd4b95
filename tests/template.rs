//! `kaohe template`: blank sheets from the rubric, as the reader and the engine see them.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use calamine::{Data, Range, Reader, Xlsx, open_workbook};
use common::{catalog, kaohe, problems};
use kaohe::decimal::Decimal;
use kaohe::model::record::Observed;
use kaohe::model::rubric::Kind;
use kaohe::output::style;
use kaohe::output::template::{self, Filled, FilledTask, Filling, TaskState, Which};

fn sheet(path: &Path, name: &str) -> Range<Data> {
    let mut workbook: Xlsx<_> = open_workbook(path).expect("a workbook");
    workbook.worksheet_range(name).expect("the sheet")
}

/// The texts of one column, from `first` on, up to the first blank or the first sum.
fn column(range: &Range<Data>, first: u32, column: u32) -> Vec<String> {
    (first..)
        .map_while(|row| range.get_value((row, column)))
        .map(ToString::to_string)
        .take_while(|text| !text.is_empty() && text != "合计")
        .collect()
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let entries = entries.map(|entry| entry.expect("an entry").file_name());
    entries
        .map(|name| name.to_string_lossy().into_owned())
        .collect()
}

/// Runs `kaohe template`; its exit status.
fn run(folder: &Path, more: &[&str]) -> Option<i32> {
    let folder = folder.to_string_lossy().into_owned();
    let args = ["template", "-o", &folder];
    kaohe(args.iter().chain(more)).status.code()
}

#[test]
fn the_same_form_is_the_same_bytes() {
    let catalog = catalog();
    let which = Which {
        unit: 0,
        period: 0,
        round: 1,
    };
    let bytes = || {
        let mut form = template::form(&catalog, which, &Filling::default()).expect("a form");
        style::save(&mut form).expect("memory takes any workbook")
    };
    assert!(bytes() == bytes());
}

#[test]
fn every_unit_has_a_form_with_its_rules_and_its_tasks() {
    let catalog = catalog();
    let folder = tempfile::tempdir().expect("a folder for the test");
    assert_eq!(run(folder.path(), &[]), Some(0));
    assert_eq!(names(folder.path()).len(), 2 * 48);
    for unit in 0..48 {
        let which = Which {
            unit,
            period: 1,
            round: 1,
        };
        let rubric = &catalog.rubrics[catalog.rubric_of(unit)];
        let path = folder.path().join(template::form_name(&catalog, which));
        let rules: Vec<String> = rubric.rules().map(|rule| rule.id.to_string()).collect();
        assert_eq!(column(&sheet(&path, template::SCORES), 5, 0), rules);
        let table = catalog.tasks_of(rubric).expect("a task table");
        let tasks: Vec<String> = table
            .of_unit(unit)
            .map(|(task, _)| table.tasks[task].no.to_string())
            .collect();
        assert!(!tasks.is_empty());
        assert_eq!(column(&sheet(&path, template::TASKS), 6, 0), tasks);
    }
}

#[test]
fn names_sort_as_the_roster_does() {
    let catalog = catalog();
    let name = |unit| {
        template::form_name(
            &catalog,
            Which {
                unit,
                period: 0,
                round: 2,
            },
        )
    };
    assert_eq!(name(0), "01-武陵区-平时考核-第2轮.xlsx");
    let names: Vec<String> = (0..48).map(name).collect();
    assert!(names.is_sorted());
}

/// What is missing in a blank form is said cell by cell, and nothing else is wrong with it.
#[test]
fn a_blank_form_lacks_its_values_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    for layout in ["form", "wide"] {
        let folder = folder.path().join(layout);
        assert_eq!(run(&folder, &["--layout", layout]), Some(0));
        let codes: BTreeSet<String> = problems(&folder)
            .into_iter()
            .map(|(code, _)| code)
            .collect();
        assert_eq!(codes, BTreeSet::from(["missing-value".to_owned()]));
    }
}

/// The score that a program sees which does not calculate is the engine's.
#[test]
fn a_filled_form_is_read_back_and_scored_as_it_shows() {
    let catalog = catalog();
    let folder = tempfile::tempdir().expect("a folder for the test");
    let which = Which {
        unit: 3,
        period: 0,
        round: 1,
    };
    let rubric = &catalog.rubrics[0];
    let value = |kind: &Kind| match kind {
        Kind::PerOccurrence { .. } => Some(Observed::Count(12.into())),
        Kind::Shortfall { .. } => Some(Observed::Count(1.into())),
        Kind::Fixed { .. } => Some(Observed::Answer(true)),
        Kind::Discretionary => Some(Observed::Points(Decimal::new(125, 3))),
        Kind::Proportional { .. } => None,
    };
    let rules = rubric.rules().map(|rule| Filled {
        value: value(&rule.kind),
        reason: Some("抽查发现".to_owned()),
        ..Filled::default()
    });
    let done = FilledTask {
        state: Some(TaskState::Share(Decimal::new(933, 3))),
        ..FilledTask::default()
    };
    let filling = Filling {
        rules: rules.collect(),
        tasks: vec![done; 35],
    };
    let mut form = template::form(&catalog, which, &filling).expect("a form");
    let path = folder.path().join("表.xlsx");
    let bytes = style::save(&mut form).expect("memory takes any workbook");
    fs::write(&path, bytes).expect("the test's folder can be written");
    let args = [
        "score".as_ref(),
        path.as_os_str(),
        "--format".as_ref(),
        "json".as_ref(),
    ];
    let scores = common::json(&kaohe(args));
    // 1①②: 5 + 2; 2: 50 × 0.067 = 3.35; 3①: 5; 3②: 2.5; 5: 7.5; four times 0.125, that is 0.13.
    let score = 100.0 - 7.0 - 3.35 - 7.5 - 7.5 - 4.0 * 0.13;
    let unit = &scores["classes"][0]["units"][0];
    let scored = unit["periods"][0]["score"].as_f64().expect("a number");
    assert!((scored - score).abs() < 1e-9);
    let shown = sheet(&path, template::SCORES);
    assert_eq!(shown.get_value((18, 10)), Some(&Data::Float(scored)));
    assert_eq!(shown.get_value((2, 8)), Some(&Data::Float(scored)));
}

#[test]
fn what_is_asked_for_is_written_and_nothing_is_overwritten() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let folder = folder.path().join("空白 表");
    let one = [
        "--unit",
        "武陵区人民政府",
        "--period",
        "routine",
        "--round",
        "2",
    ];
    assert_eq!(run(&folder, &one), Some(0));
    let name = "01-武陵区-平时考核-第2轮.xlsx".to_owned();
    assert_eq!(names(&folder), BTreeSet::from([name.clone()]));
    fs::write(folder.join(&name), "填好的").expect("the test's folder can be written");
    // All of the class are refused for the sake of the one that is there.
    let class = ["--class", "government", "--period", "平时", "--round", "2"];
    assert_eq!(run(&folder, &class), Some(2));
    assert_eq!(names(&folder).len(), 1);
    let kept = fs::read(folder.join(&name)).expect("the file");
    assert_eq!(kept, "填好的".as_bytes());
    assert_eq!(run(&folder, &[&class[..], &["--force"]].concat()), Some(0));
    assert_eq!(names(&folder).len(), 9);
}

#[test]
fn what_is_not_there_cannot_be_asked_for() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    for wrong in [
        ["--unit", "武凌区"],
        ["--class", "nothing"],
        ["--period", "summer"],
        ["--layout", "long"],
        ["--round", "0"],
    ] {
        assert_eq!(run(folder.path(), &wrong), Some(2), "{wrong:?}");
    }
    assert!(names(folder.path()).is_empty());
}

#[test]
fn a_round_that_the_rubric_does_not_have_is_not_asked_for() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let weights = "rounds = \"weights\"\nround-weights = [0.4, 0.6]";
    let rubrics = common::village::write(folder.path(), &[common::village::with_rounds(weights)]);
    let forms = folder.path().join("空白表");
    let template = |more: &[&str]| {
        let mut args = vec![
            "template".into(),
            "-o".into(),
            forms.clone().into_os_string(),
        ];
        args.extend(["--rubrics".into(), rubrics.clone().into_os_string()]);
        args.extend(more.iter().map(std::ffi::OsString::from));
        common::kaohe(args)
    };
    // The month has two rounds with weights, the year's end as many as are held.
    let refused = template(&["--round", "3", "--period", "monthly"]);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("月度考核只有 2 轮，没有第 3 轮"), "{said}");
    assert!(!forms.exists());
    let made = template(&["--round", "3"]);
    assert_eq!(made.status.code(), Some(0));
    let said = String::from_utf8_lossy(&made.stderr);
    assert!(
        said.contains("月度考核只有 2 轮") && said.contains("空白表 5 份"),
        "{said}"
    );
}
