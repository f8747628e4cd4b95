//! The ranking sheet of one class, in the form of an official table that a head signs.

use anyhow::Result;
use rust_xlsxwriter::{ConditionalFormatFormula, Format, Worksheet};

use crate::decimal::{Decimal, plain};
use crate::engine;
use crate::model::scorecard::UnitScore;
use crate::output::report::figures::Figures;
use crate::output::report::looks::Looks;
use crate::output::report::page::{LINE, Page, block, cell, fixed, on};
use crate::output::report::plan::{
    Class, FINE, Plan, RANKING_FIRST, RANKING_ITEMS, SUMS_ITEMS, width,
};
use crate::output::report::ranks::{self, By};
use crate::output::report::sums;
use crate::output::settings;
use crate::output::style;
use crate::output::unranked;

/// The row of headings.
const HEADER: u32 = 2;

/// Stands where there is no figure yet.
const NONE: &str = "—";

pub(super) fn sheet(plan: &Plan, class: &Class) -> Result<Worksheet> {
    let names = class
        .result
        .units
        .iter()
        .map(|unit| style::width(plan.name(unit)));
    let longest = names.max().unwrap_or(0).clamp(12, 30);
    let mut widths = vec![9.0, longest as f64 + 2.0];
    widths.extend(class.items.iter().map(|_| 10.0));
    widths.extend(class.converted_column().map(|_| 7.5));
    widths.push(7.5);
    widths.extend(class.periods.iter().map(|_| 9.0));
    widths.push(9.5);
    widths.extend(class.grade_column().map(|_| 8.0));
    widths.extend([7.5, 22.0, 9.0, 7.5]);
    let mut page = Page::new(&class.ranking, &widths)?;
    let looks = Looks::new(class.rubric.printed_decimals());
    page.head(&title(class), "")?;
    subtitle(&mut page, class)?;
    page.header(HEADER, &headings(class))?;
    write_points(&mut page, &looks, class)?;
    let firsts = By::FirstPeriod.keys(class);
    let firsts = engine::ranks(&firsts, class.rubric.ranking.ties);
    for (unit, score) in (0..).zip(&class.result.units) {
        let line = Line {
            class,
            unit,
            score,
            row: RANKING_FIRST + unit,
            figures: Figures::of(class, score),
            first_rank: firsts.get(unit as usize).copied(),
        };
        line.write(&mut page, &looks, plan.name(score))?;
    }
    mark_ties(&mut page, class)?;
    let last = write_foot(&mut page, plan, class)?;
    page.sheet.set_freeze_panes(RANKING_FIRST, 2)?;
    page.print(Some(HEADER), last)?;
    page.sheet.set_repeat_rows(HEADER, HEADER + 1)?;
    Ok(page.sheet)
}

fn title(class: &Class) -> String {
    format!(
        "{}年度{}考核结果排名表{}",
        class.rubric.year,
        class.rubric.class,
        class.mark()
    )
}

/// The line between title and table: what it rests on, and the unit of its figures.
fn subtitle(page: &mut Page, class: &Class) -> Result<()> {
    let periods = class.periods.iter().map(|&period| {
        let name = &class.rubric.periods[period].name;
        let rounds = class.rounds.iter().filter(|(of, _)| *of == period).count();
        format!("{name} {rounds} 轮")
    });
    let periods = periods.collect::<Vec<_>>().join("、");
    let last = page.columns - 1;
    let text = format!(
        "考核年度：{}年　　考核时段：{periods}　　依据：{}",
        class.rubric.year, class.rubric.source
    );
    page.sheet.set_row_height(1, 22)?;
    page.band(1, 0, last - 2, &text, &style::text())?;
    let right = style::text().set_align(rust_xlsxwriter::FormatAlign::Right);
    page.band(1, last - 1, last, "单位：分", &right)
}

