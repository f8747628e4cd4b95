//! 考核结果反馈单: one workbook a unit, with its own figures alone: what was taken, by which
//! clause, from which value and why; what lost nothing too; and room for an appeal.

use anyhow::Result;
use rust_xlsxwriter::{FormatAlign, Workbook};

use crate::decimal::{Decimal, PLACES, fixed as printed, plain, round};
use crate::model::catalog::Catalog;
use crate::model::rubric::{Item, Rubric};
use crate::model::scorecard::{ClassResult, ItemScore, Scorecard, UnitScore};
use crate::output::names::FileNames;
use crate::output::report::looks::Looks;
use crate::output::report::page::{LINE, Page, cell};
use crate::output::report::plan::{self, FINE};
use crate::output::style;

const COLUMNS: [(&str, f64); 9] = [
    ("编号", 7.0),
    ("考核内容", 40.0),
    ("计分方法", 30.0),
    ("核定值", 10.0),
    ("应扣", 8.0),
    ("实扣", 8.0),
    ("封顶未扣", 8.0),
    ("扣分说明、佐证材料", 26.0),
    ("申诉意见", 26.0),
];

/// A file of the folder that `--unit-sheets` names.
pub struct UnitSheet {
    /// Its name: the unit's, as a file may be named.
    pub file: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// One workbook for every unit that was scored.
///
/// # Errors
///
/// When the writer refuses a workbook, which no input brings about.
pub fn unit_sheets(catalog: &Catalog, results: &[ClassResult]) -> Result<Vec<UnitSheet>> {
    let mut names = FileNames::default();
    let mut sheets = Vec::new();
    for class in results {
        let totals: Vec<Decimal> = class.units.iter().filter_map(|unit| unit.total).collect();
        let mean = (!totals.is_empty()).then(|| {
            round(
                totals.iter().sum::<Decimal>() / Decimal::from(totals.len()),
                catalog.rubrics[class.rubric].decimals,
            )
        });
        for unit in &class.units {
            let name = &catalog.roster.units()[unit.unit].name;
            let sheet = Sheet {
                rubric: &catalog.rubrics[class.rubric],
                class,
                unit,
                name,
                mean,
            };
            sheets.push(UnitSheet {
                file: names.unique(name, "-考核结果反馈单.xlsx"),
                bytes: sheet.workbook()?,
            });
        }
    }
    Ok(sheets)
}

/// What a unit's sheet is made of.
struct Sheet<'a> {
    rubric: &'a Rubric,
    class: &'a ClassResult,
    unit: &'a UnitScore,
    name: &'a str,
    mean: Option<Decimal>,
}

