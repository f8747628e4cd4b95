//! From the paths of a command line to the files that are to be read, in an order that does not
//! depend on the order of the paths. Called by every command that reads sheets.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::{Excess, FileFault};

/// Folders within folders that a walk goes down: enough for people, too few for a loop of
/// mounts or junctions.
const DEEPEST: usize = 40;

/// The extensions under which a walk expects sheets.
const EXTENSIONS: [&str; 9] = [
    "xlsx", "xlsm", "xlsb", "xls", "et", "ods", "csv", "tsv", "txt",
];

/// What came of the paths of a command line.
#[derive(Debug, Default)]
pub struct Collected {
    /// The files to read, each once, by name.
    pub files: Vec<FileEntry>,
    /// What a walk left aside, by name, and why.
    pub skipped: Vec<(Arc<str>, Skipped)>,
    /// What cannot be read or walked, by name, and why.
    pub problems: Vec<(Arc<str>, FileFault)>,
    /// The given folders, as they were given, in which no spreadsheet was found.
    pub without_spreadsheet: Vec<String>,
}

/// One file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEntry {
    /// Its name, relative to the path that was given, with `/`; what people see.
    pub name: Arc<str>,
    /// Where it lies.
    pub path: PathBuf,
}

/// Why a walk left a file or folder aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Skipped {
    /// Its name begins with a dot, or the system made it (`Thumbs.db`, `desktop.ini`).
    Hidden,
    /// Office keeps it beside an open file (`~$…`).
    LockFile,
    /// Its extension is no spreadsheet's.
    OtherKind,
    /// A link to a folder, which may lead anywhere, even back.
    LinkedFolder,
}

impl Skipped {
    /// The reason, for a person.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Hidden => "隐藏文件或系统文件",
            Self::LockFile => "Office 的锁定文件",
            Self::OtherKind => "不是表格的扩展名",
            Self::LinkedFolder => "链接到别处的文件夹",
        }
    }
}

/// Finds the files that `paths` mean. A file that was given is taken whatever its name; a folder
/// is walked in full. A file reached twice is listed once, under its longest name.
pub fn collect(paths: &[PathBuf]) -> Collected {
    let mut walk = Walk::default();
    for path in paths {
        walk.given(path);
    }
    walk.finish()
}

/// What has been found so far.
#[derive(Default)]
struct Walk {
    /// Files by their canonical path, so that each is there once.
    files: BTreeMap<PathBuf, FileEntry>,
    collected: Collected,
}

/// A folder that is walked.
struct Folder {
    path: PathBuf,
    /// Where it lies in the end, whatever links lead there.
    canonical: PathBuf,
    /// What stands before the names of its files: nothing, or its own with `/`.
    prefix: String,
}

impl Walk {
    /// Takes one path of the command line.
    fn given(&mut self, path: &Path) {
        let shown = with_slashes(path);
        match fs::metadata(path) {
            Err(error) => self.problem(shown, FileFault::io(&error)),
            Ok(about) if about.is_dir() => {
                let before = self.collected.problems.len();
                let folder = Folder {
                    path: path.to_owned(),
                    canonical: canonical(path),
                    prefix: String::new(),
                };
                let found = self.folder(&folder, 0);
                // A folder that could not be listed says so itself; it is not called empty.
                if !found && self.collected.problems.len() == before {
                    self.collected.without_spreadsheet.push(shown);
                }
            }
            Ok(about) if about.is_file() => {
                let name = path.file_name().unwrap_or(path.as_os_str());
                self.file(path, canonical(path), name.to_string_lossy().into_owned());
            }
            Ok(_) => self.problem(shown, FileFault::NotRegular),
        }
    }

    /// Walks a folder; says whether there was anything under a spreadsheet's name in it.
    fn folder(&mut self, folder: &Folder, depth: usize) -> bool {
        let label = || match folder.prefix.as_str() {
            "" => with_slashes(&folder.path),
            prefix => prefix.trim_end_matches('/').to_owned(),
        };
        if depth > DEEPEST {
            self.problem(label(), FileFault::TooLarge(Excess::Depth(DEEPEST)));
            return false;
        }
        let entries = match fs::read_dir(&folder.path) {
            Ok(entries) => entries,
            Err(error) => {
                self.problem(label(), FileFault::io(&error));
                return false;
            }
        };
        let mut found = false;
        for entry in entries {
            match entry {
                Ok(entry) => found |= self.entry(&entry, folder, depth),
                Err(error) => self.problem(label(), FileFault::io(&error)),
            }
        }
        found
    }

