//! Files that are written whole or not at all, and never over another without a word.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Whether `path` may be written: it is not there, or `force` says that it may be replaced.
///
/// # Errors
///
/// When it may not, with what to do.
pub fn may_write(path: &Path, force: bool) -> Result<()> {
    if path.is_dir() {
        bail!("{} 是文件夹，请写一个文件名", path.display());
    }
    if path.exists() && !force {
        bail!(
            "{} 已经有了，没有动它；要盖掉原来的，加 --force",
            path.display()
        );
    }
    Ok(())
}

/// Writes `bytes` to `path`: first beside it, then moved into place.
///
/// # Errors
///
/// When the folder cannot be written, the disk is full, or another program holds the file; then
/// nothing is left behind and what was there is untouched.
pub fn write_whole(path: &Path, bytes: &[u8], force: bool) -> Result<()> {
    may_write(path, force)?;
    let name = path.file_name().context("没有文件名")?.to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let written = write_synced(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    written.or_else(|error| {
        // The half-written copy is of no use; if it cannot be removed either, the error that
        // matters is the first one.
        let _ = fs::remove_file(&beside);
        Err(error).with_context(|| {
            format!(
                "{} 写不了；请核对文件夹在不在、有没有权限、磁盘满没满，文件是不是正在 Excel 或 WPS 里打开",
                path.display()
            )
        })
    })
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
