//! Collects the cells of a sheet in whatever order a file holds them, within the limits of a
//! file. Used by the reader of every format.

use std::sync::Arc;

use calamine::Dimensions;
use smol_str::SmolStr;

use super::limits::{self, Limits};
use crate::diagnostic::{Excess, FileFault};
use crate::hash::Set;
use crate::location::Address;
use crate::model::grid::{Cell, Content, Merge, Moment, PER_TEXT, Row, Sheet};
use crate::text::is_blank;

/// What a file may still hold, over all its sheets.
pub(in super::super) struct Budget {
    values: usize,
    text: usize,
    merges: usize,
    looks: usize,
    limits: Limits,
}

impl Budget {
    /// All that `limits` allow.
    pub(in super::super) fn of(limits: &Limits) -> Self {
        Self {
            values: limits.values,
            text: limits.text,
            merges: limits.merges,
            looks: limits.looks,
            limits: *limits,
        }
    }

    /// Takes off cells that are looked at once more; `false` where that would take too long.
    pub(in super::super) fn look_at(&mut self, cells: usize) -> bool {
        self.looks = self.looks.saturating_sub(cells);
        self.looks > 0
    }

    /// Takes one cell off.
    fn spend(&mut self, content: &Content) -> Result<(), FileFault> {
        let bytes = match content {
            Content::Text(text) => text.len(),
            other => beside(other),
        };
        self.values = self
            .values
            .checked_sub(1)
            .ok_or(FileFault::TooLarge(Excess::Values(self.limits.values)))?;
        self.text = self
            .text
            .checked_sub(bytes)
            .ok_or(FileFault::TooLarge(Excess::Text(self.limits.text >> 20)))?;
        Ok(())
    }
}

/// Bytes of memory that a cell takes beside itself, about; of texts, which many cells may share,
/// [`Texts`] knows.
fn beside(content: &Content) -> usize {
    match content {
        Content::Date(date) if date.text.is_heap_allocated() => MOMENT + date.text.len(),
        Content::Date(_) => MOMENT,
        Content::Error(error) => PER_TEXT + error.len(),
        _ => 0,
    }
}

/// Bytes of memory of a date.
const MOMENT: usize = size_of::<Moment>() + 8;

/// The texts of a sheet so far that do not fit into a cell. A long list says the same in row after
/// row, and is kept in memory as a whole: most of its texts are kept once.
#[derive(Default)]
struct Texts {
    count: usize,
    seen: Set<SmolStr>,
    /// How many were seen before.
    again: usize,
    /// Bytes of memory that they take.
    bytes: usize,
    /// Whether the sheet says something else in every cell, so that looking is in vain.
    differ: bool,
}

/// Bytes of a text that has room in the cell itself.
const INLINE: usize = 23;

impl Texts {
    /// So few texts are not worth looking for.
    const FEW: usize = 4096;
    /// So many that differ are no list that says the same again and again.
    const MANY: usize = 1 << 16;

    fn share(&mut self, text: &str) -> SmolStr {
        if text.len() <= INLINE {
            return text.into();
        }
        self.count += 1;
        let looks = self.count > Self::FEW && !self.differ;
        if looks && let Some(seen) = self.seen.get(text) {
            self.again += 1;
            return seen.clone();
        }
        self.bytes += PER_TEXT + text.len();
        let text = SmolStr::from(text);
        if looks && self.seen.len() < Self::MANY {
            self.seen.insert(text.clone());
            self.differ = self.seen.len() == Self::MANY && self.again < Self::MANY;
        }
        text
    }
}

/// So many cells make a block, and those more that its last row has.
const BLOCK: usize = 1024;

/// A sheet in the making.
#[derive(Default)]
pub(in super::super) struct SheetBuilder {
    rows: Vec<Row>,
    /// The rows of the block of cells in the making, and where each ends; the last is in the making
    /// itself.
    block: Vec<(u32, usize)>,
    cells: Vec<(u32, Cell)>,
    merges: Vec<Merge>,
    texts: Texts,
    /// Bytes of memory that dates and errors take.
    beside: usize,
    /// The last cell that came.
    last: Option<Address>,
    /// Whether a cell came before its place, so that the end has to sort.
    disordered: bool,
}

