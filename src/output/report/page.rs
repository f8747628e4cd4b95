//! Names of sheets that every spreadsheet program accepts.

/// The names given so far in one workbook.
#[derive(Default)]
pub(super) struct Names(Vec<String>);

/// The longest name of a sheet, in UTF-16 units.
const LONGEST: usize = 31;

impl Names {
    /// A name like `wanted` that no sheet has yet: no characters that are not allowed, no
    /// longer than allowed, upper and lower case counted as the same.
    pub fn unique(&mut self, wanted: &str) -> String {
        let allowed = |c: char| match c {
            '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'' => '_',
            c if c.is_control() => '_',
            c => c,
        };
        let clean: String = wanted.trim().chars().map(allowed).collect();
        let mut name = cut(&clean, LONGEST);
        let mut number = 2;
        while name.is_empty() || self.0.contains(&name.to_lowercase()) {
            let suffix = format!(" {number}");
            name = cut(&clean, LONGEST - suffix.len()) + &suffix;
            number += 1;
        }
        self.0.push(name.to_lowercase());
        name
    }
}

/// The first characters of `text` that fit into `units` UTF-16 units.
fn cut(text: &str, units: usize) -> String {
    let mut used = 0;
    let fits = |c: &char| {
        used += c.len_utf16();
        used <= units
    };
    text.chars().take_while(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn names_are_allowed_short_and_unique() {
        let mut names = Names::default();
        assert_eq!(names.unique("a/b'[c]"), "a_b__c_");
        assert_eq!(names.unique("A/B'[C]"), "A_B__C_ 2");
        assert_eq!(names.unique(&"长".repeat(40)), "长".repeat(31));
        assert_eq!(names.unique(&"长".repeat(40)), "长".repeat(29) + " 2");
    }
}
