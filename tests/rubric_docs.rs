//! `docs/rubric.md` holds: its blocks stand in the rubrics that they name, its tables are what
//! the program computes, its sums are right, and no key, kind or word is left out.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use calamine::{Reader, Xlsx};
use common::project;
use kaohe::decimal::{Decimal, parse, plain};
use kaohe::input::rubric_file;
use kaohe::model::catalog::Catalog;
use kaohe::model::rubric::{Rubric, RuleId};
use kaohe::output::style;
use kaohe::output::template::{self, Filling, Which};
use serde_json::Value;

/// What the page consists of, as far as it can be held to something.
enum Part {
    Block(Block),
    /// Rows of cells, the header first.
    Table(Vec<Vec<String>>),
    /// What the sheet asks for.
    Quote(String),
}

/// A block of TOML.
#[derive(Clone)]
struct Block {
    /// `government.toml：1②`; nothing for an example that stands in no file.
    source: Option<String>,
    toml: String,
}

fn page() -> String {
    fs::read_to_string(project("docs/rubric.md")).expect("a file of the project")
}

fn parts() -> Vec<Part> {
    let page = page();
    let mut lines = page.lines().peekable();
    let mut parts = Vec::new();
    while let Some(line) = lines.next() {
        if line == "```toml" {
            let first = lines.next().expect("a block has lines");
            let source = first.strip_prefix("# 取自 ").map(str::to_owned);
            assert!(
                source.is_some() || first == "# 例",
                "{first} names no source"
            );
            let body = lines.by_ref().take_while(|line| *line != "```");
            let toml = body.map(|line| line.to_owned() + "\n").collect();
            parts.push(Part::Block(Block { source, toml }));
        } else if line.starts_with('|') {
            let mut rows = vec![cells(line)];
            while let Some(line) = lines.next_if(|line| line.starts_with('|')) {
                rows.push(cells(line));
            }
            let rule = rows.remove(1);
            assert!(rule.iter().all(|cell| cell == "---"), "{rule:?}");
            parts.push(Part::Table(rows));
        } else if let Some(first) = line.strip_prefix("> ") {
            let mut quote = first.to_owned();
            while let Some(line) = lines.next_if(|line| line.starts_with("> ")) {
                quote = quote + "\n" + &line[2..];
            }
            parts.push(Part::Quote(quote));
        }
    }
    parts
}

