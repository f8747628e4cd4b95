//! From a rubric as written to a rubric that can be used: everything that must hold between
//! its fields.
//!
//! What can be computed though it looks wrong (a heading that does not match its items) is no
//! problem here.

use std::ops::Range;

use super::problem::{File, all};
use super::settings;
use super::take::{Seen, both, each, held, maybe, texts, value};
use crate::decimal::{Decimal, PLACES, plain};
use crate::model::draft::{
    CategoryDraft, ClauseDraft, ItemDraft, Optional, Placed, Reported, RubricDraft, RuleDraft,
    Tables,
};
use crate::model::rubric::{
    Category, Clause, Item, Kind, NotApplicable, Period, RateSource, Rubric, Rule, RuleId,
    mark_text,
};
use crate::text;

/// Makes the rubric; its task table is linked later.
///
/// # Errors
///
/// When something is wrong with it, all of which was reported.
pub(super) fn rubric(file: File, draft: &RubricDraft) -> Result<Rubric, Reported> {
    let builder = Builder { file, draft };
    let periods = builder.periods();
    let mut numbers = Seen::new("duplicate-item", "考核项目");
    let categories = each(&draft.categories, |category| {
        builder.category(category, &mut numbers)
    });
    let ranking = settings::ranking(file, draft);
    let grades = settings::grades(file, draft);
    Ok(Rubric {
        id: value(&draft.id)?,
        title: value(&draft.title)?,
        class: value(&draft.class)?,
        year: value(&draft.year)?,
        version: value(&draft.version)?,
        date: value(&draft.date)?,
        source: value(&draft.source)?,
        total: value(&draft.total)?,
        decimals: maybe(&draft.decimals)?.unwrap_or(PLACES),
        ranking: ranking?,
        grades: grades?,
        uses: texts(&draft.uses)?,
        tasks: None,
        periods: periods?,
        categories: categories?,
        note: maybe(&draft.note)?,
    })
}

struct Builder<'d> {
    file: File<'d>,
    draft: &'d RubricDraft,
}

impl<'d> Builder<'d> {
    fn periods(&self) -> Result<Vec<Period>, Reported> {
        let mut ids = Seen::new("duplicate-period", "时段");
        let mut names = Seen::new("duplicate-period", "时段名称");
        let periods = each(&self.draft.periods, |period| {
            let id = held(&period.id);
            let unique = id.and_then(|id| ids.check(self.file, id.value.clone(), id));
            let own = period.name.iter().chain(period.also.iter().flatten());
            let unique_names =
                all(own
                    .map(|name| names.check(self.file, text::key(&name.value).into_owned(), name)));
            let rounds = settings::rounds(self.file, period);
            both(unique, unique_names)?;
            Ok(Period {
                id: value(&period.id)?,
                name: value(&period.name)?,
                also: texts(&period.also)?,
                weight: value(&period.weight)?,
                rounds: rounds?,
                note: maybe(&period.note)?,
            })
        });
        let weights = self.weights_make_one();
        both(periods, weights).map(|(periods, ())| periods)
    }

    fn weights_make_one(&self) -> Result<(), Reported> {
        let weights = each(&self.draft.periods, |period| value(&period.weight))?;
        let sum: Decimal = weights.iter().sum();
        let last = self.draft.periods.iter().flatten().next_back();
        match last.map(|period| &period.weight) {
            Some(Ok(last)) if sum != Decimal::ONE => {
                let message = format!("各时段的权重加起来是 {}，应是 1", plain(sum));
                let help = "如平时 0.5、年终 0.5；只有一个时段的写 1";
                Err(self
                    .file
                    .advise(&last.span, "weights-not-one", message, help))
            }
            _ => Ok(()),
        }
    }

    fn category(
        &self,
        draft: &CategoryDraft,
        numbers: &mut Seen<'d, u32>,
    ) -> Result<Category, Reported> {
        let items = each(&draft.items, |item| {
            let no = held(&item.no);
            let unique = no.and_then(|no| numbers.check(self.file, no.value, no));
            both(unique, self.item(item)).map(|((), item)| item)
        });
        Ok(Category {
            name: value(&draft.name)?,
            declared: value(&draft.points)?,
            items: items?,
            note: maybe(&draft.note)?,
        })
    }

