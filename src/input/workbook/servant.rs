//! The process that reads files for another: the program itself, started with an argument that
//! nobody types. It reads what calamine cannot be trusted with; whatever becomes of it, the
//! program that started it goes on.

use std::io::{self, Write};
use std::process::{self, ExitCode};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use super::limits::Limits;
use super::{Wanted, memory, parse_guarded, wire};

/// The argument by which the program knows that it is to read for another.
pub const ARGUMENT: &str = "--read-for-kaohe";

/// How often the time of a file goes by until this process ends of itself: whoever should have
/// ended it is then gone.
const PATIENCE: u32 = 20;

/// Reads one file after the other from stdin, until there are no more: which rows are wanted of it,
/// then its bytes. Within `times` the usual limits.
pub fn serve(times: u32) -> ExitCode {
    let limits = Limits::apart(times);
    let mut input = io::stdin().lock();
    let mut out = io::stdout().lock();
    if wire::send(&mut out, wire::GREETING).is_err() {
        return ExitCode::FAILURE;
    }
    thread::spawn(move || end_when_forgotten(limits));
    while let Ok(question) = wire::receive(&mut input, limits.file) {
        let Ok(wanted) = postcard::from_bytes::<Option<Wanted>>(&question) else {
            return ExitCode::FAILURE;
        };
        let Ok(bytes) = wire::receive(&mut input, limits.file) else {
            return ExitCode::FAILURE;
        };
        READ.fetch_add(1, Ordering::Relaxed);
        memory::limit(limits.memory.saturating_sub(bytes.len()));
        let answer = postcard::to_stdvec(&parse_guarded(&bytes, &limits, wanted.as_ref()));
        READ.fetch_add(1, Ordering::Relaxed);
        let sent = match answer {
            Ok(answer) => wire::send(&mut out, &answer),
            Err(_) => return ExitCode::FAILURE,
        };
        if sent.and_then(|()| out.flush()).is_err() {
            break;
        }
    }
    ExitCode::SUCCESS
}

/// Twice the number of files that were read, and one more while one is being read.
static READ: AtomicU64 = AtomicU64::new(0);

/// Ends the process when one file takes far too long.
fn end_when_forgotten(limits: Limits) {
    loop {
        let before = READ.load(Ordering::Relaxed);
        thread::sleep(limits.time * PATIENCE);
        if before % 2 == 1 && before == READ.load(Ordering::Relaxed) {
            process::exit(1);
        }
    }
}
