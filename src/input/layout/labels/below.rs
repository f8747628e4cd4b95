//! Labels below the header of a table: of the next one, of a seal or a signature, or of none.

use std::collections::HashMap;

use super::names::are_kin;
use super::words::{Labelled, MOST, Pair, WEAK, labelled, number_in_remark, text_of};
use super::{Labels, Standing, is_like, is_measure, is_name_of_unit, value_beside};
use crate::input::layout::footer::{is_note, is_signature};
use crate::input::layout::header::Column;
use crate::location::Address;
use crate::model::grid::{Cell, Row, Sheet};
use crate::model::round::{round_of, year_of};
use crate::model::submission::{Context, Field, Stated};
use crate::text;

/// Rows above the next table in which its labels are looked for: between two there are a few.
const FURTHEST: usize = 1000;

/// Characters that the name of a period has at most: what is longer is prose.
const LONGEST_PERIOD: usize = 8;

/// The round of a table that says none.
const USUAL_ROUND: u32 = 1;

impl Labels {
    /// Takes up the labels of the rows between the data of a table and the next header, or the next
    /// label of a unit. 单位 is one where it heads a block with others, where it stood above the
    /// table too, or where it begins a row and names another unit: signatures begin so.
    pub(in super::super) fn read_between(&mut self, sheet: &Sheet, rows: &[Row]) -> usize {
        let mut is_block = None;
        let mut found = 0;
        let rows = &rows[rows.len().saturating_sub(FURTHEST)..];
        for row in rows {
            let mut cells = self.labels_between(row);
            let first = row.cells.first().map(|(column, _)| *column);
            let mut heads_block = || {
                let begins = |cell: &Labelled| cell.begins_with_one() && cell.is_of_block();
                let mut rows = rows.iter();
                *is_block.get_or_insert_with(|| {
                    rows.any(|row| self.labels_between(row).iter().any(begins))
                })
            };
            cells.retain(|cell| {
                let is_unit = || {
                    Some(cell.column) == first && self.other_unit_in((sheet, row), cell).is_some()
                };
                cell.is_of_block()
                    || self.unit_is_weak
                    || !cell.is_seal() && (heads_block() || is_unit())
            });
            let seal = row.cells.first().and_then(labelled);
            let seal =
                seal.filter(|seal| !self.unit_is_weak && seal.is_seal() && !seal.is_of_block());
            let names_other = |seal: &Labelled| {
                let said = self.other_unit_in((sheet, row), seal);
                let last = self.last_unit.as_deref().unwrap_or_default();
                said.is_some_and(|said| is_name_of_unit(&said) && are_kin(&said, last))
            };
            if let Some(seal) = seal.filter(names_other) {
                self.other_seal = Some(Address::new(row.index, seal.column));
            }
            found += self.take((sheet, row), &cells, Standing::Between);
        }
        found
    }

    /// The labels of a row below the data of a table, but for those of signatures and notes.
    fn labels_between(&self, row: &Row) -> Vec<Labelled> {
        let is_signature = is_signature(row);
        let first = row.cells.first().map(|(column, _)| *column);
        let cells = (row.cells.iter()).filter(|(_, cell)| !text_of(cell).is_some_and(is_note));
        let is_label = |cell: &Labelled| {
            let has_unit = Some(cell.column) == first && (self.unit_is_weak || cell.is_of_block());
            !is_signature || has_unit || cell.begins_with_one() && Some(cell.column) != first
        };
        let cells = cells.filter_map(labelled).filter(is_label);
        cells.take(MOST).collect()
    }

    /// The unit that 单位 at the beginning of a cell names, if the last table has another.
    fn other_unit_in(&self, (sheet, row): (&Sheet, &Row), cell: &Labelled) -> Option<String> {
        let pair = cell.pairs.first().filter(|pair| pair.start == 0)?;
        let address = Address::new(row.index, cell.column);
        let said = match pair.value.is_empty() {
            false => cell.text[pair.value.clone()].to_owned(),
            true => value_beside(sheet, row, (pair, address), (&[], &mut HashMap::new()))
                .text()
                .into(),
        };
        let said = text::key(&said).into_owned();
        (!said.is_empty() && !self.is_last_unit(&said)).then_some(said)
    }

