//! Ranks and grades as formulas of the ranking sheet, which follow when a score changes.

use std::collections::HashSet;

use crate::decimal::plain;
use crate::engine::{self, Key};
use crate::model::rubric::{Grades, Level};
use crate::output::report::page::{block, cell, fixed, on};
use crate::output::report::plan::{Class, RANKING_FIRST, RANKING_ITEMS, SUMS_ITEMS, width};

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

    /// What decides, the first figure first; none where the class has no such score.
    pub fn figures(self, class: &Class) -> Option<Vec<Figure>> {
        match self {
            Self::Total if class.whole_year() => {
                let breakers = class.rubric.ranking.tie_breakers.iter();
                let items = breakers.map(|&item| {
                    if class.converts {
                        Figure::Lost(SUMS_ITEMS + width(item))
                    } else {
                        Figure::Ranking(RANKING_ITEMS + width(item))
                    }
                });
                let total = Figure::Ranking(class.total_column());
                Some([total].into_iter().chain(items).collect())
            }
            Self::FirstPeriod if !class.periods.is_empty() => {
                Some(vec![Figure::Ranking(class.period_column(0))])
            }
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
        let figures = self.figures(class)?;
        if !class.is_dense() {
            return Some(place(class, row, &figures));
        }
        let flags = match self {
            Self::Total => class.first_of_rank_columns()[0],
            Self::FirstPeriod => class.first_of_rank_columns()[1],
        };
        let flags = class.sums_column(flags);
        let mut terms = vec!["1".to_owned()];
        for decides in 0..figures.len() {
            let better = better(class, row, &figures[..=decides]);
            terms.push(format!("SUMIFS({flags},{better})"));
        }
        Some(terms.join("+"))
    }
}

/// A figure that decides, by its column.
#[derive(Clone, Copy)]
pub(super) enum Figure {
    /// On the ranking sheet: more is better.
    Ranking(u16),
    /// Points lost, in the table of units on the sheet of sums: less is better.
    Lost(u16),
}

/// The sheet that a formula stands on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    Ranking,
    Sums,
}

impl Figure {
    /// The cells of the units from `first` to `last`, as a formula on another sheet or this one
    /// refers to them.
    pub fn cells(self, class: &Class, from: From, first: u32, last: u32) -> String {
        let (sheet, name, rows, column) = match self {
            Self::Ranking(column) => (From::Ranking, &class.ranking, RANKING_FIRST, column),
            Self::Lost(column) => (From::Sums, &class.sums, class.unit_row(0), column),
        };
        let cells = if first == last {
            fixed(rows + first, column)
        } else {
            block((rows + first, column), (rows + last, column))
        };
        if sheet == from {
            cells
        } else {
            on(name, &cells)
        }
    }

    /// The cells of all units, for a formula on the ranking sheet.
    fn all(self, class: &Class) -> String {
        let last = class.units().max(1) - 1;
        self.cells(class, From::Ranking, 0, last)
    }

    /// The cell of the unit in `row` of the ranking sheet, for a formula in that row.
    fn own(self, class: &Class, row: u32) -> String {
        match self {
            Self::Ranking(column) => cell(row, column),
            Self::Lost(_) => {
                let unit = row - RANKING_FIRST;
                self.cells(class, From::Ranking, unit, unit)
            }
        }
    }
}

/// The conditions of COUNTIFS: equal in all figures but the last, better there.
fn better(class: &Class, row: u32, figures: &[Figure]) -> String {
    let last = figures.len().max(1) - 1;
    let condition = |(place, figure): (usize, &Figure)| {
        let (all, own) = (figure.all(class), figure.own(class, row));
        match figure {
            _ if place < last => format!("{all},{own}"),
            Figure::Ranking(_) => format!("{all},\">\"&{own}"),
            Figure::Lost(_) => format!("{all},\"<\"&{own}"),
        }
    };
    let conditions = figures.iter().enumerate().map(condition);
    conditions.collect::<Vec<_>>().join(",")
}

/// A formula: one more than the number of units that are better.
fn place(class: &Class, row: u32, figures: &[Figure]) -> String {
    let (all, own) = (figures[0].all(class), figures[0].own(class, row));
    let mut terms = vec![format!("RANK({own},{all},0)")];
    for decides in 1..figures.len() {
        let better = better(class, row, &figures[..=decides]);
        terms.push(format!("COUNTIFS({better})"));
    }
    terms.join("+")
}

/// A formula: the grade of the unit in `row` of the ranking sheet.
pub(super) fn grade(class: &Class, grades: &Grades, row: u32) -> Option<String> {
    let figures = By::Total.figures(class)?;
    let (last, conditional) = grades.levels.split_last()?;
    let mut formula = quoted(&last.name);
    for (place, level) in conditional.iter().enumerate().rev() {
        let conditions = conditions(class, grades, (place, level), row, &figures);
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
    figures: &[Figure],
) -> Vec<String> {
    let own = figures[0].own(class, row);
    let bound = level.bound.map(|bound| {
        let sign = if bound.inclusive { ">=" } else { ">" };
        format!("{own}{sign}{}", plain(bound.score))
    });
    let share = level.share.map(|_| {
        let rank = if class.is_dense() {
            place(class, row, figures)
        } else {
            cell(row, 0)
        };
        let used = if grades.ties_up {
            rank
        } else {
            let equal = figures.iter().map(|figure| {
                let (all, own) = (figure.all(class), figure.own(class, row));
                format!("{all},{own}")
            });
            let equal = equal.collect::<Vec<_>>().join(",");
            format!("{rank}-1+COUNTIFS({equal})")
        };
        let share = plain(grades.share_down_to(place_of_level));
        let totals = figures[0].all(class);
        // A product of binary numbers may lie a little below the whole number that it is.
        format!("{used}<=INT(ROUND({share}*COUNT({totals}),6))")
    });
    bound.into_iter().chain(share).collect()
}

/// A text as a formula writes it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
