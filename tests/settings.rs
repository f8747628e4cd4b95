//! What offices do differently, each by a case worked out by hand: sheets go in, scores, ranks
//! and grades come out.
//!
//! The rubric is that of [`common::village`].

mod common;

use std::fs;
use std::path::Path;

use common::village::{self, Edit, with_key, with_rounds, with_tables};
use kaohe::check::records::{self, Options};
use kaohe::engine;
use kaohe::input::workbook::{self, Limits};
use kaohe::input::{layout, rubric_file};
use kaohe::output::standings;
use serde_json::Value;
use tempfile::TempDir;
use unicode_width::UnicodeWidthStr;

/// A row of a wide table: unit, period, round, then the values of 1①, 1②, 2, 3.
type Row<'a> = (&'a str, &'a str, u32, [&'a str; 4]);

/// Values that cost nothing.
const CLEAN: [&str; 4] = ["0", "0", "100%", "4"];

/// A clean row but for the missing documents, each of which costs a point.
fn lost<'a>(unit: &'a str, period: &'a str, round: u32, points: &'a str) -> Row<'a> {
    (unit, period, round, [points, "0", "100%", "4"])
}

/// A folder with the village rubric, changed by `edits`, and one wide table of `rows`.
fn year(edits: &[Edit], rows: &[Row]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    village::write(folder.path(), edits);
    let mut text = String::from("被考核单位,考核时段,轮次,1①,1②,1②说明,2,3\n");
    for (unit, period, round, [one, two, rate, three]) in rows {
        text += &format!("{unit},{period},{round},{one},{two},不规范,{rate},{three}\n");
    }
    fs::create_dir(folder.path().join("sheets")).expect("a new folder");
    fs::write(folder.path().join("sheets/汇总表.csv"), text).expect("a new file");
    folder
}

fn score(folder: &Path, more: &[&str]) -> Value {
    let (rubrics, sheets) = (folder.join("rubrics"), folder.join("sheets"));
    let mut args = vec!["score".into(), sheets.into_os_string()];
    args.extend(["--format", "json", "--rubrics"].map(Into::into));
    args.push(rubrics.into_os_string());
    args.extend(more.iter().map(Into::into));
    common::json(&common::kaohe(args))
}

fn units(document: &Value) -> Vec<Value> {
    document["classes"][0]["units"]
        .as_array()
        .expect("a list of units")
        .clone()
}

/// Unit and rank, in the order of print.
fn ranked(document: &Value) -> Vec<(String, u64)> {
    units(document)
        .iter()
        .map(|unit| {
            let name = unit["unit"].as_str().expect("a name").to_owned();
            (name, unit["rank"].as_u64().expect("a rank"))
        })
        .collect()
}

fn ranking<const N: usize>(expected: [(&str, u64); N]) -> Vec<(String, u64)> {
    let owned = |(name, rank): (&str, u64)| (name.to_owned(), rank);
    expected.map(owned).into()
}

/// A figure of the only unit, as printed.
fn figure(document: &Value, pointer: &str) -> String {
    let unit = &units(document)[0];
    let found = unit.pointer(pointer);
    found
        .unwrap_or_else(|| panic!("{pointer} in {unit}"))
        .to_string()
}

#[test]
fn rounds_combine_as_the_rubric_says() {
    // Three rounds that lose 10, 20 and 15 points: 90, 80, 85.
    let rows = [
        lost("东乡", "月度考核", 1, "10"),
        lost("东乡", "月度考核", 2, "20"),
        lost("东乡", "月度考核", 3, "15"),
        lost("东乡", "年度考核", 1, "0"),
    ];
    for (rounds, month, total) in [
        // (90 + 80 + 85) ÷ 3 = 85; 85 × 0.5 + 100 × 0.5 = 92.5
        ("rounds = \"mean\"", "85", "92.5"),
        // the third; as above
        ("rounds = \"last\"", "85", "92.5"),
        // the first; 90 × 0.5 + 100 × 0.5 = 95
        ("rounds = \"best\"", "90", "95"),
        // 90 × 0.2 + 80 × 0.3 + 85 × 0.5 = 18 + 24 + 42.5 = 84.5; 42.25 + 50 = 92.25
        (
            "rounds = \"weights\"\nround-weights = [0.2, 0.3, 0.5]",
            "84.5",
            "92.25",
        ),
    ] {
        let folder = year(&[with_rounds(rounds)], &rows);
        let document = score(folder.path(), &[]);
        assert_eq!(figure(&document, "/periods/0/score"), month, "{rounds}");
        assert_eq!(figure(&document, "/total"), total, "{rounds}");
    }
}

