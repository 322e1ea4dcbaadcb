//! The advisory lock on a log file, waited for within bounds.
//!
//! Every writer holds the file's own exclusive lock (`flock` on Unix) for each batch it appends, and whoever rotates
//! or repairs the file holds it too. So between two batches the file ends in a whole line, and a writer that finds,
//! once it has the lock, that the path no longer leads to its file knows that it was rotated and opens the new one:
//! a rotated file gets no further lines. The kernel releases the lock of a process that dies.
//!
//! Some network file systems have no locks. There, appending goes on without: one process alone loses nothing, and
//! several lose lines only if one rotates just while another appends.

use std::fs::{File, TryLockError};
use std::io;
use std::time::{Duration, Instant};

/// Others hold the lock for the microseconds of one write or rename; longer means that a process was stopped.
const PATIENCE: Duration = Duration::from_millis(50);

/// Holds the lock until it is dropped.
pub(super) struct Held<'a> {
    file: &'a File,
    exclusive: bool,
}

impl<'a> Held<'a> {
    /// Waits for the lock; an error of kind `TimedOut` if another holds it for too long.
    pub(super) fn wait(file: &'a File) -> io::Result<Self> {
        let mut deadline = None;
        loop {
            match file.try_lock() {
                Ok(()) => {
                    return Ok(Self {
                        file,
                        exclusive: true,
                    });
                }
                Err(TryLockError::Error(_)) => {
                    return Ok(Self {
                        file,
                        exclusive: false,
                    });
                }
                Err(TryLockError::WouldBlock) => {}
            }
            let now = Instant::now();
            if now >= *deadline.get_or_insert(now + PATIENCE) {
                return Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    "another process holds its lock",
                ));
            }
            std::thread::sleep(Duration::from_micros(100));
        }
    }

    /// Whether the file system has locks, so that nobody else holds it.
    pub(super) fn is_exclusive(&self) -> bool {
        self.exclusive
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if self.exclusive {
            // Nothing is to be done about a failure; closing the file unlocks it as well.
            self.file.unlock().ok();
        }
    }
}
