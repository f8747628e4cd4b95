//! Grades that nobody can have.

use crate::check::rubric::{View, items, listed};
use crate::decimal::{Decimal, plain};
use crate::diagnostic::RubricProblem;
use crate::model::draft::{LevelDraft, RubricDraft};

pub(super) fn advise(view: View, rubric: &RubricDraft, found: &mut Vec<RubricProblem>) {
    let Ok(Some(grades)) = &rubric.grades else {
        return;
    };
    let file = view.name(rubric.file);
    let units = units_of(view, rubric);
    let mut shares = Decimal::ZERO;
    for level in listed(&grades.value.levels) {
        found.extend(above_full(file, rubric, level));
        if let Ok(Some(share)) = &level.share {
            shares += share.value;
            found.extend(no_place(file, level, shares, units));
        }
    }
}

/// How many units the class has, where that can be said.
fn units_of(view: View, rubric: &RubricDraft) -> Option<usize> {
    let id = &rubric.id.as_ref().ok()?.value;
    let roster = view.drafts.roster.as_ref().ok()?;
    let mut classes = listed(&roster.classes).iter();
    let class = classes.find(|class| matches!(&class.rubric, Ok(known) if known.value == *id))?;
    Some(class.units.as_ref().ok()?.len())
}

fn name(level: &LevelDraft) -> &str {
    level.name.as_ref().map_or("", |name| &name.value)
}

fn above_full(file: &str, rubric: &RubricDraft, level: &LevelDraft) -> Option<RubricProblem> {
    let full = items(rubric).map(|item| Some(item.points.as_ref().ok()?.value));
    let full = full.sum::<Option<Decimal>>()?;
    let (bound, out) = match (&level.at_least, &level.above) {
        (Ok(Some(bound)), _) => (bound, bound.value > full),
        (_, Ok(Some(bound))) => (bound, bound.value >= full),
        _ => return None,
    };
    out.then(|| {
        let message = format!("满分是 {}，等次“{}”谁也够不上", plain(full), name(level));
        let problem = RubricProblem::new("grade-out-of-reach", file, bound.span.clone(), message);
        problem.help("请核对分数线；它和总分比，总分满分是各项的合计")
    })
}

fn no_place(
    file: &str,
    level: &LevelDraft,
    shares: Decimal,
    units: Option<usize>,
) -> Option<RubricProblem> {
    let units = Decimal::from(units?);
    if shares * units >= Decimal::ONE {
        return None;
    }
    let share = level.share.as_ref().ok()?.as_ref()?;
    let message = format!(
        "这一类有 {} 个单位，按比例等次“{}”一个名额也没有（{} × {} ＝ {}，取整为 0）",
        plain(units),
        name(level),
        plain(shares),
        plain(units),
        plain(shares * units)
    );
    let problem = RubricProblem::new("grade-out-of-reach", file, share.span.clone(), message);
    Some(problem.help("请核对比例；单位少的，改用分数线 at-least"))
}
