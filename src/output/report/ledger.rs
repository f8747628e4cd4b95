//! 扣分台账: every deduction with its clause, its value, its reason and the cell it was read
//! from; and for every round the proof that deductions and score add up.
//!
//! Rules without a deduction stand there too, hidden by the filter: so the ledger follows when
//! a value of 填报底稿 is changed.

use anyhow::Result;
use rust_xlsxwriter::{FilterCondition, FilterCriteria, Worksheet};

use crate::decimal::Decimal;
use crate::model::record::{Entry, Observed};
use crate::model::rubric::Rule;
use crate::model::scorecard::{RuleScore, Scorecard};
use crate::output::report::base::answer_word;
use crate::output::report::looks::Looks;
use crate::output::report::page::{Page, Paper, fixed, on};
use crate::output::report::plan::{Class, FINE, Plan, base};
use crate::text;

const COLUMNS: [(&str, f64); 19] = [
    ("单位", 15.0),
    ("类别", 10.0),
    ("时段", 8.5),
    ("轮次", 5.0),
    ("编号", 6.0),
    ("计分方法（条文）", 30.0),
    ("填报原值", 9.0),
    ("核定数", 7.0),
    ("应扣", 7.0),
    ("实扣", 7.0),
    ("封顶未扣", 7.0),
    ("扣分说明", 21.0),
    ("佐证材料", 14.0),
    ("文件", 16.0),
    ("工作表", 10.0),
    ("单元格", 7.0),
    ("本轮实扣", 7.5),
    ("本轮得分", 7.5),
    ("核对", 7.0),
];

/// The row of headings.
const HEADER: u32 = 2;

/// The column of what a rule asks for, by which the list is filtered.
const ASKED: u16 = 8;

const NOTE: &str = "一行一条计分方法；已筛选出应扣大于0的行，取消“应扣”列的筛选可以看到全部条文。\
    应扣是按条文应扣的分，实扣是扣完为止以后实际扣的分，两者之差列入“封顶未扣”。\
    核对：本轮实扣与本轮得分相加等于满分，全部为 TRUE 即账实相符。";

pub(super) fn sheet(plan: &Plan, name: &str, paper: Paper) -> Result<Worksheet> {
    let mut page = Page::on(paper, name, &COLUMNS.map(|(_, width)| width))?;
    let mark = if plan.provisional() {
        "（暂定）"
    } else {
        ""
    };
    page.head(&format!("扣分台账{mark}"), NOTE)?;
    page.header(HEADER, &COLUMNS.map(|(heading, _)| heading))?;
    let mut row = HEADER + 1;
    for class in &plan.classes {
        let looks = Looks::new(class.rubric.printed_decimals());
        for (unit, score) in (0..).zip(&class.result.units) {
            for (round, scorecard) in (0..).zip(Class::scorecards(score)) {
                let of = Round {
                    plan,
                    class,
                    name: plan.name(score),
                    place: (unit, round),
                    scorecard,
                };
                row = of.write(&mut page, &looks, row)?;
            }
        }
    }
    let last = row.max(HEADER + 2) - 1;
    page.sheet.autofilter(HEADER, 0, last, page.columns - 1)?;
    let taken = FilterCondition::new().add_custom_filter(FilterCriteria::GreaterThan, 0);
    // The writer cannot tell the results of formulas; the rows are hidden one by one.
    page.sheet.filter_automatic_off();
    page.sheet.filter_column(ASKED, &taken)?;
    page.sheet.set_freeze_panes(HEADER + 1, 1)?;
    page.unmarked(HEADER + 1, last, 6)?;
    page.print(Some(HEADER), last)?;
    Ok(page.sheet)
}

/// A round of a unit.
struct Round<'a> {
    plan: &'a Plan<'a>,
    class: &'a Class<'a>,
    name: &'a str,
    place: (u32, u32),
    scorecard: &'a Scorecard,
}

