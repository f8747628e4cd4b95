//! A sheet of the report while it is written: every cell goes through here, so that text from
//! sheets is always text and a formula always carries its result.

use anyhow::{Result, ensure};
use rust_xlsxwriter::{Format, Formula, IgnoreError, Worksheet};

use crate::decimal::{Decimal, plain, to_f64};
use crate::location::Address;
use crate::output::style;
use crate::text::shown;

/// The longest text that is written: half of what a cell holds, since the limit counts UTF-16
/// units.
const LONGEST_TEXT: usize = 16_000;

/// A sheet being written.
pub(super) struct Page {
    /// The sheet.
    pub sheet: Worksheet,
    /// The number of columns that are printed.
    pub columns: u16,
    widths: Vec<f64>,
    /// The row of the last cell; what was written of a [`Paper::Passing`] sheet is gone.
    reached: Option<u32>,
}

/// What a sheet is written on.
pub(super) enum Paper {
    /// Cells are kept until the workbook is saved and may come in any order.
    Kept,
    /// Rows are written out one after the other, so that a long sheet needs no memory.
    Passing(Box<Worksheet>),
}

impl Page {
    /// An empty sheet on A4 landscape, `widths` wide.
    pub fn new(name: &str, widths: &[f64]) -> Result<Self> {
        Self::on(Paper::Kept, name, widths)
    }

    /// The same on some paper.
    pub fn on(paper: Paper, name: &str, widths: &[f64]) -> Result<Self> {
        let (mut sheet, reached) = match paper {
            Paper::Kept => (Worksheet::new(), None),
            Paper::Passing(sheet) => (*sheet, Some(0)),
        };
        sheet.set_name(name)?;
        style::landscape(&mut sheet);
        for (column, width) in (0..).zip(widths) {
            sheet.set_column_width(column, *width)?;
        }
        Ok(Self {
            sheet,
            columns: u16::try_from(widths.len())?,
            widths: widths.to_vec(),
            reached,
        })
    }

    /// Takes note of a cell to be written. The writer drops one of a row that has passed
    /// without a word.
    fn reach(&mut self, row: u32) -> Result<()> {
        if let Some(reached) = &mut self.reached {
            ensure!(row >= *reached, "row {row} was written before");
            *reached = row;
        }
        Ok(())
    }

    /// Writes a text; never taken for anything else.
    pub fn text(&mut self, row: u32, column: u16, text: &str, format: &Format) -> Result<()> {
        self.reach(row)?;
        if text.is_empty() {
            self.sheet.write_blank(row, column, format)?;
        } else {
            self.sheet
                .write_string_with_format(row, column, style::literal(text), format)?;
        }
        Ok(())
    }

    /// Writes a text that came out of a sheet or a file name.
    pub fn foreign(&mut self, row: u32, column: u16, text: &str, format: &Format) -> Result<()> {
        self.text(row, column, &shown(text, LONGEST_TEXT), format)
    }

    /// Writes a number as it was handed in or as the rubric has it.
    pub fn number(
        &mut self,
        row: u32,
        column: u16,
        number: Decimal,
        format: &Format,
    ) -> Result<()> {
        self.reach(row)?;
        self.sheet
            .write_number_with_format(row, column, to_f64(number), format)?;
        Ok(())
    }

    /// Writes a whole number, such as a round.
    pub fn count(&mut self, row: u32, column: u16, count: usize, format: &Format) -> Result<()> {
        self.number(row, column, Decimal::from(count), format)
    }

    /// Writes a formula with a number for its result, exactly as the engine has it.
    pub fn formula(
        &mut self,
        row: u32,
        column: u16,
        formula: &str,
        result: Decimal,
        format: &Format,
    ) -> Result<()> {
        let formula = Formula::new(formula).set_result(plain(result));
        self.reach(row)?;
        self.sheet
            .write_formula_with_format(row, column, formula, format)?;
        Ok(())
    }

    /// Writes a formula that says whether something holds.
    pub fn check(
        &mut self,
        row: u32,
        column: u16,
        formula: &str,
        holds: bool,
        format: &Format,
    ) -> Result<()> {
        let formula = Formula::new(formula).set_result(if holds { "TRUE" } else { "FALSE" });
        self.reach(row)?;
        self.sheet
            .write_formula_with_format(row, column, formula, format)?;
        Ok(())
    }

    /// Writes a formula with a text for its result. The writer guesses what a result is, so a
    /// text that reads like something else is written as itself, without the formula.
    pub fn words(
        &mut self,
        row: u32,
        column: u16,
        formula: &str,
        result: &str,
        format: &Format,
    ) -> Result<()> {
        let guessed = result.is_empty()
            || result.starts_with('#')
            || matches!(result, "TRUE" | "FALSE")
            || result.parse::<f64>().is_ok();
        if guessed {
            return self.foreign(row, column, result, format);
        }
        let formula = Formula::new(formula).set_result(shown(result, LONGEST_TEXT));
        self.reach(row)?;
        self.sheet
            .write_formula_with_format(row, column, formula, format)?;
        Ok(())
    }

