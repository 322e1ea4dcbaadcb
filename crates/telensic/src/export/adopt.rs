//! Tapes that other processes left behind with something unsent: of a process that died, or whose time to finish was over.

use std::path::Path;
use std::time::{Duration, Instant};

use telensic_tape::Signal;

use super::cursor;
use super::source::Source;

/// Between two looks for such tapes.
const EVERY: Duration = Duration::from_secs(30);

/// Looks for them now and then.
#[derive(Debug, Default)]
pub(super) struct Adoption {
    last: Option<Instant>,
}

impl Adoption {
    /// Takes over whatever is left behind, if it is time to look again.
    pub(super) fn look(&mut self, dir: &Path, signal: Signal, sources: &mut Vec<Source>) {
        if self.last.is_some_and(|last| last.elapsed() < EVERY) {
            return;
        }
        self.last = Some(Instant::now());
        let left = cursor::list(dir, signal);
        sources.extend(left.iter().filter_map(|path| Source::adopted(path, signal)));
    }
}
