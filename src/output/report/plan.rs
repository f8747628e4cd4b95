//! Where everything of the report will stand, before any of it is written: sheets refer to each
//! other in both directions.

use crate::decimal::{Decimal, plain};
use crate::engine;
use crate::model::catalog::Catalog;
use crate::model::rubric::{Item, Rounds, Rubric, Ties};
use crate::model::scorecard::{ClassResult, Scorecard, UnitScore};
use crate::output::names::SheetNames;
use crate::output::report::page::{self, fixed, on};

/// Decimals that are kept where a figure is not rounded: far below any rounding place, and
/// above the noise of a spreadsheet's binary arithmetic.
pub(super) const FINE: u32 = 10;

/// Decimals of the unrounded total, made of figures with [`FINE`].
pub(super) const COARSE: u32 = 8;

/// Where everything stands.
pub(super) struct Plan<'a> {
    /// What was in force.
    pub catalog: &'a Catalog,
    /// The classes, in order.
    pub classes: Vec<Class<'a>>,
    /// The name of 填报底稿.
    pub base: String,
    /// How many rows it has.
    pub rows: u32,
}

/// One class: its results, its sheets and rows.
pub(super) struct Class<'a> {
    /// Its rubric.
    pub rubric: &'a Rubric,
    /// Its results.
    pub result: &'a ClassResult,
    /// The items of the rubric.
    pub items: Vec<&'a Item>,
    /// The periods and rounds that every unit has, in order.
    pub rounds: Vec<(usize, u32)>,
    /// The periods that are there.
    pub periods: Vec<usize>,
    /// The name of its ranking sheet.
    pub ranking: String,
    /// The name of its sheet of sums.
    pub sums: String,
    /// How many rules a round has.
    pub rules: u32,
    /// Whether 不涉及 can take points out of a round, so that the rest is converted.
    pub converts: bool,
    first_base_row: u32,
}

/// First row of values of 填报底稿.
pub(super) const BASE_FIRST: u32 = 3;

/// Columns of 填报底稿 that others refer to.
pub(super) mod base {
    pub const VALUE: u16 = 7;
    pub const WHOLE: u16 = 8;
    pub const EACH: u16 = 9;
    pub const REQUIRED: u16 = 10;
    pub const CAP: u16 = 11;
    pub const POINTS: u16 = 12;
    pub const UNROUNDED: u16 = 13;
    pub const ASKED: u16 = 14;
    pub const APPLIED: u16 = 15;
    pub const ABSORBED: u16 = 16;
    pub const APPLIED_UNROUNDED: u16 = 17;
}

/// First column of the items on the sheet of sums.
pub(super) const SUMS_ITEMS: u16 = 3;

/// First row of units on a ranking sheet; the row above holds the points.
pub(super) const RANKING_FIRST: u32 = 4;

/// First column of the items on a ranking sheet.
pub(super) const RANKING_ITEMS: u16 = 2;

impl<'a> Plan<'a> {
    /// Gives every class its names and rows.
    pub fn new(catalog: &'a Catalog, results: &'a [ClassResult], names: &mut SheetNames) -> Self {
        let mut next = BASE_FIRST;
        let mut classes = Vec::new();
        for result in results {
            let rubric = &catalog.rubrics[result.rubric];
            let periods = result.units.first().map_or(&[][..], |unit| &unit.periods);
            let rounds: Vec<(usize, u32)> = periods
                .iter()
                .flat_map(|period| &period.rounds)
                .map(|round| (round.record.period, round.record.round))
                .collect();
            let rules = count(rubric.rules().count());
            let class = Class {
                rubric,
                result,
                items: rubric.items().collect(),
                periods: periods.iter().map(|period| period.period).collect(),
                ranking: names.unique(&format!("排名-{}", rubric.class)),
                sums: names.unique(&format!("得分计算-{}", rubric.class)),
                rules,
                converts: rubric.converts(),
                first_base_row: next,
                rounds,
            };
            next += count(result.units.len()) * count(class.rounds.len()) * rules;
            classes.push(class);
        }
        Self {
            catalog,
            classes,
            base: names.unique("填报底稿"),
            rows: next,
        }
    }

    /// The name of a unit.
    pub fn name(&self, unit: &UnitScore) -> &'a str {
        &self.catalog.roster.units()[unit.unit].name
    }

    /// Whether the ranking of any class is provisional.
    pub fn provisional(&self) -> bool {
        self.classes.iter().any(|class| class.result.provisional)
    }
}

impl<'a> Class<'a> {
    /// How many units were scored.
    pub fn units(&self) -> u32 {
        count(self.result.units.len())
    }

