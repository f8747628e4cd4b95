//! The arguments of `kaohe rubric …`.

use clap::{Args, Subcommand};

use super::HELP;

/// `kaohe rubric`
#[derive(Args, Debug)]
#[command(
    help_template = HELP,
    next_help_heading = "选项",
    override_usage = "kaohe rubric <命令> [选项]",
    subcommand_help_heading = "命令",
    subcommand_value_name = "命令",
    disable_help_subcommand = true
)]
pub(in crate::cli) struct Rubric {
    #[command(subcommand)]
    pub command: RubricCommand,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum RubricCommand {
    /// 列出现在用的细则、任务表和名册，各带指纹
    List(List),
}

/// `kaohe rubric list`
#[derive(Args, Debug)]
#[command(help_template = HELP, next_help_heading = "选项", override_usage = "kaohe rubric list [选项]")]
pub(in crate::cli) struct List {}
