//! `kaohe template`: blank sheets from the rubric.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

use crate::cli::Outcome;
use crate::cli::args::{Common, Template, TemplateLayout};
use crate::cli::gather;
use crate::cli::voice::Voice;
use crate::model::catalog::Catalog;
use crate::output::files;
use crate::output::template::{self, Filling, Which};
use crate::output::{names, style};
use crate::text;

/// The blanks of one class, period and round.
struct Batch {
    rubric: usize,
    period: usize,
    round: u32,
    /// The units, in roster order.
    units: Vec<usize>,
}

/// One file to be written: a form of one unit, or a wide table of several.
struct Blank {
    units: Vec<usize>,
    period: usize,
    round: u32,
    layout: TemplateLayout,
    path: PathBuf,
}

pub(super) fn run(common: &Common, args: &Template, voice: &Voice) -> Result<Outcome> {
    let catalog = gather::catalog(common, voice)?;
    let (batches, short) = batches(&catalog, args)?;
    let blanks = blanks(&catalog, args, batches)?;
    let folder = &args.output;
    let mut written = files::Batch::new(args.force);
    written.folder(folder)?;
    // What is in the way is found before any of the work is done.
    for blank in &blanks {
        files::may_write(&blank.path, args.force)?;
    }
    for blank in &blanks {
        let bytes = blank.bytes(&catalog);
        let bytes = bytes.with_context(|| format!("{} 生成不了", blank.path.display()))?;
        written.add(&blank.path, &bytes)?;
    }
    written.finish()?;
    for line in short {
        voice.say(&line);
    }
    voice.say(&format!(
        "空白表 {} 份，放在 {}",
        blanks.len(),
        folder.display()
    ));
    Ok(Outcome::Clean)
}

impl Blank {
    /// The workbook.
    fn bytes(&self, catalog: &Catalog) -> Result<Vec<u8>> {
        let Self { period, round, .. } = *self;
        let mut workbook = match self.layout {
            TemplateLayout::Form => {
                let which = Which {
                    unit: self.units[0],
                    period,
                    round,
                };
                template::form(catalog, which, &Filling::default())?
            }
            TemplateLayout::Wide => template::wide(catalog, &self.units, (period, round), &[])?,
        };
        Ok(style::save(&mut workbook)?)
    }
}

/// The files that are asked for, class by class.
fn blanks(catalog: &Catalog, args: &Template, batches: Vec<Batch>) -> Result<Vec<Blank>> {
    let layout = args.layout;
    let mut blanks = Vec::new();
    for batch in batches {
        let Batch { period, round, .. } = batch;
        let groups: Vec<(Vec<usize>, String)> = match layout {
            TemplateLayout::Form => batch
                .units
                .iter()
                .map(|&unit| {
                    let which = Which {
                        unit,
                        period,
                        round,
                    };
                    (vec![unit], template::form_name(catalog, which))
                })
                .collect(),
            TemplateLayout::Wide => {
                let name = template::wide_name(catalog, batch.rubric, period, round);
                vec![(batch.units, name)]
            }
        };
        for (units, name) in groups {
            blanks.push(Blank {
                units,
                period,
                round,
                layout,
                path: names::within(&args.output, &name)?,
            });
        }
    }
    Ok(blanks)
}

/// The units, periods and rounds that are asked for, and which periods have no such round.
fn batches(catalog: &Catalog, args: &Template) -> Result<(Vec<Batch>, Vec<String>)> {
    let only_unit = args.unit.as_deref().map(|name| unit(catalog, name));
    let only_unit = only_unit.transpose()?;
    let only_class = args.class.as_deref().map(|class| rubric(catalog, class));
    let only_class = only_class.transpose()?;
    let round = args.round;
    let mut batches = Vec::new();
    let mut short: Vec<String> = Vec::new();
    for (index, rubric) in catalog.rubrics.iter().enumerate() {
        let units: Vec<usize> = catalog
            .class(index)
            .filter(|unit| only_unit.is_none_or(|only| only == *unit))
            .collect();
        if units.is_empty() || only_class.is_some_and(|only| only != index) {
            continue;
        }
        for (period, of_rubric) in rubric.periods.iter().enumerate() {
            let names = of_rubric
                .also
                .iter()
                .chain([&of_rubric.id, &of_rubric.name]);
            let asked = args.period.as_deref().map(text::key);
            let wanted =
                asked.is_none_or(|asked| names.into_iter().any(|name| text::key(name) == asked));
            let rounds = of_rubric.rounds.count();
            if let Some(rounds) = rounds.filter(|rounds| wanted && round as usize > *rounds) {
                let name = &of_rubric.name;
                short.push(format!("细则里{name}只有 {rounds} 轮，没有第 {round} 轮"));
            } else if wanted {
                batches.push(Batch {
                    rubric: index,
                    period,
                    round,
                    units: units.clone(),
                });
            }
        }
    }
    match (batches.is_empty(), &args.period, only_unit) {
        (false, ..) => Ok((batches, short)),
        _ if !short.is_empty() => bail!("{}；请核对 --round", short.join("，")),
        (true, _, Some(unit)) if only_class.is_some_and(|only| catalog.rubric_of(unit) != only) => {
            let name = &catalog.roster.units()[unit].name;
            bail!("{name}不是这一类的单位；--unit 和 --class 请只写一个")
        }
        (true, Some(period), _) => bail!("没有“{period}”这个时段；{}", periods(catalog)),
        (true, None, _) => bail!("名册里没有这样的单位"),
    }
}

/// The unit that goes by `name`.
fn unit(catalog: &Catalog, name: &str) -> Result<usize> {
    if let Some(unit) = catalog.roster.find(name) {
        return Ok(unit);
    }
    match catalog.roster.nearest(name) {
        Some(near) => bail!(
            "名册里没有“{name}”，是不是“{}”",
            catalog.roster.units()[near].name
        ),
        None => bail!("名册里没有“{name}”"),
    }
}

/// The rubric of a class, by its id or its name.
fn rubric(catalog: &Catalog, class: &str) -> Result<usize> {
    let known = |rubric: &&crate::model::rubric::Rubric| {
        rubric.id == class || text::key(&rubric.class) == text::key(class)
    };
    let found = catalog.rubrics.iter().position(|rubric| known(&rubric));
    found.with_context(|| {
        let classes = catalog.rubrics.iter();
        let classes = classes.map(|rubric| format!("{}（{}）", rubric.id, rubric.class));
        format!(
            "没有“{class}”这一类；--class 可以写 {}",
            classes.collect::<Vec<_>>().join("、")
        )
    })
}

/// What `--period` may say.
fn periods(catalog: &Catalog) -> String {
    let mut known: Vec<String> = Vec::new();
    for period in catalog.rubrics.iter().flat_map(|rubric| &rubric.periods) {
        let text = format!("{}（{}）", period.id, period.name);
        if !known.contains(&text) {
            known.push(text);
        }
    }
    format!("--period 可以写 {}", known.join("、"))
}
