//! `kaohe rubric list`: which rubrics are in force, and the fingerprints by which a report
//! names them.

use std::io::Write;

use anyhow::Result;

use crate::cli::args::Common;
use crate::cli::voice::Voice;
use crate::cli::{Outcome, basis, gather};

pub(in crate::cli) fn run(common: &Common, voice: &Voice) -> Result<Outcome> {
    let catalog = gather::catalog(common, voice)?;
    let mut out = voice.stdout();
    for print in basis::rubrics(common, &catalog)? {
        writeln!(out, "{}  {}  {}", print.sha256, print.name, print.about)?;
    }
    out.flush()?;
    Ok(Outcome::Clean)
}
