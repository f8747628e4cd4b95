//! The ranking workbook that `kaohe report` writes: official tables a class, an overview, the
//! ledger of deductions, advice for who signs, and the base sheet from which every figure is a
//! formula. Called by `cli::report` and `cli::verify`.

mod base;
mod basis;
mod charts;
mod decisions;
mod feedback;
mod heat;
mod ledger;
mod looks;
mod notes;
mod overview;
mod page;
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

use anyhow::Result;
use rust_xlsxwriter::Workbook;

use crate::model::catalog::Catalog;
use crate::model::scorecard::ClassResult;
use crate::output::style;
use page::Names;
use plan::Plan;

/// The report as the bytes of a workbook: the same for the same results and basis.
///
/// # Errors
///
/// When the writer refuses the workbook, which no input brings about.
pub fn workbook(catalog: &Catalog, results: &[ClassResult], basis: &Basis) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&style::properties("考核结果")?);
    let mut names = Names::default();
    let plan = Plan::new(catalog, results, &mut names);
    for class in &plan.classes {
        workbook.push_worksheet(ranking::sheet(&plan, class)?);
    }
    let mut name = |wanted| names.unique(wanted);
    workbook.push_worksheet(overview::sheet(&plan, basis, &name("总览"))?);
    workbook.push_worksheet(ledger::sheet(&plan, &name("扣分台账"))?);
    workbook.push_worksheet(decisions::sheet(&plan, &name("决策参考"))?);
    if let Some(sheet) = usage::sheet(&plan, &name("结果运用"))? {
        workbook.push_worksheet(sheet);
    }
    for class in &plan.classes {
        workbook.push_worksheet(sums::sheet(&plan, class)?);
    }
    workbook.push_worksheet(base::sheet(&plan)?);
    workbook.push_worksheet(proof::sheet(&plan, basis, &name("核验信息"))?);
    Ok(style::save(&mut workbook)?)
}
