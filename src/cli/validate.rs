//! `kaohe validate`: every problem of every file in one pass.

use std::io::Write;

use anyhow::Result;

use crate::check::records::Options;
use crate::cli::Outcome;
use crate::cli::args::{Common, FindingsFormat, Validate};
use crate::cli::gather::{self, Gathered};
use crate::cli::voice::Voice;
use crate::output::findings::{self, Count, Human};

pub(super) fn run(common: &Common, args: &Validate, voice: &Voice) -> Result<Outcome> {
    let options = Options {
        complete: args.complete,
        period: None,
    };
    let gathered = gather::gather(common, &args.paths, &options, voice)?;
    let count = Count::of(&gathered.diagnostics, common.strict);
    let files = gathered.workbooks.len();
    let mut out = voice.stdout();
    match args.format {
        FindingsFormat::Json => {
            findings::write_json(&mut out, &gathered.diagnostics, files, common.strict)?;
        }
        FindingsFormat::Text => {
            let human = Human {
                width: voice.width_of_stdout(),
                strict: common.strict,
            };
            human.write(&mut out, &gathered.diagnostics, &gathered.workbooks)?;
            writeln!(out, "{}", summary(files, count))?;
        }
    }
    out.flush()?;
    Ok(outcome(count))
}

/// Says on stderr what is wrong with the sheets of another command's run.
pub(super) fn say(common: &Common, gathered: &Gathered, voice: &Voice) -> Result<Outcome> {
    let count = Count::of(&gathered.diagnostics, common.strict);
    if !voice.is_quiet() && !gathered.diagnostics.is_empty() {
        let human = Human {
            width: voice.width_of_stderr(),
            strict: common.strict,
        };
        let mut err = voice.stderr();
        human.write(&mut err, &gathered.diagnostics, &gathered.workbooks)?;
        writeln!(err, "{}\n", summary(gathered.workbooks.len(), count))?;
    }
    Ok(outcome(count))
}

fn outcome(count: Count) -> Outcome {
    match count.errors {
        0 => Outcome::Clean,
        _ => Outcome::Problems,
    }
}

/// The last line: how many files, errors, warnings.
fn summary(files: usize, count: Count) -> String {
    match count {
        Count {
            errors: 0,
            warnings: 0,
        } => format!("检查了 {files} 个文件，没有问题"),
        Count { errors, warnings } => {
            format!("检查了 {files} 个文件：错误 {errors} 个，提醒 {warnings} 个")
        }
    }
}
