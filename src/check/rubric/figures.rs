//! Targets in running text: 力争PM2.5下降到47ug/m3以下, 处理率分别达到95%、90%、70%.
//!
//! Only a number that the words make a bound is taken: years, counts of meetings and numbers of
//! articles are not what is measured.

use std::ops::Range;

use crate::check::rubric::words::numbers;
use crate::decimal::{Decimal, plain};

/// A number that something is to reach or not to pass.
#[derive(Clone, Debug)]
pub(super) struct Figure<'a> {
    /// Where it stands in the text, unit and all.
    pub place: Range<usize>,
    /// The number.
    pub value: Decimal,
    /// Its unit: %, 万元/亩; empty where it has none that we know.
    pub unit: &'a str,
    /// What is measured: the words before, back to the last punctuation.
    pub name: &'a str,
    /// Which side is good, where the words say it.
    pub side: Side,
}

/// Which side of a number the words ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// ≥, 不低于, 以上: this or more.
    More,
    /// ≤, 不超过, 以内: this or less.
    Less,
    /// 达到: the number is to be reached.
    Reached,
}

/// Words right before a number that make it a bound, longer ones before those they end with.
const BEFORE: &[(&str, Side)] = &[
    ("大于等于", Side::More),
    ("小于等于", Side::Less),
    ("不低于", Side::More),
    ("不少于", Side::More),
    ("不小于", Side::More),
    ("不超过", Side::Less),
    ("不高于", Side::Less),
    ("不大于", Side::Less),
    ("不多于", Side::Less),
    ("不≥", Side::Less),
    ("不≤", Side::More),
    ("下降到", Side::Less),
    ("减少到", Side::Less),
    ("降低到", Side::Less),
    ("控制在", Side::Less),
    ("降到", Side::Less),
    ("降至", Side::Less),
    ("达到", Side::Reached),
    ("提高到", Side::Reached),
    ("提升到", Side::Reached),
    ("增加到", Side::Reached),
    ("上升到", Side::Reached),
    ("超过", Side::More),
    ("高于", Side::More),
    ("大于", Side::More),
    ("至少", Side::More),
    ("低于", Side::Less),
    ("少于", Side::Less),
    ("小于", Side::Less),
    ("至多", Side::Less),
    ("最多", Side::Less),
    ("达", Side::Reached),
    ("≥", Side::More),
    ("＞", Side::More),
    (">", Side::More),
    ("≤", Side::Less),
    ("＜", Side::Less),
    ("<", Side::Less),
];

/// Words right behind a number and its unit that make it a bound.
const BEHIND: &[(&str, Side)] = &[
    ("以上", Side::More),
    ("及以上", Side::More),
    ("以下", Side::Less),
    ("及以下", Side::Less),
    ("以内", Side::Less),
    ("之内", Side::Less),
    ("达到", Side::Reached),
    ("达标", Side::Reached),
];

/// What follows a number that is no measure: a date, an article.
const NO_MEASURE: &[char] = &[
    '年', '月', '日', '号', '条', '款', '版', '届', '期', '时', '级', '章',
];

/// Words before what is measured that are no part of it.
const VERBS: &[&str] = &["确保", "力争", "实现", "保持", "争取", "保证"];

/// Units of measure, longer ones before those they begin with.
const UNITS: &[&str] = &[
    "吨标准煤",
    "吨标煤",
    "平方公里",
    "平方米",
    "立方米",
    "千瓦时",
    "百分点",
    "万人次",
    "公里",
    "千米",
    "公顷",
    "微克",
    "毫克",
    "千克",
    "公斤",
    "分贝",
    "分钟",
    "小时",
    "人次",
    "万元",
    "亿元",
    "万吨",
    "万亩",
    "万人",
    "万户",
    "吨",
    "亩",
    "米",
    "克",
    "升",
    "度",
    "元",
    "人",
    "户",
    "家",
    "个",
    "处",
    "座",
    "台",
    "辆",
    "件",
    "次",
    "项",
    "篇",
    "场",
    "所",
    "名",
    "天",
    "倍",
    "株",
    "棵",
    "份",
    "批",
];

/// Units in letters.
const LATIN_UNITS: &[&str] = &[
    "cm", "db", "g", "h", "ha", "kg", "km", "km2", "km²", "kw", "kwh", "l", "m", "m2", "m3", "m²",
    "m³", "mg", "ml", "mm", "mw", "mwh", "ppm", "t", "tce", "ug", "μg", "㎡", "℃",
];

/// The targets in a text, in its order.
pub(super) fn figures(text: &str) -> Vec<Figure<'_>> {
    let mut found: Vec<Figure> = Vec::new();
    for (digits, value) in numbers(text) {
        let behind = &text[digits.end..];
        let spaces = behind.len() - behind.trim_start_matches(' ').len();
        let behind = &behind[spaces..];
        if behind.starts_with(NO_MEASURE) {
            continue;
        }
        let Some(long) = unit_length(behind) else {
            continue;
        };
        let (unit, behind) = behind.split_at(long);
        let end = digits.end + if long == 0 { 0 } else { spaces + long };
        let before = text[..digits.start].trim_end_matches(' ');
        let Some((side, name)) = bound(before, behind, found.last()) else {
            continue;
        };
        found.push(Figure {
            place: digits.start..end,
            value,
            unit: if unit == "％" { "%" } else { unit },
            name,
            side,
        });
    }
    found
}

