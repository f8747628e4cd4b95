//! Kinds of rules in words.

use crate::decimal::plain;
use crate::model::rubric::{Kind, RateSource, Rule};

/// How a rule takes points.
pub(super) fn kind(rule: &Rule, kind: &Kind) -> String {
    let count = rule.count.as_deref().unwrap_or("次");
    match kind {
        Kind::PerOccurrence { each } => format!("每{count}扣 {} 分", plain(*each)),
        Kind::Fixed { points, lost_by } => {
            let answer = if *lost_by { "是" } else { "否" };
            format!("填“{answer}”扣 {} 分", plain(*points))
        }
        Kind::Shortfall { required, each } => format!(
            "要求 {} {count}，每少一{count}扣 {} 分",
            plain(*required),
            plain(*each)
        ),
        Kind::Proportional { rate } => {
            let source = match rate {
                RateSource::Tasks => "取自任务表",
                RateSource::Typed => "由填表人填",
            };
            format!("扣 {} ×（1－完成率），完成率{source}", plain(rule.cap))
        }
        Kind::Discretionary => "酌情扣分，扣了要写扣分说明".to_owned(),
    }
}
