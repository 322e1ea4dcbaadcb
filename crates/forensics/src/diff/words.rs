//! What differs, in words: a changed field, a divergence, a cause. No recorded text begins a line of its own.

use std::fmt;

use serde_json::Value;
use telensic_run::Visible;

use super::{Cause, Certainty, Divergence, DivergenceKind, FieldChange, Suspect};

/// So many changes of one kind are written out; the rest is counted.
pub(super) const MOST: usize = 10;
/// A longer value is cut.
const LONGEST_VALUE: usize = 64;

impl fmt::Display for FieldChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.a, &self.b) {
            (Some(a), Some(b)) => write!(f, "{} -> {}", short(a), short(b)),
            (Some(a), None) => write!(f, "{} -> (removed)", short(a)),
            (None, Some(b)) => write!(f, "(none) -> {}", short(b)),
            (None, None) => f.write_str("changed"),
        }
    }
}

fn short(value: &Value) -> String {
    if let Value::String(text) = value
        && let Some(hash) = hash(text)
    {
        return format!("{hash}..");
    }
    let text = value.to_string();
    match text.char_indices().nth(LONGEST_VALUE) {
        Some((at, _)) => format!("{}...", Visible(&text[..at])),
        None => Visible(text).to_string(),
    }
}

/// The first digits of a hash, which tell it from others as well as all do; none of another text.
fn hash(text: &str) -> Option<&str> {
    /// SHA-1 is the shortest that is in use.
    const SHORTEST: usize = 40;
    const TOLD: usize = 12;
    let is_hash = text.len() >= SHORTEST && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.get(..TOLD).filter(|_| is_hash)
}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let about = self
            .source
            .as_ref()
            .map(|source| format!(" ({})", Visible(source)))
            .unwrap_or_default();
        let (event, place) = (Visible(&self.event), Visible(&self.place));
        match &self.kind {
            DivergenceKind::Changed { fields } => {
                write!(f, "event {} {event}{about} changed at {place}", self.sequence)?;
                for change in fields.iter().take(MOST) {
                    write!(f, "\n  {}: {change}", Visible(&change.path))?;
                }
                if fields.is_empty() {
                    write!(f, "\n  in what is nested too deep to be told")?;
                }
            }
            DivergenceKind::OnlyInA { .. } => {
                write!(
                    f,
                    "event {} {event}{about} is missing in the second run at {place}",
                    self.sequence
                )?;
            }
            DivergenceKind::OnlyInB { .. } => {
                write!(
                    f,
                    "event {} {event}{about} is only in the second run at {place}",
                    self.sequence
                )?;
            }
            DivergenceKind::BranchOnlyInA { events } => {
                write!(f, "{place} with {events} events is missing in the second run")?;
            }
            DivergenceKind::BranchOnlyInB { events } => {
                write!(f, "{place} with {events} events is only in the second run")?;
            }
        }
        match &self.after {
            Some(after) => write!(
                f,
                "\n  last common event there: {} {}",
                after.sequence,
                Visible(&after.event)
            ),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut suspects = self.suspects.iter();
        match self.certainty {
            Certainty::Nondeterminism => return f.write_str("nothing recorded explains it: nondeterminism"),
            Certainty::NotRecorded => return f.write_str("not known: a run has no provenance"),
            Certainty::Unfinished => {
                let ends: Vec<String> = suspects
                    .map(|run| format!("{} {}", run.name, run.change))
                    .collect();
                return write!(f, "{}: it lacks what it did not reach", ends.join(", "));
            }
            Certainty::OneOfSeveral => write!(f, "one of {} changes", self.suspects.len())?,
            Certainty::Shown | Certainty::OnlyChange => {
                if let Some(first) = suspects.next() {
                    write!(f, "{first}")?;
                }
            }
        }
        for other in suspects.take(MOST) {
            write!(f, "\n  also changed: {other}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Suspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, change) = (Visible(&self.name), Visible(&self.change));
        write!(f, "{} {name}: {change}", self.kind.text())
    }
}
