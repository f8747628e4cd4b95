//! The roster: who is assessed, in which class, and under what other names.

use std::collections::HashMap;
use std::sync::Arc;

use crate::text;

/// Every unit that is assessed, class by class.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    units: Vec<Unit>,
    by_name: HashMap<String, usize>,
}

/// One unit.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Its name, as printed.
    pub name: Arc<str>,
    /// The rubric that scores it, by position in the catalog.
    pub rubric: usize,
    /// Other names it goes by.
    pub also: Vec<String>,
}

impl Roster {
    /// A roster of `units`; the names must be unique (see [`Roster::find`]).
    pub fn new(units: Vec<Unit>) -> Self {
        let mut by_name = HashMap::new();
        for (index, unit) in units.iter().enumerate() {
            let also = unit.also.iter().map(String::as_str);
            for name in also.chain([unit.name.as_ref()]) {
                by_name.entry(text::key(name)).or_insert(index);
            }
        }
        Self { units, by_name }
    }

    /// Every unit, in roster order.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The position of the unit that goes by `name`, spaces and full-width forms aside.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(&text::key(name)).copied()
    }

    /// The unit whose name or alias is nearest to `name`, if any is near.
    pub fn nearest(&self, name: &str) -> Option<usize> {
        const NEAR: f64 = 0.6;
        let name = text::key(name);
        // 武陵区（盖章） means 武陵区.
        if let Some((before, _)) = name.split_once('(')
            && let Some(unit) = self.find(before)
        {
            return Some(unit);
        }
        let near = |unit: &Unit| {
            let also = unit.also.iter().map(String::as_str);
            also.chain([unit.name.as_ref()])
                .map(|known| strsim::normalized_damerau_levenshtein(&text::key(known), &name))
                .fold(0.0, f64::max)
        };
        let (position, nearness) =
            self.units
                .iter()
                .map(near)
                .enumerate()
                .fold((0, 0.0), |best, (position, nearness)| {
                    if nearness > best.1 {
                        (position, nearness)
                    } else {
                        best
                    }
                });
        (nearness >= NEAR).then_some(position)
    }
}
