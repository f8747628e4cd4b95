//! What each stage moves: the same sheets scored at every stage, differences taken between
//! neighbours, so that they add up to the whole by themselves.

use std::collections::HashMap;
use std::sync::Arc;

use super::roster::partner;
use crate::diagnostic::Code;
use crate::model::catalog::Catalog;
use crate::model::change::{ClassEffect, Standing, UnitEffect, UnitPart};
use crate::model::roster::Unit;
use crate::model::scorecard::ClassResult;

/// What is in force at a stage, and what the sheets come to by it.
pub struct Scored {
    /// What is in force.
    pub catalog: Catalog,
    /// The results, class by class.
    pub results: Vec<ClassResult>,
}

/// What the way from the first to the last moves, class by class of the first, then of the last.
pub fn effects(way: &[Scored]) -> Vec<ClassEffect> {
    let (Some(first), Some(last)) = (way.first(), way.last()) else {
        return Vec::new();
    };
    let standings: Vec<HashMap<Arc<str>, Standing>> = way.iter().map(standings).collect();
    let mut classes = Vec::new();
    for (rubric, units) in units_by_class(first, last) {
        let effect = |names: Names| names.effect(&standings, last);
        let mut units: Vec<UnitEffect> = units.into_iter().map(effect).collect();
        units.retain(|unit| unit.old.is_some() || unit.new.is_some());
        let has_total = |name: &Arc<str>| units.iter().any(|unit| unit.unit == *name);
        let handed_in = handed_in(first, &rubric.0).into_iter();
        let unscored = handed_in.filter(|name| !has_total(name)).count();
        units.sort_by_key(|unit| {
            let rank = |standing: &Option<Standing>| standing.as_ref().map(|at| at.rank);
            let rank = rank(&unit.old).or(rank(&unit.new));
            rank.unwrap_or(usize::MAX)
        });
        let (id, class) = rubric;
        classes.push(ClassEffect {
            rubric: id,
            class,
            units,
            unscored,
        });
    }
    classes
}

/// The names of the units of a class of which anything was handed in.
fn handed_in(scored: &Scored, id: &str) -> Vec<Arc<str>> {
    let is_it = |class: &&ClassResult| scored.catalog.rubrics[class.rubric].id == id;
    let Some(class) = scored.results.iter().find(is_it) else {
        return Vec::new();
    };
    let ranked = class.units.iter().map(|unit| unit.unit);
    let unranked = class.unranked.iter();
    let unranked = unranked.filter(|unit| !unit.periods.is_empty() || !unit.problems.is_empty());
    let units = ranked.chain(unranked.map(|unit| unit.unit));
    units
        .map(|unit| Arc::clone(&scored.catalog.roster.units()[unit].name))
        .collect()
}

/// The names of one unit before and after.
struct Names {
    old: Option<Arc<str>>,
    new: Option<Arc<str>>,
}

type Class = ((String, String), Vec<Names>);

/// Every unit, in the class that it has in the first, else in the last.
fn units_by_class(first: &Scored, last: &Scored) -> Vec<Class> {
    let mut classes: Vec<Class> = Vec::new();
    let mut add = |catalog: &Catalog, unit: &Unit, names: Names| {
        let rubric = &catalog.rubrics[unit.rubric];
        let key = (rubric.id.clone(), rubric.class.clone());
        match classes.iter_mut().find(|((id, _), _)| *id == key.0) {
            Some((_, units)) => units.push(names),
            None => classes.push((key, vec![names])),
        }
    };
    for unit in first.catalog.roster.units() {
        let new = partner(unit, &last.catalog.roster);
        let names = Names {
            old: Some(unit.name.clone()),
            new: new.map(|unit| unit.name.clone()),
        };
        add(&first.catalog, unit, names);
    }
    for unit in last.catalog.roster.units() {
        if partner(unit, &first.catalog.roster).is_none() {
            let names = Names {
                old: None,
                new: Some(unit.name.clone()),
            };
            add(&last.catalog, unit, names);
        }
    }
    classes
}

/// Where the units stand that have a total and a rank, by name.
fn standings(scored: &Scored) -> HashMap<Arc<str>, Standing> {
    let mut standings = HashMap::new();
    for class in &scored.results {
        let grades = scored.catalog.rubrics[class.rubric].grades.as_ref();
        for unit in &class.units {
            let (Some(total), Some(rank)) = (unit.total, unit.rank) else {
                continue;
            };
            let level = grades.zip(unit.grade);
            let level = level.and_then(|(grades, level)| grades.levels.get(level));
            let standing = Standing {
                total,
                rank,
                grade: level.map(|level| level.name.clone()),
            };
            let name = &scored.catalog.roster.units()[unit.unit].name;
            standings.insert(Arc::clone(name), standing);
        }
    }
    standings
}

impl Names {
    fn effect(self, standings: &[HashMap<Arc<str>, Standing>], last: &Scored) -> UnitEffect {
        let at = |stage: usize| {
            let known =
                |name: &Option<Arc<str>>| name.as_ref().and_then(|name| standings[stage].get(name));
            known(&self.old).or_else(|| known(&self.new))
        };
        let mut parts = Vec::new();
        let mut before = at(0);
        for stage in 1..standings.len() {
            // A stage at which there is no score hands its share on to the next that has one.
            let Some(after) = at(stage) else {
                continue;
            };
            let Some(before) = before.replace(after).filter(|before| *before != after) else {
                continue;
            };
            let grade = |standing: &Standing| standing.grade.clone().unwrap_or_default();
            let grades = (grade(before), grade(after));
            parts.push(UnitPart {
                stage: stage - 1,
                total: after.total - before.total,
                ranks: (before.rank, after.rank),
                grades: (grades.0 != grades.1).then_some(grades),
            });
        }
        let (old, new) = (at(0).cloned(), at(standings.len() - 1).cloned());
        UnitEffect {
            parts,
            problems: if new.is_none() {
                problems(last, self.new.as_ref().or(self.old.as_ref()))
            } else {
                Vec::new()
            },
            unit: self.old.or(self.new).unwrap_or_else(|| Arc::from("")),
            old,
            new,
        }
    }
}

/// The codes of the errors that keep a unit from being scored.
fn problems(last: &Scored, name: Option<&Arc<str>>) -> Vec<Code> {
    let position = name.and_then(|name| last.catalog.roster.find(name));
    let unranked = last.results.iter().flat_map(|class| &class.unranked);
    unranked
        .filter(|unranked| Some(unranked.unit) == position)
        .flat_map(|unranked| unranked.problems.iter().copied())
        .collect()
}
