//! The command line: arguments, dispatch, exit status. One command, one file.

mod args;
mod bare;
mod basis;
mod explain;
mod gather;
mod generate;
mod progress;
mod report;
mod rubric;
mod score;
mod screen;
mod template;
mod usage;
mod validate;
mod verify;
mod version;
mod voice;
mod window;

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use anyhow::Result;
use args::{Cli, Command, Common};
use clap::Parser;
use rayon::ThreadPoolBuilder;
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
    // Asked first: later there may be workers of ours in the same window.
    let own_window = window::is_ours();
    let outcome = match Cli::try_parse_from(args) {
        Ok(cli) => on_all_processors(|| dispatch(&cli, own_window)),
        Err(error) => usage::explain(&error),
    };
    ExitCode::from(outcome as u8)
}

/// Has `work` done where there is a thread for each processor to help, or none where the system gives
/// none.
fn on_all_processors<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    /// As much as a program has on its first thread.
    const STACK: usize = 8 << 20;
    let all = ThreadPoolBuilder::new().stack_size(STACK).build();
    let one = |_| {
        ThreadPoolBuilder::new()
            .num_threads(1)
            .use_current_thread()
            .build()
    };
    match all.or_else(one) {
        Ok(threads) => threads.install(work),
        Err(_) => work(),
    }
}

fn dispatch(cli: &Cli, own_window: bool) -> Outcome {
    let voice = Voice::new(&cli.common);
    let result = match &cli.command {
        Some(_) if !cli.paths.is_empty() => Err(usage::command_after_path(&cli.paths)),
        Some(command) => command_of(command, &cli.common, &voice),
        None => bare::run(&cli.common, &cli.paths, &voice),
    };
    let outcome = outcome(result, &voice);
    if own_window && cli.command.is_none() {
        window::wait(&voice);
    }
    outcome
}

fn command_of(command: &Command, common: &Common, voice: &Voice) -> Result<Outcome> {
    match command {
        Command::Validate(args) => validate::run(common, args, voice),
        Command::Score(args) => score::run(common, args, voice),
        Command::Report(args) => report::run(common, args, voice),
        Command::Explain(args) => explain::run(common, args, voice),
        Command::Verify(args) => verify::run(common, args, voice),
        Command::Template(args) => template::run(common, args, voice),
        Command::Rubric(args) => rubric::run(common, args, voice),
        Command::Generate(args) => generate::run(args, voice),
    }
}

/// What a command ended with, said if it could not do its work.
fn outcome(result: Result<Outcome>, voice: &Voice) -> Outcome {
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
