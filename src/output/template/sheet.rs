//! 计分表 of a form: a rule a row, its deduction and the score as live formulas.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use super::figures;
use super::formulas::{self, BLANK, Computed, Limits, RateCells};
use super::inputs;
use super::places::{self, Block};
use super::{Filled, Filling, SCORES, Subject, sums, tasks};
use crate::decimal::{Decimal, plain};
use crate::model::rubric::{Item, Kind, Rule};
use crate::output::style;

/// The columns: header and width in Excel's unit.
const COLUMNS: [(&str, f64); 11] = [
    ("编号", 10.5),
    ("考核项目", 14.0),
    ("考核内容", 36.0),
    ("计分方法", 27.0),
    ("分值", 6.0),
    ("填报要求", 30.0),
    ("填报值", 9.5),
    ("扣分说明", 17.0),
    ("佐证材料", 14.0),
    ("自查值", 8.5),
    ("扣分", 8.5),
];

pub(super) const ID: u16 = 0;
const ITEM: u16 = 1;
const CONTENT: u16 = 2;
pub(super) const METHOD: u16 = 3;
pub(super) const POINTS: u16 = 4;
pub(super) const REQUEST: u16 = 5;
pub(super) const VALUE: u16 = 6;
pub(super) const REASON: u16 = 7;
pub(super) const EVIDENCE: u16 = 8;
pub(super) const CLAIM: u16 = 9;
pub(super) const DEDUCTION: u16 = 10;

/// The row of the headers; title, labels and a word of advice stand above.
pub(super) const HEADER: u32 = 4;

/// The heights in points of the header row, of all that stands above the rules, and of the
/// sums and signatures below them.
const HEAD: f64 = 24.0;
const ABOVE: f64 = 34.0 + 2.0 * 22.0 + 20.0 + HEAD;
const BELOW: f64 = 2.0 * 24.0 + 32.0;

/// The least height of a row to be filled in, in points.
const LEAST: f64 = 36.0;

/// The sheet while it is written.
pub(super) struct Writer<'a> {
    pub sheet: &'a mut Worksheet,
    pub subject: &'a Subject<'a>,
    pub filling: &'a Filling,
    /// What the engine takes for each rule that is filled in.
    pub applied: Vec<Option<Decimal>>,
    /// The score of the round, where every rule is filled in.
    pub score: Option<Decimal>,
    /// The first row and the height of each item, which a page should not tear.
    items: Vec<(u32, f64)>,
    /// Where the figures of the task table stand, and how many tasks there are.
    rate: Option<(RateCells, usize)>,
}

/// Writes the sheet.
pub(super) fn write(
    sheet: &mut Worksheet,
    subject: &Subject,
    filling: &Filling,
) -> Result<(), XlsxError> {
    sheet.set_name(SCORES)?;
    for (column, (_, width)) in (0..).zip(COLUMNS) {
        sheet.set_column_width(column, width)?;
    }
    let figures = figures::of(subject, filling);
    let mut writer = Writer {
        applied: figures.applied,
        score: figures.score,
        items: Vec::new(),
        rate: subject
            .takes_tasks()
            .then(|| (tasks::rate_cells(), subject.tasks().len())),
        sheet,
        subject,
        filling,
    };
    writer.head()?;
    let end = writer.rules()?;
    sums::write(&mut writer, end)?;
    writer.signatures(end + 2)?;
    writer.finish(end + 2)
}

