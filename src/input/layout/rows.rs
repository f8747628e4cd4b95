//! The rows below a header, as many at a time as there are processors.

mod part;

use std::cmp::Ordering;
use std::collections::HashMap;
use std::mem;
use std::sync::Arc;

use smol_str::ToSmolStr as _;

use super::super::abreast::{PARTS, abreast};
use super::header::{Aside, Column, Header};
use super::labels::{Labels, Said};
use super::room::{NoRoom, Room, TABLE};
use crate::diagnostic::Finding;
use crate::location::{Address, Source};
use crate::model::grid::{Merge, Row, Sheet};
use crate::model::submission::{Context, Fault, Field, Layout, Table, Written};
use part::Part;

/// So many rows are a long sheet.
const LONG: usize = 4096;

/// Rows that are read together at first, fields that are at the most, and fields that are worth
/// reading side by side.
const FEW: usize = 256;
const MANY: usize = 1 << 17;
const WORTH: usize = 1 << 13;

/// Rows below its first that a header may have.
const DEEPEST: u32 = 3;

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
    /// Whether a column holds what stands beside a value.
    fn is_aside(&self, column: u32) -> bool {
        let aside = [self.reason, self.evidence, self.claim, self.measured];
        aside.contains(&Some(column))
    }

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

/// How many rows of a sheet a table takes.
#[derive(Clone, Copy)]
pub(super) struct Used {
    /// All that belong to it.
    pub(super) rows: usize,
    /// Those up to the last that holds data; behind it are signatures, and labels of the next table.
    pub(super) data: usize,
    /// The first label of a round or a year among them that says something else than is said above.
    pub(super) label: Option<Address>,
}

impl Used {
    /// What no table takes, beside any other.
    pub(super) const NONE: Self = Self {
        rows: usize::MAX,
        data: 0,
        label: None,
    };

    /// What two tables side by side take: where a table begins below one of them, it is to be read.
    pub(super) fn beside(self, other: Self) -> Self {
        match self.rows.cmp(&other.rows) {
            Ordering::Less => self,
            Ordering::Equal => Self {
                data: self.data.max(other.data),
                label: self.label.or(other.label),
                ..self
            },
            Ordering::Greater => other,
        }
    }
}

/// What is the same for all rows of a table.
struct Shape<'a> {
    header: &'a Header,
    columns: Columns,
    /// The rules of a wide table, left to right.
    rules: Vec<OfRule>,
    /// The merged blocks in the columns that say whose a row is.
    blocks: Vec<(u32, Arc<[Merge]>)>,
    /// The last row that the header is merged over, and the last column that has a header.
    header_end: u32,
    headed_to: u32,
    /// What the labels above say, and whether they name the unit as 单位.
    above: Arc<Context>,
    weak: bool,
    /// What of it is said of this table, not of a form above it.
    own: Said,
    /// What the column of units holds.
    units: Units,
    /// The first and the last column that we know, of a table with nothing of ours beside it.
    alone_in: Option<(u32, u32)>,
}

/// What a column headed 单位 holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Units {
    /// Units, as the column 被考核单位 does.
    Names,
    /// Units of measure: a form says above whose it is.
    Measures,
    /// One or the other, where a unit is named above.
    Either,
}

impl Units {
    fn of(header: &Header, labels: &Labels) -> Self {
        match header.weak_unit && labels.name_unit() {
            true if header.is_of_form() && labels.name_unit_clearly() => Self::Measures,
            true => Self::Either,
            false => Self::Names,
        }
    }
}

