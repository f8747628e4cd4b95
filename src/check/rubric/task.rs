//! Tasks: what the text says against the indicator column, who leads, what can be measured.

use std::collections::HashMap;
use std::ops::Range;

use crate::check::rubric::figures::{Figure, Side, figures};
use crate::check::rubric::words::{numbers, within};
use crate::check::rubric::{View, listed, text};
use crate::decimal::plain;
use crate::diagnostic::{RubricProblem, RubricSource};
use crate::model::draft::{Optional, Placed, TaskDraft, TaskTableDraft};
use crate::model::task::{Direction, Goal};

/// A name that two tasks share must be at least so long, in characters, to mean the same thing.
const TELLING: usize = 6;

/// What may well be more than all of something.
const GROWS: &[&str] = &["增长", "增加", "增幅", "增速", "提高", "提升", "上升", "翻"];

pub(super) fn advise(view: View, table: &TaskTableDraft, found: &mut Vec<RubricProblem>) {
    let source = view.source(table.file);
    let whole = |task: &&TaskDraft| {
        let at = task.no.as_ref().ok().map(|no| no.span.start);
        let whole = |at| view.has_all_of(table.file, at, "task", &["group"]);
        view.is_whole(table.file) || at.is_some_and(whole)
    };
    let tasks: Vec<&TaskDraft> = listed(&table.tasks).iter().filter(whole).collect();
    for &task in &tasks {
        let task = Task { source, task };
        found.extend(task.without_lead());
        found.extend(task.without_target());
        found.extend(task.without_goal());
        found.extend(task.goal_not_target());
        found.extend(task.figures_differ());
        found.extend(task.names_differ());
        found.extend(task.target_beyond_full());
    }
    contradictions(source, &tasks, found);
}

/// One task, in its file.
struct Task<'a> {
    source: &'a RubricSource,
    task: &'a TaskDraft,
}

/// An optional field that was read: what it holds, if anything.
fn held<T>(field: &Optional<T>) -> Option<Option<&Placed<T>>> {
    field.as_ref().ok().map(Option::as_ref)
}

/// 任务 13
fn name(task: &TaskDraft) -> String {
    let no = task.no.as_ref().map(|no| no.value.to_string());
    format!("任务 {}", no.unwrap_or_default())
}

impl<'a> Task<'a> {
    fn finding(&self, code: &'static str, place: Range<usize>, message: String) -> RubricProblem {
        RubricProblem::new(code, self.source.name.as_str(), place, message)
            .note(text(&self.task.note))
    }

