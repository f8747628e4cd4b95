//! The rows below a header, each field taken out with its cell.

use std::collections::HashMap;
use std::mem;
use std::sync::Arc;

use super::field::{field_of, optional, words};
use super::footer::{is_footer, is_sum};
use super::header::{Aside, Column, Header};
use super::labels::Labels;
use super::room::{NoRoom, Room, TABLE};
use crate::location::{Address, Source};
use crate::model::grid::{Content, Merge, Row as GridRow, Sheet};
use crate::model::rubric::RuleId;
use crate::model::submission::{At, Beside, Context, Field, Layout, Row, Stated, Table, Written};

/// So many rows are a long sheet.
const LONG: usize = 4096;

/// The columns that say whose a row is.
const CONTEXT: [Column; 4] = [Column::Unit, Column::Period, Column::Round, Column::Year];

/// The columns of a table, where it has them.
struct Columns {
    id: Option<u32>,
    value: Option<u32>,
    unit: Option<u32>,
    period: Option<u32>,
    round: Option<u32>,
    year: Option<u32>,
    reason: Option<u32>,
    evidence: Option<u32>,
    claim: Option<u32>,
    measured: Option<u32>,
}

impl Columns {
    fn of(header: &Header) -> Self {
        let (id, value) = key_columns(header);
        let find = |column| header.find(column);
        Self {
            id: find(id),
            value: find(value),
            unit: find(Column::Unit),
            period: find(Column::Period),
            round: find(Column::Round),
            year: find(Column::Year),
            reason: find(Column::Reason),
            evidence: find(Column::Evidence),
            claim: find(Column::Claim),
            measured: find(Column::Measured),
        }
    }
}

/// The columns of one rule of a wide table.
struct OfRule {
    /// Its header, which says what the rule is.
    id: Field,
    value: u32,
    reason: Option<u32>,
    evidence: Option<u32>,
    claim: Option<u32>,
    /// Whether any row so far has a value there.
    filled: bool,
}

/// The merged blocks of a sheet, column by column, once somebody has asked for them.
#[derive(Default)]
pub(super) struct Blocks(HashMap<u32, Arc<[Merge]>>);

impl Blocks {
    fn over(
        &mut self,
        sheet: &Sheet,
        column: u32,
        room: &mut Room,
    ) -> Result<Arc<[Merge]>, NoRoom> {
        if let Some(known) = self.0.get(&column) {
            return Ok(Arc::clone(known));
        }
        let blocks: Arc<[Merge]> = sheet.merges_over(column).into();
        room.spend(size_of_val(&*blocks))?;
        self.0.insert(column, Arc::clone(&blocks));
        Ok(blocks)
    }
}

/// One table while it is read.
struct Reader<'a> {
    header: &'a Header,
    room: &'a mut Room,
    columns: Columns,
    /// The rules of a wide table, left to right.
    rules: Vec<OfRule>,
    /// The merged blocks in the columns that say whose a row is.
    blocks: Vec<(u32, Arc<[Merge]>)>,
    /// What the last of them said, by its first cell, in each of these columns.
    said: HashMap<u32, (Address, Stated)>,
    /// What the labels above say.
    above: Arc<Context>,
    /// Whether the unit is named above, and the column 单位 therefore holds a unit of measure.
    unit_above: bool,
    /// The context of the row before, shared by the next row if it reads the same.
    last: Option<Arc<Context>>,
    rows: Vec<Row>,
    /// Whether a signature line was passed.
    past_footer: bool,
}

