//! A score table as written: the shape of `rubrics/<id>.toml`.

use super::kind::{self, KindDraft};
use super::problem::{File, all};
use super::table::{Table, Value, Word};
use super::value;
use crate::model::draft::{
    CategoryDraft, ClauseDraft, ItemDraft, PeriodDraft, Placed, Reported, RubricDraft, RuleDraft,
};
use crate::model::rubric::{Rounds, RuleId};

const ROUNDS: &[Word<Rounds>] = &[("mean", "平均", Rounds::Mean)];

/// Reads a rubric.
pub(super) fn draft(table: &mut Table) -> RubricDraft {
    RubricDraft {
        file: table.file.index,
        id: table.required("id", value::id),
        title: table.text("title"),
        class: table.text("class"),
        year: table.required("year", value::year),
        version: table.text("version"),
        date: table.required("date", value::date),
        source: table.text("source"),
        total: table.number("total"),
        tasks: table.optional_text("tasks"),
        periods: table.tables("period", period),
        categories: table.tables("category", category),
        note: table.optional_text("note"),
    }
}

fn period(table: &mut Table) -> PeriodDraft {
    PeriodDraft {
        id: table.required("id", value::id),
        name: table.text("name"),
        also: table.texts("also"),
        weight: table.required("weight", value::share),
        rounds: table.word("rounds", "unknown-word", ROUNDS),
        note: table.optional_text("note"),
    }
}

fn category(table: &mut Table) -> CategoryDraft {
    CategoryDraft {
        name: table.text("name"),
        points: table.number("points"),
        items: table.tables("item", item),
        note: table.optional_text("note"),
    }
}

fn item(table: &mut Table) -> ItemDraft {
    ItemDraft {
        no: table.required("no", value::item_number),
        name: table.text("name"),
        points: table.number("points"),
        method: table.texts("method"),
        clauses: table.tables("clause", clause),
        rules: table.tables("rule", rule),
        note: table.optional_text("note"),
    }
}

fn clause(table: &mut Table) -> ClauseDraft {
    ClauseDraft {
        span: table.span.clone(),
        mark: table.optional("mark", mark),
        points: table.optional_number("points"),
        text: table.text("text"),
        note: table.optional_text("note"),
    }
}

fn rule(table: &mut Table) -> RuleDraft {
    let KindDraft {
        kind,
        figures,
        count,
        by_period,
    } = kind::draft(table);
    RuleDraft {
        span: table.span.clone(),
        mark: table.optional("mark", mark),
        text: table.text("text"),
        covers: table.optional("covers", marks),
        kind,
        figures,
        by_period,
        cap: table.optional_number("cap"),
        ask: table.text("ask"),
        count,
        note: table.optional_text("note"),
    }
}

/// ① as 1. Marks are read as in a 编号 on a sheet, so (1) is the same mark.
fn mark(file: File, key: &'static str, value: &Value) -> Result<u32, Reported> {
    let text = value::text(file, key, value)?;
    let id = RuleId::parse(&format!("1{text}"));
    id.and_then(|id| id.mark).ok_or_else(|| {
        let message = format!("不认识的序号“{text}”");
        file.advise(&value.span(), "bad-mark", message, "请写 ①、②、③……")
    })
}

fn marks(file: File, key: &'static str, value: &Value) -> Result<Vec<Placed<u32>>, Reported> {
    // The texts were checked to be texts first, so that a number in the list says so.
    let texts = value::texts(file, key, value)?;
    let entries = value
        .get_ref()
        .as_array()
        .into_iter()
        .flat_map(|list| list.iter());
    all(texts
        .into_iter()
        .zip(entries)
        .map(|(Placed { span, .. }, entry)| {
            let value = mark(file, key, entry)?;
            Ok(Placed { value, span })
        }))
}
