//! What offices do differently, from what is written to what holds: rounds, ranking, grades.

use super::problem::{File, all};
use super::take::{Seen, both, each, held, maybe, value};
use crate::decimal::{Decimal, plain};
use crate::model::draft::{GradesDraft, LevelDraft, PeriodDraft, Placed, Reported, RubricDraft};
use crate::model::rubric::{Bound, Grades, Level, Ranking, Rounds};
use crate::text;

/// How the rounds of a period combine.
pub(super) fn rounds(file: File, draft: &PeriodDraft) -> Result<Rounds, Reported> {
    let written = held(&draft.rounds)?;
    let weights = held(&draft.round_weights)?.as_ref();
    match (&written.value, weights) {
        (Rounds::Weights(_), Some(weights)) => {
            let shares: Vec<Decimal> = weights.value.iter().map(|share| share.value).collect();
            let sum: Decimal = shares.iter().sum();
            if sum == Decimal::ONE {
                return Ok(Rounds::Weights(shares));
            }
            let message = format!("各轮的权重加起来是 {}，应是 1", plain(sum));
            let help = "第一个数是第 1 轮的，如 [0.4, 0.6]";
            Err(file.advise(&weights.span, "weights-not-one", message, help))
        }
        (Rounds::Weights(_), None) => {
            let message = "按权重合并各轮，却没有写“round-weights”（各轮的权重）";
            let help = "如 round-weights = [0.4, 0.6]，第一个数是第 1 轮的";
            Err(file.advise(&written.span, "missing-key", message, help))
        }
        (_, Some(weights)) => {
            let message = "写了各轮的权重，合并办法却不是“weights”（按权重）";
            let help = "请写 rounds = \"weights\"，或者删去 round-weights";
            Err(file.advise(&weights.span, "key-of-another-kind", message, help))
        }
        (rounds, None) => Ok(rounds.clone()),
    }
}

/// How totals become ranks.
pub(super) fn ranking(file: File, draft: &RubricDraft) -> Result<Ranking, Reported> {
    let Some(ranking) = held(&draft.ranking)? else {
        return Ok(Ranking::default());
    };
    let ranking = &ranking.value;
    let tie_breakers = match held(&ranking.tie_breakers)? {
        Some(numbers) => tie_breakers(file, draft, &numbers.value),
        None => Ok(Vec::new()),
    };
    Ok(Ranking {
        ties: maybe(&ranking.ties)?.unwrap_or_default(),
        tie_breakers: tie_breakers?,
    })
}

/// The items that are named by their numbers, by position.
fn tie_breakers(
    file: File,
    draft: &RubricDraft,
    numbers: &[Placed<u32>],
) -> Result<Vec<usize>, Reported> {
    let categories = held(&draft.categories)?;
    let items = all(categories.iter().map(|category| held(&category.items)))?;
    let items = items.into_iter().flatten();
    let known = all(items.map(|item| value(&item.no)))?;
    let mut seen = Seen::new("duplicate-item", "比较的项目");
    all(numbers.iter().map(|number| {
        seen.check(file, number.value, number)?;
        let position = known.iter().position(|known| *known == number.value);
        position.ok_or_else(|| {
            let message = format!("没有序号为 {} 的考核项目", number.value);
            let known: Vec<String> = known.iter().map(u32::to_string).collect();
            let help = format!("这份细则的考核项目：{}", known.join("、"));
            file.advise(&number.span, "unknown-item", message, help)
        })
    }))
}

/// The grades, if there are any.
pub(super) fn grades(file: File, draft: &RubricDraft) -> Result<Option<Grades>, Reported> {
    let Some(written) = held(&draft.grades)? else {
        return Ok(None);
    };
    let mut names = Seen::new("duplicate-grade", "等次");
    let levels = each(&written.value.levels, |draft| {
        let unique = held(&draft.name)
            .and_then(|name| names.check(file, text::key(&name.value).into_owned(), name));
        both(unique, level(file, draft)).map(|((), level)| level)
    });
    let descending = levels.and_then(|levels| {
        in_order(file, &written.value, &levels)?;
        Ok(levels)
    });
    let has_share = |level: &LevelDraft| matches!(&level.share, Ok(Some(_)));
    let shared = held(&written.value.levels)?.iter().any(has_share);
    let ties_up = match maybe(&written.value.ties_up)? {
        None if shared => {
            let message = "等次按比例定，却没有写“cut-ties”（比例线上同分的办法）";
            let help = "同分的都进高一等写 cut-ties = \"up\"，都不进写 cut-ties = \"down\"";
            Err(file.advise(&written.span, "missing-key", message, help))
        }
        up => Ok(up.unwrap_or_default()),
    };
    let (levels, ties_up) = both(descending, ties_up)?;
    Ok(Some(Grades { levels, ties_up }))
}

fn level(file: File, draft: &LevelDraft) -> Result<Level, Reported> {
    let bound = match (held(&draft.at_least)?, held(&draft.above)?) {
        (Some(_), Some(above)) => {
            let message =
                "一个等次只能有一个分数线，这里写了“at-least”（不低于）又写了“above”（高于）";
            let help = "90 分也算的留 at-least，不算的留 above";
            return Err(file.advise(&above.span, "grade-conditions", message, help));
        }
        (Some(score), None) => Some(Bound {
            score: score.value,
            inclusive: true,
        }),
        (None, Some(score)) => Some(Bound {
            score: score.value,
            inclusive: false,
        }),
        (None, None) => None,
    };
    Ok(Level {
        name: value(&draft.name)?,
        bound,
        share: maybe(&draft.share)?,
    })
}

/// Every unit must have a grade, and every grade must be within reach: bounds go down, shares
/// make no more than the class, the last level alone has no condition.
fn in_order(file: File, draft: &GradesDraft, levels: &[Level]) -> Result<(), Reported> {
    let written = held(&draft.levels)?;
    let fault = |level: usize, message: String, help: &str| {
        Err(file.advise(&written[level].span, "grade-conditions", message, help))
    };
    let mut lowest: Option<Bound> = None;
    let mut shares = Decimal::ZERO;
    for (place, level) in levels.iter().enumerate() {
        let last = place + 1 == levels.len();
        let open = level.bound.is_none() && level.share.is_none();
        if open != last {
            let name = &level.name;
            return if last {
                let message = format!("最后一个等次“{name}”也有条件，够不上的单位就没有等次");
                fault(place, message, "最后一个等次只写 name")
            } else {
                let message = format!("等次“{name}”没有条件，后面的等次就轮不到了");
                fault(place, message, "请写 at-least、above 或 share")
            };
        }
        // The strictest first: above 90, then 90 and above.
        let strictness = |bound: Bound| (bound.score, !bound.inclusive);
        if let (Some(bound), Some(above)) = (level.bound, lowest)
            && strictness(bound) >= strictness(above)
        {
            let message = format!("等次“{}”的分数线不比上一个等次低", level.name);
            return fault(place, message, "等次从高到低写，分数线一个比一个低");
        }
        if level.share.is_none() {
            // Whoever reaches it is taken; a level with a share may leave some to the next.
            lowest = level.bound.or(lowest);
        }
        shares += level.share.unwrap_or_default();
        if shares > Decimal::ONE {
            let message = format!(
                "到等次“{}”为止，比例加起来是 {}，超过了 1",
                level.name,
                plain(shares)
            );
            return fault(place, message, "各等次的比例加起来不超过 1，如 0.2、0.5");
        }
    }
    Ok(())
}
