//! Self-tests of a rubric: cases with given values and expected results, and what came of them.
//!
//! `input::rubric_file` reads the cases of `<id>.test.toml`; `check::trial` runs them.

use std::ops::Range;

use crate::arithmetic;
use crate::decimal::Decimal;
use crate::diagnostic::Finding;
use crate::model::draft::Placed;
use crate::model::rubric::RuleId;
use crate::model::submission::Written;

/// A file of cases.
#[derive(Clone, Debug)]
pub struct TrialFile {
    /// The id of the rubric that they test.
    pub rubric: Placed<String>,
    /// The cases, in the order of the file.
    pub cases: Vec<Case>,
}

/// One case: what is given, what is expected.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it shows, in words.
    pub name: Placed<String>,
    /// The units of it; one without a name where the case is about a single unit.
    pub subjects: Vec<Subject>,
}

/// One unit of a case.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Its name, where the case has several.
    pub name: Option<Placed<String>>,
    /// Its sheets.
    pub sheets: Sheets,
    /// What is expected of it.
    pub expects: Vec<Expectation>,
}

/// The sheets of a unit.
#[derive(Clone, Debug)]
pub enum Sheets {
    /// The same values in every period, or in the one that is named.
    Alike {
        /// The period, by id or name.
        period: Option<Placed<String>>,
        /// The values.
        given: Given,
    },
    /// Each by itself.
    Each(Vec<Sheet>),
}

/// One sheet.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The period, by id or name.
    pub period: Placed<String>,
    /// The round, from 1.
    pub round: u32,
    /// Its values.
    pub given: Given,
}

/// Values by 编号; a rule that is not named is without fault.
pub type Given = Vec<(Placed<String>, Placed<Written>)>;

/// One expectation: of what, and the arithmetic or word.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// 编号, `第3项`, `score`, a period, `total`, `rank`, `grade`.
    pub key: Placed<String>,
    /// What it should be.
    pub value: Placed<String>,
}

/// What came of a file of cases.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The rubric, by position in the catalog.
    pub rubric: usize,
    /// Each case, in the order of the file.
    pub verdicts: Vec<Verdict>,
    /// What no case shows.
    pub gaps: Vec<Gap>,
}

/// What came of one case.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// What it shows.
    pub name: Placed<String>,
    /// Everything that is not as expected; nothing where it passes.
    pub failures: Vec<Failure>,
}

/// One thing that is not as expected.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Where in the file of cases.
    pub span: Range<usize>,
    /// The unit, where the case has several.
    pub unit: Option<String>,
    /// What it is about, as written: `1①`, `score`.
    pub about: String,
    /// What is wrong.
    pub fault: TrialFault,
}

/// Why a case fails.
#[derive(Clone, Debug)]
pub enum TrialFault {
    /// The rubric has no such rule.
    UnknownRule,
    /// The rubric has no such period.
    UnknownPeriod {
        /// The names of those that there are.
        known: Vec<String>,
    },
    /// Nothing of that name can be expected.
    UnknownExpectation,
    /// Two sheets of one unit, period and round.
    SecondSheet,
    /// A round that the period does not have.
    UnknownRound {
        /// How many it has.
        rounds: usize,
    },
    /// A sheet that another unit of the case has.
    MissingSheet {
        /// The name of the period.
        period: String,
        /// The round.
        round: u32,
    },
    /// A value that a sheet could not have.
    Refused(Finding),
    /// A value that should be refused and is not.
    Accepted,
    /// The arithmetic of the expectation is itself wrong.
    Arithmetic(arithmetic::Fault),
    /// There is no such figure: no total without all periods, no score where several sheets.
    NoFigure,
    /// 封顶 stands where the rule was not capped, or the other way round, or at another figure.
    Uncapped {
        /// What was expected before 封顶.
        expected: Decimal,
        /// What the rule asks for.
        got: Decimal,
        /// How that comes about.
        why: String,
    },
    /// Another figure.
    Differs {
        /// What was expected.
        expected: String,
        /// What comes out.
        got: String,
        /// How that comes about, in the same notation.
        why: String,
    },
}

/// What no case shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// A rule that no case takes there.
    Rule(RuleId, Reach),
    /// No case expects a total.
    Total,
    /// No case expects a rank.
    Rank,
    /// No case expects a grade, though the rubric has some.
    Grade,
}

/// How far a case takes a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Something is taken, less than the cap.
    Below,
    /// Exactly the cap.
    At,
    /// The cap cuts something off.
    Above,
    /// 不涉及, where the rubric says what it then means.
    NotApplicable,
}
