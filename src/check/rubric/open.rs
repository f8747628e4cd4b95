//! 需明确: what the document leaves silent, and the choice that is in force.
//!
//! A key that a person may leave out and has written is decided; a key that must be written says
//! nothing of the document, so its choice is listed whatever it is.

use std::ops::Range;

use crate::check::rubric::item::{Covering, coverings};
use crate::check::rubric::points::figure;
use crate::check::rubric::{View, items, listed, text};
use crate::decimal::{PLACES, plain};
use crate::diagnostic::RubricProblem;
use crate::model::draft::{ItemDraft, Optional, PeriodDraft, RubricDraft};
use crate::model::rubric::{Kind, RateSource, Rounds};

/// Words of a clause that speak of several places or units at once.
const MANY: &[&str] = &[
    "成员单位",
    "各单位",
    "各部门",
    "各乡镇",
    "各街道",
    "各村",
    "各科室",
    "所属单位",
    "下属单位",
    "直属单位",
];

/// Words of a rule that speak of lead units only.
const LEADS: &str = "牵头单位";

pub(super) fn advise(view: View, rubric: &RubricDraft, found: &mut Vec<RubricProblem>) {
    let open = Open {
        file: view.name(rubric.file),
        rubric,
    };
    found.extend(open.item_periods());
    open.rounds_combine(found);
    found.extend(open.rounding());
    found.extend(open.ties());
    found.extend(open.grades());
    found.extend(open.not_applicable());
    found.extend(open.incomplete_unit());
    found.extend(open.appeals());
    for item in items(rubric) {
        for rule in coverings(item) {
            found.extend(open.yearly_count(&rule));
            found.extend(open.task_weights(&rule));
            found.extend(open.applies_to_whom(&rule));
            found.extend(open.one_answer_for_many(item, &rule));
        }
    }
}

struct Open<'a> {
    file: &'a str,
    rubric: &'a RubricDraft,
}

