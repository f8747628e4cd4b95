//! Grades (等次): by the total, by the share of the class, or by both.

use crate::engine::ranking::Key;
use crate::model::rubric::{Grades, Rubric};
use crate::model::scorecard::UnitScore;

/// The grade of each of the units that have a total, whose keys are `keys`. A period that is
/// ranked alone has no grades: the bounds are those of the year.
pub(super) fn grades(rubric: &Rubric, units: &[UnitScore], keys: &[Key]) -> Vec<Option<usize>> {
    let whole = |unit: &UnitScore| unit.periods.len() == rubric.periods.len();
    match &rubric.grades {
        Some(grades) if units.iter().all(whole) => of_class(grades, keys),
        _ => vec![None; keys.len()],
    }
}

fn of_class(grades: &Grades, keys: &[Key]) -> Vec<Option<usize>> {
    let mut sorted: Vec<&Key> = keys.iter().collect();
    sorted.sort_by(|a, b| b.cmp(a));
    let grade = |key: &Key| {
        let better = sorted.partition_point(|other| *other > key);
        let not_worse = sorted.partition_point(|other| *other >= key);
        (0..grades.levels.len()).find(|&level| {
            let bound = grades.levels[level].bound;
            let places = grades.places(level, keys.len());
            bound.is_none_or(|bound| bound.admits(key[0]))
                && places.is_none_or(|places| {
                    if grades.ties_up {
                        better < places
                    } else {
                        not_worse <= places
                    }
                })
        })
    };
    keys.iter().map(grade).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decimal::Decimal;
    use crate::model::rubric::{Bound, Level};

    fn level(name: &str, bound: Option<(i64, bool)>, share: Option<&str>) -> Level {
        Level {
            name: name.to_owned(),
            bound: bound.map(|(score, inclusive)| Bound {
                score: Decimal::from(score),
                inclusive,
            }),
            share: share.map(|share| share.parse().expect("a share")),
        }
    }

    fn graded(levels: Vec<Level>, ties_up: bool, totals: &[i64]) -> Vec<usize> {
        let keys: Vec<Key> = totals.iter().map(|t| vec![Decimal::from(*t)]).collect();
        let grades = Grades { levels, ties_up };
        let grades = of_class(&grades, &keys).into_iter();
        grades
            .map(|grade| grade.expect("the last level is open"))
            .collect()
    }

    #[test]
    fn a_bound_names_its_inclusive_side() {
        let levels = || {
            vec![
                level("优秀", Some((90, true)), None),
                level("良好", Some((80, false)), None),
                level("合格", None, None),
            ]
        };
        // 90 is 优秀 (≥ 90), 89 is 良好 (> 80), 80 itself is not.
        assert_eq!(graded(levels(), true, &[90, 89, 80]), [0, 1, 2]);
    }

    #[test]
    fn a_share_of_the_class_is_rounded_down_and_a_tie_at_its_cut_goes_as_the_rubric_says() {
        // 7 units × 0.3 = 2.1: two places. 95, 93, 93: the tie stands on places 2 and 3.
        let totals = [95, 93, 93, 90, 88, 85, 80];
        let levels = || vec![level("优秀", None, Some("0.3")), level("其他", None, None)];
        assert_eq!(graded(levels(), true, &totals), [0, 0, 0, 1, 1, 1, 1]);
        assert_eq!(graded(levels(), false, &totals), [0, 1, 1, 1, 1, 1, 1]);
    }

    #[test]
    fn shares_add_up_and_bounds_hold_beside_them() {
        // 10 units: 优秀 20 % is 2 places, and 90 points; 良好 30 % more is places 1 to 5.
        let totals = [95, 89, 88, 87, 86, 85, 84, 83, 82, 81];
        let levels = vec![
            level("优秀", Some((90, true)), Some("0.2")),
            level("良好", None, Some("0.3")),
            level("合格", None, None),
        ];
        assert_eq!(
            graded(levels, true, &totals),
            [0, 1, 1, 1, 1, 2, 2, 2, 2, 2]
        );
    }
}
