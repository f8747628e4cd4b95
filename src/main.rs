//! The program `kaohe`: everything it does is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    kaohe::cli::run(std::env::args_os())
}
