//! Self-tests as written: the shape of `rubrics/<id>.test.toml`.

use toml::de::DeTable;

use super::RubricProblem;
use super::RubricSource;
use super::problem::Problems;
use super::shape::{Condition, When};
use super::syntax;
use super::table::Table;
use super::take::{Seen, both};
use super::value;
use crate::model::draft::{Reported, Tables};
use crate::model::trial::{Case, Expectation, Given, Sheet, Sheets, Subject, TrialFile};

/// Reads a file of self-tests.
///
/// # Errors
///
/// Everything that is wrong with it, by place.
pub fn read_trials(source: &RubricSource) -> Result<TrialFile, Vec<RubricProblem>> {
    let problems = Problems::default();
    let sources = std::slice::from_ref(source);
    let file = problems.file(sources, 0);
    let read = syntax::heal(file).and_then(|healed| {
        let (tree, _) = DeTable::parse_recoverable(&healed.text);
        Table::root(file, tree.get_ref(), &healed.set_aside, trial_file)
    });
    let problems = problems.into_sorted();
    match read {
        Ok(read) if problems.is_empty() => Ok(read),
        _ => Err(problems),
    }
}

/// Reads a file of cases.
pub(super) fn trial_file(table: &mut Table) -> Result<TrialFile, Reported> {
    let rubric = table.required("rubric", value::ID);
    let mut names = Seen::new("duplicate-case", "情形");
    let cases = table.tables("case", case);
    let note = table.optional_text("note");
    for case in cases.iter().flatten().flatten() {
        names.check(table.file, case.name.value.clone(), &case.name)?;
    }
    let (cases, _) = both(flat(cases), note)?;
    Ok(TrialFile {
        rubric: rubric?,
        cases,
    })
}

fn case(table: &mut Table) -> Result<Case, Reported> {
    const OF_ONE: &[&str] = &["given", "period", "sheets", "expect"];
    table.holds(|| Condition::new(When::Has("unit"), &[], OF_ONE));
    table.holds(|| Condition::new(When::Lacks(&["unit"]), &["expect"], &[]));
    table.holds(|| Condition::new(When::Lacks(&["unit", "sheets"]), &["given"], &[]));
    let name = table.text("name");
    let note = table.optional_text("note");
    let several = table.place("unit").is_some();
    let units = table.optional_tables("unit", named_subject);
    let subjects = if several {
        some(table, "unit", flat(units))
    } else {
        subject(table).map(|subject| vec![subject])
    };
    let ((name, subjects), _) = both(both(name, subjects), note)?;
    Ok(Case { name, subjects })
}

fn named_subject(table: &mut Table) -> Result<Subject, Reported> {
    table.holds(|| Condition::new(When::Always, &["expect"], &[]));
    table.holds(|| Condition::new(When::Lacks(&["sheets"]), &["given"], &[]));
    let name = table.text("name");
    let (name, subject) = both(name, subject(table))?;
    Ok(Subject {
        name: Some(name),
        ..subject
    })
}

fn subject(table: &mut Table) -> Result<Subject, Reported> {
    table.holds(|| Condition::new(When::Has("sheets"), &[], &["given", "period"]));
    let several = table.place("sheets").is_some();
    let each = table.optional_tables("sheets", sheet);
    let sheets = if several {
        some(table, "sheets", flat(each)).map(Sheets::Each)
    } else {
        alike(table)
    };
    let expects = match table.values_by_name("expect", value::ARITHMETIC) {
        Ok(expects) => some(
            table,
            "expect",
            Ok(expects.map_or(Vec::new(), |all| all.value)),
        ),
        Err(reported) => Err(reported),
    };
    let (sheets, expects) = both(sheets, expects)?;
    let expectation = |(key, value)| Expectation { key, value };
    Ok(Subject {
        name: None,
        sheets,
        expects: expects.into_iter().map(expectation).collect(),
    })
}

/// The entries of `key`, of which there must be some.
fn some<T>(
    table: &Table,
    key: &'static str,
    entries: Result<Vec<T>, Reported>,
) -> Result<Vec<T>, Reported> {
    match entries {
        Ok(entries) if entries.is_empty() => Err(table.missing(key)),
        entries => entries,
    }
}

fn alike(table: &mut Table) -> Result<Sheets, Reported> {
    let period = table.optional_text("period");
    let (period, given) = both(period, given(table))?;
    Ok(Sheets::Alike { period, given })
}

fn sheet(table: &mut Table) -> Result<Sheet, Reported> {
    table.holds(|| Condition::new(When::Always, &["given"], &[]));
    let period = table.text("period");
    let round = table.optional("round", value::ROUND);
    let given = given(table);
    let ((period, round), given) = both(both(period, round), given)?;
    Ok(Sheet {
        period,
        round: round.map_or(1, |round| round.value),
        given,
    })
}

fn given(table: &mut Table) -> Result<Given, Reported> {
    let given = table.values_by_name("given", value::WRITTEN)?;
    let given = given.ok_or_else(|| table.missing("given"))?;
    Ok(given.value)
}

/// The tables, every one of which could be read.
fn flat<T>(tables: Tables<Result<T, Reported>>) -> Result<Vec<T>, Reported> {
    tables?.into_iter().collect()
}
