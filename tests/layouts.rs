//! The same content in every layout, format and encoding gives the same scores; the order of
//! the paths changes nothing.

mod common;

use std::fs;
use std::path::Path;

use common::{Rows, Value, catalog, clean, form, json, kaohe, long, rubric, wide, with};
use serde_json::Value as Json;

/// Two districts, both periods, with deductions of every kind.
fn year() -> Vec<(&'static str, &'static str, u32, Vec<Value>)> {
    let catalog = catalog();
    let clean = || clean(rubric(&catalog, "government"));
    let mut spoiled = clean();
    for (id, value, reason) in [
        ("1①", "3", "缺推进方案等 3 项"),
        ("1②", "12", ""),
        ("1③", "1.5", "备案不及时"),
        ("2", "93.3%", ""),
        ("3②", "1", ""),
        ("4", "0.5", "指标说明不全"),
        ("5", "2次", ""),
        ("6①", "否", ""),
    ] {
        spoiled = with(spoiled, id, value, reason);
    }
    vec![
        ("武陵区", "平时考核", 1, spoiled.clone()),
        ("武陵区", "年终考核", 1, clean()),
        ("鼎城区", "平时考核", 1, clean()),
        ("鼎城区", "年终考核", 1, with(spoiled, "6①", "是", "")),
    ]
}

/// Scores a folder and takes out of the JSON where each value was read.
fn scores(folder: &Path) -> String {
    let output = kaohe([
        Path::new("score"),
        folder,
        Path::new("--format"),
        Path::new("json"),
    ]);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut document = json(&output);
    forget_places(&mut document);
    serde_json::to_string_pretty(&document).expect("it was JSON before")
}

fn forget_places(value: &mut Json) {
    match value {
        Json::Object(fields) => {
            for key in ["file", "sheet", "cell"] {
                fields.remove(key);
            }
            fields.values_mut().for_each(forget_places);
        }
        Json::Array(values) => values.iter_mut().for_each(forget_places),
        _ => {}
    }
}

#[test]
fn every_layout_format_and_encoding_gives_the_same_scores() {
    type Write = fn(&Path, &str, &Rows);
    let xlsx: Write = |folder, name, rows| {
        common::write_xlsx(&folder.join(format!("{name}.xlsx")), &[("表", rows)]);
    };
    let csv: Write =
        |folder, name, rows| common::write_csv(&folder.join(format!("{name}.csv")), rows);
    let bom: Write = |folder, name, rows| {
        let text = format!("\u{feff}{}", common::csv(rows).replace('\n', "\r\n"));
        fs::write(folder.join(format!("{name}.csv")), text).expect("a writable folder");
    };
    let tabs: Write = |folder, name, rows| {
        let text = common::csv(rows).replace(',', "\t");
        fs::write(folder.join(format!("{name}.tsv")), text).expect("a writable folder");
    };
    let gb18030: Write = |folder, name, rows| {
        common::write_gb18030(&folder.join(format!("{name}.txt")), rows);
    };
    let year = year();
    let mut all: Vec<(String, String)> = Vec::new();
    for (format, write) in [
        ("xlsx", xlsx),
        ("csv", csv),
        ("csv with BOM and CRLF", bom),
        ("tsv", tabs),
        ("GB18030", gb18030),
    ] {
        for layout in ["form", "long", "wide"] {
            let folder = tempfile::tempdir().expect("a folder for the test");
            match layout {
                "form" => {
                    for (unit, period, round, values) in &year {
                        let rows = form(unit, period, *round, values);
                        write(folder.path(), &format!("{unit}{period}"), &rows);
                    }
                }
                "long" => write(folder.path(), "明细", &long(&year)),
                _ => write(folder.path(), "汇总", &wide(&year)),
            }
            all.push((format!("{layout} as {format}"), scores(folder.path())));
        }
    }
    let (first, expected) = &all[0];
    for (what, scores) in &all {
        assert_eq!(scores, expected, "{what} differs from {first}");
    }
    assert!(expected.contains("\"asked\": 6,\n"), "12 absences ask 6");
}

