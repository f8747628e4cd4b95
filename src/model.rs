//! Plain values: rubrics, rosters, tasks; what was handed in; what came out.

pub mod catalog;
pub mod change;
pub mod draft;
pub mod formula;
pub mod grid;
pub mod record;
pub mod roster;
pub mod round;
pub mod rubric;
pub mod scorecard;
pub mod submission;
pub mod task;
pub mod trial;