fn headings(class: &Class) -> Vec<String> {
    let mut headings = vec!["名次".to_owned(), "单位".to_owned()];
    headings.extend(class.items.iter().map(|item| item.label()));
    headings.extend(class.converted_column().map(|_| "折算".to_owned()));
    headings.push("舍入差".to_owned());
    headings.extend(
        class
            .periods
            .iter()
            .map(|&p| class.rubric.periods[p].name.clone()),
    );
    headings.push("综合得分".to_owned());
    headings.extend(class.grade_column().map(|_| "等次".to_owned()));
    headings.extend(["失分", "失分最多的项目"].map(str::to_owned));
    let first = class
        .periods
        .first()
        .map(|&p| class.rubric.periods[p].name.as_str());
    let first = first.unwrap_or_default();
    headings.push(format!("{first}名次"));
    headings.push("名次升降".to_owned());
    headings
}

/// The row of points below the headings.
fn write_points(page: &mut Page, looks: &Looks, class: &Class) -> Result<()> {
    let row = HEADER + 1;
    let points = class.rounds_header() + 1;
    page.band(row, 0, 1, "分值", &looks.faint)?;
    page.sheet.set_row_height(row, LINE)?;
    for column in RANKING_ITEMS..page.columns {
        page.text(row, column, "", &looks.faint)?;
    }
    for (place, item) in class.items.iter().enumerate() {
        let place = width(place);
        let formula = on(&class.sums, &fixed(points, SUMS_ITEMS + place));
        page.formula(
            row,
            RANKING_ITEMS + place,
            &formula,
            item.points,
            &looks.faint_points,
        )?;
    }
    let total: Decimal = class.items.iter().map(|item| item.points).sum();
    let formula = on(&class.sums, &fixed(points, class.score_column()));
    let first = class.period_column(0);
    for column in first..=class.total_column() {
        page.formula(row, column, &formula, total, &looks.faint_points)?;
    }
    Ok(())
}

/// A unit's row.
struct Line<'a> {
    class: &'a Class<'a>,
    unit: u32,
    score: &'a UnitScore,
    row: u32,
    figures: Figures,
    first_rank: Option<usize>,
}

