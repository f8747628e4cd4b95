//! From paths to records: what all commands that read sheets have in common.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use anyhow::{Context as _, Result, bail};
use rayon::iter::{
    IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _,
};

use crate::check::records::{self, Checked, Options};
use crate::cli::args::Common;
use crate::cli::basis;
use crate::cli::progress::Progress;
use crate::cli::voice::Voice;
use crate::diagnostic::{self, Diagnostic, FileFault, Finding, Spot};
use crate::engine;
use crate::input::files::{self, Collected, FileEntry};
use crate::input::guard::guarded;
use crate::input::layout::{self, Found};
use crate::input::rubric_file::{self, RubricSource};
use crate::input::workbook::{Limits, Reader, Wanted};
use crate::location::Source;
use crate::model::catalog::Catalog;
use crate::model::grid::Workbook;
use crate::model::record::ClassRecords;
use crate::model::scorecard::ClassResult;
use crate::model::submission::Table;
use crate::output::report::verify;

/// Everything that a run knows of what was handed in.
pub(super) struct Gathered {
    /// The rubrics in force.
    pub catalog: Catalog,
    /// How many files there are, with the paths that are not there.
    pub files: usize,
    /// The files, in their order.
    pub inputs: Vec<Input>,
    /// What is wrong, in the order of print.
    pub diagnostics: Vec<Diagnostic>,
    /// The results, class by class.
    pub results: Vec<ClassResult>,
    reader: Reader,
}

impl Gathered {
    /// The sheets of a file in which something is wrong, read once more: few files are, and the
    /// sheets of all of them would fill the memory.
    pub(super) fn sheets_of(&self, order: u32) -> Option<Workbook> {
        let entry = &self.input(order)?.entry;
        self.reader.read(entry, |_| (), |_, workbook| workbook).ok()
    }

    /// The same with no more than some rows of it, from zero; `None` also where that takes long.
    pub(super) fn rows_of(&self, order: u32, rows: BTreeSet<u32>) -> Option<Workbook> {
        let Input { entry, again, .. } = self.input(order)?;
        let wanted = Wanted {
            rows,
            ascending: again.as_ref()?.ascending,
        };
        self.reader.read_rows(entry, &wanted).ok()
    }

    fn input(&self, order: u32) -> Option<&Input> {
        let inputs = &self.inputs;
        let index = inputs.binary_search_by_key(&order, |input| input.order);
        Some(&inputs[index.ok()?])
    }

    /// Whether `path`, which is to be written, is none of the sheets that were read: those are
    /// never overwritten, whatever was forced.
    pub(super) fn is_no_input(&self, path: &Path) -> Result<()> {
        let Ok(path) = path.canonicalize() else {
            return Ok(());
        };
        let same = |input: &&Input| {
            input
                .entry
                .path
                .canonicalize()
                .is_ok_and(|input| input == path)
        };
        match self.inputs.iter().find(same) {
            Some(input) => bail!("{} 是收到的表，不能盖掉它，请换一个地方", input.entry.name),
            None => Ok(()),
        }
    }
}

/// A file that was handed in.
pub(super) struct Input {
    /// Its name and where it lies.
    pub entry: FileEntry,
    /// Which of the files it is: what [`Source::order`] says.
    pub order: u32,
    /// The SHA-256 of its bytes; `None` where they cannot be read, or nobody asked.
    pub sha256: Option<String>,
    /// How to look at rows of it once more.
    again: Option<Again>,
}

/// How to look at rows of a file once more.
struct Again {
    /// Whether its sheets hold them top to bottom.
    ascending: bool,
}

impl Again {
    /// `None` where that takes too long: files that are gone through as a whole, and take their time.
    fn of(workbook: &Workbook) -> Option<Self> {
        let in_part = workbook.here && workbook.is_ascending();
        (in_part || workbook.quick).then(|| Self {
            ascending: workbook.is_ascending(),
        })
    }
}

/// Reads the rubrics in force.
pub(super) fn catalog(common: &Common, voice: &Voice) -> Result<Catalog> {
    let sources = match &common.rubrics {
        Some(folder) => rubric_file::from_dir(folder)
            .with_context(|| format!("读不了细则文件夹 {}", folder.display()))?,
        None => rubric_file::embedded(),
    };
    catalog_of(&sources, voice)
}

/// Reads rubrics from `sources`.
pub(super) fn catalog_of(sources: &[RubricSource], voice: &Voice) -> Result<Catalog> {
    rubric_file::read(sources).or_else(|problems| {
        voice.say_problems(&problems, sources);
        bail!("细则有 {} 处错误，改好再用", problems.len())
    })
}

/// Reads and checks everything under `paths`, and scores what can be scored.
pub(super) fn gather(
    common: &Common,
    paths: &[PathBuf],
    options: &Options,
    voice: &Voice,
) -> Result<Gathered> {
    gather_with(common, paths, options, false, voice)
}

/// The same for the whole year, the fingerprint of every file taken from the bytes that are read.
pub(super) fn gather_with_fingerprints(
    common: &Common,
    paths: &[PathBuf],
    voice: &Voice,
) -> Result<Gathered> {
    gather_with(common, paths, &Options::default(), true, voice)
}

/// The tables found in everything under `paths`, to be held to more than one version of the
/// rubrics, and what is wrong with the files themselves.
pub(super) fn tables(
    common: &Common,
    paths: &[PathBuf],
    voice: &Voice,
) -> Result<(Vec<Table>, Vec<Diagnostic>)> {
    let reader = Reader::new(Limits::times(common.limit));
    let handed_in = hand_in(&reader, paths, false, voice)?;
    Ok((handed_in.tables, handed_in.diagnostics))
}

