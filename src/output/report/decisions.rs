//! 决策参考: how firm the ranking is, for who signs it.

use anyhow::Result;
use rust_xlsxwriter::{ConditionalFormatFormula, Format, Worksheet};

use crate::decimal::Decimal;
use crate::model::scorecard::UnitScore;
use crate::output::report::figures::Figures;
use crate::output::report::looks::Looks;
use crate::output::report::page::{Page, cell, fixed, on};
use crate::output::report::plan::{COARSE, Class, FINE, Plan, RANKING_FIRST};
use crate::output::report::swaps::{self, Change};
use crate::output::style;

const COLUMNS: [(&str, f64); 10] = [
    ("名次", 7.0),
    ("单位", 22.0),
    ("综合得分", 10.0),
    ("后一名次", 7.0),
    ("后一单位", 22.0),
    ("综合得分", 10.0),
    ("分差", 9.0),
    ("未舍入分差", 14.0),
    ("判断", 20.0),
    ("使两者易位的最小单项变化", 52.0),
];

const NOTE: &str = "逐对列出名次相邻的单位。未舍入分差是各步都不四舍五入时的分差，用来看出只因舍入而并列或分出先后的情形。\
    最小单项变化是只改一处（一次、一项任务、酌情扣分0.5分、一个是否）就能使两者易位（并列的，分出先后）的最小变动，按本表生成时的数计算，供复核时留意，不是评价。";

/// Nothing less than several changes swaps the two.
const FIRM: &str = "改任何一处都不足以易位";

/// How a pair stands; the formula gives the same words.
const TIED: &str = "并列";
const TIED_BY_ROUNDING: &str = "只因舍入而并列";
const PARTED_BY_ROUNDING: &str = "只因舍入而分先后";
const APART: &str = "有分差";

pub(super) fn sheet(plan: &Plan, name: &str) -> Result<Worksheet> {
    let mut page = Page::new(name, &COLUMNS.map(|(_, width)| width))?;
    let mark = if plan.provisional() {
        "（暂定）"
    } else {
        ""
    };
    page.head(&format!("决策参考{mark}"), NOTE)?;
    let mut row = 2;
    for class in &plan.classes {
        let looks = Looks::new(class.rubric.printed_decimals());
        page.across(
            row,
            &format!("{}{}", class.rubric.class, class.mark()),
            &looks.section,
            12.0,
        )?;
        page.header(row + 1, &COLUMNS.map(|(heading, _)| heading))?;
        row = pairs(&mut page, &looks, plan, class, row + 2)? + 1;
    }
    page.print(None, row.max(4) - 2)?;
    Ok(page.sheet)
}

/// The pairs of one class; gives the row after them.
fn pairs(page: &mut Page, looks: &Looks, plan: &Plan, class: &Class, first: u32) -> Result<u32> {
    let units = &class.result.units;
    let changes: Vec<Vec<Change>> = units
        .iter()
        .map(|unit| swaps::changes(class.rubric, unit))
        .collect();
    let mut row = first;
    for (upper, pair) in units.windows(2).enumerate() {
        let [above, below] = pair else { continue };
        let (Some(high), Some(low)) = (above.total, below.total) else {
            continue;
        };
        write_unit(page, looks, plan, class, (row, 0), (upper, above))?;
        write_unit(page, looks, plan, class, (row, 3), (upper + 1, below))?;
        write_margin(page, looks, class, row, upper, (above, below))?;
        let words = swaps::smallest(
            (plan.name(above), high, &changes[upper]),
            (plan.name(below), low, &changes[upper + 1]),
        );
        let words = words.unwrap_or_else(|| FIRM.to_owned());
        page.foreign(row, 9, &words, &looks.text)?;
        page.fit(
            row,
            &[(1, plan.name(above)), (4, plan.name(below)), (9, &words)],
        )?;
        row += 1;
    }
    if row == first {
        page.across(
            row,
            "没有可以比较的相邻名次。",
            &looks.note,
            style::TEXT_SIZE,
        )?;
        row += 1;
    } else {
        let rule = ConditionalFormatFormula::new()
            .set_rule(format!("=$I{}<>\"{APART}\"", first + 1).as_str())
            .set_format(Format::new().set_background_color(style::WAITING_FILL));
        page.sheet
            .add_conditional_format(first, 6, row - 1, 8, &rule)?;
    }
    Ok(row)
}

/// Rank, name and total of one of a pair.
fn write_unit(
    page: &mut Page,
    looks: &Looks,
    plan: &Plan,
    class: &Class,
    (row, column): (u32, u16),
    (place, unit): (usize, &UnitScore),
) -> Result<()> {
    let of = RANKING_FIRST + u32::try_from(place)?;
    let link = |column| on(&class.ranking, &fixed(of, column));
    let rank = Decimal::from(unit.rank.unwrap_or_default());
    page.formula(row, column, &link(0), rank, &looks.whole)?;
    page.foreign(row, column + 1, plan.name(unit), &looks.text)?;
    let total = unit.total.unwrap_or_default();
    page.formula(
        row,
        column + 2,
        &link(class.total_column()),
        total,
        &looks.points,
    )
}

/// How far apart a pair is, and whether rounding alone decides.
fn write_margin(
    page: &mut Page,
    looks: &Looks,
    class: &Class,
    row: u32,
    upper: usize,
    (above, below): (&UnitScore, &UnitScore),
) -> Result<()> {
    let margin = above.total.unwrap_or_default() - below.total.unwrap_or_default();
    let formula = format!("ROUND({}-{},{FINE})", cell(row, 2), cell(row, 5));
    page.formula(row, 6, &formula, margin, &looks.strong)?;
    let unrounded = Figures::of(class, above).unrounded - Figures::of(class, below).unrounded;
    let of = class.unit_row(u32::try_from(upper)?);
    let column = class.unrounded_column();
    let [high, low] = [of, of + 1].map(|of| on(&class.sums, &fixed(of, column)));
    let formula = format!("ROUND({high}-{low},{COARSE})");
    page.formula(row, 7, &formula, unrounded, &looks.plain)?;
    // After a change the pair may stand the other way round; what counts is whether rounded and
    // unrounded margins agree in sign.
    let (margin_cell, unrounded_cell) = (cell(row, 6), cell(row, 7));
    let formula = format!(
        "IF({margin_cell}=0,IF({unrounded_cell}=0,\"{TIED}\",\"{TIED_BY_ROUNDING}\"),\
         IF({margin_cell}*{unrounded_cell}<=0,\"{PARTED_BY_ROUNDING}\",\"{APART}\"))"
    );
    let words = match (margin.is_zero(), unrounded.is_zero()) {
        (true, true) => TIED,
        (true, false) => TIED_BY_ROUNDING,
        (false, _)
            if margin.is_sign_positive() != unrounded.is_sign_positive() || unrounded.is_zero() =>
        {
            PARTED_BY_ROUNDING
        }
        _ => APART,
    };
    page.words(row, 8, &formula, words, &looks.centred)
}