    /// Writes a text across the whole printed width, in a row as high as it needs.
    pub fn across(&mut self, row: u32, text: &str, format: &Format, size: f64) -> Result<()> {
        let width: f64 = self.widths.iter().sum();
        self.band(row, 0, self.columns - 1, text, format)?;
        self.sheet
            .set_row_height(row, style::height(&[(text, width)], size))?;
        Ok(())
    }

    /// Writes a text across the columns from `first` to `last`.
    pub fn band(
        &mut self,
        row: u32,
        first: u16,
        last: u16,
        text: &str,
        format: &Format,
    ) -> Result<()> {
        if first == last {
            return self.text(row, first, text, format);
        }
        self.reach(row)?;
        self.sheet
            .merge_range(row, first, row, last, &style::literal(text), format)?;
        Ok(())
    }

    /// The title over the whole width, and the line below it.
    pub fn head(&mut self, title: &str, subtitle: &str) -> Result<()> {
        let last = self.columns - 1;
        self.band(0, 0, last, title, &style::title().set_font_size(22.0))?;
        self.sheet.set_row_height(0, 40)?;
        if subtitle.is_empty() {
            return Ok(());
        }
        self.band(1, 0, last, subtitle, &style::text())?;
        let width: f64 = self.widths.iter().sum();
        let height = style::height(&[(subtitle, width)], style::TEXT_SIZE);
        self.sheet.set_row_height(1, height)?;
        Ok(())
    }

    /// A row of headings, as high as the longest needs.
    pub fn header<T: AsRef<str>>(&mut self, row: u32, headings: &[T]) -> Result<()> {
        let format = style::header();
        for (column, heading) in (0..).zip(headings) {
            self.text(row, column, heading.as_ref(), &format)?;
        }
        let cells: Vec<(&str, f64)> = (0..)
            .zip(headings)
            .map(|(column, heading)| (heading.as_ref(), self.width(column)))
            .collect();
        let height = style::height(&cells, style::TEXT_SIZE);
        self.sheet.set_row_height(row, height)?;
        Ok(())
    }

    /// Makes a row as high as each text needs in its column.
    pub fn fit(&mut self, row: u32, cells: &[(u16, &str)]) -> Result<()> {
        let cells: Vec<(&str, f64)> = cells
            .iter()
            .map(|(column, text)| (*text, self.width(*column)))
            .collect();
        let height = style::height(&cells, style::TEXT_SIZE).max(LINE);
        self.sheet.set_row_height(row, height)?;
        Ok(())
    }

    /// The same for texts that each go over several columns.
    pub fn fit_bands(&mut self, row: u32, bands: &[(u16, u16, &str)]) -> Result<()> {
        let bands: Vec<(&str, f64)> = bands
            .iter()
            .map(|&(first, last, text)| {
                (text, (first..=last).map(|column| self.width(column)).sum())
            })
            .collect();
        let height = style::height(&bands, style::TEXT_SIZE).max(LINE);
        self.sheet.set_row_height(row, height)?;
        Ok(())
    }

    /// Keeps Excel from marking every cell of a long list: texts up to column `texts` may look
    /// like numbers, and the formulas beyond it differ with the kind of rule.
    pub fn unmarked(&mut self, first: u32, last: u32, texts: u16) -> Result<()> {
        let differs = IgnoreError::FormulaDiffers;
        self.sheet
            .ignore_error_range(first, 0, last, texts, IgnoreError::NumberStoredAsText)?
            .ignore_error_range(first, texts + 1, last, self.columns - 1, differs)?;
        Ok(())
    }

    /// What is printed: everything down to `row`, the headings at `header` on every page.
    pub fn print(&mut self, header: Option<u32>, row: u32) -> Result<()> {
        if let Some(header) = header {
            self.sheet.set_repeat_rows(header, header)?;
        }
        let last = self.columns - 1;
        self.sheet.set_print_area(0, 0, row, last)?;
        Ok(())
    }

    /// The width of a column as it was set.
    fn width(&self, column: u16) -> f64 {
        self.widths
            .get(usize::from(column))
            .copied()
            .unwrap_or(8.43)
    }
}

/// The height of a row of a table with one line of text, in points.
pub(super) const LINE: f64 = 20.0;

/// A cell's address that stays the same when the formula is copied: `$D$14`.
pub(super) fn fixed(row: u32, column: u16) -> String {
    format!("${}${}", letters(column), row + 1)
}

/// A cell's address: `D14`.
pub(super) fn cell(row: u32, column: u16) -> String {
    Address::new(row, u32::from(column)).to_string()
}

/// A block of cells that stays the same: `$D$4:$D$12`.
pub(super) fn block(first: (u32, u16), last: (u32, u16)) -> String {
    format!("{}:{}", fixed(first.0, first.1), fixed(last.0, last.1))
}

/// The same on another sheet: `'填报底稿'!$D$4:$D$12`.
pub(super) fn on(sheet: &str, reference: &str) -> String {
    format!("'{sheet}'!{reference}")
}

/// The letters of a column.
fn letters(column: u16) -> String {
    crate::location::column_letters(u32::from(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_formulas() {
        assert_eq!(cell(13, 3), "D14");
        assert_eq!(on("底稿", &block((3, 3), (11, 3))), "'底稿'!$D$4:$D$12");
    }
}
