//! Clauses and rules: which covers which.

use crate::check::rubric::item::{
    Covering, coverings, mark_of, marks_are_unique, points_of, shown_mark,
};
use crate::check::rubric::{View, listed, text};
use crate::decimal::plain;
use crate::diagnostic::RubricProblem;
use crate::model::draft::{ItemDraft, RubricDraft};
use crate::model::rubric::mark_text;

pub(super) fn advise(view: View, rubric: &RubricDraft, found: &mut Vec<RubricProblem>) {
    let file = view.name(rubric.file);
    for item in view.whole_items(rubric) {
        if !marks_are_unique(item) {
            continue;
        }
        let rules = coverings(item);
        if item
            .rules
            .as_ref()
            .is_ok_and(|all| all.len() == rules.len())
        {
            clause_without_rule(file, item, &rules, found);
            found.extend(clauses_rules_unpaired(file, item, &rules));
        }
        for rule in &rules {
            found.extend(rule_without_clause(file, item, rule));
            found.extend(clause_covered_twice(file, rule));
            found.extend(cap_not_clauses(file, item, rule));
        }
    }
}

fn clause_without_rule(
    file: &str,
    item: &ItemDraft,
    rules: &[Covering],
    found: &mut Vec<RubricProblem>,
) {
    for (position, clause) in listed(&item.clauses).iter().enumerate() {
        if rules.iter().any(|rule| rule.covers.contains(&position)) {
            continue;
        }
        if points_of(item, clause).is_some_and(|points| points.is_zero()) {
            continue;
        }
        let mark = mark_of(clause).map(mark_text).unwrap_or_default();
        let no = item.no.as_ref().map_or(0, |no| no.value);
        let message = format!("考核项目 {no} 的考核内容{mark}没有计分方法，它的分谁也扣不到");
        let problem = RubricProblem::new("clause-without-rule", file, clause.span.clone(), message);
        let problem = match &clause.text {
            Ok(words) => problem.quote(&words.value),
            Err(_) => problem,
        };
        let help = "请在一条计分方法的 covers 里写上它；原文没有计分方法的，在 note 里写明";
        found.push(problem.note(text(&clause.note)).help(help));
    }
}

fn rule_without_clause(file: &str, item: &ItemDraft, rule: &Covering) -> Option<RubricProblem> {
    let several = listed(&item.clauses).len() > 1 && listed(&item.rules).len() > 1;
    if !several || rule.rule.covers.as_ref().ok()?.is_some() {
        return None;
    }
    let message = format!(
        "{}没有写对应哪一款考核内容，现在算对应全部各款",
        rule.name()
    );
    let problem = RubricProblem::new("rule-without-clause", file, rule.rule.span.clone(), message);
    let help = "请写上 covers，如 covers = [\"①\"]；确是对应全部各款的，全部写出来";
    Some(problem.quote(rule.text()).note(rule.note()).help(help))
}

fn clause_covered_twice(file: &str, rule: &Covering) -> Option<RubricProblem> {
    let marks = &rule.rule.covers.as_ref().ok()?.as_ref()?.value;
    let again = marks.iter().enumerate().find(|(position, mark)| {
        let before = &marks[..*position];
        before.iter().any(|earlier| earlier.value == mark.value)
    });
    let (_, again) = again?;
    let message = format!(
        "{}把考核内容{}写了两次，它的分值也算了两次",
        rule.name(),
        mark_text(again.value)
    );
    let problem = RubricProblem::new("clause-covered-twice", file, again.span.clone(), message);
    Some(problem.help("请删去重复的序号"))
}

/// Rules that do not stand to the clauses one to one, by their marks: who paired them decided
/// something.
fn clauses_rules_unpaired(
    file: &str,
    item: &ItemDraft,
    rules: &[Covering],
) -> Option<RubricProblem> {
    let clauses = listed(&item.clauses);
    if rules.len() < 2 || clauses.len() < 2 {
        return None;
    }
    let own = |rule: &Covering| {
        let mark = rule.rule.mark.as_ref().ok()?.as_ref()?.value;
        let [covered] = rule.covers.as_slice() else {
            return Some(false);
        };
        Some(mark_of(&clauses[*covered]) == Some(mark))
    };
    if rules.iter().all(|rule| own(rule).unwrap_or(true)) {
        return None;
    }
    // A clause or a rule that is paired with nothing is a finding of its own.
    let covered = |clause: usize| rules.iter().any(|rule| rule.covers.contains(&clause));
    if !(0..clauses.len()).all(covered)
        || rules
            .iter()
            .any(|rule| rule.rule.covers.as_ref().is_ok_and(Option::is_none))
    {
        return None;
    }
    let pairs = rules.iter().map(|rule| {
        let covered = rule
            .covers
            .iter()
            .filter_map(|&clause| mark_of(&clauses[clause]));
        let covered: String = covered.map(mark_text).collect();
        format!("计分方法{}对应{covered}", shown_mark(rule.rule))
    });
    let no = item.no.as_ref().map_or(0, |no| no.value);
    let message = format!(
        "考核项目 {no} 的考核内容有 {} 款，计分方法有 {} 条，不是一款对一条，现在是：{}",
        clauses.len(),
        rules.len(),
        pairs.collect::<Vec<_>>().join("，")
    );
    let place = item.name.as_ref().ok()?;
    let problem = RubricProblem::new("clauses-rules-unpaired", file, place.span.clone(), message);
    let help = "请核对这样对应是不是原文的意思，是的在 note 里写明";
    Some(problem.note(text(&item.note)).help(help))
}

fn cap_not_clauses(file: &str, item: &ItemDraft, rule: &Covering) -> Option<RubricProblem> {
    let cap = rule.rule.cap.as_ref().ok()?.as_ref()?;
    let all_of_several = listed(&item.rules).len() > 1 && matches!(rule.rule.covers, Ok(None));
    if cap.value == rule.points || all_of_several {
        return None;
    }
    let clauses = listed(&item.clauses);
    let covered = rule
        .covers
        .iter()
        .filter_map(|&clause| mark_of(&clauses[clause]));
    let covered: String = covered.map(mark_text).collect();
    let rest = if cap.value < rule.points {
        format!("，有 {} 分扣不到", plain(rule.points - cap.value))
    } else {
        String::new()
    };
    let message = format!(
        "{}最多扣 {} 分，所对应的考核内容{covered}是 {} 分{rest}",
        rule.name(),
        plain(cap.value),
        plain(rule.points)
    );
    let problem = RubricProblem::new("cap-not-clauses", file, cap.span.clone(), message);
    let help = "请核对原文；扣完考核内容的分值为止的，删去 cap 这一行";
    Some(problem.quote(rule.text()).note(rule.note()).help(help))
}
