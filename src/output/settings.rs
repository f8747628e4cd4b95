//! What a rubric chose where offices differ, in words: for the notes of a ranking, the story of
//! a score, the rubric as a tree.

use crate::decimal::{Decimal, plain};
use crate::model::rubric::{Bound, Grades, Level, NotApplicable, Rounds, Rubric, Ties};

/// How the rounds of a period make one score: `取平均分`.
pub fn rounds_of(rounds: &Rounds) -> String {
    match rounds {
        Rounds::Mean => "取平均分".to_owned(),
        Rounds::Last => "以最后一轮为准".to_owned(),
        Rounds::Best => "取最高一轮的得分".to_owned(),
        Rounds::Weights(shares) => {
            let shares = shares.iter().map(|share| percent(*share));
            let shares = shares.collect::<Vec<_>>().join("、");
            format!("按各轮权重（{shares}）合并")
        }
    }
}

/// How rounds combine, of all periods: once where it is the same.
pub fn rounds(rubric: &Rubric) -> String {
    let mut ways: Vec<String> = Vec::new();
    for period in &rubric.periods {
        let way = rounds_of(&period.rounds);
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    if let [only] = &ways[..] {
        return format!("同一时段有多轮的{only}");
    }
    let each = rubric.periods.iter().map(|period| {
        let way = rounds_of(&period.rounds);
        format!("{}有多轮的{way}", period.name)
    });
    each.collect::<Vec<_>>().join("，")
}

/// To how many decimals figures are rounded: `两位小数`.
pub fn decimals(rubric: &Rubric) -> String {
    match rubric.decimals {
        0 => "整数".to_owned(),
        1 => "一位小数".to_owned(),
        2 => "两位小数".to_owned(),
        more => format!("{more} 位小数"),
    }
}

/// What becomes of equal totals; with `year`, of those of the whole year, which items decide.
pub fn ties(rubric: &Rubric, year: bool) -> String {
    let items: Vec<&str> = rubric.items().map(|item| item.name.as_str()).collect();
    let breakers = rubric.ranking.tie_breakers.iter().filter(|_| year);
    let breakers: Vec<String> = breakers.map(|&item| format!("“{}”", items[item])).collect();
    let next = match rubric.ranking.ties {
        Ties::Skip => "其后名次顺延",
        Ties::Dense => "其后名次接着排",
    };
    if breakers.is_empty() {
        return format!("得分相同的名次并列，{next}");
    }
    let breakers = breakers.join("、");
    let out = if rubric.converts() {
        "（不涉及的不算失分）"
    } else {
        ""
    };
    format!("得分相同的依次比较{breakers}的得分{out}，仍相同的名次并列，{next}")
}

/// What 不涉及 means, where any rule may have it.
pub fn not_applicable(rubric: &Rubric) -> Option<String> {
    let mut ways: Vec<(NotApplicable, Vec<String>)> = Vec::new();
    for item in rubric.items() {
        let Some(rule) = item.rules.first() else {
            continue;
        };
        let way = rule.not_applicable;
        match ways.iter_mut().find(|(known, _)| *known == way) {
            Some((_, items)) => items.push(item.label()),
            None => ways.push((way, vec![item.label()])),
        }
    }
    let everywhere = ways.len() == 1;
    let allowed = ways
        .iter()
        .filter(|(way, _)| *way != NotApplicable::Refused);
    let words = allowed.map(|(way, items)| {
        let where_ = if everywhere {
            String::new()
        } else {
            format!("（{}）", items.join("、"))
        };
        let means = match way {
            NotApplicable::Refused => "不能填",
            NotApplicable::Full => "得满分",
            NotApplicable::Zero => "不得分",
            NotApplicable::Rescaled => "不计分，其余各条的得分折算成满分",
        };
        format!("填“不涉及”的{where_}{means}")
    });
    let words: Vec<String> = words.collect();
    (!words.is_empty()).then(|| words.join("；"))
}

/// What the grades are, where there are any.
pub fn grades(rubric: &Rubric) -> Option<String> {
    let grades = rubric.grades.as_ref()?;
    let levels = grades.levels.iter().map(of_level);
    let mut words = levels.collect::<Vec<_>>().join("，");
    if grades.levels.iter().any(|level| level.share.is_some()) {
        words += cut(grades);
    }
    Some(words)
}

/// `优秀：90 分以上（含），且不超过 20%`
fn of_level(level: &Level) -> String {
    let bound = level.bound.map(bound);
    let share = level
        .share
        .map(|share| format!("按名次不超过 {}", percent(share)));
    let conditions: Vec<String> = bound.into_iter().chain(share).collect();
    if conditions.is_empty() {
        return format!("{}：其余", level.name);
    }
    format!("{}：{}", level.name, conditions.join("，且"))
}

fn bound(bound: Bound) -> String {
    let score = plain(bound.score);
    if bound.inclusive {
        format!("{score} 分以上（含 {score} 分）")
    } else {
        format!("高于 {score} 分（不含 {score} 分）")
    }
}

fn cut(grades: &Grades) -> &'static str {
    if grades.ties_up {
        "；比例线上同分的都进高一等"
    } else {
        "；比例线上同分的都不进高一等"
    }
}

/// `40%`
fn percent(share: Decimal) -> String {
    plain(share * Decimal::ONE_HUNDRED) + "%"
}
