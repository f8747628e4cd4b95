//! What a number format makes of a number: a percentage, a date, or just a number. Used by the
//! readers of Excel's formats, in which a date is a number and nothing else tells.

use std::collections::HashMap;

/// How a number format shows a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Shows {
    /// As a number.
    #[default]
    Number,
    /// As a percentage: 0.5 as 50%.
    Percent,
    /// As a date, a time, or both.
    Date,
    /// As hours, minutes or seconds that went by.
    Elapsed,
}

impl Shows {
    /// What a format shows that has no code in the file, by its number.
    pub(super) fn builtin(id: u32) -> Self {
        match id {
            9 | 10 => Self::Percent,
            // 27 to 36 and 50 to 58 are the dates and times of Chinese, Japanese and Korean Excel.
            14..=22 | 27..=36 | 45 | 47 | 50..=58 => Self::Date,
            46 => Self::Elapsed,
            _ => Self::Number,
        }
    }

    /// What a format shows, by its code: `0.00%`, `yyyy"年"m"月"d"日"`, `[h]:mm`. Only the part
    /// before the first `;` counts: it is for numbers above zero.
    pub(super) fn of_code(code: &str) -> Self {
        let mut chars = code.chars().peekable();
        let mut letters = String::new();
        let mut percent = false;
        while let Some(c) = chars.next() {
            match c {
                ';' => break,
                // A literal follows: shown as it is (\), as wide a space (_), repeated (*).
                '\\' | '_' | '*' => drop(chars.next()),
                '"' => drop(chars.by_ref().find(|c| *c == '"')),
                '[' => {
                    let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                    if is_elapsed(&inside) {
                        return Self::Elapsed;
                    }
                }
                '%' => percent = true,
                _ => letters.push(c.to_ascii_lowercase()),
            }
        }
        if is_date(&letters) {
            Self::Date
        } else if percent {
            Self::Percent
        } else {
            Self::Number
        }
    }
}

/// Whether brackets hold a unit of time that went by (`[h]`), not a colour, condition or locale.
fn is_elapsed(inside: &str) -> bool {
    let unit = inside.to_ascii_lowercase();
    ["h", "m", "s"]
        .iter()
        .any(|letter| !unit.is_empty() && unit.replace(letter, "").is_empty())
}

/// Whether what is left of a format code, literals and brackets taken off, has a letter of a date
/// in it. `general` (and Chinese Excel's G/通用格式) has none of them.
fn is_date(letters: &str) -> bool {
    let rest = letters.replace("general", "");
    rest.contains(['d', 'm', 'h', 'y', 's']) || rest.contains("aaa")
}

/// How the number format of each style shows a number.
#[derive(Default)]
pub(super) struct Styles {
    cells: Vec<Shows>,
    custom: HashMap<u32, Shows>,
}

impl Styles {
    /// How the style with this number shows a number.
    pub(super) fn shows(&self, style: usize) -> Shows {
        self.cells.get(style).copied().unwrap_or_default()
    }

    /// Adds a number format of the workbook's own.
    pub(super) fn add_format(&mut self, id: u32, code: &str) {
        self.custom.insert(id, Shows::of_code(code));
    }

    /// Adds the next style, which has this number format.
    pub(super) fn add_style(&mut self, format: u32) {
        let custom = self.custom.get(&format).copied();
        self.cells
            .push(custom.unwrap_or_else(|| Shows::builtin(format)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_apart() {
        for (code, shows) in [
            ("General", Shows::Number),
            ("G/通用格式\"次\"", Shows::Number),
            ("0.00_);[Red](0.00)", Shows::Number),
            ("0.00E+00", Shows::Number),
            ("#,##0\\ [$\u{20bd}-46D]", Shows::Number),
            ("0\"m\"", Shows::Number),
            ("[Red]0;[Blue]0%", Shows::Number),
            ("0%", Shows::Percent),
            ("0.0_ %", Shows::Percent),
            ("0\"%\"", Shows::Number),
            ("0\\%", Shows::Number),
            ("yyyy\"年\"m\"月\"d\"日\"", Shows::Date),
            ("[$-804]aaaa;@", Shows::Date),
            ("[DBNum1][$-804]yyyy\"年\"m\"月\"", Shows::Date),
            ("上午/下午h\"时\"mm\"分\"", Shows::Date),
            ("m/d/yy h:mm", Shows::Date),
            ("mm:ss.0", Shows::Date),
            ("[h]:mm:ss", Shows::Elapsed),
            ("[mm]:ss", Shows::Elapsed),
        ] {
            assert_eq!(Shows::of_code(code), shows, "{code}");
        }
    }
}
