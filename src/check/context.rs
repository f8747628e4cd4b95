//! Whose a row is, and of when: names as written against roster and rubric.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};

use crate::check::report::Concern;
use crate::diagnostic::Finding;
use crate::hash::Map;
use crate::model::catalog::Catalog;
use crate::model::round::{round_of, year_of};
use crate::model::rubric::{MOST_ROUNDS, Period, Rubric};
use crate::model::submission::{At, Context, Stated, Written};
use crate::text;

/// A context as far as it could be resolved, and what is wrong with the rest.
#[derive(Clone, Debug, Default)]
pub(super) struct Resolved {
    /// By position in the roster.
    pub unit: Option<usize>,
    /// By position in the rubric of the unit.
    pub period: Option<usize>,
    /// From 1.
    pub round: Option<u32>,
    /// The unit that an unknown name probably means.
    pub meant: Option<usize>,
    /// What is wrong, and where.
    pub faults: Faults,
}

impl Resolved {
    /// Unit, period and round, if all three are known.
    pub(super) fn key(&self) -> Option<(usize, usize, u32)> {
        Some((self.unit?, self.period?, self.round?))
    }

    /// Whose score a fault of the context concerns, if the unit is known.
    pub(super) fn concern(&self) -> Option<Concern> {
        let period = self.period;
        self.unit.map(|unit| Concern { unit, period })
    }
}

/// The periods of one rubric, or of all of them.
struct Periods {
    /// Which each is, by whatever it is called, folded; of several rubrics the first.
    by_name: Map<String, usize>,
    /// What they are called in print.
    names: Arc<[String]>,
}

impl Periods {
    fn of(rubrics: &[Rubric]) -> Self {
        let mut by_name = Map::default();
        let mut names: Vec<String> = Vec::new();
        let periods = || rubrics.iter().flat_map(|of| of.periods.iter().enumerate());
        for (index, period) in periods() {
            by_name.entry(folded(&period.name)).or_insert(index);
            if !names.contains(&period.name) {
                names.push(period.name.clone());
            }
        }
        for (index, period) in periods() {
            for name in names_of(period) {
                by_name.entry(name).or_insert(index);
            }
        }
        Self {
            by_name,
            names: names.into(),
        }
    }

    /// Which period is called so.
    fn find(&self, name: &str) -> Option<usize> {
        let name = text::key(name);
        // Nearly every name is folded already.
        let as_it_is = self.by_name.get(&*name);
        let found = as_it_is.or_else(|| self.by_name.get(&folded(&name)));
        found.copied()
    }
}

/// What a cell states of several rows, and what came of it: one row after the other asks.
#[derive(Clone, Default)]
struct Last<T>(Option<(Stated, T, Faults)>);

/// What is wrong, and where.
type Faults = Vec<(At, Finding)>;

/// What was resolved last, of several rows each.
#[derive(Default)]
pub(super) struct Memory {
    /// The unit, and the one that is meant.
    unit: Last<(Option<usize>, Option<usize>)>,
    /// By the position of the rubric, and last those of all.
    period: Vec<Last<Option<usize>>>,
    round: Last<Option<u32>>,
    /// By the position of the rubric.
    year: Vec<Last<()>>,
}

/// What contexts are held to.
pub(super) struct Resolver<'a> {
    catalog: &'a Catalog,
    /// By the position of the rubric, and last those of all.
    periods: Vec<Periods>,
    /// The unit that is nearest to each unknown name so far.
    nearest: Mutex<Map<String, Option<usize>>>,
}

impl<'a> Resolver<'a> {
    pub(super) fn of(catalog: &'a Catalog) -> Self {
        let each = catalog.rubrics.chunks(1);
        Self {
            catalog,
            periods: each.chain([&*catalog.rubrics]).map(Periods::of).collect(),
            nearest: Mutex::default(),
        }
    }

    /// The unit that a name probably means, remembered.
    fn nearest(&self, name: &str) -> Option<usize> {
        let known = || self.nearest.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known().get(name).copied();
        found.unwrap_or_else(|| {
            let nearest = self.catalog.roster.nearest(name);
            known().insert(name.to_owned(), nearest);
            nearest
        })
    }

    /// Nothing resolved yet.
    pub(super) fn memory(&self) -> Memory {
        Memory {
            period: vec![Last::default(); self.periods.len()],
            year: vec![Last::default(); self.periods.len()],
            ..Memory::default()
        }
    }

    /// Resolves a context; every fault of it at once. Which unit an unknown name means takes long
    /// to find: it is looked for where somebody `asks`, the same for all contexts of one `memory`.
    pub(super) fn resolve(&self, context: &Context, asks: bool, memory: &mut Memory) -> Resolved {
        let catalog = self.catalog;
        let mut resolved = Resolved::default();
        (resolved.unit, resolved.meant) =
            resolved.recall(&mut memory.unit, &context.unit, |resolved, stated| {
                resolved.unit(self, stated, asks)
            });
        let rubric = resolved.unit.map(|unit| catalog.rubric_of(unit));
        let all = rubric.unwrap_or(catalog.rubrics.len());
        let last = &mut memory.period[all];
        resolved.period = resolved.recall(last, &context.period, |resolved, stated| {
            resolved.period(&self.periods[all], stated)
        });
        resolved.round = match &context.round {
            Some(round) => resolved.recall(&mut memory.round, round, Resolved::round),
            None => Some(1),
        };
        let first = rubric.unwrap_or_default();
        if let Some(rubric) = catalog.rubrics.get(first) {
            resolved.round_of_rubric(rubric, context.round.as_ref());
            if let Some(year) = &context.year {
                resolved.recall(&mut memory.year[first], year, |resolved, stated| {
                    resolved.year(rubric, stated);
                });
            }
        }
        resolved
    }
}

