//! The points of the document, written down by hand, against the built-in rubrics.
//!
//! The tables below were copied from the printed tables of 附件2, and what a rule covers from
//! the reading that stands beside it there, not from the data files: a slip in those shows here.

use kaohe::decimal::{Decimal, parse, plain};
use kaohe::input::rubric_file;
use kaohe::model::catalog::Catalog;
use kaohe::model::rubric::{Item, Kind, RateSource, Rubric, Rule, mark_text};
use kaohe::model::task::Role;

/// 类别 as printed: its name, 共…分, its items.
type Category = (&'static str, &'static str, &'static [PrintedItem]);

/// 考核项目 as printed: 序号, 权重, the points that its 考核内容 name, its rules.
type PrintedItem = (
    u32,
    &'static str,
    &'static [&'static str],
    &'static [PrintedRule],
);

/// 编号, kind and figures, the marks that it covers, 扣完为止.
type PrintedRule = (&'static str, PrintedKind, &'static str, &'static str);

/// How a rule takes points, with the figures as printed.
#[derive(Clone, Copy)]
enum PrintedKind {
    /// 每次（项）扣 n 分, counted in this unit.
    Each(&'static str, &'static str),
    /// 扣 n 分 if the answer is 否.
    IfNot(&'static str),
    /// 不少于 n 次, 每少一次扣 m 分.
    Short(&'static str, &'static str),
    /// 按相应比例扣分, by the task table.
    Share,
    /// 酌情扣分.
    AtWill,
}
use PrintedKind::{AtWill, Each, IfNot, Share, Short};

const GOVERNMENT: &[Category] = &[
    (
        "（一）基础工作",
        "10",
        &[(
            1,
            "10",
            &["2", "3", "2", "2", "1"],
            &[
                ("1①", Each("1", "项"), "①②", "5"),
                ("1②", Each("0.5", "次"), "③", "2"),
                ("1③", AtWill, "④", "2"),
                ("1④", AtWill, "⑤", "1"),
            ],
        )],
    ),
    (
        "（二）创建成效",
        "80",
        &[
            (2, "50", &["50"], &[("2", Share, "", "50")]),
            (
                3,
                "10",
                &["5", "5"],
                &[
                    ("3①", Each("1", "次"), "①", "5"),
                    ("3②", Short("2", "2.5"), "②", "5"),
                ],
            ),
            (4, "10", &["10"], &[("4", AtWill, "", "10")]),
        ],
    ),
    (
        "（三）创建宣传",
        "10",
        &[
            (5, "10", &["10"], &[("5", Short("4", "2.5"), "", "10")]),
            (
                6,
                "10",
                &["5", "2.5", "2.5"],
                &[
                    ("6①", IfNot("5"), "①", "5"),
                    ("6②", IfNot("2.5"), "②", "2.5"),
                    ("6③", AtWill, "③", "2.5"),
                ],
            ),
        ],
    ),
];

/// The tables of the bureaus and of the zones are printed twice, with the same points.
const BUREAUS_AND_ZONES: &[Category] = &[
    (
        "（一）基础工作",
        "10",
        &[(
            1,
            "10",
            &["3", "2", "4", "1"],
            &[
                ("1①", Each("1", "项"), "①", "3"),
                ("1②", Each("0.5", "次"), "②", "2"),
                ("1③", AtWill, "③", "4"),
                ("1④", AtWill, "④", "1"),
            ],
        )],
    ),
    (
        "（二）创建成效",
        "80",
        &[
            (2, "50", &["50"], &[("2", Share, "", "50")]),
            (
                3,
                "10",
                &["5", "5"],
                &[
                    ("3①", Each("1", "次"), "①", "5"),
                    ("3②", Short("1", "5"), "②", "5"),
                ],
            ),
            (4, "20", &["20"], &[("4", AtWill, "", "20")]),
        ],
    ),
    (
        "（三）创建宣传",
        "10",
        &[(
            5,
            "10",
            &["5", "2.5", "2.5"],
            &[
                ("5①", IfNot("5"), "①", "5"),
                ("5②", IfNot("2.5"), "②", "2.5"),
                ("5③", AtWill, "③", "2.5"),
            ],
        )],
    ),
];

fn d(text: &str) -> Decimal {
    parse(text).expect("a decimal written in a test")
}

fn catalog() -> Catalog {
    rubric_file::read(&rubric_file::embedded()).expect("the built-in rubrics are sound")
}

/// The rule as a line of text, so that a difference is read at once.
fn line_of(item: &Item, rule: &Rule) -> String {
    let marks = rule.covers.iter().map(|&clause| item.clauses[clause].mark);
    let marks: String = marks.flatten().map(mark_text).collect();
    let count = rule.count.as_deref().unwrap_or("-");
    let kind = &rule.kind;
    let cap = plain(rule.cap);
    format!("{} {kind:?} {count} covers {marks} cap {cap}", rule.id)
}

fn line_of_printed((id, kind, marks, cap): &PrintedRule) -> String {
    let (kind, count) = match *kind {
        Each(each, count) => (Kind::PerOccurrence { each: d(each) }, count),
        IfNot(points) => {
            let points = d(points);
            let lost_by = false;
            (Kind::Fixed { points, lost_by }, "-")
        }
        Short(required, each) => {
            let (required, each) = (d(required), d(each));
            (Kind::Shortfall { required, each }, "次")
        }
        Share => {
            let rate = RateSource::Tasks;
            (Kind::Proportional { rate }, "-")
        }
        AtWill => (Kind::Discretionary, "-"),
    };
    format!("{id} {kind:?} {count} covers {marks} cap {cap}")
}

/// A whole table as lines of text.
fn lines(rubric: &Rubric) -> Vec<String> {
    let mut lines = Vec::new();
    for category in &rubric.categories {
        lines.push(format!("{} {}", category.name, plain(category.declared)));
        for item in &category.items {
            let clauses = item.clauses.iter().map(|clause| plain(clause.points));
            let clauses: Vec<_> = clauses.collect();
            lines.push(format!("{} {} {clauses:?}", item.no, plain(item.points)));
            lines.extend(item.rules.iter().map(|rule| line_of(item, rule)));
        }
    }
    lines
}

fn lines_of_printed(table: &[Category]) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, points, items) in table {
        lines.push(format!("{name} {points}"));
        for (no, points, clauses, rules) in *items {
            lines.push(format!("{no} {points} {clauses:?}"));
            lines.extend(rules.iter().map(line_of_printed));
        }
    }
    lines
}

