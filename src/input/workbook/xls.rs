pub(super) fn read(
    _: &[u8],
) -> Result<Vec<crate::model::grid::Sheet>, crate::diagnostic::FileFault> {
    Err(crate::diagnostic::FileFault::NoSheets)
}
