//! The sums that the page writes out: `(4 − 3) × 2.5 = 2.5`.

use kaohe::decimal::{Decimal, parse, plain};

/// A cell of 算式 is right, and comes to `result` unless that is rounded.
pub fn adds_up(sum: &str, result: &str) {
    let Some((terms, value)) = sum.split_once('=') else {
        assert!(sum.is_empty(), "{sum} has no result");
        return;
    };
    let tokens: Vec<char> = terms.chars().filter(|c| !c.is_whitespace()).collect();
    let mut rest = &tokens[..];
    let computed = add(&mut rest);
    assert!(rest.is_empty(), "{sum} ends with {rest:?}");
    let value = value.trim();
    match value.strip_suffix('…') {
        Some(digits) => assert!(plain(computed).starts_with(digits), "{sum}: {computed}"),
        None => {
            assert_eq!(plain(computed), value, "{sum}");
            assert_eq!(value, result, "{sum}");
        }
    }
}

fn add(rest: &mut &[char]) -> Decimal {
    let mut sum = multiply(rest);
    while let [sign @ ('+' | '−'), after @ ..] = rest {
        *rest = after;
        let term = multiply(rest);
        sum += if *sign == '+' { term } else { -term };
    }
    sum
}

fn multiply(rest: &mut &[char]) -> Decimal {
    let mut product = factor(rest);
    while let [sign @ ('×' | '÷'), after @ ..] = rest {
        *rest = after;
        let by = factor(rest);
        product = if *sign == '×' {
            product * by
        } else {
            product / by
        };
    }
    product
}

fn factor(rest: &mut &[char]) -> Decimal {
    if let ['(', after @ ..] = rest {
        *rest = after;
        let sum = add(rest);
        assert_eq!(rest.first(), Some(&')'), "a bracket is not closed");
        *rest = &rest[1..];
        return sum;
    }
    let digits = rest
        .iter()
        .take_while(|c| c.is_ascii_digit() || **c == '.')
        .count();
    let number: String = rest[..digits].iter().collect();
    let number = parse(&number).unwrap_or_else(|| panic!("a number should stand at {rest:?}"));
    *rest = &rest[digits..];
    if let ['%', after @ ..] = rest {
        *rest = after;
        return number / Decimal::ONE_HUNDRED;
    }
    number
}
