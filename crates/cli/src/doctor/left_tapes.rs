//! Tapes that lie where this program would record: above all those of processes that died.

use std::path::Path;

use telensic_tape::Tape;

use super::{Finding, Surroundings};
use telensic_tape::WriterState;

use crate::tape::tapes_in;
use crate::units;

const TOPIC: &str = "tapes";

/// What was counted in the directory.
#[derive(Default)]
struct Counts {
    live: u64,
    bytes: u64,
    /// Tapes that were not closed, of processes that are gone.
    died: u64,
    /// Spans that were open in those.
    open: u64,
    unreadable: u64,
    first_error: Option<String>,
}

pub(super) fn look(surroundings: &Surroundings) -> Vec<Finding> {
    let dir = surroundings.tape_dir();
    // A directory that is missing has none; one that cannot be listed has been spoken of.
    let Ok(paths) = tapes_in(&dir) else {
        return Vec::new();
    };
    let mut counts = Counts::default();
    for path in &paths {
        counts.add(path);
    }
    counts.findings(&dir, paths.len() as u64)
}

impl Counts {
    fn add(&mut self, path: &Path) {
        self.bytes += path.metadata().map_or(0, |metadata| metadata.len());
        let looked_at = Tape::open(path)
            .map_err(|error| error.to_string())
            .and_then(|tape| {
                match tape.writer_state() {
                    WriterState::Live => self.live += 1,
                    WriterState::Died => {
                        self.died += 1;
                        self.open += tape.open_spans().map_err(|error| error.to_string())?.len() as u64;
                    }
                    WriterState::Closed | WriterState::Unknown => {}
                }
                Ok(())
            });
        if let Err(error) = looked_at {
            self.unreadable += 1;
            self.first_error.get_or_insert(error);
        }
    }

    fn findings(self, dir: &Path, all: u64) -> Vec<Finding> {
        let shown = dir.display();
        let (tapes, size) = (units::counted(all, "tape"), units::bytes(self.bytes));
        let text = format!("{tapes} in {shown}, {size}, {} being recorded", self.live);
        let mut findings = vec![
            Finding::ok(TOPIC, text)
                .with("tapes", all)
                .with("live", self.live)
                .with("bytes", self.bytes),
        ];
        if self.died > 0 {
            let died = units::counted(self.died, "tape");
            let open = units::counted(self.open, "span");
            let text = format!("{died} of processes that died, with {open} open");
            let finding = if self.open > 0 {
                Finding::warn(TOPIC, text, format!("telensic tape {shown} shows them"))
            } else {
                Finding::ok(TOPIC, text)
            };
            findings.push(finding.with("died", self.died).with("open_spans", self.open));
        }
        if let Some(error) = self.first_error {
            let text = format!(
                "{} cannot be read: {error}",
                units::counted(self.unreadable, "tape")
            );
            let mend = "move away what is no tape".to_owned();
            findings.push(Finding::warn(TOPIC, text, mend).with("unreadable", self.unreadable));
        }
        findings
    }
}
