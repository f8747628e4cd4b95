//! The invented year: what an office may have observed of each unit, sheet by sheet.
//!
//! A table of hand-chosen cases ([`CASES`], [`OUTSIDE`], [`TWINS`]) makes sure that what people
//! should see in an example is there; a plain generator of numbers fills in the rest.

use kaohe::decimal::{self, Decimal, round};
use kaohe::model::catalog::Catalog;
use kaohe::model::record::Observed;
use kaohe::model::rubric::{Kind, Rule};
use kaohe::model::task::{Direction, Goal, Task};
use kaohe::output::template::{Filled, FilledTask, Filling, TaskState, Which};

/// The sheets of the year: period by position, round.
pub const SHEETS: [(usize, u32); 3] = [(0, 1), (0, 2), (1, 1)];

/// Values that were chosen: unit, sheet, 编号, value, 扣分说明.
const CASES: [(&str, usize, &str, &str, &str); 21] = [
    // Far beyond the cap: 12 × 0.5 = 6, of which 2 are taken.
    ("安乡县", 0, "1②", "12", "工作例会12次无故缺席"),
    ("石门县", 1, "1①", "7", "缺工作要点、推进方案及台账5册"),
    (
        "市日报社",
        1,
        "1①",
        "4",
        "缺项目台账、小组名单、工作要点及月报",
    ),
    ("西湖管理区", 0, "3①", "7", "交办件7件逾期"),
    ("武陵区", 0, "1③", "0.3", "动态信息迟报3次，每次扣0.1分"),
    ("武陵区", 2, "4", "0.75", "3份佐证材料未盖章，每份扣0.25分"),
    (
        "汉寿县",
        2,
        "4",
        "2.25",
        "指标汇总表与佐证材料9处数据不一致，每处扣0.25分",
    ),
    (
        "鼎城区",
        1,
        "6③",
        "1.25",
        "两次大型活动只有一次宣传创建工作",
    ),
    ("桃源县", 2, "6①", "否", "县住建局网站专栏8月起停止更新"),
    (
        "市住建局",
        0,
        "4",
        "6.5",
        "城镇污水处理率等4项指标缺佐证材料",
    ),
    ("市统计局", 2, "4", "0.8", "4份报表未盖章，每份扣0.2分"),
    ("市水利局", 1, "3②", "0", "专题检查已做，报告未交"),
    ("市教育局", 0, "5①", "否", "网站未设专栏"),
    (
        "常德经济技术开发区",
        2,
        "4",
        "3.33",
        "3项指标佐证材料不完整，每项扣1.11分",
    ),
    ("桃花源旅游管理区", 1, "1④", "1", "未建立联席会议制度"),
    // Twins: what costs one point here costs one point there, by another rule.
    ("澧县", 0, "1②", "2", "工作例会2次无故缺席"),
    ("澧县", 0, "1①", "0", ""),
    ("临澧县", 0, "1②", "0", ""),
    ("临澧县", 0, "1①", "1", "缺创建工作台账1项"),
    // Seven late ones cost no more than five.
    ("西洞庭管理区", 0, "3①", "5", "交办件5件逾期"),
    // Brings the unit level with 市网信办.
    (
        "市交通运输局",
        2,
        "4",
        "1.25",
        "5份佐证材料未盖章，每份扣0.25分",
    ),
];

/// Tasks that do not concern a unit.
const OUTSIDE: [(&str, &str); 12] = [
    ("武陵区", "17"),
    ("武陵区", "3"),
    ("津市市", "29"),
    ("柳叶湖旅游度假区", "13"),
    ("柳叶湖旅游度假区", "22"),
    ("柳叶湖旅游度假区", "23"),
    ("常德高新技术产业开发区", "17"),
    ("西湖管理区", "29"),
    ("西洞庭管理区", "29"),
    ("桃花源旅游管理区", "22"),
    ("桃花源旅游管理区", "23"),
    ("市农业农村局", "25"),
];

/// Units of which the first fares like the second, so that their totals tie.
const TWINS: [(&str, &str); 2] = [("临澧县", "澧县"), ("西洞庭管理区", "西湖管理区")];

/// Reasons for points at discretion, by what they are about.
const FILING: [(&str, &str); 4] = [
    ("0.5", "2份专题会议纪要未按时报备"),
    ("0.3", "动态信息迟报3次，每次扣0.1分"),
    ("1", "领导小组调整文件未报备"),
    ("0.75", "重要事项报备材料缺3件，每件扣0.25分"),
];
const SYSTEM: [(&str, &str); 3] = [
    ("0.5", "联席会议制度未行文印发"),
    ("0.25", "动态管理台账未按季更新"),
    ("0.5", "有制度，没有执行记录"),
];
const PROOF: [(&str, &str); 5] = [
    ("1.5", "2项指标缺少佐证材料"),
    ("0.8", "4份佐证材料未盖章，每份扣0.2分"),
    ("2.25", "指标汇总表与佐证材料数据不一致"),
    ("1", "资料未编目录，装订不规范"),
    ("3", "3项指标达标证明资料未提供"),
];
const EVENT: [(&str, &str); 3] = [
    ("1", "未利用六五环境日活动开展宣传"),
    ("0.5", "活动有宣传，没有照片等记录"),
    ("1.25", "两次大型活动只有一次宣传创建工作"),
];

