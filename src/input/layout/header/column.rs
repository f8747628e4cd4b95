//! What a column is called, and what it holds.

use crate::model::rubric::RuleId;
use crate::text;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in super::super) enum Column {
    Unit,
    Period,
    Round,
    Year,
    Rule,
    Value,
    Reason,
    Evidence,
    Claim,
    Task,
    State,
    Measured,
    /// A rule of a wide table.
    Of(RuleId),
    /// The reason, evidence or claim of such a rule.
    Beside(RuleId, Aside),
}

/// What stands beside a rule of a wide table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in super::super) enum Aside {
    Reason,
    Evidence,
    Claim,
}

/// The header texts, the first of each column being its name.
const HEADERS: [(&str, Column); 18] = [
    ("被考核单位", Column::Unit),
    ("单位", Column::Unit),
    ("单位名称", Column::Unit),
    ("考核时段", Column::Period),
    ("时段", Column::Period),
    ("轮次", Column::Round),
    ("考核轮次", Column::Round),
    ("第几轮", Column::Round),
    ("考核年度", Column::Year),
    ("年度", Column::Year),
    ("编号", Column::Rule),
    ("填报值", Column::Value),
    ("扣分说明", Column::Reason),
    ("佐证材料", Column::Evidence),
    ("自查值", Column::Claim),
    ("任务序号", Column::Task),
    ("完成情况", Column::State),
    ("实际值", Column::Measured),
];

/// What remarks say of columns that hold something else, and names below a header: 填报值（上年）.
const OTHERS: [&str; 14] = [
    "上年", "去年", "往年", "上期", "同期", "目标", "示例", "样例", "参考", "自查", "自评", "自报",
    "初报", "初评",
];

/// How names below a header end of columns that are about the value, and do not hold it.
const ABOUT: [&str; 24] = [
    "说明",
    "备注",
    "单位",
    "得分",
    "扣分",
    "分值",
    "分数",
    "份数",
    "页码",
    "文号",
    "原因",
    "依据",
    "标准",
    "意见",
    "整改情况",
    "佐证",
    "材料",
    "附件",
    "来源",
    "日期",
    "填报人",
    "排名",
    "增减",
    "差值",
];

/// What remarks say of a column that may be meant in place of the one without: 填报值（更正）.
const DECIDED: [&str; 12] = [
    "核定", "更正", "修正", "修改", "补报", "复核", "审核", "最终", "确认", "平时", "年终", "轮",
];

/// What may follow a 编号 in the header of a wide table.
const ASIDES: [(&str, Aside); 4] = [
    ("扣分说明", Aside::Reason),
    ("说明", Aside::Reason),
    ("佐证材料", Aside::Evidence),
    ("自查值", Aside::Claim),
];

impl Column {
    /// What the header text `key` announces, rules of wide tables aside; it may have a remark in
    /// brackets, 填报值（次）.
    pub(in super::super) fn named(key: &str) -> Option<Self> {
        Self::of_name(key).or_else(|| Self::of_name(Self::before_remark(key)?))
    }

    /// The same of a text without a remark.
    pub(super) fn of_name(key: &str) -> Option<Self> {
        let named = HEADERS.iter().find(|(header, _)| *header == key);
        named.map(|(_, column)| *column)
    }

    /// The name before a remark; 单位（…） may be a signature.
    pub(super) fn before_remark(key: &str) -> Option<&str> {
        let (name, remark) = key.strip_suffix(')')?.split_once('(')?;
        let is_other = OTHERS.iter().any(|other| remark.contains(other));
        (name != "单位" && !is_other).then_some(name)
    }

    /// Whether it holds a number, and may be a label above a table too.
    pub(super) fn is_number(self) -> bool {
        matches!(self, Self::Round | Self::Year)
    }

    /// The name of the column, as a clerk should write it.
    pub(in super::super) fn name(self) -> &'static str {
        HEADERS
            .iter()
            .find(|(_, column)| *column == self)
            .map_or("编号", |(header, _)| header)
    }

    /// The same, of a rule its 编号.
    pub(super) fn shown(self) -> String {
        match self {
            Self::Of(rule) => rule.to_string(),
            other => other.name().to_owned(),
        }
    }

    /// What the header text `key` announces in a wide table: `1③`, `1③说明`.
    pub(super) fn of_rule(key: &str) -> Option<Self> {
        let bare = || RuleId::parse(Self::before_remark(key).filter(|_| may_be_meant(key))?);
        if let Some(rule) = RuleId::parse(key).or_else(bare) {
            return Some(Self::Of(rule));
        }
        ASIDES.iter().find_map(|(suffix, aside)| {
            let rule = RuleId::parse(key.strip_suffix(suffix)?)?;
            Some(Self::Beside(rule, *aside))
        })
    }
}

/// Whether a name below a header says that the column holds something else.
pub(super) fn is_something_else(name: &str) -> bool {
    OTHERS.iter().any(|other| name.contains(other))
        || ABOUT.iter().any(|about| name.ends_with(about))
}

/// Whether the remark behind a header says that its column may be meant in place of the one without.
pub(super) fn may_be_meant(key: &str) -> bool {
    let remark = key.rsplit_once('(').map_or("", |(_, remark)| remark);
    DECIDED.iter().any(|decided| remark.contains(decided))
}

/// Whether a text is a header of ours, that of a rule included.
pub(in super::super) fn is_named(written: &str) -> bool {
    is_name(written) || RuleId::parse(written).is_some()
}

/// Whether a text is a header of ours, rules of wide tables aside.
pub(in super::super) fn is_name(written: &str) -> bool {
    label(written).is_some()
}

/// What a header of ours announces, rules of wide tables aside.
pub(super) fn label(written: &str) -> Option<Column> {
    may_be_header(written).then(|| Column::named(&text::key(written)))?
}

/// Whether a text begins as headers do. Most cells do not, and looking closer would cost more
/// than reading them.
fn may_be_header(written: &str) -> bool {
    let begins = [
        '被', '单', '考', '时', '轮', '年', '编', '填', '扣', '佐', '自', '任', '完', '实', '第',
    ];
    written.trim_start().starts_with(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_header_is_passed_over() {
        for (header, _) in HEADERS {
            let spaced: String = header.chars().flat_map(|c| ['\u{3000}', c]).collect();
            assert!(may_be_header(&spaced), "{header}");
            assert_eq!(
                Column::named(&text::key(&spaced)),
                Column::named(header),
                "{header}"
            );
        }
    }
}
