//! Laws that hold for any sheet: nothing is lost between the steps and the score.

mod common;

use common::catalog;
use kaohe::decimal::{Decimal, Ratio};
use kaohe::engine;
use kaohe::model::record::{ClassRecords, Entry, Observed, Record};
use kaohe::model::rubric::{Kind, Rubric, Rule};
use kaohe::model::scorecard::ClassResult;
use proptest::prelude::*;

/// What a sheet may hold for a rule.
fn observed(rule: &Rule) -> BoxedStrategy<Observed> {
    let hundredths = |most: Decimal| {
        let most = i64::try_from(most * Decimal::ONE_HUNDRED).expect("caps are small");
        (0..=most).prop_map(|n| Decimal::new(n, 2))
    };
    match rule.kind {
        Kind::PerOccurrence { .. } | Kind::Shortfall { .. } => {
            (0i64..30).prop_map(|n| Observed::Count(n.into())).boxed()
        }
        Kind::Fixed { .. } => any::<bool>().prop_map(Observed::Answer).boxed(),
        Kind::Proportional { .. } => (1i64..60, 0i64..=100)
            .prop_map(|(whole, percent)| {
                let part = Decimal::new(whole * percent, 2);
                Observed::Completion(Ratio::new(part, whole.into()).expect("above zero"))
            })
            .boxed(),
        Kind::Discretionary => hundredths(rule.cap).prop_map(Observed::Points).boxed(),
    }
}

fn record(rubric: &Rubric, unit: usize, period: usize, round: u32) -> BoxedStrategy<Record> {
    let observed: Vec<BoxedStrategy<Observed>> = rubric.rules().map(observed).collect();
    observed
        .prop_map(move |observed| Record {
            unit,
            period,
            round,
            entries: observed.into_iter().map(entry).collect(),
        })
        .boxed()
}

fn entry(observed: Observed) -> Entry {
    Entry::unplaced(observed, "".into())
}

/// A class of nine units with two routine rounds and one at the year's end.
fn class(rubric: &Rubric) -> BoxedStrategy<Vec<Record>> {
    let rounds = [(0, 1), (0, 2), (1, 1)];
    let records: Vec<_> = (0..9)
        .flat_map(|unit| rounds.map(|(period, round)| record(rubric, unit, period, round)))
        .collect();
    records.boxed()
}

fn score(rubric: &Rubric, records: Vec<Record>) -> ClassResult {
    let class = ClassRecords {
        rubric: 0,
        periods: vec![(0, Decimal::new(5, 1)), (1, Decimal::new(5, 1))],
        rounds: vec![(0, 1), (0, 2), (1, 1)],
        records,
        unranked: Vec::new(),
    };
    engine::score_class(rubric, class)
}

/// The same result, told without what is equal by construction.
fn told(result: &ClassResult) -> Vec<(usize, Option<usize>, Option<Decimal>)> {
    let units = result.units.iter();
    units
        .map(|unit| (unit.unit, unit.rank, unit.total))
        .collect()
}

#[test]
fn steps_add_up_and_scores_stay_within_the_points() {
    for rubric in &catalog().rubrics {
        proptest!(|(record in record(rubric, 0, 0, 1))| {
            let scorecard = engine::score(rubric, record);
            prop_assert!(scorecard.score >= Decimal::ZERO && scorecard.score <= rubric.total);
            let mut lost = Decimal::ZERO;
            for (item, score) in rubric.items().zip(&scorecard.items) {
                prop_assert_eq!(score.lost() + score.score, item.points);
                for (rule, step) in item.rules.iter().zip(&score.rules) {
                    prop_assert_eq!(step.applied + step.absorbed(), step.asked);
                    prop_assert!(step.applied <= rule.cap && step.absorbed() >= Decimal::ZERO);
                    prop_assert!(step.asked.normalize().scale() <= 2);
                    lost += step.applied;
                }
            }
            prop_assert_eq!(lost + scorecard.score, rubric.total);
        });
    }
}

