//! The arguments of `kaohe rubric …`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{FindingsFormat, HELP};

/// `kaohe rubric`
#[derive(Args, Debug)]
#[command(
    help_template = HELP,
    next_help_heading = "选项",
    override_usage = "kaohe rubric <命令> [选项]",
    subcommand_help_heading = "命令",
    subcommand_value_name = "命令",
    disable_help_subcommand = true,
    arg_required_else_help = false
)]
pub(in crate::cli) struct Rubric {
    #[command(subcommand)]
    pub command: RubricCommand,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum RubricCommand {
    /// 列出现在用的细则、任务表和名册，各带指纹
    List(List),
    /// 一份细则的全貌：分值、计分办法、占总分的比例、原文
    Show(Show),
    /// 新写一份细则：带说明的样子，连同任务表和名册
    New(New),
    /// 检查细则：算不了的错误、原文和录入的疑误、原文没有写明的事项
    Check(Check),
}

/// `kaohe rubric list`
#[derive(Args, Debug)]
#[command(help_template = HELP, next_help_heading = "选项", override_usage = "kaohe rubric list [选项]")]
pub(in crate::cli) struct List {
    /// 输出格式：text 给人看，json 给程序用
    #[arg(
        long,
        value_name = "格式",
        default_value = "text",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub format: FindingsFormat,
}

/// `kaohe rubric show`
#[derive(Args, Debug)]
#[command(help_template = HELP, next_help_heading = "选项", override_usage = "kaohe rubric show [选项] <标识>")]
pub(in crate::cli) struct Show {
    /// 细则的标识，如 government，见 kaohe rubric list；也可以写类别的名称
    #[arg(value_name = "标识", help_heading = "参数")]
    pub id: String,
    /// 输出格式：text 给人看，json 给程序用
    #[arg(
        long,
        value_name = "格式",
        default_value = "text",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub format: FindingsFormat,
}

/// `kaohe rubric check`
#[derive(Args, Debug)]
#[command(help_template = HELP, next_help_heading = "选项", override_usage = "kaohe rubric check [选项] [文件]…")]
pub(in crate::cli) struct Check {
    /// 细则、任务表、名册文件，或者放它们的文件夹；不写的检查现在用的
    #[arg(value_name = "文件", help_heading = "参数")]
    pub files: Vec<PathBuf>,
    /// 说明一个代码是什么意思、怎么办
    #[arg(long, value_name = "代码", conflicts_with = "files")]
    pub explain: Option<String>,
    /// 输出格式：text 给人看，json 给程序用
    #[arg(
        long,
        value_name = "格式",
        default_value = "text",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub format: FindingsFormat,
}

/// `kaohe rubric new`
#[derive(Args, Debug)]
#[command(help_template = HELP, next_help_heading = "选项", override_usage = "kaohe rubric new [选项] -o <文件夹>")]
pub(in crate::cli) struct New {
    /// 写到哪个文件夹；写文件名（.toml）的，细则用这个名称，任务表和名册放在旁边
    #[arg(short, long, value_name = "文件夹")]
    pub output: PathBuf,
    /// 文件已有也照写，盖掉原来的
    #[arg(long)]
    pub force: bool,
}
