//! The arguments, and the help that people read.

mod rubric;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::model::rubric::MOST_ROUNDS;
pub(super) use rubric::{
    Rubric, RubricCheck, RubricCommand, RubricDiff, RubricList, RubricNew, RubricSchema,
    RubricShow, RubricTest, SchemaOf,
};

const HELP: &str = "\
{about}

用法：{usage}

{all-args}{after-help}";

const AFTER: &str = "\
只写一个文件夹、不写命令：检查里面的表，没有错误、材料也齐，就在文件夹旁边出排名表。
退出状态：0 没有错误，1 表里有错误，2 命令没能完成。
例：kaohe 收到的表/
    kaohe validate 收到的表/
    kaohe score 收到的表/
    kaohe report 收到的表/ -o 排名.xlsx";

/// kaohe
#[derive(Debug, Parser)]
#[command(
    name = "kaohe",
    version,
    about = "考核计分：检查各单位交来的表，按考核细则计分、排名，每个数都能追到单元格和条文",
    help_template = HELP,
    after_help = AFTER,
    override_usage = "kaohe <命令> [选项] [路径]…",
    subcommand_help_heading = "命令",
    subcommand_value_name = "命令",
    next_help_heading = "选项",
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true,
    args_override_self = true
)]
pub(super) struct Cli {
    #[command(flatten)]
    pub common: Common,
    /// 没有写命令：检查这个文件夹，没有问题就在旁边出排名表
    #[arg(value_name = "路径", hide = true)]
    pub paths: Vec<PathBuf>,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What every command understands.
#[derive(Args, Debug)]
pub(super) struct Common {
    /// 用这个文件夹里的细则、任务表和名册，不用程序自带的
    #[arg(long, value_name = "文件夹", global = true)]
    pub rubrics: Option<PathBuf>,
    /// 提醒也算错误
    #[arg(long, global = true)]
    pub strict: bool,
    /// 多说一些：读了哪些文件，跳过了哪些
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// 少说：只输出结果
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// 大小上限放宽到几倍：文件过大读不了时用
    #[arg(long, value_name = "倍数", global = true, default_value_t = 1, hide_default_value = true, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub limit: u32,
    /// 颜色：auto 自动，always 总是，never 不用
    #[arg(
        long,
        value_name = "何时",
        global = true,
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub color: Color,
    /// 显示帮助
    #[arg(short, long, global = true, action = clap::ArgAction::Help)]
    help: Option<bool>,
    /// 显示版本
    #[arg(short = 'V', long, action = clap::ArgAction::Version)]
    version: Option<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// 检查表格，一次列出全部问题
    Validate(Validate),
    /// 计分、排名
    Score(Score),
    /// 生成年终排名工作簿
    Report(Report),
    /// 说明一个单位的分是怎么来的，追到条文和单元格
    Explain(Explain),
    /// 由原始材料重新计算，核对一份排名工作簿
    Verify(Verify),
    /// 按细则生成空白表，发给各单位填
    Template(Template),
    /// 细则本身：列出、查看、检查、自测、比较、新写一份
    Rubric(Rubric),
    /// 输出命令行补全的脚本，或者手册页
    #[command(hide = true)]
    Generate(Generate),
}

/// `kaohe validate`
#[derive(Args, Debug)]
#[command(help_template = HELP, next_help_heading = "选项", override_usage = "kaohe validate [选项] <路径>…")]
pub(super) struct Validate {
    /// 表格文件，或者放表格的文件夹
    #[arg(
        value_name = "路径",
        required_unless_present = "explain",
        help_heading = "参数"
    )]
    pub paths: Vec<PathBuf>,
    /// 名册里的单位、各个时段都要交齐
    #[arg(long)]
    pub complete: bool,
    /// 给每个有问题的文件另存一份标红的，放进这个文件夹
    #[arg(long, value_name = "文件夹")]
    pub annotate: Option<PathBuf>,
    /// 标红的文件已有也照写，盖掉原来的
    #[arg(long, requires = "annotate")]
    pub force: bool,
    /// 说明一个问题代码是什么意思、怎么改
    #[arg(long, value_name = "代码", conflicts_with = "paths")]
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FindingsFormat {
    Text,
    Json,
}

