//! `kaohe explain`: why a unit has its score.

use std::io::Write;

use anyhow::{Result, bail};

use crate::check::records::Options;
use crate::cli::Outcome;
use crate::cli::args::{Common, Explain, ExplainFormat};
use crate::cli::gather::{self, Gathered};
use crate::cli::validate;
use crate::cli::voice::Voice;
use crate::output::explain;

pub(super) fn run(common: &Common, args: &Explain, voice: &Voice) -> Result<Outcome> {
    let gathered = gather::gather(common, &args.paths, &Options::default(), voice)?;
    let unit = unit(&gathered, &args.unit)?;
    let outcome = validate::say(common, &gathered, voice)?;
    let found = gathered.results.iter().find_map(|class| {
        let mut units = class.units.iter();
        Some((class, units.find(|score| score.unit == unit)?))
    });
    let Some((class, score)) = found else {
        bail!("{}", why_not(&gathered, unit));
    };
    let story = explain::explain(&gathered.catalog, class, score);
    let mut out = match args.format {
        ExplainFormat::Text => voice.stdout(),
        ExplainFormat::Json => voice.data(),
    };
    match args.format {
        ExplainFormat::Text => out.write_all(explain::render(&story).as_bytes())?,
        ExplainFormat::Json => {
            serde_json::to_writer_pretty(&mut out, &story)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(outcome)
}

/// The unit that goes by `name`.
fn unit(gathered: &Gathered, name: &str) -> Result<usize> {
    let roster = &gathered.catalog.roster;
    match (roster.find(name), roster.nearest(name)) {
        (Some(unit), _) => Ok(unit),
        (None, Some(near)) => {
            bail!(
                "名册里没有 {name}，是不是想写 {}？",
                roster.units()[near].name
            )
        }
        (None, None) => bail!("名册里没有 {name}"),
    }
}

/// Why a unit has no score.
fn why_not(gathered: &Gathered, unit: usize) -> String {
    let name = &gathered.catalog.roster.units()[unit].name;
    let left = gathered.results.iter().find_map(|class| {
        let mut left = class.unranked.iter();
        Some((class.rubric, left.find(|left| left.unit == unit)?))
    });
    let Some((rubric, left)) = left else {
        return format!("{name} 没有交表，没有得分");
    };
    let periods = &gathered.catalog.rubrics[rubric].periods;
    let missing = left
        .missing
        .iter()
        .map(|&(period, round)| format!("缺{}第 {round} 轮", periods[period].name));
    let problems = left
        .problems
        .iter()
        .map(|code| format!("表里有错误 {code}"));
    let why: Vec<String> = missing.chain(problems).collect();
    format!("{name} 没有得分：{}", why.join("，"))
}
