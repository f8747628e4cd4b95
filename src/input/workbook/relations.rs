//! Which part of a package of Office refers to which, by what name. Used by the readers of
//! .xlsx and .xlsb.

use quick_xml::events::Event;

use super::package::Package;
use super::xml::{Part, attribute};
use crate::diagnostic::FileFault;

/// One reference.
struct Relation {
    id: String,
    /// The last word of its type, which is the same in both dialects of the format.
    kind: String,
    /// The name of the part that is meant.
    target: String,
}

/// The references of one part.
pub(super) struct Relations(Vec<Relation>);

impl Relations {
    /// The references of the part `of`, or, where that is empty, of the package.
    pub(super) fn read(package: &mut Package<'_>, of: &str) -> Result<Self, FileFault> {
        let (folder, file) = match of.rsplit_once('/') {
            Some((folder, file)) => (format!("{folder}/"), file),
            None => (String::new(), of),
        };
        let name = format!("{folder}_rels/{file}.rels");
        let mut relations = Vec::new();
        let text = package.text(&name)?.unwrap_or_default();
        let mut part = Part::new(&name, &text);
        loop {
            match part.next()? {
                Event::Start(element) if element.local_name().as_ref() == "Relationship" => {
                    let target = attribute(&element, "Target")?.unwrap_or_default();
                    let kind = attribute(&element, "Type")?.unwrap_or_default();
                    relations.push(Relation {
                        id: attribute(&element, "Id")?.unwrap_or_default(),
                        kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                        target: resolve(&folder, &target),
                    });
                }
                Event::Eof => return Ok(Self(relations)),
                _ => {}
            }
        }
    }

    /// The part of the first reference of this kind.
    pub(super) fn of_kind(&self, kind: &str) -> Option<&str> {
        let found = self.0.iter().find(|relation| relation.kind == kind);
        found.map(|relation| relation.target.as_str())
    }

    /// The kind and the part of the reference `id`.
    pub(super) fn by_id(&self, id: &str) -> Option<(&str, &str)> {
        let found = self.0.iter().find(|relation| relation.id == id);
        found.map(|relation| (relation.kind.as_str(), relation.target.as_str()))
    }
}

/// The name of the part that `target` means when it is said by a part in `folder`.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let path = match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("{folder}{target}"),
    };
    let mut steps: Vec<&str> = Vec::new();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_relative_or_absolute() {
        for target in [
            "worksheets/sheet1.xml",
            "/xl/worksheets/sheet1.xml",
            "./worksheets/../worksheets/sheet1.xml",
            "worksheets\\sheet1.xml",
        ] {
            assert_eq!(resolve("xl/", target), "xl/worksheets/sheet1.xml");
        }
    }
}
