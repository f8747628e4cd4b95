//! Reads a sheet that is written plainly, in one pass over its bytes: its cells, with what is
//! typed, what is calculated and how it is shown, and its merged blocks.

use std::borrow::Cow;
use std::io::Read;

use memchr::memmem;
use smol_str::SmolStr;

use super::super::Wanted;
use super::super::package::damaged;
use super::super::shows::Shows;
use super::super::sparse::{Budget, SheetBuilder};
use super::formulas::Formulas;
use super::tags::{Kind, Tag, Tags};
use super::texts::{decoded, runs};
use super::window::Window;
use crate::diagnostic::FileFault;
use crate::location::Address;
use crate::model::grid::{Cell, Content};

/// Why a sheet was not read.
pub(super) enum Stop {
    /// It is not written plainly, or holds what only calamine knows.
    NotPlain,
    /// It is damaged, or too large.
    Fault(FileFault),
}

impl From<FileFault> for Stop {
    fn from(fault: FileFault) -> Self {
        Self::Fault(fault)
    }
}

/// What the cells of a workbook have in common.
pub(super) struct Common {
    /// The texts that they share.
    pub(super) texts: Vec<SmolStr>,
    /// What each style makes of a number.
    pub(super) styles: Vec<Shows>,
    /// Whether days are counted from 1904.
    pub(super) from_1904: bool,
    /// Whether formulas are read, and no values.
    pub(super) formulas: bool,
}

/// What the sheet holds that unpacks from `part`, which goes by `name`.
pub(super) fn sheet(
    (part, name): (impl Read, &str),
    common: &Common,
    wanted: Option<&Wanted>,
    budget: &mut Budget,
) -> Result<SheetBuilder, Stop> {
    let mut sheet = SheetBuilder::default();
    let mut window = Window::of(part);
    let mut around: Option<Vec<Vec<u8>>> = None;
    let mut formulas = Formulas::default();
    loop {
        let piece = window.next().map_err(|_| damaged(name))?;
        let piece = piece.ok_or(Stop::NotPlain)?;
        let (mut tags, data) = match &around {
            None => {
                let mut tags = Tags::of(piece.bytes).ok_or(Stop::NotPlain)?;
                let data = to_data(&mut tags).ok_or(Stop::NotPlain)?;
                (tags, data)
            }
            Some(open) => (Tags::inside(piece.bytes, open), Kind::Open),
        };
        if data == Kind::Open {
            while let Some(tag) = next_cell(&mut tags).ok_or(Stop::NotPlain)? {
                let (address, raw) = raw_cell(&tag, &mut tags).ok_or(Stop::NotPlain)?;
                let end = wanted.is_some_and(|wanted| wanted.end_before(address.row));
                if let Some(wanted) = wanted {
                    if !budget.look_at(1) {
                        return Ok(sheet);
                    }
                    if !end && !wanted.includes(address.row) {
                        continue;
                    }
                }
                let cell = match common.formulas {
                    true => formulas.cell(&raw, address, &mut sheet),
                    false => raw.cell(common, &mut sheet),
                };
                match cell.ok_or(Stop::NotPlain)? {
                    // Blanks may stand in any order.
                    None => {}
                    Some(_) if end => return Ok(sheet),
                    Some(cell) => sheet.put(budget, address, cell)?,
                }
            }
        }
        match (tags.depth(), piece.last) {
            (IN_SHEET, true) => {
                for (first, last) in merges(&mut tags).ok_or(Stop::NotPlain)? {
                    sheet.merge(budget, first, last)?;
                }
                return Ok(sheet);
            }
            (IN_DATA, false) => around = Some(tags.open()),
            _ => return Err(Stop::NotPlain),
        }
    }
}

/// How many elements are open around the data of a sheet, and within it.
const IN_SHEET: usize = 1;
const IN_DATA: usize = 2;

/// Goes on to the data of a sheet: opened, or there and empty.
fn to_data(tags: &mut Tags<'_>) -> Option<Kind> {
    let root = tags.next()?;
    if root.name != b"worksheet" || root.kind != Kind::Open {
        return None;
    }
    loop {
        let outer = tags.depth();
        let tag = tags.next()?;
        if tag.name == b"sheetData" && tag.kind != Kind::Close {
            return (outer == IN_SHEET).then_some(tag.kind);
        }
    }
}

/// Goes on to the next cell; `Some(None)` at the end of the data, or of a piece of it.
fn next_cell<'a>(tags: &mut Tags<'a>) -> Option<Option<Tag<'a>>> {
    loop {
        let Some(tag) = tags.next() else {
            let ended = tags.rest().trim_ascii().is_empty();
            return (ended && tags.depth() == IN_DATA).then_some(None);
        };
        if !tag.before.trim_ascii().is_empty() {
            return None;
        }
        match (tag.kind, tag.name) {
            (Kind::Open | Kind::Empty, b"c") => return Some(Some(tag)),
            (_, b"row") => {}
            (Kind::Close, b"sheetData") => return Some(None),
            _ => return None,
        }
    }
}

