//! `kaohe report`: the ranking workbook, and with `--unit-sheets` a sheet for each unit.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::cli::Outcome;
use crate::cli::args::{Common, Report};
use crate::cli::basis;
use crate::cli::gather::{self, Gathered};
use crate::cli::validate;
use crate::cli::voice::Voice;
use crate::output::report::UnitSheet;
use crate::output::{files, report};

pub(super) fn run(common: &Common, args: &Report, voice: &Voice) -> Result<Outcome> {
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
    let sheets = unit_sheets(args, &gathered)?;
    files::write_whole(&args.output, &bytes, args.force)?;
    for (path, sheet) in &sheets {
        files::write_whole(path, &sheet.bytes, args.force)?;
    }
    voice.say(&format!("排名表写好了：{}", args.output.display()));
    if let Some(folder) = &args.unit_sheets {
        let count = sheets.len();
        voice.say(&format!(
            "反馈单写好了：{count} 份，在 {}",
            folder.display()
        ));
    }
    Ok(outcome)
}

/// The sheets for the units and where they go; all of them may be written, or none is.
fn unit_sheets(args: &Report, gathered: &Gathered) -> Result<Vec<(PathBuf, UnitSheet)>> {
    let Some(folder) = &args.unit_sheets else {
        return Ok(Vec::new());
    };
    fs::create_dir_all(folder).with_context(|| format!("{} 建不了", folder.display()))?;
    let sheets = report::unit_sheets(&gathered.catalog, &gathered.results)?;
    let place = |sheet: UnitSheet| -> Result<(PathBuf, UnitSheet)> {
        let path = Path::new(folder).join(&sheet.file);
        files::may_write(&path, args.force)?;
        gathered.is_no_input(&path)?;
        Ok((path, sheet))
    };
    sheets.into_iter().map(place).collect()
}
