//! Why a file as a whole cannot be read, as facts, and the words for it: what is wrong, and a
//! clerk's way out. `input` finds the facts; no other file words them.

use std::io;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::code::Code;
use crate::text::shown;

/// How much of a name that was found in a file a message repeats.
const QUOTED: usize = 60;

/// The number of the system's error of links that lead back to themselves; it has no name in the
/// stable library.
const LINK_LOOP: i32 = if cfg!(windows) {
    1921
} else if cfg!(target_os = "linux") {
    40
} else {
    62
};

/// Why a file as a whole cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum FileFault {
    /// There is no such file or folder.
    NotThere,
    /// Neither a regular file nor a folder: a pipe, a device.
    NotRegular,
    /// Links that lead back to themselves.
    LinkLoop,
    /// A name that the system does not take.
    BadName,
    /// The operating system says no.
    Io(String),
    /// No bytes at all.
    Empty,
    /// Only zero bytes: the copy failed.
    OnlyZeros,
    /// Something else than a spreadsheet.
    NotASpreadsheet(Other),
    /// A web page under a spreadsheet's name; `login` where it asks for a password.
    WebPage {
        /// Whether it asks for a password: a page of log-in was downloaded instead of the file.
        login: bool,
    },
    /// It asks for a password.
    Encrypted,
    /// It ends before its content does.
    Incomplete,
    /// Packed in a way that no spreadsheet program uses.
    UnknownPacking,
    /// Its structure is broken; what was being read.
    Damaged(String),
    /// Reading it made the reader crash; where that was, for those who mend it.
    Crashed(String),
    /// Reading it took longer than any sound file takes.
    TooSlow(Duration),
    /// It refers to text outside itself, which no spreadsheet program writes.
    ForeignEntity,
    /// A workbook without a single sheet of cells.
    NoSheets,
    /// Two sheets of the same name, so that no address is clear.
    SameSheetName(String),
    /// Text in no encoding that is read; the first line where that shows.
    UnknownEncoding {
        /// The line, from 1.
        line: usize,
    },
    /// A quotation mark that is never closed.
    UnclosedQuote {
        /// The line where it opens, from 1.
        line: usize,
    },
    /// Beyond the limits of size.
    TooLarge(Excess),
}

/// What a file is that is no spreadsheet, or not of a kind that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the variants are the names of kinds of files")]
pub enum Other {
    Word,
    PowerPoint,
    Numbers,
    Pdf,
    RichText,
    Image,
    Zip,
    Rar,
    SevenZip,
    Gzip,
    Json,
    Xml,
    /// Excel 2003 as XML.
    SpreadsheetXml,
    /// OpenDocument in one XML file.
    FlatOpenDocument,
    /// A web page with its pictures in one file.
    WebArchive,
    /// Excel 2 to 4, or a later one without its container.
    OldExcel,
    /// A mail saved by Outlook.
    Mail,
    /// Some other file in an OLE container.
    Ole,
    /// The small file that Office keeps beside an open one.
    LockFile,
    Program,
    Binary,
}

/// Which limit of size a file exceeds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Excess {
    /// The file itself, in MiB.
    File {
        /// Its size.
        mib: u64,
        /// What is read at most.
        most: u64,
    },
    /// Its content once unpacked, in MiB.
    Unpacked {
        /// The size of its content.
        mib: u64,
        /// What is read at most.
        most: u64,
    },
    /// Parts in the package.
    Parts(usize),
    /// Cells that hold something.
    Values(usize),
    /// Merged blocks.
    Merges(usize),
    /// Sheets.
    Sheets(usize),
    /// Text in all cells together, in MiB.
    Text(usize),
    /// Rows or columns beyond the grid of a spreadsheet, first at this line of a text file.
    Grid {
        /// The line, from 1.
        line: usize,
    },
    /// The text in one cell.
    Cell {
        /// The cell.
        cell: String,
    },
    /// One field of a text file, in the record that begins in this line.
    Field {
        /// The line, from 1.
        line: usize,
    },
    /// What the rows of its tables take in memory, in MiB.
    Tables(u64),
    /// Memory that reading it takes, in MiB.
    Memory(u64),
    /// Folders within folders.
    Depth(usize),
}

