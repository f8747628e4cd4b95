//! Names made of what a person wrote: for files, never a path and good on every system; for
//! sheets of a workbook, as Excel takes them. Each name is given once.

use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};

use anyhow::{Result, bail};
use unicode_normalization::UnicodeNormalization;

use crate::text::is_hidden;

/// Whether a path promises a table or a document of another kind than the workbooks that are
/// written: Excel would not open the one under the name of the other.
pub fn is_of_another_kind(path: &Path) -> bool {
    const OTHERS: [&str; 12] = [
        "xls", "xlsm", "xlsb", "et", "ods", "csv", "tsv", "txt", "pdf", "doc", "docx", "html",
    ];
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| {
        OTHERS
            .iter()
            .any(|other| ending.eq_ignore_ascii_case(other))
    })
}

/// The longest name of a file, in characters and in bytes of UTF-8: people read the one, file
/// systems count the other.
const LONGEST_FILE: usize = 80;
const MOST_BYTES: usize = 240;

/// The longest name of a sheet, in UTF-16 units.
const LONGEST_SHEET: usize = 31;

/// What Windows keeps for devices, with or without an ending.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// The same, with a number behind.
const PORTS: [&str; 2] = ["com", "lpt"];

/// The names given so far to the files of one folder.
#[derive(Debug, Default)]
pub struct FileNames(HashSet<String>);

impl FileNames {
    /// A name like `stem` + `ending` that no file has yet, upper and lower case counted as the
    /// same; the second of two gets a number. The stem may be any text, the ending is ours.
    pub fn unique(&mut self, stem: &str, ending: &str) -> String {
        let mut name = file(stem, ending);
        let mut number = 2;
        while !self.0.insert(name.to_lowercase()) {
            name = file(stem, &format!("-{number}{ending}"));
            number += 1;
        }
        name
    }
}

/// One component of a path that every system takes: no separators, no character that is refused
/// or cannot be seen, nothing hidden, no device of Windows, not too long; `stem` is cut to make
/// room for `ending`.
pub fn file(stem: &str, ending: &str) -> String {
    let refused = |c: char| is_hidden(c) || r#"/\:*?"<>|"#.contains(c);
    let clean: String = stem
        .nfc()
        .map(|c| if refused(c) { '_' } else { c })
        .collect();
    let mut clean = clean.trim().to_owned();
    // `.x` is hidden, `~$x` a lock of Office, `-x` an option of many programs.
    if clean.starts_with(['.', '~', '-']) {
        clean.replace_range(..1, "_");
    }
    let clean = clean.trim_end_matches(['.', ' ']);
    if clean.is_empty() || is_device(clean) {
        return file(&format!("_{clean}"), ending);
    }
    let characters = LONGEST_FILE.saturating_sub(ending.chars().count());
    let bytes = MOST_BYTES.saturating_sub(ending.len());
    let mut cut: String = clean.chars().take(characters).collect();
    while cut.len() > bytes {
        cut.pop();
    }
    format!("{}{ending}", cut.trim_end_matches(['.', ' ']))
}

/// Whether Windows takes a name for a device: `NUL`, `nul.txt`, `COM1`, also with `¹`.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let stem = stem.trim_end().to_lowercase();
    let is_number = |text: &str| {
        let mut rest = text.chars();
        matches!(rest.next(), Some('0'..='9' | '¹' | '²' | '³')) && rest.next().is_none()
    };
    let mut ports = PORTS.iter().filter_map(|port| stem.strip_prefix(port));
    DEVICES.contains(&stem.as_str()) || ports.any(is_number)
}

/// The place of the file `name` in `folder`, and in no other.
///
/// # Errors
///
/// When `name` is more than the name of a file.
pub fn within(folder: &Path, name: &str) -> Result<PathBuf> {
    let mut components = Path::new(name).components();
    match (components.next(), components.next()) {
        (Some(Component::Normal(only)), None) if only == name => Ok(folder.join(name)),
        _ => bail!("“{name}”不能作文件名"),
    }
}

/// The names given so far to the sheets of one workbook.
#[derive(Debug, Default)]
pub struct SheetNames(HashSet<String>);

impl SheetNames {
    /// A name like `wanted` that no sheet has yet, as Excel takes it: no characters that are
    /// not allowed, not too long, not the reserved `History`, upper and lower case counted as
    /// the same.
    pub fn unique(&mut self, wanted: &str) -> String {
        let allowed = |c: char| match c {
            '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'' => '_',
            c if is_hidden(c) => '_',
            c => c,
        };
        let clean: String = wanted.trim().chars().map(allowed).collect();
        let clean = match clean.to_lowercase().as_str() {
            "" | "history" => format!("表{clean}"),
            _ => clean,
        };
        let mut name = cut(&clean, LONGEST_SHEET);
        let mut number = 2;
        while !self.0.insert(name.to_lowercase()) {
            let suffix = format!(" {number}");
            name = cut(&clean, LONGEST_SHEET - suffix.len()) + &suffix;
            number += 1;
        }
        name
    }
}

