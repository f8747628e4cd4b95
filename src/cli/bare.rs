//! `kaohe FOLDER` without a command, which is also what a folder dragged onto the program is:
//! checks the sheets, and where all is well writes the report beside the folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::cli::args::Common;
use crate::cli::gather::{self, Gathered};
use crate::cli::voice::Voice;
use crate::cli::{Outcome, basis, usage, validate};
use crate::output::{files, lacking, names, report};

/// What is said to who started the program and asked for nothing.
const WELCOME: &str = "\
kaohe：检查各单位交来的考核表，计分、排名

怎么用：把放着收到的表的文件夹，拖到 kaohe 的图标上。
  · 先检查：每个问题在哪个文件、哪张表、哪一格，怎么改。
  · 没有错误、材料也齐，就在文件夹旁边写好排名工作簿。
  · 只查一个文件，就把这个文件拖上来。

会用命令行的：kaohe template 发空白表，kaohe score 看分数，kaohe explain 查一个单位的分是怎么来的；
全部命令见 kaohe --help。";

/// The most reports of one folder that are kept side by side.
const MOST_REPORTS: u32 = 999;

pub(super) fn run(common: &Common, paths: &[PathBuf], voice: &Voice) -> Result<Outcome> {
    if paths.is_empty() {
        voice.say(WELCOME);
        return Ok(Outcome::Failed);
    }
    if !paths.iter().any(|path| path.exists()) {
        bail!(usage::neither_command_nor_path(&paths[0]));
    }
    let place = match paths {
        [folder] if folder.is_dir() => Some(place(folder)?),
        _ => None,
    };
    let gathered = gather::gather_with_fingerprints(common, paths, voice)?;
    let outcome = validate::list(common, &gathered, voice)?;
    match (outcome, place) {
        (Outcome::Clean, Some(place)) => write_report(common, &gathered, &place, voice)?,
        (Outcome::Clean, None) => voice.say(
            "没有错误。要出排名表，请把全部的表放进一个文件夹，只拖这个文件夹",
        ),
        _ => voice.say(
            "有错误，没有出排名表。请照上面说的改好，存盘、关掉，再拖一次；要单位自己改的，退回去改",
        ),
    }
    Ok(outcome)
}

/// Writes the report, unless something of the year is still to come.
fn write_report(common: &Common, gathered: &Gathered, place: &Place, voice: &Voice) -> Result<()> {
    let lacks = lacking::lines(&gathered.catalog, &gathered.results);
    if !lacks.is_empty() {
        voice.say("表没有错误，但是还没有交齐，没有出排名表：");
        for line in &lacks {
            voice.say(&format!("  {line}"));
        }
        voice.say("收齐以后再拖一次。想先看现在的分数，在命令行用 kaohe score");
        return Ok(());
    }
    if gathered.results.iter().all(|class| class.units.is_empty()) {
        voice.say("没有一个单位可以计分，没有出排名表。请核对文件夹里是不是各单位交来的表");
        return Ok(());
    }
    let basis = basis::of(common, gathered, false)?;
    let bytes = report::workbook(&gathered.catalog, &gathered.results, &basis)?;
    let (path, is_new) = place.save(&bytes)?;
    let shown = path.display();
    voice.say(&match is_new {
        true => format!("没有错误，排名表写好了：{shown}\n请打开核对，再送签"),
        false => format!("没有错误，结果和已有的排名表一样，没有另写：{shown}"),
    });
    Ok(())
}

/// Where the report of a folder goes.
struct Place {
    /// The folder around it.
    around: PathBuf,
    /// Its name.
    name: String,
}

/// Where the report of `folder` goes.
fn place(folder: &Path) -> Result<Place> {
    // `.` and `..` have no name of their own.
    let named = match folder.file_name() {
        Some(_) => folder.to_owned(),
        None => folder
            .canonicalize()
            .with_context(|| format!("{} 找不到", folder.display()))?,
    };
    match (named.parent(), named.file_name()) {
        (Some(around), Some(name)) => Ok(Place {
            around: around.to_owned(),
            name: name.to_string_lossy().into_owned(),
        }),
        _ => bail!(
            "{} 是整个盘，旁边没有地方写排名表；请把表放进一个文件夹，再拖这个文件夹",
            folder.display()
        ),
    }
}

impl Place {
    /// Writes the report under the first name that is free; the same report is not written
    /// twice. Gives its path, and whether it is new.
    fn save(&self, bytes: &[u8]) -> Result<(PathBuf, bool)> {
        for number in 1..=MOST_REPORTS {
            let ending = match number {
                1 => "-排名.xlsx".to_owned(),
                _ => format!("-排名-{number}.xlsx"),
            };
            let path = names::within(&self.around, &names::file(&self.name, &ending))?;
            match fs::symlink_metadata(&path) {
                Ok(about) => {
                    let may_be = about.is_file() && about.len() == bytes.len() as u64;
                    if may_be && fs::read(&path).is_ok_and(|old| old == bytes) {
                        return Ok((path, false));
                    }
                }
                // Not there; or something is in the way that writing will name.
                Err(_) => {
                    files::write_whole(&path, bytes, false)?;
                    return Ok((path, true));
                }
            }
        }
        bail!(
            "{} 里“{}”的排名表已经有 {MOST_REPORTS} 份；请先把旧的移走",
            self.around.display(),
            self.name
        )
    }
}
