//! The heat map of 总览: what share of each item's points each unit lost.

use std::ops::Range;

use anyhow::Result;
use rust_xlsxwriter::{ConditionalFormat2ColorScale, ConditionalFormatType};

use crate::decimal::{Decimal, round};
use crate::output::report::figures::Figures;
use crate::output::report::looks::Looks;
use crate::output::report::overview::COLUMNS;
use crate::output::report::page::{Page, fixed, on};
use crate::output::report::plan::{Class, Plan, RANKING_FIRST, SUMS_ITEMS, width};
use crate::output::style;

/// Decimals of a share: a hundredth of a percent.
const SHARE: u32 = 4;

/// First column of the items.
const ITEMS: u16 = 4;

/// Height of a row, in points.
const ROW: f64 = 18.0;

/// How high the table of a class is, about, in points.
pub(super) fn height(class: &Class) -> f64 {
    90.0 + ROW * f64::from(class.units())
}

/// The items of each table of a class: as many as the width of the sheet has room for.
pub(super) fn tables(class: &Class) -> Vec<Range<usize>> {
    let most = usize::from(COLUMNS - ITEMS);
    let all = class.items.len();
    let firsts = (0..all).step_by(most);
    firsts.map(|first| first..all.min(first + most)).collect()
}

/// The table of some items of one class from `row` on; gives the row after it.
pub(super) fn table(
    page: &mut Page,
    looks: &Looks,
    plan: &Plan,
    (class, items): (&Class, Range<usize>),
    row: u32,
) -> Result<u32> {
    let title = format!(
        "失分率：{}{}（各项目失分占分值的比例{}）",
        class.rubric.class,
        class.mark(),
        if items.start == 0 { "" } else { "，续" }
    );
    page.across(row, &title, &looks.section, 12.0)?;
    let mut headings = ["名次", "单位", "", ""].map(str::to_owned).to_vec();
    headings.extend(class.items[items.clone()].iter().map(|item| item.label()));
    page.header(row + 1, &headings)?;
    page.band(row + 1, 1, 3, "单位", &style::header())?;
    let first = row + 2;
    let mut row = first;
    for (unit, score) in (0..).zip(&class.result.units) {
        match score.rank {
            Some(rank) => {
                let formula = on(&class.ranking, &fixed(RANKING_FIRST + unit, 0));
                page.formula(row, 0, &formula, rank.into(), &looks.whole)?;
            }
            None => page.text(row, 0, "—", &looks.centred)?,
        }
        page.band(row, 1, 3, "", &looks.text)?;
        page.foreign(row, 1, plan.name(score), &looks.text)?;
        page.sheet.set_row_height(row, ROW)?;
        let losses = Figures::of(class, score).losses;
        for (shown, place) in items.clone().enumerate() {
            let (loss, item) = (losses[place], class.items[place]);
            let column = SUMS_ITEMS + width(place);
            let lost = on(&class.sums, &fixed(class.unit_row(unit), column));
            let points = on(&class.sums, &fixed(class.rounds_header() + 1, column));
            let share = if item.points.is_zero() {
                Decimal::ZERO
            } else {
                round(loss / item.points, SHARE)
            };
            let formula = format!("IF({points}=0,0,ROUND({lost}/{points},{SHARE}))");
            let never = class.never_counts(score, place);
            let format = if never { &looks.out } else { &looks.share };
            page.formula(row, ITEMS + width(shown), &formula, share, format)?;
        }
        row += 1;
    }
    if row > first && !items.is_empty() {
        let scale = ConditionalFormat2ColorScale::new()
            .set_minimum(ConditionalFormatType::Number, 0)
            .set_minimum_color("FFFFFF")
            .set_maximum(ConditionalFormatType::Number, 0.5)
            .set_maximum_color("F8696B");
        let last = ITEMS + width(items.len()) - 1;
        page.sheet
            .add_conditional_format(first, ITEMS, row - 1, last, &scale)?;
    }
    Ok(row)
}