impl SheetBuilder {
    /// A text to put into a cell; in a long sheet mostly the same in memory as one before that reads
    /// the same.
    pub(in super::super) fn text(&mut self, text: &str) -> SmolStr {
        self.texts.share(text)
    }

    /// Adds a cell. Text of which nothing can be seen is a blank, and a blank is left out.
    ///
    /// # Errors
    /// An address beyond the grid, or more cells than a file may hold.
    pub(in super::super) fn put(
        &mut self,
        budget: &mut Budget,
        address: Address,
        cell: Cell,
    ) -> Result<(), FileFault> {
        if address.row >= limits::ROWS || address.column >= limits::COLUMNS {
            return Err(FileFault::Damaged("单元格地址超出表格范围".to_owned()));
        }
        self.disordered |= self.last.is_some_and(|last| last >= address);
        self.last = Some(address);
        if matches!(&cell.content, Content::Text(text) if is_blank(text)) {
            return Ok(());
        }
        if matches!(&cell.content, Content::Text(text) if text.len() > budget.limits.field) {
            let cell = address.to_string();
            return Err(FileFault::TooLarge(Excess::Cell { cell }));
        }
        budget.spend(&cell.content)?;
        self.beside += beside(&cell.content);
        if self.block.last().is_none_or(|(row, _)| *row != address.row) {
            if self.cells.len() >= BLOCK {
                self.end_block();
            }
            self.block.push((address.row, 0));
        }
        self.cells.push((address.column, cell));
        if let Some((_, end)) = self.block.last_mut() {
            *end = self.cells.len();
        }
        Ok(())
    }

    /// Takes over the block in the making, in as much memory as it needs.
    fn end_block(&mut self) {
        let cells = self.cells.drain(..).collect();
        self.rows.extend(Row::in_block(cells, self.block.drain(..)));
    }

    /// Adds a merged block that calamine tells of.
    ///
    /// # Errors
    /// More blocks than a file may hold.
    pub(super) fn merge_block(
        &mut self,
        budget: &mut Budget,
        block: Dimensions,
    ) -> Result<(), FileFault> {
        let ((top, left), (bottom, right)) = (block.start, block.end);
        let (first, last) = (Address::new(top, left), Address::new(bottom, right));
        self.merge(budget, first, last)
    }

    /// Adds a merged block; one of a single cell is none.
    ///
    /// # Errors
    /// More blocks than a file may hold.
    pub(super) fn merge(
        &mut self,
        budget: &mut Budget,
        first: Address,
        last: Address,
    ) -> Result<(), FileFault> {
        let inside = last.row < limits::ROWS && last.column < limits::COLUMNS;
        let ordered = first.row <= last.row && first.column <= last.column;
        if inside && ordered && first != last {
            budget.merges = budget
                .merges
                .checked_sub(1)
                .ok_or(FileFault::TooLarge(Excess::Merges(budget.limits.merges)))?;
            self.merges.push(Merge { first, last });
        }
        Ok(())
    }

    /// The same with the cells of `below`, which come behind all of these.
    pub(in super::super) fn and(mut self, mut below: Self) -> Self {
        self.end_block();
        below.end_block();
        self.rows.append(&mut below.rows);
        self.merges.append(&mut below.merges);
        self.texts.bytes += below.texts.bytes;
        self.beside += below.beside;
        self.disordered |= below.disordered;
        self.last = below.last.or(self.last);
        self
    }

    /// The sheet, its cells in order.
    ///
    /// # Errors
    /// Two cells at one address that do not say the same.
    pub(in super::super) fn finish(mut self, name: Option<Arc<str>>) -> Result<Sheet, FileFault> {
        self.end_block();
        if self.disordered {
            self.rows = in_order(self.rows).map_err(|address| {
                let sheet = name.as_deref().unwrap_or_default();
                FileFault::Damaged(format!("工作表“{sheet}”里有两个 {address}，内容不同"))
            })?;
        }
        self.merges.sort_by_key(|merge| merge.first);
        Ok(Sheet {
            name,
            rows: self.rows,
            merges: self.merges,
            beside: self.texts.bytes + self.beside,
            ascending: !self.disordered,
        })
    }
}

