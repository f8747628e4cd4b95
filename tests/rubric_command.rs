//! `kaohe rubric check`, `show`, `list` and `new`, as people run them.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Output;

use kaohe::decimal::parse;
use kaohe::input::rubric_file;
use sha2::{Digest, Sha256};
use unicode_width::UnicodeWidthStr;

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn run(args: &[&str]) -> Output {
    common::kaohe(args)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("the path of a temporary folder")
}

/// A folder with the good files of `tests/data/rubric-check`, some of their words replaced.
fn folder(changes: &[(&str, &str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let good = common::project("tests/data/rubric-check/good");
    for file in ["river.toml", "roster.toml", "tasks.toml"] {
        let mut text = fs::read_to_string(good.join(file)).expect("a file of the project");
        for (of, old, new) in changes {
            if *of == file {
                assert_eq!(text.matches(old).count(), 1, "{file} has {old:?} once");
                text = text.replace(old, new);
            }
        }
        fs::write(folder.path().join(file), text).expect("a writable folder");
    }
    folder
}

/// Code, file and line of each finding that is no open point.
fn faults(folder: &Path) -> Vec<(String, String, usize)> {
    let output = run(&["rubric", "check", text(folder), "--format", "json"]);
    let document = common::json(&output);
    assert_eq!(document["schema"], "kaohe.rubric-check/1");
    let findings = document["findings"].as_array().expect("a list").iter();
    findings
        .filter(|finding| finding["severity"] != "open")
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().expect("a text").to_owned();
            let file = text("file");
            let name = file.rsplit('/').next().expect("a name").to_owned();
            let line = finding["line"].as_u64().expect("a line");
            (text("code"), name, usize::try_from(line).expect("a line"))
        })
        .collect()
}

#[test]
fn ten_mistakes_of_all_sorts_are_found_in_one_run_each_at_its_line() {
    let folder = folder(&[
        ("river.toml", "year = 2026", "year = \"2026\""),
        (
            "river.toml",
            "points = 40 # heading",
            "points = 45 # heading",
        ),
        (
            "river.toml",
            "method = [\"查台账\"]",
            "methods = [\"查台账\"]",
        ),
        ("river.toml", "each = 6\n", "each = 5\n"),
        ("river.toml", "covers = [\"②\"]", "covers = [\"③\"]"),
        ("river.toml", "weight = 0.6", "weight = 0.7"),
        ("river.toml", "rate = \"tasks\"", "rate = \"task\""),
        (
            "roster.toml",
            "also = [\"茶陵\"]",
            "also = [\"茶陵\", \"攸县人民政府\"]",
        ),
        ("tasks.toml", "达到95.5%", "达到90%"),
        ("tasks.toml", "lead = [\"攸县\"]", "lead = []"),
        (
            "tasks.toml",
            "responsible = [\"茶陵\"]",
            "responsible = [\"茶林\"]",
        ),
    ]);
    let found = faults(folder.path());
    let line = |file: &str, words: &str| {
        let text = fs::read_to_string(folder.path().join(file)).expect("it was written");
        let line = text.lines().position(|line| line.contains(words));
        line.expect("the words of a mistake") + 1
    };
    let expected = [
        ("wrong-type", "river.toml", "year ="),
        ("weights-not-one", "river.toml", "weight = 0.7"),
        // 45 is written, the one item below has 40; 45 + 60 is not 100 either.
        ("items-not-heading", "river.toml", "points = 45"),
        ("headings-not-total", "river.toml", "total ="),
        ("unknown-key", "river.toml", "methods"),
        // 4 × 5 = 20 of 24, and the words say 6.
        ("cap-out-of-reach", "river.toml", "each = 5"),
        ("figure-not-in-text", "river.toml", "each = 5"),
        ("unknown-clause", "river.toml", "③"),
        ("unknown-word", "river.toml", "rate ="),
        ("duplicate-unit", "roster.toml", "茶陵县"),
        ("task-figures-differ", "tasks.toml", "达到90%"),
        // Line 25 is the number of the second task.
        ("task-without-lead", "tasks.toml", "no = \"2\""),
        ("unknown-unit", "tasks.toml", "茶林"),
    ];
    let expected: BTreeSet<_> = expected
        .iter()
        .map(|(code, file, words)| ((*code).to_owned(), (*file).to_owned(), line(file, words)))
        .collect();
    assert_eq!(found.iter().cloned().collect::<BTreeSet<_>>(), expected);
    assert_eq!(found.len(), expected.len(), "each of them once");
    let output = run(&["rubric", "check", text(folder.path())]);
    assert_eq!(output.status.code(), Some(2), "it cannot be used");
}

