//! 得分计算: the rounds of one class, item by item, each with its proof that deductions and
//! score add up; and what the units lost, which other sheets show.

use anyhow::Result;
use rust_xlsxwriter::Worksheet;

use crate::decimal::{Decimal, PLACES, round};
use crate::model::scorecard::{Scorecard, UnitScore};
use crate::output::report::looks::Looks;
use crate::output::report::page::{LINE, Page, block, cell, fixed, on};
use crate::output::report::plan::{
    self, COARSE, Class, FINE, Figures, Plan, SUMS_ITEMS, base, width,
};
use crate::output::style;

const NOTE: &str = "项目得分＝分值－实扣（见填报底稿）；得分＝各项目得分之和；实扣与得分相加必须等于满分（核对）。\
    下表为各单位加权后的失分，供名次表、总览引用。";

pub(super) fn sheet(plan: &Plan, class: &Class) -> Result<Worksheet> {
    let mut widths = vec![22.0, 10.0, 6.0];
    widths.extend(class.items.iter().map(|_| 12.0));
    widths.extend([9.0, 9.0, 8.0, 15.0]);
    let mut page = Page::new(&class.sums, &widths)?;
    let looks = Looks::new();
    let title = format!("得分计算（{}）{}", class.rubric.class, class.mark());
    page.head(&title, NOTE)?;
    write_weights(&mut page, &looks, class)?;
    write_headings(&mut page, &looks, class)?;
    for (unit, score) in (0..).zip(&class.result.units) {
        for (round, scorecard) in (0..).zip(Class::scorecards(score)) {
            write_round(
                &mut page,
                &looks,
                plan,
                class,
                (unit, round),
                (score, scorecard),
            )?;
        }
    }
    write_unit_headings(&mut page, class)?;
    for (unit, score) in (0..).zip(&class.result.units) {
        write_unit(&mut page, &looks, plan, class, unit, score)?;
    }
    page.print(None, class.unit_row(class.units()).max(1) - 1)?;
    page.sheet.set_freeze_panes(0, 1)?;
    Ok(page.sheet)
}

fn write_weights(page: &mut Page, looks: &Looks, class: &Class) -> Result<()> {
    page.header(2, &["时段", "权重"])?;
    for (place, period) in class.rubric.periods.iter().enumerate() {
        let row = class.weight_row(place);
        page.text(row, 0, &period.name, &looks.centred)?;
        page.number(row, 1, period.weight, &looks.share)?;
    }
    Ok(())
}

/// The headings of the rounds, and the points below them.
fn write_headings(page: &mut Page, looks: &Looks, class: &Class) -> Result<()> {
    let row = class.rounds_header();
    let mut headings = ["单位", "时段", "轮次"].map(str::to_owned).to_vec();
    headings.extend(class.items.iter().map(|item| item.label()));
    headings.extend(["得分", "实扣合计", "核对", "得分（未舍入）"].map(str::to_owned));
    page.header(row, &headings)?;
    let points = row + 1;
    page.band(points, 0, 2, "分值", &looks.faint)?;
    for (column, item) in (SUMS_ITEMS..).zip(&class.items) {
        page.number(points, column, item.points, &looks.faint_points)?;
    }
    let score = class.score_column();
    let sum = format!(
        "ROUND(SUM({}:{}),{FINE})",
        cell(points, SUMS_ITEMS),
        cell(points, score - 1)
    );
    let total: Decimal = class.items.iter().map(|item| item.points).sum();
    page.formula(points, score, &sum, total, &looks.faint_points)?;
    for column in score + 1..=class.unrounded_column() {
        page.text(points, column, "", &looks.faint)?;
    }
    Ok(())
}

