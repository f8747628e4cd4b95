//! The text of a formula: how it reads once it is moved to another cell, and what the spellings of
//! different programs have in common.

use crate::location::{Address, column_letters};

/// What stands in a formula one after the other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    /// A text in quotation marks, or the name of a sheet in its own; the marks are a part of it.
    Quoted(&'a str),
    /// A reference, a name, a number, a function.
    Word(&'a str),
    Space,
    Sign(char),
}

/// The parts of a formula, and what stands behind each.
fn tokens(formula: &str) -> impl Iterator<Item = (Token<'_>, &str)> {
    let mut rest = formula;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let length = match first {
            '"' | '\'' => length_of_quoted(rest, first),
            _ if first.is_whitespace() => rest.len() - rest.trim_start().len(),
            _ if is_sign(first) => first.len_utf8(),
            _ => length_of_word(rest),
        };
        let (token, behind) = rest.split_at(length);
        rest = behind;
        let token = match first {
            '"' | '\'' => Token::Quoted(token),
            _ if first.is_whitespace() => Token::Space,
            _ if is_sign(first) => Token::Sign(first),
            _ => Token::Word(token),
        };
        Some((token, behind))
    })
}

fn is_sign(c: char) -> bool {
    "+-*/^&=<>(),;:!{}[]%@".contains(c)
}

/// Bytes to the closing mark; a mark that is doubled is text, and both halves are quoted.
fn length_of_quoted(text: &str, mark: char) -> usize {
    let inside = &text[1..];
    inside.find(mark).map_or(text.len(), |end| end + 2)
}

/// Bytes to the next sign, mark or space; the sign of an exponent is a part of its number.
fn length_of_word(text: &str) -> usize {
    let ends = |c: char| is_sign(c) || c.is_whitespace() || matches!(c, '"' | '\'');
    let word = |text: &str| text.find(ends).unwrap_or(text.len());
    let length = word(text);
    let before = text[..length].strip_suffix(['e', 'E']);
    let behind = text[length..].strip_prefix(['+', '-']);
    match (before.and_then(number), behind) {
        (Some(_), Some(exponent)) => length + 1 + word(exponent),
        _ => length,
    }
}

fn number(word: &str) -> Option<f64> {
    let begins = word.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    begins.then(|| word.parse().ok())?
}

/// What two spellings of a formula have in common: white space, `$`, upper or lower case, how a
/// number is written and the marks around the name of a sheet make no difference to what it gives.
pub fn key(formula: &str) -> String {
    let formula = formula.trim_start();
    let mut key = String::with_capacity(formula.len());
    for (token, behind) in tokens(formula.strip_prefix('=').unwrap_or(formula)) {
        match token {
            Token::Quoted(text) => key += text,
            Token::Sign(sign) => key.push(sign),
            // Between two operands it makes a third of them: what they have in common.
            Token::Space => {
                let opens = behind.starts_with(|c| c == '(' || !is_sign(c));
                let closes = key.ends_with(|c| c == ')' || !is_sign(c));
                key += if opens && closes { " " } else { "" };
            }
            Token::Word(sheet) if behind.starts_with('!') => {
                key.extend(["'", sheet, "'"]);
            }
            Token::Word(word) => match number(word) {
                Some(number) => key += &number.to_string(),
                None => key += &word.replace('$', "").to_ascii_uppercase(),
            },
        }
    }
    key
}

/// A formula that is shared by cells, as it reads at `to` if it reads so at `from`; `None` if it
/// would refer to what is outside of every sheet.
pub fn moved(formula: &str, from: Address, to: Address) -> Option<String> {
    let mut moved = String::with_capacity(formula.len());
    for (token, behind) in tokens(formula) {
        match token {
            Token::Quoted(text) => moved += text,
            Token::Sign(sign) => moved.push(sign),
            Token::Space => moved.push(' '),
            Token::Word(word) => match reference(word) {
                Some(reference) if !behind.starts_with(['(', '!']) => {
                    moved += &reference.moved(from, to)?;
                }
                _ => moved += word,
            },
        }
    }
    Some(moved)
}