/// The first characters of `text` that fit into `units` UTF-16 units.
pub fn cut(text: &str, units: usize) -> String {
    let mut used = 0;
    let fits = |c: &char| {
        used += c.len_utf16();
        used <= units
    };
    text.chars().take_while(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name with the ending `.xlsx`, without it.
    fn stem(text: &str) -> String {
        let name = file(text, ".xlsx");
        name.strip_suffix(".xlsx").expect("the ending").to_owned()
    }

    #[test]
    fn a_text_names_a_file_and_nothing_else() {
        for (text, name) in [
            ("武陵区", "武陵区"),
            ("市直（A组） 1、2", "市直（A组） 1、2"),
            ("../../etc/passwd", "_._.._etc_passwd"),
            ("/abs", "_abs"),
            (r"C:\Windows\x", "C__Windows_x"),
            (r"\\host\share", "__host_share"),
            ("a:stream", "a_stream"),
            ("CON", "_CON"),
            ("nul.txt", "_nul.txt"),
            ("Com1", "_Com1"),
            ("LPT².x", "_LPT².x"),
            ("com12", "com12"),
            ("contact", "contact"),
            ("尾点. . ", "尾点"),
            (".hidden", "_hidden"),
            ("~$lock", "_$lock"),
            ("-rf", "_rf"),
            ("", "_"),
            ("...", "_"),
            ("\u{202e}exe.\u{200b}x\u{1b}[2J\n", "_exe._x_[2J_"),
        ] {
            assert_eq!(stem(text), name, "{text:?}");
        }
    }

    #[test]
    fn names_are_cut_before_their_ending() {
        // 80 characters with the ending: 75 are left for the stem.
        assert_eq!(stem(&"长".repeat(300)), "长".repeat(75));
        // 240 bytes with the ending: 235 are left, 58 characters of four bytes.
        assert_eq!(stem(&"𬱖".repeat(300)), "𬱖".repeat(58));
        let dots = "点".repeat(74) + "..";
        assert_eq!(stem(&format!("{dots}x")), "点".repeat(74));
    }

    #[test]
    fn two_spellings_of_a_name_are_two_files() {
        let mut names = FileNames::default();
        assert_eq!(names.unique("Café", "-a.xlsx"), "Café-a.xlsx");
        assert_eq!(names.unique("CAFE\u{301}", "-a.xlsx"), "CAFÉ-2-a.xlsx");
        assert_eq!(names.unique("A/B", ".xlsx"), "A_B.xlsx");
        assert_eq!(names.unique("a_b", ".xlsx"), "a_b-2.xlsx");
        assert_eq!(names.unique("A:b", ".xlsx"), "A_b-3.xlsx");
        let long = "长".repeat(100);
        assert_eq!(names.unique(&long, ".xlsx"), "长".repeat(75) + ".xlsx");
        assert_eq!(names.unique(&long, ".xlsx"), "长".repeat(73) + "-2.xlsx");
    }

    #[test]
    fn a_file_lies_in_its_folder() {
        let folder = Path::new("表");
        assert_eq!(within(folder, "a.xlsx").ok(), Some(folder.join("a.xlsx")));
        for outside in ["..", ".", "", "a/b", "/a", "a/", "./a", "a/../b"] {
            assert!(within(folder, outside).is_err(), "{outside}");
        }
    }

    #[test]
    fn sheets_have_names_as_excel_takes_them() {
        let mut names = SheetNames::default();
        assert_eq!(names.unique("a/b'[c]"), "a_b__c_");
        assert_eq!(names.unique("A/B'[C]"), "A_B__C_ 2");
        assert_eq!(names.unique(&"长".repeat(40)), "长".repeat(31));
        assert_eq!(names.unique(&"长".repeat(40)), "长".repeat(29) + " 2");
        // Two UTF-16 units each: 15 fit into 31.
        assert_eq!(names.unique(&"𬱖".repeat(40)), "𬱖".repeat(15));
        assert_eq!(names.unique("History"), "表History");
        assert_eq!(names.unique(" "), "表");
        assert_eq!(names.unique(""), "表 2");
        assert_eq!(names.unique("'x'"), "_x_");
        assert_eq!(names.unique("x\u{1b}\u{202e}y"), "x__y");
    }
}
