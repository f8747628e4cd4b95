//! The pass over the `content.xml` of an .ods before calamine reads it.

use std::borrow::Cow;

use quick_xml::escape::{resolve_predefined_entity, unescape};
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::QName;

use super::super::limits::Limits;
use super::super::package::damaged;
use super::CONTENT;
use super::amends::Amends;
use super::table::{Table, count, repeats};
use crate::diagnostic::{Excess, FileFault};

/// What the pass found.
pub(super) struct Checked {
    pub(super) tables: Vec<Table>,
    /// What calamine must not see, such as white space between the cells of a row and what lies
    /// upon a cell; and of a cell that holds a text, that it does.
    pub(super) amends: Amends,
}

/// The pass: whole to its end, within the limits.
pub(super) fn check(content: &[u8], limits: &Limits) -> Result<Checked, FileFault> {
    let mut reader = quick_xml::Reader::from_reader(content);
    reader.config_mut().expand_empty_elements = true;
    let mut pass = Pass {
        reader,
        limits,
        tables: Vec::new(),
        amends: Amends::default(),
        depth: 0,
        within: Within::default(),
        text: 0,
    };
    while pass.step()? {
        if pass.text > limits.text as u64 {
            return Err(FileFault::TooLarge(Excess::Text(limits.text >> 20)));
        }
    }
    let Pass { tables, amends, .. } = pass;
    if tables.iter().any(Table::is_lost) {
        return Err(damaged("有一张工作表没有名字"));
    }
    let tables = tables.into_iter().filter(|table| table.named).collect();
    Ok(Checked { tables, amends })
}

/// The pass on its way.
struct Pass<'a> {
    reader: quick_xml::Reader<&'a [u8]>,
    limits: &'a Limits,
    tables: Vec<Table>,
    amends: Amends,
    /// The elements that have not ended.
    depth: usize,
    within: Within,
    /// The text of all cells, repeats and all, and what else there is of text.
    text: u64,
}

/// What the pass is within.
#[derive(Default)]
struct Within {
    table: bool,
    row: bool,
    cell: bool,
    /// A paragraph of a cell.
    text: bool,
}

impl Pass<'_> {
    /// Takes the next piece of the content, if there is one.
    fn step(&mut self) -> Result<bool, FileFault> {
        let at = self.position();
        match self.reader.read_event().map_err(|_| broken())? {
            Event::Start(element) if self.passes_over(&element)? => {
                self.pass_over(at, element.name())?;
            }
            Event::Start(element) => {
                self.depth += 1;
                self.begin(at, &element)?;
            }
            Event::End(element) => {
                self.depth = self.depth.checked_sub(1).ok_or_else(broken)?;
                self.end(element.name());
            }
            Event::Text(written) => self.take(at, &written)?,
            Event::GeneralRef(reference) if self.within.row => {
                self.take(at, &character(&reference)?)?;
            }
            Event::Comment(_) | Event::PI(_) if self.within.row => self.cut(at),
            // calamine would leave the text out.
            Event::CData(_) if self.within.table => return Err(broken()),
            // Half a content: the sheets behind the break would be lost without a word.
            Event::Eof if self.depth > 0 => return Err(broken()),
            Event::Eof => return Ok(false),
            _ => {}
        }
        Ok(true)
    }

    /// Takes the beginning of an element, which stands `at` in the content.
    fn begin(&mut self, at: usize, element: &BytesStart<'_>) -> Result<(), FileFault> {
        let within = &mut self.within;
        match (element.name().as_ref(), self.tables.last_mut()) {
            ("table:table" | "table:sub-table", _) if within.table => {
                return Err(damaged("表格里套着表格"));
            }
            ("table:table", last) => {
                let dense = self.limits.dense;
                let most = last.map_or(dense as u64, |last| last.left());
                self.tables.push(Table::new(element, most, dense)?);
                within.table = true;
            }
            // A beginning with another name, which calamine passes over with all in it.
            ("table:table-row", _) if !within.table || within.row => return Err(broken()),
            ("table:table-cell" | "table:covered-table-cell", _) if !within.row || within.cell => {
                return Err(broken());
            }
            ("table:table-row", Some(table)) => {
                table.begin_row(repeats(element, "table:number-rows-repeated")?);
                within.row = true;
            }
            (name @ ("table:table-cell" | "table:covered-table-cell"), Some(table)) => {
                let attributes = self.amends.place(at + 1 + name.len());
                table.begin(element, attributes)?;
                within.cell = true;
            }
            ("text:p", Some(table)) if within.cell => {
                table.take_paragraph();
                within.text = true;
            }
            ("text:s", Some(table)) if within.cell => {
                table.take_spaces(count(element, "text:c")?);
            }
            ("text:tab" | "text:line-break", Some(table)) if within.cell => table.take_spaces(1),
            _ => {}
        }
        Ok(())
    }

    /// Takes the end of an element.
    fn end(&mut self, name: QName<'_>) {
        match (name.as_ref(), self.tables.last_mut()) {
            ("table:table", _) => self.within.table = false,
            ("table:table-row", Some(table)) => {
                table.end_row();
                self.within.row = false;
            }
            ("table:table-cell" | "table:covered-table-cell", Some(table)) => {
                self.text = self.text.saturating_add(table.end());
                self.within.cell = false;
            }
            ("text:p", _) => self.within.text = false,
            _ => {}
        }
    }

    /// Takes a text, which begins `at` in the content.
    fn take(&mut self, at: usize, text: &str) -> Result<(), FileFault> {
        match self.tables.last_mut() {
            Some(table) if self.within.text => table.take(text, &mut self.amends)?,
            _ if self.within.row && text.trim_ascii().is_empty() => self.cut(at),
            // A text that stands in no paragraph is shown by no program.
            _ if self.within.row => return Err(broken()),
            _ => self.text += text.len() as u64,
        }
        Ok(())
    }

    /// Whether an element holds no sheet of this file, or in a sheet nothing that is in its cells.
    fn passes_over(&self, element: &BytesStart<'_>) -> Result<bool, FileFault> {
        match element.name().as_ref() {
            "table:dde-links" | "table:named-expressions" => Ok(true),
            "table:table" => is_copy(element),
            name => Ok(self.within.table && lies_upon_cells(name)),
        }
    }

    /// Passes over an element, which begins `at` in the content, and spares calamine what it holds.
    fn pass_over(&mut self, at: usize, name: QName<'_>) -> Result<(), FileFault> {
        let begun = self.position();
        self.reader.read_to_end(name).map_err(|_| broken())?;
        if self.position() > begun {
            self.cut(at);
        }
        Ok(())
    }

    /// Cuts out what was read since `at`.
    fn cut(&mut self, at: usize) {
        self.amends.cut(at..self.position());
    }

    /// How far the content is read.
    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }
}

