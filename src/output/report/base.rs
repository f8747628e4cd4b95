//! 填报底稿: every value as it was handed in, and the formulas that make deductions of it. All
//! other sheets refer to this one; a value changed here changes ranks and scores.

use anyhow::Result;
use rust_xlsxwriter::Worksheet;

use crate::decimal::{Decimal, Ratio, plain};
use crate::model::record::{Entry, Observed};
use crate::model::rubric::{Item, Kind, NotApplicable, Rule};
use crate::model::scorecard::{RuleScore, Scorecard};
use crate::output::report::figures;
use crate::output::report::looks::Looks;
use crate::output::report::page::{Page, Paper, block, cell};
use crate::output::report::plan::{self, BASE_FIRST, Class, FINE, Plan, base};
use crate::text;

const COLUMNS: [(&str, f64); 18] = [
    ("类别", 18.0),
    ("单位", 20.0),
    ("时段", 9.0),
    ("轮次", 5.0),
    ("编号", 6.0),
    ("计分方式", 9.0),
    ("填报值（原样）", 11.0),
    ("核定数", 9.0),
    ("应完成数", 9.0),
    ("每次（项）扣分", 9.0),
    ("要求（扣分情形）", 9.0),
    ("上限", 7.0),
    ("项目分值", 7.0),
    ("应扣（未舍入）", 13.0),
    ("应扣", 8.0),
    ("实扣", 8.0),
    ("封顶未扣", 8.0),
    ("实扣（未舍入）", 13.0),
];

const NOTE: &str = "本表是全部得分的起点。改动黄色格里的数，扣分、得分、名次随之变化（扣分台账要重新筛选一次）。\
    应扣按细则四舍五入；实扣不超过本条上限，也不超过本项目剩下的分值。完成率按“核定数÷应完成数”计算，不先折成百分数。";

/// A rule's row: what the formulas are made of.
struct Row<'a> {
    row: u32,
    /// The first and last row of the item.
    rows: (u32, u32),
    decimals: u32,
    item: &'a Item,
    rule: &'a Rule,
    entry: &'a Entry,
    /// The points of the item that count.
    counts: Decimal,
    score: &'a RuleScore,
    unrounded: (Decimal, Decimal),
}

pub(super) fn sheet(plan: &Plan, paper: Paper) -> Result<Worksheet> {
    let widths = COLUMNS.map(|(_, width)| width);
    let mut page = Page::on(paper, &plan.base, &widths)?;
    page.head("填报底稿", NOTE)?;
    page.header(BASE_FIRST - 1, &COLUMNS.map(|(heading, _)| heading))?;
    let mut last = BASE_FIRST;
    for class in &plan.classes {
        let looks = Looks::new(class.rubric.printed_decimals());
        for (unit, score) in (0..).zip(&class.result.units) {
            for (round, scorecard) in (0..).zip(Class::scorecards(score)) {
                last = class.base_row(unit, round, class.rules);
                write_round(
                    &mut page,
                    &looks,
                    plan.name(score),
                    class,
                    (unit, round),
                    scorecard,
                )?;
            }
        }
    }
    page.sheet.set_freeze_panes(BASE_FIRST, 2)?;
    page.sheet.autofilter(
        BASE_FIRST - 1,
        0,
        last.max(BASE_FIRST + 1) - 1,
        page.columns - 1,
    )?;
    page.unmarked(BASE_FIRST, last.max(BASE_FIRST + 1) - 1, 6)?;
    page.print(Some(BASE_FIRST - 1), last.max(BASE_FIRST + 1) - 1)?;
    Ok(page.sheet)
}

