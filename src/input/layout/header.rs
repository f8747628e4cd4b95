//! Header rows: which layout they announce and what stands in which column.

use crate::decimal;
use crate::diagnostic::{Finding, NearMiss};
use crate::hash::Map;
use crate::location::Address;
use crate::model::grid::{Content, Row, Sheet};
use crate::model::rubric::RuleId;
use crate::model::submission::{Fault, Layout};
use crate::text;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Column {
    Unit,
    Period,
    Round,
    Year,
    Rule,
    Value,
    Reason,
    Evidence,
    Claim,
    Task,
    State,
    Measured,
    /// A rule of a wide table.
    Of(RuleId),
    /// The reason, evidence or claim of such a rule.
    Beside(RuleId, Aside),
}

/// What stands beside a rule of a wide table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Aside {
    Reason,
    Evidence,
    Claim,
}

/// The header texts, the first of each column being its name.
const HEADERS: [(&str, Column); 18] = [
    ("被考核单位", Column::Unit),
    ("单位", Column::Unit),
    ("单位名称", Column::Unit),
    ("考核时段", Column::Period),
    ("时段", Column::Period),
    ("轮次", Column::Round),
    ("考核轮次", Column::Round),
    ("第几轮", Column::Round),
    ("考核年度", Column::Year),
    ("年度", Column::Year),
    ("编号", Column::Rule),
    ("填报值", Column::Value),
    ("扣分说明", Column::Reason),
    ("佐证材料", Column::Evidence),
    ("自查值", Column::Claim),
    ("任务序号", Column::Task),
    ("完成情况", Column::State),
    ("实际值", Column::Measured),
];

/// What may follow a 编号 in the header of a wide table.
const ASIDES: [(&str, Aside); 4] = [
    ("扣分说明", Aside::Reason),
    ("说明", Aside::Reason),
    ("佐证材料", Aside::Evidence),
    ("自查值", Aside::Claim),
];

/// How much of a header that occurs twice is kept: more than a message quotes.
const QUOTED: usize = 64;

/// A header row that was recognized.
#[derive(Clone, Debug)]
pub(super) struct Header {
    /// The row, from zero.
    pub row: u32,
    /// Which layout it announces.
    pub layout: Layout,
    /// The columns that we know, left to right, each once.
    pub columns: Vec<(u32, Column)>,
    /// The same by what they hold.
    places: Map<Column, u32>,
    /// Whether the column of units is headed 单位, which may mean a unit of measure too.
    pub weak_unit: bool,
    /// Whether no other table stands beside this one.
    pub alone: bool,
    /// Headers that occur twice or became dates.
    pub faults: Vec<Fault>,
}

impl Column {
    /// What the header text `key` announces, rules of wide tables aside. 轮次 and 年度 may have a
    /// remark in brackets, 轮次（第几轮）: a table without them is read too, as another round.
    pub(super) fn named(key: &str) -> Option<Self> {
        let named = |key: &str| {
            let mut headers = HEADERS.iter();
            headers.find(|(header, _)| *header == key)
        };
        let of_remark = || {
            let found = named(key.strip_suffix(')')?.split_once('(')?.0);
            found.filter(|(_, column)| matches!(column, Self::Round | Self::Year))
        };
        named(key).or_else(of_remark).map(|(_, column)| *column)
    }

    /// The name of the column, as a clerk should write it.
    pub(super) fn name(self) -> &'static str {
        HEADERS
            .iter()
            .find(|(_, column)| *column == self)
            .map_or("编号", |(header, _)| header)
    }

    /// What the header text `key` announces in a wide table: `1③`, `1③说明`.
    fn of_rule(key: &str) -> Option<Self> {
        if let Some(rule) = RuleId::parse(key) {
            return Some(Self::Of(rule));
        }
        ASIDES.iter().find_map(|(suffix, aside)| {
            let rule = RuleId::parse(key.strip_suffix(suffix)?)?;
            Some(Self::Beside(rule, *aside))
        })
    }
}

impl Header {
    /// Whether `row` is a header.
    pub(super) fn is(row: &Row) -> bool {
        layout_of(row).is_some()
    }

    /// Reads `row` as the headers of tables that stand side by side, mostly one; none if it is none.
    pub(super) fn all_of(row: &Row) -> Vec<Self> {
        let mut header = Self::of(row);
        let place = |column| header.as_ref().and_then(|header| header.find(column));
        let of_rules = [Column::Rule, Column::Value].map(place);
        let of_tasks = [Column::Task, Column::State].map(place);
        let ([Some(rule), Some(value)], [Some(task), Some(state)]) = (of_rules, of_tasks) else {
            return header.into_iter().collect();
        };
        let second = rule.min(value).max(task.min(state));
        let (left, right) = (row.cells.iter().cloned()).partition(|(column, _)| *column < second);
        let half = |cells: Vec<_>| {
            let cells = cells.into();
            let index = row.index;
            Self::of(&Row { index, cells })
        };
        match (half(left), half(right)) {
            (Some(left), Some(right)) => [left, right]
                .map(|half| Self {
                    alone: false,
                    ..half
                })
                .into(),
            // Their columns are mixed.
            _ => {
                if let Some(header) = &mut header {
                    header.faults.push(Fault {
                        address: Address::new(row.index, task),
                        finding: Finding::TasksAmongRules,
                    });
                }
                header.into_iter().collect()
            }
        }
    }

