//! Two versions of one rubric, field by field in the order of the file.

use super::{Difference, Edit, Side};
use crate::decimal::{Decimal, plain};
use crate::model::change::{Change, Effect, Part, Subject};
use crate::model::rubric::{
    Category, Clause, Grades, Item, Kind, NotApplicable, Period, RateSource, Rounds, Rubric, Rule,
    Ties, mark_text,
};

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
                    Some(other) => self.item(old, new, item, other),
                    None => self.came_or_went(Part::Item(item.no), &item.name, Side::Gone),
                }
            }
        }
        for item in new.items() {
            if old.items().all(|other| other.no != item.no) {
                self.came_or_went(Part::Item(item.no), &item.name, Side::Come);
            }
        }
    }

    fn heading(&mut self, position: usize, category: &Category, side: Side) {
        let subject = self.subject(&Part::Category(position));
        self.difference
            .came_or_went(subject, category.name.clone(), side, Effect::Wording);
    }

    fn category(&mut self, position: usize, old: &Category, new: &Category) {
        let part = Part::Category(position);
        self.words(&part, "name", &old.name, &new.name);
        // Printed beside the heading; the items decide.
        self.words(&part, "points", &plain(old.declared), &plain(new.declared));
        self.note(&part, old.note.as_ref(), new.note.as_ref());
    }

    fn item(&mut self, old_rubric: &Rubric, new_rubric: &Rubric, old: &Item, new: &Item) {
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
                None => self.came_or_went(Part::Rule(rule.id), &rule.marked(), Side::Gone),
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
        // It is the bound of its rules, and said there where it moves one.
        let caps = |rules: &[Rule]| {
            rules
                .iter()
                .map(|rule| (rule.id, rule.cap))
                .collect::<Vec<_>>()
        };
        if caps(&before) == caps(&after) {
            self.words(&part, "points", &plain(old.points), &plain(new.points));
        }
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
            [old.ask.clone(), new.ask.clone()],
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

fn rule_of(rubric: &mut Rubric, id: crate::model::rubric::RuleId) -> Option<&mut Rule> {
    let items = rubric
        .categories
        .iter_mut()
        .flat_map(|category| &mut category.items);
    items
        .flat_map(|item| &mut item.rules)
        .find(|rule| rule.id == id)
}

fn list(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join("、")
}

fn kind_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::PerOccurrence { .. } => "per-occurrence",
        Kind::Fixed { .. } => "fixed",
        Kind::Shortfall { .. } => "shortfall",
        Kind::Proportional { .. } => "proportional",
        Kind::Discretionary => "discretionary",
    }
}

fn policy_name(policy: NotApplicable) -> &'static str {
    match policy {
        NotApplicable::Refused => "refused",
        NotApplicable::Full => "full",
        NotApplicable::Zero => "zero",
        NotApplicable::Rescaled => "rescaled",
    }
}

/// The figures of a kind by key, always in the same order.
fn figures_of(kind: &Kind) -> Vec<(&'static str, String)> {
    match kind {
        Kind::PerOccurrence { each } => vec![("each", plain(*each))],
        Kind::Fixed { points, lost_by } => vec![
            ("points", plain(*points)),
            ("lost-by", if *lost_by { "是" } else { "否" }.to_owned()),
        ],
        Kind::Shortfall { required, each } => {
            vec![("required", plain(*required)), ("each", plain(*each))]
        }
        Kind::Proportional { rate } => vec![(
            "rate",
            match rate {
                RateSource::Tasks => "tasks".to_owned(),
                RateSource::Typed => "typed".to_owned(),
            },
        )],
        Kind::Discretionary => Vec::new(),
    }
}

/// Takes one figure over from `new`, which is of the same kind.
fn take_figure(kind: &mut Kind, new: &Kind, key: &str) {
    match (kind, new) {
        (Kind::PerOccurrence { each }, Kind::PerOccurrence { each: other }) => *each = *other,
        (
            Kind::Fixed { points, lost_by },
            Kind::Fixed {
                points: other,
                lost_by: answer,
            },
        ) => match key {
            "points" => *points = *other,
            _ => *lost_by = *answer,
        },
        (
            Kind::Shortfall { required, each },
            Kind::Shortfall {
                required: count,
                each: other,
            },
        ) => match key {
            "required" => *required = *count,
            _ => *each = *other,
        },
        _ => {}
    }
}

fn rounds_text(rounds: &Rounds) -> String {
    match rounds {
        Rounds::Mean => "mean".to_owned(),
        Rounds::Last => "last".to_owned(),
        Rounds::Best => "best".to_owned(),
        Rounds::Weights(shares) => {
            format!("weights {}", list(shares.iter().copied().map(plain)))
        }
    }
}

/// `优秀（≥ 90，前 0.2）、良好`
fn grades_text(grades: &Grades) -> String {
    let levels = grades.levels.iter().map(|level| {
        let bound = level.bound.map(|bound| {
            let sign = if bound.inclusive { "≥" } else { ">" };
            format!("{sign} {}", plain(bound.score))
        });
        let share = level
            .share
            .map(|share: Decimal| format!("占 {}", plain(share)));
        let conditions: Vec<String> = bound.into_iter().chain(share).collect();
        if conditions.is_empty() {
            level.name.clone()
        } else {
            format!("{}（{}）", level.name, conditions.join("，"))
        }
    });
    let cut = if grades.levels.iter().any(|level| level.share.is_some()) {
        format!(
            "；cut-ties = {}",
            if grades.ties_up { "up" } else { "down" }
        )
    } else {
        String::new()
    };
    list(levels) + &cut
}
