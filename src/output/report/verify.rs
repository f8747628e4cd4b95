//! Compares a report with the one that its inputs make now, and says in words what differs:
//! files first, then values, then scores and ranks, then any other cell, then formulas. Called by
//! `cli::verify`.

use std::collections::BTreeMap;

use crate::decimal;
use crate::location::Address;
use crate::model::formula;
use crate::model::grid::{Cell, Content, Sheet, Workbook};
use crate::text::shown;

/// The sheets that are read by their meaning.
const LEDGER: &str = "扣分台账";
const PROOF: &str = "核验信息";
const RANKING: &str = "排名-";

/// The option that 核验信息 names when a report may lack something.
const INCOMPLETE: &str = "--allow-incomplete";

/// No more differences of one kind are listed.
const MOST: usize = 50;

/// How much of a value is shown.
const LONGEST: usize = 60;

/// How much of a formula is shown.
const LONGEST_FORMULA: usize = 300;

/// Whether a report says that it was made with `--allow-incomplete`.
pub fn allows_incomplete(report: &Workbook) -> bool {
    let rows = sheet(report, PROOF).map_or(&[][..], |sheet| &sheet.rows);
    rows.iter().any(|row| {
        let [name, value] = [0, 1].map(|column| row.cell(column).map(text).unwrap_or_default());
        name == INCOMPLETE && value.starts_with("已用")
    })
}

/// Whether a workbook is a report at all.
pub fn is_report(workbook: &Workbook) -> bool {
    sheet(workbook, PROOF).is_some() && sheet(workbook, LEDGER).is_some()
}

/// What differs between a report and the one that its inputs make now; a line each.
pub fn differences(report: &Workbook, fresh: &Workbook) -> Vec<String> {
    let mut lines = Vec::new();
    extend(&mut lines, "文件", fingerprints(report, fresh));
    extend(&mut lines, "填报值", values(report, fresh));
    extend(&mut lines, "名次和得分", standings(report, fresh));
    if lines.is_empty() {
        extend(&mut lines, "单元格", cells(report, fresh));
    }
    lines
}

/// Adds lines of one kind, no more than can be read.
fn extend(lines: &mut Vec<String>, kind: &str, more: Vec<String>) {
    let left = more.len().saturating_sub(MOST);
    lines.extend(more.into_iter().take(MOST));
    if left > 0 {
        lines.push(format!("{kind}还有 {left} 处不同，没有一一列出"));
    }
}

fn sheet<'a>(workbook: &'a Workbook, name: &str) -> Option<&'a Sheet> {
    named(&workbook.sheets, name)
}

fn named<'a>(sheets: &'a [Sheet], name: &str) -> Option<&'a Sheet> {
    let mut sheets = sheets.iter();
    sheets.find(|sheet| sheet.name.as_deref() == Some(name))
}

/// What a cell holds, as a person reads it.
fn text(cell: &Cell) -> String {
    match &cell.content {
        Content::Text(text) => text.to_string(),
        Content::Error(text) => text.to_string(),
        Content::Date(date) => date.text.to_string(),
        Content::Number(number) => {
            decimal::from_f64(*number).map_or_else(|| number.to_string(), decimal::plain)
        }
        Content::Bool(true) => "TRUE".to_owned(),
        Content::Bool(false) => "FALSE".to_owned(),
        Content::Uncalculated => "（没有计算）".to_owned(),
    }
}

/// The files and rubrics of a report: by name, their fingerprints.
fn prints(workbook: &Workbook) -> BTreeMap<(bool, String), String> {
    let mut prints = BTreeMap::new();
    let mut input = false;
    let rows = sheet(workbook, PROOF).map_or(&[][..], |sheet| &sheet.rows);
    for row in rows {
        let [name, print] = [0, 3].map(|column| row.cell(column).map(text).unwrap_or_default());
        if name.starts_with("四、") {
            input = true;
        }
        if print.len() == 64 && print.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            prints.insert((input, name), print);
        }
    }
    prints
}

/// Which files are not the ones that the report was made of.
fn fingerprints(report: &Workbook, fresh: &Workbook) -> Vec<String> {
    let (before, now) = (prints(report), prints(fresh));
    let mut lines = Vec::new();
    for ((input, name), print) in &before {
        let kind = if *input { "文件" } else { "细则文件" };
        match now.get(&(*input, name.clone())) {
            None => lines.push(format!("{kind} {name}：出表时有，现在没有")),
            Some(other) if other != print => lines.push(format!(
                "{kind} {name}：内容变了，SHA-256 出表时 {}…，现在 {}…",
                &print[..12],
                &other[..12]
            )),
            Some(_) => {}
        }
    }
    let added = now.keys().filter(|key| !before.contains_key(key));
    lines.extend(added.map(|(input, name)| {
        let kind = if *input { "文件" } else { "细则文件" };
        format!("{kind} {name}：出表时没有，现在有")
    }));
    lines
}