/// Reads the rows below `header`, of which the first is the `first` of `sheet`, and returns the
/// table with the number of rows that belong to it. The cells of a long sheet are given back on the
/// way, where no merged block can need them. What the table takes of memory is taken off `room`.
pub(super) fn read(
    (sheet, blocks): (&mut Sheet, &mut Blocks),
    first: usize,
    source: &Source,
    (header, labels): (Header, &Labels),
    room: &mut Room,
) -> Result<(Table, usize), NoRoom> {
    let (id, value) = key_columns(&header);
    let id_header = header.address(id);
    room.spend(TABLE)?;
    room.spend_on_texts(header.faults.len())?;
    let columns = CONTEXT.iter().filter_map(|column| header.find(*column));
    let blocks = columns.map(|column| Ok((column, blocks.over(sheet, column, room)?)));
    let blocks = blocks.collect::<Result<_, NoRoom>>()?;
    let mut reader = Reader {
        header: &header,
        room,
        columns: Columns::of(&header),
        rules: rules_of(&header),
        blocks,
        said: HashMap::new(),
        above: Arc::new(labels.context(id_header)),
        unit_above: header.weak_unit && labels.names_unit(),
        last: None,
        rows: Vec::new(),
        past_footer: false,
    };
    // Rows that came out of order are parts of blocks far from each other.
    let gives_back = sheet.ascending && sheet.merges.is_empty() && sheet.rows.len() > LONG;
    let mut next = first;
    while let Some(row) = sheet.rows.get(next)
        && reader.take(sheet, row)?
    {
        if gives_back {
            let cells = mem::take(&mut sheet.rows[next].cells);
            reader.room.give_back(size_of_val(&*cells));
        }
        next += 1;
    }
    // The tables of all files are held at the same time.
    reader.rows.shrink_to_fit();
    let filled = reader.rules.iter().filter(|rule| rule.filled);
    let filled = filled.map(|rule| rule.value).collect();
    let (above, rows) = (reader.above, reader.rows);
    let table = Table {
        source: source.clone(),
        layout: header.layout,
        header: id_header,
        value_header: header.address(value),
        above,
        faults: header.faults,
        unread_headers: 0,
        filled,
        rows,
    };
    Ok((table, next - first))
}

/// The rules that a header has columns for.
fn rules_of(header: &Header) -> Vec<OfRule> {
    let of_rule = |&(value, meaning): &(u32, Column)| {
        let Column::Of(rule) = meaning else {
            return None;
        };
        let beside = |aside| header.find(Column::Beside(rule, aside));
        Some(OfRule {
            id: Field {
                address: Address::new(header.row, value),
                written: Written::Text(rule.to_string().into()),
                formula: false,
            },
            value,
            reason: beside(Aside::Reason),
            evidence: beside(Aside::Evidence),
            claim: beside(Aside::Claim),
            filled: false,
        })
    };
    header.columns.iter().filter_map(of_rule).collect()
}

/// The columns that a row of the layout turns on: its id and its value.
fn key_columns(header: &Header) -> (Column, Column) {
    match header.layout {
        Layout::Form | Layout::Long => (Column::Rule, Column::Value),
        Layout::TaskForm | Layout::TaskList => (Column::Task, Column::State),
        Layout::Wide => {
            let rule = |(_, column): &(u32, Column)| matches!(column, Column::Of(_));
            let first = header.columns.iter().find(|column| rule(column));
            (
                Column::Unit,
                first.map_or(Column::Unit, |(_, column)| *column),
            )
        }
    }
}

