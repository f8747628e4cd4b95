//! How people write: full-width forms, spaces, and what is the same in spite of them.

use std::borrow::Cow;
use std::ops::RangeInclusive;

/// What stands in the place of a value where a rule or a task does not apply to a unit.
pub const NOT_APPLICABLE: &str = "不涉及";

/// Whether a cell says that it does not apply; `written` is its [`key`].
pub fn is_not_applicable(written: &str) -> bool {
    matches!(written, NOT_APPLICABLE | "/")
}

/// Full-width letters, digits and punctuation as their plain forms, spaces around and what cannot
/// be seen taken off. Circled digits stay as they are.
pub fn fold(text: &str) -> String {
    let text = text.trim();
    let mut folded = String::with_capacity(text.len());
    folded.extend(text.chars().filter(|c| !is_ghost(*c)).map(plain));
    folded
}

/// The plain form of a character; all that is written for a colon is one.
pub fn plain(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(c as u32 - 0xfee0).expect("the full-width forms mirror ASCII")
        }
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{2212}' | '\u{2013}' | '\u{2014}' => '-',
        '\u{2236}' | '\u{fe13}' | '\u{fe30}' | '\u{fe55}' => ':',
        _ => c,
    }
}

/// What two spellings of a name or header have in common: folded, all white space, what cannot be
/// seen, and a closing colon taken off.
pub fn key(text: &str) -> Cow<'_, str> {
    let is_seen = |c: &char| !c.is_whitespace() && !is_hidden(*c);
    let is_same = |c: char| is_seen(&c) && plain(c) == c;
    if text.chars().all(is_same) {
        return text.trim_end_matches(':').into();
    }
    let mut key = String::with_capacity(text.len());
    key.extend(text.chars().filter(is_seen).map(plain));
    key.truncate(key.trim_end_matches(':').len());
    key.into()
}

/// The [`key`] of a text that is to be a number; `None` where that would make one of two, or
/// something that cannot be seen stands in it.
pub fn key_of_number(text: &str) -> Option<Cow<'_, str>> {
    let is_one = !has_parted_digits(text) && !text.contains(is_ghost);
    is_one.then(|| key(text))
}

/// Whether a character cannot be seen and is no space.
fn is_ghost(c: char) -> bool {
    !c.is_whitespace() && is_hidden(c)
}

/// Whether white space parts two digits: two numbers in one cell are not one.
pub fn has_parted_digits(text: &str) -> bool {
    // Most texts have none, and are short.
    if !text.contains(char::is_whitespace) {
        return false;
    }
    let is_digit = |c: char| plain(c).is_ascii_digit();
    let mut parts = text.split_whitespace();
    let mut before = parts.next().unwrap_or_default();
    parts.any(|part| {
        let parted = before.ends_with(is_digit) && part.starts_with(is_digit);
        before = part;
        parted
    })
}

/// Whether a text begins with a digit, spaces and full-width forms aside.
pub fn begins_with_digit(text: &str) -> bool {
    text.trim_start().starts_with(|c| plain(c).is_ascii_digit())
}

/// Whether a text is what a spreadsheet makes of a date: `2019-01-31`, `2019/1/31`,
/// `2019年1月31日`, `1月31日`.
pub fn is_date(text: &str) -> bool {
    /// `1月1日`, `2019-1-1`.
    const SHORTEST: usize = 8;
    /// Much white space included.
    const LONGEST: usize = 200;
    // Nearly every text is shorter, or begins or ends with something else.
    let may_end = |c| c == '日' || plain(c).is_ascii_digit();
    if !(SHORTEST..=LONGEST).contains(&text.len()) || !begins_with_digit(text) {
        return false;
    }
    let end = text.trim_end_matches(|c: char| c.is_whitespace() || plain(c) == ':');
    if !end.ends_with(may_end) {
        return false;
    }
    let text = key(text);
    let chinese = text.ends_with('日') && text.contains('月');
    let text = text.trim_end_matches('日').replace(['年', '月', '/'], "-");
    let parts: Vec<&str> = text.split('-').collect();
    let digits = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    match parts.as_slice() {
        [year, month, day] => digits(year, 4..=4) && digits(month, 1..=2) && digits(day, 1..=2),
        [month, day] => chinese && digits(month, 1..=2) && digits(day, 1..=2),
        _ => false,
    }
}

