//! Rounds and years, as people write them.

use crate::decimal::{self, Decimal};
use crate::model::rubric::MOST_ROUNDS;
use crate::text;

/// The year that a text is: `2019`, `2019年`, `2019年度`.
pub fn year_of(written: &str) -> Option<i32> {
    let text = text::key_of_number(written)?;
    let digits = text.trim_end_matches('度').trim_end_matches('年');
    digits.parse().ok()
}

/// The number of a round: `1`, `第1轮`, `第一轮`, `3月`. No year has more than one a day.
pub fn round_of(written: &str) -> Option<u32> {
    const NUMERALS: [&str; 12] = [
        "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二",
    ];
    let text = text::key_of_number(written)?;
    let number = text.strip_prefix('第').unwrap_or(&text);
    let number = number.trim_end_matches(['轮', '次', '月', '期', '季', '度']);
    if let Some(index) = NUMERALS.iter().position(|numeral| *numeral == number) {
        return u32::try_from(index + 1).ok();
    }
    let number = decimal::parse(number)?;
    let whole = number.fract().is_zero() && number > Decimal::ZERO;
    let round = u32::try_from(number).ok().filter(|_| whole)?;
    (round <= MOST_ROUNDS).then_some(round)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_is_read_in_every_way_people_write_it() {
        for (text, round) in [
            ("1", Some(1)),
            ("第2轮", Some(2)),
            ("第二轮", Some(2)),
            ("１０月", Some(10)),
            ("0", None),
            ("366", Some(366)),
            ("2019", None),
            ("1.5", None),
            ("-1", None),
            ("1 2", None),
            ("第 1\n2 轮", None),
            ("全年", None),
        ] {
            assert_eq!(round_of(text), round, "{text}");
        }
    }
}
