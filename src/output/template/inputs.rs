//! Cells to be filled in: what may be typed into them, what Excel says about it, and what is
//! filled in already.

use rust_xlsxwriter::{
    ConditionalFormatFormula, DataValidation, DataValidationErrorStyle, DataValidationRule, Format,
    ProtectionOptions, Worksheet, XlsxError,
};

use super::formulas;
use super::places;
use crate::decimal::{Decimal, plain, to_f64};
use crate::model::record::Observed;
use crate::model::rubric::{Kind, NotApplicable, Rule};
use crate::output::style;
use crate::text;

/// The largest count that a form takes; a date that Excel made of a typed 1-1 is beyond it.
pub(super) const LARGEST_COUNT: i32 = 9999;

/// The format of a rate: its value as it is, to two decimals of a percent.
pub(super) const PERCENT: &str = "0.00%";

/// What the clerk is to do with a rule, in two lines.
pub(super) fn request(rule: &Rule, period: usize, by_tasks: bool) -> String {
    let otherwise = if by_tasks {
        ""
    } else {
        match rule.not_applicable {
            NotApplicable::Refused => "",
            NotApplicable::Full => "；不涉及的填“不涉及”，不扣分",
            NotApplicable::Zero => "；不涉及的填“不涉及”，按最多扣的分扣",
            NotApplicable::Rescaled => "；不涉及的填“不涉及”，不计分",
        }
    };
    wanted(rule, period, by_tasks) + otherwise
}

/// The same where the rule applies.
fn wanted(rule: &Rule, period: usize, by_tasks: bool) -> String {
    let ask = &rule.ask;
    let count = rule.count.as_deref().unwrap_or("次");
    let cap = plain(rule.cap);
    match rule.kind_in(period) {
        Kind::PerOccurrence { each } => format!(
            "{ask}\n填整数，没有填0；每{count}扣{}分，最多扣{cap}分",
            plain(*each)
        ),
        Kind::Shortfall { required, each } => format!(
            "{ask}\n填整数，没有填0；应有{}{count}，每少1{count}扣{}分，最多扣{cap}分",
            plain(*required),
            plain(*each)
        ),
        Kind::Fixed { points, lost_by } => format!(
            "{ask}\n填“是”或“否”；“{}”扣{}分",
            answer(*lost_by),
            plain(*points)
        ),
        Kind::Proportional { .. } if by_tasks => {
            format!("{ask}\n不用填，由“任务完成情况”表算出；按未完成的比例扣，最多扣{cap}分")
        }
        Kind::Proportional { .. } => {
            format!("{ask}\n填百分比，如93.3%；按未完成的比例扣，最多扣{cap}分")
        }
        Kind::Discretionary => {
            format!("{ask}\n填扣几分，0至{cap}分，不扣填0；扣分的要写扣分说明")
        }
    }
}

/// 是 or 否.
pub(super) fn answer(answer: bool) -> &'static str {
    if answer { "是" } else { "否" }
}

/// What may be typed into a cell as the value of `rule`; `claim` for 自查值.
pub(super) fn value_rule(
    rule: &Rule,
    period: usize,
    (row, column): (u32, u16),
    claim: bool,
) -> Result<DataValidation, XlsxError> {
    let cap = plain(rule.cap);
    let want = match rule.kind_in(period) {
        Kind::PerOccurrence { .. } | Kind::Shortfall { .. } => {
            "请填0或者正整数，只填数字，不带“次”“项”等字；没有填0。".to_owned()
        }
        Kind::Fixed { .. } => "请从下拉框里选“是”或“否”。".to_owned(),
        Kind::Discretionary => format!("请填扣几分：0至{cap}之间的数，不扣填0。"),
        Kind::Proportional { .. } => "请填完成率：0%至100%，如93.3%。".to_owned(),
    };
    let (validation, want) = if rule.not_applicable == NotApplicable::Refused {
        (allowed(rule, period)?, want)
    } else {
        let cell = places::cell(row, column);
        let validation = allowed_or_out(rule, period, &cell)?;
        (validation, format!("{want}不涉及的填“不涉及”。"))
    };
    let reason = match rule.kind_in(period) {
        Kind::Discretionary if !claim => "扣了分的，要在“扣分说明”里写明原因。",
        _ => "",
    };
    let own = if claim {
        "本单位自己评的，只作参考，可以不填。"
    } else {
        ""
    };
    let title = if claim {
        format!("自查值 {}", rule.id)
    } else {
        format!("填报值 {}", rule.id)
    };
    let ask = if claim {
        String::new()
    } else {
        format!("{}。", rule.ask)
    };
    validation
        .set_input_title(title)?
        .set_input_message(clipped(&format!("{own}{ask}{want}{reason}")))?
        .set_error_title(format!("{} 填得不对", rule.id))?
        .set_error_message(clipped(&want))
}

