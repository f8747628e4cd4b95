//! Two versions of the rubrics compared: what changed, and what that does to scores.
//!
//! After a change of words, run the tests once with UPDATE_GOLDEN=1 and read the diff of
//! `tests/data/diff`.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use common::{catalog, clean, json, kaohe, long, project, rubric, with, write_csv};
use kaohe::decimal::{Decimal, parse};
use serde_json::Value;

/// A copy of the built-in rubrics with some lines edited: file, text, its new text.
fn edited(edits: &[(&str, &str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for entry in fs::read_dir(project("rubrics")).expect("the rubrics") {
        let path = entry.expect("an entry of that folder").path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            let name = path.file_name().expect("a name");
            fs::copy(&path, folder.path().join(name)).expect("a writable folder");
        }
    }
    for (file, from, to) in edits {
        let path = folder.path().join(file);
        let text = fs::read_to_string(&path).expect("a file of the copy");
        assert!(text.contains(from), "{from} stands in {file}");
        fs::write(path, text.replacen(from, to, 1)).expect("a writable folder");
    }
    folder
}

const CAP: (&str, &str, &str) = (
    "government.toml",
    "ask = \"缺少的文件资料和台账项数\"\n",
    "ask = \"缺少的文件资料和台账项数\"\ncap = 4\n",
);

const WORDS: (&str, &str, &str) = (
    "government.toml",
    "name = \"媒体宣传\"",
    "name = \"媒体宣传情况\"",
);

/// The sheets of three districts for both periods.
fn sheets(folder: &Path) -> PathBuf {
    let catalog = catalog();
    let clean = clean(rubric(&catalog, "government"));
    let of = |unit: &str| match unit {
        // 6 项 × 1 = 6, capped at 5: 95; capped at 4: 96.
        "武陵区" => with(clean.clone(), "1①", "6", ""),
        // 4 × 1 = 4 is below either cap, less 1.5: 94.5.
        "鼎城区" => with(with(clean.clone(), "1①", "4", ""), "4", "1.5", "不完善"),
        // 4.5 off: 95.5.
        _ => with(clean.clone(), "4", "4.5", "不完善"),
    };
    let mut rows = Vec::new();
    for unit in ["武陵区", "鼎城区", "津市市"] {
        for period in ["平时考核", "年终考核"] {
            rows.push((unit, period, 1, of(unit)));
        }
    }
    let path = folder.join("三个区.csv");
    write_csv(&path, &long(&rows));
    path
}

fn diff(new: &Path, rest: &[&str]) -> Output {
    let new = new.display().to_string();
    let args = ["rubric", "diff", "--color", "never", "内置", &new];
    kaohe(args.iter().chain(rest))
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).replace('\r', "")
}

fn golden(name: &str, found: &str) {
    let path = project("tests/data/diff").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, found).expect("a writable folder");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(expected.replace('\r', ""), found, "{name}");
}

fn decimal(value: &Value) -> Decimal {
    parse(&value.to_string()).unwrap_or_else(|| panic!("a number, not {value}"))
}

#[test]
fn a_wording_only_edit_moves_no_score_and_says_so() {
    let folder = edited(&[WORDS]);
    let output = diff(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(0));
    golden("wording.txt", &text(&output));

    let sheets = sheets(folder.path()).display().to_string();
    let output = diff(folder.path(), &[&sheets]);
    assert_eq!(output.status.code(), Some(0));
    let said = text(&output);
    assert!(said.contains("3 个单位的得分、名次都不变"), "{said}");
    let document = json(&diff(folder.path(), &[&sheets, "--format", "json"]));
    assert_eq!(document["changes"][0]["effect"], "wording");
    assert_eq!(document["classes"][0]["units"][0]["difference"], 0);
}

#[test]
fn the_same_rubrics_do_not_differ() {
    let folder = edited(&[]);
    assert_eq!(text(&diff(folder.path(), &[])), "两个版本没有差别\n");
}

