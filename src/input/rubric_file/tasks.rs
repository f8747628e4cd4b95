//! The task table: its shape, and its unit columns resolved by the roster.

use std::collections::{BTreeSet, HashMap};

use super::problem::{File, all};
use super::shape::{Condition, When};
use super::table::{Form, Table, Value, Word};
use super::take::{self, Seen, both, each, held, known_rubrics, maybe, rubric_position};
use super::value;
use crate::model::draft::{
    GroupDraft, Placed, Reported, RubricDraft, TaskDraft, TaskTableDraft, Texts,
};
use crate::model::roster::Roster;
use crate::model::task::{Direction, Goal, Nature, Task, TaskNo, TaskTable};
use crate::text;

const NATURES: &[Word<Nature>] = &[
    ("约束性", "", Nature::Binding),
    ("参考性", "", Nature::Indicative),
];

/// Reads a task table.
pub(super) fn draft(table: &mut Table) -> TaskTableDraft {
    TaskTableDraft {
        file: table.file.index,
        title: table.text("title"),
        year: table.required("year", value::YEAR),
        version: table.text("version"),
        date: table.required("date", value::DATE),
        source: table.text("source"),
        groups: table.optional_tables("group", group),
        tasks: table.tables("task", task),
        note: table.optional_text("note"),
    }
}

fn group(table: &mut Table) -> GroupDraft {
    GroupDraft {
        name: table.text("name"),
        classes: table.required_texts("classes"),
        note: table.optional_text("note"),
    }
}

fn task(table: &mut Table) -> TaskDraft {
    TaskDraft {
        no: table.required("no", NUMBER),
        title: table.text("title"),
        content: table.text("content"),
        indicator: table.optional_text("indicator"),
        target: table.optional_text("target"),
        goal: table.optional_table("goal", goal),
        measures: table.optional_text("measures"),
        nature: table.optional_word("nature", "unknown-word", NATURES),
        lead: table.required_texts("lead"),
        responsible: table.required_texts("responsible"),
        note: table.optional_text("note"),
    }
}

const NUMBER: Form<TaskNo> = Form {
    read: number,
    shape: value::TASK_NUMBER,
};

fn number(file: File, key: &'static str, value: &Value) -> Result<TaskNo, Reported> {
    let text = value::text(file, key, value)?;
    TaskNo::parse(&text).ok_or_else(|| {
        let message = format!("不认识的任务序号“{text}”");
        file.advise(&value.span(), "bad-task-number", message, "请写 7 或者 8.1")
    })
}

fn goal(table: &mut Table) -> Result<Goal, Reported> {
    table.holds(|| Condition::new(When::Has("at-least"), &[], &["at-most"]));
    table.holds(|| Condition::new(When::Lacks(&["at-least"]), &["at-most"], &[]));
    let at_least = table.optional("at-least", value::ANY_NUMBER);
    let at_most = table.optional("at-most", value::ANY_NUMBER);
    let unit = table.optional_text("unit");
    let (direction, bound) = match (at_least?, at_most?) {
        (Some(bound), None) => (Direction::AtLeast, bound),
        (None, Some(bound)) => (Direction::AtMost, bound),
        (Some(_), Some(_)) => {
            let message = "目标同时写了“at-least”（不低于）和“at-most”（不超过）";
            return Err(one_bound(table, message));
        }
        (None, None) => return Err(one_bound(table, "目标没有写数值")),
    };
    Ok(Goal {
        direction,
        value: bound.value,
        unit: unit?.map(|unit| unit.value),
    })
}

fn one_bound(table: &Table, message: &str) -> Reported {
    let help = "不低于写 at-least = 20，不超过写 at-most = 20，只写一个；没有数值的任务不写 goal";
    table.file.advise(&table.span, "goal-bounds", message, help)
}

/// Who may be named: the roster, and all of its names even where something else is wrong with
/// it.
#[derive(Clone, Copy)]
pub(super) struct Units<'d> {
    /// The roster.
    pub roster: Result<&'d Roster, Reported>,
    /// Its units by name.
    pub by_name: Result<&'d Roster, Reported>,
    /// The rubrics, in the order that the roster's classes count by.
    pub rubrics: &'d [RubricDraft],
}

