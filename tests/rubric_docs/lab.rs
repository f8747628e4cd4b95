//! Rubrics of one question each, and the sheets that answer it.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::common;

/// A rubric for one question, its units 甲, 乙, 丙, … and what they lose.
pub struct Lab(tempfile::TempDir);

pub const UNITS: [&str; 8] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛"];

/// A rule of the lab: points that the sheet names.
pub const FREE: &str =
    "[[category.item.rule]]\ntext = \"酌情扣分。\"\nkind = \"discretionary\"\nask = \"扣分\"\n";

impl Lab {
    /// A rubric with `keys` of its own, `period` in its only period, and items of so many points
    /// with a rule each.
    pub fn new(keys: &str, period: &str, items: &[(u32, &str)]) -> Self {
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

    pub fn rubrics(&self) -> PathBuf {
        self.0.path().join("rubrics")
    }

    /// Scores rows: unit, round, the values of the items.
    pub fn score(&self, rows: &[(&str, u32, Vec<&str>)]) -> Value {
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

pub fn score(rubrics: &Path, sheets: &Path) -> Value {
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
