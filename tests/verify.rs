//! Whether a report stands: what was altered in it, or in its inputs, is named.

mod common;
#[path = "common/packages.rs"]
mod packages;
#[path = "common/reports.rs"]
mod reports;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use common::kaohe;
use packages::with_part;
use reports::year_and_report;
use zip::ZipArchive;

/// What `verify` says of a report, and its exit status.
fn verify(report: &Path, inputs: &[PathBuf]) -> (Option<i32>, String) {
    let mut args = vec!["verify".into(), report.as_os_str().to_owned()];
    args.extend(inputs.iter().map(|path| path.as_os_str().to_owned()));
    let output = kaohe(args);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.code(), text)
}

#[test]
fn verify_stands_and_names_what_does_not() {
    let (_folder, inputs, output) = year_and_report(5);
    let (status, text) = verify(&output, &inputs);
    assert_eq!(status, Some(0), "{text}");
    assert!(text.starts_with("成立"), "{text}");
    let government = inputs.iter().find(|path| path.ends_with("government.csv"));
    let government = government.expect("a file of the class");
    let table = fs::read_to_string(government).expect("the table");
    let line = table
        .lines()
        .find(|line| line.starts_with("桃源县,年终考核,1,3②,"))
        .expect("a line of the table");
    let value: u32 = line
        .split(',')
        .nth(4)
        .expect("a value")
        .parse()
        .expect("a count");
    let changed = line.replace(&format!("3②,{value}"), &format!("3②,{}", (value + 1) % 3));
    fs::write(government, table.replace(line, &changed)).expect("a file of the test");
    let (status, text) = verify(&output, &inputs);
    assert_eq!(status, Some(1), "{text}");
    assert!(text.starts_with("不成立"), "{text}");
    assert!(text.contains("文件 government.csv：内容变了"), "{text}");
    assert!(text.contains("桃源县 年终考核第1轮 3②"), "{text}");
    assert!(
        !text.contains("municipal-bureau.csv") && !text.contains("石门县"),
        "{text}"
    );
}

#[test]
fn verify_tells_what_would_be_calculated_anew() {
    let (folder, inputs, output) = year_and_report(6);
    let report = fs::File::open(&output).expect("the report");
    let mut package = ZipArchive::new(report).expect("a workbook");
    let [ranking, base] = ["sheet1", "sheet11"].map(|name| {
        let name = format!("xl/worksheets/{name}.xml");
        let mut sheet = String::new();
        let mut part = package.by_name(&name).expect("a sheet");
        part.read_to_string(&mut sheet).expect("UTF-8");
        (name, sheet)
    });
    let report = fs::read(&output).expect("the report");
    let formula = "<f>RANK(L5,$L$5:$L$13,0)</f>";
    let altered = "排名-各区县（市）人民政府 A5：公式改过";
    for (from, to, status, said) in [
        (formula, "<f>rank( L5, L5:L13, 0.0 )</f>", 0, "成立："),
        (formula, "<f>RANK(L5,$L$5:$L$13,0)+20</f>", 1, altered),
        (formula, "<f>RANK(L5,$L$5:$L$12,0)</f>", 1, altered),
        (
            formula,
            "<f t=\"array\" ref=\"A5:A6\">RANK(L5,$L$5:$L$13,0)</f>",
            1,
            altered,
        ),
        (formula, "", 1, "A5：原来是公式，现在不是"),
        (
            "<c r=\"A1\" s=\"1\" t=\"s\">",
            "<c r=\"A1\" s=\"1\" t=\"s\"><f>B1</f>",
            1,
            "A1：原来没有公式",
        ),
        (formula, "<f>A1</f><f>RANK(L5,$L$5:$L$13,0)</f>", 2, ""),
        (
            "<c r=\"L4\" s=\"20\"><v>5</v>",
            "<c r=\"L4\" s=\"20\" t=\"str\"><v>5</v>",
            1,
            "填报底稿 L4： 5 原来是数，现在是文字",
        ),
    ] {
        let mut sheets = [&ranking, &base].into_iter();
        let of = |(_, sheet): &&(String, String)| sheet.matches(from).count() == 1;
        let (name, sheet) = sheets.find(of).expect("a cell of the report");
        let other = with_part(&report, name, sheet.replace(from, to).as_bytes());
        let path = folder.path().join("另存.xlsx");
        fs::write(&path, other).expect("a file of the test");
        let (code, text) = verify(&path, &inputs);
        assert_eq!(code, Some(status), "{to}: {text}");
        assert!(text.contains(said), "{to}: {text}");
        assert_eq!(text.contains("有 1 处不同"), status == 1, "{to}: {text}");
    }
}
