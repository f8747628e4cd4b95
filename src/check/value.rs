//! One value against its rule: what was observed, or what is wrong with it.

use crate::check::context::unreadable;
use crate::decimal::{self, Decimal, Ratio, round};
use crate::diagnostic::{Finding, Want};
use crate::model::record::Observed;
use crate::model::rubric::{Kind, Rule};
use crate::model::submission::{Field, Written};
use crate::text;

/// Answers that mean 是; letters in upper case.
const YES: [&str; 7] = ["是", "有", "√", "✓", "✔", "Y", "TRUE"];

/// Answers that mean 否.
const NO: [&str; 8] = ["否", "无", "×", "✗", "✘", "N", "FALSE", "X"];

/// Units of count that may stand behind a number.
const COUNTS: [&str; 18] = [
    "次", "项", "个", "件", "份", "条", "处", "篇", "场", "期", "起", "例", "人", "家", "分", "天",
    "轮", "台",
];

/// A number as written in a cell.
struct Number {
    value: Decimal,
    percent: bool,
}

/// Reads the value of `rule`; a proportional rule's typed rate included.
pub(super) fn observe(rule: &Rule, field: &Field) -> Result<Observed, Finding> {
    if field.is_blank() {
        return Err(missing(rule));
    }
    if let Some(finding) = unreadable(field, "数") {
        return Err(finding);
    }
    match &rule.kind {
        Kind::PerOccurrence { .. } | Kind::Shortfall { .. } => {
            count(rule, field).map(Observed::Count)
        }
        Kind::Fixed { .. } => answer(rule, field).map(Observed::Answer),
        Kind::Proportional { .. } => rate(rule, field).map(Observed::Completion),
        Kind::Discretionary => points(rule, field).map(Observed::Points),
    }
}

/// What to say of a blank, kind by kind.
fn missing(rule: &Rule) -> Finding {
    let hint = match &rule.kind {
        Kind::Proportional { .. } => {
            return Finding::MissingRate {
                rule: rule.id.to_string(),
                uses_tasks: rule.uses_tasks(),
            };
        }
        Kind::PerOccurrence { .. } => "一次也没有请填 0 或者“无”".to_owned(),
        Kind::Shortfall { .. } => "请填已完成的数量，一次也没有填 0".to_owned(),
        Kind::Fixed { .. } => "请填“是”或者“否”".to_owned(),
        Kind::Discretionary => format!("不扣分请填 0，最多扣 {} 分", decimal::plain(rule.cap)),
    };
    Finding::MissingValue {
        rule: rule.id.to_string(),
        ask: rule.ask.clone(),
        hint,
    }
}

/// A whole number from 0, perhaps with a unit of count behind it; 无 is 0.
fn count(rule: &Rule, field: &Field) -> Result<Decimal, Finding> {
    let (id, found) = (rule.id.to_string(), field.text());
    let number = counted(rule, field).ok_or_else(|| Finding::NotANumber {
        rule: id.clone(),
        found: found.clone(),
        want: Want::Count,
    })?;
    if number < Decimal::ZERO {
        return Err(Finding::NegativeValue { rule: id, found });
    }
    if !number.fract().is_zero() {
        return Err(Finding::NotAWholeNumber { rule: id, found });
    }
    Ok(number)
}

/// Points to take, 0 to the cap.
fn points(rule: &Rule, field: &Field) -> Result<Decimal, Finding> {
    let (id, found) = (rule.id.to_string(), field.text());
    let points = counted(rule, field).ok_or_else(|| Finding::NotANumber {
        rule: id.clone(),
        found: found.clone(),
        want: Want::Points,
    })?;
    if points < Decimal::ZERO {
        return Err(Finding::NegativeValue { rule: id, found });
    }
    if points > rule.cap {
        return Err(Finding::AboveCap {
            rule: id,
            found: points,
            cap: rule.cap,
        });
    }
    Ok(points)
}

/// The number in a cell, a unit of count behind it taken off.
fn counted(rule: &Rule, field: &Field) -> Option<Decimal> {
    let written = match &field.written {
        Written::Number {
            number,
            percent: false,
        } => return Some(*number),
        Written::Text(written) => text::key(written),
        _ => return None,
    };
    if written == "无" {
        return Some(Decimal::ZERO);
    }
    let units = rule.count.as_deref().into_iter().chain(COUNTS);
    let bare = units
        .into_iter()
        .find_map(|unit| written.strip_suffix(unit));
    decimal::parse(bare.unwrap_or(&written))
}

