//! `kaohe rubric schema`: the JSON Schema by which an editor completes and checks a file.

use std::io::Write;

use anyhow::Result;

use crate::cli::Outcome;
use crate::cli::args::{RubricSchema, SchemaOf};
use crate::cli::voice::Voice;
use crate::input::rubric_file::{Document, schema};

pub(in crate::cli) fn run(args: &RubricSchema, voice: &Voice) -> Result<Outcome> {
    let document = match args.document {
        SchemaOf::Rubric => Document::Rubric,
        SchemaOf::Tasks => Document::Tasks,
        SchemaOf::Roster => Document::Roster,
        SchemaOf::Test => Document::Test,
    };
    let mut out = voice.stdout();
    out.write_all(schema(document).as_bytes())?;
    out.flush()?;
    Ok(Outcome::Clean)
}
