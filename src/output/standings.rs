//! Scores for a terminal: one block a class.

use std::fmt::Write;

use comfy_table::{Cell, CellAlignment, LineStyle, Table, TableStyle, presets};
use unicode_width::UnicodeWidthStr;

use crate::decimal::{Decimal, fixed, plain, round};
use crate::engine;
use crate::model::catalog::Catalog;
use crate::model::rubric::{Ranking, Rubric};
use crate::model::scorecard::{ClassResult, Scorecard, UnitScore};
use crate::output::{settings, unranked};

/// Columns and a line of dashes below the header; nothing that an old console draws twice as
/// wide as it is.
const STYLE: TableStyle = presets::NOTHING.header_separator(LineStyle::none().fill('-'));

/// Columns that the legend is wrapped to where it goes to no terminal.
const WIDTH: usize = 100;

/// The results as text. With `only`, the name of the period that was ranked alone; no wider than
/// `width`, where there is one.
pub fn render(
    catalog: &Catalog,
    results: &[ClassResult],
    only: Option<&str>,
    width: Option<usize>,
) -> String {
    let block = |class| block(catalog, class, only, width);
    let blocks = results.iter().map(block);
    blocks.collect::<Vec<_>>().join("\n")
}

fn block(
    catalog: &Catalog,
    class: &ClassResult,
    only: Option<&str>,
    width: Option<usize>,
) -> String {
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
        for (place, table) in standings(catalog, rubric, class, width).iter().enumerate() {
            if place > 0 {
                text.push('\n');
            }
            push_lines(&mut text, &table.to_string());
        }
        let items = rubric
            .items()
            .map(|item| format!("{} {}（{} 分）", item.no, item.name, plain(item.points)));
        let legend = format!("各项失分：{}", items.collect::<Vec<_>>().join("，"));
        for line in [legend].into_iter().chain(choices(rubric, only.is_none())) {
            let wrapped = textwrap::fill(
                &line,
                textwrap::Options::new(width.unwrap_or(WIDTH)).subsequent_indent("          "),
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
    let ranking = (rubric.ranking != Ranking::default()).then(|| settings::ties(rubric, year));
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

/// A column of the table: its heading and what stands below it.
struct Column {
    cells: Vec<String>,
    alignment: CellAlignment,
}

impl Column {
    fn new(heading: &str, alignment: CellAlignment, cells: impl Iterator<Item = String>) -> Self {
        Self {
            cells: [heading.to_owned()].into_iter().chain(cells).collect(),
            alignment,
        }
    }

    /// How many columns of the terminal it takes, with the space on both sides.
    fn width(&self) -> usize {
        let widest = self.cells.iter().map(|cell| cell.width()).max();
        widest.unwrap_or_default() + 2
    }
}

/// The tables of a class: one, or where it is wider than the terminal several below each other,
/// rank and unit in each of them, the points lost apart from the scores.
fn standings(
    catalog: &Catalog,
    rubric: &Rubric,
    class: &ClassResult,
    width: Option<usize>,
) -> Vec<Table> {
    let mut columns = columns(catalog, rubric, class).into_iter();
    let whose: Vec<Column> = columns.by_ref().take(2).collect();
    let room = width.map(|width| {
        let taken: usize = whose.iter().map(Column::width).sum();
        width.saturating_sub(taken)
    });
    let columns: Vec<Column> = columns.collect();
    let all: usize = columns.iter().map(Column::width).sum();
    let fits = room.is_none_or(|room| all <= room);
    let losses = rubric.items().count() + usize::from(rubric.converts());
    let first_loss = columns.len() - losses;
    let mut blocks: Vec<Vec<Column>> = Vec::new();
    let mut left = 0;
    for (place, column) in columns.into_iter().enumerate() {
        let needed = column.width();
        match blocks.last_mut() {
            Some(block) if fits || (needed <= left && place != first_loss) => block.push(column),
            _ => {
                left = room.unwrap_or_default();
                blocks.push(vec![column]);
            }
        }
        left = left.saturating_sub(needed);
    }
    let table = |block: &Vec<Column>| table(whose.iter().chain(block));
    blocks.iter().map(table).collect()
}

/// The table of some columns.
fn table<'a>(columns: impl Iterator<Item = &'a Column>) -> Table {
    let columns: Vec<&Column> = columns.collect();
    let rows = columns.first().map_or(0, |column| column.cells.len());
    let mut rows = (0..rows).map(|row| {
        let cells = columns.iter().map(|column| {
            let cell = Cell::new(&column.cells[row]);
            cell.set_alignment(column.alignment)
        });
        cells.collect::<Vec<_>>()
    });
    let mut table = Table::new();
    table.load_style(STYLE);
    table.set_header(rows.next().unwrap_or_default());
    table.add_rows(rows);
    table
}

/// The columns: rank, unit, periods, total, grade, points lost by item and by converting.
fn columns(catalog: &Catalog, rubric: &Rubric, class: &ClassResult) -> Vec<Column> {
    use CellAlignment::{Left, Right};
    let places = rubric.printed_decimals();
    let units = || class.units.iter();
    let number = |number: Option<Decimal>, none: &str| {
        number.map_or_else(|| none.to_owned(), |number| fixed(number, places))
    };
    let rank = |unit: &UnitScore| {
        unit.rank
            .map_or_else(|| "-".to_owned(), |rank| rank.to_string())
    };
    let name = |unit: &UnitScore| catalog.roster.units()[unit.unit].name.to_string();
    let mut columns = vec![
        Column::new("名次", Right, units().map(rank)),
        Column::new("单位", Left, units().map(name)),
    ];
    for (place, period) in rubric.periods.iter().enumerate() {
        let score = |unit: &UnitScore| {
            let score = unit.periods.iter().find(|score| score.period == place);
            score.map(|score| score.score)
        };
        if units().any(|unit| score(unit).is_some()) {
            let cells = units().map(|unit| number(score(unit), ""));
            columns.push(Column::new(&period.name, Right, cells));
        }
    }
    let totals = units().map(|unit| number(unit.total, "-"));
    columns.push(Column::new("总分", Right, totals));
    if units().any(|unit| unit.grade.is_some()) {
        let grade = |unit: &UnitScore| rubric.grade_name(unit.grade).unwrap_or_default().to_owned();
        columns.push(Column::new("等次", Left, units().map(grade)));
    }
    for (place, item) in rubric.items().enumerate() {
        let lost = |unit: &UnitScore| {
            let lost = engine::lost_of_year(&unit.periods, place);
            lost_text(round(lost, places), places)
        };
        columns.push(Column::new(
            &format!("失分{}", item.no),
            Right,
            units().map(lost),
        ));
    }
    if rubric.converts() {
        // What converting takes beyond that: so much more the total lacks.
        let full = rubric.points();
        let beyond = |unit: &UnitScore| {
            let lost = |round: &Scorecard| full - round.score - (round.points - round.kept);
            let lost = engine::over_year(&unit.periods, lost);
            lost_text(round(lost, places), places)
        };
        columns.push(Column::new("折算失分", Right, units().map(beyond)));
    }
    columns
}

/// Points lost, nothing printed where nothing is lost.
fn lost_text(lost: Decimal, places: u32) -> String {
    if lost.is_zero() {
        "·".to_owned()
    } else {
        fixed(lost, places)
    }
}
