//! What came of the self-tests of rubrics, for people and for machines.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use crate::decimal::plain;
use crate::diagnostic::SourceText;
use crate::model::rubric::Rubric;
use crate::model::trial::{Failure, Gap, Reach, Trial, TrialFault, Verdict};

/// One file of self-tests and what came of it.
#[derive(Debug)]
pub struct Tried<'a> {
    /// The file's name.
    pub file: &'a str,
    /// Its text.
    pub text: &'a SourceText,
    /// The rubric that it tests.
    pub rubric: &'a Rubric,
    /// What came of it.
    pub trial: Trial,
}

/// A failure in words.
#[derive(Debug)]
pub struct Words {
    /// Stable name.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// What to say of a failure of the case `verdict`.
pub fn words(verdict: &Verdict, failure: &Failure) -> Words {
    let (code, what, help) = fault(&title(&failure.about), &failure.fault);
    let unit = failure.unit.iter().map(|unit| format!("{unit}，"));
    let unit: String = unit.collect();
    Words {
        code,
        message: format!("情形“{}”：{unit}{what}", verdict.name.value),
        help,
    }
}

/// What people call a figure that the file names in English.
fn title(about: &str) -> String {
    match about {
        "score" => "一张表的得分".to_owned(),
        "total" => "总分".to_owned(),
        "rank" => "名次".to_owned(),
        "grade" => "等次".to_owned(),
        about => format!("“{about}”"),
    }
}

fn fault(about: &str, fault: &TrialFault) -> (&'static str, String, String) {
    match fault {
        TrialFault::UnknownRule => (
            "unknown-rule",
            format!("细则里没有编号为{about}的计分方法"),
            "请核对编号；细则改了编号的，这里也要改".to_owned(),
        ),
        TrialFault::UnknownPeriod { known } => (
            "unknown-period",
            format!("细则里没有时段{about}"),
            format!("可以写：{}", known.join("、")),
        ),
        TrialFault::UnknownExpectation => (
            "unknown-expectation",
            format!("不知道{about}是什么的得数"),
            "可以写编号（如 1①，指扣几分）、“第1项”（项目得分）、score（一张表的得分）、\
             时段（时段得分）、total（总分）、rank（名次）、grade（等次）"
                .to_owned(),
        ),
        TrialFault::SecondSheet => (
            "second-sheet",
            "同一时段、同一轮次有两张表".to_owned(),
            "第二轮写 round = 2".to_owned(),
        ),
        TrialFault::UnknownRound { rounds } => (
            "unknown-round",
            format!("{about}只有 {rounds} 轮"),
            "轮次和细则里的 round-weights 对应，请核对".to_owned(),
        ),
        TrialFault::MissingSheet { period, round } => (
            "missing-sheet",
            format!("缺少{period}第 {round} 轮的表，别的单位有"),
            "一个情形里各单位的时段、轮次要相同".to_owned(),
        ),
        TrialFault::Refused(finding) => (
            "value-refused",
            format!("{about}的填报值不能用：{}", finding.message()),
            format!(
                "{}；本来就要它不能用的，expect 里写 \"不接受\"",
                finding.help().trim_end_matches('。')
            ),
        ),
        TrialFault::Accepted => (
            "value-accepted",
            format!("{about}的填报值应当不接受，可是接受了"),
            "请核对细则里这条的上限和计分办法，或者改这里的 expect".to_owned(),
        ),
        TrialFault::Arithmetic(fault) => (
            "bad-arithmetic",
            format!("{about}的算式：{fault}"),
            fault.help(),
        ),
        TrialFault::NoFigure => (
            "no-figure",
            format!("算不出{about}"),
            "总分、名次、等次要各个时段的表都有；请补上 sheets 里缺的表".to_owned(),
        ),
        TrialFault::Uncapped { expected, got, why } => (
            "wrong-result",
            format!(
                "{about}封顶前应是 {}，程序算出来是 {}",
                plain(*expected),
                plain(*got)
            ),
            whose(why),
        ),
        TrialFault::Differs { expected, got, why } => (
            "wrong-result",
            format!("{about}应是 {expected}，程序算出来是 {got}"),
            whose(why),
        ),
    }
}

/// How the program comes to its figure, and who may be wrong.
fn whose(why: &str) -> String {
    format!("程序的算法：{why}。先对照原文，看是细则里的数不对，还是这里的算式不对")
}

/// How many cases there are, and how many of them fail.
pub fn count(tried: &[Tried]) -> (usize, usize) {
    let verdicts = || tried.iter().flat_map(|tried| &tried.trial.verdicts);
    let failed = verdicts().filter(|verdict| !verdict.failures.is_empty());
    (verdicts().count(), failed.count())
}

/// The result without the failures themselves, which are shown with their lines.
pub fn summary(tried: &[Tried], untested: &[&Rubric]) -> String {
    let mut text = String::new();
    for tried in tried {
        let (cases, failed) = count(std::slice::from_ref(tried));
        let result = match failed {
            0 => "全部通过".to_owned(),
            failed => format!("{failed} 个没有通过"),
        };
        let Tried { rubric, file, .. } = tried;
        let line = format!("{file}（{}）：{cases} 个情形，{result}", rubric.class);
        push(&mut text, &line);
        if tried.trial.gaps.is_empty() {
            push(
                &mut text,
                "  每条计分方法低于、等于、超过上限（能到的）都有情形算到",
            );
            continue;
        }
        push(&mut text, "  还没有情形算到的：");
        for line in gaps(&tried.trial.gaps) {
            push(&mut text, &format!("    {line}"));
        }
    }
    for rubric in untested {
        let line = format!(
            "{}（{}）：没有自测文件，请在细则旁边写一份 {}.test.toml",
            rubric.id, rubric.class, rubric.id
        );
        push(&mut text, &line);
    }
    let (cases, failed) = count(tried);
    let line = format!(
        "共 {cases} 个情形，{} 个通过，{failed} 个没有通过",
        cases - failed
    );
    push(&mut text, &line);
    text
}

/// The gaps, a rule a line.
fn gaps(gaps: &[Gap]) -> Vec<String> {
    let mut lines: Vec<(String, Vec<&str>)> = Vec::new();
    for gap in gaps {
        let (about, lacks) = gap_words(gap);
        match lines.last_mut() {
            Some((last, more)) if *last == about => more.push(lacks),
            _ => lines.push((about, vec![lacks])),
        }
    }
    let line = |(about, lacks): (String, Vec<&str>)| format!("{about} {}", lacks.join("、"));
    lines.into_iter().map(line).collect()
}

fn gap_words(gap: &Gap) -> (String, &'static str) {
    match gap {
        Gap::Rule(id, reach) => (
            id.to_string(),
            match reach {
                Reach::Below => "扣分低于上限",
                Reach::At => "扣分正好到上限",
                Reach::Above => "扣分超过上限",
                Reach::NotApplicable => "填“不涉及”",
            },
        ),
        Gap::Total => ("全年".to_owned(), "总分（total）"),
        Gap::Rank => ("全年".to_owned(), "名次（rank）"),
        Gap::Grade => ("全年".to_owned(), "等次（grade）"),
    }
}

fn push(text: &mut String, line: &str) {
    writeln!(text, "{line}").expect("a string takes any text");
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    cases: usize,
    passed: usize,
    failed: usize,
    files: Vec<FileOut<'a>>,
    untested: Vec<&'a str>,
}

#[derive(Serialize)]
struct FileOut<'a> {
    file: &'a str,
    rubric: &'a str,
    cases: Vec<CaseOut<'a>>,
    gaps: Vec<GapOut>,
}

