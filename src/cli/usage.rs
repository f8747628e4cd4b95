//! What is wrong with the arguments, in Chinese.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::args::Cli;
use crate::cli::{Outcome, version};
use crate::text::shown;

/// Says what is wrong with the arguments; help and version are no errors.
pub(super) fn explain(error: &clap::Error) -> Outcome {
    match error.kind() {
        ErrorKind::DisplayVersion => {
            version::print();
            Outcome::Clean
        }
        ErrorKind::DisplayHelp => {
            // Whoever reads our help may go away before its end.
            let _ = error.print();
            Outcome::Clean
        }
        _ => {
            // Whoever called us may have gone away.
            let _ = writeln!(io::stderr(), "{}", words(error));
            Outcome::Failed
        }
    }
}

/// How much of an argument is shown.
const SHOWN: usize = 120;

/// How much is shown of an error that has no words of ours.
const MOST_SAID: usize = 1_000;

/// How near a word must be to a command to be taken for it, from 0 to 1.
const NEAR: f64 = 0.75;

/// What is said of a first argument that names no command and nothing on the disk.
pub(super) fn neither_command_nor_path(path: &Path) -> String {
    let word = shown(&path.to_string_lossy(), SHOWN);
    let program = Cli::command();
    let commands = program
        .get_subcommands()
        .filter(|command| !command.is_hide_set());
    let near = commands
        .map(|command| {
            (
                strsim::jaro_winkler(&word, command.get_name()),
                command.get_name(),
            )
        })
        .filter(|(near, _)| *near > NEAR)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let advice = match near {
        Some((_, command)) => format!("是不是想写 {command}？"),
        None => "请核对名字和位置".to_owned(),
    };
    format!("“{word}”不是命令，也没有叫这个名字的文件或者文件夹；{advice}\n用法见 kaohe --help")
}

/// What is said where a command comes behind a path.
pub(super) fn command_after_path(paths: &[PathBuf]) -> anyhow::Error {
    let first = paths.first().map(|path| path.to_string_lossy());
    let first = shown(&first.unwrap_or_default(), SHOWN);
    anyhow::anyhow!("命令要写在 {first} 前面，例如 kaohe validate {first}\n用法见 kaohe --help")
}

/// The message and the way on.
fn words(error: &clap::Error) -> String {
    let context = |kind| error.get(kind).map(text).unwrap_or_default();
    let argument = context(ContextKind::InvalidArg);
    let message = match error.kind() {
        ErrorKind::UnknownArgument => format!("不认识的选项 {argument}"),
        ErrorKind::InvalidSubcommand => {
            format!("不认识的命令 {}", context(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => format!("还缺 {argument}"),
        ErrorKind::MissingSubcommand
            if context(ContextKind::InvalidSubcommand).ends_with("rubric") =>
        {
            format!(
                "还没有说要对细则做什么，可以写：{}",
                context(ContextKind::ValidSubcommand)
            )
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "还没有说要做什么：validate 检查，score 计分，report 出排名表".to_owned()
        }
        ErrorKind::InvalidValue if context(ContextKind::InvalidValue).is_empty() => {
            format!("{argument} 后面还缺一个值")
        }
        ErrorKind::InvalidValue => format!(
            "{argument} 不能是 {}，可以是：{}",
            context(ContextKind::InvalidValue),
            context(ContextKind::ValidValue)
        ),
        ErrorKind::ValueValidation => {
            format!(
                "{argument} 的值 {} 不对",
                context(ContextKind::InvalidValue)
            )
        }
        ErrorKind::ArgumentConflict => {
            format!(
                "{argument} 不能和 {} 一起用",
                context(ContextKind::PriorArg)
            )
        }
        ErrorKind::InvalidUtf8 => "有的参数不是 UTF-8 文字".to_owned(),
        _ => shown(&error.to_string(), MOST_SAID),
    };
    let suggestions = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ];
    let suggestion: String = suggestions.into_iter().map(context).collect();
    let suggestion = if suggestion.is_empty() {
        String::new()
    } else {
        format!("，是不是想写 {suggestion}？")
    };
    format!("错误：{message}{suggestion}\n用法见 kaohe --help，或者 kaohe <命令> --help")
}

/// What an error says of its arguments, as typed or as they may be: safe to show.
fn text(value: &ContextValue) -> String {
    let texts = match value {
        ContextValue::String(text) => vec![text.clone()],
        ContextValue::Strings(texts) => texts.clone(),
        ContextValue::StyledStr(text) => vec![text.to_string()],
        ContextValue::StyledStrs(texts) => texts.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    };
    let texts: Vec<String> = texts.iter().map(|text| shown(text, SHOWN)).collect();
    texts.join("、")
}
