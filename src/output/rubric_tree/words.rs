//! Kinds and settings in words.

use crate::decimal::plain;
use crate::model::rubric::{Kind, Level, RateSource, Rubric, Rule};

/// How a rule takes points.
pub(super) fn kind(rule: &Rule, kind: &Kind) -> String {
    let count = rule.count.as_deref().unwrap_or("次");
    match kind {
        Kind::PerOccurrence { each } => format!("每{count}扣 {} 分", plain(*each)),
        Kind::Fixed { points, lost_by } => {
            let answer = if *lost_by { "是" } else { "否" };
            format!("填“{answer}”扣 {} 分", plain(*points))
        }
        Kind::Shortfall { required, each } => format!(
            "要求 {} {count}，每少一{count}扣 {} 分",
            plain(*required),
            plain(*each)
        ),
        Kind::Proportional { rate } => {
            let source = match rate {
                RateSource::Tasks => "取自任务表",
                RateSource::Typed => "由填表人填",
            };
            format!("扣 {} ×（1－完成率），完成率{source}", plain(rule.cap))
        }
        Kind::Discretionary => "酌情扣分，扣了要写扣分说明".to_owned(),
    }
}

pub(super) fn ranking(rubric: &Rubric) -> String {
    let ties = &rubric.ranking.ties;
    let breakers: Vec<_> = rubric
        .ranking
        .tie_breakers
        .iter()
        .filter_map(|&position| rubric.items().nth(position))
        .map(|item| item.label())
        .collect();
    if breakers.is_empty() {
        return ties.to_string();
    }
    format!("总分相同的依次比 {}；还相同的，{ties}", breakers.join("、"))
}

pub(super) fn grades(rubric: &Rubric) -> String {
    let Some(grades) = &rubric.grades else {
        return "不分等次".to_owned();
    };
    let levels: Vec<_> = grades.levels.iter().map(level).collect();
    let shares = grades.levels.iter().any(|level| level.share.is_some());
    let cut = match (shares, grades.ties_up) {
        (false, _) => "",
        (true, true) => "；名额线上同分的都进",
        (true, false) => "；名额线上同分的都不进",
    };
    levels.join("，") + cut
}

fn level(level: &Level) -> String {
    let bound = level.bound.map(|bound| format!(" {bound}"));
    let share = level
        .share
        .map(|share| format!(" 占这一类的 {}", plain(share)));
    match (bound, share) {
        (None, None) => format!("其余{}", level.name),
        (bound, share) => {
            format!(
                "{}{}{}",
                level.name,
                bound.unwrap_or_default(),
                share.unwrap_or_default()
            )
        }
    }
}

/// What 不涉及 means, item by item where they differ.
pub(super) fn not_applicable(rubric: &Rubric) -> String {
    let mut rules = rubric.rules();
    let first = rules.next().map(|rule| rule.not_applicable);
    if rules.all(|rule| Some(rule.not_applicable) == first) {
        return first.unwrap_or_default().to_string();
    }
    let items = rubric.items().filter_map(|item| {
        let rule = item.rules.first()?;
        Some(format!("{}：{}", item.label(), rule.not_applicable))
    });
    items.collect::<Vec<_>>().join("\n")
}
