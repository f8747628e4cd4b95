//! Holds what came out of a case to what was expected.

use crate::arithmetic::{self, Worked};
use crate::check::trial::records::{failure, period};
use crate::check::trial::worked;
use crate::decimal::{Decimal, plain};
use crate::model::rubric::{Rubric, RuleId};
use crate::model::scorecard::{ClassResult, RuleScore, Scorecard, UnitScore};
use crate::model::trial::{Expectation, Failure, Subject, TrialFault};
use crate::text;

/// What is expected of a rule whose value must be refused.
pub(super) const REFUSED: &str = "不接受";

/// What an expectation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Figure {
    /// What a rule takes, by position.
    Rule(usize),
    /// What an item has left, by position.
    Item(usize),
    /// The score of every sheet.
    Score,
    /// The score of a period, by position.
    Period(usize),
    /// The total of the year.
    Total,
    /// The place in the class.
    Rank,
    /// The grade.
    Grade,
}

impl Figure {
    /// Reads what an expectation is about.
    pub(super) fn parse(rubric: &Rubric, key: &str) -> Option<Self> {
        match &*text::key(key) {
            "score" | "得分" => return Some(Self::Score),
            "total" | "总分" => return Some(Self::Total),
            "rank" | "名次" => return Some(Self::Rank),
            "grade" | "等次" => return rubric.grades.is_some().then_some(Self::Grade),
            key => {
                let no = key.strip_prefix('第').and_then(|no| no.strip_suffix('项'));
                if let Some(no) = no.and_then(|no| no.parse::<u32>().ok()) {
                    let item = rubric.items().position(|item| item.no == no);
                    return item.map(Self::Item);
                }
            }
        }
        let rule = RuleId::parse(key).and_then(|id| rubric.position(id));
        rule.map(Self::Rule)
            .or_else(|| period(rubric, key).map(Self::Period))
    }
}

/// One unit of a case, scored.
pub(super) struct Expecting<'a> {
    pub rubric: &'a Rubric,
    pub result: &'a ClassResult,
    pub unit: &'a UnitScore,
    /// The rules whose value was refused.
    pub refused: &'a [RuleId],
}

/// A figure that came out, and how.
struct Outcome {
    got: Decimal,
    /// What the rule asked for, where it is about one.
    asked: Option<Decimal>,
    why: String,
}

impl Expecting<'_> {
    /// Adds what is not as `expectation` says.
    pub(super) fn judge(
        &self,
        subject: &Subject,
        expectation: &Expectation,
        failures: &mut Vec<Failure>,
    ) {
        let Expectation { key, value } = expectation;
        let Some(figure) = Figure::parse(self.rubric, &key.value) else {
            let fault = TrialFault::UnknownExpectation;
            failures.push(failure(subject, key, &key.value, fault));
            return;
        };
        if let Err(fault) = self.holds(figure, &value.value) {
            failures.push(failure(subject, value, &key.value, fault));
        }
    }

    fn holds(&self, figure: Figure, expected: &str) -> Result<(), TrialFault> {
        if let (Figure::Rule(rule), REFUSED) = (figure, expected.trim()) {
            let id = self.rubric.rules().nth(rule).map(|rule| rule.id);
            return match id {
                Some(id) if !self.refused.contains(&id) => Err(TrialFault::Accepted),
                _ => Ok(()),
            };
        }
        if figure == Figure::Grade {
            return self.has_grade(expected.trim());
        }
        let expected = arithmetic::work_out(expected).map_err(TrialFault::Arithmetic)?;
        let outcomes = self.outcomes(figure);
        if outcomes.is_empty() {
            return Err(TrialFault::NoFigure);
        }
        for outcome in outcomes {
            agrees(expected, outcome)?;
        }
        Ok(())
    }

    fn has_grade(&self, expected: &str) -> Result<(), TrialFault> {
        let grades = self.rubric.grades.as_ref();
        let level = grades.zip(self.unit.grade);
        let Some(level) = level.and_then(|(grades, level)| grades.levels.get(level)) else {
            return Err(TrialFault::NoFigure);
        };
        if level.name == expected {
            return Ok(());
        }
        Err(TrialFault::Differs {
            expected: expected.to_owned(),
            got: level.name.clone(),
            why: worked::totals(self.result),
        })
    }

    /// The figure; of a rule, an item or a score, in every sheet.
    fn outcomes(&self, figure: Figure) -> Vec<Outcome> {
        let sheets = self.unit.periods.iter().flat_map(|period| &period.rounds);
        match figure {
            Figure::Rule(rule) => sheets.filter_map(|card| self.rule(card, rule)).collect(),
            Figure::Item(item) => sheets
                .filter_map(|card| {
                    let score = card.items.get(item)?;
                    Some(Outcome {
                        got: score.score,
                        asked: None,
                        why: worked::item(score),
                    })
                })
                .collect(),
            Figure::Score => sheets
                .map(|card| Outcome {
                    got: card.score,
                    asked: None,
                    why: worked::score(self.rubric, card),
                })
                .collect(),
            Figure::Period(period) => {
                let periods = self.unit.periods.iter();
                periods
                    .filter(|score| score.period == period)
                    .map(|score| Outcome {
                        got: score.score,
                        asked: None,
                        why: worked::period(score),
                    })
                    .collect()
            }
            Figure::Total => {
                let total = self.unit.total.into_iter();
                total
                    .map(|got| Outcome {
                        got,
                        asked: None,
                        why: worked::total(self.unit, got),
                    })
                    .collect()
            }
            Figure::Rank => {
                let rank = self.unit.rank.into_iter();
                rank.map(|rank| Outcome {
                    got: Decimal::from(rank),
                    asked: None,
                    why: worked::totals(self.result),
                })
                .collect()
            }
            // A word, no figure.
            Figure::Grade => Vec::new(),
        }
    }

    fn rule(&self, card: &Scorecard, position: usize) -> Option<Outcome> {
        let rule = self.rubric.rules().nth(position)?;
        let entry = card.record.entries.get(position)?;
        let score = rule_score(card, position)?;
        Some(Outcome {
            got: score.applied,
            asked: Some(score.asked),
            why: worked::rule(rule, card.record.period, &entry.observed, score),
        })
    }
}

/// The score of the rule at `position` of the rubric.
pub(super) fn rule_score(card: &Scorecard, position: usize) -> Option<RuleScore> {
    let mut scores = card.items.iter().flat_map(|item| &item.rules);
    scores.nth(position).copied()
}

fn agrees(expected: Worked, outcome: Outcome) -> Result<(), TrialFault> {
    if expected.result != outcome.got {
        return Err(TrialFault::Differs {
            expected: plain(expected.result),
            got: plain(outcome.got),
            why: outcome.why,
        });
    }
    match (expected.uncapped, outcome.asked) {
        (Some(expected), Some(got)) if expected != got => Err(TrialFault::Uncapped {
            expected,
            got,
            why: outcome.why,
        }),
        _ => Ok(()),
    }
}
