//! The parts of an .xlsb that calamine reads beside the sheets, each to its end, so that a damaged
//! one is found out; what they say of the sheets.

use std::collections::HashMap;
use std::io::Read;

use encoding_rs::UTF_16LE;
use quick_xml::events::Event;

use super::super::package::{Package, damaged, ends_with};
use super::super::shows::{Formats, Shows};
use super::record::{self, Records, text_at, u16_at, u32_at};
use crate::diagnostic::FileFault;

/// The part that lists the sheets.
pub(super) const WORKBOOK: &str = "xl/workbook.bin";
/// The part that tells where each of them stands.
const RELATIONS: &str = "xl/_rels/workbook.bin.rels";
const TEXTS: &str = "xl/sharedStrings.bin";
/// The part that tells how numbers are shown.
pub(super) const STYLES: &str = "xl/styles.bin";

/// Kinds of records, by their names in Microsoft's description of the format.
mod kind {
    pub(super) const FORMAT: u16 = 0x2c;
    pub(super) const XF: u16 = 0x2f;
    pub(super) const END_BUNDLES: u16 = 0x90;
    pub(super) const BUNDLE: u16 = 0x9c;
    pub(super) const BEGIN_CELL_XFS: u16 = 0x269;
    pub(super) const END_CELL_XFS: u16 = 0x26a;
}

/// What every part of a sheet begins with.
const BEGIN_SHEET: [u8; 2] = [0x81, 0x01];

/// The styles that cells may have.
#[derive(Default)]
pub(super) struct Styles {
    /// What each makes of numbers.
    pub(super) shows: Vec<Shows>,
    /// The part as calamine has to find it, if that is not as it is.
    pub(super) anew: Option<Vec<u8>>,
}

/// Reads the styles.
pub(super) fn styles(package: &mut Package<'_>) -> Result<Styles, FileFault> {
    let part = package.bytes(STYLES)?.unwrap_or_default();
    styles_of(&part).ok_or_else(|| damaged(STYLES))
}

fn styles_of(part: &[u8]) -> Option<Styles> {
    let mut records = Records::of(part);
    let mut formats = Formats::default();
    let mut styles = Styles::default();
    let (mut anew, mut amended, mut inside) = (Vec::new(), false, false);
    while let Some((kind, content)) = records.next().ok()? {
        match kind {
            kind::FORMAT => {
                let code = UTF_16LE.decode_without_bom_handling(text_at(content, 2)?).0;
                formats.add(u16_at(content, 0)?, &code);
            }
            kind::BEGIN_CELL_XFS => inside = true,
            kind::END_CELL_XFS => inside = false,
            kind::XF if inside => {
                let format = u16_at(content, 2)?;
                styles.shows.push(formats.shows(format));
                let built_in = formats.built_in(format).unwrap_or(format);
                amended |= built_in != format;
                let (before, after) = (&content[..2], &content[4..]);
                record::write(&mut anew, kind, &[before, &built_in.to_le_bytes(), after]);
                continue;
            }
            _ => {}
        }
        record::write(&mut anew, kind, &[content]);
    }
    styles.anew = amended.then_some(anew);
    Some(styles)
}

/// The part of each sheet that has one, in the order of the workbook.
///
/// # Errors
/// A damaged part, or one with a sheet that the workbook does not know.
pub(super) fn sheets(package: &mut Package<'_>) -> Result<Vec<String>, FileFault> {
    package.bytes(TEXTS)?;
    let relations = relations(&package.bytes(RELATIONS)?.unwrap_or_default());
    let relations = relations.ok_or_else(|| damaged(RELATIONS))?;
    let book = package.bytes(WORKBOOK)?.unwrap_or_default();
    let parts = listed(&book, &relations).ok_or_else(|| damaged(WORKBOOK))?;
    let names: Vec<_> = package.parts().map(|(name, _)| name.clone()).collect();
    for name in names {
        let is_listed = parts.iter().any(|part| part.eq_ignore_ascii_case(&name));
        if is_listed || !name.contains("/worksheets/") || !ends_with(&name, ".bin") {
            continue;
        }
        let mut begin = [0; 2];
        let begun = package.part(&name)?.read_exact(&mut begin);
        if begun.is_ok() && begin == BEGIN_SHEET {
            return Err(FileFault::Damaged(format!(
                "工作簿的目录里没有工作表 {name}"
            )));
        }
    }
    Ok(parts)
}

/// The parts of the sheets that the workbook lists.
fn listed(book: &[u8], relations: &HashMap<String, String>) -> Option<Vec<String>> {
    let mut records = Records::of(book);
    let mut parts = Vec::new();
    while let Some((kind, content)) = records.next().ok()? {
        match kind {
            kind::END_BUNDLES => return Some(parts),
            // A sheet without a part has no cells.
            kind::BUNDLE if u32_at(content, 8)? != u32::MAX => {
                let relation = UTF_16LE.decode_without_bom_handling(text_at(content, 8)?).0;
                parts.push(format!("xl/{}", relations.get(&*relation)?));
            }
            _ => {}
        }
    }
    None
}

/// To which part each relation leads.
fn relations(part: &[u8]) -> Option<HashMap<String, String>> {
    let mut reader = quick_xml::Reader::from_reader(part);
    let mut relations = HashMap::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(element) | Event::Empty(element)
                if element.name().as_ref() == "Relationship" =>
            {
                let value = |name| {
                    let attribute = element.try_get_attribute(name).ok()??;
                    let value = quick_xml::escape::unescape(&attribute.value).ok()?;
                    Some(value.into_owned())
                };
                if let (Some(id), Some(target)) = (value("Id"), value("Target")) {
                    relations.insert(id, target);
                }
            }
            Event::Eof => return Some(relations),
            _ => {}
        }
    }
}
