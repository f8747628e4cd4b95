//! What stands below a table or between its rows and is no data: sums, signatures, notes.

use super::labels::text_of;
use crate::decimal;
use crate::model::grid::{Content, Row};
use crate::text;

/// What a row of sums, or of the points of each column, says of itself.
const SUMS: [&str; 14] = [
    "合计",
    "总计",
    "小计",
    "共计",
    "总分",
    "得分",
    "平均",
    "满分",
    "分值",
    "标准分",
    "最高分",
    "总扣分",
    "本项扣分",
    "权重",
];

/// What a row about the columns of a wide table says of itself, and nothing else.
const ABOUT_COLUMNS: [&str; 8] = [
    "最高", "最低", "均值", "累计", "排名", "名次", "位次", "标准",
];

/// How a line below a table begins that is no data: signatures, dates, notes.
const FOOTERS: [&str; 56] = [
    "填表人",
    "填报人",
    "填表日期",
    "填报日期",
    "填表时间",
    "填报时间",
    "填表单位",
    "填报单位",
    "报送日期",
    "报送时间",
    "报送人",
    "审核",
    "审批",
    "审定",
    "复核",
    "校对",
    "负责人",
    "单位负责人",
    "主要负责人",
    "被考核单位负责人",
    "被考核单位意见",
    "考核人员",
    "考核单位意见",
    "考核意见",
    "考核等次",
    "考核组",
    "分管领导",
    "主管领导",
    "领导签字",
    "领导小组意见",
    "分管负责人",
    "综合评价",
    "经办人",
    "制表",
    "联系人",
    "联系电话",
    "联系方式",
    "电话",
    "签字",
    "签名",
    "盖章",
    "公章",
    "(盖章",
    "日期",
    "备注",
    "附注",
    "注:",
    "说明:",
    "单位(",
    "单位盖章",
    "单位公章",
    "单位签章",
    "签章",
    "印章",
    "(签",
    "(公章",
];

/// How notes begin, in which labels are but words.
const NOTES: [&str; 10] = [
    "注:",
    "注1",
    "备注",
    "附注",
    "说明",
    "填表说明",
    "填报说明",
    "填写说明",
    "填表要求",
    "填报要求",
];

/// Whether a text names a sum.
pub(super) fn is_sum(text: &str) -> bool {
    const LONGEST: usize = 8;
    // Most texts name none, and looking closer would cost more than reading them.
    if !text.contains(['计', '分', '均', '权', '最', '名', '位', '标']) {
        return false;
    }
    let text = text::key(text);
    if ABOUT_COLUMNS.contains(&&*text) {
        return true;
    }
    text.chars().count() <= LONGEST
        // 不得分 and 未得分 are words about a value.
        && !text.contains(['不', '未'])
        && SUMS
            .iter()
            .any(|sum| text.starts_with(sum) || text.ends_with(sum))
}

/// Whether a text is the name of a sum and nothing else: 小计, not 年终总分.
pub(super) fn is_name_of_sum(text: &str) -> bool {
    is_sum(text) && SUMS.contains(&&*text::key(text))
}

/// Whether a row numbers its columns: (1), (2) …; 甲, 乙, 1, 2 ….
pub(super) fn is_numbering(row: &Row) -> bool {
    const LONGEST: usize = 16;
    const LETTERS: [&str; 10] = ["栏次", "甲", "乙", "丙", "丁", "A", "B", "C", "D", "E"];
    let mut numbers = 0;
    let mut last = None;
    let mut goes_on = |number: u32| {
        numbers += 1;
        last.replace(number).is_none_or(|last| last + 1 == number)
    };
    row.cells.iter().all(|(_, cell)| match &cell.content {
        Content::Number(number) => decimal::from_f64(*number)
            .and_then(|number| u32::try_from(number).ok())
            .is_some_and(&mut goes_on),
        Content::Text(text) if text.len() <= LONGEST => {
            let key = text::key(text);
            let inner = key.strip_prefix('(').and_then(|key| key.strip_suffix(')'));
            let number = inner.unwrap_or(&key).parse();
            number.map_or_else(|_| LETTERS.contains(&&*key), &mut goes_on)
        }
        _ => false,
    }) && numbers > 1
}

/// Whether a text begins a line of signatures or notes.
pub(super) fn is_footer(text: &str) -> bool {
    let begins = [
        '填', '报', '审', '复', '校', '负', '单', '主', '被', '考', '分', '领', '综', '经', '制',
        '联', '电', '签', '盖', '公', '印', '(', '（', '日', '备', '附', '注', '说',
    ];
    if !text.trim_start().starts_with(begins) {
        return false;
    }
    let text: String = text::fold(text).split_whitespace().collect();
    FOOTERS.iter().any(|footer| text.starts_with(footer))
}

/// Whether a text is a date as signatures have it, filled in or not: 2019年12月20日, 二〇一九年十二月,
/// 年　月　日.
pub(super) fn is_written_date(text: &str) -> bool {
    const LONGEST: usize = 60;
    if text.len() > LONGEST || !text.contains('年') || !text.contains('月') {
        return false;
    }
    let is_part = |c: char| c.is_ascii_digit() || "年月日_〇○零一二三四五六七八九十".contains(c);
    text::key(text).chars().all(is_part)
}

/// Whether a text heads a section: 一、城区, （二）园区.
pub(super) fn is_section(text: &str) -> bool {
    let text = text::key(text);
    let numeral = |c: char| "一二三四五六七八九十".contains(c);
    let (number, behind) = match text.strip_prefix('(') {
        Some(inner) => (inner, ')'),
        None => (&*text, '、'),
    };
    number.starts_with(numeral) && number.trim_start_matches(numeral).starts_with(behind)
}

/// Whether the first text of a row begins a line of signatures or notes.
pub(super) fn is_signature(row: &Row) -> bool {
    let mut texts = row.cells.iter().filter_map(|(_, cell)| text_of(cell));
    texts.next().is_some_and(is_footer)
}

/// Whether a text is the title of a table, and no unit: 附件2, 表二, 2019年任务完成情况表.
pub(super) fn is_title(text: &str) -> bool {
    let text = text::key(text);
    let has_number = text.contains(|c: char| c.is_ascii_digit());
    text.starts_with(['附', '表']) || text.ends_with('表') || has_number
}

/// Whether a text is a note.
pub(super) fn is_note(text: &str) -> bool {
    let begins = ['注', '备', '附', '说', '填'];
    text.trim_start().starts_with(begins) && {
        let text: String = text::fold(text).split_whitespace().collect();
        NOTES.iter().any(|note| text.starts_with(note))
    }
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
        for sum in SUMS.iter().chain(&ABOUT_COLUMNS) {
            let spaced: String = sum.chars().flat_map(|c| ['\u{3000}', c]).collect();
            assert!(is_sum(&spaced), "{sum}");
        }
    }
}
