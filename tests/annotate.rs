//! The marked return: the same values at the same cells, notes where the problems are.

mod common;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kaohe::diagnostic::Code;
use kaohe::input::files::FileEntry;
use kaohe::input::workbook;
use kaohe::model::grid::{Content, Sheet, Workbook};

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

/// The cells that carry notes, over all sheets.
fn notes(path: &Path) -> BTreeSet<String> {
    let mut package = zip::ZipArchive::new(File::open(path).expect("a copy")).expect("a package");
    let mut cells = BTreeSet::new();
    for index in 0..package.len() {
        let mut part = package.by_index(index).expect("a part");
        if part.name().expect("a name").starts_with("xl/comments") {
            let mut text = String::new();
            part.read_to_string(&mut text).expect("XML");
            let refs = text.split("<comment ref=\"").skip(1);
            cells.extend(refs.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
        }
    }
    cells
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
            assert_eq!(notes(&copy), cells, "{code}: {name}");
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