/// 是 or 否, in any of the ways people write them.
fn answer(rule: &Rule, field: &Field) -> Result<bool, Finding> {
    let answer = match &field.written {
        Written::Bool(answer) => Some(*answer),
        _ => match text::key(&field.text()).to_uppercase().as_str() {
            "1" => Some(true),
            "0" => Some(false),
            text if YES.contains(&text) => Some(true),
            text if NO.contains(&text) => Some(false),
            _ => None,
        },
    };
    answer.ok_or_else(|| Finding::NotYesNo {
        rule: rule.id.to_string(),
        found: field.text(),
    })
}

/// A rate of completion: 93.3%, 28/30, or a ratio from 0 to 1.
fn rate(rule: &Rule, field: &Field) -> Result<Ratio, Finding> {
    let out_of_range = |bare| Finding::RateOutOfRange {
        rule: rule.id.to_string(),
        found: field.text(),
        bare,
    };
    let Some((ratio, bare)) = typed_ratio(field) else {
        return Err(Finding::NotANumber {
            rule: rule.id.to_string(),
            found: field.text(),
            want: Want::Rate,
        });
    };
    let ratio = ratio.ok_or_else(|| out_of_range(false))?;
    if ratio.part < Decimal::ZERO {
        return Err(out_of_range(false));
    }
    if ratio.part > ratio.whole {
        return Err(out_of_range(bare && ratio.part <= Decimal::ONE_HUNDRED));
    }
    Ok(ratio)
}

/// The ratio in a cell and whether it is a bare number; the ratio is `None` for 3/0, all is
/// `None` for what is no ratio.
fn typed_ratio(field: &Field) -> Option<(Option<Ratio>, bool)> {
    if let Written::Text(written) = &field.written
        && let Some((part, whole)) = text::key(written).split_once('/')
    {
        let (part, whole) = (decimal::parse(part)?, decimal::parse(whole)?);
        return Some((Ratio::new(part, whole), false));
    }
    let Number { value, percent } = number(field)?;
    Some((Ratio::new(value, Decimal::ONE), !percent))
}

/// The number in a cell, 93.3% as 0.933.
fn number(field: &Field) -> Option<Number> {
    match &field.written {
        Written::Number { number, percent } => Some(Number {
            value: *number,
            percent: *percent,
        }),
        Written::Text(written) => {
            let written = text::key(written);
            let percent = written.strip_suffix('%');
            let number = decimal::parse(percent.unwrap_or(&written))?;
            Some(Number {
                value: match percent {
                    Some(_) => number / Decimal::ONE_HUNDRED,
                    None => number,
                },
                percent: percent.is_some(),
            })
        }
        _ => None,
    }
}

/// A share from 0 to 1 that a cell states as a percentage or a bare ratio.
pub(super) fn share(field: &Field) -> Option<Decimal> {
    let share = number(field)?.value;
    (Decimal::ZERO..=Decimal::ONE)
        .contains(&share)
        .then_some(share)
}

/// Whether a typed rate says the same as the computed one: equal once the computed one is
/// rounded to the digits that were typed.
pub(super) fn agrees(typed: Ratio, computed: Ratio) -> bool {
    if typed.part * computed.whole == computed.part * typed.whole {
        return true;
    }
    let digits = typed.part.normalize().scale();
    typed.whole == Decimal::ONE && round(computed.value(), digits) == typed.part.normalize()
}

/// 实际值 in the unit of a target, and whether a bare ratio had to be taken for a percentage.
pub(super) fn measured(field: &Field, unit: Option<&str>) -> Option<(Decimal, bool)> {
    if unit == Some("%") {
        let Number { value, percent } = number(field)?;
        let ratio = (Decimal::ZERO..=Decimal::ONE).contains(&value);
        let in_percent = if percent || ratio {
            value * Decimal::ONE_HUNDRED
        } else {
            value
        };
        return Some((in_percent, ratio && !percent));
    }
    let number = match &field.written {
        Written::Number {
            number,
            percent: false,
        } => *number,
        Written::Text(written) => {
            let written = text::key(written);
            let unit = unit.map(text::key).unwrap_or_default();
            decimal::parse(written.strip_suffix(&unit).unwrap_or(&written))?
        }
        _ => return None,
    };
    Some((number, false))
}