/// A line that is no TOML hides what hangs on it, and nothing else.
#[test]
fn a_syntax_error_does_not_hide_the_rest() {
    let folder = folder(&[
        // In the first item: what is said of its rules is left out.
        ("river.toml", "count = \"次\"", "count = “次”"),
        ("river.toml", "each = 6\n", "each = 5\n"),
        // Elsewhere.
        (
            "river.toml",
            "text = \"完成年度任务，60分。\"",
            "text = \"完成年度任务，50分。\"",
        ),
        (
            "river.toml",
            "points = 60 # heading",
            "points = 50 # heading",
        ),
        ("tasks.toml", "nature = \"约束性\"", "nature = 约束性"),
        ("tasks.toml", "lead = [\"攸县\"]", "lead = []"),
    ]);
    let found: Vec<_> = faults(folder.path())
        .into_iter()
        .map(|(code, ..)| code)
        .collect();
    assert_eq!(
        found,
        [
            "headings-not-total",
            "syntax",
            "items-not-heading",
            "figure-not-in-text",
            "syntax",
            "task-without-lead",
        ]
    );
}

/// A second document, of another sort and size, of which the check has nothing to say.
#[test]
fn the_second_example_has_no_fault() {
    assert_eq!(faults(&common::project("examples/river/rubrics")), []);
}

#[test]
fn the_exit_status_tells_errors_from_warnings() {
    let status = |args: &[&str]| run(args).status.code();
    assert_eq!(
        status(&["rubric", "check"]),
        Some(0),
        "warnings are allowed"
    );
    assert_eq!(status(&["rubric", "check", "--strict"]), Some(1));
    assert_eq!(status(&["rubric", "check", "no-such-file.toml"]), Some(2));
    assert_eq!(status(&["rubric", "show", "no-such-rubric"]), Some(2));
    assert_eq!(
        status(&["rubric", "check", "--explain", "no-such-code"]),
        Some(2)
    );
    let sound = folder(&[]);
    // What is open is no fault.
    assert_eq!(
        status(&["rubric", "check", "--strict", text(sound.path())]),
        Some(0)
    );
}

#[test]
fn a_code_is_explained() {
    let output = run(&["rubric", "check", "--explain", "cap-out-of-reach"]);
    assert_eq!(output.status.code(), Some(0));
    let said = stdout(&output);
    assert!(
        said.starts_with("cap-out-of-reach（提醒）：") && said.contains("怎么办："),
        "{said}"
    );
}

/// A cap of a copied rubric is edited, the copy alone in a folder of its own.
#[test]
fn an_edited_cap_is_told_also_where_the_copy_stands_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source = fs::read_to_string(common::project("rubrics/government.toml")).expect("a file");
    let rule = "ask = \"未按时完成的交办工作次数\"";
    assert_eq!(source.matches(rule).count(), 1);
    let copy = folder.path().join("我的细则.toml");
    let check = |cap: &str| {
        let text_of = source.replace(rule, &format!("{rule}\ncap = {cap}"));
        fs::write(&copy, text_of).expect("a writable folder");
        run(&["rubric", "check", text(&copy)])
    };
    // 3① covers ① with 5 points.
    let lower = check("4");
    let said = stdout(&lower);
    assert_eq!(lower.status.code(), Some(0), "{said}");
    assert!(
        said.contains(
            "[cap-not-clauses]: 计分方法 3①最多扣 4 分，所对应的考核内容①是 5 分，有 1 分扣不到"
        ),
        "{said}"
    );
    // 34.5 without the point that nobody can take.
    assert!(said.contains("扣不到") && said.contains("33.5"), "{said}");
    assert!(
        !said.contains("municipal-bureau"),
        "only of the file that was asked for: {said}"
    );
    assert!(stderr(&lower).contains("程序自带的"), "{}", stderr(&lower));
    // 3① and 3② together could take 6 + 5 = 11 of 10.
    let higher = check("6");
    assert_eq!(higher.status.code(), Some(2));
    assert!(
        stdout(&higher).contains("[caps-above-item]"),
        "{}",
        stdout(&higher)
    );
}

/// A roster is edited, the copy alone in a folder of its own: an alias now belongs to two units.
#[test]
fn an_edited_roster_is_checked_with_the_built_in_rubrics() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source = fs::read_to_string(common::project("rubrics/roster.toml")).expect("a file");
    let copy = folder.path().join("roster.toml");
    fs::write(&copy, &source).expect("a writable folder");
    let output = run(&["rubric", "check", text(&copy)]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));

    let shared = source.replace("\"常德市财政局\", \"财政局\"", "\"常德市财政局\", \"武陵\"");
    assert_ne!(shared, source);
    fs::write(&copy, shared).expect("a writable folder");
    let output = run(&["rubric", "check", text(&copy)]);
    assert_eq!(output.status.code(), Some(2));
    let said = stdout(&output);
    assert!(
        said.contains("[duplicate-unit]: 单位名称“武陵”重复"),
        "{said}"
    );
}

