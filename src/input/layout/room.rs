//! The memory that the tables of a file may take.

use crate::model::submission::{Beside, Fault};

/// Bytes that a table takes beside its rows, about.
pub(super) const TABLE: usize = 1024;

/// The memory that the tables of a file would take is more than there is for them.
pub(super) struct NoRoom;

/// Bytes that the tables of a file may still take.
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
        Ok(Some(Box::new(beside)))
    }

    /// Takes off so many bytes.
    pub(super) fn spend(&mut self, bytes: usize) -> Result<(), NoRoom> {
        self.0 = self.0.checked_sub(bytes).ok_or(NoRoom)?;
        Ok(())
    }
}
