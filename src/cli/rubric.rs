//! `kaohe rubric …`: the rubrics themselves, before any sheet. One subcommand, one file.

mod check;
mod diff;
mod files;
mod list;
mod new;
mod schema;
mod show;
mod test;

use anyhow::Result;

use crate::cli::Outcome;
use crate::cli::args::{Common, Rubric, RubricCommand};
use crate::cli::voice::Voice;

pub(super) fn run(common: &Common, args: &Rubric, voice: &Voice) -> Result<Outcome> {
    match &args.command {
        RubricCommand::List(args) => list::run(common, args, voice),
        RubricCommand::Show(args) => show::run(common, args, voice),
        RubricCommand::New(args) => new::run(args, voice),
        RubricCommand::Check(args) => check::run(common, args, voice),
        RubricCommand::Diff(args) => diff::run(common, args, voice),
        RubricCommand::Schema(args) => schema::run(args, voice),
        RubricCommand::Test(args) => test::run(common, args, voice),
    }
}