/// The same cells, rows and columns ascending, one cell an address; the address of two that do not
/// say the same.
fn in_order(mut rows: Vec<Row>) -> Result<Vec<Row>, Address> {
    rows.sort_by_key(|row| row.index);
    let of_one = |parts: &[Row]| {
        if let [row] = parts
            && row.cells.is_sorted_by(|(a, _), (b, _)| a < b)
        {
            return Ok(row.clone());
        }
        let index = parts[0].index;
        let cells = parts.iter().flat_map(|row| &row.cells);
        let mut cells: Vec<_> = cells.cloned().collect();
        cells.sort_by_key(|(column, _)| *column);
        if let Some(pair) = cells
            .windows(2)
            .find(|pair| pair[0].0 == pair[1].0 && pair[0] != pair[1])
        {
            return Err(Address::new(index, pair[0].0));
        }
        cells.dedup_by_key(|(column, _)| *column);
        Ok(Row {
            index,
            cells: cells.into(),
        })
    };
    rows.chunk_by(|a, b| a.index == b.index)
        .map(of_one)
        .collect()
}

/// A cell without a percentage, of which there are most.
impl From<Content> for Cell {
    fn from(content: Content) -> Self {
        Self {
            content,
            formula: false,
            percent: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_out_in_order_and_once() {
        let mut sheet = SheetBuilder::default();
        let mut budget = Budget::of(&Limits::default());
        for (row, column, number) in [(2, 1, 4.0), (0, 3, 2.0), (2, 0, 3.0), (2, 1, 4.0)] {
            let cell = Content::Number(number).into();
            sheet
                .put(&mut budget, Address::new(row, column), cell)
                .expect("four cells are within every limit");
        }
        let sheet = sheet.finish(None).expect("both B3 say 4");
        let found: Vec<_> = sheet
            .rows
            .iter()
            .flat_map(|row| {
                row.cells
                    .iter()
                    .map(|(c, cell)| (row.index, *c, &cell.content))
            })
            .collect();
        assert_eq!(
            found,
            [
                (0, 3, &Content::Number(2.0)),
                (2, 0, &Content::Number(3.0)),
                (2, 1, &Content::Number(4.0)),
            ]
        );
    }

    #[test]
    fn an_address_says_one_thing() {
        let mut sheet = SheetBuilder::default();
        let mut budget = Budget::of(&Limits::default());
        for (row, number) in [(1, 0.0), (0, 1.0), (1, 5.0)] {
            let cell = Content::Number(number).into();
            sheet
                .put(&mut budget, Address::new(row, 1), cell)
                .expect("three cells are within every limit");
        }
        let fault = sheet
            .finish(Some("表".into()))
            .expect_err("B2 says 0 and 5");
        let said = "工作表“表”里有两个 B2，内容不同";
        assert_eq!(fault, FileFault::Damaged(said.to_owned()));
    }

    #[test]
    fn too_many_merged_blocks_are_called_so() {
        let mut sheet = SheetBuilder::default();
        let limits = Limits::default();
        let mut budget = Budget::of(&limits);
        let merges = 0..=u32::try_from(limits.merges).expect("fewer than the rows of a sheet");
        let faults = merges.filter_map(|row| {
            let (first, last) = (Address::new(row, 0), Address::new(row, 1));
            sheet.merge(&mut budget, first, last).err()
        });
        let excess = Excess::Merges(limits.merges);
        assert_eq!(faults.collect::<Vec<_>>(), [FileFault::TooLarge(excess)]);
    }

    #[test]
    fn a_long_list_keeps_a_text_once() {
        let mut sheet = SheetBuilder::default();
        for number in 0..Texts::FEW {
            sheet.text(&format!("常德市人民政府第 {number} 办公室"));
        }
        let long = "常德市人民政府办公室"; // 30 bytes
        let (first, second) = (sheet.text(long), sheet.text(long));
        assert!(first.is_heap_allocated());
        assert_eq!(first.as_ptr(), second.as_ptr());
        assert_eq!(sheet.text("澧县"), "澧县");
        let inline = "x".repeat(INLINE);
        assert!(!sheet.text(&inline).is_heap_allocated());
        assert!(sheet.text(&(inline + "x")).is_heap_allocated());
    }
}
