//! Work on the parts of one long file side by side. Its results are those of one part after the
//! other, on however many processors.
//!
//! The threads are its own, not those that read many files: one of these takes up the next file
//! while it waits, and that may wait in turn until this one is done.

use std::iter;
use std::thread;

use super::guard;

/// Into how many parts a long file is cut: as many on every machine.
pub(super) const PARTS: usize = 4;

/// What comes of `work` on each of `parts`, in their order; the last is done on this thread, and so is
/// each that the system gives no thread for.
pub(super) fn abreast<P: Copy + Send, T: Send>(
    parts: impl IntoIterator<Item = P>,
    work: impl Fn(P) -> T + Sync,
) -> Vec<T> {
    let mut parts: Vec<P> = parts.into_iter().collect();
    let Some(last) = parts.pop() else {
        return Vec::new();
    };
    let work = &work;
    let quiet = guard::is_guarded();
    thread::scope(|scope| {
        let begun = |part| {
            let apart = move || guard::apart(quiet, || work(part));
            let thread = thread::Builder::new().spawn_scoped(scope, apart);
            thread.map_err(|_| part)
        };
        let begun: Vec<_> = parts.into_iter().map(begun).collect();
        let last = work(last);
        let done = |begun: Result<_, P>| begun.map_or_else(work, guard::joined);
        let others = begun.into_iter().map(done);
        others.chain(iter::once_with(|| last)).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::super::guard::guarded;
    use super::*;
    use crate::diagnostic::FileFault;

    #[test]
    fn results_are_in_the_order_of_the_parts() {
        let half = |number: usize| number / 2;
        assert_eq!(abreast(0..6, half), [0, 0, 1, 1, 2, 2]);
        assert_eq!(abreast(9..10, half), [4]);
        assert_eq!(abreast(0..0, half), [0_usize; 0]);
    }

    #[test]
    fn a_panic_in_a_part_is_one_of_the_whole() {
        let outcome = guarded(|| Ok(abreast(0..3, |part| assert_ne!(part, 1, "a mistake"))));
        match outcome {
            Err(FileFault::Crashed(place)) => assert!(place.contains("src/input/abreast.rs:")),
            other => panic!("{other:?}"),
        }
    }
}