fn write_round(
    page: &mut Page,
    looks: &Looks,
    plan: &Plan,
    class: &Class,
    (unit, round): (u32, u32),
    (score, scorecard): (&UnitScore, &Scorecard),
) -> Result<()> {
    let row = class.round_row(unit, round);
    let points = class.rounds_header() + 1;
    let record = &scorecard.record;
    page.foreign(row, 0, plan.name(score), &looks.text)?;
    page.text(
        row,
        1,
        &class.rubric.periods[record.period].name,
        &looks.centred,
    )?;
    page.count(row, 2, record.round as usize, &looks.whole)?;
    page.sheet.set_row_height(row, LINE)?;
    for (item, result) in scorecard.items.iter().enumerate() {
        let column = SUMS_ITEMS + width(item);
        let (first, last) = class.base_rows(unit, round, item);
        let taken = on(
            &plan.base,
            &block((first, base::APPLIED), (last, base::APPLIED)),
        );
        let formula = format!("ROUND({}-SUM({taken}),{FINE})", fixed(points, column));
        page.formula(row, column, &formula, result.score, &looks.points)?;
    }
    let column = class.score_column();
    let sum = format!(
        "ROUND(SUM({}:{}),{FINE})",
        cell(row, SUMS_ITEMS),
        cell(row, column - 1)
    );
    page.formula(row, column, &sum, scorecard.score, &looks.strong)?;
    let rows = (
        class.base_row(unit, round, 0),
        class.base_row(unit, round, class.rules) - 1,
    );
    let all = |column| on(&plan.base, &block((rows.0, column), (rows.1, column)));
    let sum = format!("ROUND(SUM({}),{FINE})", all(base::APPLIED));
    let lost: Decimal = scorecard.items.iter().map(|item| item.lost()).sum();
    page.formula(row, column + 1, &sum, lost, &looks.points)?;
    let full = fixed(points, column);
    let check = format!(
        "ROUND({}+{},{FINE})={full}",
        cell(row, column),
        cell(row, column + 1)
    );
    page.check(row, column + 2, &check, true, &looks.centred)?;
    let sum = format!("ROUND({full}-SUM({}),{FINE})", all(base::APPLIED_UNROUNDED));
    page.formula(
        row,
        column + 3,
        &sum,
        plan::unrounded(class, scorecard),
        &looks.plain,
    )
}

fn write_unit_headings(page: &mut Page, class: &Class) -> Result<()> {
    let row = class.units_header();
    let mut headings = ["单位", "", ""].map(str::to_owned).to_vec();
    headings.extend(
        class
            .items
            .iter()
            .map(|item| format!("失分：{}", item.label())),
    );
    headings.extend(["失分合计", "", "", "总分（未舍入）"].map(str::to_owned));
    page.header(row, &headings)?;
    // Beside the printed table: the keys by which the costliest items are found.
    let first = class.unrounded_column() + 1;
    for (column, item) in (first..).zip(&class.items) {
        page.text(row, column, &format!("排序用：{}", item.no), &style::text())?;
    }
    Ok(())
}

fn write_unit(
    page: &mut Page,
    looks: &Looks,
    plan: &Plan,
    class: &Class,
    unit: u32,
    score: &UnitScore,
) -> Result<()> {
    let row = class.unit_row(unit);
    let points = class.rounds_header() + 1;
    let figures = Figures::of(class, score);
    let total = class.score_column();
    page.foreign(row, 0, plan.name(score), &looks.text)?;
    page.sheet.set_row_height(row, LINE)?;
    for column in [1, 2, total + 1, total + 2] {
        page.text(row, column, "", &looks.faint)?;
    }
    for (place, loss) in figures.losses.iter().enumerate() {
        let column = SUMS_ITEMS + width(place);
        let kept = cell(
            plan::RANKING_FIRST + unit,
            plan::RANKING_ITEMS + width(place),
        );
        let kept = on(&class.ranking, &kept);
        let formula = format!("ROUND({}-{kept},{FINE})", fixed(points, column));
        page.formula(row, column, &formula, *loss, &looks.points)?;
        let key = format!(
            "ROUND({}*100,0)*100+{}",
            cell(row, column),
            99 - place.min(99)
        );
        let result = key_of(*loss, place);
        page.formula(
            row,
            class.unrounded_column() + 1 + width(place),
            &key,
            result,
            &style::text(),
        )?;
    }
    let sum = format!(
        "ROUND(SUM({}:{}),{FINE})",
        cell(row, SUMS_ITEMS),
        cell(row, total - 1)
    );
    page.formula(row, total, &sum, figures.losses.iter().sum(), &looks.strong)?;
    let formula = format!(
        "ROUND({},{COARSE})",
        class.weighted(unit, class.unrounded_column())
    );
    page.formula(
        row,
        class.unrounded_column(),
        &formula,
        figures.unrounded,
        &looks.plain,
    )
}

/// A whole number that orders an item's loss among those of its unit: the loss in hundredths,
/// then the place in the rubric.
pub(super) fn key_of(loss: Decimal, place: usize) -> Decimal {
    let hundred = Decimal::ONE_HUNDRED;
    round(loss * hundred, 0) * hundred + Decimal::from(99 - place.min(99))
}

/// The two items that cost a unit most, by place, of those that cost anything.
pub(super) fn costliest(losses: &[Decimal]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..losses.len()).collect();
    places.sort_by_key(|&place| std::cmp::Reverse(key_of(losses[place], place)));
    places.retain(|&place| round(losses[place], PLACES) > Decimal::ZERO);
    places.truncate(2);
    places
}
