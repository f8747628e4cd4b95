//! Why a unit has its score, from the total down to the cell: `kaohe explain`. The arithmetic is
//! written out, so that a pocket calculator gets the same figures.

mod standing;
mod text;

use serde::Serialize;
use smol_str::SmolStr;

use crate::decimal::{self, Decimal, plain};
use crate::engine;
use crate::model::catalog::Catalog;
use crate::model::record::{Entry, Observed};
use crate::model::rubric::{Item, Kind, NotApplicable, Rounds, Rubric, Rule};
use crate::model::scorecard::{
    ClassResult, ItemScore, PeriodScore, RuleScore, Scorecard, UnitScore,
};

pub use text::render;

/// The story of one unit's score.
#[derive(Debug, Serialize)]
pub struct Explanation {
    schema: &'static str,
    unit: String,
    rubric: String,
    class: String,
    provisional: bool,
    rank: Option<usize>,
    of: usize,
    #[serde(serialize_with = "decimal::as_json_or_null")]
    total: Option<Decimal>,
    arithmetic: Option<String>,
    /// How equal totals were parted, and what grade the rank or total gives; in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    standing: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grade: Option<String>,
    periods: Vec<Period>,
    /// Decimals that scores are printed with.
    #[serde(skip)]
    decimals: u32,
}

#[derive(Debug, Serialize)]
struct Period {
    period: String,
    name: String,
    #[serde(serialize_with = "decimal::as_json")]
    weight: Decimal,
    #[serde(serialize_with = "decimal::as_json")]
    score: Decimal,
    arithmetic: String,
    rounds: Vec<Round>,
}

#[derive(Debug, Serialize)]
struct Round {
    round: u32,
    #[serde(serialize_with = "decimal::as_json")]
    score: Decimal,
    arithmetic: String,
    items: Vec<Part>,
}

#[derive(Debug, Serialize)]
struct Part {
    no: u32,
    name: String,
    #[serde(serialize_with = "decimal::as_json")]
    points: Decimal,
    #[serde(serialize_with = "decimal::as_json")]
    score: Decimal,
    arithmetic: String,
    rules: Vec<Step>,
}

#[derive(Debug, Serialize)]
struct Step {
    id: String,
    clauses: String,
    text: String,
    ask: String,
    value: String,
    #[serde(serialize_with = "decimal::as_json")]
    asked: Decimal,
    #[serde(serialize_with = "decimal::as_json")]
    applied: Decimal,
    #[serde(serialize_with = "decimal::as_json")]
    absorbed: Decimal,
    #[serde(serialize_with = "decimal::as_json")]
    cap: Decimal,
    arithmetic: String,
    reason: Option<String>,
    evidence: Option<String>,
    claim: Option<String>,
    file: String,
    sheet: Option<String>,
    cell: String,
}

/// The story of the unit that stands at `unit` of a class's results.
pub fn explain(catalog: &Catalog, class: &ClassResult, unit: &UnitScore) -> Explanation {
    let rubric = &catalog.rubrics[class.rubric];
    Explanation {
        schema: "kaohe.explain/1",
        unit: catalog.roster.units()[unit.unit].name.to_string(),
        rubric: rubric.id.clone(),
        class: rubric.class.clone(),
        provisional: class.provisional,
        rank: unit.rank,
        of: class.units.len(),
        total: unit.total,
        arithmetic: unit.total.map(|total| total_arithmetic(unit, total)),
        standing: standing::words(catalog, class, unit),
        grade: rubric.grade_name(unit.grade).map(str::to_owned),
        decimals: rubric.printed_decimals(),
        periods: unit
            .periods
            .iter()
            .map(|period| period_of(rubric, period))
            .collect(),
    }
}

/// `87.2 × 0.5 + 86.85 × 0.5 = 87.025 → 87.03`
fn total_arithmetic(unit: &UnitScore, total: Decimal) -> String {
    let terms = unit
        .periods
        .iter()
        .map(|period| format!("{} × {}", plain(period.score), plain(period.weight)));
    let sum: Decimal = unit
        .periods
        .iter()
        .map(|period| period.score * period.weight)
        .sum();
    equation(&terms.collect::<Vec<_>>().join(" + "), sum, total)
}

