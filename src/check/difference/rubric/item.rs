//! Two versions of one item: its clauses and its rules.

use super::figure::{figures_of, kind_name, list, policy_name, take_figure};
use super::{Comparing, item_of, rule_of};
use crate::check::difference::Side;
use crate::decimal::plain;
use crate::model::change::{Effect, Part};
use crate::model::rubric::{Category, Clause, Item, Kind, Rubric, Rule, mark_text};

impl Comparing<'_> {
    /// Under which heading an item stands is for the reader; its points count wherever it is.
    pub(super) fn heading_of(
        &mut self,
        position: usize,
        (old_rubric, old): (&Rubric, &Item),
        (new_rubric, new): (&Rubric, &Item),
    ) {
        let has = |category: &Category| category.items.iter().any(|item| item.no == new.no);
        let now = new_rubric.categories.iter().position(has);
        let name = |rubric: &Rubric, position: Option<usize>| {
            let category = position.and_then(|position| rubric.categories.get(position));
            category
                .map(|category| category.name.clone())
                .unwrap_or_default()
        };
        if now != Some(position) {
            let texts = [name(old_rubric, Some(position)), name(new_rubric, now)];
            self.field(&Part::Item(old.no), "category", texts, Effect::Wording);
        }
    }

    pub(super) fn item_gone(&mut self, item: &Item) {
        let no = item.no;
        self.gone(&Part::Item(no), item.name.clone(), move |rubric| {
            let numbers: Vec<u32> = rubric.items().map(|item| item.no).collect();
            for category in &mut rubric.categories {
                category.items.retain(|item| item.no != no);
            }
            // Items behind it move up.
            let breakers = rubric.ranking.tie_breakers.iter();
            let breakers: Vec<u32> = breakers.map(|&item| numbers[item]).collect();
            let position = |no: &u32| rubric.items().position(|item| item.no == *no);
            rubric.ranking.tie_breakers = breakers.iter().filter_map(position).collect();
        });
    }

    pub(super) fn heading(&mut self, position: usize, category: &Category, side: Side) {
        let subject = self.subject(&Part::Category(position));
        self.difference
            .came_or_went(subject, category.name.clone(), side, Effect::Wording);
    }

    pub(super) fn category(&mut self, position: usize, old: &Category, new: &Category) {
        let part = Part::Category(position);
        self.words(&part, "name", &old.name, &new.name);
        // Printed beside the heading; the items decide.
        self.words(&part, "points", &plain(old.declared), &plain(new.declared));
        self.note(&part, old.note.as_ref(), new.note.as_ref());
    }

    pub(super) fn item(
        &mut self,
        old_rubric: &Rubric,
        new_rubric: &Rubric,
        old: &Item,
        new: &Item,
    ) {
        let part = Part::Item(old.no);
        self.words(&part, "name", &old.name, &new.name);
        let (no, points) = (old.no, new.points);
        let texts = [plain(old.points), plain(points)];
        self.scored(&part, "points", texts, move |rubric| {
            if let Some(item) = item_of(rubric, no) {
                item.points = points;
            }
        });
        self.words(
            &part,
            "method",
            &old.method.join("、"),
            &new.method.join("、"),
        );
        self.note(&part, old.note.as_ref(), new.note.as_ref());
        for clause in &old.clauses {
            match new.clauses.iter().find(|other| other.mark == clause.mark) {
                Some(other) => self.clause((old, clause), (new, other)),
                None => self.came_or_went(
                    Part::Clause(old.no, clause.mark),
                    &clause.marked(),
                    Side::Gone,
                ),
            }
        }
        for clause in &new.clauses {
            if old.clauses.iter().all(|other| other.mark != clause.mark) {
                let part = Part::Clause(old.no, clause.mark);
                self.came_or_went(part, &clause.marked(), Side::Come);
            }
        }
        for rule in &old.rules {
            match new.rules.iter().find(|other| other.id == rule.id) {
                Some(other) => self.rule((old_rubric, old, rule), (new_rubric, new, other)),
                None => {
                    let id = rule.id;
                    self.gone(&Part::Rule(id), rule.marked(), move |rubric| {
                        if let Some(item) = item_of(rubric, id.item) {
                            item.rules.retain(|rule| rule.id != id);
                        }
                    });
                }
            }
        }
        for rule in &new.rules {
            if old.rules.iter().all(|other| other.id != rule.id) {
                self.came_or_went(Part::Rule(rule.id), &rule.marked(), Side::Come);
            }
        }
    }

    fn clause(&mut self, (old_item, old): (&Item, &Clause), (new_item, new): (&Item, &Clause)) {
        let part = Part::Clause(old_item.no, old.mark);
        let covers = |item: &Item, clause: &Clause| -> Vec<Rule> {
            let covered = |rule: &&Rule| {
                let mut clauses = rule.covers.iter().map(|&index| &item.clauses[index]);
                clauses.any(|covered| covered.mark == clause.mark)
            };
            item.rules.iter().filter(covered).cloned().collect()
        };
        let (before, after) = (covers(old_item, old), covers(new_item, new));
        // By itself it moves nothing: where it bounds a rule, that is said as the rule's cap.
        let (no, mark, points) = (old_item.no, old.mark, new.points);
        let texts = [plain(old.points), plain(points)];
        self.scored(&part, "points", texts, move |rubric| {
            let clauses = item_of(rubric, no).map(|item| &mut item.clauses);
            let mut clauses = clauses.into_iter().flatten();
            if let Some(clause) = clauses.find(|clause| clause.mark == mark) {
                clause.points = points;
            }
        });
        // What was judged by these words has to be judged by the new ones.
        let judged = before
            .iter()
            .chain(&after)
            .any(|rule| rule.kind == Kind::Discretionary);
        let effect = if judged {
            Effect::Judged
        } else {
            Effect::Wording
        };
        self.field(&part, "text", [old.text.clone(), new.text.clone()], effect);
        self.note(&part, old.note.as_ref(), new.note.as_ref());
    }

    fn rule(
        &mut self,
        (old_rubric, old_item, old): (&Rubric, &Item, &Rule),
        (new_rubric, new_item, new): (&Rubric, &Item, &Rule),
    ) {
        let part = Part::Rule(old.id);
        let judged = [old, new]
            .iter()
            .any(|rule| rule.kind == Kind::Discretionary);
        let by_words = if judged {
            Effect::Judged
        } else {
            Effect::Wording
        };
        self.field(
            &part,
            "text",
            [old.text.clone(), new.text.clone()],
            by_words,
        );
        let covers = [(old_item, old), (new_item, new)].map(|(item, rule)| {
            let clauses = rule.covers.iter().map(|&index| item.clauses[index].mark);
            list(clauses.map(|mark| mark.map(mark_text).unwrap_or_default()))
        });
        self.field(&part, "covers", covers, by_words);
        if std::mem::discriminant(&old.kind) == std::mem::discriminant(&new.kind) {
            self.figures((old_rubric, old), (new_rubric, new));
        } else {
            // A count is no answer to a yes-or-no question.
            let kinds = [&old.kind, &new.kind].map(|kind| kind_name(kind).to_owned());
            self.field(&part, "kind", kinds, Effect::Judged);
        }
        let caps = [plain(old.cap), plain(new.cap)];
        if judged {
            // Points within the old bound say nothing of points within the new one.
            self.field(&part, "cap", caps, Effect::Judged);
        } else {
            let (id, cap) = (old.id, new.cap);
            self.scored(&part, "cap", caps, move |rubric| {
                if let Some(rule) = rule_of(rubric, id) {
                    rule.cap = cap;
                }
            });
        }
        self.field(
            &part,
            "ask",
            [old.ask.to_string(), new.ask.to_string()],
            Effect::Judged,
        );
        let count = |rule: &Rule| rule.count.clone().unwrap_or_default();
        self.words(&part, "count", &count(old), &count(new));
        let (id, policy) = (old.id, new.not_applicable);
        let texts = [old.not_applicable, policy].map(|policy| policy_name(policy).to_owned());
        self.scored(&part, "not-applicable", texts, move |rubric| {
            if let Some(rule) = rule_of(rubric, id) {
                rule.not_applicable = policy;
            }
        });
        self.note(&part, old.note.as_ref(), new.note.as_ref());
    }

    /// The figures of a rule whose kind is the same.
    fn figures(
        &mut self,
        (old_rubric, old): (&Rubric, &Rule),
        (new_rubric, new): (&Rubric, &Rule),
    ) {
        let part = Part::Rule(old.id);
        let before = figures_of(&old.kind);
        for ((key, old_text), (_, new_text)) in before.into_iter().zip(figures_of(&new.kind)) {
            let (id, kind) = (old.id, new.kind.clone());
            let texts = [old_text, new_text];
            if key == "rate" {
                // A typed rate and one counted from the tasks are two answers.
                self.field(&part, key, texts, Effect::Judged);
                continue;
            }
            self.scored(&part, key, texts, move |rubric| {
                if let Some(rule) = rule_of(rubric, id) {
                    take_figure(&mut rule.kind, &kind, key);
                }
            });
        }
        let texts = [(old_rubric, old), (new_rubric, new)].map(|(rubric, rule)| {
            let of = |(period, kind): &(usize, Kind)| {
                let figures = figures_of(kind).into_iter();
                let figures = figures.map(|(key, value)| format!("{key} = {value}"));
                format!("{}：{}", rubric.periods[*period].name, list(figures))
            };
            rule.by_period.iter().map(of).collect::<Vec<_>>().join("；")
        });
        let id = old.id;
        let by_period: Vec<(String, Kind)> = new
            .by_period
            .iter()
            .map(|(period, kind)| (new_rubric.periods[*period].id.clone(), kind.clone()))
            .collect();
        self.scored(&part, "by-period", texts, move |rubric| {
            let position = |(period, kind): &(String, Kind)| {
                let position = rubric.periods.iter().position(|own| own.id == *period)?;
                Some((position, kind.clone()))
            };
            let by_period = by_period.iter().filter_map(position).collect();
            if let Some(rule) = rule_of(rubric, id) {
                rule.by_period = by_period;
            }
        });
    }
}
