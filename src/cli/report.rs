//! `kaohe report`: the ranking workbook, and with `--unit-sheets` a sheet for each unit.

use anyhow::{Result, bail};

use crate::cli::Outcome;
use crate::cli::args::{Common, Report};
use crate::cli::basis;
use crate::cli::gather::{self, Gathered};
use crate::cli::validate;
use crate::cli::voice::Voice;
use crate::output::files::{self, Batch};
use crate::output::{names, report};

pub(super) fn run(common: &Common, args: &Report, voice: &Voice) -> Result<Outcome> {
    if names::is_of_another_kind(&args.output) {
        bail!(
            "排名表是 .xlsx 工作簿，不能写成 {}；请把 -o 后面的文件名写成 .xlsx 结尾",
            args.output.display()
        );
    }
    files::may_write(&args.output, args.force)?;
    let gathered = gather::gather_with_fingerprints(common, &args.paths, voice)?;
    gathered.is_no_input(&args.output)?;
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
    if gathered.results.iter().all(|class| class.units.is_empty()) {
        bail!("没有一个单位可以计分，没有出排名表");
    }
    let basis = basis::of(common, &gathered, args.allow_incomplete)?;
    let bytes = report::workbook(&gathered.catalog, &gathered.results, &basis)?;
    let mut batch = Batch::new(args.force);
    batch.add(&args.output, &bytes)?;
    let count = unit_sheets(args, &gathered, &mut batch)?;
    batch.finish()?;
    voice.say(&format!("排名表写好了：{}", args.output.display()));
    if let Some(folder) = &args.unit_sheets {
        voice.say(&format!(
            "反馈单写好了：{count} 份，在 {}",
            folder.display()
        ));
    }
    Ok(outcome)
}

/// Adds the sheets for the units to what is written; gives their number.
fn unit_sheets(args: &Report, gathered: &Gathered, batch: &mut Batch) -> Result<usize> {
    let Some(folder) = &args.unit_sheets else {
        return Ok(0);
    };
    batch.folder(folder)?;
    let sheets = report::unit_sheets(&gathered.catalog, &gathered.results)?;
    for sheet in &sheets {
        let path = names::within(folder, &sheet.file)?;
        gathered.is_no_input(&path)?;
        batch.add(&path, &sheet.bytes)?;
    }
    Ok(sheets.len())
}
