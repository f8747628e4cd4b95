//! The roster, and its classes joined to the rubrics.

use std::collections::HashMap;
use std::sync::Arc;

use super::RubricSource;
use super::decode::{Placed, Problems, Table};
use super::rubric::Draft;
use crate::model::roster::{Roster, Unit};
use crate::text;

/// One class as read.
pub(super) struct Class<'a> {
    source: &'a RubricSource,
    rubric: Placed<String>,
    units: Vec<(Placed<String>, Vec<Placed<String>>)>,
}

/// Reads the roster.
pub(super) fn decode<'a>(table: &Table<'a>) -> Vec<Class<'a>> {
    for key in ["version", "date", "source"] {
        table.optional_text(key);
    }
    table.note();
    let classes = table.tables("class").iter().map(class).collect();
    table.close();
    classes
}

fn class<'a>(table: &Table<'a>) -> Class<'a> {
    let unit = |table: &Table| {
        let unit = (table.placed_text("name"), table.texts("also"));
        table.note();
        table.close();
        unit
    };
    let class = Class {
        source: table.source,
        units: table.tables("units").iter().map(unit).collect(),
        rubric: table.placed_text("rubric"),
    };
    table.note();
    table.close();
    class
}

/// Brings the rubrics into the order of the classes, and the units of all classes into one
/// roster.
pub(super) fn join<'a>(
    mut rubrics: Vec<Draft<'a>>,
    classes: Vec<Class>,
    problems: &Problems,
) -> (Vec<Draft<'a>>, Roster) {
    let place = |draft: &Draft| {
        let of_class = |class: &Class| class.rubric.0 == draft.rubric.id;
        classes.iter().position(of_class).unwrap_or(usize::MAX)
    };
    rubrics.sort_by_key(place);
    for (index, draft) in rubrics.iter().enumerate() {
        if rubrics[..index]
            .iter()
            .any(|other| other.rubric.id == draft.rubric.id)
        {
            let message = format!("细则 {} 有两份", draft.rubric.id);
            problems.add(
                Some(draft.source),
                draft.id.clone(),
                "duplicate-rubric",
                message,
                None,
            );
        }
    }
    let mut units = Vec::new();
    let mut taken: HashMap<String, String> = HashMap::new();
    for class in classes {
        let (id, span) = &class.rubric;
        let rubric = rubrics.iter().position(|draft| draft.rubric.id == *id);
        if rubric.is_none() && !id.is_empty() {
            let message = format!("没有细则“{id}”");
            problems.add(
                Some(class.source),
                span.clone(),
                "unknown-rubric",
                message,
                None,
            );
        }
        for (name, also) in class.units {
            for (alias, span) in [&name].into_iter().chain(&also) {
                let other = taken.insert(text::key(alias), name.0.clone());
                if let Some(other) = other {
                    let message = format!("名称“{alias}”已经是“{other}”的");
                    problems.add(
                        Some(class.source),
                        span.clone(),
                        "duplicate-unit",
                        message,
                        None,
                    );
                }
            }
            units.push(Unit {
                name: Arc::from(name.0),
                rubric: rubric.unwrap_or_default(),
                also: also.into_iter().map(|(alias, _)| alias).collect(),
            });
        }
    }
    (rubrics, Roster::new(units))
}
