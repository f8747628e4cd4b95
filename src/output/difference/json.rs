//! The same for machines.

use std::io::{self, Write};

use serde::Serialize;

use super::{Noted, Told};
use crate::decimal::{self, Decimal};
use crate::model::change::{
    ClassEffect, Effect, Part, Stage, Standing, Subject, UnitEffect, UnitPart,
};

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    changes: Vec<ChangeOut<'a>>,
    stages: Vec<StageOut>,
    classes: Option<Vec<ClassOut<'a>>>,
}

#[derive(Serialize)]
struct ChangeOut<'a> {
    effect: &'static str,
    rubric: Option<&'a str>,
    part: &'static str,
    id: Option<String>,
    key: Option<&'a str>,
    old: Option<&'a str>,
    new: Option<&'a str>,
    old_place: Option<PlaceOut<'a>>,
    new_place: Option<PlaceOut<'a>>,
}

#[derive(Serialize)]
struct PlaceOut<'a> {
    file: &'a str,
    line: usize,
}

#[derive(Serialize)]
struct StageOut {
    stage: &'static str,
    change: Option<usize>,
}

#[derive(Serialize)]
struct ClassOut<'a> {
    rubric: &'a str,
    class: &'a str,
    units: Vec<UnitOut<'a>>,
}

#[derive(Serialize)]
struct UnitOut<'a> {
    unit: &'a str,
    old: Option<StandingOut<'a>>,
    new: Option<StandingOut<'a>>,
    #[serde(serialize_with = "decimal::as_json_or_null")]
    difference: Option<Decimal>,
    parts: Vec<PartOut>,
    problems: Vec<&'static str>,
}

#[derive(Serialize)]
struct StandingOut<'a> {
    #[serde(serialize_with = "decimal::as_json")]
    total: Decimal,
    rank: usize,
    grade: Option<&'a str>,
}

#[derive(Serialize)]
struct PartOut {
    stage: usize,
    #[serde(serialize_with = "decimal::as_json")]
    total: Decimal,
    old_rank: usize,
    new_rank: usize,
}

/// Writes changes and effects as JSON; changes and stages are named by position, from 0.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_json(out: &mut impl Write, told: &Told) -> io::Result<()> {
    let document = Document {
        schema: "kaohe.diff/1",
        changes: told.changes.iter().map(change_out).collect(),
        stages: told.stages.iter().map(stage_out).collect(),
        classes: told
            .effects
            .map(|effects| effects.iter().map(class_out).collect()),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn change_out<'a>(noted: &'a Noted) -> ChangeOut<'a> {
    let change = noted.change;
    let (rubric, part, id) = subject_out(&change.subject);
    let [old_place, new_place] = noted.lines.each_ref().map(|line| {
        line.as_ref()
            .map(|(file, line)| PlaceOut { file, line: *line })
    });
    ChangeOut {
        effect: match change.effect {
            Effect::Wording => "wording",
            Effect::Rescored => "re-scored",
            Effect::Judged => "judged-again",
        },
        rubric,
        part,
        id,
        key: change.key,
        old: change.old.as_deref(),
        new: change.new.as_deref(),
        old_place,
        new_place,
    }
}

fn subject_out(subject: &Subject) -> (Option<&str>, &'static str, Option<String>) {
    match subject {
        Subject::Rubric(rubric, part) => {
            let (part, id) = match part {
                Part::Whole => ("rubric", None),
                Part::Ranking => ("ranking", None),
                Part::Grades => ("grades", None),
                Part::Period(id) => ("period", Some(id.clone())),
                Part::Category(position) => ("category", Some((position + 1).to_string())),
                Part::Item(no) => ("item", Some(no.to_string())),
                Part::Clause(item, mark) => {
                    let (item, mark) = (*item, *mark);
                    let id = crate::model::rubric::RuleId { item, mark };
                    ("clause", Some(id.to_string()))
                }
                Part::Rule(id) => ("rule", Some(id.to_string())),
            };
            (Some(rubric), part, id)
        }
        Subject::TaskTable(_) => (None, "tasks", None),
        Subject::Task(no) => (None, "task", Some(no.to_string())),
        Subject::Unit(unit) => (None, "unit", Some(unit.to_string())),
    }
}

fn stage_out(stage: &Stage) -> StageOut {
    let (stage, change) = match stage {
        Stage::Change(change) => ("change", Some(*change)),
        Stage::TasksAndRoster => ("tasks-and-roster", None),
        Stage::Judged => ("judged-again", None),
        Stage::Wording => ("wording", None),
    };
    StageOut { stage, change }
}

fn class_out(class: &ClassEffect) -> ClassOut<'_> {
    ClassOut {
        rubric: &class.rubric,
        class: &class.class,
        units: class.units.iter().map(unit_out).collect(),
    }
}

fn unit_out(unit: &UnitEffect) -> UnitOut<'_> {
    let part = |part: &UnitPart| PartOut {
        stage: part.stage,
        total: part.total,
        old_rank: part.ranks.0,
        new_rank: part.ranks.1,
    };
    UnitOut {
        unit: &unit.unit,
        old: unit.old.as_ref().map(standing_out),
        new: unit.new.as_ref().map(standing_out),
        difference: unit.difference(),
        parts: unit.parts.iter().map(part).collect(),
        problems: unit.problems.iter().map(|code| code.name()).collect(),
    }
}

fn standing_out(standing: &Standing) -> StandingOut<'_> {
    StandingOut {
        total: standing.total,
        rank: standing.rank,
        grade: standing.grade.as_deref(),
    }
}
