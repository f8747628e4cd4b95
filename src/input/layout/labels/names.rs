//! Names of units, and what stands in their place: units of measure, dates, seals.

use crate::input::layout::footer::is_written_date;
use crate::model::submission::{Field, Written};
use crate::text;

/// What the label or the column 单位 says when it does not name a unit.
const MEASURES: [&str; 37] = [
    "分",
    "元",
    "万元",
    "亿元",
    "%",
    "个",
    "次",
    "项",
    "人",
    "件",
    "条",
    "起",
    "家",
    "户",
    "篇",
    "份",
    "台",
    "例",
    "轮",
    "块",
    "人次",
    "场",
    "期",
    "天",
    "处",
    "吨",
    "万吨",
    "年",
    "平方米",
    "平方公里",
    "亩",
    "公顷",
    "公里",
    "次数",
    "分值",
    "比例",
    "百分比",
];

/// What names of units end with or do not.
const GOVERNMENTS: [&str; 4] = ["人民政府", "政府", "管理委员会", "管委会"];

/// Whether one name is a longer one of the same: 武陵区人民政府 or 常德市武陵区, of 武陵区政府, and 常德市财政局 of
/// 市财政局. 临澧县 is none of 澧县, and nothing is one of a blank.
pub(in super::super) fn is_like(one: &str, other: &str) -> bool {
    let bare = |name| {
        GOVERNMENTS
            .iter()
            .find_map(|end| str::strip_suffix(name, *end))
            .unwrap_or(name)
    };
    let (one, other) = (bare(one), bare(other));
    let (short, long) = match one.len() < other.len() {
        true => (one, other),
        false => (other, one),
    };
    let before = long.strip_suffix(short);
    let is_of_city = |before: &str| before.ends_with('市') || short.starts_with(['市', '县', '区']);
    !short.is_empty() && (long.starts_with(short) || before.is_some_and(is_of_city))
}

/// Whether what the column 单位 says is a unit of measure, or several: 次、分.
pub(in super::super) fn is_measure(written: &str) -> bool {
    let key = text::key(written);
    key.split(['、', '/', ','])
        .all(|one| MEASURES.contains(&one))
}

/// Whether what 单位 says can only be the name of a unit: 澧县, 市财政局, not 平方米, 个/所 or 全区.
pub(in super::super) fn is_name_of_unit(written: &str) -> bool {
    let key = text::key(written);
    let is_long = key.ends_with('县') || key.chars().nth(2).is_some();
    let is_measured = key.starts_with(['个', '全', '次']) || key.contains(['/', '、']);
    let ends = [
        '县', '市', '区', '局', '委', '办', '院', '府', '部', '校', '心', '队', '社', '台',
    ];
    is_long && !is_measured && key.ends_with(ends)
}

/// Whether what stands behind the label of a seal is no name: a date, or where to press it.
pub(super) fn is_no_name(field: &Field) -> bool {
    match &field.written {
        Written::Date(_) => true,
        written => {
            let text = written.text();
            is_written_date(&text) || text.ends_with(['章', ')', '）']) && text.contains('章')
        }
    }
}

/// Whether two units are of the same kind, by how their names end: counties and districts, bureaus.
pub(super) fn are_kin(one: &str, other: &str) -> bool {
    let kind = |name: &str| match name.chars().next_back() {
        Some('县' | '市' | '区') => Some('县'),
        last => last,
    };
    kind(one) == kind(other)
}
