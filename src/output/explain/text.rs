//! The story on a terminal: a line a step, indented by level.

use std::fmt::Write;

use crate::decimal::{fixed, plain};
use crate::output::explain::{Explanation, Part, Step};
use crate::text::shown;

/// How much of a text from a sheet is shown.
const MOST: usize = 400;

/// The story as text.
pub fn render(story: &Explanation) -> String {
    let mut text = String::new();
    // A string takes any text: these writes cannot fail.
    let _ = write_story(&mut text, story);
    text
}

fn write_story(out: &mut String, story: &Explanation) -> std::fmt::Result {
    let provisional = if story.provisional {
        "（暂定）"
    } else {
        ""
    };
    write!(out, "{}（{}）", story.unit, story.class)?;
    match (story.total, story.rank) {
        (Some(total), Some(rank)) => writeln!(
            out,
            "综合得分 {}，{} 个单位中第 {rank} 名{provisional}",
            fixed(total, story.decimals),
            story.of
        )?,
        _ => writeln!(out, "还有时段没有考核，没有综合得分和名次")?,
    }
    if let Some(arithmetic) = &story.arithmetic {
        writeln!(out, "  {arithmetic}")?;
    }
    for line in &story.standing {
        writeln!(out, "  {line}")?;
    }
    for period in &story.periods {
        writeln!(
            out,
            "\n{} {}",
            period.name,
            fixed(period.score, story.decimals)
        )?;
        writeln!(out, "  {}", period.arithmetic)?;
        for round in &period.rounds {
            writeln!(
                out,
                "\n  {}第 {} 轮 {}",
                period.name,
                round.round,
                fixed(round.score, story.decimals)
            )?;
            writeln!(out, "    {}", round.arithmetic)?;
            for part in &round.items {
                write_part(out, part)?;
            }
        }
    }
    Ok(())
}

fn write_part(out: &mut String, part: &Part) -> std::fmt::Result {
    writeln!(
        out,
        "    {} {}（{} 分）得 {}：{}",
        part.no,
        part.name,
        plain(part.points),
        plain(part.score),
        part.arithmetic
    )?;
    for step in &part.rules {
        write_step(out, step)?;
    }
    Ok(())
}

/// A rule; its clause and reason only where it took something.
fn write_step(out: &mut String, step: &Step) -> std::fmt::Result {
    let sheet = step
        .sheet
        .as_deref()
        .map(|sheet| format!(" › {}", shown(sheet, MOST)));
    writeln!(
        out,
        "      {} {}：{}（{}{} › {}）",
        step.id,
        step.ask,
        shown(&step.value, MOST),
        shown(&step.file, MOST),
        sheet.unwrap_or_default(),
        step.cell
    )?;
    writeln!(out, "        {}", step.arithmetic)?;
    if step.asked.is_zero() {
        return Ok(());
    }
    for clause in step.clauses.lines() {
        writeln!(out, "        考核内容：{clause}")?;
    }
    writeln!(out, "        计分方法：{}", step.text)?;
    for (label, text) in [
        ("扣分说明", &step.reason),
        ("佐证材料", &step.evidence),
        ("自查值", &step.claim),
    ] {
        if let Some(text) = text {
            writeln!(out, "        {label}：{}", shown(text, MOST))?;
        }
    }
    Ok(())
}
