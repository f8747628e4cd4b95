//! The only gate to numbers: from text, from a spreadsheet's `f64`, to text.
//!
//! Everything behind this gate is an exact decimal. A number that comes in has at most
//! fifteen significant digits, what Excel itself shows; the noise that binary arithmetic
//! leaves behind the fifteenth (0.30000000000000004) is taken off here and nowhere else.

pub use rust_decimal::Decimal;
use rust_decimal::RoundingStrategy;
use serde::Serializer;
use serde::ser::Error as _;
use serde_json::value::RawValue;

/// Decimals of rounded and printed figures, where a rubric does not say otherwise.
pub const PLACES: u32 = 2;

/// Numbers of this size or larger are not let in: no count, rate or point is ever so large,
/// and below it no product in this program can overflow.
const TOO_LARGE: f64 = 1e15;

/// What binary arithmetic leaves of a zero: `=0.3-0.1-0.2` is -2.8e-17.
const NOISE: f64 = 1e-12;

/// Significant digits that a number keeps: what Excel stores of a typed number.
const SIGNIFICANT_DIGITS: usize = 15;

/// Reads a plain decimal: an optional sign, digits, an optional fraction. No exponent, no
/// thousands separators, no unit. `None` if the text is anything else, or 10¹⁵ or larger.
pub fn parse(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !plain(whole) || !plain(fraction) {
        return None;
    }
    let significant = digits
        .trim_start_matches(['0', '.'])
        .bytes()
        .filter(u8::is_ascii_digit)
        .count();
    if significant > SIGNIFICANT_DIGITS {
        return from_f64(text.parse().ok()?);
    }
    let number = Decimal::from_str_exact(text).ok()?;
    Some(number.normalize())
}

/// The decimal that was typed into a cell which a spreadsheet holds as `number`.
/// `None` for what is no number, or 10¹⁵ or larger.
pub fn from_f64(number: f64) -> Option<Decimal> {
    if !number.is_finite() || number.abs() >= TOO_LARGE {
        return None;
    }
    if number.abs() < NOISE {
        return Some(Decimal::ZERO);
    }
    if number.fract() == 0.0 {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a whole number below 10¹⁵ fits an i64"
        )]
        return Some(Decimal::from(number as i64));
    }
    let typed = with_few_places(number).or_else(|| spelled_out(number))?;
    Some(typed.normalize())
}

/// The decimal of few places, or of no more than [`SIGNIFICANT_DIGITS`] digits, that `number` is
/// nearest to, if there is one: there can be only one.
fn with_few_places(number: f64) -> Option<Decimal> {
    const FEW: u32 = 3;
    exactly(number, FEW).or_else(|| {
        let whole = POWERS.iter().position(|power| number.abs() < *power)?;
        exactly(number, u32::try_from(SIGNIFICANT_DIGITS - whole).ok()?)
    })
}

/// The powers of ten up to the size of a number that is let in.
const POWERS: [f64; SIGNIFICANT_DIGITS + 1] = [
    1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

/// The decimal of so many places that `number` is nearest to, if there is one.
fn exactly(number: f64, places: u32) -> Option<Decimal> {
    let power = POWERS[places as usize];
    let units = (number * power).round();
    // Whole and below 2⁵³ they are exact, and the quotient is the nearest there is.
    let is_exact = units.abs() < TOO_LARGE && units / power == number;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a whole number below 10¹⁵ fits an i64"
    )]
    is_exact.then(|| Decimal::new(units as i64, places))
}

/// The decimal that `number` reads as, spelled out to so many digits.
fn spelled_out(number: f64) -> Option<Decimal> {
    let digits = format!("{number:.*e}", SIGNIFICANT_DIGITS - 1);
    Decimal::from_scientific(&digits).ok()
}

/// A number as it reads, whatever it is: with an exponent where it had digits without end.
pub fn shown(number: f64) -> String {
    match number.abs() {
        0.0 => "0".to_owned(),
        1e-7..1e21 => number.to_string(),
        _ => format!("{number:e}"),
    }
}

/// The nearest `f64`, for cached results in workbooks; never for arithmetic.
pub fn to_f64(number: Decimal) -> f64 {
    number.to_string().parse().unwrap_or_default()
}

/// 四舍五入: rounds half away from zero to `places` decimals.
pub fn round(number: Decimal, places: u32) -> Decimal {
    number
        .round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
        .normalize()
}

/// The number as text, without trailing zeros: `92.5`, `0`, `3.33`.
pub fn plain(number: Decimal) -> String {
    number.normalize().to_string()
}

/// The number with exactly `places` decimals, as tables print it: `92.50`.
pub fn fixed(number: Decimal, places: u32) -> String {
    format!("{:.*}", places as usize, round(number, places))
}

/// A decimal as a JSON number, digit for digit (for `#[serde(serialize_with)]`).
pub fn as_json<S: Serializer>(number: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    let raw = RawValue::from_string(plain(*number)).map_err(S::Error::custom)?;
    serde::Serialize::serialize(&raw, serializer)
}

