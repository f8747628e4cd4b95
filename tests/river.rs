//! `examples/river/`: another document altogether, an invented 河长制 assessment of twelve
//! townships with 1000 points, twelve monthly rounds, unannounced inspections, grades and its
//! own way with ties. It is all data: a rubric, a roster and a task table in
//! `examples/river/rubrics`, and the sheets of a year.
//!
//! The committed sheets are what the generator here makes, byte for byte. After a change that
//! is meant, `UPDATE_EXAMPLES=1 cargo test --test river` writes them anew.

#[path = "examples/collected.rs"]
mod collected;
mod common;
#[path = "examples/office.rs"]
mod office;
#[path = "examples/river.rs"]
mod year;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::OnceLock;

use collected::{BY_FORM, Files, generate};
use common::project;
use kaohe::input::rubric_file;
use kaohe::model::catalog::Catalog;
use serde_json::Value;
use year::{INSPECTION, MONTHLY, TOWNSHIPS, YEAR_END};

/// The folders of sheets beside the one of the rubric.
const FOLDERS: [&str; 3] = [MONTHLY, INSPECTION, YEAR_END];

fn rubrics() -> PathBuf {
    project("examples/river/rubrics")
}

fn catalog() -> Catalog {
    let sources = rubric_file::from_dir(&rubrics()).expect("the folder of the rubric");
    rubric_file::read(&sources).unwrap_or_else(|problems| {
        panic!("the rubric of the example is sound, but: {problems:?}");
    })
}

/// The committed sheets, by path with `/`.
fn committed(folder: &Path) -> Files {
    let mut files = Files::new();
    for below in FOLDERS {
        let Ok(entries) = fs::read_dir(folder.join(below)) else {
            continue;
        };
        for entry in entries {
            let path = entry.expect("an entry of the folder").path();
            let name = path.file_name().expect("a name").to_string_lossy();
            let bytes = fs::read(&path).expect("a file of the project");
            files.insert(format!("{below}/{name}"), bytes);
        }
    }
    files
}

/// The folder of the example, its sheets written anew if that was asked for, once and before
/// any test reads them.
fn example() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = project("examples/river");
        if std::env::var_os("UPDATE_EXAMPLES").is_some() {
            for below in FOLDERS.map(|below| folder.join(below)) {
                if below.exists() {
                    fs::remove_dir_all(&below).expect("the examples can be replaced");
                }
                fs::create_dir_all(&below).expect("the examples can be written");
            }
            for (name, bytes) in generate(&catalog()) {
                fs::write(folder.join(name), bytes).expect("the examples can be written");
            }
        }
        folder
    })
}

/// Runs a command with the rubric of the example.
fn run<I: AsRef<OsStr>>(args: impl IntoIterator<Item = I>) -> Output {
    let mut args: Vec<_> = args
        .into_iter()
        .map(|arg| arg.as_ref().to_owned())
        .collect();
    args.extend(["--rubrics".into(), rubrics().into_os_string()]);
    common::kaohe(args)
}

fn sheets() -> Vec<PathBuf> {
    FOLDERS.map(|below| example().join(below)).into()
}

/// Runs a command on the sheets.
fn said(before: &[&str], after: &[&str]) -> Output {
    let sheets = sheets();
    let words = before.iter().map(OsStr::new);
    let paths = sheets.iter().map(|path| path.as_os_str());
    run(words.chain(paths).chain(after.iter().map(OsStr::new)))
}

fn stdout(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn scores() -> Vec<Value> {
    let document = common::json(&said(&["score"], &["--format", "json"]));
    assert_eq!(document["classes"][0]["provisional"], false);
    let units = document["classes"][0]["units"].as_array();
    units.expect("a list of units").clone()
}

#[test]
fn the_sheets_are_what_the_generator_makes() {
    let folder = example();
    let (there, made) = (committed(folder), generate(&catalog()));
    let names = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&there), names(&made), "other files than are made");
    for (name, bytes) in &made {
        assert!(&there[name] == bytes, "{name} is not what is made now");
    }
    let size: usize = made.values().map(Vec::len).sum();
    assert!(size < 200_000, "{size} bytes are too many");
}

