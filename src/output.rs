//! The edge where results go out: for machines, for terminals, for Excel and WPS.

pub mod annotate;
pub mod explain;
pub mod files;
pub mod findings;
pub mod lacking;
pub mod names;
pub mod report;
pub mod scores;
pub mod settings;
pub mod standings;
pub mod style;
pub mod template;
mod unranked;
