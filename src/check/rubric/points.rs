//! Sums: clauses against item, items against heading, headings and items against total; and
//! figures against the words beside them.

use std::ops::Range;

use crate::check::rubric::item::{Covering, coverings, mark_of, points_of};
use crate::check::rubric::words::numbers_of;
use crate::check::rubric::{View, items, listed, text};
use crate::decimal::{Decimal, plain};
use crate::diagnostic::RubricProblem;
use crate::model::draft::{CategoryDraft, ClauseDraft, Field, ItemDraft, RubricDraft, RuleDraft};
use crate::model::rubric::{Kind, mark_text};

/// No more parts of a sum are marked below it.
const MARKED: usize = 8;

pub(super) fn advise(view: View, rubric: &RubricDraft, found: &mut Vec<RubricProblem>) {
    let file = view.name(rubric.file);
    if view.has_all_headers(rubric.file) {
        found.extend(items_not_total(file, rubric));
        found.extend(headings_not_total(file, rubric));
        for category in listed(&rubric.categories) {
            found.extend(items_not_heading(file, category));
        }
    }
    for item in view.whole_items(rubric) {
        found.extend(clauses_not_item(file, item));
        for clause in listed(&item.clauses) {
            found.extend(clause_not_in_text(file, item, clause));
        }
        for rule in coverings(item) {
            rule_not_in_text(file, item, &rule, found);
        }
    }
}

/// One part of a sum: its points, where they stand, what it is.
type Part<'a> = (Decimal, &'a Range<usize>, String);

/// The sum, and the parts that make it, with a mark under each.
fn with_parts(problem: RubricProblem, parts: &[Part]) -> RubricProblem {
    let shown = parts.iter().take(MARKED);
    shown.fold(problem, |problem, (_, span, label)| {
        problem.mark(span, label.as_str())
    })
}

fn sum(parts: &[Part]) -> Decimal {
    parts.iter().map(|(points, ..)| *points).sum()
}

/// 10 ＋ 50 ＋ 10
fn added(parts: &[Part]) -> String {
    let parts = parts.iter().map(|(points, ..)| plain(*points));
    parts.collect::<Vec<_>>().join(" ＋ ")
}

fn parts<'a>(fields: impl Iterator<Item = (&'a Field<Decimal>, String)>) -> Option<Vec<Part<'a>>> {
    fields
        .map(|(field, label)| {
            let field = field.as_ref().ok()?;
            Some((field.value, &field.span, label))
        })
        .collect()
}

fn item_part(item: &ItemDraft) -> (&Field<Decimal>, String) {
    let no = item.no.as_ref().map_or(0, |no| no.value);
    (&item.points, format!("考核项目 {no}"))
}

fn items_not_total(file: &str, rubric: &RubricDraft) -> Option<RubricProblem> {
    let total = rubric.total.as_ref().ok()?;
    for category in rubric.categories.as_ref().ok()? {
        category.items.as_ref().ok()?;
    }
    let parts = parts(items(rubric).map(item_part))?;
    let sum = sum(&parts);
    (sum != total.value).then(|| {
        let message = format!(
            "总分写 {}，各个项目合计 {}（{}）",
            plain(total.value),
            plain(sum),
            added(&parts)
        );
        let problem = RubricProblem::new("items-not-total", file, total.span.clone(), message);
        let help = "请核对各项的 points 和 total；计分以各项为准，一轮的满分是各项的合计";
        problem.note(text(&rubric.note)).help(help)
    })
}

fn headings_not_total(file: &str, rubric: &RubricDraft) -> Option<RubricProblem> {
    let total = rubric.total.as_ref().ok()?;
    let headings = rubric.categories.as_ref().ok()?.iter();
    let parts = parts(headings.map(|category| (&category.points, "标题".to_owned())))?;
    let sum = sum(&parts);
    (sum != total.value).then(|| {
        let message = format!(
            "总分写 {}，各个类别标题合计 {}（{}）",
            plain(total.value),
            plain(sum),
            added(&parts)
        );
        let problem = RubricProblem::new("headings-not-total", file, total.span.clone(), message);
        let help = "请核对各个 [[category]] 的 points；计分以各项为准，标题只是照录";
        with_parts(problem, &parts).help(help)
    })
}

fn items_not_heading(file: &str, category: &CategoryDraft) -> Option<RubricProblem> {
    let heading = category.points.as_ref().ok()?;
    let parts = parts(category.items.as_ref().ok()?.iter().map(item_part))?;
    let sum = sum(&parts);
    (sum != heading.value).then(|| {
        let name = category.name.as_ref().map_or("", |name| &name.value);
        let message = format!(
            "“{name}”标题写 {} 分，下面各项合计 {} 分（{}）",
            plain(heading.value),
            plain(sum),
            added(&parts)
        );
        let problem = RubricProblem::new("items-not-heading", file, heading.span.clone(), message);
        let help = "请核对原文，确是原文有误的，照录标题的分，在 note 里写明；计分以各项为准";
        with_parts(problem, &parts)
            .note(text(&category.note))
            .help(help)
    })
}

