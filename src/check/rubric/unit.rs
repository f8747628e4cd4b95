//! Units and tasks that do not find each other.

use std::collections::{HashMap, HashSet};

use crate::check::rubric::unused::uses_tasks;
use crate::check::rubric::{View, listed, text};
use crate::diagnostic::RubricProblem;
use crate::model::draft::{
    GroupDraft, RosterDraft, RubricDraft, TaskDraft, TaskTableDraft, UnitDraft,
};
use crate::text::key;

pub(super) fn advise(view: View, found: &mut Vec<RubricProblem>) {
    if !view.all_whole() {
        return;
    }
    let Some(roster) = view.drafts.roster.as_ref().ok() else {
        return;
    };
    let Some(classes) = class_of_names(roster) else {
        return;
    };
    for table in &view.drafts.task_tables {
        let Some(rated) = rated_by(view, table) else {
            continue;
        };
        if rated.is_empty() {
            continue;
        }
        let Some(asked) = listed(&table.tasks)
            .iter()
            .map(|task| Asked::of(table, task, &classes))
            .collect::<Option<Vec<_>>>()
        else {
            continue;
        };
        for (task, asked) in listed(&table.tasks).iter().zip(&asked) {
            found.extend(task_for_nobody(view.name(table.file), task, asked, &rated));
        }
        unit_without_task(view, roster, table, &asked, &rated, found);
    }
}

/// The id of the rubric of each unit, by the keys of its names.
fn class_of_names(roster: &RosterDraft) -> Option<HashMap<String, &str>> {
    let mut classes = HashMap::new();
    for class in roster.classes.as_ref().ok()? {
        let rubric = class.rubric.as_ref().ok()?.value.as_str();
        for unit in class.units.as_ref().ok()? {
            for name in names(unit)? {
                classes.insert(key(name).into_owned(), rubric);
            }
        }
    }
    Some(classes)
}

/// All names of a unit.
fn names(unit: &UnitDraft) -> Option<Vec<&str>> {
    let also = unit.also.as_ref().ok()?.iter();
    let names = also.chain([unit.name.as_ref().ok()?]);
    Some(names.map(|name| name.value.as_str()).collect())
}

/// The ids of the rubrics that take a rate from `table`; `None` where it cannot be said.
fn rated_by<'a>(view: View<'a>, table: &TaskTableDraft) -> Option<HashSet<&'a str>> {
    let mut rated = HashSet::new();
    for rubric in &view.drafts.rubrics {
        let RubricDraft { id, tasks, .. } = rubric;
        let tasks = tasks.as_ref().ok()?.as_ref();
        let named = tasks.is_some_and(|tasks| tasks.value == view.name(table.file));
        if named && uses_tasks(rubric)? {
            rated.insert(id.as_ref().ok()?.value.as_str());
        }
    }
    Some(rated)
}

/// Whom a task names.
struct Asked {
    /// Units, by the key of the name that is written.
    units: Vec<String>,
    /// The rubrics of whole classes.
    classes: Vec<String>,
    /// The rubrics of all that are named.
    rubrics: HashSet<String>,
}

impl Asked {
    /// `None` where a name is not known, which is a problem of its own.
    fn of(table: &TaskTableDraft, task: &TaskDraft, known: &HashMap<String, &str>) -> Option<Self> {
        let mut asked = Self {
            units: Vec::new(),
            classes: Vec::new(),
            rubrics: HashSet::new(),
        };
        let lead = task.lead.as_ref().ok()?.iter();
        for name in lead.chain(task.responsible.as_ref().ok()?) {
            let name = key(&name.value);
            let is_it =
                |group: &&GroupDraft| matches!(&group.name, Ok(known) if key(&known.value) == name);
            match listed(&table.groups).iter().find(is_it) {
                Some(group) => {
                    let classes = group.classes.as_ref().ok()?.iter();
                    asked
                        .classes
                        .extend(classes.map(|class| class.value.clone()));
                }
                None => {
                    asked.rubrics.insert((*known.get(&*name)?).to_owned());
                    asked.units.push(name.into_owned());
                }
            }
        }
        asked.rubrics.extend(asked.classes.iter().cloned());
        Some(asked)
    }
}

fn task_for_nobody(
    file: &str,
    task: &TaskDraft,
    asked: &Asked,
    rated: &HashSet<&str>,
) -> Option<RubricProblem> {
    if asked
        .rubrics
        .iter()
        .any(|rubric| rated.contains(rubric.as_str()))
    {
        return None;
    }
    let no = task.no.as_ref().ok()?;
    let why = if asked.rubrics.is_empty() {
        "没有牵头单位，也没有责任单位"
    } else {
        "的单位都不用这份任务表计分"
    };
    let message = format!("任务 {} {why}，谁的完成率也不算它", no.value);
    let problem = RubricProblem::new("task-for-nobody", file, no.span.clone(), message);
    let problem = match &task.title {
        Ok(title) => problem.quote(&title.value),
        Err(_) => problem,
    };
    let help = "请核对 lead、responsible 和名册；不考的任务，删去它";
    Some(problem.note(text(&task.note)).help(help))
}

/// Units whose rate cannot be computed, for nothing was asked of them.
fn unit_without_task(
    view: View,
    roster: &RosterDraft,
    table: &TaskTableDraft,
    asked: &[Asked],
    rated: &HashSet<&str>,
    found: &mut Vec<RubricProblem>,
) {
    let units: HashSet<&String> = asked.iter().flat_map(|asked| &asked.units).collect();
    let classes: HashSet<&String> = asked.iter().flat_map(|asked| &asked.classes).collect();
    for class in listed(&roster.classes) {
        let Ok(rubric) = &class.rubric else { continue };
        if !rated.contains(rubric.value.as_str()) || classes.contains(&rubric.value) {
            continue;
        }
        for unit in listed(&class.units) {
            let (Ok(name), Some(names)) = (&unit.name, names(unit)) else {
                continue;
            };
            if names
                .iter()
                .any(|name| units.iter().any(|unit| **unit == key(name)))
            {
                continue;
            }
            let message = format!(
                "{}在任务表 {} 里没有任务，完成率算不出来",
                name.value,
                view.name(table.file)
            );
            let file = view.name(roster.file);
            let problem = RubricProblem::new("unit-without-task", file, name.span.clone(), message);
            let help =
                "请在任务的 lead 或 responsible 里补上它；不考任务的，另立一类，完成率由填表人填";
            found.push(problem.note(text(&unit.note)).help(help));
        }
    }
}
