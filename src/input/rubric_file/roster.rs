//! The roster: its shape, and its classes joined to the rubrics.

use std::collections::HashSet;
use std::sync::Arc;

use super::problem::{File, all};
use super::table::Table;
use super::take::{self, Seen, both, each, held, known_rubrics, maybe, rubric_position};
use super::value;
use crate::model::draft::{ClassDraft, Reported, RosterDraft, RubricDraft, UnitDraft};
use crate::model::roster::{Roster, Unit};
use crate::text;

/// Reads the roster.
pub(super) fn draft(table: &mut Table) -> RosterDraft {
    RosterDraft {
        file: table.file.index,
        version: table.text("version"),
        date: table.required("date", value::DATE),
        source: table.text("source"),
        classes: table.tables("class", class),
        note: table.optional_text("note"),
    }
}

fn class(table: &mut Table) -> ClassDraft {
    ClassDraft {
        rubric: table.text("rubric"),
        units: table.tables("units", unit),
        note: table.optional_text("note"),
    }
}

fn unit(table: &mut Table) -> UnitDraft {
    UnitDraft {
        name: table.name("name"),
        also: table.names("also"),
        note: table.optional_text("note"),
    }
}

/// Where in the catalog a rubric stands: the place of its class in the roster, or behind all
/// of them where it has none.
pub(super) fn place(roster: Result<&RosterDraft, Reported>, rubric: &RubricDraft) -> usize {
    let classes = roster.ok().and_then(|roster| roster.classes.as_ref().ok());
    let is_it = |class: &ClassDraft| match (&class.rubric, &rubric.id) {
        (Ok(named), Ok(id)) => named.value == id.value,
        _ => false,
    };
    classes
        .and_then(|classes| classes.iter().position(is_it))
        .unwrap_or(usize::MAX)
}

/// Makes the roster of a draft.
///
/// # Errors
///
/// When something is wrong with it, all of which was reported.
pub(super) fn build(
    file: File,
    draft: &RosterDraft,
    rubrics: &[RubricDraft],
) -> Result<Roster, Reported> {
    let mut classes = Seen::new("duplicate-class", "类别");
    let mut names = Seen::new("duplicate-unit", "单位名称");
    let units = each(&draft.classes, |class| {
        let rubric = rubric_of(file, class, rubrics, &mut classes);
        let names = each(&class.units, |unit| named(file, unit, &mut names));
        let (rubric, names) = both(rubric, names)?;
        let unit = |(name, also)| Unit { name, rubric, also };
        Ok(names.into_iter().map(unit).collect::<Vec<_>>())
    });
    take::value(&draft.version)?;
    take::value(&draft.date)?;
    take::value(&draft.source)?;
    Ok(Roster::new(units?.concat()))
}

/// The units with no more than their names: enough to look names up, whatever else may be
/// wrong with the roster. A unit has the position that it has in the roster.
///
/// # Errors
///
/// Where a name could not be read.
pub(super) fn by_name(draft: &RosterDraft) -> Result<Roster, Reported> {
    let units = each(&draft.classes, |class| {
        each(&class.units, |unit| {
            Ok(Unit {
                name: Arc::from(take::value(&unit.name)?),
                rubric: 0,
                also: take::texts(&unit.also)?,
            })
        })
    });
    Ok(Roster::new(units?.concat()))
}

/// The position of the rubric that scores a class.
fn rubric_of<'d>(
    file: File<'d>,
    class: &ClassDraft,
    rubrics: &[RubricDraft],
    seen: &mut Seen<'d, String>,
) -> Result<usize, Reported> {
    maybe(&class.note)?;
    let id = held(&class.rubric)?;
    seen.check(file, id.value.clone(), id)?;
    rubric_position(rubrics, &id.value)?.ok_or_else(|| {
        let message = format!("没有标识为“{}”的细则", id.value);
        file.advise(&id.span, "unknown-rubric", message, known_rubrics(rubrics))
    })
}

/// The name of a unit and its other names, none of which another unit has.
fn named<'d>(
    file: File<'d>,
    unit: &UnitDraft,
    seen: &mut Seen<'d, String>,
) -> Result<(Arc<str>, Vec<String>), Reported> {
    maybe(&unit.note)?;
    // One unit may well repeat a spelling of its own.
    let mut own = HashSet::new();
    let names = unit.name.iter().chain(unit.also.iter().flatten());
    let names = names.filter(|name| own.insert(text::key(&name.value)));
    all(names.map(|name| seen.check(file, text::key(&name.value).into_owned(), name)))?;
    let name = take::value(&unit.name)?;
    Ok((Arc::from(name), take::texts(&unit.also)?))
}
