//! Every rule of the three tables by hand: below, at and above its cap.
//!
//! The expected figures come from the document; the arithmetic stands beside each case. A case
//! is a sheet without deductions in which one value is changed, read and checked as any sheet.

mod common;

use std::sync::Arc;

use common::{catalog, clean, form, rubric, with};
use kaohe::check::records::{self, Options};
use kaohe::decimal::{Decimal, parse};
use kaohe::engine;
use kaohe::input::layout;
use kaohe::input::workbook::Limits;
use kaohe::model::catalog::Catalog;
use kaohe::model::grid::{Cell, Content, Format, Row, Sheet, Workbook};
use kaohe::model::scorecard::{RuleScore, Scorecard};

/// 编号, value on the sheet, points asked, points applied.
type Case = (&'static str, &'static str, &'static str, &'static str);

const GOVERNMENT: &[Case] = &[
    // 1① 缺一项扣1分, ①2 + ②3 = 5 at most.
    ("1①", "0", "0", "0"),
    ("1①", "3", "3", "3"),   // 3 × 1 = 3
    ("1①", "5", "5", "5"),   // 5 × 1 = 5, the cap
    ("1①", "7", "7", "5"),   // 7 × 1 = 7, 2 absorbed
    ("1①", "3份", "3", "3"), // 3 × 1 = 3, whatever is counted
    // 1② 少一次扣0.5分, ③2 at most.
    ("1②", "3", "1.5", "1.5"), // 3 × 0.5 = 1.5
    ("1②", "4", "2", "2"),     // 4 × 0.5 = 2, the cap
    ("1②", "12", "6", "2"),    // 12 × 0.5 = 6, 4 absorbed
    // 1③ 酌情, ④2 at most; more is refused on the sheet.
    ("1③", "0", "0", "0"),
    ("1③", "1.5", "1.5", "1.5"),
    ("1③", "2", "2", "2"),
    ("1③", "０.５ 分", "0.5", "0.5"),
    // 1④ 酌情, ⑤1 at most.
    ("1④", "0.5", "0.5", "0.5"),
    ("1④", "1", "1", "1"),
    // 2 按相应比例, 50 points × (1 − rate).
    ("2", "100%", "0", "0"),
    ("2", "28/30", "3.33", "3.33"), // 50 × 2 ÷ 30 = 3.333…
    ("2", "93.3%", "3.35", "3.35"), // 50 × 0.067 = 3.35
    ("2", "0.5", "25", "25"),       // 50 × 0.5 = 25
    ("2", "0%", "50", "50"),        // 50 × 1 = 50, the cap
    // 3① 每次扣1分, ①5 at most.
    ("3①", "2", "2", "2"),
    ("3①", "5", "5", "5"),
    ("3①", "9", "9", "5"), // 4 absorbed
    // 3② 年内2次，未完成的每次扣2.5分, ②5 at most.
    ("3②", "3", "0", "0"), // one more than asked for earns nothing
    ("3②", "2", "0", "0"),
    ("3②", "1", "2.5", "2.5"), // (2 − 1) × 2.5
    ("3②", "0", "5", "5"),     // (2 − 0) × 2.5 = 5, the cap
    // 4 酌情, 10 at most.
    ("4", "3.5", "3.5", "3.5"),
    ("4", "10", "10", "10"),
    // 5 不少于4次，每少一次扣2.5分, 10 at most.
    ("5", "6", "0", "0"),
    ("5", "4", "0", "0"),
    ("5", "3", "2.5", "2.5"), // (4 − 3) × 2.5
    ("5", "3篇", "2.5", "2.5"),
    ("5", "0", "10", "10"), // (4 − 0) × 2.5 = 10, the cap
    // 6① 未设立的扣5分; 6② 未显示的扣2.5分.
    ("6①", "是", "0", "0"),
    ("6①", "否", "5", "5"),
    ("6②", "是", "0", "0"),
    ("6②", "否", "2.5", "2.5"),
    // 6③ 酌情, ③2.5 at most.
    ("6③", "1", "1", "1"),
    ("6③", "2.5", "2.5", "2.5"),
];

/// The bureaus and the zones have the same numbers.
const BUREAUS_AND_ZONES: &[Case] = &[
    // 1① 缺一项扣1分, ①3 at most.
    ("1①", "2", "2", "2"),
    ("1①", "3", "3", "3"),
    ("1①", "4", "4", "3"), // 1 absorbed
    // 1② 少一次扣0.5分, ②2 at most.
    ("1②", "1", "0.5", "0.5"),
    ("1②", "4", "2", "2"),
    ("1②", "5", "2.5", "2"), // 0.5 absorbed
    // 1③ 酌情, ③4 at most; 1④ 酌情, ④1 at most.
    ("1③", "0.5", "0.5", "0.5"),
    ("1③", "4", "4", "4"),
    ("1④", "0.3", "0.3", "0.3"),
    ("1④", "1", "1", "1"),
    // 2 按相应比例, 50 points × (1 − rate).
    ("2", "17/18", "2.78", "2.78"), // 50 ÷ 18 = 2.777…
    ("2", "0.845", "7.75", "7.75"), // 50 × 0.155 = 7.75
    ("2", "0", "50", "50"),
    // 3① 每次扣1分, ①5 at most.
    ("3①", "4", "4", "4"),
    ("3①", "5", "5", "5"),
    ("3①", "6", "6", "5"), // 1 absorbed
    // 3② 年内1次，未完成的每次扣5分, ②5 at most.
    ("3②", "2", "0", "0"),
    ("3②", "1", "0", "0"),
    ("3②", "0", "5", "5"), // (1 − 0) × 5 = 5, the cap
    // 4 酌情, 20 at most.
    ("4", "12.25", "12.25", "12.25"),
    ("4", "20", "20", "20"),
    // 5① 未设立的扣5分; 5② 未显示的扣2.5分; 5③ 酌情, ③2.5 at most.
    ("5①", "是", "0", "0"),
    ("5①", "否", "5", "5"),
    ("5②", "是", "0", "0"),
    ("5②", "否", "2.5", "2.5"),
    ("5③", "2", "2", "2"),
    ("5③", "2.5", "2.5", "2.5"),
];

