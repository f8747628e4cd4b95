//! `examples/2019/`: a year of collected sheets, invented, in several layouts and formats.
//!
//! The committed files are what the generator here makes, byte for byte. After a change that
//! is meant, `UPDATE_EXAMPLES=1 cargo test --test examples` writes them anew.

mod common;
#[path = "examples/year.rs"]
mod year;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use common::{Rows, catalog, project};
use kaohe::decimal::{Decimal, plain, round};
use kaohe::model::catalog::Catalog;
use kaohe::model::record::Observed;
use kaohe::output::style;
use kaohe::output::template::{self, Filling, TaskState};

/// Path below `examples/2019`, with `/`, and content.
type Files = BTreeMap<String, Vec<u8>>;

/// Every file of the year.
fn generate(catalog: &Catalog) -> Files {
    let mut files = Files::new();
    let class = |id: &str| {
        let found = catalog.rubrics.iter().position(|rubric| rubric.id == id);
        found.unwrap_or_else(|| panic!("there is a rubric {id}"))
    };
    for unit in catalog.class(class("government")) {
        for sheet in 0..year::SHEETS.len() {
            let which = year::which(unit, sheet);
            let filling = year::filling(catalog, unit, sheet);
            let mut workbook = template::form(catalog, which, &filling).expect("a form");
            let unit = &catalog.roster.units()[unit].name;
            let name = template::form_name(catalog, which);
            let bytes = style::save(&mut workbook).expect("memory takes any workbook");
            files.insert(format!("区县/{unit}/{name}"), bytes);
        }
    }
    let bureaus = class("municipal-bureau");
    let units: Vec<usize> = catalog.class(bureaus).collect();
    let zones: Vec<usize> = catalog.class(class("six-zone")).collect();
    for (sheet, (period, round)) in year::SHEETS.into_iter().enumerate() {
        let of = |units: &[usize]| -> Vec<Filling> {
            let units = units.iter();
            units
                .map(|&unit| year::filling(catalog, unit, sheet))
                .collect()
        };
        let mut workbook =
            template::wide(catalog, &units, (period, round), &of(&units)).expect("a wide table");
        let name = template::wide_name(catalog, bureaus, period, round);
        let bytes = style::save(&mut workbook).expect("memory takes any workbook");
        files.insert(format!("市直单位/{name}"), bytes);
        let (rules, tasks) = lists(catalog, &zones, sheet, &of(&zones));
        let period = &catalog.rubrics[class("six-zone")].periods[period].name;
        let name = format!("市直小区/{period}-第{round}轮");
        files.insert(format!("{name}-明细表.csv"), text(&rules, sheet));
        files.insert(format!("{name}-任务完成情况.csv"), text(&tasks, sheet));
    }
    files
}

/// 明细表 and task list of some units, written as people write: with units of count and by
/// short names in the second round, with a typed rate at the year's end.
fn lists(catalog: &Catalog, units: &[usize], sheet: usize, fillings: &[Filling]) -> (Rows, Rows) {
    let mut rules = common::rows(&[[
        "被考核单位",
        "考核时段",
        "轮次",
        "编号",
        "考核项目",
        "填报值",
        "扣分说明",
        "佐证材料",
        "自查值",
    ]]);
    let mut tasks = common::rows(&[[
        "被考核单位",
        "考核时段",
        "轮次",
        "任务序号",
        "工作任务",
        "完成情况",
        "实际值",
    ]]);
    for (&unit, filling) in units.iter().zip(fillings) {
        let rubric = &catalog.rubrics[catalog.rubric_of(unit)];
        let entry = &catalog.roster.units()[unit];
        let short = entry.also.first().filter(|_| sheet == 1);
        let name = short.map_or(&*entry.name, String::as_str);
        let (period, round) = year::SHEETS[sheet];
        let period = &rubric.periods[period].name;
        let whose = [name, period, &round.to_string()].map(str::to_owned);
        for (rule, filled) in rubric.rules().zip(&filling.rules) {
            let item = rubric.items().find(|item| item.no == rule.id.item);
            let item = item.map(|item| item.name.clone()).unwrap_or_default();
            let value = match filled.value {
                Some(value) => spelled(value, rule.count.as_deref(), sheet == 1),
                None if sheet == 2 => typed_rate(filling),
                None => String::new(),
            };
            let claim = filled.claim.map(|claim| spelled(claim, None, false));
            let mut row = whose.to_vec();
            row.extend([
                rule.id.to_string(),
                item,
                value,
                filled.reason.clone().unwrap_or_default(),
                filled.evidence.clone().unwrap_or_default(),
                claim.unwrap_or_default(),
            ]);
            rules.push(row);
        }
        let table = catalog.tasks_of(rubric).expect("the zones have tasks");
        for ((task, _), filled) in table.of_unit(unit).zip(&filling.tasks) {
            let task = &table.tasks[task];
            let percent = task.goal.as_ref().is_some_and(|goal| goal.is_percent());
            let measured = filled
                .measured
                .map(|measured| format!("{}{}", plain(measured), if percent { "%" } else { "" }));
            let state = match filled.state {
                Some(TaskState::Share(share)) if share == Decimal::ONE => "完成".to_owned(),
                Some(TaskState::Share(share)) if share.is_zero() => "未完成".to_owned(),
                Some(TaskState::Share(share)) => plain(share * Decimal::ONE_HUNDRED) + "%",
                Some(TaskState::Outside) => "不涉及".to_owned(),
                None => String::new(),
            };
            let mut row = whose.to_vec();
            let title = task.title.clone();
            row.extend([
                task.no.to_string(),
                title,
                state,
                measured.unwrap_or_default(),
            ]);
            tasks.push(row);
        }
    }
    (rules, tasks)
}

