//! One cell of a good workbook spoiled in every way: exactly that code at exactly that cell,
//! and nothing else.

mod common;

use std::path::Path;

use common::{Rows, catalog, clean, form, problems, rows, rubric, with};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

/// What a cell is spoiled with.
enum With {
    /// Text.
    Text(&'static str),
    /// A number.
    Number(f64),
    /// Nothing.
    Nothing,
    /// A date: year, month, day.
    Date(u16, u8, u8),
    /// An error.
    Error(&'static str),
}

use With::{Date, Error, Nothing, Number, Text};

/// Where a spoiled cell lies: the form or the task sheet of a unit's workbook.
const FORM: usize = 0;
const TASKS: usize = 1;

/// Sheet, cell, what it is spoiled with; code, cell that it is found at.
type Case = (usize, &'static str, With, &'static str, &'static str);

/// A good workbook: 武陵区's form (rules from row 5) and tasks (from row 4), one deduction at
/// discretion (row 7), one measured value (任务 11, row 14 of the tasks).
fn good() -> [Rows; 2] {
    let catalog = catalog();
    let values = clean(rubric(&catalog, "government"));
    let values = with(with(values, "2", "", ""), "1③", "0.5", "备案不及时");
    let form = form("武陵区", "平时考核", 1, &values);
    let mut tasks = common::tasks(&catalog, "武陵区", "平时考核", 1, &[]);
    let forest = tasks
        .iter_mut()
        .find(|row| row[0] == "11")
        .expect("districts have task 11");
    forest[3] = "46%".to_owned();
    [form, tasks]
}

const CASES: &[Case] = &[
    // Counts.
    (FORM, "B5", Nothing, "missing-value", "B5"),
    (FORM, "B5", Text("若干"), "not-a-number", "B5"),
    (FORM, "B5", Text("不涉及"), "not-a-number", "B5"),
    (FORM, "B5", Text("1\n2"), "not-a-number", "B5"),
    (FORM, "B5", Text("１　０"), "not-a-number", "B5"),
    (FORM, "B5", Number(2.5), "not-a-whole-number", "B5"),
    (FORM, "B5", Text("２．５次"), "not-a-whole-number", "B5"),
    (FORM, "B5", Number(-1.0), "negative-value", "B5"),
    (FORM, "B5", Text("－1"), "negative-value", "B5"),
    (FORM, "B5", Date(2019, 1, 3), "date-instead-of-number", "B5"),
    (FORM, "B5", Error("#REF!"), "error-cell", "B5"),
    (FORM, "B11", Text("两次"), "not-a-number", "B11"),
    // One point, or one that is missing? It takes 1 point in 1①, 0.5 in 1② and 2.5 in 3②.
    (FORM, "B5", Text("1分"), "not-a-number", "B5"),
    (FORM, "B6", Text("０　分"), "not-a-number", "B6"),
    (FORM, "B11", Text("-1分"), "not-a-number", "B11"),
    // Points at discretion.
    (FORM, "B7", Nothing, "missing-value", "B7"),
    (FORM, "B7", Number(2.5), "above-cap", "B7"),
    (FORM, "B7", Number(-0.5), "negative-value", "B7"),
    (FORM, "B7", Text("略"), "not-a-number", "B7"),
    // Twice, at 0.5 points or at 1?
    (FORM, "B7", Text("2次"), "not-a-number", "B7"),
    (FORM, "B7", Text("1 项"), "not-a-number", "B7"),
    (FORM, "C7", Nothing, "missing-reason", "C7"),
    (FORM, "C7", Text("\u{200b}"), "missing-reason", "C7"),
    (FORM, "C7", Text("无"), "missing-reason", "C7"),
    (FORM, "C7", Text("/"), "missing-reason", "C7"),
    (FORM, "C7", Error("#NAME?"), "error-cell", "C7"),
    // Yes or no.
    (FORM, "B14", Text("基本设立"), "not-yes-no", "B14"),
    (FORM, "B14", Number(2.0), "not-yes-no", "B14"),
    (FORM, "B14", Nothing, "missing-value", "B14"),
    // The rate beside a task table.
    (FORM, "B9", Number(93.3), "rate-out-of-range", "B9"),
    (FORM, "B9", Text("110%"), "rate-out-of-range", "B9"),
    (FORM, "B9", Text("-5%"), "rate-out-of-range", "B9"),
    (FORM, "B9", Text("3/0"), "rate-out-of-range", "B9"),
    (FORM, "B9", Text("九成"), "not-a-number", "B9"),
    (FORM, "B9", Text("28/3 0"), "not-a-number", "B9"),
    (FORM, "B9", Text("95%"), "rate-conflict", "B9"),
    // Ids.
    (FORM, "A5", Text("9①"), "unknown-rule", "A5"),
    (FORM, "A5", Text("1 1"), "unknown-rule", "A5"),
    (FORM, "A5", Nothing, "unknown-rule", "A5"),
    (FORM, "A5", Text("1②"), "duplicate-row", "A6"),
    (FORM, "A5", Date(2019, 1, 1), "date-instead-of-number", "A5"),
    (FORM, "A5", Error("#N/A"), "error-cell", "A5"),
    // Who and when.
    (FORM, "B2", Text("五陵区"), "unknown-unit", "B2"),
    (FORM, "B2", Nothing, "missing-metadata", "A2"),
    (FORM, "D2", Text("上半年"), "unknown-period", "D2"),
    (FORM, "D2", Nothing, "missing-metadata", "C2"),
    (FORM, "B3", Number(2018.0), "wrong-year", "B3"),
    (FORM, "D3", Text("首轮"), "not-a-whole-number", "D3"),
    (FORM, "D3", Text("1 1"), "not-a-whole-number", "D3"),
    (FORM, "B3", Text("20 19"), "wrong-year", "B3"),
    (TASKS, "B1", Text("五陵区"), "unknown-unit", "B1"),
    (TASKS, "D1", Text("下半年"), "unknown-period", "D1"),
    (TASKS, "B2", Text("2020年"), "wrong-year", "B2"),
    // Headers.
    (FORM, "D4", Text("填报值"), "duplicate-header", "D4"),
    (TASKS, "B2", Error("#VALUE!"), "error-cell", "B2"),
    (
        TASKS,
        "B2",
        Date(2019, 1, 1),
        "date-instead-of-number",
        "B2",
    ),
    // Tasks.
    (TASKS, "C4", Nothing, "missing-value", "C4"),
    (TASKS, "C4", Text("正在推进"), "not-a-task-state", "C4"),
    (TASKS, "C4", Text("120%"), "not-a-task-state", "C4"),
    (TASKS, "C4", Number(80.0), "not-a-task-state", "C4"),
    (TASKS, "C4", Error("#DIV/0!"), "error-cell", "C4"),
    (TASKS, "A4", Text("99"), "unknown-task", "A4"),
    (TASKS, "A4", Text("8"), "unknown-task", "A4"),
    (TASKS, "A4", Nothing, "unknown-task", "A4"),
    (TASKS, "A4", Text("2"), "duplicate-row", "A5"),
    (
        TASKS,
        "A11",
        Date(2019, 8, 1),
        "date-instead-of-number",
        "A11",
    ),
    (TASKS, "D17", Text("40%"), "target-missed", "D17"),
    (TASKS, "D17", Number(40.0), "target-missed", "D17"),
    (TASKS, "D17", Number(0.46), "percent-assumed", "D17"),
    (TASKS, "D17", Text("达标"), "not-a-number", "D17"),
    (
        TASKS,
        "C17",
        Text("未完成"),
        "target-met-but-unfinished",
        "C17",
    ),
    (
        TASKS,
        "C17",
        Text("90%"),
        "target-met-but-unfinished",
        "C17",
    ),
];

/// Row and column of an address such as `B5`.
fn place(address: &str) -> (u32, u16) {
    let column = address.bytes().next().expect("a letter") - b'A';
    let row: u32 = address[1..].parse().expect("a row");
    (row - 1, u16::from(column))
}

/// Writes the good workbook with one cell replaced.
fn write(path: &Path, sheets: &[Rows; 2], spoiled: Option<&Case>) {
    let mut workbook = Workbook::new();
    for (index, rows) in sheets.iter().enumerate() {
        let sheet = workbook.add_worksheet();
        sheet
            .set_name(["计分表", "任务完成情况"][index])
            .expect("a good name");
        for (row, cells) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(cells) {
                let here =
                    spoiled.filter(|(of, at, ..)| *of == index && place(at) == (row, column));
                if here.is_some() || cell.is_empty() {
                    continue;
                }
                match cell.parse::<f64>() {
                    Ok(number) => sheet.write_number(row, column, number),
                    Err(_) => sheet.write_string(row, column, cell),
                }
                .expect("a cell within the grid");
            }
        }
        if let Some((of, at, with, ..)) = spoiled.filter(|(of, ..)| *of == index) {
            assert_eq!(*of, index);
            let (row, column) = place(at);
            match with {
                Nothing => Ok(&mut *sheet),
                Text(text) => sheet.write_string(row, column, *text),
                Number(number) => sheet.write_number(row, column, *number),
                Date(year, month, day) => {
                    let date = ExcelDateTime::from_ymd(*year, *month, *day).expect("a date");
                    let format = Format::new().set_num_format("yyyy-mm-dd");
                    sheet.write_datetime_with_format(row, column, &date, &format)
                }
                Error(error) => {
                    sheet.write_formula(row, column, Formula::new(*error).set_result(*error))
                }
            }
            .expect("a cell within the grid");
        }
    }
    workbook
        .save(path)
        .expect("the test's folder can be written");
}

#[test]
fn the_good_workbook_has_no_problems() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("武陵区.xlsx");
    write(&path, &good(), None);
    assert_eq!(problems(&path), []);
}

#[test]
fn one_spoiled_cell_is_one_problem_at_that_cell() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("武陵区.xlsx");
    let good = good();
    let mut wrong = Vec::new();
    for case in CASES {
        write(&path, &good, Some(case));
        let (sheet, at, _, code, cell) = case;
        let found = problems(&path);
        if found != [((*code).to_owned(), (*cell).to_owned())] {
            wrong.push(format!(
                "sheet {sheet} {at}: {code} at {cell} expected, found {found:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A long table of one unit, spoiled where only lists can be.
#[test]
fn lists_are_held_to_the_same() {
    let catalog = catalog();
    let values = clean(rubric(&catalog, "six-zone"));
    let good = common::long(&[("柳叶湖", "平时考核", 1, values.clone())]);
    let good_wide = common::wide(&[
        ("柳叶湖", "平时考核", 1, values.clone()),
        ("西湖管理区", "平时考核", 1, values.clone()),
    ]);
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("表.csv");
    let set = |sheet: &Rows, at: &str, text: &str| {
        let mut sheet = sheet.clone();
        let (row, column) = place(at);
        sheet[row as usize][usize::from(column)] = text.to_owned();
        sheet
    };
    let cases = [
        (set(&good, "A3", "柳叶胡"), "unknown-unit", "A3"),
        (set(&good, "A3", ""), "missing-metadata", "A3"),
        (set(&good, "B3", "季度"), "unknown-period", "B3"),
        (set(&good, "C3", "一又二分之一"), "not-a-whole-number", "C3"),
        (set(&good, "D3", "7①"), "unknown-rule", "D3"),
        (set(&good, "E3", ""), "missing-value", "E3"),
        (set(&good, "F1", "编号"), "duplicate-header", "F1"),
        (set(&good_wide, "D1", "7①"), "unknown-rule", "D1"),
        (set(&good_wide, "D1", "备用"), "missing-rule", "A1"),
        (set(&good_wide, "F1", "1-1"), "duplicate-header", "F1"),
        (set(&good_wide, "A3", "西胡管理区"), "unknown-unit", "A3"),
        (set(&good_wide, "D3", "一"), "not-a-number", "D3"),
        (
            rows(&[["单位", "得分"], ["柳叶湖", "99"]]),
            "no-table-found",
            "-",
        ),
    ];
    let mut wrong = Vec::new();
    for (sheet, code, cell) in &cases {
        common::write_csv(&path, sheet);
        let found = problems(&path);
        if found != [((*code).to_owned(), (*cell).to_owned())] {
            wrong.push(format!("{code} at {cell} expected, found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What rows say of whose they are is kept once for all that say the same; what is wrong with it is
/// said of each of them.
#[test]
fn the_same_mistake_in_every_row_is_named_in_every_row() {
    let catalog = catalog();
    let values = clean(rubric(&catalog, "six-zone"));
    let mut list = common::long(&[("柳叶湖", "平时考核", 1, values)]);
    for row in &mut list[1..4] {
        row[0] = "柳叶胡".to_owned();
        row[1] = "季度".to_owned();
    }
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("表.csv");
    common::write_csv(&path, &list);
    let expected = ["A2", "B2", "A3", "B3", "A4", "B4"].map(|cell| {
        let code = match cell.starts_with('A') {
            true => "unknown-unit",
            false => "unknown-period",
        };
        (code.to_owned(), cell.to_owned())
    });
    assert_eq!(problems(&path), expected);
}

/// Rows of one unit below each other in a wide table are sheets of their own, even where the unit
/// and the period stand in a merged block beside them.
#[test]
fn a_second_wide_row_is_named_where_it_stands() {
    let catalog = catalog();
    let values = clean(rubric(&catalog, "six-zone"));
    let sheet = common::wide(&[("柳叶湖", "平时考核", 1, values)]);
    let mut workbook = Workbook::new();
    let worksheet = workbook.add_worksheet();
    for (column, (header, value)) in (0..).zip(sheet[0].iter().zip(&sheet[1])) {
        worksheet.write(0, column, header).expect("a cell");
        for row in 1..=3 {
            worksheet.write(row, column, value).expect("a cell");
        }
    }
    for column in 0..2 {
        let value = &sheet[1][usize::from(column)];
        worksheet
            .merge_range(1, column, 3, column, value, &Format::new())
            .expect("a block of three");
    }
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("表.xlsx");
    workbook.save(&path).expect("a writable folder");
    let expected = ["A3", "A4"].map(|cell| ("duplicate-sheet".to_owned(), cell.to_owned()));
    assert_eq!(problems(&path), expected);
}

/// A form bears no other sheet of its round and a wide row no other wide row; the rows of lists and
/// of a wide row are held to each other one by one.
#[test]
fn sheets_of_one_round_stand_beside_each_other_or_not() {
    let catalog = catalog();
    let values = clean(rubric(&catalog, "six-zone"));
    let (unit, period) = ("柳叶湖", "平时考核");
    let form = common::form(unit, period, 1, &values);
    let list = common::long(&[(unit, period, 1, values.clone())]);
    let wide = common::wide(&[(unit, period, 1, values.clone())]);
    let (sheet, row) = ("duplicate-sheet", "duplicate-row");
    let rows = values.len();
    for (sheets, code, count) in [
        (vec![&form, &form], sheet, 1),
        (vec![&form, &list], sheet, 1),
        (vec![&list, &form], sheet, 1),
        (vec![&wide, &form, &form], sheet, 2),
        (vec![&wide, &wide], sheet, 1),
        (vec![&list, &list], row, rows),
        (vec![&list, &wide], row, rows),
        (vec![&wide, &list], row, rows),
    ] {
        let folder = tempfile::tempdir().expect("a folder for the test");
        for (number, sheet) in sheets.iter().enumerate() {
            common::write_csv(&folder.path().join(format!("{number}.csv")), sheet);
        }
        let found = problems(folder.path());
        assert_eq!(found.len(), count, "{found:?}");
        assert!(found.iter().all(|(of, _)| of == code), "{found:?}");
    }
    // The second wide row does not count, whatever stands before the first.
    let folder = tempfile::tempdir().expect("a folder for the test");
    for (name, sheet) in [("1.csv", &list), ("2.csv", &wide), ("3.csv", &wide)] {
        common::write_csv(&folder.path().join(name), sheet);
    }
    let found = problems(folder.path());
    let count = |code| found.iter().filter(|(of, _)| of == code).count();
    assert_eq!((count(sheet), count(row)), (1, rows));
}

/// Units are checked in batches; what is found in one is no less than what is found in another.
#[test]
fn a_mistake_in_every_round_of_every_unit_is_named() {
    let catalog = catalog();
    let spoiled = with(clean(rubric(&catalog, "government")), "1①", "-1", "");
    let units: Vec<_> = catalog.class(0).collect();
    let sheets: Vec<_> = units
        .iter()
        .flat_map(|unit| (1..=20).map(|round| (&*catalog.roster.units()[*unit].name, round)))
        .map(|(unit, round)| (unit, "平时考核", round, spoiled.clone()))
        .collect();
    let folder = tempfile::tempdir().expect("a folder for the test");
    common::write_csv(&folder.path().join("表.csv"), &common::long(&sheets));
    let found = problems(folder.path());
    let negative = found.iter().filter(|(code, _)| code == "negative-value");
    assert_eq!(negative.count(), 9 * 20);
}

#[test]
fn forty_eight_files_with_three_problems_each_are_listed_in_one_run() {
    let catalog = catalog();
    let folder = tempfile::tempdir().expect("a folder for the test");
    for unit in catalog.roster.units() {
        let values = clean(&catalog.rubrics[unit.rubric]);
        let values = with(values, "1①", "-1", "");
        let values = with(values, "1③", "1", "");
        let values = with(values, "3②", "", "");
        let path = folder.path().join(format!("{}.csv", unit.name));
        common::write_csv(&path, &form(&unit.name, "平时考核", 1, &values));
    }
    let found = problems(folder.path());
    assert_eq!(found.len(), 144);
    for code in ["negative-value", "missing-reason", "missing-value"] {
        assert_eq!(
            found.iter().filter(|(of, _)| of == code).count(),
            48,
            "{code}"
        );
    }
}

#[test]
fn several_things_that_lack_are_all_named_at_one_header() {
    let [form, mut tasks] = good();
    tasks.retain(|row| row[0] != "5" && row[0] != "24");
    let form: Rows = form
        .into_iter()
        .filter(|row| row[0] != "4" && row[0] != "5")
        .collect();
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("武陵区.xlsx");
    write(&path, &[form, tasks], None);
    let lacking = |code: &str, cell: &str| (code.to_owned(), cell.to_owned());
    let rule = || lacking("missing-rule", "A4");
    let task = || lacking("missing-task", "A3");
    assert_eq!(problems(&path), [rule(), rule(), task(), task()]);
}
