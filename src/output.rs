//! The edge where results go out: for machines, for terminals, for Excel and WPS.

pub mod annotate;
mod columns;
pub mod difference;
pub mod explain;
pub mod files;
pub mod findings;
pub mod lacking;
pub mod names;
pub mod report;
pub mod rubric_check;
pub mod rubric_list;
pub mod rubric_tree;
pub mod scores;
pub mod settings;
pub mod standings;
pub mod style;
pub mod template;
pub mod trial;
mod unranked;
