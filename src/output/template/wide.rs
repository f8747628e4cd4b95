//! The wide table: one workbook for the units of a class, a unit a row, a rule a column, with
//! the task lists of all of them beside it.

use rust_xlsxwriter::{IgnoreError, Workbook, Worksheet, XlsxError};

use super::figures;
use super::formulas::{self, BLANK, Computed, Limits, RateCells, UNFINISHED};
use super::guide;
use super::inputs;
use super::list;
use super::places::{self, Block};
use super::{Filled, Filling, SCORES, Subject, Which};
use crate::decimal::{Decimal, plain};
use crate::model::catalog::Catalog;
use crate::model::rubric::{Kind, Rubric, Rule};
use crate::output::style;

/// The columns that say whose a row is, and their widths in Excel's unit; a task list has all
/// but the year.
pub(super) const WHOSE: [(&str, f64); 4] = [
    ("被考核单位", 18.0),
    ("考核时段", 9.5),
    ("轮次", 5.5),
    ("考核年度", 9.5),
];

/// Widths of a value, a reason, a figure.
const VALUE: f64 = 9.5;
const REASON: f64 = 14.5;
const FIGURE: f64 = 8.0;

/// The row that says what to fill in, and the row of the headers.
const REQUEST: u32 = 2;
const HEADER: u32 = 3;

/// Where a rule stands.
struct Columns<'a> {
    rule: &'a Rule,
    value: u16,
    reason: Option<u16>,
    deduction: u16,
}

/// The sheet while it is written.
struct Table<'a> {
    rubric: &'a Rubric,
    period: usize,
    columns: Vec<Columns<'a>>,
    score: u16,
}

/// The wide table of `units`, all of one class, for a period and round, with what is filled in
/// for each of them.
///
/// # Errors
///
/// When the writer refuses what the rubric holds.
///
/// # Panics
///
/// If `units` is empty.
pub fn wide(
    catalog: &Catalog,
    units: &[usize],
    (period, round): (usize, u32),
    fillings: &[Filling],
) -> Result<Workbook, XlsxError> {
    let blank = Filling::default();
    let subjects: Vec<(Subject, &Filling)> = units
        .iter()
        .enumerate()
        .map(|(index, &unit)| {
            let which = Which {
                unit,
                period,
                round,
            };
            let filling = fillings.get(index).unwrap_or(&blank);
            (Subject::new(catalog, which), filling)
        })
        .collect();
    let table = Table::new(subjects[0].0.rubric, period);
    let with_tasks = subjects.iter().any(|(subject, _)| subject.takes_tasks());
    let mut workbook = Workbook::new();
    workbook.set_properties(&style::properties(&table.rubric.title)?);
    table.write(workbook.add_worksheet(), &subjects)?;
    if with_tasks {
        list::write(workbook.add_worksheet(), &subjects)?;
    }
    guide::write(workbook.add_worksheet(), table.rubric, with_tasks)?;
    Ok(workbook)
}

impl<'a> Table<'a> {
    /// Lays the columns out: whose, values and reasons, the score, the deductions.
    fn new(rubric: &'a Rubric, period: usize) -> Self {
        let mut next = WHOSE.len() as u16;
        let mut columns: Vec<Columns> = rubric
            .rules()
            .map(|rule| {
                let value = next;
                next += 1;
                let reason = matches!(rule.kind_in(period), Kind::Discretionary).then_some(next);
                next += u16::from(reason.is_some());
                Columns {
                    rule,
                    value,
                    reason,
                    deduction: 0,
                }
            })
            .collect();
        let score = next;
        for (deduction, column) in (score + 1..).zip(&mut columns) {
            column.deduction = deduction;
        }
        Self {
            rubric,
            period,
            columns,
            score,
        }
    }

    fn write(
        &self,
        sheet: &mut Worksheet,
        subjects: &[(Subject, &Filling)],
    ) -> Result<(), XlsxError> {
        sheet.set_name(SCORES)?;
        self.head(sheet, &subjects[0].0)?;
        let mut row = HEADER + 1;
        let mut first_task = list::FIRST;
        for (subject, filling) in subjects {
            let count = subject.tasks().len() as u32;
            let states = (subject.takes_tasks() && count > 0).then(|| Block {
                column: list::STATE,
                first: first_task,
                last: first_task + count - 1,
            });
            first_task += count;
            self.unit(sheet, row, (subject, filling), states)?;
            row += 1;
        }
        let last = self.score + self.columns.len() as u16;
        style::landscape(sheet);
        sheet
            .set_repeat_rows(REQUEST, HEADER)?
            .set_repeat_columns(0, 0)?
            .set_print_area(0, 0, row - 1, self.score)?
            .set_freeze_panes(HEADER + 1, 1)?
            .ignore_error_range(HEADER, 0, HEADER, last, IgnoreError::NumberStoredAsText)?;
        let first = WHOSE.len() as u16;
        sheet.set_selection(HEADER + 1, first, HEADER + 1, first)?;
        inputs::protect(sheet);
        Ok(())
    }