#[test]
fn every_rule_has_the_points_of_the_document() {
    let catalog = catalog();
    let tables = [
        ("government", GOVERNMENT, 12),
        ("municipal-bureau", BUREAUS_AND_ZONES, 11),
        ("six-zone", BUREAUS_AND_ZONES, 11),
    ];
    assert_eq!(catalog.rubrics.len(), tables.len());
    for (rubric, (id, printed, rules)) in catalog.rubrics.iter().zip(tables) {
        assert_eq!(rubric.id, id, "in the order of the classes");
        assert_eq!(rubric.rules().count(), rules, "rules of {id}");
        assert_eq!(lines(rubric), lines_of_printed(printed), "{id}");
    }
}

#[test]
fn the_items_add_up_to_a_hundred_and_the_caps_to_their_items() {
    for rubric in &catalog().rubrics {
        let points: Decimal = rubric.items().map(|item| item.points).sum();
        assert_eq!(
            (points, rubric.total),
            (d("100"), d("100")),
            "{}",
            rubric.id
        );
        for item in rubric.items() {
            let caps: Decimal = item.rules.iter().map(|rule| rule.cap).sum();
            let clauses: Decimal = item.clauses.iter().map(|clause| clause.points).sum();
            assert_eq!(caps, item.points, "{} {}", rubric.id, item.label());
            assert_eq!(clauses, item.points, "{} {}", rubric.id, item.label());
        }
        let covered = rubric.items().all(|item| {
            let mut covers: Vec<_> = item.rules.iter().flat_map(|rule| &rule.covers).collect();
            covers.sort_unstable();
            covers.into_iter().copied().eq(0..item.clauses.len())
        });
        assert!(covered, "each clause of {} has one rule", rubric.id);
    }
}

