//! The formulas of a form against the engine: LibreOffice calculates what was filled in. And the
//! forms as LibreOffice saves them in its formats, read back.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use calamine::{Data, Range, Reader, Xlsx, open_workbook};
use common::{catalog, soffice, village};
use kaohe::decimal::{Decimal, Ratio, to_f64};
use kaohe::engine;
use kaohe::input::rubric_file;
use kaohe::model::catalog::Catalog;
use kaohe::model::record::{Entry, Observed, Record};
use kaohe::model::rubric::{Kind, Rule};
use kaohe::output::style;
use kaohe::output::template::{self, Filled, FilledTask, Filling, TaskState, Which};
use rust_xlsxwriter::{Formula, Workbook};

/// The column of the deductions and that of the values in a form, from zero, and its first row
/// of rules.
const DEDUCTION: u32 = 10;
const VALUE: u32 = 6;
const FIRST: u32 = 5;

/// A plain generator of numbers.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    /// A number of `places` decimals, from 0 to `most`.
    fn decimal(&mut self, most: Decimal, places: u32) -> Decimal {
        let unit = Decimal::new(1, places);
        let steps = u64::try_from((most / unit).floor()).expect("a small number");
        Decimal::from(self.below(steps + 1)) * unit
    }
}

/// Has LibreOffice open and calculate workbooks; returns them as they were saved by it.
fn recalculated(folder: &Path, workbooks: &mut [(String, Workbook)]) -> Vec<PathBuf> {
    let given = folder.join("given");
    fs::create_dir_all(&given).expect("a folder of the test");
    let mut files = Vec::new();
    for (name, workbook) in workbooks.iter_mut() {
        // A stored result that is wrong: if it is still there afterwards, nothing was calculated.
        let sheet = workbook.worksheet_from_name(template::SCORES);
        let wrong = Formula::new("1+1").set_result("5");
        let sheet = sheet.expect("the sheet of the rules");
        sheet.write_formula(200, 0, wrong).expect("a free cell");
        let path = given.join(&*name);
        let bytes = style::save(workbook).expect("memory takes any workbook");
        fs::write(&path, bytes).expect("the test's folder can be written");
        files.push(path);
    }
    soffice::convert(folder, &files, "xlsx", &folder.join("made"))
}

