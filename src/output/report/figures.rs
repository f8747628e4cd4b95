//! The figures of a unit that only the report has, as its formulas give them.

use crate::decimal::{Decimal, round};
use crate::engine;
use crate::model::scorecard::{Scorecard, UnitScore};
use crate::output::report::plan::{COARSE, Class, FINE};

/// The figures of a unit that only the report has.
pub(super) struct Figures {
    /// The points of each item, its periods weighted as the total is.
    pub items: Vec<Decimal>,
    /// The points lost of each item.
    pub losses: Vec<Decimal>,
    /// What converting adds to the items, where 不涉及 can take points out.
    pub converting: Option<Decimal>,
    /// What rounding leaves between the items and the total.
    pub rest: Option<Decimal>,
    /// The total if nothing were rounded on the way.
    pub unrounded: Decimal,
}

impl Figures {
    /// The figures of one unit.
    pub fn of(class: &Class, unit: &UnitScore) -> Self {
        let periods = &unit.periods;
        let places = 0..class.items.len();
        let rounded = |figure| round(figure, class.decimals());
        let items: Vec<Decimal> = places
            .clone()
            .map(|item| rounded(engine::item_of_year(periods, item)))
            .collect();
        let converting = class
            .converts
            .then(|| rounded(engine::over_year(periods, |round| round.score - round.kept)));
        let losses = places.map(|item| {
            if class.converts {
                rounded(engine::lost_of_year(periods, item))
            } else {
                class.items[item].points - items[item]
            }
        });
        Self {
            losses: losses.collect(),
            rest: unit.total.map(|total| {
                total - items.iter().sum::<Decimal>() - converting.unwrap_or_default()
            }),
            converting,
            unrounded: round(
                engine::over_year(periods, |round| unrounded(class, round)),
                COARSE,
            ),
            items,
        }
    }
}

/// What each rule of a round asks for and takes if nothing is rounded, item by item.
pub(super) fn unrounded_rules(class: &Class, scorecard: &Scorecard) -> Vec<(Decimal, Decimal)> {
    let mut entries = scorecard.record.entries.iter();
    let mut taken = Vec::new();
    for (item, score) in class.items.iter().zip(&scorecard.items) {
        let mut left = score.points;
        for (rule, entry) in item.rules.iter().zip(entries.by_ref()) {
            let asked = engine::unrounded(rule, scorecard.record.period, &entry.observed);
            let asked = round(asked, FINE);
            let applied = asked.min(rule.cap).min(left);
            left -= applied;
            taken.push((asked, applied));
        }
    }
    taken
}

/// The score of a round if nothing is rounded.
pub(super) fn unrounded(class: &Class, scorecard: &Scorecard) -> Decimal {
    let taken = unrounded_rules(class, scorecard);
    let taken: Decimal = taken.iter().map(|(_, applied)| applied).sum();
    let kept = scorecard.points - taken;
    round(engine::converted(class.rubric, scorecard, kept), FINE)
}
