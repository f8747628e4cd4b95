//! The codes of findings in rubric files: stable names, each with what it means.

use std::fmt::Write;

use super::Weight::{self, Error, Open, Warning};

/// What the reference says of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RubricCode {
    /// Its name. The names are a promise: they never change.
    pub name: &'static str,
    /// How much it weighs.
    pub weight: Weight,
    /// What it means.
    pub meaning: &'static str,
    /// What to do.
    pub cure: &'static str,
}

/// Writes the table.
macro_rules! codes {
    ($($weight:ident $name:literal $meaning:literal $cure:literal)*) => {
        /// Every code and its meaning, in the order of the alphabet.
        pub const RUBRIC_CODES: &[RubricCode] = &[$(RubricCode {
            name: $name,
            weight: $weight,
            meaning: $meaning,
            cure: $cure,
        }),*];
    };
}

codes! {
    Open "appeals"
        "原文没有写单位对得分有异议怎么办"
        "请定下复核的期限和办法；改判的，改收到的表以后重新计分"
    Open "applies-to-whom"
        "计分方法只提到牵头单位，却列在一类全部单位的考核表里"
        "请定下是全部单位都考，还是只考牵头单位；只考一部分的，另立一类、另写一份细则"
    Error "bad-date" "日期不存在，或者写法不对" "写成年-月-日，如 \"2019-12-31\""
    Error "bad-id" "标识里有小写英文字母、数字、短横线以外的字符" "改用小写英文字母，如 \"six-zone\""
    Error "bad-mark" "序号不是 ①、②、③ 这样的写法" "照原文写 ①、②、③"
    Error "bad-task-number" "任务序号不是 7、8.1 这样的写法" "写成 \"7\"，一项分几行的写成 \"8.1\"、\"8.2\""
    Warning "cap-not-clauses"
        "cap（最多扣几分）和所对应考核内容的分值不同"
        "请核对原文；扣完为止的，删去 cap，程序就按考核内容的分值算"
    Warning "cap-out-of-reach"
        "一条计分方法扣到底也扣不完它的分值"
        "请核对每次扣几分、要求几次和分值；原文就是这样的，在 note 里写明"
    Warning "cap-passed-at-once"
        "一条计分方法扣一次就超过了它的分值，多出来的扣不到"
        "请核对每次扣几分和分值；原文就是这样的，在 note 里写明"
    Error "caps-above-item"
        "一个项目各条计分方法最多扣的分，合起来超过了项目的分值"
        "请核对分值、covers 和 cap"
    Warning "clause-covered-twice"
        "一条计分方法的 covers 把同一款考核内容写了两次，分值就算了两次"
        "请删去重复的序号"
    Warning "clause-without-rule"
        "一款考核内容没有计分方法，它的分谁也扣不到"
        "请核对 covers；原文没有计分方法的，在 note 里写明"
    Warning "clauses-not-item"
        "各款考核内容的分值加起来不是项目的分值"
        "请核对分值；原文就是这样的，在 note 里写明"
    Warning "clauses-rules-unpaired"
        "考核内容和计分方法的序号对不上，对应关系是录入时定的"
        "请核对 covers 的对应是不是原文的意思，在 note 里写明"
    Error "duplicate-case" "自测里两个情形的名称相同" "改掉一个名称"
    Error "duplicate-class" "名册里一个类别写了两次" "把两处合为一处"
    Error "duplicate-clause" "一个项目里两款考核内容的序号相同" "改掉一个序号"
    Error "duplicate-grade" "两个等次的名称相同" "改掉一个名称"
    Error "duplicate-group" "统称重复，或者和单位同名" "改掉一个名称"
    Error "duplicate-item" "两个考核项目的序号相同" "改掉一个序号"
    Error "duplicate-period" "两个时段的标识或名称相同" "改掉一个"
    Error "duplicate-rubric" "两份细则的标识相同" "改掉一个标识，或者移走一份"
    Error "duplicate-rule" "一个项目里两条计分方法的序号相同" "改掉一个序号"
    Error "duplicate-task" "两项任务的序号相同" "改掉一个序号"
    Error "duplicate-unit"
        "两个单位用了同一个名称或写法，或者一个单位列在两类里"
        "改掉或删去一个"
    Error "empty-text" "引号里没有文字" "填上；可以不写的，删去整行"
    Warning "figure-not-in-text"
        "数字和旁边照录的原文不一样"
        "请核对是数字写错了，还是原文录错了"
    Warning "finer-than-decimals"
        "每次扣的分比保留的小数位数还细，扣的时候就四舍五入了"
        "请核对 decimals，或者每次扣几分"
    Error "goal-bounds" "目标没有写数值，或者上下限都写了" "at-least、at-most 只写一个"
    Warning "goal-not-target"
        "goal（用来核对的目标）和照录的指标值不一样"
        "请核对数值、单位和方向；原文有误的，在 note 里写明"
    Error "grade-conditions" "等次的条件不成一个从高到低的次序" "等次从高到低写，最后一个不写条件"
    Warning "grade-out-of-reach"
        "一个等次的分数线比满分还高，或者按比例一个名额也没有"
        "请核对分数线、比例和这一类的单位数"
    Open "grades"
        "原文没有写怎样分等次"
        "要分优秀、良好等等次的，请定下界限，在细则里写 [grades]"
    Warning "headings-not-total"
        "各个类别标题上的分值加起来不是总分"
        "请核对标题；计分以各项为准"
    Error "hidden-character"
        "名称里有看不见的字符（控制字符、零宽字符、改变文字方向的字符），和收到的表对不上"
        "把名称全删掉，重新打一遍"
    Open "incomplete-unit"
        "原文没有写单位少交一个时段或一轮的表怎么办"
        "请定下补交的期限，逾期怎么处理"
    Open "item-periods"
        "原文没有写哪些项目只在平时考核、哪些只在年终考核"
        "请定下各时段考哪些项目"
    Warning "items-not-heading"
        "类别标题上的分值和下面各项的合计不同"
        "请核对原文；计分以各项为准"
    Warning "items-not-total"
        "各个项目的分值加起来不是总分"
        "请核对各项和总分；计分以各项为准"
    Error "key-of-another-kind" "用了别的计分办法、合并办法的键" "删去这个键，或者换一种办法"
    Error "missing-key" "少了必须写的键" "照提示补上"
    Error "negative-number" "数字小于 0" "扣几分写正数"
    Warning "no-cap-in-text"
        "原文这一条没有写“扣完为止”"
        "请定下是不是以分值为限，在 note 里写明"
    Error "no-roster" "没有名册" "在细则文件夹里放一份 roster.toml"
    Error "no-rubric" "没有考核细则" "在细则文件夹里放一份细则"
    Error "not-a-whole-number" "要写整数，或者超出范围" "写整数"
    Open "not-applicable"
        "原文没有写一条不适用于某个单位（不涉及、缺项）怎么办"
        "请定下是满分、不得分，还是按其余各条折算，在细则里写 not-applicable"
    Error "number-out-of-range" "数字太大，或者不是普通的写法" "写成 5、0.5 这样的数字"
    Open "one-answer-for-many"
        "一个“是”或“否”要管好几处、好几个单位"
        "请定下有一处没有的算“是”还是算“否”"
    Open "rounding"
        "原文没有写怎样取小数"
        "请定下保留几位小数、在哪几步取，在细则里写 decimals"
    Open "rounds-combine"
        "原文没有写一个时段考几次、几次怎样合成一个分"
        "请定下次数和合并办法，在细则里写 rounds"
    Warning "rubric-without-class"
        "名册里没有一个类别用这份细则，谁也不由它计分"
        "在名册里加上这个类别，或者移走这份细则"
    Warning "rule-takes-nothing"
        "一条计分方法怎么填也扣不到分"
        "请核对每次扣几分、要求几次和分值"
    Warning "rule-without-clause"
        "项目有几款考核内容、几条计分方法，这一条没有写对应哪一款"
        "写上 covers，如 covers = [\"①\"]"
    Error "second-roster" "名册不止一份" "合为一份"
    Error "syntax" "不合 TOML 的写法" "照提示改这一行"
    Warning "target-beyond-full"
        "要求一个比例不低于或超过100%"
        "请核对原文；按100%执行的，在 note 里写明"
    Warning "target-without-goal"
        "指标值是数，却没有写 goal，实际值就没有核对"
        "写上 goal，如 goal = { at-least = 20, unit = \"%\" }"
    Warning "task-figures-differ"
        "一项任务的工作内容和指标栏说的数不一样"
        "请核对以哪一个为准，在 note 里写明"
    Warning "task-for-nobody"
        "一项任务没有单位，或者单位的细则不用这份任务表，谁的完成率也不算它"
        "请核对牵头单位、责任单位和名册"
    Warning "task-names-differ"
        "一项任务的工作内容和指标栏说的不是同一件事"
        "请核对实际值填哪一个，在 note 里写明"
    Open "task-weights"
        "原文没有写各项任务的分量，也没有写完成率怎样算"
        "请定下各项任务的分量是否相同、部分完成怎样算"
    Warning "task-without-lead" "一项任务没有牵头单位" "请核对原文，定下由谁牵头"
    Warning "task-without-target"
        "一项任务没有指标，或者有指标没有指标值，完成没完成只能由单位自己说"
        "请定下怎样算完成、凭什么材料认定"
    Warning "tasks-contradict"
        "两项任务对同一件事的要求不一样"
        "请核对以哪一项为准，在 note 里写明"
    Error "tasks-not-named" "完成率取自任务表，却没有写是哪一份" "在文件开头写 tasks = \"tasks.toml\""
    Open "ties"
        "原文没有写总分相同怎样排名"
        "请定下并列以后名次空不空、要不要再比哪几项，在细则里写 [ranking]"
    Warning "unit-without-task"
        "一个单位在任务表里没有任务，完成率算不出来"
        "在任务表里补上这个单位，或者由填表人填完成率"
    Error "unknown-clause" "计分方法所对应的考核内容不存在" "照提示改 covers"
    Error "unknown-file" "所写的任务表文件不存在，或者不是任务表" "写同一文件夹里的任务表文件名"
    Error "unknown-item" "所写的考核项目不存在" "照提示改"
    Error "unknown-key" "不认识的键" "照提示改；说明文字前面加 #"
    Error "unknown-kind" "不认识的计分办法" "从提示的几种里选一种"
    Error "unknown-period" "所写的时段不存在" "照提示改"
    Error "unknown-rubric" "所写的细则不存在" "照提示改"
    Error "unknown-unit" "任务里的单位不在名册里，也就不在任何一类里" "照提示改，或者在名册里加上"
    Error "unknown-word" "只能从几个词里选一个，写了别的" "照提示选一个"
    Warning "unused-figure"
        "by-period 里写的数和这一条本来的数一样，写不写都是一回事"
        "请核对数字，或者删去 by-period"
    Warning "unused-group" "统称没有一项任务用到" "请核对任务里的写法，或者删去这个统称"
    Warning "unused-period" "时段的权重是 0，考了也不算分" "请核对权重，或者删去这个时段"
    Warning "unused-tasks"
        "任务表没有用上：没有细则用它，或者细则没有一条计分方法取自任务表"
        "请核对 tasks 和 rate，或者移走任务表"
    Error "weight-out-of-range" "权重不在 0 到 1 之间" "50% 写成 0.5"
    Error "weights-not-one" "各时段或各轮的权重加起来不是 1" "如平时 0.5、年终 0.5"
    Error "wrong-type" "值的种类不对，如文字写成了数字" "照提示加上或去掉引号"
    Error "year-mismatch" "细则和任务表的年度不同" "请核对年度，或者换一份任务表"
    Open "yearly-count"
        "要求的是全年的次数，原文没有写年中考核时应完成几次"
        "请定下年中要求几次，在计分方法里写 by-period"
}

