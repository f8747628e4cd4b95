//! The memory that the tables of a file may take.

use crate::model::grid::PER_TEXT;
use crate::model::submission::{Beside, Fault, Field, Row, Written};

/// Bytes that a table takes beside its rows, about, with what the check makes of it.
pub(super) const TABLE: usize = 2048;

/// The memory that the cells and tables of a file would take is more than there is for them.
pub(super) struct NoRoom;

/// Bytes that the cells and tables of a file may still take.
pub(super) struct Room(pub usize);

impl Room {
    /// Takes off what so many labels, or faults of headers and labels, take with their texts.
    pub(super) fn spend_on_texts(&mut self, count: usize) -> Result<(), NoRoom> {
        const TEXT: usize = size_of::<Fault>() + 64;
        self.spend(TEXT.saturating_mul(count))
    }

    /// What stands beside a value, if anything does; takes off what it takes.
    pub(super) fn boxed(&mut self, beside: Beside) -> Result<Option<Box<Beside>>, NoRoom> {
        if beside == Beside::default() {
            return Ok(None);
        }
        self.spend(size_of::<Beside>())?;
        self.spend(beside.measured.as_ref().map_or(0, |_| size_of::<Field>()))?;
        Ok(Some(Box::new(beside)))
    }

    /// Takes off what a row takes.
    pub(super) fn spend_on_row(&mut self, row: &Row) -> Result<(), NoRoom> {
        let fields = [Some(&row.id), Some(&row.value), row.reason.as_ref()];
        let beside = fields
            .into_iter()
            .flatten()
            .map(|field| match &field.written {
                Written::Date(text) | Written::Error(text) | Written::OutOfRange(text) => {
                    PER_TEXT + text.len()
                }
                _ => 0,
            });
        self.spend(size_of::<Row>() + beside.sum::<usize>())
    }

    /// Gives back what so many bytes took.
    pub(super) fn give_back(&mut self, bytes: usize) {
        self.0 += bytes;
    }

    /// Takes off so many bytes.
    pub(super) fn spend(&mut self, bytes: usize) -> Result<(), NoRoom> {
        self.0 = self.0.checked_sub(bytes).ok_or(NoRoom)?;
        Ok(())
    }
}
