//! From a file to its sheets, whatever its format, told apart by content and never by name.
//! Called once for each file that [`super::files::collect`] found.
//!
//! calamine reads the formats, but for the cells of plainly written .xlsx ([`xlsx`]). Around it stand
//! the guards that it lacks: sizes are checked before anything is unpacked, cells are counted, and
//! what would make it loop, or ask for all the memory there is, is refused before. What it does not
//! tell of a format, the module of the format says.
//!
//! Text and plainly written .xlsx, of which an office has nearly nothing else, are read in this
//! process: what they can cost is known before. Formats that calamine holds as a whole, and whatever
//! is too large or not plain, are read in processes of their own ([`servants`]), which may die
//! without harm.

mod cells;
mod kind;
mod limits;
mod memory;
mod ods;
mod package;
mod records;
mod servant;
mod servants;
mod shows;
mod sparse;
mod wanted;
mod wire;
mod xls;
mod xlsb;
mod xlsx;

use std::env;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use self::kind::Kind;
use self::package::Package;
use self::servants::Servants;
use super::files::FileEntry;
use super::guard::guarded;
use super::text;
use crate::diagnostic::{Excess, FileFault};
use crate::model::grid::{Format, Sheet, Workbook};

pub use self::limits::Limits;
pub use self::memory::Capped;
pub use self::servant::{ARGUMENT as SERVANT_ARGUMENT, serve};
pub use self::wanted::Wanted;

/// Limits that the reading of text files shares.
pub(super) use self::limits::{COLUMNS, QUOTED_LINES, ROWS};
/// Collects cells, for text files too.
pub(super) use self::sparse::{Budget, SheetBuilder};

/// What came of reading a file's content.
type Parsed = Result<(Format, Vec<Sheet>), FileFault>;

/// Bytes from which on a file is read while no other of such a size is: so much memory may be
/// needed for one of them that there is none for two.
const LARGE: u64 = 4 << 20;

/// The time in which a file is read that may be read as a whole once more.
const QUICK: Duration = Duration::from_millis(300);

/// Bytes of the name of a sheet; Excel takes 31 characters.
const LONGEST_NAME: usize = 1000;

/// Reads files, many at the same time if need be.
#[derive(Debug)]
pub struct Reader {
    limits: Limits,
    servants: Option<Servants>,
    large: Mutex<()>,
}

impl Reader {
    /// Reads within `limits`, all of it in this process: for tests and small tools. What calamine
    /// loops over for ever, or takes all memory for, is then not contained.
    pub fn in_process(limits: Limits) -> Self {
        Self {
            limits,
            servants: None,
            large: Mutex::default(),
        }
    }

    /// Reads within `limits`; what calamine cannot be trusted with in other processes, which run
    /// `program`: it must call [`serve`] when its first argument is [`SERVANT_ARGUMENT`].
    pub fn with_servants(limits: Limits, program: PathBuf) -> Self {
        Self {
            servants: Some(Servants::new(program, limits)),
            ..Self::in_process(limits)
        }
    }

    /// The same with this program, if it knows where it lies.
    pub fn new(limits: Limits) -> Self {
        match env::current_exe() {
            Ok(program) => Self::with_servants(limits, program),
            Err(_) => Self::in_process(limits),
        }
    }

    /// Within which it reads.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Reads one file: `look` gets its bytes, where it has any, and `then` what that gave and the
    /// workbook. Of a large file nothing should be kept: `then` has the memory for itself.
    pub fn read<A, B>(
        &self,
        entry: &FileEntry,
        look: impl FnOnce(&[u8]) -> A,
        then: impl FnOnce(Option<A>, Result<Workbook, FileFault>) -> B,
    ) -> B {
        let size = fs::metadata(&entry.path).map_or(0, |about| about.len());
        let turn = self.turn(size);
        let (seen, (workbook, turn)) = match load(&entry.path, &self.limits) {
            Ok(bytes) => {
                let seen = look(&bytes);
                (Some(seen), self.parse(&entry.name, &bytes, None, turn))
            }
            Err(fault) => (None, (Err(fault), turn)),
        };
        let result = then(seen, workbook);
        drop(turn);
        result
    }

    /// Reads one file that was read before, once more: of its cells only those that are `wanted`,
    /// which takes less time and hardly any memory.
    ///
    /// # Errors
    /// Why it cannot be read now.
    pub fn read_rows(&self, entry: &FileEntry, wanted: &Wanted) -> Result<Workbook, FileFault> {
        let bytes = load(&entry.path, &self.limits)?;
        let turn = self.turn(bytes.len() as u64);
        self.parse(&entry.name, &bytes, Some(wanted), turn).0
    }

