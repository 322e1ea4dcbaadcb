//! How a benchmark program fails and what it prints.

use std::io::{self, Write as _};

/// A failure is told to a reader, never matched on.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Writes to standard output; a reader who has gone away (`race | head`) is no failure.
pub fn print(text: &str) -> Outcome<()> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
