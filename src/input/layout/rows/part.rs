//! Rows of a table one after the other, each field taken out with its cell.

mod kind;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::super::field::{field_of, optional, words};
use super::super::footer::is_title;
use super::super::labels::{Labels, Said, is_like, is_measure, is_name_of_unit};
use super::super::outside;
use super::super::room::{NoRoom, Room};
use super::{Columns, Shape, Units};
use crate::location::Address;
use crate::model::grid::{Cell, Merge, Row as GridRow, Sheet};
use crate::model::submission::{At, Beside, Context, Field, Layout, Row, Stated, Written};
use crate::text;
use kind::{Kind, begins_of};

/// What was read of some of the rows of a table.
#[derive(Default)]
pub(super) struct Part {
    /// The fields.
    pub(super) rows: Vec<Row>,
    /// In which columns of rules any row has a value.
    pub(super) filled: Vec<bool>,
    /// The first cell that says another unit, period, round or year than the labels above.
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
    /// The rows up to the last that is no title, and the fields that those behind it gave.
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
        if fields > 0 && !(row.cells.len() == 1 && begins_of(row).any(is_title)) {
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
        let kind = self.kind(row, below, (&id, &value));
        match kind {
            Kind::End => return Ok(false),
            Kind::Heading => return Ok(true),
            Kind::Other => self.look_at(row),
            Kind::Data => {
                if !self.is_of_many() {
                    self.look_for_label(row, self.right_of(row));
                }
                match self.shape.header.layout {
                    Layout::Wide => self.take_wide(row)?,
                    _ => self.take_single(row, (id, value))?,
                }
            }
        }
        if self.part.beside.is_none() {
            self.part.beside = self.table_beside(row);
        }
        Ok(true)
    }

    /// Looks for a label in those cells of a row that says another period, round or year than those above.
    fn look_for_label(&mut self, row: &GridRow, cells: &[(u32, Cell)]) {
        let says_itself = self.is_of_many() && self.shape.columns.round.is_some();
        if self.part.label.is_none() && !cells.is_empty() && !says_itself {
            let place = (self.sheet, row);
            self.part.label = Labels::says_otherwise(place, cells, &self.shape.above);
        }
    }

    /// Looks for what a row that is none of the data says all the same.
    fn look_at(&mut self, row: &GridRow) {
        self.part.past_footer |= self.is_footer(row);
        self.look_for_label(row, &row.cells);
        let is_of_table = self.shape.alone_in.is_none() || self.is_footer(row) || self.is_sum(row);
        if let Some(column) = outside::data_in(&row.cells).filter(|_| !is_of_table) {
            let first = Address::new(row.index, column);
            let (first, rows) = self.part.outside.unwrap_or((first, 0));
            self.part.outside = Some((first, rows + 1));
        }
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

    /// Whether that is what the labels above say, in other words perhaps.
    fn is_said_above(&self, said: &Stated, above: &Stated) -> bool {
        let key = |written: &Written| text::key(&written.text()).into_owned();
        !above.written.is_blank() && is_like(&key(&above.written), &key(&said.written))
    }

    /// Whose the row is: what its columns say, else the labels above. A cell in a merged block
    /// says what the block says.
    fn context(&mut self, row: &GridRow) -> Result<Arc<Context>, NoRoom> {
        // A blank says nothing.
        let stated = |field: Option<Stated>, above: &Option<Stated>, holds: bool| {
            let field = field.filter(|field| !field.written.is_blank());
            field.or_else(|| above.clone().filter(|_| holds))
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
        if let Some(said) = unit.as_ref().filter(|_| self.part.label.is_none())
            && matches!(self.shape.units, Units::Measures)
            && is_name_of_unit(&said.written.text())
            && !self.is_said_above(said, &above.unit)
        {
            self.part.label = match said.at {
                At::Column(column) => Some(Address::new(row.index, column)),
                At::Cell(address) => Some(address),
            };
        }
        let unit = unit.filter(|said| match self.shape.units {
            Units::Names => true,
            Units::Measures => false,
            Units::Either if said.written.is_blank() => self.is_of_many(),
            Units::Either => !is_measure(&said.written.text()),
        });
        let unit = unit.unwrap_or_else(|| above.unit.clone());
        // What is said of a form above a list holds for its unit alone, and the round for its period.
        let Said {
            period: own_period,
            round: own_round,
            year: own_year,
            ..
        } = self.shape.own;
        let is_of_form = !self.is_of_many() || self.is_said_above(&unit, &above.unit);
        let has_period = !above.period.written.is_blank() && (own_period || is_of_form);
        let period = period.filter(|said| !said.written.is_blank() || !has_period);
        let period = period.unwrap_or_else(|| above.period.clone());
        let is_of_period =
            is_of_form && (!self.is_of_many() || self.is_said_above(&period, &above.period));
        let context = Context {
            unit,
            period,
            round: stated(round, &above.round, own_round || is_of_period),
            year: stated(year, &above.year, own_year || is_of_form),
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
