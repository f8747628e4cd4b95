//! The JSON Schema of the files and the reader agree: on the built-in files, and on every way in
//! which a line of them can be wrong by itself.

mod common;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::fs;

use common::{kaohe, project};
use kaohe::input::rubric_file::{
    self, Document, RubricProblem, RubricSource, from_file, read_trials, schema,
};
use regex_lite::Regex;
use serde_json::Value;

/// What is wrong with one value or key by itself, which a schema can say too. What must hold
/// between values, such as sums and names, is for the reader alone.
const OF_SHAPE: &[&str] = &[
    "bad-date",
    "bad-id",
    "bad-mark",
    "bad-task-number",
    "empty-text",
    "goal-bounds",
    "key-of-another-kind",
    "missing-key",
    "negative-number",
    "not-a-whole-number",
    "number-out-of-range",
    "unknown-key",
    "unknown-kind",
    "unknown-word",
    "weight-out-of-range",
    "wrong-type",
];

thread_local! {
    static PATTERNS: RefCell<HashMap<String, Regex>> = RefCell::default();
}

/// Whether `value` is as `schema` says. Knows the words of the language that the schemas use,
/// and no other.
fn fits(schema: &Value, value: &Value) -> bool {
    let Some(schema) = schema.as_object() else {
        return schema == &Value::Bool(true);
    };
    let bound = |bound: &Value| bound.as_f64().expect("a bound is a number");
    let one = |list: &Value| list.as_array().expect("a list").clone();
    schema.iter().all(|(word, is)| match word.as_str() {
        "$schema" | "title" | "description" | "x-taplo" | "then" | "additionalProperties" => true,
        "type" => match is.as_str().expect("a type") {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "number" => value.is_number(),
            "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
            other => panic!("no type {other}"),
        },
        "enum" => one(is).contains(value),
        "const" => is == value,
        "pattern" => value.as_str().is_none_or(|text| {
            let pattern = is.as_str().expect("a pattern");
            PATTERNS.with_borrow_mut(|known| {
                let compiled = || Regex::new(pattern).expect("a sound pattern");
                let pattern = known.entry(pattern.to_owned()).or_insert_with(compiled);
                pattern.is_match(text)
            })
        }),
        "minimum" => value.as_f64().is_none_or(|number| number >= bound(is)),
        "maximum" => value.as_f64().is_none_or(|number| number <= bound(is)),
        "exclusiveMinimum" => value.as_f64().is_none_or(|number| number > bound(is)),
        "exclusiveMaximum" => value.as_f64().is_none_or(|number| number < bound(is)),
        "minItems" => value
            .as_array()
            .is_none_or(|list| list.len() as f64 >= bound(is)),
        "items" => value
            .as_array()
            .is_none_or(|list| list.iter().all(|entry| fits(is, entry))),
        "required" => value.as_object().is_none_or(|table| {
            one(is)
                .iter()
                .all(|key| table.contains_key(key.as_str().expect("a key")))
        }),
        "properties" => value.as_object().is_none_or(|table| {
            let known = is.as_object().expect("a table");
            let rest = schema.get("additionalProperties");
            table
                .iter()
                .all(|(key, value)| match (known.get(key), rest) {
                    (Some(is), _) | (None, Some(is)) => fits(is, value),
                    (None, None) => true,
                })
        }),
        "allOf" => one(is).iter().all(|part| fits(part, value)),
        "anyOf" => one(is).iter().any(|part| fits(part, value)),
        "not" => !fits(is, value),
        "if" => !fits(is, value) || fits(&schema["then"], value),
        other => panic!("no word {other}"),
    }) && match (schema.get("properties"), schema.get("additionalProperties")) {
        (None, Some(is)) => value
            .as_object()
            .is_none_or(|table| table.values().all(|value| fits(is, value))),
        _ => true,
    }
}

fn schema_of(document: Document) -> Value {
    serde_json::from_str(&schema(document)).expect("it is JSON")
}

fn json(toml: &str) -> Value {
    let table: toml::Table = toml::from_str(toml).expect("a mutation leaves TOML");
    serde_json::to_value(table).expect("TOML is JSON, dates aside")
}

/// What the reader says of the shape of one file.
fn problems(source: &RubricSource, document: Document) -> Vec<RubricProblem> {
    let problems = match document {
        Document::Test => read_trials(source).err(),
        _ => rubric_file::read(std::slice::from_ref(source)).err(),
    };
    let problems = problems.unwrap_or_default().into_iter();
    problems
        .filter(|problem| OF_SHAPE.contains(&problem.code))
        // What several clauses, rules or grades need is a matter between tables.
        .filter(|problem| !problem.message.contains("这款"))
        .filter(|problem| !problem.message.contains("却没有写“cut-ties”"))
        .collect()
}

