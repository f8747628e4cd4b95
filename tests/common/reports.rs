//! What the tests of the report share: a year of sheets made at random, and the report of it.
#![allow(
    dead_code,
    reason = "each test binary uses its own part of what all of them share"
)]

use std::path::{Path, PathBuf};

use crate::common::{Value, catalog, kaohe, long, write_csv};
use kaohe::decimal::Decimal;
use kaohe::model::rubric::{Kind, Rule};

/// A plain generator of numbers.
pub struct Numbers(pub u64);

impl Numbers {
    /// A number from 0 up to but without `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// A value for a rule, with a reason that looks like a formula where one is asked for.
fn value(rule: &Rule, numbers: &mut Numbers) -> Value {
    let id = rule.id.to_string();
    let hit = numbers.below(3) == 0;
    let (value, reason) = match &rule.kind {
        Kind::PerOccurrence { .. } => (if hit { numbers.below(12) } else { 0 }.to_string(), ""),
        Kind::Shortfall { required, .. } => {
            let required: u64 = required.to_string().parse().expect("a whole number");
            (numbers.below(required + 2).to_string(), "")
        }
        Kind::Fixed { .. } => (if hit { "否" } else { "是" }.to_owned(), ""),
        Kind::Proportional { .. } => {
            let whole = 20 + numbers.below(17);
            let part = whole - numbers.below(whole / 4);
            let rate = format!("{}.{}%", 80 + numbers.below(20), numbers.below(10));
            (if hit { rate } else { format!("{part}/{whole}") }, "")
        }
        Kind::Discretionary if hit => {
            // Thousandths, so that some are ties of rounding.
            let most = rule.cap * Decimal::from(200);
            let most: u64 = most.trunc().to_string().parse().expect("a whole number");
            let points = Decimal::new(
                i64::try_from(numbers.below(most) + 1).expect("small") * 5,
                3,
            );
            (points.normalize().to_string(), "=SUM(A1:A9)这样写的说明")
        }
        Kind::Discretionary => ("0".to_owned(), ""),
    };
    (id, value, reason.to_owned())
}

/// Writes a year of all units into `folder`: two routine rounds and one at the year's end, a
/// long table a class; gives the files.
pub fn year(folder: &Path, seed: u64) -> Vec<PathBuf> {
    let catalog = catalog();
    let mut numbers = Numbers(seed);
    let mut files = Vec::new();
    for (place, rubric) in catalog.rubrics.iter().enumerate() {
        let mut rows = Vec::new();
        for unit in catalog.class(place) {
            let name: &str = &catalog.roster.units()[unit].name;
            for (period, round) in [("平时考核", 1), ("平时考核", 2), ("年终考核", 1)] {
                let values = rubric
                    .rules()
                    .map(|rule| value(rule, &mut numbers))
                    .collect();
                rows.push((name, period, round, values));
            }
        }
        let path = folder.join(format!("{}.csv", rubric.id));
        write_csv(&path, &long(&rows));
        files.push(path);
    }
    files
}

/// Makes the report of `inputs` at `output`.
pub fn report<P: AsRef<Path>>(inputs: &[P], output: &Path, more: &[&str]) {
    let mut args = vec!["report".into(), "--force".into(), "-q".into()];
    args.extend(
        inputs
            .iter()
            .map(|path| path.as_ref().as_os_str().to_owned()),
    );
    args.extend(["-o".into(), output.as_os_str().to_owned()]);
    args.extend(more.iter().map(Into::into));
    let made = kaohe(args);
    assert_eq!(made.status.code(), Some(0), "{made:?}");
}

/// A made-up year with its report, in a folder that goes with the first of them.
pub fn year_and_report(seed: u64) -> (tempfile::TempDir, Vec<PathBuf>, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let inputs = year(folder.path(), seed);
    let output = folder.path().join("排名.out");
    report(&inputs, &output, &[]);
    (folder, inputs, output)
}
