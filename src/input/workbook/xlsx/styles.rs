//! The styles of a workbook, as far as they say what a number is.

use quick_xml::events::{BytesStart, Event};

use super::super::formats::Styles;
use super::super::xml::{Part, attribute};
use crate::diagnostic::FileFault;

/// Reads the part of styles: number formats come before the styles that use them.
pub(super) fn read(name: &str, text: &str) -> Result<Styles, FileFault> {
    let mut part = Part::new(name, text);
    let mut styles = Styles::default();
    let mut in_cell_styles = false;
    loop {
        match part.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "numFmt" => {
                    let code = attribute(&element, "formatCode")?.unwrap_or_default();
                    styles.add_format(format_id(&element)?, &code);
                }
                // Styles of the same shape stand in other lists too.
                "cellXfs" => in_cell_styles = true,
                "xf" if in_cell_styles => styles.add_style(format_id(&element)?),
                _ => {}
            },
            Event::End(element) if element.local_name().as_ref() == "cellXfs" => {
                return Ok(styles);
            }
            Event::Eof => return Ok(styles),
            _ => {}
        }
    }
}

fn format_id(element: &BytesStart<'_>) -> Result<u32, FileFault> {
    let id = attribute(element, "numFmtId")?;
    Ok(id.and_then(|id| id.trim().parse().ok()).unwrap_or_default())
}
