//! What the reader accepts, as it asks for it.
//!
//! A table that is *probed* is empty: the functions that read a rubric ask it for their keys as
//! they ask any other, every value is a hole, and what was asked for is noted. So the schema is
//! made of the same calls as the reading, and the two cannot part.

use super::table::Word;

/// What a single value must be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// A text that is not empty.
    Text,
    /// A text that a regular expression fits.
    Pattern(&'static str),
    /// A number from zero.
    Number,
    /// A number of either sign.
    AnyNumber,
    /// A number from 0 to 1.
    Share,
    /// A whole number within bounds.
    Whole {
        /// The least.
        least: u32,
        /// The most.
        most: u32,
    },
    /// A value of a sheet: text, number or truth value.
    Written,
    /// A number, or arithmetic as text.
    Arithmetic,
    /// A list of values.
    List(&'static Shape),
}

/// What stands behind a key.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// A value.
    Value(Shape),
    /// One of these words, each with what it means.
    Words(Vec<(&'static str, &'static str)>),
    /// A table.
    Table(Object),
    /// One or more tables.
    Tables(Object),
    /// A table of tables, whose keys the file chooses.
    ById(Object),
    /// A table of values, whose keys the file chooses.
    ByName(Shape),
}

impl Node {
    /// One of these words.
    pub(super) fn of_words<T>(words: &[Word<T>]) -> Self {
        Self::Words(
            words
                .iter()
                .map(|(word, meaning, _)| (*word, *meaning))
                .collect(),
        )
    }
}

/// A key that was asked for.
#[derive(Clone, Debug)]
pub(super) struct Property {
    pub key: &'static str,
    pub required: bool,
    pub node: Node,
}

/// When a [`Condition`] holds.
#[derive(Clone, Debug)]
pub(super) enum When {
    /// Whatever is there.
    Always,
    /// The key has this word.
    Is(&'static str, &'static str),
    /// The key is there, with any other word.
    IsNot(&'static str, &'static str),
    /// The key is there.
    Has(&'static str),
    /// None of the keys is there.
    Lacks(&'static [&'static str]),
}

/// What holds between the keys of a table.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    pub when: When,
    /// Must be there then.
    pub required: Vec<&'static str>,
    /// Must not be there then.
    pub refused: Vec<&'static str>,
    /// Is this then.
    pub narrowed: Vec<Property>,
}

impl Condition {
    /// A condition under which these keys must, and those must not be there.
    pub(super) fn new(when: When, required: &[&'static str], refused: &[&'static str]) -> Self {
        Self {
            when,
            required: required.to_vec(),
            refused: refused.to_vec(),
            narrowed: Vec::new(),
        }
    }
}

/// The keys of a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Object {
    pub properties: Vec<Property>,
    pub conditions: Vec<Condition>,
}

impl Object {
    /// Notes a key; one that several kinds ask for is noted once.
    pub(super) fn note(&mut self, property: Property) {
        let same = |known: &&mut Property| known.key == property.key;
        match (self.properties.iter_mut().find(same), property.node) {
            (Some(known), Node::ById(more)) => {
                if let Node::ById(object) = &mut known.node {
                    more.properties.into_iter().for_each(|p| object.note(p));
                }
            }
            (Some(_), _) => {}
            (None, node) => self.properties.push(Property { node, ..property }),
        }
    }
}
