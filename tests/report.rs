//! The report as others read it: the figures of `score --format json`, cell for cell; formulas
//! all the way down; text that stays text; and the command that explains it.

mod common;
#[path = "common/reports.rs"]
mod reports;

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use calamine::{Data, Range, Reader, Xlsx, open_workbook};
use common::{json, kaohe};
use reports::{report, year, year_and_report};
use serde_json::Value;

type Book = Xlsx<std::io::BufReader<fs::File>>;

fn open(path: &Path) -> Book {
    open_workbook(path).expect("a workbook")
}

fn sheet(book: &mut Book, name: &str) -> Range<Data> {
    book.worksheet_range(name)
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What a cell shows, numbers without noise.
fn text(sheet: &Range<Data>, row: u32, column: u32) -> String {
    match sheet.get_value((row, column)) {
        Some(Data::Float(number)) => number.to_string(),
        Some(Data::Empty) | None => String::new(),
        Some(Data::Bool(truth)) => truth.to_string(),
        Some(other) => other.to_string(),
    }
}

/// The row and the columns of a table by its headings, one of which is `first`.
fn headings(sheet: &Range<Data>, first: &str) -> (u32, HashMap<String, u32>) {
    let (rows, columns) = sheet.end().expect("a sheet with cells");
    for row in 0..=rows {
        let names: HashMap<String, u32> = (0..=columns)
            .map(|column| (text(sheet, row, column), column))
            .collect();
        if names.contains_key(first) && names.len() > 4 {
            return (row, names);
        }
    }
    panic!("no heading {first}")
}

fn of<'a>(value: &'a Value, key: &str) -> Vec<&'a Value> {
    value[key].as_array().expect("a list").iter().collect()
}

