//! What number formats make of numbers: a date and a percentage are numbers in a file. Used by the
//! readers of .xlsx, .xlsb and .xls.

use std::collections::HashMap;

use calamine::{ExcelDateTime, ExcelDateTimeType};

use super::cells::date;
use crate::model::grid::Content;

/// Signs for percent that a format may have as a text.
const SIGNS: [&str; 2] = ["%", "％"];

/// What a number format makes of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Shows {
    /// A number.
    #[default]
    Number,
    /// A percentage: `0.00%`.
    Percent,
    /// The number with the sign for percent behind it, `0"%"`: a hundredth of it is meant.
    Sign,
    /// A date, a time of day, or a part of them.
    Moment,
    /// Hours, minutes or seconds that went by: `[h]:mm`.
    Duration,
}

impl Shows {
    /// Only the part of a format before the first `;` counts: it is for numbers above zero. Where it
    /// has a condition, `[=0]"";m-d`, the next counts too, if it shows dates: of a number that may be
    /// shown as a percentage or not, what the file holds is what was typed.
    pub(super) fn of(format: &str) -> Self {
        let mut rest = format;
        let mut sign = false;
        let mut is_first = true;
        let (mut conditional, mut calendar, mut digits) = (false, false, false);
        while let Some(c) = rest.chars().next() {
            let behind = &rest[c.len_utf8()..];
            rest = match c {
                ';' if !conditional || calendar && !digits => break,
                ';' => {
                    (is_first, sign) = (false, false);
                    (conditional, calendar, digits) = (false, false, false);
                    behind
                }
                // A literal follows: shown as it is (\), as wide a space (_), repeated (*).
                '\\' => {
                    sign |= is_first
                        && !conditional
                        && SIGNS.iter().any(|sign| behind.starts_with(sign));
                    beyond(behind, |_| true)
                }
                '_' | '*' => beyond(behind, |_| true),
                '"' => {
                    let inside = behind.split('"').next().unwrap_or_default();
                    sign |= is_first && !conditional && SIGNS.contains(&inside.trim());
                    beyond(behind, |c| c == '"')
                }
                '％' if is_first && !conditional => {
                    sign = true;
                    behind
                }
                '[' => {
                    let inside = behind.split(']').next().unwrap_or_default();
                    if is_unit_of_time(inside) {
                        return Self::Duration;
                    }
                    conditional |= inside.starts_with(['<', '=', '>']);
                    &behind[inside.len()..]
                }
                '%' if is_first => return Self::Percent,
                '0' | '#' | '?' => {
                    digits = true;
                    behind
                }
                _ if c.is_ascii_alphabetic() => {
                    let (word, behind) = word(rest);
                    if word.contains(is_part_of_time) {
                        return Self::Moment;
                    }
                    // What Chinese and Japanese programs call `General`: `G/通用格式`, `G/標準`.
                    let is_general = word.eq_ignore_ascii_case("g") && behind.starts_with('/');
                    calendar |= is_calendar(word) && !is_general;
                    behind
                }
                _ => behind,
            };
        }
        // Beside places for digits such letters are an exponent, `0.0E+0`, or a unit, `0 g`.
        match (calendar && !digits, sign) {
            (true, _) => Self::Moment,
            (false, true) => Self::Sign,
            (false, false) => Self::Number,
        }
    }

    /// The number that is meant, and whether it is a percentage.
    pub(super) fn number(self, number: f64) -> (f64, bool) {
        match self {
            Self::Sign => (number / 100.0, true),
            _ => (number, self == Self::Percent),
        }
    }

    /// The number as it is shown.
    pub(super) fn content(self, number: f64, from_1904: bool) -> Content {
        let moment = |kind| date(&ExcelDateTime::new(number, kind, from_1904));
        match self {
            Self::Number | Self::Percent | Self::Sign => Content::Number(self.number(number).0),
            Self::Moment => moment(ExcelDateTimeType::DateTime),
            Self::Duration => moment(ExcelDateTimeType::TimeDelta),
        }
    }
}

/// The formats that an .xls or .xlsb writes, by their numbers.
#[derive(Default)]
pub(super) struct Formats(HashMap<u16, Shows>);

impl Formats {
    pub(super) fn add(&mut self, number: u16, code: &str) {
        self.0.insert(number, Shows::of(code));
    }

    /// What the format of this number makes of numbers; of dates the library knows those that are
    /// built in.
    pub(super) fn shows(&self, number: u16) -> Shows {
        let built_in = match number {
            9 | 10 => Shows::Percent,
            _ => Shows::Number,
        };
        self.0.get(&number).copied().unwrap_or(built_in)
    }

