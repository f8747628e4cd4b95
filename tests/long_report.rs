//! A report so long that its longest sheets are written row by row: it holds what a short one
//! holds, cell for cell, in the same bytes each time; and what is said where it cannot be had.

mod common;

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use calamine::{Data, Range, Reader, Xlsx};
use common::{Value, catalog, clean, long, rubric, with, write_csv};
use kaohe::check::records::{self, Options};
use kaohe::decimal::{Decimal, plain};
use kaohe::engine;
use kaohe::input::layout;
use kaohe::input::workbook::{self, Limits};
use kaohe::model::catalog::Catalog;
use kaohe::model::record::Record;
use kaohe::model::scorecard::{ClassResult, PeriodScore, Scorecard, UnitScore};
use kaohe::output::report::{self, Basis};

/// Routine rounds of each of the nine districts; with one at the year's end, and twelve rules
/// each, 9 × 21 × 12 = 2,268 rows.
const ROUNDS: u32 = 20;

/// Writes the 明细表: in round 7, 1② happened seven times and more than the cap takes; in round
/// 8 a reason looks like a formula.
fn list(folder: &Path) -> PathBuf {
    let catalog = catalog();
    let rubric = rubric(&catalog, "government");
    let mut units: Vec<(&str, &str, u32, Vec<Value>)> = Vec::new();
    for unit in catalog.class(0) {
        let name: &str = &catalog.roster.units()[unit].name;
        for round in 1..=ROUNDS {
            let values = match round {
                7 => with(clean(rubric), "1②", "7", ""),
                8 => with(clean(rubric), "4", "0.25", "=1+1"),
                _ => clean(rubric),
            };
            units.push((name, "平时考核", round, values));
        }
        units.push((name, "年终考核", 1, clean(rubric)));
    }
    let path = folder.join("明细表.csv");
    write_csv(&path, &long(&units));
    path
}

fn results(catalog: &Catalog, list: &Path) -> Vec<ClassResult> {
    let bytes = fs::read(list).expect("it was just written");
    let workbook = workbook::from_bytes(&Arc::from("明细表.csv"), &bytes).expect("a text file");
    let found = layout::find(workbook, 0, &Limits::default()).expect("tables within the limits");
    let tables = found.tables;
    let checked = records::check(catalog, &tables, &Options::default());
    assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics);
    let classes = checked.classes.into_iter();
    classes
        .map(|class| engine::score_class(&catalog.rubrics[class.rubric], class))
        .collect()
}

fn text(sheet: &Range<Data>, row: u32, column: u32) -> String {
    match sheet.get_value((row, column)) {
        Some(Data::Float(number)) => number.to_string(),
        Some(Data::Empty) | None => String::new(),
        Some(other) => other.to_string(),
    }
}

#[test]
fn a_long_report_holds_every_rule_of_every_round_in_the_same_bytes_each_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let catalog = catalog();
    let results = results(&catalog, &list(folder.path()));
    let write = || report::workbook(&catalog, &results, &Basis::default()).expect("a report");
    let bytes = write();
    assert!(bytes == write(), "the same bytes");

    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.as_slice())).expect("a workbook");
    let mut sheet = |name| book.worksheet_range(name).expect("a sheet of the report");
    let (base, ledger) = (sheet("填报底稿"), sheet("扣分台账"));
    assert_eq!(base.end().map(|(row, _)| row + 1), Some(3 + 2_268));
    let ids: Vec<String> = catalog.rubrics[0]
        .rules()
        .map(|rule| rule.id.to_string())
        .collect();
    let mut row = 3;
    for unit in &results[0].units {
        let name = &catalog.roster.units()[unit.unit].name;
        for card in unit.periods.iter().flat_map(|period| &period.rounds) {
            let rules = card.items.iter().flat_map(|item| &item.rules);
            let entries = card.record.entries.iter();
            for (id, (entry, rule)) in ids.iter().zip(entries.zip(rules)) {
                let round = card.record.round.to_string();
                let of_base = [1, 3, 4, 6, 14, 15].map(|column| text(&base, row, column));
                let figures = [rule.asked, rule.applied].map(plain);
                let [asked, applied] = &figures;
                assert_eq!(of_base, [name, &*round, id, &entry.value, asked, applied]);
                let of_ledger = [0, 3, 4, 6, 8, 9].map(|column| text(&ledger, row, column));
                assert_eq!(of_ledger, [name, &*round, id, &entry.value, asked, applied]);
                let reason = entry.reason.as_deref().unwrap_or_default();
                assert_eq!(text(&ledger, row, 11), reason);
                row += 1;
            }
        }
    }
    assert_eq!(row, 3 + 2_268);
    // Seven times at half a point each are 3.5; the cap of 1② lets 2 of them be taken.
    let seventh = 3 + 6 * 12 + 1;
    assert_eq!(text(&base, seventh, 4), "1②");
    assert_eq!(text(&base, seventh, 14), "3.5");
    assert_eq!(text(&base, seventh, 15), "2");
}

#[test]
fn a_report_that_no_sheet_can_hold_says_so_before_anything_is_written() {
    let catalog = catalog();
    // One district with 90,000 empty rounds: 90,000 × 12 rules are more rows than a sheet has.
    let card = |round| Scorecard {
        record: Record {
            unit: 0,
            period: 0,
            round,
            entries: Vec::new(),
        },
        points: Decimal::ZERO,
        kept: Decimal::ZERO,
        score: Decimal::ZERO,
        items: Vec::new(),
    };
    let period = PeriodScore {
        period: 0,
        weight: Decimal::ONE,
        score: Decimal::ZERO,
        rounds: (1..=90_000).map(card).collect(),
        shares: Vec::new(),
    };
    let unit = UnitScore {
        unit: 0,
        total: None,
        rank: None,
        grade: None,
        periods: vec![period],
    };
    let class = ClassResult {
        rubric: 0,
        provisional: true,
        units: vec![unit],
        unranked: Vec::new(),
    };
    let refused = report::workbook(&catalog, &[class], &Basis::default());
    assert_eq!(
        refused.expect_err("too long").to_string(),
        "填报底稿要写 1080003 行，一张工作表最多 1048576 行，写不下；请把材料分成几批，例如一个地区一个文件夹，每批出一份排名表"
    );
}

#[cfg(unix)]
#[test]
fn without_room_for_temporary_files_nothing_is_written_and_the_way_out_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let list = list(folder.path());
    let output = folder.path().join("排名.xlsx");
    let run = Command::new(env!("CARGO_BIN_EXE_kaohe"))
        .arg("report")
        .arg(&list)
        .arg("-o")
        .arg(&output)
        .arg("--allow-incomplete")
        .env("TMPDIR", folder.path().join("没有"))
        .output()
        .expect("the program was built for this test");
    let said = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(2), "{said}");
    assert!(said.contains("临时文件夹"), "{said}");
    assert!(said.contains("TMPDIR"), "{said}");
    assert!(!output.exists());
}