impl FileFault {
    /// The fault that an error of the operating system amounts to.
    pub fn io(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotThere,
            io::ErrorKind::InvalidFilename => Self::BadName,
            io::ErrorKind::NotADirectory => Self::NotThere,
            io::ErrorKind::PermissionDenied => Self::Io("没有读取权限".to_owned()),
            _ if error.raw_os_error() == Some(LINK_LOOP) => Self::LinkLoop,
            _ => Self::Io(format!("系统报错（{error}）")),
        }
    }

    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            Self::WebPage { .. } => Code::HtmlNotWorkbook,
            Self::Encrypted => Code::EncryptedWorkbook,
            Self::TooLarge(_) => Code::FileTooLarge,
            _ => Code::UnreadableFile,
        }
    }

    /// What is wrong.
    pub fn message(&self) -> String {
        match self {
            Self::NotThere => "没有这个文件或文件夹".to_owned(),
            Self::NotRegular => "这不是普通文件（是管道或设备），不能读取".to_owned(),
            Self::LinkLoop => "链接绕了一圈又指回自己（循环链接），没有文件可读".to_owned(),
            Self::BadName => "文件名太长，或者有不能用的字符".to_owned(),
            Self::Io(reason) => format!("文件打不开：{}", shown(reason, QUOTED)),
            Self::Empty => "文件是空的（0 字节）".to_owned(),
            Self::OnlyZeros => "文件里全是零字节，内容没有拷贝过来".to_owned(),
            Self::NotASpreadsheet(other) => format!("这不是可读取的表格，而是{}", other.name()),
            Self::WebPage { login: false } => "这是网页（HTML），只是取了表格的名字".to_owned(),
            Self::WebPage { login: true } => {
                "这是一个登录网页（HTML），不是表格：下载时没有登录".to_owned()
            }
            Self::Encrypted => "文件设有打开密码".to_owned(),
            Self::Incomplete => "文件不完整，后半截缺失".to_owned(),
            Self::UnknownPacking => "文件的压缩方法很少见，读不了".to_owned(),
            Self::Damaged(what) => format!("文件已损坏：{}", shown(what, QUOTED)),
            Self::Crashed(_) => "读到一半读不下去，文件可能已损坏".to_owned(),
            Self::TooSlow(time) => {
                let seconds = time.as_secs_f32();
                format!("读了 {seconds} 秒还没有读完，不再读了：文件太大，或者已损坏")
            }
            Self::ForeignEntity => "文件里引用了外部内容（XML 实体），不是正常的表格".to_owned(),
            Self::NoSheets => "工作簿里没有工作表".to_owned(),
            Self::SameSheetName(name) => {
                format!("有两张工作表都叫“{}”", shown(name, QUOTED))
            }
            Self::UnknownEncoding { line } => {
                format!("第 {line} 行的文字编码认不出来，既不是 UTF-8，也不是 GB18030")
            }
            Self::UnclosedQuote { line } => {
                format!("第 {line} 行开始的引号没有结束，后面的内容都被引在里面")
            }
            Self::TooLarge(excess) => excess.message(),
        }
    }

    /// What helps those who mend the program, if anything.
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::Crashed(detail) if !detail.is_empty() => Some(detail),
            _ => None,
        }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        let help = match self {
            Self::NotThere => "请核对路径，名称里有空格的要加引号",
            Self::NotRegular => "请指定表格文件，或者存放表格的文件夹",
            Self::LinkLoop => "请删掉这个链接，或者指定真正的文件",
            Self::BadName => "请把文件名、文件夹名改短，只用文字和数字",
            Self::Io(_) => "请核对文件是否存在、有没有权限、是否被别的程序占用",
            Self::Empty => "请让对方重新发一份",
            Self::OnlyZeros => "请重新拷贝，或者让对方重新发一份",
            Self::NotASpreadsheet(other) => other.help(),
            Self::WebPage { login: false } => {
                "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”再交"
            }
            Self::WebPage { login: true } => "请先登录系统，重新下载表格",
            Self::Encrypted => {
                "请用 Excel 或 WPS 打开，在“文件 › 信息 › 保护工作簿”（WPS：“文件 › 文档加密”）里取消密码，保存后再交"
            }
            Self::Incomplete => "多半是下载或拷贝中断，请重新下载，或者让对方重新发一份",
            Self::TooSlow(_) => {
                "请试着用 Excel 或 WPS 打开并另存为新的 .xlsx；文件确实很大的，可以加 --limit 10 再读"
            }
            Self::Damaged(_) | Self::Crashed(_) => {
                "请试着用 Excel 或 WPS 打开并另存为新的 .xlsx；打不开就让对方重新发一份"
            }
            Self::UnknownPacking | Self::ForeignEntity | Self::NoSheets => {
                "请用 Excel 或 WPS 打开核对，另存为新的 .xlsx 再交"
            }
            Self::SameSheetName(_) => "请用 Excel 或 WPS 打开，给工作表改名后保存",
            Self::UnknownEncoding { .. } => {
                "请用 Excel 或 WPS 打开核对文字，另存为 .xlsx，或者“CSV UTF-8（逗号分隔）”"
            }
            Self::UnclosedQuote { .. } => "请在那一行补上或删去引号，或者另存为 .xlsx 再交",
            Self::TooLarge(excess) => excess.help(),
        };
        help.to_owned()
    }
}

