//! A file in memory that has a path.

use std::cell::OnceCell;
use std::fs::File;
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

thread_local! {
    static FILE: OnceCell<(File, PathBuf)> = const { OnceCell::new() };
}

fn create() -> (File, PathBuf) {
    // SAFETY: the name is a terminated string; the descriptor that comes back is new and nobody else's.
    let file = unsafe { File::from_raw_fd(libc::memfd_create(c"fuzz".as_ptr(), libc::MFD_CLOEXEC)) };
    let path = PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()));
    (file, path)
}

/// Shows `read` a file with just these bytes.
pub fn with_file(bytes: &[u8], read: impl FnOnce(&Path)) {
    FILE.with(|file| {
        let (file, path) = file.get_or_init(create);
        file.set_len(0).expect("a file in memory can be cut");
        file.write_all_at(bytes, 0).expect("memory for the input");
        read(path);
    });
}