    /// Reads `row` as a header; `None` if it is none.
    pub(super) fn of(row: &Row) -> Option<Self> {
        let layout = layout_of(row)?;
        let mut header = Self {
            row: row.index,
            layout,
            columns: Vec::new(),
            places: Map::default(),
            weak_unit: false,
            alone: true,
            faults: Vec::new(),
        };
        for (column, cell) in &row.cells {
            header.add(*column, &cell.content);
        }
        Some(header)
    }

    /// Whether it heads a form, whose unit stands above.
    pub(super) fn is_of_form(&self) -> bool {
        matches!(self.layout, Layout::Form | Layout::TaskForm)
    }

    /// The same for a form whose first row is `row`, and which has none. What is wrong with it has
    /// been said.
    pub(super) fn moved_to(self, row: u32) -> Self {
        Self {
            row,
            faults: Vec::new(),
            ..self
        }
    }

    /// Whether `row`, below a header or not, can be one of a form with this one.
    pub(super) fn fits(&self, row: &Row) -> bool {
        let ids = [Column::Rule, Column::Task].map(|id| self.find(id));
        let mut ids = ids.into_iter().flatten().filter_map(|id| row.cell(id));
        ids.any(|cell| rule_in(&cell.content).is_some())
    }

    /// Reads two rows as the header of a wide table: 被考核单位 and 考核时段 above, often merged
    /// over both, the rules below.
    pub(super) fn of_two(upper: &Row, lower: &Row) -> Option<Self> {
        let mut cells = upper.cells.iter().chain(&lower.cells);
        let next_to_it = lower.index == upper.index + 1;
        let mut has_rule = || cells.any(|(_, cell)| rule_in(&cell.content).is_some());
        // Above a whole header stand labels.
        if !next_to_it || Self::is(lower) || !has_rule() {
            return None;
        }
        let alone = |column: u32| lower.cell(column).is_none();
        let named = named_columns(upper).filter(|(column, _)| alone(*column));
        let named = named.chain(named_columns(lower));
        let named: Vec<Column> = named.map(|(_, column)| column).collect();
        let is_wide = layout_of_rows(&named).is_none() && is_of_many(&named);
        if !is_wide {
            return None;
        }
        let above = upper.cells.iter().filter(|(column, _)| alone(*column));
        let mut cells: Vec<_> = lower.cells.iter().chain(above).cloned().collect();
        cells.sort_by_key(|(column, _)| *column);
        let both = Row {
            index: lower.index,
            cells: cells.into(),
        };
        Self::of(&both).filter(|header| header.layout == Layout::Wide)
    }

    /// Takes up the header cell in `column`.
    fn add(&mut self, column: u32, content: &Content) {
        let address = Address::new(self.row, column);
        let wide = self.layout == Layout::Wide;
        if let (true, Content::Date(date)) = (wide, content) {
            let finding = Finding::DateInsteadOfNumber {
                found: date.text.clone(),
                guess: RuleId::of_date(&date.text).map(|id| id.to_string()),
                what: "编号",
            };
            self.faults.push(Fault { address, finding });
            return;
        }
        let meaning = match content {
            Content::Text(written) => {
                let key = text::key(written);
                self.weak_unit |= key == "单位" && self.find(Column::Unit).is_none();
                let of_rule = || wide.then(|| Column::of_rule(&key)).flatten();
                Column::named(&key).or_else(of_rule)
            }
            _ => rule_in(content).filter(|_| wide).map(Column::Of),
        };
        let Some(meaning) = meaning else {
            return;
        };
        match self.find(meaning) {
            Some(first) => self.faults.push(Fault {
                address,
                finding: Finding::DuplicateHeader {
                    header: quoted(content).into(),
                    first: Address::new(self.row, first),
                },
            }),
            None => {
                self.columns.push((column, meaning));
                self.places.insert(meaning, column);
            }
        }
    }

    /// The column that holds `meaning`.
    pub(super) fn find(&self, meaning: Column) -> Option<u32> {
        self.places.get(&meaning).copied()
    }

    /// The header cell of `meaning`, or of the first column that we know.
    pub(super) fn address(&self, meaning: Column) -> Address {
        let first = self.columns.first().map_or(0, |(column, _)| *column);
        Address::new(self.row, self.find(meaning).unwrap_or(first))
    }
}

