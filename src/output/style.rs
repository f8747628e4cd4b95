//! The look of our workbooks, shared by blank sheets (`output::template`) and reports: fonts of
//! official documents, sizes measured for Chinese text, A4 landscape, reproducible bytes.

use std::borrow::Cow;

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use unicode_width::UnicodeWidthChar;

/// Titles, as on official documents.
const TITLE_FONT: &str = "方正小标宋简体";

/// Running text.
const TEXT_FONT: &str = "仿宋_GB2312";

/// Headings and labels.
const HEADING_FONT: &str = "黑体";

/// Says that a font is a Chinese one, so that a machine without it falls back to 宋体 and not
/// to a Latin font.
const GB2312: u8 = 134;

/// Size of running text, in points.
pub const TEXT_SIZE: f64 = 10.0;

/// Size of advice that is to take little room, in points.
pub const SMALL_SIZE: f64 = 9.0;

/// Height of a line of text in sizes; the free fonts that stand in for 仿宋 need this much.
const LEADING: f64 = 1.45;

/// The highest row that Excel allows, in points.
const HIGHEST_ROW: f64 = 409.0;

/// Red of warnings.
pub const RED: u32 = 0x00C0_0000;

/// Fill of headings.
pub const HEADING_FILL: u32 = 0x00DD_EBF7;

/// Fill of cells that wait for an entry.
pub const WAITING_FILL: u32 = 0x00FF_F2CC;

/// Fill of cells that take no entry.
pub const CLOSED_FILL: u32 = 0x00ED_EDED;

/// A format in one of our fonts, vertically centred, text wrapped.
fn font(name: &str, size: f64) -> Format {
    Format::new()
        .set_font_name(name)
        .set_font_charset(GB2312)
        .set_font_size(size)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
}

/// The title of a sheet.
pub fn title() -> Format {
    font(TITLE_FONT, 18.0).set_align(FormatAlign::Center)
}

/// Running text without a border.
pub fn text() -> Format {
    font(TEXT_FONT, TEXT_SIZE)
}

/// A heading or label without a border.
pub fn label() -> Format {
    font(HEADING_FONT, TEXT_SIZE)
}

/// A heading of a table's column.
pub fn header() -> Format {
    label()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Center)
        .set_background_color(HEADING_FILL)
}

/// A cell of a table that holds text.
pub fn cell() -> Format {
    text().set_border(FormatBorder::Thin)
}

/// A cell of a table that holds a number or a single word.
pub fn centred() -> Format {
    cell().set_align(FormatAlign::Center)
}

/// How points with so many decimals are shown: `0.00`.
pub fn points(decimals: u32) -> String {
    match decimals {
        0 => "0".to_owned(),
        _ => format!("0.{}", "0".repeat(decimals as usize)),
    }
}

/// How wide `text` is at its widest line, in half-width columns. Circled digits and curved
/// quotes are as wide as a Chinese character in Chinese fonts.
pub fn width(text: &str) -> usize {
    text.lines()
        .map(|line| line.chars().filter_map(UnicodeWidthChar::width_cjk).sum())
        .max()
        .unwrap_or(0)
}

/// How many lines `text` takes in a column of `columns` (Excel's unit) at `size` points.
fn lines(text: &str, columns: f64, size: f64) -> usize {
    // A column is 7 pixels a unit and 5 more, of which borders and padding take 8; a half-width
    // character is half a size wide, at 4 pixels for 3 points.
    let pixels = columns * 7.0 - 3.0;
    let half = size * 4.0 / 3.0 / 2.0;
    let room = ((pixels / half) as usize).max(2);
    text.lines().map(|line| lines_of(line, room)).sum()
}

/// How many lines of `room` half-width columns one paragraph takes. Words of Latin letters and
/// digits stay whole, and a closing mark takes the character before it along to its line.
fn lines_of(paragraph: &str, room: usize) -> usize {
    const CLOSING: &str = "，。；：、！？）》”’%";
    let (mut lines, mut used, mut word) = (1, 0, 0);
    for c in paragraph.chars() {
        let width = c.width_cjk().unwrap_or(0);
        if used + width > room {
            lines += 1;
            let taken = if CLOSING.contains(c) { 2 } else { word };
            used = if taken < room { taken } else { 0 };
        }
        used += width;
        word = if c.is_ascii_graphic() {
            word + width
        } else {
            0
        };
    }
    lines
}

