//! Label–value cells above a table: 被考核单位、考核时段、考核年度、轮次.
//!
//! The label stands in one cell and the value in the next to the right, or both in one cell
//! with a colon between them; one cell may hold several such pairs.

mod below;
mod names;
mod words;

use std::collections::HashMap;
use std::mem;

use super::field::field_of;
use super::footer::{is_footer, is_note};
use super::header::Column;
use crate::diagnostic::Finding;
use crate::location::Address;
use crate::model::grid::{Content, Row, Sheet};
use crate::model::submission::{Context, Fault, Field, Stated, Written};
use crate::text;
use names::is_no_name;
pub(super) use names::{is_like, is_measure, is_name_of_unit};
use words::{
    Labelled, MOST, Pair, WEAK, bare, is_numbered, labelled, may_be_number, number_in_remark,
};
pub(super) use words::{begins_with_label, says_number, text_of};

/// Empty cells that may lie between a label and its value.
const GAP: u32 = 4;

/// The labels read so far on a sheet.
#[derive(Clone, Debug, Default)]
pub(super) struct Labels {
    unit: Option<Field>,
    unit_is_weak: bool,
    period: Option<Field>,
    round: Option<Field>,
    year: Option<Field>,
    /// What was said in rows above the first unit: it holds for all units of the sheet.
    head: Vec<(Column, Field)>,
    /// What was set since the last table.
    fresh: Said,
    /// What of it no other label may contradict.
    firm: Said,
    /// What was said of the last table, not of a form above it.
    own: Said,
    /// The unit of the last table; it may come again in a seal below.
    last_unit: Option<String>,
    /// A seal without a name below the last table, or the unit that somebody forgot to write above
    /// the next: what comes behind tells.
    seal: Option<Field>,
    /// A seal below the last table with the name of another unit, which may be that of the next.
    other_seal: Option<Address>,
    /// The first of the rows since the last unit that may be data and are not known to be, and how many
    /// there are.
    passed: Option<(Address, u32)>,
    /// Whether a label since the last table was none but a seal.
    is_news: bool,
    /// Labels that contradict one before.
    faults: Vec<Fault>,
}

/// Columns that labels have named.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Said {
    unit: bool,
    pub(super) period: bool,
    pub(super) round: bool,
    pub(super) year: bool,
}

impl Said {
    fn of(&mut self, column: Column) -> &mut bool {
        match column {
            Column::Unit => &mut self.unit,
            Column::Period => &mut self.period,
            Column::Year => &mut self.year,
            _ => &mut self.round,
        }
    }

    fn is_any(self) -> bool {
        self.unit || self.period || self.round || self.year
    }

    fn and(self, other: Self) -> Self {
        Self {
            unit: self.unit || other.unit,
            period: self.period || other.period,
            round: self.round || other.round,
            year: self.year || other.year,
        }
    }
}

/// Where labels stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Above a table.
    Above,
    /// Below the data of one: what stands above the next overrules them.
    Between,
}

impl Labels {
    /// Takes up the labels of a row above a table, and says how many there are, twice those that
    /// contradict one before.
    pub(super) fn read(&mut self, sheet: &Sheet, row: &Row) -> usize {
        let cells = row
            .cells
            .iter()
            .filter(|(_, cell)| !text_of(cell).is_some_and(is_note));
        let cells: Vec<Labelled> = cells.filter_map(labelled).take(MOST).collect();
        self.take((sheet, row), &cells, Standing::Above)
    }

    /// The same of those cells.
    fn take(
        &mut self,
        (sheet, row): (&Sheet, &Row),
        cells: &[Labelled],
        standing: Standing,
    ) -> usize {
        let before = self.faults.len();
        // Merged blocks, damaged ones, may have many labels share a value.
        let mut values: HashMap<u32, Field> = HashMap::new();
        for (index, cell) in cells.iter().enumerate() {
            let behind = &cells[index + 1..];
            let address = Address::new(row.index, cell.column);
            // All labels without a value of their own share the one beside.
            let mut beside = Vec::new();
            for pair in &cell.pairs {
                let own = |value: &str| Field {
                    address,
                    written: Written::Text(value.trim().into()).brief(),
                    formula: false,
                };
                let value = if !pair.value.is_empty() {
                    own(&cell.text[pair.value.clone()])
                } else if !beside.contains(&pair.label) {
                    beside.push(pair.label);
                    let value = value_beside(sheet, row, (pair, address), (behind, &mut values));
                    let is_bare = is_numbered(pair.column) && value.is_blank();
                    let in_remark = is_bare.then(|| number_in_remark(&cell.text)).flatten();
                    in_remark.map_or(value, own)
                } else {
                    continue;
                };
                let is_no_name = cell.is_seal() && is_no_name(&value);
                let value = match is_no_name && pair.column == Column::Unit {
                    true => Field::blank(address),
                    false => value,
                };
                self.set(pair, value, (cell.is_seal(), standing));
            }
        }
        cells.len() + self.faults.len() - before
    }