impl Round<'_> {
    /// Writes the round's rules from `row` on; gives the row after them.
    fn write(&self, page: &mut Page, looks: &Looks, mut row: u32) -> Result<u32> {
        let scores = self.scorecard.items.iter().flat_map(|item| &item.rules);
        let rules = self
            .class
            .rubric
            .rules()
            .zip(&self.scorecard.record.entries);
        for (place, ((rule, entry), score)) in (0..).zip(rules.zip(scores)) {
            let of = self.class.base_row(self.place.0, self.place.1, place);
            self.write_texts(page, looks, row, rule, entry)?;
            self.write_figures(page, looks, row, of, (entry, score))?;
            self.write_check(page, looks, row)?;
            if score.asked.is_zero() {
                page.sheet.set_row_hidden(row)?;
            }
            row += 1;
        }
        Ok(row)
    }

    fn write_texts(
        &self,
        page: &mut Page,
        looks: &Looks,
        row: u32,
        rule: &Rule,
        entry: &Entry,
    ) -> Result<()> {
        let record = &self.scorecard.record;
        let words = rule.marked();
        let reason = entry.reason.as_deref().unwrap_or_default();
        let evidence = entry.evidence.as_deref().unwrap_or_default();
        let source = &entry.place.source;
        page.foreign(row, 0, self.name, &looks.text)?;
        page.text(row, 1, &self.class.rubric.class, &looks.text)?;
        page.text(
            row,
            2,
            &self.class.rubric.periods[record.period].name,
            &looks.centred,
        )?;
        page.count(row, 3, record.round as usize, &looks.whole)?;
        page.text(row, 4, &rule.id.to_string(), &looks.centred)?;
        page.text(row, 5, &words, &looks.text)?;
        page.foreign(row, 6, &entry.value, &looks.centred)?;
        page.foreign(row, 11, reason, &looks.text)?;
        page.foreign(row, 12, evidence, &looks.text)?;
        page.foreign(row, 13, &source.file, &looks.text)?;
        page.foreign(
            row,
            14,
            source.sheet.as_deref().unwrap_or_default(),
            &looks.text,
        )?;
        page.text(row, 15, &entry.place.address.to_string(), &looks.centred)?;
        let cells = [
            (0, self.name),
            (1, self.class.rubric.class.as_str()),
            (5, &words),
            (11, reason),
            (12, evidence),
            (13, &source.file),
        ];
        page.fit(row, &cells)
    }

    fn write_figures(
        &self,
        page: &mut Page,
        looks: &Looks,
        row: u32,
        of: u32,
        (entry, score): (&Entry, &RuleScore),
    ) -> Result<()> {
        let link = |column| on(&self.plan.base, &fixed(of, column));
        let value = link(base::VALUE);
        let number = looks.centred.clone().set_num_format("General");
        match entry.observed {
            Observed::Count(count) | Observed::Points(count) => {
                page.formula(row, 7, &value, count, &number)?;
            }
            Observed::Answer(answer) => {
                page.words(row, 7, &value, answer_word(answer), &looks.centred)?;
            }
            Observed::Completion(ratio) => page.formula(row, 7, &value, ratio.part, &number)?,
            Observed::NotApplicable => {
                page.words(row, 7, &value, text::NOT_APPLICABLE, &looks.centred)?;
            }
        }
        let figures = [
            (ASKED, base::ASKED, score.asked),
            (ASKED + 1, base::APPLIED, score.applied),
            (ASKED + 2, base::ABSORBED, score.absorbed()),
        ];
        for (column, source, result) in figures {
            page.formula(row, column, &link(source), result, &looks.points)?;
        }
        Ok(())
    }

    /// What the round lost and kept, and that both add up to the full score.
    fn write_check(&self, page: &mut Page, looks: &Looks, row: u32) -> Result<()> {
        let sums = &self.class.sums;
        let of = self.class.round_row(self.place.0, self.place.1);
        let score = self.class.score_column();
        let [lost, kept] = [score + 1, score].map(|column| on(sums, &fixed(of, column)));
        let taken: Decimal = self.scorecard.items.iter().map(|item| item.lost()).sum();
        page.formula(row, 16, &lost, taken, &looks.points)?;
        page.formula(row, 17, &kept, self.scorecard.score, &looks.points)?;
        let full = on(sums, &fixed(self.class.rounds_header() + 1, score));
        let check = if self.class.converts {
            // Converted points do not add up with those that were taken: the sums tell.
            on(sums, &fixed(of, score + 2))
        } else {
            format!("ROUND(Q{0}+R{0},{FINE})={full}", row + 1)
        };
        page.check(row, 18, &check, true, &looks.truth)
    }
}
