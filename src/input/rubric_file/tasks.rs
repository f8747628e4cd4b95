//! A task table, its unit columns resolved by the roster.

use std::collections::HashMap;

use super::decode::{Placed, Table};
use super::rubric::Draft;
use crate::model::roster::Roster;
use crate::model::task::{Direction, Goal, Nature, Task, TaskNo, TaskTable};

/// Names that stand for whole classes, with the units that they mean.
type Groups = HashMap<String, Vec<usize>>;

/// Reads a task table.
pub(super) fn decode(table: &Table, roster: &Roster, rubrics: &[Draft]) -> TaskTable {
    let groups = groups(table, roster, rubrics);
    let mut tasks: Vec<Task> = Vec::new();
    for table in table.tables("task") {
        let task = task(&table, roster, &groups);
        if tasks.iter().any(|other| other.no == task.no) {
            let message = format!("任务 {} 写了两次", task.no);
            table.say(table.span.clone(), "duplicate-task", message);
        }
        tasks.push(task);
    }
    let read = TaskTable {
        title: table.text("title"),
        year: table.whole("year").0,
        version: table.text("version"),
        date: table.text("date"),
        source: table.text("source"),
        tasks,
        note: table.note(),
    };
    table.close();
    read
}

fn groups(table: &Table, roster: &Roster, rubrics: &[Draft]) -> Groups {
    let group = |table: Table| {
        let name = table.text("name");
        let mut units = Vec::new();
        for (id, span) in table.texts("classes") {
            match rubrics.iter().position(|draft| draft.rubric.id == id) {
                Some(rubric) => {
                    let of_class = roster.units().iter().enumerate();
                    units.extend(
                        of_class
                            .filter(|(_, unit)| unit.rubric == rubric)
                            .map(|(i, _)| i),
                    );
                }
                None => table.say(span, "unknown-rubric", format!("没有细则“{id}”")),
            }
        }
        table.note();
        table.close();
        (name, units)
    };
    table
        .optional_tables("group")
        .into_iter()
        .map(group)
        .collect()
}

fn task(table: &Table, roster: &Roster, groups: &Groups) -> Task {
    let optional = |key| table.optional_text(key).map(|(text, _)| text);
    let task = Task {
        no: number(table),
        title: table.text("title"),
        content: table.text("content"),
        indicator: optional("indicator"),
        target: optional("target"),
        goal: table.optional_table("goal").and_then(|table| goal(&table)),
        measures: optional("measures"),
        nature: nature(table),
        lead: units(table, table.texts("lead"), roster, groups),
        responsible: units(table, table.texts("responsible"), roster, groups),
        note: table.note(),
    };
    table.close();
    task
}

fn number(table: &Table) -> TaskNo {
    let (text, span) = table.placed_text("no");
    TaskNo::parse(&text).unwrap_or_else(|| {
        if !text.is_empty() {
            let message = format!("不认识的任务序号“{text}”");
            table.advise(
                span,
                "unknown-task-number",
                message,
                "请写 7 或者 8.1".to_owned(),
            );
        }
        TaskNo {
            number: 0,
            row: None,
        }
    })
}

fn goal(table: &Table) -> Option<Goal> {
    let at_least = table.optional_number("at-least");
    let at_most = table.optional_number("at-most");
    let unit = table.optional_text("unit").map(|(unit, _)| unit);
    table.close();
    let (direction, (value, _)) = match (at_least, at_most) {
        (Some(value), None) => (Direction::AtLeast, value),
        (None, Some(value)) => (Direction::AtMost, value),
        _ => {
            let message = "目标写 at-least（不低于）或 at-most（不超过）其中一个".to_owned();
            table.say(table.span.clone(), "goal-bounds", message);
            return None;
        }
    };
    Some(Goal {
        direction,
        value,
        unit,
    })
}

fn nature(table: &Table) -> Option<Nature> {
    let (text, span) = table.optional_text("nature")?;
    match text.as_str() {
        "约束性" => Some(Nature::Binding),
        "参考性" => Some(Nature::Indicative),
        _ => {
            let message = "“nature”写“约束性”或“参考性”".to_owned();
            table.say(span, "unknown-nature", message);
            None
        }
    }
}

/// The units that the names mean, classes spelled out.
fn units(
    table: &Table,
    names: Vec<Placed<String>>,
    roster: &Roster,
    groups: &Groups,
) -> Vec<usize> {
    let mut units = Vec::new();
    for (name, span) in names {
        match (groups.get(&name), roster.find(&name)) {
            (Some(group), _) => units.extend(group),
            (None, Some(unit)) => units.push(unit),
            (None, None) => {
                let message = format!("名册里没有单位“{name}”，也没有这个名称的 [[group]]");
                table.say(span, "unknown-unit", message);
            }
        }
    }
    units
}
