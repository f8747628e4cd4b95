//! `kaohe report`: the ranking workbook.

use anyhow::{Result, bail};

use crate::check::records::Options;
use crate::cli::Outcome;
use crate::cli::args::{Common, Report};
use crate::cli::gather;
use crate::cli::validate;
use crate::cli::voice::Voice;
use crate::output::{files, report};

pub(super) fn run(common: &Common, args: &Report, voice: &Voice) -> Result<Outcome> {
    files::may_write(&args.output, args.force)?;
    let gathered = gather::gather(common, &args.paths, &Options::default(), voice)?;
    let outcome = validate::say(common, &gathered, voice)?;
    let provisional = gathered.results.iter().any(|class| class.provisional);
    if !args.allow_incomplete {
        if outcome != Outcome::Clean {
            voice.say("表里有错误，没有出排名表。改好再出；一定要先出的，加 --allow-incomplete，名次会标“暂定”");
            return Ok(outcome);
        }
        if provisional {
            bail!(
                "材料还没有交齐，没有出排名表；一定要先出的，加 --allow-incomplete，名次会标“暂定”"
            );
        }
    }
    let bytes = report::workbook(
        &gathered.catalog,
        &gathered.results,
        &report::Basis::default(),
    )?;
    files::write_whole(&args.output, &bytes, args.force)?;
    voice.say(&format!("排名表写好了：{}", args.output.display()));
    Ok(outcome)
}
