//! Finds the tables of the known layouts in a workbook and takes every field out with its
//! cell. What the fields mean is not judged here.
//!
//! Columns are found by header text, in any order, in whatever row the header stands. Titles
//! above, blank rows, 合计 rows, signature lines and extra columns do no harm.

mod field;
mod footer;
mod header;
mod labels;
mod on_sheet;
mod outside;
mod room;
mod rows;

use std::mem;
use std::sync::Arc;

use super::workbook::Limits;
use crate::diagnostic::{Diagnostic, Excess, FileFault, Finding, Spot};
use crate::location::Source;
use crate::model::grid::{Sheet, Workbook};
use crate::model::submission::{Fault, Table};
use crate::text;
use header::near_miss;
use on_sheet::OnSheet;
use room::{NoRoom, Room};

/// What was found in one workbook.
#[derive(Debug, Default)]
pub struct Found {
    /// The tables, in the order of the sheets.
    pub tables: Vec<Table>,
    /// Sheets without a table, where that matters.
    pub diagnostics: Vec<Diagnostic>,
}

/// Finds the tables of `workbook`, which is the `order`-th file of the run. The memory of the cells
/// of a long sheet is given back on the way: there may be as many rows as memory can hold once.
///
/// # Errors
/// Tables that take more memory, with the cells, than the limits allow: a wide one has a field
/// wherever a row meets a rule, blank or not.
pub fn find(mut workbook: Workbook, order: u32, limits: &Limits) -> Result<Found, FileFault> {
    let most = if workbook.here {
        limits.tables
    } else {
        limits.tables_apart
    };
    let mut room = Room(most.saturating_sub(workbook.memory()));
    let mut found = Found::default();
    let mut without_table = Vec::new();
    for (index, sheet) in (0..).zip(&mut workbook.sheets) {
        let source = Source {
            file: Arc::clone(&workbook.file),
            sheet: sheet.name.clone(),
            order: (order, index),
        };
        let OnSheet { tables, outside } = OnSheet::read(sheet, &source, &mut room)
            .map_err(|NoRoom| FileFault::TooLarge(Excess::Tables(most as u64 >> 20)))?;
        if tables.is_empty() {
            if !is_ignored(sheet) {
                without_table.push((source, near_miss(sheet)));
            }
            continue;
        }
        found.tables.extend(tables);
        let outside = (outside.runs.into_iter())
            .map(|(first, rows)| Diagnostic::at(source.at(first), Finding::RowsOutside { rows }));
        found.diagnostics.extend(outside);
        // What tables hold of a sheet is all that is asked of it: the next one may need the room.
        let rows = mem::take(&mut sheet.rows);
        let cells = rows.iter().map(|row| size_of_val(&*row.cells));
        room.give_back(size_of_val(&*rows) + cells.sum::<usize>());
    }
    say_empty(&mut found.tables);
    if found.tables.is_empty() {
        let near = without_table.into_iter().find_map(|(_, near)| near);
        let spot = Spot::File(Source {
            file: Arc::clone(&workbook.file),
            sheet: None,
            order: (order, 0),
        });
        let finding = Finding::NoTableInFile { near };
        found.diagnostics.push(Diagnostic::new(spot, finding));
    } else {
        for (source, near) in without_table {
            let finding = Finding::NoTableInSheet { near };
            found
                .diagnostics
                .push(Diagnostic::new(Spot::Sheet(source), finding));
        }
    }
    Ok(found)
}

/// Whether a sheet without a table is no cause for a word: empty, the instructions, or the
/// list of problems that a marked return carries.
fn is_ignored(sheet: &Sheet) -> bool {
    let name = text::key(sheet.name.as_deref().unwrap_or_default());
    let instructions = ["说明", "须知"].iter().any(|end| name.ends_with(end));
    sheet.rows.is_empty() || instructions || name == "问题清单"
}

/// Tables without a row of data: a word where a file has others, an error where it has none.
fn say_empty(tables: &mut [Table]) {
    let whole_file = tables.iter().all(|table| table.rows.is_empty());
    for table in tables.iter_mut().filter(|table| table.rows.is_empty()) {
        table.faults.push(Fault {
            address: table.header,
            finding: Finding::NoRows { whole_file },
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::workbook::from_bytes;
    use crate::model::grid::{self, Cells};
    use crate::model::submission::{Beside, Context, Row};

    #[test]
    fn tables_take_no_more_memory_than_they_may() {
        // Three rows that meet two rules: six fields, blank as they are; one has evidence beside it.
        let text =
            "被考核单位,考核时段,1①,1②,1②佐证材料\n甲,平时考核\n乙,平时考核,,,台账\n丙,平时考核\n";
        let find = |room| {
            let workbook = from_bytes(&Arc::from("表.csv"), text.as_bytes());
            let mut limits = Limits::default();
            limits.tables = room;
            find(workbook.expect("a text file"), 0, &limits)
        };
        // Five headers, two cells of each unit, one of evidence.
        let cells = 4 * size_of::<grid::Row>() + (5 + 3 * 2 + 1) * Cells::EACH;
        let rows = 6 * size_of::<Row>() + 3 * size_of::<Context>();
        let enough = cells + room::TABLE + rows + size_of::<Beside>();
        let found = find(enough).expect("as much as it takes");
        assert_eq!(found.tables[0].rows.len(), 6);
        let refused = FileFault::TooLarge(Excess::Tables(0));
        assert_eq!(find(enough - 1).expect_err("a byte too few"), refused);
    }

    #[test]
    fn what_another_process_read_has_a_limit_of_its_own() {
        let find = |here, limits: &Limits| {
            let text = "被考核单位,考核时段,1①\n甲,平时考核\n";
            let workbook = from_bytes(&Arc::from("表.csv"), text.as_bytes());
            let mut workbook = workbook.expect("a text file");
            workbook.here = here;
            find(workbook, 0, limits).is_ok()
        };
        let (mut little_here, mut little_apart) = (Limits::default(), Limits::default());
        little_here.tables = 1;
        little_apart.tables_apart = 1;
        assert!(find(true, &little_apart) && !find(true, &little_here));
        assert!(find(false, &little_here) && !find(false, &little_apart));
    }
}
