//! `kaohe report`: the ranking workbook, and with `--unit-sheets` a sheet for each unit.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::check::records::Options;
use crate::cli::Outcome;
use crate::cli::args::{Common, Report};
use crate::cli::basis;
use crate::cli::gather::{self, Gathered};
use crate::cli::validate;
use crate::cli::voice::Voice;
use crate::input::files as inputs;
use crate::output::report::UnitSheet;
use crate::output::{files, report};

pub(super) fn run(common: &Common, args: &Report, voice: &Voice) -> Result<Outcome> {
    files::may_write(&args.output, args.force)?;
    not_an_input(&args.output, &args.paths)?;
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
    if gathered.results.iter().all(|class| class.units.is_empty()) {
        bail!("没有一个单位可以计分，没有出排名表");
    }
    let basis = basis::of(
        common,
        &args.paths,
        &gathered.catalog,
        args.allow_incomplete,
    )?;
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

/// Whether the report would overwrite a file that it is made of, which `--force` does not allow
/// either.
fn not_an_input(output: &Path, paths: &[PathBuf]) -> Result<()> {
    let Ok(output) = output.canonicalize() else {
        return Ok(());
    };
    let mut inputs = inputs::collect(paths).files.into_iter();
    if inputs.any(|input| input.path.canonicalize().is_ok_and(|path| path == output)) {
        bail!(
            "{} 在要读的表里，不能写到它上面；换一个文件名",
            output.display()
        );
    }
    Ok(())
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
        Ok((path, sheet))
    };
    sheets.into_iter().map(place).collect()
}
