//! Holds what was handed in to the rubrics: everything that can fail fails here, all of it in
//! one pass, so that scoring cannot.

#![deny(clippy::float_arithmetic)]

mod class;
mod context;
pub mod difference;
mod given;
mod group;
pub mod records;
mod report;
pub mod rubric;
mod task;
pub mod trial;
mod value;
