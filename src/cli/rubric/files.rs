//! The rubric files in force, as text and as what they mean.

use anyhow::{Context as _, Result, bail};

use crate::cli::args::Common;
use crate::cli::basis::sha256;
use crate::cli::voice::Voice;
use crate::diagnostic::RubricSource;
use crate::input::rubric_file;
use crate::model::catalog::Catalog;
use crate::model::draft::Drafts;

/// Files that were read without an error.
pub(super) struct Files {
    pub sources: Vec<RubricSource>,
    pub catalog: Catalog,
    pub drafts: Drafts,
}

/// The files that `--rubrics` names, or those compiled in.
pub(super) fn sources(common: &Common) -> Result<Vec<RubricSource>> {
    match &common.rubrics {
        Some(folder) => rubric_file::from_dir(folder)
            .with_context(|| format!("读不了细则文件夹 {}", folder.display())),
        None => Ok(rubric_file::embedded()),
    }
}

/// Reads the files in force.
pub(super) fn read(common: &Common, voice: &Voice) -> Result<Files> {
    let sources = sources(common)?;
    match rubric_file::read_with_drafts(&sources) {
        Ok((catalog, drafts)) => Ok(Files {
            sources,
            catalog,
            drafts,
        }),
        Err(problems) => {
            voice.say_problems(&problems, &sources);
            bail!("细则有 {} 处错误，改好再用", problems.len())
        }
    }
}

impl Files {
    /// The name of a file and its fingerprint.
    pub(super) fn print(&self, file: usize) -> (&str, String) {
        let source = &self.sources[file];
        (&source.name, sha256(source.text.as_bytes()))
    }
}
