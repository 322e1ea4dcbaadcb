//! What the recorder has to say to the person at the terminal: one line on stderr, and never twice.

use std::collections::HashSet;
use std::io::Write;
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::Duration;

/// How long the program waits for somebody to take a line.
const PATIENCE: Duration = Duration::from_millis(200);

/// Writes a line; a closed stderr is not an error.
///
/// Should stderr be a pipe that nobody reads, or be locked for ever (by a console that is stuck in such a pipe, or,
/// in the child of a fork, by a thread that is not there), the line is left behind: the program goes on.
pub(crate) fn say(text: &str) {
    let line = format!("telensic: {text}\n");
    let (written, wait) = mpsc::channel();
    let writer = std::thread::Builder::new().name("telensic-says".into());
    let spawned = writer.spawn(move || {
        let _ = std::io::stderr().write_all(line.as_bytes());
        let _ = written.send(());
    });
    if spawned.is_ok() {
        let _ = wait.recv_timeout(PATIENCE);
    }
}

/// Writes a line unless the process has written it before.
pub(crate) fn say_once(text: &str) {
    static SAID: Mutex<Option<HashSet<String>>> = Mutex::new(None);
    let first = {
        let mut said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
        said.get_or_insert_default().insert(text.to_owned())
    };
    if first {
        say(text);
    }
}
