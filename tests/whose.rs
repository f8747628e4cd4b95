//! Whose a table is: the labels above it, between two and below the last, seals, rounds and periods.

#[path = "common/packages.rs"]
mod packages;
#[path = "common/tables.rs"]
mod tables;

use kaohe::diagnostic::Finding;
use tables::{LABELS, rows_in, rows_of, tables_of, told, xlsx};

#[test]
fn a_row_in_the_merged_block_of_its_unit_is_data_whatever_else_it_holds() {
    let header = "单位 时段 1① 1② 1③ 1④ 4 4说明";
    let first = "武陵区 平时考核 0 0 0 0 0 _";
    for (second, value) in [
        ("_ 年终考核 0 0 0 0 3 该项不得分", "0"),
        ("_ 年终考核 d 0 0 0 3 大气", "2019-01-02"),
        ("_ 年终考核", ""),
    ] {
        let rows = rows_of(&xlsx(&[header, first, second], &["A2:A3"])).remove(0);
        assert_eq!(rows.len(), 10, "{second}");
        assert_eq!(rows[5], format!("武陵区 年终考核 : 1①={value}"));
    }
    let rows = [
        "组 单位 时段 1① 1②",
        "考核组一 武陵区 平时考核 0 1",
        "考核组一 _ 年终考核 0 3",
    ];
    let rows = rows_of(&xlsx(&rows, &["B2:B3"])).remove(0);
    assert_eq!(
        rows[2..],
        ["武陵区 年终考核 : 1①=0", "武陵区 年终考核 : 1②=3"]
    );
    // A sum of the block's rows is none.
    let rows = [header, first, "_ 小计 0 0 0 0 0 _"];
    assert_eq!(rows_of(&xlsx(&rows, &["A2:A3"])).remove(0).len(), 5);
}

#[test]
fn labels_between_two_tables_are_of_the_second() {
    let second = "任务序号,,,完成情况\n1,,,完成\n";
    let both = |between: &str| {
        rows_of(format!("{LABELS}编号,,,填报值\n1①,,,0\n\n{between}\n{second}").as_bytes())
    };
    for (between, row) in [
        ("考核时段,年终考核", "武陵区 年终考核 : 1=完成"),
        // Another unit has a period of its own.
        ("单位名称,鼎城区", "鼎城区  : 1=完成"),
        ("轮次：2", "武陵区 平时考核 2: 1=完成"),
        // Units of measure, signatures, titles and notes.
        ("任务完成情况表（单位：项）", "武陵区 平时考核 : 1=完成"),
        ("表二（考核年度：2018年度）", "武陵区 平时考核 : 1=完成"),
        ("注：轮次：填第几轮", "武陵区 平时考核 : 1=完成"),
        ("单位：武陵区人民政府（盖章）", "武陵区 平时考核 : 1=完成"),
        ("填 报 单 位：某局", "武陵区 平时考核 : 1=完成"),
        ("单位：分", "武陵区 平时考核 : 1=完成"),
        ("单位：武陵区（盖章）", "武陵区 平时考核 : 1=完成"),
        ("单位：（盖章）", "武陵区 平时考核 : 1=完成"),
        ("填表人：张三", "武陵区 平时考核 : 1=完成"),
        // Beside other labels, in one row or several, 单位 is none of those.
        (
            "单位：鼎城区,考核时段：年终考核",
            "鼎城区 年终考核 : 1=完成",
        ),
        ("单位：鼎城区　时段：年终", "鼎城区 年终 : 1=完成"),
        ("单位：鼎城区\n考核时段：年终", "鼎城区 年终 : 1=完成"),
        ("考核时段：年终\n单位,鼎城区", "鼎城区 年终 : 1=完成"),
        ("单位：鼎城区", "鼎城区  : 1=完成"),
        ("表二　考核时段：年终考核", "武陵区 年终考核 : 1=完成"),
        (
            "填表单位：某局,考核时段：年终考核",
            "武陵区 年终考核 : 1=完成",
        ),
        // A seal, with the name or not.
        ("被考核单位（盖章）：武陵区", "武陵区 平时考核 : 1=完成"),
        ("被考核单位（盖章）：", "武陵区 平时考核 : 1=完成"),
        ("被考核单位（盖章）：\n考核时段：年终", " 年终 : 1=完成"),
    ] {
        let tables = both(between);
        assert_eq!(tables[0], ["武陵区 平时考核 : 1①=0"], "{between}");
        assert_eq!(tables[1], [row], "{between}");
    }
    // The value of the label stands where those of the table do.
    let text = format!("{LABELS}编号,填报值\n1①,0\n考核时段,年终考核\n编号,填报值\n1①,1\n");
    let tables = rows_of(text.as_bytes());
    assert_eq!(tables[0], ["武陵区 平时考核 : 1①=0"]);
    assert_eq!(tables[1], ["武陵区 年终考核 : 1①=1"]);
}

