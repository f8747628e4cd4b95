//! A rubric: one score table of an assessment document, valid by construction.
//!
//! Rubric › category (类别) › item (考核项目) › clauses (考核内容) and rules (计分方法).

mod settings;

use std::fmt;
use std::iter::Peekable;
use std::sync::Arc;

use crate::decimal::{self, Decimal};
use crate::text;
pub use settings::{Bound, Grades, Level, NotApplicable, Ranking, Rounds, Ties};

/// The rounds that a period can have: one a day of the year.
pub const MOST_ROUNDS: u32 = 366;

/// One score table: how the units of one class are scored.
#[derive(Clone, Debug)]
pub struct Rubric {
    /// Stable key for machines: `government`.
    pub id: String,
    /// The table's title in the document.
    pub title: String,
    /// The class of units that it scores: 各区县（市）人民政府.
    pub class: String,
    /// The year that is assessed.
    pub year: i32,
    /// Version of the rubric file.
    pub version: String,
    /// The day on which that version was fixed, `2026-11-24`.
    pub date: String,
    /// The document that the rubric encodes.
    pub source: String,
    /// Points of a round without deductions.
    pub total: Decimal,
    /// Decimals that are kept where figures are rounded, and printed.
    pub decimals: u32,
    /// How totals become ranks.
    pub ranking: Ranking,
    /// 等次, where the document names any.
    pub grades: Option<Grades>,
    /// The task table that rates come from, by position in the catalog.
    pub tasks: Option<usize>,
    /// What the results are handed on for, each by a heading of 结果运用.
    pub uses: Vec<String>,
    /// The periods, in the order of the year.
    pub periods: Vec<Period>,
    /// The headings of the table.
    pub categories: Vec<Category>,
    /// What was decided where the document as a whole leaves room.
    pub note: Option<String>,
}

/// A part of the year with a score of its own: 平时考核, 年终考核.
#[derive(Clone, Debug)]
pub struct Period {
    /// Stable key for machines: `routine`.
    pub id: String,
    /// Its name in the document.
    pub name: String,
    /// Other ways people write it.
    pub also: Vec<String>,
    /// Its share in the total, 0 to 1.
    pub weight: Decimal,
    /// How several rounds make one score.
    pub rounds: Rounds,
    /// What was decided here.
    pub note: Option<String>,
}

/// A heading of the table: （一）基础工作（共10分）.
#[derive(Clone, Debug)]
pub struct Category {
    /// Its text without the points.
    pub name: String,
    /// The points printed beside it; the items decide, this is what the document declares.
    pub declared: Decimal,
    /// Its items.
    pub items: Vec<Item>,
    /// What was decided here.
    pub note: Option<String>,
}

/// 考核项目.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its number in the table.
    pub no: u32,
    /// Its name.
    pub name: String,
    /// 权重: the points of the item.
    pub points: Decimal,
    /// 考核方式: 查资料, 看现场.
    pub method: Vec<String>,
    /// 考核内容.
    pub clauses: Vec<Clause>,
    /// 计分方法.
    pub rules: Vec<Rule>,
    /// What was decided here.
    pub note: Option<String>,
}

/// One numbered part of 考核内容.
#[derive(Clone, Debug)]
pub struct Clause {
    /// ① is 1; `None` where the item has one unnumbered clause.
    pub mark: Option<u32>,
    /// Its points.
    pub points: Decimal,
    /// The document's words, without the mark.
    pub text: String,
    /// What was decided here.
    pub note: Option<String>,
}

/// One 计分方法: what is counted and what it costs.
#[derive(Clone, Debug)]
pub struct Rule {
    /// 编号: the item's number and the rule's mark.
    pub id: RuleId,
    /// The document's words, without the mark.
    pub text: String,
    /// Which of the item's clauses it covers, by position.
    pub covers: Vec<usize>,
    /// 扣完为止: the most it takes.
    pub cap: Decimal,
    /// How a value becomes a deduction.
    pub kind: Kind,
    /// Other figures of the same kind for single periods, by the period's position.
    pub by_period: Vec<(usize, Kind)>,
    /// What the sheet asks for.
    pub ask: Arc<str>,
    /// The unit of count (次, 项), where there is one.
    pub count: Option<String>,
    /// What 不涉及 in the place of a value means.
    pub not_applicable: NotApplicable,
    /// What was decided here.
    pub note: Option<String>,
}

/// How a value becomes a deduction. A closed vocabulary: a new kind is one variant here, one
/// arm in the engine, one in the check of sheets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 缺一项扣1分: `each` points for each occurrence.
    PerOccurrence {
        /// Points for each occurrence.
        each: Decimal,
    },
    /// 未设立的扣5分: `points` if the answer is `lost_by`.
    Fixed {
        /// Points lost.
        points: Decimal,
        /// The answer that loses them: `false` is 否.
        lost_by: bool,
    },
    /// 不少于4次，每少一次扣2.5分: `each` points for each one short of `required`.
    Shortfall {
        /// How many there must be.
        required: Decimal,
        /// Points for each one short.
        each: Decimal,
    },
    /// 按相应比例扣分: the cap × (1 − rate of completion).
    Proportional {
        /// Where the rate comes from.
        rate: RateSource,
    },
    /// 酌情扣分: the points that the assessor names, with a reason.
    Discretionary,
}

