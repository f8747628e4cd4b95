//! How fast the parts are, each beside its floor: what the libraries take for the same bytes
//! while they do nothing for us. `cargo bench` runs all, `cargo bench -- read` those of a name.
//! Whole commands are measured by `scripts/bench`.

#[expect(
    dead_code,
    reason = "shared with `workload`, which uses other parts of it"
)]
mod common;

use std::hint::black_box;
use std::sync::LazyLock;

use common::{Year, floor};
use divan::Bencher;
use kaohe::engine;
use kaohe::model::scorecard::ClassResult;
use kaohe::output::report;

fn main() {
    divan::main();
}

/// The forms of so many units, one sheet each.
const FORMS: usize = 2_000;

static FORM_BYTES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let year = Year::of(FORMS);
    (0..FORMS).map(|unit| year.form(unit, 0).1).collect()
});

/// Reading forms, on one thread.
#[divan::bench_group(sample_count = 10, sample_size = 1)]
mod read_2000_forms {
    use super::{Bencher, FORM_BYTES, black_box, common, floor};

    #[divan::bench]
    fn kaohe(bencher: Bencher) {
        let forms = &*FORM_BYTES;
        bencher.bench(|| {
            for form in forms {
                black_box(common::tables(form));
            }
        });
    }

    #[divan::bench]
    fn floor_calamine(bencher: Bencher) {
        let forms = &*FORM_BYTES;
        bencher.bench(|| forms.iter().map(|form| floor::read(form)).sum::<usize>());
    }
}

/// A year of 41,670 units, a routine round and one at the year's end, is a 明细表 of a million
/// rows.
const LONG: usize = 41_670;

static LIST: LazyLock<(Year, String)> = LazyLock::new(|| {
    let year = Year::of(LONG);
    let list = year.list(&[0, 2]);
    assert!(list.lines().count() > 1_000_000);
    (year, list)
});

/// A 明细表 of a million rows: reading it, holding it to the rubric.
#[divan::bench_group(sample_count = 5, sample_size = 1)]
mod list_of_1000000_rows {
    use super::{Bencher, LIST, common, floor};

    #[divan::bench]
    fn read(bencher: Bencher) {
        let (_, list) = &*LIST;
        bencher.bench(|| common::tables(list.as_bytes()));
    }

    #[divan::bench]
    fn read_floor_csv(bencher: Bencher) {
        let (_, list) = &*LIST;
        bencher.bench(|| floor::read_text(list.as_bytes()));
    }

    #[divan::bench]
    fn check(bencher: Bencher) {
        let (year, list) = &*LIST;
        let tables = common::tables(list.as_bytes());
        bencher.bench(|| year.check(&tables));
    }
}

/// The engine alone.
#[divan::bench_group(sample_count = 10, sample_size = 1)]
mod engine_alone {
    use super::{Bencher, LazyLock, Year, black_box, engine};
    use kaohe::model::record::Record;

    const RECORDS: usize = 100_000;

    #[divan::bench]
    fn score_100000_records(bencher: Bencher) {
        static YEAR: LazyLock<(Year, Vec<Record>)> = LazyLock::new(|| {
            let year = Year::of(2_000);
            let classes = year.records(&[0, 1, 2]).into_iter();
            let government = classes.flat_map(|class| class.records);
            let records = government.collect();
            (year, records)
        });
        let (year, records) = &*YEAR;
        let all = || records.iter().cycle().take(RECORDS).cloned().collect();
        bencher
            .with_inputs(all)
            .bench_values(|records: Vec<Record>| {
                for record in records {
                    let rubric = &year.catalog.rubrics[year.catalog.rubric_of(record.unit)];
                    black_box(engine::score(rubric, record));
                }
            });
    }
}

/// The report, from results to bytes.
mod report_of_units {
    use super::{Bencher, ClassResult, Year, common, floor, report};

    fn year(units: usize) -> (Year, Vec<ClassResult>) {
        let year = Year::of(units);
        let results = year.results();
        (year, results)
    }

    fn bytes(units: usize) -> Vec<u8> {
        let (year, results) = year(units);
        report::workbook(&year.catalog, &results, &common::basis(units)).expect("a report")
    }

    fn measure(bencher: Bencher, units: usize) {
        let (year, results) = year(units);
        let basis = common::basis(units);
        bencher.bench(|| report::workbook(&year.catalog, &results, &basis));
    }

    fn measure_floor(bencher: Bencher, units: usize) {
        let cells = floor::Cells::of(&bytes(units));
        bencher.bench(|| cells.write());
    }

    #[divan::bench(args = [48, 2_000], sample_count = 10, sample_size = 1)]
    fn kaohe(bencher: Bencher, units: usize) {
        measure(bencher, units);
    }

    #[divan::bench(args = [48, 2_000], sample_count = 10, sample_size = 1)]
    fn floor_rust_xlsxwriter(bencher: Bencher, units: usize) {
        measure_floor(bencher, units);
    }

    #[divan::bench(args = [20_000], sample_count = 1, sample_size = 1)]
    fn kaohe_country(bencher: Bencher, units: usize) {
        measure(bencher, units);
    }

    #[divan::bench(args = [20_000], sample_count = 1, sample_size = 1)]
    fn floor_rust_xlsxwriter_country(bencher: Bencher, units: usize) {
        measure_floor(bencher, units);
    }
}
