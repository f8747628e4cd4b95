//! The ranking workbook that `kaohe report` writes.

mod ledger;
mod page;
mod ranking;

use anyhow::Result;
use rust_xlsxwriter::Workbook;

use crate::model::catalog::Catalog;
use crate::model::scorecard::ClassResult;
use crate::output::style;

/// The report: a ranking table a class, and the ledger of deductions.
///
/// # Errors
///
/// When the writer refuses the workbook, which no input brings about.
pub fn workbook(catalog: &Catalog, results: &[ClassResult]) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&style::properties("考核结果")?);
    let mut names = page::Names::default();
    for class in results {
        let title = format!("{}排名", catalog.rubrics[class.rubric].class);
        let sheet = ranking::sheet(catalog, class, &names.unique(&title))?;
        workbook.push_worksheet(sheet);
    }
    let sheet = ledger::sheet(catalog, results, &names.unique("扣分台账"))?;
    workbook.push_worksheet(sheet);
    Ok(style::save(&mut workbook)?)
}
