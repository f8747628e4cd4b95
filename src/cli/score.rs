//! `kaohe score`: what can be scored on stdout, what cannot on stderr.

use std::io::Write;

use anyhow::{Result, bail};

use crate::check::records::Options;
use crate::cli::Outcome;
use crate::cli::args::{Common, Score, ScoreFormat};
use crate::cli::gather::{self, Gathered};
use crate::cli::validate;
use crate::cli::voice::Voice;
use crate::output::{scores, standings};

pub(super) fn run(common: &Common, args: &Score, voice: &Voice) -> Result<Outcome> {
    let options = Options {
        complete: false,
        period: args.period.clone(),
    };
    let gathered = gather::gather(common, &args.paths, &options, voice)?;
    let period_name = period_name(&gathered, args.period.as_deref())?;
    let Gathered {
        catalog, results, ..
    } = &gathered;
    let outcome = validate::say(common, &gathered, voice)?;
    if results.is_empty() {
        let period = period_name.unwrap_or_default();
        voice.say(&format!("没有可以计分的{period}表"));
    }
    let mut out = match args.format {
        ScoreFormat::Table => voice.stdout(),
        ScoreFormat::Json | ScoreFormat::Csv => voice.data(),
    };
    match args.format {
        ScoreFormat::Table => {
            out.write_all(
                standings::render(catalog, results, period_name, voice.width_of_stdout())
                    .as_bytes(),
            )?;
        }
        ScoreFormat::Json => scores::write_json(&mut out, catalog, results)?,
        ScoreFormat::Csv => scores::write_csv(&mut out, catalog, results)?,
    }
    out.flush()?;
    Ok(outcome)
}

/// The name of the period with the key `only`, which some rubric must have.
fn period_name<'a>(gathered: &'a Gathered, only: Option<&str>) -> Result<Option<&'a str>> {
    let Some(only) = only else {
        return Ok(None);
    };
    let rubrics = &gathered.catalog.rubrics;
    let mut periods = rubrics.iter().flat_map(|rubric| &rubric.periods);
    match periods.find(|period| period.id == only) {
        Some(period) => Ok(Some(&period.name)),
        None => {
            let mut known: Vec<&str> = Vec::new();
            for period in rubrics.iter().flat_map(|rubric| &rubric.periods) {
                if !known.contains(&period.id.as_str()) {
                    known.push(&period.id);
                }
            }
            bail!("细则里没有时段 {only}，可以是：{}", known.join("、"))
        }
    }
}
