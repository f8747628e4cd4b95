//! Ranks, made on the printed digits.

use crate::decimal::{Decimal, round};
use crate::engine::grade;
use crate::engine::period::lost_of_year;
use crate::model::rubric::{Rubric, Ties};
use crate::model::scorecard::UnitScore;

/// What a unit is ranked by: its total, then the figures that decide between equal totals.
pub type Key = Vec<Decimal>;

/// The rank of each of `keys`, high to low; equal keys share a rank.
pub fn ranks(keys: &[Key], ties: Ties) -> Vec<usize> {
    let order = order(keys);
    let mut ranks = vec![0; keys.len()];
    let mut before: Option<usize> = None;
    for (place, &index) in order.iter().enumerate() {
        ranks[index] = match (before, ties) {
            (Some(before), _) if keys[before] == keys[index] => ranks[before],
            (Some(before), Ties::Dense) => ranks[before] + 1,
            (_, Ties::Skip) | (None, Ties::Dense) => place + 1,
        };
        before = Some(index);
    }
    ranks
}

/// The positions of `keys` from the highest to the lowest, equal ones as they stood.
fn order(keys: &[Key]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by(|&a, &b| keys[b].cmp(&keys[a]));
    order
}

/// What the unit is ranked by; `None` while it has no total. Only the total of all periods has
/// tie-breakers: a period that is ranked alone has none. An item decides by what was lost of its
/// points, so that no unit falls behind by what does not apply to it.
pub fn key(rubric: &Rubric, unit: &UnitScore) -> Option<Key> {
    let total = unit.total?;
    let whole = unit.periods.len() == rubric.periods.len();
    let breakers = rubric.ranking.tie_breakers.iter().filter(|_| whole);
    let points: Vec<Decimal> = rubric.items().map(|item| item.points).collect();
    let figures = breakers.map(|&item| {
        let figure = points[item] - lost_of_year(&unit.periods, item);
        round(figure, rubric.decimals)
    });
    Some([total].into_iter().chain(figures).collect())
}

/// Ranks and grades the units that have a total and brings them into order: from the highest to
/// the lowest, then as they stood.
pub(super) fn rank(rubric: &Rubric, units: &mut [UnitScore]) {
    let keyed: Vec<(usize, Key)> = units
        .iter()
        .enumerate()
        .filter_map(|(place, unit)| Some((place, key(rubric, unit)?)))
        .collect();
    let (places, keys): (Vec<usize>, Vec<Key>) = keyed.into_iter().unzip();
    let ranks_of = ranks(&keys, rubric.ranking.ties);
    let grades = grade::grades(rubric, units, &keys);
    for ((&unit, rank), grade) in places.iter().zip(ranks_of).zip(grades) {
        units[unit].rank = Some(rank);
        units[unit].grade = grade;
    }
    units.sort_by_key(|unit| unit.rank.unwrap_or(usize::MAX));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(hundredths: &[i64]) -> Vec<Key> {
        let key = |hundredths: &i64| vec![Decimal::new(*hundredths, 2)];
        hundredths.iter().map(key).collect()
    }

    #[test]
    fn equal_totals_share_a_rank_and_the_next_is_skipped() {
        let totals = keys(&[9250, 9300, 9300, 9100, 9250, 9000]);
        assert_eq!(ranks(&totals, Ties::Skip), [3, 1, 1, 5, 3, 6]);
        assert_eq!(ranks(&[], Ties::Skip), [0; 0]);
    }

    #[test]
    fn equal_totals_share_a_rank_and_the_next_follows() {
        let totals = keys(&[9250, 9300, 9300, 9100, 9250, 9000]);
        assert_eq!(ranks(&totals, Ties::Dense), [2, 1, 1, 3, 2, 4]);
    }

    #[test]
    fn an_item_decides_between_equal_totals() {
        let key = |total: i64, item: i64| vec![Decimal::from(total), Decimal::from(item)];
        let keys = [key(90, 40), key(90, 45), key(95, 10), key(90, 40)];
        assert_eq!(ranks(&keys, Ties::Skip), [3, 2, 1, 3]);
    }
}
