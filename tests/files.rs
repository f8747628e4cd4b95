//! What the program does to files, its own and others': nothing is lost, nothing is overwritten
//! without a word.

mod common;

use std::fs;
use std::path::Path;
use std::process::Output;

use common::{catalog, clean, form, kaohe};

/// A folder with both periods of every district, without deductions.
fn districts(folder: &Path) {
    let catalog = catalog();
    for unit in catalog.class(0) {
        let values = clean(&catalog.rubrics[0]);
        let name = &catalog.roster.units()[unit].name;
        for period in ["平时考核", "年终考核"] {
            let path = folder.join(format!("{name} {period}.csv"));
            common::write_csv(&path, &form(name, period, 1, &values));
        }
    }
}

fn report(folder: &Path, output: &Path, more: &[&str]) -> Output {
    let folder = folder.to_str().expect("UTF-8");
    let mut args = vec!["report", folder, "-o", output.to_str().expect("UTF-8")];
    args.extend(more);
    kaohe(args)
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_report_is_not_overwritten_without_force() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let sheets = folder.path().join("收 到");
    fs::create_dir(&sheets).expect("a folder of the test");
    districts(&sheets);
    let path = folder.path().join("排名.xlsx");
    assert_eq!(report(&sheets, &path, &[]).status.code(), Some(0));
    let first = fs::read(&path).expect("the report");
    fs::write(&path, "something else").expect("a file of the test");
    let refused = report(&sheets, &path, &[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(said(&refused).contains("--force"), "{}", said(&refused));
    assert_eq!(fs::read(&path).expect("the file"), b"something else");
    assert_eq!(report(&sheets, &path, &["--force"]).status.code(), Some(0));
    assert!(
        fs::read(&path).expect("the report") == first,
        "the same input, the same bytes"
    );
}

#[test]
fn a_report_beside_its_sheets_is_passed_over() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    districts(folder.path());
    let path = folder.path().join("排名.xlsx");
    assert_eq!(report(folder.path(), &path, &[]).status.code(), Some(0));
    let again = kaohe(["validate", folder.path().to_str().expect("UTF-8")]);
    assert_eq!(again.status.code(), Some(0), "{}", said(&again));
    assert!(said(&again).contains("排名.xlsx"));
    let verified = kaohe([Path::new("verify"), &path, folder.path()]);
    assert_eq!(verified.status.code(), Some(0), "{}", said(&verified));
    let nothing = kaohe([
        Path::new("verify"),
        &path,
        &folder.path().join("没有这个文件夹"),
    ]);
    assert_eq!(nothing.status.code(), Some(1));
    assert!(said(&nothing).contains("没有依据"), "{}", said(&nothing));
}

#[test]
fn a_report_never_takes_the_place_of_a_sheet() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    districts(folder.path());
    let sheet = folder.path().join("武陵区 平时考核.csv");
    let before = fs::read(&sheet).expect("a sheet");
    let refused = report(folder.path(), &sheet, &["--force"]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(fs::read(&sheet).expect("a sheet"), before);
}

#[test]
fn a_marked_return_never_takes_the_place_of_a_sheet() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let catalog = catalog();
    let values = common::with(clean(&catalog.rubrics[0]), "1①", "-1", "");
    let path = folder.path().join("武陵区.xlsx");
    let rows = form("武陵区", "平时考核", 1, &values);
    common::write_xlsx(&path, &[("计分表", &rows)]);
    let before = fs::read(&path).expect("a sheet");
    let here = folder.path().to_str().expect("UTF-8");
    let refused = kaohe(["validate", here, "--annotate", here, "--force"]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(fs::read(&path).expect("a sheet"), before);
}

#[test]
fn a_report_is_refused_while_something_lacks() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    districts(folder.path());
    fs::remove_file(folder.path().join("武陵区 年终考核.csv")).expect("a file of the test");
    let elsewhere = tempfile::tempdir().expect("a folder for the test");
    let path = elsewhere.path().join("排名.xlsx");
    let refused = report(folder.path(), &path, &[]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        said(&refused).contains("--allow-incomplete"),
        "{}",
        said(&refused)
    );
    assert!(!path.exists());
    let allowed = report(folder.path(), &path, &["--allow-incomplete"]);
    assert_eq!(
        allowed.status.code(),
        Some(1),
        "the sheets still have an error"
    );
    assert!(path.exists());
    fs::remove_file(folder.path().join("武陵区 平时考核.csv")).expect("a file of the test");
    let absent = elsewhere.path().join("缺一家.xlsx");
    assert_eq!(
        report(folder.path(), &absent, &[]).status.code(),
        Some(2),
        "one is absent"
    );
    assert_eq!(
        report(folder.path(), &absent, &["--allow-incomplete"])
            .status
            .code(),
        Some(0)
    );
}

#[test]
fn what_cannot_be_written_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    districts(folder.path());
    let nowhere = folder.path().join("没有这个文件夹").join("排名.xlsx");
    let refused = report(folder.path(), &nowhere, &[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(said(&refused).contains("排名.xlsx"));
    let left = fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(left, 18, "only the sheets");
}

#[test]
fn templates_are_written_all_or_none() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().to_str().expect("UTF-8");
    let made = kaohe([
        "template", "-o", path, "--class", "six-zone", "--period", "routine",
    ]);
    assert_eq!(made.status.code(), Some(0), "{}", said(&made));
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 6);
    let again = kaohe(["template", "-o", path, "--class", "six-zone"]);
    assert_eq!(again.status.code(), Some(2), "six are there already");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 6);
    let forced = kaohe(["template", "-o", path, "--class", "six-zone", "--force"]);
    assert_eq!(forced.status.code(), Some(0));
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 12);
}

#[test]
fn a_report_is_not_written_under_the_name_of_another_kind_of_file() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let output = folder.path().join("排名.csv");
    let report = common::kaohe([
        "report".as_ref(),
        common::project("examples/2019").as_os_str(),
        "-o".as_ref(),
        output.as_os_str(),
    ]);
    assert_eq!(report.status.code(), Some(2));
    let said = String::from_utf8_lossy(&report.stderr);
    assert!(said.contains(".xlsx"), "{said}");
    assert!(!output.exists());
}
