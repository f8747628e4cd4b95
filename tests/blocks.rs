//! Where a table begins and ends on a sheet, and which rows are its data. What a person
//! reads there is read: a row that is not is an error, never passed over.

#[path = "common/packages.rs"]
mod packages;
#[path = "common/tables.rs"]
mod tables;

use kaohe::diagnostic::Finding;
use kaohe::model::submission::{Layout, Table};
use tables::{LABELS, found_in, rows_in, rows_of, tables_of, xlsx};

#[test]
fn a_word_about_a_value_makes_no_sum_of_its_row() {
    let form = |row: &str| rows_in(&format!("{LABELS}编号,填报值,扣分说明\n1①,0,\n{row}\n"));
    for row in ["4（补）,3,该项不得分", "4（补）,3,总分扣3分"] {
        let row_4 = "武陵区 平时考核 : 4（补）=3";
        assert_eq!(form(row)[1..], [row_4], "{row}");
    }
    assert_eq!(form(",3,未得分")[1..], ["武陵区 平时考核 : =3"]);
    for sum in ["合计,3,", "　合　计,3,", "平均得分,3,"] {
        assert_eq!(form(sum).len(), 1, "{sum}");
    }
    let text = format!("{LABELS}序号,编号,填报值\n1,1①,0\n合计,,3\n");
    assert_eq!(rows_in(&text).len(), 1);
}

#[test]
fn a_row_without_its_unit_is_a_signature_only_where_few_values_stand() {
    let wide = |row: &str| {
        rows_in(&format!(
            "组,单位,时段,1①,1②,1③,1④\n,甲,平时,0,0,0,0\n{row}\n"
        ))
    };
    assert_eq!(wide("考核组一,,年终,1,2,3,").len(), 8);
    assert_eq!(wide("考核组签字：,,,张三,,,2019-12-31").len(), 4);
    assert_eq!(wide("填表人：张三\n,,,1,2,3,4").len(), 8);
}

#[test]
fn two_tables_may_stand_side_by_side() {
    let text = format!("{LABELS}编号,填报值,,任务序号,完成情况\n1①,0,,1,完成\n,,,2,未完成\n");
    let tables = tables_of(text.as_bytes());
    let layouts: Vec<Layout> = tables.iter().map(|table| table.layout).collect();
    assert_eq!(layouts, [Layout::Form, Layout::TaskForm]);
    let rows = rows_of(text.as_bytes());
    assert_eq!(rows[0], ["武陵区 平时考核 : 1①=0"]);
    assert_eq!(
        rows[1],
        ["武陵区 平时考核 : 1=完成", "武陵区 平时考核 : 2=未完成"]
    );
}

#[test]
fn tables_whose_columns_are_mixed_are_not_parted() {
    let text = format!("{LABELS}编号,任务序号,填报值,完成情况\n1①,1,0,完成\n");
    assert_eq!(rows_in(&text), ["武陵区 平时考核 : 1①=0"]);
    let tables = tables_of(text.as_bytes());
    assert_eq!(tables[0].faults[0].finding, Finding::TasksAmongRules);
    assert_eq!(tables[0].faults[0].address.to_string(), "B3");
}