/// One rule of one round in the ledger: unit, period, round, rule.
type Key = (String, String, String, String);

/// What the ledger says of a rule: the columns that are compared, and where the value stands.
struct Line {
    figures: Vec<String>,
    place: String,
}

/// The columns of the ledger that are compared, by their headings.
const COMPARED: [&str; 7] = [
    "填报原值",
    "核定数",
    "应扣",
    "实扣",
    "封顶未扣",
    "扣分说明",
    "佐证材料",
];

fn ledger(workbook: &Workbook) -> BTreeMap<Key, Line> {
    let mut lines = BTreeMap::new();
    let Some(sheet) = sheet(workbook, LEDGER) else {
        return lines;
    };
    let mut columns: BTreeMap<String, u32> = BTreeMap::new();
    for row in &sheet.rows {
        if columns.is_empty() {
            let names = row.cells.iter().map(|(column, cell)| (text(cell), *column));
            columns = names.collect();
            if !columns.contains_key("填报原值") {
                columns.clear();
            }
            continue;
        }
        let field = |name: &str| {
            let cell = columns.get(name).and_then(|&column| row.cell(column));
            cell.map(text).unwrap_or_default()
        };
        let key = (field("单位"), field("时段"), field("轮次"), field("编号"));
        let place = [field("文件"), field("工作表"), field("单元格")];
        let place: Vec<String> = place.into_iter().filter(|part| !part.is_empty()).collect();
        let line = Line {
            figures: COMPARED.iter().map(|name| field(name)).collect(),
            place: place.join(" › "),
        };
        lines.insert(key, line);
    }
    lines
}

/// Which values, deductions and reasons differ.
fn values(report: &Workbook, fresh: &Workbook) -> Vec<String> {
    let (before, now) = (ledger(report), ledger(fresh));
    let mut lines = Vec::new();
    let mut gone: Vec<&str> = Vec::new();
    for (key, line) in &before {
        let (unit, period, round, rule) = key;
        let Some(other) = now.get(key) else {
            if !gone.contains(&unit.as_str()) {
                gone.push(unit);
                lines.push(format!(
                    "{unit}：表上有，由材料重算没有（{period}第{round}轮）"
                ));
            }
            continue;
        };
        let changed: Vec<String> = COMPARED
            .iter()
            .zip(line.figures.iter().zip(&other.figures))
            .filter(|(_, (a, b))| a != b)
            .map(|(name, (a, b))| format!("{name}表上{}，重算{}", quoted(a), quoted(b)))
            .collect();
        if !changed.is_empty() {
            let place = &other.place;
            let changed = changed.join("；");
            lines.push(format!(
                "{unit} {period}第{round}轮 {rule}（{place}）：{changed}"
            ));
        }
    }
    let mut added: Vec<&str> = Vec::new();
    for (unit, ..) in now.keys().filter(|key| !before.contains_key(key)) {
        if !added.contains(&unit.as_str()) {
            added.push(unit);
            lines.push(format!("{unit}：表上没有，由材料重算有"));
        }
    }
    lines
}

fn quoted(value: &str) -> String {
    if value.is_empty() {
        "空白".to_owned()
    } else {
        format!(" {} ", shown(value, LONGEST))
    }
}

/// Rank and total of each unit on the ranking sheets, by sheet and name.
fn ranks(workbook: &Workbook) -> BTreeMap<(String, String), (String, String)> {
    let mut ranks = BTreeMap::new();
    for sheet in &workbook.sheets {
        let name = sheet.name.as_deref().unwrap_or_default();
        if !name.starts_with(RANKING) {
            continue;
        }
        let mut total = None;
        for row in &sheet.rows {
            let at = |column| row.cell(column).map(text).unwrap_or_default();
            let Some(column) = total else {
                let mut headings = row.cells.iter();
                total = headings
                    .find(|(_, cell)| text(cell) == "综合得分")
                    .map(|(column, _)| *column);
                continue;
            };
            if !at(1).is_empty() {
                ranks.insert((name.to_owned(), at(1)), (at(0), at(column)));
            }
        }
    }
    ranks
}

