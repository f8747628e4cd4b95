//! What a rule takes against the most that it may take.

use std::ops::Range;

use crate::check::rubric::item::{Covering, coverings};
use crate::check::rubric::points::figure;
use crate::check::rubric::{View, listed};
use crate::decimal::{Decimal, PLACES, plain, round};
use crate::diagnostic::RubricProblem;
use crate::model::draft::{PeriodDraft, RubricDraft};
use crate::model::rubric::Kind;

/// Words by which a document says that a rule stops somewhere.
const CAPPED: &[&str] = &[
    "扣完",
    "为止",
    "为限",
    "最多",
    "最高",
    "至多",
    "上限",
    "不超过",
    "封顶",
];

pub(super) fn advise(view: View, rubric: &RubricDraft, found: &mut Vec<RubricProblem>) {
    let file = view.name(rubric.file);
    for item in view.whole_items(rubric) {
        for rule in coverings(item) {
            let Some(kind) = rule.kind() else { continue };
            let place = place_of(&rule, kind);
            found.extend(reach(file, &rule, kind, &place, ""));
            found.extend(no_cap_in_text(file, &rule, kind));
            found.extend(finer_than_decimals(file, rubric, &rule, kind));
            for (period, kind) in listed(&rule.rule.by_period) {
                let name = period_name(rubric, &period.value);
                found.extend(reach(file, &rule, kind, &period.span, &name));
            }
        }
    }
}

/// Where the figures of a rule stand.
fn place_of(rule: &Covering, kind: &Kind) -> Range<usize> {
    let key = match kind {
        Kind::PerOccurrence { .. } | Kind::Shortfall { .. } => "each",
        Kind::Fixed { .. } => "points",
        Kind::Proportional { .. } | Kind::Discretionary => "rate",
    };
    figure(rule.rule, key).unwrap_or(&rule.rule.span).clone()
}

/// 在季度考核, for figures of a single period.
fn period_name(rubric: &RubricDraft, id: &str) -> String {
    let is_it = |period: &&PeriodDraft| matches!(&period.id, Ok(known) if known.value == id);
    let period = listed(&rubric.periods).iter().find(is_it);
    let name = period.and_then(|period| period.name.as_ref().ok());
    format!("在{}", name.map_or(id, |name| &name.value))
}

/// Whether a rule can take anything, reaches its cap, and does not pass it at once.
fn reach(
    file: &str,
    rule: &Covering,
    kind: &Kind,
    place: &Range<usize>,
    period: &str,
) -> Option<RubricProblem> {
    let cap = rule.cap;
    let (once, most, sum) = match kind {
        Kind::PerOccurrence { each } => (*each, None, format!("每次 {} 分", plain(*each))),
        Kind::Fixed { points, .. } => (
            *points,
            Some(*points),
            format!("一次 {} 分", plain(*points)),
        ),
        Kind::Shortfall { required, each } => (
            *each,
            Some(required * each),
            format!("{} × {}", plain(*required), plain(*each)),
        ),
        Kind::Proportional { .. } | Kind::Discretionary => (cap, None, String::new()),
    };
    let name = format!("{}{period}", rule.name());
    let zero = Decimal::ZERO;
    let (code, message, help) = if cap == zero || once == zero || most == Some(zero) {
        let why = if cap == zero {
            "它的分值是 0".to_owned()
        } else {
            format!("{sum} ＝ 0")
        };
        let message = format!("{name}怎么填也扣不到分：{why}");
        (
            "rule-takes-nothing",
            message,
            "请核对每次扣几分、要求几次和分值；只要记录、不扣分的，不写成计分方法",
        )
    } else if once > cap {
        let message = format!(
            "{name}扣一次就是 {} 分，超过它的分值 {} 分，多出来的扣不到",
            plain(once),
            plain(cap)
        );
        (
            "cap-passed-at-once",
            message,
            "请核对每次扣几分和分值；原文就是这样的，在 note 里写明",
        )
    } else {
        let most = most.filter(|most| *most < cap)?;
        let message = format!(
            "{name}最多扣 {} 分（{sum}），到不了它的分值 {} 分",
            plain(most),
            plain(cap)
        );
        (
            "cap-out-of-reach",
            message,
            "请核对每次扣几分、要求几次和分值；原文就是这样的，在 note 里写明",
        )
    };
    let problem = RubricProblem::new(code, file, place.clone(), message);
    Some(problem.quote(rule.text()).note(rule.note()).help(help))
}

/// Points that are rounded as soon as they are taken: where whole numbers are kept, 0.5 off is 1
/// off.
fn finer_than_decimals(
    file: &str,
    rubric: &RubricDraft,
    rule: &Covering,
    kind: &Kind,
) -> Option<RubricProblem> {
    let decimals = rubric.decimals.as_ref().ok()?.as_ref();
    let decimals = decimals.map_or(PLACES, |decimals| decimals.value);
    let once = match kind {
        Kind::PerOccurrence { each } | Kind::Shortfall { each, .. } => *each,
        Kind::Fixed { points, .. } => *points,
        Kind::Proportional { .. } | Kind::Discretionary => return None,
    };
    let rounded = round(once, decimals);
    if rounded == once {
        return None;
    }
    let kept = match decimals {
        0 => "整数".to_owned(),
        more => format!(" {more} 位小数"),
    };
    let message = format!(
        "{}一次扣 {} 分，得分只保留{kept}，扣一次就成了 {} 分",
        rule.name(),
        plain(once),
        plain(rounded)
    );
    let place = place_of(rule, kind);
    let problem = RubricProblem::new("finer-than-decimals", file, place, message);
    let help = "请核对 decimals（保留的小数位数），或者每次扣几分";
    Some(problem.quote(rule.text()).note(rule.note()).help(help))
}

/// Rules that could go on taking, whose words do not say where they stop. A fixed deduction
/// says it by its figure, a ratio by being one.
fn no_cap_in_text(file: &str, rule: &Covering, kind: &Kind) -> Option<RubricProblem> {
    let open = match kind {
        Kind::PerOccurrence { .. } | Kind::Shortfall { .. } | Kind::Discretionary => true,
        Kind::Fixed { .. } | Kind::Proportional { .. } => false,
    };
    let words = rule.rule.text.as_ref().ok()?;
    if !open || CAPPED.iter().any(|word| words.value.contains(word)) {
        return None;
    }
    let message = format!(
        "{}的原文没有写“扣完为止”，现在以分值 {} 分为限",
        rule.name(),
        plain(rule.cap)
    );
    let problem = RubricProblem::new("no-cap-in-text", file, words.span.clone(), message);
    let help = "请定下是不是以分值为限，在 note 里写明";
    Some(problem.note(rule.note()).help(help))
}