#[test]
fn the_labels_of_another_form_may_have_its_rows_below_them_at_once() {
    let form = format!("{LABELS}编号,内容,填报值\n1①,a,0\n2,b,1\n");
    let second = ["鼎城区 平时考核 : 2=3", "鼎城区 平时考核 : 1①=4"];
    for between in [
        "被考核单位,鼎城区,考核时段,平时考核",
        "被考核单位：鼎城区\n考核时段：平时考核",
        "考核时段：平时考核\n单位名称：鼎城区",
        "填表人：张三\n\n附表二\n被考核单位：鼎城区　时段：平时考核\n一、基础工作",
    ] {
        let text = format!("{form}{between}\n2,b,3\n1①,a,4\n合计,,7\n");
        let tables = rows_of(text.as_bytes());
        assert_eq!(tables.len(), 2, "{between}");
        assert_eq!(tables[1], second, "{between}");
        assert!(
            found_in(text.as_bytes()).diagnostics.is_empty(),
            "{between}"
        );
    }
    // Behind a seal and signatures too, and where the first says its unit as 单位.
    let seal = "被考核单位（盖章）：\n填报人：张三,审核人：李四\n被考核单位：鼎城区,时段：平时";
    let rows = rows_of(format!("{form}{seal}\n2,b,3\n").as_bytes());
    assert_eq!(rows[1], ["鼎城区 平时 : 2=3"]);
    let weak =
        "单位：武陵区,时段：平时\n编号,内容,填报值\n1①,a,0\n单位：鼎城区,时段：平时\n1①,a,4\n";
    assert_eq!(rows_of(weak.as_bytes())[1], ["鼎城区 平时 : 1①=4"]);
    // What is missing there is missing at its first row.
    let tables = tables_of(format!("{form}被考核单位,鼎城区\n2,b,3\n").as_bytes());
    assert_eq!(tables[1].header.to_string(), "A7");
    // A value that stands where the ids do is one of a label all the same.
    let rows = rows_of(format!("{form}被考核单位,鼎城区,轮次,2\n2,b,3\n").as_bytes());
    assert_eq!(rows[1], ["鼎城区  2: 2=3"]);
    let rows = rows_of("被考核单位,武陵区\n,编号,填报值\n,1①,0\n被考核单位,2\n,1①,1\n".as_bytes());
    assert_eq!(rows[1], ["2  : 1①=1"]);
}

#[test]
fn a_form_goes_on_behind_a_seal_and_below_its_header_printed_again() {
    let form = format!("{LABELS}编号,内容,填报值\n1①,a,0\n");
    for between in [
        "编号,内容,填报值",
        "填表人：张三\n续表\n编号,内容,填报值",
        "被考核单位（盖章）：",
        "被考核单位（盖章）：武陵区",
        "被考核单位（公章）：　　负责人：\n编号,内容,填报值",
    ] {
        let rows = rows_in(&format!("{form}{between}\n2,b,1\n"));
        assert_eq!(rows[1..], ["武陵区 平时考核 : 2=1"], "{between}");
    }
    // Its labels come again: it is another one.
    for between in [
        "被考核单位：武陵区\n编号,内容,填报值",
        "考核时段：年终\n编号,内容,填报值",
        "被考核单位（盖章）：鼎城区\n编号,内容,填报值",
    ] {
        let tables = rows_of(format!("{form}{between}\n2,b,1\n").as_bytes());
        assert_eq!(tables.len(), 2, "{between}");
    }
}

#[test]
fn what_follows_a_wide_table_is_none_of_it() {
    let wide = "单位,时段,1①\n甲,平时,0\n";
    for form in [
        "附件2\n被考核单位,乙,时段,平时\n编号,填报值\n1①,3\n",
        "表二\n单位：乙,时段：平时\n编号,分值,填报值\n1①,5,3\n",
        "时段,平时\n单位,乙\n说明,分值,编号,填报值\n,5,1①,3\n",
    ] {
        let rows = rows_of(format!("{wide}{form}").as_bytes());
        assert_eq!(rows[0].len(), 1, "{form}");
        assert_eq!(rows[1], ["乙 平时 : 1①=3"], "{form}");
    }
    // A name without a value is one of its rows.
    let form = "被考核单位,乙,时段,平时\n编号,填报值\n1①,3\n";
    assert_eq!(rows_of(format!("{wide}乙\n{form}").as_bytes())[0].len(), 2);
    assert_eq!(rows_in(&format!("{wide}乙\n")).len(), 2);
    assert_eq!(rows_in(&format!("{wide}乙\n丙,平时,1\n")).len(), 3);
    // Neither the periods of a unit nor scores are sums of it.
    assert_eq!(rows_in(&format!("{wide}乙,年终总分,3\n")).len(), 2);
}