/// Where a rate of completion comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateSource {
    /// The task table, or a typed rate where there is none.
    Tasks,
    /// A typed rate.
    Typed,
}

/// 编号 of a rule: the item's number and the mark of the 计分方法, `1①`, or `2` where the item
/// has one unnumbered rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId {
    /// The item's number.
    pub item: u32,
    /// ① is 1.
    pub mark: Option<u32>,
}

/// The number of a circled mark: ① is 1, ⑳ is 20.
pub fn mark_number(mark: char) -> Option<u32> {
    ('①'..='⑳')
        .contains(&mark)
        .then(|| mark as u32 - '①' as u32 + 1)
}

/// The circled mark of a number, in brackets beyond ⑳.
pub fn mark_text(number: u32) -> String {
    match number {
        1..=20 => char::from_u32('①' as u32 + number - 1).map_or_else(String::new, String::from),
        _ => format!("({number})"),
    }
}

impl RuleId {
    /// Reads a 编号 in any of the ways people write it: `1①`, `1(1)`, `1-1`, `1.1`, `1、①`, `2`.
    pub fn parse(text: &str) -> Option<Self> {
        // Most texts are none, which their first character shows.
        Self::joined(text).filter(|_| !text::has_parted_digits(text))
    }

    /// The same, white space passed over wherever it stands.
    fn joined(text: &str) -> Option<Self> {
        let written = text.chars().map(text::plain);
        let is_seen = |c: &char| !c.is_whitespace() && !text::is_hidden(*c);
        let mut written = written.filter(is_seen).peekable();
        let item = leading_number(&mut written)?;
        let mark = match written.next() {
            None => return Some(Self { item, mark: None }),
            Some('-' | '.' | '、') => match written.next_if(|c| !c.is_ascii_digit()) {
                Some(circled) => mark_number(circled)?,
                None => leading_number(&mut written)?,
            },
            Some('(') => {
                let mark = match written.next_if(|c| !c.is_ascii_digit()) {
                    Some(circled) => mark_number(circled)?,
                    None => leading_number(&mut written)?,
                };
                written.next().filter(|c| *c == ')')?;
                mark
            }
            Some(circled) => mark_number(circled)?,
        };
        written.next().is_none().then_some(Self {
            item,
            mark: Some(mark),
        })
    }
}

impl RuleId {
    /// The id that a spreadsheet made a number of: 2 or 1.1, which reads the same.
    pub fn of_number(number: f64) -> Option<Self> {
        /// More than binary arithmetic leaves behind the third digit of a fraction.
        const NOISE: f64 = 1e-6;
        let thousandths = number * 1000.0;
        let is_one =
            (0.9..1000.0).contains(&number) && (thousandths - thousandths.round()).abs() < NOISE;
        // Most numbers are none, and looking closer would cost more than reading them.
        let number = is_one.then(|| decimal::from_f64(number))??;
        let one = 10_i128.checked_pow(number.scale())?;
        let (item, part) = (number.mantissa() / one, number.mantissa() % one);
        let mark = match part {
            0 => None,
            // No zero stands before its first digit.
            _ if part * 10 >= one => Some(u32::try_from(part).ok()?),
            _ => return None,
        };
        let item = u32::try_from(item).ok().filter(|item| *item > 0)?;
        Some(Self { item, mark })
    }

    /// The id that a spreadsheet made a date of: 1-1 became the first of January, which reads
    /// `2019-01-01` or `1月1日`. What is shown as a number is no date in any year.
    pub fn of_date(date: &str) -> Option<Self> {
        if date.parse::<f64>().is_ok() {
            return None;
        }
        let mut parts = date
            .split(|c: char| !c.is_ascii_digit())
            .filter(|part| !part.is_empty());
        let (first, second) = (parts.next()?, parts.next()?);
        let (month, day) = match parts.next() {
            Some(day) => (second, day),
            None => (first, second),
        };
        let plain = |part: &str| number(part.trim_start_matches('0'));
        Some(Self {
            item: plain(month)?,
            mark: Some(plain(day)?),
        })
    }
}

/// A number of one to three digits, above zero.
fn number(text: &str) -> Option<u32> {
    let mut text = text.chars().peekable();
    let number = leading_number(&mut text);
    number.filter(|_| text.next().is_none())
}

/// The same where something else may follow.
fn leading_number(text: &mut Peekable<impl Iterator<Item = char>>) -> Option<u32> {
    const LARGEST: u32 = 999;
    let mut number = 0;
    while let Some(digit) = text.peek().and_then(|c| c.to_digit(10)) {
        text.next();
        number = number * 10 + digit;
        // Nothing stands before its first digit, no zero either.
        if !(1..=LARGEST).contains(&number) {
            return None;
        }
    }
    (number > 0).then_some(number)
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.item)?;
        self.mark
            .map_or(Ok(()), |mark| f.write_str(&mark_text(mark)))
    }
}

