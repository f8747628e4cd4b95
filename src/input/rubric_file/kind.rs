//! The kinds of rules. A new kind is one row of the table below and one function under it.

use std::ops::Range;

use super::keys;
use super::shape::{Condition, Node, Property, When};
use super::table::{Table, Word};
use crate::model::draft::{Field, Optional, Placed, Reported, Tables};
use crate::model::rubric::{Kind, RateSource};

/// A kind as a person names it.
struct Spec {
    /// Its name.
    name: &'static str,
    /// What it means.
    meaning: &'static str,
    /// Its own keys, beside those that every rule has.
    keys: &'static [&'static str],
    /// Takes its figures out of the table of a rule, or of a period of that rule.
    read: fn(&mut Table) -> Result<Kind, Reported>,
}

const KINDS: &[Spec] = &[
    Spec {
        name: "per-occurrence",
        meaning: "每次（项）扣几分",
        keys: &["each", "count"],
        read: per_occurrence,
    },
    Spec {
        name: "fixed",
        meaning: "是或否，扣固定的分",
        keys: &["points", "lost-by"],
        read: fixed,
    },
    Spec {
        name: "shortfall",
        meaning: "要求几次，每少一次扣几分",
        keys: &["required", "each", "count"],
        read: shortfall,
    },
    Spec {
        name: "proportional",
        meaning: "按完成率扣分",
        keys: &["rate"],
        read: proportional,
    },
    Spec {
        name: "discretionary",
        meaning: "酌情扣分",
        keys: &[],
        read: discretionary,
    },
];

const ANSWERS: &[Word<bool>] = &[("否", "", false), ("是", "", true)];

const RATES: &[Word<RateSource>] = &[
    ("tasks", "取自任务表", RateSource::Tasks),
    ("typed", "由填表人填写", RateSource::Typed),
];

fn per_occurrence(table: &mut Table) -> Result<Kind, Reported> {
    let each = table.number("each")?.value;
    Ok(Kind::PerOccurrence { each })
}

fn fixed(table: &mut Table) -> Result<Kind, Reported> {
    let points = table.number("points");
    let lost_by = table.word("lost-by", "unknown-word", ANSWERS);
    Ok(Kind::Fixed {
        points: points?.value,
        lost_by: lost_by?.value,
    })
}

fn shortfall(table: &mut Table) -> Result<Kind, Reported> {
    let required = table.number("required");
    let each = table.number("each");
    Ok(Kind::Shortfall {
        required: required?.value,
        each: each?.value,
    })
}

fn proportional(table: &mut Table) -> Result<Kind, Reported> {
    let rate = table.word("rate", "unknown-word", RATES)?.value;
    Ok(Kind::Proportional { rate })
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "it stands in the table beside kinds that have figures"
)]
fn discretionary(_: &mut Table) -> Result<Kind, Reported> {
    Ok(Kind::Discretionary)
}

/// What a rule says about its kind.
pub(super) struct KindDraft {
    /// The kind, placed where its name stands.
    pub kind: Field<Kind>,
    /// Where the values of its own keys stand.
    pub figures: Vec<(&'static str, Range<usize>)>,
    /// The unit of count, for kinds that count.
    pub count: Optional<String>,
    /// Other figures for single periods.
    pub by_period: Tables<(Placed<String>, Kind)>,
}

/// Reads the kind of the rule that `table` is.
pub(super) fn draft(table: &mut Table) -> KindDraft {
    let words: Vec<Word<&Spec>> = KINDS
        .iter()
        .map(|spec| (spec.name, spec.meaning, spec))
        .collect();
    if table.is_probed() {
        KINDS.iter().for_each(|spec| probe(table, spec));
    }
    match table.word("kind", "unknown-kind", &words) {
        Ok(Placed { value: spec, span }) => of_kind(table, spec, span),
        Err(reported) => {
            // Nothing can be said of the figures of a kind that is not known.
            for key in KINDS.iter().flat_map(|spec| spec.keys) {
                table.key(key);
            }
            table.key("by-period");
            KindDraft {
                kind: Err(reported),
                figures: Vec::new(),
                count: Err(reported),
                by_period: Err(reported),
            }
        }
    }
}

/// Notes what a rule of one kind is asked for.
fn probe(table: &mut Table, spec: &Spec) {
    let own = table.probe_inner(|table| of_kind(table, spec, 0..0));
    let others = KINDS.iter().flat_map(|other| other.keys);
    let refused: Vec<&str> = others
        .filter(|key| !spec.keys.contains(key))
        .copied()
        .collect();
    let required = own.properties.iter().filter(|property| property.required);
    let required: Vec<&str> = required.map(|property| property.key).collect();
    let is = When::Is("kind", spec.name);
    let mut condition = Condition::new(is, &required, &refused);
    for property in own.properties {
        let Property { key, node, .. } = property.clone();
        // A probe gives holes; here nothing is made of them.
        let _ = table.note(key, false, |_| node);
        if matches!(property.node, Node::ById(_)) {
            condition.narrowed.push(property);
        }
    }
    table.holds(|| condition);
}

fn of_kind(table: &mut Table, spec: &Spec, span: Range<usize>) -> KindDraft {
    let kind = (spec.read)(table);
    let count = if spec.keys.contains(&"count") {
        table.text("count").map(Some)
    } else {
        Ok(None)
    };
    let by_period = match kind {
        Err(_) if table.is_probed() => table.tables_by_id("by-period", spec.read),
        Ok(_) => table.tables_by_id("by-period", spec.read),
        // The figures that a period leaves out are the rule's, and those are wrong already.
        Err(reported) => {
            table.key("by-period");
            Err(reported)
        }
    };
    if !table.is_probed() {
        refuse_others(table, spec);
    }
    let figure = |key: &&'static str| Some((*key, table.place(key)?));
    KindDraft {
        figures: spec.keys.iter().filter_map(figure).collect(),
        kind: kind.map(|value| Placed { value, span }),
        count,
        by_period,
    }
}

/// Reports keys that only other kinds have.
fn refuse_others(table: &mut Table, spec: &Spec) {
    let mut others: Vec<&'static str> = KINDS.iter().flat_map(|spec| spec.keys).copied().collect();
    others.sort_unstable();
    others.dedup();
    for key in others {
        if spec.keys.contains(&key) {
            continue;
        }
        let Some(span) = table.key(key) else {
            continue;
        };
        let message = format!("{}不是 {} 的键", keys::title(key), spec.name);
        let own = if spec.keys.is_empty() {
            "没有自己的键".to_owned()
        } else {
            format!("的键是 {}", spec.keys.join("、"))
        };
        let owners = KINDS.iter().filter(|other| other.keys.contains(&key));
        let owners: Vec<_> = owners.map(|other| other.name).collect();
        let help = format!(
            "{}（{}）{own}；{key} 用于 {}",
            spec.name,
            spec.meaning,
            owners.join("、")
        );
        table
            .file
            .advise(&span, "key-of-another-kind", message, help);
    }
}
