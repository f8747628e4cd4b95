//! Reads one value of a TOML table; each function says what is wrong with a value that is not
//! of its type.

use toml::de::DeValue;

use super::keys;
use super::problem::{File, all};
use super::shape::Shape;
use super::table::{Form, Read, Value};
use crate::decimal::{self, Decimal};
use crate::model::draft::{Placed, Reported};
use crate::model::submission::Written;
use crate::text::{is_blank, is_hidden, shown};

/// Figures of a rubric are below this; a larger one is a slip of the keyboard.
pub(super) const TOO_LARGE: i64 = 1_000_000;

/// How much of a wrong value a message repeats.
const QUOTED: usize = 20;

/// Marks and numbers of rows as people write them behind a number: ①, (1), -1, .1.
macro_rules! marked {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            r"([①-⑳]|[(（]([①-⑳]|[1-9][0-9]{0,2})[)）]|[-.][1-9][0-9]{0,2})",
            $after
        )
    };
}

/// A mark: ①.
pub(super) const MARK: Shape = Shape::Pattern(marked!("^", "$"));

/// The number of a task: 7, 8.1.
pub(super) const TASK_NUMBER: Shape = Shape::Pattern(marked!("^[1-9][0-9]{0,2}", "?$"));

/// A text that says something.
pub(super) const TEXT: Form<String> = Form {
    read: text,
    shape: Shape::Text,
};

/// A list of texts.
pub(super) const TEXTS: Form<Vec<Placed<String>>> = Form {
    read: texts,
    shape: Shape::List(&Shape::Text),
};

/// A name that sheets, tables and CSV files repeat: a text without a character that cannot be
/// seen, by which no sheet would match it.
pub(super) const NAME: Form<String> = Form {
    read: name,
    shape: Shape::Text,
};

/// A list of names.
pub(super) const NAMES: Form<Vec<Placed<String>>> = Form {
    read: names,
    shape: Shape::List(&Shape::Text),
};

/// A number from zero, digit for digit as written.
pub(super) const NUMBER: Form<Decimal> = Form {
    read: number,
    shape: Shape::Number,
};

/// A number, digit for digit as written, with either sign.
pub(super) const ANY_NUMBER: Form<Decimal> = Form {
    read: any_number,
    shape: Shape::AnyNumber,
};

/// A share of the whole, 0 to 1.
pub(super) const SHARE: Form<Decimal> = Form {
    read: share,
    shape: Shape::Share,
};

/// A list of shares.
pub(super) const SHARES: Form<Vec<Placed<Decimal>>> = Form {
    read: shares,
    shape: Shape::List(&Shape::Share),
};

/// A year.
pub(super) const YEAR: Form<i32> = Form {
    read: year,
    shape: whole_from(YEARS),
};

/// The number of a round.
pub(super) const ROUND: Form<u32> = Form {
    read: round,
    shape: whole_from(ROUNDS),
};

/// Decimals that are kept.
pub(super) const DECIMALS: Form<u32> = Form {
    read: decimals,
    shape: whole_from(PLACES),
};

/// The number of an item.
pub(super) const ITEM_NUMBER: Form<u32> = Form {
    read: item_number,
    shape: ITEM,
};

/// Numbers of items.
pub(super) const ITEM_NUMBERS: Form<Vec<Placed<u32>>> = Form {
    read: item_numbers,
    shape: Shape::List(&ITEM),
};

/// A day, `2026-11-24`, as text.
pub(super) const DATE: Form<String> = Form {
    read: date,
    shape: Shape::Pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
};

/// A key for machines.
pub(super) const ID: Form<String> = Form {
    read: id,
    shape: Shape::Pattern("^[a-z0-9-]+$"),
};

/// A value as a sheet has it.
pub(super) const WRITTEN: Form<Written> = Form {
    read: written,
    shape: Shape::Written,
};

/// A figure, or a text with the arithmetic that leads to it.
pub(super) const ARITHMETIC: Form<String> = Form {
    read: arithmetic,
    shape: Shape::Arithmetic,
};

const ITEM: Shape = whole_from(ITEMS);

/// The least and the most of whole numbers.
type Range = (u32, u32);

const ITEMS: Range = (1, 999);
const YEARS: Range = (1949, 9999);
const ROUNDS: Range = (1, 366);
/// Beyond four decimals, a spreadsheet's binary arithmetic would show.
const PLACES: Range = (0, 4);

const fn whole_from((least, most): Range) -> Shape {
    Shape::Whole { least, most }
}

/// A text that says something.
pub(super) fn text(file: File, key: &'static str, value: &Value) -> Result<String, Reported> {
    match value.get_ref().as_str() {
        Some(text) if is_blank(text) => {
            let message = format!("{}是空的", keys::title(key));
            let help = "请填上；可以不写的，删去整行";
            Err(file.advise(&value.span(), "empty-text", message, help))
        }
        Some(text) => Ok(text.to_owned()),
        None => Err(wrong_type(file, key, value, "引号里的文字")),
    }
}