    fn content(&self) -> Option<&'a Placed<String>> {
        self.task.content.as_ref().ok()
    }

    fn without_lead(&self) -> Option<RubricProblem> {
        let lead = self.task.lead.as_ref().ok()?;
        if !lead.is_empty() {
            return None;
        }
        let message = format!("{} 没有牵头单位", name(self.task));
        let place = self.task.no.as_ref().ok()?.span.clone();
        let problem = self.finding("task-without-lead", place, message);
        let problem = match self.content().and_then(|content| leader(&content.value)) {
            Some(words) => problem.quote(words),
            None => problem,
        };
        let help = "请核对原文的牵头单位栏；原文空白的，请定下由谁牵头，写进 lead，在 note 里写明";
        Some(problem.help(help))
    }

    fn without_target(&self) -> Option<RubricProblem> {
        let indicator = held(&self.task.indicator)?;
        let target = held(&self.task.target)?;
        if target.is_some() || held(&self.task.goal)?.is_some() {
            return None;
        }
        let (what, place) = match indicator {
            Some(indicator) => ("有指标，没有指标值", indicator.span.clone()),
            None => ("没有指标", self.task.no.as_ref().ok()?.span.clone()),
        };
        let message = format!("{} {what}，完成没完成只能由单位自己说", name(self.task));
        let problem = self.finding("task-without-target", place, message);
        let title = self.task.title.as_ref().ok();
        let problem = match (indicator, title) {
            (None, Some(title)) => problem.quote(&title.value),
            _ => problem,
        };
        Some(problem.help("请定下怎样算完成、凭什么材料认定，在 note 里写明"))
    }

    fn without_goal(&self) -> Option<RubricProblem> {
        let target = held(&self.task.target)??;
        if held(&self.task.goal)?.is_some() {
            return None;
        }
        let figure = figures(&target.value).into_iter().next()?;
        let message = format!(
            "{} 的指标值有 {}，却没有写 goal，填报的实际值就没有核对",
            name(self.task),
            figure.shown()
        );
        let place = within(self.source, target, &figure.place);
        let key = match figure.side {
            Side::Less => "at-most",
            Side::More | Side::Reached => "at-least",
        };
        let unit = match figure.unit {
            "" => String::new(),
            unit => format!(", unit = \"{unit}\""),
        };
        let help = format!(
            "请加上一行 goal = {{ {key} = {}{unit} }}",
            plain(figure.value)
        );
        let problem = self.finding("target-without-goal", place, message);
        Some(problem.help(help))
    }

    /// The goal by which measured values are held, against the printed target.
    fn goal_not_target(&self) -> Option<RubricProblem> {
        let goal = held(&self.task.goal)??;
        let target = held(&self.task.target)??;
        let why = contrary(&goal.value, &target.value)?;
        let message = format!("{} 的 goal 是 {}，指标值{why}", name(self.task), goal.value);
        let problem = self.finding("goal-not-target", goal.span.clone(), message);
        let problem = problem.mark(&target.span, "指标值");
        Some(problem.help("请核对原文，原文有误的，在 note 里写明；填报的实际值现在按 goal 核对"))
    }

    /// The figures of the text that the indicator column does not have.
    fn strangers(&self) -> Option<Vec<Figure<'a>>> {
        let goal = held(&self.task.goal)?.map(|goal| &goal.value);
        let target = held(&self.task.target)?;
        let unit = goal
            .and_then(|goal| goal.unit.as_deref())
            .unwrap_or_default();
        let printed = target.map_or_else(Vec::new, |target| numbers(&target.value));
        let known = |figure: &Figure| {
            let goal = goal.is_some_and(|goal| goal.value == figure.value);
            goal || printed.iter().any(|(_, value)| *value == figure.value)
        };
        let stated = figures(&self.content()?.value).into_iter();
        let stated = stated.filter(|figure| figure.compares(unit) && !known(figure));
        Some(stated.collect())
    }

    fn figures_differ(&self) -> Option<RubricProblem> {
        let target = held(&self.task.target)?;
        let goal = held(&self.task.goal)?;
        if target.is_none() && goal.is_none() {
            return None;
        }
        let strangers = self.strangers()?;
        let first = strangers.first()?;
        let mut list: Vec<_> = strangers.iter().map(Figure::shown).collect();
        list.dedup();
        let column = match (target, goal) {
            (Some(target), _) => target.value.replace('\n', "；"),
            (None, Some(goal)) => goal.value.to_string(),
            (None, None) => String::new(),
        };
        let message = format!(
            "{} 的工作内容写 {}，指标值是“{column}”，两处不一样",
            name(self.task),
            list.join("、")
        );
        let place = within(self.source, self.content()?, &first.place);
        let problem = self.finding("task-figures-differ", place, message);
        Some(problem.help("请核对以哪一个为准，在 note 里写明；填报的实际值现在按 goal 核对"))
    }

    /// Text and indicator that name the same figure, of things that have no word in common.
    fn names_differ(&self) -> Option<RubricProblem> {
        let goal = &held(&self.task.goal)??.value;
        let measures = held(&self.task.measures)?;
        let indicator = measures.or(held(&self.task.indicator)?)?;
        let content = self.content()?;
        let stated = figures(&content.value);
        let first = stated.first()?;
        let apart = |figure: &Figure| {
            let telling = figure.name.chars().count() >= TELLING;
            telling && figure.value == goal.value && !share_a_word(figure.name, &indicator.value)
        };
        if !stated.iter().all(apart) {
            return None;
        }
        let message = format!(
            "{} 的工作内容说的是“{}”，指标是“{}”，不像是一件事",
            name(self.task),
            first.name,
            indicator.value.replace('\n', "；")
        );
        let place = within(self.source, content, &first.place);
        let problem = self.finding("task-names-differ", place, message);
        Some(problem.help("请核对实际值填哪一个，写进 measures，在 note 里写明"))
    }

    fn target_beyond_full(&self) -> Option<RubricProblem> {
        let content = self.content()?;
        let target = held(&self.task.target)?;
        let beyond = |place: &'a Placed<String>| {
            let figure = figures(&place.value).into_iter().find(|figure| {
                let full = figure.unit == "%" && plain(figure.value) == "100";
                let grows = GROWS.iter().any(|word| place.value.contains(word));
                full && figure.side == Side::More && !grows
            });
            Some((place, figure?))
        };
        let (placed, figure) = target.and_then(beyond).or_else(|| beyond(content))?;
        let message = format!(
            "{} 要求不低于 100%，可是一个比例最多就是 100%",
            name(self.task)
        );
        let place = within(self.source, placed, &figure.place);
        let problem = self.finding("target-beyond-full", place, message);
        Some(problem.help("请核对原文；按 100% 执行的，在 note 里写明"))
    }
}

