//! Whether somebody still writes to a tape.

use std::path::Path;

use super::Tape;
use crate::platform;

/// What became of the process that writes, or wrote, a tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriterState {
    /// It ended the tape in order.
    Closed,
    /// It runs and has the tape open.
    Live,
    /// It is gone, and did not end the tape.
    Died,
    /// The tape was not ended, and its process cannot be asked for: another host, or a system that does not tell.
    Unknown,
}

impl WriterState {
    /// In a word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Live => "live",
            Self::Died => "died",
            Self::Unknown => "unknown",
        }
    }
}

impl Tape {
    /// Whether somebody still writes to it.
    pub fn writer_state(&self) -> WriterState {
        let head = self.head();
        if head.is_closed() {
            return WriterState::Closed;
        }
        if head.host() != platform::host_name() {
            return WriterState::Unknown;
        }
        match platform::process_runs(head.pid()) {
            Some(false) => WriterState::Died,
            Some(true) => match process_holds(head.pid(), self.path()) {
                Some(false) => WriterState::Died,
                // Not allowed to see: a process of this id, where the tape says it is.
                Some(true) | None => WriterState::Live,
            },
            None => WriterState::Unknown,
        }
    }
}

/// Whether the process has this file open: an id can come round again, an open file cannot.
fn process_holds(pid: u32, file: &Path) -> Option<bool> {
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::fs::MetadataExt;
        let wanted = std::fs::metadata(file).ok()?;
        let open = std::fs::read_dir(format!("/proc/{pid}/fd")).ok()?;
        Some(
            open.flatten()
                .filter_map(|entry| std::fs::metadata(entry.path()).ok())
                .any(|one| (one.dev(), one.ino()) == (wanted.dev(), wanted.ino())),
        )
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = (pid, file);
        None
    }
}
