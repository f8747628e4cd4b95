//! One rubric, from its tables.

use std::ops::Range;

use super::RubricSource;
use super::decode::{Placed, Problems, Table};
use crate::decimal::{Decimal, plain};
use crate::model::rubric::{
    Category, Clause, Item, Kind, Period, RateSource, Rounds, Rubric, Rule, RuleId, mark_number,
};
use crate::model::task::TaskTable;

/// A rubric as read, what joins it to other files still open.
pub(super) struct Draft<'a> {
    pub rubric: Rubric,
    pub source: &'a RubricSource,
    pub id: Range<usize>,
    year: Range<usize>,
    /// The file of its task table.
    tasks: Option<Placed<String>>,
    /// Rules that take their rate from it.
    needs_tasks: Option<Range<usize>>,
}

impl Draft<'_> {
    /// The rubric, joined to the task table of the name that it gives.
    pub(super) fn with_tasks(
        mut self,
        names: &[&str],
        tables: &[TaskTable],
        problems: &Problems,
    ) -> Rubric {
        let say = |span: &Range<usize>, code, message| {
            problems.add(Some(self.source), span.clone(), code, message, None);
        };
        match (&self.tasks, &self.needs_tasks) {
            (Some((name, span)), _) => match names.iter().position(|known| known == name) {
                Some(position) => {
                    if tables[position].year != self.rubric.year {
                        let message = format!(
                            "细则是 {} 年，任务表 {name} 是 {} 年",
                            self.rubric.year, tables[position].year
                        );
                        say(&self.year, "year-mismatch", message);
                    }
                    self.rubric.tasks = Some(position);
                }
                None => say(span, "unknown-task-table", format!("没有任务表 {name}")),
            },
            (None, Some(rule)) => {
                let message = "这一条从任务表取完成率，细则开头却没有写 tasks = \"…\"".to_owned();
                say(rule, "missing-task-table", message);
            }
            (None, None) => {}
        }
        self.rubric
    }
}

/// Reads a rubric.
pub(super) fn decode<'a>(table: &Table<'a>) -> Draft<'a> {
    let (id, id_span) = table.placed_text("id");
    let (year, year_span) = table.whole::<i32>("year");
    let periods: Vec<Period> = table.tables("period").iter().map(period).collect();
    weights(table, &periods);
    let mut needs_tasks = None;
    let categories: Vec<Category> = table
        .tables("category")
        .iter()
        .map(|category| self::category(category, &periods, &mut needs_tasks))
        .collect();
    let rubric = Rubric {
        id,
        title: table.text("title"),
        class: table.text("class"),
        year,
        version: table.text("version"),
        date: table.text("date"),
        source: table.text("source"),
        total: table.number("total").0,
        tasks: None,
        periods,
        categories,
        note: table.note(),
    };
    unique_items(table, &rubric);
    let draft = Draft {
        source: table.source,
        id: id_span,
        year: year_span,
        tasks: table.optional_text("tasks"),
        needs_tasks,
        rubric,
    };
    table.close();
    draft
}

fn period(table: &Table) -> Period {
    let (weight, span) = table.number("weight");
    if weight > Decimal::ONE {
        let message = "权重是 0 到 1 之间的数，50% 写成 0.5".to_owned();
        table.say(span, "weight-out-of-range", message);
    }
    let rounds = match table.optional_text("rounds") {
        None => Rounds::Mean,
        Some((text, _)) if text == "mean" => Rounds::Mean,
        Some((text, span)) => {
            let message = format!("不认识的合并办法“{text}”");
            table.advise(
                span,
                "unknown-rounds",
                message,
                "可以写：mean（平均）".to_owned(),
            );
            Rounds::Mean
        }
    };
    let period = Period {
        id: table.text("id"),
        name: table.text("name"),
        also: table
            .texts("also")
            .into_iter()
            .map(|(text, _)| text)
            .collect(),
        weight,
        rounds,
        note: table.note(),
    };
    table.close();
    period
}