fn clauses_not_item(file: &str, item: &ItemDraft) -> Option<RubricProblem> {
    let points = item.points.as_ref().ok()?;
    let clauses = item.clauses.as_ref().ok()?;
    let part = |clause| {
        let (points, place) = written_points(clause)?;
        let mark = mark_of(clause).map(mark_text).unwrap_or_default();
        Some((points, place, format!("考核内容{mark}")))
    };
    let parts: Vec<Part> = clauses.iter().map(part).collect::<Option<_>>()?;
    let sum = sum(&parts);
    (sum != points.value).then(|| {
        let no = item.no.as_ref().map_or(0, |no| no.value);
        let message = format!(
            "考核项目 {no} 写 {} 分，各款考核内容合计 {} 分（{}）",
            plain(points.value),
            plain(sum),
            added(&parts)
        );
        let problem = RubricProblem::new("clauses-not-item", file, points.span.clone(), message);
        let help = if sum < points.value {
            "请核对各款的 points 和项目的 points；差的分谁也扣不到"
        } else {
            "请核对各款的 points 和项目的 points；项目扣到 0 分为止"
        };
        with_parts(problem, &parts)
            .note(text(&item.note))
            .help(help)
    })
}

/// The points that are written for a clause, and where.
fn written_points(clause: &ClauseDraft) -> Option<(Decimal, &Range<usize>)> {
    let points = clause.points.as_ref().ok()?.as_ref()?;
    Some((points.value, &points.span))
}

/// The points of a clause against the 3分 of its words.
fn clause_not_in_text(file: &str, item: &ItemDraft, clause: &ClauseDraft) -> Option<RubricProblem> {
    let words = clause.text.as_ref().ok()?;
    let points = points_of(item, clause)?;
    let written = numbers_of(&words.value, &["分"]);
    if written.is_empty() || written.contains(&points) {
        return None;
    }
    let place = written_points(clause).map(|(_, span)| span.clone());
    let place = place.or_else(|| Some(item.points.as_ref().ok()?.span.clone()))?;
    let no = item.no.as_ref().map_or(0, |no| no.value);
    let mark = mark_of(clause).map(mark_text).unwrap_or_default();
    let message = format!(
        "考核项目 {no} 的考核内容{mark}写 {} 分，原文写的是 {} 分",
        plain(points),
        list(&written)
    );
    let problem = RubricProblem::new("figure-not-in-text", file, place, message);
    let help = "请核对是 points 写错了，还是 text 录错了";
    Some(
        problem
            .quote(&words.value)
            .note(text(&clause.note))
            .help(help),
    )
}

/// The figures of a rule against those of its words.
fn rule_not_in_text(file: &str, item: &ItemDraft, rule: &Covering, found: &mut Vec<RubricProblem>) {
    let mut hold = |key: &str, number: Decimal, written: &[Decimal], unit: &str| {
        if written.is_empty() || written.contains(&number) {
            return;
        }
        let Some(place) = figure(rule.rule, key) else {
            return;
        };
        let message = format!(
            "{}的 {key} 写 {}，原文写的是 {} {unit}",
            rule.name(),
            plain(number),
            list(written)
        );
        let problem = RubricProblem::new("figure-not-in-text", file, place.clone(), message);
        let help = format!("请核对是 {key} 写错了，还是 text 录错了");
        found.push(problem.quote(rule.text()).note(rule.note()).help(help));
    };
    let points = numbers_of(rule.text(), &["分"]);
    match rule.kind() {
        Some(Kind::PerOccurrence { each }) => hold("each", *each, &points, "分"),
        Some(Kind::Fixed { points: lost, .. }) => hold("points", *lost, &points, "分"),
        Some(Kind::Shortfall { required, each }) => {
            hold("each", *each, &points, "分");
            let count = text(&rule.rule.count).unwrap_or("次");
            let clauses = rule
                .covers
                .iter()
                .map(|&clause| &listed(&item.clauses)[clause]);
            let words = clauses.filter_map(|clause| clause.text.as_ref().ok());
            let words = words.map(|words| words.value.as_str());
            let counts: Vec<_> = words
                .chain([rule.text()])
                .flat_map(|words| numbers_of(words, &[count]))
                .collect();
            // Where a period has a figure of its own, the words may give either.
            if rule.rule.by_period.as_ref().is_ok_and(Vec::is_empty) {
                hold("required", *required, &counts, count);
            }
        }
        Some(Kind::Proportional { .. } | Kind::Discretionary) | None => {}
    }
}

/// Where a figure of a rule stands.
pub(super) fn figure<'a>(rule: &'a RuleDraft, key: &str) -> Option<&'a Range<usize>> {
    let figure = rule.figures.iter().find(|(known, _)| *known == key);
    figure.map(|(_, place)| place)
}

fn list(numbers: &[Decimal]) -> String {
    let numbers: Vec<_> = numbers.iter().map(|number| plain(*number)).collect();
    numbers.join("、")
}
