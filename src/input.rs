//! The edge where files come in: rubrics, and the sheets that an office collected.
//!
//! A command gives [`files::collect`] its paths, [`workbook::read`] each file that came of them,
//! and [`layout::find`] each workbook. What a cell means is the business of the layers above.

mod abreast;
pub mod files;
pub mod guard;
pub mod layout;
pub mod rubric_file;
mod text;
pub mod workbook;