#[test]
fn any_order_of_the_paths_gives_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut paths = Vec::new();
    for (unit, period, round, values) in &year() {
        let path = folder.path().join(format!("{unit}{period}.csv"));
        common::write_csv(&path, &form(unit, period, *round, values));
        paths.push(path);
    }
    let score = |paths: &[std::path::PathBuf]| {
        let mut args = vec!["score".into(), "--format".into(), "json".into()];
        args.extend(paths.iter().cloned());
        let output = kaohe::<std::path::PathBuf>(args);
        assert_eq!(output.status.code(), Some(0));
        output.stdout
    };
    let expected = score(&paths);
    for _ in 0..paths.len() {
        paths.rotate_left(1);
        assert!(score(&paths) == expected);
    }
    paths.reverse();
    assert!(score(&paths) == expected);
    paths.push(paths[0].clone());
    assert!(score(&paths) == expected, "a file named twice is read once");
}

#[test]
fn tables_of_several_offices_complete_each_other() {
    // One office fills in item 1, another the rest; the task table stands in a third file.
    let catalog = catalog();
    let values = clean(rubric(&catalog, "six-zone"));
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (first, second) = values.split_at(4);
    let second: Vec<Value> = second
        .iter()
        .filter(|(id, ..)| id != "2")
        .cloned()
        .collect();
    for (name, part) in [("甲", first), ("乙", second.as_slice())] {
        let rows = long(&[("柳叶湖", "routine", 1, part.to_vec())]);
        common::write_csv(&folder.path().join(format!("{name}.csv")), &rows);
    }
    let tasks = common::tasks(
        &catalog,
        "柳叶湖",
        "平时",
        1,
        &[("7", "50%"), ("1", "不涉及")],
    );
    common::write_csv(&folder.path().join("任务.csv"), &tasks);
    let output = kaohe([
        Path::new("score"),
        folder.path(),
        Path::new("--format"),
        Path::new("json"),
    ]);
    let document = json(&output);
    let unit = &document["classes"][0]["units"][0];
    let item = &unit["periods"][0]["rounds"][0]["items"][1];
    // 35 tasks, one 不涉及, one half done: 33.5 of 34; 50 × 0.5 ÷ 34 = 0.735… → 0.74.
    assert_eq!(item["rules"][0]["value"], "33.5/34");
    assert_eq!(item["rules"][0]["asked"].to_string(), "0.74");
    assert_eq!(unit["periods"][0]["score"].to_string(), "99.26");
    assert_eq!(unit["total"], Json::Null, "the year's end is still missing");
}

#[test]
fn labels_stand_wherever_a_form_puts_them() {
    let catalog = catalog();
    let values = clean(rubric(&catalog, "government"));
    let body = || form("", "", 1, &values).split_off(3);
    let row = |cells: &[&str]| {
        cells
            .iter()
            .map(|cell| (*cell).to_owned())
            .collect::<Vec<_>>()
    };
    let heads = [
        vec![row(&[
            "被考核单位",
            "武陵区",
            "考核时段",
            "平时考核",
            "轮次",
            "1",
            "年度",
            "2019",
        ])],
        vec![
            row(&["单位名称：武陵区  考核时段：平时考核　轮次：第1轮"]),
            row(&["单位：分"]),
        ],
        vec![
            row(&["", "被考核单位：", "武陵区人民政府"]),
            row(&["时段:平时", "", "考核年度：2019年"]),
        ],
        vec![
            row(&["单位", "常德市武陵区"]),
            row(&[""]),
            row(&["考核时段", "routine"]),
            row(&["", "单位：分"]),
        ],
    ];
    for head in heads {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let rows: Rows = head.iter().cloned().chain(body()).collect();
        let path = folder.path().join("表.xlsx");
        common::write_xlsx(&path, &[("计分表", &rows)]);
        assert_eq!(common::problems(&path), [], "{head:?}");
    }
}

#[test]
fn what_is_no_data_does_no_harm() {
    let catalog = catalog();
    let values = clean(rubric(&catalog, "government"));
    let mut rows = form("武陵区", "平时考核", 1, &values);
    for row in &mut rows[3..] {
        row.insert(1, "其他一列".to_owned());
    }
    rows.insert(7, vec![String::new(); 4]);
    let row = |cells: &[&str]| {
        cells
            .iter()
            .map(|cell| (*cell).to_owned())
            .collect::<Vec<_>>()
    };
    rows.push(row(&["合计", "", "0"]));
    rows.push(row(&["", "扣分合计", "0", ""]));
    rows.push(vec![]);
    rows.push(row(&[
        "填表人：张三",
        "",
        "审核人：李四",
        "日期：2019-12-01",
    ]));
    rows.push(row(&["填 表 人：张三", "", "审 核 人：李四", ""]));
    rows.push(row(&["备　注：", "", "没有扣分的填0", ""]));
    rows.push(row(&["", "", "2019", ""]));
    rows.push(row(&["1.本表一式两份。"]));
    let notes = common::rows(&[["怎样填这张表", ""], ["编号不要改", ""]]);
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("武陵区.xlsx");
    let empty = Rows::new();
    common::write_xlsx(
        &path,
        &[("填表说明", &notes), ("计分表", &rows), ("Sheet3", &empty)],
    );
    assert_eq!(common::problems(&path), []);
}

