//! A made-up year of as many units as are asked for: what the benchmarks measure on, and what
//! `examples/workload` writes to a folder. The same on every machine, for ever.
//!
//! The rubrics are the built-in ones. The first 48 units are those of the built-in roster; all
//! others are made-up districts, each with two routine rounds and one at the year's end.

pub mod floor;
#[path = "../../tests/examples/year.rs"]
mod year;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use kaohe::check::records::{self, Options};
use kaohe::decimal::{Decimal, plain};
use kaohe::engine;
use kaohe::input::layout;
use kaohe::input::rubric_file::{self, RubricSource};
use kaohe::input::workbook::{self, Limits};
use kaohe::model::catalog::Catalog;
use kaohe::model::record::{ClassRecords, Observed};
use kaohe::model::scorecard::ClassResult;
use kaohe::model::submission::Table;
use kaohe::output::report::{Basis, Fingerprint};
use kaohe::output::style;
use kaohe::output::template::{self, Filled, Filling};
use kaohe::text;

/// Sheets of a unit: two routine rounds, one at the year's end.
pub const SHEETS: usize = year::SHEETS.len();

/// A year of so many units.
pub struct Year {
    /// The rubrics, with the longer roster.
    pub sources: Vec<RubricSource>,
    /// The same, read.
    pub catalog: Catalog,
}

impl Year {
    /// A year of `units` units, 48 at least.
    pub fn of(units: usize) -> Self {
        let mut sources = rubric_file::embedded();
        let built_in = read(&sources).roster.units().len();
        let roster = sources
            .iter_mut()
            .find(|source| source.name == "roster.toml");
        let roster = roster.expect("the built-in rubrics have a roster");
        roster.text = longer(&roster.text, built_in + 1..=units).into();
        let catalog = read(&sources);
        assert_eq!(catalog.roster.units().len(), units.max(built_in));
        Self { sources, catalog }
    }

    /// How many units there are.
    pub fn units(&self) -> usize {
        self.catalog.roster.units().len()
    }

    /// The form of a unit, filled in: its file name and its bytes.
    pub fn form(&self, unit: usize, sheet: usize) -> (String, Vec<u8>) {
        let which = year::which(unit, sheet);
        let filling = year::filling(&self.catalog, unit, sheet);
        let mut form = template::form(&self.catalog, which, &filling).expect("a form");
        let bytes = style::save(&mut form).expect("memory takes any workbook");
        (template::form_name(&self.catalog, which), bytes)
    }

    /// The 明细表 of all units on these of the [`SHEETS`], as comma-separated text. The round
    /// is left out where there is only the first.
    pub fn list(&self, sheets: &[usize]) -> String {
        let rounds = sheets.iter().any(|&sheet| year::SHEETS[sheet].1 > 1);
        let mut text = String::from("被考核单位,考核时段,编号,填报值,扣分说明");
        text += if rounds { ",轮次\n" } else { "\n" };
        for (unit, entry) in self.catalog.roster.units().iter().enumerate() {
            let rubric = &self.catalog.rubrics[entry.rubric];
            for &sheet in sheets {
                let filling = year::filling(&self.catalog, unit, sheet);
                let (period, round) = year::SHEETS[sheet];
                let period = &rubric.periods[period].name;
                for (rule, filled) in rubric.rules().zip(&filling.rules) {
                    let value = written(filled, &filling);
                    let reason = filled.reason.as_deref().unwrap_or_default();
                    let name = &entry.name;
                    text += &format!("{name},{period},{},{value},{reason}", rule.id);
                    text += &if rounds {
                        format!(",{round}\n")
                    } else {
                        "\n".to_owned()
                    };
                }
            }
        }
        text
    }

    /// The results of the whole year, all in one 明细表.
    pub fn results(&self) -> Vec<ClassResult> {
        let classes = self.records(&[0, 1, 2]).into_iter();
        classes
            .map(|class| engine::score_class(&self.catalog.rubrics[class.rubric], class))
            .collect()
    }

    /// The records of these of the [`SHEETS`].
    pub fn records(&self, sheets: &[usize]) -> Vec<ClassRecords> {
        let tables = tables(self.list(sheets).as_bytes());
        self.check(&tables)
    }

    /// Holds tables to the rubrics; nothing is wrong with them.
    pub fn check(&self, tables: &[Table]) -> Vec<ClassRecords> {
        let checked = records::check(&self.catalog, tables, &Options::default());
        let wrong = checked.diagnostics.first();
        assert!(wrong.is_none(), "{wrong:?}");
        checked.classes
    }

    /// Writes the rubrics into a folder, for `--rubrics`.
    pub fn write_rubrics(&self, folder: &Path) {
        fs::create_dir_all(folder).expect("a folder that can be written");
        for source in &self.sources {
            fs::write(folder.join(&source.name), source.text.as_bytes()).expect("a file in it");
        }
    }
}

/// What a report says that it rests on, one file a sheet.
pub fn basis(units: usize) -> Basis {
    let print = |number: usize| Fingerprint {
        name: format!("{number:05}.xlsx"),
        about: String::new(),
        sha256: "0123456789abcdef".repeat(4),
    };
    Basis {
        files: (0..units * SHEETS).map(print).collect(),
        ..Basis::default()
    }
}

/// Reads a file and finds its tables, as every command does.
pub fn tables(bytes: &[u8]) -> Vec<Table> {
    let name = Arc::from("file");
    let workbook = workbook::from_bytes(&name, bytes).expect("a file that can be read");
    let found = layout::find(workbook, 0, &Limits::default()).expect("within the limits");
    found.tables
}

fn read(sources: &[RubricSource]) -> Catalog {
    rubric_file::read(sources).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// The roster with made-up districts put before the real ones.
fn longer(roster: &str, numbers: impl Iterator<Item = usize>) -> String {
    const CLASS: &str = "rubric = \"government\"\nunits = [\n";
    let units = numbers.map(|number| format!("  {{ name = \"第{number:05}县\" }},\n"));
    assert!(
        roster.contains(CLASS),
        "the roster has a class of districts"
    );
    roster.replacen(CLASS, &format!("{CLASS}{}", units.collect::<String>()), 1)
}

/// A value as a list has it; the rate is that of the tasks.
fn written(filled: &Filled, filling: &Filling) -> String {
    match filled.value {
        Some(Observed::Count(number) | Observed::Points(number)) => plain(number),
        Some(Observed::Answer(yes)) => if yes { "是" } else { "否" }.to_owned(),
        Some(Observed::NotApplicable) => text::NOT_APPLICABLE.to_owned(),
        Some(Observed::Completion(rate)) => plain(rate.value() * Decimal::ONE_HUNDRED) + "%",
        None => {
            let rate = filling.rate(filling.tasks.len());
            let rate = rate.expect("a filled task table");
            format!("{}/{}", plain(rate.part), plain(rate.whole))
        }
    }
}
