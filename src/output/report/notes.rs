//! What the rubric decided where the document is silent or contradicts itself, on 总览.

use anyhow::Result;

use crate::model::rubric::Rubric;
use crate::output::report::looks::Looks;
use crate::output::report::overview::COLUMNS;
use crate::output::report::page::Page;
use crate::output::report::plan::Plan;
use crate::output::style;

/// Whether any rubric says anything.
pub(super) fn any(plan: &Plan) -> bool {
    let mut classes = plan.classes.iter();
    classes.any(|class| !notes(class.rubric).is_empty())
}

/// The table from `row` on; gives the row after it.
pub(super) fn table(page: &mut Page, looks: &Looks, plan: &Plan, row: u32) -> Result<u32> {
    page.across(
        row,
        "原文没有写明或者前后不一之处，细则是这样定的",
        &looks.section,
        12.0,
    )?;
    let header = style::header();
    let last = COLUMNS - 1;
    page.band(row + 1, 0, 1, "类别", &header)?;
    page.band(row + 1, 2, 3, "位置", &header)?;
    page.band(row + 1, 4, last, "处理", &header)?;
    let mut row = row + 2;
    for class in &plan.classes {
        for (place, note) in notes(class.rubric) {
            page.band(row, 0, 1, &class.rubric.class, &looks.text)?;
            page.band(row, 2, 3, &place, &looks.text)?;
            page.band(row, 4, last, note, &looks.text)?;
            page.fit_bands(
                row,
                &[(0, 1, &class.rubric.class), (2, 3, &place), (4, last, note)],
            )?;
            row += 1;
        }
    }
    Ok(row)
}

/// Every note of a rubric, in its order, and where it stands.
fn notes(rubric: &Rubric) -> Vec<(String, &str)> {
    let mut notes: Vec<(String, &Option<String>)> = vec![("全文".to_owned(), &rubric.note)];
    for period in &rubric.periods {
        notes.push((period.name.clone(), &period.note));
    }
    for category in &rubric.categories {
        notes.push((category.name.clone(), &category.note));
        for item in &category.items {
            notes.push((item.label(), &item.note));
            for (place, clause) in (1..).zip(&item.clauses) {
                let mark = clause.mark.unwrap_or(place);
                notes.push((format!("{} 考核内容第{mark}款", item.label()), &clause.note));
            }
            for rule in &item.rules {
                notes.push((format!("计分方法 {}", rule.id), &rule.note));
            }
        }
    }
    let written = notes.into_iter();
    written
        .filter_map(|(place, note)| Some((place, note.as_deref()?)))
        .collect()
}