    /// Takes one entry of a folder; says whether it has, or holds, a spreadsheet's name.
    fn entry(&mut self, entry: &fs::DirEntry, folder: &Folder, depth: usize) -> bool {
        let file_name = entry.file_name();
        let plain = file_name.to_string_lossy();
        let name = format!("{}{plain}", folder.prefix);
        let path = entry.path();
        if let Some(reason) = left_aside(&plain) {
            self.skip(name, reason);
            return false;
        }
        let linked = entry.file_type().is_ok_and(|kind| kind.is_symlink());
        // Of what a link points to, not of the link.
        let about = fs::metadata(&path);
        // What is no link lies where it seems to.
        let canonical = match linked {
            true => canonical(&path),
            false => folder.canonical.join(&file_name),
        };
        if about.as_ref().is_ok_and(fs::Metadata::is_dir) {
            if linked {
                self.skip(name, Skipped::LinkedFolder);
                return false;
            }
            let folder = Folder {
                path,
                canonical,
                prefix: format!("{name}/"),
            };
            return self.folder(&folder, depth + 1);
        }
        if !is_spreadsheet_name(&file_name) {
            self.skip(name, Skipped::OtherKind);
            return false;
        }
        match about {
            Ok(about) if about.is_file() => self.file(&path, canonical, name),
            Ok(_) => self.problem(name, FileFault::NotRegular),
            Err(error) => self.problem(name, FileFault::io(&error)),
        }
        true
    }

    /// Lists a file, unless it is listed under a better name: of two names the longer tells more
    /// of where it lies; of two as long, either would do, so the smaller.
    fn file(&mut self, path: &Path, canonical: PathBuf, name: String) {
        let new = FileEntry {
            name: name.into(),
            path: path.to_owned(),
        };
        match self.files.entry(canonical) {
            Entry::Vacant(slot) => {
                slot.insert(new);
            }
            Entry::Occupied(mut slot) => {
                let rank = |entry: &FileEntry| {
                    (
                        usize::MAX - entry.name.chars().count(),
                        Arc::clone(&entry.name),
                    )
                };
                if rank(&new) < rank(slot.get()) {
                    slot.insert(new);
                }
            }
        }
    }

    fn skip(&mut self, name: String, reason: Skipped) {
        self.collected.skipped.push((name.into(), reason));
    }

    fn problem(&mut self, name: String, fault: FileFault) {
        self.collected.problems.push((name.into(), fault));
    }

    /// Everything in its order: by name, and files of one name by where they lie.
    fn finish(self) -> Collected {
        let mut collected = self.collected;
        // The map is in the order of the canonical paths, which a stable sort keeps.
        collected.files = self.files.into_values().collect();
        collected.files.sort_by(|a, b| a.name.cmp(&b.name));
        collected.skipped.sort();
        collected.skipped.dedup();
        collected
            .problems
            .sort_by(|(a, x), (b, y)| (a, x.message()).cmp(&(b, y.message())));
        collected.problems.dedup();
        collected.without_spreadsheet.sort();
        collected.without_spreadsheet.dedup();
        collected
    }
}

/// Where a path leads in the end, as far as that can be told.
fn canonical(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// Why a walk leaves an entry of this name aside without looking at it, if it does.
fn left_aside(name: &str) -> Option<Skipped> {
    let system = ["thumbs.db", "desktop.ini", "__macosx"];
    if name.starts_with("~$") {
        Some(Skipped::LockFile)
    } else if name.starts_with('.') || system.contains(&name.to_lowercase().as_str()) {
        Some(Skipped::Hidden)
    } else {
        None
    }
}

/// Whether a walk expects a sheet under this name.
fn is_spreadsheet_name(name: &OsStr) -> bool {
    Path::new(name)
        .extension()
        .map(|extension| extension.to_string_lossy().to_lowercase())
        .is_some_and(|extension| EXTENSIONS.contains(&extension.as_str()))
}

/// A path as it was given, with `/` on every system.
fn with_slashes(path: &Path) -> String {
    let shown = path.to_string_lossy();
    if cfg!(windows) {
        shown.replace('\\', "/")
    } else {
        shown.into_owned()
    }
}
