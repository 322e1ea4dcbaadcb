//! Progress of what takes longer than a second: a line on stderr that counts the seconds, on a terminal alone.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// What takes no longer is not spoken of.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the line is written anew.
const TICK: Duration = Duration::from_millis(500);

/// Shown until it is dropped.
#[must_use = "dropped at once it shows nothing"]
pub(crate) struct Progress(Option<Ticker>);

struct Ticker {
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Progress {
    /// Says that this is going on.
    pub(crate) fn of(what: impl Into<String>) -> Self {
        if !io::stderr().is_terminal() {
            return Self(None);
        }
        let what = what.into();
        let (stop, stopped) = mpsc::channel();
        // Without a thread to spare it goes on unseen.
        let thread = thread::Builder::new().spawn(move || tick(&what, &stopped)).ok();
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

fn tick(what: &str, stopped: &Receiver<()>) {
    let begun = Instant::now();
    let mut wait = PATIENCE;
    // A stderr that is gone needs no progress.
    while stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
        let _ = write!(io::stderr(), "\r\x1b[2K{what}: {} s", begun.elapsed().as_secs());
        wait = TICK;
    }
    if wait == TICK {
        let _ = write!(io::stderr(), "\r\x1b[2K");
    }
}