/// Whether a text is the error of a formula, as a text file has it.
pub fn is_error(text: &str) -> bool {
    const ERRORS: [&str; 9] = [
        "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#N/A", "#NUM!", "#NULL!", "#SPILL!", "#CALC!",
    ];
    ERRORS.contains(&text.trim())
}

/// Whether a character cannot be seen and yet does something: moves a cursor, turns the
/// direction of what follows, or makes two names look the same.
pub fn is_hidden(c: char) -> bool {
    // Most are Chinese.
    const SEEN: RangeInclusive<char> = '\u{3400}'..='\u{9fff}';
    !SEEN.contains(&c)
        && (c.is_control()
            || matches!(
                c,
                '\u{ad}'
                    | '\u{34f}'
                    | '\u{61c}'
                    | '\u{115f}'..='\u{1160}'
                    | '\u{180b}'..='\u{180f}'
                    | '\u{200b}'..='\u{200f}'
                    | '\u{2028}'..='\u{202e}'
                    | '\u{2060}'..='\u{206f}'
                    | '\u{2800}'
                    | '\u{3164}'
                    | '\u{fe00}'..='\u{fe0f}'
                    | '\u{feff}'
                    | '\u{ffa0}'
                    | '\u{fff9}'..='\u{fffb}'
                    | '\u{e0000}'..='\u{e0fff}'
            ))
}

/// Whether nothing of a text can be seen: it is as good as none.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(is_unseen)
}

/// White space, and what cannot be seen either.
pub fn is_unseen(c: char) -> bool {
    c.is_whitespace() || is_hidden(c)
}

/// Text from a file, safe to show: control and direction characters, which can move a
/// terminal's cursor or hide what follows, replaced by a space; no more than `most` characters.
pub fn shown(text: &str, most: usize) -> String {
    let mut shown: String = text
        .chars()
        .take(most)
        .map(|c| if is_hidden(c) { ' ' } else { c })
        .collect();
    if text.chars().nth(most).is_some() {
        shown.push_str("……");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_forms_are_the_plain_ones() {
        assert_eq!(fold("　１２．５％　"), "12.5%");
        assert_eq!(fold("1①"), "1①");
        assert_eq!(fold(" 第 １ 轮\u{a0}"), "第 1 轮");
        assert_eq!(key("填 报\n值："), "填报值");
        assert_eq!(key("　单位： ：　"), "单位");
        assert_eq!(key("10：30"), "10:30");
    }

    #[test]
    fn white_space_between_digits_makes_two_numbers_of_them() {
        for (text, number) in [
            (" 12 ", Some("12")),
            ("１２　次", Some("12次")),
            ("28 / 30", Some("28/30")),
            ("第 1 轮", Some("第1轮")),
            ("93.3 %", Some("93.3%")),
            ("1\n2", None),
            ("１　２", None),
            ("1 0", None),
            ("1\u{a0}234", None),
            ("9. 5", Some("9.5")),
            ("28/3 0", None),
        ] {
            assert_eq!(key_of_number(text).as_deref(), number, "{text:?}");
        }
    }

    #[test]
    fn dates_are_told_from_fractions_and_ids() {
        for date in [
            "2019-01-31",
            "　２０１９－０１－３１",
            "2019/1/1",
            "2019年12月1日",
            "1月1日",
        ] {
            assert!(is_date(date), "{date}");
        }
        for other in ["28/30", "1-1", "2019年", "2019-01", "1/1", "8.1"] {
            assert!(!is_date(other), "{other}");
        }
    }

    #[test]
    fn what_cannot_be_seen_is_blank() {
        for blank in [
            "",
            " \u{3000}\n",
            "\u{200b}",
            "\u{2060} \u{feff}",
            "\u{3164}\u{2800}\u{fe0f}",
        ] {
            assert!(is_blank(blank), "{blank:?}");
        }
        for text in ["无", "\u{200b}.", "\u{1}end\u{1}"] {
            assert!(!is_blank(text), "{text:?}");
        }
    }

    #[test]
    fn nothing_moves_the_cursor() {
        assert_eq!(shown("a\u{1b}[2Jb\u{202e}c", 20), "a [2Jb c");
        assert_eq!(shown("一二三四", 3), "一二三……");
    }
}
