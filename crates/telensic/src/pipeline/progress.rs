//! Progress of a pipeline that takes longer than a second: a line on stderr, on a terminal alone.

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::task::Surroundings;

/// What is done, and of how much.
#[derive(Debug, Default)]
pub(super) struct Board {
    stages: usize,
    stages_ended: AtomicUsize,
    sleeves: AtomicUsize,
    sleeves_ended: AtomicUsize,
}

impl Board {
    pub(super) fn of(stages: usize) -> Self {
        Self {
            stages,
            ..Self::default()
        }
    }

    pub(super) fn stage_ended(&self) {
        self.stages_ended.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn sleeves_begin(&self, count: usize) {
        self.sleeves.fetch_add(count, Ordering::Relaxed);
    }

    pub(super) fn sleeve_ended(&self) {
        self.sleeves_ended.fetch_add(1, Ordering::Relaxed);
    }

    /// `nightly [######----] 3 of 7 stages, 5 of 12 sleeves, 4 s`
    fn line(&self, profile: &str, seconds: u64) -> String {
        const WIDTH: usize = 20;
        let ended = self.stages_ended.load(Ordering::Relaxed);
        let (sleeves, of) = (
            self.sleeves_ended.load(Ordering::Relaxed),
            self.sleeves.load(Ordering::Relaxed),
        );
        // The sleeves of a stage fill up its part of the bar.
        let part = if of == sleeves {
            0
        } else {
            WIDTH * sleeves / of / self.stages.max(1)
        };
        let filled = (WIDTH * ended / self.stages.max(1) + part).min(WIDTH);
        let bar = format!("{}{}", "#".repeat(filled), "-".repeat(WIDTH - filled));
        let sleeves = if of == 0 {
            String::new()
        } else {
            format!(", {sleeves} of {of} sleeves")
        };
        format!(
            "{profile} [{bar}] {ended} of {} stages{sleeves}, {seconds} s",
            self.stages
        )
    }
}

/// What takes no longer is not spoken of.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the line is written anew.
const TICK: Duration = Duration::from_millis(200);

/// Shown until it is dropped.
pub(super) struct Progress(Option<Ticker>);

struct Ticker {
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Progress {
    pub(super) fn show(surroundings: &Surroundings, is_wanted: bool) -> Self {
        if !is_wanted || !io::stderr().is_terminal() {
            return Self(None);
        }
        let (stop, stopped) = mpsc::channel::<()>();
        let (board, profile) = (Arc::clone(&surroundings.board), Arc::clone(&surroundings.profile));
        let tick = move || {
            let begun = Instant::now();
            let mut wait = PATIENCE;
            while stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                // A stderr that is gone needs no progress.
                let line = board.line(&profile, begun.elapsed().as_secs());
                let _ = write!(io::stderr(), "\r\x1b[2K{line}");
                wait = TICK;
            }
            if wait == TICK {
                let _ = write!(io::stderr(), "\r\x1b[2K");
            }
        };
        // Without a thread to spare it goes on unseen.
        let thread = thread::Builder::new().spawn(tick).ok();
        Self(thread.map(|thread| Ticker { stop, thread }))
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(Ticker { stop, thread }) = self.0.take() {
            drop(stop);
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_is_done_of_how_much() {
        let board = Board::of(4);
        assert_eq!(
            board.line("nightly", 1),
            "nightly [--------------------] 0 of 4 stages, 1 s"
        );
        board.stage_ended();
        board.sleeves_begin(5);
        board.sleeve_ended();
        assert_eq!(
            board.line("nightly", 2),
            "nightly [######--------------] 1 of 4 stages, 1 of 5 sleeves, 2 s"
        );
        (0..4).for_each(|_| board.sleeve_ended());
        (0..3).for_each(|_| board.stage_ended());
        assert_eq!(
            board.line("nightly", 3),
            "nightly [####################] 4 of 4 stages, 5 of 5 sleeves, 3 s"
        );
    }
}
