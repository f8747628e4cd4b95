//! Files that are written whole or not at all, and never over another without a word. Several
//! that belong together are all written, or none is.

use std::collections::HashSet;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use tempfile::{Builder, TempPath};

/// Whether `path` may be written: its folder is there, and nothing is in its place, or a file is
/// and `force` says that it may be replaced.
///
/// # Errors
///
/// When it may not, with what to do.
pub fn may_write(path: &Path, force: bool) -> Result<()> {
    let shown = path.display();
    match fs::symlink_metadata(path) {
        Ok(about) if about.is_dir() => bail!("{shown} 是文件夹，请写一个文件名"),
        Ok(about) if about.is_symlink() => {
            bail!("{shown} 是链接，没有动它；请写它指的那个文件，或者换一个文件名")
        }
        Ok(about) if !about.is_file() => {
            bail!("{shown} 不是普通文件，没有动它；请换一个文件名")
        }
        Ok(_) if !force => bail!("{shown} 已经有了，没有动它；要盖掉原来的，加 --force"),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let folder = folder_of(path);
            match folder.is_dir() {
                true => Ok(()),
                false => bail!(
                    "{shown} 写不了：没有文件夹 {}；请先建好，或者换一个地方",
                    folder.display()
                ),
            }
        }
        Err(error) => Err(refused(path, &error)),
    }
}

/// Files that are written together: first each beside its place, then all moved into place.
/// Until [`Batch::finish`] nothing that was there is touched; a batch that is dropped before
/// leaves nothing behind.
#[derive(Debug)]
pub struct Batch {
    force: bool,
    /// The folders that were made for this batch, outer ones first.
    folders: Vec<PathBuf>,
    /// What was written, and where it belongs.
    files: Vec<(TempPath, PathBuf)>,
    /// Where the files belong, upper and lower case counted as the same.
    places: HashSet<String>,
}

impl Batch {
    /// A batch without files; with `force` its files may replace others.
    pub fn new(force: bool) -> Self {
        Self {
            force,
            folders: Vec::new(),
            files: Vec::new(),
            places: HashSet::new(),
        }
    }

    /// Makes `folder`, and those around it, where they are not there yet.
    ///
    /// # Errors
    ///
    /// When it cannot be made, or a file has its name.
    pub fn folder(&mut self, folder: &Path) -> Result<()> {
        if folder.as_os_str().is_empty() || folder.is_dir() {
            return Ok(());
        }
        if folder.exists() {
            bail!("{} 是文件，请写一个文件夹名", folder.display());
        }
        if let Some(around) = folder.parent() {
            self.folder(around)?;
        }
        fs::create_dir(folder).map_err(|error| refused(folder, &error))?;
        self.folders.push(folder.to_owned());
        Ok(())
    }

    /// Writes `bytes` beside `path`, to be moved there with the rest.
    ///
    /// # Errors
    ///
    /// When `path` may not be written, or cannot, with what to do.
    pub fn add(&mut self, path: &Path, bytes: &[u8]) -> Result<()> {
        may_write(path, self.force)?;
        if !self.places.insert(path.to_string_lossy().to_lowercase()) {
            bail!(
                "有两个文件都要写到 {}，一个会盖掉另一个；请分开写",
                path.display()
            );
        }
        let beside = write_beside(path, bytes).map_err(|error| refused(path, &error))?;
        self.files.push((beside, path.to_owned()));
        Ok(())
    }

