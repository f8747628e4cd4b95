//! From tables to records: who and when, then each unit's round, then each class.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use rayon::slice::ParallelSlice as _;

use crate::check::class;
use crate::check::context::{Resolved, Resolver};
use crate::check::given::{Columns, Given, Group, Key, Sorted, Unplaced};
use crate::check::group::Checker;
use crate::check::report::{Concern, Report};
use crate::check::value;
use crate::diagnostic::{self, Code, Diagnostic, Finding};
use crate::hash::Map;
use crate::location::Address;
use crate::model::catalog::Catalog;
use crate::model::record::{ClassRecords, Record};
use crate::model::submission::{At, Context, Fault, Layout, Row, Table};

/// Groups that are checked one after the other: so many on every machine, since it bears on which
/// findings are counted where a file has too many.
const TOGETHER: usize = 64;

/// Batches that are checked side by side before their findings are put together: each may have as
/// many as a file may.
const AT_A_TIME: usize = 4;

/// Rows whose contexts are resolved before any of them is sorted.
const RESOLVED_TOGETHER: usize = 4096;

/// So few contexts are not worth resolving side by side.
const FEW: usize = 256;

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

/// Holds `tables` to the rubrics.
pub fn check(catalog: &Catalog, tables: &[Table], options: &Options) -> Checked {
    let mut report = Report::new(&catalog.roster);
    let sorted = sort(catalog, tables, &mut report);
    let mut columns = Columns::default();
    let mut records: BTreeMap<Key, Record> = BTreeMap::new();
    let groups: Vec<(Key, &Group)> =
        (sorted.groups.iter().map(|(key, group)| (*key, group))).collect();
    for groups in groups.chunks(TOGETHER * AT_A_TIME) {
        let checked: Vec<Batch> = (groups.par_chunks(TOGETHER))
            .map(|groups| Batch::of(catalog, groups, &sorted.unplaced, report.of_batch()))
            .collect();
        for batch in checked {
            report.absorb(batch.report);
            for (column, concerns) in batch.columns {
                columns.entry(column).or_default().extend(concerns);
            }
            records.extend(batch.records);
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

/// What came of some of the groups.
struct Batch<'r> {
    report: Report<'r>,
    columns: Columns,
    records: Vec<(Key, Record)>,
}

impl<'r> Batch<'r> {
    fn of(
        catalog: &Catalog,
        groups: &[(Key, &Group)],
        unplaced: &Unplaced,
        report: Report<'r>,
    ) -> Self {
        let mut batch = Self {
            report,
            columns: Columns::default(),
            records: Vec::with_capacity(groups.len()),
        };
        for &(key, group) in groups {
            let (unit, period, round) = key;
            let mut checker = Checker {
                catalog,
                rubric: &catalog.rubrics[catalog.rubric_of(unit)],
                concern: Concern {
                    unit,
                    period: Some(period),
                },
                round,
                unplaced,
                report: &mut batch.report,
                columns: &mut batch.columns,
            };
            let record = checker.check(group);
            batch.records.extend(record.map(|record| (key, record)));
        }
        batch
    }
}

/// Resolves whose every row is and sorts the rows by it.
fn sort<'a>(catalog: &Catalog, tables: &'a [Table], report: &mut Report) -> Sorted<'a> {
    let resolver = Resolver::of(catalog);
    let mut sorted = Sorted::default();
    for table in tables {
        let file = table.source.order.0;
        let mut concerns: Vec<Concern> = Vec::new();
        let mut said: Map<(Address, Option<Concern>), Vec<Finding>> = Map::default();
        let mut last: Option<(&Row, Resolved)> = None;
        for rows in table.rows.chunks(RESOLVED_TOGETHER) {
            // Of names beyond those that are printed nobody asks what they mean: any unit may be
            // meant, and none is called missing.
            let asks = !report.has_enough(file, Code::UnknownUnit);
            let mut resolved = resolve_all(&resolver, rows, last.as_ref(), asks).into_iter();
            for row in rows {
                let of_row = match last.take() {
                    Some((before, of_both)) if Arc::ptr_eq(&before.context, &row.context) => {
                        if before.index() != row.index() {
                            let own = |(at, _): &&(At, Finding)| matches!(at, At::Column(_));
                            let own = of_both.faults.iter().filter(own);
                            say(own, of_both.concern(), table, row.index(), report);
                        }
                        of_both
                    }
                    _ => {
                        let of_row = resolved.next().expect("each context is resolved");
                        sorted.any_is_meant |= !asks && of_row.unit.is_none();
                        // Whom the table concerns is asked only where it has faults.
                        if !table.faults.is_empty() {
                            concerns.extend(of_row.concern());
                        }
                        let concern = of_row.concern();
                        // What a block or a label says need not be said again with each row.
                        let is_new = |(at, finding): &&(At, Finding)| match at {
                            At::Column(_) => true,
                            At::Cell(cell) => {
                                let said = said.entry((*cell, concern)).or_default();
                                let is_new = !said.contains(finding);
                                if is_new {
                                    said.push(finding.clone());
                                }
                                is_new
                            }
                        };
                        let new = of_row.faults.iter().filter(is_new);
                        say(new, concern, table, row.index(), report);
                        of_row
                    }
                };
                sorted.add(Given { table, row }, &of_row);
                last = Some((row, of_row));
            }
        }
        if table.rows.is_empty() && matches!(table.layout, Layout::Form | Layout::TaskForm) {
            let asks = !report.has_enough(file, Code::UnknownUnit);
            let above = resolver.resolve(&table.above, asks, &mut resolver.memory());
            sorted.any_is_meant |= !asks && above.unit.is_none();
            concerns.extend(above.concern());
            let row = table.header.row;
            say(&above.faults, above.concern(), table, row, report);
        }
        concerns.sort_unstable_by_key(|concern| (concern.unit, concern.period));
        concerns.dedup_by_key(|concern| (concern.unit, concern.period));
        say_of_table(table, &concerns, report);
    }
    sorted
}