    /// Whether a row below a header starts a new block of labels. 单位 does where the block above has
    /// it too.
    pub(in super::super) fn starts_at(row: &Row, weak: bool) -> bool {
        let mut cells = row.cells.iter().enumerate();
        let names_unit = cells.any(|(index, cell)| {
            let unit = names_unit(cell);
            unit.is_some_and(|(start, is_asked)| is_asked || (index, start) == (0, 0))
        });
        let first = || row.cells.first().and_then(labelled);
        let is_unit = |cell: &Labelled| {
            let pair = cell
                .pairs
                .first()
                .filter(|pair| (pair.start, pair.label) == (0, WEAK));
            let value = pair.map(|pair| &cell.text[pair.value.clone()]);
            let is_name = |value: &str| match value.is_empty() {
                true => row.cell(cell.column + 1).is_some(),
                false => !is_measure(value),
            };
            !cell.is_seal() && value.is_some_and(is_name)
        };
        names_unit || weak && !is_signature(row) && first().as_ref().is_some_and(is_unit)
    }

    /// Whether a row begins with the label of a unit, as the heading of a group does.
    pub(in super::super) fn leads(row: &Row) -> bool {
        let unit = row.cells.first().and_then(names_unit);
        unit.is_some_and(|(start, _)| start == 0)
    }

    /// The label of another unit below the last table, if there is no other table that it is of.
    pub(in super::super) fn other_unit(&self) -> Option<Address> {
        let unit = self
            .unit
            .as_ref()
            .filter(|unit| self.fresh.unit && !unit.is_blank())?;
        let is_other = !self.is_last_unit(&text::key(&unit.text()));
        is_other.then_some(unit.address)
    }

    /// The first of those cells of a row below a header, or beside its data, that says another period,
    /// round or year than is said `above`.
    pub(in super::super) fn says_otherwise(
        (sheet, row): (&Sheet, &Row),
        cells: &[(u32, Cell)],
        above: &Context,
    ) -> Option<Address> {
        // Most rows name neither, and looking closer would cost more than reading them.
        let may_be_one = |text: &str| text.contains(['轮', '年', '时']) && !is_note(text);
        let cells = (cells.iter()).filter(|(_, cell)| text_of(cell).is_some_and(may_be_one));
        // In a remark stands the number of a note, too; behind a signature the year in which it was signed.
        let is_own = |pair: &Pair| pair.start == 0 || pair.column != Column::Year;
        let own = |mut cell: Labelled| {
            cell.pairs.retain(is_own);
            let is_one = !cell.pairs.is_empty() && number_in_remark(&cell.text).is_none();
            is_one.then_some(cell)
        };
        let cells = cells.filter_map(labelled).filter_map(own);
        let cells: Vec<Labelled> = cells.take(MOST).collect();
        if cells.is_empty() {
            return None;
        }
        let mut of_row = Self::default();
        of_row.take((sheet, row), &cells, Standing::Above);
        // Neither prose nor another way to write the same.
        let is_other = |here: &Field, above: &Stated| {
            let (here, above) = (here.text(), above.written.text());
            let (here, above) = (text::key(&here), text::key(&above));
            let is_name = |c: char| c.is_alphabetic() && c != '填';
            let may_be_period = here.chars().count() <= LONGEST_PERIOD && here.chars().all(is_name);
            may_be_period && !is_like(&here, &above)
        };
        let Self {
            period,
            round,
            year,
            ..
        } = of_row;
        let says_period = !above.period.written.is_blank();
        let period = period.filter(|here| says_period && is_other(here, &above.period));
        let above_round = (above.round.as_ref()).map(|above| round_of(&above.written.text()));
        let above_round = above_round.unwrap_or(Some(USUAL_ROUND));
        let above_year = (above.year.as_ref()).and_then(|above| year_of(&above.written.text()));
        let round = round.filter(|here| {
            let here = round_of(&here.text());
            here.is_some() && here != above_round
        });
        let year = year.filter(|here| {
            let here = year_of(&here.text());
            here.is_some() && here != above_year
        });
        let mut said = [period, round, year].into_iter().flatten();
        said.find(|here| !here.is_blank()).map(|here| here.address)
    }
}

/// Where in a cell the label of a unit begins, if it is there, and whether it is 被考核单位, which
/// no text but a label has.
fn names_unit(cell: &(u32, Cell)) -> Option<(usize, bool)> {
    const LABELS: [&str; 2] = ["被考核单位", "单位名称"];
    // Most texts have neither of their letters.
    text_of(&cell.1).filter(|written| written.contains(['被', '称']))?;
    let mut pairs = labelled(cell)?.pairs.into_iter();
    let unit = pairs.find(|pair| LABELS.contains(&pair.label));
    unit.map(|pair| (pair.start, pair.label == LABELS[0]))
}
