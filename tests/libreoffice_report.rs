//! The report without the program: LibreOffice calculates every formula anew, all stored results
//! cut out, and comes to the same figures.

mod common;
#[path = "common/reports.rs"]
mod reports;

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use calamine::{Data, Range, Reader, Xlsx, open_workbook};
use common::{kaohe, soffice, village};
use reports::{report, year};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// The text of a sheet's part without the stored result of any formula; says how many there were.
fn without_results(xml: &str) -> (String, usize) {
    const FORMULA: &str = "</f><v>";
    let (mut cut, mut count, mut rest) = (String::new(), 0, xml);
    while let Some(start) = rest.find(FORMULA) {
        let end = rest[start..].find("</v>").expect("a value ends");
        cut += &rest[..start + "</f>".len()];
        rest = &rest[start + end + "</v>".len()..];
        count += 1;
    }
    (cut + rest, count)
}

/// A copy of a workbook without the results of its formulas, some of its sheets' text replaced.
fn bare_copy(from: &Path, to: &Path, replace: &[(&str, &str)]) -> usize {
    let mut given = ZipArchive::new(File::open(from).expect("the report")).expect("a workbook");
    let mut made = ZipWriter::new(File::create(to).expect("a file of the test"));
    let mut formulas = 0;
    for index in 0..given.len() {
        let mut part = given.by_index(index).expect("a part");
        let name = part.name().expect("a name").into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).expect("a part");
        if name.starts_with("xl/worksheets/sheet") {
            let xml = String::from_utf8(bytes).expect("UTF-8");
            let (mut xml, count) = without_results(&xml);
            for (old, new) in replace {
                xml = xml.replace(old, new);
            }
            formulas += count;
            bytes = xml.into_bytes();
        }
        made.start_file(name, SimpleFileOptions::default())
            .expect("a part");
        made.write_all(&bytes).expect("a part");
    }
    made.finish().expect("a workbook");
    formulas
}

/// Has LibreOffice open, calculate and save a workbook.
fn recalculated(folder: &Path, workbook: &Path) -> PathBuf {
    let saved = soffice::convert(folder, &[workbook.to_owned()], "xlsx", &folder.join("made"));
    saved.into_iter().next().expect("one file was given")
}

/// Every sheet of a workbook by name.
fn sheets(path: &Path) -> Vec<(String, Range<Data>)> {
    let mut book: Xlsx<_> = open_workbook(path).expect("a workbook");
    let names = book.sheet_names();
    let range = |name: String| {
        let range = book.worksheet_range(&name).expect("a sheet");
        (name, range)
    };
    names.into_iter().map(range).collect()
}

/// The same value, whether a program writes TRUE as a truth or as a number, and a number with
/// fifteen digits or with all that it holds.
fn same(stored: &Data, calculated: Option<&Data>) -> bool {
    match (stored, calculated) {
        (Data::Empty, _) => true,
        (Data::String(text), None | Some(Data::Empty)) => text.is_empty(),
        (Data::Bool(truth), Some(Data::Float(number))) => f64::from(u8::from(*truth)) == *number,
        (Data::Float(stored), Some(Data::Float(calculated))) => {
            format!("{stored:.14e}") == format!("{calculated:.14e}")
        }
        (stored, Some(calculated)) => stored == calculated,
        (_, None) => false,
    }
}

/// Cuts the results of all formulas (`least` of them or more) out of the report, has it
/// calculated and compares every cell.
fn prove(folder: &Path, workbook: &Path, of: &str, least: usize) {
    let bare = folder.join("bare.xlsx");
    let formulas = bare_copy(workbook, &bare, &[]);
    let stored = sheets(workbook);
    let calculated = sheets(&recalculated(folder, &bare));
    let (mut cells, mut wrong) = (0, Vec::new());
    for ((name, stored), (other, calculated)) in stored.iter().zip(&calculated) {
        assert_eq!(name, other);
        let start = stored.start().unwrap_or_default();
        for (row, column, value) in stored.used_cells() {
            let at = (start.0 + row as u32, start.1 + column as u32);
            cells += 1;
            let found = calculated.get_value(at);
            if !same(value, found) {
                wrong.push(format!(
                    "{name} {at:?}: {value:?} stored, {found:?} calculated"
                ));
            }
        }
    }
    println!(
        "{of}: {formulas} formulas, {cells} cells, {} differences",
        wrong.len()
    );
    assert!(
        wrong.is_empty(),
        "{}",
        wrong[..wrong.len().min(20)].join("\n")
    );
    assert!(formulas >= least, "{formulas} formulas");
}

#[test]
fn the_example_year_proves_itself() {
    if !soffice::is_there() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder for the test");
    let output = folder.path().join("排名.xlsx");
    report(&[common::project("examples/2019")], &output, &[]);
    prove(folder.path(), &output, "examples/2019", 20_000);
}

#[test]
fn the_example_of_another_document_proves_itself() {
    if !soffice::is_there() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder for the test");
    let output = folder.path().join("排名.xlsx");
    let rubrics = common::project("examples/river/rubrics");
    let rubrics = rubrics.to_str().expect("a plain path");
    let sheets = [common::project("examples/river")];
    report(&sheets, &output, &["--rubrics", rubrics]);
    prove(folder.path(), &output, "examples/river", 5_000);
    // The sheets that it was made from compute too: forms and a wide table, some rules not
    // applicable, the rate from the tasks.
    let year_end = common::project("examples/river/年终考核");
    for entry in fs::read_dir(year_end).expect("a folder of the project") {
        let sheet = entry.expect("an entry of the folder").path();
        let name = sheet.file_name().expect("a name").to_string_lossy();
        prove(folder.path(), &sheet, &name, 20);
    }
}

