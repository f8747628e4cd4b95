//! The command line: arguments, dispatch, exit status. One command, one file.

mod args;
mod basis;
mod explain;
mod gather;
mod progress;
mod report;
mod rubric;
mod score;
mod template;
mod usage;
mod validate;
mod verify;
mod voice;

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use args::{Cli, Command};
use clap::Parser;
use voice::Voice;

use crate::input::workbook;

/// How a command ended; the number is the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Nothing is wrong.
    Clean = 0,
    /// The sheets have errors.
    Problems = 1,
    /// The command could not do its work.
    Failed = 2,
}

/// Runs the program with `args`, the first being its own name.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    if args
        .get(1)
        .is_some_and(|arg| arg == workbook::SERVANT_ARGUMENT)
    {
        let times = args.get(2).and_then(|times| times.to_str()?.parse().ok());
        return workbook::serve(times.unwrap_or(1));
    }
    let outcome = match Cli::try_parse_from(args) {
        Ok(cli) => dispatch(&cli),
        Err(error) => usage::explain(&error),
    };
    ExitCode::from(outcome as u8)
}

fn dispatch(cli: &Cli) -> Outcome {
    let voice = Voice::new(&cli.common);
    let result = match &cli.command {
        Command::Validate(args) => validate::run(&cli.common, args, &voice),
        Command::Score(args) => score::run(&cli.common, args, &voice),
        Command::Report(args) => report::run(&cli.common, args, &voice),
        Command::Explain(args) => explain::run(&cli.common, args, &voice),
        Command::Verify(args) => verify::run(&cli.common, args, &voice),
        Command::Template(args) => template::run(&cli.common, args, &voice),
        Command::Rubric(args) => rubric::run(&cli.common, args, &voice),
    };
    match result {
        Ok(outcome) => outcome,
        Err(error) if is_broken_pipe(&error) => Outcome::Clean,
        Err(error) => {
            voice.fail(&error);
            Outcome::Failed
        }
    }
}

/// Whether the reader of our output went away (`kaohe score … | head`): no cause for a word.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let broken = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| {
        cause.downcast_ref().is_some_and(broken)
            || cause
                .downcast_ref::<serde_json::Error>()
                .is_some_and(|error| error.io_error_kind() == Some(io::ErrorKind::BrokenPipe))
    })
}