impl Resolved {
    /// What is `stated`, and its faults: found, or what was found before of the same cell.
    fn recall<T: Copy>(
        &mut self,
        last: &mut Last<T>,
        stated: &Stated,
        find: impl FnOnce(&mut Self, &Stated) -> T,
    ) -> T {
        if let Some((before, found, faults)) = &last.0
            && before == stated
        {
            self.faults.extend_from_slice(faults);
            return *found;
        }
        let known = self.faults.len();
        let found = find(self, stated);
        if matches!(stated.at, At::Cell(_)) {
            let faults = self.faults[known..].to_vec();
            last.0 = Some((stated.clone(), found, faults));
        }
        found
    }

    /// The unit, or the one that is meant.
    fn unit(
        &mut self,
        resolver: &Resolver,
        stated: &Stated,
        asks: bool,
    ) -> (Option<usize>, Option<usize>) {
        let Some(name) = self.name(stated, "被考核单位") else {
            return (None, None);
        };
        let roster = &resolver.catalog.roster;
        if let Some(unit) = roster.find(&name) {
            return (Some(unit), None);
        }
        let meant = asks.then(|| resolver.nearest(&name)).flatten();
        let finding = Finding::UnknownUnit {
            found: stated.written.excerpt(),
            nearest: meant.map(|unit| roster.units()[unit].name.to_string()),
        };
        self.faults.push((stated.at, finding));
        (None, meant)
    }

    fn period(&mut self, periods: &Periods, stated: &Stated) -> Option<usize> {
        let name = self.name(stated, "考核时段")?;
        let period = periods.find(&name);
        if period.is_none() {
            let finding = Finding::UnknownPeriod {
                found: stated.written.excerpt(),
                known: Arc::clone(&periods.names),
            };
            self.faults.push((stated.at, finding));
        }
        period
    }

    fn round(&mut self, Stated { at, written }: &Stated) -> Option<u32> {
        let round = round_of(&written.text());
        if round.is_none() {
            let finding = unreadable(written, "轮次").unwrap_or_else(|| Finding::BadRound {
                found: written.excerpt(),
                most: MOST_ROUNDS,
            });
            self.faults.push((*at, finding));
        }
        round
    }

    /// A period whose rounds have weights has so many rounds and no more.
    fn round_of_rubric(&mut self, rubric: &Rubric, stated: Option<&Stated>) {
        let (Some(_), Some(period), Some(round), Some(stated)) =
            (self.unit, self.period, self.round, stated)
        else {
            return;
        };
        let period = &rubric.periods[period];
        if let Some(rounds) = period.rounds.count()
            && round as usize > rounds
        {
            self.round = None;
            let finding = Finding::UnknownRound {
                found: round,
                period: period.name.clone(),
                rounds,
            };
            self.faults.push((stated.at, finding));
        }
    }

    fn year(&mut self, rubric: &Rubric, Stated { at, written }: &Stated) {
        if year_of(&written.text()) != Some(rubric.year) {
            let finding = unreadable(written, "考核年度").unwrap_or_else(|| Finding::WrongYear {
                found: written.excerpt(),
                year: rubric.year,
            });
            self.faults.push((*at, finding));
        }
    }

    /// The name that is stated; what is wrong if none is.
    fn name<'a>(&mut self, stated: &'a Stated, label: &'static str) -> Option<Cow<'a, str>> {
        let finding = if stated.written.is_blank() {
            Finding::MissingMetadata { label }
        } else if let Some(finding) = unreadable(&stated.written, label) {
            finding
        } else {
            return Some(stated.written.text());
        };
        self.faults.push((stated.at, finding));
        None
    }
}

/// What is wrong with a cell whatever it is for: an error, no result, a date.
pub(super) fn unreadable(written: &Written, what: &'static str) -> Option<Finding> {
    match written {
        Written::Error(_) => Some(Finding::ErrorCell {
            found: written.excerpt(),
        }),
        Written::Uncalculated => Some(Finding::FormulaWithoutValue),
        Written::Date(_) => Some(Finding::DateInsteadOfNumber {
            found: written.excerpt(),
            guess: None,
            what,
        }),
        _ => None,
    }
}

/// Whether people call `period` so.
pub(super) fn is_called(period: &Period, name: &str) -> bool {
    let name = folded(name);
    names_of(period).any(|known| known == name)
}

/// What people call `period`, folded.
fn names_of(period: &Period) -> impl Iterator<Item = String> {
    let names = period.also.iter().chain([&period.id, &period.name]);
    names.map(|name| folded(name))
}

/// What two spellings of the name of a period have in common.
fn folded(name: &str) -> String {
    text::key(name).to_lowercase()
}