#[test]
fn one_cap_moves_the_scores_and_ranks_that_it_moves() {
    let folder = edited(&[CAP, WORDS]);
    let sheets = sheets(folder.path()).display().to_string();
    let output = diff(folder.path(), &[&sheets]);
    assert_eq!(output.status.code(), Some(0));
    golden("cap.txt", &text(&output));

    let document = json(&diff(folder.path(), &[&sheets, "--format", "json"]));
    let change = &document["changes"][0];
    assert_eq!(change["effect"], "re-scored");
    assert_eq!(change["part"], "rule");
    assert_eq!(change["id"], "1①");
    assert_eq!([&change["old"], &change["new"]], ["5", "4"]);
    let units = document["classes"][0]["units"].as_array().expect("a list");
    let found: Vec<(String, [i64; 2], Decimal)> = units
        .iter()
        .map(|unit| {
            let rank = |side: &str| unit[side]["rank"].as_i64().expect("a rank");
            let name = unit["unit"].as_str().expect("a name").to_owned();
            let ranks = [rank("old"), rank("new")];
            (name, ranks, decimal(&unit["difference"]))
        })
        .collect();
    // Old: 津市市 95.5, 武陵区 95, 鼎城区 94.5; new: 武陵区 96 before 津市市 95.5.
    assert_eq!(
        found,
        [
            ("津市市".to_owned(), [1, 2], Decimal::ZERO),
            ("武陵区".to_owned(), [2, 1], Decimal::ONE),
            ("鼎城区".to_owned(), [3, 3], Decimal::ZERO),
        ]
    );
}