/// Reads every file under `paths`.
fn hand_in(
    reader: &Reader,
    paths: &[PathBuf],
    fingerprints: bool,
    voice: &Voice,
) -> Result<HandedIn> {
    let collected = files::collect(paths);
    for (name, why) in &collected.skipped {
        voice.tell(&format!("跳过 {name}：{}", why.reason()));
    }
    if !collected.skipped.is_empty() {
        voice.tell(&format!("一共跳过 {} 个文件", collected.skipped.len()));
    }
    if let Some(folder) = collected.without_spreadsheet.first() {
        bail!("{folder} 里没有表格文件（.xlsx .xls .et .ods .csv 等）");
    }
    let Collected {
        files, problems, ..
    } = collected;
    let mut handed_in = HandedIn::default();
    let mut order = 0..;
    let read = read_all(reader, &files, fingerprints, voice);
    for ((entry, file), order) in files.into_iter().zip(read).zip(&mut order) {
        handed_in.take(order, entry, file, voice);
    }
    for ((name, fault), order) in problems.into_iter().zip(&mut order) {
        handed_in.refuse(&name, order, fault, voice);
    }
    if handed_in.files == 0 {
        bail!("没有可以检查的表：给的是 kaohe 生成的排名工作簿");
    }
    Ok(handed_in)
}

fn gather_with(
    common: &Common,
    paths: &[PathBuf],
    options: &Options,
    fingerprints: bool,
    voice: &Voice,
) -> Result<Gathered> {
    let catalog = catalog(common, voice)?;
    let reader = Reader::new(Limits::times(common.limit));
    let HandedIn {
        files,
        inputs,
        tables,
        mut diagnostics,
    } = hand_in(&reader, paths, fingerprints, voice)?;
    let Checked {
        diagnostics: in_tables,
        classes,
    } = records::check(&catalog, &tables, options);
    diagnostics.extend(in_tables);
    diagnostic::sort(&mut diagnostics);
    let classes = classes.into_iter();
    let score = |class: ClassRecords| engine::score_class(&catalog.rubrics[class.rubric], class);
    // Giving the memory of all tables back can take longer than what is left to do: nobody waits.
    // Where there is no thread for it, it is given back here.
    drop(thread::Builder::new().spawn(|| drop(tables)));
    let results = classes.map(score).collect();
    Ok(Gathered {
        catalog,
        reader,
        files,
        inputs,
        diagnostics,
        results,
    })
}

/// What came of one file.
struct FileRead {
    sha256: Option<String>,
    again: Option<Again>,
    content: Content,
}

/// What a file held.
enum Content {
    Tables(Found),
    /// A report of this program, which is no input.
    Report,
    Unreadable(FileFault),
}

/// Reads every file once, as many at a time as there are processors; what came of each, in the
/// order of the files. Of a workbook nothing is kept but its tables.
fn read_all(
    reader: &Reader,
    files: &[FileEntry],
    fingerprints: bool,
    voice: &Voice,
) -> Vec<FileRead> {
    let progress = Progress::of(files.len(), voice);
    let read = |(order, entry): (usize, &FileEntry)| {
        let look = |bytes: &[u8]| fingerprints.then(|| basis::sha256(bytes));
        let then =
            |sha256: Option<Option<String>>, workbook: Result<Workbook, FileFault>| FileRead {
                sha256: sha256.flatten(),
                again: workbook.as_ref().ok().and_then(Again::of),
                content: match workbook {
                    Err(fault) => Content::Unreadable(fault),
                    Ok(workbook) if verify::is_report(&workbook) => Content::Report,
                    Ok(workbook) => {
                        let order = u32::try_from(order).unwrap_or(u32::MAX);
                        match guarded(|| layout::find(workbook, order, reader.limits())) {
                            Ok(found) => Content::Tables(found),
                            Err(fault) => Content::Unreadable(fault),
                        }
                    }
                },
            };
        let file = reader.read(entry, look, then);
        progress.one_more();
        file
    };
    let read = files.par_iter().enumerate().map(read).collect();
    progress.end();
    read
}

/// What was handed in, file by file.
#[derive(Default)]
struct HandedIn {
    files: usize,
    inputs: Vec<Input>,
    tables: Vec<Table>,
    diagnostics: Vec<Diagnostic>,
}

impl HandedIn {
    /// Adds a file of the run.
    fn take(&mut self, order: u32, entry: FileEntry, file: FileRead, voice: &Voice) {
        match file.content {
            Content::Report => {
                voice.say(&format!("跳过 {}：这是 kaohe 生成的排名工作簿", entry.name));
                return;
            }
            Content::Unreadable(fault) => self.refuse(&entry.name, order, fault, voice),
            Content::Tables(found) => {
                self.files += 1;
                let count = found.tables.len();
                voice.tell(&format!("读了 {}：{count} 张表", entry.name));
                self.tables.extend(found.tables);
                self.diagnostics.extend(found.diagnostics);
            }
        }
        self.inputs.push(Input {
            entry,
            order,
            sha256: file.sha256,
            again: file.again,
        });
    }

    /// Adds a file, or a path, that cannot be read; the rest goes on.
    fn refuse(&mut self, file: &Arc<str>, order: u32, fault: FileFault, voice: &Voice) {
        self.files += 1;
        if let Some(detail) = fault.detail() {
            voice.tell(&format!("{file} 读到出错的地方：{detail}"));
        }
        let source = Source {
            file: Arc::clone(file),
            sheet: None,
            order: (order, 0),
        };
        let finding = Finding::File(fault);
        self.diagnostics
            .push(Diagnostic::new(Spot::File(source), finding));
    }
}
