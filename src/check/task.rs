//! The task table of one unit, period and round: states, measured values, and the rate.

use std::collections::BTreeMap;
use std::ptr;

use crate::check::context::unreadable;
use crate::check::given::Unplaced;
use crate::check::report::{Concern, Report};
use crate::check::value;
use crate::decimal::{Decimal, Ratio, plain};
use crate::diagnostic::{Code, Finding};
use crate::location::{Address, Source};
use crate::model::rubric::RuleId;
use crate::model::submission::{Field, Row, Table, Written};
use crate::model::task::{Goal, Task, TaskNo, TaskTable};
use crate::text;

/// States that count as done.
const DONE: [&str; 6] = ["完成", "已完成", "是", "√", "✓", "✔"];

/// States that count as not done.
const UNDONE: [&str; 6] = ["未完成", "否", "×", "✗", "✘", "X"];

/// What came of a task table.
pub(super) enum Tally {
    /// The tasks done of those that count.
    Rate(Ratio),
    /// Something is wrong with it; that has been said.
    Faulty,
}

/// The state of a task.
#[derive(Clone, Copy)]
enum State {
    /// A share from 0 to 1.
    Share(Decimal),
    /// 不涉及.
    Outside,
}

/// The task rows of one unit, period and round while they are checked.
pub(super) struct Tasks<'a> {
    pub table: Option<&'a TaskTable>,
    pub concern: Concern,
    pub unit: &'a str,
    /// The proportional rule that takes its rate from here.
    pub rule: Option<RuleId>,
}