/// Like [`as_json`], `null` for `None`.
pub fn as_json_or_null<S: Serializer>(
    number: &Option<Decimal>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match number {
        Some(number) => as_json(number, serializer),
        None => serializer.serialize_none(),
    }
}

/// A share of something, kept as a fraction so that 28 of 30 stays 28/30.
#[derive(Clone, Copy, Debug)]
pub struct Ratio {
    /// What is there: 28.
    pub part: Decimal,
    /// Of how much: 30. Never zero.
    pub whole: Decimal,
}

impl Ratio {
    /// The fraction `part / whole`; `None` where `whole` is not above zero.
    pub fn new(part: Decimal, whole: Decimal) -> Option<Self> {
        (whole > Decimal::ZERO).then_some(Self { part, whole })
    }

    /// `points × (1 − ratio)`, unrounded: multiplied before it is divided.
    pub fn shortfall_of(self, points: Decimal) -> Decimal {
        points * (self.whole - self.part) / self.whole
    }

    /// The ratio as a decimal with at most 28 digits.
    pub fn value(self) -> Decimal {
        self.part / self.whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        parse(text).expect("a decimal written in a test")
    }

    #[test]
    fn reads_what_was_typed() {
        for (cell, typed) in [
            (0.30000000000000004, "0.3"),
            (434.99999999999994, "435"),
            (1.1 + 2.2, "3.3"),
            (-0.5, "-0.5"),
            (3.0, "3"),
            (0.933, "0.933"),
            (0.3 - 0.1 - 0.2, "0"),
        ] {
            assert_eq!(from_f64(cell).map(plain).as_deref(), Some(typed));
        }
        assert_eq!(from_f64(f64::NAN), None);
        assert_eq!(from_f64(1e15), None);
    }

    #[test]
    fn a_number_of_few_places_is_what_it_reads_as() {
        let mut found = 0;
        // Digits of all kinds, of every size.
        let mut seed = 1_u64;
        for round in 0..200_000_u32 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let digits = (seed >> 33) as f64;
            let number = digits / 10_f64.powi((round % 18) as i32) / f64::from(round % 7 + 1);
            if let Some(exact) = with_few_places(number) {
                assert_eq!(
                    Some(exact.normalize()),
                    spelled_out(number).map(|d| d.normalize())
                );
                found += 1;
            }
        }
        assert!(found > 50_000, "{found}");
    }

    #[test]
    fn what_was_typed_comes_back_whatever_its_digits() {
        // 1 to 15 digits of all kinds, the point behind any of them or as far before the first.
        let mut seed = 1_u64;
        for round in 0..100_000_u32 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let (size, places) = (10_i64.pow(round % 15 + 1), round / 15 % 12);
            let digits = i64::try_from(seed >> 1).expect("63 bits") % size;
            let typed = Decimal::new(digits, places).normalize();
            let stored: f64 = typed.to_string().parse().expect("a number");
            assert_eq!(from_f64(stored), Some(typed), "{typed}");
        }
    }

    #[test]
    fn no_number_is_shown_with_digits_without_end() {
        for (number, text) in [
            (0.0, "0"),
            (-1.5, "-1.5"),
            (110_101_199_003_071_230.0, "110101199003071230"),
            (1e300, "1e300"),
            (-2.5e-300, "-2.5e-300"),
            (f64::INFINITY, "inf"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(shown(number), text);
        }
    }

    #[test]
    fn heals_the_same_noise_in_text() {
        assert_eq!(parse("0.30000000000000004"), Some(d("0.3")));
        assert_eq!(parse("0.9333333333333333"), Some(d("0.933333333333333")));
    }

    #[test]
    fn refuses_what_is_no_plain_decimal() {
        for text in [
            "",
            "-",
            ".5",
            "5.",
            "1_000",
            "1,000",
            "1e3",
            "NaN",
            "１",
            "3次",
            "9999999999999999",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn rounds_half_away_from_zero() {
        for (number, rounded) in [
            ("0.125", "0.13"),
            ("2.675", "2.68"),
            ("1.005", "1.01"),
            ("92.475", "92.48"),
            ("-0.125", "-0.13"),
            ("2.344", "2.34"),
        ] {
            assert_eq!(round(d(number), 2), d(rounded));
        }
    }

    #[test]
    fn a_ratio_is_exact() {
        // 50 × (30 − 28) ÷ 30 = 100 ÷ 30 = 3.333…
        let ratio = Ratio::new(d("28"), d("30")).expect("30 is above zero");
        assert_eq!(round(ratio.shortfall_of(d("50")), 2), d("3.33"));
        assert!(Ratio::new(d("1"), d("0")).is_none());
    }

    #[test]
    fn prints_with_fixed_places() {
        assert_eq!(fixed(d("92.5"), 2), "92.50");
        assert_eq!(fixed(d("0"), 2), "0.00");
    }
}