#[test]
fn a_blank_column_leaves_what_the_label_says() {
    let text = "单位：武陵区,时段：平时考核,轮次：2\n编号,填报值,轮次\n1①,0,\n1②,0,3\n";
    assert_eq!(
        rows_in(text),
        ["武陵区 平时考核 2: 1①=0", "武陵区 平时考核 3: 1②=0"]
    );
}

#[test]
fn a_round_is_read_under_whatever_it_is_called() {
    for header in [
        "轮次",
        "考核轮次",
        "轮　次",
        "轮次（第几轮）",
        "轮次(填1至12)",
        "轮次\u{200b}",
        "第几轮",
    ] {
        let text = format!("单位,时段,{header},编号,填报值\n武陵区,平时考核,2,1①,0\n");
        assert_eq!(rows_in(&text), ["武陵区 平时考核 2: 1①=0"], "{header}");
    }
    for label in [
        "轮次：2",
        "轮　次：2",
        "轮次\u{200b}：2",
        "考核轮次：2",
        "轮次（第几轮）：2",
        "考核轮次,2",
        "第几轮：2",
        "轮次2",
        "考核 轮次 2",
        "轮次,,2",
        "轮次,,,2,考核年度,2019",
    ] {
        let text = format!("{LABELS}{label}\n编号,填报值\n1①,0\n");
        assert_eq!(rows_in(&text), ["武陵区 平时考核 2: 1①=0"], "{label}");
    }
}

#[test]
fn another_unit_has_no_period_and_no_round_of_the_one_above() {
    let first = "被考核单位,武陵区,考核时段,平时,轮次,2\n编号,填报值\n1①,0\n";
    for (labels, row) in [
        ("被考核单位,鼎城区,考核时段,年终", "鼎城区 年终 : 1①=1"),
        ("被考核单位,鼎城区", "鼎城区  : 1①=1"),
        ("被考核单位,武陵区,考核时段,年终", "武陵区 年终 : 1①=1"),
        ("考核时段,平时", "武陵区 平时 2: 1①=1"),
        ("轮次,3\n考核时段,年终", "武陵区 年终 3: 1①=1"),
        // A seal below the first names the unit of no other.
        (
            "被考核单位（盖章）：武陵区\n单位：鼎城区,考核时段：年终",
            "鼎城区 年终 : 1①=1",
        ),
        (
            "被考核单位（盖章）：\n单位,鼎城区,考核时段,年终",
            "鼎城区 年终 : 1①=1",
        ),
        // 单位 where another label has named one is what is measured, or several.
        (
            "被考核单位,鼎城区,单位,次、分\n考核时段,年终",
            "鼎城区 年终 : 1①=1",
        ),
        (
            "被考核单位,鼎城区,单位,万吨\n考核时段,年终",
            "鼎城区 年终 : 1①=1",
        ),
        (
            "考核时段,年终,轮次,3\n被考核单位,鼎城区",
            "鼎城区 年终 3: 1①=1",
        ),
        ("被考核单位,临武陵区", "临武陵区  : 1①=1"),
        // A longer name of the same one.
        ("被考核单位,武陵区人民政府", "武陵区人民政府 平时 2: 1①=1"),
    ] {
        let text = format!("{first}{labels}\n编号,填报值\n1①,1\n");
        assert_eq!(rows_of(text.as_bytes())[1], [row], "{labels}");
    }
}

