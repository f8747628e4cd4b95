//! The processes that read for this one, as seen from here: started when they are needed, kept
//! for the next file, ended when they take too long, and replaced when they die.

use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::limits::{Limits, mib};
use super::{Parsed, Wanted, memory, servant, wire};
use crate::diagnostic::{Excess, FileFault};

/// Bytes of a question or an answer after which a process is not used again: it keeps the memory.
const LARGE: usize = 16 << 20;
/// How often the time of a file may go by on the wall, where other programs have the processor.
const WALL: u32 = 8;
/// The shortest time between two looks at a process.
const TICK: Duration = Duration::from_millis(10);

/// The processes of one run.
#[derive(Debug)]
pub(super) struct Servants {
    program: PathBuf,
    limits: Limits,
    /// Those that wait for a file.
    idle: Mutex<Vec<Servant>>,
}

impl Servants {
    /// None yet; each will be this program.
    pub(super) fn new(program: PathBuf, limits: Limits) -> Self {
        Self {
            program,
            limits,
            idle: Mutex::default(),
        }
    }

    /// Has a file read in so much time; `None` where no process can be started.
    pub(super) fn read(
        &self,
        bytes: &[u8],
        wanted: Option<&Wanted>,
        time: Duration,
    ) -> Option<Parsed> {
        let limits = &self.limits.in_time(time);
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let used = idle().pop();
        if let Some(mut servant) = used {
            match servant.read(bytes, wanted, limits) {
                // It may have died of something else than this file: a new one shall say.
                Err(Death::Crash(_)) => {}
                outcome => return Some(self.conclude(servant, bytes, outcome)),
            }
        }
        let mut servant = Servant::start(&self.program, &self.limits)?;
        let outcome = servant.read(bytes, wanted, limits);
        Some(self.conclude(servant, bytes, outcome))
    }

    /// Keeps a process that can be used again, and says what came of the file.
    fn conclude(&self, servant: Servant, bytes: &[u8], outcome: Result<Answer, Death>) -> Parsed {
        match outcome {
            Ok(answer) => {
                if bytes.len().max(answer.bytes) < LARGE {
                    let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
                    idle.push(servant);
                }
                answer.parsed
            }
            Err(Death::Clock) => Err(FileFault::TooSlow(self.limits.time)),
            Err(Death::Memory) => Err(FileFault::TooLarge(Excess::Memory(mib(
                self.limits.memory as u64
            )))),
            Err(Death::Crash(how)) => Err(FileFault::Crashed(how)),
        }
    }
}

/// What a process answered.
struct Answer {
    parsed: Parsed,
    bytes: usize,
}

/// Why there is no answer.
enum Death {
    /// It took too long, and was ended.
    Clock,
    /// It asked for too much memory, and ended itself.
    Memory,
    /// It ended in some other way.
    Crash(String),
}

/// One process that reads.
#[derive(Debug)]
struct Servant {
    /// Shared with the thread that ends it when it takes too long.
    child: Mutex<Child>,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Servant {
    /// Starts one; `None` where the program cannot be started, or is another one.
    fn start(program: &Path, limits: &Limits) -> Option<Self> {
        let mut child = Command::new(program)
            .arg(servant::ARGUMENT)
            .arg(limits.factor().to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take()?);
        let mut servant = Self {
            child: Mutex::new(child),
            input,
            output,
        };
        let greeting = wire::receive(&mut servant.output, 100).ok();
        (greeting.as_deref() == Some(wire::GREETING)).then_some(servant)
    }

    /// Has one file read, while another thread watches the clock.
    fn read(
        &mut self,
        bytes: &[u8],
        wanted: Option<&Wanted>,
        limits: &Limits,
    ) -> Result<Answer, Death> {
        let Self {
            child,
            input,
            output,
        } = self;
        let most = limits.memory as u64;
        let (answer, late) = thread::scope(|scope| {
            let (done, waiting) = mpsc::channel::<()>();
            let watch = scope.spawn(|| watch(child, waiting, limits.time));
            let rows = postcard::to_stdvec(&wanted).unwrap_or_default();
            let ask = |input: &mut ChildStdin| {
                // It may have ended before it has heard all: then there is no answer.
                wire::send(input, &rows).and_then(|()| wire::send(input, bytes))
            };
            let answer = input
                .as_mut()
                .map(ask)
                .and_then(|_| wire::receive(output, most).ok())
                .and_then(|answer| {
                    let parsed = postcard::from_bytes(&answer).ok()?;
                    let bytes = answer.len();
                    Some(Answer { parsed, bytes })
                });
            drop(done);
            (answer, watch.join().unwrap_or_default())
        });
        answer.ok_or_else(|| match late {
            true => Death::Clock,
            false => self.post_mortem(),
        })
    }

    /// Why a process that did not answer did not.
    fn post_mortem(&mut self) -> Death {
        let child = self.child.get_mut().unwrap_or_else(PoisonError::into_inner);
        // One that answers nonsense is still alive.
        let _ = self.input.take();
        let _ = child.kill();
        match child.wait() {
            Ok(status) if status.code() == Some(memory::EXHAUSTED) => Death::Memory,
            Ok(status) if status.code() == Some(memory::ABSURD) => {
                Death::Crash("一次要的内存大得离谱".to_owned())
            }
            Ok(status) => Death::Crash(status.to_string()),
            Err(error) => Death::Crash(error.to_string()),
        }
    }
}

impl Drop for Servant {
    /// Waits for its end, which comes when there is nothing more to read.
    fn drop(&mut self) {
        drop(self.input.take());
        let child = self.child.get_mut().unwrap_or_else(PoisonError::into_inner);
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// Ends `child` unless `done` is dropped in time; says whether it was ended.
fn watch(child: &Mutex<Child>, done: Receiver<()>, time: Duration) -> bool {
    let id = child.lock().unwrap_or_else(PoisonError::into_inner).id();
    let begun = Instant::now();
    let before = processor_time(id);
    let mut rest = time;
    while done.recv_timeout(rest.max(TICK)) == Err(RecvTimeoutError::Timeout) {
        // On a machine with much to do, a file that takes no longer is read all the same.
        let spent = match (before, processor_time(id)) {
            (Some(before), Some(now)) => now.saturating_sub(before),
            _ => begun.elapsed(),
        };
        if spent >= time || begun.elapsed() >= time * WALL {
            let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
            return child.kill().is_ok();
        }
        rest = time - spent;
    }
    false
}

/// The time of a processor that a process has had, where the system tells.
fn processor_time(id: u32) -> Option<Duration> {
    if cfg!(not(target_os = "linux")) {
        return None;
    }
    let told = std::fs::read_to_string(format!("/proc/{id}/schedstat")).ok()?;
    let nanoseconds = told.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}
