//! 总览: what came out, at a glance: counts and means, how scores are distributed, who stands
//! where, which items cost most, on what data it rests, and what the rubric decided where the
//! document is silent.

use anyhow::Result;
use rust_xlsxwriter::Worksheet;

use crate::decimal::{Decimal, PLACES, plain, round};
use crate::output::report::basis::Basis;
use crate::output::report::charts;
use crate::output::report::heat;
use crate::output::report::looks::Looks;
use crate::output::report::notes;
use crate::output::report::page::{LINE, Page, cell};
use crate::output::report::plan::{Class, FINE, Plan, width};
use crate::output::style;

/// Columns of the sheet, all of one width: what stands below each other differs too much.
pub(super) const COLUMNS: u16 = 12;

/// Their width: twelve of them fill A4 landscape.
const WIDTH: f64 = 10.7;

/// At which that is so in every program, whatever font it takes for the standard one.
const SCALE: u16 = 74;

/// Where bands of scores begin, in percent of the full points, from the highest; the last one
/// goes down to nothing.
const BANDS: [u32; 5] = [95, 90, 85, 80, 0];

const NOTE: &str = "各数由名次表、得分计算表引来，均为公式。分数段含下限、不含上限。";

pub(super) fn sheet(plan: &Plan, basis: &Basis, name: &str) -> Result<Worksheet> {
    let mut page = Page::new(name, &[WIDTH; COLUMNS as usize])?;
    let looks = Looks::new(PLACES);
    let mark = if plan.provisional() {
        "（暂定）"
    } else {
        ""
    };
    page.head(&format!("考核结果总览{mark}"), NOTE)?;
    let mut row = summary(&mut page, &looks, plan, 2)?;
    row = data(&mut page, &looks, plan, basis, row + 1)?;
    let bands = row + 1;
    row = distribution(&mut page, &looks, plan, bands)?;
    row = charts::distribution(&mut page, plan, name, bands + 1, row)?;
    let mut pages = Pages::starting(row);
    for class in &plan.classes {
        pages.take(row, f64::from(charts::ranking_rows(class)) * LINE);
        row = charts::ranking(&mut page, class, row)?;
    }
    for class in &plan.classes {
        for items in heat::tables(class) {
            pages.take(row, heat::height(class));
            row = heat::table(&mut page, &looks, plan, (class, items), row)? + 1;
        }
    }
    if notes::any(plan) {
        pages.take(row, Pages::HEIGHT);
        row = notes::table(&mut page, &looks, plan, row)?;
    }
    page.sheet.set_page_breaks(&pages.breaks)?;
    // Fitting to the page's width would make spreadsheet programs ignore the page breaks.
    page.sheet.set_print_fit_to_pages(0, 0);
    page.sheet.set_print_scale(SCALE);
    page.print(None, row.max(1) - 1)?;
    Ok(page.sheet)
}

/// Where pages end, so that no chart and no short table is cut.
struct Pages {
    breaks: Vec<u32>,
    used: f64,
}

impl Pages {
    /// Points of height on a page at [`SCALE`].
    const HEIGHT: f64 = 660.0;

    /// A new page from `row` on.
    fn starting(row: u32) -> Self {
        Self {
            breaks: vec![row],
            used: 0.0,
        }
    }

    /// A block of this height stands at `row`: on a new page, if this one has no room for it.
    fn take(&mut self, row: u32, height: f64) {
        if self.used > 0.0 && self.used + height > Self::HEIGHT {
            self.breaks.push(row);
            self.used = 0.0;
        }
        self.used = (self.used + height) % Self::HEIGHT.next_up();
    }
}

