//! A score table as written: the shape of `rubrics/<id>.toml`.

use super::kind::{self, KindDraft};
use super::problem::File;
use super::shape::{Condition, Shape, When};
use super::table::{Form, Table, Value, Word};
use super::value;
use crate::model::draft::{
    CategoryDraft, ClauseDraft, GradesDraft, ItemDraft, LevelDraft, Optional, PeriodDraft, Placed,
    RankingDraft, Reported, RubricDraft, RuleDraft,
};
use crate::model::rubric::{NotApplicable, Rounds, RuleId, Ties};

const ROUNDS: &[Word<Rounds>] = &[
    ("mean", "平均", Rounds::Mean),
    ("last", "取最后一轮", Rounds::Last),
    ("best", "取最高一轮", Rounds::Best),
    // The shares stand under a key of their own.
    ("weights", "按权重", Rounds::Weights(Vec::new())),
];

const NOT_APPLICABLE: &[Word<NotApplicable>] = &[
    ("refused", "不能填", NotApplicable::Refused),
    ("full", "得满分", NotApplicable::Full),
    ("zero", "不得分", NotApplicable::Zero),
    ("rescaled", "其余折算", NotApplicable::Rescaled),
];

const TIES: &[Word<Ties>] = &[
    ("skip", "名次空开：1、1、3", Ties::Skip),
    ("dense", "名次接着排：1、1、2", Ties::Dense),
];

const CUT_TIES: &[Word<bool>] = &[
    ("up", "同分的都进高一等", true),
    ("down", "同分的都不进", false),
];

/// Reads a rubric.
pub(super) fn draft(table: &mut Table) -> RubricDraft {
    RubricDraft {
        file: table.file.index,
        id: table.required("id", value::ID),
        title: table.text("title"),
        class: table.name("class"),
        year: table.required("year", value::YEAR),
        version: table.text("version"),
        date: table.required("date", value::DATE),
        source: table.text("source"),
        total: table.number("total"),
        decimals: table.optional("decimals", value::DECIMALS),
        not_applicable: not_applicable(table),
        ranking: table.optional_table("ranking", |table| Ok(ranking(table))),
        grades: table.optional_table("grades", |table| Ok(grades(table))),
        tasks: table.optional_text("tasks"),
        uses: table.texts("uses"),
        periods: table.tables("period", period),
        categories: table.tables("category", category),
        note: table.optional_text("note"),
    }
}

fn not_applicable(table: &mut Table) -> Optional<NotApplicable> {
    table.optional_word("not-applicable", "unknown-word", NOT_APPLICABLE)
}

fn ranking(table: &mut Table) -> RankingDraft {
    RankingDraft {
        ties: table.optional_word("ties", "unknown-word", TIES),
        tie_breakers: table.optional("tie-breakers", value::ITEM_NUMBERS),
    }
}

fn grades(table: &mut Table) -> GradesDraft {
    GradesDraft {
        ties_up: table.optional_word("cut-ties", "unknown-word", CUT_TIES),
        levels: table.tables("level", level),
    }
}

fn level(table: &mut Table) -> LevelDraft {
    table.holds(|| Condition::new(When::Has("at-least"), &[], &["above"]));
    LevelDraft {
        span: table.span.clone(),
        name: table.text("name"),
        at_least: table.optional_number("at-least"),
        above: table.optional_number("above"),
        share: table.optional("share", value::SHARE),
    }
}

fn period(table: &mut Table) -> PeriodDraft {
    let weights = "round-weights";
    table.holds(|| Condition::new(When::Is("rounds", "weights"), &[weights], &[]));
    table.holds(|| Condition::new(When::IsNot("rounds", "weights"), &[], &[weights]));
    PeriodDraft {
        id: table.required("id", value::ID),
        name: table.name("name"),
        also: table.names("also"),
        weight: table.required("weight", value::SHARE),
        rounds: table.word("rounds", "unknown-word", ROUNDS),
        round_weights: table.optional("round-weights", value::SHARES),
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
        no: table.required("no", value::ITEM_NUMBER),
        name: table.text("name"),
        points: table.number("points"),
        method: table.texts("method"),
        not_applicable: not_applicable(table),
        clauses: table.tables("clause", clause),
        rules: table.tables("rule", rule),
        note: table.optional_text("note"),
    }
}

fn clause(table: &mut Table) -> ClauseDraft {
    ClauseDraft {
        span: table.span.clone(),
        mark: table.optional("mark", MARK),
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
        mark: table.optional("mark", MARK),
        text: table.text("text"),
        covers: table.optional("covers", MARKS),
        kind,
        figures,
        by_period,
        cap: table.optional_number("cap"),
        ask: table.text("ask"),
        count,
        note: table.optional_text("note"),
    }
}

const MARK: Form<u32> = Form {
    read: mark,
    shape: value::MARK,
};

const MARKS: Form<Vec<Placed<u32>>> = Form {
    read: marks,
    shape: Shape::List(&value::MARK),
};

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
    value::list(file, key, value, mark)
}