    /// Reads bytes that go by `name`.
    ///
    /// # Errors
    /// As [`from_bytes`].
    pub fn from_bytes(&self, name: &Arc<str>, bytes: &[u8]) -> Result<Workbook, FileFault> {
        let turn = self.turn(bytes.len() as u64);
        self.parse(name, bytes, None, turn).0
    }

    /// The formulas of an .xlsx, each as the text of its cell; `None` of any other file, or of one
    /// that is not written plainly.
    ///
    /// # Errors
    /// As [`from_bytes`].
    pub fn formulas(&self, bytes: &[u8]) -> Result<Option<Vec<Sheet>>, FileFault> {
        let _turn = self.turn(bytes.len() as u64);
        guarded(|| {
            if kind::of(bytes)? != Kind::Zip {
                return Ok(None);
            }
            let mut package = Package::open(bytes, &self.limits)?;
            match package.format()? {
                Format::Xlsx => xlsx::formulas_if_plain(&mut package, &self.limits),
                _ => Ok(None),
            }
        })
    }

    /// Waits until no other large file is being read, if this one is large.
    fn turn(&self, size: u64) -> Option<MutexGuard<'_, ()>> {
        let wait = || self.large.lock().unwrap_or_else(PoisonError::into_inner);
        (size >= LARGE).then(wait)
    }

    /// Reads a file's content in the place that is safe for it, and while no other large one is
    /// read, if it is large once it is unpacked.
    fn parse<'a>(
        &'a self,
        name: &Arc<str>,
        bytes: &[u8],
        wanted: Option<&Wanted>,
        mut turn: Option<MutexGuard<'a, ()>>,
    ) -> (Result<Workbook, FileFault>, Option<MutexGuard<'a, ()>>) {
        let begun = Instant::now();
        let mut waited = Duration::ZERO;
        let mut wait = |size| {
            if turn.is_none() {
                let begun = Instant::now();
                turn = self.turn(size);
                waited += begun.elapsed();
            }
        };
        let (parsed, here) = match parse_here(bytes, &self.limits, wanted, &mut wait) {
            Some(parsed) => (parsed, true),
            None => {
                wait(unpacked(bytes));
                // What was tried in vain has taken of its time.
                let spent = begun.elapsed().saturating_sub(waited);
                let time = self.limits.time.saturating_sub(spent);
                let time = time.max(self.limits.time * 3 / 4);
                let them = self.servants.as_ref();
                let there = them.and_then(|them| them.read(bytes, wanted, time));
                let parsed = there.unwrap_or_else(|| parse_guarded(bytes, &self.limits, wanted));
                (parsed, false)
            }
        };
        let quick = begun.elapsed().saturating_sub(waited) < QUICK;
        let workbook = parsed.map(|(format, sheets)| Workbook {
            file: Arc::clone(name),
            format,
            sheets,
            here,
            quick,
        });
        (workbook, turn)
    }
}

/// Reads one file in this process, within the usual limits.
///
/// # Errors
/// Why it cannot be read as a whole. What is wrong in a single cell is no fault of the file: it
/// is the cell's content.
pub fn read(entry: &FileEntry) -> Result<Workbook, FileFault> {
    let reader = Reader::in_process(Limits::default());
    reader.read(entry, |_| (), |_, workbook| workbook)
}

/// Reads the bytes of a file that goes by `name` in this process, within the usual limits: for
/// `verify`, which compares a report with one that was never written.
///
/// # Errors
/// As [`read`].
pub fn from_bytes(name: &Arc<str>, bytes: &[u8]) -> Result<Workbook, FileFault> {
    Reader::in_process(Limits::default()).from_bytes(name, bytes)
}

/// The bytes of a regular file of a size that is read.
///
/// # Errors
/// Why they cannot be had.
pub fn load(path: &Path, limits: &Limits) -> Result<Vec<u8>, FileFault> {
    let io = |error| FileFault::io(&error);
    // Before it is opened: opening a pipe would wait for its other end.
    let about = fs::metadata(path).map_err(io)?;
    if !about.is_file() {
        return Err(FileFault::NotRegular);
    }
    let mut file = File::open(path).map_err(io)?.take(limits.file + 1);
    let mut size = about.len();
    let mut bytes = Vec::new();
    if size <= limits.file {
        // One more than it has, by which its end is found without more room.
        bytes.reserve_exact(usize::try_from(size).unwrap_or_default() + 1);
        file.read_to_end(&mut bytes).map_err(io)?;
        // It may have grown since.
        size = bytes.len() as u64;
    }
    hold(size, limits.file)?;
    Ok(bytes)
}

