//! Headers as offices draw them: in two rows, with remarks, with rows below that name, number or sum up
//! the columns.

#[path = "common/packages.rs"]
mod packages;
#[path = "common/tables.rs"]
mod tables;

use kaohe::diagnostic::Finding;
use kaohe::location::Address;
use kaohe::model::submission::Table;
use tables::{LABELS, rows_in, rows_of, tables_of, told, xlsx};

/// The reasons of the rows of a table.
fn reasons(table: &Table) -> Vec<String> {
    let reasons = table.rows.iter().filter_map(|row| row.reason.as_ref());
    reasons.map(|reason| reason.text().into_owned()).collect()
}

#[test]
fn a_form_may_have_its_header_in_two_rows() {
    let text = format!("{LABELS}编号,考核情况\n,填报值,扣分说明\n1①,2,缺席\n");
    let tables = tables_of(text.as_bytes());
    assert_eq!(rows_in(&text), ["武陵区 平时考核 : 1①=2"]);
    assert_eq!(reasons(&tables[0]), ["缺席"]);
}

#[test]
fn rules_of_a_wide_table_may_stand_in_two_rows() {
    // Rules below their items, and one that has none above it.
    let rows = rows_in("单位,时段,一,,2\n,,1①,1②,\n武陵区,平时考核,0,1,90%\n");
    assert_eq!(
        rows,
        [
            "武陵区 平时考核 : 1①=0",
            "武陵区 平时考核 : 1②=1",
            "武陵区 平时考核 : 2=90%"
        ]
    );
    // Values that could be rules are none.
    let rows = rows_in("单位,时段,2,4\n,,1,2\n");
    assert_eq!(rows.len(), 2);
    // Values and reasons below their rules.
    let text = "单位,时段,1③,,4,\n,,填报值,扣分说明,填报值,扣分说明\n武陵区,平时,1,迟报,2,缺页\n";
    assert_eq!(rows_in(text), ["武陵区 平时 : 1③=1", "武陵区 平时 : 4=2"]);
    assert_eq!(reasons(&tables_of(text.as_bytes())[0]), ["迟报", "缺页"]);
}

#[test]
fn rows_that_are_about_columns_are_no_data() {
    let wide = |row: &str| rows_in(&format!("单位,时段,1①,1②\n{row}\n武陵区,平时,0,1\n"));
    for row in [
        "(1),(2),(3),(4)",
        "1,2,3,4",
        "甲,乙,1,2",
        "满分,,5,2",
        "最高,,5,2",
        "名次,,1,1",
        ",,次,分",
        "分值,,5,2",
        "武陵区,小计,5,2",
        "一、城区",
        "（二）园区",
        ",,会议资料是否报备,无故缺席会议次数",
        ",,会议资料是否报备,无故缺席会议次数,平时考核得分",
    ] {
        assert_eq!(
            wide(row),
            ["武陵区 平时 : 1①=0", "武陵区 平时 : 1②=1"],
            "{row}"
        );
    }
    // Data all the same.
    for row in ["一,平时,1,2", ",,是,否", "鼎城区", ",,1,2"] {
        assert_eq!(wide(row).len(), 4, "{row}");
    }
    // Names that divide every column are not passed over.
    let divided = "单位,时段,1①,,1②,\n,,上年情况,今年情况,上年情况,今年情况\n武陵区,平时,0,1,2,3\n";
    assert_eq!(rows_in(divided).len(), 4);
    // Below other headers as well, if it is more than a value and its id.
    for row in ["1,2,3,4", "甲,乙,1,2", "（1）,（2）,（3）,（4）"] {
        let text = format!("{LABELS}编号,内容,填报值,说明\n{row}\n2,,90%,\n");
        assert_eq!(rows_in(&text), ["武陵区 平时考核 : 2=90%"], "{row}");
    }
    assert_eq!(
        rows_in(&format!("{LABELS}编号,填报值,自查值\n2,3,4\n")).len(),
        1
    );
    let list = "填报值,编号,时段,单位\n0,1①,平时,武陵区\n0,,,小计\n";
    assert_eq!(rows_in(list), ["武陵区 平时 : 1①=0"]);
    // A header that is merged over two rows ends with the second.
    let rows = ["单位 时段 1①", "_ _ 会议", "武陵区 平时 0"];
    let rows = rows_of(&xlsx(&rows, &["A1:A2", "B1:B2"])).remove(0);
    assert_eq!(rows, ["武陵区 平时 : 1①=0"]);
}

