//! temporary
use rust_xlsxwriter::*;
/// temporary
pub fn properties(title: &str) -> Result<DocProperties, XlsxError> {
    Ok(DocProperties::new()
        .set_title(title)
        .set_creation_datetime(&ExcelDateTime::from_ymd(2019, 1, 1)?))
}
