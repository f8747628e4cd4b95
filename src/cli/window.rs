//! The window that Windows opens for a program that is started by a double click or a drag, and
//! closes with it, before anyone has read a word.

use std::io;

use crate::cli::voice::Voice;

/// Whether the window was opened for this program and nobody else, and so will close with it.
#[cfg(windows)]
pub(super) fn is_ours() -> bool {
    #[link(name = "kernel32")]
    unsafe extern "system" {
        fn GetConsoleProcessList(list: *mut u32, count: u32) -> u32;
    }
    let mut list = [0_u32; 2];
    // SAFETY: the list is there for the whole call, and has room for as many numbers as is said.
    let attached = unsafe { GetConsoleProcessList(list.as_mut_ptr(), 2) };
    attached == 1
}

/// Only Windows opens such windows.
#[cfg(not(windows))]
pub(super) const fn is_ours() -> bool {
    false
}

/// Keeps the window open until its reader is done.
pub(super) fn wait(voice: &Voice) {
    voice.say("\n看完了请按回车键，关闭这个窗口");
    // Where nothing can be read there is nobody to wait for.
    let _ = io::stdin().read_line(&mut String::new());
}
