//! What a report rests on: the program, the rubrics and the files, each with its fingerprint.

/// What a report rests on, for 核验信息.
#[derive(Clone, Debug, Default)]
pub struct Basis {
    /// The program's version.
    pub version: String,
    /// The files of rubrics, tasks and roster in force, in order.
    pub rubrics: Vec<Fingerprint>,
    /// The files that were read, in order.
    pub files: Vec<Fingerprint>,
    /// The options in force, and what they mean.
    pub options: Vec<(String, String)>,
}

/// A file and what identifies its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// Its name, relative to the path that was given, with `/`.
    pub name: String,
    /// What it is: the rubric's id and version; empty for an input.
    pub about: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}
