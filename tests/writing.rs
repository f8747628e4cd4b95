//! What goes out, whatever comes in: text stays text, a name stays a name, and a file that
//! cannot be written leaves everything as it was.

mod common;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Output;

use common::{catalog, clean, form, kaohe, project, rows, with};
use kaohe::input::{files, workbook};
use kaohe::model::grid::{Content, Workbook};
use tempfile::TempDir;

/// Names that are also paths, devices, formulas or markup.
const HOSTILE: [&str; 15] = [
    "../../x",
    "/abs",
    "C:\\x",
    "\\\\host\\x",
    "CON",
    "nul.txt",
    "a:b",
    "a/b",
    "A:B",
    "点.",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "<r><t>x</t></r>",
    "Caf\u{e9}",
    "cafe\u{301}",
];

/// A name that gives orders to a terminal.
const RED: &str = "\u{1b}[2J红\u{202e}";

/// A folder that vanishes.
fn temporary() -> TempDir {
    tempfile::tempdir().expect("a folder for the test")
}

/// A rubric whose units have the hostile names and one long one, and their sheets: those of
/// every unit and period, in one long table.
fn hostile(folder: &Path) -> (PathBuf, PathBuf) {
    let (rubrics, sheets) = (folder.join("细则"), folder.join("收到"));
    fs::create_dir(&rubrics).expect("a folder of the test");
    fs::create_dir(&sheets).expect("a folder of the test");
    let good = |name: &str| {
        let text = fs::read_to_string(project("tests/data/rubric/good").join(name));
        text.expect("a rubric of the tests")
    };
    // The roster has other units, and no tasks.
    let river = good("river.toml").replace("tasks = \"tasks.toml\"\n", "");
    let river = river.replace("rate = \"tasks\"", "rate = \"typed\"");
    fs::write(rubrics.join("river.toml"), river).expect("a file of the test");
    let names = names();
    let units: Vec<String> = names
        .iter()
        // JSON and TOML write such names alike.
        .map(|name| format!("{{ name = {} }}", serde_json::Value::from(name.as_str())))
        .collect();
    let (head, _) = good("roster.toml").split_once("units = ").map_or_else(
        || panic!("the roster lists units"),
        |(head, rest)| (head.to_owned(), rest.to_owned()),
    );
    let roster = format!("{head}units = [{}]\n", units.join(", "));
    fs::write(rubrics.join("roster.toml"), roster).expect("a file of the test");
    let mut long = rows(&[["被考核单位", "考核时段", "编号", "填报值"]]);
    for name in &names {
        for (period, visits) in [("季度考核", "1"), ("年度考核", "4")] {
            for (id, value) in [("1①", visits), ("1②", "0"), ("2", "100%")] {
                long.extend(rows(&[[name, period, id, value]]));
            }
        }
    }
    common::write_csv(&sheets.join("全部.csv"), &long);
    (rubrics, sheets)
}

fn names() -> Vec<String> {
    let hostile = HOSTILE.iter().map(|name| (*name).to_owned());
    hostile.chain(["长".repeat(300)]).collect()
}

fn run(rubrics: &Path, args: &[&Path]) -> Output {
    let own = [Path::new("--rubrics"), rubrics];
    kaohe(args.iter().copied().chain(own))
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Everything below a folder, folders too.
fn below(folder: &Path) -> BTreeSet<PathBuf> {
    let mut all = BTreeSet::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            all.extend(below(&path));
        }
        all.insert(path);
    }
    all
}

/// A part of a package, by the end of its name; all of them, one after the other.
fn parts(path: &Path, end: &str) -> String {
    let mut package = zip::ZipArchive::new(File::open(path).expect("a file")).expect("a package");
    let mut text = String::new();
    for index in 0..package.len() {
        let mut part = package.by_index(index).expect("a part");
        if part.name().expect("a name").ends_with(end) {
            part.read_to_string(&mut text).expect("XML");
        }
    }
    text
}

fn read(path: &Path) -> Workbook {
    let found = files::collect(&[path.to_owned()]);
    let read = workbook::read(&found.files[0]);
    read.unwrap_or_else(|fault| panic!("{}: {}", path.display(), fault.message()))
}

/// The texts of a workbook.
fn texts(book: &Workbook) -> BTreeSet<String> {
    let rows = book.sheets.iter().flat_map(|sheet| &sheet.rows);
    let cells = rows.flat_map(|row| &row.cells);
    let text = |cell: &Content| match cell {
        Content::Text(text) => Some(text.to_string()),
        _ => None,
    };
    cells.filter_map(|(_, cell)| text(&cell.content)).collect()
}

/// Nothing that could move a cursor, but for the ends of lines.
fn is_calm(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.chars()
        .all(|c| c == '\n' || !(c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)))
}

/// A workbook in which no text of ours became a formula or a link to elsewhere.
fn is_inert(path: &Path) {
    let formulas = parts(path, ".xml");
    for formula in formulas.split("<f>").skip(1) {
        let formula = formula.split("</f>").next().unwrap_or_default();
        for text in ["cmd", "SUM(1+1)", "HYPERLINK", "http"] {
            assert!(!formula.contains(text), "{}: {formula}", path.display());
        }
    }
    assert!(
        !parts(path, ".rels").contains("External"),
        "{}",
        path.display()
    );
}

