//! The OLE container of .xls and .et, a small file system of sectors: its directory, and one
//! stream out of it. Used by [`super::xls`].
//!
//! Every chain of sectors is held to the number of sectors there are, so that one that runs in a
//! circle ends, and every sector to the bytes there are.

use std::collections::HashMap;

use super::package::damaged;
use crate::diagnostic::FileFault;

/// Numbers of sectors from here on mean something else: free, end of chain.
const LAST_SECTOR: u32 = 0xffff_fffa;
/// Bytes of an entry of the directory.
const ENTRY: usize = 128;
/// No entry of the directory.
const NONE: u32 = 0xffff_ffff;
/// Bytes of a sector of small streams.
const SMALL: usize = 64;

/// An opened container.
pub(super) struct Container<'a> {
    bytes: &'a [u8],
    /// Bytes of a sector.
    sector: usize,
    /// For each sector the one that follows it.
    next: Vec<u32>,
    /// For each sector of small streams the one that follows it.
    next_small: Vec<u32>,
    /// Streams below this size are small.
    cutoff: u64,
    /// The stream that holds all small ones.
    small: Vec<u8>,
    /// The streams and folders at the top: where they begin, and their size.
    entries: HashMap<String, (u32, u64)>,
}

impl<'a> Container<'a> {
    /// Opens a container.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, FileFault> {
        let header = bytes.get(..512).ok_or(FileFault::Incomplete)?;
        let sector = match u16_at(header, 30) {
            9 => 512,
            12 => 4096,
            _ => return Err(broken()),
        };
        let mut container = Self {
            bytes,
            sector,
            next: Vec::new(),
            next_small: Vec::new(),
            cutoff: u64::from(u32_at(header, 56)),
            small: Vec::new(),
            entries: HashMap::new(),
        };
        container.read_next(header)?;
        let directory = container.chain(u32_at(header, 48), None)?;
        let small = container.chain(u32_at(header, 60), None)?;
        container.next_small = numbers(&small);
        container.read_directory(&directory)?;
        Ok(container)
    }

    /// Whether there is such a stream or folder at the top, whatever the case.
    pub(super) fn has(&self, name: &str) -> bool {
        self.entries.contains_key(&name.to_lowercase())
    }

    /// The content of a stream at the top; `None` where there is none of that name.
    pub(super) fn stream(&self, name: &str) -> Result<Option<Vec<u8>>, FileFault> {
        let Some(&(start, size)) = self.entries.get(&name.to_lowercase()) else {
            return Ok(None);
        };
        let stream = if size < self.cutoff {
            self.small_chain(start)?
        } else {
            self.chain(start, Some(size))?
        };
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        // A stream that is shorter than its entry says was cut off.
        let mut stream = Some(stream)
            .filter(|stream| stream.len() >= size)
            .ok_or(FileFault::Incomplete)?;
        stream.truncate(size);
        Ok(Some(stream))
    }

    /// Reads which sector follows which. The first sectors of that table are named in the
    /// header, those of a large file in a chain of their own.
    fn read_next(&mut self, header: &[u8]) -> Result<(), FileFault> {
        let mut tables: Vec<u32> = numbers(&header[76..512]);
        let mut more = u32_at(header, 68);
        let mut left = self.sectors();
        while more < LAST_SECTOR {
            left = left.checked_sub(1).ok_or_else(broken)?;
            let mut listed = numbers(self.sector(more)?);
            more = listed.pop().unwrap_or(LAST_SECTOR);
            tables.extend(listed);
        }
        tables.retain(|sector| *sector < LAST_SECTOR);
        if tables.len() > self.sectors() {
            return Err(broken());
        }
        for sector in tables {
            let listed = numbers(self.sector(sector)?);
            self.next.extend(listed);
        }
        Ok(())
    }

    /// Reads the entries at the top: the tree below the first entry, not below folders, where
    /// embedded workbooks have streams of the same names.
    fn read_directory(&mut self, directory: &[u8]) -> Result<(), FileFault> {
        let entries: Vec<&[u8]> = directory.chunks_exact(ENTRY).collect();
        let root = entries.first().ok_or_else(broken)?;
        if u32_at(root, 116) < LAST_SECTOR {
            self.small = self.chain(u32_at(root, 116), None)?;
        }
        let mut waiting = vec![u32_at(root, 76)];
        let mut seen = vec![false; entries.len()];
        while let Some(number) = waiting.pop() {
            let index = number as usize;
            if number == NONE || index >= entries.len() || seen[index] {
                continue;
            }
            seen[index] = true;
            let entry = entries[index];
            waiting.extend([u32_at(entry, 68), u32_at(entry, 72)]);
            let length = usize::from(u16_at(entry, 64)).clamp(2, 64) - 2;
            let units: Vec<u16> = (0..length / 2).map(|i| u16_at(entry, i * 2)).collect();
            let name = String::from_utf16_lossy(&units).to_lowercase();
            // The upper half of the size is unused before version 4, and not always zero.
            let size = u64::from(u32_at(entry, 120));
            self.entries.insert(name, (u32_at(entry, 116), size));
        }
        Ok(())
    }

    /// Sectors that the file has room for.
    fn sectors(&self) -> usize {
        self.bytes.len().div_ceil(self.sector)
    }

    /// The bytes of one sector; the last of a file may be cut short.
    fn sector(&self, number: u32) -> Result<&'a [u8], FileFault> {
        let start = (number as usize + 1).checked_mul(self.sector);
        let rest = start.and_then(|start| self.bytes.get(start..));
        match rest {
            Some(rest) if !rest.is_empty() => Ok(&rest[..rest.len().min(self.sector)]),
            _ => Err(FileFault::Incomplete),
        }
    }

    /// The bytes of a chain of sectors, as many as `size` needs.
    fn chain(&self, start: u32, size: Option<u64>) -> Result<Vec<u8>, FileFault> {
        let size = size.map_or(usize::MAX, |size| {
            usize::try_from(size).unwrap_or(usize::MAX)
        });
        let mut bytes = Vec::new();
        let mut number = start;
        let mut left = self.sectors();
        while number < LAST_SECTOR && bytes.len() < size {
            left = left.checked_sub(1).ok_or_else(broken)?;
            bytes.extend_from_slice(self.sector(number)?);
            number = *self.next.get(number as usize).ok_or_else(broken)?;
        }
        Ok(bytes)
    }

    /// The bytes of a chain of small sectors.
    fn small_chain(&self, start: u32) -> Result<Vec<u8>, FileFault> {
        let mut bytes = Vec::new();
        let mut number = start;
        let mut left = self.small.len().div_ceil(SMALL);
        while number < LAST_SECTOR {
            left = left.checked_sub(1).ok_or_else(broken)?;
            let from = number as usize * SMALL;
            let rest = self.small.get(from..).ok_or(FileFault::Incomplete)?;
            bytes.extend_from_slice(&rest[..rest.len().min(SMALL)]);
            number = *self.next_small.get(number as usize).ok_or_else(broken)?;
        }
        Ok(bytes)
    }
}

fn broken() -> FileFault {
    damaged("OLE 目录")
}

/// The number at `at`; zero where the bytes end before it.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    match bytes.get(at..at + 2) {
        Some(&[low, high]) => u16::from_le_bytes([low, high]),
        _ => 0,
    }
}

/// The number at `at`; zero where the bytes end before it.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}

/// The floating point number at `at`.
pub(super) fn f64_at(bytes: &[u8], at: usize) -> f64 {
    f64::from_bits(u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32)
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|four| u32_at(four, 0)).collect()
}
