//! Tables that are probed: empty, and noting what they are asked for.

use toml::de::DeTable;

use super::Table;
use crate::input::rubric_file::problem::File;
use crate::input::rubric_file::shape::{Condition, Node, Object, Property};
use crate::model::draft::Reported;

impl<'a> Table<'a> {
    /// What `read` asks a table for. The table is empty and every value a hole.
    pub(in crate::input::rubric_file) fn probe<T>(
        file: File<'a>,
        tree: &'a DeTable<'a>,
        read: impl FnOnce(&mut Self) -> T,
    ) -> Object {
        let mut table = Self {
            file,
            span: 0..0,
            tree,
            base: None,
            set_aside: "",
            asked: Vec::new(),
            probed: Some(Object::default()),
        };
        read(&mut table);
        table.probed.unwrap_or_default()
    }

    /// Whether the table is probed.
    pub(in crate::input::rubric_file) fn is_probed(&self) -> bool {
        self.probed.is_some()
    }

    /// What `read` asks a table inside this one for.
    pub(in crate::input::rubric_file) fn probe_inner<T>(
        &self,
        read: impl FnOnce(&mut Self) -> T,
    ) -> Object {
        Self::probe(self.file, self.tree, read)
    }

    /// Notes what holds between keys, which the reader checks elsewhere.
    pub(in crate::input::rubric_file) fn holds(&mut self, condition: impl FnOnce() -> Condition) {
        if let Some(object) = &mut self.probed {
            object.conditions.push(condition());
        }
    }

    /// Notes what is asked for; the hole that a probed table gives.
    pub(in crate::input::rubric_file) fn note(
        &mut self,
        key: &'static str,
        required: bool,
        node: impl FnOnce(&Self) -> Node,
    ) -> Result<(), Reported> {
        if !self.is_probed() {
            return Ok(());
        }
        let node = node(self);
        if let Some(object) = &mut self.probed {
            object.note(Property {
                key,
                required,
                node,
            });
        }
        // Nothing is made of a probe, so nothing can go unreported.
        Err(Reported::recorded())
    }
}
