//! Disks that are full, read-only or closed: a clear word, nothing half-written, nothing lost.
//! Each test mounts a small disk of its own, in name spaces of its own.
#![cfg(target_os = "linux")]

mod common;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use common::{catalog, clean, form, project, with};

/// Runs the program in name spaces of its own, after `before`, a line of shell with the folder
/// `disk` as `$1`. What the folder holds in the end, names and the old report, is on stdout, what
/// the program says on stderr.
fn run(space: &[&str], disk: &Path, before: &str, args: &[&str]) -> Output {
    let script = format!(
        "{before}\n\
         disk=$1; shift; set +e; \"$@\" >&2; status=$?\n\
         cat \"$disk/排名.xlsx\"; find \"$disk\" -mindepth 1 -printf '%P\\n' | sort; exit $status"
    );
    let output = Command::new("unshare")
        .args(space)
        .args(["sh", "-ec", &script, "sh"])
        .arg(disk)
        .args(args)
        .output();
    output.expect("unshare was there before")
}

const MOUNTS: [&str; 3] = ["--user", "--map-root-user", "--mount"];

/// Whether this system lets a test have name spaces of its own.
fn is_allowed() -> bool {
    let mut tried = Command::new("unshare");
    tried.args(MOUNTS);
    let mount = "d=$(mktemp -d); mount -t tmpfs none $d && umount $d && rmdir $d";
    let allowed = tried.args(["sh", "-ec", mount]).output();
    let allowed = allowed.is_ok_and(|tried| tried.status.success());
    if !allowed {
        eprintln!("passed without a try: this system lets no test mount a disk of its own");
    }
    allowed
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The commands that write: a report over an old one with a sheet for each unit, blank sheets,
/// marked copies.
fn commands(folder: &Path, disk: &Path) -> Vec<Vec<String>> {
    let catalog = catalog();
    let values = with(clean(&catalog.rubrics[0]), "1①", "-1", "");
    let sheet = folder.join("武陵区.csv");
    common::write_csv(&sheet, &form("武陵区", "平时考核", 1, &values));
    let text = |path: &Path| path.to_str().expect("UTF-8").to_owned();
    let on_disk = |name: &str| text(&disk.join(name));
    let (examples, sheet) = (text(&project("examples/2019")), text(&sheet));
    let (report, sheets) = (on_disk("排名.xlsx"), on_disk("反馈"));
    let (blanks, marked) = (on_disk("空白"), on_disk("退回/再退"));
    let program = env!("CARGO_BIN_EXE_kaohe");
    let commands: [&[&str]; 3] = [
        &[
            "report",
            &examples,
            "-o",
            &report,
            "--force",
            "--unit-sheets",
            &sheets,
        ],
        &["template", "-o", &blanks],
        &["validate", &sheet, "--annotate", &marked],
    ];
    let owned = |args: &[&str]| {
        [program]
            .iter()
            .chain(args)
            .map(|arg| (*arg).to_owned())
            .collect()
    };
    commands.into_iter().map(owned).collect()
}

/// Runs commands where `before` has been done; each says `word`, and the old report is as it was
/// and alone.
fn all_stays_as_it_was(space: &[&str], before: &str, word: &str, which: impl Fn(&str) -> bool) {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let disk = folder.path().join("盘");
    fs::create_dir(&disk).expect("a folder of the test");
    fs::write(disk.join("排名.xlsx"), "old").expect("a file of the test");
    fs::set_permissions(&disk, Permissions::from_mode(0o555)).expect("a folder of ours");
    let mut tried = 0;
    for args in commands(folder.path(), &disk) {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        if !which(args[1]) {
            continue;
        }
        tried += 1;
        let output = run(space, &disk, before, &args);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{before} {args:?}: {}",
            said(&output)
        );
        assert!(
            said(&output).contains(word),
            "{before} {args:?}: {}",
            said(&output)
        );
        let left = String::from_utf8_lossy(&output.stdout);
        assert_eq!(left, "old排名.xlsx\n", "{before} {args:?}");
    }
    assert!(tried > 0, "a command was tried");
    fs::set_permissions(&disk, Permissions::from_mode(0o755)).expect("a folder of ours");
}

/// A disk of this size, with the old report on it.
fn disk_of(size: &str) -> String {
    format!("mount -t tmpfs -o size={size} none \"$1\"; printf old > \"$1/排名.xlsx\"")
}

#[test]
fn a_disk_that_is_full_at_once() {
    if is_allowed() {
        all_stays_as_it_was(&MOUNTS, &disk_of("8k"), "磁盘满了", |_| true);
    }
}

#[test]
fn a_disk_that_is_full_after_some_of_the_files() {
    if is_allowed() {
        let writes_many = |command: &str| command != "validate";
        all_stays_as_it_was(&MOUNTS, &disk_of("400k"), "磁盘满了", writes_many);
    }
}

#[test]
fn a_disk_that_is_read_only() {
    if is_allowed() {
        let before = disk_of("1m") + "; mount -o remount,ro \"$1\"";
        all_stays_as_it_was(&MOUNTS, &before, "只读", |_| true);
    }
}

#[test]
fn a_folder_that_is_closed() {
    if is_allowed() {
        // Without a mapping even root is nobody, and must keep to the permissions.
        all_stays_as_it_was(&["--user"], "true", "没有权限", |_| true);
    }
}

#[test]
fn a_limit_on_the_size_of_a_file() {
    if is_allowed() {
        let before = "trap '' XFSZ; ulimit -f 8";
        all_stays_as_it_was(&MOUNTS, before, "这么大", |_| true);
    }
}