#[test]
fn a_period_with_weighted_rounds_is_open_until_all_of_them_are_there() {
    let weights = "rounds = \"weights\"\nround-weights = [0.4, 0.6]";
    let edits = [with_rounds(weights)];
    let mut rows = vec![
        lost("东乡", "月度考核", 1, "10"),
        lost("东乡", "年度考核", 1, "0"),
    ];
    let document = score(year(&edits, &rows).path(), &[]);
    assert_eq!(document["classes"][0]["provisional"], true);
    assert_eq!(figure(&document, "/total"), "null");
    assert_eq!(figure(&document, "/periods/0/period"), "\"year-end\"");
    // 90 × 0.4 + 100 × 0.6 = 96; 48 + 50 = 98
    rows.push(lost("东乡", "月度考核", 2, "0"));
    let document = score(year(&edits, &rows).path(), &[]);
    assert_eq!(figure(&document, "/total"), "98");
    // A third one has no weight.
    rows.push(lost("东乡", "月度考核", 3, "0"));
    let document = score(year(&edits, &rows).path(), &[]);
    assert_eq!(document["unranked"][0]["problems"][0], "unknown-round");
}

#[test]
fn points_are_a_count_where_the_rule_counts_points() {
    let rows = [
        ("东乡", "月度考核", 1, ["3分", "0", "100%", "4"]),
        ("东乡", "年度考核", 1, CLEAN),
    ];
    let of_points = [("count = \"项\"", "count = \"分\"".to_owned())];
    // 3 × 1 = 3; 97 × 0.5 + 100 × 0.5 = 98.5
    let document = score(year(&of_points, &rows).path(), &[]);
    assert_eq!(figure(&document, "/total"), "98.5");
    let document = score(year(&[], &rows).path(), &[]);
    assert_eq!(document["unranked"][0]["problems"][0], "not-a-number");
}

#[test]
fn figures_are_rounded_to_the_decimals_of_the_rubric() {
    let rows = [
        ("东乡", "月度考核", 1, ["0", "0", "97.77%", "4"]),
        ("东乡", "年度考核", 1, CLEAN),
    ];
    for (decimals, asked, total) in [
        // 50 × (1 − 0.9777) = 1.115 → 1; 99 × 0.5 + 50 = 99.5 → 100
        ("0", "1", "100"),
        // → 1.1; 98.9 × 0.5 + 50 = 99.45 → 99.5
        ("1", "1.1", "99.5"),
        // → 1.12; 98.88 × 0.5 + 50 = 99.44
        ("2", "1.12", "99.44"),
        // 1.115; 98.885 × 0.5 + 50 = 99.4425 → 99.443
        ("3", "1.115", "99.443"),
    ] {
        let edit = with_key(&format!("decimals = {decimals}"));
        let document = score(year(&[edit], &rows).path(), &[]);
        let rule = "/periods/0/rounds/0/items/1/rules/0/asked";
        assert_eq!(figure(&document, rule), asked);
        assert_eq!(figure(&document, "/total"), total);
    }
}

