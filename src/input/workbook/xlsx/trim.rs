//! Cuts out of a part what calamine would go through and nobody wants: of a sheet its widths and
//! blank cells, of the styles fonts and colours. What is not written plainly is left as it is.

use memchr::{memchr, memmem};

use super::plain::{Plain, attribute, is_address, without_declaration};

/// The sections of the styles that have nothing to do with how a number is shown.
const LOOKS: [&str; 6] = [
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellStyles",
    "dxfs",
];

/// Leaves of a sheet its cells that hold something, and what follows them.
pub(super) fn sheet(part: &mut Vec<u8>) {
    let Some(plain) = Plain::of(part) else {
        return;
    };
    let mut rest = plain.opens;
    let mut trimmed = Vec::with_capacity(part.len());
    trimmed.extend_from_slice(b"<worksheet>");
    for cell in plain.cells() {
        let tag = &part[cell.clone()];
        if !attribute(tag, b"r=").is_some_and(is_address) {
            // Where it stands depends on the cells before it, blank ones too; or it is damaged.
            return;
        }
        if tag.ends_with(b"/") {
            trimmed.extend_from_slice(&part[rest..cell.start]);
            rest = cell.end + 1;
        }
    }
    trimmed.extend_from_slice(&part[rest..]);
    *part = trimmed;
}

/// Leaves of the styles how each shows a number.
pub(super) fn styles(part: &mut Vec<u8>) {
    if without_declaration(part).is_none() {
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

    fn trimmed(trim: fn(&mut Vec<u8>), part: &str) -> String {
        let mut part = part.as_bytes().to_vec();
        trim(&mut part);
        String::from_utf8(part).expect("only tags were cut out")
    }

    #[test]
    fn a_sheet_keeps_the_cells_that_hold_something() {
        assert_eq!(
            trimmed(
                sheet,
                "<?xml version='1.0'?><worksheet><cols><col/></cols><sheetData><row r='1'>\
                 <c r='A1' s='1'/><c r='B1' s='2'><v>1</v></c><c r='C1'/></row></sheetData><x/></worksheet>"
            ),
            "<worksheet><sheetData><row r='1'><c r='B1' s='2'><v>1</v></c></row></sheetData><x/></worksheet>"
        );
        for whole in [
            // The place of the second cell follows from the first.
            "<worksheet><sheetData><row><c/><c><v>1</v></c></row></sheetData></worksheet>",
            "<worksheet><sheetData><!-- --><c r='A1'/></sheetData></worksheet>",
            "<?xml version='1.0' encoding='gbk'?><worksheet><sheetData><c r='A1'/></sheetData></worksheet>",
        ] {
            assert_eq!(trimmed(sheet, whole), whole);
        }
    }

    #[test]
    fn styles_keep_how_numbers_are_shown() {
        assert_eq!(
            trimmed(
                styles,
                "<styleSheet><numFmts/><fonts count='1'><font/></fonts><fills/><fontsizes/>\
                 <cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf numFmtId='9'/></cellXfs><dxfs></styleSheet>"
            ),
            "<styleSheet><numFmts/><fills/><fontsizes/><cellXfs><xf numFmtId='9'/></cellXfs><dxfs></styleSheet>"
        );
    }
}
