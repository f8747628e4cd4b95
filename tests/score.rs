//! `kaohe score` as the contract has it: who is ranked, who is not and why, and the exit status.

mod common;

use std::fs;
use std::path::Path;

use common::{catalog, clean, form, json, kaohe, rubric, wide, with};
use serde_json::{Value, json as literal};

const DISTRICTS: [&str; 9] = [
    "武陵区",
    "鼎城区",
    "津市市",
    "安乡县",
    "汉寿县",
    "澧县",
    "临澧县",
    "桃源县",
    "石门县",
];

fn score(folder: &Path, more: &[&str]) -> (Value, Option<i32>) {
    let mut args = vec![
        "score",
        folder.to_str().expect("a UTF-8 path"),
        "--format",
        "json",
    ];
    args.extend(more);
    let output = kaohe(args);
    (json(&output), output.status.code())
}

/// Forms of the districts: 武陵区 loses nothing, each next district one point more on 4.
fn districts(folder: &Path, units: &[&str], period: &str, round: u32) {
    let catalog = catalog();
    for (points, unit) in units.iter().enumerate() {
        let values = clean(rubric(&catalog, "government"));
        let values = with(values, "4", &points.to_string(), "资料不全");
        let path = folder.join(format!("{unit}-{period}-{round}.csv"));
        common::write_csv(&path, &form(unit, period, round, &values));
    }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder for the test")
}

fn units(document: &Value) -> Vec<(&str, Option<u64>, Option<String>)> {
    let units = document["classes"][0]["units"]
        .as_array()
        .expect("a list")
        .iter();
    units
        .map(|unit| {
            let total = unit["total"].as_number().map(ToString::to_string);
            (
                unit["unit"].as_str().expect("a name"),
                unit["rank"].as_u64(),
                total,
            )
        })
        .collect()
}

#[test]
fn a_complete_class_is_ranked() {
    let folder = folder();
    districts(folder.path(), &DISTRICTS, "平时考核", 1);
    districts(folder.path(), &DISTRICTS, "年终考核", 1);
    let (document, status) = score(folder.path(), &[]);
    assert_eq!(status, Some(0));
    assert_eq!(document["schema"], "kaohe.score/1");
    assert_eq!(document["year"], 2019);
    assert_eq!(document["classes"][0]["provisional"], false);
    assert_eq!(document["unranked"], literal!([]));
    let expected: Vec<_> = (0..)
        .zip(DISTRICTS)
        .map(|(lost, unit)| (unit, Some(lost + 1), Some((100 - lost).to_string())))
        .collect();
    assert_eq!(units(&document), expected);
}

#[test]
fn equal_totals_share_a_rank_and_stand_in_roster_order() {
    let folder = folder();
    for period in ["平时考核", "年终考核"] {
        districts(folder.path(), &["石门县", "鼎城区"], period, 1);
        districts(folder.path(), &["武陵区"], period, 1);
    }
    let (document, status) = score(folder.path(), &[]);
    // The other six are absent: provisional, but no error.
    assert_eq!(status, Some(0));
    assert_eq!(document["classes"][0]["provisional"], true);
    let hundred = || Some("100".to_owned());
    assert_eq!(
        units(&document),
        [
            ("武陵区", Some(1), hundred()),
            ("石门县", Some(1), hundred()),
            ("鼎城区", Some(3), Some("99".to_owned())),
        ]
    );
    assert_eq!(document["unranked"].as_array().map(Vec::len), Some(6));
    assert_eq!(
        document["unranked"][0],
        literal!({
            "unit": "津市市",
            "rubric": "government",
            "missing": [{"period": "routine", "round": 1}, {"period": "year-end", "round": 1}],
            "problems": [],
        })
    );
}