/// A list of texts.
fn texts(file: File, key: &'static str, value: &Value) -> Result<Vec<Placed<String>>, Reported> {
    list(file, key, value, text)
}

fn name(file: File, key: &'static str, value: &Value) -> Result<String, Reported> {
    let name = text(file, key, value)?;
    let Some(hidden) = name.chars().find(|c| is_hidden(*c)) else {
        return Ok(name);
    };
    let message = format!(
        "{}“{}”里有看不见的字符（U+{:04X}）",
        keys::title(key),
        shown(&name, QUOTED),
        u32::from(hidden)
    );
    let help = "请把引号里的字全删掉，重新打一遍";
    Err(file.advise(&value.span(), "hidden-character", message, help))
}

fn names(file: File, key: &'static str, value: &Value) -> Result<Vec<Placed<String>>, Reported> {
    list(file, key, value, name)
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
fn number(file: File, key: &'static str, value: &Value) -> Result<Decimal, Reported> {
    let number = any_number(file, key, value)?;
    if number < Decimal::ZERO {
        let message = format!("{}不能小于 0", keys::title(key));
        let help = "扣几分写正数，如 1";
        return Err(file.advise(&value.span(), "negative-number", message, help));
    }
    Ok(number)
}

/// A number, digit for digit as written, with either sign.
fn any_number(file: File, key: &'static str, value: &Value) -> Result<Decimal, Reported> {
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
    (least, most): Range,
) -> Result<u32, Reported> {
    let number = number(file, key, value)?;
    // A fraction or a number that is too large for the type is refused like any other.
    let whole = Some(number).filter(|number| number.fract().is_zero());
    let whole = whole.and_then(|number| u32::try_from(number).ok());
    whole
        .filter(|whole| (least..=most).contains(whole))
        .ok_or_else(|| {
            let message = format!("{}应是 {least} 到 {most} 的整数", keys::title(key));
            let help = "请写这个范围里的整数，不带小数点和单位";
            file.advise(&value.span(), "not-a-whole-number", message, help)
        })
}

/// The number of a round.
fn round(file: File, key: &'static str, value: &Value) -> Result<u32, Reported> {
    whole(file, key, value, ROUNDS)
}

/// A value as a sheet has it: text, a number, or a truth value.
fn written(file: File, key: &'static str, value: &Value) -> Result<Written, Reported> {
    match value.get_ref() {
        DeValue::Boolean(answer) => Ok(Written::Bool(*answer)),
        DeValue::Integer(_) | DeValue::Float(_) => {
            let number = any_number(file, key, value)?;
            let percent = false;
            Ok(Written::Number { number, percent })
        }
        DeValue::String(_) => text(file, key, value).map(|text| Written::Text(text.trim().into())),
        _ => Err(wrong_type(file, key, value, "表上填的值，如 3 或者 \"是\"")),
    }
}

/// A figure, or a text with the arithmetic that leads to it.
fn arithmetic(file: File, key: &'static str, value: &Value) -> Result<String, Reported> {
    match value.get_ref() {
        DeValue::Integer(_) | DeValue::Float(_) => any_number(file, key, value).map(decimal::plain),
        DeValue::String(_) => text(file, key, value),
        _ => Err(wrong_type(
            file,
            key,
            value,
            "数字或者 \"3 × 1 = 3\" 这样的算式",
        )),
    }
}

/// The number of an item.
fn item_number(file: File, key: &'static str, value: &Value) -> Result<u32, Reported> {
    whole(file, key, value, ITEMS)
}

/// Decimals that are kept: beyond four, a spreadsheet's binary arithmetic would show.
fn decimals(file: File, key: &'static str, value: &Value) -> Result<u32, Reported> {
    whole(file, key, value, PLACES)
}

/// A year.
fn year(file: File, key: &'static str, value: &Value) -> Result<i32, Reported> {
    let year = whole(file, key, value, YEARS)?;
    #[expect(clippy::cast_possible_wrap, reason = "a year of four digits fits")]
    Ok(year as i32)
}

/// A share of the whole, 0 to 1.
fn share(file: File, key: &'static str, value: &Value) -> Result<Decimal, Reported> {
    let share = number(file, key, value)?;
    if share > Decimal::ONE {
        let message = format!("{}是 0 到 1 之间的数", keys::title(key));
        let help = "50% 写成 0.5";
        return Err(file.advise(&value.span(), "weight-out-of-range", message, help));
    }
    Ok(share)
}

/// A day, `2026-11-24`, as text.
fn date(file: File, key: &'static str, value: &Value) -> Result<String, Reported> {
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
fn id(file: File, key: &'static str, value: &Value) -> Result<String, Reported> {
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

fn shares(file: File, key: &'static str, value: &Value) -> Result<Vec<Placed<Decimal>>, Reported> {
    list(file, key, value, share)
}

fn item_numbers(
    file: File,
    key: &'static str,
    value: &Value,
) -> Result<Vec<Placed<u32>>, Reported> {
    list(file, key, value, item_number)
}
