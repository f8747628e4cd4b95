//! What is wrong with the arguments, in Chinese.

use std::io::{self, Write};

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::Outcome;

/// Says what is wrong with the arguments; help and version are no errors.
pub(super) fn explain(error: &clap::Error) -> Outcome {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
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
        _ => error.to_string(),
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

fn text(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join("、"),
        ContextValue::StyledStr(text) => text.to_string(),
        ContextValue::StyledStrs(texts) => texts
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("、"),
        _ => String::new(),
    }
}