/// 佐证材料, by a word of what is asked.
const EVIDENCE: [(&str, &str); 12] = [
    ("台账", "创建工作台账第1册"),
    ("会议次数", "会议签到表、会议纪要"),
    ("报备", "文件报备登记表、信息采用统计表"),
    ("制度", "联席会议制度、动态管理制度"),
    ("交办", "交办单及办结回复"),
    ("专题检查", "检查通报、调研报告及报送回执"),
    ("资料", "指标达标证明资料目录"),
    ("一台一报一网", "日报剪报、电视台播出单、网站截图"),
    ("网站", "网站专栏截图"),
    ("显眼位置", "现场照片6张"),
    ("标语", "现场照片4张"),
    ("活动", "活动方案、现场照片"),
];

/// A plain generator of numbers: the same on every machine, for ever.
struct Numbers(u64);

impl Numbers {
    fn new(seed: &[usize]) -> Self {
        let mut numbers = Self(2019);
        for part in seed {
            numbers.0 = numbers.0.wrapping_add(*part as u64 + 1);
            numbers.below(2);
        }
        numbers
    }

    /// A number from 0 to below `bound`.
    fn below(&mut self, bound: u64) -> u64 {
        const FACTOR: u64 = 6_364_136_223_846_793_005;
        const STEP: u64 = 1_442_695_040_888_963_407;
        self.0 = self.0.wrapping_mul(FACTOR).wrapping_add(STEP);
        (self.0 >> 33) % bound
    }

