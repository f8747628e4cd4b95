//! `kaohe --version`: the program, and the fingerprints of the rubrics compiled in, by which two
//! offices can tell whether they score by the same ones.

use std::io::{self, Write};

use crate::cli::basis;
use crate::input::rubric_file;

/// How much of a fingerprint is shown; `kaohe rubric list` and a report have the whole.
const SHOWN: usize = 12;

/// Writes it; whoever reads may have gone away.
pub(super) fn print() {
    let _ = io::stdout().write_all(text().as_bytes());
}

fn text() -> String {
    let mut sources = rubric_file::embedded();
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    let mut text = format!("kaohe {}\n", env!("CARGO_PKG_VERSION"));
    for source in &sources {
        let print = basis::sha256(source.text.as_bytes());
        text += &format!("{}  {}\n", &print[..SHOWN], source.name);
    }
    text
}