/// The weights must make 1, and no two periods may share a key or a name.
fn weights(table: &Table, periods: &[Period]) {
    let sum: Decimal = periods.iter().map(|period| period.weight).sum();
    if !periods.is_empty() && sum != Decimal::ONE {
        let message = format!("各时段的权重加起来是 {}，应是 1", plain(sum));
        table.say(table.span.clone(), "weights-not-one", message);
    }
    for (index, period) in periods.iter().enumerate() {
        let twin = |other: &Period| other.id == period.id || other.name == period.name;
        if periods[..index].iter().any(twin) {
            let message = format!("时段“{}”写了两次", period.name);
            table.say(table.span.clone(), "duplicate-period", message);
        }
    }
}

fn unique_items(table: &Table, rubric: &Rubric) {
    let items: Vec<u32> = rubric.items().map(|item| item.no).collect();
    for (index, no) in items.iter().enumerate() {
        if items[..index].contains(no) {
            let message = format!("考核项目 {no} 写了两次");
            table.say(table.span.clone(), "duplicate-item", message);
        }
    }
}

fn category(table: &Table, periods: &[Period], needs_tasks: &mut Option<Range<usize>>) -> Category {
    let category = Category {
        name: table.text("name"),
        declared: table.number("points").0,
        items: table
            .tables("item")
            .iter()
            .map(|table| item(table, periods, needs_tasks))
            .collect(),
        note: table.note(),
    };
    table.close();
    category
}

fn item(table: &Table, periods: &[Period], needs_tasks: &mut Option<Range<usize>>) -> Item {
    let (points, points_span) = table.number("points");
    let clauses: Vec<Clause> = {
        let tables = table.tables("clause");
        let alone = tables.len() == 1;
        tables
            .iter()
            .map(|table| clause(table, alone.then_some(points)))
            .collect()
    };
    let mut item = Item {
        no: table.whole("no").0,
        name: table.text("name"),
        points,
        method: table
            .texts("method")
            .into_iter()
            .map(|(text, _)| text)
            .collect(),
        clauses,
        rules: Vec::new(),
        note: table.note(),
    };
    for table in table.tables("rule") {
        let rule = rule(&table, &item, periods);
        if item.rules.iter().any(|other| other.id == rule.id) {
            let message = format!("编号 {} 写了两次", rule.id);
            table.say(table.span.clone(), "duplicate-rule", message);
        }
        if rule.uses_tasks() {
            *needs_tasks = Some(table.span.clone());
        }
        item.rules.push(rule);
    }
    let caps: Decimal = item.rules.iter().map(|rule| rule.cap).sum();
    if caps > points {
        let message = format!(
            "考核项目 {} 各条的上限加起来是 {}，超过了项目的 {} 分",
            item.no,
            plain(caps),
            plain(points)
        );
        table.say(points_span, "caps-above-item", message);
    }
    table.close();
    item
}

fn clause(table: &Table, points_of_item: Option<Decimal>) -> Clause {
    let clause = Clause {
        mark: mark(table),
        points: match table.optional_number("points") {
            Some((points, _)) => points,
            None => points_of_item.unwrap_or_else(|| table.number("points").0),
        },
        text: table.text("text"),
        note: table.note(),
    };
    table.close();
    clause
}

/// ① as 1, if there is a mark.
fn mark(table: &Table) -> Option<u32> {
    let (text, span) = table.optional_text("mark")?;
    let mark = mark_of(&text);
    if mark.is_none() {
        let message = format!("不认识的序号“{text}”");
        table.advise(span, "unknown-mark", message, "请写 ①、②、③……".to_owned());
    }
    mark
}

fn mark_of(text: &str) -> Option<u32> {
    let mut chars = text.chars();
    chars
        .next()
        .and_then(mark_number)
        .filter(|_| chars.next().is_none())
}

