//! What is looked for in a file that was read before.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// Rows of every sheet.
#[derive(Debug, Serialize, Deserialize)]
pub struct Wanted {
    /// Which, from zero.
    pub rows: BTreeSet<u32>,
    /// Whether each sheet is known to have its rows top to bottom: then nothing behind the last of
    /// them is looked at.
    pub ascending: bool,
}

impl Wanted {
    /// Whether `row` is one of them.
    pub(in super::super) fn includes(&self, row: u32) -> bool {
        self.rows.contains(&row)
    }

    /// Whether none of them comes any more where `row` is next.
    pub(in super::super) fn end_before(&self, row: u32) -> bool {
        self.ascending && self.rows.last().is_none_or(|last| *last < row)
    }
}