#[test]
fn what_does_not_apply_counts_as_the_rubric_says() {
    // Ten documents lack, the campaigns do not apply.
    let rows = [
        ("东乡", "月度考核", 1, ["10", "0", "100%", "不涉及"]),
        ("东乡", "年度考核", 1, CLEAN),
    ];
    for (policy, round) in [
        // 100 − 10 = 90
        ("full", "90"),
        // 100 − 10 − 20 = 70
        ("zero", "70"),
        // 100 − 20 points count, 80 − 10 = 70 are kept, 70 × 100 ÷ 80 = 87.5
        ("rescaled", "87.5"),
    ] {
        let edit = with_key(&format!("not-applicable = \"{policy}\""));
        let document = score(year(&[edit], &rows).path(), &[]);
        let pointer = "/periods/0/rounds/0/score";
        assert_eq!(figure(&document, pointer), round, "{policy}");
        let rule = "/periods/0/rounds/0/items/2/rules/0";
        assert_eq!(figure(&document, &format!("{rule}/value")), "\"不涉及\"");
    }
    for edits in [
        vec![],
        // An item may say otherwise than its rubric.
        vec![
            with_key("not-applicable = \"full\""),
            (
                "no = 3\n",
                "no = 3\nnot-applicable = \"refused\"\n".to_owned(),
            ),
        ],
    ] {
        let document = score(year(&edits, &rows).path(), &[]);
        assert_eq!(document["unranked"][0]["problems"][0], "not-a-number");
    }
}

#[test]
fn a_converted_score_is_rounded_and_a_whole_item_can_leave() {
    let edits = [with_key("not-applicable = \"rescaled\"")];
    // Both rules of item 1 do not apply: 70 points count; the rate takes 50 × 0.01 = 0.5, 69.5
    // are kept, 69.5 × 100 ÷ 70 = 99.2857… → 99.29.
    let rows = [
        ("东乡", "月度考核", 1, ["/", "不涉及", "99%", "4"]),
        ("东乡", "年度考核", 1, CLEAN),
    ];
    let document = score(year(&edits, &rows).path(), &[]);
    assert_eq!(figure(&document, "/periods/0/rounds/0/score"), "99.29");
    // Nothing applies: there is nothing to convert.
    let rows = [("东乡", "月度考核", 1, ["不涉及"; 4])];
    let document = score(year(&edits, &rows).path(), &[]);
    assert_eq!(document["unranked"][0]["problems"][0], "nothing-applies");
}

/// Totals 95, 93, 93, 90, 85, all lost by documents in the month: a point of the total is two.
fn five() -> Vec<Row<'static>> {
    let mut rows = vec![
        lost("东乡", "月度考核", 1, "10"),
        lost("西乡", "月度考核", 1, "14"),
        ("南乡", "月度考核", 1, ["9", "0", "90%", "4"]),
        lost("北乡", "月度考核", 1, "20"),
        ("中乡", "月度考核", 1, ["20", "0", "80%", "4"]),
    ];
    let names = ["东乡", "西乡", "南乡", "北乡", "中乡"];
    rows.extend(names.map(|name| (name, "年度考核", 1, CLEAN)));
    rows
}

#[test]
fn equal_totals_share_a_rank_and_the_next_is_as_the_rubric_says() {
    let document = score(year(&[], &five()).path(), &[]);
    let skip = [
        ("东乡", 1),
        ("西乡", 2),
        ("南乡", 2),
        ("北乡", 4),
        ("中乡", 5),
    ];
    assert_eq!(ranked(&document), ranking(skip));
    let edit = with_tables("[ranking]\nties = \"dense\"\n");
    let document = score(year(&[edit], &five()).path(), &[]);
    let dense = [
        ("东乡", 1),
        ("西乡", 2),
        ("南乡", 2),
        ("北乡", 3),
        ("中乡", 4),
    ];
    assert_eq!(ranked(&document), ranking(dense));
}