/// Whose total or rank differs.
fn standings(report: &Workbook, fresh: &Workbook) -> Vec<String> {
    let (before, now) = (ranks(report), ranks(fresh));
    let mut lines = Vec::new();
    for ((sheet, unit), (rank, total)) in &before {
        let Some((new_rank, new_total)) = now.get(&(sheet.clone(), unit.clone())) else {
            lines.push(format!("{unit}：表上排了名，由材料重算没有"));
            continue;
        };
        if (rank, total) != (new_rank, new_total) {
            lines.push(format!(
                "{unit}：综合得分表上 {total}，重算 {new_total}；名次表上 {rank}，重算 {new_rank}"
            ));
        }
    }
    lines
}

/// Which other cells differ, by sheet and address.
fn cells(report: &Workbook, fresh: &Workbook) -> Vec<String> {
    let mut lines = Vec::new();
    for added in &report.sheets {
        let name = added.name.as_deref().unwrap_or_default();
        if sheet(fresh, name).is_none() {
            lines.push(format!("工作表 {name}：重算没有，是后来加上的"));
        }
    }
    for wanted in &fresh.sheets {
        let name = wanted.name.as_deref().unwrap_or_default();
        let Some(found) = sheet(report, name) else {
            lines.push(format!("工作表 {name}：表上没有"));
            continue;
        };
        for address in addresses([wanted, found]) {
            let [a, b] = [found, wanted].map(|sheet| sheet.cell(address));
            let [text_a, text_b] = [a, b].map(|cell| cell.map(text).unwrap_or_default());
            if text_a != text_b && !are_one_truth(a, b) {
                let (a, b) = (quoted(&text_a), quoted(&text_b));
                lines.push(format!("{name} {address}：表上{a}，重算{b}"));
            } else if is_text(a) != is_text(b) {
                let (was, is) = if is_text(a) {
                    ("数", "文字")
                } else {
                    ("文字", "数")
                };
                let a = quoted(&text_a);
                lines.push(format!("{name} {address}：{a}原来是{was}，现在是{is}"));
            }
        }
    }
    lines
}

/// Whether a cell holds text: most formulas pass over a number that is one.
fn is_text(cell: Option<&Cell>) -> bool {
    cell.is_some_and(|cell| matches!(cell.content, Content::Text(_)))
}

/// Whether a cell holds, as a number, the truth that a formula of the other gives: LibreOffice saves
/// it so.
fn are_one_truth(saved: Option<&Cell>, made: Option<&Cell>) -> bool {
    match (
        saved.map(|cell| &cell.content),
        made.map(|cell| &cell.content),
    ) {
        (Some(Content::Number(number)), Some(Content::Bool(truth))) => {
            *number == f64::from(u8::from(*truth))
        }
        _ => false,
    }
}

/// Where cells of two sheets hold something.
fn addresses(sheets: [&Sheet; 2]) -> Vec<Address> {
    let rows = sheets.into_iter().flat_map(|sheet| &sheet.rows);
    let mut addresses: Vec<Address> = rows
        .flat_map(|row| {
            let cells = row.cells.iter();
            cells.map(|(column, _)| Address::new(row.index, *column))
        })
        .collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses
}

/// Which formulas differ between a report and the one that its inputs make now, whose sheets hold
/// each as the text of its cell: spreadsheets calculate anew when they open a report, and show what
/// its formulas give. A line each, by sheet and address.
pub fn formulas(report: &[Sheet], fresh: &[Sheet]) -> Vec<String> {
    let mut lines = Vec::new();
    for wanted in fresh {
        let name = wanted.name.as_deref().unwrap_or_default();
        let Some(found) = named(report, name) else {
            continue;
        };
        for address in addresses([wanted, found]) {
            let [a, b] = [found, wanted].map(|sheet| sheet.cell(address).map(text));
            let what = match (a, b) {
                (Some(a), Some(b)) if a == b || formula::key(&a) == formula::key(&b) => continue,
                (Some(_), Some(b)) => {
                    let b = shown(&b, LONGEST_FORMULA);
                    format!("公式改过，一打开重算，数就可能变；原来的公式是 ={b}")
                }
                (None, Some(_)) => "原来是公式，现在不是".to_owned(),
                (Some(_), None) => "原来没有公式，现在有，一打开重算，数就可能变".to_owned(),
                (None, None) => continue,
            };
            lines.push(format!("{name} {address}：{what}"));
        }
    }
    let mut listed = Vec::new();
    extend(&mut listed, "公式", lines);
    listed
}
