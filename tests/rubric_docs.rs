//! `docs/rubric.md` holds: its blocks stand in the rubrics that they name, its tables are what
//! the program computes, its sums are right, and no key, kind or word is left out.

mod common;
#[path = "rubric_docs/lab.rs"]
mod lab;
#[path = "rubric_docs/page.rs"]
mod page;
#[path = "rubric_docs/settings.rs"]
mod settings;
#[path = "rubric_docs/sums.rs"]
mod sums;

use std::collections::BTreeSet;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use calamine::{Reader, Xlsx};
use common::project;
use kaohe::input::rubric_file;
use kaohe::model::catalog::Catalog;
use kaohe::model::rubric::{Rubric, RuleId};
use kaohe::output::style;
use kaohe::output::template::{self, Filling, Which};
use lab::{Lab, score};
use page::{Block, Part, page, parts};
use serde_json::Value;
use sums::adds_up;

/// The folder of the rubrics that a block comes from, and the file in it.
fn source(block: &Block) -> Option<(PathBuf, String)> {
    let source = block.source.as_ref()?;
    let file = source.split('：').next()?;
    let river = file
        .strip_prefix("river/")
        .or_else(|| file.starts_with("river").then_some(file));
    let folder = if river.is_some() {
        "examples/river/rubrics"
    } else {
        "rubrics"
    };
    Some((project(folder), river.unwrap_or(file).to_owned()))
}

fn catalog(folder: &Path) -> Catalog {
    let sources = rubric_file::from_dir(folder).expect("a folder of rubrics");
    rubric_file::read(&sources).unwrap_or_else(|problems| panic!("{problems:?}"))
}

#[test]
fn every_block_stands_in_the_file_that_it_names() {
    let mut from_files = 0;
    for part in parts() {
        let Part::Block(block) = part else { continue };
        toml::from_str::<toml::Table>(&block.toml).expect("a block is TOML");
        let Some((folder, file)) = source(&block) else {
            continue;
        };
        let text = fs::read_to_string(folder.join(&file)).expect("a file of the project");
        // Lines may be left out, not changed.
        let mut rest = text.lines();
        for line in block.toml.lines().filter(|line| !line.is_empty()) {
            assert!(
                rest.any(|known| known == line),
                "{file} has no such line here: {line}"
            );
        }
        from_files += 1;
    }
    assert!(from_files >= 15, "{from_files} blocks are few");
}

#[test]
fn every_table_is_what_the_program_computes() {
    let mut last = None;
    let mut computed = 0;
    for part in parts() {
        match part {
            Part::Block(block) => last = Some(block),
            Part::Quote(words) => asked(last.as_ref().expect("a block before"), &words),
            Part::Table(rows) => {
                let header: Vec<&str> = rows[0].iter().map(String::as_str).collect();
                let rows = &rows[1..];
                match header[..] {
                    ["键" | "文件" | "命令" | "原文", ..] => continue,
                    ["填报值", "应扣", "实扣", "算式"]
                    | ["时段", "填报值", "应扣", "实扣", "算式"] => {
                        taken(last.as_ref().expect("a block before"), rows);
                    }
                    ["写法", "应扣"] => settings::decimals(rows),
                    ["写法", "意思", "三轮 90、80、85 得", "算式"] => {
                        settings::rounds(rows)
                    }
                    ["写法", "意思", "这一轮得", "算式"] => {
                        settings::not_applicable(rows)
                    }
                    ["写法", "总分 95、93、93、90 的名次"] => settings::ties(rows),
                    ["写法", "甲、乙的名次"] => settings::tie_breakers(rows),
                    ["总分", "等次", "`cut-ties = \"down\"` 时"] => {
                        settings::grades(last.as_ref().expect("a block before"), rows);
                    }
                    _ => panic!("nobody computes the table {header:?}"),
                }
                computed += 1;
            }
        }
    }
    assert!(computed >= 15, "{computed} tables are few");
}

/// The id of the rule that a block is.
fn rule_id(block: &Block) -> RuleId {
    let source = block.source.as_deref().unwrap_or("例：1");
    let id = source.split('：').nth(1).and_then(RuleId::parse);
    id.unwrap_or_else(|| panic!("{source} names no rule"))
}

/// What the form asks for.
fn asked(block: &Block, words: &str) {
    let (folder, file) = source(block).expect("a block of a file");
    let catalog = catalog(&folder);
    let rubric = position(&catalog, &file);
    let unit = catalog.class(rubric).next().expect("a unit");
    let which = Which {
        unit,
        period: 0,
        round: 1,
    };
    let mut form = template::form(&catalog, which, &Filling::default()).expect("a form");
    let bytes = style::save(&mut form).expect("memory takes any workbook");
    let mut form: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let sheet = form
        .worksheet_range(template::SCORES)
        .expect("the sheet of the rules");
    let id = rule_id(block).to_string();
    let row = sheet
        .rows()
        .find(|row| row[0].to_string() == id)
        .expect("the row of the rule");
    let there: Vec<String> = row.iter().map(ToString::to_string).collect();
    assert!(
        there.iter().any(|cell| cell == words),
        "{words} is not in {there:?}"
    );
}

/// The rubric that a file holds, by position.
fn position(catalog: &Catalog, file: &str) -> usize {
    let id = file.trim_end_matches(".toml");
    let found = catalog.rubrics.iter().position(|rubric| rubric.id == id);
    found.unwrap_or_else(|| panic!("{file} is a rubric"))
}

