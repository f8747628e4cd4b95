//! The page, taken apart.

use std::fs;

use crate::common::project;

/// What the page consists of, as far as it can be held to something.
pub enum Part {
    Block(Block),
    /// Rows of cells, the header first.
    Table(Vec<Vec<String>>),
    /// What the sheet asks for.
    Quote(String),
}

/// A block of TOML.
#[derive(Clone)]
pub struct Block {
    /// `government.toml：1②`; nothing for an example that stands in no file.
    pub source: Option<String>,
    pub toml: String,
}

pub fn page() -> String {
    fs::read_to_string(project("docs/rubric.md")).expect("a file of the project")
}

pub fn parts() -> Vec<Part> {
    let page = page();
    let mut lines = page.lines().peekable();
    let mut parts = Vec::new();
    while let Some(line) = lines.next() {
        if line == "```toml" {
            let first = lines.next().expect("a block has lines");
            let source = first.strip_prefix("# 取自 ").map(str::to_owned);
            assert!(
                source.is_some() || first == "# 例",
                "{first} names no source"
            );
            let body = lines.by_ref().take_while(|line| *line != "```");
            let toml = body.map(|line| line.to_owned() + "\n").collect();
            parts.push(Part::Block(Block { source, toml }));
        } else if line.starts_with('|') {
            let mut rows = vec![cells(line)];
            while let Some(line) = lines.next_if(|line| line.starts_with('|')) {
                rows.push(cells(line));
            }
            let rule = rows.remove(1);
            assert!(rule.iter().all(|cell| cell == "---"), "{rule:?}");
            parts.push(Part::Table(rows));
        } else if let Some(first) = line.strip_prefix("> ") {
            let mut quote = first.to_owned();
            while let Some(line) = lines.next_if(|line| line.starts_with("> ")) {
                quote = quote + "\n" + &line[2..];
            }
            parts.push(Part::Quote(quote));
        }
    }
    parts
}

fn cells(line: &str) -> Vec<String> {
    let inner = line.trim_matches('|').split('|');
    inner.map(|cell| cell.trim().to_owned()).collect()
}
