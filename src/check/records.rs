//! From tables to records: who and when, then each unit's round, then each class.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::check::class;
use crate::check::context::{self, Resolved};
use crate::check::group::{Checker, Group};
use crate::check::report::{Concern, Report};
use crate::diagnostic::{self, Diagnostic, Finding};
use crate::location::{Address, Place, Source};
use crate::model::catalog::Catalog;
use crate::model::record::{ClassRecords, Record};
use crate::model::rubric::RuleId;
use crate::model::submission::{Context, Layout, Row, Table};

/// What to hold the sheets to, beyond the rubric.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Whether every unit of the roster must be there with every period.
    pub complete: bool,
    /// The key of the only period to score (`routine`); `None` for the whole year.
    pub period: Option<String>,
}

/// What came of the check.
#[derive(Debug)]
pub struct Checked {
    /// Every finding, in the order of print.
    pub diagnostics: Vec<Diagnostic>,
    /// The classes of which anything was handed in, in the order of the catalog.
    pub classes: Vec<ClassRecords>,
}

/// A row with the table that it stands in.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    pub table: &'a Table,
    pub row: &'a Row,
}

impl Given<'_> {
    /// The cell that tells this row from others: its id, or in a wide table, where the id is a
    /// header, its value.
    pub(super) fn own_cell(&self) -> Address {
        match self.table.layout {
            Layout::Wide => self.row.value.address,
            _ => self.row.id.address,
        }
    }
}

/// Rows of which it is not known whose they are, or of when: what they may hold is not called
/// missing elsewhere.
#[derive(Default)]
pub(super) struct Unplaced {
    rows: Vec<UnplacedRow>,
}

struct UnplacedRow {
    source: Source,
    layout: Layout,
    unit: Option<usize>,
    /// 编号 or 任务序号, which are written alike.
    id: Option<RuleId>,
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
    loose: BTreeMap<usize, Vec<Given<'a>>>,
    unplaced: Unplaced,
    /// Units that an unknown name probably means.
    pub meant: Vec<usize>,
}

/// Holds `tables` to the rubrics.
pub fn check(catalog: &Catalog, tables: &[Table], options: &Options) -> Checked {
    let mut report = Report::new(&catalog.roster);
    let sorted = sort(catalog, tables, &mut report);
    let mut columns = Columns::default();
    let mut records: BTreeMap<Key, Record> = BTreeMap::new();
    for (&key, group) in &sorted.groups {
        let (unit, period, round) = key;
        let mut checker = Checker {
            catalog,
            rubric: &catalog.rubrics[catalog.rubric_of(unit)],
            concern: Concern {
                unit,
                period: Some(period),
            },
            round,
            unplaced: &sorted.unplaced,
            report: &mut report,
            columns: &mut columns,
        };
        if let Some(record) = checker.check(group) {
            records.insert(key, record);
        }
    }
    for (&unit, rows) in &sorted.loose {
        let mut checker = Checker {
            catalog,
            rubric: &catalog.rubrics[catalog.rubric_of(unit)],
            concern: Concern { unit, period: None },
            round: 1,
            unplaced: &sorted.unplaced,
            report: &mut report,
            columns: &mut columns,
        };
        checker.check_values(rows);
    }
    report_columns(catalog, columns, &mut report);
    let classes = class::gather(catalog, &sorted, records, options, &mut report);
    let mut diagnostics = report.into_diagnostics();
    diagnostic::sort(&mut diagnostics);
    Checked {
        diagnostics,
        classes,
    }
}

