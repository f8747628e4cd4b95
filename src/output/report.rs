//! The ranking workbook that `kaohe report` writes: official tables a class, an overview, the
//! ledger of deductions, advice for who signs, and the base sheet from which every figure is a
//! formula. Called by `cli::report` and `cli::verify`.

mod base;
mod basis;
mod charts;
mod decisions;
mod feedback;
mod figures;
mod heat;
mod ledger;
mod looks;
mod notes;
mod overview;
mod page;
mod passing;
mod plan;
mod proof;
mod ranking;
mod ranks;
mod sums;
mod swaps;
mod usage;
pub mod verify;

pub use basis::{Basis, Fingerprint};
pub use feedback::{UnitSheet, unit_sheets};

use anyhow::{Result, bail};
use rust_xlsxwriter::{Workbook, Worksheet};

use crate::model::catalog::Catalog;
use crate::model::scorecard::ClassResult;
use crate::output::names::SheetNames;
use crate::output::style;
use page::Paper;
use plan::Plan;

/// Rows of 填报底稿 beyond which the two longest sheets are not kept in memory: more than a
/// prefecture's 48 units have in three rounds.
const LONG: u32 = 2_000;

/// Rows of a sheet, Excel's own limit.
const MOST_ROWS: u32 = 1_048_576;

/// The report as the bytes of a workbook: the same for the same results and basis.
///
/// # Errors
///
/// When 填报底稿 would be longer than a sheet may be, and when there is no room for the temporary
/// files of a long report.
pub fn workbook(catalog: &Catalog, results: &[ClassResult], basis: &Basis) -> Result<Vec<u8>> {
    let mut names = SheetNames::default();
    let plan = Plan::new(catalog, results, &mut names);
    if plan.rows > MOST_ROWS {
        bail!(
            "填报底稿要写 {} 行，一张工作表最多 {MOST_ROWS} 行，写不下；请把材料分成几批，例如一个地区一个文件夹，每批出一份排名表",
            plan.rows
        );
    }
    let mut name = |wanted| names.unique(wanted);
    let report = Report {
        plan: &plan,
        basis,
        overview: name("总览"),
        ledger: name("扣分台账"),
        decisions: name("决策参考"),
        usage: name("结果运用"),
        proof: name("核验信息"),
    };
    if plan.rows > LONG {
        passing::guarded(|| report.bytes())
    } else {
        report.bytes()
    }
}

/// What the workbook is made of, and the names of its sheets.
struct Report<'a> {
    plan: &'a Plan<'a>,
    basis: &'a Basis,
    overview: String,
    ledger: String,
    decisions: String,
    usage: String,
    proof: String,
}

/// The sheets, in the order in which they stand.
struct Sheets {
    rankings: Vec<Worksheet>,
    overview: Worksheet,
    decisions: Worksheet,
    usage: Option<Worksheet>,
    sums: Vec<Worksheet>,
    proof: Worksheet,
}

impl Report<'_> {
    fn bytes(&self) -> Result<Vec<u8>> {
        let mut workbook = Workbook::new();
        workbook.set_properties(&style::properties("考核结果")?);
        let papers = self.papers(&mut workbook)?;
        let (sheets, base, ledger) = self.write(papers)?;
        for sheet in sheets.rankings {
            workbook.push_worksheet(sheet);
        }
        for sheet in [sheets.overview, ledger, sheets.decisions] {
            workbook.push_worksheet(sheet);
        }
        if let Some(sheet) = sheets.usage {
            workbook.push_worksheet(sheet);
        }
        for sheet in sheets.sums {
            workbook.push_worksheet(sheet);
        }
        workbook.push_worksheet(base);
        workbook.push_worksheet(sheets.proof);
        Ok(style::save(&mut workbook)?)
    }

    /// What 填报底稿 and 扣分台账 are written on.
    fn papers(&self, workbook: &mut Workbook) -> Result<[Paper; 2]> {
        if self.plan.rows > LONG {
            Ok([passing::paper(workbook)?, passing::paper(workbook)?])
        } else {
            Ok([Paper::Kept, Paper::Kept])
        }
    }

    /// Writes the two longest sheets and all others side by side. Passing sheets number their
    /// formats and texts for the whole workbook, so one is written after the other: else the
    /// same report would not be the same bytes.
    fn write(&self, [base, ledger]: [Paper; 2]) -> Result<(Sheets, Worksheet, Worksheet)> {
        let passing = matches!(base, Paper::Passing(_));
        let base = || base::sheet(self.plan, base);
        let ledger = || ledger::sheet(self.plan, &self.ledger, ledger);
        let lists = || match passing {
            true => passing::quietly(|| (base(), ledger())),
            false => rayon::join(base, ledger),
        };
        let ((base, ledger), sheets) = rayon::join(lists, || self.sheets());
        Ok((sheets?, base?, ledger?))
    }

    /// All sheets but the two longest.
    fn sheets(&self) -> Result<Sheets> {
        let plan = self.plan;
        let classes = || plan.classes.iter();
        Ok(Sheets {
            rankings: classes()
                .map(|class| ranking::sheet(plan, class))
                .collect::<Result<_>>()?,
            overview: overview::sheet(plan, self.basis, &self.overview)?,
            decisions: decisions::sheet(plan, &self.decisions)?,
            usage: usage::sheet(plan, &self.usage)?,
            sums: classes()
                .map(|class| sums::sheet(plan, class))
                .collect::<Result<_>>()?,
            proof: proof::sheet(plan, self.basis, &self.proof)?,
        })
    }
}
