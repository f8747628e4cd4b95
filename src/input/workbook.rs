//! From a file to its sheets, whatever its format, told apart by content and never by name.
//! Called once for each file that [`super::files::collect`] found.
//!
//! Every format is read in one pass into sparse rows, so that a stray value in the last cell of
//! a sheet costs one cell, and so that the one pass yields all that the layers above ask of a
//! cell: its value, whether a formula stands behind it and was ever calculated, whether it is
//! shown as a percentage or a date, which block it is merged into. Sizes are checked before
//! anything is unpacked, lengths and references where they are followed.

mod biff;
mod dates;
mod formats;
mod kind;
mod limits;
mod ods;
mod ole;
mod package;
mod relations;
mod sparse;
mod xls;
mod xlsb;
mod xlsx;
mod xml;

use std::cell::Cell as Flag;
use std::fs::{self, File};
use std::io::Read;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::{Arc, Once};

use self::kind::Kind;
use self::package::Package;
use super::files::FileEntry;
use super::text;
use crate::diagnostic::{Excess, FileFault};
use crate::model::grid::{Format, Sheet, Workbook};

/// Limits that the reading of text files shares.
pub(super) use self::limits::{COLUMNS, FIELD_BYTES, QUOTED_LINES, ROWS};
/// Collects cells, for text files too.
pub(super) use self::sparse::{Budget, SheetBuilder};

/// Reads one file.
///
/// # Errors
/// Why it cannot be read as a whole. What is wrong in a single cell is no fault of the file: it
/// is the cell's content.
pub fn read(entry: &FileEntry) -> Result<Workbook, FileFault> {
    let bytes = load(&entry.path)?;
    from_bytes(&entry.name, &bytes)
}

/// Reads the bytes of a file that goes by `name`: for `verify`, which compares a report with one
/// that was never written.
///
/// # Errors
/// As [`read`].
pub fn from_bytes(name: &Arc<str>, bytes: &[u8]) -> Result<Workbook, FileFault> {
    let (format, sheets) = guarded(|| parse(bytes))?;
    Ok(Workbook {
        file: Arc::clone(name),
        format,
        sheets,
    })
}

/// The bytes of a regular file of a size that is read.
///
/// # Errors
/// Why they cannot be had.
pub fn load(path: &Path) -> Result<Vec<u8>, FileFault> {
    let io = |error| FileFault::io(&error);
    // Before it is opened: opening a pipe would wait for its other end.
    let about = fs::metadata(path).map_err(io)?;
    if !about.is_file() {
        return Err(FileFault::NotRegular);
    }
    let mut file = File::open(path).map_err(io)?.take(limits::FILE_BYTES + 1);
    let mut size = about.len();
    let mut bytes = Vec::new();
    if size <= limits::FILE_BYTES {
        file.read_to_end(&mut bytes).map_err(io)?;
        // It may have grown since.
        size = bytes.len() as u64;
    }
    if size > limits::FILE_BYTES {
        return Err(FileFault::TooLarge(Excess::File {
            mib: limits::mib(size),
            most: limits::mib(limits::FILE_BYTES),
        }));
    }
    Ok(bytes)
}

/// Reads a file's content by what it is.
fn parse(bytes: &[u8]) -> Result<(Format, Vec<Sheet>), FileFault> {
    match kind::of(bytes)? {
        Kind::Zip => {
            let mut package = Package::open(bytes)?;
            let format = package.format()?;
            let sheets = match format {
                Format::Xlsb => xlsb::read(&mut package)?,
                Format::Ods => ods::read(&mut package)?,
                _ => xlsx::read(&mut package)?,
            };
            Ok((format, named(sheets)?))
        }
        Kind::Ole => Ok((Format::Xls, named(xls::read(bytes)?)?)),
        Kind::Text => Ok((Format::Text, vec![text::read(bytes)?])),
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
    names.sort();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(FileFault::SameSheetName(pair[0].to_string())),
        None => Ok(sheets),
    }
}

thread_local! {
    /// Whether a panic on this thread is caught below and therefore not worth a word.
    static GUARDED: Flag<bool> = const { Flag::new(false) };
}

/// Runs a reader of hostile bytes. None of ours should panic; if one does all the same, the file
/// is called damaged and the others are read.
fn guarded<T>(read: impl FnOnce() -> Result<T, FileFault>) -> Result<T, FileFault> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !GUARDED.get() {
                before(panic);
            }
        }));
    });
    GUARDED.set(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(false);
    outcome.unwrap_or_else(|_| Err(FileFault::Damaged("内部结构前后矛盾".to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_fault_of_the_file() {
        let outcome: Result<(), _> = guarded(|| panic!("a reader's mistake"));
        assert!(matches!(outcome, Err(FileFault::Damaged(_))));
    }
}
