//! What was found, how grave it is, and what mends it.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    Surroundings, clock, disk, environment, handed_over, left_tapes, machine, place, seal_key, tape_cost,
};

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Level {
    /// As it should be.
    Ok,
    /// Recording works, but not as somebody may expect.
    Warn,
    /// Recording does not work.
    Fail,
}

/// One line of the report.
#[derive(Debug, Serialize)]
pub(crate) struct Finding {
    pub(crate) level: Level,
    pub(crate) topic: &'static str,
    pub(crate) finding: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mend: Option<String>,
    /// The numbers in the text, for programs.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(crate) measured: Map<String, Value>,
}

impl Finding {
    /// As it should be.
    pub(super) fn ok(topic: &'static str, finding: impl Into<String>) -> Self {
        Self {
            level: Level::Ok,
            topic,
            finding: finding.into(),
            mend: None,
            measured: Map::new(),
        }
    }

    /// Not as somebody may expect.
    pub(super) fn warn(topic: &'static str, finding: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            level: Level::Warn,
            mend: Some(mend.into()),
            ..Self::ok(topic, finding)
        }
    }

    /// Does not work.
    pub(super) fn fail(topic: &'static str, finding: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            level: Level::Fail,
            ..Self::warn(topic, finding, mend)
        }
    }

    /// Adds a number.
    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.measured.insert(name.to_owned(), value.into());
        self
    }
}

/// Looks at everything, in the order in which a reader would ask.
pub(crate) fn examine(surroundings: &Surroundings) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(place::look(surroundings));
    findings.extend(disk::look(surroundings));
    findings.extend(tape_cost::look(surroundings));
    findings.extend(clock::look());
    findings.extend(machine::look(surroundings));
    findings.push(seal_key::look());
    findings.extend(environment::look(surroundings));
    findings.extend(handed_over::look(surroundings));
    findings.extend(left_tapes::look(surroundings));
    findings
}