/// Reads the rows below `header`, of which the first is the `first` of `sheet`, and returns the
/// table with the rows that belong to it. The cells of a long sheet are given back on the way, up to
/// the last row of data, where neither a merged block nor another table beside this one can need
/// them. What the table takes of memory is taken off `room`.
pub(super) fn read(
    (sheet, blocks): (&mut Sheet, &mut Blocks),
    first: usize,
    source: &Source,
    (header, labels): (Header, &Labels),
    room: &mut Room,
) -> Result<(Table, Used), NoRoom> {
    let (id, value) = key_columns(&header);
    let id_header = header.address(id);
    room.spend(TABLE)?;
    room.spend_on_texts(header.faults.len())?;
    let shape = Shape::of((&header, labels), (sheet, blocks), room)?;
    // Rows that came out of order are parts of blocks far from each other.
    let gives_back =
        header.alone && sheet.ascending && sheet.merges.is_empty() && sheet.rows.len() > LONG;
    let mut whole = Part::begun(&shape);
    let mut given_back = first;
    while !whole.ended && first + whole.used < sheet.rows.len() {
        let begun = first + whole.used;
        let here: &Sheet = sheet;
        let rows = shape.together(whole.used).min(here.rows.len() - begun);
        let end = begun + rows;
        let alone = shape.alone(&whole, &here.rows[begun..end]);
        let parts = (begun..end).step_by(alone);
        let parts = abreast(parts, |from| {
            let rows = from..end.min(from + alone);
            part::read((&shape, here), rows, whole.past_footer, room.0)
        });
        for part in parts {
            let part = part?;
            room.spend(part.spent)?;
            // What comes behind was read as if the table went on as before.
            let turns = part.ended || part.past_footer != whole.past_footer;
            whole.add(part);
            if turns {
                break;
            }
        }
        if gives_back {
            for row in &mut sheet.rows[given_back..first + whole.data] {
                let cells = mem::take(&mut row.cells);
                room.give_back(size_of_val(&*cells));
            }
            given_back = first + whole.data;
        }
    }
    // Titles of the table that follows a wide one are no units of this.
    if whole.ended && header.layout == Layout::Wide && whole.solid > 0 {
        whole.rows.truncate(whole.rows.len() - whole.loose);
        whole.data = whole.solid;
    }
    // The tables of all files are held at the same time.
    whole.rows.shrink_to_fit();
    let filled = shape.rules.iter().zip(whole.filled);
    let filled = filled.filter(|(_, filled)| *filled);
    let mut table = Table {
        source: source.clone(),
        layout: header.layout,
        header: id_header,
        value_header: header.address(value),
        filled: filled.map(|(rule, _)| rule.value).collect(),
        above: shape.above,
        faults: header.faults,
        unread_headers: 0,
        rows: whole.rows,
    };
    table.faults.extend(whole.beside.map(|address| Fault {
        address,
        finding: Finding::TableBeside,
    }));
    table
        .faults
        .extend(whole.outside.map(|(address, rows)| Fault {
            address,
            finding: Finding::RowsOutside { rows },
        }));
    let used = Used {
        rows: whole.used,
        data: whole.data,
        label: whole.label,
    };
    Ok((table, used))
}

