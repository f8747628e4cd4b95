//! Two versions of one rubric, field by field in the order of the file.

mod figure;
mod item;

use super::{Difference, Edit, Side};
use crate::decimal::{Decimal, plain};
use crate::model::change::{Change, Effect, Part, Subject};
use crate::model::rubric::{Grades, Item, Period, Rubric, Rule, RuleId, Ties};
use figure::{grades_text, list, rounds_text};

/// Compares one rubric.
pub(super) fn compare(difference: &mut Difference, old: &Rubric, new: &Rubric) {
    let mut comparing = Comparing {
        difference,
        id: &old.id,
    };
    comparing.whole(old, new);
    comparing.periods(old, new);
    comparing.categories(old, new);
}

struct Comparing<'a> {
    difference: &'a mut Difference,
    id: &'a str,
}

impl Comparing<'_> {
    fn subject(&self, part: &Part) -> Subject {
        Subject::Rubric(self.id.to_owned(), part.clone())
    }

    /// Notes a field where it differs.
    fn field(
        &mut self,
        part: &Part,
        key: &'static str,
        texts: [String; 2],
        effect: Effect,
    ) -> bool {
        let [old, new] = texts;
        if old == new {
            return false;
        }
        let some = |text: String| (!text.is_empty()).then_some(text);
        self.difference.note(Change {
            subject: self.subject(part),
            key: Some(key),
            old: some(old),
            new: some(new),
            effect,
        });
        true
    }

    fn words(&mut self, part: &Part, key: &'static str, old: &str, new: &str) {
        let texts = [old.to_owned(), new.to_owned()];
        self.field(part, key, texts, Effect::Wording);
    }

    fn note(&mut self, part: &Part, old: Option<&String>, new: Option<&String>) {
        let text = |note: Option<&String>| note.cloned().unwrap_or_default();
        self.words(part, "note", &text(old), &text(new));
    }

    /// Notes a field that scores follow from, and how to change it.
    fn scored(
        &mut self,
        part: &Part,
        key: &'static str,
        texts: [String; 2],
        edit: impl Fn(&mut Rubric) + 'static,
    ) {
        let change = self.difference.changes.len();
        if self.field(part, key, texts, Effect::Rescored) {
            let edit: Edit = Box::new(edit);
            self.difference
                .edits
                .push((change, self.id.to_owned(), edit));
        }
    }

    fn whole(&mut self, old: &Rubric, new: &Rubric) {
        let part = Part::Whole;
        self.words(&part, "title", &old.title, &new.title);
        self.words(&part, "class", &old.class, &new.class);
        // The sheets of another year answer for another year.
        let years = [old.year.to_string(), new.year.to_string()];
        self.field(&part, "year", years, Effect::Judged);
        self.words(&part, "version", &old.version, &new.version);
        self.words(&part, "date", &old.date, &new.date);
        self.words(&part, "source", &old.source, &new.source);
        // Printed on the form; scores start from the points of the items.
        self.words(&part, "total", &plain(old.total), &plain(new.total));
        let decimals = new.decimals;
        let texts = [old.decimals.to_string(), decimals.to_string()];
        self.scored(&part, "decimals", texts, move |rubric| {
            rubric.decimals = decimals;
        });
        self.words(&part, "uses", &old.uses.join("；"), &new.uses.join("；"));
        self.note(&part, old.note.as_ref(), new.note.as_ref());
        self.ranking(old, new);
        self.grades(old.grades.as_ref(), new.grades.clone());
    }

    fn ranking(&mut self, old: &Rubric, new: &Rubric) {
        let ties = new.ranking.ties;
        let texts = [old.ranking.ties, ties].map(|ties| match ties {
            Ties::Skip => "skip".to_owned(),
            Ties::Dense => "dense".to_owned(),
        });
        self.scored(&Part::Ranking, "ties", texts, move |rubric| {
            rubric.ranking.ties = ties;
        });
        // By number, for positions may have moved.
        let numbers = |rubric: &Rubric| -> Vec<u32> {
            let items: Vec<u32> = rubric.items().map(|item| item.no).collect();
            let breakers = rubric.ranking.tie_breakers.iter();
            breakers.map(|&item| items[item]).collect()
        };
        let wanted = numbers(new);
        let texts =
            [&numbers(old), &wanted].map(|numbers| list(numbers.iter().map(u32::to_string)));
        self.scored(&Part::Ranking, "tie-breakers", texts, move |rubric| {
            let position = |no: &u32| rubric.items().position(|item| item.no == *no);
            rubric.ranking.tie_breakers = wanted.iter().filter_map(position).collect();
        });
    }

    fn grades(&mut self, old: Option<&Grades>, new: Option<Grades>) {
        let texts = [old, new.as_ref()].map(|grades| grades.map(grades_text).unwrap_or_default());
        self.scored(&Part::Grades, "level", texts, move |rubric| {
            rubric.grades.clone_from(&new);
        });
    }

    fn periods(&mut self, old: &Rubric, new: &Rubric) {
        self.weights(old, new);
        for period in &old.periods {
            match new.periods.iter().find(|other| other.id == period.id) {
                Some(other) => self.period(period, other),
                None => {
                    self.came_or_went(Part::Period(period.id.clone()), &period.name, Side::Gone)
                }
            }
        }
        for period in &new.periods {
            if old.periods.iter().all(|other| other.id != period.id) {
                self.came_or_went(Part::Period(period.id.clone()), &period.name, Side::Come);
            }
        }
    }

    /// The weights are one change: they make 1 together, and one without the others is no choice
    /// that anybody made.
    fn weights(&mut self, old: &Rubric, new: &Rubric) {
        let differs = |period: &&Period| {
            let mut others = new.periods.iter();
            others.any(|other| other.id == period.id && other.weight != period.weight)
        };
        let Some(first) = old.periods.iter().find(differs) else {
            return;
        };
        let part = Part::Period(first.id.clone());
        let texts = [old, new].map(|rubric| {
            let weight = |period: &Period| format!("{} {}", period.name, plain(period.weight));
            list(rubric.periods.iter().map(weight))
        });
        let ids = |rubric: &Rubric| -> Vec<String> {
            rubric
                .periods
                .iter()
                .map(|period| period.id.clone())
                .collect()
        };
        if ids(old) != ids(new) {
            self.field(&part, "weight", texts, Effect::Judged);
            return;
        }
        let weights: Vec<Decimal> = new.periods.iter().map(|period| period.weight).collect();
        self.scored(&part, "weight", texts, move |rubric| {
            for (period, weight) in rubric.periods.iter_mut().zip(&weights) {
                period.weight = *weight;
            }
        });
    }

    /// What is gone and whose values then count for nothing.
    fn gone(&mut self, part: &Part, name: String, edit: impl Fn(&mut Rubric) + 'static) {
        let change = self.difference.changes.len();
        let subject = self.subject(part);
        self.difference
            .came_or_went(subject, name, Side::Gone, Effect::Rescored);
        let edit: Edit = Box::new(edit);
        self.difference
            .edits
            .push((change, self.id.to_owned(), edit));
    }

    /// What is there on one side only: what it was or is to be scored by lies with people.
    fn came_or_went(&mut self, part: Part, name: &str, side: Side) {
        let subject = self.subject(&part);
        self.difference
            .came_or_went(subject, name.to_owned(), side, Effect::Judged);
    }

    fn period(&mut self, old: &Period, new: &Period) {
        let part = Part::Period(old.id.clone());
        self.words(&part, "name", &old.name, &new.name);
        self.words(&part, "also", &old.also.join("、"), &new.also.join("、"));
        let (id, rounds) = (old.id.clone(), new.rounds.clone());
        let texts = [rounds_text(&old.rounds), rounds_text(&rounds)];
        self.scored(&part, "rounds", texts, move |rubric| {
            if let Some(period) = period_of(rubric, &id) {
                period.rounds.clone_from(&rounds);
            }
        });
        self.note(&part, old.note.as_ref(), new.note.as_ref());
    }

    fn categories(&mut self, old: &Rubric, new: &Rubric) {
        let most = old.categories.len().max(new.categories.len());
        for position in 0..most {
            match (old.categories.get(position), new.categories.get(position)) {
                (Some(old), Some(new)) => self.category(position, old, new),
                // The headings are words; their items are compared by number.
                (Some(gone), None) => self.heading(position, gone, Side::Gone),
                (None, Some(come)) => self.heading(position, come, Side::Come),
                (None, None) => {}
            }
            let items = old.categories.get(position).into_iter();
            for item in items.flat_map(|category| &category.items) {
                match new.items().find(|other| other.no == item.no) {
                    Some(other) => {
                        self.heading_of(position, (old, item), (new, other));
                        self.item(old, new, item, other);
                    }
                    None => self.item_gone(item),
                }
            }
        }
        for item in new.items() {
            if old.items().all(|other| other.no != item.no) {
                self.came_or_went(Part::Item(item.no), &item.name, Side::Come);
            }
        }
    }
}

fn period_of<'r>(rubric: &'r mut Rubric, id: &str) -> Option<&'r mut Period> {
    rubric.periods.iter_mut().find(|period| period.id == id)
}

fn item_of(rubric: &mut Rubric, no: u32) -> Option<&mut Item> {
    let mut items = rubric
        .categories
        .iter_mut()
        .flat_map(|category| &mut category.items);
    items.find(|item| item.no == no)
}

fn rule_of(rubric: &mut Rubric, id: RuleId) -> Option<&mut Rule> {
    let items = rubric
        .categories
        .iter_mut()
        .flat_map(|category| &mut category.items);
    items
        .flat_map(|item| &mut item.rules)
        .find(|rule| rule.id == id)
}