/// What makes a number between `before` and `behind` a bound, and what it bounds; one of a list
/// (95%、90%、70%) is bound as the one before it.
fn bound<'a>(before: &'a str, behind: &str, last: Option<&Figure<'a>>) -> Option<(Side, &'a str)> {
    if let Some(last) = last
        && matches!(
            &before[last.place.end.min(before.len())..],
            "、" | "和" | "，"
        )
    {
        return Some((last.side, last.name));
    }
    let ahead = BEFORE.iter().find(|(word, _)| before.ends_with(word));
    let after = BEHIND.iter().find(|(word, _)| behind.starts_with(word));
    let (word, side) = match (ahead, after) {
        // 达100%以上: what follows says on which side.
        (Some((word, Side::Reached)), Some((_, side))) => (*word, *side),
        (Some((word, side)), _) => (*word, *side),
        (None, Some((_, side))) => ("", *side),
        (None, None) => return None,
    };
    let before = &before[..before.len() - word.len()];
    let punctuation = |c: char| !(c.is_alphanumeric() || c == '.');
    let start = before.rfind(punctuation).map_or(0, |at| {
        at + before[at..].chars().next().map_or(0, char::len_utf8)
    });
    let name = &before[start..];
    let verb = VERBS.iter().find_map(|verb| name.strip_prefix(verb));
    Some((side, verb.unwrap_or(name)))
}

/// How much of the text is a unit: %, ug/m3, 吨标煤/万元; nothing where it begins with letters
/// that are none (4A级景区, 5G基站).
fn unit_length(text: &str) -> Option<usize> {
    if let Some(percent) = text.chars().next().filter(|c| matches!(c, '%' | '％')) {
        return Some(percent.len_utf8());
    }
    let first = unit_word(text)?;
    let rest = &text[first..];
    let below = rest.strip_prefix('/').and_then(unit_word).unwrap_or(0);
    Some(match (first, below) {
        (0, _) | (_, 0) => first,
        _ => first + 1 + below,
    })
}

/// The length of one unit.
fn unit_word(text: &str) -> Option<usize> {
    let latin = |c: char| c.is_ascii_alphanumeric() || matches!(c, '²' | '³' | 'μ' | '㎡' | '℃');
    let long = text.find(|c: char| !latin(c)).unwrap_or(text.len());
    if long == 0 {
        let unit = UNITS.iter().find(|unit| text.starts_with(**unit));
        return Some(unit.map_or(0, |unit| unit.len()));
    }
    let word = &text[..long];
    LATIN_UNITS
        .iter()
        .any(|unit| unit.eq_ignore_ascii_case(word))
        .then_some(long)
}

impl Figure<'_> {
    /// The number and its unit.
    pub(super) fn shown(&self) -> String {
        format!("{}{}", plain(self.value), self.unit)
    }

    /// Whether it can be compared with a target in `unit`: a share, a rate, or the same unit. A
    /// bare count (3次, 5个) is mostly of something else than the indicator.
    pub(super) fn compares(&self, unit: &str) -> bool {
        let latin = |c: char| c.is_ascii_alphabetic();
        self.unit == unit
            || self.unit == "%"
            || self.unit.contains(['/', 'μ'])
            || self.unit.starts_with(latin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let shown =
            |figure: Figure| format!("{} {:?} {}", figure.name, figure.side, figure.shown());
        figures(text).into_iter().map(shown).collect()
    }

    #[test]
    fn bounds_are_found_in_running_text() {
        for (text, expected) in [
            (
                "力争PM2.5下降到47ug/m3以下，环境空气质量优良天数比例达到78%以上。",
                vec!["PM2.5 Less 47ug/m3", "环境空气质量优良天数比例 More 78%"],
            ),
            (
                "到2020年，市城区、县城、建制镇生活污水处理率分别达到95%、90%、70%，并全覆盖。",
                vec![
                    "建制镇生活污水处理率分别 Reached 95%",
                    "建制镇生活污水处理率分别 Reached 90%",
                    "建制镇生活污水处理率分别 Reached 70%",
                ],
            ),
            (
                "市本级自2020年起，应100%达到标准。",
                vec!["应 Reached 100%"],
            ),
            (
                "能源消耗到不超过0.38吨标煤/万元。",
                vec!["能源消耗到 Less 0.38吨标煤/万元"],
            ),
            (
                "单位工业用地工业增加值不≥55万元/亩",
                vec!["单位工业用地工业增加值 Less 55万元/亩"],
            ),
            (
                "公共交通出行分担率≥50%",
                vec!["公共交通出行分担率 More 50%"],
            ),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_target_is_left_alone() {
        for text in [
            "制定《规划（2016-2025）》，2020年底前完成。",
            "严格落实《蓝天保卫战三年行动计划（2018—2020）》",
            "第3条规定的5项工作，30日内报送。",
            "到2020年碳排放强度下降率完成年度目标任务。",
            "落实“双随机”抽查制度",
            "景区达到4A级标准，行政村5G基站覆盖。",
            "",
        ] {
            assert_eq!(shown(text), Vec::<String>::new(), "{text}");
        }
    }
}
