//! Scores for machines: `score --format json` and `--format csv`. The contract names every key.

use std::io::{self, Write};

use serde::Serialize;

use crate::decimal::{self, Decimal, plain};
use crate::model::catalog::Catalog;
use crate::model::rubric::Rubric;
use crate::model::scorecard::{ClassResult, PeriodScore, Scorecard, UnitScore, Unranked};
use crate::text::is_unseen;

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    year: Option<i32>,
    classes: Vec<Class<'a>>,
    unranked: Vec<Left<'a>>,
}

#[derive(Serialize)]
struct Class<'a> {
    rubric: &'a str,
    title: &'a str,
    provisional: bool,
    units: Vec<Unit<'a>>,
}

#[derive(Serialize)]
struct Unit<'a> {
    unit: &'a str,
    rank: Option<usize>,
    #[serde(serialize_with = "decimal::as_json_or_null")]
    total: Option<Decimal>,
    /// Only where the rubric has grades.
    #[serde(skip_serializing_if = "Option::is_none")]
    grade: Option<&'a str>,
    periods: Vec<Period<'a>>,
}

#[derive(Serialize)]
struct Period<'a> {
    period: &'a str,
    #[serde(serialize_with = "decimal::as_json")]
    weight: Decimal,
    #[serde(serialize_with = "decimal::as_json")]
    score: Decimal,
    rounds: Vec<Round<'a>>,
}

#[derive(Serialize)]
struct Round<'a> {
    round: u32,
    #[serde(serialize_with = "decimal::as_json")]
    score: Decimal,
    /// Only where 不涉及 took points out of the round.
    #[serde(skip_serializing_if = "Option::is_none")]
    converted: Option<Converted>,
    items: Vec<Item<'a>>,
}

/// What the score of a round was converted from: `kept` of `points`.
#[derive(Serialize)]
struct Converted {
    #[serde(serialize_with = "decimal::as_json")]
    kept: Decimal,
    #[serde(serialize_with = "decimal::as_json")]
    points: Decimal,
}

#[derive(Serialize)]
struct Item<'a> {
    no: u32,
    name: &'a str,
    #[serde(serialize_with = "decimal::as_json")]
    points: Decimal,
    #[serde(serialize_with = "decimal::as_json")]
    score: Decimal,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
struct Rule<'a> {
    id: String,
    value: &'a str,
    #[serde(serialize_with = "decimal::as_json")]
    asked: Decimal,
    #[serde(serialize_with = "decimal::as_json")]
    applied: Decimal,
    #[serde(serialize_with = "decimal::as_json")]
    absorbed: Decimal,
    #[serde(serialize_with = "decimal::as_json")]
    cap: Decimal,
    reason: Option<&'a str>,
    file: &'a str,
    sheet: Option<&'a str>,
    cell: String,
}

#[derive(Serialize)]
struct Left<'a> {
    unit: &'a str,
    rubric: &'a str,
    missing: Vec<Missing<'a>>,
    problems: Vec<&'static str>,
}

#[derive(Serialize)]
struct Missing<'a> {
    period: &'a str,
    round: u32,
}

/// Writes the results as JSON.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_json(
    out: &mut impl Write,
    catalog: &Catalog,
    results: &[ClassResult],
) -> io::Result<()> {
    let first = results.first().map_or(0, |class| class.rubric);
    let year = catalog.rubrics.get(first).map(|rubric| rubric.year);
    let unranked = results.iter().flat_map(|class| {
        let rubric = &catalog.rubrics[class.rubric];
        class
            .unranked
            .iter()
            .map(move |unranked| left(catalog, rubric, unranked))
    });
    let document = Document {
        schema: "kaohe.score/1",
        year,
        classes: results
            .iter()
            .map(|class| class_of(catalog, class))
            .collect(),
        unranked: unranked.collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn name(catalog: &Catalog, unit: usize) -> &str {
    &catalog.roster.units()[unit].name
}

fn class_of<'a>(catalog: &'a Catalog, class: &'a ClassResult) -> Class<'a> {
    let rubric = &catalog.rubrics[class.rubric];
    Class {
        rubric: &rubric.id,
        title: &rubric.title,
        provisional: class.provisional,
        units: class
            .units
            .iter()
            .map(|unit| unit_of(catalog, rubric, unit))
            .collect(),
    }
}

fn unit_of<'a>(catalog: &'a Catalog, rubric: &'a Rubric, unit: &'a UnitScore) -> Unit<'a> {
    Unit {
        unit: name(catalog, unit.unit),
        rank: unit.rank,
        total: unit.total,
        grade: rubric.grade_name(unit.grade),
        periods: unit
            .periods
            .iter()
            .map(|period| period_of(rubric, period))
            .collect(),
    }
}

fn period_of<'a>(rubric: &'a Rubric, period: &'a PeriodScore) -> Period<'a> {
    Period {
        period: &rubric.periods[period.period].id,
        weight: period.weight,
        score: period.score,
        rounds: period
            .rounds
            .iter()
            .map(|round| round_of(rubric, round))
            .collect(),
    }
}

