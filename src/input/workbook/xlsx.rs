//! Reads .xlsx and .xlsm, cell by cell, so that a stray value in the last cell of a sheet costs one
//! cell.
//!
//! calamine tells which sheets a workbook has, in which part each stands, and how its styles show
//! numbers. With the values of cells it gives either styles or formulas, and merged blocks in a
//! pass of their own, as long as the first. So a workbook that is written plainly, as nearly all
//! are, has its cells read here in one pass ([`plain`]); any other is left to calamine as a whole,
//! with all its passes.
//!
//! calamine trusts what a file claims about its texts and copies fonts and formats into every
//! style; both are checked first.

mod any;
mod formulas;
mod macros;
mod plain;
mod tags;
mod texts;
mod watched;
mod window;

use std::collections::BTreeMap;
use std::sync::Arc;

use calamine::{Reader, SheetType, Style, Xlsx};
use memchr::{memchr, memchr_iter, memmem};
use quick_xml::events::Event;

use self::plain::{Common, Stop};
use self::watched::Watched;
use super::Wanted;
use super::cells::{fault, hold_to_limit};
use super::limits::Limits;
use super::package::{Package, Treat, damaged, ends_with, too_large};
use super::shows::Shows;
use super::sparse::Budget;
use crate::diagnostic::FileFault;
use crate::model::grid::Sheet;

/// The bytes that a shared text takes at the least: `<si/>`.
const SMALLEST_TEXT: u64 = 5;
/// What a style takes in memory at the least, about.
const STYLE_BYTES: usize = 512;
/// Bytes of memory that calamine may take for styles in this process: twice what the 65,000 styles
/// take that a workbook can have.
const MOST_STYLES: usize = 64 << 20;
/// A sheet without cells.
const NO_CELLS: &[u8] = b"<worksheet><sheetData/></worksheet>";
/// The sections of the styles that have nothing to do with how a number is shown.
const LOOKS: [&str; 6] = [
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellStyles",
    "dxfs",
];

type Book<'a> = Xlsx<Watched<'a>>;

/// What a part of a package is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Sheet,
    Styles,
    Texts,
    /// The list of sheets, and in which part each stands.
    Sheets,
    /// Pictures, macros and colours.
    Unread,
    Other,
}

impl Role {
    fn of(name: &str) -> Self {
        let folder = |folder: &str| name.contains(folder);
        if folder("/theme/") || folder("/media/") || ends_with(name, ".bin") {
            Self::Unread
        } else if folder("/worksheets/") && !folder("/_rels/") {
            Self::Sheet
        } else if ends_with(name, "styles.xml") {
            Self::Styles
        } else if ends_with(name, "sharedStrings.xml") {
            Self::Texts
        } else if ends_with(name, "workbook.xml") || ends_with(name, "workbook.xml.rels") {
            Self::Sheets
        } else {
            Self::Other
        }
    }
}

/// Reads every sheet of cells; charts and dialogs have none.
pub(super) fn read(
    package: &mut Package<'_>,
    limits: &Limits,
    wanted: Option<&Wanted>,
) -> Result<Vec<Sheet>, FileFault> {
    let (texts, around) = common_parts(package, limits)?;
    let structure = structure(package, texts, &around, limits);
    match structure.and_then(|structure| read_plain(package, structure, limits, wanted)) {
        Err(Stop::NotPlain) => any::read(package, &around, limits),
        Err(Stop::Fault(fault)) => Err(fault),
        Ok(sheets) => Ok(sheets),
    }
}

/// The same where the workbook is written plainly, and what calamine reads of it is little: what
/// that can cost is known before. `None` of any other.
pub(super) fn read_if_plain(
    package: &mut Package<'_>,
    limits: &Limits,
    wanted: Option<&Wanted>,
) -> Result<Option<Vec<Sheet>>, FileFault> {
    if_plain(package, limits, |package, structure| {
        read_plain(package, structure, limits, wanted)
    })
}

/// The same with its formulas, each as the text of its cell.
pub(super) fn formulas_if_plain(
    package: &mut Package<'_>,
    limits: &Limits,
) -> Result<Option<Vec<Sheet>>, FileFault> {
    if_plain(package, limits, |package, (mut common, sheets)| {
        common.formulas = true;
        read_plain(package, (common, sheets), limits, None)
    })
}

