//! What can be wrong with a sentence of arithmetic.

use std::fmt;

use super::fraction::Fraction;

/// What is wrong with a sentence of arithmetic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is nothing.
    Empty,
    /// It ends where more must follow.
    Unfinished,
    /// From here on it is no arithmetic.
    Unreadable(String),
    /// Something is divided by nothing.
    DivisionByZero,
    /// Numbers that cannot be worked with exactly.
    TooLarge,
    /// Brackets within brackets, too many of them.
    TooDeep,
    /// An equation that does not hold.
    Unequal {
        /// What the left side comes to.
        value: String,
        /// The right side as written.
        right: String,
    },
    /// A figure that is not the rounded one.
    NotRounded {
        /// What stands before.
        value: String,
        /// To how many decimals.
        places: u32,
        /// What it is then.
        rounded: String,
        /// What is written.
        written: String,
    },
    /// 封顶 where nothing is cut off.
    BelowCap {
        /// What stands before.
        value: String,
        /// The cap.
        cap: String,
    },
    /// A result without end that nobody rounded.
    Endless(String),
}

impl Fault {
    pub(super) fn unequal(value: Fraction, right: String) -> Self {
        Self::Unequal {
            value: value.shown(),
            right,
        }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::Empty | Self::Unfinished | Self::Unreadable(_) => {
                "写成 \"3 × 1 = 3\" 这样的算式，可以用 + − × ÷ 和括号".to_owned()
            }
            Self::DivisionByZero | Self::TooLarge | Self::TooDeep => "请核对这个算式".to_owned(),
            Self::Unequal { .. } => {
                "请用计算器核对算式；除不尽的写 ≈ 和四舍五入后的数，如 \"50 ÷ 3 ≈ 16.67\""
                    .to_owned()
            }
            Self::NotRounded { rounded, .. } => format!("请核对，或者改成 ≈ {rounded}"),
            Self::BelowCap { .. } => "没有超过上限的，删去“封顶”".to_owned(),
            Self::Endless(_) => "在后面写 ≈ 和四舍五入后的数，如 \"50 ÷ 3 ≈ 16.67\"".to_owned(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("没有算式"),
            Self::Unfinished => f.write_str("算式到最后还没有写完"),
            Self::Unreadable(rest) => write!(f, "看不懂“{rest}”"),
            Self::DivisionByZero => f.write_str("除数是 0"),
            Self::TooLarge => f.write_str("数太大，算不了"),
            Self::TooDeep => f.write_str("括号套得太深"),
            Self::Unequal { value, right } => {
                write!(f, "前面算出来是 {value}，不等于“{right}”")
            }
            Self::NotRounded {
                value,
                places,
                rounded,
                written,
            } => write!(
                f,
                "{value} 四舍五入到 {places} 位小数是 {rounded}，不是 {written}"
            ),
            Self::BelowCap { value, cap } => write!(f, "{value} 没有到 {cap}，说不上封顶"),
            Self::Endless(value) => write!(f, "{value} 除不尽，没有写明保留几位"),
        }
    }
}
