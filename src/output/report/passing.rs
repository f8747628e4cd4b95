//! Long sheets are written out row by row, into temporary files that the system removes.
//!
//! The writer panics where such a file cannot be written, as on a full disk: that is caught
//! here and said in words.

use std::cell::Cell;
use std::env;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use anyhow::{Result, anyhow, bail};
use rust_xlsxwriter::Workbook;

use crate::output::report::page::Paper;

thread_local! {
    /// Whether a panic of this thread is caught and said in words.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Paper for a sheet of `workbook` that is not kept in memory.
///
/// # Errors
///
/// When no temporary file can be made.
pub(super) fn paper(workbook: &mut Workbook) -> Result<Paper> {
    let sheet = workbook.new_worksheet_with_low_memory();
    let sheet = sheet.map_err(|_| anyhow!(no_room()))?;
    Ok(Paper::Passing(Box::new(sheet)))
}

/// Writes something with passing sheets in it.
///
/// # Errors
///
/// Those of `write`, and when a temporary file could not be written.
pub(super) fn guarded<T>(write: impl FnOnce() -> Result<T>) -> Result<T> {
    let written = panic::catch_unwind(AssertUnwindSafe(|| quietly(write)));
    written.unwrap_or_else(|_| bail!(no_room()))
}

/// Has something written on a thread whose panics [`guarded`] catches: nothing is printed of them.
pub(super) fn quietly<T>(write: impl FnOnce() -> T) -> T {
    struct Back(bool);
    impl Drop for Back {
        fn drop(&mut self) {
            QUIET.set(self.0);
        }
    }
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                before(panic);
            }
        }));
    });
    let _back = Back(QUIET.replace(true));
    write()
}

fn no_room() -> String {
    format!(
        "临时文件夹 {} 写不了：它不在，没有权限，或者磁盘满了；请腾出空间再试，或者用环境变量 TMPDIR（Windows 上是 TEMP）换一个地方",
        env::temp_dir().display()
    )
}