#[test]
fn a_table_beside_another_in_other_rows_is_told() {
    let told = |text: &str| {
        let tables = tables_of(text.as_bytes());
        let faults = tables.iter().flat_map(|table| &table.faults);
        let faults = faults.filter(|of| of.finding == Finding::TableBeside);
        faults.map(|of| of.address.to_string()).collect::<Vec<_>>()
    };
    let header = "编号,填报值,备注";
    // One row lower, one row higher, and right of a row without data.
    assert_eq!(
        told(&format!(
            "{LABELS}{header}\n1①,0,,,任务序号,完成情况\n1②,0,,,1,完成\n"
        )),
        ["E4"]
    );
    assert_eq!(
        told(&format!(
            "{LABELS},,,,任务序号,完成情况\n{header},,1,完成\n1①,0,,,2,完成\n"
        )),
        ["A4"]
    );
    assert_eq!(
        told(&format!(
            "{LABELS}{header}\n1①,0\n,,,,编号,填报值\n1②,0,,,1①,0\n"
        )),
        ["A6"]
    );
    // Columns of the table itself are none.
    assert_eq!(
        told("序号,分值,编号,填报值,得分,考核单位\n1,5,1①,0,5,甲\n"),
        Vec::<String>::new()
    );
}

#[test]
fn rows_that_look_like_data_in_no_table_are_told() {
    let told = |text: &str| {
        let found = found_in(text.as_bytes()).diagnostics.into_iter();
        let found = found.map(|of| (of.spot.place().map(|at| at.address), of.finding));
        let found = found.map(|of| match of {
            (Some(at), Finding::RowsOutside { rows }) => format!("{at} {rows}"),
            other => format!("{other:?}"),
        });
        found.collect::<Vec<_>>()
    };
    let form = format!("{LABELS}编号,内容,填报值\n1①,a,0\n");
    for (above, rows) in [
        (
            "项目,次数\n1①,2\n1②,3\n\n3①,4\n\n\n\n5,\n6①,1\n",
            ["A2 4", "A10 1"].as_slice(),
        ),
        ("任务,情况\n1,完成\n2,未完成\n", &["A2 2"]),
        // A header of three rows.
        ("单位,工作\n,1①,1②\n,次数,次数\n甲,0,1\n", &["B2 1"]),
        // Titles, notes and labels.
        (
            "附件1,2019\n编号按细则写,如 1①\n1.1,2\n考核年度,2019\n",
            &[],
        ),
    ] {
        assert_eq!(told(&format!("{above}{form}")), rows, "{above}");
    }
    // Below a list, whose columns are others.
    let list = "单位,时段,编号,填报值\n甲,平时,1①,0\n";
    let below = "被考核单位：鼎城区\n编号,次数\n1①,2\n1②,3\n合计,5\n";
    let tables = tables_of(format!("{list}{below}").as_bytes());
    let fault = &tables[0].faults[0];
    assert_eq!(fault.finding, Finding::RowsOutside { rows: 2 });
    assert_eq!(fault.address.to_string(), "A5");
    // Words may stand in front, but for those of a sum.
    let below = "被考核单位：鼎城区\n项目,编号,次数\n会议,1①,2\n";
    assert_eq!(told(&format!("{form}{below}")), ["B7 1"]);
    let legend = format!("{LABELS}编号,填报值,,,\n1①,0,,1①,5\n合计,0,,2,5\n小计,,,1②,5\n");
    assert_eq!(tables_of(legend.as_bytes())[0].faults.len(), 0);
    // Values are words, too.
    let below = "被考核单位：武陵区\n考核时段：年终\n编号,情况\n1①,无\n1②,3次\n6①,93%\n1③,5分\n";
    assert_eq!(told(&format!("{form}{below}")), ["A8 3"]);
    // The columns of another table are not those of the form.
    let below = "被考核单位：鼎城区\n编号,次数,备注\n1①,2,\n1②,3,\n";
    assert_eq!(told(&format!("{form}{below}")), ["A7 2"]);
}

#[test]
fn each_of_two_tables_has_the_columns_of_its_half() {
    let text = format!(
        "{LABELS}编号,填报值,扣分说明,任务序号,完成情况,扣分说明\n1①,0,,1,完成,某事\n合计,0\n\
         考核时段,年终考核\n编号,填报值,扣分说明,3,完成\n1①,2,,4,完成\n"
    );
    let tables = tables_of(text.as_bytes());
    let reasons = |table: &Table| {
        let reasons = table.rows.iter().filter_map(|row| row.reason.as_ref());
        reasons
            .map(|reason| reason.text().into_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(reasons(&tables[0]), [""]);
    let rows = rows_of(text.as_bytes());
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0], ["武陵区 平时考核 : 1①=0"]);
    assert_eq!(rows[1].len(), 3);
    // The form below the first begins beside the tasks.
    assert_eq!(rows[2], ["武陵区 年终考核 : 1①=2"]);
}