impl Reader<'_> {
    /// Takes one row; `false` if the table has ended before it.
    fn take(&mut self, sheet: &Sheet, row: &GridRow) -> Result<bool, NoRoom> {
        let id = self.field(row, self.columns.id);
        let value = self.field(row, self.columns.value);
        let wide = self.header.layout == Layout::Wide;
        let is_data = match wide {
            true => !id.is_blank() && !is_sum(&id.text()) && !is_footer(&id.text()),
            false => id_of(&id).is_some(),
        };
        if !is_data {
            if Header::is(row) || Labels::starts_at(row) {
                return Ok(false);
            }
            if self.is_no_data(row, &id, &value) {
                return Ok(true);
            }
        }
        match wide {
            true => self.take_wide(sheet, row)?,
            false => self.take_single(sheet, row, (id, value))?,
        }
        Ok(true)
    }

    /// Whether a row without a readable id is none of the data.
    fn is_no_data(&mut self, row: &GridRow, id: &Field, value: &Field) -> bool {
        let texts = || {
            row.cells
                .iter()
                .filter_map(|(_, cell)| match &cell.content {
                    Content::Text(written) => Some(&**written),
                    _ => None,
                })
        };
        let is_footer = texts().next().is_some_and(is_footer);
        self.past_footer |= is_footer;
        let has_value = match self.header.layout {
            Layout::Wide => {
                let mut rules = self.rules.iter();
                rules.any(|rule| row.cell(rule.value).is_some())
            }
            _ => !value.is_blank(),
        };
        // A date below a table belongs to its signatures; (1), (2) … number its columns.
        let is_date = id.is_blank() && matches!(value.written, Written::Date(_));
        let numbers = |field: &Field| {
            let text = field.text();
            text.starts_with(['(', '（']) && text.ends_with([')', '）'])
        };
        let is_numbering = numbers(id) && numbers(value);
        let is_sum = texts().any(is_sum);
        !has_value
            || is_footer
            || is_sum
            || is_date
            || is_numbering
            || (self.past_footer && id.is_blank())
    }

    /// A row that holds one value.
    fn take_single(
        &mut self,
        sheet: &Sheet,
        row: &GridRow,
        (id, value): (Field, Field),
    ) -> Result<(), NoRoom> {
        let taken = Row {
            reason: optional(row, self.columns.reason),
            beside: self.room.boxed(Beside {
                evidence: words(row, self.columns.evidence),
                claim: words(row, self.columns.claim),
                measured: optional(row, self.columns.measured)
                    .filter(|measured| !measured.is_blank())
                    .map(Box::new),
            })?,
            context: self.context(sheet, row)?,
            id,
            value,
        };
        self.room.spend_on_row(&taken)?;
        self.rows.push(taken);
        Ok(())
    }

    /// A row that holds a value for each rule column.
    fn take_wide(&mut self, sheet: &Sheet, row: &GridRow) -> Result<(), NoRoom> {
        let context = self.context(sheet, row)?;
        for rule in &mut self.rules {
            rule.filled |= row.cell(rule.value).is_some();
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
            self.rows.push(taken);
        }
        Ok(())
    }

    /// The field of `row` in `column`; where there is no such column, blank.
    fn field(&self, row: &GridRow, column: Option<u32>) -> Field {
        optional(row, column).unwrap_or_else(|| {
            let first = self.header.columns.first().map_or(0, |(column, _)| *column);
            Field::blank(Address::new(row.index, first))
        })
    }

    /// The merged block in one of those columns that `address` lies in; blocks do not overlap.
    fn block_at(&self, address: Address) -> Option<&Merge> {
        let (_, blocks) = self
            .blocks
            .iter()
            .find(|(column, _)| *column == address.column)?;
        let above = blocks.partition_point(|merge| merge.first.row <= address.row);
        let last = blocks.get(above.checked_sub(1)?)?;
        last.contains(address).then_some(last)
    }

    /// What a row says in `column`: the cell, or the merged block that it lies in.
    fn spelled(&mut self, sheet: &Sheet, row: &GridRow, column: u32) -> Option<Stated> {
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
        let said = Stated::in_cell(field_of(first, sheet.cell(first)));
        self.said.insert(column, (first, said.clone()));
        Some(said)
    }

    /// Whose the row is: what its columns say, else the labels above. A cell in a merged block
    /// says what the block says.
    fn context(&mut self, sheet: &Sheet, row: &GridRow) -> Result<Arc<Context>, NoRoom> {
        let stated = |field: Option<Stated>, above: &Option<Stated>| match field {
            Some(field) => Some(field).filter(|field| !field.written.is_blank()),
            None => above.clone(),
        };
        if self.blocks.is_empty() {
            return Ok(Arc::clone(&self.above));
        }
        let Columns {
            unit,
            period,
            round,
            year,
            ..
        } = self.columns;
        let [unit, period, round, year] =
            [unit, period, round, year].map(|column| self.spelled(sheet, row, column?));
        let above = &self.above;
        let context = Context {
            unit: unit
                .filter(|_| !self.unit_above)
                .unwrap_or_else(|| above.unit.clone()),
            period: period.unwrap_or_else(|| above.period.clone()),
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

/// The 编号 or 任务序号 that a cell holds, if it can be read as one (dates included: they are
/// what Excel made of one).
fn id_of(field: &Field) -> Option<RuleId> {
    match &field.written {
        Written::Date(text) => RuleId::of_date(text),
        _ => RuleId::parse(&field.text()),
    }
}
