//! `kaohe rubric list`: which rubrics are in force, and the fingerprints by which a report
//! names them.

use std::io::Write;

use anyhow::Result;

use super::files::{self, Files};
use crate::cli::Outcome;
use crate::cli::args::{Common, FindingsFormat, RubricList};
use crate::cli::voice::Voice;
use crate::model::draft::Field;
use crate::output::rubric_list::{self, InForce, RosterFile, RubricFile, TaskFile};

pub(super) fn run(common: &Common, args: &RubricList, voice: &Voice) -> Result<Outcome> {
    let list = in_force(&files::read(common, voice)?);
    let mut out = voice.stdout();
    match args.format {
        FindingsFormat::Text => rubric_list::write_text(&mut out, &list)?,
        FindingsFormat::Json => rubric_list::write_json(&mut out, &list)?,
    }
    out.flush()?;
    Ok(Outcome::Clean)
}

fn in_force(files: &Files) -> InForce {
    let Files {
        catalog, drafts, ..
    } = files;
    let rubrics = catalog.rubrics.iter().zip(&drafts.rubrics).enumerate();
    let rubrics = rubrics.map(|(position, (rubric, draft))| {
        let (file, sha256) = files.print(draft.file);
        RubricFile {
            id: rubric.id.clone(),
            file: file.to_owned(),
            title: rubric.title.clone(),
            class: rubric.class.clone(),
            year: rubric.year,
            units: catalog.class(position).count(),
            points: rubric.points(),
            version: rubric.version.clone(),
            date: rubric.date.clone(),
            sha256,
        }
    });
    let tables = catalog.task_tables.iter().zip(&drafts.task_tables);
    let task_tables = tables.map(|(table, draft)| {
        let (file, sha256) = files.print(draft.file);
        TaskFile {
            file: file.to_owned(),
            title: table.title.clone(),
            year: table.year,
            tasks: table.tasks.len(),
            version: table.version.clone(),
            date: table.date.clone(),
            sha256,
        }
    });
    let text = |field: &Field<String>| {
        field
            .as_ref()
            .map_or_else(|_| String::new(), |text| text.value.clone())
    };
    // A catalog is made of drafts that could be read, the roster among them.
    let roster = drafts.roster.as_ref().ok();
    let (file, sha256) = roster.map_or(("", String::new()), |roster| files.print(roster.file));
    InForce {
        schema: "kaohe.rubric-list/1",
        rubrics: rubrics.collect(),
        task_tables: task_tables.collect(),
        roster: RosterFile {
            file: file.to_owned(),
            units: catalog.roster.units().len(),
            version: roster.map_or_else(String::new, |roster| text(&roster.version)),
            date: roster.map_or_else(String::new, |roster| text(&roster.date)),
            sha256,
        },
    }
}
