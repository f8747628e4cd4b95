//! A zip package: its sizes checked from the directory, then its parts unpacked one by one.
//! Used by the readers of .xlsx, .xlsb and .ods.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::relations::Relations;
use super::{limits, xml};
use crate::diagnostic::{Excess, FileFault, Other};
use crate::model::grid::Format;

/// The media type of an OpenDocument spreadsheet, template or not.
const OPEN_DOCUMENT: &str = "application/vnd.oasis.opendocument.spreadsheet";

/// A package whose sizes were checked.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// The names of its parts, in the order of the directory, with `/`.
    names: Vec<String>,
}

impl<'a> Package<'a> {
    /// Opens a package and holds its directory to the limits. What the directory declares can be
    /// trusted: a part that is larger fails when it is unpacked.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, FileFault> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| match error {
            // The directory stands at the end: without it, the end is missing.
            ZipError::InvalidArchive(_) | ZipError::Io(_) => FileFault::Incomplete,
            _ => damaged("压缩目录"),
        })?;
        if archive.len() > limits::PARTS {
            return Err(FileFault::TooLarge(Excess::Parts(limits::PARTS)));
        }
        if archive.has_duplicate_names() {
            return Err(damaged("压缩目录里有重名的部件"));
        }
        let mut names = Vec::with_capacity(archive.len());
        let mut unpacked = 0_u64;
        for index in 0..archive.len() {
            let part = archive
                .by_index_raw(index)
                .map_err(|_| damaged("压缩目录"))?;
            let name = String::from_utf8_lossy(part.name_raw()).replace('\\', "/");
            if part.encrypted() {
                return Err(FileFault::Encrypted);
            }
            let size = part.size();
            if !name.contains("/media/") {
                unpacked = unpacked.saturating_add(size);
            }
            names.push(name);
        }
        if unpacked > limits::UNPACKED_BYTES {
            return Err(too_large(unpacked, limits::UNPACKED_BYTES));
        }
        Ok(Self { archive, names })
    }

    /// What the package is.
    ///
    /// # Errors
    /// The name of what it is, where it is no spreadsheet.
    pub(super) fn format(&mut self) -> Result<Format, FileFault> {
        if self.has("encrypted-package") {
            return Err(FileFault::Encrypted);
        }
        let main = self.main_part()?;
        if main.starts_with("word/") {
            return Err(FileFault::NotASpreadsheet(Other::Word));
        }
        if main.starts_with("ppt/") {
            return Err(FileFault::NotASpreadsheet(Other::PowerPoint));
        }
        if self.has(&main) {
            let binary = main.to_ascii_lowercase().ends_with(".bin");
            return Ok(if binary { Format::Xlsb } else { Format::Xlsx });
        }
        if self.has("content.xml") {
            return self.open_document();
        }
        if self.has("[Content_Types].xml") {
            return Err(FileFault::NoSheets);
        }
        let numbers = self.ending(".iwa").is_some() || self.has("Index.zip");
        Err(FileFault::NotASpreadsheet(if numbers {
            Other::Numbers
        } else {
            Other::Zip
        }))
    }

    /// The name of the part that a package of Office begins with; whether it is there or not.
    pub(super) fn main_part(&mut self) -> Result<String, FileFault> {
        let relations = Relations::read(self, "")?;
        if let Some(target) = relations.of_kind("officeDocument") {
            return Ok(target.to_owned());
        }
        let usual = ["workbook.xml", "workbook.bin"];
        let found = usual.iter().find_map(|name| self.ending(name));
        Ok(found.unwrap_or("xl/workbook.xml").to_owned())
    }

    /// Whether a package with a `content.xml` is a spreadsheet. Some programs leave the part out
    /// that says so; then the content does.
    fn open_document(&mut self) -> Result<Format, FileFault> {
        if let Some(manifest) = self.text("META-INF/manifest.xml")?
            && manifest.contains("encryption-data")
        {
            return Err(FileFault::Encrypted);
        }
        let media = self.text("mimetype")?.unwrap_or_default();
        let spreadsheet = match media.trim() {
            "" => self
                .text("content.xml")?
                .is_some_and(|content| content.contains("<office:spreadsheet")),
            media => media.starts_with(OPEN_DOCUMENT),
        };
        if spreadsheet {
            Ok(Format::Ods)
        } else if media.contains("opendocument.presentation") {
            Err(FileFault::NotASpreadsheet(Other::PowerPoint))
        } else {
            Err(FileFault::NotASpreadsheet(Other::Word))
        }
    }

    fn has(&self, name: &str) -> bool {
        self.index(name).is_some()
    }

    /// The name of the first part that ends so, whatever the case.
    fn ending(&self, end: &str) -> Option<&str> {
        let found = self.names.iter().find(|name| {
            let tail = name
                .len()
                .checked_sub(end.len())
                .and_then(|at| name.get(at..));
            tail.is_some_and(|tail| tail.eq_ignore_ascii_case(end))
        });
        found.map(String::as_str)
    }

    /// Where a part stands in the directory; some programs disagree with themselves on case.
    fn index(&self, name: &str) -> Option<usize> {
        let exact = self.names.iter().position(|other| other == name);
        exact.or_else(|| {
            self.names
                .iter()
                .position(|other| other.eq_ignore_ascii_case(name))
        })
    }

    /// A part, unpacked; `None` where there is no such part.
    pub(super) fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, FileFault> {
        let Some(index) = self.index(name) else {
            return Ok(None);
        };
        let broken = || damaged(&self.names[index]);
        let mut part = self.archive.by_index(index).map_err(|_| broken())?;
        let size = part.size();
        if size > limits::PART_BYTES {
            return Err(too_large(size, limits::PART_BYTES));
        }
        // The size was checked just above; a lie about it costs no more than the limit.
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
        part.read_to_end(&mut bytes).map_err(|_| broken())?;
        Ok(Some(bytes))
    }

    /// A part of XML, as text.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, FileFault> {
        let bytes = self.bytes(name)?;
        bytes
            .map(|bytes| xml::decode(bytes).ok_or_else(|| damaged(name)))
            .transpose()
    }
}

fn too_large(bytes: u64, most: u64) -> FileFault {
    FileFault::TooLarge(Excess::Unpacked {
        mib: limits::mib(bytes),
        most: limits::mib(most),
    })
}

pub(super) fn damaged(what: &str) -> FileFault {
    FileFault::Damaged(what.to_owned())
}
