//! `kaohe template`: blank sheets from the rubric.

use std::fs;

use anyhow::{Context as _, Result, bail};

use crate::cli::Outcome;
use crate::cli::args::{Common, Template};
use crate::cli::gather;
use crate::cli::voice::Voice;
use crate::model::catalog::Catalog;
use crate::output::template::{self, Filling, Which};
use crate::output::{files, style};

pub(super) fn run(common: &Common, args: &Template, voice: &Voice) -> Result<Outcome> {
    let catalog = gather::catalog(common, voice)?;
    let wanted = wanted(&catalog, args)?;
    let folder = &args.output;
    let path = |which| folder.join(template::form_name(&catalog, which));
    for &which in &wanted {
        files::may_write(&path(which), args.force)?;
    }
    fs::create_dir_all(folder).with_context(|| format!("文件夹 {} 建不了", folder.display()))?;
    for &which in &wanted {
        let mut form = template::form(&catalog, which, &Filling::default())?;
        files::write_whole(&path(which), &style::save(&mut form)?, args.force)?;
    }
    voice.say(&format!(
        "空白表 {} 份，放在 {}",
        wanted.len(),
        folder.display()
    ));
    Ok(Outcome::Clean)
}

/// The forms that are asked for, in roster order.
fn wanted(catalog: &Catalog, args: &Template) -> Result<Vec<Which>> {
    let only_unit = match &args.unit {
        Some(name) => match catalog.roster.find(name) {
            Some(unit) => Some(unit),
            None => bail!("名册里没有“{name}”"),
        },
        None => None,
    };
    let mut wanted = Vec::new();
    for unit in 0..catalog.roster.units().len() {
        let rubric = &catalog.rubrics[catalog.rubric_of(unit)];
        if only_unit.is_some_and(|only| only != unit)
            || args.class.as_ref().is_some_and(|class| *class != rubric.id)
        {
            continue;
        }
        for (period, of_rubric) in rubric.periods.iter().enumerate() {
            if args
                .period
                .as_ref()
                .is_none_or(|period| *period == of_rubric.id)
            {
                let round = args.round;
                wanted.push(Which {
                    unit,
                    period,
                    round,
                });
            }
        }
    }
    if wanted.is_empty() {
        let classes: Vec<&str> = catalog
            .rubrics
            .iter()
            .map(|rubric| rubric.id.as_str())
            .collect();
        bail!(
            "没有这样的表：--class 可以是 {}，--period 可以是 routine、year-end",
            classes.join("、")
        );
    }
    Ok(wanted)
}
