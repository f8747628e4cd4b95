//! What the tests share: sheets as rows of text, written as real files, and the program run.
#![allow(
    dead_code,
    reason = "each test binary uses its own part of what all of them share"
)]

pub mod soffice;
pub mod village;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use kaohe::input::rubric_file;
use kaohe::model::catalog::Catalog;
use kaohe::model::rubric::{Kind, Rubric};

/// A sheet: rows of cells; an empty text is an empty cell.
pub type Rows = Vec<Vec<String>>;

/// One value of one rule: 编号, 填报值, 扣分说明.
pub type Value = (String, String, String);

/// The rubrics compiled in.
pub fn catalog() -> Catalog {
    rubric_file::read(&rubric_file::embedded()).unwrap_or_else(|problems| {
        panic!("the built-in rubrics are sound, but: {problems:?}");
    })
}

/// The rubric with this id.
pub fn rubric<'a>(catalog: &'a Catalog, id: &str) -> &'a Rubric {
    let found = catalog.rubrics.iter().find(|rubric| rubric.id == id);
    found.unwrap_or_else(|| panic!("there is a rubric {id}"))
}

/// Values that cost nothing: no occurrences, everything done.
pub fn clean(rubric: &Rubric) -> Vec<Value> {
    let value = |kind: &Kind| match kind {
        Kind::PerOccurrence { .. } | Kind::Discretionary => "0".to_owned(),
        Kind::Fixed { lost_by, .. } => if *lost_by { "否" } else { "是" }.to_owned(),
        Kind::Shortfall { required, .. } => required.to_string(),
        Kind::Proportional { .. } => "100%".to_owned(),
    };
    let rules = rubric.rules();
    rules
        .map(|rule| (rule.id.to_string(), value(&rule.kind), String::new()))
        .collect()
}

/// `values` with one of them replaced.
pub fn with(mut values: Vec<Value>, id: &str, value: &str, reason: &str) -> Vec<Value> {
    let entry = values.iter_mut().find(|(known, ..)| known == id);
    let entry = entry.unwrap_or_else(|| panic!("there is a rule {id}"));
    entry.1 = value.to_owned();
    entry.2 = reason.to_owned();
    values
}

/// Rows from literals.
pub fn rows<const N: usize>(literal: &[[&str; N]]) -> Rows {
    literal
        .iter()
        .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect())
        .collect()
}

/// 计分表: labels above, a rule a row.
pub fn form(unit: &str, period: &str, round: u32, values: &[Value]) -> Rows {
    let mut sheet = rows(&[
        ["生态文明建设示范市创建考核计分表", "", "", ""],
        ["被考核单位", unit, "考核时段", period],
        ["考核年度", "2019", "轮次", &round.to_string()],
        ["编号", "填报值", "扣分说明", "佐证材料"],
    ]);
    for (id, value, reason) in values {
        sheet.extend(rows(&[[id, value, reason, ""]]));
    }
    sheet
}

/// 明细表: a rule of one unit a row.
pub fn long(units: &[(&str, &str, u32, Vec<Value>)]) -> Rows {
    let mut sheet = rows(&[[
        "被考核单位",
        "考核时段",
        "轮次",
        "编号",
        "填报值",
        "扣分说明",
    ]]);
    for (unit, period, round, values) in units {
        for (id, value, reason) in values {
            sheet.extend(rows(&[[
                unit,
                period,
                &round.to_string(),
                id,
                value,
                reason,
            ]]));
        }
    }
    sheet
}

/// 汇总表: one unit a row.
pub fn wide(units: &[(&str, &str, u32, Vec<Value>)]) -> Rows {
    let mut header: Vec<String> = ["被考核单位", "考核时段", "轮次"].map(str::to_owned).into();
    for (id, ..) in &units[0].3 {
        header.extend([id.clone(), format!("{id}说明")]);
    }
    let mut sheet = vec![header];
    for (unit, period, round, values) in units {
        let mut row = vec![(*unit).to_owned(), (*period).to_owned(), round.to_string()];
        for (_, value, reason) in values {
            row.extend([value.clone(), reason.clone()]);
        }
        sheet.push(row);
    }
    sheet
}

