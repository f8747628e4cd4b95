//! Each problem code by example: a folder with a spoiled sheet and the expected text.
//!
//! `UPDATE_GOLDEN=1 cargo test --test problems` writes the texts anew; read what changed.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use kaohe::diagnostic::{self, Code};

fn update() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some()
}

/// Holds `actual` to the file at `path`, or writes it there.
fn hold(path: &Path, actual: &str, wrong: &mut Vec<String>) {
    if update() {
        fs::write(path, actual).expect("a file of the project");
        return;
    }
    let expected = fs::read_to_string(path)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    if actual != expected {
        wrong.push(format!(
            "{}\n--- expected\n{expected}\n--- found\n{actual}",
            path.display()
        ));
    }
}

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
        hold(
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
    hold(&page, &diagnostic::markdown(), &mut wrong);
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