impl RubricCode {
    /// The code with this name.
    pub fn of_name(name: &str) -> Option<&'static Self> {
        RUBRIC_CODES.iter().find(|code| code.name == name)
    }
}

/// What the reference page says first.
const INTRODUCTION: &str = "\
# 细则检查的代码

`kaohe rubric check` 查出的每一处都带一个代码，代码不会变；`kaohe rubric check --explain 代码` 说明它的意思。退出状态：有错误是 2；只有提醒、需明确的是 0，
加 `--strict` 时有提醒是 1。

`--format json` 给程序用（`kaohe.rubric-check/1`）：`errors`、`warnings`、`open` 是三种各有几处；`rubrics` 是每份细则的分由什么决定；`findings` 是每一处的
`code`、`severity`（error、warning、open）、`file`、`line`、`column`（都从 1 数，列按字数）、`text`（那一行，很长的是前 1000 字）、`message`、`quote`（原文）、`note`（已注明的）、`help`。
没有的是 null。
";

/// The reference page of all codes.
pub fn markdown() -> String {
    let mut page = INTRODUCTION.to_owned();
    let parts = [
        (Error, "错误：算不了，改好才能用"),
        (Warning, "提醒：算得了，但是原文或者录入看来有误"),
        (
            Open,
            "需明确：原文没有写，程序先定了一种算法，请考核办公室定下来",
        ),
    ];
    for (weight, title) in parts {
        // A string takes any text: these writes cannot fail.
        let _ = write!(
            page,
            "\n## {title}\n\n| 代码 | 意思 | 怎么办 |\n|---|---|---|\n"
        );
        for code in RUBRIC_CODES.iter().filter(|code| code.weight == weight) {
            let _ = writeln!(
                page,
                "| `{}` | {} | {} |",
                code.name, code.meaning, code.cure
            );
        }
    }
    page
}
