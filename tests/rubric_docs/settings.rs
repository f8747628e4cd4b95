//! The tables of what offices do differently, each row in a rubric of its own.

use kaohe::decimal::{Decimal, parse, plain};
use serde_json::Value;

use crate::lab::{FREE, Lab, UNITS};
use crate::page::Block;
use crate::sums::adds_up;

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

pub fn decimals(rows: &[Vec<String>]) {
    let rate = "[[category.item.rule]]\ntext = \"按完成率扣分。\"\nkind = \"proportional\"\n\
        rate = \"typed\"\nask = \"完成率\"\n";
    for row in rows {
        let lab = Lab::new(&written(&row[0]), "", &[(50, rate)]);
        let document = lab.score(&[("甲", 1, vec!["97.77%"])]);
        let rule = &units(&document)[0]["periods"][0]["rounds"][0]["items"][0]["rules"][0];
        assert_eq!(rule["asked"].to_string(), row[1], "{row:?}");
    }
}

pub fn rounds(rows: &[Vec<String>]) {
    for row in rows {
        let lab = Lab::new("", &written(&row[0]), &[(100, FREE)]);
        let lost = [(1, "10"), (2, "20"), (3, "15")];
        let document = lab.score(&lost.map(|(round, lost)| ("甲", round, vec![lost])));
        let period = &units(&document)[0]["periods"][0];
        assert_eq!(period["score"].to_string(), row[2], "{row:?}");
        adds_up(&row[3], &row[2]);
    }
}

pub fn not_applicable(rows: &[Vec<String>]) {
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

pub fn ties(rows: &[Vec<String>]) {
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

pub fn tie_breakers(rows: &[Vec<String>]) {
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

pub fn grades(block: &Block, rows: &[Vec<String>]) {
    let down = block.toml.replace("\"up\"", "\"down\"");
    for (toml, column) in [(&block.toml, 1), (&down, 2)] {
        let lab = Lab::new(toml, "", &[(1000, FREE)]);
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
