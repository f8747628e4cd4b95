//! `kaohe rubric show ID`: one rubric as a tree.

use std::io::Write;

use anyhow::{Result, bail};

use super::files;
use crate::cli::Outcome;
use crate::cli::args::{Common, FindingsFormat, RubricShow};
use crate::cli::voice::Voice;
use crate::model::rubric::Rubric;
use crate::output::rubric_tree::{self, Tree};

pub(super) fn run(common: &Common, args: &RubricShow, voice: &Voice) -> Result<Outcome> {
    let files = files::read(common, voice)?;
    let rubrics = &files.catalog.rubrics;
    let named = |rubric: &Rubric| rubric.id == args.id || rubric.class == args.id;
    let Some(rubric) = rubrics.iter().position(named) else {
        let known: Vec<_> = rubrics.iter().map(|rubric| rubric.id.as_str()).collect();
        bail!("没有细则“{}”，现有的细则：{}", args.id, known.join("、"));
    };
    let (file, sha256) = files.print(files.drafts.rubrics[rubric].file);
    let tree = Tree {
        catalog: &files.catalog,
        rubric,
        file,
        sha256: &sha256,
    };
    let mut out = voice.stdout();
    match args.format {
        FindingsFormat::Text => write!(out, "{}", rubric_tree::render(&tree))?,
        FindingsFormat::Json => rubric_tree::write_json(&mut out, &tree)?,
    }
    out.flush()?;
    Ok(Outcome::Clean)
}
