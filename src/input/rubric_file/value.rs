//! Reads one value of a TOML table; each function says what is wrong with a value that is not
//! of its type.

use toml::de::DeValue;

use super::keys;
use super::problem::{File, all};
use super::table::{Read, Value};
use crate::decimal::{self, Decimal};
use crate::model::draft::{Placed, Reported};
use crate::text::shown;

/// Figures of a rubric are below this; a larger one is a slip of the keyboard.
const TOO_LARGE: i64 = 1_000_000;

/// How much of a wrong value a message repeats.
const QUOTED: usize = 20;

/// A text that says something.
pub(super) fn text(file: File, key: &'static str, value: &Value) -> Result<String, Reported> {
    match value.get_ref().as_str() {
        Some(text) if text.trim().is_empty() => {
            let message = format!("{}是空的", keys::title(key));
            let help = "请填上；可以不写的，删去整行";
            Err(file.advise(&value.span(), "empty-text", message, help))
        }
        Some(text) => Ok(text.to_owned()),
        None => Err(wrong_type(file, key, value, "引号里的文字")),
    }
}

/// A list of texts.
pub(super) fn texts(
    file: File,
    key: &'static str,
    value: &Value,
) -> Result<Vec<Placed<String>>, Reported> {
    list(file, key, value, text)
}

/// A list of what `read` reads.
pub(super) fn list<T>(
    file: File,
    key: &'static str,
    value: &Value,
    read: Read<T>,
) -> Result<Vec<Placed<T>>, Reported> {
    let Some(list) = value.get_ref().as_array() else {
        return Err(wrong_type(file, key, value, "方括号里的列表"));
    };
    all(list.iter().map(|entry| {
        let value = read(file, key, entry)?;
        let span = entry.span();
        Ok(Placed { value, span })
    }))
}

/// A number from zero, digit for digit as written.
pub(super) fn number(file: File, key: &'static str, value: &Value) -> Result<Decimal, Reported> {
    let number = any_number(file, key, value)?;
    if number < Decimal::ZERO {
        let message = format!("{}不能小于 0", keys::title(key));
        let help = "扣几分写正数，如 1";
        return Err(file.advise(&value.span(), "negative-number", message, help));
    }
    Ok(number)
}

/// A number, digit for digit as written, with either sign.
pub(super) fn any_number(
    file: File,
    key: &'static str,
    value: &Value,
) -> Result<Decimal, Reported> {
    let written = match value.get_ref() {
        DeValue::Integer(integer) => integer.to_string(),
        DeValue::Float(float) => float.as_str().to_owned(),
        _ => return Err(wrong_type(file, key, value, "数字")),
    };
    match decimal::parse(&written) {
        Some(number) if number.abs() < TOO_LARGE.into() => Ok(number),
        _ => {
            let title = keys::title(key);
            let message = format!("{title}不会是“{}”这样的数", shown(&written, QUOTED));
            let help = "请写成 5、0.5 这样的数字，小于 1000000";
            Err(file.advise(&value.span(), "number-out-of-range", message, help))
        }
    }
}

/// A whole number from `least` to `most`.
fn whole(
    file: File,
    key: &'static str,
    value: &Value,
    least: u32,
    most: u32,
) -> Result<u32, Reported> {
    let number = number(file, key, value)?;
    // A fraction or a number that is too large for the type is refused like any other.
    let whole = Some(number).filter(|number| number.fract().is_zero());
    let whole = whole.and_then(|number| u32::try_from(number).ok());
    whole
        .filter(|whole| (least..=most).contains(whole))
        .ok_or_else(|| {
            let message = format!("{}应是 {least} 到 {most} 的整数", keys::title(key));
            file.report(&value.span(), "not-a-whole-number", message)
        })
}

/// The number of an item.
pub(super) fn item_number(file: File, key: &'static str, value: &Value) -> Result<u32, Reported> {
    whole(file, key, value, 1, 999)
}

/// Decimals that are kept: beyond four, a spreadsheet's binary arithmetic would show.
pub(super) fn decimals(file: File, key: &'static str, value: &Value) -> Result<u32, Reported> {
    whole(file, key, value, 0, 4)
}

/// A year.
pub(super) fn year(file: File, key: &'static str, value: &Value) -> Result<i32, Reported> {
    let year = whole(file, key, value, 1949, 9999)?;
    #[expect(clippy::cast_possible_wrap, reason = "a year of four digits fits")]
    Ok(year as i32)
}

/// A share of the whole, 0 to 1.
pub(super) fn share(file: File, key: &'static str, value: &Value) -> Result<Decimal, Reported> {
    let share = number(file, key, value)?;
    if share > Decimal::ONE {
        let message = format!("{}是 0 到 1 之间的数", keys::title(key));
        let help = "50% 写成 0.5";
        return Err(file.advise(&value.span(), "weight-out-of-range", message, help));
    }
    Ok(share)
}

/// A day, `2026-11-24`, as text.
pub(super) fn date(file: File, key: &'static str, value: &Value) -> Result<String, Reported> {
    let date = text(file, key, value)?;
    let day = date.parse::<toml::value::Datetime>();
    if day.is_ok_and(|day| day.date.is_some() && day.time.is_none()) {
        return Ok(date);
    }
    let message = format!("{}没有“{}”这一天", keys::title(key), shown(&date, QUOTED));
    let help = "写成年-月-日，如 \"2019-12-31\"";
    Err(file.advise(&value.span(), "bad-date", message, help))
}

/// A key for machines: it goes into names of files and into JSON.
pub(super) fn id(file: File, key: &'static str, value: &Value) -> Result<String, Reported> {
    let id = text(file, key, value)?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if id.chars().all(plain) {
        return Ok(id);
    }
    let message = format!("{}只能用小写英文字母、数字和短横线", keys::title(key));
    let help = "如 \"six-zone\"；中文名称写在别的键里";
    Err(file.advise(&value.span(), "bad-id", message, help))
}

/// Reports a value of another type than wanted.
pub(super) fn wrong_type(file: File, key: &'static str, value: &Value, want: &str) -> Reported {
    let (found, help) = match value.get_ref() {
        DeValue::String(text) if decimal::parse(text.trim()).is_some() => {
            ("引号里的文字", Some("请去掉引号"))
        }
        DeValue::String(_) => ("引号里的文字", None),
        DeValue::Integer(_) | DeValue::Float(_) => ("数字", Some("请加上英文引号")),
        DeValue::Boolean(_) => ("真假值", None),
        DeValue::Datetime(_) => ("日期", Some("请加上英文引号")),
        DeValue::Array(_) => ("列表", None),
        DeValue::Table(_) => ("一组键和值", None),
    };
    let message = format!("{}应是{want}，这里是{found}", keys::title(key));
    let fits = help.is_some_and(|help| help.starts_with("请去") == (want == "数字"));
    match help.filter(|_| fits) {
        Some(help) => file.advise(&value.span(), "wrong-type", message, help),
        None => {
            let help = keys::example(key);
            file.advise(&value.span(), "wrong-type", message, help)
        }
    }
}