#[test]
fn the_sheets_are_complete_and_clean() {
    let found = common::json(&said(&["validate"], &["--complete", "--format", "json"]));
    assert_eq!(
        found["problems"].as_array().map(Vec::as_slice),
        Some(&[][..])
    );
    assert_eq!(found["files"], 9);
}

/// Unit, total, rank, grade, in the order of print.
fn ranking(units: &[Value]) -> Vec<(String, String, u64, String)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let row = |unit: &Value| {
        let (total, rank) = (unit["total"].to_string(), unit["rank"].as_u64());
        let rank = rank.expect("a rank");
        (text(&unit["unit"]), total, rank, text(&unit["grade"]))
    };
    units.iter().map(row).collect()
}

#[test]
fn three_townships_by_hand() {
    // 白沙镇 has a reservoir. Each round takes 60 × (1 − 95%) = 3.
    //   The months: February 4 × 5 = 20, May 120 × (1 − 5/6) = 20, September 2 × 5 = 10, in all
    //   12 × 3 + 50 = 86; (12 × 1000 − 86) ÷ 12 = 992.83… → 992.8
    //   Inspections: 1000 − 3 − 6 × 5 = 967, 1000 − 3 − 2 × 5 = 987;
    //   967 × 0.4 + 987 × 0.6 = 386.8 + 592.2 = 979
    //   Year's end: 1000 − 3 − 5 = 992
    //   992.8 × 0.5 + 979 × 0.2 + 992 × 0.3 = 496.4 + 195.8 + 297.6 = 989.8
    //
    // 石桥镇 has none: 900 points count. Each round takes 60 × (1 − 93%) = 4.2 and keeps 895.8;
    // 895.8 × 1000 ÷ 900 = 995.33… → 995.3
    //   The months: April 895.8 − 3 × 5 = 880.8 → 978.66… → 978.7, November one patrol of four
    //   lacks, 895.8 − 30 = 865.8 → 962; (10 × 995.3 + 978.7 + 962) ÷ 12 = 991.14… → 991.1
    //   Inspections: 895.8 − 2 × 3 = 889.8 → 988.66… → 988.7, and 995.3;
    //   988.7 × 0.4 + 995.3 × 0.6 = 395.48 + 597.18 = 992.66 → 992.7
    //   Year's end: 46 patrols of 48, 895.8 − 2 × 2.5 = 890.8 → 989.77… → 989.8
    //   991.1 × 0.5 + 992.7 × 0.2 + 989.8 × 0.3 = 495.55 + 198.54 + 296.94 = 991.03 → 991
    //
    // 高岭乡 has a reservoir. Each round takes 150 × 25% + 60 × 20% = 49.5.
    //   The months take 2 × 30 + 10 × 5 + 15 + 100 × 30% + 10 = 165 more, 214.5 in all; April 50
    //   for what was built, September 120 × (1 − 1/3) = 80; 12 × 214.5 + 130 = 2704,
    //   1000 − 2704 ÷ 12 = 774.66… → 774.7
    //   Inspections: 1000 − 49.5 − 50 = 900.5, 1000 − 49.5 − 3 × 30 − 50 = 810.5;
    //   900.5 × 0.4 + 810.5 × 0.6 = 360.2 + 486.3 = 846.5
    //   Year's end: 4 × 5 = 20, 18 × 2.5 = 45, 50, 8 × 1.25 = 10, one task of six not done,
    //   100 ÷ 6 = 16.66… → 16.7; 1000 − 49.5 − 141.7 = 808.8
    //   774.7 × 0.5 + 846.5 × 0.2 + 808.8 × 0.3 = 387.35 + 169.3 + 242.64 = 799.29 → 799.3
    for (name, months, inspections, year_end, total) in [
        ("白沙镇", "992.8", "979", "992", "989.8"),
        ("石桥镇", "991.1", "992.7", "989.8", "991"),
        ("高岭乡", "774.7", "846.5", "808.8", "799.3"),
    ] {
        let units = scores();
        let unit = units.iter().find(|unit| unit["unit"] == name);
        let unit = unit.expect("a township");
        let periods = [months, inspections, year_end];
        for (period, score) in unit["periods"]
            .as_array()
            .expect("periods")
            .iter()
            .zip(periods)
        {
            assert_eq!(
                period["score"].to_string(),
                score,
                "{name} {}",
                period["period"]
            );
        }
        assert_eq!(unit["total"].to_string(), total, "{name}");
    }
}

