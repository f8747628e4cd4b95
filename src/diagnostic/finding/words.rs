//! The words for each problem: what is wrong, with the value found, and something a clerk can
//! do next. No other file words a finding.

use super::{Finding, NearMiss, Want};
use crate::decimal::{self, plain};
use crate::text::{begins_with_digit, has_parted_digits, key, shown};

/// How much of a cell's text a message repeats.
const QUOTED: usize = 40;

/// A value as a message quotes it.
fn quoted(found: &str) -> String {
    format!("“{}”", shown(found, QUOTED))
}

/// Whether a text says points: a number with 分 behind it.
fn is_points(found: &str) -> bool {
    let number = key(found).strip_suffix('分').and_then(decimal::parse);
    number.is_some()
}

/// The headers of every layout, for a clerk whose sheet has none of them.
const LAYOUTS: &str = "计分表要有“编号”“填报值”两列；明细表要有“被考核单位”“考核时段”“编号”“填报值”；\
汇总表要有“被考核单位”“考核时段”和各编号列；任务表要有“任务序号”“完成情况”";

impl Finding {
    /// What is wrong, with the value found.
    pub fn message(&self) -> String {
        match self {
            Self::File(fault) => fault.message(),
            Self::NoTableInFile { near } => near.as_ref().map_or_else(
                || "整个文件里没有找到可识别的表".to_owned(),
                |near| format!("没有找到可识别的表：{}", near.words()),
            ),
            Self::NoTableInSheet { near } => near.as_ref().map_or_else(
                || "这张工作表里没有可识别的表，未读取".to_owned(),
                |near| format!("这张工作表没有读取：{}", near.words()),
            ),
            Self::RowsOutside { rows } => {
                format!("从这里起 {rows} 行像是填报的数据，上面却没有可识别的列标题，未读取")
            }
            Self::TasksAmongRules => {
                "“任务序号”“完成情况”和计分的列混在一起，任务没有读取".to_owned()
            }
            Self::TableBeside => "这里另有一张表，和旁边的表错开了行，没有读取".to_owned(),
            Self::LabelBelowHeader => {
                "单位、时段、轮次或年度没有写在列标题上面，没有读取".to_owned()
            }
            Self::NoRows { .. } => "表头下面没有一行数据".to_owned(),
            Self::DuplicateHeader { header, first } => {
                format!("列标题{}重复，前面 {first} 已有一列", quoted(header))
            }
            Self::MissingMetadata { label } => format!("没有写明“{label}”"),
            Self::UnknownUnit { found, nearest } => match nearest {
                Some(nearest) => format!("名册里没有{}，最接近的是“{nearest}”", quoted(found)),
                None => format!("名册里没有{}", quoted(found)),
            },
            Self::UnknownPeriod { found, .. } => format!("不认识的考核时段{}", quoted(found)),
            Self::BadRound { found, most } => {
                format!("轮次{}不是 1 到 {most} 的整数", quoted(found))
            }
            Self::UnknownRound {
                found,
                period,
                rounds,
            } => format!("细则里{period}只有 {rounds} 轮，没有第 {found} 轮"),
            Self::WrongYear { found, year } => {
                format!("考核年度写的是{}，本细则考核的是 {year} 年", quoted(found))
            }
            Self::UnknownRule { found, .. } => format!("考核细则里没有编号{}", quoted(found)),
            Self::BlankId { label, value } => {
                format!("这一行填了{}，“{label}”却是空的", quoted(value))
            }
            Self::UnknownTask { found } => format!("任务分解表里没有任务序号{}", quoted(found)),
            Self::TaskNotAssigned { task, unit } => {
                format!("任务 {task} 没有分给{unit}，不计入完成率")
            }
            Self::MissingRule {
                rule, ask, units, ..
            } => match units {
                0 | 1 => format!("缺编号 {rule}：{ask}"),
                _ => format!("缺编号 {rule} 这一列，{units} 个单位都没有数：{ask}"),
            },
            Self::MissingValue { rule, ask, .. } => format!("编号 {rule} 没有填：{ask}"),
            Self::MissingRate { rule, uses_tasks } => match uses_tasks {
                true => format!("编号 {rule} 的完成率没有填，也没有交任务完成情况表"),
                false => format!("编号 {rule} 的完成率没有填"),
            },
            Self::MissingState { task, title } => format!("任务 {task}（{title}）的完成情况没有填"),
            Self::MissingTask { task, title } => {
                format!("任务完成情况表里缺任务 {task}（{title}）")
            }
            Self::NoTaskCounts { rule } => {
                format!("全部任务都是“不涉及”，编号 {rule} 的完成率无从计算")
            }
            Self::NothingApplies { unit } => {
                format!("{unit}这一轮的各条全部填了“不涉及”，没有可以折算的得分")
            }
            Self::MissingSheet {
                unit,
                period,
                round,
                others,
            } => match others {
                true => format!("{unit}缺{period}第 {round} 轮的计分表，同类其他单位已有"),
                false => format!("{unit}缺{period}第 {round} 轮的计分表"),
            },
            Self::AbsentUnit { unit, class } => format!("{unit}（{class}）什么表都没有交"),
            Self::MissingReason { rule, points } => {
                format!("编号 {rule} 酌情扣了 {} 分，没有写扣分说明", plain(*points))
            }
            Self::NotANumber { rule, found, want } => {
                let why = match want {
                    _ if has_parted_digits(found) => "数字被空格或者换行隔开，不是一个数",
                    Want::Count if is_points(found) => "是分数，不是次数",
                    Want::Points if begins_with_digit(found) => "不是分数",
                    _ => "不是数",
                };
                format!("编号 {rule} 填的是{}，{why}", quoted(found))
            }
            Self::NotAWholeNumber { rule, found } => {
                format!("编号 {rule} 填的是{}，次数、项数应是整数", quoted(found))
            }
            Self::NegativeValue { rule, found } => {
                format!("编号 {rule} 填的是{}，小于 0", quoted(found))
            }
            Self::NotYesNo { rule, found } => {
                format!("编号 {rule} 填的是{}，不是“是”或“否”", quoted(found))
            }
            Self::AboveCap { rule, found, cap } => format!(
                "编号 {rule} 扣 {} 分，超过这一条的上限 {} 分",
                plain(*found),
                plain(*cap)
            ),
            Self::RateOutOfRange { rule, found, .. } => {
                format!("编号 {rule} 的完成率{}不在 0 到 100% 之间", quoted(found))
            }
            Self::NotATaskState { task, found } => {
                format!(
                    "任务 {task} 的完成情况写的是{}，看不出完成没有",
                    quoted(found)
                )
            }
            Self::MeasuredNotANumber { task, found, goal } => {
                format!(
                    "任务 {task} 的实际值{}不能同目标 {goal} 比较",
                    quoted(found)
                )
            }
            Self::RateConflict {
                rule,
                typed,
                counted,
                computed,
            } => format!(
                "编号 {rule} 填的完成率是{}，任务完成情况表算出来是 {counted}，即 {computed}",
                quoted(typed)
            ),
            Self::TargetMissed {
                task,
                measured,
                goal,
            } => {
                format!(
                    "任务 {task} 写的是完成，实际值{}却没有达到目标 {goal}",
                    quoted(measured)
                )
            }
            Self::TargetMetButUnfinished {
                task,
                state,
                measured,
                goal,
            } => format!(
                "任务 {task} 写的是{}，实际值{}却已达到目标 {goal}",
                quoted(state),
                quoted(measured)
            ),
            Self::PercentAssumed { found, read } => {
                format!("实际值{}没有百分号，按 {read} 读取", quoted(found))
            }
            Self::ErrorCell { found } => format!("单元格里是公式错误 {}", shown(found, QUOTED)),
            Self::FormulaWithoutValue => "单元格里的公式没有计算结果".to_owned(),
            Self::DateInsteadOfNumber { found, what, .. } => {
                format!("这里应是{what}，单元格里却是日期{}", quoted(found))
            }
            Self::DuplicateSheet { what, first } => {
                format!("{what}交了两份，前一份在 {first}")
            }
            Self::More { count, .. } => {
                format!("这个文件里，同一种问题还有 {count} 处，没有一一列出")
            }
            Self::DuplicateRow { what, first } => format!("{what} 填了两次，前一次在 {first}"),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::File(fault) => fault.help(),
            Self::NoTableInFile { .. } => {
                format!("{LAYOUTS}。也可以用 kaohe template 生成空白表再填")
            }
            Self::NoTableInSheet { .. } => {
                format!("如果这张表要计分，请改列标题：{LAYOUTS}；不计分就不用管")
            }
            Self::RowsOutside { .. } => {
                format!("如果要计分，请在这些行上面写列标题：{LAYOUTS}；不计分就不用管")
            }
            Self::TasksAmongRules => {
                "如果任务要计完成率，请把任务移到单独的表里；不计就不用管".to_owned()
            }
            Self::TableBeside => {
                "请把两张表的列标题放在同一行，或者上下排列、分成两张工作表".to_owned()
            }
            Self::LabelBelowHeader => "请写到它那张表的列标题上面；不用写的请删掉".to_owned(),
            Self::NoRows { whole_file: true } => {
                "请填上数据；如果这个文件用不着，请从文件夹里拿走".to_owned()
            }
            Self::NoRows { whole_file: false } => "要填的请填上数据；用不着的表可以不管".to_owned(),
            Self::DuplicateHeader { .. } => {
                "请删掉或改名其中一列，程序不会替您挑选用哪一列".to_owned()
            }
            Self::MissingMetadata { label } => {
                format!("请在表头上方写“{label}：……”，或者加一列“{label}”")
            }
            Self::UnknownUnit { nearest, .. } => match nearest {
                Some(nearest) => {
                    format!("如果就是“{nearest}”，请改成这个名称；否则请核对名册 roster.toml")
                }
                None => {
                    "请写名册里的单位名称；单位改名或新设的，请先补进名册 roster.toml".to_owned()
                }
            },
            Self::UnknownPeriod { known, .. } => format!("请写{}", alternatives(known)),
            Self::BadRound { .. } => "请写 1、2、3……，只有一轮的写 1 或者不写".to_owned(),
            Self::UnknownRound { rounds, .. } => {
                format!("请核对轮次，写 1 到 {rounds}；真的多考核了一轮，请先改细则里各轮的权重")
            }
            Self::WrongYear { year, .. } => {
                format!("请核对是不是交错了年份的表；没有错就改成 {year}")
            }
            Self::UnknownRule { known, .. } => format!("这个单位的编号有：{}", known.join("、")),
            Self::BlankId { label, .. } => format!("请补上“{label}”；这个数用不着就清空"),
            Self::UnknownTask { .. } => {
                "请按任务分解表写序号，一个序号下有几行的写成 8.1、8.2".to_owned()
            }
            Self::TaskNotAssigned { .. } => {
                "用不着可以删掉这一行；确有分工请核对任务分解表".to_owned()
            }
            Self::MissingRule { rule, hint, .. } => {
                format!("请补上编号 {rule}，没有扣分也要填。{hint}")
            }
            Self::MissingValue { hint, .. } => format!("空白不算 0。{hint}"),
            Self::MissingRate { uses_tasks, .. } => {
                let typed = "请填 93.3% 或者 28/30 这样的完成率";
                match uses_tasks {
                    true => format!("{typed}，或者交任务完成情况表"),
                    false => typed.to_owned(),
                }
            }
            Self::MissingState { .. } | Self::NotATaskState { .. } => {
                "请填：完成、未完成、不涉及，或者 80% 这样的百分比".to_owned()
            }
            Self::MissingTask { task, .. } => {
                format!("请补上任务 {task} 这一行；确实不涉及的，完成情况写“不涉及”")
            }
            Self::NothingApplies { .. } => {
                "请核对：至少有一条是这个单位要做的；整个单位都不参加考核的，从名册里去掉"
                    .to_owned()
            }
            Self::NoTaskCounts { .. } => {
                "请核对：至少要有一项任务是完成、未完成或百分比".to_owned()
            }
            Self::MissingSheet {
                unit,
                period,
                round,
                ..
            } => {
                format!("请向{unit}要{period}第 {round} 轮的计分表；如果轮次或时段写错了，请改正")
            }
            Self::AbsentUnit { unit, .. } => {
                format!("请向{unit}催交；今年不考核的单位请从名册 roster.toml 里去掉")
            }
            Self::MissingReason { .. } => "请写明扣分的理由；没有扣分就填 0".to_owned(),
            Self::NotANumber { found, want, .. } => match want {
                Want::Count if is_points(found) => {
                    "请填次数，不是分数：0、1、2 这样的整数，没有就填 0 或者“无”".to_owned()
                }
                Want::Count => "请填 0、1、2 这样的整数，没有就填 0 或者“无”".to_owned(),
                Want::Points => "请填要扣的分数，后面只可以带“分”，不扣填 0".to_owned(),
                Want::Rate => "请填 93.3% 或者 28/30 这样的完成率".to_owned(),
            },
            Self::NotAWholeNumber { .. } => "请填 0、1、2 这样的整数".to_owned(),
            Self::NegativeValue { .. } => "请填 0 或者大于 0 的数，不用写负号".to_owned(),
            Self::NotYesNo { .. } => "请填“是”或者“否”".to_owned(),
            Self::AboveCap { cap, .. } => format!("请改成 0 到 {} 之间的分数", plain(*cap)),
            Self::RateOutOfRange { found, bare, .. } => match bare {
                true => format!("如果是百分之{found}，请写成 {found}%"),
                false => "请填 0 到 100% 之间的完成率，例如 93.3% 或者 28/30".to_owned(),
            },
            Self::MeasuredNotANumber { goal, .. } => {
                format!("请填一个数，单位同目标 {goal} 一致；没有实测数就清空这一格")
            }
            Self::RateConflict { .. } => {
                "请清空填报的完成率（以任务表为准），或者改正任务完成情况".to_owned()
            }
            Self::TargetMissed { .. } => {
                "请核对：实际值没错，完成情况就改成未完成或百分比；确已达标，请改正实际值"
                    .to_owned()
            }
            Self::TargetMetButUnfinished { .. } => {
                "请核对完成情况和实际值，两者都没错可以不改".to_owned()
            }
            Self::PercentAssumed { read, .. } => {
                format!("如果读对了，请写成 {read} 就不再提示；读错了请改正")
            }
            Self::ErrorCell { .. } => "请改正公式，或者直接填数".to_owned(),
            Self::FormulaWithoutValue => {
                "请用 Excel 或 WPS 打开、保存一次再交，或者直接填数".to_owned()
            }
            Self::DateInsteadOfNumber { guess, what, .. } => match guess {
                Some(guess) => format!(
                    "Excel 把{what}变成了日期。请把单元格格式改成“文本”，再重新填写，例如 {guess}"
                ),
                None => format!("请把单元格格式改成“常规”，再重新填写{what}"),
            },
            Self::DuplicateSheet { .. } => {
                "请只留一份；如果是另一轮的表，请改正轮次或考核时段".to_owned()
            }
            Self::More { .. } => {
                "多半是同一个毛病重复了许多次：请先改好列出的，再检查一次".to_owned()
            }
            Self::DuplicateRow { .. } => "请只留一行，程序不会替您挑选用哪一行".to_owned(),
        }
    }
}

impl NearMiss {
    /// What is there and what lacks.
    fn words(&self) -> String {
        format!(
            "有{}，缺{}",
            self.there.iter().map(|h| quoted(h)).collect::<String>(),
            self.lacking.iter().map(|h| quoted(h)).collect::<String>()
        )
    }
}

/// “平时考核”或“年终考核”
fn alternatives(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("“{name}”")).collect();
    names.join("或")
}
