//! One rubric as a tree: categories, items, clauses and rules, with points, shares and words.

mod json;
mod words;

pub use json::write_json;
use textwrap::Options;

use crate::decimal::{Decimal, plain, round};
use crate::model::catalog::Catalog;
use crate::model::rubric::{Category, Item, Rubric, Rule, mark_text};
use crate::output::settings;

/// Columns that a line takes at most.
const WIDTH: usize = 80;

/// What is printed of one rubric.
#[derive(Clone, Copy, Debug)]
pub struct Tree<'a> {
    /// Everything in force.
    pub catalog: &'a Catalog,
    /// The rubric, by position.
    pub rubric: usize,
    /// The name of its file.
    pub file: &'a str,
    /// The SHA-256 of its file.
    pub sha256: &'a str,
}

impl<'a> Tree<'a> {
    fn rubric(&self) -> &'a Rubric {
        &self.catalog.rubrics[self.rubric]
    }
}

/// The tree as text.
pub fn render(tree: &Tree) -> String {
    let rubric = tree.rubric();
    let mut page = Page::default();
    page.head(tree);
    page.settings(rubric);
    for category in &rubric.categories {
        page.category(rubric, category);
    }
    page.text
}

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    /// A paragraph that begins with `label`, its lines below each other behind it.
    fn labelled(&mut self, indent: usize, label: &str, text: &str) {
        let first = format!("{}{label}", " ".repeat(indent));
        let hang = " ".repeat(indent + unicode_width::UnicodeWidthStr::width(label));
        for (position, line) in text.lines().enumerate() {
            let lead = if position == 0 { &first } else { &hang };
            let options = Options::new(WIDTH)
                .initial_indent(lead)
                .subsequent_indent(&hang);
            self.text += &textwrap::fill(line, options);
            self.text.push('\n');
        }
    }

    fn line(&mut self, text: &str) {
        self.labelled(0, "", text);
    }

    fn head(&mut self, tree: &Tree) {
        let rubric = tree.rubric();
        let units = tree.catalog.class(tree.rubric).count();
        self.line(&format!("{}（{}）", rubric.title, rubric.id));
        self.line(&format!(
            "{}，{units} 个单位，{} 年度，满分 {}",
            rubric.class,
            rubric.year,
            plain(rubric.points())
        ));
        self.labelled(0, "依据：", &rubric.source);
        let file = format!("{}，版本 {}，{}", tree.file, rubric.version, rubric.date);
        self.labelled(0, "文件：", &file);
        self.labelled(0, "指纹：", tree.sha256);
        if let Some(tasks) = tree.catalog.tasks_of(rubric) {
            let about = format!("{}，{} 项任务", tasks.title, tasks.tasks.len());
            self.labelled(0, "任务：", &about);
        }
        if let Some(note) = &rubric.note {
            self.labelled(0, "说明：", note);
        }
    }

    /// The choices in force.
    fn settings(&mut self, rubric: &Rubric) {
        self.text.push('\n');
        for period in &rubric.periods {
            let share = percent(period.weight, Decimal::ONE);
            let rounds = settings::rounds_of(&period.rounds);
            let text = format!("{}占 {share}，有多轮的{rounds}", period.name);
            self.labelled(0, "时段：", &text);
            if let Some(note) = &period.note {
                self.labelled(6, "说明：", note);
            }
        }
        let decimals = format!("四舍五入到{}", settings::decimals(rubric));
        self.labelled(0, "小数：", &decimals);
        self.labelled(0, "名次：", &settings::ties(rubric, true));
        let grades = settings::grades(rubric);
        self.labelled(0, "等次：", grades.as_deref().unwrap_or("不分等次"));
        let refused = "不能填，每一条都要有数";
        let not_applicable = settings::not_applicable(rubric);
        let not_applicable = not_applicable.as_deref().unwrap_or(refused);
        self.labelled(0, "不涉及：", not_applicable);
        for used in &rubric.uses {
            self.labelled(0, "运用：", used);
        }
    }

    fn category(&mut self, rubric: &Rubric, category: &Category) {
        let points: Decimal = category.items.iter().map(|item| item.points).sum();
        self.text.push('\n');
        let declared = if category.declared == points {
            String::new()
        } else {
            format!("（标题写 {} 分）", plain(category.declared))
        };
        self.line(&format!(
            "{}　{} 分，占 {}{declared}",
            category.name,
            plain(points),
            percent(points, rubric.points())
        ));
        if let Some(note) = &category.note {
            self.labelled(2, "说明：", note);
        }
        for item in &category.items {
            self.item(rubric, item);
        }
    }

    fn item(&mut self, rubric: &Rubric, item: &Item) {
        let method = if item.method.is_empty() {
            String::new()
        } else {
            format!("（{}）", item.method.join("、"))
        };
        self.text.push('\n');
        let text = format!(
            "{}　{} 分，占 {}{method}",
            item.label(),
            plain(item.points),
            percent(item.points, rubric.points())
        );
        self.labelled(2, "", &text);
        if let Some(note) = &item.note {
            self.labelled(4, "说明：", note);
        }
        for clause in &item.clauses {
            let mark = clause.mark.map(mark_text).unwrap_or_default();
            let label = format!("考核内容{mark} {} 分：", plain(clause.points));
            self.labelled(4, &label, &clause.text);
            if let Some(note) = &clause.note {
                self.labelled(6, "说明：", note);
            }
        }
        for rule in &item.rules {
            self.rule(rubric, item, rule);
        }
    }

    fn rule(&mut self, rubric: &Rubric, item: &Item, rule: &Rule) {
        let cap = format!(
            "最多扣 {} 分，占 {}",
            plain(rule.cap),
            percent(rule.cap, rubric.points())
        );
        let id = format!("{} ", rule.id);
        self.labelled(4, &id, &format!("{}；{cap}", words::kind(rule, &rule.kind)));
        for (period, kind) in &rule.by_period {
            let period = &rubric.periods[*period].name;
            self.labelled(6, &format!("{period}："), &words::kind(rule, kind));
        }
        let covered: String = rule
            .covers
            .iter()
            .filter_map(|&clause| item.clauses[clause].mark.map(mark_text))
            .collect();
        if !covered.is_empty() {
            self.labelled(6, "对应：", &format!("考核内容{covered}"));
        }
        self.labelled(6, "填报：", &rule.ask);
        self.labelled(6, "原文：", &rule.text);
        if let Some(note) = &rule.note {
            self.labelled(6, "说明：", note);
        }
    }
}

/// A share, to two decimals of a percent.
fn percent(part: Decimal, whole: Decimal) -> String {
    if whole.is_zero() {
        return "—".to_owned();
    }
    format!("{}%", plain(round(part * Decimal::ONE_HUNDRED / whole, 2)))
}