#[test]
fn what_stands_above_the_first_unit_is_said_of_all() {
    let form = "编号,填报值\n1①,0\n";
    let head = "考核时段：平时\n轮次：2\n";
    let text = format!("{head}被考核单位,武陵区\n{form}被考核单位,鼎城区\n{form}");
    let rows = [["武陵区 平时 2: 1①=0"], ["鼎城区 平时 2: 1①=0"]];
    assert_eq!(rows_of(text.as_bytes()), rows);
    // 单位 may say who filled it in.
    let filled_in = format!("单位：市创建办\n{text}");
    assert_eq!(rows_of(filled_in.as_bytes()), rows);
    let own = format!("{head}被考核单位,武陵区\n{form}被考核单位,鼎城区,时段,年终,轮次,1\n{form}");
    let text = format!("{own}被考核单位,澧县\n{form}");
    assert_eq!(rows_of(text.as_bytes())[1], ["鼎城区 年终 1: 1①=0"]);
    assert_eq!(rows_of(text.as_bytes())[2], ["澧县 平时 2: 1①=0"]);
}

#[test]
fn a_list_has_no_label_of_a_form_above_it() {
    let form = "被考核单位,武陵区,考核时段,平时,轮次,2\n编号,填报值\n1①,0\n";
    let list = "单位,时段,编号,填报值\n鼎城区,年终,1①,1\n,年终,2,1\n澧县,,4,1\n";
    assert_eq!(
        rows_of(format!("{form}{list}").as_bytes())[1],
        ["鼎城区 年终 : 1①=1", " 年终 : 2=1", "澧县  : 4=1"]
    );
    // But what is said of its own unit.
    let tasks = "单位,时段,任务序号,完成情况\n武陵区政府,平时,1,完成\n武陵区人民政府,,2,完成\n武陵区,年终,3,完成\n";
    assert_eq!(
        rows_of(format!("{form}{tasks}").as_bytes())[1],
        [
            "武陵区政府 平时 2: 1=完成",
            "武陵区人民政府 平时 2: 2=完成",
            "武陵区 年终 : 3=完成"
        ]
    );
    // What is said of a list is said of the next one too.
    let lists = format!("轮次：2\n{list}单位,时段,任务序号,完成情况\n鼎城区,年终,1,完成\n");
    assert_eq!(rows_of(lists.as_bytes())[0][0], "鼎城区 年终 2: 1①=1");
    assert_eq!(rows_of(lists.as_bytes())[1], ["鼎城区 年终 2: 1=完成"]);
    // What stands right above it is of the list.
    let rows = rows_of(format!("{form}考核时段,年终\n{list}").as_bytes());
    assert_eq!(rows[1][2], "澧县 年终 : 4=1");
}