#[test]
fn a_heading_or_a_remark_ends_no_table_whose_rows_say_whose_they_are() {
    let list = "单位,时段,编号,填报值,备注\n武陵区,平时,1①,0\n";
    let wide = "单位,时段,1①,备注\n武陵区,平时,0\n";
    for between in ["被考核单位：鼎城区", "小计,,,,被考核单位：武陵区"] {
        let rows = rows_in(&format!("{list}{between}\n鼎城区,平时,1①,1\n"));
        assert_eq!(rows.len(), 2, "{between}");
    }
    let rows = rows_in(&format!(
        "{wide}小计,,0,被考核单位：武陵区\n鼎城区,平时,1\n"
    ));
    assert_eq!(rows.len(), 2);
    let rows = rows_in(&format!("{wide}被考核单位：第二批,,\n鼎城区,平时,1\n"));
    assert_eq!(rows.len(), 2);
    // With values it is taken for the name of one, which nobody has.
    let rows = rows_in(&format!("{wide}被考核单位：鼎城区,,1\n鼎城区,年终,1\n"));
    assert_eq!(rows.len(), 3);
}

#[test]
fn labels_right_above_a_header_are_no_upper_row_of_it() {
    let rows = rows_in("轮次：2\n单位,时段,1①\n武陵区,平时,0\n");
    assert_eq!(rows, ["武陵区 平时 2: 1①=0"]);
    let rows = rows_in("单位,时段,工作\n,,1①\n武陵区,平时,0\n");
    assert_eq!(rows, ["武陵区 平时 : 1①=0"]);
}

#[test]
fn labels_and_a_header_in_two_rows_end_a_list() {
    let list = "单位,时段,编号,填报值\n甲,平时,1①,0\n";
    for labels in [
        "单位,鼎城区,考核时段,年终",
        "考核时段：年终,,,单位：鼎城区",
        "被考核单位：鼎城区,,,考核时段：年终",
    ] {
        for header in ["编号,填报值", "编号,情况\n,填报值"] {
            let rows = rows_of(format!("{list}{labels}\n{header}\n1①,3\n").as_bytes());
            let second: &[&str] = &["鼎城区 年终 : 1①=3"];
            assert_eq!(rows[0].len(), 1, "{labels}");
            assert_eq!(rows[1], second, "{labels}");
        }
    }
    let wide = "单位,时段,1①\n甲,平时,0\n单位,时段,一\n,,1②\n乙,平时,3\n";
    assert_eq!(rows_of(wide.as_bytes())[1], ["乙 平时 : 1②=3"]);
}

#[test]
fn dates_and_pages_below_a_table_are_no_ids() {
    let form = format!("{LABELS}序号,编号,填报值\n,1①,0\n");
    for below in [
        ",2019-12-20",
        "填报时间,2019年12月1日",
        "考核组（签字）：,2019-12-20,张三",
        "填表人：张三\n,1",
        "单位盖章：,,2019年",
    ] {
        assert_eq!(rows_in(&format!("{form}{below}\n")).len(), 1, "{below}");
    }
    // What Excel made of a 编号 is one.
    assert_eq!(rows_in(&format!("{form},2019-01-02,3\n")).len(), 2);
}

#[test]
fn notes_merged_over_rows_are_no_unit() {
    let header = "单位 时段 1①";
    let rows = [header, "武陵区 平时考核 0", "备注：无 _ _", "_ 某 _"];
    assert_eq!(rows_of(&xlsx(&rows, &["A3:A4"])).remove(0).len(), 1);
}

#[test]
fn a_wide_table_ends_where_the_next_begins() {
    let first = "单位,时段,1①,3①\n武陵区,平时考核,0,1\n";
    for second in [
        "单位,时段,3①,1①\n鼎城区,平时考核,3,0\n",
        "时段,单位,3①,1①\n平时考核,鼎城区,3,0\n",
    ] {
        let tables = rows_of(format!("{first}{second}").as_bytes());
        assert_eq!(tables.len(), 2, "{second}");
        let rows = ["鼎城区 平时考核 : 3①=3", "鼎城区 平时考核 : 1①=0"];
        assert_eq!(tables[1], rows, "{second}");
    }
}
