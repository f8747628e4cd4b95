//! Two versions of the task tables, task by task.

use std::collections::BTreeSet;

use super::{Difference, Side};
use crate::model::catalog::Catalog;
use crate::model::change::{Change, Effect, Subject};
use crate::model::task::{Task, TaskTable};

/// Compares the task tables, by their places in the catalogs.
pub(super) fn compare(difference: &mut Difference, old: &Catalog, new: &Catalog) {
    let most = old.task_tables.len().max(new.task_tables.len());
    for position in 0..most {
        match (old.task_tables.get(position), new.task_tables.get(position)) {
            (Some(before), Some(after)) => table(difference, (old, before), (new, after)),
            (Some(gone), None) => whole(difference, gone, Side::Gone),
            (None, Some(come)) => whole(difference, come, Side::Come),
            (None, None) => {}
        }
    }
}

fn whole(difference: &mut Difference, table: &TaskTable, side: Side) {
    let subject = Subject::TaskTable(table.title.clone());
    difference.came_or_went(subject, table.title.clone(), side, Effect::Judged);
}

fn table(
    difference: &mut Difference,
    (old_catalog, old): (&Catalog, &TaskTable),
    (new_catalog, new): (&Catalog, &TaskTable),
) {
    let subject = Subject::TaskTable(old.title.clone());
    let note = |note: &Option<String>| note.clone().unwrap_or_default();
    for (key, before, after, effect) in [
        (
            "title",
            old.title.clone(),
            new.title.clone(),
            Effect::Wording,
        ),
        (
            "year",
            old.year.to_string(),
            new.year.to_string(),
            Effect::Judged,
        ),
        (
            "version",
            old.version.clone(),
            new.version.clone(),
            Effect::Wording,
        ),
        ("date", old.date.clone(), new.date.clone(), Effect::Wording),
        (
            "source",
            old.source.clone(),
            new.source.clone(),
            Effect::Wording,
        ),
        ("note", note(&old.note), note(&new.note), Effect::Wording),
    ] {
        field(difference, &subject, key, [before, after], effect);
    }
    for before in &old.tasks {
        match new.tasks.iter().find(|other| other.no == before.no) {
            Some(after) => task(difference, (old_catalog, before), (new_catalog, after)),
            None => {
                let subject = Subject::Task(before.no);
                difference.came_or_went(subject, before.title.clone(), Side::Gone, Effect::Judged);
            }
        }
    }
    for after in &new.tasks {
        if old.tasks.iter().all(|other| other.no != after.no) {
            let subject = Subject::Task(after.no);
            difference.came_or_went(subject, after.title.clone(), Side::Come, Effect::Judged);
        }
    }
}

fn field(
    difference: &mut Difference,
    subject: &Subject,
    key: &'static str,
    [old, new]: [String; 2],
    effect: Effect,
) {
    if old == new {
        return;
    }
    let some = |text: String| (!text.is_empty()).then_some(text);
    difference.note(Change {
        subject: subject.clone(),
        key: Some(key),
        old: some(old),
        new: some(new),
        effect,
    });
}

fn task(
    difference: &mut Difference,
    (old_catalog, old): (&Catalog, &Task),
    (new_catalog, new): (&Catalog, &Task),
) {
    let subject = Subject::Task(old.no);
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let goal = |task: &Task| {
        task.goal
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default()
    };
    let nature = |task: &Task| {
        task.nature
            .map(|nature| nature.to_string())
            .unwrap_or_default()
    };
    // Whether a task is 完成 was judged by what it demands.
    for (key, before, after, effect) in [
        (
            "title",
            old.title.clone(),
            new.title.clone(),
            Effect::Wording,
        ),
        (
            "content",
            old.content.clone(),
            new.content.clone(),
            Effect::Judged,
        ),
        (
            "indicator",
            text(&old.indicator),
            text(&new.indicator),
            Effect::Judged,
        ),
        (
            "target",
            text(&old.target),
            text(&new.target),
            Effect::Judged,
        ),
        ("goal", goal(old), goal(new), Effect::Judged),
        (
            "measures",
            text(&old.measures),
            text(&new.measures),
            Effect::Wording,
        ),
        ("nature", nature(old), nature(new), Effect::Wording),
        ("note", text(&old.note), text(&new.note), Effect::Wording),
    ] {
        field(difference, &subject, key, [before, after], effect);
    }
    // A unit has a task whether it leads or helps; only who has it bears on a rate.
    let everyone = |catalog: &Catalog, task: &Task| -> BTreeSet<String> {
        let units = task.lead.iter().chain(&task.responsible);
        units.map(|&unit| name(catalog, unit)).collect()
    };
    let same = everyone(old_catalog, old) == everyone(new_catalog, new);
    let effect = if same {
        Effect::Wording
    } else {
        Effect::Rescored
    };
    for (key, before, after) in [
        ("lead", &old.lead, &new.lead),
        ("responsible", &old.responsible, &new.responsible),
    ] {
        let names = |catalog: &Catalog, units: &[usize]| {
            let names = units.iter().map(|&unit| name(catalog, unit));
            names.collect::<Vec<_>>().join("、")
        };
        let texts = [names(old_catalog, before), names(new_catalog, after)];
        field(difference, &subject, key, texts, effect);
    }
}

fn name(catalog: &Catalog, unit: usize) -> String {
    catalog.roster.units()[unit].name.to_string()
}
