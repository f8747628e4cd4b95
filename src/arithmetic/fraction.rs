//! Exact fractions, in lowest terms.

use std::cmp::Ordering;

use super::Fault;
use crate::decimal::{Decimal, plain};

/// Decimals of an endless number that messages show.
const SHOWN: u32 = 6;

/// Decimals that a [`Decimal`] holds.
const MOST_PLACES: u32 = 28;

/// `over / under`, `under` above zero, in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fraction {
    over: i128,
    under: i128,
}

impl Fraction {
    fn new(over: i128, under: i128) -> Result<Self, Fault> {
        if under == 0 {
            return Err(Fault::DivisionByZero);
        }
        let common = common(over.unsigned_abs(), under.unsigned_abs());
        let common = i128::try_from(common).map_err(|_| Fault::TooLarge)?;
        let (over, under) = (over / common, under / common);
        let negative = under < 0;
        let turned = |part: i128| {
            let part = if negative {
                part.checked_neg()
            } else {
                Some(part)
            };
            part.ok_or(Fault::TooLarge)
        };
        Ok(Self {
            over: turned(over)?,
            under: turned(under)?,
        })
    }

    /// A number of this many decimals: 125 and 2 are 1.25.
    pub(super) fn of_decimal(number: Decimal) -> Result<Self, Fault> {
        Self::new(number.mantissa(), power_of_ten(number.scale())?)
    }

    pub(super) fn plus(self, other: Self) -> Result<Self, Fault> {
        let left = times(self.over, other.under)?;
        let right = times(other.over, self.under)?;
        let sum = left.checked_add(right).ok_or(Fault::TooLarge)?;
        Self::new(sum, times(self.under, other.under)?)
    }

    pub(super) fn negated(self) -> Result<Self, Fault> {
        Self::new(self.over.checked_neg().ok_or(Fault::TooLarge)?, self.under)
    }

    pub(super) fn times(self, other: Self) -> Result<Self, Fault> {
        Self::new(
            times(self.over, other.over)?,
            times(self.under, other.under)?,
        )
    }

    pub(super) fn divided_by(self, other: Self) -> Result<Self, Fault> {
        Self::new(
            times(self.over, other.under)?,
            times(self.under, other.over)?,
        )
    }

    /// Cut off behind `places` decimals.
    pub(super) fn truncated(self, places: u32) -> Result<Self, Fault> {
        let scale = power_of_ten(places)?;
        Self::new(times(self.over, scale)? / self.under, scale)
    }

    /// 四舍五入 to `places` decimals: half goes away from zero.
    pub(super) fn rounded(self, places: u32) -> Result<Self, Fault> {
        let scale = power_of_ten(places)?;
        let scaled = times(self.over, scale)?;
        let half = times(scaled % self.under, 2)?.checked_abs();
        let up = half.is_none_or(|half| half >= self.under);
        let whole = scaled / self.under + if up { self.over.signum() } else { 0 };
        Self::new(whole, scale)
    }

    /// The number, which must end.
    pub(super) fn decimal(self) -> Result<Decimal, Fault> {
        let number = self.within(MOST_PLACES)?;
        number.ok_or_else(|| Fault::Endless(self.shown()))
    }

    /// The number, where it ends within `most` decimals.
    fn within(self, most: u32) -> Result<Option<Decimal>, Fault> {
        for places in 0..=most {
            let scale = power_of_ten(places)?;
            if scale % self.under == 0 {
                let mantissa = times(self.over, scale / self.under)?;
                let number = Decimal::try_from_i128_with_scale(mantissa, places);
                return number.map(Some).map_err(|_| Fault::TooLarge);
            }
        }
        Ok(None)
    }

    /// The number for people, dots where it goes on.
    pub(super) fn shown(self) -> String {
        let cut = |cut: Self| cut.within(SHOWN).ok().flatten();
        if let Some(number) = cut(self) {
            return plain(number);
        }
        match self.truncated(SHOWN).ok().and_then(cut) {
            Some(number) => format!("{number}…"),
            None => format!("{}/{}", self.over, self.under),
        }
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let difference = other.negated().and_then(|other| self.plus(other)).ok()?;
        Some(difference.over.cmp(&0))
    }
}

fn times(one: i128, other: i128) -> Result<i128, Fault> {
    one.checked_mul(other).ok_or(Fault::TooLarge)
}

fn power_of_ten(places: u32) -> Result<i128, Fault> {
    10_i128.checked_pow(places).ok_or(Fault::TooLarge)
}

/// The greatest common divisor, 1 for two zeros.
fn common(one: u128, other: u128) -> u128 {
    let (mut one, mut other) = (one, other);
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one.max(1)
}
