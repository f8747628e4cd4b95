//! Why a unit stands where it does among equal totals, and why it has its grade.

use crate::decimal::fixed;
use crate::engine;
use crate::model::catalog::Catalog;
use crate::model::rubric::Rubric;
use crate::model::scorecard::{ClassResult, UnitScore};
use crate::output::settings;

/// A line for each unit with the same total, and one for the grade.
pub(super) fn words(catalog: &Catalog, class: &ClassResult, unit: &UnitScore) -> Vec<String> {
    let rubric = &catalog.rubrics[class.rubric];
    let others = class
        .units
        .iter()
        .filter(|other| other.unit != unit.unit && unit.total.is_some())
        .filter(|other| other.total == unit.total);
    let mut words: Vec<String> = others
        .map(|other| {
            let name = &catalog.roster.units()[other.unit].name;
            format!("与{name}同分，{}", parted(rubric, unit, other))
        })
        .collect();
    if let (Some(grade), Some(levels)) = (rubric.grade_name(unit.grade), settings::grades(rubric)) {
        words.push(format!("等次 {grade}（{levels}）"));
    }
    words
}

/// What decides between two units with equal totals.
fn parted(rubric: &Rubric, unit: &UnitScore, other: &UnitScore) -> String {
    let keys = [unit, other].map(|unit| engine::key(rubric, unit).unwrap_or_default());
    let items: Vec<_> = rubric.items().collect();
    // The first figure of a key is the total.
    let figures = keys[0].iter().zip(&keys[1]).skip(1);
    let breakers = rubric.ranking.tie_breakers.iter().zip(figures);
    for (&item, (own, others)) in breakers {
        if own != others {
            let places = rubric.printed_decimals();
            let place = if own > others { "前" } else { "后" };
            return format!(
                "比较“{}”的得分 {} 和 {}，排在它{place}面",
                items[item].name,
                fixed(*own, places),
                fixed(*others, places)
            );
        }
    }
    "名次并列".to_owned()
}