/// The rows of one round of one unit.
fn write_round(
    page: &mut Page,
    looks: &Looks,
    name: &str,
    class: &Class,
    (unit, round): (u32, u32),
    scorecard: &Scorecard,
) -> Result<()> {
    let record = &scorecard.record;
    let period = &class.rubric.periods[record.period].name;
    let unrounded = figures::unrounded_rules(class, scorecard);
    let mut entries = record.entries.iter().zip(unrounded);
    let mut row = class.base_row(unit, round, 0);
    for (item, scores) in class.items.iter().zip(&scorecard.items) {
        let first_of_item = row;
        for ((rule, score), (entry, unrounded)) in
            item.rules.iter().zip(&scores.rules).zip(entries.by_ref())
        {
            page.text(row, 0, &class.rubric.class, &looks.text)?;
            page.foreign(row, 1, name, &looks.text)?;
            page.text(row, 2, period, &looks.centred)?;
            page.count(row, 3, record.round as usize, &looks.whole)?;
            page.text(row, 4, &rule.id.to_string(), &looks.centred)?;
            page.foreign(row, 6, &entry.value, &looks.centred)?;
            page.sheet
                .set_row_height(row, crate::output::report::page::LINE)?;
            let line = Row {
                row,
                rows: (
                    first_of_item,
                    first_of_item + plan::count(item.rules.len()) - 1,
                ),
                decimals: class.decimals(),
                item,
                rule,
                entry,
                counts: scores.points,
                score,
                unrounded,
            };
            line.write(page, looks, record.period)?;
            row += 1;
        }
    }
    Ok(())
}

