//! Scores for a terminal: one block a class.

use std::fmt::Write;

use comfy_table::{Cell, CellAlignment, LineStyle, Table, TableStyle, presets};

use crate::decimal::{Decimal, fixed, plain, round};
use crate::engine;
use crate::model::catalog::Catalog;
use crate::model::rubric::{Ranking, Rubric};
use crate::model::scorecard::{ClassResult, UnitScore};
use crate::output::{settings, unranked};

/// Columns and a line of dashes below the header; nothing that an old console draws twice as
/// wide as it is.
const STYLE: TableStyle = presets::NOTHING.header_separator(LineStyle::none().fill('-'));

/// Columns that the widest table takes at most, and that the legend is wrapped to.
const WIDTH: usize = 100;

/// The results as text. With `only`, the name of the period that was ranked alone.
pub fn render(catalog: &Catalog, results: &[ClassResult], only: Option<&str>) -> String {
    let blocks = results.iter().map(|class| block(catalog, class, only));
    blocks.collect::<Vec<_>>().join("\n")
}

fn block(catalog: &Catalog, class: &ClassResult, only: Option<&str>) -> String {
    let rubric = &catalog.rubrics[class.rubric];
    let period = only.map(|only| format!("{only} ")).unwrap_or_default();
    let provisional = if class.provisional {
        "（暂定）"
    } else {
        ""
    };
    let mut text = format!(
        "{} {} 年度 {period}已计分 {} 个单位{provisional}\n",
        rubric.class,
        rubric.year,
        class.units.len(),
    );
    if !class.units.is_empty() {
        push_lines(&mut text, &standings(catalog, rubric, class).to_string());
        let items = rubric
            .items()
            .map(|item| format!("{} {}（{} 分）", item.no, item.name, plain(item.points)));
        let legend = format!("各项失分：{}", items.collect::<Vec<_>>().join("，"));
        for line in [legend].into_iter().chain(choices(rubric, only.is_none())) {
            let wrapped = textwrap::fill(
                &line,
                textwrap::Options::new(WIDTH).subsequent_indent("          "),
            );
            push_lines(&mut text, &wrapped);
        }
    }
    for left in &class.unranked {
        let line = format!(
            "未排名：{}，{}",
            catalog.roster.units()[left.unit].name,
            unranked::why(rubric, left)
        );
        push_lines(&mut text, &line);
    }
    text
}

/// What the rubric chose otherwise than most do, in words; grades are those of the year.
fn choices(rubric: &Rubric, year: bool) -> Vec<String> {
    let ranking = (rubric.ranking != Ranking::default()).then(|| settings::ties(rubric));
    let grades = settings::grades(rubric).filter(|_| year);
    let out = settings::not_applicable(rubric);
    let lines = [
        ("排名办法", ranking),
        ("等次　　", grades),
        ("不涉及　", out),
    ];
    let line = |(label, words): (&str, Option<String>)| Some(format!("{label}：{}", words?));
    lines.into_iter().filter_map(line).collect()
}

fn push_lines(text: &mut String, lines: &str) {
    for line in lines.lines() {
        writeln!(text, "{}", line.trim_end()).expect("a string takes any text");
    }
}

fn standings(catalog: &Catalog, rubric: &Rubric, class: &ClassResult) -> Table {
    let periods: Vec<usize> = (0..rubric.periods.len())
        .filter(|period| {
            let has = |unit: &UnitScore| unit.periods.iter().any(|score| score.period == *period);
            class.units.iter().any(has)
        })
        .collect();
    let places = rubric.printed_decimals();
    let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
    let mut table = Table::new();
    table.load_style(STYLE);
    let mut header = vec![right("名次".to_owned()), Cell::new("单位")];
    header.extend(
        periods
            .iter()
            .map(|&period| right(rubric.periods[period].name.clone())),
    );
    header.push(right("总分".to_owned()));
    let graded = class.units.iter().any(|unit| unit.grade.is_some());
    header.extend(graded.then(|| Cell::new("等次")));
    header.extend(rubric.items().map(|item| right(format!("失分{}", item.no))));
    table.set_header(header);
    for unit in &class.units {
        let mut row = vec![
            right(
                unit.rank
                    .map_or_else(|| "-".to_owned(), |rank| rank.to_string()),
            ),
            Cell::new(&catalog.roster.units()[unit.unit].name),
        ];
        row.extend(periods.iter().map(|&period| {
            let score = unit.periods.iter().find(|score| score.period == period);
            right(score.map_or_else(String::new, |score| fixed(score.score, places)))
        }));
        row.push(right(
            unit.total
                .map_or_else(|| "-".to_owned(), |total| fixed(total, places)),
        ));
        let grade = rubric.grade_name(unit.grade).unwrap_or_default();
        row.extend(graded.then(|| Cell::new(grade)));
        let items = 0..rubric.items().count();
        let losses = items.map(|item| engine::lost_of_year(&unit.periods, item));
        row.extend(losses.map(|lost| right(lost_text(round(lost, places), places))));
        table.add_row(row);
    }
    table
}

/// Points lost, nothing printed where nothing is lost.
fn lost_text(lost: Decimal, places: u32) -> String {
    if lost.is_zero() {
        "·".to_owned()
    } else {
        fixed(lost, places)
    }
}
