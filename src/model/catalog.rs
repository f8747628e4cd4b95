//! What is in force: the rubrics, the task tables they name, the roster.

use crate::model::roster::Roster;
use crate::model::rubric::Rubric;
use crate::model::task::TaskTable;

/// Everything that was decided before the sheets came in.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// The rubrics, in the order of the roster's classes.
    pub rubrics: Vec<Rubric>,
    /// The task tables; a rubric names its own by position.
    pub task_tables: Vec<TaskTable>,
    /// Who is assessed.
    pub roster: Roster,
}

impl Catalog {
    /// The task table that `rubric` takes its rate from.
    pub fn tasks_of(&self, rubric: &Rubric) -> Option<&TaskTable> {
        rubric.tasks.map(|table| &self.task_tables[table])
    }

    /// The rubric that scores the unit at `unit` of the roster, by position.
    pub fn rubric_of(&self, unit: usize) -> usize {
        self.roster.units()[unit].rubric
    }

    /// The units of the class that the rubric at `rubric` scores, in roster order.
    pub fn class(&self, rubric: usize) -> impl Iterator<Item = usize> {
        let units = self.roster.units().iter().enumerate();
        units.filter_map(move |(unit, entry)| (entry.rubric == rubric).then_some(unit))
    }
}
