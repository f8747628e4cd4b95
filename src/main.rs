//! The program `kaohe`: everything it does is in the library.

use std::process::ExitCode;

use kaohe::input::workbook::Capped;

/// Counts only in a process that reads a dangerous file for another.
#[global_allocator]
static ALLOCATOR: Capped = Capped;

fn main() -> ExitCode {
    kaohe::cli::run(std::env::args_os())
}
