//! Reading ahead: one thread unpacks a long part while another makes sense of what is unpacked.

use std::io::{self, Cursor, Read};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use super::guard;

/// Bytes of a block, and how many of them wait at the most.
const BLOCK: u64 = 64 << 10;
const WAITING: usize = 8;

/// What was read ahead.
pub(super) struct Ahead {
    blocks: Receiver<io::Result<Vec<u8>>>,
    block: Cursor<Vec<u8>>,
}

impl Read for Ahead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.block.read(buffer)?;
            if read > 0 {
                return Ok(read);
            }
            // After the last block nothing comes any more.
            match self.blocks.recv() {
                Ok(block) => self.block = Cursor::new(block?),
                Err(_) => return Ok(0),
            }
        }
    }
}

/// What `work` makes of `source`, which another thread reads for it.
pub(super) fn ahead<T>(mut source: impl Read + Send, work: impl FnOnce(Ahead) -> T) -> T {
    let quiet = guard::is_guarded();
    let (filled, blocks) = mpsc::sync_channel(WAITING);
    let fill = move || {
        loop {
            let mut block = Vec::new();
            let read = source.by_ref().take(BLOCK).read_to_end(&mut block);
            let is_last = !matches!(read, Ok(1..));
            // Whoever has enough does not take it.
            let is_enough = filled.send(read.map(|_| block)).is_err();
            if is_last || is_enough {
                return;
            }
        }
    };
    thread::scope(|scope| {
        let filling = scope.spawn(move || guard::apart(quiet, fill));
        let block = Cursor::default();
        let done = work(Ahead { blocks, block });
        guard::joined(filling);
        done
    })
}

#[cfg(test)]
mod tests {
    use super::super::guard::guarded;
    use super::*;
    use crate::diagnostic::FileFault;

    /// Bytes of which the last, or the place behind them, is not to be had.
    struct Broken<'a>(&'a [u8], fn() -> io::Result<usize>);

    impl Read for Broken<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0.read(buffer)? {
                0 => (self.1)(),
                read => Ok(read),
            }
        }
    }

    fn all(mut ahead: Ahead) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        ahead.read_to_end(&mut bytes).map(|_| bytes)
    }

    #[test]
    fn all_is_read_in_its_order_or_as_much_as_is_wanted() {
        let bytes: Vec<u8> = (0..1_000_000_u32).flat_map(u32::to_le_bytes).collect();
        assert!(ahead(&*bytes, all).expect("bytes in memory") == bytes);
        let few = ahead(&*bytes, |mut ahead| {
            let mut few = [0; 8];
            ahead.read_exact(&mut few).map(|()| few)
        });
        assert_eq!(few.expect("bytes in memory"), [0, 0, 0, 0, 1, 0, 0, 0]);
        assert!(ahead(io::empty(), all).expect("nothing").is_empty());
    }

    #[test]
    fn what_cannot_be_read_is_not_taken_for_the_end() {
        let bytes = [7; 100_000];
        let broken = Broken(&bytes, || Err(io::ErrorKind::InvalidData.into()));
        let error = ahead(broken, all).expect_err("a part that breaks off");
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        let panics = Broken(&bytes, || panic!("a mistake"));
        match guarded(|| Ok(ahead(panics, all))) {
            Err(FileFault::Crashed(place)) => assert!(place.contains("src/input/ahead.rs:")),
            other => panic!("{other:?}"),
        }
    }
}