/// A reference to one cell: `$D14`. Where `$` stands before the column or the row, it stays.
struct Reference<'a> {
    column: (&'a str, i64),
    row: (&'a str, i64),
}

fn reference(word: &str) -> Option<Reference<'_>> {
    let fixed = |text| match str::strip_prefix(text, "$") {
        Some(rest) => ("$", rest),
        None => ("", text),
    };
    let (column, rest) = fixed(word);
    let (letters, rest) = rest.split_at(rest.find(|c: char| !c.is_ascii_alphabetic())?);
    let (row, digits) = fixed(rest);
    let is_one = (1..=3).contains(&letters.len())
        && (1..=7).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit());
    let digit = |letter: u8| i64::from(letter.to_ascii_uppercase() - b'A') + 1;
    let number = |letters: &str| letters.bytes().fold(0, |all, one| all * 26 + digit(one)) - 1;
    is_one.then_some(Reference {
        column: (column, number(letters)),
        row: (row, digits.parse::<i64>().ok()? - 1),
    })
}

impl Reference<'_> {
    fn moved(&self, from: Address, to: Address) -> Option<String> {
        let part = |(fixed, at): (&str, i64), from: u32, to: u32| {
            let moved = if fixed.is_empty() {
                i64::from(to) - i64::from(from)
            } else {
                0
            };
            u32::try_from(at + moved).ok()
        };
        let column = column_letters(part(self.column, from.column, to.column)?);
        let row = part(self.row, from.row, to.row)? + 1;
        Some(format!("{}{column}{}{row}", self.column.0, self.row.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_formula_have_a_key_in_common() {
        for (one, other) in [
            ("SUM('填报底稿'!$P$4:$P$7)", "= sum( 填报底稿!P4 : P7 )"),
            ("ROUND(A1*0.5,2)+100", "ROUND(A1*.50,2.0) + 1E2"),
            ("A1-0.0000000001", "A1-1E-10"),
            (
                "IF(A1<=B1,\"并 列\",\"a\"\"b\")",
                "IF( A1 <= B1, \"并 列\", \"a\"\"b\" )",
            ),
        ] {
            assert_eq!(key(one), key(other));
        }
    }

    #[test]
    fn formulas_that_give_something_else_have_other_keys() {
        for (one, other) in [
            ("A1", "A1+20"),
            ("A1", "A2"),
            ("A1&\"a b\"", "A1&\"ab\""),
            ("A1&\"A\"", "A1&\"a\""),
            ("A1&\"$B$1\"", "A1&\"B1\""),
            ("\"A1\"", "A1"),
            ("SUM(A1:B2)", "SUM(A1 B2)"),
            ("SUM(AB2)", "SUM(A B2)"),
            ("'A1+B1'!C1", "A1+B1!C1"),
            ("A1+1E-2", "A1+1E2"),
            ("A1*1E1-1", "A1*1E-1"),
            ("SUM(A1,A2)", "{SUM(A1,A2)}"),
            ("填报底稿!A1", "[1]填报底稿!A1"),
            ("A1%", "A1"),
        ] {
            assert_ne!(key(one), key(other));
        }
    }

    #[test]
    fn a_shared_formula_refers_to_what_is_around_each_cell() {
        let [from, to] = [(3, 1), (5, 27)].map(|(row, column)| Address::new(row, column));
        for (formula, expected) in [
            ("ROUND(H4*$J4,10)", "ROUND(AH6*$J6,10)"),
            (
                "SUM('A1'!A$1:$B$2)+LOG10(A1)",
                "SUM('A1'!AA$1:$B$2)+LOG10(AA3)",
            ),
            ("A1!Z9&\"A1\"&1E2&ABCD1", "A1!AZ11&\"A1\"&1E2&ABCD1"),
        ] {
            assert_eq!(moved(formula, from, to).as_deref(), Some(expected));
        }
        assert_eq!(moved("A1", to, from), None);
    }

    #[test]
    fn what_is_no_formula_is_taken_as_it_is() {
        for text in [
            "",
            "=",
            "\"",
            "'",
            "'a",
            "\"\"\"",
            "$",
            "$$1",
            "1E",
            "1E+",
            "A99999999",
        ] {
            key(text);
            assert_eq!(
                moved(text, Address::new(0, 0), Address::new(1, 1)).as_deref(),
                Some(text)
            );
        }
    }
}