/// The file with each of its lines changed in ways that a hand may slip, once for every key of
/// every kind of table; each with the change.
fn slips(text: &str) -> Vec<(String, String)> {
    let mut seen = HashSet::new();
    let mut header = "";
    let mut kind = "";
    let mut slips = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.starts_with('[') {
            (header, kind) = (line, "");
        }
        let Some((key, value)) = line.split_once(" = ") else {
            continue;
        };
        let plain = |c: char| c.is_ascii_lowercase() || c == '-';
        if !key.chars().all(plain) || value.ends_with('[') {
            continue;
        }
        if key == "kind" {
            kind = value;
        }
        if !seen.insert((header, kind, key)) {
            continue;
        }
        let mut changed = vec![
            format!("{key}x = {value}"),
            String::new(),
            format!("{key} = true"),
            format!("{key} = [[]]"),
            format!("{key} = {{ x = 1 }}"),
            format!("{key} = \"\""),
            format!("{key} = -0.5"),
            format!("{key} = 0.5"),
            format!("{key} = 1.5"),
            format!("{key} = 1234567"),
            format!("{key} = \"中文\""),
            format!("{key} = [1]"),
            format!("{key} = [\"①\"]"),
            format!("{key} = []"),
            format!("{line}\nunknown = 1"),
        ];
        if value.starts_with('"') {
            changed.push(format!("{key} = \"③\""));
        }
        let words: &[&str] = match key {
            "kind" => &[
                "per-occurrence",
                "fixed",
                "shortfall",
                "proportional",
                "discretionary",
            ],
            "rounds" => &["mean", "last", "best", "weights"],
            "rate" => &["tasks", "typed"],
            "lost-by" => &["是", "否"],
            _ => &[],
        };
        changed.extend(words.iter().map(|word| format!("{key} = \"{word}\"")));
        for change in changed {
            let lines = text.lines().enumerate();
            let lines = lines.map(|(at, line)| if at == index { &change } else { line });
            let slip = lines.collect::<Vec<_>>().join("\n");
            slips.push((format!("line {}: {change}", index + 1), slip));
        }
    }
    slips
}

#[test]
fn the_schemas_beside_the_rubrics_are_those_of_the_reader() {
    for document in Document::ALL {
        let path = project("rubrics").join(document.file_name());
        let generated = schema(document);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&path, &generated).expect("a writable folder");
        }
        let committed = fs::read_to_string(&path).expect("a schema beside the rubrics");
        assert_eq!(committed.replace('\r', ""), generated, "{}", path.display());
        let name = document.file_name().replace(".schema.json", "");
        let output = kaohe(["rubric", "schema", &name]);
        assert_eq!(String::from_utf8_lossy(&output.stdout), generated);
    }
}

#[test]
fn every_file_names_its_schema_in_its_first_line_and_fits_it() {
    let mut files = 0;
    for entry in fs::read_dir(project("rubrics")).expect("the rubrics") {
        let path = entry.expect("an entry of that folder").path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        files += 1;
        let text = fs::read_to_string(&path).expect("a rubric");
        let first = text.lines().next().unwrap_or_default();
        let document = Document::ALL
            .into_iter()
            .find(|document| first == format!("#:schema ./{}", document.file_name()));
        let document = document.unwrap_or_else(|| panic!("{}: {first}", path.display()));
        assert!(
            fits(&schema_of(document), &json(&text)),
            "{}",
            path.display()
        );
    }
    assert_eq!(
        files, 8,
        "three rubrics, their tests, the tasks and the roster"
    );
}

/// Both accept or both refuse each slip of a file; how many slips there are.
fn agree(path: &str, document: Document) -> usize {
    // No kind of table begins below; a file cut there is still whole tables.
    const MOST_LINES: usize = 260;
    let mut source = from_file(&project(path)).expect("a file of the project");
    let schema = schema_of(document);
    let text: Vec<&str> = source.text.lines().take(MOST_LINES).collect();
    let slips = slips(&text.join("\n"));
    let mut refused = 0;
    let mut parted = Vec::new();
    for (change, slip) in &slips {
        source.text = slip.as_str().into();
        let problems = problems(&source, document);
        let fits = fits(&schema, &json(slip));
        if fits != problems.is_empty() {
            let sources = std::slice::from_ref(&source);
            let shown = problems
                .iter()
                .map(|problem| problem.render(sources, false));
            let shown = shown.collect::<Vec<_>>().join("\n");
            parted.push(format!(
                "{change}\nthe schema says {fits}, the reader: {shown}"
            ));
        }
        refused += usize::from(!fits);
    }
    assert!(parted.is_empty(), "{path}\n{}", parted.join("\n\n"));
    assert!(refused * 2 > slips.len(), "most slips are wrong");
    slips.len()
}

#[test]
fn schema_and_reader_agree_on_every_slip() {
    let slips = agree("rubrics/government.toml", Document::Rubric)
        + agree("tests/data/trial/settings/river.toml", Document::Rubric)
        + agree("tests/data/rubric/good/river.toml", Document::Rubric)
        + agree("rubrics/tasks.toml", Document::Tasks)
        + agree("rubrics/roster.toml", Document::Roster)
        + agree("tests/data/trial/settings/river.test.toml", Document::Test);
    assert!(slips > 2500, "{slips} slips were tried");
}
