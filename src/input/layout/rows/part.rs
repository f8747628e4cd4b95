//! Rows of a table one after the other, each field taken out with its cell.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::super::field::{field_of, optional, words};
use super::super::footer::{
    is_footer, is_name_of_sum, is_numbering, is_section, is_signature, is_sum,
};
use super::super::header::{self, Header, of_two};
use super::super::labels::{Labels, begins_with_label, is_measure, text_of};
use super::super::outside;
use super::super::room::{NoRoom, Room};
use super::{Columns, Shape, Units};
use crate::decimal;
use crate::location::Address;
use crate::model::grid::{Cell, Content, Merge, Row as GridRow, Sheet};
use crate::model::rubric::RuleId;
use crate::model::submission::{At, Beside, Context, Field, Layout, Row, Stated, Written};

/// Characters that the name of a rule has at least; values have fewer.
const SHORTEST_NAME: usize = 4;

/// What was read of some of the rows of a table.
#[derive(Default)]
pub(super) struct Part {
    /// The fields.
    pub(super) rows: Vec<Row>,
    /// In which columns of rules any row has a value.
    pub(super) filled: Vec<bool>,
    /// The first label that says another round or year than the table has.
    pub(super) label: Option<Address>,
    /// The first header beside the table, which stands in no row with its own.
    pub(super) beside: Option<Address>,
    /// The first row that is none of its data and looks like that of another table, and how many
    /// there are.
    pub(super) outside: Option<(Address, u32)>,
    /// Whether a signature line was passed, in these rows or before.
    pub(super) past_footer: bool,
    /// The rows of the sheet that belong to the table, and those up to the last one with data.
    pub(super) used: usize,
    pub(super) data: usize,
    /// The rows up to the last with more than a name, and the fields that those behind it gave.
    pub(super) solid: usize,
    pub(super) loose: usize,
    /// Whether the table ends behind those.
    pub(super) ended: bool,
    /// Bytes of memory that they take.
    pub(super) spent: usize,
}

impl Part {
    /// Nothing yet.
    pub(super) fn begun(shape: &Shape<'_>) -> Self {
        Self {
            filled: vec![false; shape.rules.len()],
            ..Self::default()
        }
    }

    /// Adds the rows of the part behind this one.
    pub(super) fn add(&mut self, part: Self) {
        self.rows.extend(part.rows);
        for (filled, here) in self.filled.iter_mut().zip(part.filled) {
            *filled |= here;
        }
        self.label = self.label.or(part.label);
        self.beside = self.beside.or(part.beside);
        self.outside = match (self.outside, part.outside) {
            (Some((first, rows)), Some((_, more))) => Some((first, rows + more)),
            (here, there) => here.or(there),
        };
        self.past_footer = part.past_footer;
        if part.data > 0 {
            self.data = self.used + part.data;
        }
        if part.solid > 0 {
            self.solid = self.used + part.solid;
            self.loose = 0;
        }
        self.loose += part.loose;
        self.used += part.used;
        self.ended = part.ended;
        self.spent += part.spent;
    }
}

/// Reads so many `rows` of `sheet` as far as the table goes, which has passed a signature line or not;
/// they may take so many bytes of memory.
pub(super) fn read(
    (shape, sheet): (&Shape<'_>, &Sheet),
    rows: Range<usize>,
    past_footer: bool,
    room: usize,
) -> Result<Part, NoRoom> {
    let mut reader = Reader {
        shape,
        sheet,
        room: Room(room),
        said: HashMap::new(),
        last: None,
        part: Part {
            past_footer,
            ..Part::begun(shape)
        },
    };
    for (row, next) in sheet.rows[rows.clone()].iter().zip(rows.start + 1..) {
        let before = reader.part.rows.len();
        reader.part.ended = !reader.take(row, sheet.rows.get(next))?;
        if reader.part.ended {
            break;
        }
        reader.part.used += 1;
        let fields = reader.part.rows.len() - before;
        if fields > 0 {
            reader.part.data = reader.part.used;
        }
        if fields > 0 && row.cells.len() > 1 {
            reader.part.solid = reader.part.used;
            reader.part.loose = 0;
        } else {
            reader.part.loose += fields;
        }
    }
    reader.part.spent = room - reader.room.0;
    Ok(reader.part)
}

/// A part while it is read.
struct Reader<'a> {
    shape: &'a Shape<'a>,
    sheet: &'a Sheet,
    room: Room,
    /// What the last of the merged blocks said, by its first cell, in each of their columns.
    said: HashMap<u32, (Address, Stated)>,
    /// The context of the row before, shared by the next row if it reads the same.
    last: Option<Arc<Context>>,
    part: Part,
}