/// Resolves whose every row is and sorts the rows by it.
fn sort<'a>(catalog: &Catalog, tables: &'a [Table], report: &mut Report) -> Sorted<'a> {
    let mut sorted = Sorted::default();
    for table in tables {
        let mut concerns: Vec<Concern> = Vec::new();
        let mut last: Option<(&Arc<Context>, Resolved)> = None;
        for row in &table.rows {
            let resolved = match last.take() {
                Some((context, resolved)) if Arc::ptr_eq(context, &row.context) => resolved,
                _ => resolve(catalog, table, &row.context, &mut concerns, report),
            };
            sorted.add(Given { table, row }, &resolved);
            last = Some((&row.context, resolved));
        }
        if table.rows.is_empty() && matches!(table.layout, Layout::Form | Layout::TaskForm) {
            resolve(catalog, table, &table.above, &mut concerns, report);
        }
        concerns.dedup_by_key(|concern| (concern.unit, concern.period));
        for fault in &table.faults {
            let at = (&table.source, fault.address);
            match concerns.as_slice() {
                [only] => report.cell(at, *only, None, fault.finding.clone()),
                several => report.shared(at, several, None, fault.finding.clone()),
            }
        }
    }
    sorted
}

/// Resolves one context and says what is wrong with it.
fn resolve(
    catalog: &Catalog,
    table: &Table,
    context: &Context,
    concerns: &mut Vec<Concern>,
    report: &mut Report,
) -> Resolved {
    let resolved = context::resolve(catalog, context);
    let concern = resolved.unit.map(|unit| Concern {
        unit,
        period: resolved.period,
    });
    concerns.extend(concern);
    for (address, finding) in &resolved.faults {
        let at = (&table.source, *address);
        match concern {
            Some(concern) => report.cell(at, concern, None, finding.clone()),
            None => report.shared(at, &[], None, finding.clone()),
        }
    }
    resolved
}

impl<'a> Sorted<'a> {
    fn add(&mut self, given: Given<'a>, resolved: &Resolved) {
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
        self.unplaced.rows.push(UnplacedRow {
            source: given.table.source.clone(),
            layout: given.table.layout,
            unit: resolved.unit,
            id: RuleId::parse(&given.row.id.text()),
        });
    }

    /// Whether anything of `unit` was handed in whose period or round is not known.
    pub(super) fn has_loose(&self, unit: usize) -> bool {
        self.unplaced.rows.iter().any(|row| row.unit == Some(unit))
    }

    /// Every unit of which anything was handed in.
    pub(super) fn units(&self) -> impl Iterator<Item = usize> {
        let placed = self.groups.keys().map(|(unit, ..)| *unit);
        placed.chain(self.unplaced.rows.iter().filter_map(|row| row.unit))
    }
}

impl Unplaced {
    /// Whether a task table of the same file or unit could not be placed.
    pub(super) fn has_tasks(&self, source: &Source, unit: usize) -> bool {
        self.beside(source, unit)
            .any(|row| matches!(row.layout, Layout::TaskForm | Layout::TaskList))
    }

    fn beside(&self, source: &Source, unit: usize) -> impl Iterator<Item = &UnplacedRow> {
        let file = source.order.0;
        self.rows
            .iter()
            .filter(move |row| row.source.order.0 == file || row.unit == Some(unit))
    }

    /// Whether a row of the same tables that could not be placed has the id `id`.
    pub(super) fn may_hold<'a>(
        &self,
        mut tables: impl Iterator<Item = &'a Table> + Clone,
        id: RuleId,
    ) -> bool {
        let same_sheet = |row: &UnplacedRow| tables.any(|table| table.source == row.source);
        self.rows
            .iter()
            .filter(|row| row.id == Some(id))
            .any(same_sheet)
    }
}

/// Says which rule columns wide tables lack: once a column, not once a unit.
fn report_columns(catalog: &Catalog, columns: Columns, report: &mut Report) {
    for ((place, id), concerns) in columns {
        let rule = concerns.iter().find_map(|concern| {
            let rubric = &catalog.rubrics[catalog.rubric_of(concern.unit)];
            rubric.rules().find(|rule| rule.id == id)
        });
        let finding = Finding::MissingRule {
            rule: id.to_string(),
            ask: rule.map(|rule| rule.ask.clone()).unwrap_or_default(),
            units: concerns.len(),
        };
        let at = (&place.source, place.address);
        match concerns.as_slice() {
            [only] => report.cell(at, *only, Some(id), finding),
            several => report.shared(at, several, Some(id), finding),
        }
    }
}
