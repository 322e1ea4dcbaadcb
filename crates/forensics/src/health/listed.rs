//! A list that could have any length, of which a report holds the beginning.

use serde::Serialize;

/// The first of many, and how many there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed<T> {
    /// How many there are.
    pub total: u64,
    /// The first of them.
    pub first: Vec<T>,
}

impl<T> Listed<T> {
    /// How many are held.
    const MOST: usize = 100;

    /// As many of these as a report holds.
    pub(super) fn of(all: impl IntoIterator<Item = T>) -> Self {
        let mut all = all.into_iter();
        let first: Vec<T> = all.by_ref().take(Self::MOST).collect();
        Self {
            total: (first.len() + all.count()) as u64,
            first,
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }
}