#[test]
fn only_the_headings_of_the_first_table_are_wrong() {
    let differences: Vec<_> = catalog()
        .rubrics
        .iter()
        .flat_map(|rubric| &rubric.categories)
        .map(|category| {
            let points: Decimal = category.items.iter().map(|item| item.points).sum();
            plain(points - category.declared)
        })
        .collect();
    // （二）创建成效 says 80 and holds 70, （三）创建宣传 says 10 and holds 20.
    assert_eq!(
        differences,
        ["0", "-10", "10", "0", "0", "0", "0", "0", "0"]
    );
}

#[test]
fn both_periods_count_half() {
    for rubric in &catalog().rubrics {
        let periods: Vec<_> = rubric
            .periods
            .iter()
            .map(|period| (period.name.as_str(), plain(period.weight)))
            .collect();
        let half = || "0.5".to_owned();
        assert_eq!(periods, [("平时考核", half()), ("年终考核", half())]);
        assert_eq!(rubric.year, 2019);
    }
}

#[test]
fn the_roster_has_nine_districts_thirty_three_bureaus_and_six_zones() {
    let catalog = catalog();
    let classes: Vec<_> = (0..3).map(|rubric| catalog.class(rubric).count()).collect();
    assert_eq!(classes, [9, 33, 6]);
    assert_eq!(catalog.roster.units().len(), 48);
    for (name, rubric) in [("武陵区人民政府", 0), ("石门县", 0), ("市生态环境局", 1)]
    {
        let unit = catalog.roster.find(name).expect(name);
        assert_eq!(catalog.rubric_of(unit), rubric, "{name}");
    }
    for name in [
        "常德经开区",
        "高新区",
        "柳叶湖",
        "西湖管理区",
        "西洞庭",
        "桃花源",
    ] {
        let unit = catalog.roster.find(name).expect(name);
        assert_eq!(catalog.rubric_of(unit), 2, "{name}");
    }
}

#[test]
fn the_task_table_has_thirty_four_numbers_on_thirty_eight_rows() {
    let catalog = catalog();
    let [table] = catalog.task_tables.as_slice() else {
        panic!("one task table");
    };
    let mut expected = Vec::new();
    for number in 1..=34 {
        let rows = match number {
            8 => 4,
            34 => 2,
            _ => 0,
        };
        expected.extend((1..=rows).map(|row| format!("{number}.{row}")));
        if rows == 0 {
            expected.push(number.to_string());
        }
    }
    let numbers: Vec<_> = table.tasks.iter().map(|task| task.no.to_string()).collect();
    assert_eq!(numbers, expected);
    assert_eq!(numbers.len(), 38);
    for rubric in &catalog.rubrics {
        assert_eq!(rubric.tasks, Some(0), "{}", rubric.id);
    }
}

#[test]
fn every_district_and_zone_has_the_same_thirty_five_tasks() {
    let catalog = catalog();
    let table = &catalog.task_tables[0];
    for rubric in [0, 2] {
        for unit in catalog.class(rubric) {
            let name = &catalog.roster.units()[unit].name;
            let tasks: Vec<_> = table.of_unit(unit).collect();
            assert_eq!(tasks.len(), 35, "{name}");
            let responsible = tasks.iter().all(|(_, role)| *role == Role::Responsible);
            assert!(responsible, "{name} leads none");
        }
    }
    for unit in catalog.class(1) {
        let name = &catalog.roster.units()[unit].name;
        assert!(table.of_unit(unit).next().is_some(), "{name} has no task");
    }
}