/// Counts, means, highest and lowest of each class.
fn summary(page: &mut Page, looks: &Looks, plan: &Plan, row: u32) -> Result<u32> {
    page.across(row, "一、总体情况", &looks.section, 12.0)?;
    let headings = [
        "类别",
        "",
        "已排名",
        "未排名",
        "平均分",
        "最高分",
        "最高分单位",
        "",
        "最低分",
        "最低分单位",
        "",
        "极差",
    ];
    page.header(row + 1, &headings)?;
    for (first, heading) in [(0, "类别"), (6, "最高分单位"), (9, "最低分单位")] {
        page.band(row + 1, first, first + 1, heading, &style::header())?;
    }
    let mut row = row + 2;
    for class in &plan.classes {
        page.band(row, 0, 1, &class.rubric.class, &looks.text)?;
        page.sheet.set_row_height(row, 30)?;
        let totals = class.ranking_column(class.total_column());
        let ranked = class
            .result
            .units
            .iter()
            .filter(|unit| unit.total.is_some());
        let counted = format!("COUNT({totals})");
        page.formula(row, 2, &counted, ranked.count().into(), &looks.whole)?;
        let scored = class.result.units.iter();
        let open = scored.filter(|unit| unit.total.is_none()).count();
        let left = class.result.unranked.len() + open;
        page.count(row, 3, left, &looks.whole)?;
        extremes(page, looks, plan, class, row, &totals)?;
        row += 1;
    }
    Ok(row)
}

/// Mean, highest, lowest and range of a class, if it has totals.
fn extremes(
    page: &mut Page,
    looks: &Looks,
    plan: &Plan,
    class: &Class,
    row: u32,
    totals: &str,
) -> Result<()> {
    let units = &class.result.units;
    let scores: Vec<Decimal> = units.iter().filter_map(|unit| unit.total).collect();
    let (Some(&high), Some(&low)) = (scores.iter().max(), scores.iter().min()) else {
        for column in [4, 5, 8, 11] {
            page.text(row, column, "—", &looks.centred)?;
        }
        page.band(row, 6, 7, "—", &looks.centred)?;
        return page.band(row, 9, 10, "—", &looks.centred);
    };
    let looks = &Looks::new(class.rubric.printed_decimals());
    let mean = scores.iter().sum::<Decimal>() / Decimal::from(scores.len());
    let mean_formula = format!("ROUND(AVERAGE({totals}),{})", class.decimals());
    page.formula(
        row,
        4,
        &mean_formula,
        round(mean, class.decimals()),
        &looks.points,
    )?;
    page.formula(row, 5, &format!("MAX({totals})"), high, &looks.points)?;
    page.formula(row, 8, &format!("MIN({totals})"), low, &looks.points)?;
    let range = format!("ROUND({}-{},{FINE})", cell(row, 5), cell(row, 8));
    page.formula(row, 11, &range, high - low, &looks.points)?;
    let names = class.ranking_column(1);
    for (column, score, from) in [(6, high, 5), (9, low, 8)] {
        let unit = units.iter().find(|unit| unit.total == Some(score));
        let name = unit.map(|unit| plan.name(unit)).unwrap_or_default();
        let formula = format!("INDEX({names},MATCH({},{totals},0))", cell(row, from));
        page.band(row, column, column + 1, "", &looks.centred)?;
        page.words(row, column, &formula, name, &looks.centred)?;
    }
    Ok(())
}

/// What the results rest on: files, rounds, what is missing.
fn data(page: &mut Page, looks: &Looks, plan: &Plan, basis: &Basis, row: u32) -> Result<u32> {
    page.across(row, "二、数据基础", &looks.section, 12.0)?;
    let mut lines = vec![format!(
        "读入文件 {} 个，文件名和 SHA-256 见“核验信息”；kaohe {}。",
        basis.files.len(),
        basis.version
    )];
    for class in &plan.classes {
        let rounds = class.periods.iter().map(|&period| {
            let rounds = class.rounds.iter().filter(|(of, _)| *of == period).count();
            format!("{}{rounds}轮", class.rubric.periods[period].name)
        });
        let left = class.result.unranked.iter();
        let left: Vec<&str> = left
            .map(|left| plan.catalog.roster.units()[left.unit].name.as_ref())
            .collect();
        let mut missing = if left.is_empty() {
            "没有缺交的单位".to_owned()
        } else {
            format!("未计分 {} 个：{}", left.len(), left.join("、"))
        };
        if !class.whole_year() {
            let open = class.open_periods().join("、");
            missing += &format!("；还没有{open}，没有综合得分和名次");
        }
        let provisional = if class.result.provisional {
            "；名次暂定"
        } else {
            ""
        };
        lines.push(format!(
            "{}：{}，{} 个单位；细则 {} 版本 {}（{}）；{missing}{provisional}。",
            class.rubric.class,
            rounds.collect::<Vec<_>>().join("、"),
            class.result.units.len(),
            class.rubric.id,
            class.rubric.version,
            class.rubric.date,
        ));
    }
    let mut row = row + 1;
    for line in lines {
        page.across(row, &line, &looks.note, style::TEXT_SIZE)?;
        row += 1;
    }
    Ok(row)
}