    /// `（暂定）` where the ranking is.
    pub fn mark(&self) -> &'static str {
        if self.result.provisional {
            "（暂定）"
        } else {
            ""
        }
    }

    /// The decimals that its figures are rounded to.
    pub fn decimals(&self) -> u32 {
        self.rubric.decimals
    }

    /// A figure that spreadsheets compute in binary, rounded as the engine rounds it: first to
    /// where noise ends, so that what lies on the middle is on it.
    pub fn rounded(&self, figure: &str) -> String {
        format!("ROUND(ROUND({figure},{FINE}),{})", self.decimals())
    }

    /// Whether ranks follow each other without a gap.
    pub fn is_dense(&self) -> bool {
        self.rubric.ranking.ties == Ties::Dense
    }

    /// Whether the units have totals and ranks.
    pub fn whole_year(&self) -> bool {
        self.result
            .units
            .first()
            .is_some_and(|unit| unit.total.is_some())
    }

    /// The names of the periods of which the whole class has nothing yet.
    pub fn open_periods(&self) -> Vec<&'a str> {
        let periods = self.rubric.periods.iter().enumerate();
        periods
            .filter(|(place, _)| !self.periods.contains(place))
            .map(|(_, period)| period.name.as_str())
            .collect()
    }

    /// Whether 不涉及 took all points of the item at `item` out of every round of a unit.
    pub fn never_counts(&self, unit: &'a UnitScore, item: usize) -> bool {
        let mut rounds = Self::scorecards(unit).map(|round| &round.items[item]);
        self.converts
            && !self.items[item].points.is_zero()
            && rounds.all(|item| item.points.is_zero())
    }

    /// The rounds of a unit, in order.
    pub fn scorecards(unit: &'a UnitScore) -> impl Iterator<Item = &'a Scorecard> {
        unit.periods.iter().flat_map(|period| &period.rounds)
    }

    /// The row of a rule on 填报底稿: the unit by its place in the class, the round by its
    /// place among the rounds.
    pub fn base_row(&self, unit: u32, round: u32, rule: u32) -> u32 {
        let rounds = count(self.rounds.len());
        self.first_base_row + (unit * rounds + round) * self.rules + rule
    }

    /// The first and last row on 填报底稿 of an item's rules.
    pub fn base_rows(&self, unit: u32, round: u32, item: usize) -> (u32, u32) {
        let before: usize = self.items[..item].iter().map(|item| item.rules.len()).sum();
        let first = self.base_row(unit, round, count(before));
        (first, first + count(self.items[item].rules.len()) - 1)
    }

    /// The row of the weight of a period on the sheet of sums, in the second column.
    pub fn weight_row(&self, period: usize) -> u32 {
        3 + count(period)
    }

    /// The weight of a period, as a reference from another sheet.
    pub fn weight(&self, period: usize) -> String {
        on(&self.sums, &fixed(self.weight_row(period), 1))
    }

    /// The row of headings of the rounds on the sheet of sums; the points stand below it.
    pub fn rounds_header(&self) -> u32 {
        4 + count(self.rubric.periods.len())
    }

    /// The row of a round on the sheet of sums.
    pub fn round_row(&self, unit: u32, round: u32) -> u32 {
        self.rounds_header() + 2 + unit * count(self.rounds.len()) + round
    }

    /// The row of headings of the units on the sheet of sums.
    pub fn units_header(&self) -> u32 {
        self.round_row(self.units(), 0) + 2
    }

    /// The row of a unit on the sheet of sums.
    pub fn unit_row(&self, unit: u32) -> u32 {
        self.units_header() + 1 + unit
    }

    /// The column after the items on the sheet of sums: the score of a round, the points lost.
    pub fn score_column(&self) -> u16 {
        SUMS_ITEMS + width(self.items.len())
    }

    /// The column of unrounded scores on the sheet of sums.
    pub fn unrounded_column(&self) -> u16 {
        self.score_column() + 3
    }

    /// The column on the sheet of sums of the points that count in a round, where 不涉及 can
    /// take some out.
    pub fn points_column(&self) -> u16 {
        self.unrounded_column() + 1
    }

    /// The column on the sheet of sums of what converting adds to a round.
    pub fn converting_column(&self) -> u16 {
        self.points_column() + 1
    }

    /// The first column on the sheet of sums beside the printed table.
    pub fn beside_column(&self) -> u16 {
        let converting = if self.converts { 2 } else { 0 };
        self.unrounded_column() + 1 + converting
    }

    /// The columns of the units on the sheet of sums that mark the first of those who share a
    /// rank, of the total and of the first period: what ranks without a gap are counted by.
    pub fn first_of_rank_columns(&self) -> [u16; 2] {
        [self.score_column() + 1, self.score_column() + 2]
    }

    /// A column of the units on the sheet of sums, as a reference from another sheet.
    pub fn sums_column(&self, column: u16) -> String {
        let last = self.unit_row(self.units().max(1) - 1);
        on(
            &self.sums,
            &page::block((self.unit_row(0), column), (last, column)),
        )
    }

    /// The column on the ranking sheet of what converting adds, where 不涉及 can take points out.
    pub fn converted_column(&self) -> Option<u16> {
        self.converts
            .then_some(RANKING_ITEMS + width(self.items.len()))
    }

    /// The column on the ranking sheet of what rounding leaves.
    pub fn rest_column(&self) -> u16 {
        RANKING_ITEMS + width(self.items.len()) + u16::from(self.converts)
    }

    /// The column on the ranking sheet of a period, by its place among those that are there.
    pub fn period_column(&self, place: usize) -> u16 {
        self.rest_column() + 1 + width(place)
    }

    /// The column of the totals on the ranking sheet.
    pub fn total_column(&self) -> u16 {
        self.period_column(self.periods.len())
    }

    /// The column on the ranking sheet of the grades, where there are any.
    pub fn grade_column(&self) -> Option<u16> {
        self.rubric.grades.as_ref()?;
        Some(self.total_column() + 1)
    }

    /// The column on the ranking sheet of the points lost.
    pub fn lost_column(&self) -> u16 {
        self.total_column() + 1 + u16::from(self.rubric.grades.is_some())
    }

    /// The last row of units on the ranking sheet.
    pub fn ranking_last(&self) -> u32 {
        RANKING_FIRST + self.units().max(1) - 1
    }

    /// A column of the ranking sheet over all units, as a reference from another sheet.
    pub fn ranking_column(&self, column: u16) -> String {
        on(
            &self.ranking,
            &page::block((RANKING_FIRST, column), (self.ranking_last(), column)),
        )
    }

    /// A formula: Σ weight × what the rounds of each period of a unit make together of `column`
    /// of the sheet of sums; divided by the weights where a period is missing.
    pub fn weighted(&self, unit: u32, column: u16) -> String {
        let terms: Vec<String> = self
            .periods
            .iter()
            .map(|&period| {
                let together = self.together(unit, period, column);
                format!("{}*{together}", self.weight(period))
            })
            .collect();
        let sum = terms.join("+");
        if self.whole_year() {
            return sum;
        }
        let weights: Vec<String> = self.periods.iter().map(|&p| self.weight(p)).collect();
        format!("({sum})/({})", weights.join("+"))
    }

    /// A formula: what the rounds of a period of a unit make together of `column` of the sheet
    /// of sums, as the rubric says.
    pub fn together(&self, unit: u32, period: usize, column: u16) -> String {
        let (first, last) = self.rounds_of(unit, period);
        let block = |column| {
            let cells = page::block((first, column), (last, column));
            on(&self.sums, &cells)
        };
        let numbers = self.rounds.iter().filter(|(of, _)| *of == period);
        let numbers: Vec<u32> = numbers.map(|(_, number)| *number).collect();
        let cells = (first..=last).map(|row| on(&self.sums, &fixed(row, column)));
        let cells: Vec<String> = cells.collect();
        let rounds = &self.rubric.periods[period].rounds;
        combined(
            rounds,
            &numbers,
            (&block(column), &cells),
            &block(self.score_column()),
        )
    }

    /// The first and last row on the sheet of sums of a unit's rounds of a period.
    fn rounds_of(&self, unit: u32, period: usize) -> (u32, u32) {
        let of = |(place, _): &(usize, &(usize, u32))| count(*place);
        let mut places = self
            .rounds
            .iter()
            .enumerate()
            .filter(|(_, (of, _))| *of == period);
        let first = places.next().as_ref().map_or(0, of);
        let last = places.next_back().as_ref().map_or(first, of);
        (self.round_row(unit, first), self.round_row(unit, last))
    }
}

/// A formula: what rounds make together. `figures` are the cells of the figure, as a block (or a
/// list) and one by one, `scores` those of the scores, which say which round is the best.
pub(super) fn combined(
    rounds: &Rounds,
    numbers: &[u32],
    (block, cells): (&str, &[String]),
    scores: &str,
) -> String {
    match rounds {
        Rounds::Mean => format!("AVERAGE({block})"),
        Rounds::Last => cells.last().cloned().unwrap_or_default(),
        Rounds::Best if block == scores => format!("MAX({block})"),
        Rounds::Best => format!("INDEX({block},MATCH(MAX({scores}),{scores},0))"),
        Rounds::Weights(_) => {
            let whole: Vec<(u32, Decimal)> = numbers.iter().map(|n| (*n, Decimal::ZERO)).collect();
            let shares = engine::shares(rounds, &whole);
            let terms = shares.iter().zip(cells);
            let terms = terms.map(|(share, cell)| format!("{}*{cell}", plain(*share)));
            format!("({})", terms.collect::<Vec<_>>().join("+"))
        }
    }
}

/// A number of rows; no report is near the limit of the type.
pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A number of columns.
pub(super) fn width(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}
