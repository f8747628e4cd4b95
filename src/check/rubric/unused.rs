//! What is written and never used.

use std::collections::HashSet;

use crate::check::rubric::{View, items, listed, text};
use crate::diagnostic::RubricProblem;
use crate::model::draft::{RubricDraft, RuleDraft, TaskTableDraft};
use crate::model::rubric::{Kind, RateSource};
use crate::text::key;

pub(super) fn advise(view: View, found: &mut Vec<RubricProblem>) {
    for rubric in &view.drafts.rubrics {
        let file = view.name(rubric.file);
        unused_period(file, rubric, found);
        unused_figure(file, rubric, found);
    }
    if !view.all_whole() {
        return;
    }
    rubric_without_class(view, found);
    unused_tasks(view, found);
    for table in &view.drafts.task_tables {
        unused_group(view, table, found);
    }
}

fn unused_period(file: &str, rubric: &RubricDraft, found: &mut Vec<RubricProblem>) {
    for period in listed(&rubric.periods) {
        let (Ok(name), Ok(weight)) = (&period.name, &period.weight) else {
            continue;
        };
        if !weight.value.is_zero() {
            continue;
        }
        let message = format!("{}的权重是 0，考了也不算分", name.value);
        let problem = RubricProblem::new("unused-period", file, weight.span.clone(), message);
        let help = "请核对权重；不考的，删去这个 [[period]]";
        found.push(problem.note(text(&period.note)).help(help));
    }
}

fn unused_figure(file: &str, rubric: &RubricDraft, found: &mut Vec<RubricProblem>) {
    for rule in items(rubric).flat_map(|item| listed(&item.rules)) {
        let Ok(own) = &rule.kind else { continue };
        for (period, kind) in listed(&rule.by_period) {
            if *kind != own.value {
                continue;
            }
            let message = format!("by-period 里 {} 的数和这一条本来的数一样", period.value);
            let problem = RubricProblem::new("unused-figure", file, period.span.clone(), message);
            found.push(problem.help("请核对数字；确实一样的，删去它"));
        }
    }
}

fn rubric_without_class(view: View, found: &mut Vec<RubricProblem>) {
    let Some(classes) = view
        .drafts
        .roster
        .as_ref()
        .ok()
        .and_then(|roster| roster.classes.as_ref().ok())
    else {
        return;
    };
    let mut used = HashSet::new();
    for class in classes {
        let Ok(rubric) = &class.rubric else { return };
        used.insert(rubric.value.as_str());
    }
    for rubric in &view.drafts.rubrics {
        let Ok(id) = &rubric.id else { continue };
        if used.contains(id.value.as_str()) {
            continue;
        }
        let message = format!("名册里没有一个类别用细则 {}，谁也不由它计分", id.value);
        let file = view.name(rubric.file);
        let problem = RubricProblem::new("rubric-without-class", file, id.span.clone(), message);
        let help = format!(
            "请在名册里加上 [[class]]，写 rubric = \"{}\"；不用的，把这份细则移到别处",
            id.value
        );
        found.push(problem.help(help));
    }
}

fn takes_from_tasks(rule: &RuleDraft) -> Option<bool> {
    let kind = &rule.kind.as_ref().ok()?.value;
    let rate = RateSource::Tasks;
    Some(*kind == Kind::Proportional { rate })
}

/// Whether a rule of the rubric takes its rate from the task table; `None` where it cannot be
/// said.
pub(super) fn uses_tasks(rubric: &RubricDraft) -> Option<bool> {
    for category in rubric.categories.as_ref().ok()? {
        for item in category.items.as_ref().ok()? {
            item.rules.as_ref().ok()?;
        }
    }
    let mut rules = items(rubric).flat_map(|item| listed(&item.rules));
    let mut used = false;
    rules.try_for_each(|rule| {
        used |= takes_from_tasks(rule)?;
        Some(())
    })?;
    Some(used)
}

fn unused_tasks(view: View, found: &mut Vec<RubricProblem>) {
    for rubric in &view.drafts.rubrics {
        let (Ok(Some(tasks)), Some(false)) = (&rubric.tasks, uses_tasks(rubric)) else {
            continue;
        };
        let message = format!("写了任务表 {}，却没有一条计分方法取自任务表", tasks.value);
        let file = view.name(rubric.file);
        let problem = RubricProblem::new("unused-tasks", file, tasks.span.clone(), message);
        let help = "请在按完成率扣分的计分方法里写 rate = \"tasks\"；不用任务表的，删去这一行";
        found.push(problem.help(help));
    }
    // A table whose name is written wrong is a problem of its own.
    let tables = &view.drafts.task_tables;
    let is_there = |name: &str| tables.iter().any(|table| view.name(table.file) == name);
    let known = |rubric: &RubricDraft| match &rubric.tasks {
        Ok(tasks) => tasks.as_ref().is_none_or(|tasks| is_there(&tasks.value)),
        Err(_) => false,
    };
    if view.drafts.rubrics.is_empty() || !view.drafts.rubrics.iter().all(known) {
        return;
    }
    for table in &view.drafts.task_tables {
        let file = view.name(table.file);
        let named = |rubric: &RubricDraft| {
            let tasks = rubric.tasks.as_ref().ok().and_then(Option::as_ref);
            tasks.is_some_and(|tasks| tasks.value == file)
        };
        let Ok(title) = &table.title else { continue };
        if view.drafts.rubrics.iter().any(named) {
            continue;
        }
        let message = "没有一份细则用这份任务表";
        let problem = RubricProblem::new("unused-tasks", file, title.span.clone(), message);
        let help = format!("请在细则开头写 tasks = \"{file}\"；不用的，把它移到别处");
        found.push(problem.help(help));
    }
}

fn unused_group(view: View, table: &TaskTableDraft, found: &mut Vec<RubricProblem>) {
    let mut used = HashSet::new();
    let Ok(tasks) = &table.tasks else { return };
    for task in tasks {
        let (Ok(lead), Ok(responsible)) = (&task.lead, &task.responsible) else {
            return;
        };
        used.extend(lead.iter().chain(responsible).map(|name| key(&name.value)));
    }
    for group in listed(&table.groups) {
        let Ok(name) = &group.name else { continue };
        if used.contains(&key(&name.value)) {
            continue;
        }
        let message = format!("统称“{}”没有一项任务用到", name.value);
        let file = view.name(table.file);
        let problem = RubricProblem::new("unused-group", file, name.span.clone(), message);
        found.push(problem.help("请核对任务里单位的写法是不是和它一字不差；不用的，删去它"));
    }
}
