//! The formulas of a sheet that is written plainly, each as the text of its cell.

use std::collections::HashMap;

use super::super::sparse::SheetBuilder;
use super::plain::RawCell;
use super::texts::decoded;
use crate::location::Address;
use crate::model::formula;
use crate::model::grid::{Cell, Content};

/// Those of one sheet so far that cells below may share: by their number, where each stands.
#[derive(Default)]
pub(super) struct Formulas {
    shared: HashMap<Vec<u8>, (Address, String)>,
}

impl Formulas {
    /// The formula of the cell at `address`, if it has one; `None` if only another reader knows.
    pub(super) fn cell(
        &mut self,
        cell: &RawCell<'_>,
        address: Address,
        sheet: &mut SheetBuilder,
    ) -> Option<Option<Cell>> {
        let Some((tag, text)) = cell.formula else {
            return Some(None);
        };
        let text = decoded(text)?;
        let text = match (tag.attribute(b"t"), tag.attribute(b"si")) {
            (None | Some(b"normal"), _) => text,
            (Some(b"shared"), Some(number)) => match (self.shared.get(number), &*text) {
                (Some((first, shared)), "") => formula::moved(shared, *first, address)?.into(),
                // Which of two would count is not known.
                (Some(_), _) | (None, "") => return None,
                (None, _) => {
                    let shared = (address, text.clone().into_owned());
                    self.shared.insert(number.to_vec(), shared);
                    text
                }
            },
            // What fills several cells: in braces, as spreadsheets show it.
            _ => format!("{{{text}}}").into(),
        };
        Some(Some(Content::Text(sheet.text(&text)).into()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Budget, Limits};
    use super::super::plain::{Common, sheet};
    use super::*;

    /// The formulas of a sheet with these cells, `A1=text`; `None` if another reader is needed.
    fn found(cells: &str) -> Option<Vec<String>> {
        let part = format!("<worksheet><sheetData><row>{cells}</row></sheetData></worksheet>");
        let common = Common {
            texts: Vec::new(),
            styles: Vec::new(),
            from_1904: false,
            formulas: true,
        };
        let mut budget = Budget::of(&Limits::default());
        let sheet = sheet((part.as_bytes(), "表"), &common, None, &mut budget).ok()?;
        let sheet = sheet.finish(None).expect("one cell an address");
        let cells = sheet.rows.iter().flat_map(|row| {
            let cells = row.cells.iter();
            cells.map(|(column, cell)| (Address::new(row.index, *column), &cell.content))
        });
        let shown = cells.map(|(address, content)| match content {
            Content::Text(text) => format!("{address}={text}"),
            other => panic!("a formula is a text, not {other:?}"),
        });
        Some(shown.collect())
    }

    #[test]
    fn each_cell_has_its_formula() {
        let cells = "<c r='A1'><v>1</v></c>\
            <c r='B1' t='str'><f aca='false'>IF(A1&lt;2,\"a\",\"\")</f><v></v></c>\
            <c r='C1'><f t='shared' ref='C1:C2' si='0'>A1+$A$1</f><v>2</v></c>\
            <c r='C2'><f t='shared' si='0'/><v>2</v></c>\
            <c r='D3'><f t='shared' si='0'></f><v>2</v></c>\
            <c r='E3'><f t='array' ref='E3:E4'>A1</f><v>1</v></c><c r='E4'><v>1</v></c>";
        let formulas = [
            "B1=IF(A1<2,\"a\",\"\")",
            "C1=A1+$A$1",
            "C2=A2+$A$1",
            "D3=B3+$A$1",
            "E3={A1}",
        ];
        assert_eq!(
            found(cells).as_deref(),
            Some(&formulas.map(str::to_owned)[..])
        );
    }

    #[test]
    fn formulas_that_are_shared_have_one_meaning() {
        let first = "<c r='A2'><f t='shared' ref='A2:A3' si='0'>B2</f></c>";
        assert!(found(first).is_some());
        for cell in [
            "<c r='A3'><f t='shared' si='1'/></c>",
            "<c r='A3'><f t='shared' si='0'>B3</f></c>",
            "<c r='A1'><f t='shared' si='0'/></c><c r='A3'><f>A1</f><f>A2</f></c>",
        ] {
            assert_eq!(found(&format!("{first}{cell}")), None, "{cell}");
        }
        let outside =
            "<c r='B2'><f t='shared' si='0'>A1</f></c><c r='B1'><f t='shared' si='0'/></c>";
        assert_eq!(found(outside), None);
    }
}
