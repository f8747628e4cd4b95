//! The tree for machines; every number is an exact decimal.

use std::io::{self, Write};

use serde::Serialize;

use super::Tree;
use crate::decimal::{Decimal, as_json, as_json_or_null};
use crate::model::rubric::{
    Category, Clause, Item, Kind, Level, NotApplicable, Period, RateSource, Rounds, Rubric, Rule,
    Ties, mark_text,
};

/// Decimals of a share that does not end.
const SHARE_PLACES: u32 = 6;

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    id: &'a str,
    title: &'a str,
    class: &'a str,
    units: usize,
    year: i32,
    version: &'a str,
    date: &'a str,
    source: &'a str,
    file: &'a str,
    sha256: &'a str,
    #[serde(serialize_with = "as_json")]
    total: Decimal,
    #[serde(serialize_with = "as_json")]
    points: Decimal,
    tasks: Option<Tasks<'a>>,
    decimals: u32,
    ranking: Ranking,
    grades: Option<Grades<'a>>,
    uses: &'a [String],
    periods: Vec<PeriodOut<'a>>,
    categories: Vec<CategoryOut<'a>>,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct Tasks<'a> {
    title: &'a str,
    tasks: usize,
    version: &'a str,
    date: &'a str,
}

#[derive(Serialize)]
struct Ranking {
    ties: &'static str,
    tie_breakers: Vec<u32>,
}

#[derive(Serialize)]
struct Grades<'a> {
    cut_ties: &'static str,
    levels: Vec<LevelOut<'a>>,
}

#[derive(Serialize)]
struct LevelOut<'a> {
    name: &'a str,
    #[serde(serialize_with = "as_json_or_null")]
    at_least: Option<Decimal>,
    #[serde(serialize_with = "as_json_or_null")]
    above: Option<Decimal>,
    #[serde(serialize_with = "as_json_or_null")]
    share: Option<Decimal>,
}