/// The values that a rule takes.
fn allowed(rule: &Rule, period: usize) -> Result<DataValidation, XlsxError> {
    let validation = DataValidation::new();
    Ok(match rule.kind_in(period) {
        Kind::PerOccurrence { .. } | Kind::Shortfall { .. } => {
            validation.allow_whole_number(DataValidationRule::Between(0, LARGEST_COUNT))
        }
        Kind::Fixed { .. } => validation.allow_list_strings(&["是", "否"])?,
        Kind::Discretionary => {
            validation.allow_decimal_number(DataValidationRule::Between(0.0, to_f64(rule.cap)))
        }
        Kind::Proportional { .. } => {
            validation.allow_decimal_number(DataValidationRule::Between(0.0, 1.0))
        }
    })
}

/// The same where 不涉及 may stand in the place of a value.
fn allowed_or_out(rule: &Rule, period: usize, cell: &str) -> Result<DataValidation, XlsxError> {
    let validation = DataValidation::new();
    let up_to = |most: String| format!("{cell}>=0,{cell}<={most}");
    let test = match rule.kind_in(period) {
        Kind::Fixed { .. } => {
            return validation.allow_list_strings(&["是", "否", text::NOT_APPLICABLE]);
        }
        Kind::PerOccurrence { .. } | Kind::Shortfall { .. } => {
            format!("{},{cell}=INT({cell})", up_to(LARGEST_COUNT.to_string()))
        }
        Kind::Discretionary => up_to(plain(rule.cap)),
        Kind::Proportional { .. } => up_to("1".to_owned()),
    };
    // A comparison with a text is no error only where the number is asked for first.
    let number = format!("IF(ISNUMBER({cell}),AND({test}),FALSE)");
    let formula = format!("=OR({},{number})", formulas::is_out(cell));
    Ok(validation.allow_custom(formula.as_str().into()))
}

/// What may be typed as text: anything of a reasonable length, after a word of advice.
pub(super) fn text_rule(title: &str, advice: &str) -> Result<DataValidation, XlsxError> {
    const LONGEST: u32 = 1000;
    DataValidation::new()
        .allow_text_length(DataValidationRule::LessThanOrEqualTo(LONGEST))
        .set_input_title(title)?
        .set_input_message(clipped(advice))?
        .set_error_title("太长了")?
        .set_error_message(format!("最多 {LONGEST} 个字，详细材料请另附。"))
}

/// What may be typed as 完成情况: one of three words, or after a warning a percentage.
pub(super) fn state_rule() -> Result<DataValidation, XlsxError> {
    DataValidation::new()
        .allow_list_strings(&["完成", "未完成", "不涉及"])?
        .set_error_style(DataValidationErrorStyle::Warning)
        .set_input_title("完成情况")?
        .set_input_message("从下拉框里选“完成”“未完成”“不涉及”；完成一部分的填百分比，如80%，跳出提示时点“是”。")?
        .set_error_title("请核对完成情况")?
        .set_error_message("只能填“完成”“未完成”“不涉及”，或者0%至100%的百分比。填的是百分比，请点“是”；其他写法请点“否”重填。")
}