fn round_of<'a>(rubric: &'a Rubric, scorecard: &'a Scorecard) -> Round<'a> {
    let mut entries = scorecard.record.entries.iter();
    let items = rubric.items().zip(&scorecard.items).map(|(item, score)| {
        let rules = item.rules.iter().zip(&score.rules).zip(entries.by_ref());
        Item {
            no: item.no,
            name: &item.name,
            points: score.points,
            score: score.score,
            rules: rules
                .map(|((rule, score), entry)| Rule {
                    id: rule.id.to_string(),
                    value: &entry.value,
                    asked: score.asked,
                    applied: score.applied,
                    absorbed: score.absorbed(),
                    cap: rule.cap,
                    reason: entry.reason.as_deref(),
                    file: &entry.place.source.file,
                    sheet: entry.place.source.sheet.as_deref(),
                    cell: entry.place.address.to_string(),
                })
                .collect(),
        }
    });
    let converted = (scorecard.points != rubric.points()).then_some(Converted {
        kept: scorecard.kept,
        points: scorecard.points,
    });
    Round {
        round: scorecard.record.round,
        score: scorecard.score,
        converted,
        items: items.collect(),
    }
}

fn left<'a>(catalog: &'a Catalog, rubric: &'a Rubric, unranked: &Unranked) -> Left<'a> {
    let missing = unranked.missing.iter().map(|&(period, round)| Missing {
        period: &rubric.periods[period].id,
        round,
    });
    Left {
        unit: name(catalog, unranked.unit),
        rubric: &rubric.id,
        missing: missing.collect(),
        problems: unranked.problems.iter().map(|code| code.name()).collect(),
    }
}

/// Writes the results as CSV: one row a unit, a column for every period of any rubric, one for
/// the grade where any rubric has grades, UTF-8 with a byte order mark so that Excel reads the
/// Chinese.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_csv(
    out: &mut impl Write,
    catalog: &Catalog,
    results: &[ClassResult],
) -> io::Result<()> {
    let mut periods: Vec<(&str, &str)> = Vec::new();
    for period in catalog.rubrics.iter().flat_map(|rubric| &rubric.periods) {
        if !periods.iter().any(|(id, _)| *id == period.id) {
            periods.push((&period.id, &period.name));
        }
    }
    out.write_all("\u{feff}".as_bytes())?;
    let mut csv = csv::Writer::from_writer(out);
    let mut header = ["类别", "名次", "单位"].map(str::to_owned).to_vec();
    header.extend(periods.iter().map(|(_, name)| inert(name)));
    header.push("总分".to_owned());
    let graded = catalog.rubrics.iter().any(|rubric| rubric.grades.is_some());
    header.extend(graded.then(|| "等次".to_owned()));
    csv.write_record(header)?;
    for class in results {
        let rubric = &catalog.rubrics[class.rubric];
        let ranked = class.units.iter().map(|unit| {
            (
                unit.unit,
                (unit.rank, unit.total, unit.grade),
                &unit.periods,
            )
        });
        let unranked = class
            .unranked
            .iter()
            .map(|unit| (unit.unit, (None, None, None), &unit.periods));
        for (unit, (rank, total, grade), scores) in ranked.chain(unranked) {
            let mut row = vec![
                inert(&rubric.class),
                rank.map(|rank| rank.to_string()).unwrap_or_default(),
                inert(name(catalog, unit)),
            ];
            row.extend(periods.iter().map(|(id, _)| {
                let of_period = |score: &&PeriodScore| rubric.periods[score.period].id == *id;
                let score = scores.iter().find(of_period);
                score.map(|score| plain(score.score)).unwrap_or_default()
            }));
            row.push(total.map(plain).unwrap_or_default());
            let grade = rubric.grade_name(grade).unwrap_or_default();
            row.extend(graded.then(|| inert(grade)));
            csv.write_record(row)?;
        }
    }
    csv.flush()
}

/// A text that no spreadsheet takes for a formula: an apostrophe before what would start one.
fn inert(text: &str) -> String {
    const STARTS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let first = text.trim_start_matches(is_unseen);
    if first.starts_with(STARTS) || text.starts_with(char::is_control) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::inert;

    #[test]
    fn no_text_starts_a_formula() {
        assert_eq!(inert("=1+1"), "'=1+1");
        assert_eq!(inert(" @SUM(1)"), "' @SUM(1)");
        for other in [
            "+1", "-2+3", "＝1", "＋1", "－1", "＠x", "\t=1", "\r=1", "\n=1",
        ] {
            assert_eq!(inert(other), format!("'{other}"), "{other:?}");
        }
        for hidden in [
            "\0=1",
            "\u{feff}=1",
            "\u{3000}=1",
            "\u{200b}\u{a0}=1",
            "\tx",
            "\0x",
        ] {
            assert_eq!(inert(hidden), format!("'{hidden}"), "{hidden:?}");
        }
        assert_eq!(inert("武陵区"), "武陵区");
        assert_eq!(inert("A-B=C"), "A-B=C");
    }
}
