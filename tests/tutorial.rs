//! `docs/tutorial.md` is followed, step by step: its files are written, its changes made, its
//! commands run; what they print is what the page shows.
//!
//! After a change that is meant, `UPDATE_TUTORIAL=1 cargo test --test tutorial` writes what they
//! print into the page.

mod common;

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use common::project;

/// A fenced block: its language and lines.
struct Block<'a> {
    language: &'a str,
    lines: Vec<&'a str>,
}

#[test]
fn the_tutorial_can_be_followed() {
    let path = project("docs/tutorial.md");
    let page = fs::read_to_string(&path).expect("a file of the project");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut followed = String::new();
    let mut commands = 0;
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        followed = followed + line + "\n";
        if let Some(names) = line.strip_prefix("<!-- 复制 ") {
            copy(folder.path(), names.trim_end_matches(" -->"));
        }
        let Some(language) = line.strip_prefix("```") else {
            continue;
        };
        let block = Block {
            language,
            lines: lines.by_ref().take_while(|line| *line != "```").collect(),
        };
        commands += follow(folder.path(), &block, &mut followed);
        followed += "```\n";
    }
    assert!(commands >= 5, "{commands} commands are few");
    if std::env::var_os("UPDATE_TUTORIAL").is_some() {
        fs::write(&path, &followed).expect("the page can be written");
    }
    let lines = page.lines().zip(followed.lines()).zip(1..);
    for ((shown, printed), line) in lines {
        assert_eq!(shown, printed, "line {line} of the page");
    }
    assert_eq!(page.lines().count(), followed.lines().count());
    // What the page works out by hand.
    for figure in ["95.50", "96.00"] {
        assert!(page.contains(figure), "{figure}");
    }
}

/// Does what a block says, and writes the block with what was printed.
fn follow(folder: &Path, block: &Block, into: &mut String) -> usize {
    let mut commands = 0;
    let written = |into: &mut String| {
        for line in &block.lines {
            *into = std::mem::take(into) + line + "\n";
        }
    };
    match block.language {
        "toml" | "csv" => {
            written(into);
            append(&place(folder, block), &block.lines[1..]);
        }
        "diff" => {
            written(into);
            change(&place(folder, block), &block.lines[1..]);
        }
        "console" => {
            for line in block.lines.iter().filter(|line| line.starts_with("$ ")) {
                if commands > 0 {
                    into.push('\n');
                }
                *into = std::mem::take(into) + line + "\n" + &run(folder, &line[2..]).1;
                commands += 1;
            }
        }
        // Shown, and run for its success alone.
        "sh" => {
            written(into);
            for line in &block.lines {
                let (done, said) = run(folder, line);
                assert!(done, "{line}: {said}");
            }
        }
        other => panic!("what is a block of {other}?"),
    }
    commands
}

/// The file that the first line of a block names.
fn place(folder: &Path, block: &Block) -> std::path::PathBuf {
    let name = block.lines[0].strip_prefix("# ");
    folder.join(name.expect("the first line names the file"))
}

/// Copies a folder of files: `old new`.
fn copy(folder: &Path, names: &str) {
    let (old, new) = names.split_once(' ').expect("two names");
    let new = folder.join(new);
    fs::create_dir(&new).expect("a new folder");
    for entry in fs::read_dir(folder.join(old)).expect("a folder of the test") {
        let entry = entry.expect("an entry of the folder");
        fs::copy(entry.path(), new.join(entry.file_name())).expect("a file of the test");
    }
}

fn append(path: &Path, lines: &[&str]) {
    fs::create_dir_all(path.parent().expect("a file in a folder")).expect("a new folder");
    let file = OpenOptions::new().create(true).append(true).open(path);
    let mut file = file.expect("a file of the test");
    for line in lines {
        writeln!(file, "{line}").expect("a file of the test");
    }
}

/// Replaces each line after − by the one after +.
fn change(path: &Path, lines: &[&str]) {
    let mut text = fs::read_to_string(path).expect("a file of the test");
    for pair in lines.chunks(2) {
        let (old, new) = (pair[0].strip_prefix('-'), pair[1].strip_prefix('+'));
        let (old, new) = (old.expect("the old line"), new.expect("the new line"));
        assert_eq!(text.matches(&format!("{old}\n")).count(), 1, "{old}");
        text = text.replace(&format!("{old}\n"), &format!("{new}\n"));
    }
    fs::write(path, text).expect("a file of the test");
}

/// Whether a command ends well, and what it prints, both of its streams as a terminal shows them.
fn run(folder: &Path, command: &str) -> (bool, String) {
    let words = command.strip_prefix("kaohe ").expect("a command of ours");
    let printed = folder.join(".printed");
    let file = File::create(&printed).expect("a file of the test");
    let status = Command::new(env!("CARGO_BIN_EXE_kaohe"))
        .args(words.split(' '))
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .stdout(Stdio::from(file.try_clone().expect("a handle")))
        .stderr(Stdio::from(file))
        .status();
    let status = status.expect("the program was built for this test");
    let said = fs::read_to_string(&printed).expect("UTF-8");
    (status.success(), said)
}
