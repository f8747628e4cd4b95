//! Scores and ranks before and after, and which change moves them by how much.

use super::{Told, WIDTH, padded, push, push_wrapped, stage_label};
use crate::decimal::{Decimal, plain};
use crate::diagnostic::Code;
use crate::model::change::{ClassEffect, Effect, Stage, Standing, UnitEffect, UnitPart};
use unicode_width::UnicodeWidthStr;

pub(super) fn render(text: &mut String, told: &Told, effects: &[ClassEffect]) {
    let units = || effects.iter().flat_map(|class| &class.units);
    push(text, "");
    if units().next().is_none() {
        push(
            text,
            "所给的表，按旧细则、新细则都没有一个单位算得出总分，无从比较。",
        );
        push_wrapped(
            text,
            "各个时段的表没有交齐的，加 --period 只比一个时段；表有错误的，先用 kaohe validate 检查。",
            "",
        );
        return;
    }
    if !units().any(UnitEffect::moves) {
        let line = format!("所给的表：{} 个单位的得分、名次都不变。", units().count());
        push(text, &line);
        effects.iter().for_each(|class| push_unscored(text, class));
        return;
    }
    push(text, "得分和名次的变动");
    push_wrapped(
        text,
        "改动按细则里的先后一处一处换上，各处的变动加起来正好是总的差；换上的先后不同，单独一处的数会不同。",
        "  ",
    );
    let judged = told.changes.iter();
    let judged = judged.filter(|noted| noted.change.effect == Effect::Judged);
    let judged = judged.count();
    if judged > 0 {
        let line = format!(
            "要由人重新评定的 {judged} 处，这里只能按表上原来的填报值算；评定以后再比一次才作数。"
        );
        push_wrapped(text, &line, "  ");
    }
    for stage in 0..told.stages.len() {
        summary(text, told, effects, stage);
    }
    for class in effects {
        block(text, told, class);
    }
}

/// What one stage moves altogether.
fn summary(text: &mut String, told: &Told, effects: &[ClassEffect], stage: usize) {
    let units = effects.iter().flat_map(|class| &class.units);
    let parts = units.flat_map(|unit| &unit.parts);
    let parts: Vec<&UnitPart> = parts.filter(|part| part.stage == stage).collect();
    let label = stage_label(told.stages, stage);
    if parts.is_empty() {
        if matches!(told.stages[stage], Stage::Change(_)) {
            push_wrapped(text, &format!("{label} 没有单位的得分、名次变动"), "  ");
        }
        return;
    }
    let moved: Vec<Decimal> = parts
        .iter()
        .map(|part| part.total)
        .filter(|total| !total.is_zero())
        .collect();
    let ranks = parts.iter().filter(|part| part.ranks.0 != part.ranks.1);
    let grades = parts.iter().filter(|part| part.grades.is_some());
    let mut said = Vec::new();
    if let (Some(least), Some(most)) = (moved.iter().min(), moved.iter().max()) {
        let range = if least == most {
            signed(*least)
        } else {
            format!("{} 到 {}", signed(*least), signed(*most))
        };
        said.push(format!("{} 个单位的总分变动（{range}）", moved.len()));
    }
    for (count, what) in [(ranks.count(), "名次"), (grades.count(), "等次")] {
        if count > 0 {
            said.push(format!("{count} 个单位的{what}变动"));
        }
    }
    push_wrapped(text, &format!("{label} {}", said.join("，")), "  ");
}

fn block(text: &mut String, told: &Told, class: &ClassEffect) {
    if class.units.is_empty() && class.unscored == 0 {
        return;
    }
    let (moved, still): (Vec<&UnitEffect>, Vec<&UnitEffect>) =
        class.units.iter().partition(|unit| unit.moves());
    push(text, "");
    push(
        text,
        &format!(
            "{}：{} 个单位有变动，{} 个不变",
            class.class,
            moved.len(),
            still.len()
        ),
    );
    let names = moved.iter().map(|unit| unit.unit.width());
    let width = names.max().unwrap_or_default().max(4);
    if !moved.is_empty() {
        let head = format!(
            "  名次      {}旧总分    新总分    差        来自",
            padded("单位", width + 2)
        );
        push(text, &head);
    }
    for unit in moved {
        row(text, told, unit, width);
    }
    push_unscored(text, class);
}

/// Units that had no total before, so that nothing can be said of them.
fn push_unscored(text: &mut String, class: &ClassEffect) {
    if class.unscored > 0 {
        let line = format!(
            "{}：另有 {} 个单位新、旧细则下都没有总分，没有比较",
            class.class, class.unscored
        );
        push_wrapped(text, &line, "  ");
    }
}

fn row(text: &mut String, told: &Told, unit: &UnitEffect, width: usize) {
    let rank = |standing: &Option<Standing>| {
        let rank = standing.as_ref().map(|standing| standing.rank.to_string());
        rank.unwrap_or_else(|| "-".to_owned())
    };
    let total = |standing: &Option<Standing>| {
        let total = standing.as_ref().map(|standing| plain(standing.total));
        total.unwrap_or_else(|| "-".to_owned())
    };
    let difference = unit.difference().map(signed);
    let line = format!(
        "  {}{}{}{}{}",
        padded(&format!("{}→{}", rank(&unit.old), rank(&unit.new)), 10),
        padded(&unit.unit, width + 2),
        padded(&total(&unit.old), 10),
        padded(&total(&unit.new), 10),
        padded(&difference.unwrap_or_else(|| "-".to_owned()), 10),
    );
    let parts: Vec<String> = unit
        .parts
        .iter()
        .map(|part| part_text(told, part))
        .collect();
    let mut from = parts.join("，");
    if unit.new.is_none() {
        if !from.is_empty() {
            from += "；";
        }
        from += &why_not(unit);
    } else if unit.old.is_none() {
        from = "按旧细则没有总分".to_owned();
    }
    let indent = line.width();
    if indent + from.width() <= WIDTH {
        push(text, &(line + &from));
    } else {
        push(text, line.trim_end());
        push_wrapped(text, &from, "            ");
    }
}

/// Why there is no score under the new rubrics.
fn why_not(unit: &UnitEffect) -> String {
    if unit.problems.is_empty() {
        return "新细则下没有总分：不在新的名册里，或者缺表".to_owned();
    }
    let named = |code: &Code| format!("{}（{}）", code.page().title, code.name());
    let codes: Vec<String> = unit.problems.iter().map(named).collect();
    format!(
        "按新细则，表里有错误：{}；补填、改正后才能算",
        codes.join("、")
    )
}

/// `[1] -0.5（名次2→3）`
fn part_text(told: &Told, part: &UnitPart) -> String {
    let mut moved = Vec::new();
    if part.ranks.0 != part.ranks.1 {
        moved.push(format!("名次{}→{}", part.ranks.0, part.ranks.1));
    }
    if let Some((old, new)) = &part.grades {
        let word = |grade: &str| if grade.is_empty() { "无" } else { grade }.to_owned();
        moved.push(format!("{}→{}", word(old), word(new)));
    }
    let moved = moved.join("，");
    let label = stage_label(told.stages, part.stage);
    match (part.total.is_zero(), moved.is_empty()) {
        (true, _) => format!("{label} {moved}"),
        (false, true) => format!("{label} {}", signed(part.total)),
        (false, false) => format!("{label} {}（{moved}）", signed(part.total)),
    }
}

/// A difference with its sign; nothing is `0`.
fn signed(number: Decimal) -> String {
    if number > Decimal::ZERO {
        format!("+{}", plain(number))
    } else {
        plain(number)
    }
}