    /// Moves all files into place.
    ///
    /// # Errors
    ///
    /// When one cannot be moved; then everything is as it was before.
    pub fn finish(mut self) -> Result<()> {
        let mut done = Vec::new();
        let mut files = std::mem::take(&mut self.files).into_iter().peekable();
        while let Some((beside, place)) = files.next() {
            // Nothing comes after the last that could fail: what it replaces need not be kept.
            let kept = files.peek().is_some();
            match move_into_place(beside, &place, self.force, kept) {
                Ok(replaced) => done.push((place, replaced)),
                Err(error) => {
                    take_back(done);
                    return Err(refused(&place, &error));
                }
            }
        }
        self.folders.clear();
        Ok(())
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        self.files.clear();
        for folder in self.folders.iter().rev() {
            // Whoever put something into it meanwhile keeps it.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Writes one file.
///
/// # Errors
///
/// When it may not be written, or cannot; then nothing is left behind and what was there is
/// untouched.
pub fn write_whole(path: &Path, bytes: &[u8], force: bool) -> Result<()> {
    let mut batch = Batch::new(force);
    batch.add(path, bytes)?;
    batch.finish()
}

/// Writes a file under a name of its own in the folder of `path`.
fn write_beside(path: &Path, bytes: &[u8]) -> io::Result<TempPath> {
    let create = |name: &Path| fs::File::create_new(name);
    let mut file = beside().make_in(folder_of(path), create)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file.into_temp_path())
}

/// How a file that is on its way is named; walks of folders pass over such names.
fn beside() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(".kaohe-").suffix(".tmp");
    builder
}

/// Moves a file into place; gives what it replaced, if that is to be `kept`.
fn move_into_place(
    beside: TempPath,
    place: &Path,
    force: bool,
    kept: bool,
) -> io::Result<Option<TempPath>> {
    if !force {
        let moved = beside.persist_noclobber(place);
        return moved.map(|()| None).or_else(|error| {
            // Some shares and sticks cannot do it in one step.
            if error.error.kind() == ErrorKind::AlreadyExists || place.exists() {
                return Err(error.error);
            }
            Ok(error.path.persist(place).map(|()| None)?)
        });
    }
    let replaced = match kept && place.exists() {
        true => Some(keep(place)?),
        false => None,
    };
    match (beside.persist(place), replaced) {
        (Ok(()), replaced) => Ok(replaced),
        (Err(error), Some(old)) if !place.exists() => {
            put_back(old, place);
            Err(error.error)
        }
        (Err(error), _) => Err(error.error),
    }
}

/// Gives what lies at `place` a second name, so that it can be put back; where the file system
/// knows no second names, another name.
fn keep(place: &Path) -> io::Result<TempPath> {
    let second = |name: &Path| fs::hard_link(place, name).or_else(|_| fs::rename(place, name));
    let kept = beside().make_in(folder_of(place), second)?;
    Ok(kept.into_temp_path())
}

/// Undoes moves, the last first: what was replaced comes back, what was new goes.
fn take_back(done: Vec<(PathBuf, Option<TempPath>)>) {
    for (place, replaced) in done.into_iter().rev() {
        match replaced {
            Some(old) => put_back(old, &place),
            // It was not there before; if it cannot be removed, the error that is told is the
            // one that led here.
            None => drop(fs::remove_file(&place)),
        }
    }
}

/// Puts back what was at `place`; if that fails it stays under its other name rather than going
/// away with it.
fn put_back(old: TempPath, place: &Path) {
    if let Err(error) = old.persist(place) {
        // It was made to vanish; `keep` fails only where that cannot be changed.
        let _ = error.path.keep();
    }
}

/// The folder that a file lies in.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// What Windows says of a file that another program holds, or has locked a part of.
const HELD: [Option<i32>; 2] = [Some(32), Some(33)];

/// Why `path` could not be written, and what to do.
fn refused(path: &Path, error: &io::Error) -> anyhow::Error {
    let folder = folder_of(path).display();
    let why = match error.kind() {
        _ if cfg!(windows) && HELD.contains(&error.raw_os_error()) => {
            "它正在 Excel 或 WPS 里打开；请先关掉它，再做一遍".to_owned()
        }
        ErrorKind::PermissionDenied if cfg!(windows) && path.exists() => {
            "它可能正在 Excel 或 WPS 里打开，也可能是只读的；请先关掉它、去掉只读，再做一遍"
                .to_owned()
        }
        ErrorKind::PermissionDenied => {
            format!("没有权限写文件夹 {folder}；请换一个地方，或者请管理员开通")
        }
        ErrorKind::ReadOnlyFilesystem => "这个盘是只读的；请换一个盘".to_owned(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "磁盘满了；请腾出空间，或者写到别的盘，再做一遍".to_owned()
        }
        ErrorKind::FileTooLarge => {
            "系统不让写这么大的文件；请换一个盘，或者请管理员放宽".to_owned()
        }
        ErrorKind::InvalidFilename => {
            "文件名太长，或者有不能用的字符；请换一个短的文件名".to_owned()
        }
        ErrorKind::NotFound => format!("没有文件夹 {folder}；请先建好，或者换一个地方"),
        ErrorKind::NotADirectory => format!("{folder} 不是文件夹；请换一个地方"),
        ErrorKind::AlreadyExists => {
            "它刚刚被别的程序写了，没有动它；要盖掉它，加 --force".to_owned()
        }
        _ => format!("{error}；请核对文件夹和磁盘，或者换一个地方"),
    };
    anyhow!("{} 写不了：{why}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names and contents of a folder.
    fn listed(folder: &Path) -> Vec<(String, String)> {
        let entries = fs::read_dir(folder).expect("a folder of the test");
        let mut listed: Vec<(String, String)> = entries
            .map(|entry| {
                let path = entry.expect("an entry").path();
                let text = fs::read_to_string(&path).unwrap_or_else(|_| "a folder".to_owned());
                let name = path.file_name().expect("a name").to_string_lossy();
                (name.into_owned(), text)
            })
            .collect();
        listed.sort();
        listed
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |&(name, text): &(&str, &str)| (name.to_owned(), text.to_owned());
        pairs.iter().map(owned).collect()
    }

    fn batch(folder: &Path, force: bool, names: &[&str]) -> Batch {
        let mut batch = Batch::new(force);
        for name in names {
            batch
                .add(&folder.join(name), b"new")
                .expect("room for a test");
        }
        batch
    }

    #[test]
    fn nothing_is_in_place_before_the_end() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let inside = folder.path().join("a").join("b");
        let mut batch = Batch::new(false);
        batch.folder(&inside).expect("a folder");
        batch
            .add(&inside.join("1"), b"new")
            .expect("room for a test");
        assert!(!inside.join("1").exists());
        drop(batch);
        assert_eq!(listed(folder.path()), pairs(&[]));
    }

    #[test]
    fn what_another_program_wrote_meanwhile_stays_and_all_is_taken_back() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let batch = batch(folder.path(), false, &["1", "2", "3"]);
        fs::write(folder.path().join("2"), "another's").expect("room for a test");
        let error = batch.finish().expect_err("2 is taken");
        assert!(error.to_string().contains("--force"), "{error}");
        assert_eq!(listed(folder.path()), pairs(&[("2", "another's")]));
    }

    #[test]
    fn what_was_replaced_comes_back_if_the_rest_fails() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        fs::write(folder.path().join("1"), "old").expect("room for a test");
        let batch = batch(folder.path(), true, &["0", "1", "2"]);
        fs::create_dir(folder.path().join("2")).expect("room for a test");
        batch.finish().expect_err("a folder is no file to replace");
        assert_eq!(
            listed(folder.path()),
            pairs(&[("1", "old"), ("2", "a folder")])
        );
    }

    #[test]
    fn all_are_replaced_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        for name in ["1", "2"] {
            fs::write(folder.path().join(name), "old").expect("room for a test");
        }
        let batch = batch(folder.path(), true, &["1", "2", "3"]);
        batch.finish().expect("a folder that can be written");
        let all = [("1", "new"), ("2", "new"), ("3", "new")];
        assert_eq!(listed(folder.path()), pairs(&all));
    }

    #[test]
    fn one_place_takes_one_file() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let mut batch = batch(folder.path(), true, &["a"]);
        let error = batch.add(&folder.path().join("A"), b"new");
        error.expect_err("a and A are one file to some systems");
    }
}