#[test]
fn items_decide_between_equal_totals() {
    // 西乡 lost 14 × 0.5 = 7 of item 1; 南乡 lost 9 × 0.5 = 4.5 there and 5 × 0.5 = 2.5 of item
    // 2: 南乡 is first by item 1, 西乡 by item 2; item 3 does not part them.
    for (items, second, third) in [
        ("[1]", ("南乡", 2), ("西乡", 3)),
        ("[2, 1]", ("西乡", 2), ("南乡", 3)),
        ("[3, 1]", ("南乡", 2), ("西乡", 3)),
        ("[3]", ("西乡", 2), ("南乡", 2)),
    ] {
        let edit = with_tables(&format!("[ranking]\ntie-breakers = {items}\n"));
        let folder = year(&[edit], &five());
        let document = score(folder.path(), &[]);
        let expected = [("东乡", 1), second, third, ("北乡", 4), ("中乡", 5)];
        assert_eq!(ranked(&document), ranking(expected), "{items}");
        // A period alone has no tie-breakers: both lost 14 points in the month.
        let document = score(folder.path(), &["--period", "monthly"]);
        let expected = [
            ("东乡", 1),
            ("西乡", 2),
            ("南乡", 2),
            ("北乡", 4),
            ("中乡", 5),
        ];
        assert_eq!(ranked(&document), ranking(expected), "{items}");
    }
}

/// The grades, in the order of print.
fn grades(grades: &str, more: &[&str]) -> Vec<Option<String>> {
    let edit = with_tables(grades);
    let document = score(year(&[edit], &five()).path(), more);
    let grade = |unit: &Value| unit["grade"].as_str().map(str::to_owned);
    units(&document).iter().map(grade).collect()
}

fn named<const N: usize>(names: [&str; N]) -> Vec<Option<String>> {
    names.map(|name| Some(name.to_owned())).into()
}

#[test]
fn grades_by_bounds_name_the_inclusive_side() {
    // 95, 93, 93, 90, 85
    let at_least = "[grades]\n[[grades.level]]\nname = \"优秀\"\nat-least = 93\n\
        [[grades.level]]\nname = \"良好\"\nat-least = 90\n[[grades.level]]\nname = \"合格\"\n";
    let expected = named(["优秀", "优秀", "优秀", "良好", "合格"]);
    assert_eq!(grades(at_least, &[]), expected);
    let above = at_least.replace("at-least", "above");
    let expected = named(["优秀", "良好", "良好", "合格", "合格"]);
    assert_eq!(grades(&above, &[]), expected);
    // The bounds are those of the year: a period alone has no grades.
    assert_eq!(grades(at_least, &["--period", "monthly"]), vec![None; 5]);
}

#[test]
fn grades_by_share_say_what_a_tie_at_the_cut_gets() {
    // 5 units × 0.5 = 2.5: two places; the units on the second place are two.
    let up = "[grades]\ncut-ties = \"up\"\n[[grades.level]]\nname = \"先进\"\nshare = 0.5\n\
        [[grades.level]]\nname = \"一般\"\n";
    let expected = named(["先进", "先进", "先进", "一般", "一般"]);
    assert_eq!(grades(up, &[]), expected);
    let down = up.replace("\"up\"", "\"down\"");
    let expected = named(["先进", "一般", "一般", "一般", "一般"]);
    assert_eq!(grades(&down, &[]), expected);
}

/// A year with every choice at work: 东乡 has a converted round, 西乡, 南乡 and 北乡 tie.
fn chosen_year() -> TempDir {
    let edits = [
        with_rounds("rounds = \"weights\"\nround-weights = [0.4, 0.6]"),
        with_key("decimals = 1\nnot-applicable = \"rescaled\""),
        with_tables(
            "[ranking]\nties = \"dense\"\ntie-breakers = [2]\n[grades]\ncut-ties = \"up\"\n\
             [[grades.level]]\nname = \"优秀\"\nat-least = 90\nshare = 0.4\n\
             [[grades.level]]\nname = \"合格\"\n",
        ),
    ];
    let months: [(&str, [[&str; 4]; 2]); 5] = [
        (
            "东乡",
            [["2", "0", "100%", "4"], ["0", "0", "100%", "不涉及"]],
        ),
        ("西乡", [["9", "0", "100%", "4"]; 2]),
        ("南乡", [["0", "0", "82%", "4"]; 2]),
        ("北乡", [["9", "0", "100%", "4"]; 2]),
        (
            "中乡",
            [["20", "5", "不涉及", "/"], ["20", "0", "80%", "1"]],
        ),
    ];
    let mut rows: Vec<Row> = Vec::new();
    for (unit, [first, second]) in months {
        rows.push((unit, "月度考核", 1, first));
        rows.push((unit, "月度考核", 2, second));
        rows.push((unit, "年度考核", 1, CLEAN));
    }
    year(&edits, &rows)
}