    /// Whether that is the unit of the last table, or a longer or shorter name of it.
    fn is_last_unit(&self, said: &str) -> bool {
        let last = self.last_unit.as_deref();
        last.is_some_and(|last| is_like(last, said))
    }

    /// Gives up what is wrong with the labels above a table. From here on a label may say
    /// something else: it belongs to the next table. What was said of a list goes on for another
    /// below it, what was said of a form does not.
    pub(super) fn end_block(&mut self, is_below_form: bool) -> Vec<Fault> {
        let before = if is_below_form {
            Said::default()
        } else {
            self.own
        };
        let fresh = mem::take(&mut self.fresh);
        let is_of_next = !fresh.unit && (fresh.period || fresh.round);
        let other = self.other_seal.take().filter(|_| is_of_next);
        self.faults.extend(other.map(|address| Fault {
            address,
            finding: Finding::LabelBelowHeader,
        }));
        self.own = fresh.and(before);
        for (column, _) in &self.head {
            *self.own.of(*column) = true;
        }
        self.firm = Said::default();
        self.seal = None;
        self.passed = None;
        self.is_news = false;
        let unit = self.unit.as_ref();
        self.last_unit = unit.map(|unit| text::key(&unit.text()).into_owned());
        mem::take(&mut self.faults)
    }

    /// The same above rows that could not be read: what is said of them is of no other table.
    pub(super) fn end_unread_block(&mut self, is_below_form: bool) {
        // Most such rows stand below others.
        if self.fresh.is_any() {
            self.faults = self.end_block(is_below_form);
            self.is_news = true;
            self.head.clear();
        }
    }

    /// Takes note of a row that may be data, and is not read.
    pub(super) fn pass_row(&mut self, row: &Row) {
        let column = row.cells.first().map_or(0, |(column, _)| *column);
        let (first, rows) = (self.passed).unwrap_or((Address::new(row.index, column), 0));
        self.passed = Some((first, rows + 1));
    }

    /// What is said of the last table, not of a form above it.
    pub(super) fn own(&self) -> Said {
        self.own
    }

    /// Whether they name a unit for the next table.
    pub(super) fn name_next_unit(&self) -> bool {
        self.fresh.unit || self.seal.is_some()
    }

    /// Whether there is more since the last table than a seal.
    pub(super) fn is_news(&self) -> bool {
        self.is_news
    }

    /// Whether a unit is named.
    pub(super) fn name_unit(&self) -> bool {
        self.unit.as_ref().is_some_and(|unit| !unit.is_blank())
    }

    /// Whether it is named beyond doubt, not as 单位.
    pub(super) fn name_unit_clearly(&self) -> bool {
        self.name_unit() && !self.unit_is_weak
    }

    fn set(&mut self, pair: &Pair, field: Field, (is_seal, standing): (bool, Standing)) {
        let is_unit = pair.column == Column::Unit;
        let weak = pair.label == WEAK;
        if weak {
            let text = field.text();
            // Behind rows that are not read it begins another block.
            if is_name_of_unit(&text)
                && let Some((address, rows)) = self.passed.take()
            {
                self.firm = Said::default();
                self.faults.push(Fault {
                    address,
                    finding: Finding::RowsOutside { rows },
                });
            }
            let stands = self.firm.unit && !self.unit_is_weak;
            if is_measure(&text) || stands {
                return;
            }
        }
        let said = text::key(&field.text()).into_owned();
        let is_last_unit = is_unit && self.is_last_unit(&said);
        let is_seal = is_unit && is_seal && self.last_unit.is_some();
        let begins_block = self.fresh.period || self.fresh.round || self.fresh.year;
        if is_seal && said.is_empty() && !begins_block {
            self.seal = Some(field);
            return;
        }
        self.is_news |= !is_seal || !is_last_unit;
        // Somebody forgot to write it.
        if let Some(seal) = self.seal.take().filter(|_| !is_unit) {
            self.unit = Some(seal);
            self.fresh.unit = true;
        }
        let overrules_weak = is_unit && self.unit_is_weak && !weak;
        let twice = *self.firm.of(pair.column) && !overrules_weak;
        let slot = self.slot(pair.column);
        let first = slot.as_ref().filter(|first| !first.is_blank());
        let first_said = first.map(|first| text::key(&first.text()).into_owned());
        let differs = first_said.as_ref().is_some_and(|first| *first != said);
        let is_new = first_said.is_some_and(|first| !is_like(&first, &said));
        if let (true, Some(first)) = (twice, first) {
            if differs && !field.is_blank() {
                let finding = Finding::DuplicateHeader {
                    header: pair.label.into(),
                    first: first.address,
                };
                let address = field.address;
                self.faults.push(Fault { address, finding });
            }
            return;
        }
        // A unit that overrules 单位, or a blank, is the first of the sheet.
        if is_unit && self.last_unit.is_none() && !said.is_empty() {
            self.keep_head(field.address.row);
        }
        if is_new {
            self.forget(pair.column);
        }
        *self.slot(pair.column) = Some(field);
        *self.fresh.of(pair.column) = true;
        *self.firm.of(pair.column) |= standing == Standing::Above && !(is_seal && is_last_unit);
        if is_unit {
            self.unit_is_weak = weak;
            self.passed = None;
        }
    }

