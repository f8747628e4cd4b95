//! The layers of the house: a file imports only from layers below its own.

use std::fs;
use std::path::{Path, PathBuf};

/// The layer of each module at the top of the library, from below. Modules of one layer do not
/// see each other, but for the leaves and the model, which lean on themselves.
const LAYERS: &[(&str, u32)] = &[
    ("text", 0),
    ("hash", 0),
    ("decimal", 0),
    ("location", 0),
    ("arithmetic", 0),
    ("diagnostic", 1),
    ("model", 1),
    ("engine", 2),
    ("check", 2),
    ("input", 3),
    ("output", 3),
    ("cli", 4),
];

/// What files come in and go out as is no matter of how they are scored.
const FORBIDDEN: &[(&str, &str)] = &[("input", "engine"), ("input", "check"), ("output", "check")];

fn layer(module: &str) -> u32 {
    let found = LAYERS.iter().find(|(name, _)| *name == module);
    found
        .unwrap_or_else(|| panic!("{module} has no layer yet"))
        .1
}

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of the project") {
        let path = entry.expect("an entry of that folder").path();
        if path.is_dir() {
            sources(&path, into);
        } else {
            into.push(path);
        }
    }
}

#[test]
fn a_file_imports_only_from_layers_below_its_own() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut wrong = Vec::new();
    let mut imports = 0;
    for file in files {
        let inside = file.strip_prefix(&root).expect("a file below src");
        let module = inside.components().next().expect("a name");
        let module = module.as_os_str().to_string_lossy();
        let module = module.trim_end_matches(".rs");
        if matches!(module, "lib" | "main") {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a source file");
        for import in text.split("crate::").skip(1) {
            let name: String = import
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            imports += 1;
            let same = name == module;
            let both_model = layer(&name) == 1 && layer(module) == 1;
            let leaves = layer(&name) == 0;
            let below = layer(&name) < layer(module);
            let forbidden = FORBIDDEN.contains(&(module, name.as_str()));
            if forbidden || !(same || both_model || leaves || below) {
                wrong.push(format!("{} imports {name}", inside.display()));
            }
        }
    }
    assert!(imports > 100, "the imports were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
