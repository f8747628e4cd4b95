//! Arithmetic as people write it out: `50 × (1 − 28 ÷ 30) ≈ 3.33`, `6 × 1 = 6，封顶 5`.
//!
//! A sentence is read, worked out exactly as a fraction, and held to itself: each `=` must be
//! true, each `≈` or `→` must be the 四舍五入 of what stands before it, to the decimals that are
//! written. Self-tests of rubrics state their expectations so; nothing here knows of rubrics.

#![deny(clippy::float_arithmetic)]

mod fault;
mod fraction;
mod reader;

use crate::decimal::Decimal;
pub use fault::Fault;
use fraction::Fraction;
use reader::{Literal, Reader, Sign};

/// What a sentence of arithmetic comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worked {
    /// The figure that it ends with.
    pub result: Decimal,
    /// The figure before 封顶, where the sentence has it.
    pub uncapped: Option<Decimal>,
}

/// Works out a sentence.
///
/// # Errors
///
/// What is no arithmetic, or is not true.
pub fn work_out(text: &str) -> Result<Worked, Fault> {
    let mut reader = Reader::new(text);
    let mut value = reader.expression()?;
    let mut uncapped = None;
    while let Some(sign) = reader.sign() {
        let start = reader.place();
        match sign {
            Sign::Equals => match reader.endless()? {
                Some(literal) => holds_as_far_as_written(value, literal)?,
                None => {
                    let right = reader.expression()?;
                    if right != value {
                        let right = reader.since(start);
                        return Err(Fault::unequal(value, right));
                    }
                }
            },
            Sign::Rounds => value = rounded(value, reader.literal()?)?,
            Sign::Caps => {
                let cap = reader.expression()?;
                if value < cap {
                    return Err(Fault::BelowCap {
                        value: value.shown(),
                        cap: cap.shown(),
                    });
                }
                uncapped = Some(value.decimal()?);
                value = cap;
            }
        }
    }
    reader.end()?;
    Ok(Worked {
        result: value.decimal()?,
        uncapped,
    })
}

/// `3.333…` stands for every number that begins so.
fn holds_as_far_as_written(value: Fraction, written: Literal) -> Result<(), Fault> {
    if value.truncated(written.places)? == written.value {
        return Ok(());
    }
    Err(Fault::unequal(value, written.text + "…"))
}

fn rounded(value: Fraction, written: Literal) -> Result<Fraction, Fault> {
    let rounded = value.rounded(written.places)?;
    if rounded == written.value {
        return Ok(rounded);
    }
    Err(Fault::NotRounded {
        value: value.shown(),
        places: written.places,
        rounded: rounded.shown(),
        written: written.text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decimal::parse;

    fn result(text: &str) -> String {
        match work_out(text) {
            Ok(worked) => crate::decimal::plain(worked.result),
            Err(fault) => fault.to_string(),
        }
    }

    #[test]
    fn works_out_what_people_write() {
        for (text, expected) in [
            ("3 × 1 = 3", "3"),
            ("100 − 3 - 2.5 = 94.5", "94.5"),
            ("50 × (1 − 28 ÷ 30) ≈ 3.33", "3.33"),
            ("50 × (30 − 28) ÷ 30 = 3.333… → 3.33", "3.33"),
            ("50 × (1 − 93.3%) = 3.35", "3.35"),
            ("（99 + 98） ÷ 2 = 98.5", "98.5"),
            ("2 × 3 + 4 × 5 = 6 + 20 = 26", "26"),
            ("92.475 ≈ 92.48", "92.48"),
            ("-0.125 ≈ -0.13", "-0.13"),
            ("１２．５", "12.5"),
            ("6 × 1 = 6，封顶 5", "5"),
            ("10 × 0.5 = 5，封顶5", "5"),
            ("1 ÷ 3 × 3", "1"),
            ("7 * 2 / 4", "3.5"),
        ] {
            assert_eq!(result(text), expected, "{text}");
        }
        let worked = work_out("6 × 1 = 6，封顶 5").expect("it is true");
        assert_eq!(worked.uncapped, parse("6"));
    }

    #[test]
    fn says_what_is_not_true_or_no_arithmetic() {
        for (text, expected) in [
            ("3 × 1 = 4", "前面算出来是 3，不等于“4”"),
            ("28 ÷ 30 = 0.93", "前面算出来是 0.933333…，不等于“0.93”"),
            ("50 ÷ 3 = 16.67…", "前面算出来是 16.666666…，不等于“16.67…”"),
            (
                "2.675 ≈ 2.67",
                "2.675 四舍五入到 2 位小数是 2.68，不是 2.67",
            ),
            ("28 ÷ 30", "0.933333… 除不尽，没有写明保留几位"),
            ("3，封顶 5", "3 没有到 5，说不上封顶"),
            ("3 ÷ 0", "除数是 0"),
            ("", "没有算式"),
            ("3 +", "算式到最后还没有写完"),
            ("三次", "看不懂“三次”"),
            ("(1 + 2", "算式到最后还没有写完"),
            ("1 2", "看不懂“2”"),
            ("3 = ", "算式到最后还没有写完"),
            (
                "999999999999 × 999999999999 × 999999999999 × 999999999999",
                "数太大，算不了",
            ),
        ] {
            assert_eq!(result(text), expected, "{text}");
        }
    }

    #[test]
    fn brackets_do_not_nest_without_end() {
        let deep = "(".repeat(100_000) + "1";
        assert_eq!(result(&deep), "括号套得太深");
        let minus = "-".repeat(100_000) + "1";
        assert_eq!(result(&minus), "括号套得太深");
    }

    proptest::proptest! {
        #[test]
        fn nothing_that_is_typed_stops_it(text in "[-0-9.+×÷()%=≈→…，封顶 三]{0,24}") {
            let _ = work_out(&text);
        }

        /// What `Decimal` adds and multiplies, a sentence says truly, and nothing else.
        #[test]
        fn it_agrees_with_exact_decimals(a in -99_999_i64..99_999, b in -999_i64..999, c in 1_i64..999) {
            let (a, b, c) = (Decimal::new(a, 2), Decimal::new(b, 1), Decimal::new(c, 2));
            let sum = a * b + c;
            let worked = work_out(&format!("({a}) × ({b}) + {c} = {sum}"));
            proptest::prop_assert_eq!(worked.map(|worked| worked.result), Ok(sum.normalize()));
            let wrong = sum + Decimal::new(1, 3);
            let worked = work_out(&format!("({a}) × ({b}) + {c} = {wrong}"));
            proptest::prop_assert!(worked.is_err());
            let rounded = crate::decimal::round(a / c, 2);
            let worked = work_out(&format!("{a} ÷ {c} ≈ {rounded:.2}"));
            proptest::prop_assert_eq!(worked.map(|worked| worked.result), Ok(rounded));
        }
    }
}
