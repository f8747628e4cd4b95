//! Two versions of the roster, unit by unit.

use super::{Difference, Side};
use crate::model::catalog::Catalog;
use crate::model::change::{Change, Effect, Subject};
use crate::model::roster::{Roster, Unit};
use crate::text;

/// Compares the rosters. A unit is the same if one side knows it by a name of the other: a new
/// name with the old one kept among its other names is a unit renamed.
pub(super) fn compare(difference: &mut Difference, old: &Catalog, new: &Catalog) {
    for before in old.roster.units() {
        match partner(before, &new.roster) {
            Some(after) => unit(difference, (old, before), (new, after)),
            None => came_or_went(difference, before, Side::Gone, Effect::Rescored),
        }
    }
    for after in new.roster.units() {
        if partner(after, &old.roster).is_none() {
            // Its sheets are not there yet.
            came_or_went(difference, after, Side::Come, Effect::Judged);
        }
    }
}

/// The unit of the other roster that is the same.
pub(super) fn partner<'r>(unit: &Unit, other: &'r Roster) -> Option<&'r Unit> {
    let by_name = other.find(&unit.name).map(|found| &other.units()[found]);
    by_name.or_else(|| {
        let known = |candidate: &&Unit| {
            let mut also = unit.also.iter();
            also.any(|name| text::key(name) == text::key(&candidate.name))
        };
        other.units().iter().find(known)
    })
}

fn came_or_went(difference: &mut Difference, unit: &Unit, side: Side, effect: Effect) {
    let subject = Subject::Unit(unit.name.clone());
    difference.came_or_went(subject, unit.name.to_string(), side, effect);
}

fn unit(
    difference: &mut Difference,
    (old_catalog, old): (&Catalog, &Unit),
    (new_catalog, new): (&Catalog, &Unit),
) {
    let class = |catalog: &Catalog, unit: &Unit| catalog.rubrics[unit.rubric].id.clone();
    let only = |unit: &Unit, other: &Unit| {
        let also = unit.also.iter().filter(|name| !other.also.contains(name));
        also.map(String::as_str).collect::<Vec<_>>().join("、")
    };
    for (key, before, after, effect) in [
        (
            "name",
            old.name.to_string(),
            new.name.to_string(),
            Effect::Wording,
        ),
        ("also", only(old, new), only(new, old), Effect::Wording),
        // Another class is another score table, which nobody has filled in for it.
        (
            "class",
            class(old_catalog, old),
            class(new_catalog, new),
            Effect::Judged,
        ),
    ] {
        if before != after {
            let some = |text: String| (!text.is_empty()).then_some(text);
            difference.note(Change {
                subject: Subject::Unit(old.name.clone()),
                key: Some(key),
                old: some(before),
                new: some(after),
                effect,
            });
        }
    }
}
