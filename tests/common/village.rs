//! A rubric of a made-up county, changed to other choices: what tests of settings share.
//!
//! `tests/data/settings/village.toml`: 1① takes 1 point for each missing document (up to 20), 1②
//! points at discretion (up to 10), 2 takes 50 × (1 − rate), 3 takes 5 points for each of 4
//! campaigns that lacks.

use std::fs;
use std::path::{Path, PathBuf};

use kaohe::input::rubric_file::{self, RubricSource};

/// What stands in the rubric, and what is to stand in its place.
pub type Edit = (&'static str, String);

/// Settings behind the total, where keys of the rubric itself stand.
pub fn with_key(lines: &str) -> Edit {
    ("total = 100\n", format!("total = 100\n{lines}\n"))
}

/// Tables in front of the first heading.
pub fn with_tables(text: &str) -> Edit {
    ("[[category]]", format!("{text}\n[[category]]"))
}

/// Another way for the months to combine.
pub fn with_rounds(lines: &str) -> Edit {
    ("rounds = \"mean\"", lines.to_owned())
}

/// The rubric and its roster, changed by `edits`.
pub fn sources(edits: &[Edit]) -> Vec<RubricSource> {
    let data = super::project("tests/data/settings");
    let mut sources = rubric_file::from_dir(&data).expect("the rubric of the village");
    for source in &mut sources {
        if source.name == "village.toml" {
            for (from, to) in edits {
                assert!(source.text.contains(from), "the rubric has {from}");
                source.text = source.text.replacen(from, to, 1).into();
            }
        }
    }
    sources
}

/// Writes them into a new folder `rubrics` below `folder`.
pub fn write(folder: &Path, edits: &[Edit]) -> PathBuf {
    let rubrics = folder.join("rubrics");
    fs::create_dir(&rubrics).expect("a new folder");
    for source in sources(edits) {
        fs::write(rubrics.join(&source.name), source.text.as_bytes()).expect("a new file");
    }
    rubrics
}

/// Sets of choices that differ in everything.
pub fn choices() -> Vec<Vec<Edit>> {
    let level = |name: &str, conditions: &str| {
        format!("[[grades.level]]\nname = \"{name}\"\n{conditions}\n")
    };
    vec![
        vec![
            with_rounds("rounds = \"best\""),
            with_key("decimals = 1\nnot-applicable = \"full\""),
            with_tables(&format!(
                "[ranking]\nties = \"dense\"\ntie-breakers = [2, 1]\n[grades]\ncut-ties = \"up\"\n{}{}{}",
                level("优秀", "at-least = 90\nshare = 0.29"),
                level("良好", "above = 80"),
                level("合格", "")
            )),
        ],
        vec![
            with_rounds("rounds = \"weights\"\nround-weights = [0.2, 0.3, 0.5]"),
            with_key("decimals = 3\nnot-applicable = \"rescaled\""),
            with_tables(&format!(
                "[ranking]\ntie-breakers = [3]\n[grades]\ncut-ties = \"down\"\n{}{}",
                level("先进", "share = 0.4"),
                level("一般", "")
            )),
        ],
        vec![
            with_rounds("rounds = \"last\""),
            with_key("decimals = 0\nnot-applicable = \"zero\""),
            with_tables("[ranking]\nties = \"dense\"\n"),
        ],
        vec![
            with_key("not-applicable = \"rescaled\""),
            with_tables(&format!(
                "[grades]\n{}{}",
                level("甲", "at-least = 85"),
                level("乙", "")
            )),
        ],
    ]
}