    /// What stands above the first unit of the sheet, in other rows, is said of all of them.
    fn keep_head(&mut self, row: u32) {
        self.head.clear();
        for column in [Column::Period, Column::Round, Column::Year] {
            let field = self.slot(column).clone();
            let field = field.filter(|field| field.address.row < row);
            self.head.extend(field.map(|field| (column, field)));
        }
    }

    /// Another unit has another period, and another period another round, but for what is said of
    /// the whole sheet.
    fn forget(&mut self, changed: Column) {
        let with_it: &[Column] = match changed {
            Column::Unit => &[Column::Period, Column::Round, Column::Year],
            Column::Period => &[Column::Round],
            _ => &[],
        };
        for column in with_it {
            if !*self.fresh.of(*column) {
                let of_sheet = self.head.iter().find(|(of, _)| of == column);
                *self.slot(*column) = of_sheet.map(|(_, field)| field.clone());
            }
        }
    }

    fn slot(&mut self, column: Column) -> &mut Option<Field> {
        match column {
            Column::Unit => &mut self.unit,
            Column::Period => &mut self.period,
            Column::Year => &mut self.year,
            _ => &mut self.round,
        }
    }

    /// Whose a table below these labels is; what they do not say points to `header`.
    pub(super) fn context(&self, header: Address) -> Context {
        let field = |field: &Option<Field>| {
            let field = field.clone().unwrap_or(Field::blank(header));
            Stated::in_cell(field)
        };
        let stated = |of: &Option<Field>| Some(field(of)).filter(|of| !of.written.is_blank());
        Context {
            unit: field(&self.unit),
            period: field(&self.period),
            round: stated(&self.round),
            year: stated(&self.year),
        }
    }
}

/// The value in the cell right of the label at `address` (right of its merged block), blank
/// where that cell is empty or the next label. Merged blocks leave empty cells in text files: some
/// may lie between, if what stands behind can be the value.
fn value_beside(
    sheet: &Sheet,
    row: &Row,
    (pair, address): (&Pair, Address),
    (labels, values): (&[Labelled], &mut HashMap<u32, Field>),
) -> Field {
    let last = sheet
        .merge_from(address)
        .map_or(address.column, |merge| merge.last.column);
    let behind = row.cells.partition_point(|(column, _)| *column <= last);
    let next = row
        .cells
        .get(behind)
        .filter(|(column, _)| *column <= last + 1 + GAP)
        .filter(|(_, cell)| match &cell.content {
            Content::Text(text) if is_numbered(pair.column) => may_be_number(&text::fold(text)),
            Content::Text(text) => !is_footer(text),
            Content::Number(_) => is_numbered(pair.column),
            _ => false,
        });
    let column = next.map_or(last + 1, |(column, _)| *column);
    let beside = Address::new(address.row, column);
    let mut labels = labels.iter().map(|cell| cell.column);
    if labels.find(|column| *column >= beside.column) == Some(beside.column) {
        return Field::blank(address);
    }
    let Some(cell) = row.cell(beside.column) else {
        return Field::blank(address);
    };
    let value = values.entry(beside.column).or_insert_with(|| {
        let Field {
            address,
            written,
            formula,
        } = field_of(beside, Some(cell));
        let written = match &written {
            Written::Text(text) => Written::Text(bare(text).into()),
            _ => written,
        };
        Field {
            address,
            written: written.brief(),
            formula,
        }
    });
    value.clone()
}