impl Open<'_> {
    /// A choice: what is silent, what is done now, what to write for another.
    fn choice(
        &self,
        code: &'static str,
        place: &Range<usize>,
        matter: &str,
        now: &str,
        help: &str,
    ) -> RubricProblem {
        let message = format!("{matter}：现在{now}");
        RubricProblem::new(code, self.file, place.clone(), message).help(help)
    }

    /// Where the document is named: the place of what it does not say at all.
    fn source(&self) -> Option<&Range<usize>> {
        Some(&self.rubric.source.as_ref().ok()?.span)
    }

    /// The names of the periods, where there are several.
    fn several_periods(&self) -> Option<String> {
        let periods = listed(&self.rubric.periods);
        let names = periods
            .iter()
            .map(|period| Some(period.name.as_ref().ok()?.value.as_str()));
        let names = names.collect::<Option<Vec<_>>>()?;
        (names.len() > 1).then(|| names.join("、"))
    }

    fn item_periods(&self) -> Option<RubricProblem> {
        let names = self.several_periods()?;
        let first = listed(&self.rubric.periods).first()?.name.as_ref().ok()?;
        let problem = self.choice(
            "item-periods",
            &first.span,
            &format!("哪些项目在哪个时段考（{names}）"),
            "每次考核都填全部项目",
            "请核对原文，没有写的请考核办公室定下来",
        );
        Some(problem.note(text(&self.rubric.note)))
    }

    fn rounds_combine(&self, found: &mut Vec<RubricProblem>) {
        for period in listed(&self.rubric.periods) {
            let PeriodDraft {
                name, rounds, note, ..
            } = period;
            let (Ok(name), Ok(rounds)) = (name, rounds) else {
                continue;
            };
            let now = match rounds.value {
                Rounds::Mean => "次数不限，取平均分",
                Rounds::Last => "次数不限，以最后一轮为准",
                Rounds::Best => "次数不限，取最高一轮的得分",
                // What each round counts is said: so is how many there are.
                Rounds::Weights(_) => continue,
            };
            let problem = self.choice(
                "rounds-combine",
                &rounds.span,
                &format!("{}考几次、几次怎样合成一个分", name.value),
                now,
                "请核对原文；要用最后一轮、最高一轮或者各轮按权重的，改 rounds",
            );
            found.push(problem.note(text(note)));
        }
    }

    /// Lists a choice by a key of the rubric that is not written.
    fn unless_written<T>(
        &self,
        field: &Optional<T>,
        code: &'static str,
        matter: &str,
        now: &str,
        help: &str,
    ) -> Option<RubricProblem> {
        match field {
            Ok(None) => Some(self.choice(code, self.source()?, matter, now, help)),
            Ok(Some(_)) | Err(_) => None,
        }
    }

    fn rounding(&self) -> Option<RubricProblem> {
        let now = format!("四舍五入保留 {PLACES} 位小数，只在三处取：一条的应扣、各轮的合成、总分");
        self.unless_written(
            &self.rubric.decimals,
            "rounding",
            "怎样取小数",
            &now,
            &format!("请核对原文；定下来写 decimals，如 decimals = {PLACES}"),
        )
    }

    fn ties(&self) -> Option<RubricProblem> {
        self.unless_written(
            &self.rubric.ranking,
            "ties",
            "总分相同怎样排名",
            "得分相同的名次并列，其后名次顺延（1、1、3）",
            "请核对原文；定下来写 [ranking]，如 ties = \"skip\"；要再比几个项目的，写 tie-breakers",
        )
    }

    fn grades(&self) -> Option<RubricProblem> {
        self.unless_written(
            &self.rubric.grades,
            "grades",
            "怎样分等次",
            "只排名次，不分优秀、良好等等次",
            "请核对原文；要分等次的写 [grades]",
        )
    }

    /// Where every item says what it means, the rubric need not.
    fn not_applicable(&self) -> Option<RubricProblem> {
        let tasks = match self.rubric.tasks {
            Ok(Some(_)) => "；任务可以填“不涉及”，不计入完成率",
            Ok(None) | Err(_) => "",
        };
        let silent = |item: &&ItemDraft| matches!(item.not_applicable, Ok(None));
        let left: Vec<_> = items(self.rubric).filter(silent).collect();
        let which = match left.len() {
            0 => return None,
            all if all == items(self.rubric).count() => String::new(),
            _ => {
                let numbers = left.iter().filter_map(|item| item.no.as_ref().ok());
                let numbers: Vec<_> = numbers.map(|no| no.value.to_string()).collect();
                format!("考核项目 {} ", numbers.join("、"))
            }
        };
        self.unless_written(
            &self.rubric.not_applicable,
            "not-applicable",
            "一条不适用于某个单位（不涉及、缺项）怎么办",
            &format!("{which}不能填，每一条都要有数{tasks}"),
            "请核对原文；定下来写 not-applicable，如 not-applicable = \"full\"",
        )
    }

    fn incomplete_unit(&self) -> Option<RubricProblem> {
        let matter = "单位少交一个时段或一轮的表怎么办";
        let now = "不排名，单独列出缺什么，这一类的名次标“暂定”";
        let help = "请考核办公室定下补交的期限，逾期怎么处理";
        Some(self.choice("incomplete-unit", self.source()?, matter, now, help))
    }

    fn appeals(&self) -> Option<RubricProblem> {
        let matter = "单位对得分有异议怎么办";
        let now = "程序不管；改判的，改收到的表，重新计分";
        let help = "请考核办公室定下复核的期限和办法";
        Some(self.choice("appeals", self.source()?, matter, now, help))
    }

    fn yearly_count(&self, rule: &Covering) -> Option<RubricProblem> {
        let names = self.several_periods()?;
        let own_figures = !rule.rule.by_period.as_ref().ok()?.is_empty();
        let Kind::Shortfall { required, .. } = rule.kind()? else {
            return None;
        };
        if own_figures {
            return None;
        }
        let count = text(&rule.rule.count).unwrap_or("次");
        let problem = self.choice(
            "yearly-count",
            figure(rule.rule, "required")?,
            &format!(
                "{}要求 {} {count}，年中考核时应有几{count}",
                rule.name(),
                plain(*required)
            ),
            &format!(
                "每张表都按 {} {count}要求，填本年累计数（{names}）",
                plain(*required)
            ),
            &format!(
                "要按时段分别要求的，写 by-period，如 by-period = {{ {} = {{ required = 1 }} }}",
                listed(&self.rubric.periods)
                    .first()?
                    .id
                    .as_ref()
                    .ok()?
                    .value
            ),
        );
        Some(problem.quote(rule.text()).note(rule.note()))
    }

    fn task_weights(&self, rule: &Covering) -> Option<RubricProblem> {
        let rate = RateSource::Tasks;
        if *rule.kind()? != (Kind::Proportional { rate }) {
            return None;
        }
        let problem = self.choice(
            "task-weights",
            figure(rule.rule, "rate")?,
            "各项任务的分量、完成率怎样算",
            "各项任务分量相同，完成率是各项完成程度的平均，“不涉及”的不计",
            "请核对原文",
        );
        Some(problem.quote(rule.text()).note(rule.note()))
    }

    fn applies_to_whom(&self, rule: &Covering) -> Option<RubricProblem> {
        let words = rule.rule.text.as_ref().ok()?;
        if !words.value.contains(LEADS) {
            return None;
        }
        let problem = self.choice(
            "applies-to-whom",
            &words.span,
            &format!("{}只提到牵头单位，是不是全部单位都考", rule.name()),
            "全部单位都考",
            "只考一部分单位的，给它们另立一类、另写一份细则",
        );
        Some(problem.note(rule.note()))
    }

    fn one_answer_for_many(&self, item: &ItemDraft, rule: &Covering) -> Option<RubricProblem> {
        let Kind::Fixed { .. } = rule.kind()? else {
            return None;
        };
        let clauses = rule
            .covers
            .iter()
            .map(|&clause| &listed(&item.clauses)[clause]);
        let mut words = clauses.filter_map(|clause| clause.text.as_ref().ok());
        let words = words.find(|words| MANY.iter().any(|many| words.value.contains(many)))?;
        let problem = self.choice(
            "one-answer-for-many",
            &rule.rule.ask.as_ref().ok()?.span,
            &format!(
                "{}一个“是”或“否”要管好几处，有一处没有的怎样填",
                rule.name()
            ),
            "由填表人判断",
            "请定下有一处没有的填什么，在 ask 或 note 里写明",
        );
        Some(problem.quote(&words.value).note(rule.note()))
    }
}