#[test]
fn one_more_occurrence_never_raises_a_score() {
    for rubric in &catalog().rubrics {
        let rules = rubric.rules().count();
        proptest!(|(record in record(rubric, 0, 0, 1), rule in 0..rules)| {
            let before = engine::score(rubric, record.clone());
            let mut worse = record;
            let kind = &rubric.rules().nth(rule).expect("a rule of the rubric").kind;
            let observed = &mut worse.entries[rule].observed;
            match (kind, &mut *observed) {
                (Kind::PerOccurrence { .. }, Observed::Count(count)) => *count += Decimal::ONE,
                (Kind::Shortfall { .. }, Observed::Count(count)) => {
                    *count = (*count - Decimal::ONE).max(Decimal::ZERO);
                }
                (Kind::Fixed { lost_by, .. }, Observed::Answer(answer)) => *answer = *lost_by,
                (_, Observed::Completion(rate)) => rate.part /= Decimal::TWO,
                (_, Observed::Points(points)) => *points += Decimal::new(5, 1),
                _ => unreachable!("each kind has its own observation"),
            }
            prop_assert!(engine::score(rubric, worse).score <= before.score);
        });
    }
}

#[test]
fn the_order_of_records_changes_nothing() {
    let catalog = catalog();
    let rubric = &catalog.rubrics[0];
    let shuffled = class(rubric)
        .prop_flat_map(|records| (Just(records.clone()), Just(records).prop_shuffle()));
    proptest!(ProptestConfig::with_cases(64), |((records, shuffled) in shuffled)| {
        prop_assert_eq!(told(&score(rubric, records)), told(&score(rubric, shuffled)));
    });
}

#[test]
fn ranks_follow_the_printed_totals() {
    let catalog = catalog();
    let rubric = &catalog.rubrics[0];
    proptest!(ProptestConfig::with_cases(64), |(records in class(rubric))| {
        let result = score(rubric, records);
        for pair in result.units.windows(2) {
            let (a, b) = (&pair[0], &pair[1]);
            prop_assert!(a.total >= b.total);
            prop_assert_eq!(a.total == b.total, a.rank == b.rank);
            if a.total == b.total {
                prop_assert!(a.unit < b.unit, "equal totals stand in roster order");
            }
        }
        for (place, unit) in result.units.iter().enumerate() {
            let better = result.units.iter().filter(|other| other.total > unit.total).count();
            prop_assert_eq!(unit.rank, Some(better + 1));
            prop_assert!(unit.rank <= Some(place + 1));
        }
    });
}

#[test]
fn a_year_by_hand() {
    // 平时考核: rounds 92.50 and 95.45, mean 93.975 → 93.98; 年终考核 90.97;
    // total 0.5 × 93.98 + 0.5 × 90.97 = 92.475 → 92.48.
    let catalog = catalog();
    let rubric = common::rubric(&catalog, "government");
    let lose = |hundredths: i64, period, round| {
        let entries = rubric.rules().map(|rule| match rule.kind {
            Kind::PerOccurrence { .. } => Observed::Count(Decimal::ZERO),
            Kind::Shortfall { required, .. } => Observed::Count(required),
            Kind::Fixed { lost_by, .. } => Observed::Answer(!lost_by),
            Kind::Proportional { .. } => {
                Observed::Completion(Ratio::new(Decimal::ONE, Decimal::ONE).expect("above zero"))
            }
            Kind::Discretionary if rule.id.item == 4 => {
                Observed::Points(Decimal::new(hundredths, 2))
            }
            Kind::Discretionary => Observed::Points(Decimal::ZERO),
        });
        Record {
            unit: 0,
            period,
            round,
            entries: entries.map(entry).collect(),
        }
    };
    let result = score(
        rubric,
        vec![lose(750, 0, 1), lose(455, 0, 2), lose(903, 1, 1)],
    );
    let unit = &result.units[0];
    assert_eq!(unit.periods[0].score, Decimal::new(9398, 2));
    assert_eq!(unit.periods[1].score, Decimal::new(9097, 2));
    assert_eq!(unit.total, Some(Decimal::new(9248, 2)));
    assert_eq!(unit.rank, Some(1));
}
