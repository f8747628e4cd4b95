//! Ranks and grades as formulas of the ranking sheet, which follow when a score changes.

use std::collections::HashSet;

use crate::decimal::plain;
use crate::engine::{self, Key};
use crate::model::rubric::{Grades, Level};
use crate::output::report::page::{block, cell};
use crate::output::report::plan::{Class, RANKING_FIRST, RANKING_ITEMS, width};

/// What units are ranked by.
#[derive(Clone, Copy)]
pub(super) enum By {
    /// The total, then the items that decide between equal totals.
    Total,
    /// The score of the first period alone.
    FirstPeriod,
}

impl By {
    /// Both, in the order of their columns.
    pub const ALL: [Self; 2] = [Self::Total, Self::FirstPeriod];

    /// The columns of the ranking sheet that decide, the first one first; none where the class
    /// has no such score.
    pub fn columns(self, class: &Class) -> Option<Vec<u16>> {
        match self {
            Self::Total if class.whole_year() => {
                let breakers = class.rubric.ranking.tie_breakers.iter();
                let items = breakers.map(|&item| RANKING_ITEMS + width(item));
                Some([class.total_column()].into_iter().chain(items).collect())
            }
            Self::FirstPeriod if !class.periods.is_empty() => Some(vec![class.period_column(0)]),
            Self::Total | Self::FirstPeriod => None,
        }
    }

    /// What each unit is ranked by.
    pub fn keys(self, class: &Class) -> Vec<Key> {
        let units = class.result.units.iter();
        match self {
            Self::Total => units
                .filter_map(|unit| engine::key(class.rubric, unit))
                .collect(),
            Self::FirstPeriod => units
                .filter_map(|unit| unit.periods.first())
                .map(|period| vec![period.score])
                .collect(),
        }
    }

    /// Whether each unit is the first of those who share its rank.
    pub fn firsts(self, class: &Class) -> Vec<bool> {
        let mut seen = HashSet::new();
        let keys = self.keys(class).into_iter();
        keys.map(|key| seen.insert(key)).collect()
    }

    /// A formula: the rank of the unit in `row` of the ranking sheet; `None` without a score.
    pub fn rank(self, class: &Class, row: u32) -> Option<String> {
        let columns = self.columns(class)?;
        if !class.is_dense() {
            return Some(place(class, row, &columns));
        }
        let flags = match self {
            Self::Total => class.first_of_rank_columns()[0],
            Self::FirstPeriod => class.first_of_rank_columns()[1],
        };
        let flags = class.sums_column(flags);
        let mut terms = vec!["1".to_owned()];
        for decides in 0..columns.len() {
            let better = better(class, row, &columns[..=decides]);
            terms.push(format!("SUMIFS({flags},{better})"));
        }
        Some(terms.join("+"))
    }
}

/// The conditions of COUNTIFS: equal in all columns but the last, better there.
fn better(class: &Class, row: u32, columns: &[u16]) -> String {
    let last = columns.len().max(1) - 1;
    let condition = |(place, &column): (usize, &u16)| {
        let (range, own) = (range(class, column), cell(row, column));
        if place == last {
            format!("{range},\">\"&{own}")
        } else {
            format!("{range},{own}")
        }
    };
    let conditions = columns.iter().enumerate().map(condition);
    conditions.collect::<Vec<_>>().join(",")
}

/// A column over all units.
fn range(class: &Class, column: u16) -> String {
    block((RANKING_FIRST, column), (class.ranking_last(), column))
}

/// A formula: one more than the number of units that are better.
fn place(class: &Class, row: u32, columns: &[u16]) -> String {
    let own = cell(row, columns[0]);
    let mut terms = vec![format!("RANK({own},{},0)", range(class, columns[0]))];
    for decides in 1..columns.len() {
        let better = better(class, row, &columns[..=decides]);
        terms.push(format!("COUNTIFS({better})"));
    }
    terms.join("+")
}

/// A formula: the grade of the unit in `row` of the ranking sheet.
pub(super) fn grade(class: &Class, grades: &Grades, row: u32) -> Option<String> {
    let columns = By::Total.columns(class)?;
    let (last, conditional) = grades.levels.split_last()?;
    let mut formula = quoted(&last.name);
    for (place, level) in conditional.iter().enumerate().rev() {
        let conditions = conditions(class, grades, (place, level), row, &columns);
        let test = match &conditions[..] {
            [only] => only.clone(),
            several => format!("AND({})", several.join(",")),
        };
        formula = format!("IF({test},{},{formula})", quoted(&level.name));
    }
    Some(formula)
}

/// What it takes to have a level.
fn conditions(
    class: &Class,
    grades: &Grades,
    (place_of_level, level): (usize, &Level),
    row: u32,
    columns: &[u16],
) -> Vec<String> {
    let own = cell(row, columns[0]);
    let bound = level.bound.map(|bound| {
        let sign = if bound.inclusive { ">=" } else { ">" };
        format!("{own}{sign}{}", plain(bound.score))
    });
    let share = level.share.map(|_| {
        let rank = if class.is_dense() {
            place(class, row, columns)
        } else {
            cell(row, 0)
        };
        let used = if grades.ties_up {
            rank
        } else {
            let equal = columns.iter().map(|&column| {
                let (range, own) = (range(class, column), cell(row, column));
                format!("{range},{own}")
            });
            let equal = equal.collect::<Vec<_>>().join(",");
            format!("{rank}-1+COUNTIFS({equal})")
        };
        let share = plain(grades.share_down_to(place_of_level));
        let totals = range(class, columns[0]);
        // A product of binary numbers may lie a little below the whole number that it is.
        format!("{used}<=INT(ROUND({share}*COUNT({totals}),6))")
    });
    bound.into_iter().chain(share).collect()
}

/// A text as a formula writes it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
