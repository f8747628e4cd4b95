//! 得分计算: the rounds of one class, item by item, each with its proof that deductions and
//! score add up; and what the units lost, which other sheets show.

use anyhow::Result;
use rust_xlsxwriter::Worksheet;

use crate::decimal::{Decimal, round};
use crate::model::scorecard::{Scorecard, UnitScore};
use crate::output::report::figures::{self, Figures};
use crate::output::report::looks::Looks;
use crate::output::report::page::{LINE, Page, block, cell, fixed, on};
use crate::output::report::plan::{self, COARSE, Class, FINE, Plan, SUMS_ITEMS, base, width};
use crate::output::report::ranks::{By, From};
use crate::output::style;

const CONVERTS: &str = "有“不涉及”的，得分＝（计分分值－实扣合计）×满分÷计分分值，比各项目得分之和多出来的列入“折算”。";

const NOTE: &str = "项目得分＝分值－实扣（见填报底稿）；得分＝各项目得分之和；实扣与得分相加必须等于满分（核对）。\
    下表为各单位加权后的失分，供名次表、总览引用。";

pub(super) fn sheet(plan: &Plan, class: &Class) -> Result<Worksheet> {
    let mut widths = vec![22.0, 10.0, 6.0];
    widths.extend(class.items.iter().map(|_| 12.0));
    widths.extend([9.0, 9.0, 8.0, 15.0]);
    if class.converts {
        widths.extend([9.0, 9.0]);
    }
    let mut page = Page::new(&class.sums, &widths)?;
    let looks = Looks::new(class.rubric.printed_decimals());
    let title = format!("得分计算（{}）{}", class.rubric.class, class.mark());
    let converts = if class.converts { CONVERTS } else { "" };
    page.head(&title, &format!("{NOTE}{converts}"))?;
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
    if class.is_dense() {
        write_first_of_rank(&mut page, &looks, class)?;
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
    if class.converts {
        headings.extend(["计分分值", "折算"].map(str::to_owned));
    }
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
    for column in score + 1..class.beside_column() {
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
    let column = class.score_column();
    let line = Round {
        plan,
        class,
        place: (unit, round),
        scorecard,
        row,
        points,
        items: format!("{}:{}", cell(row, SUMS_ITEMS), cell(row, column - 1)),
        full: fixed(points, column),
        lost: cell(row, column + 1),
        counted: cell(row, class.points_column()),
    };
    let sum = format!("ROUND(SUM({}),{FINE})", line.all(base::APPLIED));
    let lost: Decimal = scorecard.items.iter().map(|item| item.lost()).sum();
    page.formula(row, column + 1, &sum, lost, &looks.points)?;
    if class.converts {
        line.write_converted(page, looks)
    } else {
        line.write_plain(page, looks)
    }
}

/// A round while it is written: what its formulas refer to.
struct Round<'a> {
    plan: &'a Plan<'a>,
    class: &'a Class<'a>,
    place: (u32, u32),
    scorecard: &'a Scorecard,
    row: u32,
    /// The row of the points of the items.
    points: u32,
    /// The scores of the items.
    items: String,
    /// The points of the rubric.
    full: String,
    /// The points lost.
    lost: String,
    /// The points that count.
    counted: String,
}

impl Round<'_> {
    /// All rows of the round in a column of 填报底稿.
    fn all(&self, column: u16) -> String {
        let first = self.class.base_row(self.place.0, self.place.1, 0);
        let last = first + self.class.rules - 1;
        on(&self.plan.base, &block((first, column), (last, column)))
    }

    /// The rows of an item in a column of 填报底稿.
    fn of_item(&self, item: usize, column: u16) -> (String, String) {
        let (first, last) = self.class.base_rows(self.place.0, self.place.1, item);
        let base = &self.plan.base;
        let rows = on(base, &block((first, column), (last, column)));
        (rows, on(base, &fixed(first, base::POINTS)))
    }

    fn write_plain(&self, page: &mut Page, looks: &Looks) -> Result<()> {
        let row = self.row;
        for (item, result) in self.scorecard.items.iter().enumerate() {
            let column = SUMS_ITEMS + width(item);
            let (taken, _) = self.of_item(item, base::APPLIED);
            let points = fixed(self.points, column);
            let formula = format!("ROUND({points}-SUM({taken}),{FINE})");
            page.formula(row, column, &formula, result.score, &looks.points)?;
        }
        let column = self.class.score_column();
        let sum = format!("ROUND(SUM({}),{FINE})", self.items);
        page.formula(row, column, &sum, self.scorecard.score, &looks.strong)?;
        let check = format!(
            "ROUND({}+{},{FINE})={}",
            cell(row, column),
            self.lost,
            self.full
        );
        page.check(row, column + 2, &check, true, &looks.truth)?;
        let unrounded = self.all(base::APPLIED_UNROUNDED);
        let sum = format!("ROUND({}-SUM({unrounded}),{FINE})", self.full);
        let result = figures::unrounded(self.class, self.scorecard);
        page.formula(row, column + 3, &sum, result, &looks.plain)
    }

    /// The same where 不涉及 can take points out: what is left of those that count is converted
    /// to the full points. Beside the printed table stand the points that each item lost.
    fn write_converted(&self, page: &mut Page, looks: &Looks) -> Result<()> {
        let Self {
            class,
            scorecard,
            row,
            full,
            counted,
            lost,
            items,
            ..
        } = self;
        let row = *row;
        let mut counts = Vec::new();
        for (item, result) in scorecard.items.iter().enumerate() {
            let (taken, points) = self.of_item(item, base::APPLIED);
            let formula = format!("ROUND({points}-SUM({taken}),{FINE})");
            let column = SUMS_ITEMS + width(item);
            page.formula(row, column, &formula, result.score, &looks.points)?;
            let formula = format!("ROUND(SUM({taken}),{FINE})");
            let column = class.beside_column() + width(item);
            page.formula(row, column, &formula, result.lost(), &style::text())?;
            counts.push(points);
        }
        let sum = format!("ROUND({},{FINE})", counts.join("+"));
        let column = class.points_column();
        page.formula(row, column, &sum, scorecard.points, &looks.points)?;
        let whole = |left: &str| format!("({counted}-{left})*{full}/{counted}");
        let column = class.score_column();
        let left = format!("ROUND({counted}-{lost},{FINE})");
        let converted = class.rounded(&whole(lost));
        let score = format!("IF(OR({counted}=0,{counted}={full}),{left},{converted})");
        page.formula(row, column, &score, scorecard.score, &looks.strong)?;
        let added = format!("ROUND({}-({counted}-{lost}),{FINE})", cell(row, column));
        let adds = scorecard.score - scorecard.kept;
        page.formula(row, class.converting_column(), &added, adds, &looks.points)?;
        let check = format!("ROUND(SUM({items})+{lost},{FINE})={counted}");
        page.check(row, column + 2, &check, true, &looks.truth)?;
        let unrounded = whole(&format!("SUM({})", self.all(base::APPLIED_UNROUNDED)));
        let formula = format!("IF({counted}=0,0,ROUND({unrounded},{FINE}))");
        let result = figures::unrounded(class, scorecard);
        page.formula(row, column + 3, &formula, result, &looks.plain)
    }
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
    let first_of_rank = if class.is_dense() {
        let name = &class.rubric.periods[class.periods.first().copied().unwrap_or_default()].name;
        ["综合得分首位".to_owned(), format!("{name}首位")]
    } else {
        [String::new(), String::new()]
    };
    headings.push("失分合计".to_owned());
    headings.extend(first_of_rank);
    headings.push("总分（未舍入）".to_owned());
    page.header(row, &headings)?;
    // Beside the printed table: the keys by which the costliest items are found, by name.
    let first = class.beside_column();
    for (column, item) in (first..).zip(&class.items) {
        page.text(row, column, &item.name, &style::text())?;
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
        let formula = if class.converts {
            let lost = class.weighted(unit, class.beside_column() + width(place));
            class.rounded(&lost)
        } else {
            let kept = cell(
                plan::RANKING_FIRST + unit,
                plan::RANKING_ITEMS + width(place),
            );
            let kept = on(&class.ranking, &kept);
            format!("ROUND({}-{kept},{FINE})", fixed(points, column))
        };
        page.formula(row, column, &formula, *loss, &looks.points)?;
        let key = format!(
            "ROUND({}*{},0)*100+{}",
            cell(row, column),
            steps(class.decimals()),
            99 - place.min(99)
        );
        page.formula(
            row,
            class.beside_column() + width(place),
            &key,
            key_of(*loss, place, class.decimals()),
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

/// Whether no unit above has the same rank, of the total and of the first period: 1 or 0.
fn write_first_of_rank(page: &mut Page, looks: &Looks, class: &Class) -> Result<()> {
    for (column, by) in class.first_of_rank_columns().into_iter().zip(By::ALL) {
        let Some(figures) = by.figures(class) else {
            continue;
        };
        for (unit, first) in (0..).zip(by.firsts(class)) {
            let formula = if unit == 0 {
                "1".to_owned()
            } else {
                let equal = figures.iter().map(|figure| {
                    let above = figure.cells(class, From::Sums, 0, unit - 1);
                    format!("{above},{}", figure.cells(class, From::Sums, unit, unit))
                });
                let equal = equal.collect::<Vec<_>>().join(",");
                format!("IF(COUNTIFS({equal})=0,1,0)")
            };
            let row = class.unit_row(unit);
            page.formula(row, column, &formula, u8::from(first).into(), &looks.whole)?;
        }
    }
    Ok(())
}

/// How many of the smallest steps of a figure make a point.
pub(super) fn steps(decimals: u32) -> Decimal {
    Decimal::from(10_u64.pow(decimals))
}

/// A whole number that orders an item's loss among those of its unit: the loss in the smallest
/// steps, then the place in the rubric.
pub(super) fn key_of(loss: Decimal, place: usize, decimals: u32) -> Decimal {
    round(loss * steps(decimals), 0) * Decimal::ONE_HUNDRED + Decimal::from(99 - place.min(99))
}

/// The two items that cost a unit most, by place, of those that cost anything.
pub(super) fn costliest(losses: &[Decimal], decimals: u32) -> Vec<usize> {
    let mut places: Vec<usize> = (0..losses.len()).collect();
    places.sort_by_key(|&place| std::cmp::Reverse(key_of(losses[place], place, decimals)));
    places.retain(|&place| round(losses[place], decimals) > Decimal::ZERO);
    places.truncate(2);
    places
}
