//! The roster: who is assessed, in which class, and under what other names.

use std::cmp::{Ordering, Reverse};
use std::sync::Arc;

use crate::hash::Map;
use crate::text;

/// Every unit that is assessed, class by class.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    units: Vec<Unit>,
    by_name: Map<String, usize>,
    /// Every name as it is compared, in roster order, and whose it is.
    names: Vec<(Spelling, usize)>,
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
        let mut by_name = Map::default();
        let mut names = Vec::new();
        for (index, unit) in units.iter().enumerate() {
            let also = unit.also.iter().map(String::as_str);
            for name in also.chain([unit.name.as_ref()]) {
                let name = text::key(name).into_owned();
                by_name.entry(name.clone()).or_insert(index);
                names.push((Spelling::of(name), index));
            }
        }
        Self {
            units,
            by_name,
            names,
        }
    }

    /// Every unit, in roster order.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The position of the unit that goes by `name`, spaces and full-width forms aside.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(&*text::key(name)).copied()
    }

    /// The unit whose name or alias is nearest to `name`, if any is near: three of five
    /// characters are as they should be.
    pub fn nearest(&self, name: &str) -> Option<usize> {
        let name = text::key(name);
        // 武陵区（盖章） means 武陵区.
        if let Some((before, _)) = name.split_once('(')
            && let Some(unit) = self.find(before)
        {
            return Some(unit);
        }
        let name = Spelling::of(name.into_owned());
        let characters: Vec<char> = name.text.chars().collect();
        // Of two characters one is as much as there can be.
        let near = |matched: usize, longest: usize| {
            matched * 5 >= longest * 3 || (longest == 2 && matched == 1)
        };
        // No two names are nearer than the characters that they share; those that share most
        // are looked at first, and hardly any other needs to be.
        let mut shared: Vec<(Nearness, usize, &str)> = (self.names.iter())
            .map(|(known, unit)| (known, known.length.max(name.length), *unit))
            .filter(|(known, longest, _)| near(known.may_share(&name), *longest))
            .map(|(known, longest, unit)| {
                let shared = in_common(&characters, &known.text);
                (Nearness(shared, longest), unit, known.text.as_str())
            })
            .filter(|(Nearness(matched, longest), ..)| near(*matched, *longest))
            .collect();
        shared.sort_by_key(|(nearness, ..)| Reverse(*nearness));
        let mut best: Option<(Nearness, usize)> = None;
        for (bound, unit, known) in shared {
            if best.is_some_and(|(best, _)| bound < best) {
                break;
            }
            let Nearness(_, longest) = bound;
            let matched = longest.saturating_sub(strsim::damerau_levenshtein(known, &name.text));
            let nearness = Nearness(matched, longest);
            let better = best.is_none_or(|(best, of)| match nearness.cmp(&best) {
                Ordering::Equal => unit < of,
                other => other.is_gt(),
            });
            if near(matched, longest) && better {
                best = Some((nearness, unit));
            }
        }
        best.map(|(_, unit)| unit)
    }
}

/// A name as it is compared with others.
#[derive(Clone, Debug)]
struct Spelling {
    text: String,
    /// Its characters.
    length: usize,
    /// A bit for each of them, by the last bits of its number: other characters may have the same.
    bits: u64,
}

impl Spelling {
    fn of(text: String) -> Self {
        let length = text.chars().count();
        let bits = text.chars().fold(0, |bits, c| bits | 1 << (c as u32 % 64));
        Self { text, length, bits }
    }

    /// As many characters as this name can share with another at the most: at a glance, since
    /// most names share next to none.
    fn may_share(&self, other: &Self) -> usize {
        let only_here = (self.bits & !other.bits).count_ones() as usize;
        self.length.saturating_sub(only_here).min(other.length)
    }
}

/// How many characters two names share, in whatever order.
fn in_common(characters: &[char], known: &str) -> usize {
    let mut left = characters.to_vec();
    let take = |c: &char| {
        let at = left.iter().position(|other| other == c);
        at.map(|at| left.swap_remove(at)).is_some()
    };
    known.chars().filter(take).count()
}

/// Characters that are as they should be, of so many.
#[derive(Clone, Copy, Debug)]
struct Nearness(usize, usize);

impl PartialEq for Nearness {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Nearness {}

impl Ord for Nearness {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.0 * other.1).cmp(&(other.0 * self.1))
    }
}

impl PartialOrd for Nearness {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_the_first_of_those_with_most_characters_right() {
        let unit = |name: &str| Unit {
            name: Arc::from(name),
            rubric: 0,
            also: Vec::new(),
        };
        let names = [
            "澧县",
            "临澧县",
            "津市市",
            "西湖管理区",
            "西洞庭管理区",
            "东湖管理区",
        ];
        let roster = Roster::new(names.map(unit).into());
        let nearest = |name| roster.nearest(name).map(|unit| names[unit]);
        // Two of three characters, the third too many.
        assert_eq!(nearest("澧县县"), Some("澧县"));
        assert_eq!(nearest("临澧市"), Some("临澧县"));
        // Neighbours in each other's place are one mistake.
        assert_eq!(nearest("西管湖理区"), Some("西湖管理区"));
        // Four of five are right of two names: the first of the roster.
        assert_eq!(nearest("北湖管理区"), Some("西湖管理区"));
        assert_eq!(nearest("津市市（盖章）"), Some("津市市"));
        // The same characters in another order are not the same name.
        assert_eq!(nearest("区理管湖西"), None);
        assert_eq!(nearest("长沙市"), None);
    }

    #[test]
    fn no_two_names_share_more_than_they_may() {
        let names = [
            "澧县",
            "津市市",
            "市津市",
            "县",
            "",
            "西湖管理区",
            "区管理湖西湖",
        ];
        for name in names {
            for other in names {
                let characters: Vec<char> = other.chars().collect();
                let may = Spelling::of(name.to_owned()).may_share(&Spelling::of(other.to_owned()));
                assert!(may >= in_common(&characters, name), "{name} {other}");
            }
        }
    }
}