/// A cell as it is written.
#[derive(Default)]
pub(super) struct RawCell<'a> {
    style: usize,
    /// The type of its value.
    kind: Option<&'a [u8]>,
    value: Option<&'a [u8]>,
    /// A text that stands in the cell itself.
    text: Option<Cow<'a, str>>,
    /// The tag of its formula, and what that says.
    pub(super) formula: Option<(Tag<'a>, &'a [u8])>,
}

/// Where a cell stands and how it is written, whose tag was just read.
fn raw_cell<'a>(tag: &Tag<'a>, tags: &mut Tags<'a>) -> Option<(Address, RawCell<'a>)> {
    let mut cell = RawCell::default();
    let mut place = None;
    for (name, value) in tag.attributes() {
        match name {
            b"r" => place = Some(address(value)?),
            b"s" => cell.style = number(value)?,
            b"t" => cell.kind = Some(value),
            _ => {}
        }
    }
    // Where a cell stands that does not say it depends on those before.
    let place = place?;
    if tag.kind == Kind::Empty {
        return Some((place, cell));
    }
    loop {
        let tag = tags.next()?;
        if !tag.before.trim_ascii().is_empty() {
            return None;
        }
        match (tag.kind, tag.name) {
            (Kind::Open, b"v") if cell.value.is_none() => cell.value = Some(tags.text()?),
            (Kind::Empty, b"v") if cell.value.is_none() => cell.value = Some(b""),
            (Kind::Open, b"is") if cell.text.is_none() => cell.text = Some(runs(tags)?),
            (Kind::Open, b"f") if cell.formula.is_none() => {
                cell.formula = Some((tag, tags.text()?))
            }
            (Kind::Empty, b"f") if cell.formula.is_none() => cell.formula = Some((tag, b"")),
            (Kind::Close, b"c") => return Some((place, cell)),
            _ => return None,
        }
    }
}

impl RawCell<'_> {
    /// What the cell of `sheet` holds; `Some(None)` if it is blank.
    fn cell(&self, common: &Common, sheet: &mut SheetBuilder) -> Option<Option<Cell>> {
        let shows = common.styles.get(self.style).copied().unwrap_or_default();
        let content = match (self.kind, self.value, &self.text) {
            (Some(b"inlineStr"), _, Some(text)) => Some(Content::Text(sheet.text(text))),
            (Some(b"inlineStr"), _, None) => None,
            (_, _, Some(_)) => return None,
            (Some(b"str"), Some(value), None) => Some(Content::Text(sheet.text(&decoded(value)?))),
            (_, None | Some(b""), None) => None,
            (None | Some(b"n"), Some(value), None) => Some(quantity(value, shows, common)?),
            (Some(b"s"), Some(value), None) => {
                let text = common.texts.get(number(value)?)?;
                Some(Content::Text(text.clone()))
            }
            (Some(b"b"), Some(b"0"), None) => Some(Content::Bool(false)),
            (Some(b"b"), Some(b"1"), None) => Some(Content::Bool(true)),
            (Some(b"e"), Some(value @ [b'#', ..]), None) => {
                Some(Content::Error(str::from_utf8(value).ok()?.into()))
            }
            _ => return None,
        };
        // A formula without a value was never calculated.
        let content = content.or_else(|| self.formula.map(|_| Content::Uncalculated));
        Some(content.map(|content| Cell {
            content,
            formula: self.formula.is_some(),
            percent: shows.number(0.0).1,
        }))
    }
}

/// A number, or the moment that it is shown as.
fn quantity(value: &[u8], shows: Shows, common: &Common) -> Option<Content> {
    // Some programs put spaces around it, which are no part of a number.
    let value = value.trim_ascii();
    let known = |b: &u8| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'E' | b'e');
    if !value.iter().all(known) {
        return None;
    }
    let number: f64 = str::from_utf8(value).ok()?.parse().ok()?;
    Some(shows.content(number, common.from_1904))
}

/// The merged blocks behind the data, first and last cell. No cells stand there.
fn merges(tags: &mut Tags<'_>) -> Option<Vec<(Address, Address)>> {
    let mut merges = Vec::new();
    let holds = |what: &[u8]| memmem::find(tags.rest(), what).is_some();
    if holds(b"<sheetData") || holds(b"<c r=") {
        return None;
    }
    if !holds(b"mergeCell") {
        return Some(merges);
    }
    loop {
        let tag = tags.next()?;
        match (tag.kind, tag.name) {
            (Kind::Open | Kind::Empty, b"mergeCell") => {
                merges.push(corners(tag.attribute(b"ref")?)?);
            }
            (Kind::Close, b"mergeCells" | b"worksheet") => return Some(merges),
            _ => {}
        }
    }
}

