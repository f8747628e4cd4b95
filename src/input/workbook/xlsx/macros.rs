//! Sheets of macros and modules of Basic, as old workbooks still list them among their sheets. They
//! hold nothing that was filled in, and calamine fails the whole workbook over one.

use std::ops::Range;

use memchr::memmem;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::package::ends_with;
use super::Parts;

/// What relations to such sheets have in common, in their type and in the name of the part.
const MACROS: &[u8] = b"acrosheet";

/// Takes such sheets out of the list of sheets, which is among `parts` with its relations.
pub(super) fn leave_out(parts: &mut Parts) {
    let ids: Vec<String> = (parts.iter())
        .filter(|(name, _)| ends_with(name, ".rels"))
        .filter(|(_, relations)| memmem::find(relations, MACROS).is_some())
        .flat_map(|(_, relations)| of_macros(relations))
        .collect();
    let lists = parts
        .iter_mut()
        .filter(|(name, _)| !ends_with(name, ".rels"));
    for (_, list) in lists {
        let modules = memmem::find(list, b":id=\"\"").is_some();
        if modules || !ids.is_empty() {
            for range in listed(list, &ids).into_iter().rev() {
                list.drain(range);
            }
        }
    }
}

/// The ids of the relations to sheets of macros.
fn of_macros(relations: &[u8]) -> Vec<String> {
    let mut reader = Reader::from_reader(relations);
    let mut ids = Vec::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                let kind = attribute(&tag, "Type").unwrap_or_default();
                if kind.ends_with("/xlMacrosheet") || kind.ends_with("/xlIntlMacrosheet") {
                    ids.extend(attribute(&tag, "Id"));
                }
            }
            // What is wrong with it, calamine finds.
            Ok(Event::Eof) | Err(_) => return ids,
            Ok(_) => {}
        }
    }
}

/// Where in a list of sheets those stand that have one of `ids`, or none.
fn listed(list: &[u8], ids: &[String]) -> Vec<Range<usize>> {
    let mut reader = Reader::from_reader(list);
    let mut ranges = Vec::new();
    loop {
        let at = |reader: &Reader<&[u8]>| usize::try_from(reader.buffer_position());
        let start = at(&reader);
        match reader.read_event() {
            Ok(Event::Empty(tag)) if tag.local_name().as_ref() == "sheet" => {
                let id = attribute(&tag, "id");
                let is_none = id.is_some_and(|id| id.is_empty() || ids.contains(&id));
                if let (true, Ok(start), Ok(end)) = (is_none, start, at(&reader)) {
                    ranges.push(start..end);
                }
            }
            Ok(Event::Eof) | Err(_) => return ranges,
            Ok(_) => {}
        }
    }
}

/// The attribute of that name, whatever the prefix.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes().filter_map(Result::ok);
    let found = attributes.find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(found.value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sheets_of_cells_and_charts_are_left() {
        let relations = "<Relationships><Relationship Id='a' Type='x/worksheet' Target='1.xml'/>\
             <Relationship Id='b' Type='x/xlMacrosheet' Target='macrosheets/1.xml'/>\
             <Relationship Id='c' Type='x/xlIntlMacrosheet' Target='macrosheets/2.xml'/>\
             <Relationship Id='d' Type='x/chartsheet' Target='2.xml'/></Relationships>";
        let list =
            |sheets: &str| format!("<workbook><sheets>{sheets}</sheets></workbook>").into_bytes();
        let (cells, chart) = ("<sheet name='表' r:id='a'/>", "<sheet name='图' r:id='d'/>");
        let macros = "<sheet name='Macro1' r:id='b'/>\n<x:sheet name='宏' rel:id=\"c\"/>";
        let module = "<sheet name='Module1' sheetId='9' r:id=\"\" />";
        let mut parts = Parts::new();
        parts.insert("xl/_rels/workbook.xml.rels".into(), relations.into());
        let sheets = format!("{macros}{cells}{module}{chart}");
        parts.insert("xl/workbook.xml".into(), list(&sheets));
        leave_out(&mut parts);
        let left = format!("\n{cells}{chart}");
        assert_eq!(parts["xl/workbook.xml"], list(&left));
        assert_eq!(parts["xl/_rels/workbook.xml.rels"], relations.as_bytes());
    }
}