    /// Whether something with this chance in a hundred happens.
    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

fn number(text: &str) -> Decimal {
    decimal::parse(text).unwrap_or_else(|| panic!("{text} is a number"))
}

/// What is filled in for a unit on one of the [`SHEETS`].
pub fn filling(catalog: &Catalog, unit: usize, sheet: usize) -> Filling {
    let rubric = &catalog.rubrics[catalog.rubric_of(unit)];
    let name = &*catalog.roster.units()[unit].name;
    let fares = fares_like(catalog, unit);
    // Some units are more diligent than others: 0 the most.
    let grade = Numbers::new(&[fares]).below(4);
    let mut rules: Vec<Filled> = rubric
        .rules()
        .enumerate()
        .map(|(index, rule)| filled(rule, &[fares, index], grade, sheet))
        .collect();
    for (_, _, id, value, reason) in CASES
        .iter()
        .filter(|case| (case.0, case.1) == (name, sheet))
    {
        let index = rubric.rules().position(|rule| rule.id.to_string() == *id);
        let index = index.unwrap_or_else(|| panic!("{name} has a rule {id}"));
        let rule = rubric.rules().nth(index).expect("it was just found");
        rules[index].value = Some(match (&rule.kind, *value) {
            (Kind::Fixed { .. }, answer) => Observed::Answer(answer == "是"),
            (Kind::Discretionary, points) => Observed::Points(number(points)),
            (_, count) => Observed::Count(number(count)),
        });
        rules[index].reason = (!reason.is_empty()).then(|| (*reason).to_owned());
        rules[index].claim = None;
    }
    let tasks = catalog.tasks_of(rubric).into_iter().flat_map(|table| {
        let own = table.of_unit(unit);
        own.map(|(index, _)| {
            let task = &table.tasks[index];
            let outside = OUTSIDE.contains(&(name, task.no.to_string().as_str()));
            filled_task(task, outside, &[fares, index, 7], grade, sheet)
        })
    });
    Filling {
        rules,
        tasks: tasks.collect(),
    }
}

/// The form of a unit on one of the [`SHEETS`].
pub fn which(unit: usize, sheet: usize) -> Which {
    let (period, round) = SHEETS[sheet];
    Which {
        unit,
        period,
        round,
    }
}

/// The unit whose luck `unit` has: its own, or its twin's.
fn fares_like(catalog: &Catalog, unit: usize) -> usize {
    let name = &*catalog.roster.units()[unit].name;
    let twin = TWINS.iter().find(|(first, _)| *first == name);
    twin.and_then(|(_, second)| catalog.roster.find(second))
        .unwrap_or(unit)
}

/// What is filled in for a rule. What a year accumulates never shrinks from sheet to sheet.
fn filled(rule: &Rule, seed: &[usize], grade: u64, sheet: usize) -> Filled {
    let mut of_year = Numbers::new(seed);
    let mut of_sheet = Numbers::new(&[seed, &[sheet, 3]].concat());
    let mut reason = None;
    let value = match &rule.kind {
        Kind::PerOccurrence { .. } => {
            let some = of_sheet.chance(10 + 12 * grade);
            let count = if some { 1 + of_sheet.below(2) } else { 0 };
            Observed::Count(count.into())
        }
        Kind::Shortfall { required, .. } => {
            let required = u64::try_from(*required).expect("a small whole number");
            let so_far = (0..=sheet)
                .map(|_| of_year.below(required + 1))
                .sum::<u64>();
            let finished = if sheet == 2 && grade < 3 { required } else { 0 };
            Observed::Count(so_far.max(finished).min(required + 2).into())
        }
        Kind::Fixed { lost_by, .. } => {
            let from = match of_year.below(100) {
                0..75 => 0,
                75..92 => 1,
                92..98 => 2,
                _ => 3,
            };
            Observed::Answer((sheet < from) == *lost_by)
        }
        Kind::Discretionary => {
            let pool = reasons(rule);
            let (points, why) = pool[of_sheet.below(pool.len() as u64) as usize];
            if of_sheet.chance(12 + 14 * grade) {
                reason = Some(why.to_owned());
                Observed::Points(number(points))
            } else {
                Observed::Points(Decimal::ZERO)
            }
        }
        Kind::Proportional { .. } => {
            return Filled::default();
        }
    };
    let fits = |(word, _): &&(&str, &'static str)| rule.ask.contains(word);
    let evidence = EVIDENCE.iter().find(fits).filter(|_| of_sheet.chance(40));
    let evidence = evidence.map(|(_, text)| (*text).to_owned());
    let claim = of_sheet.chance(25).then(|| claimed(rule, value));
    Filled {
        value: Some(value),
        reason,
        evidence,
        claim,
    }
}

/// What a unit claims of itself: rarely the worse.
fn claimed(rule: &Rule, value: Observed) -> Observed {
    match (value, &rule.kind) {
        (Observed::Count(_), Kind::PerOccurrence { .. }) => Observed::Count(Decimal::ZERO),
        (Observed::Count(count), _) => Observed::Count(count + Decimal::ONE),
        (Observed::Points(_), _) => Observed::Points(Decimal::ZERO),
        (other, _) => other,
    }
}

/// The reasons that fit a rule of points at discretion.
fn reasons(rule: &Rule) -> &'static [(&'static str, &'static str)] {
    if rule.ask.contains("报备") {
        &FILING
    } else if rule.ask.contains("制度") {
        &SYSTEM
    } else if rule.ask.contains("资料") {
        &PROOF
    } else {
        &EVENT
    }
}

/// What is filled in for a task: done from some sheet on, before that in part or not at all.
fn filled_task(task: &Task, outside: bool, seed: &[usize], grade: u64, sheet: usize) -> FilledTask {
    const PARTS: [[&str; 4]; 3] = [
        ["0.3", "0.5", "0.6", "0.45"],
        ["0.6", "0.7", "0.8", "0.75"],
        ["0.8", "0.9", "0.933", "0.95"],
    ];
    if outside {
        return FilledTask {
            state: Some(TaskState::Outside),
            ..FilledTask::default()
        };
    }
    let mut numbers = Numbers::new(seed);
    let luck = numbers.below(100) + 8 * grade;
    let done_from = match luck {
        0..60 => 0,
        60..88 => 1,
        88..110 => 2,
        _ => 3,
    };
    let part = numbers.below(4) as usize;
    let not_begun = numbers.chance(30);
    // An accident that must not happen does not happen in part.
    let whole = task.target.as_deref() == Some("不发生");
    let share = if sheet >= done_from || whole {
        Decimal::ONE
    } else if not_begun && sheet < 2 {
        Decimal::ZERO
    } else {
        number(PARTS[sheet][part])
    };
    let known = numbers.chance(70);
    let spread = numbers.below(8);
    FilledTask {
        state: Some(TaskState::Share(share)),
        measured: task
            .goal
            .as_ref()
            .filter(|_| known)
            .map(|goal| measured(goal, share == Decimal::ONE, spread, sheet)),
        evidence: numbers.chance(15).then(|| "见指标佐证材料汇编".to_owned()),
    }
}

/// A measured value that meets the goal or misses it, moving towards it through the year.
fn measured(goal: &Goal, met: bool, spread: u64, sheet: usize) -> Decimal {
    let spread = Decimal::from(spread);
    let hundredths = |percent: Decimal| goal.value * percent / Decimal::ONE_HUNDRED;
    let away = Decimal::from(9 - 3 * sheet) + spread / Decimal::TWO;
    let hundred = Decimal::ONE_HUNDRED;
    let value = match (goal.direction, met) {
        (Direction::AtLeast, true) => hundredths(hundred + spread / Decimal::TWO),
        (Direction::AtLeast, false) => hundredths(hundred - Decimal::ONE - away),
        (Direction::AtMost, true) => hundredths(hundred - spread),
        (Direction::AtMost, false) => hundredths(hundred + Decimal::TWO + away),
    };
    let places = if goal.value < Decimal::ONE { 2 } else { 1 };
    let value = round(value, places);
    if goal.is_percent() {
        value.min(hundred)
    } else {
        value
    }
}
