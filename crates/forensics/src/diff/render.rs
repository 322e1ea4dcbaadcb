//! A diff as text: the verdict first, then why, then what. No recorded text begins a line of its own.

use std::fmt;

use serde_json::Value;
use telensic_run::Visible;

use super::{
    Cause, Certainty, DataChange, DataVerdict, Diff, Divergence, DivergenceKind, FieldChange, NoiseBasis,
    StageChange, StageVerdict, Suspect,
};

/// So many changes of one kind are written out; the rest is counted.
const MOST: usize = 10;
/// A longer value is cut.
const LONGEST_VALUE: usize = 64;

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_same() {
            writeln!(
                f,
                "same: {} and {} ({} events)",
                self.a, self.b, self.events.a_events
            )?;
            return self.write_unrecorded(f);
        }
        writeln!(f, "differ: {} and {}: {}", self.a, self.b, self.summary())?;
        if let Some(first) = &self.events.first {
            writeln!(f, "\nfirst divergence: {first}")?;
        }
        if let Some(cause) = &self.cause {
            writeln!(f, "cause: {cause}")?;
            if cause.certainty == Certainty::Nondeterminism
                && let Some(first) = &self.events.first
            {
                writeln!(f, "  where: {}", Visible(&first.place))?;
            }
        }
        if let Some(second) = &self.events.first_consequence
            && self.events.first.as_ref() != Some(second)
        {
            writeln!(f, "first consequence: {second}")?;
        }
        self.write_inputs(f)?;
        self.write_stages(f)?;
        if self.events.differing > 0 {
            writeln!(
                f,
                "\nevents: {} differences among {} and {} events",
                self.events.differing, self.events.a_events, self.events.b_events
            )?;
        }
        self.write_outputs(f)?;
        self.write_unrecorded(f)
    }
}

impl Diff {
    /// What differs, in half a line.
    fn summary(&self) -> String {
        let stages = self.changed_stages().count();
        let parts = [
            (self.provenance.inputs.len(), "input", "inputs"),
            (self.provenance.seeds.len(), "seed", "seeds"),
            (self.provenance.config.len(), "config key", "config keys"),
            (
                self.provenance.code.len(),
                "fact of the code",
                "facts of the code",
            ),
            (
                self.provenance.environment.len(),
                "fact of the environment",
                "facts of the environment",
            ),
            (stages, "stage", "stages"),
            (self.events.differing, "event", "events"),
            (usize::from(self.outputs.status.is_some()), "status", "statuses"),
            (
                self.outputs.files.len() + self.outputs.results.len(),
                "output",
                "outputs",
            ),
        ];
        let told: Vec<String> = parts
            .iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }))
            .collect();
        told.join(", ")
    }

    fn write_unrecorded(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.provenance.is_recorded {
            return Ok(());
        }
        writeln!(
            f,
            "\nprovenance is not recorded in both runs: inputs, seeds, code, config and environment are not compared"
        )
    }

    fn write_inputs(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_files(f, "inputs", &self.provenance.inputs)?;
        let sections = [
            ("seeds", &self.provenance.seeds),
            ("config", &self.provenance.config),
            ("code", &self.provenance.code),
            ("environment", &self.provenance.environment),
        ];
        for (title, changes) in sections {
            if !changes.is_empty() {
                writeln!(f, "\n{title}:")?;
                write_fields(f, changes)?;
            }
        }
        Ok(())
    }

    fn write_stages(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let changed: Vec<&StageChange> = self.changed_stages().collect();
        if changed.is_empty() {
            return Ok(());
        }
        writeln!(f, "\nstages:")?;
        for stage in changed.iter().take(MOST) {
            writeln!(f, "  {stage}")?;
        }
        write_rest(f, changed.len())
    }

    fn write_outputs(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(status) = &self.outputs.status {
            writeln!(f, "\nstatus: {:?} -> {:?}", status.a, status.b)?;
        }
        write_files(f, "outputs", &self.outputs.files)?;
        for result in self.outputs.results.iter().take(MOST) {
            writeln!(f, "\nresult {} at {}:", result.turn, Visible(&result.place))?;
            write_fields(f, &result.fields)?;
        }
        write_rest(f, self.outputs.results.len())
    }
}

fn write_files(f: &mut fmt::Formatter<'_>, title: &str, files: &[DataChange]) -> fmt::Result {
    if files.is_empty() {
        return Ok(());
    }
    writeln!(f, "\n{title}:")?;
    for file in files.iter().take(MOST) {
        let name = Visible(&file.name);
        match &file.change {
            DataVerdict::Added => writeln!(f, "  {name}: added")?,
            DataVerdict::Removed => writeln!(f, "  {name}: removed")?,
            DataVerdict::Changed(difference) => writeln!(f, "  {name}: {difference}")?,
        }
    }
    write_rest(f, files.len())
}

fn write_fields(f: &mut fmt::Formatter<'_>, changes: &[FieldChange]) -> fmt::Result {
    for change in changes.iter().take(MOST) {
        let path = if change.path.is_empty() {
            "all of it"
        } else {
            &change.path
        };
        writeln!(f, "  {}: {change}", Visible(path))?;
    }
    write_rest(f, changes.len())
}

fn write_rest(f: &mut fmt::Formatter<'_>, count: usize) -> fmt::Result {
    if count > MOST {
        writeln!(f, "  and {} more", count - MOST)?;
    }
    Ok(())
}

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
    let text = value.to_string();
    match text.char_indices().nth(LONGEST_VALUE) {
        Some((at, _)) => format!("{}...", Visible(&text[..at])),
        None => Visible(text).to_string(),
    }
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

impl fmt::Display for StageChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let took = |timing: Option<super::StageTiming>| Duration(timing.unwrap_or_default().duration_ns);
        write!(f, "{}: ", Visible(&self.stage))?;
        match self.change {
            StageVerdict::Added => return write!(f, "only in the second run ({})", took(self.b)),
            StageVerdict::Removed => return write!(f, "only in the first run ({})", took(self.a)),
            StageVerdict::EndedOtherwise => {
                let (a, b) = (self.a.unwrap_or_default(), self.b.unwrap_or_default());
                return write!(
                    f,
                    "{} spans, {} errors, {} open -> {} spans, {} errors, {} open",
                    a.spans, a.errors, a.open, b.spans, b.errors, b.open
                );
            }
            StageVerdict::Slower => f.write_str("slower")?,
            StageVerdict::Faster => f.write_str("faster")?,
            StageVerdict::Same => f.write_str("as long, but for noise")?,
        }
        write!(f, ", {} -> {}", took(self.a), took(self.b))?;
        if let Some(ratio) = self.ratio() {
            write!(f, " ({:+.0} %)", (ratio - 1.0) * 100.0)?;
        }
        match self.noise_basis {
            NoiseBasis::History(runs) => {
                write!(f, "; noise by {runs} earlier runs: {}", Duration(self.noise_ns))
            }
            NoiseBasis::Rule => write!(f, "; noise by rule: {}", Duration(self.noise_ns)),
        }
    }
}

struct Duration(u64);

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3?}", std::time::Duration::from_nanos(self.0))
    }
}
