//! How far a long run has come, on a terminal; not a word anywhere else.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::cli::voice::Voice;

/// Work that is done sooner needs no bar.
const LONG: Duration = Duration::from_millis(500);
/// The time between two drawings.
const STEP: Duration = Duration::from_millis(100);
/// Columns of the bar itself.
const WIDTH: usize = 24;

/// How many of the files are read.
pub(super) struct Progress {
    all: usize,
    done: AtomicUsize,
    /// When to draw next; `None` where nothing is drawn.
    next: Option<Mutex<Instant>>,
    begun: Instant,
}

impl Progress {
    /// None of `all` yet.
    pub(super) fn of(all: usize, voice: &Voice) -> Self {
        let begun = Instant::now();
        let shown = io::stderr().is_terminal() && !voice.is_quiet();
        Self {
            all,
            done: AtomicUsize::new(0),
            next: shown.then(|| Mutex::new(begun + LONG)),
            begun,
        }
    }

    /// Counts one more, and draws when it is time.
    pub(super) fn one_more(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        // Whoever finds another thread drawing has better things to do.
        let Some(mut next) = self.next.as_ref().and_then(|next| next.try_lock().ok()) else {
            return;
        };
        let now = Instant::now();
        if now >= *next {
            *next = now + STEP;
            // When stderr is gone there is nobody left to tell.
            let _ = write!(io::stderr(), "\r{}", bar(done, self.all));
        }
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        if self.next.is_some() && self.begun.elapsed() >= LONG {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

/// `读表 ██████░░░░░░ 512/2000`
fn bar(done: usize, all: usize) -> String {
    let full = WIDTH * done / all.max(1);
    let empty = WIDTH.saturating_sub(full);
    format!(
        "读表 {}{} {done}/{all}",
        "█".repeat(full),
        "░".repeat(empty)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_as_full_as_the_work_is_done() {
        assert_eq!(bar(0, 2000), format!("读表 {} 0/2000", "░".repeat(24)));
        // 24 × 500 ÷ 2000 = 6.
        let quarter = format!("读表 {}{} 500/2000", "█".repeat(6), "░".repeat(18));
        assert_eq!(bar(500, 2000), quarter);
        assert_eq!(
            bar(2000, 2000),
            format!("读表 {} 2000/2000", "█".repeat(24))
        );
    }
}