    /// The number of a format that Excel has built in and that shows as much, where this one is
    /// written in the file: calamine looks up few of those, and knows fewer dates.
    pub(super) fn built_in(&self, number: u16) -> Option<u16> {
        self.0.get(&number).map(|shows| match shows {
            Shows::Number | Shows::Sign => 0,
            Shows::Percent => 9,
            Shows::Moment => 22,
            Shows::Duration => 46,
        })
    }
}

/// What stands behind the first such character.
fn beyond(text: &str, is_last: impl Fn(char) -> bool) -> &str {
    let last = text.char_indices().find(|(_, c)| is_last(*c));
    last.map_or("", |(at, c)| &text[at + c.len_utf8()..])
}

/// The letters that a text begins with, and what stands behind them.
fn word(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_alphabetic());
    text.split_at(end.unwrap_or(text.len()))
}

/// A letter for years, months, days, hours, minutes or seconds.
fn is_part_of_time(letter: char) -> bool {
    matches!(letter.to_ascii_lowercase(), 'y' | 'm' | 'd' | 'h' | 's')
}

/// Whether letters stand for a day of the week (`aaa`, `aaaa`), an era and its years (`ggge`), or
/// years of Thailand (`bbbb`); not `General`.
fn is_calendar(word: &str) -> bool {
    let mut days = 0;
    for letter in word.bytes() {
        match letter.to_ascii_lowercase() {
            b'a' => days += 1,
            b'b' | b'e' | b'g' => {}
            _ => return false,
        }
    }
    matches!(days, 0 | 3 | 4)
}

/// Whether a format counts this beyond a day, an hour or a minute: `[h]`, `[mm]`.
fn is_unit_of_time(inside: &str) -> bool {
    ['h', 'm', 's']
        .iter()
        .any(|unit| !inside.is_empty() && inside.chars().all(|c| c.eq_ignore_ascii_case(unit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_what_they_show() {
        for (format, shows) in [
            ("General", Shows::Number),
            ("0%", Shows::Percent),
            ("0.0_ %", Shows::Percent),
            ("[Red]0;[Blue]0%", Shows::Number),
            ("0\"%\"", Shows::Sign),
            ("0.0 \" %\"", Shows::Sign),
            ("0\\%", Shows::Sign),
            ("General％", Shows::Sign),
            ("0;-0\"%\"", Shows::Number),
            ("[<=1]0%;0\"%\"", Shows::Percent),
            ("0\"%以上\"", Shows::Number),
            ("#,##0.00_ ;[Magenta]\\-#,##0.00", Shows::Number),
            ("0\"hms\"", Shows::Number),
            ("yyyy\"年\"m\"月\"", Shows::Moment),
            ("[$-804]AM/PM h:mm", Shows::Moment),
            ("[hh]:mm", Shows::Duration),
            ("[", Shows::Number),
            ("\\", Shows::Number),
            ("0\"", Shows::Number),
        ] {
            assert_eq!(Shows::of(format), shows, "{format}");
        }
    }

    #[test]
    fn days_of_the_week_and_eras_are_dates() {
        for format in [
            "[$-804]aaaa;@",
            "AAA",
            "[DBNum1][$-804]aaaa",
            "e\"年\"",
            "[$-411]ggge\"年\"",
            "[$-404]E",
            "g",
            "bbbb",
            "b",
        ] {
            assert_eq!(Shows::of(format), Shows::Moment, "{format}");
        }
        for format in [
            "0.00E+00",
            "##0.0E+0",
            "general\"次\"",
            "[Red]General",
            "G/通用格式",
            "G/標準\"次\"",
            "0 g",
            "0.0 kg",
            "#元b",
            "0\\e",
            "_e0",
            "*e",
            "\"aaaa\"",
            "\"a\"0",
            "[Blue]0",
            "[$b]0",
            "aa",
            "BOOLEAN",
            "0;aaaa",
            "@",
        ] {
            assert_eq!(Shows::of(format), Shows::Number, "{format}");
        }
    }

    #[test]
    fn a_part_with_a_condition_is_not_for_all_numbers() {
        for (format, shows) in [
            ("[=0]\"无\";m\"月\"d\"日\"", Shows::Moment),
            ("[=0]\"\";[>1]0;aaaa", Shows::Moment),
            ("[>43000]e;0", Shows::Moment),
            // Of a number that is shown as a percentage or not, what was typed is what counts.
            ("[<0]0;0%", Shows::Number),
            ("[Red][<60]0;[Blue]0", Shows::Number),
        ] {
            assert_eq!(Shows::of(format), shows, "{format}");
        }
    }
}
