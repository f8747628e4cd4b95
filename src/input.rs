//! The edge where files come in: rubrics, and the sheets that an office collected.

pub mod layout;
