//! The tables of one sheet, top to bottom: headers with their rows, labels between them.

use std::mem;

use super::footer::is_signature;
use super::header::{Header, of_two};
use super::labels::Labels;
use super::outside::{Outside, may_be_data};
use super::room::{NoRoom, Room};
use super::rows::{self, Blocks, Used};
use crate::diagnostic::Finding;
use crate::location::{Address, Source};
use crate::model::grid::{Row, Sheet};
use crate::model::submission::{Fault, Table};

/// What was found on a sheet.
pub(super) struct OnSheet {
    pub(super) tables: Vec<Table>,
    /// Rows like theirs that stand in none.
    pub(super) outside: Outside,
}

impl OnSheet {
    /// Takes the tables out of `sheet`.
    pub(super) fn read(
        sheet: &mut Sheet,
        source: &Source,
        room: &mut Room,
    ) -> Result<Self, NoRoom> {
        let mut reading = Reading {
            source,
            room,
            blocks: Blocks::default(),
            labels: Labels::default(),
            form: None,
            is_near: false,
            label_below: None,
            tables: Vec::new(),
            outside: Outside::default(),
        };
        let mut next = 0;
        while let Some(row) = sheet.rows.get(next) {
            let (headers, rows) = reading.headers(row, sheet.rows.get(next + 1));
            next += rows;
            if headers.is_empty() {
                reading.pass(sheet, row)?;
            } else {
                next += reading.take(sheet, headers, next)?;
            }
        }
        Ok(reading.end())
    }
}

/// A sheet while it is read.
struct Reading<'a> {
    source: &'a Source,
    room: &'a mut Room,
    blocks: Blocks,
    labels: Labels,
    /// The header of the form above, and whether nothing but labels came since.
    form: Option<Header>,
    is_near: bool,
    /// A label below the last table, which is said of the next, if there is one.
    label_below: Option<Address>,
    tables: Vec<Table>,
    outside: Outside,
}

impl Reading<'_> {
    /// The headers that a row holds, mostly one or none, and how many rows they take: none where the
    /// labels of another form have its rows below them at once, and two with the one `below`.
    fn headers(&self, row: &Row, below: Option<&Row>) -> (Vec<Header>, usize) {
        let headers = Header::all_of(row);
        if let Some(header) = below.and_then(|below| of_two(row, below, &headers)) {
            return (vec![header], 2);
        }
        let form = self.form.as_ref().filter(|form| {
            headers.is_empty() && self.is_near && self.labels.name_next_unit() && form.fits(row)
        });
        match form {
            Some(form) => (vec![form.moved_to(row.index)], 0),
            None => (headers, 1),
        }
    }

    /// Passes over a row that is no header and stands in no table.
    fn pass(&mut self, sheet: &Sheet, row: &Row) -> Result<(), NoRoom> {
        let labels = self.labels.read(sheet, row);
        self.is_near &= labels > 0 || row.cells.len() == 1 || is_signature(row);
        let runs = self.outside.runs.len();
        if self.outside.read(row) {
            self.labels.end_unread_block(self.form.is_some());
        } else if labels == 0 && may_be_data(row) {
            self.labels.pass_row(row);
        }
        let begun = self.outside.runs.len() - runs;
        self.room.spend_on_texts(labels + begun)
    }

    /// Takes the tables with these headers, whose rows begin with the `first`, and says how many rows
    /// they have.
    fn take(
        &mut self,
        sheet: &mut Sheet,
        mut headers: Vec<Header>,
        first: usize,
    ) -> Result<usize, NoRoom> {
        let form = match &headers[..] {
            [only] if only.is_of_form() => Some(only.clone()),
            _ => None,
        };
        let above = mem::replace(&mut self.form, form);
        // A form may go on behind a seal, or below its header printed again.
        let both = above.as_ref().zip(self.form.as_ref());
        let goes_on =
            !self.labels.is_news() && both.is_some_and(|(above, here)| here.is_like(above));
        self.is_near = true;
        let mut used = Used::NONE;
        let mut faults = self.labels.end_block(above.is_some());
        let row = first.checked_sub(1).and_then(|row| sheet.rows.get(row));
        if let (Some(above), Some(row)) = (&above, row) {
            for header in &mut headers {
                header.ended = above.ids_beside(header, row);
            }
        }
        for mut header in headers {
            if let Some(below) = sheet.rows.get(first) {
                header.divide(sheet, below);
            }
            let (mut table, of_table) = rows::read(
                (sheet, &mut self.blocks),
                first,
                self.source,
                (header, &self.labels),
                self.room,
            )?;
            table.faults.append(&mut faults);
            match self.tables.last_mut().filter(|_| goes_on) {
                Some(whole) => whole.go_on(table),
                None => self.tables.push(table),
            }
            used = used.beside(of_table);
        }
        let between = &sheet.rows[first + used.data..first + used.rows];
        let is_below = |label: &Address| between.first().is_some_and(|row| row.index <= label.row);
        self.label_below = used.label.filter(is_below);
        self.say_unread_label(used.label.xor(self.label_below));
        let found = self.labels.read_between(sheet, between);
        self.room.spend_on_texts(found)?;
        Ok(used.rows)
    }

    /// A word about a label below the header of the last table.
    fn say_unread_label(&mut self, label: Option<Address>) {
        if let (Some(address), Some(table)) = (label, self.tables.last_mut()) {
            let finding = Finding::LabelBelowHeader;
            table.faults.push(Fault { address, finding });
        }
    }

    /// What was found.
    fn end(mut self) -> OnSheet {
        let other = self.labels.other_unit().filter(|_| !self.tables.is_empty());
        self.say_unread_label(self.label_below.or(other));
        for table in &mut self.tables {
            let unread = table.faults.iter().filter(|fault| is_unread(fault));
            table.unread_headers = unread.count();
        }
        OnSheet {
            tables: self.tables,
            outside: self.outside,
        }
    }
}

/// Whether a header is no longer what it says, or cannot be told from another.
fn is_unread(fault: &Fault) -> bool {
    matches!(
        fault.finding,
        Finding::DateInsteadOfNumber { .. } | Finding::DuplicateHeader { .. }
    )
}
