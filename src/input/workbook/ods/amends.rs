//! What has to stand elsewhere in a content, or not at all, for calamine to read it.

use std::ops::Range;

/// Pieces in order, and what each of them takes the place of.
#[derive(Default)]
pub(super) struct Amends(Vec<(Range<usize>, &'static str)>);

/// A place in a content, and how many pieces there were before it.
#[derive(Clone, Copy, Default)]
pub(super) struct Place {
    at: usize,
    before: usize,
}

impl Amends {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A place behind all pieces so far.
    pub(super) fn place(&self, at: usize) -> Place {
        Place {
            at,
            before: self.0.len(),
        }
    }

    /// Puts a piece there, before all that came since.
    pub(super) fn put(&mut self, place: Place, piece: &'static str) {
        self.0.insert(place.before, (place.at..place.at, piece));
    }

    /// Cuts out what lies behind all pieces so far.
    pub(super) fn cut(&mut self, range: Range<usize>) {
        match self.0.last_mut() {
            Some((last, "")) if last.end == range.start => last.end = range.end,
            _ => self.0.push((range, "")),
        }
    }

    /// The content with the pieces in it.
    pub(super) fn made_in(self, content: &[u8]) -> Vec<u8> {
        let mut amended = Vec::with_capacity(content.len());
        let mut taken = 0;
        for (range, piece) in self.0 {
            amended.extend_from_slice(&content[taken..range.start]);
            amended.extend_from_slice(piece.as_bytes());
            taken = range.end;
        }
        amended.extend_from_slice(&content[taken..]);
        amended
    }
}
