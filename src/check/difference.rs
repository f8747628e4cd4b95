//! Two versions of the rubrics: what changed, and how to get from one to the other a step at a
//! time, so that a difference of scores can be laid at the door of single changes.
//!
//! Every change is classed by what it asks of the office. *Wording*: words that people read, and
//! figures that are only printed (a heading's points, the total on the form); no score can move.
//! *Re-scored*: figures and choices by which the engine turns what a sheet holds into points;
//! the values are still the answer to the same question; a rule that is gone is one of them, its
//! values count for nothing. *Judged again*: the question itself is
//! another (what is asked, how it is counted, what a task demands), or the answer was a judgement
//! within bounds that moved (酌情扣分: its words, its cap), or there is no answer yet (a new rule).

mod attribution;
mod reading;
mod roster;
mod rubric;
mod tasks;

use crate::model::catalog::Catalog;
use crate::model::change::{Change, Effect, Part, Stage, Subject};
use crate::model::rubric::Rubric;
pub use attribution::{Scored, effects};
pub use reading::readable;

/// Makes one change in a rubric that has the old value.
type Edit = Box<dyn Fn(&mut Rubric)>;

/// What changed.
#[derive(Default)]
pub struct Difference {
    /// Every change: rubric by rubric in the order of its file, then tasks, then the roster.
    pub changes: Vec<Change>,
    /// The changes that can be made one at a time, with the id of their rubric.
    edits: Vec<(usize, String, Edit)>,
}

/// Compares two versions.
pub fn compare(old: &Catalog, new: &Catalog) -> Difference {
    let mut difference = Difference::default();
    for rubric in &old.rubrics {
        match new.rubrics.iter().find(|other| other.id == rubric.id) {
            Some(other) => rubric::compare(&mut difference, rubric, other),
            None => difference.whole(rubric, Side::Gone),
        }
    }
    let is_new = |rubric: &&Rubric| old.rubrics.iter().all(|other| other.id != rubric.id);
    for rubric in new.rubrics.iter().filter(is_new) {
        difference.whole(rubric, Side::Come);
    }
    tasks::compare(&mut difference, old, new);
    roster::compare(&mut difference, old, new);
    difference
}

/// Whether something is only in the old or only in the new.
#[derive(Clone, Copy)]
enum Side {
    Gone,
    Come,
}

impl Difference {
    /// Notes a change that needs no edit of its own.
    fn note(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// Notes that a subject came or went.
    fn came_or_went(&mut self, subject: Subject, what: String, side: Side, effect: Effect) {
        let (old, new) = match side {
            Side::Gone => (Some(what), None),
            Side::Come => (None, Some(what)),
        };
        self.note(Change {
            subject,
            key: None,
            old,
            new,
            effect,
        });
    }

    fn whole(&mut self, rubric: &Rubric, side: Side) {
        let subject = Subject::Rubric(rubric.id.clone(), Part::Whole);
        self.came_or_went(subject, rubric.title.clone(), side, Effect::Judged);
    }

    /// The way from the old to the new: the changes that can be scored again one at a time in
    /// document order, then tasks and roster, then what people judge again, with all that is left;
    /// each stage with what is in force when it is done. The last one is the new version itself,
    /// so that nothing can be left out.
    pub fn stages(&self, old: &Catalog, new: &Catalog) -> Vec<(Stage, Catalog)> {
        let mut stages = Vec::new();
        let mut current = old.clone();
        for (change, id, edit) in &self.edits {
            if let Some(rubric) = current.rubrics.iter_mut().find(|rubric| rubric.id == *id) {
                edit(rubric);
            }
            stages.push((Stage::Change(*change), current.clone()));
        }
        let in_rubric = |change: &Change| matches!(change.subject, Subject::Rubric(..));
        let has = |effect: Effect, rubric: bool| {
            let mut changes = self.changes.iter();
            changes.any(|change| change.effect == effect && in_rubric(change) == rubric)
        };
        if has(Effect::Judged, false) || has(Effect::Rescored, false) {
            stages.push((Stage::TasksAndRoster, joined(&current, new)));
        }
        let rest = if has(Effect::Judged, true) {
            Stage::Judged
        } else {
            Stage::Wording
        };
        stages.push((rest, new.clone()));
        stages
    }
}

/// The new tasks and roster with the rubrics as they are so far.
fn joined(current: &Catalog, new: &Catalog) -> Catalog {
    let rubric = |target: &Rubric| {
        let mut rubrics = current.rubrics.iter();
        let so_far = rubrics.find(|rubric| rubric.id == target.id);
        Rubric {
            tasks: target.tasks,
            ..so_far.unwrap_or(target).clone()
        }
    };
    Catalog {
        rubrics: new.rubrics.iter().map(rubric).collect(),
        task_tables: new.task_tables.clone(),
        roster: new.roster.clone(),
    }
}
