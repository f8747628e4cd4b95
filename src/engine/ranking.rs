//! Ranks, made on the printed digits.

use crate::decimal::Decimal;
use crate::model::scorecard::UnitScore;

/// The rank of each of `totals`, high to low: equal totals share a rank and the next rank is
/// skipped (1, 1, 3).
pub fn ranks(totals: &[Decimal]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..totals.len()).collect();
    order.sort_by(|&a, &b| totals[b].cmp(&totals[a]));
    let mut ranks = vec![0; totals.len()];
    for (place, &index) in order.iter().enumerate() {
        ranks[index] = match place.checked_sub(1).map(|before| order[before]) {
            Some(before) if totals[before] == totals[index] => ranks[before],
            _ => place + 1,
        };
    }
    ranks
}

/// Ranks the units that have a total and brings them into order: by rank, then as they stood.
pub(super) fn rank(units: &mut [UnitScore]) {
    let ranked: Vec<usize> = (0..units.len())
        .filter(|&unit| units[unit].total.is_some())
        .collect();
    let totals: Vec<Decimal> = ranked
        .iter()
        .filter_map(|&unit| units[unit].total)
        .collect();
    for (&unit, rank) in ranked.iter().zip(ranks(&totals)) {
        units[unit].rank = Some(rank);
    }
    units.sort_by_key(|unit| unit.rank.unwrap_or(usize::MAX));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_totals_share_a_rank_and_the_next_is_skipped() {
        let totals: Vec<Decimal> = [9250, 9300, 9300, 9100, 9250, 9000]
            .map(|hundredths| Decimal::new(hundredths, 2))
            .into();
        assert_eq!(ranks(&totals), [3, 1, 1, 5, 3, 6]);
        assert_eq!(ranks(&[]), [0; 0]);
    }
}