fn rule(table: &Table, item: &Item, periods: &[Period]) -> Rule {
    let covers = covers(table, item);
    let covered: Decimal = covers
        .iter()
        .map(|&clause| item.clauses[clause].points)
        .sum();
    let cap = table.optional_number("cap").map_or(covered, |(cap, _)| cap);
    let by_period = table.optional_table("by-period");
    let kind = kind(table);
    let rule = Rule {
        id: RuleId {
            item: item.no,
            mark: mark(table),
        },
        text: table.text("text"),
        covers,
        cap,
        by_period: by_period
            .map(|table| figures(&table, &kind, periods))
            .unwrap_or_default(),
        kind,
        ask: table.text("ask"),
        count: table.optional_text("count").map(|(count, _)| count),
        note: table.note(),
    };
    table.close();
    rule
}

/// The clauses that a rule covers, by position: all of the item's where none are named.
fn covers(table: &Table, item: &Item) -> Vec<usize> {
    if !table.has("covers") {
        // The key is known even where it is left out.
        table.texts("covers");
        return (0..item.clauses.len()).collect();
    }
    let position = |(text, span): Placed<String>| {
        let mark = mark_of(&text);
        let clause = item
            .clauses
            .iter()
            .position(|clause| clause.mark == mark && mark.is_some());
        if clause.is_none() {
            let message = format!("考核项目 {} 没有考核内容“{text}”", item.no);
            table.say(span, "unknown-clause", message);
        }
        clause
    };
    table
        .texts("covers")
        .into_iter()
        .filter_map(position)
        .collect()
}

/// The kind of a rule with its own figures: one arm a kind.
fn kind(table: &Table) -> Kind {
    let (name, span) = table.placed_text("kind");
    match name.as_str() {
        "per-occurrence" => Kind::PerOccurrence {
            each: table.number("each").0,
        },
        "fixed" => Kind::Fixed {
            points: table.number("points").0,
            lost_by: answer(table),
        },
        "shortfall" => Kind::Shortfall {
            required: table.number("required").0,
            each: table.number("each").0,
        },
        "proportional" => Kind::Proportional { rate: rate(table) },
        "discretionary" => Kind::Discretionary,
        "" => Kind::Discretionary,
        _ => {
            let message = format!("不认识的计分方法“{name}”");
            let help = "可以写：per-occurrence（按次）、fixed（是非）、shortfall（少一次扣几分）、\
                        proportional（按比例）、discretionary（酌情）"
                .to_owned();
            table.advise(span, "unknown-kind", message, help);
            Kind::Discretionary
        }
    }
}

fn answer(table: &Table) -> bool {
    let (text, span) = table.placed_text("lost-by");
    match text.as_str() {
        "是" => true,
        "否" | "" => false,
        _ => {
            table.say(span, "unknown-answer", "“lost-by”写“是”或“否”".to_owned());
            false
        }
    }
}

fn rate(table: &Table) -> RateSource {
    let (text, span) = table.placed_text("rate");
    match text.as_str() {
        "tasks" => RateSource::Tasks,
        "typed" | "" => RateSource::Typed,
        _ => {
            let message = "“rate”写 tasks（任务表）或 typed（填报）".to_owned();
            table.say(span, "unknown-rate", message);
            RateSource::Typed
        }
    }
}

/// Other figures of the same kind for single periods.
fn figures(table: &Table, kind: &Kind, periods: &[Period]) -> Vec<(usize, Kind)> {
    let mut figures = Vec::new();
    for ((name, span), table) in table.entries() {
        match periods.iter().position(|period| period.id == name) {
            Some(period) => figures.push((period, kind_with(&table, kind))),
            None => table.say(span, "unknown-period", format!("细则里没有时段“{name}”")),
        }
        table.close();
    }
    figures
}

/// `kind` with the figures that `table` names in place of its own.
fn kind_with(table: &Table, kind: &Kind) -> Kind {
    let or = |key, own: Decimal| table.optional_number(key).map_or(own, |(number, _)| number);
    match *kind {
        Kind::PerOccurrence { each } => Kind::PerOccurrence {
            each: or("each", each),
        },
        Kind::Fixed { points, lost_by } => Kind::Fixed {
            points: or("points", points),
            lost_by,
        },
        Kind::Shortfall { required, each } => Kind::Shortfall {
            required: or("required", required),
            each: or("each", each),
        },
        Kind::Proportional { .. } | Kind::Discretionary => kind.clone(),
    }
}
