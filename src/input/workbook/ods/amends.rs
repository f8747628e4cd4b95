//! What has to stand in a content, or must not, for calamine to read it.

use std::ops::Range;

/// What says of a cell that it holds the text in it.
pub(super) const TEXT: &str = " office:value-type=\"string\"";

/// What is to be cut out, in order; where nothing is, [`TEXT`] has to stand.
#[derive(Default)]
pub(super) struct Amends(Vec<Range<usize>>);

/// A place in a content, and how many amends there were before it.
#[derive(Clone, Copy, Default)]
pub(super) struct Place {
    at: usize,
    before: usize,
}

impl Amends {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A place behind all amends so far.
    pub(super) fn place(&self, at: usize) -> Place {
        Place {
            at,
            before: self.0.len(),
        }
    }

    /// Has [`TEXT`] stand there, before all that was cut out since.
    pub(super) fn put_text(&mut self, place: Place) {
        self.0.insert(place.before, place.at..place.at);
    }

    /// Cuts out what lies behind all amends so far.
    pub(super) fn cut(&mut self, range: Range<usize>) {
        match self.0.last_mut() {
            _ if range.is_empty() => {}
            Some(last) if last.end == range.start => last.end = range.end,
            _ => self.0.push(range),
        }
    }

    /// The content as amended.
    pub(super) fn made_in(self, content: &[u8]) -> Vec<u8> {
        let mut amended = Vec::with_capacity(content.len());
        let mut taken = 0;
        for range in self.0 {
            amended.extend_from_slice(&content[taken..range.start]);
            if range.is_empty() {
                amended.extend_from_slice(TEXT.as_bytes());
            }
            taken = range.end;
        }
        amended.extend_from_slice(&content[taken..]);
        amended
    }
}