/// Holds the size of a file to the limit.
fn hold(size: u64, most: u64) -> Result<(), FileFault> {
    if size <= most {
        return Ok(());
    }
    let (mib, most) = (limits::mib(size), limits::mib(most));
    Err(FileFault::TooLarge(Excess::File { mib, most }))
}

/// Reads what can safely be read in this process: text, which no library but our own loop takes
/// apart, and a plain .xlsx, once `wait` has waited for the memory that so many bytes take.
fn parse_here(
    bytes: &[u8],
    limits: &Limits,
    wanted: Option<&Wanted>,
    wait: &mut dyn FnMut(u64),
) -> Option<Parsed> {
    match kind::of(bytes) {
        Err(fault) => Some(Err(fault)),
        Ok(Kind::Text) => Some(guarded(|| {
            hold(bytes.len() as u64, limits.text_file)?;
            Ok((Format::Text, vec![text::read(bytes, limits, wanted)?]))
        })),
        Ok(Kind::Ole) => None,
        Ok(Kind::Zip) => {
            let is_raised = limits.factor() > 1;
            let limits = Limits::plain();
            let mut package = match Package::open(bytes, &limits) {
                Ok(package) => package,
                // Elsewhere a package may be larger, but not of more parts.
                Err(FileFault::TooLarge(Excess::Unpacked { .. })) => return None,
                Err(FileFault::TooLarge(_)) if is_raised => return None,
                Err(fault) => return Some(Err(fault)),
            };
            match package.format() {
                Ok(Format::Xlsx) => {
                    wait(package.unpacked());
                    let mut read = || xlsx::read_if_plain(&mut package, &limits, wanted);
                    match guarded(|| read()?.map(named).transpose()) {
                        // Elsewhere no more are read, unless the limits are raised.
                        Err(
                            fault @ FileFault::TooLarge(
                                Excess::Values(_) | Excess::Merges(_) | Excess::Text(_),
                            ),
                        ) if !is_raised => Some(Err(fault)),
                        Ok(None) | Err(FileFault::TooLarge(_)) => None,
                        Ok(Some(sheets)) => Some(Ok((Format::Xlsx, sheets))),
                        Err(fault) => Some(Err(fault)),
                    }
                }
                Ok(_) => None,
                Err(fault) => Some(Err(fault)),
            }
        }
    }
}

/// The bytes of a package once it is unpacked; of anything else its own.
fn unpacked(bytes: &[u8]) -> u64 {
    Package::open(bytes, &Limits::times(u32::MAX))
        .map_or(bytes.len() as u64, |package| package.unpacked())
}

/// Reads a file's content, and takes a panic for damage of the file.
fn parse_guarded(bytes: &[u8], limits: &Limits, wanted: Option<&Wanted>) -> Parsed {
    guarded(|| parse(bytes, limits, wanted))
}

/// Reads a file's content by what it is. Formats that calamine holds as a whole, and which are
/// seldom large, are read as a whole whatever is wanted.
fn parse(bytes: &[u8], limits: &Limits, wanted: Option<&Wanted>) -> Parsed {
    match kind::of(bytes)? {
        Kind::Zip => {
            let mut package = Package::open(bytes, limits)?;
            let format = package.format()?;
            let sheets = match format {
                Format::Xlsb => xlsb::read(&mut package, limits)?,
                Format::Ods => ods::read(&mut package, limits)?,
                _ => xlsx::read(&mut package, limits, wanted)?,
            };
            Ok((format, named(sheets)?))
        }
        Kind::Ole => Ok((Format::Xls, named(xls::read(bytes, limits)?)?)),
        Kind::Text => Ok((Format::Text, vec![text::read(bytes, limits, wanted)?])),
    }
}

/// The sheets of a workbook, if there are any and each can be told from the others by name.
fn named(sheets: Vec<Sheet>) -> Result<Vec<Sheet>, FileFault> {
    if sheets.is_empty() {
        return Err(FileFault::NoSheets);
    }
    let mut names: Vec<_> = sheets
        .iter()
        .filter_map(|sheet| sheet.name.clone())
        .collect();
    if names.iter().any(|name| name.len() > LONGEST_NAME) {
        return Err(FileFault::Damaged("工作表的名字太长".to_owned()));
    }
    names.sort();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(FileFault::SameSheetName(pair[0].to_string())),
        None => Ok(sheets),
    }
}
