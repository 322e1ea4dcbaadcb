//! Why two runs part: what changed upstream of their first divergence.
//!
//! A divergence can be its own cause: a `data.load` of other data, an `algorithm.init` with another seed or configuration.
//! Else whatever the provenance says changed may have caused it. If nothing changed, a run that did not come to its end did
//! not reach what the other did. If both did, and both provenances are there, nothing that was recorded explains it: the
//! calculation is not deterministic, at the place that is named.

use serde::Serialize;
use telensic_run::RunStatus;
use telensic_run::names::event as name;

use super::divergence::{Divergence, DivergenceKind, EventDiff, FieldChange};
use super::outputs::OutputDiff;
use super::provenance::{DataChange, DataVerdict, ProvenanceDiff, file_name};

/// Why two runs part.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cause {
    /// How sure it is.
    pub certainty: Certainty,
    /// What changed, the surest first.
    pub suspects: Vec<Suspect>,
}

/// How sure a cause is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// The first divergence is the change itself.
    Shown,
    /// It is the only thing that changed.
    OnlyChange,
    /// Several things changed; which of them did it the record cannot tell.
    OneOfSeveral,
    /// Nothing that was recorded changed: the calculation is not deterministic.
    Nondeterminism,
    /// A run did not come to its end: what it lacks was never reached.
    Unfinished,
    /// A run has no provenance, so what changed is not known.
    NotRecorded,
}

/// Something that changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Suspect {
    /// What kind of thing.
    pub kind: SuspectKind,
    /// Which: a file, a component, a key.
    pub name: String,
    /// How it changed, in words: `column close, rows 40,000-40,999 changed`.
    pub change: String,
}

/// What kind of thing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SuspectKind {
    /// Data that went in.
    Input,
    /// A configuration.
    Config,
    /// A seed.
    Seed,
    /// The code.
    Code,
    /// The environment.
    Environment,
    /// How a run ended.
    Ending,
}

impl SuspectKind {
    /// Its word.
    pub fn text(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Config => "config",
            Self::Seed => "seed",
            Self::Code => "code",
            Self::Environment => "environment",
            Self::Ending => "ending",
        }
    }
}

/// Why the events, or else the outputs, part; none if they do not.
pub(super) fn find(events: &EventDiff, outputs: &OutputDiff, provenance: &ProvenanceDiff) -> Option<Cause> {
    if events.first.is_none() && outputs.is_same() {
        return None;
    }
    let recorded = all(provenance);
    let unfinished = unfinished(outputs);
    if recorded.is_empty() && !unfinished.is_empty() {
        return Some(Cause {
            certainty: Certainty::Unfinished,
            suspects: unfinished,
        });
    }
    let shown = events
        .first
        .as_ref()
        .map(|first| shown_by(first, provenance))
        .unwrap_or_default();
    if !shown.is_empty() {
        let others = recorded.into_iter().filter(|suspect| {
            shown
                .iter()
                .all(|known| known.kind != suspect.kind || known.name != suspect.name)
        });
        return Some(Cause {
            certainty: Certainty::Shown,
            suspects: shown.iter().cloned().chain(others).collect(),
        });
    }
    let certainty = match recorded.len() {
        0 if provenance.is_recorded => Certainty::Nondeterminism,
        0 => Certainty::NotRecorded,
        1 => Certainty::OnlyChange,
        _ => Certainty::OneOfSeveral,
    };
    Some(Cause {
        certainty,
        suspects: recorded,
    })
}

/// The runs that ended otherwise than they should, if only one of them did, or each in its own way.
fn unfinished(outputs: &OutputDiff) -> Vec<Suspect> {
    let Some(status) = outputs.status else {
        return Vec::new();
    };
    let runs = [("the first run", status.a), ("the second run", status.b)];
    let ended = runs.into_iter().filter_map(|(run, status)| {
        let change = match status {
            RunStatus::Succeeded => return None,
            RunStatus::Running => "goes on, or died and is not recovered",
            RunStatus::Failed => "failed",
            RunStatus::Interrupted => "was interrupted",
            RunStatus::Crashed => "crashed",
        };
        Some(Suspect {
            kind: SuspectKind::Ending,
            name: run.to_owned(),
            change: change.to_owned(),
        })
    });
    ended.collect()
}

/// Everything that the provenance says changed.
fn all(provenance: &ProvenanceDiff) -> Vec<Suspect> {
    let inputs = provenance.inputs.iter().map(of_input);
    let sections = [
        (SuspectKind::Config, &provenance.config),
        (SuspectKind::Seed, &provenance.seeds),
        (SuspectKind::Code, &provenance.code),
        (SuspectKind::Environment, &provenance.environment),
    ];
    let others = sections.into_iter().flat_map(|(kind, changes)| {
        changes
            .iter()
            .map(move |change| of_field(kind, &change.path, change))
    });
    inputs.chain(others).collect()
}

fn of_input(input: &DataChange) -> Suspect {
    Suspect {
        kind: SuspectKind::Input,
        name: input.name.clone(),
        change: match &input.change {
            DataVerdict::Added => "added".to_owned(),
            DataVerdict::Removed => "removed".to_owned(),
            DataVerdict::Changed(difference) => difference.to_string(),
        },
    }
}

fn of_field(kind: SuspectKind, name: &str, change: &FieldChange) -> Suspect {
    Suspect {
        kind,
        name: name.to_owned(),
        change: change.to_string(),
    }
}

/// What the first divergence itself shows to have changed.
fn shown_by(first: &Divergence, provenance: &ProvenanceDiff) -> Vec<Suspect> {
    let DivergenceKind::Changed { fields } = &first.kind else {
        return Vec::new();
    };
    match first.event.as_str() {
        name::DATA_LOAD => {
            // Those of the loaded file, if the provenance has it; it knows the columns.
            let source = first.source.as_deref().unwrap_or_default();
            let known = provenance
                .inputs
                .iter()
                .filter(|input| is_same_file(&input.name, source));
            let known: Vec<Suspect> = known.map(of_input).collect();
            if !known.is_empty() {
                return known;
            }
            let told: Vec<String> = fields
                .iter()
                .map(|change| format!("{} {change}", change.path))
                .collect();
            vec![Suspect {
                kind: SuspectKind::Input,
                name: source.to_owned(),
                change: told.join("; "),
            }]
        }
        name::ALGORITHM_INIT => fields
            .iter()
            .filter_map(|change| {
                let kind = match change.path.as_str() {
                    "random_seed" => SuspectKind::Seed,
                    "version" | "algorithm_name" => SuspectKind::Code,
                    // The hash changes because the configuration does.
                    "config_hash" if fields.iter().any(|other| other.path.starts_with("config.")) => {
                        return None;
                    }
                    path if path.starts_with("config") => SuspectKind::Config,
                    _ => return None,
                };
                let name = change.path.strip_prefix("config.").unwrap_or(&change.path);
                let component = match kind {
                    SuspectKind::Seed => first.source.as_deref().unwrap_or(name),
                    _ => name,
                };
                Some(of_field(kind, component, change))
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Whether a path of the provenance and one of an event name the same file, from wherever each was seen.
fn is_same_file(one: &str, other: &str) -> bool {
    let ends_with = |long: &str, short: &str| {
        long.strip_suffix(short)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with(['/', '\\']))
    };
    file_name(one) == file_name(other)
        && (ends_with(one, other.trim_start_matches("./")) || ends_with(other, one.trim_start_matches("./")))
}
