//! A zip package: its sizes checked from the directory before anything is unpacked, what it is told
//! by the names in it. Used by the readers of .xlsx, .xlsb and .ods.

use std::collections::{HashMap, HashSet};
use std::io::{Cursor, Read, Write as _};
use std::ops::Range;

use memchr::memmem;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::limits::{self, Limits};
use crate::diagnostic::{Excess, FileFault, Other};
use crate::model::grid::Format;

/// The media type of an OpenDocument spreadsheet, template or not.
const OPEN_DOCUMENT: &str = "application/vnd.oasis.opendocument.spreadsheet";

/// What an entry of the directory begins with.
const ENTRY: &[u8] = b"PK\x01\x02";

/// Bytes that a media type may have.
const MEDIA_TYPE: u64 = 200;

/// Bytes of the manifest of an OpenDocument that are looked at: each part of an encrypted one says
/// that it is.
const MANIFEST: u64 = 1 << 20;

/// Bytes for which room is made before a part is unpacked; for more when they come.
const MOST_AT_ONCE: u64 = 1 << 20;

/// Bytes that a part may be larger packed than unpacked, beside an eighth of it.
const SLACK: u64 = 4096;

/// Bytes of the name of a part.
const LONGEST_NAME: usize = 1000;

/// A package whose sizes were checked.
pub(super) struct Package<'a> {
    source: &'a [u8],
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// The names of its parts, in the order of the directory, with `/`.
    names: Vec<String>,
    /// Where each stands in it.
    places: HashMap<String, usize>,
    /// Their sizes, unpacked.
    sizes: Vec<u64>,
    /// The bytes of all parts but pictures, unpacked.
    unpacked: u64,
}