#[test]
fn every_rule_of_the_districts() {
    hold("government", "武陵区", GOVERNMENT);
}

#[test]
fn every_rule_of_the_bureaus() {
    hold("municipal-bureau", "市生态环境局", BUREAUS_AND_ZONES);
}

#[test]
fn every_rule_of_the_zones() {
    hold("six-zone", "柳叶湖旅游度假区", BUREAUS_AND_ZONES);
}

#[test]
fn the_cases_cover_every_rule() {
    let catalog = catalog();
    for (id, cases) in [
        ("government", GOVERNMENT),
        ("municipal-bureau", BUREAUS_AND_ZONES),
        ("six-zone", BUREAUS_AND_ZONES),
    ] {
        for rule in rubric(&catalog, id).rules() {
            let of_rule = || cases.iter().filter(|(of, ..)| *of == rule.id.to_string());
            let at_cap = of_rule().any(|(.., applied)| number(applied) == rule.cap);
            let below = of_rule().any(|(.., applied)| number(applied) < rule.cap);
            assert!(
                at_cap && below,
                "{id} {} has no case at and below its cap",
                rule.id
            );
        }
    }
}

#[test]
fn a_sheet_without_deductions_scores_100() {
    let catalog = catalog();
    for (id, unit) in [
        ("government", "武陵区"),
        ("municipal-bureau", "市生态环境局"),
        ("six-zone", "柳叶湖旅游度假区"),
    ] {
        let values = clean(rubric(&catalog, id));
        let scorecard = scorecard(&catalog, unit, &values);
        assert_eq!(scorecard.score, Decimal::ONE_HUNDRED, "{id}");
    }
}

#[test]
fn deductions_of_several_rules_add_up() {
    // 100 − 1① 3 − 1② 2 (12 absences ask 6) − 2 3.33 − 6① 5 = 86.67
    let catalog = catalog();
    let mut values = clean(rubric(&catalog, "government"));
    for (id, value) in [("1①", "3"), ("1②", "12"), ("2", "28/30"), ("6①", "否")] {
        values = with(values, id, value, "");
    }
    let scorecard = scorecard(&catalog, "武陵区", &values);
    assert_eq!(scorecard.score, number("86.67"));
    // Item 1: 10 − 3 − 2 = 5; item 2: 50 − 3.33 = 46.67; item 6: 10 − 5 = 5.
    let items: Vec<Decimal> = scorecard.items.iter().map(|item| item.score).collect();
    assert_eq!(items, ["5", "46.67", "10", "10", "10", "5"].map(number));
}

fn number(text: &str) -> Decimal {
    parse(text).expect("a number written in a test")
}

/// Scores each case and holds it to the expected figures; all that differ are named.
fn hold(id: &str, unit: &str, cases: &[Case]) {
    let catalog = catalog();
    let rubric = rubric(&catalog, id);
    let mut wrong = Vec::new();
    for (rule, value, asked, applied) in cases {
        let values = with(clean(rubric), rule, value, "检查记录第 3 号");
        let scorecard = scorecard(&catalog, unit, &values);
        let scores = scorecard.items.iter().flat_map(|item| &item.rules);
        let of = rubric
            .rules()
            .zip(scores)
            .find(|(of, _)| of.id.to_string() == *rule);
        let (_, score) = of.unwrap_or_else(|| panic!("{id} has a rule {rule}"));
        let expected = RuleScore {
            asked: number(asked),
            applied: number(applied),
        };
        if *score != expected {
            wrong.push(format!(
                "{rule} with {value}: {score:?}, by hand {expected:?}"
            ));
        }
        assert_eq!(scorecard.score, Decimal::ONE_HUNDRED - score.applied);
    }
    assert!(wrong.is_empty(), "{id}:\n{}", wrong.join("\n"));
}

/// Reads, checks and scores one form.
fn scorecard(catalog: &Catalog, unit: &str, values: &[common::Value]) -> Scorecard {
    let rows = form(unit, "平时考核", 1, values);
    let cell = |text: &String| Cell {
        content: Content::Text(text.as_str().into()),
        formula: false,
        percent: false,
    };
    let rows = (0..).zip(&rows).map(|(index, cells)| Row {
        index,
        cells: (0..)
            .zip(cells)
            .filter(|(_, text)| !text.is_empty())
            .map(|(column, text)| (column, cell(text)))
            .collect(),
    });
    let workbook = Workbook {
        file: Arc::from("表.csv"),
        format: Format::Text,
        here: true,
        quick: true,
        sheets: vec![Sheet {
            rows: rows.collect(),
            ..Sheet::default()
        }],
    };
    let found = layout::find(workbook, 0, &Limits::default()).expect("within the limits");
    let checked = records::check(catalog, &found.tables, &Options::default());
    assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics);
    let class = checked
        .classes
        .into_iter()
        .next()
        .expect("one class was handed in");
    let rubric = &catalog.rubrics[class.rubric];
    let record = class
        .records
        .into_iter()
        .next()
        .expect("one record was handed in");
    engine::score(rubric, record)
}
