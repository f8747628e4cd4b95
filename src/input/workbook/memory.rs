//! Where memory comes from, and how much of it reading a file may take, in the process that reads for
//! another.
//!
//! A library that asks for more memory than there is aborts the program, and on some systems
//! asking succeeds and the machine comes to a halt. The program's allocator therefore counts,
//! where it was told a limit; elsewhere it costs one look at a number that never changes.

use std::alloc::{GlobalAlloc, Layout, System};
use std::process;
use std::sync::atomic::{AtomicIsize, Ordering};

use mimalloc::MiMalloc;

/// The exit status of a process that ran into its limit.
pub(super) const EXHAUSTED: i32 = 70;
/// The exit status of a process that asked for so much at once that only damage explains it.
pub(super) const ABSURD: i32 = 71;

/// How many times the limit that is.
const ABSURDLY: isize = 8;

/// The program's allocator: what is small, and so nearly all, comes from mimalloc, in less time and
/// nearer together; what is large from the system, which lengthens it where it lies and has it back at
/// once. Held to the limit that [`limit`] sets.
#[derive(Debug)]
pub struct Capped;

/// The limit, for comparison.
static MOST: AtomicIsize = AtomicIsize::new(UNLIMITED);
/// Bytes that may still be asked for; [`UNLIMITED`] where nobody counts.
static LEFT: AtomicIsize = AtomicIsize::new(UNLIMITED);
const UNLIMITED: isize = isize::MAX;

/// Holds the process, from now on, to `bytes` more than it has.
pub(super) fn limit(bytes: usize) {
    let bytes = isize::try_from(bytes).unwrap_or(UNLIMITED);
    MOST.store(bytes, Ordering::Relaxed);
    LEFT.store(bytes, Ordering::Relaxed);
}

/// Counts `bytes` more, or fewer; ends the process where that is too many.
#[inline]
fn count(bytes: isize) {
    if LEFT.load(Ordering::Relaxed) == UNLIMITED {
        return;
    }
    let left = LEFT.fetch_sub(bytes, Ordering::Relaxed);
    if bytes > left {
        // Ending the process may itself ask for memory.
        LEFT.store(UNLIMITED, Ordering::Relaxed);
        let absurd = bytes / ABSURDLY > MOST.load(Ordering::Relaxed);
        process::exit(if absurd { ABSURD } else { EXHAUSTED });
    }
}

/// A size as a number that can be taken off; no allocation is larger than the largest `isize`.
#[inline]
fn signed(bytes: usize) -> isize {
    isize::try_from(bytes).unwrap_or(isize::MAX)
}

// SAFETY: every call is passed on as it is to one of two allocators, a block to the one that gave it,
// which its size tells; counting neither unwinds nor allocates.
unsafe impl GlobalAlloc for Capped {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(signed(layout.size()));
        // SAFETY: the caller's promise is passed on.
        unsafe {
            match is_large(layout.size()) {
                true => System.alloc(layout),
                false => MiMalloc.alloc(layout),
            }
        }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(signed(layout.size()));
        // SAFETY: the caller's promise is passed on.
        unsafe {
            match is_large(layout.size()) {
                true => System.alloc_zeroed(layout),
                false => MiMalloc.alloc_zeroed(layout),
            }
        }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller's promise is passed on; of a block that moves from one to the other as
        // many bytes are copied as both have, which do not overlap.
        unsafe {
            match (is_large(layout.size()), is_large(size)) {
                (true, true) => {
                    count(signed(size) - signed(layout.size()));
                    System.realloc(pointer, layout, size)
                }
                (false, false) => {
                    count(signed(size) - signed(layout.size()));
                    MiMalloc.realloc(pointer, layout, size)
                }
                _ => {
                    let moved = Layout::from_size_align_unchecked(size, layout.align());
                    let new = self.alloc(moved);
                    if !new.is_null() {
                        new.copy_from_nonoverlapping(pointer, size.min(layout.size()));
                        self.dealloc(pointer, layout);
                    }
                    new
                }
            }
        }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-signed(layout.size()));
        // SAFETY: the caller's promise is passed on.
        unsafe {
            match is_large(layout.size()) {
                true => System.dealloc(pointer, layout),
                false => MiMalloc.dealloc(pointer, layout),
            }
        }
    }
}

/// Whether a block of so many bytes is the system's.
#[inline]
const fn is_large(bytes: usize) -> bool {
    /// Files, and what holds the cells of many rows, are larger; texts and rows are smaller.
    const LARGE: usize = 4 * 1024;
    bytes >= LARGE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_keeps_its_bytes_when_it_moves_from_one_allocator_to_the_other() {
        let layout = |size| Layout::from_size_align(size, 8).expect("a plain layout");
        // Small, larger, large, larger still, small again: 100 bytes are in all of them.
        let sizes = [100, 1000, 5000, 500_000, 4096, 4095, 100];
        // SAFETY: each block is asked for, lengthened and given back with the size that it has.
        unsafe {
            let mut block = Capped.alloc(layout(sizes[0]));
            for at in 0..100 {
                block.add(at).write(at as u8);
            }
            for (before, after) in sizes.iter().zip(&sizes[1..]) {
                block = Capped.realloc(block, layout(*before), *after);
                assert!(
                    (0..100).all(|at| block.add(at).read() == at as u8),
                    "{after}"
                );
            }
            Capped.dealloc(block, layout(sizes[sizes.len() - 1]));
            for size in [100, 5000] {
                let zeroed = Capped.alloc_zeroed(layout(size));
                assert!((0..size).all(|at| zeroed.add(at).read() == 0), "{size}");
                Capped.dealloc(zeroed, layout(size));
            }
        }
    }
}
