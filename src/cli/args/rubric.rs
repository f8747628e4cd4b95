//! The arguments of `kaohe rubric …`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

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
    List(RubricList),
    /// 一份细则的全貌：分值、计分办法、占总分的比例、原文
    Show(RubricShow),
    /// 新写一份细则：带说明的样子，连同任务表和名册
    New(RubricNew),
    /// 检查细则：算不了的错误、原文和录入的疑误、原文没有写明的事项
    Check(RubricCheck),
    /// 比较两个版本的细则：改了什么，得分、名次因此怎样变动
    Diff(RubricDiff),
    /// 输出细则文件的 JSON Schema，供编辑器补全和检查
    Schema(RubricSchema),
    /// 运行细则旁边的自测：给定填报值，核对得分
    Test(RubricTest),
}

/// `kaohe rubric list`
#[derive(Args, Debug)]
#[command(help_template = HELP, next_help_heading = "选项", override_usage = "kaohe rubric list [选项]")]
pub(in crate::cli) struct RubricList {
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
pub(in crate::cli) struct RubricShow {
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

/// `kaohe rubric new`
#[derive(Args, Debug)]
#[command(help_template = HELP, next_help_heading = "选项", override_usage = "kaohe rubric new [选项] -o <文件夹>")]
pub(in crate::cli) struct RubricNew {
    /// 写到哪个文件夹；写文件名（.toml）的，细则用这个名称，任务表和名册放在旁边
    #[arg(short, long, value_name = "文件夹")]
    pub output: PathBuf,
    /// 文件已有也照写，盖掉原来的
    #[arg(long)]
    pub force: bool,
}

/// `kaohe rubric check`
#[derive(Args, Debug)]
#[command(help_template = HELP, next_help_heading = "选项", override_usage = "kaohe rubric check [选项] [文件]…")]
pub(in crate::cli) struct RubricCheck {
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

/// `kaohe rubric test`
#[derive(Args, Debug)]
#[command(
    help_template = HELP,
    next_help_heading = "选项",
    override_usage = "kaohe rubric test [选项] [文件]…",
    after_help = "不写文件的，运行细则旁边的全部自测（*.test.toml）；加 --strict，有计分方法没有算到上限前后也算不通过。"
)]
pub(in crate::cli) struct RubricTest {
    /// 自测文件
    #[arg(value_name = "文件", help_heading = "参数")]
    pub files: Vec<PathBuf>,
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

/// `kaohe rubric schema`
#[derive(Args, Debug)]
#[command(
    help_template = HELP,
    next_help_heading = "选项",
    override_usage = "kaohe rubric schema [选项] [种类]",
    after_help = "文件第一行写 #:schema ./rubric.schema.json，编辑器（如 VS Code 加 Even Better TOML）就会按它补全和检查。\n例：kaohe rubric schema rubric > rubric.schema.json"
)]
pub(in crate::cli) struct RubricSchema {
    /// 哪种文件：rubric 细则，tasks 任务表，roster 名册，test 自测
    #[arg(
        value_name = "种类",
        help_heading = "参数",
        default_value = "rubric",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub document: SchemaOf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum SchemaOf {
    Rubric,
    Tasks,
    Roster,
    Test,
}

/// `kaohe rubric diff`
#[derive(Args, Debug)]
#[command(
    help_template = HELP,
    next_help_heading = "选项",
    override_usage = "kaohe rubric diff [选项] <旧> <新> [路径]…",
    after_help = "例：kaohe rubric diff 内置 我的细则/\n    kaohe rubric diff 内置 我的细则/ 收到的表/"
)]
pub(in crate::cli) struct RubricDiff {
    /// 旧的细则：文件夹，一个细则文件，或者“内置”（程序自带的）
    #[arg(value_name = "旧", help_heading = "参数", display_order = 1)]
    pub old: PathBuf,
    /// 新的细则，写法同上
    #[arg(value_name = "新", help_heading = "参数", display_order = 2)]
    pub new: PathBuf,
    /// 收到的表：写了就按新、旧细则各算一遍，逐处说明得分、名次的变动
    #[arg(value_name = "路径", help_heading = "参数", display_order = 3)]
    pub paths: Vec<PathBuf>,
    /// 只比一个时段：routine 平时考核，year-end 年终考核
    #[arg(long, value_name = "时段")]
    pub period: Option<String>,
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
