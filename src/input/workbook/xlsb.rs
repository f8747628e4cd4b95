//! stub
use super::package::Package;
use crate::diagnostic::FileFault;
use crate::model::grid::Sheet;
pub(super) fn read(_: &mut Package<'_>) -> Result<Vec<Sheet>, FileFault> {
    Err(FileFault::NoSheets)
}