#[test]
fn score_and_explain_tell_what_was_chosen() {
    // 东乡: 98 and, of 80 points that count, 80: 100; 98 × 0.4 + 100 × 0.6 = 99.2; total 99.6.
    // 西乡, 南乡, 北乡: 91 each; 南乡 lost it by item 2, which decides. 中乡: 5 of 30 points,
    // 16.7, and 55; 16.7 × 0.4 + 55 × 0.6 = 39.68 → 39.7; total 69.85 → 69.9. Two of five may be
    // 优秀; 西乡 and 北乡 share the second place.
    let folder = chosen_year();
    let run = |command: &str, unit: Option<&str>| {
        let mut args = vec![command.to_owned()];
        args.extend(unit.map(str::to_owned));
        let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        args.extend([path("sheets"), "--rubrics".to_owned(), path("rubrics")]);
        String::from_utf8(common::kaohe(args).stdout).expect("UTF-8")
    };
    let mut wrong = Vec::new();
    for (name, shown) in [
        ("score.golden", run("score", None)),
        ("explain-西乡.golden", run("explain", Some("西乡"))),
        ("explain-中乡.golden", run("explain", Some("中乡"))),
    ] {
        let path = common::project("tests/data/settings").join(name);
        common::hold(&path, &shown, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_table_that_is_wider_than_the_terminal_is_broken_before_the_points_lost() {
    let folder = chosen_year();
    let sources = rubric_file::from_dir(&folder.path().join("rubrics")).expect("the rubrics");
    let catalog = rubric_file::read(&sources).expect("sound rubrics");
    let name = "汇总表.csv".into();
    let bytes = fs::read(folder.path().join("sheets/汇总表.csv")).expect("the sheet");
    let workbook = workbook::from_bytes(&name, &bytes).expect("a table");
    let found = layout::find(workbook, 0, &Limits::default()).expect("tables within the limits");
    let tables = found.tables;
    let checked = records::check(&catalog, &tables, &Options::default());
    let class = checked.classes.into_iter().next().expect("one class");
    let results = [engine::score_class(&catalog.rubrics[0], class)];
    for (width, tables) in [(None, 1), (Some(79), 1), (Some(60), 2)] {
        let text = standings::render(&catalog, &results, None, width);
        let rules = text.lines().filter(|line| line.starts_with("---")).count();
        assert_eq!(rules, tables, "{width:?}\n{text}");
        let widest = text.lines().map(UnicodeWidthStr::width).max();
        assert!(width.is_none() || widest <= width, "{widest:?}\n{text}");
    }
}

#[test]
fn what_does_not_apply_decides_no_tie() {
    // Both have 100: 东乡 of all points, 西乡 of the 50 that count without item 2. Neither lost
    // anything of it.
    let edits = [
        with_key("not-applicable = \"rescaled\""),
        with_tables("[ranking]\ntie-breakers = [2]\n"),
    ];
    let rows = [
        ("东乡", "月度考核", 1, CLEAN),
        ("西乡", "月度考核", 1, ["0", "0", "不涉及", "4"]),
        ("东乡", "年度考核", 1, CLEAN),
        ("西乡", "年度考核", 1, ["0", "0", "不涉及", "4"]),
    ];
    let document = score(year(&edits, &rows).path(), &[]);
    assert_eq!(ranked(&document), ranking([("东乡", 1), ("西乡", 1)]));
}