impl Sheet<'_> {
    fn workbook(&self) -> Result<Vec<u8>> {
        let mut workbook = Workbook::new();
        workbook.set_properties(&style::properties("考核结果反馈单")?);
        let mut page = Page::new("考核结果反馈单", &COLUMNS.map(|(_, width)| width))?;
        let looks = Looks::new(self.rubric.printed_decimals());
        let mark = if self.class.provisional {
            "（暂定）"
        } else {
            ""
        };
        let title = format!("{}年度考核结果反馈单{mark}", self.rubric.year);
        page.head(&title, &format!("依据：{}", self.rubric.source))?;
        let mut row = self.summary(&mut page, &looks)?;
        let mut rounds = Vec::new();
        for period in &self.unit.periods {
            for scorecard in &period.rounds {
                let (next, total) = self.round(&mut page, &looks, row + 1, scorecard)?;
                row = next;
                rounds.push(total);
            }
        }
        self.results(&mut page, &looks, &rounds)?;
        row = sign(&mut page, row)?;
        page.unmarked(4, row, 3)?;
        page.print(None, row)?;
        workbook.push_worksheet(page.sheet);
        Ok(style::save(&mut workbook)?)
    }

    /// Who, and what came out; gives the row after it.
    fn summary(&self, page: &mut Page, looks: &Looks) -> Result<u32> {
        let label = style::header();
        page.text(2, 0, "单位", &label)?;
        page.band(2, 1, 2, "", &looks.text)?;
        page.foreign(2, 1, self.name, &looks.text)?;
        page.text(2, 3, "类别", &label)?;
        page.band(2, 4, 6, &self.rubric.class, &looks.centred)?;
        page.text(2, 7, "类内名次／单位数", &label)?;
        let rank = self.unit.rank.map_or_else(
            || "尚未排名".to_owned(),
            |rank| {
                let grade = self.rubric.grade_name(self.unit.grade);
                let grade = grade.map(|name| format!("，{name}")).unwrap_or_default();
                format!("第 {rank} 名／共 {} 个单位{grade}", self.class.units.len())
            },
        );
        page.text(2, 8, &rank, &looks.centred)?;
        page.sheet.set_row_height(2, 24)?;
        page.text(3, 0, "得分", &label)?;
        page.text(3, 3, "综合得分", &label)?;
        page.text(3, 7, "本类平均分", &label)?;
        match self.mean {
            Some(mean) => page.number(3, 8, mean, &looks.centred_points)?,
            None => page.text(3, 8, "—", &looks.centred)?,
        }
        page.sheet.set_row_height(3, 24)?;
        Ok(4)
    }

    /// The scores of the periods and the total: formulas over the rounds' totals, which stand
    /// in the rows of `rounds`.
    fn results(&self, page: &mut Page, looks: &Looks, rounds: &[u32]) -> Result<()> {
        let mut rows = rounds.iter();
        let mut words = Vec::new();
        let mut terms = Vec::new();
        for period in &self.unit.periods {
            let cells: Vec<String> = rows
                .by_ref()
                .take(period.rounds.len())
                .map(|&row| cell(row, 3))
                .collect();
            let numbers: Vec<u32> = period.rounds.iter().map(|card| card.record.round).collect();
            let list = cells.join(",");
            let rounds = &self.rubric.periods[period.period].rounds;
            let together = plan::combined(rounds, &numbers, (&list, &cells), &list);
            terms.push(format!(
                "{}*{}",
                plain(period.weight),
                self.rounded(&together)
            ));
            let name = &self.rubric.periods[period.period].name;
            let percent = plain(period.weight * Decimal::ONE_HUNDRED);
            words.push(format!(
                "{name} {}（占{percent}%）",
                printed(period.score, self.rubric.decimals)
            ));
        }
        page.band(3, 1, 2, &words.join("　"), &looks.text)?;
        page.band(3, 4, 6, "", &looks.strong)?;
        match self.unit.total {
            Some(total) => {
                let formula = self.rounded(&terms.join("+"));
                let format = looks.centred_points.clone().set_bold();
                page.formula(3, 4, &formula, total, &format)
            }
            None => page.text(3, 4, "—", &looks.centred),
        }
    }

    /// A figure rounded as the engine rounds it.
    fn rounded(&self, figure: &str) -> String {
        format!("ROUND(ROUND({figure},{FINE}),{})", self.rubric.decimals)
    }

    /// One round: its items and rules; gives the row after it and the row of its score.
    fn round(
        &self,
        page: &mut Page,
        looks: &Looks,
        row: u32,
        scorecard: &Scorecard,
    ) -> Result<(u32, u32)> {
        let record = &scorecard.record;
        let period = &self.rubric.periods[record.period].name;
        let title = format!("{period}第{}轮", record.round);
        page.across(row, &title, &looks.section, 12.0)?;
        page.header(row + 1, &COLUMNS.map(|(heading, _)| heading))?;
        let mut row = row + 2;
        let mut entries = 0;
        let mut scores = Vec::new();
        for (item, score) in self.rubric.items().zip(&scorecard.items) {
            let first = row + 1;
            let last = row + u32::try_from(item.rules.len())?;
            item_row(page, looks, row, (first, last), (item, score))?;
            scores.push(cell(row, 3));
            for (place, (rule, result)) in item.rules.iter().zip(&score.rules).enumerate() {
                row += 1;
                let entry = &record.entries[entries + place];
                let clauses = item.covered_text(rule);
                let words = rule.marked();
                let why: Vec<&str> = [&entry.reason, &entry.evidence]
                    .into_iter()
                    .filter_map(|text| text.as_deref())
                    .collect();
                let why = why.join("；");
                page.text(row, 0, &rule.id.to_string(), &looks.centred)?;
                page.text(row, 1, &clauses, &looks.text)?;
                page.text(row, 2, &words, &looks.text)?;
                page.foreign(row, 3, &entry.value, &looks.centred)?;
                page.number(row, 4, result.asked, &looks.points)?;
                page.number(row, 5, result.applied, &looks.strong)?;
                let absorbed = format!("ROUND({}-{},{FINE})", cell(row, 4), cell(row, 5));
                page.formula(row, 6, &absorbed, result.absorbed(), &looks.points)?;
                page.foreign(row, 7, &why, &looks.text)?;
                page.text(row, 8, "", &looks.text)?;
                page.fit(
                    row,
                    &[(1, &clauses), (2, &words), (3, &entry.value), (7, &why)],
                )?;
            }
            entries += item.rules.len();
            row += 1;
        }
        let sum = scores.join("+");
        let full = self.rubric.points();
        let (words, formula) = if scorecard.points == full || scorecard.points.is_zero() {
            (format!("{title}得分"), format!("ROUND({sum},{FINE})"))
        } else {
            let (full, counted) = (plain(full), plain(scorecard.points));
            (
                format!("{title}得分（计分分值 {counted} 分，折算成 {full} 分）"),
                self.rounded(&format!("({sum})*{full}/{counted}")),
            )
        };
        page.band(row, 0, 2, &words, &looks.faint)?;
        let bold = looks.faint_points.clone().set_bold();
        page.formula(row, 3, &formula, scorecard.score, &bold)?;
        page.band(row, 4, 8, "", &looks.faint)?;
        page.sheet.set_row_height(row, LINE)?;
        Ok((row + 1, row))
    }
}