impl Reader<'_> {
    /// Takes one row, with another `below`; `false` if the table has ended before it.
    fn take(&mut self, row: &GridRow, below: Option<&GridRow>) -> Result<bool, NoRoom> {
        let id = self.field(row, self.shape.columns.id);
        let value = self.field(row, self.shape.columns.value);
        let wide = self.shape.header.layout == Layout::Wide;
        let is_part_of_header = id.is_blank() && row.index <= self.shape.header_end;
        let is_heading = match wide {
            true => self.is_heading(row, &id),
            false => self.numbers_columns(row),
        };
        if is_part_of_header || is_heading && !Header::is(row) {
            return Ok(true);
        }
        let is_data = match wide {
            _ if self.holds_labels(row, &id) || self.is_date_or_page(row, &id) => false,
            true if id.is_blank() => self.is_in_block(row),
            true => self.is_unit(&id.text()) && !self.is_label(row, &id),
            false => id_of(&id).is_some(),
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
            return Ok(false);
        }
        if self.part.beside.is_none() {
            self.part.beside = self.table_beside(row);
        }
        if !is_data && self.is_no_data(row, &id, &value) {
            if self.part.label.is_none() {
                self.part.label = Labels::says_otherwise(self.sheet, row, &self.shape.above);
            }
            if let Some(column) = outside::data_in(&row.cells)
                && self.shape.alone_in.is_some()
            {
                let first = Address::new(row.index, column);
                let (first, rows) = self.part.outside.unwrap_or((first, 0));
                self.part.outside = Some((first, rows + 1));
            }
            return Ok(true);
        }
        match wide {
            true => self.take_wide(row)?,
            false => self.take_single(row, (id, value))?,
        }
        Ok(true)
    }

    /// Whether each row says whose it is: labels below the header change nothing, then.
    fn is_of_many(&self) -> bool {
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
                text_of(cell).is_some_and(|text| text.chars().count() >= SHORTEST_NAME)
            };
            let says_none = id.is_blank() && period.as_ref().is_none_or(Field::is_blank);
            let is_next = row.index == self.shape.header.row + 1;
            is_next && says_none && row.cells.iter().all(is_name)
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

    /// Whether a row with a readable id is the header of a wide table below this one.
    fn is_header_too(&self, row: &GridRow) -> bool {
        let Some((first, last)) = self.shape.alone_in else {
            return false;
        };
        let from = row.cells.partition_point(|(column, _)| *column < first);
        let to = row.cells.partition_point(|(column, _)| *column <= last);
        let within = row.cells.get(from..to).unwrap_or_default();
        let name = within.first().and_then(|(_, cell)| text_of(cell));
        name.is_some_and(header::is_name) && header::begins_in(within).is_some()
    }

    /// Where another table begins, or goes on, beside this one.
    fn table_beside(&self, row: &GridRow) -> Option<Address> {
        let (first, last) = self.shape.alone_in?;
        let left = row.cells.partition_point(|(column, _)| *column < first);
        let right = row.cells.partition_point(|(column, _)| *column <= last);
        let mut beside = [&row.cells[..left], &row.cells[right..]].into_iter();
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
    fn is_sum(&self, row: &GridRow) -> bool {
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

    /// Whether a row without a readable id is none of the data.
    fn is_no_data(&mut self, row: &GridRow, id: &Field, value: &Field) -> bool {
        let is_wide = self.shape.header.layout == Layout::Wide;
        let cells = self.filled(row);
        // Signatures stand here and there below a table, never under most of its rules.
        let is_filled = cells * 2 > self.shape.rules.len();
        let header = self.shape.header;
        let half = header.range().filter(|_| !header.alone);
        let (from, to) = half.unwrap_or((0, u32::MAX));
        let cells_of_it = row
            .cells
            .iter()
            .filter(|(column, _)| (from..=to).contains(column));
        let mut texts = cells_of_it.filter_map(|(_, cell)| text_of(cell));
        let is_footer = !is_filled && texts.next().is_some_and(is_footer);
        self.part.past_footer |= is_footer;
        let has_value = match is_wide {
            true => cells > 0,
            false => !value.is_blank(),
        };
        let is_label = match self.is_of_many() {
            true => Labels::leads(row) || begins_of(row).any(begins_with_label),
            false => begins_with_label(&id.text()) || begins_of(row).any(begins_with_label),
        };
        if !has_value || is_footer || is_label || self.is_sum(row) {
            return true;
        }
        // A date below a table belongs to its signatures; (1), (2) … number its columns.
        let is_date = id.is_blank() && matches!(value.written, Written::Date(_));
        let numbers = |field: &Field| {
            let text = field.text();
            text.starts_with(['(', '（']) && text.ends_with([')', '）'])
        };
        let is_numbering = numbers(id) && numbers(value);
        let is_signed = self.part.past_footer && id.is_blank();
        !is_filled && (is_date || is_signed) || is_numbering
    }

    /// A row that holds one value.
    fn take_single(&mut self, row: &GridRow, (id, value): (Field, Field)) -> Result<(), NoRoom> {
        let taken = Row {
            reason: optional(row, self.shape.columns.reason),
            beside: self.room.boxed(Beside {
                evidence: words(row, self.shape.columns.evidence),
                claim: words(row, self.shape.columns.claim),
                measured: optional(row, self.shape.columns.measured)
                    .filter(|measured| !measured.is_blank())
                    .map(Box::new),
            })?,
            context: self.context(row)?,
            id,
            value,
        };
        self.room.spend_on_row(&taken)?;
        self.part.rows.push(taken);
        Ok(())
    }

    /// A row that holds a value for each rule column.
    fn take_wide(&mut self, row: &GridRow) -> Result<(), NoRoom> {
        let context = self.context(row)?;
        for (rule, filled) in self.shape.rules.iter().zip(&mut self.part.filled) {
            *filled |= row.cell(rule.value).is_some();
            let beside = Beside {
                evidence: words(row, rule.evidence),
                claim: words(row, rule.claim),
                measured: None,
            };
            let taken = Row {
                context: Arc::clone(&context),
                id: rule.id.clone(),
                value: field_of(Address::new(row.index, rule.value), row.cell(rule.value)),
                reason: optional(row, rule.reason),
                beside: self.room.boxed(beside)?,
            };
            self.room.spend_on_row(&taken)?;
            self.part.rows.push(taken);
        }
        Ok(())
    }

    /// The field of `row` in `column`; where there is no such column, blank.
    fn field(&self, row: &GridRow, column: Option<u32>) -> Field {
        optional(row, column).unwrap_or_else(|| {
            let first = self
                .shape
                .header
                .columns
                .first()
                .map_or(0, |(column, _)| *column);
            Field::blank(Address::new(row.index, first))
        })
    }

    /// The merged block in one of those columns that `address` lies in; blocks do not overlap.
    fn block_at(&self, address: Address) -> Option<&Merge> {
        let (_, blocks) = self
            .shape
            .blocks
            .iter()
            .find(|(column, _)| *column == address.column)?;
        let above = blocks.partition_point(|merge| merge.first.row <= address.row);
        let last = blocks.get(above.checked_sub(1)?)?;
        last.contains(address).then_some(last)
    }

    /// What a row says in `column`: the cell, or the merged block that it lies in.
    fn spelled(&mut self, row: &GridRow, column: u32) -> Option<Stated> {
        let address = Address::new(row.index, column);
        let cell = row.cell(column);
        let block = match cell {
            Some(_) => None,
            None => self.block_at(address).map(|merge| merge.first),
        };
        let Some(first) = block else {
            return Some(Stated {
                at: At::Column(column),
                written: field_of(address, cell).written.brief(),
            });
        };
        if let Some((of, said)) = self.said.get(&column)
            && *of == first
        {
            return Some(said.clone());
        }
        let said = Stated::in_cell(field_of(first, self.sheet.cell(first)));
        self.said.insert(column, (first, said.clone()));
        Some(said)
    }

    /// Whose the row is: what its columns say, else the labels above. A cell in a merged block
    /// says what the block says.
    fn context(&mut self, row: &GridRow) -> Result<Arc<Context>, NoRoom> {
        // A blank says nothing.
        let stated = |field: Option<Stated>, above: &Option<Stated>| {
            let field = field.filter(|field| !field.written.is_blank());
            field.or_else(|| above.clone())
        };
        if self.shape.blocks.is_empty() {
            return Ok(Arc::clone(&self.shape.above));
        }
        let Columns {
            unit,
            period,
            round,
            year,
            ..
        } = self.shape.columns;
        let [unit, period, round, year] =
            [unit, period, round, year].map(|column| self.spelled(row, column?));
        let above = &self.shape.above;
        let unit = unit.filter(|said| match self.shape.units {
            Units::Names => true,
            Units::Measures => false,
            Units::Either if said.written.is_blank() => self.is_of_many(),
            Units::Either => !is_measure(&said.written.text()),
        });
        let context = Context {
            unit: unit.unwrap_or_else(|| above.unit.clone()),
            period: period
                .filter(|said| !said.written.is_blank() || !self.shape.period_above)
                .unwrap_or_else(|| above.period.clone()),
            round: stated(round, &above.round),
            year: stated(year, &above.year),
        };
        match &self.last {
            Some(last) if **last == context => Ok(Arc::clone(last)),
            _ => {
                self.room.spend(size_of::<Context>())?;
                let context = Arc::new(context);
                self.last = Some(Arc::clone(&context));
                Ok(context)
            }
        }
    }
}

/// The first cell of a row, if it holds text.
fn begins_of(row: &GridRow) -> impl Iterator<Item = &str> {
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
