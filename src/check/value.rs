//! One value against its rule: what was observed, or what is wrong with it.

use std::borrow::Cow;
use std::sync::Arc;

use crate::check::context::unreadable;
use crate::decimal::{self, Decimal, Ratio, round};
use crate::diagnostic::{Finding, Want};
use crate::model::record::Observed;
use crate::model::rubric::{Kind, NotApplicable, Rule};
use crate::model::submission::{Field, Written};
use crate::text;

/// Answers that mean 是; letters in upper case.
const YES: [&str; 7] = ["是", "有", "√", "✓", "✔", "Y", "TRUE"];

/// Answers that mean 否.
const NO: [&str; 8] = ["否", "无", "×", "✗", "✘", "N", "FALSE", "X"];

/// Units of count that may stand behind a count, beside the rule's own.
const COUNTS: [&str; 16] = [
    "次", "项", "个", "件", "份", "条", "处", "篇", "场", "期", "起", "例", "人", "家", "轮", "台",
];

/// What may stand behind points, and behind a count would make points of it.
const POINTS: [&str; 1] = ["分"];

/// Decimals of a ratio in whole percents.
const WHOLE_PERCENTS: u32 = 2;

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
    if let Some(finding) = unreadable(&field.written, "数") {
        return Err(finding);
    }
    let allowed = rule.not_applicable != NotApplicable::Refused;
    if allowed && text::is_not_applicable(&text::key(&field.text())) {
        return Ok(Observed::NotApplicable);
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
    if let Kind::Proportional { .. } = rule.kind {
        return Finding::MissingRate {
            rule: rule.id,
            uses_tasks: rule.uses_tasks(),
        };
    }
    Finding::MissingValue {
        rule: rule.id,
        ask: Arc::clone(&rule.ask),
        hint: hint(rule),
    }
}

/// What to fill in for a rule.
pub(super) fn hint(rule: &Rule) -> Cow<'static, str> {
    match &rule.kind {
        Kind::Proportional { .. } => "请填 93.3% 或者 28/30 这样的完成率".into(),
        Kind::PerOccurrence { .. } => "一次也没有请填 0 或者“无”".into(),
        Kind::Shortfall { .. } => "请填已完成的数量，一次也没有填 0".into(),
        Kind::Fixed { .. } => "请填“是”或者“否”".into(),
        Kind::Discretionary => {
            format!("不扣分请填 0，最多扣 {} 分", decimal::plain(rule.cap)).into()
        }
    }
}

/// A whole number from 0, perhaps with a unit of count behind it; 无 is 0.
fn count(rule: &Rule, field: &Field) -> Result<Decimal, Finding> {
    let units = rule.count.as_deref().into_iter().chain(COUNTS);
    let number = not_negative(rule, field, (Want::Count, units))?;
    if !number.fract().is_zero() {
        return Err(Finding::NotAWholeNumber {
            rule: rule.id,
            found: field.written.excerpt(),
        });
    }
    Ok(number)
}

/// Points to take, 0 to the cap, perhaps with 分 behind them; 无 is 0.
fn points(rule: &Rule, field: &Field) -> Result<Decimal, Finding> {
    let points = not_negative(rule, field, (Want::Points, POINTS))?;
    if points > rule.cap {
        return Err(Finding::AboveCap {
            rule: rule.id,
            found: points,
            cap: rule.cap,
        });
    }
    Ok(points)
}

/// A number that is not below zero, of what is wanted, perhaps with one of its units behind it.
fn not_negative<'a>(
    rule: &Rule,
    field: &Field,
    (want, units): (Want, impl IntoIterator<Item = &'a str>),
) -> Result<Decimal, Finding> {
    let about = || (rule.id, field.written.excerpt());
    let number = without_unit(field, units).ok_or_else(|| {
        let (rule, found) = about();
        Finding::NotANumber { rule, found, want }
    })?;
    if number < Decimal::ZERO {
        let (rule, found) = about();
        return Err(Finding::NegativeValue { rule, found });
    }
    Ok(number)
}

/// The number in a cell, one of `units` behind it taken off.
fn without_unit<'a>(field: &Field, units: impl IntoIterator<Item = &'a str>) -> Option<Decimal> {
    let written = match &field.written {
        Written::Number {
            number,
            percent: false,
        } => return Some(*number),
        Written::Text(written) => text::key_of_number(written)?,
        _ => return None,
    };
    if written == "无" {
        return Some(Decimal::ZERO);
    }
    let mut units = units.into_iter();
    let bare = units.find_map(|unit| written.strip_suffix(unit));
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
        rule: rule.id,
        found: field.written.excerpt(),
    })
}

