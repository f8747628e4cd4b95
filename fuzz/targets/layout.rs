//! Sheets, from their cells to a ranking: finding the tables, holding them to the rubric, scoring,
//! and every print of it. The input is a sheet as text: tabs between cells, a form feed between
//! sheets; the first character of a cell may say that it is no text, and those of the whole, `+`
//! and `*`, that everyone must be there and that a marked copy is made.
#![no_main]

use std::sync::{Arc, LazyLock};

use kaohe::check::records::{self, Options};
use kaohe::decimal::Decimal;
use kaohe::engine;
use kaohe::input::workbook::Limits;
use kaohe::input::{layout, rubric_file};
use kaohe::location::Address;
use kaohe::model::catalog::Catalog;
use kaohe::model::grid::{Cell, Cells, Content, Format, Merge, Moment, Row, Sheet, Workbook};
use kaohe::output::{annotate, explain, scores, standings};
use libfuzzer_sys::fuzz_target;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    let read = rubric_file::read(&rubric_file::embedded());
    read.unwrap_or_else(|problems| panic!("the built-in rubrics are sound, but: {problems:?}"))
});

fuzz_target!(|text: &str| {
    let (complete, text) = flag(text, '+');
    // A copy is packed, which takes longer than all the rest.
    let (marked, text) = flag(text, '*');
    let workbook = || Workbook {
        file: Arc::from("表.xlsx"),
        format: Format::Xlsx,
        here: true,
        quick: true,
        sheets: text.split('\u{c}').take(4).zip(0..).map(sheet).collect(),
    };
    let Ok(found) = layout::find(workbook(), 0, &Limits::default()) else {
        return;
    };
    let options = Options {
        complete,
        period: None,
    };
    let checked = records::check(&CATALOG, &found.tables, &options);
    for finding in found.diagnostics.iter().chain(&checked.diagnostics) {
        assert!(!finding.finding.message().is_empty());
        assert!(!finding.finding.help().is_empty());
    }
    let problems: Vec<_> = found
        .diagnostics
        .iter()
        .chain(&checked.diagnostics)
        .collect();
    if marked && !problems.is_empty() {
        annotate::copy(&workbook(), &problems).expect("a copy of whatever was read");
    }
    let rubrics = &CATALOG.rubrics;
    let classes = checked.classes.into_iter();
    let results: Vec<_> = classes
        .map(|class| engine::score_class(&rubrics[class.rubric], class))
        .collect();
    let mut out = Vec::new();
    scores::write_json(&mut out, &CATALOG, &results).expect("memory");
    scores::write_csv(&mut out, &CATALOG, &results).expect("memory");
    assert!(standings::render(&CATALOG, &results, None, None).len() < usize::MAX);
    for class in &results {
        for unit in &class.units {
            let total = unit.total.unwrap_or_default();
            assert!(
                total >= Decimal::ZERO && total <= Decimal::ONE_HUNDRED,
                "{total}"
            );
            explain::render(&explain::explain(&CATALOG, class, unit));
        }
    }
});

/// Whether a text begins with a sign, and what follows.
fn flag(text: &str, sign: char) -> (bool, &str) {
    match text.strip_prefix(sign) {
        Some(rest) => (true, rest),
        None => (false, text),
    }
}

/// A sheet of text.
fn sheet((text, index): (&str, u32)) -> Sheet {
    let mut sheet = Sheet {
        name: Some(Arc::from(format!("表{index}"))),
        ..Sheet::default()
    };
    for (row, line) in (0..).zip(text.split('\n')) {
        if let Some(merge) = line.strip_prefix('&').and_then(merge) {
            sheet.merges.push(merge);
        }
        let cells = (0..).zip(line.split('\t').take(300));
        let cells: Cells = cells
            .filter(|(_, cell)| !cell.trim().is_empty())
            .map(|(column, text)| (column, cell(text)))
            .collect();
        if !cells.is_empty() {
            sheet.rows.push(Row { index: row, cells });
        }
    }
    sheet
}

/// A merged block: `1,0,3,2`.
fn merge(text: &str) -> Option<Merge> {
    let mut numbers = text.split(',').map_while(|number| number.parse().ok());
    let mut corner = || Some(Address::new(numbers.next()?, numbers.next()?));
    Some(Merge {
        first: corner()?,
        last: corner()?,
    })
}

/// A cell: text, or what its first character says.
fn cell(text: &str) -> Cell {
    let rest: String = text.chars().skip(1).collect();
    let number = rest.parse::<f64>().ok().filter(|number| number.is_finite());
    let (content, formula) = match (text.chars().next(), number) {
        (Some('#' | '%'), Some(number)) => (Content::Number(number), false),
        (Some('='), Some(number)) => (Content::Number(number), true),
        (Some('@'), serial) => (
            Content::Date(Box::new(Moment {
                text: rest.into(),
                serial,
            })),
            false,
        ),
        (Some('?'), _) => (Content::Uncalculated, true),
        (Some('!'), _) => (Content::Error(format!("#{rest}!").into()), true),
        (Some('^'), _) => (Content::Bool(rest.is_empty()), false),
        _ => (Content::Text(text.into()), false),
    };
    Cell {
        content,
        formula,
        percent: text.starts_with('%'),
    }
}