    fn item(&self, draft: &ItemDraft) -> Result<Item, Reported> {
        let clauses = self.clauses(draft);
        let mut caps = Vec::new();
        let rules = self.rules(draft, &clauses, &mut caps);
        let fit = all(caps).and_then(|caps| self.caps_fit(&caps, held(&draft.points)?));
        Ok(Item {
            no: value(&draft.no)?,
            name: value(&draft.name)?,
            points: value(&draft.points)?,
            method: texts(&draft.method)?,
            clauses: clauses?,
            rules: fit.and(rules)?,
            note: maybe(&draft.note)?,
        })
    }

    /// The most that the rules of an item take together may not be more than the item has, or
    /// its score could fall below zero.
    fn caps_fit(&self, rules: &[Cap], points: &Placed<Decimal>) -> Result<(), Reported> {
        let caps: Decimal = rules.iter().map(|rule| rule.cap).sum();
        if caps <= points.value {
            return Ok(());
        }
        let mark = |rule: &Cap| rule.mark.map(mark_text).unwrap_or_default();
        let parts: Vec<_> = rules
            .iter()
            .map(|rule| format!("计分方法{}最多扣 {}", mark(rule), plain(rule.cap)))
            .collect();
        let message = format!(
            "考核项目只有 {} 分，各条计分方法最多共扣 {} 分",
            plain(points.value),
            plain(caps)
        );
        let help = format!("{}；请核对分值、covers 和 cap", parts.join("，"));
        Err(self
            .file
            .advise(&points.span, "caps-above-item", message, help))
    }

    fn clauses(&self, item: &ItemDraft) -> Result<Vec<Clause>, Reported> {
        let alone = is_alone(&item.clauses);
        let mut marks = Seen::new("duplicate-clause", "考核内容");
        each(&item.clauses, |draft| {
            let mark = self.mark(&draft.mark, &draft.span, alone, "考核内容", &mut marks);
            let points = self.clause_points(draft, item, alone);
            Ok(Clause {
                mark: mark?,
                points: points?,
                text: value(&draft.text)?,
                note: maybe(&draft.note)?,
            })
        })
    }

    /// Points of a clause: its own, or the item's where it is the only one.
    fn clause_points(
        &self,
        draft: &ClauseDraft,
        item: &ItemDraft,
        alone: bool,
    ) -> Result<Decimal, Reported> {
        match maybe(&draft.points)? {
            Some(points) => Ok(points),
            None if alone => value(&item.points),
            None => {
                let message = "这款考核内容少了“points”（分值）";
                let help = "一个项目有几款考核内容的，每款都要写分值，如 points = 2";
                Err(self.file.advise(&draft.span, "missing-key", message, help))
            }
        }
    }

    /// A mark, which no other of its item has; only what is alone in its item can do without.
    fn mark(
        &self,
        mark: &Optional<u32>,
        header: &Range<usize>,
        alone: bool,
        what: &str,
        seen: &mut Seen<'d, u32>,
    ) -> Result<Option<u32>, Reported> {
        if let Some(mark) = held(mark)? {
            let shown = Placed {
                value: mark_text(mark.value),
                span: mark.span.clone(),
            };
            seen.check(self.file, mark.value, &shown)?;
        } else if !alone {
            let message = format!("这款{what}少了“mark”（序号）");
            let help = format!("一个项目有几款{what}的，每款都要写序号，如 mark = \"①\"");
            return Err(self.file.advise(header, "missing-key", message, help));
        }
        maybe(mark)
    }

    fn rules(
        &self,
        item: &ItemDraft,
        clauses: &Result<Vec<Clause>, Reported>,
        caps: &mut Vec<Result<Cap, Reported>>,
    ) -> Result<Vec<Rule>, Reported> {
        let alone = is_alone(&item.rules);
        let not_applicable = self.not_applicable(item);
        let mut marks = Seen::new("duplicate-rule", "计分方法");
        each(&item.rules, |draft| {
            let mark = self.mark(&draft.mark, &draft.span, alone, "计分方法", &mut marks);
            let by_period = self.by_period(draft);
            let source = self.tasks_are_named(draft);
            // The marks tell what is covered, even where the points of a clause are wrong.
            let covers = self.covers(draft, item);
            let cap = cap(draft, held(&covers), held(clauses));
            caps.push(cap);
            source?;
            Ok(Rule {
                id: RuleId {
                    item: value(&item.no)?,
                    mark: mark?,
                },
                text: value(&draft.text)?,
                covers: covers?,
                cap: cap?.cap,
                kind: value(&draft.kind)?,
                by_period: by_period?,
                ask: value(&draft.ask)?.into(),
                count: maybe(&draft.count)?,
                not_applicable: not_applicable?,
                note: maybe(&draft.note)?,
            })
        })
    }

