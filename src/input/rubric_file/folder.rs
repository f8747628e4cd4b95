//! Where rubric files come from: compiled into the program, or a folder.

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use toml::de::DeTable;

use crate::diagnostic::{FileFault, RubricSource};

/// No rubric is ever so large, in bytes; what is, is something else under its name.
const LARGEST: u64 = 8 << 20;

/// Files of `rubrics/` with their texts.
macro_rules! compiled_in {
    ($($name:literal)*) => {
        vec![$(RubricSource {
            name: $name.to_owned(),
            text: include_str!(concat!("../../../rubrics/", $name)).into(),
        }),*]
    };
}

/// The files compiled into the program, by name.
pub fn embedded() -> Vec<RubricSource> {
    compiled_in!("government.toml" "municipal-bureau.toml" "roster.toml" "six-zone.toml" "tasks.toml")
}

/// The self-tests of the rubrics compiled into the program, by name.
pub fn embedded_trials() -> Vec<RubricSource> {
    compiled_in!("government.test.toml" "municipal-bureau.test.toml" "six-zone.test.toml")
}

/// Why a folder of rubrics cannot be read.
#[derive(Debug)]
pub struct FolderFault {
    /// The file, or nothing for the folder itself.
    file: Option<String>,
    reason: Reason,
}

#[derive(Debug)]
enum Reason {
    Io(io::Error),
    NotUtf8,
    TooLarge,
}

impl fmt::Display for FolderFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}：")?;
        }
        match &self.reason {
            Reason::Io(error) => f.write_str(&FileFault::io(error).message()),
            Reason::NotUtf8 => f.write_str("不是 UTF-8 文字，请用记事本打开，另存为时编码选 UTF-8"),
            Reason::TooLarge => f.write_str("太大了，不会是细则文件"),
        }
    }
}

impl std::error::Error for FolderFault {}

/// How the names of self-tests end.
pub const TRIAL: &str = ".test.toml";

/// The TOML files of a folder, by name; files with tests of rubrics (`.test.toml`) and hidden
/// files aside.
///
/// # Errors
///
/// When the folder or one of the files cannot be read, or is no text in UTF-8.
pub fn from_dir(folder: &Path) -> Result<Vec<RubricSource>, FolderFault> {
    files_of(folder, |name| {
        name.ends_with(".toml") && !name.ends_with(TRIAL)
    })
}

/// The self-tests of a folder (`.test.toml`), by name.
///
/// # Errors
///
/// When the folder or one of the files cannot be read, or is no text in UTF-8.
pub fn trials_from_dir(folder: &Path) -> Result<Vec<RubricSource>, FolderFault> {
    files_of(folder, |name| name.ends_with(TRIAL))
}

/// One file, by its own name.
///
/// # Errors
///
/// When it cannot be read, or is no text in UTF-8.
pub fn from_file(path: &Path) -> Result<RubricSource, FolderFault> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match text(path) {
        Ok(text) => Ok(RubricSource {
            name: name.into_owned(),
            text: text.into(),
        }),
        Err(reason) => Err(FolderFault {
            file: Some(path.display().to_string()),
            reason,
        }),
    }
}

/// `base` with `file` in the place of the one that has the same id, or else the same name.
pub fn replaced(mut base: Vec<RubricSource>, file: RubricSource) -> Vec<RubricSource> {
    let id = id_of(&file);
    base.retain(|source| match (&id, id_of(source)) {
        (Some(id), Some(other)) => *id != other,
        _ => source.name != file.name,
    });
    base.push(file);
    base.sort_by(|a, b| a.name.cmp(&b.name));
    base
}

/// The id that a rubric file gives itself.
fn id_of(source: &RubricSource) -> Option<String> {
    let (tree, _) = DeTable::parse_recoverable(&source.text);
    let id = tree.get_ref().get("id")?;
    id.get_ref().as_str().map(str::to_owned)
}

fn files_of(
    folder: &Path,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<RubricSource>, FolderFault> {
    let of_folder = |error| FolderFault {
        file: None,
        reason: Reason::Io(error),
    };
    let mut sources = Vec::new();
    for entry in fs::read_dir(folder).map_err(of_folder)? {
        let path = entry.map_err(of_folder)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !wanted(&name) || name.starts_with('.') || path.is_dir() {
            continue;
        }
        let name = name.into_owned();
        match text(&path) {
            Ok(text) => sources.push(RubricSource {
                name,
                text: text.into(),
            }),
            Err(reason) => {
                let file = Some(name);
                return Err(FolderFault { file, reason });
            }
        }
    }
    // The order of a folder is its file system's.
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(sources)
}

/// A file's text, without the mark that Windows puts before UTF-8: it would count as a column.
fn text(path: &Path) -> Result<String, Reason> {
    if fs::metadata(path).map_err(Reason::Io)?.len() > LARGEST {
        return Err(Reason::TooLarge);
    }
    let bytes = fs::read(path).map_err(Reason::Io)?;
    let text = String::from_utf8(bytes).map_err(|_| Reason::NotUtf8)?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}