/// 任务完成情况 of one unit: labels above, a task a row; every assigned task is done but those
/// named in `states`.
pub fn tasks(
    catalog: &Catalog,
    unit: &str,
    period: &str,
    round: u32,
    states: &[(&str, &str)],
) -> Rows {
    let position = catalog.roster.find(unit).expect("a unit of the roster");
    let rubric = &catalog.rubrics[catalog.rubric_of(position)];
    let table = catalog.tasks_of(rubric).expect("a rubric with tasks");
    let mut sheet = rows(&[
        ["被考核单位", unit, "考核时段", period],
        ["考核年度", "2019", "轮次", &round.to_string()],
        ["任务序号", "工作任务", "完成情况", "实际值"],
    ]);
    for (task, _) in table.of_unit(position) {
        let task = &table.tasks[task];
        let no = task.no.to_string();
        let state = states.iter().find(|(named, _)| *named == no);
        let state = state.map_or("完成", |(_, state)| state);
        sheet.extend(rows(&[[&no, &task.title, state, ""]]));
    }
    sheet
}

/// Writes sheets as .xlsx: plain numbers as numbers, all else as text.
pub fn write_xlsx(path: &Path, sheets: &[(&str, &Rows)]) {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    for (name, rows) in sheets {
        let sheet = workbook.add_worksheet();
        sheet.set_name(*name).expect("a good name");
        for (row, cells) in (0..).zip(rows.iter()) {
            for (column, cell) in (0..).zip(cells) {
                if cell.is_empty() {
                    continue;
                }
                match cell.parse::<f64>() {
                    Ok(number) => sheet.write_number(row, column, number),
                    Err(_) => sheet.write_string(row, column, cell),
                }
                .expect("a cell within the grid");
            }
        }
    }
    workbook
        .save(path)
        .expect("the test's folder can be written");
}

/// The rows as comma-separated text.
pub fn csv(rows: &Rows) -> String {
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).expect("memory takes any row");
    }
    String::from_utf8(writer.into_inner().expect("memory takes any row"))
        .expect("UTF-8 was written")
}

/// Writes rows as .csv in UTF-8.
pub fn write_csv(path: &Path, rows: &Rows) {
    std::fs::write(path, csv(rows)).expect("the test's folder can be written");
}

/// Writes rows as .csv in GB18030.
pub fn write_gb18030(path: &Path, rows: &Rows) {
    let text = csv(rows);
    let (bytes, _, lossy) = encoding_rs::GB18030.encode(&text);
    assert!(!lossy, "GB18030 holds all of Unicode");
    std::fs::write(path, bytes).expect("the test's folder can be written");
}

/// Runs the program.
pub fn kaohe<I: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = I>) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kaohe"))
        .args(args)
        .env_remove("NO_COLOR")
        .output()
        .expect("the program was built for this test")
}

/// What the program printed, as JSON.
pub fn json(output: &Output) -> serde_json::Value {
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&text).unwrap_or_else(|error| {
        panic!("{error}: {text}{}", String::from_utf8_lossy(&output.stderr))
    })
}

/// Code and cell of every problem that `validate` finds.
pub fn problems(path: &Path) -> Vec<(String, String)> {
    let output = kaohe([
        Path::new("validate"),
        path,
        Path::new("--format"),
        Path::new("json"),
    ]);
    let document = json(&output);
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
    let problems = document["problems"].as_array().expect("a list").iter();
    problems
        .map(|problem| (text(&problem["code"]), text(&problem["cell"])))
        .collect()
}

/// A file of the project.
pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Whether golden files are to be written anew.
pub fn update() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some()
}

/// Holds `actual` to the file at `path`, or writes it there.
pub fn hold(path: &Path, actual: &str, wrong: &mut Vec<String>) {
    if update() {
        std::fs::write(path, actual).expect("a file of the project");
        return;
    }
    let expected = std::fs::read_to_string(path)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    if actual != expected {
        wrong.push(format!(
            "{}\n--- expected\n{expected}\n--- found\n{actual}",
            path.display()
        ));
    }
}
