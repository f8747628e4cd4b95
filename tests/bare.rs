//! A folder or a file without a command, as a clerk drags it onto the program.

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use common::{catalog, clean, form, kaohe, with};

/// Runs the program in `folder`.
fn run(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kaohe"))
        .args(args)
        .current_dir(folder)
        .output()
        .expect("the program was built for this test")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn listed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The sheets of all zones in both periods, in a folder of this name.
fn zones(folder: &Path, name: &str) {
    let catalog = catalog();
    let class = catalog.rubrics.len() - 1;
    fs::create_dir(folder.join(name)).expect("a folder of the test");
    for unit in catalog.class(class) {
        let values = clean(&catalog.rubrics[class]);
        let unit = &catalog.roster.units()[unit].name;
        for period in ["平时考核", "年终考核"] {
            let path = folder.join(name).join(format!("{unit} {period}.csv"));
            common::write_csv(&path, &form(unit, period, 1, &values));
        }
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder of the test");
    let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    let mut names: Vec<String> = entries
        .map(|entry| name(entry.expect("an entry")))
        .collect();
    names.sort();
    names
}

#[test]
fn a_sound_folder_gets_its_report_beside_it() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    zones(folder.path(), "收 到");
    let made = run(folder.path(), &["收 到"]);
    assert_eq!(made.status.code(), Some(0), "{}", said(&made));
    assert_eq!(listed(&made), "检查了 12 个文件，没有问题\n");
    assert!(
        said(&made).contains("写好了：收 到-排名.xlsx"),
        "{}",
        said(&made)
    );
    assert_eq!(names(folder.path()), ["收 到", "收 到-排名.xlsx"]);
    let sheets = folder.path().join("收 到");
    let path = folder.path().join("收 到-排名.xlsx");
    let verified = kaohe([Path::new("verify"), &path, &sheets]);
    assert_eq!(verified.status.code(), Some(0), "{}", said(&verified));
    // Nothing changed: nothing is written. Also where the folder is called `.`.
    for (within, name) in [(folder.path(), "收 到/"), (&sheets, ".")] {
        let again = run(within, &[name]);
        assert_eq!(again.status.code(), Some(0), "{}", said(&again));
        assert!(said(&again).contains("一样"), "{}", said(&again));
    }
    assert_eq!(names(folder.path()), ["收 到", "收 到-排名.xlsx"]);
}

#[test]
fn an_older_report_is_never_replaced() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    zones(folder.path(), "表");
    fs::write(folder.path().join("表-排名.xlsx"), "signed").expect("a file of the test");
    fs::create_dir(folder.path().join("表-排名-2.xlsx")).expect("a folder of the test");
    let made = run(folder.path(), &["表"]);
    assert_eq!(made.status.code(), Some(0), "{}", said(&made));
    assert!(said(&made).contains("表-排名-3.xlsx"), "{}", said(&made));
    let signed = fs::read_to_string(folder.path().join("表-排名.xlsx")).expect("the older one");
    assert_eq!(signed, "signed");
}

#[test]
fn errors_are_listed_and_no_report_is_written() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    zones(folder.path(), "表");
    let catalog = catalog();
    let class = catalog.rubrics.len() - 1;
    let unit = catalog.class(class).next().expect("a zone");
    let unit = &catalog.roster.units()[unit].name;
    let values = with(clean(&catalog.rubrics[class]), "1①", "-1", "");
    let path = folder
        .path()
        .join("表")
        .join(format!("{unit} 平时考核.csv"));
    common::write_csv(&path, &form(unit, "平时考核", 1, &values));
    let found = run(folder.path(), &["表"]);
    assert_eq!(found.status.code(), Some(1));
    assert!(
        listed(&found).contains("[negative-value]"),
        "{}",
        listed(&found)
    );
    assert!(said(&found).contains("再拖一次"), "{}", said(&found));
    assert_eq!(names(folder.path()), ["表"]);
}

