//! The limits of size, all in one place.
//!
//! They bound time and memory on hostile files. The largest real workbook seen is 4 MB, its
//! largest part 112 MB unpacked; there is no limit to how well a file may be compressed, since
//! real ones reach 170:1.

/// Bytes of a file.
pub(super) const FILE_BYTES: u64 = 256 << 20;
/// Parts of a package.
pub(super) const PARTS: usize = 10_000;
/// Bytes of one part, unpacked.
pub(super) const PART_BYTES: u64 = 256 << 20;
/// Bytes of all parts but pictures, unpacked.
pub(super) const UNPACKED_BYTES: u64 = 512 << 20;
/// Sheets of a workbook.
pub(super) const SHEETS: usize = 1_000;
/// Rows of a sheet, Excel's own.
pub(in super::super) const ROWS: u32 = 1_048_576;
/// Columns of a sheet, Excel's own.
pub(in super::super) const COLUMNS: u32 = 16_384;
/// Cells of a file that hold something.
pub(super) const VALUES: usize = 5_000_000;
/// Merged blocks of a file.
pub(super) const MERGES: usize = 50_000;
/// Bytes of text in the cells of a file: one shared string may stand in every cell.
pub(super) const TEXT_BYTES: usize = 256 << 20;
/// Bytes of one field of a text file.
pub(in super::super) const FIELD_BYTES: usize = 1 << 20;
/// Lines that a quoted field of a text file may span; beyond, its quote was never closed.
pub(in super::super) const QUOTED_LINES: usize = 100;

/// Bytes as whole MiB, rounded up.
pub(super) const fn mib(bytes: u64) -> u64 {
    bytes.div_ceil(1 << 20)
}
