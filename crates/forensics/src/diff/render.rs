//! A diff as text: the verdict first, then why, then what. No recorded text begins a line of its own.

use std::fmt;

use telensic_run::Visible;

use super::words::MOST;
use super::{Certainty, DataChange, DataVerdict, Diff, FieldChange, NoiseBasis, StageChange};

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_same() {
            writeln!(
                f,
                "same: {} and {} ({} events)",
                self.a, self.b, self.events.a_events
            )?;
            self.write_asides(f)?;
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
        self.write_asides(f)?;
        self.write_unrecorded(f)
    }
}

impl Diff {
    /// What differs, in half a line.
    fn summary(&self) -> String {
        let stages = self.stages_that_count().count();
        let parts = [
            (self.provenance.inputs.len(), "input", "inputs"),
            (self.provenance.seeds.len(), "seed", "seeds"),
            (self.provenance.config.len(), "config key", "config keys"),
            (
                self.provenance.code.len(),
                "fact of the code",
                "facts of the code",
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
        let changed: Vec<&StageChange> = self.stages_that_count().collect();
        if changed.is_empty() {
            return Ok(());
        }
        writeln!(f, "\nstages:")?;
        write_stages(f, &changed)
    }

    /// What is told although it makes no difference: where it ran, and how long it took.
    fn write_asides(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.provenance.environment.is_empty() {
            writeln!(f, "\nenvironment, which by itself makes no difference:")?;
            write_fields(f, &self.provenance.environment)?;
        }
        let aside: Vec<&StageChange> = self
            .changed_stages()
            .filter(|stage| !self.counts(stage))
            .collect();
        if aside.is_empty() {
            return Ok(());
        }
        writeln!(
            f,
            "\nslower or faster beyond noise, which counts with --timing alone:"
        )?;
        write_stages(f, &aside)
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

fn write_stages(f: &mut fmt::Formatter<'_>, changed: &[&StageChange]) -> fmt::Result {
    for stage in changed.iter().take(MOST) {
        writeln!(f, "  {stage}")?;
    }
    write_rest(f, changed.len())?;
    let is_by_rule = |stage: &&StageChange| stage.change.is_timing() && stage.noise_basis == NoiseBasis::Rule;
    if changed.iter().any(is_by_rule) {
        writeln!(f, "  the rule: {}", NoiseBasis::RULE)?;
    }
    Ok(())
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
