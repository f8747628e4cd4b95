//! What a row below a header is.

use super::Reader;
use crate::decimal;
use crate::input::layout::field::optional;
use crate::input::layout::footer::{
    is_footer, is_name_of_sum, is_numbering, is_section, is_signature, is_sum, is_written_date,
};
use crate::input::layout::header::{self, Header, of_two};
use crate::input::layout::labels::{Labels, begins_with_label, is_measure, text_of};
use crate::input::layout::outside;
use crate::input::layout::rows::Columns;
use crate::location::Address;
use crate::model::grid::{Cell, Content, Row as GridRow};
use crate::model::rubric::RuleId;
use crate::model::submission::{Field, Layout, Written};

/// Characters that the name of a rule has at least; values have fewer.
const SHORTEST_NAME: usize = 4;

/// What a row below a header is.
pub(super) enum Kind {
    /// One of its data.
    Data,
    /// A part of the header, or about its columns.
    Heading,
    /// A sum, a signature, a note, a label: none of the data.
    Other,
    /// The beginning of another table, or of its labels.
    End,
}

impl Reader<'_> {
    /// What `row` is, with another `below` it.
    pub(super) fn kind(
        &mut self,
        row: &GridRow,
        below: Option<&GridRow>,
        (id, value): (&Field, &Field),
    ) -> Kind {
        let wide = self.shape.header.layout == Layout::Wide;
        let is_part_of_header = id.is_blank() && row.index <= self.shape.header_end;
        let is_about_columns = match wide {
            true => self.is_heading(row, id),
            false => self.numbers_columns(row),
        };
        if is_part_of_header || is_about_columns && !Header::is(row) {
            return Kind::Heading;
        }
        let is_data = match wide {
            _ if self.holds_labels(row, id) || self.is_date_or_page(row, id) => false,
            true if id.is_blank() => self.is_in_block(row),
            true => self.is_unit(&id.text()) && !self.is_label(row, id),
            false => id_of(id).is_some(),
        };
        let ends = match is_data {
            true => self.is_header_too(row),
            false => {
                Header::is(row)
                    || below.is_some_and(|below| of_two(row, below, &[]).is_some())
                    || !self.is_of_many() && Labels::starts_at(row, self.shape.weak)
            }
        };
        if ends {
            Kind::End
        } else if is_data || !self.is_no_data(row, id, value) {
            Kind::Data
        } else {
            Kind::Other
        }
    }

    /// Whether each row says whose it is: labels below the header change nothing, then.
    pub(super) fn is_of_many(&self) -> bool {
        !self.shape.header.is_of_form()
    }

    /// Whether the text in the column of units of a wide table can be the name of one.
    fn is_unit(&self, text: &str) -> bool {
        !is_sum(text) && !is_footer(text) && !header::is_named(text)
    }

    /// Whether a row of a wide table has a label in the column of units, and no value.
    fn is_label(&self, row: &GridRow, id: &Field) -> bool {
        begins_with_label(&id.text()) && self.filled(row) == 0
    }

    /// How many rules of a wide table have a value in a row.
    fn filled(&self, row: &GridRow) -> usize {
        let is_rule = |(column, _): &&(u32, Cell)| {
            let place = self
                .shape
                .rules
                .binary_search_by_key(column, |rule| rule.value);
            place.is_ok()
        };
        row.cells.iter().filter(is_rule).count()
    }

    /// Whether a row of a wide table is about no unit: it heads a group, numbers or names the columns,
    /// or sums up the periods of a unit.
    fn is_heading(&self, row: &GridRow, id: &Field) -> bool {
        let period = optional(row, self.shape.columns.period);
        let sums_up = || (period.as_ref()).is_some_and(|period| is_name_of_sum(&period.text()));
        let is_section = || row.cells.len() == 1 && is_section(&id.text());
        let names_rules = || {
            let is_name = |(_, cell): &(u32, Cell)| {
                let is_long = |text: &str| text.chars().count() >= SHORTEST_NAME;
                text_of(cell).is_some_and(|text| is_long(text) || is_measure(text))
            };
            let says_none = id.is_blank() && period.as_ref().is_none_or(Field::is_blank);
            let header = self.shape.header.row;
            // What stands below no header divides one, if all are divided.
            let has_none = |(column, _): &&(u32, Cell)| {
                let header = Address::new(header, *column);
                self.sheet.cell(header).is_none()
            };
            let divided = || row.cells.iter().filter(has_none).count() >= self.shape.rules.len();
            let is_next = row.index == header + 1;
            is_next && says_none && row.cells.iter().all(is_name) && !divided()
        };
        sums_up() || is_section() || names_rules() || !id.is_blank() && is_numbering(row)
    }

    /// Whether a row right below the header of a form or a list numbers its columns. So many numbers one
    /// after the other are no id with its value.
    fn numbers_columns(&self, row: &GridRow) -> bool {
        const FEWEST: usize = 4;
        let is_next = row.index == self.shape.header.row + 1;
        is_next && row.cells.len() >= FEWEST && is_numbering(row)
    }

    /// Whether a row of a form begins with a label, and what stands where the ids do is a value of one.
    fn holds_labels(&self, row: &GridRow, id: &Field) -> bool {
        if self.is_of_many() || !begins_of(row).any(begins_with_label) {
            return false;
        }
        let is_label = |(_, cell): &&(u32, Cell)| text_of(cell).is_some_and(begins_with_label);
        let value = self.shape.columns.value.and_then(|value| row.cell(value));
        let is_rule = row.cell(id.address.column).is_some_and(outside::is_rule);
        !is_rule && (value.is_none() || row.cells.iter().filter(is_label).count() > 1)
    }

    /// Whether a row has the date of a signature in the place of an id, or nothing but a date, or below
    /// signatures a page number.
    fn is_date_or_page(&self, row: &GridRow, id: &Field) -> bool {
        let is_alone = row.cells.len() == 1;
        match id.written {
            Written::Date(_) => is_alone || is_signature(row),
            _ => is_alone && self.part.past_footer && decimal::parse(&id.text()).is_some(),
        }
    }

    /// Whether a row with a readable id is the header of another table below this one.
    fn is_header_too(&self, row: &GridRow) -> bool {
        let Some((first, last)) = self.shape.alone_in else {
            return false;
        };
        let from = row.cells.partition_point(|(column, _)| *column < first);
        let to = row.cells.partition_point(|(column, _)| *column <= last);
        let within = row.cells.get(from..to).unwrap_or_default();
        let is_named = |(_, cell): &(u32, Cell)| text_of(cell).is_some_and(header::is_name);
        match self.shape.header.layout {
            // Few of its cells are texts.
            Layout::Wide => within.iter().any(is_named) && Header::is(row),
            _ => within.first().is_some_and(is_named) && header::begins_in(within).is_some(),
        }
    }

    /// The cells of a row left and right of the columns of this table, if none stands beside it.
    fn beside<'a>(&self, row: &'a GridRow) -> [&'a [(u32, Cell)]; 2] {
        let (first, last) = self.shape.alone_in.unwrap_or((0, u32::MAX));
        let left = row.cells.partition_point(|(column, _)| *column < first);
        let right = row.cells.partition_point(|(column, _)| *column <= last);
        [&row.cells[..left], &row.cells[right..]]
    }

    /// The next of those on the right under no header, with the labels that somebody wrote there.
    pub(super) fn right_of<'a>(&self, row: &'a GridRow) -> &'a [(u32, Cell)] {
        const NEAR: usize = 8;
        let right = self.beside(row)[1];
        let right = &right[right.partition_point(|(column, _)| *column <= self.shape.headed_to)..];
        &right[..right.len().min(NEAR)]
    }

    /// Where another table begins, or goes on, beside this one.
    pub(super) fn table_beside(&self, row: &GridRow) -> Option<Address> {
        let beside = self.beside(row);
        if beside.iter().all(|cells| cells.is_empty()) && self.shape.header.ended.is_none() {
            return None;
        }
        let mut beside = beside.into_iter();
        let goes_on = |column: &u32| row.cell(*column).is_some_and(outside::is_rule);
        let column = beside.find_map(header::begins_in);
        let column = column.or_else(|| self.shape.header.ended.filter(goes_on));
        column.map(|column| Address::new(row.index, column))
    }

    /// Whether the unit of a row is named by a merged block that it lies in.
    fn is_in_block(&mut self, row: &GridRow) -> bool {
        let unit = self.shape.columns.unit;
        let unit = unit.and_then(|column| self.spelled(row, column));
        unit.is_some_and(|unit| !unit.written.is_blank() && self.is_unit(&unit.written.text()))
    }

    /// Whether a row names a sum, in front of its values.
    pub(super) fn is_sum(&self, row: &GridRow) -> bool {
        let Columns {
            id, value, unit, ..
        } = self.shape.columns;
        let first = self.shape.rules.first().map(|rule| rule.value).or(value);
        let mut names = row.cells.iter().filter(|(column, _)| {
            let in_front = first.is_none_or(|first| *column < first);
            [id, unit].contains(&Some(*column)) || in_front && !self.shape.columns.is_aside(*column)
        });
        names.any(|(_, cell)| matches!(&cell.content, Content::Text(text) if is_sum(text)))
    }

    /// Whether most rules of a wide table have a value in a row: signatures stand here and there.
    fn is_filled(&self, row: &GridRow) -> bool {
        self.filled(row) * 2 > self.shape.rules.len()
    }

    /// Whether a row is a line of signatures or notes, as far as it is below this table.
    pub(super) fn is_footer(&self, row: &GridRow) -> bool {
        let header = self.shape.header;
        let half = header.range().filter(|_| !header.alone);
        let (from, to) = half.unwrap_or((0, u32::MAX));
        let is_below = |(column, _): &&(u32, Cell)| (from..=to).contains(column);
        let cells = row.cells.iter().filter(is_below);
        let mut texts = cells.filter_map(|(_, cell)| text_of(cell));
        !self.is_filled(row) && texts.next().is_some_and(is_footer)
    }

    /// Whether a row without a readable id is none of the data.
    fn is_no_data(&self, row: &GridRow, id: &Field, value: &Field) -> bool {
        let is_wide = self.shape.header.layout == Layout::Wide;
        let is_filled = self.is_filled(row);
        let has_value = match is_wide {
            true => self.filled(row) > 0,
            false => !value.is_blank(),
        };
        let is_label = match self.is_of_many() {
            true => Labels::leads(row) || begins_of(row).any(begins_with_label),
            false => begins_with_label(&id.text()) || begins_of(row).any(begins_with_label),
        };
        if !has_value || self.is_footer(row) || is_label || self.is_sum(row) {
            return true;
        }
        // A date below a table belongs to its signatures; (1), (2) … number its columns.
        let is_date = || match &value.written {
            Written::Date(_) => true,
            written => is_written_date(&written.text()),
        };
        let is_date = id.is_blank() && is_date();
        let numbers = |field: &Field| {
            let text = field.text();
            text.starts_with(['(', '（']) && text.ends_with([')', '）'])
        };
        let is_numbering = numbers(id) && numbers(value);
        let is_signed = self.part.past_footer && id.is_blank();
        !is_filled && (is_date || is_signed) || is_numbering
    }
}

/// The first cell of a row, if it holds text.
pub(super) fn begins_of(row: &GridRow) -> impl Iterator<Item = &str> {
    row.cells
        .iter()
        .take(1)
        .filter_map(|(_, cell)| text_of(cell))
}

/// The 编号 or 任务序号 that a cell holds, if it can be read as one (dates included: they are
/// what Excel made of one).
fn id_of(field: &Field) -> Option<RuleId> {
    match &field.written {
        Written::Date(text) => RuleId::of_date(text),
        _ => RuleId::parse(&field.text()),
    }
}