#[test]
fn a_period_that_the_whole_class_lacks_leaves_totals_open() {
    let folder = folder();
    districts(folder.path(), &DISTRICTS, "平时考核", 1);
    let (document, status) = score(folder.path(), &[]);
    assert_eq!(status, Some(0));
    assert_eq!(document["classes"][0]["provisional"], true);
    assert!(
        units(&document)
            .iter()
            .all(|(_, rank, total)| rank.is_none() && total.is_none())
    );
    let first = &document["classes"][0]["units"][0];
    assert_eq!(first["periods"].as_array().map(Vec::len), Some(1));
    assert_eq!(first["periods"][0]["score"], 100);

    let (document, status) = score(folder.path(), &["--period", "routine"]);
    assert_eq!(status, Some(0));
    assert_eq!(document["classes"][0]["provisional"], false);
    assert_eq!(
        units(&document)[1],
        ("鼎城区", Some(2), Some("99".to_owned()))
    );

    let output = kaohe([
        "score",
        folder.path().to_str().expect("UTF-8"),
        "--period",
        "monthly",
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("routine、year-end"));
}

#[test]
fn who_lacks_what_others_have_is_an_error_and_unranked() {
    let folder = folder();
    districts(folder.path(), &DISTRICTS, "平时考核", 1);
    districts(folder.path(), &DISTRICTS[..8], "年终考核", 1);
    let (document, status) = score(folder.path(), &[]);
    assert_eq!(status, Some(1));
    assert_eq!(units(&document).len(), 8);
    assert_eq!(
        document["unranked"],
        literal!([{
            "unit": "石门县",
            "rubric": "government",
            "missing": [{"period": "year-end", "round": 1}],
            "problems": [],
        }])
    );
}

#[test]
fn rounds_that_lack_one_after_the_other_are_named_as_one() {
    let folder = folder();
    let values = clean(rubric(&catalog(), "government"));
    // Of nine rounds 鼎城区 has the third, the fourth and the last but one.
    let all = (1..=9).map(|round| ("武陵区", "平时考核", round, values.clone()));
    let some = [3, 4, 8].map(|round| ("鼎城区", "平时考核", round, values.clone()));
    let sheets: Vec<_> = all.chain(some).collect();
    common::write_csv(&folder.path().join("表.csv"), &common::long(&sheets));
    let output = kaohe(["score".as_ref(), folder.path().as_os_str()]);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let text: String = text.split_whitespace().collect();
    let lacks = "缺平时考核第1轮、平时考核第2轮、平时考核第5轮到第7轮、平时考核第9轮";
    assert!(text.contains(lacks), "{text}");
}

#[test]
fn an_error_stops_its_unit_and_no_other() {
    let folder = folder();
    for period in ["平时考核", "年终考核"] {
        districts(folder.path(), &DISTRICTS, period, 1);
    }
    let catalog = catalog();
    let values = with(clean(rubric(&catalog, "government")), "4", "11", "资料不全");
    let spoiled = form("安乡县", "年终考核", 1, &values);
    common::write_csv(&folder.path().join("安乡县-年终考核-1.csv"), &spoiled);
    let (document, status) = score(folder.path(), &[]);
    assert_eq!(status, Some(1));
    assert_eq!(units(&document).len(), 8);
    assert_eq!(document["unranked"][0]["problems"], literal!(["above-cap"]));
    // The routine period of the unit is sound.
    let (document, status) = score(folder.path(), &["--period", "routine"]);
    assert_eq!(status, Some(1), "the sheets still have an error");
    assert_eq!(units(&document).len(), 9);
}

#[test]
fn a_rule_of_json_shows_asked_applied_and_absorbed() {
    let folder = folder();
    let catalog = catalog();
    let values = with(clean(rubric(&catalog, "government")), "1②", "12次", "");
    let path = folder.path().join("武陵区.csv");
    common::write_csv(&path, &form("武陵区", "routine", 1, &values));
    let (document, _) = score(folder.path(), &[]);
    let round = &document["classes"][0]["units"][0]["periods"][0]["rounds"][0];
    assert_eq!(
        round["items"][0]["rules"][1],
        literal!({
            "id": "1②", "value": "12次", "asked": 6, "applied": 2, "absorbed": 4, "cap": 2,
            "reason": null, "file": "武陵区.csv", "sheet": null, "cell": "B6",
        })
    );
    assert_eq!(round["score"], 98);
}

#[test]
fn csv_has_a_row_a_unit() {
    let folder = folder();
    let catalog = catalog();
    let clean = clean(rubric(&catalog, "six-zone"));
    let lower = with(clean.clone(), "4", "1.5", "资料不全");
    let rows = wide(&[
        ("柳叶湖", "平时", 1, lower.clone()),
        ("柳叶湖", "年终", 1, clean.clone()),
        ("西湖", "平时", 1, clean.clone()),
        ("西湖", "年终", 1, clean),
        ("高新区", "平时", 1, lower),
    ]);
    common::write_csv(&folder.path().join("汇总.csv"), &rows);
    let output = kaohe([
        "score",
        folder.path().to_str().expect("UTF-8"),
        "--format",
        "csv",
    ]);
    assert_eq!(output.status.code(), Some(1), "高新区 has no year's end");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    assert!(text.starts_with('\u{feff}'));
    assert_eq!(
        lines[..3],
        [
            "类别,名次,单位,平时考核,年终考核,总分",
            "市直六小区,1,西湖管理区,100,100,100",
            "市直六小区,2,柳叶湖旅游度假区,98.5,100,99.25",
        ]
    );
    assert!(
        lines[3..]
            .iter()
            .all(|line| line.starts_with("市直六小区,,"))
    );
    assert_eq!(lines.len(), 7);
}

#[test]
fn the_table_fits_a_hundred_columns() {
    use unicode_width::UnicodeWidthStr;
    let folder = folder();
    let catalog = catalog();
    for unit in catalog.roster.units() {
        let worst = clean(&catalog.rubrics[unit.rubric]);
        let worst = with(with(worst, "2", "6.7%", ""), "4", "9.99", "资料不全");
        for period in ["平时考核", "年终考核"] {
            let path = folder.path().join(format!("{}{period}.csv", unit.name));
            common::write_csv(&path, &form(&unit.name, period, 1, &worst));
        }
    }
    let output = kaohe(["score", folder.path().to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let rows: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with("各项失分"))
        .collect();
    assert_eq!(
        rows.iter()
            .filter(|row| row.trim_start().starts_with('1'))
            .count(),
        48
    );
    for row in rows {
        assert!(row.width() <= 100, "{}: {row}", row.width());
    }
}

#[test]
fn what_cannot_be_done_is_exit_2() {
    let folder = folder();
    let path = folder.path().to_str().expect("UTF-8");
    assert_eq!(
        kaohe(["score", path]).status.code(),
        Some(2),
        "no spreadsheet in the folder"
    );
    assert_eq!(kaohe(["score"]).status.code(), Some(2));
    assert_eq!(
        kaohe(["score", path, "--rubrics", "nowhere"]).status.code(),
        Some(2)
    );
    // A path that is not there is a problem of the input; the rest goes on.
    districts(folder.path(), &DISTRICTS[..1], "平时考核", 1);
    let output = kaohe(["validate", path, "nowhere.xlsx", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let document = json(&output);
    assert_eq!(document["errors"], 1);
    assert_eq!(document["problems"][0]["code"], "unreadable-file");
    assert_eq!(document["problems"][0]["file"], "nowhere.xlsx");
    fs::write(folder.path().join("说明.docx"), "no sheet").expect("a writable folder");
    assert_eq!(
        kaohe(["validate", path]).status.code(),
        Some(0),
        "other kinds are passed over"
    );
}

#[test]
fn nobody_of_a_class_is_lost_where_nothing_can_be_placed() {
    let folder = folder();
    let catalog = catalog();
    let values = clean(rubric(&catalog, "government"));
    let path = folder.path().join("武陵区.csv");
    common::write_csv(&path, &form("武陵区", "上半年", 1, &values));
    let (document, status) = score(folder.path(), &[]);
    assert_eq!(status, Some(1));
    assert_eq!(document["unranked"].as_array().map(Vec::len), Some(9));
    assert_eq!(
        document["unranked"][0]["problems"],
        literal!(["unknown-period"])
    );
    assert_eq!(document["classes"][0]["provisional"], true);
}

#[test]
fn a_unit_whose_task_may_stand_under_a_wrong_name_has_a_reason() {
    let folder = folder();
    let catalog = catalog();
    let rows = common::tasks(&catalog, "武陵区", "平时考核", 1, &[]);
    let mut list = common::rows(&[["被考核单位", "考核时段", "任务序号", "完成情况"]]);
    for row in &rows[3..] {
        let unit = if row[0] == "8.1" {
            "武林区"
        } else {
            "武陵区"
        };
        list.extend(common::rows(&[[unit, "平时考核", &row[0], &row[2]]]));
    }
    common::write_csv(&folder.path().join("任务.csv"), &list);
    let values = with(clean(rubric(&catalog, "government")), "2", "", "");
    common::write_csv(
        &folder.path().join("表.csv"),
        &form("武陵区", "平时考核", 1, &values),
    );
    let (document, status) = score(folder.path(), &[]);
    assert_eq!(status, Some(1));
    assert_eq!(
        document["unranked"][0]["problems"],
        literal!(["missing-task"])
    );
    assert_eq!(
        common::problems(folder.path()).len(),
        1,
        "the wrong name alone"
    );
}