    /// What 不涉及 means for the rules of an item: what the item says, else what the rubric says.
    fn not_applicable(&self, item: &ItemDraft) -> Result<NotApplicable, Reported> {
        let own = maybe(&item.not_applicable)?;
        let general = maybe(&self.draft.not_applicable)?;
        Ok(own.or(general).unwrap_or_default())
    }

    /// The clauses that a rule covers, by position.
    fn covers(&self, draft: &RuleDraft, item: &ItemDraft) -> Result<Vec<usize>, Reported> {
        let clauses = held(&item.clauses)?;
        let covers = held(&draft.covers)?.as_ref();
        let Some(covers) = covers else {
            return Ok((0..clauses.len()).collect());
        };
        if covers.value.is_empty() {
            let message = "“covers”（对应的考核内容）是空的";
            let help = "对应全部考核内容的，删去这一行";
            return Err(self
                .file
                .advise(&covers.span, "unknown-clause", message, help));
        }
        let known = all(clauses.iter().map(|clause| maybe(&clause.mark)))?;
        all(covers.value.iter().map(|mark| self.covered(mark, &known)))
    }

    /// The position of the clause with this mark among `known`.
    fn covered(&self, mark: &Placed<u32>, known: &[Option<u32>]) -> Result<usize, Reported> {
        let position = known.iter().position(|known| *known == Some(mark.value));
        position.ok_or_else(|| {
            let message = format!("这个项目没有考核内容{}", mark_text(mark.value));
            let known: String = known.iter().flatten().copied().map(mark_text).collect();
            let help = if known.is_empty() {
                "这个项目的考核内容没有序号，请删去 covers".to_owned()
            } else {
                format!("这个项目有考核内容{known}")
            };
            self.file
                .advise(&mark.span, "unknown-clause", message, help)
        })
    }

    fn by_period(&self, draft: &RuleDraft) -> Result<Vec<(usize, Kind)>, Reported> {
        each(&draft.by_period, |(id, kind)| {
            let periods = held(&self.draft.periods)?;
            let mut known = Vec::new();
            for (position, period) in periods.iter().enumerate() {
                let period = value(&period.id)?;
                if period == id.value {
                    return Ok((position, kind.clone()));
                }
                known.push(period);
            }
            let message = format!("没有标识为“{}”的时段", id.value);
            let help = format!("这份细则的时段：{}", known.join("、"));
            Err(self.file.advise(&id.span, "unknown-period", message, help))
        })
    }

    /// A rule that takes its rate from a task table needs one.
    fn tasks_are_named(&self, draft: &RuleDraft) -> Result<(), Reported> {
        let from_tasks = Kind::Proportional {
            rate: RateSource::Tasks,
        };
        let rate = draft.figures.iter().find(|(key, _)| *key == "rate");
        match (&draft.kind, &self.draft.tasks, rate) {
            (Ok(kind), Ok(None), Some((_, span))) if kind.value == from_tasks => {
                let message = "完成率取自任务表，可是本文件没有写是哪一份任务表";
                let help = "请在文件开头写 tasks = \"tasks.toml\"；由填表人填完成率的，写 rate = \"typed\"";
                Err(self.file.advise(span, "tasks-not-named", message, help))
            }
            _ => Ok(()),
        }
    }
}

/// The most that a rule takes.
#[derive(Clone, Copy)]
struct Cap {
    mark: Option<u32>,
    cap: Decimal,
}

/// The cap of a rule: as written, or the points of the clauses that it covers.
fn cap(
    draft: &RuleDraft,
    covers: Result<&Vec<usize>, Reported>,
    clauses: Result<&Vec<Clause>, Reported>,
) -> Result<Cap, Reported> {
    let cap = match maybe(&draft.cap)? {
        Some(cap) => cap,
        None => {
            let (covers, clauses) = both(covers, clauses)?;
            covers.iter().map(|&clause| clauses[clause].points).sum()
        }
    };
    let mark = maybe(&draft.mark)?;
    Ok(Cap { mark, cap })
}

/// Whether there is one table and no more.
fn is_alone<T>(tables: &Tables<T>) -> bool {
    matches!(tables, Ok(tables) if tables.len() == 1)
}
