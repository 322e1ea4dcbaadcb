//! The file that keeps every event.
//!
//! Whoever adds an event writes its line into memory; a thread of the journal's own writes it to the file, so that neither
//! a full queue nor a subscriber that hangs keeps an event out. Lines wait in memory for a disk that takes none, up to
//! [`MOST_WAITING`] bytes here and as much as a [`LineFile`] holds; what goes beyond is lost, and counted.

use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use telensic_tape::UnixNanos;

use super::self_metrics::{Loss, lost};
use super::{CollectorConfig, TelemetryEvent, line};
use crate::LogFilesOptions;
use crate::say::{say, say_once};
use crate::sink::{LineFile, Report};
use crate::thread::unrecorded;

/// Bytes of lines that wait for the thread.
const MOST_WAITING: usize = 64 << 20;

/// The extension of the file.
const EXTENSION: &str = "jsonl";

/// As those who add events see it.
#[derive(Debug)]
pub(super) struct Journal {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    due: Condvar,
    done: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Whole lines.
    text: Vec<u8>,
    /// When the first of them was made: lines come in the order in which they were added.
    since: UnixNanos,
    added: u64,
    written: u64,
    wanted: u64,
    is_closed: bool,
    is_over: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// More than this is not left for the end of the interval.
const MUCH: usize = 1 << 20;

impl Journal {
    /// Starts the thread; `None`, and a line that says why, if there can be none.
    pub(super) fn start(file: &Path, config: &CollectorConfig) -> Option<Self> {
        let name = file
            .file_stem()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if file.extension().is_none_or(|extension| extension != EXTENSION) {
            say_once(&format!(
                "the event collector's file {} has another ending than .{EXTENSION}: it is written as {name}.{EXTENSION}",
                file.display()
            ));
        }
        let dir = file.parent().filter(|dir| !dir.as_os_str().is_empty());
        let options = LogFilesOptions::new(dir.unwrap_or(Path::new(".")))
            .rotate_at(config.rotate_at)
            .keep(None);
        let report: Report = Arc::new(|trouble: &str| say(trouble));
        let lines = LineFile::new(&options, name, report);
        let shared = Arc::new(Shared::default());
        let (of_thread, interval) = (Arc::clone(&shared), config.flush_interval);
        let thread = std::thread::Builder::new().name("telensic-journal".into());
        let spawned = thread.spawn(move || unrecorded(|| of_thread.write(lines, interval)));
        match spawned {
            Ok(_) => Some(Self { shared }),
            Err(error) => {
                say_once(&format!(
                    "cannot start the event collector's thread: {error}; events are not written to {}",
                    file.display()
                ));
                None
            }
        }
    }

    /// Keeps the event.
    pub(super) fn add(&self, event: &TelemetryEvent) {
        let mut text = Vec::with_capacity(256);
        line::put(&mut text, event);
        text.push(b'\n');
        let mut state = self.shared.lock();
        if state.text.len() + text.len() > MOST_WAITING {
            drop(state);
            lost(Loss::Unwritable, 1);
            return;
        }
        if state.text.is_empty() {
            state.since = event.at();
        }
        let was_little = state.text.len() < MUCH;
        state.added += 1;
        state.text.extend_from_slice(&text);
        let is_due = was_little && state.text.len() >= MUCH;
        drop(state);
        if is_due {
            self.shared.due.notify_one();
        }
    }

    /// Waits until what was added before was handed to the file; false if that takes longer.
    pub(super) fn flush(&self, within: Duration) -> bool {
        let mut state = self.shared.lock();
        let wanted = state.added;
        state.wanted = state.wanted.max(wanted);
        self.shared.due.notify_one();
        self.wait(state, within, |state| state.written >= wanted || state.is_over)
    }

    /// Writes the rest, and waits for it.
    pub(super) fn close(&self, within: Duration) -> bool {
        let mut state = self.shared.lock();
        state.is_closed = true;
        self.shared.due.notify_one();
        self.wait(state, within, |state| state.is_over)
    }

    fn wait(
        &self,
        mut state: MutexGuard<'_, State>,
        within: Duration,
        reached: impl Fn(&State) -> bool,
    ) -> bool {
        let deadline = Instant::now() + within;
        while !reached(&state) {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let waited = self.shared.done.wait_timeout(state, left);
            (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
        true
    }
}

impl Shared {
    /// What the thread does.
    fn write(&self, mut file: LineFile, interval: Duration) {
        let mut told = 0;
        loop {
            let state = self.lock();
            let waits = |state: &mut State| {
                state.text.len() < MUCH && state.wanted <= state.written && !state.is_closed
            };
            let waited = self.due.wait_timeout_while(state, interval, waits);
            let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
            let text = std::mem::take(&mut state.text);
            let (since, added, is_closed) = (state.since, state.added, state.is_closed);
            drop(state);
            for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
                // All of one time, which keeps the order in which they were added.
                file.push(since, line);
            }
            file.write_out();
            if is_closed {
                file.close();
            }
            lost(Loss::Unwritable, file.lost() - told);
            told = file.lost();
            let mut state = self.lock();
            state.written = added;
            state.is_over = is_closed;
            drop(state);
            self.done.notify_all();
            if is_closed {
                return;
            }
        }
    }
}
