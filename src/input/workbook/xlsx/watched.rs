//! Bytes that are read under watch: calamine does not tell in which part a sheet stands, but where
//! it reads does.

use std::cell::Cell;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::rc::Rc;

/// A reader, and the place that it tells.
pub(super) struct Watched<'a> {
    bytes: Cursor<&'a [u8]>,
    last: Rc<Cell<usize>>,
}

impl<'a> Watched<'a> {
    /// A reader of `bytes`; what it gives beside is where they were read last.
    pub(super) fn new(bytes: &'a [u8]) -> (Self, Rc<Cell<usize>>) {
        let last = Rc::new(Cell::new(0));
        let watched = Self {
            bytes: Cursor::new(bytes),
            last: Rc::clone(&last),
        };
        (watched, last)
    }
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let at = self.bytes.position();
        let read = self.bytes.read(buffer)?;
        if read > 0 {
            self.last.set(usize::try_from(at).unwrap_or(usize::MAX));
        }
        Ok(read)
    }
}

impl Seek for Watched<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.bytes.seek(to)
    }
}