/// What may be typed as 实际值 of a task with a numeric goal.
pub(super) fn measured_rule(
    goal: &str,
    percent: bool,
    what: &str,
) -> Result<DataValidation, XlsxError> {
    let (low, high) = if percent { (-10.0, 10.0) } else { (-1e9, 1e9) };
    let want = if percent {
        "请填百分比，如45%"
    } else {
        "请填数字，不带计量单位"
    };
    DataValidation::new()
        .allow_decimal_number(DataValidationRule::Between(low, high))
        .set_input_title("实际值")?
        .set_input_message(clipped(&format!(
            "{what}目标{goal}。{want}；没有数据的可以不填。填“完成”的，实际值要达到目标。"
        )))?
        .set_error_title("实际值填得不对")?
        .set_error_message(format!("{want}。"))
}

/// A message as long as Excel shows.
fn clipped(text: &str) -> String {
    const MOST: usize = 255;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars()
        .take(MOST - 2)
        .chain("……".chars().take(2))
        .collect()
}

/// Writes a value as a clerk would have typed it, or leaves the cell blank.
pub(super) fn write_value(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    value: Option<Observed>,
    format: &Format,
) -> Result<(), XlsxError> {
    match value {
        None => sheet.write_blank(row, column, format)?,
        Some(Observed::Count(number) | Observed::Points(number)) => {
            sheet.write_number_with_format(row, column, to_f64(number), format)?
        }
        Some(Observed::Answer(yes)) => {
            sheet.write_string_with_format(row, column, answer(yes), format)?
        }
        Some(Observed::Completion(rate)) => {
            sheet.write_number_with_format(row, column, to_f64(rate.value()), format)?
        }
        Some(Observed::NotApplicable) => {
            sheet.write_string_with_format(row, column, text::NOT_APPLICABLE, format)?
        }
    };
    Ok(())
}

/// Writes a text, or leaves the cell blank.
pub(super) fn write_text(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    text: Option<&str>,
    format: &Format,
) -> Result<(), XlsxError> {
    match text {
        Some(text) => sheet.write_string_with_format(row, column, text, format)?,
        None => sheet.write_blank(row, column, format)?,
    };
    Ok(())
}

/// The format of a cell that takes the value of `rule`.
pub(super) fn value_format(rule: &Rule, period: usize) -> Format {
    let format = style::centred().set_unlocked();
    match rule.kind_in(period) {
        Kind::Proportional { .. } => format.set_num_format(PERCENT),
        _ => format,
    }
}

/// Lets a cell stand out as long as it is blank.
pub(super) fn mark_blank(sheet: &mut Worksheet, row: u32, column: u16) -> Result<(), XlsxError> {
    let cell = places::cell(row, column);
    let waiting = Format::new().set_background_color(style::WAITING_FILL);
    mark(
        sheet,
        (row, column),
        &format!("LEN(TRIM({cell}))=0"),
        waiting,
    )
}

/// Gives a cell a format where `test` holds.
pub(super) fn mark(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    test: &str,
    format: Format,
) -> Result<(), XlsxError> {
    let rule = ConditionalFormatFormula::new()
        .set_rule(format!("={test}").as_str())
        .set_format(format);
    sheet.add_conditional_format(row, column, row, column, &rule)?;
    Ok(())
}

/// Whether points in the cell `value` lack a reason in the cell `reason`, as a formula.
pub(super) fn unexplained(value: &str, reason: &str) -> String {
    format!("AND(ISNUMBER({value}),N({value})>0,LEN(TRIM({reason}))=0)")
}

/// The format of what needs a second look.
pub(super) fn alarm() -> Format {
    Format::new()
        .set_background_color(0x00F8_CBAD)
        .set_font_color(style::RED)
}

/// Protects a sheet without a password: only cells to be filled in can be changed, rows and
/// columns can be made higher and wider.
pub(super) fn protect(sheet: &mut Worksheet) {
    sheet.protect_with_options(&ProtectionOptions {
        format_columns: true,
        format_rows: true,
        ..ProtectionOptions::default()
    });
}

/// A number that the template itself states.
pub(super) fn write_number(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    number: Decimal,
    format: &Format,
) -> Result<(), XlsxError> {
    sheet.write_number_with_format(row, column, to_f64(number), format)?;
    Ok(())
}