impl<'a> Shape<'a> {
    fn of(
        (header, labels): (&'a Header, &Labels),
        (sheet, blocks): (&Sheet, &mut Blocks),
        room: &mut Room,
    ) -> Result<Self, NoRoom> {
        let (id, _) = key_columns(header);
        let merged = sheet.merge_from(header.address(id));
        let merged = merged.map_or(header.row, |merge| merge.last.row);
        let columns = CONTEXT.iter().filter_map(|column| header.find(*column));
        let blocks = columns.map(|column| Ok((column, blocks.over(sheet, column, room)?)));
        Ok(Self {
            header,
            columns: Columns::of(header),
            rules: rules_of(header),
            blocks: blocks.collect::<Result<_, NoRoom>>()?,
            // A damaged block may go on over data.
            header_end: merged.min(header.row + DEEPEST),
            above: Arc::new(labels.context(header.address(id))),
            own: labels.own(),
            weak: labels.name_unit() && !labels.name_unit_clearly(),
            units: Units::of(header, labels),
            alone_in: header.range().filter(|_| header.alone),
            headed_to: (sheet.row(header.row).and_then(|row| row.cells.last()))
                .map_or(0, |(column, _)| *column),
        })
    }

    /// How many rows are read together, where the table has had `before`: one that ends should not
    /// have cost much more than it has.
    fn together(&self, before: usize) -> usize {
        let most = (MANY / self.fields()).max(1);
        before.max(FEW).min(most)
    }

    /// How many of those rows, below so much of the table, are read one after the other: at the
    /// beginning all of them, up to the end of the table.
    fn alone(&self, whole: &Part, rows: &[Row]) -> usize {
        // Rows that give no fields are soon read, however wide the table is.
        let given = whole.rows.len() / whole.used.max(1);
        let cells: usize = rows.iter().map(|row| row.cells.len()).sum();
        let is_worth = cells.max(given * rows.len()) >= WORTH;
        match whole.used > 0 && is_worth {
            true => rows.len().div_ceil(PARTS),
            false => rows.len(),
        }
    }

    /// The fields that a row gives.
    fn fields(&self) -> usize {
        self.rules.len().max(1)
    }
}

/// The rules that a header has columns for.
fn rules_of(header: &Header) -> Vec<OfRule> {
    // Most tables have none, and some headers thousands of rules.
    let has_asides =
        (header.columns.iter()).any(|(_, column)| matches!(column, Column::Beside(..)));
    let of_rule = |&(value, meaning): &(u32, Column)| {
        let Column::Of(rule) = meaning else {
            return None;
        };
        let beside = |aside| {
            let place = || header.find(Column::Beside(rule, aside));
            has_asides.then(place).flatten()
        };
        Some(OfRule {
            id: Field {
                address: Address::new(header.row, value),
                written: Written::Text(rule.to_smolstr()),
                formula: false,
            },
            value,
            reason: beside(Aside::Reason),
            evidence: beside(Aside::Evidence),
            claim: beside(Aside::Claim),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::workbook::from_bytes;

    fn sheet(text: &str) -> Sheet {
        let workbook = from_bytes(&Arc::from("表.csv"), text.as_bytes()).expect("a text file");
        workbook.sheets.into_iter().next().expect("its sheet")
    }

    #[test]
    fn rows_are_the_same_read_side_by_side() {
        // Behind the signatures, and there alone, a value without its 编号 is no row; a second
        // header ends the table.
        let row = |i: usize| match i {
            25_000 => "填表人：某\n".to_owned(),
            _ if i % 1000 == 1 => ",,,5\n".to_owned(),
            _ => format!("县{},平时考核,1①,{i}\n", i / 7),
        };
        let header = "被考核单位,考核时段,编号,填报值\n";
        let rows: String = (0..60_000).map(row).collect();
        let text = format!("{header}{rows}{header}澧县,平时考核,1①,0\n");
        let header = |sheet: &Sheet| Header::of(&sheet.rows[0]).expect("a header");
        let labels = Labels::default();
        let mut room = Room(1 << 30);

        let whole = sheet(&text);
        let header_of_whole = header(&whole);
        let blocks = &mut Blocks::default();
        let shape = Shape::of((&header_of_whole, &labels), (&whole, blocks), &mut room);
        let shape = shape.unwrap_or_else(|NoRoom| panic!("there is room enough"));
        let one_by_one = part::read((&shape, &whole), 1..whole.rows.len(), false, 1 << 30);
        let one_by_one = one_by_one.unwrap_or_default();
        // Of 60,000 rows one is the signatures; of the 60 without 编号 35 are behind it.
        assert_eq!(one_by_one.rows.len(), 60_000 - 1 - 35);
        assert_eq!(one_by_one.used, 60_000);

        let source = Source {
            file: Arc::from("表.csv"),
            sheet: None,
            order: (0, 0),
        };
        let mut whole = sheet(&text);
        let header = header(&whole);
        let blocks = &mut Blocks::default();
        let read = read(
            (&mut whole, blocks),
            1,
            &source,
            (header, &labels),
            &mut room,
        );
        let (table, used) = read.unwrap_or_else(|NoRoom| panic!("there is room enough"));
        assert_eq!((used.rows, used.data), (60_000, 60_000));
        assert_eq!(table.rows.len(), one_by_one.rows.len());
        for (side_by_side, one_by_one) in table.rows.iter().zip(&one_by_one.rows) {
            assert_eq!(format!("{side_by_side:?}"), format!("{one_by_one:?}"));
        }
    }
}