/// The rule whose header a cell may be: a text, or a number such as the 编号 2 or 1.1.
fn rule_in(content: &Content) -> Option<RuleId> {
    match content {
        Content::Text(text) => RuleId::parse(text),
        Content::Number(number) => RuleId::of_number(*number),
        _ => None,
    }
}

/// A header as a message quotes it.
fn quoted(content: &Content) -> String {
    match content {
        Content::Text(text) => text.trim().chars().take(QUOTED).collect(),
        Content::Number(number) => decimal::shown(*number),
        _ => String::new(),
    }
}

/// The cells of a row that are headers of ours, rules of wide tables aside.
fn named_columns(row: &Row) -> impl Iterator<Item = (u32, Column)> {
    row.cells
        .iter()
        .filter_map(|(column, cell)| match &cell.content {
            Content::Text(text) => Some((*column, label(text)?)),
            _ => None,
        })
}

/// Whether a text is a header of ours, that of a rule included.
pub(super) fn is_named(written: &str) -> bool {
    label(written).is_some() || RuleId::parse(written).is_some()
}

/// What a header of ours announces, rules of wide tables aside.
fn label(written: &str) -> Option<Column> {
    may_be_header(written).then(|| Column::named(&text::key(written)))?
}

/// Whether a text begins as headers do. Most cells do not, and looking closer would cost more
/// than reading them.
fn may_be_header(written: &str) -> bool {
    let begins = [
        '被', '单', '考', '时', '轮', '年', '编', '填', '扣', '佐', '自', '任', '完', '实', '第',
    ];
    written.trim_start().starts_with(begins)
}

/// The layout that a row announces.
fn layout_of(row: &Row) -> Option<Layout> {
    let named: Vec<Column> = named_columns(row).map(|(_, column)| column).collect();
    let wide = || (is_of_many(&named) && has_rule(row)).then_some(Layout::Wide);
    layout_of_rows(&named).or_else(wide)
}

/// The same, of those layouts that have a rule or task a row.
fn layout_of_rows(named: &[Column]) -> Option<Layout> {
    let has = |column| named.contains(&column);
    let (form, list) = if has(Column::Rule) && has(Column::Value) {
        (Layout::Form, Layout::Long)
    } else if has(Column::Task) && has(Column::State) {
        (Layout::TaskForm, Layout::TaskList)
    } else {
        return None;
    };
    Some(if is_of_many(named) { list } else { form })
}

/// Whether each row says whose it is.
fn is_of_many(named: &[Column]) -> bool {
    named.contains(&Column::Unit) && named.contains(&Column::Period)
}

/// Whether a row has the header of a rule. A bare number beside 轮次 or 考核年度 is none: the row
/// holds labels and their values.
fn has_rule(row: &Row) -> bool {
    let mut beside_label = false;
    row.cells.iter().any(|(_, cell)| {
        let (label, number) = match &cell.content {
            Content::Text(text) => (label(text), decimal::parse(text.trim()).is_some()),
            Content::Number(_) => (None, true),
            _ => (None, false),
        };
        let value = beside_label && number;
        beside_label = matches!(label, Some(Column::Round | Column::Year));
        !value && rule_in(&cell.content).is_some()
    })
}

/// The row of a sheet without a table that comes nearest to a header.
pub(super) fn near_miss(sheet: &Sheet) -> Option<NearMiss> {
    const TELLING: [Column; 4] = [Column::Rule, Column::Value, Column::Task, Column::State];
    let telling = |named: &[Column]| named.iter().filter(|c| TELLING.contains(c)).count();
    let rows = sheet.rows.iter().filter(|row| row.cells.len() > 1);
    let best = rows
        .map(|row| {
            named_columns(row)
                .map(|(_, column)| column)
                .collect::<Vec<_>>()
        })
        .rev()
        .max_by_key(|named| (telling(named), named.len()))
        .filter(|named| telling(named) > 0 || named.len() > 1)?;
    let wanted = if best.contains(&Column::Task) || best.contains(&Column::State) {
        [Column::Task, Column::State]
    } else {
        [Column::Rule, Column::Value]
    };
    let lacking = wanted.into_iter().filter(|column| !best.contains(column));
    let mut there: Vec<&str> = Vec::new();
    for name in best.iter().map(|column| column.name()) {
        if !there.contains(&name) {
            there.push(name);
        }
    }
    Some(NearMiss {
        there,
        lacking: lacking.map(Column::name).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_header_is_passed_over() {
        for (header, _) in HEADERS {
            let spaced: String = header.chars().flat_map(|c| ['\u{3000}', c]).collect();
            assert!(may_be_header(&spaced), "{header}");
            assert_eq!(
                Column::named(&text::key(&spaced)),
                Column::named(header),
                "{header}"
            );
        }
    }
}
