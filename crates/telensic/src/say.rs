//! What the recorder has to say to the person at the terminal: one line on stderr, and never twice.

use std::collections::HashSet;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

/// Writes a line; a closed stderr is not an error.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "telensic: {text}");
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