fn cells(line: &str) -> Vec<String> {
    let inner = line.trim_matches('|').split('|');
    inner.map(|cell| cell.trim().to_owned()).collect()
}

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
                    ["键" | "文件" | "原文", ..] => continue,
                    ["填报值", "应扣", "实扣", "算式"]
                    | ["时段", "填报值", "应扣", "实扣", "算式"] => {
                        taken(last.as_ref().expect("a block before"), rows);
                    }
                    ["写法", "应扣"] => decimals(rows),
                    ["写法", "意思", "三轮 90、80、85 得", "算式"] => rounds(rows),
                    ["写法", "意思", "这一轮得", "算式"] => not_applicable(rows),
                    ["写法", "总分 95、93、93、90 的名次"] => ties(rows),
                    ["写法", "甲、乙的名次"] => tie_breakers(rows),
                    ["总分", "等次", "`cut-ties = \"down\"` 时"] => {
                        grades(last.as_ref().expect("a block before"), rows);
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

fn score(rubrics: &Path, sheets: &Path) -> Value {
    let words = [
        Path::new("score"),
        sheets,
        Path::new("--format"),
        Path::new("json"),
    ];
    common::json(&common::kaohe(
        words.into_iter().chain([Path::new("--rubrics"), rubrics]),
    ))
}

/// A rubric for one question, its units 甲, 乙, 丙, … and what they lose.
struct Lab(tempfile::TempDir);

const UNITS: [&str; 8] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛"];

/// A rule of the lab: points that the sheet names.
const FREE: &str =
    "[[category.item.rule]]\ntext = \"酌情扣分。\"\nkind = \"discretionary\"\nask = \"扣分\"\n";

impl Lab {
    /// A rubric with `keys` of its own, `period` in its only period, and items of so many points
    /// with a rule each.
    fn new(keys: &str, period: &str, items: &[(u32, &str)]) -> Self {
        let total: u32 = items.iter().map(|(points, _)| points).sum();
        let rounds = if period.is_empty() {
            "rounds = \"mean\""
        } else {
            period
        };
        let mut rubric = format!(
            "id = \"lab\"\ntitle = \"甲\"\nclass = \"各乡\"\nyear = 2025\nversion = \"1\"\n\
             date = \"2025-01-10\"\nsource = \"甲\"\ntotal = {total}\nKEYS\n[[period]]\nid = \"year-end\"\n\
             name = \"年终考核\"\nweight = 1\n{rounds}\nTABLES\n[[category]]\nname = \"甲\"\npoints = {total}\n"
        );
        for (no, (points, rule)) in (1..).zip(items) {
            rubric += &format!(
                "[[category.item]]\nno = {no}\nname = \"甲\"\npoints = {points}\n\
                 [[category.item.clause]]\ntext = \"甲\"\n{rule}"
            );
        }
        let (keys, tables) = if keys.starts_with('[') {
            ("", keys)
        } else {
            (keys, "")
        };
        let rubric = rubric.replace("KEYS", keys).replace("TABLES", tables);
        let units: Vec<String> = UNITS.map(|name| format!("{{ name = \"{name}\" }}")).into();
        let roster = format!(
            "version = \"1\"\ndate = \"2025-01-10\"\nsource = \"甲\"\n[[class]]\nrubric = \"lab\"\nunits = [{}]\n",
            units.join(", ")
        );
        let folder = tempfile::tempdir().expect("a temporary folder");
        let lab = Self(folder);
        fs::create_dir(lab.rubrics()).expect("a new folder");
        fs::write(lab.rubrics().join("lab.toml"), rubric).expect("a new file");
        fs::write(lab.rubrics().join("roster.toml"), roster).expect("a new file");
        lab
    }

    fn rubrics(&self) -> PathBuf {
        self.0.path().join("rubrics")
    }

    /// Scores rows: unit, round, the values of the items.
    fn score(&self, rows: &[(&str, u32, Vec<&str>)]) -> Value {
        let mut text = String::from("被考核单位,考核时段,轮次,编号,填报值,扣分说明\n");
        for (unit, round, values) in rows {
            for (no, value) in (1..).zip(values) {
                text += &format!("{unit},年终考核,{round},{no},{value},有说明\n");
            }
        }
        let sheets = self.0.path().join("sheets");
        fs::create_dir(&sheets).expect("a new folder");
        fs::write(sheets.join("明细表.csv"), text).expect("a new file");
        score(&self.rubrics(), &sheets)
    }
}

/// The lines that a cell of 写法 stands for.
fn written(cell: &str) -> String {
    let lines = cell.split('、').map(|line| line.trim_matches('`'));
    lines.collect::<Vec<_>>().join("\n")
}

/// The units of the class, in the order of print.
fn units(document: &Value) -> Vec<Value> {
    let units = document["classes"][0]["units"].as_array();
    units
        .unwrap_or_else(|| panic!("nothing was scored: {document}"))
        .clone()
}

fn decimals(rows: &[Vec<String>]) {
    let rate = "[[category.item.rule]]\ntext = \"按完成率扣分。\"\nkind = \"proportional\"\n\
        rate = \"typed\"\nask = \"完成率\"\n";
    for row in rows {
        let lab = Lab::new(&written(&row[0]), "", &[(50, rate)]);
        let document = lab.score(&[("甲", 1, vec!["97.77%"])]);
        let rule = &units(&document)[0]["periods"][0]["rounds"][0]["items"][0]["rules"][0];
        assert_eq!(rule["asked"].to_string(), row[1], "{row:?}");
    }
}

fn rounds(rows: &[Vec<String>]) {
    for row in rows {
        let lab = Lab::new("", &written(&row[0]), &[(100, FREE)]);
        let lost = [(1, "10"), (2, "20"), (3, "15")];
        let document = lab.score(&lost.map(|(round, lost)| ("甲", round, vec![lost])));
        let period = &units(&document)[0]["periods"][0];
        assert_eq!(period["score"].to_string(), row[2], "{row:?}");
        adds_up(&row[3], &row[2]);
    }
}

fn not_applicable(rows: &[Vec<String>]) {
    for row in rows {
        let lab = Lab::new(&written(&row[0]), "", &[(80, FREE), (20, FREE)]);
        let document = lab.score(&[("甲", 1, vec!["10", "不涉及"])]);
        if row[2] == "报错" {
            assert_eq!(document["unranked"][0]["problems"][0], "not-a-number");
        } else {
            let round = &units(&document)[0]["periods"][0]["rounds"][0];
            assert_eq!(round["score"].to_string(), row[2], "{row:?}");
            adds_up(&row[3], &row[2]);
        }
    }
}

fn ranks(document: &Value) -> String {
    let ranks: Vec<String> = units(document)
        .iter()
        .map(|unit| unit["rank"].to_string())
        .collect();
    ranks.join("、")
}

fn ties(rows: &[Vec<String>]) {
    for row in rows {
        let lab = Lab::new(
            &format!("[ranking]\n{}", written(&row[0])),
            "",
            &[(100, FREE)],
        );
        let lost = UNITS.into_iter().zip(["5", "7", "7", "10"]);
        let rows: Vec<_> = lost.map(|(unit, lost)| (unit, 1, vec![lost])).collect();
        assert_eq!(ranks(&lab.score(&rows)), row[1], "{row:?}");
    }
}

fn tie_breakers(rows: &[Vec<String>]) {
    for row in rows {
        let keys = format!("[ranking]\n{}", written(&row[0]));
        let lab = Lab::new(&keys, "", &[(50, FREE), (50, FREE)]);
        let document = lab.score(&[("甲", 1, vec!["7", "0"]), ("乙", 1, vec!["0", "7"])]);
        let rank = |name: &str| {
            let units = units(&document);
            let unit = units.iter().find(|unit| unit["unit"] == name);
            unit.expect("a unit of the lab")["rank"].to_string()
        };
        assert_eq!(format!("{}、{}", rank("甲"), rank("乙")), row[1], "{row:?}");
    }
}

fn grades(block: &Block, rows: &[Vec<String>]) {
    let down = block.toml.replace("\"up\"", "\"down\"");
    for (toml, column) in [(&block.toml, 1), (&down, 2)] {
        let lab = Lab::new(&format!("{toml}"), "", &[(1000, FREE)]);
        let lost: Vec<String> = rows
            .iter()
            .map(|row| plain(Decimal::ONE_THOUSAND - parse(&row[0]).expect("a total")))
            .collect();
        let lines: Vec<_> = UNITS
            .into_iter()
            .zip(&lost)
            .map(|(unit, lost)| (unit, 1, vec![lost.as_str()]))
            .collect();
        let document = lab.score(&lines);
        for (unit, row) in units(&document).iter().zip(rows) {
            assert_eq!(unit["grade"], row[column], "{row:?}");
        }
    }
}

/// A cell of 算式 is right, and comes to `result` unless that is rounded.
fn adds_up(sum: &str, result: &str) {
    let Some((terms, value)) = sum.split_once('=') else {
        assert!(sum.is_empty(), "{sum} has no result");
        return;
    };
    let tokens: Vec<char> = terms.chars().filter(|c| !c.is_whitespace()).collect();
    let mut rest = &tokens[..];
    let computed = add(&mut rest);
    assert!(rest.is_empty(), "{sum} ends with {rest:?}");
    let value = value.trim();
    match value.strip_suffix('…') {
        Some(digits) => assert!(plain(computed).starts_with(digits), "{sum}: {computed}"),
        None => {
            assert_eq!(plain(computed), value, "{sum}");
            assert_eq!(value, result, "{sum}");
        }
    }
}

fn add(rest: &mut &[char]) -> Decimal {
    let mut sum = multiply(rest);
    while let [sign @ ('+' | '−'), after @ ..] = rest {
        *rest = after;
        let term = multiply(rest);
        sum += if *sign == '+' { term } else { -term };
    }
    sum
}

fn multiply(rest: &mut &[char]) -> Decimal {
    let mut product = factor(rest);
    while let [sign @ ('×' | '÷'), after @ ..] = rest {
        *rest = after;
        let by = factor(rest);
        product = if *sign == '×' {
            product * by
        } else {
            product / by
        };
    }
    product
}

fn factor(rest: &mut &[char]) -> Decimal {
    if let ['(', after @ ..] = rest {
        *rest = after;
        let sum = add(rest);
        assert_eq!(rest.first(), Some(&')'), "a bracket is not closed");
        *rest = &rest[1..];
        return sum;
    }
    let digits = rest
        .iter()
        .take_while(|c| c.is_ascii_digit() || **c == '.')
        .count();
    let number: String = rest[..digits].iter().collect();
    let number = parse(&number).unwrap_or_else(|| panic!("a number should stand at {rest:?}"));
    *rest = &rest[digits..];
    if let ['%', after @ ..] = rest {
        *rest = after;
        return number / Decimal::ONE_HUNDRED;
    }
    number
}

/// The words in quotes at the start of the rows of tables like `("mean", "平均", …)`, and the
/// names of kinds.
fn words_of(source: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for line in source.lines().map(str::trim) {
        let row = line
            .strip_prefix("(\"")
            .or_else(|| line.strip_prefix("name: \""));
        let word = row.and_then(|row| row.split_once('"'));
        words.extend(word.map(|(word, _)| word.to_owned()));
    }
    words
}

/// Words that do not stand at the start of a line of the source.
const ANSWERS: [&str; 2] = ["否", "是"];

#[test]
fn no_key_kind_or_word_is_left_out() {
    let page = page();
    let folder = project("src/input/rubric_file");
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("a source file");
    let keys = read("keys.rs").replace("(\n        \"", "(\"");
    let keys = words_of(&keys);
    assert!(keys.len() > 50, "{keys:?}");
    for key in keys {
        let ways = [
            format!("`{key}`"),
            format!("[{key}]]"),
            format!("[{key}]"),
            format!(".{key}]]"),
        ];
        let there = ways.iter().any(|way| page.contains(way));
        assert!(there, "the page does not explain the key {key}");
    }
    let mut words = words_of(&(read("rubric.rs") + &read("kind.rs") + &read("tasks.rs")));
    words.extend(ANSWERS.map(str::to_owned));
    assert!(words.len() > 15, "{words:?}");
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