/// A value as people type it; `loose` with the unit of count, 无 for none.
fn spelled(value: Observed, count: Option<&str>, loose: bool) -> String {
    match value {
        Observed::Count(number) if loose && number.is_zero() => "无".to_owned(),
        Observed::Count(number) if loose => plain(number) + count.unwrap_or_default(),
        Observed::Count(number) | Observed::Points(number) => plain(number),
        Observed::Answer(yes) if loose => if yes { "有" } else { "无" }.to_owned(),
        Observed::Answer(yes) => if yes { "是" } else { "否" }.to_owned(),
        Observed::Completion(rate) => plain(rate.value()),
        Observed::NotApplicable => "不涉及".to_owned(),
    }
}

/// The rate of the tasks, rounded to two decimals of a percent, as a clerk copies it.
fn typed_rate(filling: &Filling) -> String {
    let rate = filling
        .rate(filling.tasks.len())
        .expect("a filled task table");
    plain(round(rate.value() * Decimal::ONE_HUNDRED, 2)) + "%"
}

/// Rows as the bytes of a .csv: GB18030 as Excel saves it, UTF-8 with BOM, plain UTF-8.
fn text(rows: &Rows, sheet: usize) -> Vec<u8> {
    let text = common::csv(rows);
    match sheet {
        0 => encoding_rs::GB18030
            .encode(&text.replace('\n', "\r\n"))
            .0
            .into_owned(),
        1 => format!("\u{feff}{}", text.replace('\n', "\r\n")).into_bytes(),
        _ => text.into_bytes(),
    }
}

/// The files below a folder, by path with `/`.
fn committed(folder: &Path, below: &str, into: &mut Files) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("an entry of the folder").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        let name = format!("{below}{name}");
        if path.is_dir() {
            committed(&path, &format!("{name}/"), into);
        } else {
            into.insert(name, fs::read(&path).expect("a file of the project"));
        }
    }
}

/// Puts `files` in the place of what is in `folder`.
fn rewrite(folder: &Path, files: &Files) {
    if folder.exists() {
        fs::remove_dir_all(folder).expect("the examples can be replaced");
    }
    for (name, bytes) in files {
        let path = folder.join(name);
        let parent = path.parent().expect("a file in a folder");
        fs::create_dir_all(parent).expect("the examples can be written");
        fs::write(path, bytes).expect("the examples can be written");
    }
}

/// The folder of the examples, written anew if that was asked for, once and before any test
/// reads it.
fn examples() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = project("examples/2019");
        if std::env::var_os("UPDATE_EXAMPLES").is_some() {
            rewrite(&folder, &generate(&catalog()));
        }
        folder
    })
}

/// What a command says of the examples, as JSON.
fn said(command: &str, more: &[&str]) -> serde_json::Value {
    let path = examples().to_string_lossy().into_owned();
    let args = [command, &path, "--format", "json"];
    common::json(&common::kaohe(args.iter().chain(more)))
}

#[test]
fn the_examples_are_what_the_generator_makes() {
    let made = generate(&catalog());
    let mut there = Files::new();
    committed(examples(), "", &mut there);
    let names = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&there), names(&made), "other files than are made");
    for (name, bytes) in &made {
        assert!(&there[name] == bytes, "{name} is not what is made now");
    }
    let size: usize = made.values().map(Vec::len).sum();
    assert!(size < 1_500_000, "{size} bytes are too many");
}

#[test]
fn the_examples_are_complete_and_clean() {
    let found = said("validate", &["--complete"]);
    let problems = found["problems"].as_array().expect("a list");
    for problem in problems {
        println!("{problem}");
    }
    assert!(problems.is_empty());
}

#[test]
fn the_examples_show_ties_and_caps() {
    let scores = said("score", &[]);
    let mut absorbed = 0;
    for class in scores["classes"].as_array().expect("three classes") {
        let units = class["units"].as_array().expect("units");
        let shared = units.windows(2).any(|two| two[0]["rank"] == two[1]["rank"]);
        assert!(shared, "no two units of {} share a rank", class["rubric"]);
        absorbed += class.to_string().matches("\"absorbed\":4,").count();
    }
    assert!(
        absorbed > 0,
        "twelve absences cost six points, of which two are taken"
    );
}
