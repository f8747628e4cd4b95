//! The edge where files come in: rubrics, and the sheets that an office collected.

pub mod files;
pub mod layout;
pub mod rubric_file;

pub mod workbook;