impl<'a> Package<'a> {
    /// Opens a package and holds its directory to the limits. What the directory declares can be
    /// trusted: a part that is larger fails when it is unpacked.
    pub(super) fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, FileFault> {
        // Each part has an entry in the directory, and the directory is read as a whole.
        let entries = memmem::find_iter(bytes, ENTRY).take(limits.parts + 1);
        if entries.count() > limits.parts {
            return Err(FileFault::TooLarge(Excess::Parts(limits.parts)));
        }
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| match error {
            // The directory stands at the end: without it, the end is missing.
            ZipError::InvalidArchive(_) | ZipError::Io(_) => FileFault::Incomplete,
            _ => damaged("压缩目录"),
        })?;
        if archive.has_duplicate_names() {
            return Err(damaged("压缩目录里有重名的部件"));
        }
        let mut names = Vec::with_capacity(archive.len());
        let mut sizes = Vec::with_capacity(archive.len());
        let mut places = HashMap::with_capacity(archive.len());
        let mut starts = HashSet::with_capacity(archive.len());
        let (mut unpacked, mut largest) = (0_u64, 0_u64);
        for index in 0..archive.len() {
            let part = archive
                .by_index_raw(index)
                .map_err(|_| damaged("压缩目录"))?;
            let name = String::from_utf8_lossy(part.name_raw()).replace('\\', "/");
            if name.len() > LONGEST_NAME {
                return Err(damaged("压缩目录里有太长的名字"));
            }
            if part.encrypted() {
                return Err(FileFault::Encrypted);
            }
            if !starts.insert(part.header_start()) {
                return Err(damaged("压缩目录里有两个部件在同一处"));
            }
            let size = part.size();
            // Packing makes nothing much larger, but a part may be packed as millions of blocks of
            // nothing, and take as long as a large one.
            if part.compressed_size() > size.saturating_add(size / 8 + SLACK) {
                return Err(damaged(&name));
            }
            if !name.contains("/media/") {
                unpacked = unpacked.saturating_add(size);
            }
            // A sheet may be said to stand among the pictures.
            largest = largest.max(size);
            places.entry(name.clone()).or_insert(index);
            names.push(name);
            sizes.push(size);
        }
        if unpacked > limits.unpacked {
            return Err(too_large(unpacked, limits.unpacked));
        }
        if largest > limits.part {
            return Err(too_large(largest, limits.part));
        }
        Ok(Self {
            source: bytes,
            archive,
            names,
            places,
            sizes,
            unpacked,
        })
    }

    /// What the package is.
    ///
    /// # Errors
    /// The name of what it is, where it is no spreadsheet.
    pub(super) fn format(&mut self) -> Result<Format, FileFault> {
        if self.has("encrypted-package") {
            return Err(FileFault::Encrypted);
        }
        if self.ending("workbook.bin").is_some() {
            return Ok(Format::Xlsb);
        }
        if self.ending("workbook.xml").is_some() || self.folder("xl/") {
            return Ok(Format::Xlsx);
        }
        if self.has("content.xml") {
            return self.open_document();
        }
        Err(match () {
            () if self.folder("word/") => FileFault::NotASpreadsheet(Other::Word),
            () if self.folder("ppt/") => FileFault::NotASpreadsheet(Other::PowerPoint),
            () if self.has("[Content_Types].xml") => FileFault::NoSheets,
            () if self.ending(".iwa").is_some() || self.has("Index.zip") => {
                FileFault::NotASpreadsheet(Other::Numbers)
            }
            () => FileFault::NotASpreadsheet(Other::Zip),
        })
    }

    /// The bytes of the package as a whole.
    pub(super) fn source(&self) -> &'a [u8] {
        self.source
    }

    /// Whether a package with a `content.xml` is a spreadsheet. Where the part is missing that says
    /// so, the reader finds out.
    fn open_document(&mut self) -> Result<Format, FileFault> {
        let manifest = self.beginning("META-INF/manifest.xml", MANIFEST)?;
        if memmem::find(&manifest, b"encryption-data").is_some() {
            return Err(FileFault::Encrypted);
        }
        let media = self.beginning("mimetype", MEDIA_TYPE)?;
        let media = String::from_utf8_lossy(&media);
        if media.is_empty() || media.starts_with(OPEN_DOCUMENT) {
            Ok(Format::Ods)
        } else if media.contains("opendocument.presentation") {
            Err(FileFault::NotASpreadsheet(Other::PowerPoint))
        } else {
            Err(FileFault::NotASpreadsheet(Other::Word))
        }
    }

    /// The bytes of all parts but pictures, unpacked.
    pub(super) fn unpacked(&self) -> u64 {
        self.unpacked
    }

    fn folder(&self, name: &str) -> bool {
        self.names.iter().any(|part| part.starts_with(name))
    }

    fn has(&self, name: &str) -> bool {
        self.index(name).is_some()
    }

    /// Where the first part stands whose name ends so, whatever the case.
    fn ending(&self, end: &str) -> Option<usize> {
        self.names.iter().position(|name| ends_with(name, end))
    }

    /// Where a part stands in the directory; some programs disagree with themselves on case.
    fn index(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied().or_else(|| {
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
        self.unpack(index, name, u64::MAX).map(Some)
    }

    /// No more than so many bytes of a part, unpacked; none where there is no such part.
    fn beginning(&mut self, name: &str, most: u64) -> Result<Vec<u8>, FileFault> {
        let index = self.index(name);
        index.map_or(Ok(Vec::new()), |index| self.unpack(index, name, most))
    }

    fn unpack(&mut self, index: usize, name: &str, most: u64) -> Result<Vec<u8>, FileFault> {
        let room = self.sizes[index].min(most).min(MOST_AT_ONCE);
        let mut bytes = Vec::with_capacity(usize::try_from(room).unwrap_or_default());
        let mut part = self.open_part(index, name)?.take(most);
        part.read_to_end(&mut bytes).map_err(|_| damaged(name))?;
        Ok(bytes)
    }

    /// Its parts in the order of the directory: their names, with `/`, and their sizes, unpacked.
    pub(super) fn parts(&self) -> impl Iterator<Item = (&String, u64)> {
        self.names.iter().zip(self.sizes.iter().copied())
    }

    /// The size of the part of this very name, unpacked; 0 if there is none.
    pub(super) fn size(&self, name: &str) -> u64 {
        self.places.get(name).map_or(0, |index| self.sizes[*index])
    }

    /// A part, to be unpacked.
    ///
    /// # Errors
    /// A part that is not there or not where the directory says, or packed in a way that is not read.
    pub(super) fn part(&mut self, name: &str) -> Result<impl Read, FileFault> {
        let index = self.index(name).ok_or_else(|| damaged(name))?;
        self.open_part(index, name)
    }

    /// The part at `index`, to be unpacked.
    fn open_part(&mut self, index: usize, name: &str) -> Result<impl Read, FileFault> {
        let part = self.archive.by_index(index).map_err(|_| damaged(name))?;
        match part.compression() {
            CompressionMethod::Stored | CompressionMethod::Deflated => Ok(part),
            _ => Err(FileFault::UnknownPacking),
        }
    }

    /// The package once more, with other parts in it.
    ///
    /// # Errors
    /// A part that is not where the directory says.
    pub(super) fn rebuilt<'b>(
        &mut self,
        treat: impl Fn(&str) -> Treat<'b>,
    ) -> Result<Rebuilt, FileFault> {
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let mut parts = Vec::new();
        for (index, name) in self.names.iter().enumerate() {
            let broken = |_| damaged(name);
            match treat(name) {
                Treat::LeaveOut => {}
                Treat::TakeOver => {
                    let part = self.archive.by_index_raw(index).map_err(broken)?;
                    writer.raw_copy_file_rename(part, name).map_err(broken)?;
                }
                Treat::Put(bytes) => {
                    writer.start_file(name, stored).map_err(broken)?;
                    writer.write_all(bytes).map_err(|_| damaged(name))?;
                    parts.push((name.clone(), 0..0));
                }
            }
        }
        let broken = |_| damaged("压缩目录");
        let mut archive = writer.finish_into_readable().map_err(broken)?;
        for (name, range) in &mut parts {
            let part = archive.by_name(name).map_err(broken)?;
            let at = |offset: u64| usize::try_from(offset).unwrap_or_default();
            let start = part.data_start().map_or(0, at);
            *range = start..start + at(part.size());
        }
        Ok(Rebuilt {
            bytes: archive.into_inner().into_inner(),
            parts,
        })
    }
}

/// What becomes of a part in [`Package::rebuilt`].
pub(super) enum Treat<'a> {
    /// This stands there in its place, unpacked.
    Put(&'a [u8]),
    /// It stays as it is.
    TakeOver,
    /// It is not there any more.
    LeaveOut,
}

/// A package, some parts of which were put there.
pub(super) struct Rebuilt {
    /// The package as a whole.
    pub(super) bytes: Vec<u8>,
    /// The names of those parts, and where they lie.
    pub(super) parts: Vec<(String, Range<usize>)>,
}

/// Whether a name ends so, whatever the case.
pub(super) fn ends_with(name: &str, end: &str) -> bool {
    let at = name.len().checked_sub(end.len());
    at.and_then(|at| name.get(at..))
        .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

/// The fault of so many bytes, unpacked.
pub(super) fn too_large(bytes: u64, most: u64) -> FileFault {
    FileFault::TooLarge(Excess::Unpacked {
        mib: limits::mib(bytes),
        most: limits::mib(most),
    })
}

pub(super) fn damaged(what: &str) -> FileFault {
    FileFault::Damaged(what.to_owned())
}
