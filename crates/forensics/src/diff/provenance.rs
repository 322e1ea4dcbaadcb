//! What went into two runs, compared: inputs by content, seeds, code, configuration, environment.
//!
//! Inputs and outputs are compared by their fingerprints, down to column and rows; the rest key by key. Values were
//! redacted before they were recorded, so what is told here holds no secret.

use serde::Serialize;
use serde_json::Value;
use telensic_run::{FileDifference, Fingerprint, Provenance, compare, compare_arrays, compare_tables};

use super::divergence::FieldChange;
use super::fields;

/// What differs of what went in.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ProvenanceDiff {
    /// Whether both runs have recorded their provenance; if not, nothing below is known.
    pub is_recorded: bool,
    /// Inputs that are new, gone or changed.
    pub inputs: Vec<DataChange>,
    /// Seeds, by component.
    pub seeds: Vec<FieldChange>,
    /// The code: commit, whether the tree was dirty, with which changes, and the files that fix the versions of packages.
    pub code: Vec<FieldChange>,
    /// The configuration, by JSON path.
    pub config: Vec<FieldChange>,
    /// Where it ran: operating system, CPU, toolchain, variables. It can be a cause, and is no difference by itself.
    pub environment: Vec<FieldChange>,
}

/// A file, an array or a table that is new, gone or changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DataChange {
    /// Its path or name, as the first run that has it says.
    pub name: String,
    /// What became of it.
    pub change: DataVerdict,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DataVerdict {
    /// Only the second run has it.
    Added,
    /// Only the first run has it.
    Removed,
    /// Both have it, with another content.
    Changed(FileDifference),
}

impl ProvenanceDiff {
    /// Compares what was recorded of both.
    pub(super) fn of(a: Option<&Provenance>, b: Option<&Provenance>) -> Self {
        let (Some(a), Some(b)) = (a, b) else {
            return Self::default();
        };
        Self {
            is_recorded: true,
            inputs: data(&a.inputs, &b.inputs),
            seeds: [
                section(&a.seeds, &b.seeds),
                section(&a.random_states, &b.random_states),
            ]
            .concat(),
            code: [
                by_key(section(&a.git, &b.git), |key| CODE.contains(&key)),
                by_key(surroundings(a, b), |key| key == LOCK_FILES),
            ]
            .concat(),
            config: section(&config(a), &config(b)),
            environment: by_key(surroundings(a, b), |key| {
                key != LOCK_FILES && !PLACES.contains(&key)
            }),
        }
    }

    /// Whether nothing that was recorded differs, but for where it ran.
    pub fn is_same(&self) -> bool {
        self.inputs.is_empty() && self.seeds.is_empty() && self.code.is_empty() && self.config.is_empty()
    }
}

/// What differs of the environments, to be sorted into code and places.
fn surroundings(a: &Provenance, b: &Provenance) -> Vec<FieldChange> {
    section(&a.environment, &b.environment)
}

fn config(provenance: &Provenance) -> Option<&Value> {
    provenance.configuration.as_ref().map(|known| &known.values)
}

/// What differs of a part, key by key.
fn section<T: Serialize>(a: &T, b: &T) -> Vec<FieldChange> {
    // These parts came from JSON, so they become JSON again.
    let value = |part: &T| serde_json::to_value(part).unwrap_or_default();
    fields::changes(&value(a), &value(b), None)
}

/// What tells code from code; the rest (branch, remote, where it lies) can differ for the same code.
const CODE: [&str; 3] = ["sha", "dirty", "diff_hash"];
/// The part of the environment that fixes the versions of packages, which are code.
const LOCK_FILES: &str = "lock_files";
/// Where a run took place, and variables that change no result.
const PLACES: [&str; 3] = ["hostname", "other_variables", "working_dir"];

/// The changes whose key satisfies this, and that of the whole, if one run has nothing to compare.
fn by_key(mut changes: Vec<FieldChange>, is_wanted: impl Fn(&str) -> bool) -> Vec<FieldChange> {
    changes.retain(|change| change.path.is_empty() || is_wanted(key(&change.path)));
    changes
}

fn key(path: &str) -> &str {
    path.split(['.', '[']).next().unwrap_or(path)
}

/// Data of two runs, paired by name, or else by file name where that names one alone.
pub(super) fn data(a: &[Fingerprint], b: &[Fingerprint]) -> Vec<DataChange> {
    let mut is_paired = vec![false; b.len()];
    let mut changes = Vec::new();
    for before in a {
        let place = find(before, b, |name| name)
            .or_else(|| find(before, b, file_name))
            .filter(|place| !is_paired[*place]);
        let change = match place {
            Some(place) => {
                is_paired[place] = true;
                let difference = difference(before, &b[place]);
                if difference.is_same() {
                    continue;
                }
                DataVerdict::Changed(difference)
            }
            None => DataVerdict::Removed,
        };
        changes.push(DataChange {
            name: name(before).to_owned(),
            change,
        });
    }
    let added = b.iter().zip(is_paired).filter(|(_, is_paired)| !is_paired);
    changes.extend(added.map(|(after, _)| DataChange {
        name: name(after).to_owned(),
        change: DataVerdict::Added,
    }));
    changes
}

fn difference(before: &Fingerprint, after: &Fingerprint) -> FileDifference {
    match (before, after) {
        (Fingerprint::File(before), Fingerprint::File(after)) => compare(before, after),
        (Fingerprint::Array(before), Fingerprint::Array(after)) => compare_arrays(before, after),
        (Fingerprint::Table(before), Fingerprint::Table(after)) => compare_tables(before, after),
        _ => FileDifference::BytesChanged {
            reason: "it is a file in one run and in memory in the other, or of another kind".to_owned(),
        },
    }
}

/// The only one that has the same of this.
fn find<'a>(
    wanted: &'a Fingerprint,
    among: &'a [Fingerprint],
    of: impl Fn(&'a str) -> &'a str,
) -> Option<usize> {
    let mut fitting = among
        .iter()
        .enumerate()
        .filter(|(_, other)| of(name(wanted)) == of(name(other)));
    let (place, _) = fitting.next()?;
    fitting.next().is_none().then_some(place)
}

fn name(fingerprint: &Fingerprint) -> &str {
    match fingerprint {
        Fingerprint::File(file) => &file.path,
        Fingerprint::Array(array) => &array.name,
        Fingerprint::Table(table) => &table.name,
    }
}

pub(super) fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}