/// The heading of an item: its points, what is left, what was taken.
fn item_row(
    page: &mut Page,
    looks: &Looks,
    row: u32,
    (first, last): (u32, u32),
    (item, score): (&Item, &ItemScore),
) -> Result<()> {
    let text = looks.faint.clone().set_align(FormatAlign::Left);
    page.band(row, 0, 1, &item.label(), &text)?;
    let counted = if score.points == item.points {
        String::new()
    } else {
        format!("（计分 {} 分）", plain(score.points))
    };
    let points = format!("分值 {} 分{counted}，得分：", plain(item.points));
    page.text(row, 2, &points, &text)?;
    let taken = format!("SUM({}:{})", cell(first, 5), cell(last, 5));
    let formula = format!("ROUND({}-{taken},{FINE})", plain(score.points));
    page.formula(row, 3, &formula, score.score, &looks.faint_points)?;
    for (column, sum) in [(4, Decimal::ZERO), (5, score.lost()), (6, Decimal::ZERO)] {
        if column == 5 {
            page.formula(
                row,
                column,
                &format!("ROUND({taken},{FINE})"),
                sum,
                &looks.faint_points,
            )?;
        } else {
            page.text(row, column, "", &looks.faint)?;
        }
    }
    let words = if score.lost().is_zero() {
        "没有扣分"
    } else {
        ""
    };
    page.text(row, 7, words, &text)?;
    page.text(row, 8, "", &looks.faint)?;
    page.sheet.set_row_height(row, LINE)?;
    Ok(())
}

/// Room for an appeal and for signatures; gives the last row.
fn sign(page: &mut Page, row: u32) -> Result<u32> {
    let looks = Looks::new(PLACES);
    let note = "对本反馈单有异议的，请在“申诉意见”栏逐条写明理由，连同佐证材料一并报送考核办公室。";
    page.across(row, note, &looks.note, style::TEXT_SIZE)?;
    let label = style::label().set_font_size(11.0);
    page.band(row + 1, 0, 2, "考核办公室（盖章）：", &label)?;
    page.band(row + 1, 3, 8, "被考核单位负责人（签字）：", &label)?;
    page.band(row + 2, 3, 8, "日期：　　　　年　　月　　日", &label)?;
    page.sheet.set_row_height(row + 1, 30)?;
    page.sheet.set_row_height(row + 2, 26)?;
    Ok(row + 2)
}