/// `left = exact → rounded`, the arrow only where rounding changes something.
fn equation(left: &str, exact: Decimal, rounded: Decimal) -> String {
    if exact == rounded {
        return format!("{left} = {}", plain(rounded));
    }
    format!("{left} = {} → {}", long(exact), plain(rounded))
}

/// A number as far as it is of use: six decimals, dots where more follow.
fn long(number: Decimal) -> String {
    const MOST: u32 = 6;
    let cut = number.trunc_with_scale(MOST);
    let dots = if cut == number { "" } else { "…" };
    plain(cut) + dots
}

fn period_of(rubric: &Rubric, period: &PeriodScore) -> Period {
    let about = &rubric.periods[period.period];
    let arithmetic = period_arithmetic(&about.rounds, period);
    Period {
        period: about.id.clone(),
        name: about.name.clone(),
        weight: period.weight,
        score: period.score,
        arithmetic,
        rounds: period
            .rounds
            .iter()
            .map(|round| round_of(rubric, round))
            .collect(),
    }
}

/// How the rounds make the score of their period.
fn period_arithmetic(rounds: &Rounds, period: &PeriodScore) -> String {
    let scores = period.rounds.iter().map(|round| plain(round.score));
    let scores: Vec<String> = scores.collect();
    if let ([only], None) = (&scores[..], rounds.count()) {
        return format!("只有一轮：{only}");
    }
    let exact = engine::together(period, |round| round.score);
    let left = match rounds {
        Rounds::Mean => format!("({}) ÷ {}", scores.join(" + "), scores.len()),
        Rounds::Last => format!("{}，以最后一轮为准：{}", scores.join("、"), plain(exact)),
        Rounds::Best => format!("{}，取最高一轮：{}", scores.join("、"), plain(exact)),
        Rounds::Weights(_) => {
            let terms = scores.iter().zip(&period.shares);
            let terms = terms.map(|(score, share)| format!("{score} × {}", plain(*share)));
            terms.collect::<Vec<_>>().join(" + ")
        }
    };
    match rounds {
        Rounds::Last | Rounds::Best if exact == period.score => left,
        Rounds::Last | Rounds::Best => format!("{left} → {}", plain(period.score)),
        Rounds::Mean | Rounds::Weights(_) => equation(&left, exact, period.score),
    }
}

fn round_of(rubric: &Rubric, scorecard: &Scorecard) -> Round {
    let mut entries = &scorecard.record.entries[..];
    let mut items = Vec::new();
    for (item, score) in rubric.items().zip(&scorecard.items) {
        let (own, rest) = entries.split_at(item.rules.len());
        entries = rest;
        items.push(part_of(item, score, own, scorecard.record.period));
    }
    let terms: Vec<String> = scorecard
        .items
        .iter()
        .map(|item| plain(item.score))
        .collect();
    Round {
        round: scorecard.record.round,
        score: scorecard.score,
        arithmetic: round_arithmetic(rubric, scorecard, &terms.join(" + ")),
        items,
    }
}

/// `10 + 45 + 20 = 75`, converted to the full points where 不涉及 took some out.
fn round_arithmetic(rubric: &Rubric, scorecard: &Scorecard, terms: &str) -> String {
    let sum = format!("{terms} = {}", plain(scorecard.kept));
    if scorecard.points == rubric.points() {
        return sum;
    }
    let (kept, full) = (plain(scorecard.kept), plain(rubric.points()));
    let left = format!("{kept} × {full} ÷ {}", plain(scorecard.points));
    let exact = engine::converted(rubric, scorecard, scorecard.kept);
    format!(
        "{sum}；计分的分值 {} 分，折算：{}",
        plain(scorecard.points),
        equation(&left, exact, scorecard.score)
    )
}

