//! The limits of size, all in one place.
//!
//! They bound time and memory on hostile files. The largest real workbook seen is 4 MB, its
//! largest part 112 MB unpacked; there is no limit to how well a file may be compressed, since
//! real ones reach 170:1. Whoever has a larger file raises all of them at once.

use std::time::Duration;

/// Rows of a sheet, Excel's own.
pub(in super::super) const ROWS: u32 = 1_048_576;
/// Columns of a sheet, Excel's own.
pub(in super::super) const COLUMNS: u32 = 16_384;
/// Lines that a quoted field of a text file may span; beyond, its quote was never closed.
pub(in super::super) const QUOTED_LINES: usize = 100;

/// What a file may have at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How often the usual limits these are.
    times: u32,
    /// Bytes of a file.
    pub(super) file: u64,
    /// Bytes of a text file.
    pub(super) text_file: u64,
    /// Parts of a package.
    pub(super) parts: usize,
    /// Bytes of one part, unpacked.
    pub(super) part: u64,
    /// Bytes of all parts but pictures, unpacked.
    pub(super) unpacked: u64,
    /// Bytes of what there is beside the sheets and pictures of an .xlsx, unpacked.
    pub(super) beside: u64,
    /// Sheets of a workbook.
    pub(super) sheets: usize,
    /// Cells of a file that hold something.
    pub(in super::super) values: usize,
    /// The same, in the formats that calamine holds as a whole: blank cells between them count.
    pub(super) dense: usize,
    /// Merged blocks of a file.
    pub(super) merges: usize,
    /// Bytes of text in the cells of a file: one shared text may stand in every cell.
    pub(super) text: usize,
    /// Bytes of one field of a text file.
    pub(in super::super) field: usize,
    /// Bytes of memory that the cells of a file and the rows of all its tables may take together.
    pub(in super::super) tables: usize,
    /// The same where another process read the file, and took its time.
    pub(in super::super) tables_apart: usize,
    /// Cells that are looked at in search of those that are looked for once more.
    pub(super) looks: usize,
    /// Bytes of memory that reading a file may take.
    pub(super) memory: usize,
    /// Time of a processor that reading a file may take.
    pub(super) time: Duration,
}

impl Limits {
    /// The usual limits, each `times` as high.
    pub fn times(times: u32) -> Self {
        let times = times.max(1);
        let few = usize::try_from(times).unwrap_or(usize::MAX);
        let many = u64::from(times);
        Self {
            times,
            file: (256 << 20) * many,
            text_file: (48 << 20) * many,
            parts: few.saturating_mul(10_000),
            part: (256 << 20) * many,
            unpacked: (512 << 20) * many,
            beside: (512 << 20) * many,
            sheets: few.saturating_mul(1_000),
            values: few.saturating_mul(5_500_000),
            dense: few.saturating_mul(2_500_000),
            merges: few.saturating_mul(50_000),
            text: few.saturating_mul(128 << 20),
            field: few.saturating_mul(1 << 20),
            tables: few.saturating_mul(512 << 20),
            tables_apart: few.saturating_mul(256 << 20),
            looks: few.saturating_mul(1_000_000),
            memory: few.saturating_mul(512 << 20),
            time: Duration::from_millis(1200) * times,
        }
    }

    /// Limits within which reading a plain .xlsx needs no other containment: neither the time for
    /// so many bytes nor the memory for so many cells, each with a text of its own, can matter.
    pub(super) fn plain() -> Self {
        Self {
            unpacked: 272 << 20,
            beside: 16 << 20,
            values: 3_000_000,
            ..Self::times(1)
        }
    }

    /// Limits for a process that reads for another, which then has the rest to do: it may take all
    /// its time for fewer cells.
    pub(super) fn apart(times: u32) -> Self {
        let few = usize::try_from(times).unwrap_or(usize::MAX);
        Self {
            values: few.saturating_mul(1_500_000),
            ..Self::times(times)
        }
    }

    /// The same with another time.
    pub(super) fn in_time(self, time: Duration) -> Self {
        Self { time, ..self }
    }

    /// How often the usual limits these are.
    pub(super) fn factor(self) -> u32 {
        self.times
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::times(1)
    }
}

/// Bytes as whole MiB, rounded up.
pub(super) const fn mib(bytes: u64) -> u64 {
    bytes.div_ceil(1 << 20)
}
