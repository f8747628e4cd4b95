//! What stands below a table or between its rows and is no data: sums, signatures, notes.

use crate::text;

/// What a sum row says of itself.
const SUMS: [&str; 7] = ["合计", "总计", "小计", "共计", "总分", "得分", "平均"];

/// How a line below a table begins that is no data: signatures, dates, notes.
const FOOTERS: [&str; 19] = [
    "填表人",
    "填报人",
    "审核人",
    "负责人",
    "单位负责人",
    "经办人",
    "制表",
    "联系人",
    "联系电话",
    "签字",
    "盖章",
    "日期",
    "备注",
    "注:",
    "说明:",
    "填表单位",
    "填报单位",
    "单位(",
    "考核组",
];

/// Whether a text names a sum.
pub(super) fn is_sum(text: &str) -> bool {
    const LONGEST: usize = 8;
    // Most texts name none, and looking closer would cost more than reading them.
    if !text.contains(['计', '分', '均']) {
        return false;
    }
    let text = text::key(text);
    text.chars().count() <= LONGEST
        // 不得分 and 未得分 are words about a value.
        && !text.contains(['不', '未'])
        && SUMS
            .iter()
            .any(|sum| text.starts_with(sum) || text.ends_with(sum))
}

/// Whether a text begins a line of signatures or notes.
pub(super) fn is_footer(text: &str) -> bool {
    let begins = [
        '填', '审', '负', '单', '经', '制', '联', '签', '盖', '日', '备', '注', '说', '考',
    ];
    if !text.trim_start().starts_with(begins) {
        return false;
    }
    let text: String = text::fold(text).split_whitespace().collect();
    FOOTERS.iter().any(|footer| text.starts_with(footer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_footer_and_no_sum_is_passed_over() {
        for footer in FOOTERS {
            assert!(is_footer(&format!("\u{3000}{footer}张三")), "{footer}");
            let spaced: String = footer.chars().flat_map(|c| ['\u{3000}', c]).collect();
            assert!(is_footer(&text::key(&(spaced + "张三"))), "{footer}");
        }
        for sum in SUMS {
            let spaced: String = sum.chars().flat_map(|c| ['\u{3000}', c]).collect();
            assert!(is_sum(&spaced), "{sum}");
        }
    }
}