#[derive(Serialize)]
struct Number(#[serde(serialize_with = "as_json")] Decimal);

#[derive(Serialize)]
struct PeriodOut<'a> {
    id: &'a str,
    name: &'a str,
    also: &'a [String],
    #[serde(serialize_with = "as_json")]
    weight: Decimal,
    rounds: &'static str,
    round_weights: Option<Vec<Number>>,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct CategoryOut<'a> {
    name: &'a str,
    #[serde(serialize_with = "as_json")]
    declared: Decimal,
    #[serde(serialize_with = "as_json")]
    points: Decimal,
    #[serde(serialize_with = "as_json")]
    share: Decimal,
    items: Vec<ItemOut<'a>>,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct ItemOut<'a> {
    no: u32,
    name: &'a str,
    #[serde(serialize_with = "as_json")]
    points: Decimal,
    #[serde(serialize_with = "as_json")]
    share: Decimal,
    method: &'a [String],
    clauses: Vec<ClauseOut<'a>>,
    rules: Vec<RuleOut<'a>>,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct ClauseOut<'a> {
    mark: Option<String>,
    #[serde(serialize_with = "as_json")]
    points: Decimal,
    text: &'a str,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct RuleOut<'a> {
    id: String,
    covers: Vec<Option<String>>,
    kind: KindOut,
    by_period: Vec<ByPeriod<'a>>,
    #[serde(serialize_with = "as_json")]
    cap: Decimal,
    #[serde(serialize_with = "as_json")]
    share: Decimal,
    ask: &'a str,
    count: Option<&'a str>,
    not_applicable: &'static str,
    text: &'a str,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct ByPeriod<'a> {
    period: &'a str,
    kind: KindOut,
}

/// A kind and its own figures, under the names of the rubric file.
#[derive(Serialize)]
#[serde(tag = "name", rename_all = "kebab-case")]
enum KindOut {
    PerOccurrence {
        #[serde(serialize_with = "as_json")]
        each: Decimal,
    },
    #[serde(rename_all = "kebab-case")]
    Fixed {
        #[serde(serialize_with = "as_json")]
        points: Decimal,
        lost_by: &'static str,
    },
    Shortfall {
        #[serde(serialize_with = "as_json")]
        required: Decimal,
        #[serde(serialize_with = "as_json")]
        each: Decimal,
    },
    Proportional {
        rate: &'static str,
    },
    Discretionary,
}

/// Writes the tree as JSON.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_json(out: &mut impl Write, tree: &Tree) -> io::Result<()> {
    let rubric = tree.rubric();
    let tasks = tree.catalog.tasks_of(rubric).map(|tasks| Tasks {
        title: &tasks.title,
        tasks: tasks.tasks.len(),
        version: &tasks.version,
        date: &tasks.date,
    });
    let document = Document {
        schema: "kaohe.rubric/1",
        id: &rubric.id,
        title: &rubric.title,
        class: &rubric.class,
        units: tree.catalog.class(tree.rubric).count(),
        year: rubric.year,
        version: &rubric.version,
        date: &rubric.date,
        source: &rubric.source,
        file: tree.file,
        sha256: tree.sha256,
        total: rubric.total,
        points: rubric.points(),
        tasks,
        decimals: rubric.decimals,
        ranking: ranking(rubric),
        grades: grades(rubric),
        uses: &rubric.uses,
        periods: rubric.periods.iter().map(period).collect(),
        categories: rubric
            .categories
            .iter()
            .map(|of| category(rubric, of))
            .collect(),
        note: rubric.note.as_deref(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// A part of all points, 0 to 1.
fn share(part: Decimal, rubric: &Rubric) -> Decimal {
    let whole = rubric.points();
    if whole.is_zero() {
        return Decimal::ZERO;
    }
    crate::decimal::round(part / whole, SHARE_PLACES)
}

fn ranking(rubric: &Rubric) -> Ranking {
    let breakers = rubric.ranking.tie_breakers.iter();
    Ranking {
        ties: match rubric.ranking.ties {
            Ties::Skip => "skip",
            Ties::Dense => "dense",
        },
        tie_breakers: breakers
            .filter_map(|&position| rubric.items().nth(position))
            .map(|item| item.no)
            .collect(),
    }
}

fn grades(rubric: &Rubric) -> Option<Grades<'_>> {
    let grades = rubric.grades.as_ref()?;
    Some(Grades {
        cut_ties: if grades.ties_up { "up" } else { "down" },
        levels: grades.levels.iter().map(level).collect(),
    })
}

fn level(level: &Level) -> LevelOut<'_> {
    let bound = |inclusive| level.bound.filter(|bound| bound.inclusive == inclusive);
    LevelOut {
        name: &level.name,
        at_least: bound(true).map(|bound| bound.score),
        above: bound(false).map(|bound| bound.score),
        share: level.share,
    }
}

fn period(period: &Period) -> PeriodOut<'_> {
    let (rounds, round_weights) = match &period.rounds {
        Rounds::Mean => ("mean", None),
        Rounds::Last => ("last", None),
        Rounds::Best => ("best", None),
        Rounds::Weights(shares) => (
            "weights",
            Some(shares.iter().copied().map(Number).collect()),
        ),
    };
    PeriodOut {
        id: &period.id,
        name: &period.name,
        also: &period.also,
        weight: period.weight,
        rounds,
        round_weights,
        note: period.note.as_deref(),
    }
}

fn category<'a>(rubric: &'a Rubric, category: &'a Category) -> CategoryOut<'a> {
    let points = category.items.iter().map(|item| item.points).sum();
    CategoryOut {
        name: &category.name,
        declared: category.declared,
        points,
        share: share(points, rubric),
        items: category.items.iter().map(|of| item(rubric, of)).collect(),
        note: category.note.as_deref(),
    }
}

fn item<'a>(rubric: &'a Rubric, item: &'a Item) -> ItemOut<'a> {
    ItemOut {
        no: item.no,
        name: &item.name,
        points: item.points,
        share: share(item.points, rubric),
        method: &item.method,
        clauses: item.clauses.iter().map(clause).collect(),
        rules: item.rules.iter().map(|of| rule(rubric, item, of)).collect(),
        note: item.note.as_deref(),
    }
}

fn clause(clause: &Clause) -> ClauseOut<'_> {
    ClauseOut {
        mark: clause.mark.map(mark_text),
        points: clause.points,
        text: &clause.text,
        note: clause.note.as_deref(),
    }
}

fn rule<'a>(rubric: &'a Rubric, item: &Item, rule: &'a Rule) -> RuleOut<'a> {
    let covers = rule.covers.iter();
    let by_period = rule.by_period.iter().map(|(period, of)| ByPeriod {
        period: &rubric.periods[*period].id,
        kind: kind(of),
    });
    RuleOut {
        id: rule.id.to_string(),
        covers: covers
            .map(|&clause| item.clauses[clause].mark.map(mark_text))
            .collect(),
        kind: kind(&rule.kind),
        by_period: by_period.collect(),
        cap: rule.cap,
        share: share(rule.cap, rubric),
        ask: &rule.ask,
        count: rule.count.as_deref(),
        not_applicable: match rule.not_applicable {
            NotApplicable::Refused => "refused",
            NotApplicable::Full => "full",
            NotApplicable::Zero => "zero",
            NotApplicable::Rescaled => "rescaled",
        },
        text: &rule.text,
        note: rule.note.as_deref(),
    }
}

fn kind(kind: &Kind) -> KindOut {
    match *kind {
        Kind::PerOccurrence { each } => KindOut::PerOccurrence { each },
        Kind::Fixed { points, lost_by } => KindOut::Fixed {
            points,
            lost_by: if lost_by { "是" } else { "否" },
        },
        Kind::Shortfall { required, each } => KindOut::Shortfall { required, each },
        Kind::Proportional { rate } => KindOut::Proportional {
            rate: match rate {
                RateSource::Tasks => "tasks",
                RateSource::Typed => "typed",
            },
        },
        Kind::Discretionary => KindOut::Discretionary,
    }
}