/// Says what is wrong with a table as a whole, and stops all whom it concerns.
fn say_of_table(table: &Table, concerns: &[Concern], report: &mut Report) {
    let mut stopped = HashSet::new();
    for Fault { address, finding } in &table.faults {
        let at = (&table.source, *address);
        match concerns {
            [only] => report.cell(at, *only, None, finding.clone()),
            // One mistake can stand in many headers, and concern many units.
            several => {
                let first = stopped.insert(finding.code());
                let several = if first { several } else { &[] };
                report.shared(at, several, None, finding.clone());
            }
        }
    }
}

/// What the contexts of `rows` are, in their order, each once that is not that of the row before.
fn resolve_all(
    resolver: &Resolver,
    rows: &[Row],
    before: Option<&(&Row, Resolved)>,
    asks: bool,
) -> Vec<Resolved> {
    let mut before = before.map(|(row, _)| &row.context);
    let contexts: Vec<&Context> = (rows.iter())
        .filter_map(|row| {
            let same = before.is_some_and(|before| Arc::ptr_eq(before, &row.context));
            before = Some(&row.context);
            (!same).then_some(&*row.context)
        })
        .collect();
    let mut memory = resolver.memory();
    match contexts.len() {
        ..FEW => contexts
            .into_iter()
            .map(|of| resolver.resolve(of, asks, &mut memory))
            .collect(),
        _ => (contexts.into_par_iter())
            .map_init(
                || resolver.memory(),
                |memory, of| resolver.resolve(of, asks, memory),
            )
            .collect(),
    }
}

/// Says what is wrong with the context of a row.
fn say<'a>(
    faults: impl IntoIterator<Item = &'a (At, Finding)>,
    concern: Option<Concern>,
    table: &Table,
    row: u32,
    report: &mut Report,
) {
    for (at, finding) in faults {
        let at = (&table.source, at.of_row(row));
        match concern {
            Some(concern) => report.cell(at, concern, None, finding.clone()),
            None => report.shared(at, &[], None, finding.clone()),
        }
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
            rule: id,
            ask: rule.map(|rule| Arc::clone(&rule.ask)).unwrap_or_default(),
            hint: rule.map(value::hint).unwrap_or_default(),
            units: concerns.len(),
        };
        let at = (&place.source, place.address);
        match concerns.as_slice() {
            [only] => report.cell(at, *only, Some(id), finding),
            several => report.shared(at, several, Some(id), finding),
        }
    }
}