impl Line<'_> {
    fn write(&self, page: &mut Page, looks: &Looks, name: &str) -> Result<()> {
        page.foreign(self.row, 1, name, &looks.text)?;
        page.fit(
            self.row,
            &[(1, name), (self.class.lost_column() + 1, &self.costliest())],
        )?;
        for (place, score) in self.figures.items.iter().enumerate() {
            let place = width(place);
            let sum = self.class.weighted(self.unit, SUMS_ITEMS + place);
            let formula = self.class.rounded(&sum);
            page.formula(
                self.row,
                RANKING_ITEMS + place,
                &formula,
                *score,
                if self.class.never_counts(self.score, usize::from(place)) {
                    &looks.out
                } else {
                    &looks.points
                },
            )?;
        }
        for (place, period) in self.score.periods.iter().enumerate() {
            let score = self.class.score_column();
            let together = self.class.together(self.unit, period.period, score);
            let formula = self.class.rounded(&together);
            let column = self.class.period_column(place);
            page.formula(self.row, column, &formula, period.score, &looks.points)?;
        }
        if let (Some(column), Some(adds)) = (self.class.converted_column(), self.figures.converting)
        {
            let sum = self
                .class
                .weighted(self.unit, self.class.converting_column());
            page.formula(
                self.row,
                column,
                &self.class.rounded(&sum),
                adds,
                &looks.points,
            )?;
        }
        self.write_total(page, looks)?;
        self.write_grade(page, looks)?;
        self.write_costliest(page, looks)?;
        self.write_ranks(page, looks)
    }

    /// Total, what rounding leaves, points lost.
    fn write_total(&self, page: &mut Page, looks: &Looks) -> Result<()> {
        let column = self.class.total_column();
        let rest_column = self.class.rest_column();
        let (Some(total), Some(rest)) = (self.score.total, self.figures.rest) else {
            for column in [rest_column, column, self.class.lost_column()] {
                page.text(self.row, column, NONE, &looks.centred)?;
            }
            return Ok(());
        };
        let terms: Vec<String> = (self.class.periods.iter().enumerate())
            .map(|(place, &period)| {
                let score = cell(self.row, self.class.period_column(place));
                format!("{}*{score}", self.class.weight(period))
            })
            .collect();
        let formula = self.class.rounded(&terms.join("+"));
        page.formula(self.row, column, &formula, total, &looks.strong)?;
        let items = format!(
            "SUM({}:{})",
            cell(self.row, RANKING_ITEMS),
            cell(self.row, rest_column - 1)
        );
        let here = cell(self.row, column);
        let formula = format!("ROUND({here}-{items},{FINE})");
        page.formula(self.row, rest_column, &formula, rest, &looks.points)?;
        let points: Decimal = self.class.items.iter().map(|item| item.points).sum();
        let formula = format!("ROUND({}-{here},{FINE})", fixed(HEADER + 1, column));
        let lost = self.class.lost_column();
        page.formula(self.row, lost, &formula, points - total, &looks.points)
    }

    fn write_grade(&self, page: &mut Page, looks: &Looks) -> Result<()> {
        let rubric = self.class.rubric;
        let (Some(column), Some(grades)) = (self.class.grade_column(), &rubric.grades) else {
            return Ok(());
        };
        let formula = ranks::grade(self.class, grades, self.row);
        match (rubric.grade_name(self.score.grade), formula) {
            (Some(name), Some(formula)) => {
                page.words(self.row, column, &formula, name, &looks.centred)
            }
            _ => page.text(self.row, column, NONE, &looks.centred),
        }
    }

    /// The names of the two items that cost most, with what they cost.
    fn costliest(&self) -> String {
        let places = sums::costliest(&self.figures.losses, self.class.decimals());
        let names: Vec<&str> = places
            .iter()
            .map(|&place| self.class.items[place].name.as_str())
            .collect();
        if names.is_empty() {
            "无".to_owned()
        } else {
            names.join("；")
        }
    }

    fn write_costliest(&self, page: &mut Page, looks: &Looks) -> Result<()> {
        let sums = &self.class.sums;
        let items = self.class.items.len();
        let row = self.class.unit_row(self.unit);
        let first = self.class.beside_column();
        let keys = on(sums, &block((row, first), (row, first + width(items) - 1)));
        let header = self.class.units_header();
        let names = block((header, first), (header, first + width(items) - 1));
        let names = on(sums, &names);
        let nth = |n: usize| format!("INDEX({names},MATCH(LARGE({keys},{n}),{keys},0))");
        let lost = |n: usize| format!("LARGE({keys},{n})>=100");
        let second = if items > 1 {
            format!("&IF({},\"；\"&{},\"\")", lost(2), nth(2))
        } else {
            String::new()
        };
        let formula = format!("IF({},{}{second},\"无\")", lost(1), nth(1));
        page.words(
            self.row,
            self.class.lost_column() + 1,
            &formula,
            &self.costliest(),
            &looks.text,
        )
    }

    /// Ranks: of the total, of the first period, and how far the one is from the other.
    fn write_ranks(&self, page: &mut Page, looks: &Looks) -> Result<()> {
        let first_column = self.class.lost_column() + 2;
        let change = looks
            .whole
            .clone()
            .set_num_format("\"升\"0;\"降\"0;\"持平\"");
        match (self.first_rank, By::FirstPeriod.rank(self.class, self.row)) {
            (Some(rank), Some(formula)) => {
                page.formula(self.row, first_column, &formula, rank.into(), &looks.whole)?;
            }
            _ => page.text(self.row, first_column, NONE, &looks.centred)?,
        }
        let bold = looks.whole.clone().set_bold();
        let by_total = By::Total.rank(self.class, self.row);
        match (self.score.rank, self.first_rank, by_total) {
            (Some(rank), Some(first), Some(formula)) => {
                page.formula(self.row, 0, &formula, rank.into(), &bold)?;
                let formula = format!("{}-{}", cell(self.row, first_column), cell(self.row, 0));
                let moved = Decimal::from(first) - Decimal::from(rank);
                page.formula(self.row, first_column + 1, &formula, moved, &change)
            }
            _ => {
                page.text(self.row, 0, NONE, &looks.centred)?;
                page.text(self.row, first_column + 1, NONE, &looks.centred)
            }
        }
    }
}