impl Rubric {
    /// The items, in the order of the table.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.categories.iter().flat_map(|category| &category.items)
    }

    /// The rules, in the order of the table.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.items().flat_map(|item| &item.rules)
    }

    /// The position of a rule among [`Rubric::rules`].
    pub fn position(&self, id: RuleId) -> Option<usize> {
        self.rules().position(|rule| rule.id == id)
    }

    /// The points of all items: what a round has without deductions.
    pub fn points(&self) -> Decimal {
        self.items().map(|item| item.points).sum()
    }

    /// The decimals that its figures are printed with: those that are kept, or more where points
    /// have more.
    pub fn printed_decimals(&self) -> u32 {
        let items = self.items().map(|item| item.points);
        let points = items.chain(self.rules().map(|rule| rule.cap));
        let scales = points.map(|points| points.normalize().scale());
        scales.chain([self.decimals]).max().unwrap_or_default()
    }

    /// Whether 不涉及 can take points out of a round, so that the rest is converted.
    pub fn converts(&self) -> bool {
        self.rules()
            .any(|rule| rule.not_applicable == NotApplicable::Rescaled)
    }

    /// The name of the grade at a position, where there is one.
    pub fn grade_name(&self, grade: Option<usize>) -> Option<&str> {
        let level = self.grades.as_ref()?.levels.get(grade?)?;
        Some(&level.name)
    }

    /// Whether any rule takes its rate from the task table.
    pub fn uses_tasks(&self) -> bool {
        self.rules().any(Rule::uses_tasks)
    }
}

impl Item {
    /// The item's number and name: `1 基础工作完成情况`.
    pub fn label(&self) -> String {
        format!("{} {}", self.no, self.name)
    }

    /// The words of the clauses that `rule` covers, marks before them.
    pub fn covered_text(&self, rule: &Rule) -> String {
        let clauses = rule
            .covers
            .iter()
            .map(|&index| self.clauses[index].marked());
        clauses.collect::<Vec<_>>().join("\n")
    }
}

impl Clause {
    /// The clause as the document prints it, mark and words.
    pub fn marked(&self) -> String {
        self.mark.map(mark_text).unwrap_or_default() + &self.text
    }
}

impl Rule {
    /// The rule as the document prints it, mark and words.
    pub fn marked(&self) -> String {
        self.id.mark.map(mark_text).unwrap_or_default() + &self.text
    }

    /// How a value of the period at `period` becomes a deduction.
    pub fn kind_in(&self, period: usize) -> &Kind {
        self.by_period
            .iter()
            .find(|(of, _)| *of == period)
            .map_or(&self.kind, |(_, kind)| kind)
    }

    /// Whether it takes its rate from the task table.
    pub fn uses_tasks(&self) -> bool {
        self.kind
            == Kind::Proportional {
                rate: RateSource::Tasks,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_id_is_read_in_every_way_people_write_it() {
        let one = RuleId {
            item: 1,
            mark: Some(1),
        };
        for text in [
            "1①",
            "1(1)",
            "1（1）",
            "1-1",
            "1.1",
            "１①",
            " 1 ① ",
            "1(①)",
            "1.①",
            "1、①",
            "1①\u{200b}",
        ] {
            assert_eq!(RuleId::parse(text), Some(one), "{text}");
        }
        assert_eq!(RuleId::of_number(1.1), Some(one));
        assert_eq!(RuleId::of_date("2019-01-01"), Some(one));
        assert_eq!(RuleId::of_date("1月1日"), Some(one));
        for no_date in ["1e300", "-1e-10", "-1.5", "45000"] {
            assert_eq!(RuleId::of_date(no_date), None, "{no_date}");
        }
        let two = RuleId {
            item: 2,
            mark: None,
        };
        assert_eq!(RuleId::parse("2"), Some(two));
        let last = RuleId {
            item: 999,
            mark: Some(21),
        };
        assert_eq!(RuleId::parse(&last.to_string()), Some(last));
        for text in [
            "", "①", "1a", "合计", "1-", "0", "01", "1(", "1()", "1(1", "1(1)1", "1(01)", "1①②",
            "1-1-1", "2019", "1(2019)", "1.01", "1 1", "1.1 2",
        ] {
            assert_eq!(RuleId::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_is_the_id_that_it_reads_as() {
        let thousandths = (0..=1_001_000).map(|n| f64::from(n) / 1000.0);
        let others = [
            1.1 + f64::EPSILON, // 1.1 with what binary arithmetic leaves
            1.0001,
            1.100_000_1,
            1.234_5,
            999.999_9,
            0.999_999_999_999_999_9,
            -1.1,
            f64::NAN,
            f64::INFINITY,
            1e15,
        ];
        for number in thousandths.chain(others) {
            let read = decimal::from_f64(number).and_then(|n| RuleId::parse(&decimal::plain(n)));
            assert_eq!(RuleId::of_number(number), read, "{number}");
        }
    }
}
