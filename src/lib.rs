//! kaohe scores government units against an assessment document (考核细则).
//!
//! # The model in ten lines
//!
//! A [`model::rubric::Rubric`] is one score table of the document: categories of items, each
//! item with clauses (考核内容) and rules (计分方法). A rule says what a sheet must state and what
//! it costs, up to a cap (扣完为止). A [`model::roster::Roster`] says which units there are and
//! which rubric scores them; a [`model::task::TaskTable`] which tasks they were given. What an
//! office collects are files; the tables found in them are
//! [`model::submission::Table`]s. Held to the rubric they become
//! [`model::record::Record`]s: one unit, one period, one round, a value for every rule.
//! [`engine`] turns a record into a [`model::scorecard::Scorecard`], rounds into periods,
//! periods into a total, totals into ranks.
//!
//! # The way of a cell
//!
//! `武陵区.xlsx › 计分表 › D14` holds 3. [`input::workbook`] gives a cell with its absolute
//! address; [`input::layout`] finds that row 14 is rule 3① and makes the number exact;
//! [`check::records`] holds it to the rubric; [`engine`] makes the step 3 × 1 = 3, cap 5,
//! applied 3; the step goes into an item, a scorecard, a standing; [`output`] prints it.
//! Nothing goes back up and no file is opened twice.

#![deny(missing_docs)]

pub mod arithmetic;
pub mod check;
pub mod cli;
pub mod decimal;
pub mod diagnostic;
pub mod engine;
mod hash;
pub mod input;
pub mod location;
pub mod model;
pub mod output;
pub mod text;
