//! The keys that a person writes, what they mean, and how they are written.

/// Key, meaning, an example of its line.
const KEYS: &[(&str, &str, &str)] = &[
    ("above", "高于", "above = 90"),
    ("also", "其他写法", "also = [\"平时\"]"),
    ("ask", "考核表上的填写项目", "ask = \"缺席会议次数\""),
    ("at-least", "不低于", "at-least = 20"),
    ("at-most", "不超过", "at-most = 90"),
    (
        "by-period",
        "某一时段另用的数",
        "by-period = { routine = { required = 1 } }",
    ),
    ("cap", "最多扣几分", "cap = 5"),
    ("case", "情形", "[[case]]"),
    ("category", "类别", "[[category]]"),
    (
        "class",
        "类别",
        "class = \"市直有关单位\"，名册里写 [[class]]",
    ),
    ("classes", "所指的类别", "classes = [\"government\"]"),
    ("clause", "考核内容", "[[category.item.clause]]"),
    ("content", "工作内容", "content = \"…\""),
    ("count", "计数单位", "count = \"次\""),
    ("covers", "对应的考核内容", "covers = [\"①\"]"),
    ("cut-ties", "比例线上同分的办法", "cut-ties = \"up\""),
    ("date", "日期", "date = \"2019-12-31\""),
    ("decimals", "保留的小数位数", "decimals = 2"),
    ("each", "每次扣几分", "each = 1"),
    (
        "expect",
        "应得的结果",
        "expect = { \"1①\" = \"3 × 1 = 3\", score = \"100 − 3 = 97\" }",
    ),
    ("given", "填报值", "given = { \"1①\" = 3 }"),
    ("goal", "目标", "goal = { at-least = 20, unit = \"%\" }"),
    (
        "grades",
        "等次",
        "[grades]，下面每个等次一个 [[grades.level]]",
    ),
    ("group", "统称", "[[group]]"),
    ("id", "标识", "id = \"government\""),
    ("indicator", "指标名称", "indicator = \"…\""),
    ("item", "考核项目", "[[category.item]]"),
    ("kind", "计分办法", "kind = \"per-occurrence\""),
    ("lead", "牵头单位", "lead = [\"市生态环境局\"]"),
    ("level", "一个等次", "[[grades.level]]"),
    ("lost-by", "扣分的答案", "lost-by = \"否\""),
    ("mark", "序号", "mark = \"①\""),
    ("measures", "实际值的名称", "measures = \"…\""),
    ("method", "考核方式", "method = [\"查资料\"]"),
    ("name", "名称", "name = \"…\""),
    ("nature", "指标属性", "nature = \"约束性\""),
    ("no", "序号", "no = 1，任务表里写 no = \"8.1\""),
    (
        "not-applicable",
        "填“不涉及”怎么计分",
        "not-applicable = \"full\"",
    ),
    ("note", "说明", "note = \"…\""),
    ("period", "时段", "[[period]]"),
    ("points", "分值", "points = 10"),
    ("ranking", "排名办法", "[ranking]"),
    ("rate", "完成率的来源", "rate = \"tasks\""),
    ("required", "要求几次", "required = 4"),
    (
        "responsible",
        "责任单位",
        "responsible = [\"市发改委\"]，没有的写 []",
    ),
    ("round", "轮次", "round = 2"),
    ("round-weights", "各轮的权重", "round-weights = [0.4, 0.6]"),
    ("rounds", "多次考核的合并办法", "rounds = \"mean\""),
    ("rubric", "所用的细则", "rubric = \"government\""),
    ("rule", "计分方法", "[[category.item.rule]]"),
    ("share", "占这一类单位的比例", "share = 0.2"),
    (
        "sheets",
        "各张考核表",
        "sheets = [{ period = \"routine\", given = { \"1①\" = 3 } }]",
    ),
    ("source", "依据", "source = \"…考核细则\""),
    ("target", "指标值", "target = \"≥20%\""),
    ("task", "任务", "[[task]]"),
    ("tasks", "任务表文件", "tasks = \"tasks.toml\""),
    ("text", "原文", "text = \"…\""),
    (
        "tie-breakers",
        "同分时依次比较的项目",
        "tie-breakers = [2, 4]",
    ),
    ("ties", "同分名次的排法", "ties = \"skip\""),
    ("title", "标题", "title = \"…\""),
    ("total", "总分", "total = 100"),
    ("unit", "单位", "unit = \"%\""),
    ("units", "单位", "units = [{ name = \"…\" }]"),
    (
        "uses",
        "考核结果的运用",
        "uses = [\"作为评先评优依据的考核结果\"]",
    ),
    ("version", "版本", "version = \"2019.1\""),
    ("weight", "权重", "weight = 0.5"),
    ("year", "年度", "year = 2019"),
];

/// Below this, two keys have nothing to do with each other.
const NEAR: f64 = 0.75;

/// A key as messages name it: `“points”（分值）`.
pub(super) fn title(key: &str) -> String {
    match KEYS.iter().find(|(known, ..)| *known == key) {
        Some((_, meaning, _)) => format!("“{key}”（{meaning}）"),
        None => format!("“{key}”"),
    }
}

/// What people call a key.
pub(super) fn meaning(key: &str) -> Option<&'static str> {
    let known = KEYS.iter().find(|(known, ..)| *known == key);
    known.map(|(_, meaning, _)| *meaning)
}

/// What a key means and how it is written, in one line.
pub(super) fn about(key: &str) -> String {
    match KEYS.iter().find(|(known, ..)| *known == key) {
        Some((_, meaning, _)) => format!("{meaning}。{}", example(key)),
        None => example(key),
    }
}

/// How the key is written.
pub(super) fn example(key: &str) -> String {
    match KEYS.iter().find(|(known, ..)| *known == key) {
        Some((.., example)) => format!("写法：{example}"),
        None => format!("写法：{key} = …"),
    }
}

/// What may have been meant by a key that is not known here: the nearest of those that are, or
/// all of them.
pub(super) fn nearest(name: &str, known: &[&'static str]) -> String {
    match near(name, known.iter().copied()) {
        Some(key) => format!("是不是{}？", title(key)),
        None => format!("这里可以写：{}", known.join("、")),
    }
}

/// The word that is nearest to `name`, if any is near.
pub(super) fn near(name: &str, known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let nearness = |known: &str| strsim::jaro_winkler(known, name);
    let nearest = known.max_by(|a, b| nearness(a).total_cmp(&nearness(b)))?;
    (nearness(nearest) >= NEAR).then_some(nearest)
}