/// In what a printed target contradicts the goal.
fn contrary(goal: &Goal, target: &str) -> Option<String> {
    let target_numbers = numbers(target);
    if target_numbers.is_empty() {
        // 百分之九十, 零增长: not to be read by a program.
        return None;
    }
    let same: Vec<_> = target_numbers
        .iter()
        .filter(|(_, value)| *value == goal.value)
        .collect();
    if same.is_empty() {
        return Some(format!("里没有 {} 这个数", plain(goal.value)));
    }
    let unit = goal.unit.as_deref().unwrap_or_default();
    let behind = |place: &Range<usize>| target[place.end..].trim_start().replace('％', "%");
    if !same
        .iter()
        .any(|(place, _)| behind(place).starts_with(unit))
    {
        return Some(format!("里 {} 后面的单位不是“{unit}”", plain(goal.value)));
    }
    let percent = |(place, _): &&(Range<usize>, _)| behind(place).starts_with('%');
    if unit.is_empty() && same.iter().all(percent) {
        return Some(format!(
            "里 {} 后面的单位是“%”，goal 没有写单位",
            plain(goal.value)
        ));
    }
    let figures = figures(target);
    let figure = figures.iter().find(|figure| figure.value == goal.value)?;
    let (opposite, words) = match (goal.direction, figure.side) {
        (Direction::AtLeast, Side::Less) => (true, "不超过"),
        (Direction::AtMost, Side::More) => (true, "不低于"),
        _ => (false, ""),
    };
    opposite.then(|| format!("按字面是{words} {}，方向相反", figure.shown()))
}

/// 由市委市政府督查室牵头, where the text says who leads.
fn leader(content: &str) -> Option<&str> {
    let end = content.find("牵头")? + "牵头".len();
    let start = content[..end].rfind('由')?;
    let words = &content[start..end];
    let one = |c: char| !matches!(c, '，' | '。' | '；' | '：');
    words.chars().all(one).then_some(words)
}

/// Whether two names have two neighbouring characters in common.
fn share_a_word(one: &str, other: &str) -> bool {
    let pairs = |text: &str| {
        let chars: Vec<char> = text.chars().collect();
        chars
            .windows(2)
            .map(|pair| (pair[0], pair[1]))
            .collect::<Vec<_>>()
    };
    let known = pairs(other);
    pairs(one).iter().any(|pair| known.contains(pair))
}

/// Figures that tasks state otherwise than an earlier one, of the same thing: one finding a task.
fn contradictions(source: &RubricSource, tasks: &[&TaskDraft], found: &mut Vec<RubricProblem>) {
    let mut known: HashMap<(&str, &str), Vec<(&TaskDraft, Figure)>> = HashMap::new();
    for &task in tasks {
        let Ok(content) = &task.content else { continue };
        let mut stated = figures(&content.value);
        stated.retain(|figure| figure.name.chars().count() >= TELLING);
        let contrary = stated.iter().find_map(|figure| {
            let others = known.get(&(figure.name, figure.unit))?;
            let same = others.iter().any(|(_, other)| other.value == figure.value);
            Some((figure, others.first().filter(|_| !same)?))
        });
        if let Some((figure, (before, other))) = contrary {
            let message = format!(
                "“{}”在{} 是 {}，在{} 是 {}",
                figure.name,
                name(before),
                other.shown(),
                name(task),
                figure.shown()
            );
            let place = within(source, content, &figure.place);
            let file = source.name.as_str();
            let mut problem = RubricProblem::new("tasks-contradict", file, place, message);
            if let Ok(words) = &before.content {
                problem = problem.mark(&within(source, words, &other.place), name(before));
            }
            let help = "请核对以哪一项为准；各按各项执行的，在 note 里写明";
            found.push(problem.note(text(&task.note)).help(help));
        }
        for figure in stated {
            let others = known.entry((figure.name, figure.unit)).or_default();
            others.push((task, figure));
        }
    }
}
