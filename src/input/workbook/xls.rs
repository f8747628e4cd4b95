//! Reads .xls and .et of Excel 5 to 2003 and WPS with calamine.
//!
//! calamine holds the cells of this format as a dense grid, follows chains of sectors wherever
//! they lead, and takes an embedded workbook for the file's own if it comes first. So the `cfb`
//! crate, which checks the container, takes the workbook out; one walk over its records
//! ([`super::records`]) holds them to the limits; and calamine is given a new container that has
//! nothing else in it.

use std::borrow::Cow;
use std::io::{Cursor, ErrorKind, Read, Write};
use std::ops::Range;
use std::sync::Arc;

use calamine::{Reader, SheetType, Xls};
use cfb::{CompoundFile, Version};

use super::cells::{fault, hold_to_limit, put_all};
use super::limits::Limits;
use super::package::damaged;
use super::records;
use super::sparse::{Budget, SheetBuilder};
use crate::diagnostic::{FileFault, Other};
use crate::model::grid::Sheet;

/// Bytes that a container begins with, and of each of the sectors that follow.
const HEADER: usize = 512;
/// Where it tells in which sectors its table of sectors stands.
const TABLE: Range<usize> = 76..HEADER;
/// The entry of a last sector in that table.
const CHAIN_END: u32 = 0xffff_fffe;

/// Reads every sheet of cells.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, FileFault> {
    if bytes.len() < HEADER {
        return Err(FileFault::Incomplete);
    }
    let bytes = with_spare_freed(bytes);
    let container = CompoundFile::open(Cursor::new(&*bytes));
    let mut container = container.map_err(|error| ole(&error))?;
    let mut stream = workbook(&mut container)?;
    // Programs of people leave a summary beside the workbook, libraries do not.
    let by_library = !container.exists("\u{5}SummaryInformation");
    let found = records::check(&mut stream, by_library, limits)?;
    let alone = contained(&stream).map_err(|error| ole(&error))?;
    let mut book: Xls<_> = Xls::new(Cursor::new(alone)).map_err(|error| fault(None, error))?;
    let mut budget = Budget::of(limits);
    hold_to_limit(book.sheets_metadata().to_vec(), limits)?
        .into_iter()
        .zip(found)
        .filter(|(sheet, _)| sheet.typ == SheetType::WorkSheet)
        .map(|(sheet, found)| {
            let broken = |error| fault(Some(&sheet.name), error);
            let values = book.worksheet_range(&sheet.name).map_err(broken)?;
            let formulas = book.worksheet_formula(&sheet.name).map_err(broken)?;
            let blocks = book.merge_cells_by_sheet_name(&sheet.name);
            let wrong =
                |what: String| FileFault::Damaged(format!("工作表“{}”里有{what}", sheet.name));
            if let Some(address) = found.twice {
                return Err(wrong(format!("两个 {address}，内容不同")));
            }
            // Left out are texts that the list of texts lacks, and formulas whose text is lost.
            if values.used_cells().count() != found.cells {
                return Err(wrong("单元格的内容找不到".to_owned()));
            }
            let mut cells = SheetBuilder::default();
            put_all(&values, &formulas, &found.notes, &mut cells, &mut budget)?;
            for block in blocks.map_err(broken)? {
                cells.merge_block(&mut budget, block)?;
            }
            cells.finish(Some(Arc::from(sheet.name)))
        })
        .collect()
}

/// The file, with no entries in use in its table of sectors beyond its last sector. SheetJS ends a
/// chain in each of them, which the `cfb` crate takes for damage; a chain that leads there from
/// within the file still is.
fn with_spare_freed(bytes: &[u8]) -> Cow<'_, [u8]> {
    let number = |at: usize| Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
    let sectors = bytes.len().div_ceil(HEADER) - 1;
    let mut freed = Cow::Borrowed(bytes);
    // The power of two that a sector has bytes: 4096 would lie elsewhere.
    if bytes[30] != 9 {
        return freed;
    }
    let parts = TABLE
        .step_by(4)
        .map_while(|at| number(at).filter(|part| *part < CHAIN_END));
    for (part, first) in parts.zip((0..).step_by(HEADER / 4)) {
        let start = (part as usize + 1).saturating_mul(HEADER);
        for (entry, at) in (first..).zip((start..start.saturating_add(HEADER)).step_by(4)) {
            if entry >= sectors && number(at) == Some(CHAIN_END) {
                freed.to_mut()[at..at + 4].fill(0xff);
            }
        }
    }
    freed
}

/// The stream that holds the workbook.
fn workbook(container: &mut CompoundFile<Cursor<&[u8]>>) -> Result<Vec<u8>, FileFault> {
    if container.exists("EncryptedPackage") {
        return Err(FileFault::Encrypted);
    }
    if let Some(name) = ["Workbook", "Book"]
        .into_iter()
        .find(|name| container.is_stream(name))
    {
        let mut bytes = Vec::new();
        let stream = container.open_stream(name);
        stream
            .and_then(|mut stream| stream.read_to_end(&mut bytes))
            .map_err(|error| ole(&error))?;
        return Ok(bytes);
    }
    let known = [
        ("WordDocument", Other::Word),
        ("PowerPoint Document", Other::PowerPoint),
        ("__properties_version1.0", Other::Mail),
    ];
    let found = known.iter().find(|(name, _)| container.exists(name));
    Err(FileFault::NotASpreadsheet(
        found.map_or(Other::Ole, |(_, other)| *other),
    ))
}

/// A container with this workbook and nothing else.
fn contained(stream: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut container = CompoundFile::create_with_version(Version::V3, Cursor::new(Vec::new()))?;
    container.create_stream("Workbook")?.write_all(stream)?;
    container.flush()?;
    Ok(container.into_inner().into_inner())
}

/// What an error of the container amounts to.
fn ole(error: &std::io::Error) -> FileFault {
    match error.kind() {
        ErrorKind::UnexpectedEof => FileFault::Incomplete,
        _ => damaged("文件内部的目录"),
    }
}