/// Code and cell of what is wrong with one sheet.
fn problems_of(rows: &Rows) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("表.xlsx");
    common::write_xlsx(&path, &[("表", rows)]);
    common::problems(&path)
}

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

/// `values` of a district with a row for each item that has several rules: its number alone.
fn headed(mut values: Vec<Value>) -> Vec<Value> {
    for item in ["1", "3", "6"] {
        let first = format!("{item}①");
        let first = values.iter().position(|(id, ..)| *id == first);
        let heading = (item.to_owned(), String::new(), String::new());
        values.insert(first.expect("a rule of the item"), heading);
    }
    values
}

#[test]
fn headings_of_items_between_the_rules_change_nothing() {
    // 3 documents lack, 1 of 2 checks was made: 100 − 3 × 1 − (2 − 1) × 2.5 = 94.5
    let catalog = catalog();
    let values = with(clean(rubric(&catalog, "government")), "1①", "3", "");
    let values = headed(with(values, "3②", "1", ""));
    let form = form("武陵区", "平时考核", 1, &values);
    let list = long(&[("武陵区", "平时考核", 1, values)]);
    for rows in [form, list] {
        assert_eq!(problems_of(&rows), []);
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("表.csv");
        common::write_csv(&path, &rows);
        let path = path.to_str().expect("UTF-8");
        let document = json(&kaohe(["score", path, "--format", "json"]));
        let unit = &document["classes"][0]["units"][0];
        assert_eq!(unit["periods"][0]["score"].to_string(), "94.5");
    }
}

#[test]
fn a_row_with_more_than_the_number_of_an_item_is_no_heading() {
    let catalog = catalog();
    let values = headed(clean(rubric(&catalog, "government")));
    let good = form("武陵区", "平时考核", 1, &values);
    let list = long(&[("武陵区", "平时考核", 1, values.clone())]);
    let set = |sheet: &Rows, (row, column): (usize, usize), text: &str| {
        let mut sheet = sheet.clone();
        sheet[row][column] = text.to_owned();
        sheet
    };
    let without = |row: usize| {
        let mut sheet = good.clone();
        sheet.remove(row);
        sheet
    };
    let wide = wide(&[("武陵区", "平时考核", 1, values)]);
    let one = |code, cell| vec![(code, cell)];
    for (rows, expected) in [
        (set(&good, (4, 1), "0"), one("unknown-rule", "A5")),
        (set(&good, (4, 2), "见附件"), one("unknown-rule", "A5")),
        (set(&list, (1, 4), "0"), one("unknown-rule", "D2")),
        // There are six items.
        (set(&good, (4, 0), "7"), one("unknown-rule", "A5")),
        // The only rule of item 4 has its number.
        (
            set(&good, (4, 0), "4"),
            vec![("missing-value", "B5"), ("duplicate-row", "A14")],
        ),
        // 1① lacks, and the heading above it is not meant for it.
        (without(5), one("missing-rule", "A4")),
        (set(&wide, (1, 3), "0"), one("unknown-rule", "D1")),
        (wide, Vec::new()),
    ] {
        let owned = |(code, cell): &(&str, &str)| ((*code).to_owned(), (*cell).to_owned());
        let expected: Vec<_> = expected.iter().map(owned).collect();
        assert_eq!(problems_of(&rows), expected);
    }
}

#[test]
fn a_wide_table_may_have_two_header_rows_and_signatures_below() {
    let catalog = catalog();
    let values = clean(rubric(&catalog, "six-zone"));
    let mut rows = wide(&[
        ("柳叶湖", "平时考核", 1, values.clone()),
        ("西湖", "平时考核", 1, values),
    ]);
    let lower = rows[0].split_off(3);
    let lower: Vec<String> = ["", "", ""]
        .map(str::to_owned)
        .into_iter()
        .chain(lower)
        .collect();
    rows.insert(1, lower);
    rows[0].push("各编号填报值".to_owned());
    for footer in [
        row(&["合计", "", "", "0"]),
        row(&["填表人：张三", "", "审核人：李四"]),
        row(&["填表人：", "张三", "审核人：", "李四"]),
        row(&["注：没有扣分的填0。"]),
        row(&["", "", "", "2019年12月1日"]),
    ] {
        rows.push(footer);
    }
    assert_eq!(problems_of(&rows), []);
}

