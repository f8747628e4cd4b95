//! The formats of the report's cells, made once a sheet.

use rust_xlsxwriter::{Format, FormatAlign};

use crate::output::style;

/// Formats.
pub(super) struct Looks {
    /// Text of a table.
    pub text: Format,
    /// A word or two, centred.
    pub centred: Format,
    /// Points with two decimals, aligned at the point.
    pub points: Format,
    /// Points as the rubric has them: as many decimals as there are.
    pub plain: Format,
    /// Points that count most.
    pub strong: Format,
    /// A whole number.
    pub whole: Format,
    /// A share, as a percentage.
    pub share: Format,
    /// A value that may be changed to see what follows.
    pub input: Format,
    /// A row of a table that explains the rows below it.
    pub faint: Format,
    /// The same, numbers.
    pub faint_points: Format,
    /// A heading between tables.
    pub section: Format,
    /// Text without a border.
    pub note: Format,
}

impl Looks {
    pub fn new() -> Self {
        let number = || style::cell().set_align(FormatAlign::Right).set_indent(1);
        Self {
            text: style::cell().set_align(FormatAlign::Left),
            centred: style::centred(),
            points: number().set_num_format("0.00"),
            plain: number().set_num_format("General"),
            strong: number().set_num_format("0.00").set_bold(),
            whole: style::centred().set_num_format("0"),
            share: style::centred().set_num_format("0%"),
            input: style::centred()
                .set_num_format("General")
                .set_background_color(style::WAITING_FILL),
            faint: style::centred().set_background_color(style::CLOSED_FILL),
            faint_points: number()
                .set_num_format("0.00")
                .set_background_color(style::CLOSED_FILL),
            section: style::label().set_font_size(12.0),
            note: style::text().set_align(FormatAlign::Left),
        }
    }
}