/// What `read` reads of a workbook of which it is known what that can cost.
fn if_plain(
    package: &mut Package<'_>,
    limits: &Limits,
    read: impl FnOnce(&mut Package<'_>, Structure) -> Result<Vec<Sheet>, Stop>,
) -> Result<Option<Vec<Sheet>>, FileFault> {
    let is_beside = |name: &str| !matches!(Role::of(name), Role::Sheet | Role::Unread);
    let parts = package.parts().filter(|(name, _)| is_beside(name));
    let sizes = parts.map(|(_, size)| size);
    if sizes.fold(0, u64::saturating_add) > limits.beside {
        return Ok(None);
    }
    let (texts, around) = common_parts(package, limits)?;
    let mut styles = around
        .iter()
        .filter(|(name, _)| Role::of(name) == Role::Styles);
    if !styles.all(|(_, part)| are_few(part)) {
        return Ok(None);
    }
    let structure = structure(package, texts, &around, limits);
    match structure.and_then(|structure| read(package, structure)) {
        Err(Stop::NotPlain) => Ok(None),
        Err(Stop::Fault(fault)) => Err(fault),
        Ok(sheets) => Ok(Some(sheets)),
    }
}

type Parts = BTreeMap<String, Vec<u8>>;

/// What the cells of a workbook have in common, and the names of its sheets with the parts in which
/// they stand.
type Structure = (Common, Vec<(String, String)>);

/// The texts that all sheets share; and what calamine reads around them: the styles, and the list of
/// sheets, which is unpacked to its end, where calamine may stop before, to find out a damaged one.
fn common_parts(package: &mut Package<'_>, limits: &Limits) -> Result<(Parts, Parts), FileFault> {
    let texts = unpacked(package, Role::Texts)?;
    for part in texts.values() {
        check_texts(part)?;
    }
    let mut around = unpacked(package, Role::Styles)?;
    for part in around.values_mut() {
        without_looks(part);
        check_styles(part, limits)?;
    }
    let mut sheets = unpacked(package, Role::Sheets)?;
    macros::leave_out(&mut sheets);
    around.extend(sheets);
    Ok((texts, around))
}

/// The parts that are for something, unpacked.
fn unpacked(package: &mut Package<'_>, role: Role) -> Result<Parts, FileFault> {
    let parts = package.parts().filter(|(name, _)| Role::of(name) == role);
    let names: Vec<String> = parts.map(|(name, _)| name.clone()).collect();
    let part = |name: String| {
        let bytes = package.bytes(&name)?.unwrap_or_default();
        Ok((name, bytes))
    };
    names.into_iter().map(part).collect()
}

/// A part among others.
fn put<'a>(parts: &'a Parts, name: &str) -> Treat<'a> {
    let part = parts.get(name);
    part.map_or(Treat::TakeOver, |bytes| Treat::Put(bytes))
}

/// Reads a workbook that is written plainly.
fn read_plain(
    package: &mut Package<'_>,
    (common, sheets): Structure,
    limits: &Limits,
    wanted: Option<&Wanted>,
) -> Result<Vec<Sheet>, Stop> {
    // One part may stand for many sheets.
    let sizes = sheets.iter().map(|(_, part)| package.size(part));
    let unpacked = sizes.fold(0, u64::saturating_add);
    if unpacked > limits.unpacked {
        return Err(too_large(unpacked, limits.unpacked).into());
    }
    let mut budget = Budget::of(limits);
    let read = |(name, part): (String, String)| {
        let unpacking = package.part(&part)?;
        let sheet = plain::sheet((unpacking, &part), &common, wanted, &mut budget)?;
        Ok(sheet.finish(Some(Arc::from(name)))?)
    };
    sheets.into_iter().map(read).collect()
}

/// What the shared texts are, and what calamine tells of a workbook whose sheets were taken out.
fn structure(
    package: &mut Package<'_>,
    texts: Parts,
    around: &Parts,
    limits: &Limits,
) -> Result<Structure, Stop> {
    if texts.len() > 1 {
        return Err(Stop::NotPlain);
    }
    let part = texts.into_values().next();
    let shared = part.map_or(Some(Vec::new()), |part| texts::shared(&part));
    let texts = shared.ok_or(Stop::NotPlain)?;
    let rebuilt = package.rebuilt(|name| match Role::of(name) {
        Role::Unread | Role::Texts => Treat::LeaveOut,
        Role::Sheet => Treat::Put(NO_CELLS),
        Role::Styles | Role::Sheets => put(around, name),
        Role::Other => Treat::TakeOver,
    })?;
    let (watched, last) = Watched::new(&rebuilt.bytes);
    let mut book: Book<'_> = Xlsx::new(watched).map_err(|error| fault(None, error))?;
    let mut common = Common {
        texts,
        styles: Vec::new(),
        from_1904: book.has_1904_epoch(),
        formulas: false,
    };
    let mut sheets = Vec::new();
    for name in sheets_of_cells(&book, limits)? {
        let reader = book.worksheet_cells_reader(&name);
        let reader = reader.map_err(|_| Stop::NotPlain)?;
        if common.styles.is_empty() {
            common.styles = reader.styles().iter().map(shows).collect();
        }
        let mut parts = rebuilt.parts.iter();
        let part = parts.find(|(_, place)| place.contains(&last.get()));
        let (part, _) = part.ok_or(Stop::NotPlain)?;
        sheets.push((name, part.clone()));
    }
    Ok((common, sheets))
}

/// The names of the sheets that hold cells.
fn sheets_of_cells(book: &Book<'_>, limits: &Limits) -> Result<Vec<String>, FileFault> {
    let sheets = hold_to_limit(book.sheets_metadata().to_vec(), limits)?;
    let sheets = sheets
        .into_iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet);
    Ok(sheets.map(|sheet| sheet.name).collect())
}

