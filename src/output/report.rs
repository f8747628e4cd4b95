//! temporary
use crate::model::catalog::Catalog;
use crate::model::scorecard::ClassResult;
/// temporary
pub fn workbook(_: &Catalog, _: &[ClassResult]) -> anyhow::Result<Vec<u8>> {
    anyhow::bail!("x")
}
