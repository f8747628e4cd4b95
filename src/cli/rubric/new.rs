//! `kaohe rubric new`: a commented skeleton to write a document down in.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::cli::Outcome;
use crate::cli::args::RubricNew;
use crate::cli::voice::Voice;
use crate::input::rubric_file::{Document, schema};
use crate::output::files::Batch;

const RUBRIC: &str = include_str!("../../../rubrics/skeleton/rubric.toml");
const TEST: &str = include_str!("../../../rubrics/skeleton/rubric.test.toml");
const TASKS: &str = include_str!("../../../rubrics/skeleton/tasks.toml");
const ROSTER: &str = include_str!("../../../rubrics/skeleton/roster.toml");

/// The id of the rubric in the skeleton.
const ID: &str = "my-rubric";

const TASKS_FILE: &str = "tasks.toml";
const ROSTER_FILE: &str = "roster.toml";

/// What the first lines of the files name, for editors.
const SCHEMAS: &[(&str, Document)] = &[
    ("rubric.schema.json", Document::Rubric),
    ("tasks.schema.json", Document::Tasks),
    ("roster.schema.json", Document::Roster),
    ("test.schema.json", Document::Test),
];

pub(super) fn run(args: &RubricNew, voice: &Voice) -> Result<Outcome> {
    let plan = Plan::of(&args.output)?;
    let mut written = Batch::new(args.force);
    written.folder(&plan.folder)?;
    for (path, text) in &plan.files {
        written.add(path, text.as_bytes())?;
    }
    // The program's own, the same wherever they lie.
    let mut schemas = Batch::new(true);
    for (name, document) in SCHEMAS {
        schemas.add(&plan.folder.join(name), schema(*document).as_bytes())?;
    }
    written.finish()?;
    schemas.finish()?;
    for (path, _) in &plan.files {
        voice.say(&format!("写好了 {}", path.display()));
    }
    voice.tell("另有 *.schema.json，编辑器用它补全和检查");
    if plan.has_roster {
        voice.say(&format!(
            "旁边已有 {ROSTER_FILE}，没有动它；请在里面加上 [[class]]，写 rubric = \"{}\" 和 units",
            plan.id
        ));
    }
    let folder = plan.folder.display();
    voice.say(&format!(
        "下一步：用记事本照考核文件改，再检查：kaohe rubric check {folder}\n\
         没有错误了就能用：kaohe template --rubrics {folder} -o 空白表"
    ));
    Ok(Outcome::Clean)
}

/// What is written where.
struct Plan {
    folder: PathBuf,
    files: Vec<(PathBuf, String)>,
    id: String,
    /// Whether a roster is there already, which stays as it is.
    has_roster: bool,
}

impl Plan {
    /// For a folder, the files under names of their own; for a file, that file with self-tests
    /// and a task table of its own, and a roster where there is none.
    fn of(output: &Path) -> Result<Self> {
        let extension = output.extension();
        let is_file = extension.is_some_and(|extension| extension == "toml");
        if !is_file || output.is_dir() {
            let file = |name: &str, text: &str| (output.join(name), text.to_owned());
            return Ok(Self {
                folder: output.to_owned(),
                files: vec![
                    file(&format!("{ID}.toml"), RUBRIC),
                    file(&format!("{ID}.test.toml"), TEST),
                    file(TASKS_FILE, TASKS),
                    file(ROSTER_FILE, ROSTER),
                ],
                id: ID.to_owned(),
                has_roster: false,
            });
        }
        let folder = match output.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let stem = output.file_stem().unwrap_or_default().to_string_lossy();
        let name = format!("{stem}.toml");
        if [ROSTER_FILE, TASKS_FILE].contains(&name.as_str()) || stem.ends_with(".test") {
            bail!("{name} 不能作细则的文件名，请换一个，如 {ID}.toml");
        }
        Ok(Self::beside(folder, &stem))
    }

    /// A rubric that goes by the name of its file.
    fn beside(folder: &Path, stem: &str) -> Self {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let id = if stem.chars().all(plain) { stem } else { ID };
        let tasks = format!("{stem}-{TASKS_FILE}");
        let own = |text: &str| {
            text.replace(&format!("\"{ID}\""), &format!("\"{id}\""))
                .replace(&format!("\"{TASKS_FILE}\""), &format!("\"{tasks}\""))
        };
        let roster = folder.join(ROSTER_FILE);
        let has_roster = roster.exists();
        let table = match has_roster {
            true => without_leads(&own(TASKS)),
            false => own(TASKS),
        };
        let mut files = vec![
            (folder.join(format!("{stem}.toml")), own(RUBRIC)),
            (folder.join(format!("{stem}.test.toml")), own(TEST)),
            (folder.join(&tasks), table),
        ];
        if !has_roster {
            files.push((roster, own(ROSTER)));
        }
        Self {
            folder: folder.to_owned(),
            files,
            id: id.to_owned(),
            has_roster,
        }
    }
}

/// The task table for another's roster, which does not have the units of the skeleton.
fn without_leads(tasks: &str) -> String {
    let lines = tasks.lines().map(|line| match line.starts_with("lead = ") {
        true => "lead = []                             # 在这里写名册里的牵头单位",
        false => line,
    });
    lines.map(|line| format!("{line}\n")).collect()
}