/// Holds a task table to the roster and the rubrics.
///
/// # Errors
///
/// When something is wrong with it, all of which was reported.
pub(super) fn build(
    file: File,
    draft: &TaskTableDraft,
    units: Units,
) -> Result<TaskTable, Reported> {
    let (groups, group_fault) = groups(file, draft, units);
    let names = Names {
        file,
        units,
        groups,
    };
    let mut numbers = Seen::new("duplicate-task", "任务序号");
    let tasks = each(&draft.tasks, |task| {
        let no = held(&task.no);
        let unique = no.and_then(|no| numbers.check(file, no.value, no));
        both(unique, names.task(task)).map(|((), task)| task)
    });
    group_fault.map_or(Ok(()), Err)?;
    Ok(TaskTable {
        title: take::value(&draft.title)?,
        year: take::value(&draft.year)?,
        version: take::value(&draft.version)?,
        date: take::value(&draft.date)?,
        source: take::value(&draft.source)?,
        tasks: tasks?,
        note: maybe(&draft.note)?,
    })
}

/// Names that stand for whole classes, with the units that they mean.
type Groups = HashMap<String, Result<Vec<usize>, Reported>>;

/// The groups that can be named, and whether something is wrong with one of them.
fn groups(file: File, draft: &TaskTableDraft, units: Units) -> (Groups, Option<Reported>) {
    let mut groups = Groups::new();
    let mut seen = Seen::new("duplicate-group", "统称");
    let checked = each(&draft.groups, |group| {
        let members = held(&group.classes)
            .and_then(|ids| all(ids.iter().map(|id| class(file, id, units))))
            .map(|members| members.concat());
        let name = held(&group.name)?;
        let key = text::key(&name.value).into_owned();
        let unique = seen.check(file, key.clone(), name);
        groups.entry(key).or_insert_with(|| members.clone());
        if units
            .by_name
            .is_ok_and(|known| known.find(&name.value).is_some())
        {
            let message = format!("“{}”是名册里一个单位的名称", name.value);
            let help = "统称要和单位名称、其他写法都不同";
            return Err(file.advise(&name.span, "duplicate-group", message, help));
        }
        both(unique, members).map(|_| ())
    });
    (groups, checked.err())
}

/// The units of the class that the rubric named `id` scores.
fn class(file: File, id: &Placed<String>, units: Units) -> Result<Vec<usize>, Reported> {
    let Some(rubric) = rubric_position(units.rubrics, &id.value)? else {
        let message = format!("没有标识为“{}”的细则", id.value);
        return Err(file.advise(
            &id.span,
            "unknown-rubric",
            message,
            known_rubrics(units.rubrics),
        ));
    };
    let units = units.roster?.units().iter().enumerate();
    let of_class = units.filter(|(_, unit)| unit.rubric == rubric);
    Ok(of_class.map(|(position, _)| position).collect())
}

/// What the unit columns may name.
struct Names<'d> {
    file: File<'d>,
    units: Units<'d>,
    groups: Groups,
}

impl Names<'_> {
    fn task(&self, draft: &TaskDraft) -> Result<Task, Reported> {
        let lead = self.units(&draft.lead);
        let responsible = self.units(&draft.responsible);
        Ok(Task {
            no: take::value(&draft.no)?,
            title: take::value(&draft.title)?,
            content: take::value(&draft.content)?,
            indicator: maybe(&draft.indicator)?,
            target: maybe(&draft.target)?,
            goal: maybe(&draft.goal)?,
            measures: maybe(&draft.measures)?,
            nature: maybe(&draft.nature)?,
            lead: lead?,
            responsible: responsible?,
            note: maybe(&draft.note)?,
        })
    }

    /// The units that the names of a column mean, classes spelled out.
    fn units(&self, names: &Texts) -> Result<BTreeSet<usize>, Reported> {
        let names = held(names)?;
        let found = all(names.iter().map(|name| self.named(name)))?;
        Ok(found.into_iter().flatten().collect())
    }

    fn named(&self, name: &Placed<String>) -> Result<Vec<usize>, Reported> {
        if let Some(members) = self.groups.get(&*text::key(&name.value)) {
            return members.clone();
        }
        let known = self.units.by_name?;
        if let Some(unit) = known.find(&name.value) {
            return self.units.roster.map(|_| vec![unit]);
        }
        let message = format!("名册里没有单位“{}”，也没有这样一个统称", name.value);
        let help = match known.nearest(&name.value) {
            Some(unit) => format!("是不是“{}”？", known.units()[unit].name),
            None => "请在名册里加上这个单位，或用 [[group]] 写明它指哪些类别".to_owned(),
        };
        Err(self.file.advise(&name.span, "unknown-unit", message, help))
    }
}
