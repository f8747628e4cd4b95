//! Rubrics, task table and roster: whatever they say, they are a catalog, or a list of problems
//! that can be shown. The files stand one behind the other with a zero byte between.
#![no_main]

use kaohe::input::rubric_file::{self, RubricSource};
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 4] = ["river.toml", "roster.toml", "tasks.toml", "lake.toml"];

fuzz_target!(|text: &str| {
    let parts = text.split('\0').zip(NAMES);
    let sources: Vec<RubricSource> = parts
        .map(|(text, name)| RubricSource {
            name: name.to_owned(),
            text: text.into(),
        })
        .collect();
    if let Err(problems) = rubric_file::read(&sources) {
        assert!(!problems.is_empty(), "a refusal says why");
        for problem in &problems {
            assert!(!problem.render(&sources, false).is_empty());
        }
    }
});
