//! `kaohe generate WHAT`: completions for shells, and the manual page, from the arguments as
//! they are. Hidden from the help: packages carry the results.

use std::io::{self, Write};

use anyhow::Result;
use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::cli::Outcome;
use crate::cli::args::{Cli, Generate, Generated};
use crate::cli::voice::Voice;

/// The headings that the manual page gets in English, and ours.
const HEADINGS: [(&str, &str); 4] = [
    (".SH NAME", ".SH 名称"),
    (".SH SYNOPSIS", ".SH 用法"),
    (".SH DESCRIPTION", ".SH 说明"),
    // Its lines are lines.
    (".SH EXTRA", ".SH 其他\n.nf"),
];

pub(super) fn run(args: &Generate, voice: &Voice) -> Result<Outcome> {
    let text = match args.what {
        Generated::Bash => completions(Shell::Bash),
        Generated::Zsh => completions(Shell::Zsh),
        Generated::Fish => completions(Shell::Fish),
        Generated::Powershell => completions(Shell::PowerShell),
        Generated::Elvish => completions(Shell::Elvish),
        Generated::Man => manual()?,
    };
    let mut out = voice.data();
    out.write_all(&text)?;
    out.flush()?;
    Ok(Outcome::Clean)
}

fn completions(shell: Shell) -> Vec<u8> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "kaohe", &mut text);
    text
}

/// One page: the program, then each command with its own options.
fn manual() -> io::Result<Vec<u8>> {
    let program = Cli::command();
    let man = Man::new(program.clone());
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    // Chinese has no spaces to stretch.
    writeln!(page, ".ad l")?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    for command in shown(&program) {
        section(program.get_name(), command, &mut page)?;
    }
    man.render_extra_section(&mut page)?;
    let page = String::from_utf8_lossy(&page).into_owned();
    let translated = |page: String, &(theirs, ours): &(&str, &str)| page.replace(theirs, ours);
    Ok(HEADINGS.iter().fold(page, translated).into_bytes())
}

/// The commands that the help names.
fn shown(command: &clap::Command) -> impl Iterator<Item = &clap::Command> {
    command
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
}

/// One command and those below it.
fn section(above: &str, command: &clap::Command, page: &mut Vec<u8>) -> io::Result<()> {
    let name = format!("{above} {}", command.get_name());
    writeln!(page, ".SH {name}")?;
    if let Some(about) = command.get_about() {
        writeln!(page, "{about}")?;
    }
    // The help flag is among the program's own options.
    let man = Man::new(command.clone().disable_help_flag(true));
    let mut inner = Vec::new();
    man.render_synopsis_section(&mut inner)?;
    man.render_options_section(&mut inner)?;
    let inner = String::from_utf8_lossy(&inner).replace(".SH ", ".SS ");
    write!(page, "{}", inner.replace(".SS SYNOPSIS", ".SS 用法"))?;
    for below in shown(command) {
        section(&name, below, page)?;
    }
    Ok(())
}
