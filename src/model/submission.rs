//! What was handed in, as written: tables of a known layout, every field with its cell.
//!
//! Nothing is judged here. Names are not yet in the roster, values not yet held to a rule;
//! `check::records` does that.

use std::sync::Arc;

use crate::decimal::Decimal;
use crate::diagnostic::Finding;
use crate::location::{Address, Source};

/// One table of a known layout.
#[derive(Clone, Debug)]
pub struct Table {
    /// The sheet that it stands in.
    pub source: Source,
    /// Which layout it has.
    pub layout: Layout,
    /// The header cell of the ids: 编号, 任务序号, or (wide) the unit.
    pub header: Address,
    /// The header cell of the values: 填报值, 完成情况, or (wide) the first rule.
    pub value_header: Address,
    /// What the label cells above it say.
    pub above: Arc<Context>,
    /// What is wrong with the table as a whole.
    pub faults: Vec<Fault>,
    /// Its rows; a wide row is one for each of its rule columns.
    pub rows: Vec<Row>,
}

/// Something wrong with a table as a whole, at a cell.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The cell.
    pub address: Address,
    /// What is wrong.
    pub finding: Finding,
}

/// The layouts of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// 计分表: a rule a row, the unit in label cells above.
    Form,
    /// 明细表: a rule of a unit a row.
    Long,
    /// 汇总表: a unit a row, a rule a column.
    Wide,
    /// 任务完成情况 of one unit, which stands in label cells above.
    TaskForm,
    /// 任务完成情况 of several units, which stand in a column.
    TaskList,
}

/// One value that was handed in.
#[derive(Clone, Debug)]
pub struct Row {
    /// Whose it is, and of when.
    pub context: Arc<Context>,
    /// 编号 or 任务序号.
    pub id: Field,
    /// 填报值 or 完成情况.
    pub value: Field,
    /// 扣分说明.
    pub reason: Option<Field>,
    /// 佐证材料.
    pub evidence: Option<Field>,
    /// 自查值: what the unit claims of itself, never scored.
    pub claim: Option<Field>,
    /// 实际值 of a task.
    pub measured: Option<Field>,
}

/// Whose a row is, and of when, as written.
#[derive(Debug, PartialEq)]
pub struct Context {
    /// 被考核单位.
    pub unit: Field,
    /// 考核时段.
    pub period: Field,
    /// 轮次, where it is stated.
    pub round: Option<Field>,
    /// 考核年度, where it is stated.
    pub year: Option<Field>,
}

/// A cell as written. A field that is not there at all points to the nearest cell that is.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its address.
    pub address: Address,
    /// What stands there.
    pub written: Written,
    /// Whether a formula stands behind it.
    pub formula: bool,
}

/// What stands in a cell, numbers already exact.
#[derive(Clone, Debug, PartialEq)]
pub enum Written {
    /// Nothing.
    Blank,
    /// Text, as it stands.
    Text(String),
    /// A number; `percent` where the cell shows it as a percentage (then 0.5 is shown as 50%).
    Number {
        /// The number that the file holds.
        number: Decimal,
        /// Whether its format shows a percentage.
        percent: bool,
    },
    /// A number too large, or no number at all, as the file has it.
    OutOfRange(String),
    /// TRUE or FALSE.
    Bool(bool),
    /// A date, as it reads.
    Date(String),
    /// An error such as `#REF!`.
    Error(String),
    /// A formula that was never calculated.
    Uncalculated,
}

impl Field {
    /// A field of which there is nothing, near `address`.
    pub const fn blank(address: Address) -> Self {
        Self {
            address,
            written: Written::Blank,
            formula: false,
        }
    }

    /// Whether nothing stands there.
    pub fn is_blank(&self) -> bool {
        self.written == Written::Blank
    }

    /// What stands there, as text: the text itself, `93.3%` for a percent cell, `TRUE`.
    pub fn text(&self) -> String {
        self.written.text()
    }
}

impl Written {
    /// What stands there, as text.
    pub fn text(&self) -> String {
        match self {
            Self::Blank | Self::Uncalculated => String::new(),
            Self::Text(text) => text.trim().to_owned(),
            Self::Number {
                number,
                percent: true,
            } => crate::decimal::plain(number * Decimal::ONE_HUNDRED) + "%",
            Self::Number { number, .. } => crate::decimal::plain(*number),
            Self::Bool(true) => "TRUE".to_owned(),
            Self::Bool(false) => "FALSE".to_owned(),
            Self::Date(text) | Self::Error(text) | Self::OutOfRange(text) => text.clone(),
        }
    }
}