impl Row<'_> {
    fn write(&self, page: &mut Page, looks: &Looks, period: usize) -> Result<()> {
        let kind = self.rule.kind_in(period);
        page.text(self.row, 5, kind_name(kind), &looks.centred)?;
        for column in [base::WHOLE, base::EACH, base::REQUIRED] {
            page.text(self.row, column, "", &looks.faint)?;
        }
        page.number(self.row, base::CAP, self.rule.cap, &looks.plain)?;
        self.write_points(page, looks)?;
        self.write_value(page, looks)?;
        let unrounded = self.write_figures(page, looks, kind)?;
        let unrounded = self.where_it_applies(&unrounded);
        page.formula(
            self.row,
            base::UNROUNDED,
            &unrounded,
            self.unrounded.0,
            &looks.plain,
        )?;
        let asked = format!("ROUND({},{})", self.at(base::UNROUNDED), self.decimals);
        page.formula(
            self.row,
            base::ASKED,
            &asked,
            self.score.asked,
            &looks.points,
        )?;
        let applied = self.capped(base::ASKED, base::APPLIED);
        page.formula(
            self.row,
            base::APPLIED,
            &applied,
            self.score.applied,
            &looks.strong,
        )?;
        let absorbed = format!(
            "ROUND({}-{},{FINE})",
            self.at(base::ASKED),
            self.at(base::APPLIED)
        );
        page.formula(
            self.row,
            base::ABSORBED,
            &absorbed,
            self.score.absorbed(),
            &looks.points,
        )?;
        let applied = self.capped(base::UNROUNDED, base::APPLIED_UNROUNDED);
        page.formula(
            self.row,
            base::APPLIED_UNROUNDED,
            &applied,
            self.unrounded.1,
            &looks.plain,
        )
    }

    /// The points of the item that count: those of the rules that are taken out leave, all of
    /// them where every rule is.
    fn write_points(&self, page: &mut Page, looks: &Looks) -> Result<()> {
        let points = self.item.points;
        if self.rule.not_applicable != NotApplicable::Rescaled {
            return page.number(self.row, base::POINTS, points, &looks.plain);
        }
        let rows = |column| block((self.rows.0, column), (self.rows.1, column));
        let (values, caps) = (rows(base::VALUE), rows(base::CAP));
        let out = format!("{values},\"{}\"", text::NOT_APPLICABLE);
        let formula = format!(
            "IF(COUNTIF({out})={},0,ROUND({}-SUMIF({out},{caps}),{FINE}))",
            self.item.rules.len(),
            plain(points)
        );
        page.formula(self.row, base::POINTS, &formula, self.counts, &looks.plain)
    }

    /// The formula of what a rule takes, and what 不涉及 takes in its place, where it may stand.
    fn where_it_applies(&self, formula: &str) -> String {
        let otherwise = match self.rule.not_applicable {
            NotApplicable::Refused => return formula.to_owned(),
            NotApplicable::Full | NotApplicable::Rescaled => "0".to_owned(),
            NotApplicable::Zero => self.at(base::CAP),
        };
        let value = self.at(base::VALUE);
        format!(
            "IF({value}=\"{}\",{otherwise},{formula})",
            text::NOT_APPLICABLE
        )
    }

    /// The value in a form that can be reckoned with.
    fn write_value(&self, page: &mut Page, looks: &Looks) -> Result<()> {
        match self.entry.observed {
            Observed::Count(number) | Observed::Points(number) => {
                page.number(self.row, base::VALUE, number, &looks.input)
            }
            Observed::Answer(answer) => {
                page.text(self.row, base::VALUE, answer_word(answer), &looks.input)
            }
            Observed::Completion(Ratio { part, whole }) => {
                page.number(self.row, base::VALUE, part, &looks.input)?;
                page.number(self.row, base::WHOLE, whole, &looks.input)
            }
            Observed::NotApplicable => {
                page.text(self.row, base::VALUE, text::NOT_APPLICABLE, &looks.input)
            }
        }
    }

    /// The figures of the rule, and the formula that makes points of value and figures.
    fn write_figures(&self, page: &mut Page, looks: &Looks, kind: &Kind) -> Result<String> {
        let [value, whole, each, required, cap] = [
            base::VALUE,
            base::WHOLE,
            base::EACH,
            base::REQUIRED,
            base::CAP,
        ]
        .map(|column| self.at(column));
        Ok(match kind {
            Kind::PerOccurrence { each: points } => {
                page.number(self.row, base::EACH, *points, &looks.plain)?;
                format!("ROUND({value}*{each},{FINE})")
            }
            Kind::Fixed { points, lost_by } => {
                page.number(self.row, base::EACH, *points, &looks.plain)?;
                page.text(
                    self.row,
                    base::REQUIRED,
                    answer_word(*lost_by),
                    &looks.centred,
                )?;
                format!("IF({value}={required},{each},0)")
            }
            Kind::Shortfall {
                required: wanted,
                each: points,
            } => {
                page.number(self.row, base::EACH, *points, &looks.plain)?;
                page.number(self.row, base::REQUIRED, *wanted, &looks.plain)?;
                format!("ROUND({each}*MAX(0,{required}-{value}),{FINE})")
            }
            Kind::Proportional { .. } => {
                format!("ROUND({cap}*({whole}-{value})/{whole},{FINE})")
            }
            Kind::Discretionary => format!("ROUND({value},{FINE})"),
        })
    }

    /// The formula of what is taken: no more than the rule's cap, no more than what the rules
    /// before it have left of the item.
    fn capped(&self, asked: u16, applied: u16) -> String {
        let [asked, cap, points] = [asked, base::CAP, base::POINTS].map(|column| self.at(column));
        let first = self.rows.0;
        if self.row == first {
            return format!("MIN({asked},{cap},{points})");
        }
        let before = format!("{}:{}", cell(first, applied), cell(self.row - 1, applied));
        format!("ROUND(MIN({asked},{cap},{points}-SUM({before})),{FINE})")
    }

    fn at(&self, column: u16) -> String {
        cell(self.row, column)
    }
}

/// How a rule of this kind scores, in a word.
pub(super) fn kind_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::PerOccurrence { .. } => "按次扣分",
        Kind::Fixed { .. } => "定额扣分",
        Kind::Shortfall { .. } => "不足扣分",
        Kind::Proportional { .. } => "按比例扣分",
        Kind::Discretionary => "酌情扣分",
    }
}

/// The answer to a yes-or-no question.
pub(super) fn answer_word(answer: bool) -> &'static str {
    if answer { "是" } else { "否" }
}
