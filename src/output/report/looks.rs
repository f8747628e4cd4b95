//! The formats of the report's cells, made once a sheet or class.

use rust_xlsxwriter::{Format, FormatAlign};

use crate::output::style;
use crate::text::NOT_APPLICABLE;

/// Formats.
pub(super) struct Looks {
    /// Text of a table.
    pub text: Format,
    /// A word or two, centred.
    pub centred: Format,
    /// Points with the decimals of the rubric, aligned at the point.
    pub points: Format,
    /// Points as the rubric has them: as many decimals as there are.
    pub plain: Format,
    /// Points that count most.
    pub strong: Format,
    /// A whole number.
    pub whole: Format,
    /// Whether something holds. Some programs keep TRUE as the number 1.
    pub truth: Format,
    /// Nothing, of an item that never counted: said to be so. Another number is shown as it is.
    pub out: Format,
    /// A share, as a percentage.
    pub share: Format,
    /// A value that may be changed to see what follows.
    pub input: Format,
    /// A row of a table that explains the rows below it.
    pub faint: Format,
    /// The same, points.
    pub faint_points: Format,
    /// Points, centred.
    pub centred_points: Format,
    /// A heading between tables.
    pub section: Format,
    /// Text without a border.
    pub note: Format,
}

impl Looks {
    /// The formats; points are printed with so many decimals.
    pub fn new(decimals: u32) -> Self {
        let places = style::points(decimals);
        // A wrapped number loses its indent in LibreOffice.
        let number = || {
            let cell = style::cell().set_align(FormatAlign::Right);
            cell.unset_text_wrap().set_indent(1)
        };
        Self {
            text: style::cell().set_align(FormatAlign::Left),
            centred: style::centred(),
            points: number().set_num_format(&places),
            plain: number().set_num_format("General"),
            strong: number().set_num_format(&places).set_bold(),
            whole: style::centred().set_num_format("0"),
            truth: style::centred().set_num_format("\"TRUE\";;\"FALSE\""),
            out: style::centred().set_num_format(format!("0.##;-0.##;\"{NOT_APPLICABLE}\"")),
            share: style::centred().set_num_format("0%"),
            input: style::centred()
                .set_num_format("General")
                .set_background_color(style::WAITING_FILL),
            faint: style::centred().set_background_color(style::CLOSED_FILL),
            faint_points: number()
                .set_num_format(&places)
                .set_background_color(style::CLOSED_FILL),
            centred_points: style::centred().set_num_format(&places),
            section: style::label().set_font_size(12.0),
            note: style::text().set_align(FormatAlign::Left),
        }
    }
}
