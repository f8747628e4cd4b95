//! From text to figures: numbers, `+ − × ÷`, brackets.

use super::Fault;
use super::fraction::Fraction;
use crate::decimal;
use crate::text;

/// Brackets within brackets, and signs before signs; nobody writes so many.
const DEEPEST: usize = 32;

/// What stands between the parts of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// `=`
    Equals,
    /// `≈`, `→`
    Rounds,
    /// `，封顶`
    Caps,
}

/// A number as written.
pub(super) struct Literal {
    pub value: Fraction,
    /// Its decimals.
    pub places: u32,
    pub text: String,
}

pub(super) struct Reader {
    chars: Vec<char>,
    at: usize,
    depth: usize,
}

impl Reader {
    pub(super) fn new(text: &str) -> Self {
        Self {
            chars: text::fold(text).chars().collect(),
            at: 0,
            depth: 0,
        }
    }

    /// How far the reading has come.
    pub(super) const fn place(&self) -> usize {
        self.at
    }

    /// What was read since `start`.
    pub(super) fn since(&self, start: usize) -> String {
        let read: String = self.chars[start..self.at].iter().collect();
        read.trim().to_owned()
    }

    /// Sums and differences.
    pub(super) fn expression(&mut self) -> Result<Fraction, Fault> {
        let mut value = self.product()?;
        loop {
            if self.takes("+") {
                value = value.plus(self.product()?)?;
            } else if self.takes("-") {
                value = value.plus(self.product()?.negated()?)?;
            } else {
                return Ok(value);
            }
        }
    }

    fn product(&mut self) -> Result<Fraction, Fault> {
        let mut value = self.factor()?;
        loop {
            if self.takes("×") || self.takes("*") {
                value = value.times(self.factor()?)?;
            } else if self.takes("÷") || self.takes("/") {
                value = value.divided_by(self.factor()?)?;
            } else {
                return Ok(value);
            }
        }
    }

    fn factor(&mut self) -> Result<Fraction, Fault> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Fault::TooDeep);
        }
        let value = if self.takes("-") {
            self.factor()?.negated()?
        } else if self.takes("(") {
            let value = self.expression()?;
            if !self.takes(")") {
                return Err(self.unexpected());
            }
            value
        } else {
            self.literal()?.value
        };
        self.depth -= 1;
        if self.takes("%") {
            let hundred = Fraction::of_decimal(decimal::Decimal::ONE_HUNDRED)?;
            return value.divided_by(hundred);
        }
        Ok(value)
    }

    /// A number, perhaps with a minus.
    pub(super) fn literal(&mut self) -> Result<Literal, Fault> {
        self.skip();
        let start = self.at;
        self.takes("-");
        self.skip();
        let is_part = |c: &&char| c.is_ascii_digit() || **c == '.';
        self.at += self.chars[self.at..].iter().take_while(is_part).count();
        let text: String = self.chars[start..self.at].iter().collect();
        let text: String = text.split_whitespace().collect();
        let Some(value) = decimal::parse(&text) else {
            self.at = start;
            return Err(self.unexpected());
        };
        let places = text.split_once('.').map_or(0, |(_, places)| places.len());
        Ok(Literal {
            value: Fraction::of_decimal(value)?,
            places: u32::try_from(places).map_err(|_| Fault::TooLarge)?,
            text,
        })
    }

    /// A number that goes on: `3.333…`; nothing is read where there is none.
    pub(super) fn endless(&mut self) -> Result<Option<Literal>, Fault> {
        let start = self.at;
        if let Ok(literal) = self.literal()
            && ["…", "..."].iter().any(|dots| self.takes(dots))
        {
            while self.takes("…") {}
            return Ok(Some(literal));
        }
        self.at = start;
        Ok(None)
    }

    /// What joins the next part, if one follows.
    pub(super) fn sign(&mut self) -> Option<Sign> {
        let start = self.at;
        self.takes(",");
        if self.takes("封顶") {
            return Some(Sign::Caps);
        }
        self.at = start;
        if self.takes("=") {
            return Some(Sign::Equals);
        }
        (self.takes("≈") || self.takes("→")).then_some(Sign::Rounds)
    }

    /// That nothing follows.
    pub(super) fn end(&mut self) -> Result<(), Fault> {
        self.skip();
        if self.at == self.chars.len() {
            return Ok(());
        }
        Err(self.unexpected())
    }

    fn unexpected(&mut self) -> Fault {
        self.skip();
        let rest: String = self.chars[self.at..].iter().collect();
        if self.chars.is_empty() {
            Fault::Empty
        } else if rest.is_empty() {
            Fault::Unfinished
        } else {
            Fault::Unreadable(text::shown(&rest, 12))
        }
    }

    fn skip(&mut self) {
        while self.chars.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
    }

    /// Reads `sign` if it is what follows.
    fn takes(&mut self, sign: &str) -> bool {
        self.skip();
        let length = sign.chars().count();
        let follows = self.chars[self.at..].iter().copied().take(length);
        let found = follows.eq(sign.chars());
        if found {
            self.at += length;
        }
        found
    }
}