#[test]
fn what_is_still_to_come_is_named_and_no_report_is_written() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    zones(folder.path(), "表");
    let gone = names(&folder.path().join("表"));
    let unit = gone[0].split(' ').next().expect("a unit");
    for period in ["平时考核", "年终考核"] {
        let path = folder
            .path()
            .join("表")
            .join(format!("{unit} {period}.csv"));
        fs::remove_file(path).expect("a sheet of the test");
    }
    let found = run(folder.path(), &["表"]);
    assert_eq!(found.status.code(), Some(0), "{}", said(&found));
    let told = said(&found);
    assert!(told.contains("还没有交齐"), "{told}");
    assert!(
        told.contains(&format!("{unit}：缺平时考核第 1 轮、年终考核第 1 轮")),
        "{told}"
    );
    for name in names(&folder.path().join("表")) {
        if name.contains("年终") {
            fs::remove_file(folder.path().join("表").join(name)).expect("a sheet of the test");
        }
    }
    let found = run(folder.path(), &["表"]);
    assert_eq!(found.status.code(), Some(0), "{}", said(&found));
    assert!(
        said(&found).contains("都还没有交年终考核"),
        "{}",
        said(&found)
    );
    assert_eq!(names(folder.path()), ["表"]);
}

#[test]
fn a_file_is_checked_and_a_folder_may_be_called_like_a_command() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    zones(folder.path(), "validate");
    let sheet = format!("validate/{}", names(&folder.path().join("validate"))[0]);
    let checked = run(folder.path(), &[&sheet]);
    assert_eq!(checked.status.code(), Some(0), "{}", said(&checked));
    assert!(
        said(&checked).contains("只拖这个文件夹"),
        "{}",
        said(&checked)
    );
    assert_eq!(names(folder.path()), ["validate"]);
    // Dragged, a path is absolute; typed, it can be told from the command.
    let whole = folder.path().join("validate");
    for path in [whole.to_str().expect("UTF-8"), "./validate"] {
        let made = run(folder.path(), &[path]);
        assert_eq!(made.status.code(), Some(0), "{}", said(&made));
    }
    assert_eq!(names(folder.path()), ["validate", "validate-排名.xlsx"]);
}

#[test]
fn what_is_neither_command_nor_path_is_told_so() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    for (args, word) in [
        (&[][..], "拖到 kaohe 的图标上"),
        (&["socre", "表"], "是不是想写 score"),
        (&["没有这个"], "“没有这个”不是命令"),
        (&["/"], "整个盘"),
        (&[".", "-v", "validate", "."], "写在 . 前面"),
    ] {
        let output = run(folder.path(), args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(said(&output).contains(word), "{args:?}: {}", said(&output));
        assert_eq!(listed(&output), "", "{args:?}");
    }
}

#[test]
fn the_version_names_the_rubrics() {
    let version = listed(&kaohe(["--version"]));
    let mut lines = version.lines();
    assert_eq!(
        lines.next(),
        Some(concat!("kaohe ", env!("CARGO_PKG_VERSION")))
    );
    let listed = common::json(&kaohe(["rubric", "list", "--format", "json"]));
    let files = ["rubrics", "task_tables"].map(|key| listed[key].as_array().expect("a list"));
    let mut wanted: Vec<String> = files
        .into_iter()
        .flatten()
        .chain([&listed["roster"]])
        .map(|file| {
            let text = |key: &str| file[key].as_str().expect("a text");
            format!("{}  {}", &text("sha256")[..12], text("file"))
        })
        .collect();
    wanted.sort();
    let mut shown: Vec<&str> = lines.collect();
    shown.sort_unstable();
    assert_eq!(shown, wanted);
    assert_eq!(shown.len(), 5);
}

#[test]
fn packages_get_completions_and_a_manual() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = listed(&kaohe(["generate", shell]));
        for word in ["validate", "allow-incomplete"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    let manual = listed(&kaohe(["generate", "man"]));
    for word in [
        ".SH 用法",
        ".SH kaohe report",
        ".SH kaohe rubric list",
        "\\-\\-annotate",
    ] {
        assert!(manual.contains(word), "{word}");
    }
    assert!(!manual.contains("Print help"), "English help");
}
