//! `kaohe verify`: whether a report stands, by making it once more from its inputs.

use std::io::Write;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};

use crate::cli::Outcome;
use crate::cli::args::{Common, Verify};
use crate::cli::basis;
use crate::cli::gather;
use crate::cli::validate;
use crate::cli::voice::Voice;
use crate::diagnostic::FileFault;
use crate::input::workbook::{self, Limits, Reader};
use crate::model::grid::{Format, Workbook};
use crate::output::report::{self, verify};

pub(super) fn run(common: &Common, args: &Verify, voice: &Voice) -> Result<Outcome> {
    let shown = args.report.display();
    let limits = Limits::times(common.limit);
    let bytes = workbook::load(&args.report, &limits)
        .map_err(words)
        .with_context(|| format!("{shown} 读不了"))?;
    let reader = Reader::new(limits);
    let given = read(&reader, &bytes).with_context(|| format!("{shown} 读不了"))?;
    if !verify::is_report(&given) {
        bail!("{shown} 不是 kaohe report 生成的排名工作簿");
    }
    if given.format != Format::Xlsx {
        bail!("{shown} 另存成了别的格式，存不全排名工作簿：请用 .xlsx 的那一份核对");
    }
    let gathered = gather::gather_with_fingerprints(common, &args.paths, voice)?;
    validate::say(common, &gathered, voice)?;
    if gathered.results.iter().all(|class| class.units.is_empty()) {
        voice.say(&format!(
            "不成立：材料里没有一个单位可以计分，{shown} 没有依据"
        ));
        return Ok(Outcome::Problems);
    }
    let basis = basis::of(common, &gathered, verify::allows_incomplete(&given))?;
    let fresh = report::workbook(&gathered.catalog, &gathered.results, &basis)?;
    let mut out = voice.stdout();
    let outcome = if fresh == bytes {
        writeln!(out, "成立：由材料重新生成的工作簿与 {shown} 逐字节相同")?;
        Outcome::Clean
    } else {
        let mut differences = verify::differences(&given, &read(&reader, &fresh)?);
        drop(given);
        if differences.is_empty() {
            differences = altered_formulas(&reader, &bytes, &fresh).with_context(|| {
                format!("{shown} 各格的数与由材料重算的全部相同，但是公式没有核对")
            })?;
        }
        if differences.is_empty() {
            writeln!(
                out,
                "成立：{shown} 各格的数和公式与由材料重算的全部相同；文件本身不是原件（另存过，或者改过格式、公式的写法）"
            )?;
            Outcome::Clean
        } else {
            writeln!(
                out,
                "不成立：{shown} 与由材料重算的有 {} 处不同",
                differences.len()
            )?;
            for line in &differences {
                writeln!(out, "  {line}")?;
            }
            Outcome::Problems
        }
    };
    out.flush()?;
    Ok(outcome)
}

/// Which formulas of a report are not those of the fresh one.
fn altered_formulas(reader: &Reader, report: &[u8], fresh: &[u8]) -> Result<Vec<String>> {
    let formulas = |bytes| {
        let formulas = reader.formulas(bytes).map_err(words)?;
        formulas.context("公式读不出来：请用 Excel 或 WPS 打开，另存为 .xlsx，再核对")
    };
    Ok(verify::formulas(&formulas(report)?, &formulas(fresh)?))
}

/// The sheets of a report.
fn read(reader: &Reader, bytes: &[u8]) -> Result<Workbook> {
    let name: Arc<str> = "排名工作簿".into();
    reader.from_bytes(&name, bytes).map_err(words)
}

/// What is wrong with a file, as an error of the command.
fn words(fault: FileFault) -> anyhow::Error {
    anyhow::anyhow!(fault.message())
}
