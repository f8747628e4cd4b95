//! Each problem code by example: a folder with a spoiled sheet and the expected text.
//!
//! `UPDATE_GOLDEN=1 cargo test --test problems` writes the texts anew; read what changed.

mod common;
#[path = "common/packages.rs"]
mod packages;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use kaohe::diagnostic::{self, Code};
use serde_json::Value as Json;

/// Runs `validate` in a folder and returns what it prints.
fn validate(folder: &Path, more: &[&str]) -> String {
    let arguments = fs::read_to_string(folder.join("arguments")).unwrap_or_default();
    let output = Command::new(env!("CARGO_BIN_EXE_kaohe"))
        .current_dir(folder)
        .args(["validate", "."])
        .args(arguments.split_whitespace())
        .args(more)
        .output()
        .expect("the program was built for this test");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn each_code_has_a_folder_that_shows_it_and_nothing_else() {
    let mut wrong = Vec::new();
    for code in Code::ALL {
        let folder = common::project("tests/data/problems").join(code.name());
        let json = validate(&folder, &["--format", "json"]);
        let document: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        let problems = document["problems"].as_array().expect("a list");
        let found: BTreeSet<&str> = problems.iter().filter_map(|p| p["code"].as_str()).collect();
        if found != BTreeSet::from([code.name()]) {
            wrong.push(format!("{code}: {found:?}"));
        }
        common::hold(
            &folder.join("expected.golden"),
            &validate(&folder, &[]),
            &mut wrong,
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_reference_page_is_what_the_program_explains() {
    let mut wrong = Vec::new();
    let page = common::project("docs/problems.md");
    common::hold(&page, &diagnostic::markdown(), &mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for code in Code::ALL {
        let output = common::kaohe(["validate", "--explain", code.name()]);
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(text.starts_with(&format!("{code}：")) && text.contains(code.page().cure));
    }
    assert_eq!(
        common::kaohe(["validate", "--explain", "no-such-code"])
            .status
            .code(),
        Some(2)
    );
}

#[test]
fn codes_are_unique_and_in_kebab_case() {
    let names: BTreeSet<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(names.len(), Code::ALL.len());
    let plain = |name: &str| name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    assert!(names.iter().all(|name| plain(name)));
}

/// The problems of a list, as JSON has them.
fn problems_of(text: &str) -> Vec<Json> {
    let folder = tempfile::tempdir().expect("a folder for the test");
    std::fs::write(folder.path().join("明细.csv"), text).expect("a file of the test");
    let output = common::kaohe([
        "validate".as_ref(),
        folder.path().as_os_str(),
        "--format".as_ref(),
        "json".as_ref(),
    ]);
    let found = common::json(&output);
    found["problems"].as_array().expect("a list").clone()
}

#[test]
fn one_mistake_made_over_and_over_is_counted_and_not_listed() {
    // 12,001 rows of the same rule: all but the first are one too many, 10,000 are kept.
    let mut text = String::from("被考核单位,考核时段,轮次,编号,填报值,扣分说明\n");
    for _ in 0..12_001 {
        text += "武陵区,平时考核,1,1①,0,\n";
    }
    let problems = problems_of(&text);
    let rows = problems.iter().filter(|p| p["code"] == "duplicate-row");
    let (cells, more): (Vec<_>, Vec<_>) = rows.partition(|p| !p["cell"].is_null());
    assert_eq!((cells.len(), more.len()), (10_000, 1));
    let message = more[0]["message"].as_str().expect("a text");
    assert!(message.contains("还有 2000 处"), "{message}");
}

#[test]
fn a_label_is_one_mistake_however_many_rows_follow() {
    // 10,050 rows of units that nobody knows, and a form of eleven rows with one more above it.
    let mut text = String::from("被考核单位,考核时段,编号,填报值\n");
    for number in 0..10_050 {
        text += &format!("某县{number},平时考核,1①,0\n");
    }
    text += "被考核单位,某某县\n考核时段,平时考核\n编号,填报值\n";
    for rule in 1..=11 {
        text += &format!("{rule},0\n");
    }
    let problems = problems_of(&text);
    let units = problems.iter().filter(|p| p["code"] == "unknown-unit");
    let more: Vec<_> = units.filter(|p| p["cell"].is_null()).collect();
    let message = more[0]["message"].as_str().expect("a text");
    assert!(message.contains("还有 51 处"), "{message}");
}

#[test]
fn a_unit_may_be_meant_by_any_of_very_many_unknown_names() {
    // 武陵区 lacks the second round that 鼎城区 has, but for its name misspelt after 13,000 others.
    let mut text = String::from("被考核单位,考核时段,轮次,编号,填报值\n");
    text += "武陵区,平时考核,1,1①,0\n鼎城区,平时考核,1,1①,0\n鼎城区,平时考核,2,1①,0\n";
    for number in 0..13_000 {
        text += &format!("某某某{number},平时考核,2,1①,0\n");
    }
    text += "武陵驱,平时考核,2,1①,0\n";
    let problems = problems_of(&text);
    let missing = problems.iter().filter(|p| p["code"] == "missing-sheet");
    assert_eq!(missing.count(), 0);
}

#[test]
fn the_cells_around_are_shown_wherever_in_a_file_they_stand() {
    let cell = |row: u32, column: char, text: &str| {
        format!("<c r=\"{column}{row}\" t=\"str\"><v>{text}</v></c>")
    };
    let line = |row: u32, texts: [&str; 2]| {
        let [id, value] = texts;
        format!("<row>{}{}</row>", cell(row, 'A', id), cell(row, 'B', value))
    };
    // What stands in the file before the wrong row: nothing, the last row, a blank, white space.
    for before in [
        String::new(),
        line(900, ["1①", "0"]),
        "<row><c r=\"A900\"/></row>".to_owned(),
        line(900, [" ", " "]),
    ] {
        let mut rows = line(1, ["被考核单位", "武陵区"]) + &line(2, ["考核时段", "平时考核"]);
        rows += &line(3, ["编号", "填报值"]);
        rows += &(before + &line(7, ["1②", "不知道"]));
        let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("表.xlsx");
        std::fs::write(&path, packages::xlsx_of(&sheet)).expect("a file of the test");
        let output = common::kaohe(["validate".as_ref(), path.as_os_str()]);
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(text.contains("第 7 行：1② | 【不知道】"), "{text}");
    }
}

#[test]
fn blanks_under_rules_that_the_unit_does_not_have_explain_nothing() {
    let columns: String = (1..=30).map(|mark| format!(",900.{mark}")).collect();
    let problems = problems_of(&format!("单位,时段{columns}\n武陵区,平时考核\n"));
    let missing = problems.iter().filter(|p| p["code"] == "missing-rule");
    let catalog = common::catalog();
    let rules = common::rubric(&catalog, "government").rules().count();
    assert_eq!(missing.count(), rules);
    // A value there may be meant for one of them.
    let problems = problems_of(&format!(
        "单位,时段{columns}\n武陵区,平时考核{}\n",
        ",0".repeat(30)
    ));
    let codes: Vec<_> = problems.iter().map(|p| p["code"].as_str()).collect();
    assert_eq!(codes, [Some("unknown-rule"); 30]);
    // It is one mistake for those too who have a blank there.
    let values = ",0".repeat(30);
    let problems = problems_of(&format!(
        "单位,时段{columns}\n武陵区,平时考核{values}\n澧县,平时考核\n"
    ));
    let codes: Vec<_> = problems.iter().map(|p| p["code"].as_str()).collect();
    assert_eq!(codes, [Some("unknown-rule"); 30]);
}

#[test]
fn a_label_is_one_mistake_of_each_unit_below_it() {
    let rows = "武陵区,1①,0\n澧县,1①,0\n".repeat(5000);
    let found = problems_of(&format!("考核时段：第三次\n单位,编号,填报值\n{rows}"));
    let of_period = found.iter().filter(|p| p["code"] == "unknown-period");
    let told: Vec<_> = of_period.map(|p| [&p["cell"], &p["unit"]]).collect();
    assert_eq!(told, [["A1", "武陵区"], ["A1", "澧县"]]);
}

#[test]
fn a_row_that_is_nearly_a_header_is_told_of_in_few_words() {
    let found = problems_of(&format!("单位,考核时段{}\n", ",填报值".repeat(100)));
    let message = found[0]["message"].as_str().expect("a text");
    assert_eq!(message.matches("填报值").count(), 1, "{message}");
}

#[test]
fn a_header_that_several_classes_do_not_know_is_one_mistake() {
    // A district and a bureau, which have other rules, and a rule that neither has.
    let found =
        problems_of("被考核单位,考核时段,轮次,9⑨\n武陵区,平时考核,1,3\n市发改委,平时考核,1,3\n");
    let unknown = |problem: &&Json| problem["code"] == "unknown-rule";
    let cells: Vec<_> = found.iter().filter(unknown).map(|p| &p["cell"]).collect();
    assert_eq!(cells, ["D1"]);
}

#[test]
fn columns_for_another_class_explain_nothing() {
    let catalog = common::catalog();
    let ids = |rubric: &str| -> Vec<String> {
        let rules = common::rubric(&catalog, rubric).rules();
        rules.map(|rule| rule.id.to_string()).collect()
    };
    // All rules of the districts but the first, which the zones have too; the rest is theirs alone.
    let (districts, zones) = (ids("government"), ids("six-zone"));
    let mut columns = districts[1..].to_vec();
    columns.extend(zones.iter().filter(|id| !districts.contains(id)).cloned());
    assert!(zones.contains(&districts[0]) && columns.iter().any(|id| !zones.contains(id)));
    let row = |unit: &str, own: &[String]| {
        let value = |id| if own.contains(id) { ",0" } else { "," };
        let values: String = columns.iter().map(value).collect();
        format!("{unit},平时考核{values}\n")
    };
    let rows = row("武陵区", &districts) + &row("柳叶湖", &zones);
    let problems = problems_of(&format!("单位,时段,{}\n{rows}", columns.join(",")));
    let missing = problems.iter().find(|p| p["code"] == "missing-rule");
    let message = missing.expect("a finding")["message"]
        .as_str()
        .expect("a text");
    assert!(message.contains("2 个单位都没有数"), "{message}");
}
