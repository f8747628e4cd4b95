//! What is still to come before a ranking is final, in words.

use crate::model::catalog::Catalog;
use crate::model::scorecard::ClassResult;
use crate::output::unranked;
use crate::text::shown;

/// No more units are named; the rest is counted.
const MOST: usize = 10;

/// How much of a unit's name is shown.
const NAME: usize = 40;

/// A line for each class that lacks a period, and for each unit that lacks something; none if
/// nothing is missing.
pub fn lines(catalog: &Catalog, results: &[ClassResult]) -> Vec<String> {
    let provisional = results.iter().filter(|class| class.provisional);
    provisional
        .flat_map(|class| of_class(catalog, class))
        .collect()
}

fn of_class(catalog: &Catalog, class: &ClassResult) -> Vec<String> {
    let rubric = &catalog.rubrics[class.rubric];
    let there = class.units.first().map_or(&[][..], |unit| &unit.periods);
    let is_there = |period: usize| there.iter().any(|score| score.period == period);
    let mut lines = Vec::new();
    if !class.units.is_empty() {
        let periods = (0..).zip(&rubric.periods);
        let whole = periods.filter(|(index, _)| !is_there(*index));
        lines.extend(whole.map(|(_, period)| format!("{}都还没有交{}", rubric.class, period.name)));
    }
    let left = class.unranked.iter().take(MOST);
    lines.extend(left.map(|left| {
        let unit = shown(&catalog.roster.units()[left.unit].name, NAME);
        format!("{unit}：{}", unranked::why(rubric, left))
    }));
    if let Some(more @ 1..) = class.unranked.len().checked_sub(MOST) {
        lines.push(format!("{}还有 {more} 个单位", rubric.class));
    }
    lines
}
