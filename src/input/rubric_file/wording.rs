//! Syntax errors in Chinese: what clerks do when they write TOML for the first time.

use std::ops::Range;

/// Signs that Chinese keyboards put in the place of those that TOML knows.
const LOOKALIKES: &[(char, &str)] = &[
    ('“', "\""),
    ('”', "\""),
    ('＂', "\""),
    ('‘', "'"),
    ('’', "'"),
    ('＝', "="),
    ('：', "="),
    ('，', ","),
    ('、', ","),
    ('；', ","),
    ('［', "["),
    ('］', "]"),
    ('【', "["),
    ('】', "]"),
    ('｛', "{"),
    ('｝', "}"),
    ('＃', "#"),
    ('。', "."),
    ('．', "."),
    ('－', "-"),
    ('　', "空格"),
];

/// How the parser's message begins, what is wrong, what to do.
const WORDS: &[(&str, &str, &str)] = &[
    (
        "duplicate key",
        "这个键写了两次",
        "请删去一个；要写新的一项，先另起一行写标题，如 [[category.item]]",
    ),
    (
        "invalid unquoted key",
        "键只能用英文字母、数字和短横线",
        "中文写在等号右边的引号里；自测里的编号加引号，如 \"1①\"；说明文字前面加 #",
    ),
    (
        "string values must be quoted",
        "文字没有加引号，或者数字带了单位",
        "文字写在英文引号里，如 \"是\"；数字只写数字，如 10",
    ),
    (
        "invalid basic string",
        "文字的引号没有收尾",
        "在文字末尾补上英文引号 \"",
    ),
    (
        "invalid literal string",
        "文字的引号没有收尾",
        "在文字末尾补上英文引号 '",
    ),
    (
        "invalid multi-line",
        "三个引号开头的文字没有收尾",
        "在文字末尾补上三个英文引号",
    ),
    (
        "missing escaped value",
        "反斜杠“\\”后面的字符不对",
        "要写反斜杠本身，请写两个：\\\\",
    ),
    (
        "unexpected leading zero",
        "数字前面多了 0",
        "请去掉前面的 0；编号一类的文字写在引号里",
    ),
    (
        "invalid boolean",
        "文字没有加引号",
        "文字写在英文引号里，如 \"是\"",
    ),
    (
        "invalid date",
        "日期没有写在引号里",
        "写成 \"2019-12-31\" 这样",
    ),
    (
        "invalid time",
        "日期没有写在引号里",
        "写成 \"2019-12-31\" 这样",
    ),
    (
        "key with no value",
        "这一行没有等号",
        "写成 键 = 值；说明文字前面加 #",
    ),
    (
        "missing value",
        "等号右边没有值",
        "请填上值；不需要这个键的，删去整行",
    ),
    ("extra `=`", "多了一个等号", "一行只写一个 键 = 值"),
    (
        "missing comma",
        "这个值前面少了逗号",
        "在上一个值的后面加英文逗号",
    ),
    ("extra comma", "多了一个逗号", "请去掉这个逗号"),
    (
        "unclosed array table",
        "标题的方括号不成对",
        "标题前后各两个方括号，如 [[category.item]]",
    ),
    (
        "unclosed table",
        "标题的方括号不成对",
        "标题前后各两个方括号，如 [[category.item]]",
    ),
    (
        "unexpected key or value",
        "值的后面多了别的内容",
        "一行只写一个 键 = 值；文字里面的引号用中文引号“”",
    ),
    (
        "unexpected content",
        "值的后面多了别的内容",
        "一行只写一个 键 = 值；文字里面的引号用中文引号“”",
    ),
    (
        "cannot extend",
        "这个名称前面已经作了别的用",
        "标题前后各两个方括号，如 [[category.item]]",
    ),
    (
        "cannot recurse",
        "括号套得太深",
        "请核对这一行的括号是不是成对",
    ),
];

/// What the parser says of numbers that are none, in many ways.
const NUMBERS: &[&str] = &[
    "mantissa", "fraction", "exponent", "integer", "float", "number", "sign", "radix", "digits",
];

/// A syntax error in Chinese: what is wrong on this line, what to do, and, where a Chinese sign
/// stands for one of TOML's, the place of that sign on the line. `at` is the parser's place.
pub(super) fn translate(
    message: &str,
    line: &str,
    at: usize,
) -> (String, String, Option<Range<usize>>) {
    if let Some((place, sign, plain)) = lookalike(line) {
        let message = format!("这里用了中文标点 {sign}");
        let help = format!("请换成英文的 {plain}");
        return (message, help, Some(place..place + sign.len_utf8()));
    }
    let nothing_after = line.get(at..).is_none_or(|rest| rest.trim().is_empty());
    let message = if message.starts_with("string values") && nothing_after {
        "missing value"
    } else {
        message
    };
    let known = WORDS.iter().find(|(words, ..)| message.starts_with(words));
    let (what, help) = match known {
        Some((_, what, help)) => (*what, *help),
        None if NUMBERS.iter().any(|word| message.contains(word)) => {
            ("这个数字的写法不对", "请写成 5、0.5 这样的数字")
        }
        None => (
            "这里不合 TOML 的写法",
            "请核对这一行的引号、等号、逗号和括号",
        ),
    };
    (what.to_owned(), help.to_owned(), None)
}

/// The first sign on the line that only looks like one of TOML's, outside of texts.
fn lookalike(line: &str) -> Option<(usize, char, &'static str)> {
    let mut quoted = false;
    for (at, c) in line.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '#' if !quoted => return None,
            _ if quoted => {}
            _ => {
                let known = LOOKALIKES.iter().find(|(sign, _)| *sign == c);
                if let Some((sign, plain)) = known {
                    return Some((at, *sign, plain));
                }
            }
        }
    }
    None
}
