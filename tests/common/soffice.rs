//! LibreOffice, as a second program that opens, calculates and saves workbooks.
//!
//! Without `soffice` on the PATH the tests that need it say so and pass, unless
//! `KAOHE_REQUIRE_LIBREOFFICE` is set.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Makes LibreOffice calculate every formula when it opens a file; else it believes the results
/// that are stored, and a test would prove nothing.
const ALWAYS_CALCULATE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"#;

/// Whether LibreOffice is there; says so if it is not.
pub fn is_there() -> bool {
    let found = Command::new("soffice").arg("--version").output().is_ok();
    let required = std::env::var_os("KAOHE_REQUIRE_LIBREOFFICE").is_some();
    assert!(found || !required, "soffice is not on the PATH");
    if !found {
        println!("skipped: soffice is not on the PATH");
    }
    found
}

/// Has LibreOffice open and calculate `files` and save them as `format` into `into`; its own
/// settings lie in `folder`. Returns the saved files, in the same order.
pub fn convert(folder: &Path, files: &[PathBuf], format: &str, into: &Path) -> Vec<PathBuf> {
    let profile = folder.join("profile/user");
    fs::create_dir_all(&profile).expect("a folder of the test");
    fs::write(profile.join("registrymodifications.xcu"), ALWAYS_CALCULATE).expect("its profile");
    let profile = format!(
        "-env:UserInstallation=file://{}",
        folder.join("profile").display()
    );
    let output = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", format, "--outdir"])
        .arg(into)
        .args(files)
        .output()
        .expect("soffice runs");
    assert!(output.status.success(), "{output:?}");
    let saved = |file: &PathBuf| {
        let name = file.file_name().expect("a file");
        into.join(name).with_extension(format)
    };
    files.iter().map(saved).collect()
}
