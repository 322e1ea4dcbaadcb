//! Results by name.

use std::collections::BTreeMap;
use std::collections::btree_map::IntoIter;

use super::error::StageError;

/// Results of parallel branches, by the name of each, in the order of the names.
///
/// Invariant: a name has one result. A second one is an error; it never takes the place of the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Named<T>(BTreeMap<String, T>);

impl<T> Named<T> {
    /// None yet.
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Adds a result, unless there is one of this name already.
    pub fn insert(&mut self, name: impl Into<String>, result: T) -> Result<(), StageError> {
        let name = name.into();
        if self.0.contains_key(&name) {
            return Err(StageError::new(format!(
                "there are two results called {name}: give each branch's result a name of its own"
            )));
        }
        self.0.insert(name, result);
        Ok(())
    }

    /// Adds all of another branch, unless the two have a name in common; then nothing is added.
    pub fn merge(&mut self, other: Self) -> Result<(), StageError> {
        let common: Vec<&str> = other.names().filter(|name| self.0.contains_key(*name)).collect();
        if !common.is_empty() {
            return Err(StageError::new(format!(
                "two branches have results called {}: give each a name of its own",
                common.join(", ")
            )));
        }
        self.0.extend(other.0);
        Ok(())
    }

    /// The result of this name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.0.get(name)
    }

    /// All names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// All results with their names, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.0.iter().map(|(name, result)| (name.as_str(), result))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> IntoIterator for Named<T> {
    type Item = (String, T);
    type IntoIter = IntoIter<String, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
