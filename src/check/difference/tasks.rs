//! Two versions of the task tables, task by task.

use std::collections::BTreeSet;

use super::roster::partner;
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
    // A unit that was renamed is the same unit; one that came or went is said in the roster.
    let before = Named::of(old, |unit| {
        let unit = partner(&old_catalog.roster.units()[unit], &new_catalog.roster)?;
        Some(unit.name.to_string())
    });
    let after = Named::of(new, |unit| {
        let unit = &new_catalog.roster.units()[unit];
        partner(unit, &old_catalog.roster).map(|_| unit.name.to_string())
    });
    // A unit has a task whether it leads or helps; only who has it bears on a rate.
    let effect = if before.everyone() == after.everyone() {
        Effect::Wording
    } else {
        Effect::Rescored
    };
    for (key, before, after) in [
        ("lead", &before.lead, &after.lead),
        ("responsible", &before.responsible, &after.responsible),
    ] {
        let only = |these: &BTreeSet<String>, those: &BTreeSet<String>| {
            let only: Vec<&str> = these.difference(those).map(String::as_str).collect();
            only.join("、")
        };
        let texts = [only(before, after), only(after, before)];
        field(difference, &subject, key, texts, effect);
    }
}

/// Who has a task, by name.
struct Named {
    lead: BTreeSet<String>,
    responsible: BTreeSet<String>,
}

impl Named {
    fn of(task: &Task, name: impl Fn(usize) -> Option<String>) -> Self {
        let names = |units: &BTreeSet<usize>| units.iter().filter_map(|&unit| name(unit)).collect();
        Self {
            lead: names(&task.lead),
            responsible: names(&task.responsible),
        }
    }

    fn everyone(&self) -> BTreeSet<&String> {
        self.lead.union(&self.responsible).collect()
    }
}
