//! The environment as a carrier: how a context reaches a process that is started, not called.
//!
//! Names follow OpenTelemetry's rule for environment carriers: ASCII letters in upper case, any byte that is not
//! a letter or a digit an underscore, an underscore before a leading digit. `traceparent` travels as
//! `TRACEPARENT`, `x-b3-traceid` as `X_B3_TRACEID`.
//!
//! Invariant: only names in that form are held; others are neither read nor written.

use std::borrow::Cow;
use std::collections::{BTreeMap, btree_map};

use super::propagator::FIELDS;
use super::{Extractor, Injector};

/// Environment variables that carry a context.
///
/// A worker reads its parent's context before it opens its first span:
///
/// ```
/// use telensic::context::{EnvCarrier, Propagators};
///
/// let context = Propagators::default().extract(&EnvCarrier::from_process());
/// ```
///
/// and whoever starts it hands the context over:
///
/// ```
/// use std::process::Command;
/// use telensic::context::{Context, EnvCarrier, Propagators};
///
/// let mut variables = EnvCarrier::new();
/// Propagators::default().inject(&Context::new(), &mut variables);
/// Command::new("worker").envs(variables);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvCarrier {
    variables: BTreeMap<String, String>,
}

impl EnvCarrier {
    /// A carrier without variables.
    pub const fn new() -> Self {
        Self {
            variables: BTreeMap::new(),
        }
    }

    /// The variables of this process that a [`Propagator`](super::Propagator) knows; no other is looked at.
    /// One that is empty or not Unicode counts as not set.
    pub fn from_process() -> Self {
        let names = FIELDS.iter().map(|field| normalized(field));
        Self::from_vars(names.filter_map(|name| std::env::var(&name).ok().map(|value| (name, value))))
    }

    /// The given variables, as far as their names are in the form of environment carriers.
    pub fn from_vars(variables: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Self {
        let variables = variables
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()));
        Self {
            variables: variables
                .filter(|(name, value)| *name == normalized(name) && !value.is_empty())
                .collect(),
        }
    }

    /// Names and values, for [`Command::envs`](std::process::Command::envs).
    pub fn iter(&self) -> btree_map::Iter<'_, String, String> {
        self.variables.iter()
    }
}

impl IntoIterator for EnvCarrier {
    type Item = (String, String);
    type IntoIter = btree_map::IntoIter<String, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.variables.into_iter()
    }
}

impl<'a> IntoIterator for &'a EnvCarrier {
    type Item = (&'a String, &'a String);
    type IntoIter = btree_map::Iter<'a, String, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Injector for EnvCarrier {
    fn set(&mut self, key: &str, value: String) {
        self.variables.insert(normalized(key), value);
    }
}

impl Extractor for EnvCarrier {
    fn get_all(&self, key: &str) -> Vec<Cow<'_, str>> {
        self.get(key).into_iter().collect()
    }

    fn get(&self, key: &str) -> Option<Cow<'_, str>> {
        self.variables.get(&normalized(key)).map(Cow::from)
    }
}

fn normalized(key: &str) -> String {
    let mut name = String::with_capacity(key.len() + 1);
    if key.is_empty() || key.starts_with(|first: char| first.is_ascii_digit()) {
        name.push('_');
    }
    name.extend(key.chars().map(|c| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_uppercase()
        } else {
            '_'
        }
    }));
    name
}