/// The height in points of a row that holds each text in a column of the width beside it.
/// Excel does not do this itself for merged cells, nor for a file that it did not write.
pub fn height(cells: &[(&str, f64)], size: f64) -> f64 {
    let most = cells
        .iter()
        .map(|(text, columns)| lines(text, *columns, size))
        .max()
        .unwrap_or(1);
    (most as f64 * size * LEADING + 6.0).min(HIGHEST_ROW)
}

/// The rows before which a page is to end, so that no block of rows is torn: `blocks` are the
/// first row of each and its height in points, `widths` the columns in Excel's unit, `head` the
/// height of the rows repeated on every page. For sheets printed by [`landscape`].
pub fn page_breaks(blocks: &[(u32, f64)], widths: &[f64], head: f64) -> Vec<u32> {
    // A4 less the margins, in points, and a part of it kept free: other programs and fonts make
    // rows a little higher, and a row that spills over would be alone on its page.
    const WIDTH: f64 = 842.0 - 72.0;
    const HEIGHT: f64 = 595.0 - 83.0;
    const KEPT: f64 = 0.95;
    let points: f64 = widths.iter().map(|width| (width * 7.0 + 5.0) * 0.75).sum();
    let room = HEIGHT * (points / WIDTH).max(1.0) * KEPT;
    let mut breaks = Vec::new();
    let mut used = 0.0;
    for (index, &(row, height)) in blocks.iter().enumerate() {
        if index > 0 && used + height > room {
            breaks.push(row);
            used = head;
        }
        used += height;
    }
    breaks
}

/// A text as it can be written: the writer takes one that begins with `<r>` and ends with `</r>`
/// for its own markup and passes it on raw, unless a space stands before it.
pub fn literal(text: &str) -> Cow<'_, str> {
    match text.starts_with("<r>") {
        true => format!(" {text}").into(),
        false => text.into(),
    }
}

/// Brings a sheet onto A4 landscape, as wide as the paper and as many pages long as it needs,
/// with page numbers.
pub fn landscape(sheet: &mut Worksheet) {
    const A4: u8 = 9;
    sheet
        .set_paper_size(A4)
        .set_landscape()
        .set_margins(0.5, 0.5, 0.55, 0.6, 0.3, 0.3)
        .set_print_fit_to_pages(1, 0)
        .set_print_center_horizontally(true)
        .set_footer("&C&9第 &P 页，共 &N 页");
}

/// What a workbook says of itself. The day is always the same, so that the same content is the
/// same bytes.
///
/// # Errors
///
/// Never: the date is a good one.
pub fn properties(title: &str) -> Result<DocProperties, XlsxError> {
    Ok(DocProperties::new()
        .set_title(title)
        .set_creation_datetime(&ExcelDateTime::from_ymd(2019, 1, 1)?))
}

/// The bytes of a workbook: the same for the same content, on whatever system.
///
/// # Errors
///
/// When the writer refuses the workbook, for example for two sheets of one name.
pub fn save(workbook: &mut Workbook) -> Result<Vec<u8>, XlsxError> {
    let mut bytes = workbook.save_to_buffer()?;
    forget_system(&mut bytes);
    Ok(bytes)
}

/// Sets the byte of each entry of a zip file that names the system it was made on, the only
/// one that differs between systems, to the same value.
fn forget_system(zip: &mut [u8]) {
    const END: [u8; 4] = *b"PK\x05\x06";
    const ENTRY: [u8; 4] = *b"PK\x01\x02";
    const UNIX: u8 = 3;
    let number = |zip: &[u8], at: usize| {
        let pair = zip.get(at..at + 2)?;
        Some(usize::from(u16::from_le_bytes([pair[0], pair[1]])))
    };
    let Some(end) = zip.windows(4).rposition(|four| four == END) else {
        return;
    };
    let (Some(low), Some(high)) = (number(zip, end + 16), number(zip, end + 18)) else {
        return;
    };
    let mut at = low + (high << 16);
    while zip.get(at..at + 4) == Some(&ENTRY) {
        zip[at + 5] = UNIX;
        let lengths = [28, 30, 32].map(|offset| number(zip, at + offset).unwrap_or(0));
        at += 46 + lengths.iter().sum::<usize>();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_text_is_measured_as_it_is_printed() {
        assert_eq!(width("被考核单位"), 10);
        assert_eq!(width("1①"), 3);
        assert_eq!(width("“否”\n一二三四五"), 10);
        // 11 units are 74 pixels of text: five characters of 10 points (13.3 pixels) each.
        assert_eq!(lines("一二三四五", 11.0, 10.0), 1);
        assert_eq!(lines("一二三四五六", 11.0, 10.0), 2);
    }
}