/// `kaohe score`
#[derive(Args, Debug)]
#[command(help_template = HELP, next_help_heading = "选项", override_usage = "kaohe score [选项] <路径>…")]
pub(super) struct Score {
    /// 表格文件，或者放表格的文件夹
    #[arg(value_name = "路径", required = true, help_heading = "参数")]
    pub paths: Vec<PathBuf>,
    /// 输出格式：table 表格，json 或 csv 给程序用
    #[arg(
        long,
        value_name = "格式",
        default_value = "table",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub format: ScoreFormat,
    /// 只排一个时段的名次：routine 平时考核，year-end 年终考核
    #[arg(long, value_name = "时段")]
    pub period: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ScoreFormat {
    Table,
    Json,
    Csv,
}

/// `kaohe report`
#[derive(Args, Debug)]
#[command(help_template = HELP, next_help_heading = "选项", override_usage = "kaohe report [选项] <路径>… -o <文件.xlsx>")]
pub(super) struct Report {
    /// 表格文件，或者放表格的文件夹
    #[arg(value_name = "路径", required = true, help_heading = "参数")]
    pub paths: Vec<PathBuf>,
    /// 写到哪个文件
    #[arg(short, long, value_name = "文件.xlsx")]
    pub output: PathBuf,
    /// 文件已有也照写，盖掉原来的
    #[arg(long)]
    pub force: bool,
    /// 材料不齐或者有错误也出表，名次标“暂定”
    #[arg(long)]
    pub allow_incomplete: bool,
    /// 每个单位另出一份反馈单，放进这个文件夹
    #[arg(long, value_name = "文件夹")]
    pub unit_sheets: Option<PathBuf>,
}

/// `kaohe template`
#[derive(Args, Debug)]
#[command(help_template = HELP, next_help_heading = "选项", override_usage = "kaohe template [选项] -o <文件夹>")]
pub(super) struct Template {
    /// 写到哪个文件夹
    #[arg(short, long, value_name = "文件夹")]
    pub output: PathBuf,
    /// 只要一个时段的：routine 平时考核，year-end 年终考核
    #[arg(long, value_name = "时段")]
    pub period: Option<String>,
    /// 第几轮
    #[arg(long, value_name = "轮次", default_value_t = 1, hide_default_value = true, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_ROUNDS)))]
    pub round: u32,
    /// 只要一类单位的：government、municipal-bureau、six-zone
    #[arg(long, value_name = "类别")]
    pub class: Option<String>,
    /// 只要一个单位的
    #[arg(long, value_name = "单位")]
    pub unit: Option<String>,
    /// 表的样式：form 一个单位一本，wide 一类单位一本
    #[arg(
        long,
        value_name = "样式",
        default_value = "form",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub layout: TemplateLayout,
    /// 文件已有也照写，盖掉原来的
    #[arg(long)]
    pub force: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TemplateLayout {
    Form,
    Wide,
}

/// `kaohe explain`
#[derive(Args, Debug)]
#[command(help_template = HELP, next_help_heading = "选项", override_usage = "kaohe explain [选项] <单位> <路径>…")]
pub(super) struct Explain {
    /// 单位的名称，或者名册里的别名
    #[arg(value_name = "单位", help_heading = "参数")]
    pub unit: String,
    /// 表格文件，或者放表格的文件夹
    #[arg(value_name = "路径", required = true, help_heading = "参数")]
    pub paths: Vec<PathBuf>,
    /// 输出格式：text 给人看，json 给程序用
    #[arg(
        long,
        value_name = "格式",
        default_value = "text",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub format: ExplainFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ExplainFormat {
    Text,
    Json,
}

/// `kaohe generate`: what a package of the program carries along.
#[derive(Args, Debug)]
#[command(help_template = HELP, next_help_heading = "选项", override_usage = "kaohe generate <内容>")]
pub(super) struct Generate {
    /// bash、zsh、fish、powershell、elvish 的补全脚本，或者 man 手册页
    #[arg(
        value_name = "内容",
        help_heading = "参数",
        hide_possible_values = true
    )]
    pub what: Generated,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Generated {
    Bash,
    Zsh,
    Fish,
    Powershell,
    Elvish,
    Man,
}

/// `kaohe verify`
#[derive(Args, Debug)]
#[command(help_template = HELP, next_help_heading = "选项", override_usage = "kaohe verify [选项] <文件.xlsx> <路径>…")]
pub(super) struct Verify {
    /// 排名工作簿
    #[arg(value_name = "文件.xlsx", help_heading = "参数")]
    pub report: PathBuf,
    /// 出表用的表格文件，或者放表格的文件夹
    #[arg(value_name = "路径", required = true, help_heading = "参数")]
    pub paths: Vec<PathBuf>,
}
