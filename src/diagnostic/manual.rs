//! The reference of the codes: what each means, an example, the cure. The same texts are printed
//! by `kaohe validate --explain CODE` and make `docs/problems.md`.

use super::code::Code;

/// What the reference says of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// What it means and why it matters.
    pub meaning: &'static str,
    /// A case.
    pub example: &'static str,
    /// What to do.
    pub cure: &'static str,
}

const fn page(
    title: &'static str,
    meaning: &'static str,
    example: &'static str,
    cure: &'static str,
) -> Page {
    Page {
        title,
        meaning,
        example,
        cure,
    }
}

impl Code {
    /// The code with this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }

    /// What the reference says of it.
    pub const fn page(self) -> Page {
        match self {
            Self::UnreadableFile => page(
                "文件读不了",
                "文件不存在、是空的、已经损坏，或者根本不是表格。这个文件里的数一个也没有读，其他文件照常检查。",
                "“武陵区.xlsx”只有 0 字节；“材料.xlsx”其实是一份 PDF。",
                "请让对方重新发一份；不是表格的，请对方另存为 .xlsx 再发。",
            ),
            Self::EncryptedWorkbook => page(
                "工作簿有密码",
                "工作簿加了打开密码，程序读不到里面的内容。",
                "打开“津市市.xlsx”时 Excel 要求输入密码。",
                "用 Excel 或 WPS 打开，在“文件 › 信息 › 保护工作簿”里去掉密码，保存后再交。",
            ),
            Self::HtmlNotWorkbook => page(
                "网页存成了表格的名字",
                "有的系统导出的 .xls 其实是网页（HTML），数的格式和位置都靠不住，所以不读。",
                "“导出.xls”用记事本打开，开头是 <html>。",
                "用 Excel 或 WPS 打开这个文件，另存为 .xlsx 再交。",
            ),
            Self::FileTooLarge => page(
                "文件太大",
                "文件、工作表或单元格的数量远远超出一份考核表，多半是格式刷到了最后一行，或者文件坏了。",
                "一张只有 12 行的表，文件却有 300 兆。",
                "新建一个工作簿，只把有内容的区域复制过去，保存后再交。确实要读这么大的，加 --limit 10 把上限放宽到 10 倍。",
            ),
            Self::NoTableFound => page(
                "没有可识别的表",
                "工作表里找不到程序认识的列标题。整个文件都没有，或者两张表左右错开了行时是错误；\
别的地方有表，只是有些行上面没有列标题时是提醒。",
                "列标题写成了“序号”“得分”，而不是“编号”“填报值”。",
                "按指南改列标题，或者用 kaohe template 生成空白表再填。",
            ),
            Self::DuplicateHeader => page(
                "列标题重复",
                "两列的标题意思相同，或者一个标题下面又分成几列，程序不能替您挑选用哪一列。",
                "D4 和 F4 都是“填报值”。",
                "删掉或改名其中一列。",
            ),
            Self::MissingMetadata => page(
                "没有写明是谁、什么时段",
                "表上没有写被考核单位或者考核时段，这些数不知道该算给谁。单位、时段、轮次、年度没有写在列标题上面时是提醒。",
                "计分表上方有“被考核单位：”，后面是空的。",
                "在表头上方写明“被考核单位”“考核时段”，或者各加一列。",
            ),
            Self::UnknownUnit => page(
                "名册里没有这个单位",
                "单位名称在名册里找不到，别名里也没有。",
                "写的是“五陵区”，名册里是“武陵区”。",
                "按提示改成名册里的名称；单位改名或新设的，补进名册 roster.toml。",
            ),
            Self::UnknownPeriod => page(
                "不认识的考核时段",
                "考核时段不是细则里的任何一个。",
                "写的是“上半年”，细则里是“平时考核”“年终考核”。",
                "改成细则里的时段名称。",
            ),
            Self::UnknownRound => page(
                "细则里没有这一轮",
                "细则给各轮考核定了权重，轮次超出了所定的轮数，这一轮占多少没有规定。",
                "细则写明平时考核两轮，各占 40%、60%；表上的轮次写的是 3。",
                "核对轮次；真的多考核了一轮，先改细则里各轮的权重。",
            ),
            Self::UnknownRule => page(
                "考核细则里没有这个编号",
                "编号对不上这个单位所用细则里的任何一条，这个数不知道该算到哪一条。",
                "区县的表里出现 1⑤，区县的细则里只有 1① 到 1④。",
                "对照细则改正编号。1①、1(1)、1-1、1.1 都认得。项目的标题行（编号只写 1，什么都不填）不算。",
            ),
            Self::UnknownTask => page(
                "任务分解表里没有这个序号",
                "任务序号对不上任务分解表的任何一行。",
                "写的是 8，分解表里第 8 项有 8.1 到 8.4 四行。",
                "对照任务分解表改正序号。",
            ),
            Self::NoTaskCounts => page(
                "没有一项任务计入完成率",
                "这个单位的任务全部写成“不涉及”，完成率没有分母。",
                "35 项任务的完成情况都是“不涉及”。",
                "核对完成情况，至少一项应是完成、未完成或百分比。",
            ),
            Self::NothingApplies => page(
                "全部各条都不涉及",
                "细则规定“不涉及”的条目不计分、其余折算成满分；这张表各条都填了“不涉及”，没有可以折算的。",
                "12 条填报值全部写“不涉及”。",
                "核对填报值，至少有一条是这个单位要做的；整个单位不参加考核的，从名册里去掉。",
            ),
            Self::MissingRule => page(
                "缺一条编号",
                "细则里的这一条在表里没有行（或没有列），程序不会当作没有扣分。",
                "计分表从 1② 直接到了 1④。",
                "补上这一条；没有扣分也要填，怎样填见这一条的填报要求。",
            ),
            Self::MissingValue => page(
                "没有填",
                "该填的格子是空的。空白不等于 0，程序不会替您填。",
                "3① 的填报值是空的。",
                "填上数；一次也没有填 0。",
            ),
            Self::MissingTask => page(
                "缺一项任务",
                "分给这个单位的任务在任务完成情况表里没有行。",
                "区县应有 35 项，表里少了任务 24。",
                "补上这一行；确实不涉及的，完成情况写“不涉及”。",
            ),
            Self::MissingSheet => page(
                "缺一个时段或一轮的表",
                "同类的其他单位交了这个时段、这一轮的表，这个单位没有。",
                "其他区县都有平时考核第 2 轮，安乡县没有。",
                "向这个单位要表；如果是轮次或时段写错了，改正即可。",
            ),
            Self::AbsentUnit => page(
                "单位没有交表",
                "名册里有这个单位，收到的材料里什么也没有。只有要求交齐（--complete）时才报。",
                "名册里有西湖管理区，文件夹里没有它的任何表。",
                "催交；今年不考核的单位从名册里去掉。",
            ),
            Self::MissingReason => page(
                "酌情扣分没有写理由",
                "酌情扣分要经得起被扣单位问一句“为什么”，所以必须写扣分说明。",
                "1③ 扣了 1.5 分，扣分说明是空的。",
                "写明扣分的理由；没有扣分就填 0。",
            ),
            Self::NotANumber => page(
                "不是数",
                "该填数的格子里是文字，或者一格里有两个数。",
                "3① 填了“若干”；填了“1 2”；1② 是次数，填了“1分”。",
                "填数；次数后面可以带“次”“项”，酌情扣的分后面只可以带“分”。",
            ),
            Self::NotAWholeNumber => page(
                "不是整数",
                "次数、项数、轮次只能是整数。",
                "1② 填了 2.5。",
                "填 0、1、2 这样的整数。",
            ),
            Self::NegativeValue => page(
                "小于 0",
                "次数和扣分都从 0 起，不写负号。",
                "酌情扣分填了 -1。",
                "填 0 或者大于 0 的数。",
            ),
            Self::NotYesNo => page(
                "不是“是”或“否”",
                "是非题只认：是/否、有/无、√/×、Y/N、TRUE/FALSE、1/0。",
                "6① 填了“基本设立”。",
                "填“是”或者“否”。",
            ),
            Self::AboveCap => page(
                "超过上限",
                "酌情扣分超过了这一条的分值。次数换算出来的扣分超过分值时自动扣完为止，不算错误。",
                "1③ 最多扣 2 分，填了 3。",
                "改成上限以内的分数。",
            ),
            Self::RateOutOfRange => page(
                "完成率不在 0 到 100% 之间",
                "完成率要写成 93.3%、28/30，或者 0 到 1 之间的小数。单写 93.3 会被当作 9330%。",
                "2 填了 93.3。",
                "写成 93.3%。",
            ),
            Self::NotATaskState => page(
                "看不出任务完成没有",
                "完成情况只认：完成、未完成、不涉及，或者百分比。",
                "完成情况写了“正在推进”。",
                "填完成、未完成、不涉及，或者 80% 这样的百分比。",
            ),
            Self::RateConflict => page(
                "完成率和任务表对不上",
                "又填了完成率，又交了任务完成情况表，两者算出来不一样。",
                "2 填了 95%，任务表是 28/30，即 93.33%。",
                "清空填报的完成率（以任务表为准），或者改正任务完成情况。",
            ),
            Self::TargetMissed => page(
                "写了完成，实际值却没达标",
                "任务写的是完成，实际值没有达到任务分解表的目标。",
                "森林覆盖率目标 ≥45%，实际值 40%，完成情况写“完成”。",
                "改正完成情况，或者改正实际值。",
            ),
            Self::PercentAssumed => page(
                "没有百分号，按百分比读取",
                "目标是百分比，实际值是 0 到 1 之间的数，又没有百分号，程序按百分比读取并提醒您核对。",
                "实际值 0.46，按 46% 读取。",
                "读对了就写成 46%，不再提示；读错了请改正。",
            ),
            Self::TargetMetButUnfinished => page(
                "实际值达标，却没写完成",
                "实际值已经达到目标，完成情况却不是完成。可能另有原因，所以只是提醒。",
                "森林覆盖率目标 ≥45%，实际值 48%，完成情况写“未完成”。",
                "核对完成情况和实际值；都没有错可以不改。",
            ),
            Self::ErrorCell => page(
                "公式出错",
                "格子里是 #REF!、#DIV/0! 这样的错误，不是数。",
                "填报值是 #REF!，公式引用的工作表被删掉了。",
                "改正公式，或者直接填数。",
            ),
            Self::FormulaWithoutValue => page(
                "公式没有计算结果",
                "格子里有公式，文件里却没有存下结果，多半是别的程序生成后没有用 Excel 打开过。",
                "系统导出的表，填报值是 =C7+C8，没有结果。",
                "用 Excel 或 WPS 打开、保存一次再交，或者直接填数。",
            ),
            Self::DateInsteadOfNumber => page(
                "变成了日期",
                "Excel 会把 1-1、8-1、28/30 这样的写法自动变成日期，原来写的已经看不出来了。",
                "编号写 1-1，单元格里成了 1月1日。",
                "把单元格格式改成“文本”，再重新填写。",
            ),
            Self::DuplicateSheet => page(
                "同一单位、时段、轮次交了两份",
                "同一单位、同一时段、同一轮有两份表，程序不能替您挑选用哪一份。",
                "“武陵区.xlsx”和“武陵区(修改).xlsx”都是平时考核第 1 轮。",
                "只留一份；如果是另一轮的，改正轮次。",
            ),
            Self::DuplicateRow => page(
                "同一条填了两次",
                "同一单位、时段、轮次里，同一个编号或任务出现了两行。",
                "两个科室都报了 3①。",
                "只留一行。",
            ),
            Self::WrongYear => page(
                "考核年度不对",
                "表上的考核年度不是细则考核的那一年。",
                "细则是 2019 年，表上写 2018。",
                "核对是不是交错了年份的表；没有错就改正年度。",
            ),
            Self::TaskNotAssigned => page(
                "任务没有分给这个单位",
                "任务分解表里这一项没有这个单位，所以不计入它的完成率。",
                "市审计局的表里有任务 11，牵头和责任单位里没有市审计局。",
                "用不着可以删掉这一行；确有分工请核对任务分解表。",
            ),
        }
    }
}

impl Page {
    /// The page for a terminal.
    pub fn text(&self, code: Code) -> String {
        let Self {
            title,
            meaning,
            example,
            cure,
        } = self;
        format!("{code}：{title}\n\n{meaning}\n\n例：{example}\n办法：{cure}")
    }
}

/// The reference as a page of Markdown.
pub fn markdown() -> String {
    let mut text = String::from(
        "# 问题代码\n\n\
         `kaohe validate` 指出的每个问题都有一个代码，写在方括号里。代码不会改名。\n\
         命令行里可以用 `kaohe validate --explain 代码` 查看同样的说明。\n",
    );
    for code in Code::ALL {
        let Page {
            title,
            meaning,
            example,
            cure,
        } = code.page();
        text += &format!("\n## `{code}` {title}\n\n{meaning}\n\n- 例：{example}\n- 办法：{cure}\n");
    }
    text
}