impl Tasks<'_> {
    /// Checks `rows`, each with the table that it stands in, and counts what is done.
    pub(super) fn tally(
        &self,
        rows: &[(&Table, &Row)],
        beside: &Unplaced,
        report: &mut Report,
    ) -> Tally {
        let mut states: BTreeMap<usize, Option<State>> = BTreeMap::new();
        let mut first: BTreeMap<usize, (&Source, Address)> = BTreeMap::new();
        let mut unplaced = 0;
        for (table, row) in rows {
            if self.is_heading(row) {
                continue;
            }
            let Some(task) = self.task_of(&table.source, row, report) else {
                unplaced += 1;
                continue;
            };
            let at = (&table.source, row.id.address);
            if let Some((source, address)) = first.get(&task) {
                let finding = Finding::DuplicateRow {
                    what: format!("任务 {}", self.task(task).no),
                    first: source.at(*address).to_string(),
                };
                report.cell(at, self.concern, None, finding);
                states.insert(task, None);
                // One of the two may be meant for a task that now lacks.
                unplaced += 1;
                continue;
            }
            first.insert(task, at);
            if self.is_assigned(task) {
                states.insert(task, self.state(&table.source, row, task, report));
            } else {
                let finding = Finding::TaskNotAssigned {
                    task: self.task(task).no.to_string(),
                    unit: self.unit.to_owned(),
                };
                report.cell(at, self.concern, None, finding);
            }
        }
        self.missing(rows, &states, (unplaced, beside), report);
        self.rate(rows, &states, report)
    }

    fn task(&self, task: usize) -> &Task {
        &self.table.expect("a task was found in it").tasks[task]
    }

    /// Whether a row with no state heads the tasks below a number: 8, above 8.1.
    fn is_heading(&self, row: &Row) -> bool {
        let no = TaskNo::parse(&row.id.text());
        let Some(no) = no.filter(|no| no.row.is_none() && row.value.is_blank()) else {
            return false;
        };
        let tasks = self.table.iter().flat_map(|table| &table.tasks);
        let mut rows = tasks.filter(|task| task.no.number == no.number);
        rows.next().is_some_and(|first| first.no.row.is_some())
    }

    fn is_assigned(&self, task: usize) -> bool {
        self.task(task).role_of(self.concern.unit).is_some()
    }

    /// The task that a row is about; what is wrong if it is about none.
    fn task_of(&self, source: &Source, row: &Row, report: &mut Report) -> Option<usize> {
        let written = row.id.text();
        let finding = match &row.id.written {
            Written::Blank => Finding::BlankId {
                label: "任务序号",
                value: row.value.written.excerpt(),
            },
            Written::Date(date) => Finding::DateInsteadOfNumber {
                found: row.id.written.excerpt(),
                guess: TaskNo::of_date(date).map(|no| no.to_string()),
                what: "任务序号",
            },
            _ => {
                let no = TaskNo::parse(&written);
                let tasks = self.table.iter().flat_map(|table| &table.tasks);
                let known = tasks.into_iter().position(|task| Some(task.no) == no);
                if known.is_some() {
                    return known;
                }
                unreadable(&row.id.written, "任务序号").unwrap_or(Finding::UnknownTask {
                    found: row.id.written.excerpt(),
                })
            }
        };
        report.cell((source, row.id.address), self.concern, None, finding);
        None
    }

    /// The state that a row gives to its task, held to the measured value.
    fn state(&self, source: &Source, row: &Row, task: usize, report: &mut Report) -> Option<State> {
        let task = self.task(task);
        let state = match state_of(&row.value) {
            Some(state) => Some(state),
            None => {
                let no = task.no.to_string();
                let finding = if row.value.is_blank() {
                    Finding::MissingState {
                        task: no,
                        title: task.title.clone(),
                    }
                } else {
                    unreadable(&row.value.written, "完成情况").unwrap_or(Finding::NotATaskState {
                        task: no,
                        found: row.value.written.excerpt(),
                    })
                };
                report.cell((source, row.value.address), self.concern, None, finding);
                None
            }
        };
        let measured = row
            .beside
            .as_ref()
            .and_then(|beside| beside.measured.as_ref());
        if let (Some(goal), Some(measured)) = (&task.goal, measured) {
            self.hold_to_goal(source, (task, goal), (&row.value, state), measured, report);
        }
        state
    }

    /// Holds a measured value to the task's target.
    fn hold_to_goal(
        &self,
        source: &Source,
        (task, goal): (&Task, &Goal),
        (written, state): (&Field, Option<State>),
        field: &Field,
        report: &mut Report,
    ) {
        let mut say =
            |address, finding| report.cell((source, address), self.concern, None, finding);
        let no = task.no.to_string();
        if let Some(finding) = unreadable(&field.written, "实际值") {
            return say(field.address, finding);
        }
        let Some((measured, assumed)) = value::measured(field, goal.unit.as_deref()) else {
            let finding = Finding::MeasuredNotANumber {
                task: no,
                found: field.written.excerpt(),
                goal: goal.to_string(),
            };
            return say(field.address, finding);
        };
        if assumed {
            let finding = Finding::PercentAssumed {
                found: field.written.excerpt(),
                read: plain(measured) + "%",
            };
            say(field.address, finding);
        }
        let Some(State::Share(share)) = state else {
            return;
        };
        let (done, met) = (share == Decimal::ONE, goal.is_met_by(measured));
        let measured = plain(measured) + goal.unit.as_deref().unwrap_or_default();
        if done && !met {
            let finding = Finding::TargetMissed {
                task: no,
                measured,
                goal: goal.to_string(),
            };
            say(field.address, finding);
        } else if met && !done {
            let finding = Finding::TargetMetButUnfinished {
                task: no,
                state: written.text().into_owned(),
                measured,
                goal: goal.to_string(),
            };
            say(written.address, finding);
        }
    }

    /// Says which assigned tasks have no row, unless rows whose task could not be told may be
    /// just those.
    fn missing(
        &self,
        rows: &[(&Table, &Row)],
        states: &BTreeMap<usize, Option<State>>,
        (unplaced, beside): (usize, &Unplaced),
        report: &mut Report,
    ) {
        let assigned = self
            .table
            .into_iter()
            .flat_map(|table| table.of_unit(self.concern.unit));
        let missing: Vec<usize> = assigned
            .map(|(task, _)| task)
            .filter(|task| !states.contains_key(task))
            .collect();
        let Some((table, _)) = rows.first() else {
            return;
        };
        let explained = missing.len() <= unplaced;
        for task in missing {
            let task = self.task(task);
            let of_tables = rows.chunk_by(|(a, _), (b, _)| ptr::eq(*a, *b));
            let tables = of_tables.map(|rows| rows[0].0);
            if explained || beside.may_hold(tables, task.no.into()) {
                report.stop(self.concern, Code::MissingTask);
                continue;
            }
            let finding = Finding::MissingTask {
                task: task.no.to_string(),
                title: task.title.clone(),
            };
            report.cell((&table.source, table.header), self.concern, None, finding);
        }
    }

    /// The rate: the mean over the tasks that count.
    fn rate(
        &self,
        rows: &[(&Table, &Row)],
        states: &BTreeMap<usize, Option<State>>,
        report: &mut Report,
    ) -> Tally {
        let assigned = self
            .table
            .into_iter()
            .flat_map(|table| table.of_unit(self.concern.unit));
        let mut done = Decimal::ZERO;
        let mut count = Decimal::ZERO;
        for (task, _) in assigned {
            match states.get(&task) {
                Some(Some(State::Share(share))) => {
                    done += share;
                    count += Decimal::ONE;
                }
                Some(Some(State::Outside)) => {}
                Some(None) | None => return Tally::Faulty,
            }
        }
        match (Ratio::new(done, count), rows.first()) {
            (Some(rate), _) => Tally::Rate(rate),
            (None, Some((table, _))) => {
                let rule = self.rule.map(|rule| rule.to_string()).unwrap_or_default();
                let at = (&table.source, table.value_header);
                report.cell(at, self.concern, self.rule, Finding::NoTaskCounts { rule });
                Tally::Faulty
            }
            (None, None) => Tally::Faulty,
        }
    }
}

/// The state that a cell names; `None` if it names none.
fn state_of(field: &Field) -> Option<State> {
    if let Written::Text(written) = &field.written {
        let written = text::key(written).to_uppercase();
        let written = written.as_str();
        if DONE.contains(&written) {
            return Some(State::Share(Decimal::ONE));
        }
        if UNDONE.contains(&written) {
            return Some(State::Share(Decimal::ZERO));
        }
        if text::is_not_applicable(written) {
            return Some(State::Outside);
        }
    }
    value::share(field).map(State::Share)
}
