//! The ranking workbook that `kaohe report` writes: official tables a class, an overview, the
//! ledger of deductions, advice for who signs, and the base sheet from which every figure is a
//! formula. Called by `cli::report` and `cli::verify`.

mod base;
mod ledger;
mod looks;
mod page;
mod plan;
mod ranking;
mod sums;
mod unranked;

use anyhow::Result;
use rust_xlsxwriter::Workbook;

use crate::model::catalog::Catalog;
use crate::model::scorecard::ClassResult;
use crate::output::style;
use page::Names;
use plan::Plan;

/// The report: a ranking table a class, and the ledger of deductions.
///
/// # Errors
///
/// When the writer refuses the workbook, which no input brings about.
pub fn workbook(catalog: &Catalog, results: &[ClassResult]) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&style::properties("考核结果")?);
    let mut names = Names::default();
    let plan = Plan::new(catalog, results, &mut names);
    for class in &plan.classes {
        workbook.push_worksheet(ranking::sheet(&plan, class)?);
    }
    workbook.push_worksheet(ledger::sheet(&plan, &names.unique("扣分台账"))?);
    for class in &plan.classes {
        workbook.push_worksheet(sums::sheet(&plan, class)?);
    }
    workbook.push_worksheet(base::sheet(&plan)?);
    Ok(style::save(&mut workbook)?)
}
