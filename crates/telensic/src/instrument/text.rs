//! Text that is formatted only to be recorded: made in memory that each thread keeps.

use std::cell::Cell;
use std::fmt::{self, Write};

thread_local! {
    static SPARE: Cell<String> = const { Cell::new(String::new()) };
}

/// Memory beyond this is given back.
const MOST_KEPT: usize = 16 * 1024;

/// Formats a text and hands it out. The formatting is foreign code: it may record, and so come here again.
pub(crate) fn with_text<T>(text: fmt::Arguments<'_>, hand_out: impl FnOnce(&str) -> T) -> T {
    if let Some(text) = text.as_str() {
        return hand_out(text);
    }
    let mut buffer = SPARE.try_with(Cell::take).unwrap_or_default();
    // Of a `Display` that fails, what it wrote until then is kept: `to_string` would panic.
    let _ = buffer.write_fmt(text);
    let result = hand_out(&buffer);
    if buffer.capacity() <= MOST_KEPT {
        buffer.clear();
        let _ = SPARE.try_with(|spare| spare.set(buffer));
    }
    result
}