/// The corners of a block, `A1:D2`; of a single cell twice the same.
fn corners(block: &[u8]) -> Option<(Address, Address)> {
    let mut cells = block.splitn(2, |&b| b == b':');
    let first = address(cells.next()?)?;
    Some((first, cells.next().map_or(Some(first), address)?))
}

/// An address such as `D14`.
fn address(text: &[u8]) -> Option<Address> {
    let letters = text.iter().position(|b| !b.is_ascii_alphabetic())?;
    let (letters, digits) = text.split_at(letters);
    let column = letters.iter().try_fold(0_u32, |column, letter| {
        let digit = u32::from(letter.to_ascii_uppercase() - b'A') + 1;
        column.checked_mul(26)?.checked_add(digit)
    })?;
    let row = u32::try_from(number(digits)?).ok()?;
    Some(Address::new(row.checked_sub(1)?, column.checked_sub(1)?))
}

/// A whole number.
fn number(digits: &[u8]) -> Option<usize> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_usize, |number, &digit| {
        let digit = digit.is_ascii_digit().then(|| usize::from(digit - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::workbook::Limits;
    use crate::model::grid::{Moment, Sheet};

    fn read(part: &str) -> Option<Sheet> {
        read_wanted(part, None)
    }

    fn read_wanted(part: &str, wanted: Option<&Wanted>) -> Option<Sheet> {
        read_within(part, &Limits::default(), wanted)
    }

    fn read_within(part: &str, limits: &Limits, wanted: Option<&Wanted>) -> Option<Sheet> {
        let common = Common {
            texts: vec!["甲".into(), "乙".into()],
            styles: vec![
                Shows::Number,
                Shows::Percent,
                Shows::Moment,
                Shows::Duration,
            ],
            from_1904: false,
            formulas: false,
        };
        let mut budget = Budget::of(limits);
        match sheet((part.as_bytes(), "表"), &common, wanted, &mut budget) {
            Ok(sheet) => Some(sheet.finish(None).expect("one cell an address")),
            Err(Stop::NotPlain) => None,
            Err(Stop::Fault(fault)) => panic!("{fault:?}"),
        }
    }

    /// The sheet with these cells.
    fn of(cells: &str) -> Option<Sheet> {
        read(&format!(
            "<worksheet><cols/><sheetData><row>{cells}</row></sheetData></worksheet>"
        ))
    }

    #[test]
    fn cells_hold_what_is_written() {
        let text = |text: &str| Content::Text(text.into());
        let date = |text: &str, serial| {
            Content::Date(Box::new(Moment {
                text: text.into(),
                serial: Some(serial),
            }))
        };
        for (cell, content) in [
            ("<c r='A1'><v>1.50</v></c>", Content::Number(1.5)),
            (
                "<c r='A1' s='1' t='n'><v>-2E-1</v></c>",
                Content::Number(-0.2),
            ),
            ("<c r='A1' s='9'><v>3</v></c>", Content::Number(3.0)),
            (
                "<c r='A1' s='2'><v>43466</v></c>",
                date("2019-01-01", 43466.0),
            ),
            ("<c r='A1' s='3'><v>1.5</v></c>", date("1.5", 1.5)),
            ("<c r='A1' t='s'><v>1</v></c>", text("乙")),
            ("<c r='A1' t='str'><f>A2</f><v>a&amp;b</v></c>", text("a&b")),
            ("<c r='A1' t='inlineStr'><is><t>丙</t></is></c>", text("丙")),
            ("<c r='A1' t='b'><v>1</v></c>", Content::Bool(true)),
            ("<c r='A1' t='b'><v>0</v></c>", Content::Bool(false)),
            (
                "<c r='A1' t='e'><v>#SPILL!</v></c>",
                Content::Error("#SPILL!".into()),
            ),
            ("<c r='A1'><f/></c>", Content::Uncalculated),
            (
                "<c r='A1' t='s'><f>A2</f><v></v></c>",
                Content::Uncalculated,
            ),
        ] {
            let sheet = of(cell).unwrap_or_else(|| panic!("{cell} is plain"));
            let [row] = &sheet.rows[..] else {
                panic!("{cell}: {:?}", sheet.rows);
            };
            let (_, held) = &row.cells[0];
            assert_eq!(held.content, content, "{cell}");
            assert_eq!(held.formula, cell.contains("<f"), "{cell}");
            assert_eq!(held.percent, cell.contains("s='1'"), "{cell}");
        }
    }

    #[test]
    fn blanks_hold_nothing() {
        for cell in [
            "<c r='A1' s='1'/>",
            "<c r='A1'></c>",
            "<c r='A1'><v/></c>",
            "<c r='A1' t='str'><f>A2</f><v> </v></c>",
            "<c r='A1' t='inlineStr'/>",
        ] {
            let sheet = of(cell).unwrap_or_else(|| panic!("{cell} is plain"));
            assert!(sheet.rows.is_empty(), "{cell}");
        }
    }

    #[test]
    fn what_only_calamine_knows_is_left_to_it() {
        for cell in [
            "<c><v>1</v></c>",
            "<c r='A'/>",
            "<c r='A0'/>",
            "<c r='AAAAAAAA1'/>",
            "<c r='A99999999999'/>",
            "<c r='A1' s='x'/>",
            "<c r='A1'><v>1</v><v>2</v></c>",
            "<c r='A1'><f>A2</f><f>A3</f><v>1</v></c>",
            "<c r='A1'><v>1 2</v></c>",
            "<c r='A1'><v>inf</v></c>",
            "<c r='A1'><v>1<b/></v></c>",
            "<c r='A1'><extLst/></c>",
            "<c r='A1'>1</c>",
            "<c r='A1' t='s'><v>2</v></c>",
            "<c r='A1' t='s'><v>-1</v></c>",
            "<c r='A1' t='b'><v>yes</v></c>",
            "<c r='A1' t='d'><v>2019-01-01</v></c>",
            "<c r='A1' t='e'><v>wrong</v></c>",
            "<c r='A1' t='str'><v>_x000D_</v></c>",
            "<c r='A1'><is><t>甲</t></is></c>",
            "<c r='A1'><v>1</v>",
            "<x/>",
            "text",
            "<!-- -->",
        ] {
            assert!(of(cell).is_none(), "{cell}");
        }
        for part in [
            "",
            "<worksheet/>",
            "<worksheet><sheetPr/>",
            "<worksheet><sheetPr/></worksheet>",
            "<worksheet><a><sheetData/></a></worksheet>",
            "<chartsheet><sheetData/></chartsheet>",
            "<worksheet><sheetData><row>",
            "<worksheet><sheetData/><sheetData><row><c r='A1'/></row></sheetData></worksheet>",
            "<worksheet><sheetData/><row><c r=\"A1\"/></row></worksheet>",
            "<worksheet><sheetData/><mergeCells><mergeCell/></mergeCells></worksheet>",
            "<worksheet><sheetData/><mergeCells><mergeCell ref='A1:'/></mergeCells></worksheet>",
            "<worksheet><sheetData/><mergeCells><mergeCell ref='A1:B2'/>",
        ] {
            assert!(read(part).is_none(), "{part}");
        }
    }

    #[test]
    fn a_long_sheet_is_read_in_pieces() {
        let row = |row: u32| format!("<row><c r='A{row}'><v>{row}</v></c></row>\n");
        let rows: String = (1..=5000).map(row).collect();
        let merge = "<mergeCells><mergeCell ref='A1:B2'/></mergeCells>";
        let part = format!("<worksheet><sheetData>{rows}</sheetData>{merge}</worksheet>");
        let sheet = read(&part).expect("plain");
        assert_eq!((sheet.rows.len(), sheet.merges.len()), (5000, 1));
        let merge = sheet.merges[0];
        assert_eq!(
            (merge.first, merge.last),
            (Address::new(0, 0), Address::new(1, 1))
        );
        // Cut between two rows, or within one.
        let cut = part.find("<row><c r='A4000'").expect("a row");
        assert!(read(&part[..cut]).is_none() && read(&part[..cut + 20]).is_none());
        // Of rows known to ascend nothing is looked at behind the last that is wanted.
        let [some, all] = [true, false].map(|ascending| {
            let rows = [7, 8].into();
            read_wanted(&part[..cut], Some(&Wanted { rows, ascending }))
        });
        let rows: Vec<u32> = some
            .iter()
            .flat_map(|of| &of.rows)
            .map(|row| row.index)
            .collect();
        assert_eq!(rows, [7, 8]);
        assert!(all.is_none());
    }

    #[test]
    fn rows_that_are_wanted_are_not_looked_for_without_end() {
        let row = |row: u32| format!("<row><c r='A{row}'/><c r='B{row}'><v>{row}</v></c></row>");
        let rows: String = (1..=10).map(row).collect();
        let part = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
        let mut limits = Limits::default();
        // The third row ends with the sixth cell, the eighth with the sixteenth.
        for (looks, found) in [(17, vec![2, 7]), (16, vec![2]), (7, vec![2]), (6, vec![])] {
            limits.looks = looks;
            let rows = [2, 7].into();
            let wanted = Wanted {
                rows,
                ascending: true,
            };
            let sheet = read_within(&part, &limits, Some(&wanted)).expect("plain");
            let rows: Vec<u32> = sheet.rows.iter().map(|row| row.index).collect();
            assert_eq!(rows, found, "{looks}");
        }
    }
}