#[test]
fn unit_names_never_become_paths() {
    let folder = temporary();
    let (rubrics, sheets) = hostile(folder.path());
    let blanks = folder.path().join("空白");
    let feedback = folder.path().join("反馈");
    let report = folder.path().join("排名.xlsx");
    let before = below(folder.path());
    let made = run(&rubrics, &[Path::new("template"), Path::new("-o"), &blanks]);
    assert_eq!(made.status.code(), Some(0), "{}", said(&made));
    let args = [
        Path::new("report"),
        &sheets,
        Path::new("-o"),
        &report,
        Path::new("--unit-sheets"),
        &feedback,
    ];
    let made = run(&rubrics, &args);
    assert_eq!(made.status.code(), Some(0), "{}", said(&made));
    let after = below(folder.path());
    let new: Vec<&PathBuf> = after.difference(&before).collect();
    // A form for each of two periods and a feedback sheet for each unit; two folders, a report.
    assert_eq!(new.len(), names().len() * 3 + 3, "{new:#?}");
    let mut spelled = BTreeSet::new();
    for path in new {
        let inside = path
            .parent()
            .is_some_and(|of| [blanks.as_path(), &feedback, folder.path()].contains(&of));
        assert!(inside, "{}", path.display());
        let name = path.file_name().expect("a name").to_string_lossy();
        assert!(name.chars().count() <= 80, "{name}");
        assert!(name.len() <= 240, "{name}");
        assert!(is_calm(name.as_bytes()), "{name:?}");
        assert!(
            !name.contains(['\\', ':', '*', '?', '"', '<', '>', '|']),
            "{name}"
        );
        assert!(!name.starts_with(['.', '~', ' ']), "{name}");
        // On a system that does not tell a from A these would be one file.
        assert!(
            spelled.insert(path.to_string_lossy().to_lowercase()),
            "{name}"
        );
        let stem = name
            .split(['.', '-'])
            .next()
            .unwrap_or_default()
            .to_uppercase();
        assert!(!["CON", "NUL"].contains(&stem.as_str()), "{name}");
    }
}

#[test]
fn unit_names_never_become_formulas() {
    let folder = temporary();
    let (rubrics, sheets) = hostile(folder.path());
    let report = folder.path().join("排名.xlsx");
    let feedback = folder.path().join("反馈");
    let args = [
        Path::new("report"),
        &sheets,
        Path::new("-o"),
        &report,
        Path::new("--unit-sheets"),
        &feedback,
    ];
    assert_eq!(run(&rubrics, &args).status.code(), Some(0));
    is_inert(&report);
    for path in below(&feedback) {
        is_inert(&path);
    }
    let texts = texts(&read(&report));
    for name in ["=cmd|' /C calc'!A0", "@SUM(1+1)", " <r><t>x</t></r>"] {
        assert!(texts.contains(name), "{name} is there as text");
    }
    let csv = run(
        &rubrics,
        &[
            Path::new("score"),
            &sheets,
            Path::new("--format"),
            Path::new("csv"),
        ],
    );
    let csv = String::from_utf8(csv.stdout).expect("UTF-8");
    let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let units: Vec<String> = reader
        .records()
        .map(|record| record.expect("a row")[2].to_owned())
        .collect();
    assert_eq!(units.len(), names().len());
    let formulas: Vec<&String> = units
        .iter()
        .filter(|unit| unit.starts_with(['=', '@']))
        .collect();
    assert!(formulas.is_empty(), "{formulas:?}");
    assert!(units.iter().any(|unit| unit == "'=cmd|' /C calc'!A0"));
    assert!(units.iter().any(|unit| unit == "'@SUM(1+1)"));
}

#[test]
fn no_name_gives_orders_to_a_terminal() {
    let folder = temporary();
    let (rubrics, sheets) = hostile(folder.path());
    fs::write(
        sheets.join("\u{1b}[31m\u{202e}x.csv"),
        "编号,填报值\n\u{1b}[2J,\u{202e}1\n",
    )
    .expect("a file of the test");
    for args in [
        vec!["validate"],
        vec!["validate", "-v", "--complete"],
        vec!["score", "-v"],
        vec!["explain", RED],
        vec!["report", "-o", "没有\u{1b}[2J\u{202e}这个文件夹/x.xlsx"],
    ] {
        let mut args: Vec<&Path> = args.into_iter().map(Path::new).collect();
        args.push(&sheets);
        let output = run(&rubrics, &args);
        assert!(
            is_calm(&output.stdout),
            "{args:?}: {:?}",
            String::from_utf8_lossy(&output.stdout)
        );
        assert!(is_calm(&output.stderr), "{args:?}: {:?}", said(&output));
    }
    // Machines get a name as it is.
    let args = [
        Path::new("score"),
        &sheets,
        Path::new("--format"),
        Path::new("json"),
    ];
    let document = common::json(&run(&rubrics, &args));
    let units = document["classes"][0]["units"].as_array().expect("a list");
    assert!(units.iter().any(|unit| unit["unit"] == HOSTILE[10]));
    // One that cannot be seen whole is none.
    let roster = rubrics.join("roster.toml");
    let named = |name: &str| serde_json::Value::from(name).to_string();
    let text = fs::read_to_string(&roster).expect("the roster");
    let text = text.replace(&named(HOSTILE[0]), &named(RED));
    fs::write(&roster, text).expect("a file of the test");
    let output = run(&rubrics, &args);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(
        said(&output).contains("hidden-character"),
        "{}",
        said(&output)
    );
    assert!(is_calm(&output.stderr), "{:?}", said(&output));
}