#[derive(Serialize)]
struct CaseOut<'a> {
    name: &'a str,
    line: usize,
    passed: bool,
    failures: Vec<FailureOut<'a>>,
}

#[derive(Serialize)]
struct FailureOut<'a> {
    code: &'static str,
    line: usize,
    column: usize,
    unit: Option<&'a str>,
    about: &'a str,
    message: String,
    help: String,
}

#[derive(Serialize)]
struct GapOut {
    rule: Option<String>,
    lacks: &'static str,
}

/// Writes the result as JSON.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_json(out: &mut impl Write, tried: &[Tried], untested: &[&Rubric]) -> io::Result<()> {
    let (cases, failed) = count(tried);
    let document = Document {
        schema: "kaohe.test/1",
        cases,
        passed: cases - failed,
        failed,
        files: tried.iter().map(file_out).collect(),
        untested: untested.iter().map(|rubric| rubric.id.as_str()).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn file_out<'a>(tried: &'a Tried) -> FileOut<'a> {
    let case = |verdict: &'a Verdict| CaseOut {
        name: &verdict.name.value,
        line: tried.text.line_number(verdict.name.span.start),
        passed: verdict.failures.is_empty(),
        failures: verdict
            .failures
            .iter()
            .map(|failure| failure_out(tried.text, verdict, failure))
            .collect(),
    };
    FileOut {
        file: tried.file,
        rubric: &tried.rubric.id,
        cases: tried.trial.verdicts.iter().map(case).collect(),
        gaps: tried.trial.gaps.iter().map(gap_out).collect(),
    }
}

fn failure_out<'a>(text: &SourceText, verdict: &Verdict, failure: &'a Failure) -> FailureOut<'a> {
    let Words {
        code,
        message,
        help,
    } = words(verdict, failure);
    FailureOut {
        code,
        line: text.line_number(failure.span.start),
        column: text.column(failure.span.start),
        unit: failure.unit.as_deref(),
        about: &failure.about,
        message,
        help,
    }
}

fn gap_out(gap: &Gap) -> GapOut {
    match gap {
        Gap::Rule(id, reach) => GapOut {
            rule: Some(id.to_string()),
            lacks: match reach {
                Reach::Below => "below",
                Reach::At => "at",
                Reach::Above => "above",
                Reach::NotApplicable => "not-applicable",
            },
        },
        Gap::Total => GapOut {
            rule: None,
            lacks: "total",
        },
        Gap::Rank => GapOut {
            rule: None,
            lacks: "rank",
        },
        Gap::Grade => GapOut {
            rule: None,
            lacks: "grade",
        },
    }
}
