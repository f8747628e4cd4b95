//! Why a file as a whole cannot be read, and the way out for a clerk.

use super::code::Code;

/// Why a file as a whole cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileFault {
    /// There is no such file or folder.
    NotThere,
    /// The operating system says no.
    Io(String),
    /// No bytes at all.
    Empty,
}

impl FileFault {
    /// Its code.
    pub fn code(&self) -> Code {
        Code::UnreadableFile
    }

    /// What is wrong.
    pub fn message(&self) -> String {
        match self {
            Self::NotThere => "没有这个文件或文件夹".to_owned(),
            Self::Io(reason) => format!("文件打不开：{reason}"),
            Self::Empty => "文件是空的（0 字节）".to_owned(),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::NotThere => "请核对路径，名称里有空格的要加引号".to_owned(),
            Self::Io(_) => "请核对文件是否存在、有没有权限、是否被别的程序占用".to_owned(),
            Self::Empty => "请让对方重新发一份".to_owned(),
        }
    }
}
