//! The rows that were handed in, sorted by whose they are: what the other files of the check
//! work on.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::context::Resolved;
use crate::check::report::Concern;
use crate::location::{Address, Place, Source};
use crate::model::rubric::RuleId;
use crate::model::submission::{Layout, Row, Table};

/// A row with the table that it stands in.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    pub table: &'a Table,
    pub row: &'a Row,
}

impl Given<'_> {
    /// The cell that says whose the sheet is that the row belongs to; in a wide table, where each
    /// row is a sheet, the one in the row, even if it lies in a merged block.
    pub(super) fn unit_cell(&self) -> Address {
        let stated = self.row.unit_address();
        match self.table.layout {
            Layout::Wide => Address::new(self.row.index(), stated.column),
            _ => stated,
        }
    }

    /// Whether nothing stands where the row of a wide table meets a column.
    pub(super) fn is_blank_beside(&self) -> bool {
        self.table.layout == Layout::Wide && self.row.value.is_blank()
    }

    /// Whether nothing stands in that column at all.
    pub(super) fn is_in_blank_column(&self) -> bool {
        let column = self.row.id.address.column;
        self.is_blank_beside() && self.table.filled.binary_search(&column).is_err()
    }

    /// The cell that tells this row from others: its id, or in a wide table, where the id is a
    /// header, its value.
    pub(super) fn own_cell(&self) -> Address {
        match self.table.layout {
            Layout::Wide => self.row.value.address,
            _ => self.row.id.address,
        }
    }
}

/// The rows of one unit, period and round.
#[derive(Default)]
pub(super) struct Group<'a> {
    pub rules: Vec<Given<'a>>,
    pub tasks: Vec<Given<'a>>,
}

/// Rows of which it is not known whose they are, or of when: what they may hold is not called
/// missing elsewhere.
#[derive(Default)]
pub(super) struct Unplaced {
    /// The units of such rows, where they are known.
    units: BTreeSet<usize>,
    /// The same of rows of tasks, and the files that these stand in.
    task_units: BTreeSet<usize>,
    task_files: BTreeSet<u32>,
    /// File and sheet, and the 编号 or 任务序号, which are written alike.
    ids: BTreeSet<((u32, u32), RuleId)>,
}

/// Rule columns that wide tables lack, and whom they lack them for: reported once a column.
pub(super) type Columns = BTreeMap<(Place, RuleId), Vec<Concern>>;

/// Unit, period, round.
pub(super) type Key = (usize, usize, u32);

/// The rows by whose they are, while the check goes on.
#[derive(Default)]
pub(super) struct Sorted<'a> {
    pub groups: BTreeMap<Key, Group<'a>>,
    /// Rows of known units whose period or round is not known.
    pub loose: BTreeMap<usize, Vec<Given<'a>>>,
    pub unplaced: Unplaced,
    /// Units that an unknown name probably means.
    meant: BTreeSet<usize>,
    /// Whether there is one of which nobody asked: it may mean any.
    pub any_is_meant: bool,
}

impl<'a> Sorted<'a> {
    /// Takes up a row whose context was resolved as far as it goes.
    pub(super) fn add(&mut self, given: Given<'a>, resolved: &Resolved) {
        let is_task = matches!(given.table.layout, Layout::TaskForm | Layout::TaskList);
        if let Some(key) = resolved.key() {
            let group = self.groups.entry(key).or_default();
            if is_task {
                group.tasks.push(given);
            } else {
                group.rules.push(given);
            }
            return;
        }
        if let (Some(unit), false) = (resolved.unit, is_task) {
            self.loose.entry(unit).or_default().push(given);
        }
        self.meant.extend(resolved.meant);
        self.unplaced.add(given, resolved.unit, is_task);
    }

    /// Whether anything of `unit` was handed in whose period or round is not known.
    pub(super) fn has_loose(&self, unit: usize) -> bool {
        self.unplaced.units.contains(&unit)
    }

    /// Whether an unknown name may mean `unit`.
    pub(super) fn is_meant(&self, unit: usize) -> bool {
        self.any_is_meant || self.meant.contains(&unit)
    }

    /// Every unit of which anything was handed in.
    pub(super) fn units(&self) -> impl Iterator<Item = usize> {
        let placed = self.groups.keys().map(|(unit, ..)| *unit);
        placed.chain(self.unplaced.units.iter().copied())
    }
}

impl Unplaced {
    fn add(&mut self, given: Given, unit: Option<usize>, is_task: bool) {
        let order = given.table.source.order;
        self.units.extend(unit);
        if is_task {
            self.task_units.extend(unit);
            self.task_files.insert(order.0);
        }
        let id = RuleId::parse(&given.row.id.text());
        self.ids.extend(id.map(|id| (order, id)));
    }

    /// Whether a task table of the same file or unit could not be placed.
    pub(super) fn has_tasks(&self, source: &Source, unit: usize) -> bool {
        self.task_files.contains(&source.order.0) || self.task_units.contains(&unit)
    }

    /// Whether a row of the same tables that could not be placed has the id `id`.
    pub(super) fn may_hold<'a>(
        &self,
        mut tables: impl Iterator<Item = &'a Table>,
        id: RuleId,
    ) -> bool {
        tables.any(|table| self.ids.contains(&(table.source.order, id)))
    }
}