fn part_of(item: &Item, score: &ItemScore, entries: &[Entry], period: usize) -> Part {
    let mut left = score.points;
    let mut rules = Vec::new();
    for ((rule, entry), result) in item.rules.iter().zip(entries).zip(&score.rules) {
        rules.push(step_of(item, rule, entry, *result, (period, left)));
        left -= result.applied;
    }
    let taken = score.rules.iter().filter(|rule| !rule.applied.is_zero());
    let terms: String = taken
        .map(|rule| format!(" − {}", plain(rule.applied)))
        .collect();
    let arithmetic = if score.points.is_zero() && !item.points.is_zero() {
        "不涉及，不计分".to_owned()
    } else if terms.is_empty() {
        "没有扣分".to_owned()
    } else {
        format!("{}{terms} = {}", plain(score.points), plain(score.score))
    };
    Part {
        no: item.no,
        name: item.name.clone(),
        points: score.points,
        score: score.score,
        arithmetic,
        rules,
    }
}

fn step_of(
    item: &Item,
    rule: &Rule,
    entry: &Entry,
    score: RuleScore,
    (period, left): (usize, Decimal),
) -> Step {
    let source = &entry.place.source;
    let mut arithmetic = asked(rule, period, entry, score.asked);
    if !score.asked.is_zero() {
        arithmetic += &format!("，上限 {}", plain(rule.cap));
        if left < rule.cap {
            arithmetic += &format!("，本项目还剩 {}", plain(left));
        }
        arithmetic += &format!("，实扣 {}", plain(score.applied));
        if !score.absorbed().is_zero() {
            arithmetic += &format!("，封顶未扣 {}", plain(score.absorbed()));
        }
    }
    let text = |text: &Option<SmolStr>| text.as_deref().map(str::to_owned);
    Step {
        id: rule.id.to_string(),
        clauses: item.covered_text(rule),
        text: rule.marked(),
        ask: rule.ask.to_string(),
        value: entry.value.to_string(),
        asked: score.asked,
        applied: score.applied,
        absorbed: score.absorbed(),
        cap: rule.cap,
        arithmetic,
        reason: text(&entry.reason),
        evidence: text(&entry.evidence),
        claim: text(&entry.claim),
        file: source.file.to_string(),
        sheet: source.sheet.as_deref().map(str::to_owned),
        cell: entry.place.address.to_string(),
    }
}

/// How the points that a rule asks for come out of its value.
fn asked(rule: &Rule, period: usize, entry: &Entry, asked: Decimal) -> String {
    let exact = engine::unrounded(rule, period, &entry.observed);
    match (rule.kind_in(period), entry.observed) {
        (_, Observed::NotApplicable) => match rule.not_applicable {
            NotApplicable::Zero => format!("不涉及，按不得分计，扣 {}", plain(asked)),
            NotApplicable::Rescaled => {
                format!("不涉及，{} 分不计，其余折算", plain(rule.cap))
            }
            NotApplicable::Refused | NotApplicable::Full => "不涉及，不扣".to_owned(),
        },
        (Kind::PerOccurrence { each }, Observed::Count(count)) => equation(
            &format!("{} × {}", plain(count), plain(*each)),
            exact,
            asked,
        ),
        (Kind::Shortfall { required, each }, Observed::Count(count)) if count < *required => {
            let left = format!(
                "({} − {}) × {}",
                plain(*required),
                plain(count),
                plain(*each)
            );
            equation(&left, exact, asked)
        }
        (Kind::Shortfall { required, .. }, _) => {
            format!("不少于 {}，不扣", plain(*required))
        }
        (Kind::Fixed { .. }, Observed::Answer(answer)) => {
            let word = if answer { "是" } else { "否" };
            if asked.is_zero() {
                format!("“{word}”，不扣")
            } else {
                format!("“{word}”，扣 {}", plain(asked))
            }
        }
        (Kind::Proportional { .. }, Observed::Completion(rate)) => {
            let (cap, whole) = (plain(rule.cap), plain(rate.whole));
            let mut left = format!("{cap} × ({whole} − {})", plain(rate.part));
            if rate.whole != Decimal::ONE {
                left += &format!(" ÷ {whole}");
            }
            equation(&left, exact, asked)
        }
        _ => equation("酌情扣分", exact, asked).replace(" = ", " "),
    }
}