fn number(value: &Value) -> String {
    value.as_f64().expect("a number").to_string()
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[test]
fn the_figures_read_back_are_those_of_the_json() {
    let (_folder, inputs, output) = year_and_report(1);
    let mut args = vec!["score".into(), "--format".into(), "json".into()];
    args.extend(inputs.iter().map(|path| path.as_os_str().to_owned()));
    let document = json(&kaohe(args));
    let mut book = open(&output);
    let base = sheet(&mut book, "填报底稿");
    let ledger = sheet(&mut book, "扣分台账");
    let (mut base_row, base_columns) = headings(&base, "应扣");
    let (mut ledger_row, ledger_columns) = headings(&ledger, "核对");
    let catalog = common::catalog();
    let mut compared = 0;
    let mut same = |sheet: &Range<Data>, row: u32, column: u32, expected: &str| {
        assert_eq!(
            text(sheet, row, column),
            expected,
            "row {row}, column {column}"
        );
        compared += 1;
    };
    for class in of(&document, "classes") {
        let rubric = common::rubric(&catalog, word(&class["rubric"]));
        let ranking = sheet(&mut book, &format!("排名-{}", rubric.class));
        let sums = sheet(&mut book, &format!("得分计算-{}", rubric.class));
        let (header, columns) = headings(&ranking, "综合得分");
        let (mut sums_row, sums_columns) = headings(&sums, "核对");
        sums_row += 1;
        for (row, unit) in (header + 2..).zip(of(class, "units")) {
            same(&ranking, row, columns["单位"], word(&unit["unit"]));
            same(&ranking, row, columns["名次"], &number(&unit["rank"]));
            same(&ranking, row, columns["综合得分"], &number(&unit["total"]));
            for period in of(unit, "periods") {
                let name = match word(&period["period"]) {
                    "routine" => "平时考核",
                    _ => "年终考核",
                };
                same(&ranking, row, columns[name], &number(&period["score"]));
                for round in of(period, "rounds") {
                    sums_row += 1;
                    same(&sums, sums_row, 0, word(&unit["unit"]));
                    same(
                        &sums,
                        sums_row,
                        sums_columns["得分"],
                        &number(&round["score"]),
                    );
                    same(&sums, sums_row, sums_columns["核对"], "true");
                    for item in of(round, "items") {
                        let label = format!("{} {}", item["no"], word(&item["name"]));
                        same(
                            &sums,
                            sums_row,
                            sums_columns[&label],
                            &number(&item["score"]),
                        );
                        for rule in of(item, "rules") {
                            base_row += 1;
                            ledger_row += 1;
                            same(&base, base_row, base_columns["单位"], word(&unit["unit"]));
                            for (name, key) in [
                                ("应扣", "asked"),
                                ("实扣", "applied"),
                                ("封顶未扣", "absorbed"),
                            ] {
                                same(&base, base_row, base_columns[name], &number(&rule[key]));
                                same(
                                    &ledger,
                                    ledger_row,
                                    ledger_columns[name],
                                    &number(&rule[key]),
                                );
                            }
                            same(&base, base_row, base_columns["上限"], &number(&rule["cap"]));
                            for (name, key) in [
                                ("编号", "id"),
                                ("填报原值", "value"),
                                ("扣分说明", "reason"),
                                ("文件", "file"),
                                ("工作表", "sheet"),
                                ("单元格", "cell"),
                            ] {
                                same(&ledger, ledger_row, ledger_columns[name], word(&rule[key]));
                            }
                            same(&ledger, ledger_row, ledger_columns["核对"], "true");
                        }
                    }
                }
            }
        }
    }
    assert_eq!(
        text(&base, base_row + 1, 1),
        "",
        "nothing follows in 填报底稿"
    );
    assert_eq!(
        text(&ledger, ledger_row + 1, 0),
        "",
        "nothing follows in 扣分台账"
    );
    println!("{compared} cells compared");
    assert!(compared > 20_000);
}

#[test]
fn the_same_input_gives_the_same_bytes_in_any_order() {
    let (folder, mut inputs, output) = year_and_report(2);
    let first = fs::read(&output).expect("the report");
    inputs.reverse();
    report(&inputs, &output, &[]);
    assert!(fs::read(&output).expect("the report") == first);
    let inside = folder.path().join("收到的表");
    fs::create_dir(&inside).expect("a folder");
    for path in &inputs {
        let name = path.file_name().expect("a name");
        fs::rename(path, inside.join(name)).expect("a file of the test");
    }
    report(&[&inside], &output, &[]);
    assert!(fs::read(&output).expect("the report") == first);
}

/// The numbers that stand in a formula itself, outside of references and texts.
fn literals(formula: &str) -> Vec<String> {
    let mut numbers = Vec::new();
    let mut parts = formula.split('"').step_by(2).collect::<String>();
    while let Some(start) = parts.find('\'') {
        let end = parts[start + 1..]
            .find('\'')
            .map_or(parts.len(), |end| start + end + 2);
        parts.replace_range(start..end, "S");
    }
    let token = |c: char| c.is_ascii_alphanumeric() || "$.!".contains(c);
    for part in parts.split(|c| !token(c)) {
        if part.parse::<f64>().is_ok() {
            numbers.push(part.to_owned());
        }
    }
    numbers
}

#[test]
fn every_figure_is_a_formula_and_no_total_is_typed_in() {
    let (_folder, _, output) = year_and_report(3);
    let mut book = open(&output);
    let mut formulas = 0;
    for name in book.sheet_names() {
        let cells = sheet(&mut book, &name);
        let written = book.worksheet_formula(&name).expect("the formulas");
        let start = written.start().unwrap_or_default();
        for (row, column, formula) in written.used_cells() {
            if formula.is_empty() {
                continue;
            }
            formulas += 1;
            // Places of rounding, ranks and keys of sorting; never a score or a deduction.
            for number in literals(formula) {
                let known = ["0", "1", "2", "4", "8", "10", "100"];
                let key = name.starts_with("得分计算") && number.len() == 2;
                assert!(known.contains(&number.as_str()) || key, "{name}: {formula}");
            }
            let at = (start.0 + row as u32, start.1 + column as u32);
            assert_ne!(cells.get_value(at), Some(&Data::Empty), "{name}: {formula}");
        }
        if name.starts_with("排名-") {
            let (header, columns) = headings(&cells, "综合得分");
            let last = columns["综合得分"];
            let mut row = header + 2;
            while let Some(Data::Float(_)) = cells.get_value((row, last)) {
                for column in (0..=last + 1).filter(|column| *column != columns["单位"]) {
                    let formula = written.get_value((row, column));
                    assert!(formula.is_some_and(|formula| !formula.is_empty()));
                }
                row += 1;
            }
        }
    }
    assert!(formulas > 20_000, "{formulas}");
}

#[test]
fn text_from_sheets_is_never_a_formula() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let rubrics = folder.path().join("细则");
    fs::create_dir(&rubrics).expect("a folder");
    for entry in fs::read_dir(common::project("rubrics")).expect("the rubrics") {
        let path = entry.expect("a file").path();
        if path.extension().is_some_and(|kind| kind == "toml") {
            let text = fs::read_to_string(&path).expect("a rubric");
            let text = text.replace("{ name = \"武陵区\"", "{ name = \"=1+1\"");
            let text = text.replace("{ name = \"鼎城区\"", "{ name = \"@SUM(A1)\"");
            let name = path.file_name().expect("a name");
            fs::write(rubrics.join(name), text).expect("a file of the test");
        }
    }
    let inputs = folder.path().join("in");
    fs::create_dir(&inputs).expect("a folder");
    for path in year(&inputs, 4) {
        let text = fs::read_to_string(&path).expect("a table");
        let text = text.replace("\n武陵区,", "\n=1+1,");
        let text = text.replace("\n鼎城区,", "\n@SUM(A1),");
        fs::write(&path, text).expect("a file of the test");
    }
    let output = folder.path().join("排名.xlsx");
    let sheets = folder.path().join("反馈单");
    let (rubrics, sheets) = (rubrics.display().to_string(), sheets.display().to_string());
    report(
        &[&inputs],
        &output,
        &["--rubrics", &rubrics, "--unit-sheets", &sheets],
    );
    let mut book = open(&output);
    let mut seen = 0;
    for name in book.sheet_names() {
        let cells = sheet(&mut book, &name);
        let written = book.worksheet_formula(&name).expect("the formulas");
        let start = cells.start().unwrap_or_default();
        for (row, column, cell) in cells.used_cells() {
            let Data::String(text) = cell else { continue };
            if text.starts_with(['=', '+', '-', '@']) {
                let at = (start.0 + row as u32, start.1 + column as u32);
                let formula = written.get_value(at).cloned().unwrap_or_default();
                // A name may be looked up by a formula of ours; it is not one itself.
                assert!(
                    formula.is_empty() || formula.starts_with("INDEX("),
                    "{formula}"
                );
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn a_unit_sees_itself_alone() {
    let (folder, inputs, output) = year_and_report(6);
    let sheets = folder.path().join("反馈单");
    let sheets_path = sheets.display().to_string();
    report(&inputs, &output, &["--unit-sheets", &sheets_path]);
    let catalog = common::catalog();
    assert_eq!(fs::read_dir(&sheets).expect("a folder").count(), 48);
    let mut book = open(&sheets.join("安乡县-考核结果反馈单.xlsx"));
    let cells = sheet(&mut book, "考核结果反馈单");
    let all: String = cells
        .used_cells()
        .map(|(_, _, cell)| cell.to_string() + "\n")
        .collect();
    assert!(all.contains("安乡县") && all.contains("申诉意见"));
    for unit in catalog
        .roster
        .units()
        .iter()
        .filter(|unit| *unit.name != *"安乡县")
    {
        assert!(!all.contains(&*unit.name), "{}", unit.name);
    }
    let rules = common::rubric(&catalog, "government").rules().count();
    let clauses = all.matches("缺一项扣1分").count();
    assert_eq!(
        (rules, clauses),
        (12, 3),
        "each rule stands there once a round"
    );
}

#[test]
fn an_incomplete_report_says_so() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let inputs = year(folder.path(), 7);
    let government = fs::read_to_string(&inputs[0]).expect("the table");
    let left: Vec<&str> = government
        .lines()
        .filter(|line| !line.starts_with("石门县,年终考核"))
        .collect();
    fs::write(&inputs[0], left.join("\n")).expect("a file of the test");
    let output = folder.path().join("排名.out");
    let mut args = vec!["report".into(), "-o".into(), output.as_os_str().to_owned()];
    args.extend(inputs.iter().map(|path| path.as_os_str().to_owned()));
    let refused = kaohe(&args);
    assert_eq!(refused.status.code(), Some(1));
    assert!(!output.exists());
    args.push("--allow-incomplete".into());
    let made = kaohe(&args);
    assert_eq!(
        made.status.code(),
        Some(1),
        "the error in the sheets is still one"
    );
    let mut book = open(&output);
    let ranking = sheet(&mut book, "排名-各区县（市）人民政府");
    let all: String = ranking
        .used_cells()
        .map(|(_, _, cell)| cell.to_string())
        .collect();
    assert!(text(&ranking, 0, 0).contains("暂定"));
    assert!(all.contains("石门县（缺年终考核第 1 轮"), "{all}");
    let complete = sheet(&mut book, "排名-市直有关单位");
    assert!(!text(&complete, 0, 0).contains("暂定"));
}

#[test]
fn explain_tells_the_same_story_as_the_score() {
    let (_folder, inputs, _) = year_and_report(8);
    let explain = |more: &[&str]| {
        let mut args = vec!["explain".into(), "澧县".into()];
        args.extend(inputs.iter().map(|path| path.as_os_str().to_owned()));
        args.extend(more.iter().map(Into::into));
        kaohe(args)
    };
    let story = json(&explain(&["--format", "json"]));
    assert_eq!(story["schema"], "kaohe.explain/1");
    let text = explain(&[]);
    assert_eq!(text.status.code(), Some(0));
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(text.contains(word(&story["arithmetic"])), "{text}");
    let mut steps = 0;
    for period in of(&story, "periods") {
        assert!(text.contains(word(&period["arithmetic"])));
        for round in of(period, "rounds") {
            for item in of(round, "items") {
                for rule in of(item, "rules") {
                    let place = format!("{} › {}", word(&rule["file"]), word(&rule["cell"]));
                    assert!(text.contains(&place), "{place}");
                    assert!(text.contains(word(&rule["arithmetic"])));
                    steps += 1;
                }
            }
        }
    }
    assert_eq!(steps, 3 * 12);
    let unknown = kaohe(["explain".as_ref(), "澧阳县".as_ref(), inputs[0].as_os_str()]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("是不是想写"));
}
