//! One NDJSON file of lines that are no log records: appended, rotated, compressed and deleted as log files are.
//!
//! Invariant: a line leaves memory only when it is in the file. While the file cannot be written, lines wait and are tried
//! again every second; when more than [`MOST_WAITING`] bytes wait, the oldest are given up, and counted.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use telensic_tape::UnixNanos;

use super::lines::Lines;
use super::log_file::LogFile;
use super::options::LogFilesOptions;
use super::rotated::component_name;
use super::sweep::Sweeper;
use super::trouble::{Doing, Report, Troubles};

/// How many bytes of lines may wait for a disk that takes none.
const MOST_WAITING: usize = 32 << 20;

/// How long to leave a file alone after it could not be written.
const PAUSE: Duration = Duration::from_secs(1);

/// How long [`LineFile::close`] waits for files that are being compressed.
const LAST_SWEEP: Duration = Duration::from_secs(1);

/// A file of lines.
pub(crate) struct LineFile {
    rotate_at: Option<u64>,
    file: LogFile,
    lines: Lines,
    retry_at: Option<Instant>,
    troubles: Arc<Troubles>,
    sweeper: Sweeper,
    lost: u64,
}

impl LineFile {
    /// `<name>.jsonl` in the directory of these options; touched when the first line is written.
    pub(crate) fn new(options: &LogFilesOptions, name: &str, report: Report) -> Self {
        let troubles = Arc::new(Troubles::new(report));
        Self {
            rotate_at: options.rotate_at,
            file: LogFile::new(&options.dir, &component_name(name)),
            lines: Lines::default(),
            retry_at: None,
            sweeper: Sweeper::new(options, Arc::clone(&troubles)),
            troubles,
            lost: 0,
        }
    }

    /// Adds a line, without its line break.
    pub(crate) fn push(&mut self, time: UnixNanos, line: &[u8]) {
        self.lines.push(time, |out| out.extend_from_slice(line));
        if self.lines.bytes() > MOST_WAITING {
            self.write_out();
        }
    }

    /// Writes what waits, unless the file is to be left alone for a while.
    pub(crate) fn write_out(&mut self) {
        if !self.lines.is_empty() && self.retry_at.is_none_or(|at| Instant::now() >= at) {
            self.append();
        }
        self.give_up_beyond(MOST_WAITING);
    }

    /// Writes what waits, now; what cannot be written is lost, and counted.
    pub(crate) fn close(&mut self) {
        if !self.lines.is_empty() {
            self.append();
        }
        self.give_up_beyond(0);
        self.sweeper.wait(LAST_SWEEP);
    }

    /// How many lines will never be written.
    pub(crate) fn lost(&self) -> u64 {
        self.lost
    }

    fn append(&mut self) {
        self.lines.end_round();
        let (rotated, outcome) = self.file.append(&mut self.lines, self.rotate_at, &self.troubles);
        if rotated {
            self.sweeper.request();
        }
        self.retry_at = None;
        match outcome {
            Ok(()) => self.sweeper.start_if_due(),
            Err(failed) => {
                self.troubles.tell(failed.doing, self.file.path(), &failed.error);
                self.retry_at = Some(Instant::now() + PAUSE);
            }
        }
    }

    fn give_up_beyond(&mut self, most: usize) {
        let waiting = self.lines.bytes();
        if waiting > most {
            self.lost += self.lines.drop_oldest(waiting - most);
            let cause = io::Error::other("it could not be written in time");
            self.troubles.tell(Doing::Losing, self.file.path(), &cause);
        }
    }
}