    /// Title, advice, what to fill in, headers.
    fn head(&self, sheet: &mut Worksheet, subject: &Subject) -> Result<(), XlsxError> {
        let title = format!("{}汇总表", self.rubric.title);
        sheet.merge_range(0, 0, 0, self.score, &title, &style::title())?;
        sheet.set_row_height(0, 34)?;
        let advice = format!(
            "{} {}。一个单位一行，浅黄色的格子都要填，填好颜色就消失；得分自动算出。右边各条的扣分供核对，不打印。怎样填，见“填表说明”。",
            self.rubric.class,
            subject.period()
        );
        sheet.merge_range(1, 0, 1, self.score, &advice, &style::text())?;
        sheet.set_row_height(1, 20)?;
        let small = style::cell().set_font_size(style::SMALL_SIZE);
        let mut texts: Vec<(String, f64)> = Vec::new();
        for (column, (header, width)) in (0..).zip(WHOSE) {
            sheet.set_column_width(column, width)?;
            let text = if column == 0 { "填报要求" } else { "" };
            sheet.write_string_with_format(REQUEST, column, text, &small)?;
            sheet.write_string_with_format(HEADER, column, header, &style::header())?;
        }
        for column in &self.columns {
            let rule = column.rule;
            let by_tasks = rule.uses_tasks();
            let request = inputs::request(rule, self.period, by_tasks);
            sheet.set_column_width(column.value, VALUE)?;
            sheet.write_string_with_format(REQUEST, column.value, &request, &small)?;
            sheet.write_string_with_format(
                HEADER,
                column.value,
                rule.id.to_string(),
                &style::header(),
            )?;
            texts.push((request, VALUE));
            if let Some(reason) = column.reason {
                sheet.set_column_width(reason, REASON)?;
                let request = "扣分的写明扣在哪里、为什么";
                sheet.write_string_with_format(REQUEST, reason, request, &small)?;
                let header = format!("{}说明", rule.id);
                sheet.write_string_with_format(HEADER, reason, &header, &style::header())?;
            }
            sheet.set_column_width(column.deduction, FIGURE)?;
            let header = format!("{}扣分", rule.id);
            sheet.write_string_with_format(HEADER, column.deduction, &header, &style::header())?;
        }
        sheet.set_column_width(self.score, FIGURE)?;
        sheet.write_string_with_format(REQUEST, self.score, "自动算出", &small)?;
        sheet.write_string_with_format(HEADER, self.score, "得分", &style::header())?;
        let texts: Vec<_> = texts
            .iter()
            .map(|(text, width)| (text.as_str(), *width))
            .collect();
        sheet.set_row_height(REQUEST, style::height(&texts, style::SMALL_SIZE))?;
        sheet.set_row_height(HEADER, 24)?;
        Ok(())
    }

    /// The row of one unit.
    fn unit(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        (subject, filling): (&Subject, &Filling),
        states: Option<Block>,
    ) -> Result<(), XlsxError> {
        list::whose(sheet, row, subject)?;
        let year = Decimal::from(self.rubric.year);
        inputs::write_number(sheet, (row, 3), year, &style::centred())?;
        let rate = states.map(|states| (list::rate(states), subject.tasks().len()));
        let figures = figures::of(subject, filling);
        let mut texts = vec![(subject.unit.to_owned(), WHOSE[0].1)];
        for (index, column) in self.columns.iter().enumerate() {
            let filled = filling.rule(index);
            let by_tasks = rate.as_ref().filter(|_| column.rule.uses_tasks());
            match by_tasks {
                Some((cells, tasks)) => {
                    let rate = filling.rate(*tasks).map(|rate| rate.value());
                    let word = filling.rate_word(*tasks);
                    let formula = Computed::number_or(cells.rate.clone(), rate, word);
                    let format = style::centred().set_num_format(inputs::PERCENT);
                    sheet.write_formula_with_format(
                        row,
                        column.value,
                        formula.into_formula(),
                        &format,
                    )?;
                }
                None => self.entry(sheet, row, column, &filled)?,
            }
            let cells = by_tasks.map(|(cells, _)| cells);
            self.deduction(sheet, row, column, cells, figures.applied[index])?;
            texts.extend(filled.reason.map(|reason| (reason, REASON)));
        }
        self.score(sheet, row, rate.is_some(), figures.score)?;
        let texts: Vec<_> = texts
            .iter()
            .map(|(text, width)| (text.as_str(), *width))
            .collect();
        sheet.set_row_height(row, style::height(&texts, style::TEXT_SIZE).max(24.0))?;
        Ok(())
    }