/// Equal ranks are shown as such; the cell still holds the number.
fn mark_ties(page: &mut Page, class: &Class) -> Result<()> {
    let last = class.ranking_last();
    let ranks = block((RANKING_FIRST, 0), (last, 0));
    let tied = format!(
        "=AND(ISNUMBER($A{0}),COUNTIF({ranks},$A{0})>1)",
        RANKING_FIRST + 1
    );
    let format = Format::new().set_num_format("0\"（并列）\"");
    let rule = ConditionalFormatFormula::new()
        .set_rule(tied.as_str())
        .set_format(format);
    page.sheet
        .add_conditional_format(RANKING_FIRST, 0, last, 0, &rule)?;
    Ok(())
}

/// Notes, who is not ranked, and where to sign; gives the last row.
fn write_foot(page: &mut Page, plan: &Plan, class: &Class) -> Result<u32> {
    let mut row = class.ranking_last() + 1;
    let looks = Looks::new(class.rubric.printed_decimals());
    let mut notes = vec![notes(class)];
    if !class.result.unranked.is_empty() {
        let left = class.result.unranked.iter().map(|left| {
            let name = &plan.catalog.roster.units()[left.unit].name;
            format!("{name}（{}）", unranked::why(class.rubric, left))
        });
        notes.push(format!("未排名：{}。", left.collect::<Vec<_>>().join("；")));
    }
    for note in notes {
        page.across(row, &note, &looks.note, style::TEXT_SIZE)?;
        row += 1;
    }
    page.sheet.set_row_height(row, 12)?;
    let last = page.columns - 1;
    let third = page.columns / 3;
    let sign = style::label().set_font_size(11.0);
    page.band(row + 1, 0, third - 1, "制表人：", &sign)?;
    page.band(row + 1, third, 2 * third - 1, "审核人：", &sign)?;
    page.band(row + 1, 2 * third, last, "负责人（签字）：", &sign)?;
    page.band(
        row + 2,
        2 * third,
        last,
        "日期：　　　　年　　月　　日",
        &sign,
    )?;
    page.sheet.set_row_height(row + 1, 30)?;
    page.sheet.set_row_height(row + 2, 26)?;
    Ok(row + 2)
}

fn notes(class: &Class) -> String {
    let rubric = class.rubric;
    let weights = rubric.periods.iter().map(|period| {
        let percent = plain(period.weight * Decimal::ONE_HUNDRED);
        format!("{}占{percent}%", period.name)
    });
    let weights = weights.collect::<Vec<_>>().join("，");
    let mut notes = vec![
        format!(
            "综合得分＝各时段得分加权之和（{weights}），{}。",
            settings::rounds(rubric)
        ),
        format!(
            "各项目得分按同样的权重合成；“舍入差”是四舍五入到{}留下的差额，各项目得分{}与舍入差相加等于综合得分。",
            settings::decimals(rubric),
            if class.converts { "、折算" } else { "" }
        ),
        format!("{}。", settings::ties(rubric, true)),
    ];
    notes.extend(settings::not_applicable(rubric).map(|words| words + "。"));
    notes.extend(settings::grades(rubric).map(|words| format!("等次：{words}。")));
    notes.push("每一分的来由见“扣分台账”，计算过程见“得分计算”“填报底稿”。".to_owned());
    if class.result.provisional {
        let mut note = "材料尚未交齐，本表名次为暂定。".to_owned();
        let open = class.open_periods();
        if !open.is_empty() {
            note += &format!("还缺{}，没有综合得分。", open.join("、"));
        }
        notes.push(note);
    }
    let numbered = (1..)
        .zip(notes)
        .map(|(number, note)| format!("{number}.{note}"));
    format!("注：{}", numbered.collect::<String>())
}