#[test]
fn a_header_may_be_divided_below() {
    let below = |first: &str, second: &str, merges: &[&str]| {
        let names = format!("_ {first} {second}");
        let rows = [
            "被考核单位：武陵区",
            "考核时段：平时",
            "编号 填报值 _",
            &names,
            "1① 3 4",
        ];
        tables_of(&xlsx(&rows, merges)).remove(0)
    };
    let merges = ["A3:A4", "B3:C3"];
    // One has the name.
    for (first, second, value) in [
        ("自查值", "填报值", "4"),
        ("填报值", "自查值", "3"),
        ("上年", "填报值（次）", "4"),
        // Or the other holds something else.
        ("自评", "核定", "4"),
        ("上年", "本年", "4"),
        ("数量", "计量单位", "3"),
        ("数值", "分数", "3"),
        ("得分", "完成情况", "4"),
    ] {
        let table = below(first, second, &merges);
        assert_eq!(told(&table.rows[0]), format!("武陵区 平时 : 1①={value}"));
        assert_eq!((table.rows.len(), table.faults.len()), (1, 0));
    }
    // Which one is meant cannot be known.
    for (first, second) in [("核定", "更正"), ("上半年", "下半年"), ("填报值", "填报值")]
    {
        let table = below(first, second, &merges);
        let finding = Finding::DuplicateHeader {
            header: "填报值".into(),
            first: Address::new(3, 1),
        };
        assert_eq!(table.faults[0].finding, finding, "{first}");
        assert_eq!(table.faults[0].address, Address::new(3, 2), "{first}");
    }
    // A wide column is one all the same.
    let rows = [
        "被考核单位：武陵区",
        "考核时段：平时",
        "编号 填报值 _",
        "1① 3 _",
    ];
    let table = tables_of(&xlsx(&rows, &["B3:C3"])).remove(0);
    assert_eq!((table.rows.len(), table.faults.len()), (1, 0));
    // So may that of reasons.
    let rows = [
        "被考核单位：武陵区",
        "考核时段：平时",
        "编号 填报值 扣分说明 _",
        "_ _ 自查说明 扣分说明",
        "1① 3 a b",
    ];
    let table = tables_of(&xlsx(&rows, &["A3:A4", "B3:B4", "C3:D3"])).remove(0);
    assert_eq!(
        (reasons(&table), table.rows.len()),
        (vec!["b".to_owned()], 1)
    );
    // Rules and tasks alike.
    let wide = ["单位 时段 1① _", "_ _ 核定 更正", "武陵区 平时 1 2"];
    let merges = ["A1:A2", "B1:B2", "C1:D1"];
    assert_eq!(tables_of(&xlsx(&wide, &merges))[0].faults.len(), 1);
}

#[test]
fn a_header_may_have_a_remark() {
    let text = format!("{LABELS}编号（见细则）,填报值（次）,扣分说明（必填）\n1①,2,缺席\n");
    assert_eq!(rows_in(&text), ["武陵区 平时考核 : 1①=2"]);
    assert_eq!(reasons(&tables_of(text.as_bytes())[0]), ["缺席"]);
    // What was found before it was decided is none.
    let checked = format!("{LABELS}编号,填报值（自查）,核定值\n1①,2,9\n");
    assert!(tables_of(checked.as_bytes()).is_empty());
    // What is about a value is none.
    for (columns, values) in [
        ("填报值,填报值（说明）", "2,缺席"),
        ("填报值（单位）,填报值", "次,2"),
        ("填报值（次数或扣分）", "2"),
        ("填报值（大写）,填报值", "二,2"),
        ("填报值,佐证材料,佐证材料（份数）", "2,台账,3"),
    ] {
        let text = format!("{LABELS}编号,{columns}\n1①,{values}\n");
        assert_eq!(rows_in(&text), ["武陵区 平时考核 : 1①=2"], "{columns}");
        assert_eq!(tables_of(text.as_bytes())[0].faults.len(), 0, "{columns}");
    }
    // Of two for the same one cannot be chosen.
    for remark in ["更正", "核定", "年终"] {
        let both = format!("{LABELS}编号,填报值,填报值（{remark}）\n1①,2,9\n");
        assert_eq!(tables_of(both.as_bytes())[0].faults.len(), 1, "{remark}");
    }
    // It is the one without, where the other holds something else.
    for columns in ["填报值（上年）,填报值", "填报值,填报值（上年）"] {
        let values = if columns.starts_with("填报值（") {
            "9,2"
        } else {
            "2,9"
        };
        let text = format!("{LABELS}编号,{columns}\n1①,{values}\n");
        assert_eq!(rows_in(&text), ["武陵区 平时考核 : 1①=2"], "{columns}");
    }
    let both = format!("{LABELS}编号,填报值（本年）,填报值（全年）\n1①,2,9\n");
    assert_eq!(tables_of(both.as_bytes())[0].faults.len(), 1);
    let wide = "单位,时段,1①,1①（核定）,2,2（排名）\n武陵区,平时,0,1,90%,3\n";
    assert_eq!(tables_of(wide.as_bytes())[0].faults.len(), 1);
    assert_eq!(rows_in(wide), ["武陵区 平时 : 1①=0", "武陵区 平时 : 2=90%"]);
    let last_year = format!("{LABELS}编号,填报值（上年）,今年\n1①,2,9\n");
    assert!(tables_of(last_year.as_bytes()).is_empty());
}