/// The full points, where they are the same for all classes.
fn full_of_all(plan: &Plan) -> Option<Decimal> {
    let mut points = plan.classes.iter().map(|class| class.rubric.points());
    let first = points.next()?;
    points.all(|other| other == first).then_some(first)
}

/// A band of scores, its lower end within.
struct Band {
    name: String,
    from: Decimal,
    below: Decimal,
}

/// The bands: in points, or in percent where the classes have different full points.
fn bands(plan: &Plan) -> Vec<Band> {
    let unit = if full_of_all(plan).is_some() {
        "分"
    } else {
        "%"
    };
    let full = full_of_all(plan).unwrap_or(Decimal::ONE_HUNDRED);
    let at = |percent: u32| Decimal::from(percent) * full / Decimal::ONE_HUNDRED;
    let mut above: Option<u32> = None;
    BANDS
        .map(|percent| {
            let from = plain(at(percent));
            let name = match above {
                None => format!("{from}{unit}以上"),
                Some(above) if percent == 0 => format!("{}{unit}以下", plain(at(above))),
                Some(above) => format!("{from}－{}{unit}", plain(at(above))),
            };
            // Beyond the full points there is nothing.
            let below = above.map_or(full + Decimal::ONE, at);
            above = Some(percent);
            Band {
                name,
                from: at(percent),
                below,
            }
        })
        .into()
}

/// How many units of each class have a score within each band.
fn distribution(page: &mut Page, looks: &Looks, plan: &Plan, row: u32) -> Result<u32> {
    page.across(row, "三、得分分布（单位数）", &looks.section, 12.0)?;
    page.header(row + 1, &["分数段", "下限", "上限"])?;
    for (place, class) in plan.classes.iter().enumerate() {
        let first = 3 + 2 * width(place);
        if first + 1 >= COLUMNS {
            break;
        }
        page.band(
            row + 1,
            first,
            first + 1,
            &class.rubric.class,
            &style::header(),
        )?;
    }
    page.sheet.set_row_height(row + 1, 30)?;
    let mut row = row + 2;
    for band in bands(plan) {
        page.text(row, 0, &band.name, &looks.centred)?;
        page.number(row, 1, band.from, &looks.centred)?;
        page.number(row, 2, band.below, &looks.centred)?;
        page.sheet.set_row_height(row, LINE)?;
        for (place, class) in plan.classes.iter().enumerate() {
            let first = 3 + 2 * width(place);
            if first + 1 >= COLUMNS {
                break;
            }
            let totals = class.ranking_column(class.total_column());
            // Where the classes have different full points, the bounds are percentages.
            let scale = full_of_all(plan).is_none().then(|| class.rubric.points());
            let bound = |column| match scale {
                Some(full) => format!("ROUND({}*{}/100,4)", cell(row, column), plain(full)),
                None => cell(row, column),
            };
            let formula = format!(
                "COUNTIFS({totals},\">=\"&{},{totals},\"<\"&{})",
                bound(1),
                bound(2)
            );
            let scaled = |bound: Decimal| match scale {
                Some(full) => bound * full / Decimal::ONE_HUNDRED,
                None => bound,
            };
            let within = |total: Decimal| total >= scaled(band.from) && total < scaled(band.below);
            let units = class.result.units.iter().filter_map(|unit| unit.total);
            let count = units.filter(|total| within(*total)).count();
            page.band(row, first, first + 1, "", &looks.whole)?;
            page.formula(row, first, &formula, count.into(), &looks.whole)?;
        }
        row += 1;
    }
    Ok(row)
}