#[test]
fn a_column_of_measures_names_no_unit_where_the_unit_stands_above() {
    let catalog = catalog();
    let values = clean(rubric(&catalog, "government"));
    let mut rows = form("武陵区", "平时考核", 1, &values);
    for (index, row) in rows.iter_mut().enumerate().skip(3) {
        row.insert(1, if index == 3 { "单位" } else { "次" }.to_owned());
    }
    assert_eq!(problems_of(&rows), []);
}

#[test]
fn labels_that_contradict_each_other_are_an_error_at_the_second() {
    let catalog = catalog();
    let values = clean(rubric(&catalog, "government"));
    let mut rows = form("武陵区", "平时考核", 1, &values);
    rows.insert(3, row(&["单位名称", "鼎城区"]));
    let twice = |cell: &str| [("duplicate-header".to_owned(), cell.to_owned())];
    assert_eq!(problems_of(&rows), twice("B4"));
    rows[3] = row(&["单位名称", "武陵区"]);
    assert_eq!(problems_of(&rows), [], "said twice is no contradiction");
}

#[test]
fn two_forms_may_stand_on_one_sheet() {
    let catalog = catalog();
    let values = clean(rubric(&catalog, "government"));
    let mut rows = form("武陵区", "平时考核", 1, &values);
    rows.push(row(&["填表人：张三"]));
    rows.push(vec![]);
    rows.extend(form("鼎城区", "平时考核", 1, &values));
    assert_eq!(problems_of(&rows), []);
}

#[test]
fn each_unit_that_lacks_a_rule_in_a_list_is_named() {
    let catalog = catalog();
    let mut values = clean(rubric(&catalog, "government"));
    values.retain(|(id, ..)| id != "6③");
    let rows = long(&[
        ("武陵区", "平时", 1, values.clone()),
        ("鼎城区", "平时", 1, values),
    ]);
    let lacks = || ("missing-rule".to_owned(), "D1".to_owned());
    assert_eq!(problems_of(&rows), [lacks(), lacks()]);
}

#[test]
fn a_task_table_alone_is_no_error() {
    let rows = common::tasks(&catalog(), "武陵区", "平时考核", 1, &[]);
    assert_eq!(problems_of(&rows), []);
    // A row above the four that the document numbers 8.
    let mut headed = rows.clone();
    let first = headed.iter().position(|row| row[0] == "8.1");
    let first = first.expect("a task of the unit");
    headed.insert(first, row(&["8", "大气", "", ""]));
    assert_eq!(problems_of(&headed), []);
    headed[first] = row(&["8", "大气", "完成", ""]);
    let cell = format!("A{}", first + 1);
    assert_eq!(problems_of(&headed), [("unknown-task".to_owned(), cell)]);
}

#[test]
fn a_unit_in_a_merged_block_stands_for_every_row_of_it() {
    let catalog = catalog();
    let values = clean(rubric(&catalog, "government"));
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("明细.xlsx");
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, header) in (0..).zip(["被考核单位", "考核时段", "编号", "填报值"]) {
        sheet.write_string(0, column, header).expect("a cell");
    }
    let format = rust_xlsxwriter::Format::new();
    let count = u32::try_from(values.len()).expect("twelve rules");
    for (block, unit) in (0..).zip(["武陵区", "鼎城区"]) {
        let (first, last) = (1 + block * count, (block + 1) * count);
        for (column, text) in [(0, unit), (1, "平时考核")] {
            sheet
                .merge_range(first, column, last, column, text, &format)
                .expect("a block");
        }
        for (row, (id, value, _)) in (first..).zip(&values) {
            sheet.write_string(row, 2, id).expect("a cell");
            sheet.write_string(row, 3, value).expect("a cell");
        }
    }
    workbook.save(&path).expect("a writable folder");
    assert_eq!(common::problems(&path), []);
    let document = json(&kaohe([
        "score",
        path.to_str().expect("UTF-8"),
        "--format",
        "json",
    ]));
    assert_eq!(
        document["classes"][0]["units"].as_array().map(Vec::len),
        Some(2)
    );
}
