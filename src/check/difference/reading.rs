//! What of the sheets is read by a later version: everything but the values of rules that are no
//! longer there, which the sheets still hold and which count for nothing.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::catalog::Catalog;
use crate::model::rubric::RuleId;
use crate::model::submission::{Layout, Row, Table};

/// `tables` as they are to be read by `catalog`, which stands somewhere on the way from `old`.
pub fn readable<'t>(old: &Catalog, catalog: &Catalog, tables: &'t [Table]) -> Cow<'t, [Table]> {
    let gone = gone(old, catalog);
    if gone.is_empty() {
        return Cow::Borrowed(tables);
    }
    let is_read = |row: &Row| {
        let unit = old.roster.find(&row.context.unit.written.text());
        let rules = unit.and_then(|unit| gone.get(&old.rubric_of(unit)));
        let id = RuleId::parse(&row.id.text());
        !rules.zip(id).is_some_and(|(rules, id)| rules.contains(&id))
    };
    let of_tasks = |table: &Table| matches!(table.layout, Layout::TaskForm | Layout::TaskList);
    let read = |table: &Table| {
        let mut table = table.clone();
        if !of_tasks(&table) {
            table.rows.retain(is_read);
        }
        table
    };
    Cow::Owned(tables.iter().map(read).collect())
}

/// The rules that are gone, by the position of their rubric in `old`.
fn gone(old: &Catalog, catalog: &Catalog) -> BTreeMap<usize, BTreeSet<RuleId>> {
    let mut gone = BTreeMap::new();
    for (position, rubric) in old.rubrics.iter().enumerate() {
        let now = catalog.rubrics.iter().find(|now| now.id == rubric.id);
        let Some(now) = now else { continue };
        let ids = rubric.rules().map(|rule| rule.id);
        let rules: BTreeSet<RuleId> = ids.filter(|id| now.position(*id).is_none()).collect();
        if !rules.is_empty() {
            gone.insert(position, rules);
        }
    }
    gone
}