#[test]
fn a_file_is_compared_with_the_one_of_the_same_rubric() {
    let folder = edited(&[CAP]);
    let file = folder.path().join("government.toml");
    let said = text(&diff(&file, &[]));
    assert!(said.contains("5 → 4"), "{said}");
    let output = diff(&folder.path().join("没有"), &[]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_new_rule_has_no_value_and_none_is_guessed() {
    let (from, to) = (
        "mark = \"③\"\ntext = \"未利用大型活动宣传推介创建工作成效，酌情扣分。\"",
        "mark = \"④\"\ntext = \"另有不实的，酌情扣分。\"\ncovers = [\"③\"]\ncap = 0\n\
         kind = \"discretionary\"\nask = \"酌情扣分（不实）\"\n\n[[category.item.rule]]\n\
         mark = \"③\"\ntext = \"未利用大型活动宣传推介创建工作成效，酌情扣分。\"",
    );
    let folder = edited(&[("government.toml", from, to), CAP]);
    let sheets = sheets(folder.path()).display().to_string();
    let output = diff(folder.path(), &[&sheets]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output));
    golden("new-rule.txt", &text(&output));
}

#[test]
fn a_rule_that_is_gone_counts_for_nothing() {
    // 1② and its clause ③ of 2 points go; item 1 has 8 points left, the round 98.
    let folder = edited(&[]);
    let path = folder.path().join("government.toml");
    let text = fs::read_to_string(&path).expect("a file of the copy");
    let cut = |text: String, from: &str| {
        let start = text.find(from).expect("it stands in the file");
        let start = text[..start].rfind("\n[[").expect("its header") + 1;
        let length = text[start + 2..].find("\n[[").expect("the next header");
        text[..start].to_owned() + &text[start + length + 3..]
    };
    let text = cut(text, "text = \"由被考核单位提供相关会议资料");
    let text = cut(text, "text = \"召开专题会议1次以上，积极参加");
    let item = "name = \"基础工作完成情况\"\npoints = 10";
    let text = text.replacen(item, "name = \"基础工作完成情况\"\npoints = 8", 1);
    fs::write(path, text).expect("a writable folder");

    let catalog = catalog();
    let clean = clean(rubric(&catalog, "government"));
    let values = with(with(clean, "1②", "3", ""), "1①", "2", "");
    let rows: Vec<_> = ["平时考核", "年终考核"]
        .map(|period| ("武陵区", period, 1, values.clone()))
        .into();
    let sheets = folder.path().join("武陵区.csv");
    write_csv(&sheets, &long(&rows));
    let sheets = sheets.display().to_string();
    let document = json(&diff(folder.path(), &[&sheets, "--format", "json"]));
    let unit = &document["classes"][0]["units"][0];
    // 100 − 2 × 1 − 3 × 0.5 = 96.5; 98 − 2 × 1 = 96.
    assert_eq!(decimal(&unit["old"]["total"]).to_string(), "96.5");
    assert_eq!(decimal(&unit["new"]["total"]).to_string(), "96");
    let gone = document["changes"].as_array().expect("a list").iter();
    let mut gone = gone.filter(|change| change["part"] == "rule" && change["id"] == "1②");
    assert_eq!(gone.next().expect("1② went")["effect"], "re-scored");
}

/// Edits of every kind that a machine scores again, and some that it does not.
const EDITS: &[(&str, &str, &str)] = &[
    CAP,
    WORDS,
    ("government.toml", "weight = 0.5", "weight = 0.3"),
    ("government.toml", "required = 4", "required = 3"),
    ("government.toml", "each = 0.5", "each = 0.75"),
    ("municipal-bureau.toml", "required = 1", "required = 2"),
    (
        "municipal-bureau.toml",
        "total = 100",
        "total = 100\ndecimals = 1",
    ),
    (
        "municipal-bureau.toml",
        "rounds = \"mean\"",
        "rounds = \"best\"",
    ),
    (
        "municipal-bureau.toml",
        "[[period]]",
        "[ranking]\nties = \"dense\"\ntie-breakers = [2, 4]\n\n\
         [grades]\n[[grades.level]]\nname = \"优秀\"\nat-least = 90\n\
         [[grades.level]]\nname = \"合格\"\n\n[[period]]",
    ),
    (
        "six-zone.toml",
        "points = 5\nlost-by",
        "points = 4\nlost-by",
    ),
    (
        "six-zone.toml",
        "[[period]]",
        "not-applicable = \"full\"\n\n[[period]]",
    ),
    (
        "tasks.toml",
        "responsible = [\"市发改委\", \"市统计局\", \"市生态环境局\", ",
        "responsible = [\"市发改委\", \"市统计局\", ",
    ),
    (
        "roster.toml",
        "{ name = \"石门县\", also = [",
        "{ name = \"石门新县\", also = [\"石门县\", ",
    ),
    (
        "government.toml",
        "text = \"未建立相关制度酌情扣分。\"",
        "text = \"未建立相关制度的，酌情扣分。\"",
    ),
];

/// Total and rank of every unit by `score`.
fn scores(rubrics: Option<&Path>) -> BTreeMap<String, (Decimal, i64)> {
    let mut args = vec!["score".to_owned(), "--format".to_owned(), "json".to_owned()];
    args.push(project("examples/2019").display().to_string());
    if let Some(folder) = rubrics {
        args.extend(["--rubrics".to_owned(), folder.display().to_string()]);
    }
    let document = json(&kaohe(args));
    let classes = document["classes"].as_array().expect("a list").clone();
    let units = classes
        .iter()
        .flat_map(|class| class["units"].as_array().expect("a list").clone());
    units
        .map(|unit| {
            let name = unit["unit"].as_str().expect("a name").to_owned();
            let rank = unit["rank"].as_i64().expect("a rank");
            (name, (decimal(&unit["total"]), rank))
        })
        .collect()
}

/// Before and after are what `score` says by either version, and the parts of every unit add up
/// to the whole, totals and ranks.
#[test]
fn the_parts_of_every_unit_add_up_to_the_whole_difference() {
    let mut edits = EDITS.to_vec();
    // The other weight, now the first one left.
    edits.push(("government.toml", "weight = 0.5", "weight = 0.7"));
    let folder = edited(&edits);
    let (old, new) = (scores(None), scores(Some(folder.path())));
    let examples = project("examples/2019").display().to_string();
    let document = json(&diff(folder.path(), &[&examples, "--format", "json"]));
    let stages = document["stages"].as_array().expect("a list");
    assert!(stages.len() > 8, "{} stages", stages.len());
    let mut moved = 0;
    let mut units = 0;
    for class in document["classes"].as_array().expect("a list") {
        for unit in class["units"].as_array().expect("a list") {
            let name = unit["unit"].as_str().expect("a name");
            let now = if name == "石门县" {
                "石门新县"
            } else {
                name
            };
            let standing = |side: &str| {
                let standing = &unit[side];
                let rank = standing["rank"].as_i64().expect("a rank");
                (decimal(&standing["total"]), rank)
            };
            assert_eq!(standing("old"), old[name], "{name}");
            assert_eq!(standing("new"), new[now], "{name}");
            let (mut total, mut rank) = standing("old");
            for part in unit["parts"].as_array().expect("a list") {
                assert_eq!(part["old_rank"].as_i64(), Some(rank), "{name}");
                // Nothing is left over that no change accounts for.
                let stage = part["stage"].as_u64().expect("a position");
                let stage = &stages[usize::try_from(stage).expect("small")]["stage"];
                assert!(stage == "change" || stage == "tasks-and-roster", "{stage}");
                total += decimal(&part["total"]);
                rank = part["new_rank"].as_i64().expect("a rank");
            }
            assert_eq!((total, rank), standing("new"), "{name}");
            let whole = standing("new").0 - standing("old").0;
            assert_eq!(decimal(&unit["difference"]), whole, "{name}");
            moved += usize::from(!whole.is_zero());
            units += 1;
        }
    }
    assert_eq!(units, 48);
    assert!(moved > 20, "{moved} units moved");
}

/// What each edit asks of the office: file, text, its new text, the key, the effect.
#[test]
fn every_kind_of_change_is_classed() {
    let government = "government.toml";
    for (file, from, to, key, effect) in [
        (government, "total = 100", "total = 110", "total", "wording"),
        (
            government,
            "also = [\"平时\"]",
            "also = [\"日常\"]",
            "also",
            "wording",
        ),
        (
            government,
            "points = 80",
            "points = 70",
            "points",
            "wording",
        ),
        (
            government,
            "no = 4\nname = \"创建工作资料准备情况\"\npoints = 10",
            "no = 4\nname = \"创建工作资料准备情况\"\npoints = 12",
            "points",
            "re-scored",
        ),
        (
            government,
            "method = [\"查资料\"]",
            "method = [\"看现场\"]",
            "method",
            "wording",
        ),
        (
            government,
            "note = \"考核内容有五款",
            "note = \"考核内容共五款",
            "note",
            "wording",
        ),
        // Counted by 项, not judged by the words.
        (
            government,
            "text = \"成立创建工作领导小组",
            "text = \"设立创建工作领导小组",
            "text",
            "wording",
        ),
        (
            government,
            "text = \"由被考核单位提供相关文件资料",
            "text = \"由单位提供相关文件资料",
            "text",
            "wording",
        ),
        // ④ is judged by its words.
        (
            government,
            "text = \"按要求搞好创建重要文件",
            "text = \"搞好创建重要文件",
            "text",
            "judged-again",
        ),
        (
            government,
            "text = \"未建立相关制度酌情扣分",
            "text = \"没有相关制度酌情扣分",
            "text",
            "judged-again",
        ),
        (
            government,
            "ask = \"酌情扣分（未建立相关制度）\"",
            "ask = \"酌情扣分（未建立相关制度）\"\ncap = 0.5",
            "cap",
            "judged-again",
        ),
        // 1 point of ⑤ more is 1 point more of what 1④ may take.
        (
            government,
            "mark = \"⑤\"\npoints = 1",
            "mark = \"⑤\"\npoints = 0.5",
            "cap",
            "judged-again",
        ),
        // ① bounds 1①, with ②.
        (
            government,
            "mark = \"①\"\npoints = 2\ntext",
            "mark = \"①\"\npoints = 1\ntext",
            "cap",
            "re-scored",
        ),
        (
            government,
            "ask = \"年度任务完成率\"",
            "ask = \"完成率\"",
            "ask",
            "judged-again",
        ),
        (
            government,
            "rate = \"tasks\"",
            "rate = \"typed\"",
            "rate",
            "judged-again",
        ),
        (
            government,
            "lost-by = \"否\"",
            "lost-by = \"是\"",
            "lost-by",
            "re-scored",
        ),
        (
            government,
            "kind = \"fixed\"\npoints = 5\nlost-by = \"否\"",
            "kind = \"discretionary\"",
            "kind",
            "judged-again",
        ),
        (
            government,
            "count = \"项\"",
            "count = \"份\"",
            "count",
            "wording",
        ),
        (
            government,
            "required = 4",
            "required = 4\nby-period = { routine = { required = 2 } }",
            "by-period",
            "re-scored",
        ),
        (
            government,
            "points = 10\nmethod = [\"查资料\", \"看现场\"]",
            "points = 10\nnot-applicable = \"zero\"",
            "not-applicable",
            "re-scored",
        ),
        (
            "tasks.toml",
            "target = \"≥20%\"\ngoal = { at-least = 20, unit = \"%\" }",
            "target = \"≥20%\"\ngoal = { at-least = 25, unit = \"%\" }",
            "goal",
            "judged-again",
        ),
        (
            "tasks.toml",
            "nature = \"约束性\"",
            "nature = \"参考性\"",
            "nature",
            "wording",
        ),
        (
            "tasks.toml",
            "lead = [\"市生态环境局\"]\nresponsible = [\"市发改委\", ",
            "lead = [\"市发改委\"]\nresponsible = [\"市生态环境局\", ",
            "lead",
            "wording",
        ),
        ("roster.toml", "\"武陵区政府\", ", "", "also", "wording"),
    ] {
        let folder = edited(&[(file, from, to)]);
        let document = json(&diff(folder.path(), &["--format", "json"]));
        let changes = document["changes"].as_array().expect("a list");
        let found = changes.iter().find(|change| change["key"] == key);
        let found = found.unwrap_or_else(|| panic!("{key} is not among {changes:?}"));
        assert_eq!(found["effect"], effect, "{to}");
        let line = found["new_place"]["line"].as_u64().expect("a place");
        let text = fs::read_to_string(folder.path().join(file)).expect("a file of the copy");
        let line = text.lines().nth(usize::try_from(line).expect("small") - 1);
        let begins =
            |line: &str| line.starts_with(key) || line.starts_with("[[") || line.contains(key);
        assert!(line.is_some_and(begins), "{key}: {line:?}");
    }
}

#[test]
fn what_came_and_went_is_named() {
    let item = "\n[[category.item]]\nno = 7\nname = \"新项目\"\npoints = 0\n\
                [[category.item.clause]]\ntext = \"做好新项目。\"\n\
                [[category.item.rule]]\ntext = \"酌情扣分。\"\n\
                kind = \"discretionary\"\nask = \"酌情扣分\"\n";
    let folder = edited(&[(
        "roster.toml",
        "  { name = \"武陵区\"",
        "  { name = \"新区\" },\n  { name = \"武陵区\"",
    )]);
    let path = folder.path().join("six-zone.toml");
    let text = fs::read_to_string(&path).expect("a file of the copy") + item;
    fs::write(path, text).expect("a writable folder");
    let document = json(&diff(folder.path(), &["--format", "json"]));
    let changes = document["changes"].as_array().expect("a list");
    let found: Vec<_> = changes
        .iter()
        .map(|change| {
            [
                &change["part"],
                &change["id"],
                &change["new"],
                &change["effect"],
            ]
        })
        .collect();
    assert_eq!(
        found,
        [
            ["item", "7", "新项目", "judged-again"],
            ["unit", "新区", "新区", "judged-again"],
        ]
    );
}