    /// The cells of a rule to be filled in.
    fn entry(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        column: &Columns,
        filled: &Filled,
    ) -> Result<(), XlsxError> {
        let (rule, value) = (column.rule, column.value);
        let format = inputs::value_format(rule, self.period);
        inputs::write_value(sheet, (row, value), filled.value, &format)?;
        let validation = inputs::value_rule(rule, self.period, (row, value), false)?;
        sheet.add_data_validation(row, value, row, value, &validation)?;
        inputs::mark_blank(sheet, row, value)?;
        let Some(reason) = column.reason else {
            return Ok(());
        };
        let open = style::cell().set_unlocked();
        inputs::write_text(sheet, (row, reason), filled.reason.as_deref(), &open)?;
        let advice = "扣了分的必须写：扣在哪里，为什么扣这么多。不扣分的不用写。";
        let advice = inputs::text_rule("扣分说明", advice)?;
        sheet.add_data_validation(row, reason, row, reason, &advice)?;
        let test = inputs::unexplained(&places::cell(row, value), &places::cell(row, reason));
        inputs::mark(sheet, (row, reason), &test, inputs::alarm())
    }

    /// The deduction of a rule.
    fn deduction(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        column: &Columns,
        cells: Option<&RateCells>,
        applied: Option<Decimal>,
    ) -> Result<(), XlsxError> {
        let value = places::cell(row, column.value);
        let left = self.left(row, column);
        let limits = Limits {
            decimals: self.rubric.decimals,
            left: left.as_deref(),
        };
        let formula = match cells {
            Some(cells) => formulas::deduction_by_tasks(column.rule, cells, limits),
            None => formulas::deduction(column.rule, self.period, &value, limits),
        };
        let formula = Computed::number_or(formula, applied, BLANK);
        let format = style::centred().set_num_format(self.points());
        sheet.write_formula_with_format(row, column.deduction, formula.into_formula(), &format)?;
        let test = format!(
            "{}=\"{}\"",
            places::cell(row, column.deduction),
            formulas::UNREADABLE
        );
        inputs::mark(sheet, (row, column.value), &test, inputs::alarm())
    }

    /// What the item still has before a rule, where the caps alone do not see to it.
    fn left(&self, row: u32, column: &Columns) -> Option<String> {
        let of_item = |other: &&Columns| other.rule.id.item == column.rule.id.item;
        let item = self
            .rubric
            .items()
            .find(|item| item.no == column.rule.id.item)?;
        let caps: Decimal = item.rules.iter().map(|rule| rule.cap).sum();
        if caps <= item.points {
            return None;
        }
        let first = self.columns.iter().find(of_item)?.deduction;
        let points = plain(item.points);
        if first == column.deduction {
            return Some(points);
        }
        let taken = [first, column.deduction - 1].map(|column| places::cell(row, column));
        Some(format!("{points}-SUM({})", taken.join(":")))
    }

    /// The score of a unit; `by_tasks` where its rate comes from the task list.
    fn score(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        by_tasks: bool,
        score: Option<Decimal>,
    ) -> Result<(), XlsxError> {
        let ends = [self.score + 1, self.score + self.columns.len() as u16];
        let block = ends.map(|column| places::cell(row, column)).join(":");
        let counted = formulas::counted(self.rubric, |place| {
            let column = &self.columns[place];
            let open = !(by_tasks && column.rule.uses_tasks());
            open.then(|| places::cell(row, column.value))
        });
        let formula = format!(
            "IF(COUNT({block})<{},\"{UNFINISHED}\",{})",
            self.columns.len(),
            formulas::score(self.rubric, &block, counted.as_deref())
        );
        let formula = Computed::number_or(formula, score, UNFINISHED);
        let format = style::centred().set_num_format(self.points());
        sheet.write_formula_with_format(row, self.score, formula.into_formula(), &format)?;
        Ok(())
    }

    /// How points are shown.
    fn points(&self) -> String {
        style::points(self.rubric.printed_decimals())
    }
}
