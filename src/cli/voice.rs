//! What the program says: results on stdout, everything else on stderr.

use std::io::{self, BufWriter, IsTerminal, Stdout, StdoutLock, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::AnsiColor;

use crate::cli::args::{Color, Common};
use crate::cli::screen::Screen;
use crate::diagnostic::{MOST_SHOWN, RubricProblem, RubricSource, not_shown};
use crate::text::shown;

/// Where results go.
pub(super) type Results = BufWriter<AutoStream<StdoutLock<'static>>>;

/// How much of a line is said of an error: an argument may be a whole book.
const MOST_SAID: usize = 2_000;

/// How much is said, and in colour or not.
pub(super) struct Voice {
    choice: ColorChoice,
    quiet: bool,
    verbose: bool,
}

impl Voice {
    pub(super) fn new(common: &Common) -> Self {
        Self {
            choice: match common.color {
                Color::Auto => ColorChoice::Auto,
                Color::Always => ColorChoice::Always,
                Color::Never => ColorChoice::Never,
            },
            quiet: common.quiet,
            verbose: common.verbose,
        }
    }

    /// Where a result for people goes.
    pub(super) fn stdout(&self) -> Screen<Results> {
        Screen::for_people(self.results())
    }

    /// Where a result for machines goes.
    pub(super) fn data(&self) -> Screen<Results> {
        Screen::for_machines(self.results())
    }

    fn results(&self) -> Results {
        let stdout = io::stdout();
        let choice = self.choice(&stdout);
        BufWriter::new(AutoStream::new(stdout.lock(), choice))
    }

    /// Where everything else goes.
    pub(super) fn stderr(&self) -> impl Write {
        let choice = match self.choice {
            ColorChoice::Auto => AutoStream::choice(&io::stderr()),
            choice => choice,
        };
        Screen::for_people(AutoStream::new(io::stderr().lock(), choice))
    }

    fn choice(&self, stdout: &Stdout) -> ColorChoice {
        match self.choice {
            ColorChoice::Auto => AutoStream::choice(stdout),
            choice => choice,
        }
    }

    /// Columns of the terminal that results go to; `None` where they go to a file or a pipe.
    pub(super) fn width_of_stdout(&self) -> Option<usize> {
        io::stdout().is_terminal().then(width).flatten()
    }

    /// Columns of the terminal on stderr.
    pub(super) fn width_of_stderr(&self) -> Option<usize> {
        io::stderr().is_terminal().then(width).flatten()
    }

    /// A line of talk, unless that is not wanted.
    pub(super) fn say(&self, line: &str) {
        if !self.quiet {
            // When stderr is gone there is nobody left to tell.
            let _ = writeln!(self.stderr(), "{line}");
        }
    }

    /// What is wrong in rubric files, unless that is not wanted; of very much the beginning.
    pub(super) fn say_problems(&self, problems: &[RubricProblem], sources: &[RubricSource]) {
        for problem in problems.iter().take(MOST_SHOWN) {
            self.say(&problem.render(sources, self.colors_stderr()));
        }
        if let Some(words) = not_shown(problems.len().saturating_sub(MOST_SHOWN)) {
            self.say(&words);
        }
    }

    /// A line for those who asked for more.
    pub(super) fn tell(&self, line: &str) {
        if self.verbose {
            self.say(line);
        }
    }

    /// Whether stdout shows colours.
    pub(super) fn colors_stdout(&self) -> bool {
        self.choice(&io::stdout()) != ColorChoice::Never
    }

    /// Whether stderr shows colours.
    pub(super) fn colors_stderr(&self) -> bool {
        let choice = match self.choice {
            ColorChoice::Auto => AutoStream::choice(&io::stderr()),
            choice => choice,
        };
        choice != ColorChoice::Never
    }

    /// Whether talk is wanted at all.
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Why the command could not do its work.
    pub(super) fn fail(&self, error: &anyhow::Error) {
        let red = AnsiColor::Red.on_default().bold();
        let full = |error: &io::Error| error.kind() == io::ErrorKind::StorageFull;
        if error
            .chain()
            .any(|cause| cause.downcast_ref().is_some_and(full))
        {
            let words = "输出写不下，磁盘满了；请腾出空间，或者写到别的盘，再做一遍";
            let _ = writeln!(self.stderr(), "{red}错误{red:#}：{words}");
            return;
        }
        // What was typed may be in it, colours and all.
        let chain: Vec<String> = error.chain().map(ToString::to_string).collect();
        let words = chain.join("：");
        let lines: Vec<String> = words.lines().map(|line| shown(line, MOST_SAID)).collect();
        let _ = writeln!(self.stderr(), "{red}错误{red:#}：{}", lines.join("\n"));
    }
}

/// Columns of the terminal, a little less than there are so that a full line never wraps.
fn width() -> Option<usize> {
    let (terminal_size::Width(columns), _) = terminal_size::terminal_size()?;
    Some(usize::from(columns).saturating_sub(1).max(20))
}