/// 填报值, 应扣, 实扣, 算式 of a rule, each row on a sheet of its own.
fn taken(block: &Block, rows: &[Vec<String>]) {
    let lab;
    let (folder, file) = match source(block) {
        Some(found) => found,
        None => {
            lab = Lab::new("", "", &[(10, &block.toml)]);
            (lab.rubrics(), "lab.toml".to_owned())
        }
    };
    let catalog = catalog(&folder);
    let position = position(&catalog, &file);
    let unit = catalog.class(position).next().expect("a unit");
    let (rubric, unit) = (
        &catalog.rubrics[position],
        &*catalog.roster.units()[unit].name,
    );
    for row in rows {
        let (period, row) = match row.len() {
            4 => (rubric.periods[0].name.as_str(), &row[..]),
            _ => (row[0].as_str(), &row[1..]),
        };
        let rule = one_value(
            &folder,
            rubric,
            (unit, period),
            &rule_id(block).to_string(),
            &row[0],
        );
        assert_eq!(rule["asked"].to_string(), row[1], "{row:?}");
        assert_eq!(rule["applied"].to_string(), row[2], "{row:?}");
        adds_up(&row[3], &row[1]);
    }
}

/// What comes of one value, on a sheet that is clean otherwise.
fn one_value(
    folder: &Path,
    rubric: &Rubric,
    (unit, period): (&str, &str),
    id: &str,
    value: &str,
) -> Value {
    let values = common::with(common::clean(rubric), id, value, "有说明");
    let sheets = tempfile::tempdir().expect("a temporary folder");
    let sheet = common::long(&[(unit, period, 1, values)]);
    common::write_csv(&sheets.path().join("明细表.csv"), &sheet);
    let document = score(folder, sheets.path());
    let items = &document["classes"][0]["units"][0]["periods"][0]["rounds"][0]["items"];
    let rules = items
        .as_array()
        .unwrap_or_else(|| panic!("{value}: {document}"));
    let mut rules = rules
        .iter()
        .flat_map(|item| item["rules"].as_array().expect("rules"));
    rules
        .find(|rule| rule["id"] == id)
        .expect("the rule")
        .clone()
}

/// The headings of a page, as links name them.
fn anchors(page: &str) -> BTreeSet<String> {
    let headings = page.lines().filter_map(|line| line.strip_prefix('#'));
    let anchor = |heading: &str| {
        let heading = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
        heading
            .chars()
            .filter(kept)
            .collect::<String>()
            .replace(' ', "-")
    };
    headings.map(anchor).collect()
}

#[test]
fn commands_are_those_of_the_program() {
    let help = String::from_utf8(common::kaohe(["rubric", "--help"]).stdout).expect("UTF-8");
    let mut commands = 0;
    for part in parts() {
        let Part::Table(rows) = part else { continue };
        for row in rows.iter().filter(|_| rows[0][0] == "命令").skip(1) {
            let words = row[0].trim_matches('`').strip_prefix("kaohe rubric ");
            let command = words.and_then(|words| words.split(' ').next());
            let command = command.expect("a command about rubrics");
            assert!(
                help.contains(&format!("\n  {command} ")),
                "{command}: {help}"
            );
            commands += 1;
        }
    }
    let known = help.lines().skip_while(|line| !line.starts_with("命令"));
    let known = known.skip(1).take_while(|line| !line.is_empty()).count();
    assert_eq!(commands, known, "{help}");
}

#[test]
fn links_lead_somewhere() {
    let mut links = 0;
    for name in [
        "README.md",
        "docs/rubric.md",
        "docs/tutorial.md",
        "examples/README.md",
    ] {
        let path = project(name);
        let page = fs::read_to_string(&path).expect("a file of the project");
        for link in page.split("](").skip(1) {
            let (link, _) = link.split_once(')').expect("a link ends");
            if link.starts_with("http") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = match file {
                "" => path.clone(),
                file => path.parent().expect("a folder").join(file),
            };
            assert!(target.exists(), "{name} leads to {link}");
            if !anchor.is_empty() {
                let target = fs::read_to_string(target).expect("a page");
                assert!(anchors(&target).contains(anchor), "{name} leads to {link}");
            }
            links += 1;
        }
    }
    assert!(links > 25, "{links} links are few");
}

/// The keys and the words that a schema names.
fn named(schema: &Value, keys: &mut BTreeSet<String>, words: &mut BTreeSet<String>) {
    let texts = |value: &Value| value.as_str().map(str::to_owned);
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        keys.extend(properties.keys().cloned());
    }
    words.extend(schema.get("const").and_then(texts));
    let list = schema.get("enum").and_then(Value::as_array);
    words.extend(list.into_iter().flatten().filter_map(texts));
    match schema {
        Value::Object(parts) => parts.values().for_each(|part| named(part, keys, words)),
        Value::Array(parts) => parts.iter().for_each(|part| named(part, keys, words)),
        _ => {}
    }
}

/// What the reader accepts is what the schemas say, which a test of theirs proves.
#[test]
fn no_key_kind_or_word_is_left_out() {
    let page = page();
    let (mut keys, mut words) = (BTreeSet::new(), BTreeSet::new());
    for name in ["rubric", "tasks", "roster", "test"] {
        let path = project("rubrics").join(format!("{name}.schema.json"));
        let schema = fs::read_to_string(path).expect("a file of the project");
        let schema = serde_json::from_str(&schema).expect("JSON");
        named(&schema, &mut keys, &mut words);
    }
    assert!(keys.len() > 50 && words.len() > 15, "{keys:?} {words:?}");
    for key in keys {
        let ways = [format!("`{key}`"), format!("[{key}]"), format!(".{key}]")];
        let there = ways.iter().any(|way| page.contains(way));
        assert!(there, "the page does not explain the key {key}");
    }
    for word in words {
        let ways = [
            format!("`{word}`"),
            format!("\"{word}\"`"),
            format!("`\"{word}\""),
        ];
        let there = ways.iter().any(|way| page.contains(way));
        assert!(there, "the page does not explain the word {word}");
    }
}