#[test]
fn a_round_or_a_year_below_its_header_is_told() {
    let told = |text: &str| {
        let faults = tables_of(text.as_bytes()).into_iter().map(|table| {
            let faults = table.faults.into_iter();
            let faults = faults.filter(|of| of.finding == Finding::LabelBelowHeader);
            faults.map(|of| of.address.to_string()).collect::<String>()
        });
        faults.collect::<Vec<_>>()
    };
    let form = |above: &str, rows: &str| told(&format!("{LABELS}{above}编号,填报值\n{rows}\n"));
    assert_eq!(form("", "轮次,2\n1①,0"), ["B4"]);
    assert_eq!(form("", "1①,0\n考核年度：2018"), ["A5"]);
    assert_eq!(form("轮次,2\n", "1①,0\n轮次：2"), [""]);
    assert_eq!(form("", "1①,0\n填表日期：2019年"), [""]);
    assert_eq!(form("", "1①,0\n考核时段：年终考核"), ["A5"]);
    assert_eq!(form("", "1①,0\n考核时段：平时"), [""]);
    assert_eq!(form("轮次,1\n", "1①,0\n轮次：12"), ["A6"]);
    assert_eq!(form("", "1①,0\n填表人：张三　轮次：2"), ["A5"]);
    assert_eq!(form("", "1①,0\n备注：轮次：2"), [""]);
    // Prose, and the same in other words.
    for below in [
        "注：1.细则\n2.轮次：平时考核填第几轮；",
        "轮次：补报",
        "轮次：1",
        "考核时段：按细则填",
    ] {
        assert_eq!(form("", &format!("1①,0\n{below}")), [""], "{below}");
    }
    assert_eq!(form("轮次,2\n", "1①,0\n轮次：第2轮"), [""]);
    assert_eq!(form("轮次,2\n", "1①,0\n轮次：第二轮"), [""]);
    assert_eq!(form("", "1①,0\n轮次：第一轮"), [""]);
    assert_eq!(form("", "1①,0\n轮次：第三轮"), ["A5"]);
    assert_eq!(form("轮次,2\n", "1①,0\n轮次（1）"), [""]);
    assert_eq!(form("", "1①,0\n制表：某　考核年度：2019年"), [""]);
    assert_eq!(form("年度,2019\n", "1①,0\n考核年度：2019年"), [""]);
    // It is of the next table.
    assert_eq!(
        form("", "1①,0\n轮次：2\n任务序号,完成情况\n1,完成"),
        ["", ""]
    );
    // Beside the header.
    let text = format!("{LABELS}编号,填报值,,轮次,2\n1①,0\n");
    assert_eq!(told(&text), ["D3"]);
    assert_eq!(rows_in(&text), ["武陵区 平时考核 : 1①=0"]);
    // In its own cell, and beside the rows.
    let text = format!("{LABELS}编号,填报值,轮次：2\n1①,0\n");
    assert_eq!(told(&text), ["C3"]);
    assert_eq!(form("", "1①,0,,轮次,2"), ["E4"]);
    assert_eq!(form("", "1①,0,年度：2018"), ["C4"]);
    assert_eq!(form("轮次：2\n", "1①,0,,轮次,2"), [""]);
    let text = format!("{LABELS}编号,填报值,考核频次,分值\n1①,0,年度,5\n");
    assert_eq!(told(&text), [""]);
    assert_eq!(told(&format!("{LABELS}编号,填报值,轮次2\n1①,0,1\n")), [""]);
    let list = "单位,时段,轮次,编号,填报值\n甲,平时,2,1①,0\n填表人：某　轮次：2\n";
    assert_eq!(told(list), [""]);
    let list = "单位,时段,编号,填报值\n轮次：2\n甲,平时,1①,0\n";
    assert_eq!(told(list), ["A2"]);
}

#[test]
fn what_is_said_of_rows_that_are_not_read_is_of_no_other_table() {
    let lost = "被考核单位：武陵区\n考核时段：平时\n轮次：2\n编号,情况\n1①,3次\n";
    for (labels, whose) in [
        ("单位：鼎城区\n考核时段：年终\n", "鼎城区 年终 "),
        ("被考核单位：鼎城区\n考核时段：年终\n", "鼎城区 年终 "),
        ("考核时段：年终\n", "武陵区 年终 "),
        ("轮次：3\n", "武陵区 平时 3"),
    ] {
        let text = format!("{lost}{labels}编号,填报值\n1①,0\n");
        assert_eq!(rows_in(&text), [format!("{whose}: 1①=0")], "{labels}");
    }
    // Nor of the next form where they do not look like data.
    let lost = "被考核单位：武陵区\n考核时段：平时\n编号,情况\n1①,优秀\n";
    let text = format!("{lost}单位：鼎城区\n考核时段：年终\n编号,填报值\n1①,0\n");
    assert_eq!(rows_in(&text), ["鼎城区 年终 : 1①=0"]);
    let fault = &tables_of(text.as_bytes())[0].faults[0];
    assert_eq!(fault.finding, Finding::RowsOutside { rows: 1 });
    assert_eq!(fault.address.to_string(), "A4");
    // What stands above its unit is said of it alone.
    let lost = "轮次：3\n被考核单位：武陵区\n编号,情况\n1①,3次\n";
    let text = format!("{lost}被考核单位：鼎城区\n考核时段：年终\n编号,填报值\n1①,0\n");
    assert_eq!(rows_in(&text), ["鼎城区 年终 : 1①=0"]);
    // But rows of another kind begin none, nor those above the first unit.
    for (above, between) in [
        ("计分表,2019\n", ""),
        ("1,附件\n", ""),
        ("", "类别,市直单位\n"),
    ] {
        let labels = format!("{above}被考核单位：武陵区\n时段：平时\n{between}单位：市创建办\n");
        let rows = rows_in(&format!("{labels}编号,填报值\n1①,0\n"));
        assert_eq!(rows, ["武陵区 平时 : 1①=0"], "{above}{between}");
    }
    // A list of what is to be handed in ends none.
    let text = format!("{LABELS}1①,√,√\n被考核单位（盖章）：\n编号,填报值\n1①,0\n");
    assert_eq!(rows_in(&text), ["武陵区 平时考核 : 1①=0"]);
    // Rows of the same kind below the labels of a form take none of them.
    let form = "被考核单位：澧县\n考核时段：平时\n编号,填报值\n1①,0\n";
    let legend = "被考核单位：武陵区\n考核时段：年终\n细则,1①,5分\n编号,填报值\n1①,1\n";
    let rows = rows_of(format!("{form}{legend}").as_bytes());
    assert_eq!(rows, [["澧县 平时 : 1①=0"], ["武陵区 年终 : 1①=1"]]);
}

