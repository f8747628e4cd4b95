//! The sheets of the invented year of Bixi county, made from what `year` says.

use std::collections::BTreeMap;

use kaohe::decimal::{Decimal, Ratio, parse};
use kaohe::model::catalog::Catalog;
use kaohe::model::record::Observed;
use kaohe::model::rubric::{Kind, Rubric, RuleId};
use kaohe::output::style;
use kaohe::output::template::{self, Filled, FilledTask, Filling, TaskState, Which};

use crate::common::{self, Rows};
use crate::office;
use crate::year::{self, INSPECTION, MONTHLY, RULES, TOWNSHIPS, YEAR_END};

/// Path below `examples/river`, with `/`, and content.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The townships that hand in forms of their own at the year's end.
pub const BY_FORM: [&str; 2] = ["碧溪镇", "龙潭镇"];

/// A wide table of some rounds, a township a row, with the reasons of 9② beside it.
fn wide(title: Option<&str>, rounds: std::ops::RangeInclusive<u32>) -> Rows {
    let mut header: Vec<String> = ["被考核单位", "考核时段", "轮次"].map(str::to_owned).into();
    header.extend(RULES.map(str::to_owned));
    header.push("9②说明".to_owned());
    let mut rows: Rows = title
        .map(|title| vec![title.to_owned()])
        .into_iter()
        .collect();
    rows.push(header);
    for round in rounds {
        for (at, township) in TOWNSHIPS.iter().enumerate() {
            let mut row = vec![
                township.name.to_owned(),
                MONTHLY.to_owned(),
                round.to_string(),
            ];
            let values = RULES.map(|rule| year::value(at, MONTHLY, round, rule));
            row.extend(values.iter().map(|(value, _)| value.clone()));
            row.push(values[RULES.len() - 1].1.to_owned());
            rows.push(row);
        }
    }
    rows
}

/// A long table of a round of inspections; `loose` with 无 for none, as people write.
fn long(round: u32, loose: bool) -> Rows {
    let header = [
        "编号",
        "填报值",
        "被考核单位",
        "考核时段",
        "轮次",
        "扣分说明",
    ];
    let mut rows = common::rows(&[header]);
    for (at, township) in TOWNSHIPS.iter().enumerate() {
        for rule in RULES {
            let (value, reason) = year::value(at, INSPECTION, round, rule);
            let value = if loose && value == "0" {
                "无".to_owned()
            } else {
                value
            };
            let round = round.to_string();
            rows.extend(common::rows(&[[
                rule,
                &value,
                township.name,
                "暗访",
                &round,
                reason,
            ]]));
        }
    }
    rows
}

/// What a typed value means to its rule.
fn observed(rubric: &Rubric, rule: &str, value: &str) -> Observed {
    let number = |text: &str| parse(text).unwrap_or_else(|| panic!("{text} is a number"));
    let id = RuleId::parse(rule).expect("a rule of the table");
    let kind = &rubric
        .rules()
        .find(|rule| rule.id == id)
        .expect("the same")
        .kind;
    match kind {
        _ if value == "不涉及" => Observed::NotApplicable,
        Kind::Fixed { .. } => Observed::Answer(value == "是"),
        Kind::Discretionary => Observed::Points(number(value)),
        Kind::Proportional { .. } => {
            let (part, whole) = match value.split_once('/') {
                Some((part, whole)) => (number(part), number(whole)),
                None => (number(value.trim_end_matches('%')), Decimal::ONE_HUNDRED),
            };
            Observed::Completion(Ratio::new(part, whole).expect("of some"))
        }
        _ => Observed::Count(number(value)),
    }
}

/// What a township fills in at the year's end.
fn filling(catalog: &Catalog, unit: usize) -> Filling {
    let rubric = &catalog.rubrics[0];
    let rules = RULES.iter().map(|rule| {
        let (value, reason) = year::value(unit, YEAR_END, 1, rule);
        let from_tasks = *rule == "7";
        Filled {
            value: (!from_tasks).then(|| observed(rubric, rule, &value)),
            reason: (!reason.is_empty()).then(|| reason.to_owned()),
            ..Filled::default()
        }
    });
    let table = catalog.tasks_of(rubric).expect("the rubric has tasks");
    let tasks = table.of_unit(unit).map(|(index, _)| {
        let no = table.tasks[index].no.to_string();
        let (state, measured) = year::task(TOWNSHIPS[unit].name, &no);
        let share = |text: &str| TaskState::Share(parse(text).expect("a share"));
        FilledTask {
            state: Some(match state {
                "完成" => share("1"),
                "未完成" => share("0"),
                "不涉及" => TaskState::Outside,
                part => share(&format!("0.{}", part.trim_end_matches("0%"))),
            }),
            measured: parse(measured),
            evidence: None,
        }
    });
    Filling {
        rules: rules.collect(),
        tasks: tasks.collect(),
    }
}

/// Every sheet of the year.
pub fn generate(catalog: &Catalog) -> Files {
    for (township, unit) in TOWNSHIPS.iter().zip(catalog.roster.units()) {
        assert_eq!(township.name, &*unit.name, "the roster has another order");
    }
    let first = common::csv(&wide(None, 1..=3)).replace('\n', "\r\n");
    let second = wide(Some("碧溪县第二季度月度考核汇总表"), 4..=6);
    let second = common::csv(&second).replace('\n', "\r\n");
    let third = wide(Some("碧溪县第三季度月度考核汇总表"), 7..=9);
    let fourth = wide(Some("碧溪县第四季度月度考核汇总表"), 10..=12);
    let mut files = Files::from([
        (
            "月度考核/第一季度.csv".to_owned(),
            encoding_rs::GB18030.encode(&first).0.into_owned(),
        ),
        (
            "月度考核/第二季度.csv".to_owned(),
            format!("\u{feff}{second}").into_bytes(),
        ),
        (
            "月度考核/第三季度.ods".to_owned(),
            office::ods("第三季度", &third),
        ),
        (
            "月度考核/第四季度.xlsx".to_owned(),
            office::xlsx("第四季度", &fourth),
        ),
        (
            "暗访督查/汛前.tsv".to_owned(),
            office::tabs(&long(1, false)).into_bytes(),
        ),
        (
            "暗访督查/汛后.txt".to_owned(),
            office::unicode_text(&long(2, true)),
        ),
    ]);
    let (forms, wide): (Vec<usize>, Vec<usize>) =
        (0..TOWNSHIPS.len()).partition(|&unit| BY_FORM.contains(&TOWNSHIPS[unit].name));
    let period = 2;
    for unit in forms {
        let which = Which {
            unit,
            period,
            round: 1,
        };
        let form = template::form(catalog, which, &filling(catalog, unit));
        let bytes = style::save(&mut form.expect("a form")).expect("memory takes any workbook");
        let name = template::form_name(catalog, which);
        files.insert(format!("{YEAR_END}/{name}"), bytes);
    }
    let fillings: Vec<Filling> = wide.iter().map(|&unit| filling(catalog, unit)).collect();
    let table = template::wide(catalog, &wide, (period, 1), &fillings);
    let bytes = style::save(&mut table.expect("a wide table")).expect("memory takes any workbook");
    let name = template::wide_name(catalog, 0, period, 1);
    files.insert(format!("{YEAR_END}/{name}"), bytes);
    files
}