impl Other {
    /// What a clerk calls it.
    fn name(self) -> &'static str {
        match self {
            Self::Word => "Word 文档",
            Self::PowerPoint => "演示文稿",
            Self::Numbers => "苹果 Numbers 表格",
            Self::Pdf => "PDF 文件",
            Self::RichText => "RTF 文档",
            Self::Image => "图片",
            Self::Zip => "ZIP 压缩包",
            Self::Rar => "RAR 压缩包",
            Self::SevenZip => "7z 压缩包",
            Self::Gzip => "gzip 压缩包",
            Self::Json => "JSON 数据",
            Self::Xml => "XML 文件",
            Self::SpreadsheetXml => "“XML 表格 2003”",
            Self::FlatOpenDocument => "单个 XML 的 OpenDocument 表格（.fods）",
            Self::WebArchive => "单个文件网页（.mht）",
            Self::OldExcel => "Excel 4 或更早的格式",
            Self::Mail => "Outlook 邮件",
            Self::Ole => "别的 Office 文件",
            Self::LockFile => "Office 打开表格时留下的锁定文件",
            Self::Program => "程序",
            Self::Binary => "二进制文件",
        }
    }

    /// What to do about it.
    fn help(self) -> &'static str {
        match self {
            Self::Word | Self::PowerPoint | Self::RichText => {
                "请把表格复制到 Excel 或 WPS 表格里，存为 .xlsx 再交"
            }
            Self::Pdf | Self::Image => "请向填报人要原来的电子表格，扫描件和 PDF 不能计分",
            Self::Numbers => "请在 Numbers 里用“导出为 › Excel”存成 .xlsx",
            Self::Zip | Self::Rar | Self::SevenZip | Self::Gzip => {
                "请先解压，再指定解压出来的文件夹"
            }
            Self::SpreadsheetXml | Self::FlatOpenDocument | Self::WebArchive | Self::OldExcel => {
                "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（*.xlsx）”再交"
            }
            Self::LockFile => "请指定名称前面没有 ~$ 的那个文件",
            Self::Mail => "请打开邮件，把附件里的表格另存出来",
            Self::Json | Self::Xml | Self::Ole | Self::Program | Self::Binary => {
                "请核对是不是拿错了文件；确是表格，请用 Excel 或 WPS 另存为 .xlsx"
            }
        }
    }
}

impl Excess {
    /// What is too large.
    fn message(&self) -> String {
        match self {
            Self::File { mib, most } => format!("文件有 {mib} MB，超过 {most} MB 的上限"),
            Self::Unpacked { mib, most } => {
                format!("文件解开后有 {mib} MB，超过 {most} MB 的上限")
            }
            Self::Parts(most) => format!("压缩包里的部件超过 {most} 个"),
            Self::Values(most) => format!("有内容的单元格超过 {} 万个", most / 10_000),
            Self::Merges(most) => format!("合并单元格超过 {} 万处", most / 10_000),
            Self::Sheets(most) => format!("工作表超过 {most} 张"),
            Self::Text(most) => format!("单元格里的文字合计超过 {most} MB"),
            Self::Grid { line } => {
                format!("第 {line} 行超出了表格的范围（1048576 行、16384 列）")
            }
            Self::Cell { cell } => format!("单元格 {cell} 里的文字超过 1 MB"),
            Self::Field { line } => format!("第 {line} 行有一格内容超过 1 MB"),
            Self::Tables(most) => {
                format!("表太大，行数乘列数太多：读进来要用的内存超过 {most} MB")
            }
            Self::Memory(most) => format!("读这个文件要用的内存超过 {most} MB"),
            Self::Depth(most) => format!("文件夹套了 {most} 层以上，里面没有读取"),
        }
    }

    /// What to do about it.
    fn help(&self) -> &'static str {
        match self {
            Self::Tables(_) => "请分成几个文件再交；确实要一次读这么大的，加 --limit 10 放宽上限",
            Self::Depth(_) => "请把表格移到浅一些的文件夹里",
            Self::Field { .. } | Self::Grid { .. } => {
                "请核对是不是拿错了文件，或者引号、换行写错了"
            }
            _ => {
                "请核对是不是拿错了文件；只留下要计分的工作表，另存为新的 .xlsx 再交；确实要读这么大的，加 --limit 10 放宽上限"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_of_its_own_kind_has_its_own_code() {
        for (fault, code) in [
            (FileFault::Empty, "unreadable-file"),
            (FileFault::Encrypted, "encrypted-workbook"),
            (FileFault::WebPage { login: false }, "html-not-workbook"),
            (FileFault::TooLarge(Excess::Parts(1)), "file-too-large"),
        ] {
            assert_eq!(fault.code().name(), code);
        }
    }

    #[test]
    fn what_the_system_says_is_said_in_chinese() {
        let message = |number| FileFault::io(&io::Error::from_raw_os_error(number)).message();
        assert_eq!(message(LINK_LOOP), FileFault::LinkLoop.message());
        if cfg!(target_os = "linux") {
            assert_eq!(message(36), FileFault::BadName.message());
            assert_eq!(message(20), FileFault::NotThere.message());
            let device = "文件打不开：系统报错（No such device (os error 19)）";
            assert_eq!(message(19), device);
        }
    }

    #[test]
    fn names_out_of_files_cannot_move_the_cursor() {
        let fault = FileFault::SameSheetName("a\u{1b}[2J".to_owned());
        assert_eq!(fault.message(), "有两张工作表都叫“a [2J”");
    }
}
