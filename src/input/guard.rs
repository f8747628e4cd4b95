//! Holds the panics of whoever reads hostile files: one that cannot be read keeps no other from being
//! read.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Once;
use std::thread::ScopedJoinHandle;

use crate::diagnostic::FileFault;

thread_local! {
    /// Whether a panic on this thread is caught below and therefore not worth a word.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    /// Where the last of them was.
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs a reader of hostile bytes. calamine panics on some damage; the file is then called damaged
/// and the others are read.
///
/// # Errors
/// Those of the reader, and where it panicked.
pub fn guarded<T>(read: impl FnOnce() -> Result<T, FileFault>) -> Result<T, FileFault> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| match GUARDED.get() {
            true => PLACE.set(place(panic)),
            false => before(panic),
        }));
    });
    GUARDED.set(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(false);
    outcome.unwrap_or_else(|_| Err(FileFault::Crashed(PLACE.take())))
}

/// A panic of a thread that works for another.
pub(super) struct Panicked {
    why: Box<dyn Any + Send>,
    place: String,
}

/// Whether a panic on this thread is caught by [`guarded`].
pub(super) fn is_guarded() -> bool {
    GUARDED.get()
}

/// Runs a part of the work of a thread that is guarded, or is not, on this one, which is new.
pub(super) fn apart<T>(guarded: bool, work: impl FnOnce() -> T) -> Result<T, Panicked> {
    GUARDED.set(guarded);
    panic::catch_unwind(AssertUnwindSafe(work)).map_err(|why| Panicked {
        why,
        place: PLACE.take(),
    })
}

/// What came of such work; a panic goes on here.
pub(super) fn joined<T>(apart: ScopedJoinHandle<'_, Result<T, Panicked>>) -> T {
    let done = apart.join().unwrap_or_else(|why| panic::resume_unwind(why));
    done.unwrap_or_else(|Panicked { why, place }| {
        PLACE.set(place);
        panic::resume_unwind(why)
    })
}

/// Where a panic was: library, file, line, without the folders of the machine that built it.
fn place(panic: &PanicHookInfo<'_>) -> String {
    let Some(location) = panic.location() else {
        return String::new();
    };
    let parts: Vec<&str> = location.file().split(['/', '\\']).collect();
    let source = parts.iter().rposition(|part| *part == "src");
    let short = parts[source.unwrap_or_default().saturating_sub(1)..].join("/");
    format!("{short}:{}", location.line())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_fault_of_the_file() {
        let outcome: Result<(), _> = guarded(|| panic!("a reader's mistake"));
        match outcome {
            Err(FileFault::Crashed(place)) => assert!(place.contains("src/input/guard.rs:")),
            other => panic!("{other:?}"),
        }
    }
}
