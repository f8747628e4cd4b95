//! The sums of 计分表: deductions, score, and how far the form is filled.

use rust_xlsxwriter::XlsxError;

use super::formulas::{self, Computed, EXACT, UNFINISHED};
use super::inputs;
use super::places::{self, Block};
use super::sheet::{
    CLAIM, DEDUCTION, EVIDENCE, HEADER, ID, METHOD, POINTS, REASON, REQUEST, VALUE, Writer,
};
use crate::decimal::{Decimal, plain};
use crate::model::record::Observed;
use crate::model::rubric::{Kind, Rule};
use crate::output::style;

/// What the sums are.
struct Sums {
    /// The points of a round without deductions.
    total: Decimal,
    /// The deductions together.
    lost: Computed,
    /// What is left.
    score: Computed,
    /// How far the form is filled, in words.
    status: Computed,
}

/// Writes the sums into the two rows from `row` on, below the rules, and score and state of
/// filling also at the top, where they stay in sight.
pub(super) fn write(writer: &mut Writer, row: u32) -> Result<(), XlsxError> {
    let sums = sums(writer, row);
    let heading = style::header();
    let figure = style::header().set_num_format(writer.subject.points());
    let converted = if writer.subject.rubric.converts() {
        "；有“不涉及”的，按计分的分值折算成满分"
    } else {
        ""
    };
    let how = format!("满分 {} 分，减去扣分合计{converted}", plain(sums.total));
    let sheet = &mut *writer.sheet;
    sheet.merge_range(row, ID, row, METHOD, "合计", &heading)?;
    inputs::write_number(sheet, (row, POINTS), sums.total, &heading)?;
    sheet.merge_range(row, REQUEST, row, CLAIM, "", &heading)?;
    sheet.merge_range(row + 1, ID, row + 1, METHOD, "本表得分", &heading)?;
    sheet.merge_range(row + 1, POINTS, row + 1, CLAIM, &how, &heading)?;
    for row in [row, row + 1] {
        sheet.set_row_height(row, 24)?;
    }
    let same = |row, column| places::cell(row, column);
    let (top_status, top_score) = super::sheet::top_formats(writer.subject);
    let top = [
        (
            (1, EVIDENCE),
            sums.status.like(same(row, REQUEST)),
            &top_status,
        ),
        (
            (2, EVIDENCE),
            sums.score.like(same(row + 1, DEDUCTION)),
            &top_score,
        ),
    ];
    let bottom = [
        ((row, REQUEST), sums.status, &heading),
        ((row, DEDUCTION), sums.lost, &figure),
        ((row + 1, DEDUCTION), sums.score, &figure),
    ];
    for ((row, column), formula, format) in bottom.into_iter().chain(top) {
        sheet.write_formula_with_format(row, column, formula.into_formula(), format)?;
    }
    Ok(())
}

/// The sums of the rules that end above `end`.
fn sums(writer: &Writer, end: u32) -> Sums {
    let rubric = writer.subject.rubric;
    let total = rubric.points();
    let lost = writer.applied.iter().copied().sum::<Option<Decimal>>();
    let block = Block {
        column: DEDUCTION,
        first: HEADER + 1,
        last: end - 1,
    };
    let (block, count) = (block.absolute(), writer.applied.len());
    let if_filled = |sum: &str| format!("IF(COUNT({block})<{count},\"{UNFINISHED}\",{sum})");
    let rules: Vec<&Rule> = rubric.rules().collect();
    let counted = formulas::counted(rubric, |place| {
        let open = !writer.takes_tasks(rules[place]);
        let row = (HEADER + 1..).nth(place)?;
        open.then(|| places::cell(row, VALUE))
    });
    let sum = if_filled(&format!("ROUND(SUM({block}),{EXACT})"));
    let rest = if_filled(&formulas::score(rubric, &block, counted.as_deref()));
    Sums {
        total,
        lost: Computed::number_or(sum, lost, UNFINISHED),
        score: Computed::number_or(rest, writer.score, UNFINISHED),
        status: Computed::word(status(writer, &block, end), &status_word(writer)),
    }
}

/// How far the form is filled: how many rules lack a readable value, else how many points a
/// reason.
fn status(writer: &Writer, block: &str, end: u32) -> String {
    let count = writer.applied.len();
    let period = writer.subject.which.period;
    let tests: Vec<String> = (HEADER + 1..end)
        .zip(writer.subject.rubric.rules())
        .filter(|(_, rule)| matches!(rule.kind_in(period), Kind::Discretionary))
        .map(|(row, _)| format!("IF({},1,0)", unexplained(row)))
        .collect();
    let filled = if tests.is_empty() {
        "\"已填好\"".to_owned()
    } else {
        let silent = tests.join("+");
        format!("IF({silent}>0,\"有 \"&({silent})&\" 项扣分没有写扣分说明\",\"已填好\")")
    };
    format!(
        "IF(COUNT({block})<{count},\"还有 \"&({count}-COUNT({block}))&\" 项没有填好\",{filled})"
    )
}

/// What [`status`] gives now.
fn status_word(writer: &Writer) -> String {
    let blank = writer.applied.iter().filter(|applied| applied.is_none());
    let silent = (0..writer.applied.len()).filter(|index| {
        let filled = writer.filling.rule(*index);
        let points = matches!(filled.value, Some(Observed::Points(points)) if !points.is_zero());
        points && filled.reason.is_none()
    });
    match (blank.count(), silent.count()) {
        (0, 0) => "已填好".to_owned(),
        (0, silent) => format!("有 {silent} 项扣分没有写扣分说明"),
        (blank, _) => format!("还有 {blank} 项没有填好"),
    }
}

/// Whether points are taken in `row` without a reason, as a formula.
pub(super) fn unexplained(row: u32) -> String {
    inputs::unexplained(&places::cell(row, VALUE), &places::cell(row, REASON))
}
