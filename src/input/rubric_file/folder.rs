//! Where rubric files come from: compiled into the program, or a folder.

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use crate::diagnostic::RubricSource;

/// No rubric is ever so large, in bytes; what is, is something else under its name.
const LARGEST: u64 = 8 << 20;

/// The files compiled into the program, by name.
pub fn embedded() -> Vec<RubricSource> {
    macro_rules! files {
        ($($name:literal)*) => {
            [$(($name, include_str!(concat!("../../../rubrics/", $name)))),*]
        };
    }
    files!("government.toml" "municipal-bureau.toml" "roster.toml" "six-zone.toml" "tasks.toml")
        .map(|(name, text)| RubricSource {
            name: name.to_owned(),
            text: text.to_owned(),
        })
        .into()
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
            Reason::Io(error) if error.kind() == io::ErrorKind::NotFound => {
                f.write_str("没有这个文件或文件夹")
            }
            Reason::Io(error) => write!(f, "打不开（{error}）"),
            Reason::NotUtf8 => f.write_str("不是 UTF-8 文字，请用记事本打开，另存为时编码选 UTF-8"),
            Reason::TooLarge => f.write_str("太大了，不会是细则文件"),
        }
    }
}

impl std::error::Error for FolderFault {}

/// The TOML files of a folder, by name; files with tests of rubrics (`.test.toml`) and hidden
/// files aside.
///
/// # Errors
///
/// When the folder or one of the files cannot be read, or is no text in UTF-8.
pub fn from_dir(folder: &Path) -> Result<Vec<RubricSource>, FolderFault> {
    let of_folder = |error| FolderFault {
        file: None,
        reason: Reason::Io(error),
    };
    let mut sources = Vec::new();
    for entry in fs::read_dir(folder).map_err(of_folder)? {
        let path = entry.map_err(of_folder)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let wanted = name.ends_with(".toml") && !name.ends_with(".test.toml");
        if !wanted || name.starts_with('.') || path.is_dir() {
            continue;
        }
        let name = name.into_owned();
        match text(&path) {
            Ok(text) => sources.push(RubricSource { name, text }),
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
