//! What a report rests on: fingerprints of the rubrics in force and of the files that were read.

use std::fmt::Write as _;

use anyhow::{Context as _, Result};
use sha2::{Digest, Sha256};

use crate::cli::args::Common;
use crate::cli::gather::{Gathered, Input};
use crate::input::rubric_file;
use crate::model::catalog::Catalog;
use crate::output::report::{Basis, Fingerprint};

/// Takes the fingerprints together.
pub(super) fn of(common: &Common, gathered: &Gathered, allow_incomplete: bool) -> Result<Basis> {
    let print = |input: &Input| Fingerprint {
        name: input.entry.name.to_string(),
        // A file that cannot be read is a finding of its own and adds nothing to the report.
        about: if input.sha256.is_some() {
            ""
        } else {
            "读不了"
        }
        .to_owned(),
        sha256: input.sha256.clone().unwrap_or_else(|| "—".to_owned()),
    };
    let mut prints: Vec<Fingerprint> = gathered.inputs.iter().map(print).collect();
    prints.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Basis {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        rubrics: rubrics(common, &gathered.catalog)?,
        files: prints,
        options: options(common, allow_incomplete),
    })
}

/// The files of rubrics, tasks and roster.
pub(super) fn rubrics(common: &Common, catalog: &Catalog) -> Result<Vec<Fingerprint>> {
    let sources = match &common.rubrics {
        Some(folder) => rubric_file::from_dir(folder)
            .with_context(|| format!("读不了细则文件夹 {}", folder.display()))?,
        None => rubric_file::embedded(),
    };
    let mut prints: Vec<Fingerprint> = sources
        .iter()
        .map(|source| Fingerprint {
            name: source.name.clone(),
            about: about(&source.text, catalog),
            sha256: sha256(source.text.as_bytes()),
        })
        .collect();
    prints.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(prints)
}

/// Which rubric a file holds, by the line that names it; a task table or the roster otherwise.
fn about(text: &str, catalog: &Catalog) -> String {
    let named = |id: &str| {
        let wanted = format!("id=\"{id}\"");
        let mut lines = text.lines();
        lines.any(|line| {
            line.split_whitespace()
                .collect::<String>()
                .starts_with(&wanted)
        })
    };
    let rubric = catalog.rubrics.iter().find(|rubric| named(&rubric.id));
    match rubric {
        Some(rubric) => format!("细则 {}，版本 {}", rubric.id, rubric.version),
        None if text.contains("[[class]]") => "名册".to_owned(),
        None => "任务表".to_owned(),
    }
}

/// The options that bear on the result.
fn options(common: &Common, allow_incomplete: bool) -> Vec<(String, String)> {
    let yes = |on: bool, meaning: &str, otherwise: &str| {
        if on {
            meaning.to_owned()
        } else {
            otherwise.to_owned()
        }
    };
    vec![
        (
            "--allow-incomplete".to_owned(),
            yes(allow_incomplete, "已用：材料不齐或者有错误也出表", "未用"),
        ),
        (
            "--rubrics".to_owned(),
            yes(
                common.rubrics.is_some(),
                "已用：细则不是程序自带的，见下面的文件",
                "未用：细则是程序自带的",
            ),
        ),
    ]
}

/// SHA-256 in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
