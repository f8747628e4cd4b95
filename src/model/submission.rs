//! What was handed in, as written: tables of a known layout, every field with its cell.
//!
//! Nothing is judged here. Names are not yet in the roster, values not yet held to a rule;
//! `check::records` does that.

use std::borrow::Cow;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::decimal::{self, Decimal};
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
    /// How many of its headers and labels became dates or occur twice.
    pub unread_headers: usize,
    /// The columns of rules, of a wide table, in which any row has a value, left to right.
    pub filled: Vec<u32>,
    /// Its rows; a wide row is one for each of its rule columns.
    pub rows: Vec<Row>,
}

impl Table {
    /// Takes up what stands below its header printed again.
    pub fn go_on(&mut self, below: Self) {
        self.faults.extend(below.faults);
        self.rows.extend(below.rows);
    }
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
    /// What else stands there, if anything does. Of a wide table few rows have it: the others do
    /// without the room for it.
    pub beside: Option<Box<Beside>>,
}

/// What may stand beside a value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beside {
    /// 佐证材料.
    pub evidence: Option<SmolStr>,
    /// 自查值: what the unit claims of itself, never scored.
    pub claim: Option<SmolStr>,
    /// 实际值 of a task.
    pub measured: Option<Box<Field>>,
}

/// Whose a row is, and of when, as written. Rows one after the other that say the same share it.
#[derive(Debug, PartialEq)]
pub struct Context {
    /// 被考核单位.
    pub unit: Stated,
    /// 考核时段.
    pub period: Stated,
    /// 轮次, where it is stated.
    pub round: Option<Stated>,
    /// 考核年度, where it is stated.
    pub year: Option<Stated>,
}

/// What is stated of rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Stated {
    /// Where.
    pub at: At,
    /// What stands there, as [`Written::brief`].
    pub written: Written,
}

/// Where something is stated of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// In this column of the row itself.
    Column(u32),
    /// In a cell that is there for several rows: a label above them, a merged block.
    Cell(Address),
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

/// Bytes of a name at the most.
const LONGEST_NAME: usize = 1000;

/// Characters that are kept of a text that is quoted, more than are quoted, and what they can take.
const KEPT: usize = 64;
const QUOTED: usize = 4 * KEPT;

/// The first characters of a text.
fn beginning(text: &str) -> String {
    text.chars().take(KEPT).collect()
}

/// What stands in a cell, numbers already exact.
#[derive(Clone, Debug, PartialEq)]
pub enum Written {
    /// Nothing.
    Blank,
    /// Text, without the white space around it.
    Text(SmolStr),
    /// A number; `percent` where the cell shows it as a percentage (then 0.5 is shown as 50%).
    Number {
        /// The number that the file holds.
        number: Decimal,
        /// Whether its format shows a percentage.
        percent: bool,
    },
    /// A number too large, or no number at all, as the file has it.
    OutOfRange(Arc<str>),
    /// TRUE or FALSE.
    Bool(bool),
    /// A date, as it reads.
    Date(Arc<str>),
    /// An error such as `#REF!`.
    Error(Arc<str>),
    /// A formula that was never calculated.
    Uncalculated,
}

impl Row {
    /// The row of the sheet that it stands in, from zero.
    pub fn index(&self) -> u32 {
        self.value.address.row
    }

    /// Where the row's unit is stated.
    pub fn unit_address(&self) -> Address {
        self.context.unit.at.of_row(self.index())
    }
}

impl Stated {
    /// What a cell states of several rows.
    pub fn in_cell(field: Field) -> Self {
        Self {
            at: At::Cell(field.address),
            written: field.written.brief(),
        }
    }
}

impl At {
    /// The cell, for the row at `row`.
    pub fn of_row(self, row: u32) -> Address {
        match self {
            Self::Column(column) => Address::new(row, column),
            Self::Cell(address) => address,
        }
    }
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
        self.written.is_blank()
    }

    /// What stands there, as text: the text itself, `93.3%` for a percent cell, `TRUE`.
    pub fn text(&self) -> Cow<'_, str> {
        self.written.text()
    }
}

impl Written {
    /// Whether nothing stands there.
    pub fn is_blank(&self) -> bool {
        *self == Self::Blank
    }

    /// What stands there, as text that is kept: that of the sheet, where it is text.
    pub fn shared(&self) -> SmolStr {
        match self {
            Self::Text(text) => text.clone(),
            _ => self.text().into(),
        }
    }

    /// The same, but for a text longer than any name is: that is cut, and then is no name either. One
    /// cell may say whose a million rows are, and is looked at for each.
    #[must_use]
    pub fn brief(self) -> Self {
        let is_long = |text: &str| text.len() > LONGEST_NAME;
        let cut = |text: &str| beginning(text) + "……";
        match self {
            Self::Text(text) if is_long(&text) => Self::Text(cut(&text).into()),
            Self::Date(text) if is_long(&text) => Self::Date(cut(&text).into()),
            Self::Error(text) if is_long(&text) => Self::Error(cut(&text).into()),
            Self::OutOfRange(text) if is_long(&text) => Self::OutOfRange(cut(&text).into()),
            other => other,
        }
    }

    /// What stands there, as a message may quote it: the beginning of what is longer than anyone
    /// means to write.
    pub fn excerpt(&self) -> SmolStr {
        let text = self.text();
        match text.len() {
            ..QUOTED => self.shared(),
            _ => beginning(&text).into(),
        }
    }

    /// What stands there, as text.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Blank | Self::Uncalculated => "".into(),
            Self::Number {
                number,
                percent: true,
            } => (decimal::plain(number * Decimal::ONE_HUNDRED) + "%").into(),
            Self::Number { number, .. } => decimal::plain(*number).into(),
            Self::Bool(true) => "TRUE".into(),
            Self::Bool(false) => "FALSE".into(),
            Self::Text(text) => text.as_str().into(),
            Self::Date(text) | Self::Error(text) | Self::OutOfRange(text) => (&**text).into(),
        }
    }
}
