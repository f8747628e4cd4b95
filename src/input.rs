//! The reading edge: from paths to sheets of cells, nothing interpreted.
//!
//! A command gives [`files::collect`] its paths and [`workbook::read`] each file that came of
//! them. What a cell means is the business of the layers above.

pub mod files;
mod text;
pub mod workbook;
