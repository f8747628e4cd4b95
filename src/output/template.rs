//! Sheets to be filled in, made from the rubric alone: `kaohe template` writes them, and the
//! examples are the same sheets filled.
//!
//! A form computes while it is filled, with formulas that give exactly the engine's figures.
//! What they give now is stored beside them, for programs that do not calculate: those figures
//! are the engine's own.

mod figures;
mod formulas;
mod guide;
mod inputs;
mod list;
mod places;
mod sheet;
mod sums;
mod tasks;
mod wide;

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::decimal::{Decimal, Ratio};
use crate::model::catalog::Catalog;
use crate::model::record::Observed;
use crate::model::rubric::Rubric;
use crate::model::task::{Role, Task};
use crate::output::{names, style};
use crate::text::shown;

pub use wide::wide;

/// The sheet of the rules in a form, and of the wide table.
pub const SCORES: &str = "计分表";

/// The sheet of the tasks.
pub const TASKS: &str = "任务完成情况";

/// The sheet that says how to fill in the others.
pub const GUIDE: &str = "填表说明";

/// Which sheet: of whom, and of when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Which {
    /// The unit, by position in the roster.
    pub unit: usize,
    /// The period, by position in the unit's rubric.
    pub period: usize,
    /// The round, from 1.
    pub round: u32,
}

/// What is filled in; what is not there stays blank.
#[derive(Clone, Debug, Default)]
pub struct Filling {
    /// One a rule, in the order of the rubric.
    pub rules: Vec<Filled>,
    /// One a task of the unit, in the order of the task table.
    pub tasks: Vec<FilledTask>,
}

/// What is filled in for one rule.
#[derive(Clone, Debug, Default)]
pub struct Filled {
    /// 填报值. The rate that the task table gives is computed from [`Filling::tasks`].
    pub value: Option<Observed>,
    /// 扣分说明.
    pub reason: Option<String>,
    /// 佐证材料.
    pub evidence: Option<String>,
    /// 自查值.
    pub claim: Option<Observed>,
}

/// What is filled in for one task.
#[derive(Clone, Debug, Default)]
pub struct FilledTask {
    /// 完成情况.
    pub state: Option<TaskState>,
    /// 实际值, in the unit of the task's goal: 40 is 40%.
    pub measured: Option<Decimal>,
    /// 佐证材料.
    pub evidence: Option<String>,
}

/// 完成情况 of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskState {
    /// How far it is done: 1 is 完成, 0 is 未完成, the rest a percentage.
    Share(Decimal),
    /// 不涉及: leaves the count.
    Outside,
}

impl Filling {
    /// What is filled in for the rule at `index`.
    fn rule(&self, index: usize) -> Filled {
        self.rules.get(index).cloned().unwrap_or_default()
    }

    /// What is filled in for the unit's task at `index`.
    fn task(&self, index: usize) -> FilledTask {
        self.tasks.get(index).cloned().unwrap_or_default()
    }

    /// The rate that the tasks give: done, of those that count. `None` where a state is blank,
    /// as long as `tasks` are to be there, and where no task counts.
    pub fn rate(&self, tasks: usize) -> Option<Ratio> {
        let states: Option<Vec<TaskState>> =
            (0..tasks).map(|index| self.task(index).state).collect();
        let shares = states?.into_iter().filter_map(|state| match state {
            TaskState::Share(share) => Some(share),
            TaskState::Outside => None,
        });
        let (done, count) = shares.fold((Decimal::ZERO, Decimal::ZERO), |(done, count), share| {
            (done + share, count + Decimal::ONE)
        });
        Ratio::new(done, count)
    }

    /// What stands in the place of the rate where there is none.
    fn rate_word(&self, tasks: usize) -> &'static str {
        if (0..tasks).all(|index| self.task(index).state.is_some()) {
            formulas::NO_TASK
        } else {
            formulas::UNFINISHED
        }
    }
}

/// The form of one unit, period and round: 计分表, 任务完成情况, 填表说明.
///
/// # Errors
///
/// When the writer refuses what the rubric holds, for example a text of more than 32,767
/// characters.
pub fn form(catalog: &Catalog, which: Which, filling: &Filling) -> Result<Workbook, XlsxError> {
    let subject = Subject::new(catalog, which);
    let mut workbook = Workbook::new();
    workbook.set_properties(&style::properties(&subject.rubric.title)?);
    let with_tasks = subject.takes_tasks();
    sheet::write(workbook.add_worksheet(), &subject, filling)?;
    if with_tasks {
        tasks::write_form(workbook.add_worksheet(), &subject, filling)?;
    }
    guide::write(workbook.add_worksheet(), subject.rubric, with_tasks)?;
    Ok(workbook)
}

/// The longest name of a unit, class or period within the name of a file.
const LONGEST: usize = 30;

/// The file name of a form: `01-武陵区-平时考核-第1轮.xlsx`. Names sort by the roster, class by
/// class, and no two are the same.
pub fn form_name(catalog: &Catalog, which: Which) -> String {
    let subject = Subject::new(catalog, which);
    let digits = catalog.roster.units().len().to_string().len().max(2);
    let name = format!(
        "{:0digits$}-{}-{}-第{}轮",
        which.unit + 1,
        shown(subject.unit, LONGEST),
        shown(subject.period(), LONGEST),
        which.round,
    );
    names::file(&name, ".xlsx")
}

/// The file name of a wide table: `1-市直有关单位-平时考核-第1轮-汇总表.xlsx`.
pub fn wide_name(catalog: &Catalog, rubric: usize, period: usize, round: u32) -> String {
    let class = &catalog.rubrics[rubric];
    let name = format!(
        "{}-{}-{}-第{round}轮-汇总表",
        rubric + 1,
        shown(&class.class, LONGEST),
        shown(&class.periods[period].name, LONGEST),
    );
    names::file(&name, ".xlsx")
}

/// Whom and what a form is about.
struct Subject<'a> {
    catalog: &'a Catalog,
    rubric: &'a Rubric,
    unit: &'a str,
    which: Which,
}

impl<'a> Subject<'a> {
    fn new(catalog: &'a Catalog, which: Which) -> Self {
        Self {
            catalog,
            rubric: &catalog.rubrics[catalog.rubric_of(which.unit)],
            unit: &catalog.roster.units()[which.unit].name,
            which,
        }
    }

    fn period(&self) -> &'a str {
        &self.rubric.periods[self.which.period].name
    }

    /// How points are shown.
    fn points(&self) -> String {
        style::points(self.rubric.printed_decimals())
    }

    /// The unit's tasks, in the order of the task table.
    fn tasks(&self) -> Vec<(&'a Task, Role)> {
        let Some(table) = self.catalog.tasks_of(self.rubric) else {
            return Vec::new();
        };
        let own = table.of_unit(self.which.unit);
        own.map(|(index, role)| (&table.tasks[index], role))
            .collect()
    }

    /// Whether a rule takes its rate from tasks that the unit has.
    fn takes_tasks(&self) -> bool {
        self.rubric.uses_tasks() && !self.tasks().is_empty()
    }
}