#[test]
fn years_made_at_random_prove_themselves() {
    if !soffice::is_there() {
        return;
    }
    for seed in [11, 12] {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let inputs = year(folder.path(), seed);
        let output = folder.path().join("排名.xlsx");
        report(&inputs, &output, &[]);
        prove(folder.path(), &output, &format!("seed {seed}"), 20_000);
    }
}

/// A year of sheets for the village rubric, full of ties.
fn village_year(folder: &Path, seed: u64) -> PathBuf {
    let mut numbers = reports::Numbers(seed);
    let mut text = String::from("被考核单位,考核时段,轮次,1①,1②,1②说明,2,3\n");
    for unit in ["东乡", "西乡", "南乡", "北乡", "中乡"] {
        for (period, round) in [
            ("月度考核", 1),
            ("月度考核", 2),
            ("月度考核", 3),
            ("年度考核", 1),
        ] {
            let mut value = |values: [&str; 3]| {
                if numbers.below(6) == 0 {
                    return "不涉及".to_owned();
                }
                values[numbers.below(3) as usize].to_owned()
            };
            let values = [
                value(["0", "2", "25"]),
                value(["0", "0.5", "10"]),
                value(["100%", "2/3", "97.35%"]),
                value(["4", "3", "0"]),
            ];
            let [one, two, rate, three] = values;
            text += &format!("{unit},{period},{round},{one},{two},缺材料,{rate},{three}\n");
        }
    }
    let sheet = folder.join("汇总表.csv");
    fs::write(&sheet, text).expect("a new file");
    sheet
}

#[test]
fn years_under_other_choices_prove_themselves() {
    if !soffice::is_there() {
        return;
    }
    for (seed, edits) in (20..).zip(village::choices()) {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let rubrics = village::write(folder.path(), &edits);
        let sheet = village_year(folder.path(), seed);
        let output = folder.path().join("排名.xlsx");
        let rubrics = rubrics.to_str().expect("a plain path");
        report(&[sheet], &output, &["--rubrics", rubrics]);
        prove(folder.path(), &output, &format!("{edits:?}"), 500);
    }
}

#[test]
fn a_report_that_was_saved_again_stands() {
    if !soffice::is_there() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder for the test");
    let edits = village::choices();
    let village = village::write(folder.path(), &edits[0]);
    for (sheets, rubrics) in [
        (common::project("examples/2019"), common::project("rubrics")),
        (
            common::project("examples/river"),
            common::project("examples/river/rubrics"),
        ),
        (village_year(folder.path(), 30), village),
    ] {
        let output = folder.path().join("排名.xlsx");
        let rubrics = rubrics.to_str().expect("a plain path");
        report(&[&sheets], &output, &["--rubrics", rubrics]);
        let saved = recalculated(folder.path(), &output);
        let verified = kaohe([
            Path::new("verify"),
            &saved,
            &sheets,
            Path::new("--rubrics"),
            Path::new(rubrics),
        ]);
        let text = String::from_utf8_lossy(&verified.stdout);
        assert_eq!(verified.status.code(), Some(0), "{text}");
        assert!(text.contains("文件本身不是原件"), "{text}");
    }
}

/// A value that is changed in 填报底稿 goes all the way: what LibreOffice then shows is what the
/// program makes of the changed sheet.
#[test]
fn a_changed_value_changes_the_rank() {
    if !soffice::is_there() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut inputs = year(folder.path(), 13);
    inputs.retain(|path| path.ends_with("government.csv"));
    // All other units lose nothing by 4 at the year's end; whoever is first now loses ten points.
    let table = fs::read_to_string(&inputs[0]).expect("the table");
    let mark = |points: &str| {
        let line = |line: &str| {
            let fields: Vec<&str> = line.split(',').collect();
            let ours = fields[1] == "年终考核" && fields[3] == "4" && fields[0] == "澧县";
            if ours {
                format!("{},{points},现场检查", fields[..4].join(","))
            } else {
                line.to_owned()
            }
        };
        table.lines().map(line).collect::<Vec<_>>().join("\n")
    };
    let output = folder.path().join("排名.xlsx");
    // 0.123 stands nowhere else and can be found in the workbook.
    fs::write(&inputs[0], mark("0.123")).expect("a file of the test");
    report(&inputs, &output, &["--allow-incomplete"]);
    let bare = folder.path().join("bare.xlsx");
    bare_copy(&output, &bare, &[("<v>0.123</v>", "<v>9.5</v>")]);
    let calculated = sheets(&recalculated(folder.path(), &bare));
    fs::write(&inputs[0], mark("9.5")).expect("a file of the test");
    report(&inputs, &output, &["--allow-incomplete"]);
    let rows = |sheets: &[(String, Range<Data>)]| {
        let ranking = sheets[0].1.rows().skip(4);
        let mut rows: Vec<Vec<String>> = ranking
            .take(9)
            .map(|row| row.iter().map(ToString::to_string).collect())
            .collect();
        rows.sort_by(|a, b| a[1].cmp(&b[1]));
        rows
    };
    assert_eq!(rows(&calculated), rows(&sheets(&output)));
    assert_ne!(
        calculated[0].1,
        sheets(&output)[0].1,
        "the order of the rows is the old one"
    );
}