/// A rate of completion: 93.3%, 28/30, or a ratio from 0 to 1.
fn rate(rule: &Rule, field: &Field) -> Result<Ratio, Finding> {
    let out_of_range = |bare| Finding::RateOutOfRange {
        rule: rule.id,
        found: field.written.excerpt(),
        bare,
    };
    let Some((ratio, bare)) = typed_ratio(field) else {
        return Err(Finding::NotANumber {
            rule: rule.id,
            found: field.written.excerpt(),
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
        && let Some((part, whole)) = text::key_of_number(written)?.split_once('/')
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
            let written = text::key_of_number(written)?;
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

/// Whether a rate typed in `field` says the same as the computed one: equal once the computed
/// one is rounded to the digits that were typed.
pub(super) fn agrees(field: &Field, typed: Ratio, computed: Ratio) -> bool {
    if typed.part * computed.whole == computed.part * typed.whole {
        return true;
    }
    // More digits than a number keeps at the gate were typed by a program, not by a person.
    const KEPT: u32 = 15;
    let rounded = |digits: u32| round(computed.value(), digits.min(KEPT));
    digits(field).is_some_and(|digits| rounded(digits) == typed.value())
}

/// How many decimals of the ratio were typed: three for 93.3% and for 0.933. A rate without
/// decimals of its own states whole percents. `None` for a fraction, which is exact.
fn digits(field: &Field) -> Option<u32> {
    let decimals = |number: &str| match number.split_once('.') {
        Some((_, decimals)) => u32::try_from(decimals.len()).unwrap_or(u32::MAX),
        None => 0,
    };
    match &field.written {
        Written::Number { number, percent } => match number.normalize().scale() {
            scale if *percent => Some(scale.max(WHOLE_PERCENTS)),
            0 => Some(WHOLE_PERCENTS),
            scale => Some(scale),
        },
        Written::Text(written) => {
            let written = text::key(written);
            match written.strip_suffix('%') {
                _ if written.contains('/') => None,
                Some(percent) => Some(decimals(percent) + WHOLE_PERCENTS),
                None if decimals(&written) == 0 => Some(WHOLE_PERCENTS),
                None => Some(decimals(&written)),
            }
        }
        _ => None,
    }
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
            let written = plain_square(&text::key_of_number(written)?);
            let unit = unit.map(plain_square).unwrap_or_default();
            decimal::parse(written.strip_suffix(&unit).unwrap_or(&written))?
        }
        _ => return None,
    };
    Some((number, false))
}

/// A unit of measure as people type it, ㎡ and m² as m2.
fn plain_square(written: &str) -> String {
    text::key(written)
        .replace('㎡', "m2")
        .replace('²', "2")
        .replace('³', "3")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::Address;

    fn field(written: Written) -> Field {
        Field {
            address: Address::new(0, 0),
            written,
            formula: false,
        }
    }

    fn text(written: &str) -> Field {
        field(Written::Text(written.into()))
    }

    fn agree(typed: &Field, part: i64, whole: i64) -> bool {
        let (ratio, _) = typed_ratio(typed).expect("a rate written in a test");
        let computed = Ratio::new(part.into(), whole.into()).expect("above zero");
        agrees(typed, ratio.expect("a rate within range"), computed)
    }

    #[test]
    fn a_typed_rate_agrees_by_the_digits_typed() {
        // 28 ÷ 30 = 93.333… %
        for typed in [
            "93.3%",
            "93%",
            "93.33%",
            "0.933",
            "0.93",
            "0.9",
            "0.9333333333333333",
            "93.33333333333333%",
            "28/30",
            "14/15",
            "９３．３％",
        ] {
            assert!(agree(&text(typed), 28, 30), "{typed}");
        }
        for typed in [
            "93.4%", "94%", "93.30%", "90%", "0.934", "27/30", "100%", "1",
        ] {
            assert!(!agree(&text(typed), 28, 30), "{typed}");
        }
        // 69 ÷ 70 = 98.57 %: no whole.
        assert!(!agree(&text("100%"), 69, 70));
        let percent_cell = |number: Decimal| {
            field(Written::Number {
                number,
                percent: true,
            })
        };
        assert!(!agree(&percent_cell(Decimal::ONE), 69, 70));
        assert!(agree(&percent_cell(Decimal::new(99, 2)), 69, 70));
        assert!(!agree(&percent_cell(Decimal::new(9, 1)), 28, 30));
    }

    #[test]
    fn a_measured_value_is_read_in_the_unit_of_its_target() {
        let read = |field: &Field, unit| {
            measured(field, unit).map(|(number, assumed)| (decimal::plain(number), assumed))
        };
        let found = |number: &str, assumed| Some((number.to_owned(), assumed));
        assert_eq!(read(&text("40"), Some("%")), found("40", false));
        assert_eq!(read(&text("40%"), Some("%")), found("40", false));
        assert_eq!(read(&text("0.4"), Some("%")), found("40", true));
        assert_eq!(
            read(&text("12.5㎡/人"), Some("m2/人")),
            found("12.5", false)
        );
        assert_eq!(
            read(&text("0.38吨标煤／万元"), Some("吨标煤/万元")),
            found("0.38", false)
        );
        assert_eq!(read(&text("61"), None), found("61", false));
        assert_eq!(read(&text("45%"), None), None);
        assert_eq!(read(&text("达标"), Some("%")), None);
    }
}