/// What a style makes of a number.
fn shows(style: &Style) -> Shows {
    let Some(format) = &style.number_format else {
        return Shows::Number;
    };
    match format.format_id {
        // Dates and times of East Asia, which have no code of their own in a file.
        Some(27..=36 | 50..=58) if format.format_code == "General" => Shows::Moment,
        _ => Shows::of(&format.format_code),
    }
}

/// Refuses texts whose number the part that holds them has no room for: calamine would ask for
/// the memory at once.
fn check_texts(part: &[u8]) -> Result<(), FileFault> {
    let mut reader = quick_xml::Reader::from_reader(part);
    loop {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => {
                let count = element.try_get_attribute("uniqueCount").ok().flatten();
                let count = count.and_then(|count| count.value.parse::<u64>().ok());
                return match count {
                    Some(count) if count > part.len() as u64 / SMALLEST_TEXT => {
                        Err(damaged("共享文字"))
                    }
                    _ => Ok(()),
                };
            }
            // What else is wrong with it, calamine finds.
            Ok(Event::Eof) | Err(_) => return Ok(()),
            Ok(_) => {}
        }
    }
}

/// Refuses styles that would take more memory than a file may: at worst the longest font or
/// format in every one of them.
fn check_styles(part: &[u8], limits: &Limits) -> Result<(), FileFault> {
    let (mut elements, mut longest, mut before) = (0_usize, STYLE_BYTES, 0);
    for at in memchr_iter(b'<', part).chain([part.len()]) {
        elements += 1;
        longest = longest.max(at - before);
        before = at;
    }
    let most = usize::try_from(limits.unpacked).unwrap_or(usize::MAX);
    if elements.saturating_mul(longest) > most {
        let bytes = elements.saturating_mul(longest) as u64;
        return Err(too_large(bytes, limits.unpacked));
    }
    Ok(())
}

/// Whether the styles that [`without_looks`] left are few, or take little memory: calamine copies
/// the format of each into it.
fn are_few(part: &[u8]) -> bool {
    let Some(mut tags) = tags::Tags::of(part) else {
        return false;
    };
    let (mut styles, mut longest) = (0_usize, 0);
    while let Some(tag) = tags.next() {
        styles += usize::from(tag.name == b"xf");
        let format = tag.attribute(b"formatCode").map_or(0, <[u8]>::len);
        longest = longest.max(format);
    }
    let is_plain = tags.depth() == 0 && tags.rest().trim_ascii().is_empty();
    is_plain && styles.saturating_mul(STYLE_BYTES + longest) <= MOST_STYLES
}

/// Leaves of the styles how each shows a number, if they are written plainly: calamine would go
/// through fonts and colours.
fn without_looks(part: &mut Vec<u8>) {
    if !tags::is_plain(part) {
        return;
    }
    for section in LOOKS {
        let open = memmem::find(part, format!("<{section}").as_bytes());
        let Some(range) = open.and_then(|open| {
            let name = open + 1 + section.len();
            let goes_on = !part.get(name)?.is_ascii_alphanumeric();
            let tag = name + memchr(b'>', &part[name..])?;
            let has_content = goes_on && part[tag - 1] != b'/';
            let close = format!("</{section}>");
            let length = memmem::find(&part[tag..], close.as_bytes())?;
            has_content.then_some(open..tag + length + close.len())
        }) else {
            continue;
        };
        part.drain(range);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_keep_how_numbers_are_shown() {
        let mut styles = b"<styleSheet><numFmts/><fonts count='1'><font/></fonts><fills/><fontsizes/>\
             <cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf numFmtId='9'/></cellXfs><dxfs></styleSheet>"
            .to_vec();
        without_looks(&mut styles);
        assert_eq!(
            String::from_utf8(styles).expect("only tags were cut out"),
            "<styleSheet><numFmts/><fills/><fontsizes/><cellXfs><xf numFmtId='9'/></cellXfs><dxfs></styleSheet>"
        );
    }
    #[test]
    fn styles_are_few_by_the_memory_that_they_take() {
        let styles = |count: usize, format: usize| {
            let format = "0".repeat(format);
            let xfs = "<xf numFmtId='200'/>".repeat(count);
            format!(
                "<styleSheet><numFmts><numFmt numFmtId='200' formatCode='{format}'/></numFmts>\
                 <cellXfs>{xfs}</cellXfs></styleSheet>"
            )
        };
        // 64 MiB: 65,536 styles of 512 bytes and a format of 512.
        for (count, format, few) in [
            (65_536, 512, true),
            (65_536, 513, false),
            (65_537, 512, false),
            (1, 1_000_000, true),
        ] {
            assert_eq!(
                are_few(styles(count, format).as_bytes()),
                few,
                "{count}, {format}"
            );
        }
        for odd in ["<!-- --><styleSheet/>", "<styleSheet>", "<styleSheet/>x"] {
            assert!(!are_few(odd.as_bytes()), "{odd}");
        }
    }
}
