//! Work for `scripts/bench`: a made-up year as files, and the floors as processes.
//!
//! ```text
//! workload forms UNITS DIR     DIR/rubrics and DIR/forms: a workbook for each unit and sheet
//! workload form DIR            DIR/one: the form of one unit
//! workload list UNITS DIR      DIR/rubrics and DIR/list.csv: the same year as one 明细表
//! workload rows UNITS DIR      DIR/rubrics and DIR/rows.csv: without the second round
//! workload read THREADS PATH   opens every workbook below PATH, streams every cell; or a list
//! workload write FILE TIMES    writes as many cells as FILE has; prints seconds, of CPU too
//! ```

#[path = "mod.rs"]
#[expect(
    dead_code,
    reason = "shared with the benchmarks, which use other parts of it"
)]
mod common;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use common::{SHEETS, Year, floor};

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["forms", units, folder] => forms(number(units), Path::new(folder)),
        ["form", folder] => form(Path::new(folder)),
        ["list", units, folder] => list(number(units), Path::new(folder), "list.csv", &[0, 1, 2]),
        ["rows", units, folder] => list(number(units), Path::new(folder), "rows.csv", &[0, 2]),
        ["read", _, path] if path.ends_with(".csv") => {
            let text = fs::read(path).expect("a list");
            println!("{} fields", floor::read_text(&text));
        }
        ["read", threads, path] => {
            let mut files = Vec::new();
            floor::workbooks(Path::new(path), &mut files);
            files.sort();
            let cells = floor::read_files(&files, number(threads));
            println!("{} files, {cells} cells", files.len());
        }
        ["write", file, times] => write(Path::new(file), number(times)),
        _ => panic!("the first lines of this program say what it takes"),
    }
}

fn number(word: &str) -> usize {
    word.parse().expect("a number")
}

/// Writes the rubrics and the forms, on two threads.
fn forms(units: usize, folder: &Path) {
    let year = Year::of(units);
    year.write_rubrics(&folder.join("rubrics"));
    let forms = folder.join("forms");
    let write = |unit: usize| {
        // A folder for a hundred units, as offices would keep them.
        let below = forms.join(format!("{:03}", unit / 100));
        fs::create_dir_all(&below).expect("a folder that can be written");
        for sheet in 0..SHEETS {
            let (name, bytes) = year.form(unit, sheet);
            fs::write(below.join(name), bytes).expect("a file in it");
        }
    };
    thread::scope(|scope| {
        for first in 0..2 {
            let units = (first..year.units()).step_by(2);
            scope.spawn(move || units.for_each(write));
        }
    });
}

/// Writes the form of one unit.
fn form(folder: &Path) {
    let folder = folder.join("one");
    fs::create_dir_all(&folder).expect("a folder that can be written");
    let (name, bytes) = Year::of(48).form(0, 0);
    fs::write(folder.join(name), bytes).expect("a file in it");
}

/// Writes the rubrics and a list of these sheets.
fn list(units: usize, folder: &Path, name: &str, sheets: &[usize]) {
    let year = Year::of(units);
    year.write_rubrics(&folder.join("rubrics"));
    let list: PathBuf = folder.join(name);
    fs::write(list, year.list(sheets)).expect("a folder that can be written");
}

/// Measures the writing alone, not where the cells come from.
fn write(file: &Path, times: usize) {
    let cells = floor::Cells::of(&fs::read(file).expect("a file that can be read"));
    let (all, formulas) = cells.count();
    eprintln!("{all} cells, {formulas} formulas");
    for _ in 0..times {
        let (start, before) = (Instant::now(), cpu());
        let bytes = cells.write();
        let (wall, cpu) = (start.elapsed().as_secs_f64(), cpu() - before);
        println!("{wall:.3} {cpu:.2} {}", bytes.len());
    }
}

/// Seconds of CPU that this process has used, as Linux tells it; 0 elsewhere.
fn cpu() -> f64 {
    const TICKS: f64 = 100.0;
    let told = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind_name = told.rsplit(')').next().unwrap_or_default();
    let fields = behind_name.split_whitespace().skip(11).take(2);
    fields
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum::<f64>()
        / TICKS
}