/// A sheet with one wrong value, and reasons that could be taken for more than text.
fn spoiled(folder: &Path) -> PathBuf {
    let catalog = catalog();
    let rubric = &catalog.rubrics[0];
    let mut values = with(clean(rubric), "1①", "-1", "=HYPERLINK(\"http://x\")");
    let reasons = [
        "@SUM(1+1)",
        "<r><broken></r>",
        "http://x",
        "\\\\host\\x",
        "\u{1b}[2J_x0041_",
    ];
    for (value, reason) in values.iter_mut().skip(1).zip(reasons) {
        value.2 = reason.to_owned();
    }
    let path = folder.join("武陵区.csv");
    common::write_csv(&path, &form("武陵区", "平时考核", 1, &values));
    path
}

#[test]
fn a_marked_copy_takes_over_text_as_text() {
    let folder = temporary();
    let path = spoiled(folder.path());
    let marked = folder.path().join("退回");
    let output = kaohe([
        Path::new("validate"),
        &path,
        Path::new("--annotate"),
        &marked,
    ]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let copy = marked.join("武陵区.csv.xlsx");
    is_inert(&copy);
    let texts = texts(&read(&copy));
    for reason in [
        "=HYPERLINK(\"http://x\")",
        "@SUM(1+1)",
        " <r><broken></r>",
        "http://x",
        "\\\\host\\x",
        "\u{1b}[2J_x0041_",
    ] {
        assert!(texts.contains(reason), "{reason} in {texts:?}");
    }
}

#[test]
fn a_report_goes_to_a_file_of_its_own_and_to_nothing_else() {
    let folder = temporary();
    let path = spoiled(folder.path());
    let report = |output: &Path| {
        let args = [
            Path::new("report"),
            &path,
            Path::new("-o"),
            output,
            Path::new("--force"),
        ];
        let refused = kaohe(args.into_iter().chain([Path::new("--allow-incomplete")]));
        assert_eq!(refused.status.code(), Some(2), "{}", output.display());
        said(&refused)
    };
    let before = fs::read(&path).expect("a sheet");
    assert!(report(folder.path()).contains("是文件夹"));
    assert!(report(&folder.path().join("没有").join("x.xlsx")).contains("先建好"));
    assert!(report(&path.join("x.xlsx")).contains("写不了"));
    assert!(report(&folder.path().join("长".repeat(200))).contains("太长"));
    #[cfg(unix)]
    {
        let link = folder.path().join("链接.xlsx");
        std::os::unix::fs::symlink(&path, &link).expect("a link");
        assert!(report(&link).contains("是链接"));
        assert!(link.is_symlink(), "the link is still there");
        fs::remove_file(&link).expect("the link");
        std::os::unix::fs::symlink(folder.path().join("没有"), &link).expect("a link");
        assert!(report(&link).contains("是链接"));
        fs::remove_file(&link).expect("the link");
        assert!(report(Path::new("/dev/null")).contains("不是普通文件"));
    }
    assert_eq!(fs::read(&path).expect("a sheet"), before);
    assert_eq!(below(folder.path()).len(), 1, "only the sheet");
}

#[test]
fn what_was_typed_does_nothing_to_the_screen() {
    let typed = "a\u{1b}[31m\u{202e}\u{7}b";
    let folder = tempfile::tempdir().expect("a folder for the test");
    let output = folder.path().join("空白表");
    let output = output.to_str().expect("UTF-8");
    for args in [
        &["rubric", "show", typed][..],
        &["rubric", "check", typed],
        &["rubric", "check", "--explain", typed],
        &["validate", "--explain", typed],
        &["validate", "--rubrics", typed, "x"],
        &["explain", typed, "examples/2019/区县"],
        &["score", "examples/2019/区县", "--period", typed],
        &["score", "x", "--format", typed],
        &["template", "-o", output, typed],
        &["template", "-o", output, "--unit", typed],
        &["template", "-o", output, "--class", typed],
        &["template", "-o", output, "--period", typed],
        &["template", "-o", output, "--round", typed],
        &[typed, "validate"],
        &[typed],
    ] {
        let ran = common::kaohe(args.iter().copied().chain(["--color", "always"]));
        let said = String::from_utf8_lossy(&ran.stderr);
        assert_eq!(ran.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.contains("a [31m"), "{args:?}: {said}");
        for hidden in ["\u{1b}[31m\u{202e}", "\u{1b}[31m ", "\u{202e}", "\u{7}"] {
            assert!(!said.contains(hidden), "{args:?}: {said:?}");
        }
    }
}