#[test]
fn files_of_one_folder_are_checked_together_and_told_apart() {
    let folder = folder(&[
        ("river.toml", "each = 6\n", "each = 8\n"),
        ("tasks.toml", "lead = [\"攸县\"]", "lead = []"),
    ]);
    let of = |file: &str| {
        let output = run(&["rubric", "check", text(&folder.path().join(file))]);
        (stdout(&output), output.status.code())
    };
    let (river, _) = of("river.toml");
    assert!(
        river.contains("figure-not-in-text") && !river.contains("task-without-lead"),
        "{river}"
    );
    let (tasks, status) = of("tasks.toml");
    assert!(
        tasks.contains("task-without-lead") && !tasks.contains("figure-not-in-text"),
        "{tasks}"
    );
    assert_eq!(status, Some(0));
}

#[test]
fn what_the_points_hang_on_adds_up() {
    let document = common::json(&run(&["rubric", "check", "--format", "json"]));
    let found: Vec<_> = document["rubrics"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|rubric| {
            let number = |key: &str| rubric[key].to_string();
            (
                rubric["rubric"].as_str().expect("an id").to_owned(),
                ["points", "counted", "ratio", "discretion", "untouched"].map(number),
            )
        })
        .collect();
    let expected = [
        // 1① 5 + 1② 2 + 3① 5 + 3② 5 + 5 10 + 6① 5 + 6② 2.5; 2 50; 1③ 2 + 1④ 1 + 4 10 + 6③ 2.5
        ("government", ["100", "34.5", "50", "15.5", "0"]),
        // 1① 3 + 1② 2 + 3① 5 + 3② 5 + 5① 5 + 5② 2.5; 2 50; 1③ 4 + 1④ 1 + 4 20 + 5③ 2.5
        ("municipal-bureau", ["100", "22.5", "50", "27.5", "0"]),
        ("six-zone", ["100", "22.5", "50", "27.5", "0"]),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(id, numbers)| ((*id).to_owned(), numbers.map(str::to_owned)))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn a_rubric_is_shown_whole_and_within_80_columns() {
    let catalog = common::catalog();
    for rubric in &catalog.rubrics {
        let output = run(&["rubric", "show", &rubric.id]);
        assert_eq!(output.status.code(), Some(0));
        let shown = stdout(&output);
        for line in shown.lines() {
            assert!(line.width() <= 80, "{line}");
        }
        // Lines are broken anywhere between two characters.
        let squeeze = |text: &str| text.split_whitespace().collect::<String>();
        let whole = squeeze(&shown);
        for rule in rubric.rules() {
            assert!(whole.contains(&squeeze(&rule.text)), "{}", rule.text);
            assert!(whole.contains(&squeeze(&rule.ask)), "{}", rule.ask);
        }
        for clause in rubric.items().flat_map(|item| &item.clauses) {
            assert!(whole.contains(&squeeze(&clause.text)), "{}", clause.text);
        }
    }
}

#[test]
fn a_rubric_for_machines_is_exact_and_adds_up() {
    let document = common::json(&run(&["rubric", "show", "government", "--format", "json"]));
    assert_eq!(document["schema"], "kaohe.rubric/1");
    let number = |value: &serde_json::Value| parse(&value.to_string()).expect("a plain decimal");
    let mut caps = number(&serde_json::json!(0));
    let mut shares = caps;
    let mut kinds = BTreeSet::new();
    for category in document["categories"].as_array().expect("a list") {
        for item in category["items"].as_array().expect("a list") {
            for rule in item["rules"].as_array().expect("a list") {
                caps += number(&rule["cap"]);
                shares += number(&rule["share"]);
                kinds.insert(rule["kind"]["name"].as_str().expect("a name").to_owned());
            }
        }
    }
    assert_eq!(
        (caps, shares),
        (parse("100").expect("100"), parse("1").expect("1"))
    );
    // The names are those of the file.
    let source = fs::read_to_string(common::project("rubrics/government.toml")).expect("a file");
    let written = source
        .lines()
        .filter_map(|line| line.strip_prefix("kind = "));
    let written: BTreeSet<_> = written
        .map(|kind| kind.trim_matches('"').to_owned())
        .collect();
    assert_eq!(kinds, written);
    let media = &document["categories"][2]["items"][0]["rules"][0];
    assert_eq!(media["kind"]["each"].to_string(), "2.5", "digit for digit");
}

#[test]
fn the_list_names_each_file_by_its_hash() {
    let document = common::json(&run(&["rubric", "list", "--format", "json"]));
    assert_eq!(document["schema"], "kaohe.rubric-list/1");
    let short = stdout(&run(&["rubric", "list"]));
    let mut files = Vec::new();
    files.extend(document["rubrics"].as_array().expect("a list"));
    files.extend(document["task_tables"].as_array().expect("a list"));
    files.push(&document["roster"]);
    assert_eq!(files.len(), 5);
    for file in files {
        let name = file["file"].as_str().expect("a name");
        let bytes = fs::read(common::project("rubrics").join(name)).expect("a file");
        let hash: String = Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(file["sha256"], hash.as_str(), "{name}");
        assert!(short.contains(&hash[..8]), "{short}");
    }
    assert!(short.lines().all(|line| line.width() <= 80), "{short}");
}

/// What is printed of the small set, word for word.
#[test]
fn what_is_printed_is_as_expected() {
    let mut wrong = Vec::new();
    let folder = common::project("tests/data/rubric-command");
    let rubrics = "tests/data/rubric-check/good";
    for (name, args) in [
        ("check", &["rubric", "check", rubrics][..]),
        ("show", &["rubric", "show", "river", "--rubrics", rubrics]),
        ("list", &["rubric", "list", "--rubrics", rubrics]),
    ] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_kaohe"))
            .current_dir(common::project("."))
            .args(args)
            .output()
            .expect("the program was built for this test");
        let shown = stdout(&output);
        let golden = folder.join(format!("{name}.golden"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&golden, shown).expect("a file of the project");
        } else if fs::read_to_string(&golden)
            .unwrap_or_default()
            .replace("\r\n", "\n")
            != shown
        {
            wrong.push(format!("{name}:\n{shown}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_new_rubric_passes_the_check_and_can_be_used() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = place.path().join("细则");
    let output = run(&["rubric", "new", "-o", text(&folder)]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(faults(&folder), [], "neither errors nor warnings");

    // Every kind of rule is there to be copied.
    let sources = rubric_file::from_dir(&folder).expect("it was written");
    let catalog = rubric_file::read(&sources).expect("it is sound");
    let rubric = &catalog.rubrics[0];
    let kinds: BTreeSet<_> = rubric
        .rules()
        .map(|rule| std::mem::discriminant(&rule.kind))
        .map(|kind| format!("{kind:?}"))
        .collect();
    assert_eq!(kinds.len(), 5);

    let output = run(&["rubric", "test", "--strict", "--rubrics", text(&folder)]);
    assert_eq!(
        output.status.code(),
        Some(0),
        "no gaps: {}",
        stdout(&output)
    );

    let sheets = place.path().join("表");
    let output = run(&["template", "--rubrics", text(&folder), "-o", text(&sheets)]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    // 3 units × 2 periods
    assert_eq!(fs::read_dir(&sheets).expect("a folder").count(), 6);

    let unit = |name| {
        ["平时考核", "年终考核"].map(|period| {
            let values = common::with(
                common::clean(rubric),
                "3",
                if name == "示例一镇" { "2" } else { "4" },
                "",
            );
            (name, period, 1, values)
        })
    };
    let units = ["示例一镇", "示例二镇", "示例街道"].map(unit).concat();
    let filled = place.path().join("收到.csv");
    common::write_csv(&filled, &common::long(&units));
    let output = run(&[
        "score",
        text(&filled),
        "--rubrics",
        text(&folder),
        "--format",
        "json",
    ]);
    let document = common::json(&output);
    let units = document["classes"][0]["units"].as_array().expect("a list");
    let totals: Vec<_> = units.iter().map(|unit| unit["total"].to_string()).collect();
    // 示例一镇 did 2 of 4: 2 × 5 = 10 off.
    assert_eq!(totals, ["100", "100", "90"], "{}", stderr(&output));
}

#[test]
fn a_new_rubric_never_covers_another() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let file = place.path().join("hezhang.toml");
    let new = |more: &[&str]| run(&[&["rubric", "new", "-o", text(&file)][..], more].concat());
    assert_eq!(new(&[]).status.code(), Some(0));
    assert_eq!(faults(place.path()), [], "it goes by the name of its file");
    let roster = place.path().join("roster.toml");
    let own = fs::read_to_string(&roster)
        .expect("it was written")
        .replace("示例街道", "城关街道");
    fs::write(&roster, &own).expect("a writable folder");
    fs::write(&file, "mine").expect("a writable folder");

    let again = new(&[]);
    assert_eq!(again.status.code(), Some(2));
    assert!(stderr(&again).contains("--force"), "{}", stderr(&again));
    assert_eq!(fs::read_to_string(&file).expect("it is there"), "mine");
    assert_eq!(new(&["--force"]).status.code(), Some(0));
    assert_eq!(
        fs::read_to_string(&roster).expect("it is there"),
        own,
        "the roster is another's"
    );
    assert_eq!(new(&["--force"]).status.code(), Some(0));
    let other = run(&[
        "rubric",
        "new",
        "-o",
        text(&place.path().join("roster.toml")),
        "--force",
    ]);
    assert_eq!(other.status.code(), Some(2), "that name is the roster's");
}