#[test]
fn ranks_and_grades_of_the_year() {
    // 12 × 25% = 3 may be 优秀. 白沙镇 and 永丰镇 are level in everything that decides and share
    // the third place: both are, and the next rank is the fourth. 青山乡 and 大坪乡 have the same
    // total; 断面水质 decides, 147 against 150 − 3.625 = 146.375 → 146.4. 良好 takes 900, 合格 800.
    let expected = [
        ("龙潭镇", "996.5", 1, "优秀"),
        ("石桥镇", "991", 2, "优秀"),
        ("白沙镇", "989.8", 3, "优秀"),
        ("永丰镇", "989.8", 3, "优秀"),
        ("青山乡", "982", 4, "良好"),
        ("大坪乡", "982", 5, "良好"),
        ("柳林乡", "975.1", 6, "良好"),
        ("碧溪镇", "966.7", 7, "良好"),
        ("板桥乡", "947.9", 8, "良好"),
        ("双江镇", "930.5", 9, "良好"),
        ("三河口镇", "886.2", 10, "合格"),
        ("高岭乡", "799.3", 11, "不合格"),
    ];
    let owned = |(unit, total, rank, grade): (&str, &str, u64, &str)| {
        (unit.to_owned(), total.to_owned(), rank, grade.to_owned())
    };
    assert_eq!(ranking(&scores()), expected.map(owned));
}

#[test]
fn blank_forms_are_those_that_were_handed_in() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let blank = folder.path().to_str().expect("UTF-8");
    stdout(&run(["template", "--period", "year-end", "-o", blank]));
    let names = fs::read_dir(folder.path())
        .expect("the forms")
        .map(|entry| {
            let name = entry.expect("an entry of the folder").file_name();
            name.into_string().expect("UTF-8")
        });
    let names: Vec<String> = names.collect();
    assert_eq!(names.len(), TOWNSHIPS.len());
    for (unit, name) in [(1, BY_FORM[0]), (5, BY_FORM[1])] {
        let form = format!("{unit:02}-{name}-{YEAR_END}-第1轮.xlsx");
        assert!(names.contains(&form), "{form} is not among {names:?}");
        assert!(example().join(YEAR_END).join(form).exists());
    }
}

#[test]
fn the_year_is_reported_explained_and_verified() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let report = folder.path().join("排名.xlsx");
    let report = report.to_str().expect("UTF-8");
    stdout(&said(&["report"], &["-o", report]));
    stdout(&said(&["verify", report], &[]));
    let why = stdout(&said(&["explain", "石桥镇"], &[]));
    for words in ["2①", "乡级河长每月巡河不少于4次", "第四季度.xlsx"] {
        assert!(why.contains(words), "{words} is not in\n{why}");
    }
}

#[test]
fn the_rubric_is_sound_and_passes_its_self_tests() {
    let check = common::json(&run(["rubric", "check", "--format", "json"]));
    assert_eq!([&check["errors"], &check["warnings"]], [0, 0], "{check}");
    // Every rule has a case below, at and above its cap.
    stdout(&run(["rubric", "test", "--strict"]));
    let shown = stdout(&run(["rubric", "show", "river"]));
    assert!(shown.contains("河长巡河　180 分，占 18%"), "{shown}");
}
