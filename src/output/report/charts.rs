//! The charts of 总览.

use anyhow::Result;
use rust_xlsxwriter::{Chart, ChartFont, ChartLegendPosition, ChartSolidFill, ChartType, Color};

use crate::output::report::overview::COLUMNS;
use crate::output::report::page::{LINE, Page};
use crate::output::report::plan::{Class, Plan, RANKING_FIRST, width};
use crate::output::style;

/// Pixels of a row of [`LINE`] points.
const ROW: u32 = (LINE as u32) * 4 / 3;

/// Pixels of the sheet's width.
const ACROSS: u32 = 940;

/// The most units that a chart of ranks shows: beyond it names cannot be read.
const MOST: u32 = 40;

/// Colours of the classes: blue, green, orange, grey.
const COLOURS: [u32; 4] = [0x2F_5597, 0x70_AD47, 0xED_7D31, 0x7F_7F7F];

fn font(size: f64) -> ChartFont {
    let mut font = ChartFont::new();
    font.set_name("仿宋_GB2312").set_size(size);
    font
}

fn fill(place: usize) -> ChartSolidFill {
    let mut fill = ChartSolidFill::new();
    fill.set_color(Color::RGB(COLOURS[place % COLOURS.len()]));
    fill
}

/// How scores are distributed: the bands whose headings stand in `heading`, a column a class;
/// gives the row below the chart.
pub(super) fn distribution(
    page: &mut Page,
    plan: &Plan,
    sheet: &str,
    heading: u32,
    row: u32,
) -> Result<u32> {
    const ROWS: u32 = 9;
    let mut chart = Chart::new(ChartType::Column);
    for (place, class) in plan.classes.iter().enumerate() {
        let column = 3 + 2 * width(place);
        if column + 1 >= COLUMNS {
            break;
        }
        chart
            .add_series()
            .set_name(&words(&class.rubric.class))
            .set_categories((sheet, heading + 1, 0, heading + 5, 0))
            .set_values((sheet, heading + 1, column, heading + 5, column))
            .set_format(rust_xlsxwriter::ChartFormat::new().set_solid_fill(&fill(place)))
            .set_gap(80);
    }
    chart
        .title()
        .set_name("各类单位得分分布")
        .set_font(&font(12.0));
    chart
        .legend()
        .set_position(ChartLegendPosition::Bottom)
        .set_font(&font(9.0));
    chart.x_axis().set_font(&font(9.0));
    chart.y_axis().set_font(&font(9.0)).set_num_format("0");
    chart.set_width(ACROSS).set_height(ROWS * ROW - 6);
    place(page, &chart, row, ROWS)
}

/// How many rows the chart of a class takes.
pub(super) fn ranking_rows(class: &Class) -> u32 {
    let shown = class.units().min(MOST);
    (shown * 17 + 60).div_ceil(ROW).clamp(8, 28)
}

/// Who stands where: one bar a unit, the first on top; gives the row below the chart.
pub(super) fn ranking(page: &mut Page, class: &Class, row: u32) -> Result<u32> {
    if !class.whole_year() {
        return Ok(row);
    }
    let shown = class.units().min(MOST);
    let rows = ranking_rows(class);
    let last = RANKING_FIRST + shown - 1;
    let column = class.total_column();
    let mut chart = Chart::new(ChartType::Bar);
    let series = chart.add_series();
    series
        .set_categories((class.ranking.as_str(), RANKING_FIRST, 1, last, 1))
        .set_values((class.ranking.as_str(), RANKING_FIRST, column, last, column))
        .set_format(rust_xlsxwriter::ChartFormat::new().set_solid_fill(&fill(0)))
        .set_gap(45)
        .set_data_label(
            rust_xlsxwriter::ChartDataLabel::new()
                .show_value()
                .set_num_format(style::points(class.rubric.printed_decimals()))
                .set_font(&font(8.0)),
        );
    let title = if shown < class.units() {
        format!(
            "{}综合得分（前{shown}名）{}",
            class.rubric.class,
            class.mark()
        )
    } else {
        format!("{}综合得分{}", class.rubric.class, class.mark())
    };
    chart.title().set_name(&words(&title)).set_font(&font(12.0));
    chart.legend().set_hidden();
    chart.y_axis().set_font(&font(8.0)).set_reverse();
    chart
        .x_axis()
        .set_hidden(true)
        .set_min(0)
        .set_major_gridlines(false);
    chart.set_width(ACROSS).set_height(rows * ROW - 6);
    place(page, &chart, row, rows)
}

/// A text for a chart: with `!` in it, or `=` before it, it could be taken for a reference.
fn words(text: &str) -> String {
    text.replace('!', "！").replace('=', "＝")
}

/// Puts a chart over empty rows; gives the row below them.
fn place(page: &mut Page, chart: &Chart, row: u32, rows: u32) -> Result<u32> {
    for row in row..row + rows {
        page.sheet.set_row_height(row, LINE)?;
    }
    page.sheet.insert_chart_with_offset(row, 0, chart, 4, 4)?;
    Ok(row + rows)
}