impl Writer<'_> {
    /// Title, labels, advice, headers.
    fn head(&mut self) -> Result<(), XlsxError> {
        let rubric = self.subject.rubric;
        let sheet = &mut *self.sheet;
        sheet.merge_range(0, ID, 0, DEDUCTION, &rubric.title, &style::title())?;
        sheet.set_row_height(0, 34)?;
        let label = style::label();
        let right = style::label().set_align(FormatAlign::Right);
        let value = style::text().set_border_bottom(FormatBorder::Thin);
        let left = value.clone().set_align(FormatAlign::Left);
        let centred = value.clone().set_align(FormatAlign::Center);
        // No number stands in the row of the unit: labels with a 1 beside them read like the
        // header of a wide table with a rule 1.
        sheet.write_string_with_format(1, ID, "被考核单位", &label)?;
        sheet.merge_range(1, ITEM, 1, CONTENT, self.subject.unit, &value)?;
        let class = format!("类别：{}", rubric.class);
        sheet.write_string_with_format(1, METHOD, &class, &label)?;
        sheet.write_string_with_format(1, REQUEST, "考核时段", &right)?;
        sheet.write_string_with_format(1, VALUE, self.subject.period(), &centred)?;
        sheet.write_string_with_format(2, ID, "考核年度", &label)?;
        sheet.merge_range(2, ITEM, 2, CONTENT, "", &left)?;
        inputs::write_number(sheet, (2, ITEM), rubric.year.into(), &left)?;
        let total = format!("满分：{}分", plain(rubric.total));
        sheet.write_string_with_format(2, METHOD, &total, &label)?;
        sheet.write_string_with_format(2, REQUEST, "轮次", &right)?;
        let round = Decimal::from(self.subject.which.round);
        inputs::write_number(sheet, (2, VALUE), round, &centred)?;
        sheet.write_string_with_format(1, REASON, "填写情况", &right)?;
        let (words, figure) = top_formats(self.subject);
        sheet.merge_range(1, EVIDENCE, 1, DEDUCTION, "", &words)?;
        sheet.write_string_with_format(2, REASON, "本表得分", &right)?;
        sheet.merge_range(2, EVIDENCE, 2, DEDUCTION, "", &figure)?;
        for row in [1, 2] {
            sheet.set_row_height(row, 22)?;
        }
        let advice = "浅黄色的格子都要填，填好颜色就消失；其他格子不用动。扣分和得分自动算出。怎样填，见“填表说明”。";
        sheet.merge_range(3, ID, 3, DEDUCTION, advice, &style::text())?;
        sheet.set_row_height(3, 20)?;
        for (column, (header, _)) in (0..).zip(COLUMNS) {
            sheet.write_string_with_format(HEADER, column, header, &style::header())?;
        }
        sheet.set_row_height(HEADER, HEAD)?;
        Ok(())
    }

    /// The rules; returns the row below them.
    fn rules(&mut self) -> Result<u32, XlsxError> {
        let rubric = self.subject.rubric;
        let mut row = HEADER + 1;
        let mut index = 0;
        for category in &rubric.categories {
            for item in &category.items {
                let first = row;
                self.items.push((first, 0.0));
                let capped = item.rules.iter().map(|rule| rule.cap).sum::<Decimal>();
                for rule in &item.rules {
                    let before = (capped > item.points).then(|| left(item, first, row));
                    let filled = self.filling.rule(index);
                    self.texts(row, item, rule)?;
                    self.entry(row, rule, &filled)?;
                    self.deduction(row, rule, self.applied[index], before.as_deref())?;
                    (row, index) = (row + 1, index + 1);
                }
                self.item(first, row - 1, &category.name, item)?;
            }
        }
        Ok(row)
    }

    /// The item, over the rows of its rules.
    fn item(
        &mut self,
        first: u32,
        last: u32,
        category: &str,
        item: &Item,
    ) -> Result<(), XlsxError> {
        let text = format!("{category}\n{}\n（{}分）", item.name, plain(item.points));
        if first == last {
            let format = style::centred();
            self.sheet
                .write_string_with_format(first, ITEM, &text, &format)?;
        } else {
            let format = style::centred();
            self.sheet
                .merge_range(first, ITEM, last, ITEM, &text, &format)?;
        }
        Ok(())
    }

    /// What the document says of a rule.
    fn texts(&mut self, row: u32, item: &Item, rule: &Rule) -> Result<(), XlsxError> {
        let period = self.subject.which.period;
        let by_tasks = self.takes_tasks(rule);
        let (cell, centred) = (style::cell(), style::centred());
        let content = item.covered_text(rule);
        let method = rule.marked();
        let request = inputs::request(rule, period, by_tasks);
        let sheet = &mut *self.sheet;
        sheet.write_string_with_format(row, ID, rule.id.to_string(), &centred)?;
        sheet.write_string_with_format(row, CONTENT, &content, &cell)?;
        sheet.write_string_with_format(row, METHOD, &method, &cell)?;
        inputs::write_number(sheet, (row, POINTS), rule.cap, &centred)?;
        sheet.write_string_with_format(row, REQUEST, &request, &cell)?;
        let texts = [(CONTENT, content), (METHOD, method), (REQUEST, request)];
        let texts = texts
            .iter()
            .map(|(column, text)| (text.as_str(), COLUMNS[usize::from(*column)].1));
        let mut texts: Vec<_> = texts.collect();
        let filled = self.filled_texts(rule);
        texts.extend(
            filled
                .iter()
                .map(|(column, text)| (text.as_str(), COLUMNS[usize::from(*column)].1)),
        );
        let height = style::height(&texts, style::TEXT_SIZE).max(LEAST);
        self.sheet.set_row_height(row, height)?;
        if let Some((_, of_item)) = self.items.last_mut() {
            *of_item += height;
        }
        Ok(())
    }

    /// The longer texts that are filled in already.
    fn filled_texts(&self, rule: &Rule) -> Vec<(u16, String)> {
        let index = self.subject.rubric.position(rule.id).unwrap_or_default();
        let filled = self.filling.rule(index);
        let texts = [(REASON, filled.reason), (EVIDENCE, filled.evidence)];
        texts
            .into_iter()
            .filter_map(|(column, text)| Some((column, text?)))
            .collect()
    }

    /// The cells to be filled in.
    fn entry(&mut self, row: u32, rule: &Rule, filled: &Filled) -> Result<(), XlsxError> {
        let period = self.subject.which.period;
        let open = style::cell().set_unlocked();
        let format = inputs::value_format(rule, period);
        if self.takes_tasks(rule) {
            self.rate(row)?;
        } else {
            inputs::write_value(self.sheet, (row, VALUE), filled.value, &format)?;
            let validation = inputs::value_rule(rule, period, (row, VALUE), false)?;
            self.sheet
                .add_data_validation(row, VALUE, row, VALUE, &validation)?;
            inputs::mark_blank(self.sheet, row, VALUE)?;
        }
        let sheet = &mut *self.sheet;
        inputs::write_text(sheet, (row, REASON), filled.reason.as_deref(), &open)?;
        inputs::write_text(sheet, (row, EVIDENCE), filled.evidence.as_deref(), &open)?;
        inputs::write_value(sheet, (row, CLAIM), filled.claim, &format)?;
        let claim = inputs::value_rule(rule, period, (row, CLAIM), true)?;
        sheet.add_data_validation(row, CLAIM, row, CLAIM, &claim)?;
        let discretionary = matches!(rule.kind_in(period), Kind::Discretionary);
        let reason = if discretionary {
            "扣了分的必须写：扣在哪里，为什么扣这么多。不扣分的不用写。"
        } else {
            "扣了分的请写明是哪几次、哪几项，便于核对；可以不写。"
        };
        let reason = inputs::text_rule("扣分说明", reason)?;
        sheet.add_data_validation(row, REASON, row, REASON, &reason)?;
        let evidence = "写佐证材料的名称、文号或者存放处；没有的可以不写。";
        let evidence = inputs::text_rule("佐证材料", evidence)?;
        sheet.add_data_validation(row, EVIDENCE, row, EVIDENCE, &evidence)?;
        if discretionary {
            let test = sums::unexplained(row);
            inputs::mark(sheet, (row, REASON), &test, inputs::alarm())?;
        }
        Ok(())
    }

    /// The rate, which flows in from the task table.
    fn rate(&mut self, row: u32) -> Result<(), XlsxError> {
        let Some((cells, tasks)) = &self.rate else {
            return Ok(());
        };
        let rate = self.filling.rate(*tasks);
        let word = self.filling.rate_word(*tasks);
        let formula = Computed::number_or(cells.rate.clone(), rate.map(|rate| rate.value()), word);
        let format = style::centred().set_num_format(inputs::PERCENT);
        self.sheet
            .write_formula_with_format(row, VALUE, formula.into_formula(), &format)?;
        Ok(())
    }

    /// The deduction.
    fn deduction(
        &mut self,
        row: u32,
        rule: &Rule,
        applied: Option<Decimal>,
        left: Option<&str>,
    ) -> Result<(), XlsxError> {
        let limits = Limits {
            decimals: self.subject.rubric.decimals,
            left,
        };
        let formula = match &self.rate {
            Some((cells, _)) if rule.uses_tasks() => {
                formulas::deduction_by_tasks(rule, cells, limits)
            }
            _ => {
                let value = places::cell(row, VALUE);
                formulas::deduction(rule, self.subject.which.period, &value, limits)
            }
        };
        let formula = Computed::number_or(formula, applied, BLANK);
        let format = style::centred().set_num_format(self.subject.points());
        self.sheet
            .write_formula_with_format(row, DEDUCTION, formula.into_formula(), &format)?;
        let test = format!(
            "{}=\"{}\"",
            places::cell(row, DEDUCTION),
            formulas::UNREADABLE
        );
        inputs::mark(self.sheet, (row, DEDUCTION), &test, inputs::alarm())?;
        inputs::mark(self.sheet, (row, VALUE), &test, inputs::alarm())
    }

    /// The line for signatures, which no reader takes for data.
    fn signatures(&mut self, row: u32) -> Result<(), XlsxError> {
        let label = style::label().set_align(FormatAlign::Bottom);
        let right = label.clone().set_align(FormatAlign::Right);
        let open = style::text()
            .set_align(FormatAlign::Bottom)
            .set_border_bottom(FormatBorder::Thin)
            .set_unlocked();
        let sheet = &mut *self.sheet;
        sheet.set_row_height(row, 32)?;
        sheet.write_string_with_format(row, ID, "填表人：", &label)?;
        sheet.merge_range(row, ITEM, row, CONTENT, "", &open)?;
        sheet.write_string_with_format(row, METHOD, "审核人：", &right)?;
        sheet.merge_range(row, POINTS, row, REQUEST, "", &open)?;
        sheet.write_string_with_format(row, REASON, "日期：", &right)?;
        sheet.merge_range(row, EVIDENCE, row, DEDUCTION, "", &open)?;
        Ok(())
    }

    /// Print and view settings, protection.
    fn finish(&mut self, last: u32) -> Result<(), XlsxError> {
        let sheet = &mut *self.sheet;
        style::landscape(sheet);
        // What stands above the first item, and what must not be torn from the last one.
        if let Some((_, first)) = self.items.first_mut() {
            *first += ABOVE;
        }
        if let Some((_, last)) = self.items.last_mut() {
            *last += BELOW;
        }
        let widths = COLUMNS.map(|(_, width)| width);
        sheet.set_page_breaks(&style::page_breaks(&self.items, &widths, HEAD))?;
        sheet
            .set_repeat_rows(HEADER, HEADER)?
            .set_print_area(0, ID, last, DEDUCTION)?
            .set_freeze_panes(HEADER + 1, ITEM)?
            .ignore_error_range(
                HEADER + 1,
                ID,
                last,
                ID,
                rust_xlsxwriter::IgnoreError::NumberStoredAsText,
            )?;
        let first = (HEADER + 1..).zip(self.subject.rubric.rules());
        let first = first
            .into_iter()
            .find(|(_, rule)| !rule.uses_tasks())
            .map_or(HEADER + 1, |(row, _)| row);
        sheet.set_selection(first, VALUE, first, VALUE)?;
        inputs::protect(sheet);
        Ok(())
    }

    /// Whether the rate of the rule comes from the task table.
    pub(super) fn takes_tasks(&self, rule: &Rule) -> bool {
        rule.uses_tasks() && self.rate.is_some()
    }
}

/// What an item has left before the rule in `row`, its first rule standing in `first`.
fn left(item: &Item, first: u32, row: u32) -> String {
    let points = plain(item.points);
    if row == first {
        return points;
    }
    let taken = Block {
        column: DEDUCTION,
        first,
        last: row - 1,
    };
    format!("{points}-SUM({})", taken.absolute())
}

/// The formats of the state of filling and of the score at the top.
pub(super) fn top_formats(subject: &Subject) -> (Format, Format) {
    let words = style::text()
        .set_border_bottom(FormatBorder::Thin)
        .set_align(FormatAlign::Center);
    (words.clone(), words.set_num_format(subject.points()))
}