#[test]
fn labels_with_numbers_are_no_header_of_rules() {
    let form = "编号,填报值\n1①,0\n";
    for labels in [
        "被考核单位,武陵区,考核时段,平时考核,得分,92.5",
        "被考核单位,武陵区,考核时段,平时考核,满分,100",
        "被考核单位,武陵区,考核时段,平时考核,轮次,１",
    ] {
        let rows = rows_in(&format!("{labels}\n{form}"));
        assert!(rows[0].starts_with("武陵区 平时考核 "), "{labels}");
    }
    for header in ["单位,时段,2,4", "单位,类别,时段,组,2,4", "时段,单位,备注,2"] {
        assert!(!rows_in(&format!("{header}\n武陵区,平时,平时,平时,0,0\n")).is_empty());
    }
}

#[test]
fn a_column_of_units_holds_units_or_what_is_measured() {
    let label = "被考核单位：武陵区\n";
    let list = |rows: &str| rows_in(&format!("{label}单位,时段,编号,填报值\n{rows}\n"));
    // Another unit than the label says, in a list.
    assert_eq!(list("鼎城区,平时,1①,0"), ["鼎城区 平时 : 1①=0"]);
    for measure in ["次", "万吨", "平方公里", "年"] {
        let rows = list(&format!("{measure},平时,1①,0"));
        assert_eq!(rows, ["武陵区 平时 : 1①=0"], "{measure}");
    }
    let of_all = "被考核单位：武陵区\n时段：平时\n单位,编号,填报值\n";
    for (unit, told) in [
        ("鼎城区", 1),
        ("市财政局", 1),
        ("武陵区政府", 0),
        ("平方米", 0),
        ("个/所", 0),
    ] {
        let text = format!("{of_all}{unit},1①,0\n");
        assert_eq!(rows_in(&text), ["武陵区 平时 : 1①=0"], "{unit}");
        assert_eq!(tables_of(text.as_bytes())[0].faults.len(), told, "{unit}");
    }
    let form = |label: &str| rows_in(&format!("{label}时段：平时\n编号,填报值,单位\n1①,0,次\n"));
    assert_eq!(form(label), ["武陵区 平时 : 1①=0"]);
    assert_eq!(form("单位：武陵区\n"), ["武陵区 平时 : 1①=0"]);
}

#[test]
fn two_tables_side_by_side_may_share_whose_they_are() {
    let text = "单位,时段,编号,填报值,任务序号,完成情况\n武陵区,平时,1①,0,1,完成\n";
    assert_eq!(
        rows_of(text.as_bytes()),
        [["武陵区 平时 : 1①=0"], ["武陵区 平时 : 1=完成"]]
    );
    // What stands in front of the second behind a gap is of it.
    let text = format!("{LABELS}任务序号,完成情况,,扣分说明,编号,填报值\n1,完成,,缺席,1①,2\n");
    assert_eq!(reasons(&tables_of(text.as_bytes())[1]), ["缺席"]);
    // Each has its signatures.
    let text = format!(
        "{LABELS}任务序号,完成情况,,编号,填报值\n1,完成,,1①,2\n2,完成,,填表人：某,审核人：某\n"
    );
    let rows = rows_of(text.as_bytes());
    assert_eq!((rows[0].len(), rows[1].len()), (2, 1));
}