fn sheet(path: &Path, name: &str) -> Range<Data> {
    let mut workbook: Xlsx<_> =
        open_workbook(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let range = workbook.worksheet_range(name).expect("the sheet");
    if name == template::SCORES {
        assert_eq!(number(&range, 200, 0), Some(2.0), "LibreOffice calculated");
    }
    range
}

fn number(range: &Range<Data>, row: u32, column: u32) -> Option<f64> {
    match range.get_value((row, column)) {
        Some(Data::Float(number)) => Some(*number),
        Some(Data::Int(number)) => Some(*number as f64),
        _ => None,
    }
}

fn word(range: &Range<Data>, row: u32, column: u32) -> String {
    match range.get_value((row, column)) {
        Some(Data::String(text)) => text.clone(),
        other => format!("{other:?}"),
    }
}

/// Anything a rule may hold, ties among it.
fn observed(rule: &Rule, numbers: &mut Numbers) -> Observed {
    match rule.kind {
        Kind::PerOccurrence { .. } | Kind::Shortfall { .. } => {
            Observed::Count(numbers.below(9).into())
        }
        Kind::Fixed { .. } => Observed::Answer(numbers.below(2) == 0),
        Kind::Discretionary => Observed::Points(numbers.decimal(rule.cap, 3)),
        Kind::Proportional { .. } => unreachable!("the built-in rubrics take the rate from tasks"),
    }
}

/// A form filled at random; `blanks` leaves one rule in five and one task in fifty blank.
fn filling(catalog: &Catalog, unit: usize, blanks: bool, numbers: &mut Numbers) -> Filling {
    let rubric = &catalog.rubrics[catalog.rubric_of(unit)];
    let rules = rubric.rules().map(|rule| {
        let blank = rule.uses_tasks() || (blanks && numbers.below(5) == 0);
        Filled {
            value: (!blank).then(|| observed(rule, numbers)),
            reason: Some("抽查发现".to_owned()),
            ..Filled::default()
        }
    });
    let rules = rules.collect();
    let table = catalog.tasks_of(rubric).expect("a task table");
    let places = numbers.below(4) as u32;
    let tasks = table.of_unit(unit).map(|_| FilledTask {
        state: match numbers.below(50) {
            0 if blanks => None,
            0..6 => Some(TaskState::Outside),
            6..15 => Some(TaskState::Share(Decimal::ZERO)),
            15..35 => Some(TaskState::Share(numbers.decimal(Decimal::ONE, places))),
            _ => Some(TaskState::Share(Decimal::ONE)),
        },
        ..FilledTask::default()
    });
    let tasks = tasks.collect();
    Filling { rules, tasks }
}

/// What the engine takes for each rule; `None` for one without a value.
fn expected(catalog: &Catalog, which: Which, filling: &Filling) -> Vec<Option<Decimal>> {
    let rubric = &catalog.rubrics[catalog.rubric_of(which.unit)];
    let rate = filling.rate(filling.tasks.len()).map(Observed::Completion);
    let rules = rubric.rules().zip(&filling.rules);
    let values = rules.map(|(rule, filled)| {
        if rule.uses_tasks() {
            rate
        } else {
            filled.value
        }
    });
    let values: Vec<Option<Observed>> = values.collect();
    let mut applied = Vec::new();
    for (rule, value) in rubric.rules().zip(&values) {
        applied.push(
            value.map(|value| {
                engine::asked(rule, which.period, &value, rubric.decimals).min(rule.cap)
            }),
        );
    }
    if let Some(values) = values.into_iter().collect::<Option<Vec<Observed>>>() {
        let record = Record {
            unit: which.unit,
            period: which.period,
            round: which.round,
            entries: values.into_iter().map(entry).collect(),
        };
        let scorecard = engine::score(rubric, record);
        let steps = scorecard.items.iter().flat_map(|item| &item.rules);
        applied = steps.map(|step| Some(step.applied)).collect();
    }
    applied
}

fn entry(observed: Observed) -> Entry {
    Entry::unplaced(observed, "".into())
}

/// Holds a block of deductions and a score to what is expected of them.
fn hold(found: &[Option<f64>], score: Option<f64>, expected: &[Option<Decimal>], of: &str) {
    let expected_f64: Vec<Option<f64>> = expected.iter().map(|e| e.map(to_f64)).collect();
    assert_eq!(found, expected_f64, "{of}");
    let lost = expected.iter().copied().sum::<Option<Decimal>>();
    let left = lost.map(|lost| to_f64(Decimal::ONE_HUNDRED - lost));
    assert_eq!(score, left, "the score of {of}");
}

#[test]
fn forms_give_exactly_what_the_engine_gives() {
    if !soffice::is_there() {
        return;
    }
    let catalog = catalog();
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut numbers = Numbers(7);
    let mut workbooks = Vec::new();
    let mut fillings = BTreeMap::new();
    for unit in 0..catalog.roster.units().len() {
        let which = Which {
            unit,
            period: 0,
            round: 1,
        };
        let filling = filling(&catalog, unit, unit % 3 == 2, &mut numbers);
        let form = template::form(&catalog, which, &filling).expect("a form");
        workbooks.push((format!("{unit}.xlsx"), form));
        fillings.insert(unit, (which, filling));
    }
    let made = recalculated(folder.path(), &mut workbooks);
    let mut scores = 0;
    for ((unit, (which, filling)), path) in fillings.iter().zip(made) {
        let scores_sheet = sheet(&path, template::SCORES);
        let expected = expected(&catalog, *which, filling);
        let rows = FIRST..FIRST + expected.len() as u32;
        let end = rows.end;
        let found: Vec<_> = rows
            .map(|row| number(&scores_sheet, row, DEDUCTION))
            .collect();
        let score = number(&scores_sheet, end + 1, DEDUCTION);
        hold(&found, score, &expected, &format!("unit {unit}"));
        assert_eq!(number(&scores_sheet, 2, 8), score, "the score at the top");
        scores += usize::from(score.is_some());
        if score.is_none() {
            assert_eq!(word(&scores_sheet, end + 1, DEDUCTION), "未填完");
            assert!(word(&scores_sheet, end, 5).starts_with("还有 "));
        } else {
            assert_eq!(word(&scores_sheet, end, 5), "已填好");
        }
    }
    println!("{} forms, {scores} of them with a score", fillings.len());
    assert!(scores >= 24, "most of them are filled in whole");
}

#[test]
fn wide_tables_give_exactly_what_the_engine_gives() {
    if !soffice::is_there() {
        return;
    }
    let catalog = catalog();
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut numbers = Numbers(11);
    let mut workbooks = Vec::new();
    let mut all = Vec::new();
    for rubric in 0..catalog.rubrics.len() {
        let units: Vec<usize> = catalog.class(rubric).collect();
        let fillings: Vec<Filling> = units
            .iter()
            .map(|&unit| filling(&catalog, unit, unit % 4 == 0, &mut numbers))
            .collect();
        let table = template::wide(&catalog, &units, (1, 1), &fillings).expect("a wide table");
        workbooks.push((format!("{rubric}.xlsx"), table));
        all.push((units, fillings));
    }
    let made = recalculated(folder.path(), &mut workbooks);
    for ((units, fillings), path) in all.iter().zip(made) {
        let scores = sheet(&path, template::SCORES);
        let score = (0..60).find(|&column| word(&scores, 3, column) == "得分");
        let score = score.expect("a column of scores");
        for (row, (&unit, filling)) in (4..).zip(units.iter().zip(fillings)) {
            let which = Which {
                unit,
                period: 1,
                round: 1,
            };
            let expected = expected(&catalog, which, filling);
            let columns = score + 1..=score + expected.len() as u32;
            let found: Vec<_> = columns.map(|column| number(&scores, row, column)).collect();
            let left = number(&scores, row, score);
            hold(&found, left, &expected, &format!("unit {unit}"));
        }
    }
}

/// A form of the village rubric, some rules of which do not apply.
fn village_filling(catalog: &Catalog, numbers: &mut Numbers) -> Filling {
    let rules = catalog.rubrics[0].rules().map(|rule| {
        let out = numbers.below(4) == 0;
        let value = match rule.kind {
            _ if out => Observed::NotApplicable,
            Kind::Proportional { .. } => {
                let part = numbers.decimal(Decimal::ONE, 3);
                let whole = Decimal::ONE;
                Observed::Completion(Ratio { part, whole })
            }
            _ => observed(rule, numbers),
        };
        Filled {
            value: Some(value),
            reason: Some("抽查发现".to_owned()),
            ..Filled::default()
        }
    });
    let (rules, tasks) = (rules.collect(), Vec::new());
    Filling { rules, tasks }
}

/// What the engine makes of a filling: the deductions and the score.
fn scored(catalog: &Catalog, which: Which, filling: &Filling) -> (Vec<Option<f64>>, Option<f64>) {
    let values = filling.rules.iter().filter_map(|filled| filled.value);
    let record = Record {
        unit: which.unit,
        period: which.period,
        round: which.round,
        entries: values.map(entry).collect(),
    };
    let scorecard = engine::score(&catalog.rubrics[0], record);
    let steps = scorecard.items.iter().flat_map(|item| &item.rules);
    let applied = steps.map(|step| Some(to_f64(step.applied))).collect();
    (applied, Some(to_f64(scorecard.score)))
}

#[test]
fn forms_and_wide_tables_follow_the_choices_of_the_rubric() {
    if !soffice::is_there() {
        return;
    }
    let mut numbers = Numbers(5);
    let rounds = [(0, 1), (0, 2), (0, 3), (1, 1)];
    for (set, edits) in village::choices().into_iter().enumerate() {
        let catalog = rubric_file::read(&village::sources(&edits)).expect("a sound rubric");
        let folder = tempfile::tempdir().expect("a folder for the test");
        let units: Vec<usize> = (0..catalog.roster.units().len()).collect();
        let mut workbooks = Vec::new();
        let mut expected = Vec::new();
        for (period, round) in rounds {
            let fillings: Vec<Filling> = units
                .iter()
                .map(|_| village_filling(&catalog, &mut numbers))
                .collect();
            for (&unit, filling) in units.iter().zip(&fillings) {
                let which = Which {
                    unit,
                    period,
                    round,
                };
                let form = template::form(&catalog, which, filling).expect("a form");
                workbooks.push((format!("{period}-{round}-{unit}.xlsx"), form));
                expected.push(scored(&catalog, which, filling));
            }
            let wide = template::wide(&catalog, &units, (period, round), &fillings);
            workbooks.push((
                format!("{period}-{round}.xlsx"),
                wide.expect("a wide table"),
            ));
        }
        let mut made = recalculated(folder.path(), &mut workbooks).into_iter();
        for expected in expected.chunks(units.len()) {
            for (applied, score) in expected {
                let scores = sheet(&made.next().expect("a form"), template::SCORES);
                let end = FIRST + applied.len() as u32;
                let found = (FIRST..end).map(|row| number(&scores, row, DEDUCTION));
                assert_eq!(&found.collect::<Vec<_>>(), applied, "set {set}");
                assert_eq!(number(&scores, end + 1, DEDUCTION), *score, "set {set}");
            }
            let scores = sheet(&made.next().expect("a wide table"), template::SCORES);
            let column = (0..60).find(|&column| word(&scores, 3, column) == "得分");
            let column = column.expect("a column of scores");
            for (row, (applied, score)) in (4..).zip(expected) {
                let columns = column + 1..=column + applied.len() as u32;
                let found = columns.map(|column| number(&scores, row, column));
                assert_eq!(&found.collect::<Vec<_>>(), applied, "set {set}");
                assert_eq!(number(&scores, row, column), *score, "set {set}");
            }
        }
    }
}

/// What a clerk may get into a cell past the validation, by pasting.
const ODD: [&str; 7] = ["2次", "无", "1/2", "-1", "99999", "八", "１"];

#[test]
fn what_a_form_cannot_read_never_gives_a_figure() {
    if !soffice::is_there() {
        return;
    }
    let catalog = catalog();
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut numbers = Numbers(3);
    let which = Which {
        unit: 0,
        period: 0,
        round: 1,
    };
    let rules = catalog.rubrics[0].rules().filter(|rule| !rule.uses_tasks());
    let rules = rules.count();
    let filling = filling(&catalog, 0, false, &mut numbers);
    let mut workbooks = Vec::new();
    for (index, odd) in ODD.iter().enumerate() {
        let mut form = template::form(&catalog, which, &filling).expect("a form");
        let sheet = form.worksheet_from_name(template::SCORES);
        let sheet = sheet.expect("the sheet of the rules");
        for (row, rule) in (FIRST..).zip(catalog.rubrics[0].rules()) {
            if rule.uses_tasks() {
                continue;
            }
            match odd.parse::<f64>() {
                Ok(number) => sheet.write_number(row, VALUE as u16, number),
                Err(_) => sheet.write_string(row, VALUE as u16, *odd),
            }
            .expect("a cell of the form");
        }
        workbooks.push((format!("{index}.xlsx"), form));
    }
    let made = recalculated(folder.path(), &mut workbooks);
    for (odd, path) in ODD.iter().zip(made) {
        let scores = sheet(&path, template::SCORES);
        let end = FIRST + catalog.rubrics[0].rules().count() as u32;
        let refused = (FIRST..end).filter(|&row| word(&scores, row, DEDUCTION) == "请核对");
        assert_eq!(refused.count(), rules, "{odd}");
        assert_eq!(word(&scores, end + 1, DEDUCTION), "未填完");
    }
}

/// A form of every unit without a deduction, every task done.
fn clean(catalog: &Catalog, unit: usize) -> Filling {
    let rubric = &catalog.rubrics[catalog.rubric_of(unit)];
    let value = |rule: &Rule| match rule.kind {
        Kind::PerOccurrence { .. } => Some(Observed::Count(Decimal::ZERO)),
        Kind::Shortfall { required, .. } => Some(Observed::Count(required)),
        Kind::Fixed { lost_by, .. } => Some(Observed::Answer(!lost_by)),
        Kind::Discretionary => Some(Observed::Points(Decimal::ZERO)),
        // The task table gives the rate.
        Kind::Proportional { .. } => None,
    };
    let tasks = catalog
        .tasks_of(rubric)
        .map_or(0, |table| table.of_unit(unit).count());
    let done = FilledTask {
        state: Some(TaskState::Share(Decimal::ONE)),
        ..FilledTask::default()
    };
    Filling {
        rules: rubric
            .rules()
            .map(|rule| Filled {
                value: value(rule),
                ..Filled::default()
            })
            .collect(),
        tasks: vec![done; tasks],
    }
}

/// Forty-eight forms score 100 each, and nothing is wrong with them.
fn hold_clean(folder: &Path) {
    let path = folder.to_str().expect("UTF-8");
    assert_eq!(common::problems(folder), [], "{path}");
    let document = common::json(&common::kaohe(["score", path, "--format", "json"]));
    let classes = document["classes"].as_array().expect("a list").iter();
    let units: Vec<_> = classes
        .flat_map(|class| class["units"].as_array().expect("a list"))
        .collect();
    assert_eq!(units.len(), 48, "{path}");
    for unit in units {
        assert_eq!(unit["periods"][0]["score"], 100, "{path}: {}", unit["unit"]);
    }
}

#[test]
fn forms_without_deductions_score_100_in_every_format() {
    let catalog = catalog();
    let folder = tempfile::tempdir().expect("a folder for the test");
    let given = folder.path().join("given");
    fs::create_dir_all(&given).expect("a folder of the test");
    let mut files = Vec::new();
    for unit in 0..catalog.roster.units().len() {
        let which = Which {
            unit,
            period: 0,
            round: 1,
        };
        let mut form = template::form(&catalog, which, &clean(&catalog, unit)).expect("a form");
        let path = given.join(template::form_name(&catalog, which));
        fs::write(&path, style::save(&mut form).expect("a form")).expect("a writable folder");
        files.push(path);
    }
    hold_clean(&given);
    if !soffice::is_there() {
        return;
    }
    for format in ["xlsx", "xls", "ods"] {
        let into = folder.path().join(format);
        let saved = soffice::convert(folder.path(), &files, format, &into);
        assert!(saved.iter().all(|file| file.exists()), "{format}");
        hold_clean(&into);
    }
}
