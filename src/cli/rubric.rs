//! `kaohe rubric …`: the rubrics themselves, before any sheet. One subcommand, one file.

mod diff;
mod list;
mod schema;
mod test;

use anyhow::Result;

use crate::cli::Outcome;
use crate::cli::args::{Common, Rubric, RubricCommand};
use crate::cli::voice::Voice;

pub(super) fn run(common: &Common, args: &Rubric, voice: &Voice) -> Result<Outcome> {
    match &args.command {
        RubricCommand::Diff(args) => diff::run(common, args, voice),
        RubricCommand::List(_) => list::run(common, voice),
        RubricCommand::Schema(args) => schema::run(args, voice),
        RubricCommand::Test(args) => test::run(common, args, voice),
    }
}