#[test]
fn a_seal_may_have_a_date_behind_it() {
    for seal in [
        "：　年　月　日",
        "：2019年12月20日",
        ",（盖章）",
        "：（公章）",
    ] {
        let form = format!("{LABELS}编号,填报值\n1①,0\n被考核单位（盖章）{seal}\n");
        let next = "任务序号,完成情况\n1,完成\n";
        let tables = tables_of(format!("{form}{next}").as_bytes());
        assert_eq!(
            told(&tables[1].rows[0]),
            "武陵区 平时考核 : 1=完成",
            "{seal}"
        );
        assert!(tables.iter().all(|table| table.faults.is_empty()), "{seal}");
    }
}

#[test]
fn a_number_in_brackets_is_the_round_for_want_of_another() {
    for (label, round) in [
        ("轮次（2）", "2"),
        ("轮次：（第2轮）", "第2轮"),
        ("轮次（1）,3", "3"),
        ("轮次（第　轮）,3", "3"),
        ("轮次（次）,3", "3"),
        ("轮次（轮）", ""),
    ] {
        let text = format!("{LABELS}{label}\n编号,填报值\n1①,0\n");
        assert_eq!(
            rows_in(&text),
            [format!("武陵区 平时考核 {round}: 1①=0")],
            "{label}"
        );
    }
}

#[test]
fn a_seal_may_have_the_full_name() {
    let form = "考核时段：平时\n编号,填报值\n1①,0\n被考核单位（盖章）：常德市财政局\n";
    let next = "单位：市水利局\n考核时段：平时\n编号,填报值\n1①,1\n";
    let tables = tables_of(format!("单位：市财政局\n{form}{next}").as_bytes());
    assert_eq!(tables.len(), 2);
    assert_eq!(told(&tables[1].rows[0]), "市水利局 平时 : 1①=1");
    assert!(tables.iter().all(|table| table.faults.is_empty()));
}

#[test]
fn a_seal_that_names_another_unit_is_told() {
    let form = "被考核单位：武陵区\n考核时段：平时\n编号,填报值\n1①,0\n单位（盖章）：鼎城区\n";
    let tables = tables_of(format!("{form}考核时段：年终\n编号,填报值\n1①,1\n").as_bytes());
    let faults: Vec<_> = tables.iter().flat_map(|table| &table.faults).collect();
    assert_eq!(faults[0].finding, Finding::LabelBelowHeader);
    assert_eq!(faults[0].address.to_string(), "A5");
    // A name that is none, and another table of the same form.
    for seal in [
        "市生态环境局\n考核时段：年终",
        "　2019年12月20日",
        "市创建办公室主任",
        "鼎城区\n任务序号,完成情况\n1,完成",
    ] {
        let form = form.replace("鼎城区", seal);
        let tables = tables_of(format!("{form}编号,填报值\n2,1\n").as_bytes());
        assert!(tables.iter().all(|table| table.faults.is_empty()), "{seal}");
    }
    // The next one says whose it is.
    let next = format!("{form}被考核单位：鼎城区\n考核时段：年终\n编号,填报值\n1①,1\n");
    let tables = tables_of(next.as_bytes());
    assert!(tables.iter().all(|table| table.faults.is_empty()));
    assert_eq!(told(&tables[1].rows[0]), "鼎城区 年终 : 1①=1");
}