/// The fault of a content that is not as it must be.
fn broken() -> FileFault {
    damaged(CONTENT)
}

/// Whether a table is the copy of a sheet of another file that formulas refer to, which no program
/// shows: `'file:///C:/表.ods'#计分表`. No sheet can have such a name.
fn is_copy(table: &BytesStart<'_>) -> Result<bool, FileFault> {
    let name = table.try_get_attribute("table:name");
    let Some(name) = name.map_err(|_| broken())? else {
        return Ok(false);
    };
    let name = unescape(&name.value).map_err(|_| broken())?;
    Ok(name.split_once('#').is_some_and(|(file, sheet)| {
        let quoted = file.starts_with('\'') && file.ends_with('\'');
        quoted && file.contains("://") && !sheet.is_empty()
    }))
}

/// Whether the elements of this name lie upon cells or beside a text, and are no part of it: what is
/// drawn there, in words or not, remarks, forms, notes, and how a character is spoken.
fn lies_upon_cells(name: &str) -> bool {
    let kind = name.split(':').next().unwrap_or_default();
    matches!(kind, "draw" | "dr3d" | "svg" | "form" | "office")
        || matches!(
            name,
            "table:shapes" | "text:note" | "text:ruby-text" | "text:script"
        )
}

/// The character that a reference stands for.
fn character<'a>(reference: &'a BytesRef<'_>) -> Result<Cow<'a, str>, FileFault> {
    match reference.resolve_char_ref() {
        Ok(Some(character)) => Ok(character.to_string().into()),
        Ok(None) => resolve_predefined_entity(reference)
            .map(Cow::Borrowed)
            .ok_or(FileFault::ForeignEntity),
        Err(_) => Err(broken()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::cells::SOME_ERROR;
    use super::super::amends::TEXT;
    use super::*;

    /// What the pass finds in a content with these rows.
    fn of(rows: &str) -> Result<Checked, FileFault> {
        let content = format!("<c><table:table table:name='表'>{rows}</table:table></c>");
        check(content.as_bytes(), &Limits::default())
    }

    /// A row with this cell in it.
    fn row(cell: &str) -> String {
        format!("<table:table-row>{cell}</table:table-row>")
    }

    /// A table of these rows as calamine gets it.
    fn table(rows: &str) -> String {
        let table = format!("<table:table table:name='表'>{rows}</table:table>");
        let checked = check(table.as_bytes(), &Limits::default()).expect("a whole table");
        String::from_utf8(checked.amends.made_in(table.as_bytes())).expect("pieces of a text")
    }

    /// A cell of this content that says nothing of it, and as calamine gets it.
    fn untyped(content: &str) -> String {
        format!("<table:table-cell table:style-name='a'>{content}</table:table-cell>")
    }

    fn typed(content: &str) -> String {
        format!("<table:table-cell{TEXT} table:style-name='a'>{content}</table:table-cell>")
    }

    /// That calamine gets `after` where the content has `before`, and reads `after` as it is.
    fn becomes(before: &str, after: &str) {
        assert_eq!(table(before), table(after), "{before}");
        assert!(table(after).contains(after), "{after}");
    }

    #[test]
    fn calamine_gets_texts_and_no_white_space_between_cells() {
        let blank = "<table:table-cell/>";
        let text = "<text:p>a b</text:p><text:p>c</text:p>";
        let before = format!("\n {blank}\n {} {}\n", untyped(text), typed(text));
        let after = [blank, &typed(text), &typed(text)].concat();
        becomes(&row(&before), &row(&after));
        // White space that is cut comes behind the type in the content, and before it in time.
        let indented = "\n <text:p>a b</text:p>\n <text:p>c</text:p>\n";
        becomes(
            &row(&untyped(indented).repeat(2)),
            &row(&typed(text).repeat(2)),
        );
        becomes(
            &row("<table:table-cell/><!-- b --><?c d?><table:table-cell/>"),
            &row("<table:table-cell/><table:table-cell/>"),
        );
    }

    #[test]
    fn a_reference_to_a_character_is_a_text() {
        let text = "<text:p>&#21542;</text:p>";
        becomes(&row(&untyped(text)), &row(&typed(text)));
        let blank = row(&untyped("<text:p>&#32;</text:p>"));
        becomes(&blank, &blank);
        let foreign = of(&row(&untyped("<text:p>&x;</text:p>")));
        assert!(matches!(foreign, Err(FileFault::ForeignEntity)));
    }

    #[test]
    fn what_lies_upon_a_cell_is_not_in_it() {
        let words = "<text:p>x</text:p>";
        for upon in [
            format!("<draw:custom-shape>{words}<draw:g/></draw:custom-shape>"),
            format!("<draw:frame><draw:text-box>{words}</draw:text-box></draw:frame>"),
            format!(
                "<draw:a><draw:frame><svg:title>x</svg:title><svg:desc>{words}</svg:desc></draw:frame></draw:a>"
            ),
            format!("<office:annotation><dc:date>x</dc:date>{words}</office:annotation>"),
            format!(
                "<draw:frame><table:table>{}</table:table></draw:frame>",
                row("")
            ),
            "<office:event-listeners><script:event-listener/> </office:event-listeners>".to_owned(),
        ] {
            becomes(&row(&untyped(&upon)), &row(&untyped("")));
            let beside = format!("{upon}<text:p>否{upon}</text:p>{upon}");
            let text = "<text:p>否</text:p>";
            becomes(&row(&untyped(&beside)), &row(&typed(text)));
            becomes(&row(&typed(&beside)), &row(&typed(text)));
        }
        let spoken = "<text:p><text:ruby><text:ruby-base>否</text:ruby-base><text:ruby-text>fou</text:ruby-text></text:ruby></text:p>";
        let written = "<text:p><text:ruby><text:ruby-base>否</text:ruby-base></text:ruby></text:p>";
        becomes(&row(&typed(spoken)), &row(&typed(written)));
        let noted =
            "<text:p>否<text:note><text:note-citation>1</text:note-citation></text:note></text:p>";
        becomes(&row(&typed(noted)), &row(&typed("<text:p>否</text:p>")));
    }

    #[test]
    fn what_lies_upon_a_sheet_is_not_in_its_cells() {
        let rows = row(&typed("<text:p>否</text:p>"));
        let drawn = "<draw:rect><text:p>x</text:p></draw:rect>";
        let forms = "<office:forms form:a='b'/>";
        becomes(
            &format!("{forms}<table:shapes>{drawn}{drawn}</table:shapes>{rows}"),
            &format!("{forms}{rows}"),
        );
        let names = "<table:named-expressions>\n<table:named-range table:name='a'/>\n</table:named-expressions>";
        becomes(&format!("{rows}{names}"), &rows);
        // What is drawn on a sheet is not in the last cell before it either.
        let blank = row(&untyped(""));
        becomes(
            &format!("{blank}<text:p>x</text:p>"),
            &format!("{blank}<text:p>x</text:p>"),
        );
    }

    #[test]
    fn errors_are_told_by_their_text() {
        let cell = |attributes: &str, text: &str| {
            let cell = format!(
                "<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"
            );
            let found = of(&row(&cell)).expect("a whole table");
            found.tables[0].notes.errors.get(&(0, 0)).cloned()
        };
        let number = "office:value-type='float' office:value='0'";
        let formula = format!("{number} table:formula='of:=1/0'");
        let told = format!("{formula} calcext:value-type='error'");
        assert_eq!(cell(&formula, "#DIV/0!").as_deref(), Some("#DIV/0!"));
        assert_eq!(cell(&formula, "Err:502").as_deref(), Some("Err:502"));
        assert_eq!(cell(&told, "#NEW!").as_deref(), Some("#NEW!"));
        assert_eq!(cell(&told, "").as_deref(), Some(SOME_ERROR));
        assert_eq!(cell(&formula, "0"), None);
        assert_eq!(cell(number, "#DIV/0!"), None);
    }

    #[test]
    fn what_calamine_would_pass_over_is_refused() {
        let value = "<table:table-cell office:value-type='float' office:value='1'/>";
        let repeated = |what: &str| value.replacen(' ', &format!(" table:{what}='0' "), 1);
        for rows in [
            row(value).replacen("row>", "row table:number-rows-repeated='0'>", 1),
            row(&repeated("number-columns-repeated")),
            row(
                "<table:table-cell office:value-type='string'><text:p><![CDATA[a]]></text:p></table:table-cell>",
            ),
            // Neither heading nor bare text is shown by any program, and a part of it would be read.
            row(&typed("<text:p>1</text:p><text:h>2</text:h>")),
            row(&typed("<text:p>1</text:p>2")),
            row(&typed("1")),
            row(&format!("{value}x")),
            row(&row(value)),
            row(&typed(value)),
            row(&format!(
                "<table:table-cell><table:sub-table>{}</table:sub-table></table:table-cell>",
                row(value)
            )),
            row(&format!(
                "<table:table-cell><table:table>{}</table:table></table:table-cell>",
                row(value)
            )),
            row(value).replace("-row", "-rov"),
            format!(
                "</table:table><table:tablf>{}</table:tablf><table:table>",
                row(value)
            ),
            format!("</table:table><table:table>{}", row(value)),
        ] {
            assert!(matches!(of(&rows), Err(FileFault::Damaged(_))), "{rows}");
        }
    }

    #[test]
    fn copies_of_what_other_files_hold_are_no_sheets() {
        let rows = row(&typed("<text:p>1</text:p>"));
        let links = |table: &str| {
            format!("</table:table><table:dde-links>{table}</table:dde-links><table:table>")
        };
        let kept = "</table:table><table:table>";
        becomes(&links(&format!("<table:table>{rows}</table:table>")), kept);
        let named = |name: &str| {
            let source = "<table:table-source xlink:href='file:///C:/b.ods'/>";
            format!("</table:table><table:table table:name=\"{name}\">{source}{rows}")
        };
        let sheets = |name: &str| of(&named(name)).expect("whole tables").tables.len();
        for copy in [
            "'file:///C:/b.ods'#计分表",
            "&apos;file:///C:/b&apos;s.ods&apos;#计分表",
            "'https://b/c.ods'#a'#b",
        ] {
            assert_eq!(sheets(copy), 1, "{copy}");
        }
        for sheet in ["计分表", "#", "'甲'#乙", "'file:///C:/b.ods'#"] {
            assert_eq!(sheets(sheet), 2, "{sheet}");
        }
    }

    #[test]
    fn a_formula_without_a_value_was_never_calculated_whatever_it_shows() {
        let uncalculated = |content: &str| {
            let cell = untyped(content).replace(" table:", " table:formula='of:=1/3' table:");
            let found = of(&row(&cell)).expect("a whole table");
            found.tables[0].notes.uncalculated.contains(&(0, 0))
        };
        assert!(uncalculated(""));
        assert!(uncalculated("<text:p>0.33</text:p>"));
        assert!(uncalculated("<draw:g><text:p/></draw:g>"));
        assert!(!uncalculated("<text:p/>"));
    }

    #[test]
    fn the_text_of_a_cell_counts_wherever_it_stands() {
        // 2 bytes for the beginning of the paragraph and the x, and 8 more, ten times: 100.
        for eight in [
            "abcdefgh",
            "<text:s text:c='8'/>",
            "&lt;&gt;&amp;&#65;abcd",
            "<text:tab/><text:line-break/>abcdef",
        ] {
            let cell = |more: &str| {
                let cell = untyped(&format!("<text:p>{eight}{more}x</text:p>"));
                let rows = row(&cell).replacen("row>", "row table:number-rows-repeated='10'>", 1);
                // A beginning that stands there ten times counts nine times more.
                let tag = (cell.find('>').expect("an end") - 1) * 9;
                let table = format!("<table:table table:name='表'>{rows}</table:table>");
                let mut limits = Limits::times(1);
                limits.text = 100 + tag;
                check(table.as_bytes(), &limits).is_ok()
            };
            assert!(cell(""), "{eight}");
            assert!(!cell("y"), "{eight}");
        }
    }
}
