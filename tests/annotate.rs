//! The marked return: the same values at the same cells, notes where the problems are.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kaohe::diagnostic::Code;
use kaohe::input::files::FileEntry;
use kaohe::input::workbook;
use kaohe::model::grid::{Cell, Content, Sheet, Workbook};

fn read(path: &Path) -> Option<Workbook> {
    let entry = FileEntry {
        name: Arc::from("表"),
        path: path.to_owned(),
    };
    workbook::read(&entry).ok()
}

/// Address and content of every cell with a value.
fn values(sheet: &Sheet) -> Vec<(u32, u32, &Content)> {
    let cells = sheet.rows.iter().flat_map(|row| {
        row.cells
            .iter()
            .map(move |(column, cell)| (row.index, *column, &cell.content))
    });
    cells
        .filter(|(.., content)| **content != Content::Uncalculated)
        .collect()
}

/// The parts of a package whose names begin with `prefix`, as one text.
fn parts(path: &Path, prefix: &str) -> String {
    let mut package = zip::ZipArchive::new(File::open(path).expect("a copy")).expect("a package");
    let mut text = String::new();
    for index in 0..package.len() {
        let mut part = package.by_index(index).expect("a part");
        if part.name().expect("a name").starts_with(prefix) {
            part.read_to_string(&mut text).expect("XML");
        }
    }
    text
}

/// The cells that carry notes, over all sheets, and what the notes say.
fn notes(path: &Path) -> BTreeMap<String, String> {
    let text = parts(path, "xl/comments");
    let notes = text.split("<comment ref=\"").skip(1);
    notes
        .map(|note| {
            let (cell, rest) = note.split_once('"').expect("an address");
            let pieces = rest.split('<').filter_map(|piece| piece.split_once('>'));
            (cell.to_owned(), pieces.map(|(_, text)| text).collect())
        })
        .collect()
}

/// The marked copy of the one file in `folder`, which has problems.
fn marked(folder: &Path, file: &str) -> PathBuf {
    let marked = folder.join("标红");
    let output = common::kaohe([
        Path::new("validate"),
        &folder.join(file),
        Path::new("--annotate"),
        &marked,
    ]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    marked.join(format!("{file}.xlsx"))
}

fn spreadsheets(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> = entries
        .filter(|path| {
            path.extension()
                .is_some_and(|of| of == "csv" || of == "xlsx")
        })
        .collect();
    files.sort();
    files
}

#[test]
fn a_copy_has_the_same_values_and_its_notes_at_the_problems() {
    let mut copies = 0;
    for code in Code::ALL {
        let folder = common::project("tests/data/problems").join(code.name());
        let marked = tempfile::tempdir().expect("a folder for the test");
        let output = common::kaohe([
            Path::new("validate"),
            &folder,
            Path::new("--format"),
            Path::new("json"),
            Path::new("--annotate"),
            marked.path(),
        ]);
        let document = common::json(&output);
        let problems = document["problems"].as_array().expect("a list");
        for file in spreadsheets(&folder) {
            let name = file
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            let of_file = || {
                problems
                    .iter()
                    .filter(|problem| problem["file"] == name.as_str())
            };
            let ending = if name.ends_with(".xlsx") { "" } else { ".xlsx" };
            let copy = marked.path().join(format!("{name}{ending}"));
            let Some(original) = read(&file).filter(|_| of_file().count() > 0) else {
                assert!(!copy.exists(), "{code}: nothing to mark in {name}");
                continue;
            };
            let marked = read(&copy).expect("the copy can be read");
            assert_eq!(marked.sheets[0].name.as_deref(), Some("问题清单"), "{code}");
            assert_eq!(marked.sheets.len(), original.sheets.len() + 1);
            for (before, after) in original.sheets.iter().zip(&marked.sheets[1..]) {
                assert_eq!(values(before), values(after), "{code}: {name}");
            }
            let cells: BTreeSet<String> = of_file()
                .filter_map(|problem| Some(problem["cell"].as_str()?.to_owned()))
                .collect();
            let noted: BTreeSet<String> = notes(&copy).into_keys().collect();
            assert_eq!(noted, cells, "{code}: {name}");
            copies += 1;
        }
    }
    assert!(copies > 25, "most codes have a cell to mark: {copies}");
}

#[test]
fn a_marked_return_that_was_mended_can_be_handed_in() {
    // The copy still has the fault, and nothing but the fault.
    let folder = common::project("tests/data/problems/negative-value");
    let marked = tempfile::tempdir().expect("a folder for the test");
    let annotate = |force: &[&str]| {
        let mut args = vec!["validate", folder.to_str().expect("UTF-8"), "--annotate"];
        args.push(marked.path().to_str().expect("UTF-8"));
        args.extend(force);
        common::kaohe(args).status.code()
    };
    assert_eq!(annotate(&[]), Some(1));
    let found = common::problems(marked.path());
    assert_eq!(found, [("negative-value".to_owned(), "B12".to_owned())]);
    assert_eq!(
        annotate(&[]),
        Some(2),
        "a copy that is there is not overwritten"
    );
    assert_eq!(annotate(&["--force"]), Some(1));
}

#[test]
fn a_note_tells_the_first_findings_and_the_list_all() {
    // An office fills in one rule for every unit: what each of them lacks stands at the header.
    let folder = tempfile::tempdir().expect("a folder for the test");
    let catalog = common::catalog();
    let units = catalog.roster.units();
    let rows: Vec<_> = units
        .iter()
        .map(|unit| {
            let values = common::clean(&catalog.rubrics[unit.rubric]);
            (&*unit.name, "平时考核", 1, values[..1].to_vec())
        })
        .collect();
    common::write_csv(&folder.path().join("表.csv"), &common::long(&rows));
    let copy = marked(folder.path(), "表.csv");

    let listed = &read(&copy).expect("the copy can be read").sheets[0];
    let header = "D1";
    let at = |cell: &Cell| cell.content == Content::Text(header.into());
    let listed = listed.rows.iter().filter(|row| row.cell(3).is_some_and(at));
    let listed = listed.count();
    assert!(
        listed >= units.len(),
        "a finding or more for each: {listed}"
    );
    let note = &notes(&copy)[header];
    let more = format!("还有 {} 处，见“问题清单”", listed - 10);
    assert!(note.ends_with(&more), "{note}");
    assert_eq!(note.matches("→ ").count(), 10, "{note}");
}
