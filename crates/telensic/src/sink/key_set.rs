//! The keys an object already has, so that none is written twice.

use std::collections::HashSet;

/// A set of borrowed keys: a short list while there are few, which is nearly always, and a hash set beyond, so
/// that a record with very many keys costs no quadratic time.
pub(super) struct KeySet<'a> {
    few: [&'a str; FEW],
    len: usize,
    many: Option<HashSet<&'a str>>,
}

const FEW: usize = 16;

impl<'a> KeySet<'a> {
    pub(super) fn new() -> Self {
        Self {
            few: [""; FEW],
            len: 0,
            many: None,
        }
    }

    /// Adds a key; `false` if it was there.
    pub(super) fn insert(&mut self, key: &'a str) -> bool {
        let few = &self.few[..self.len];
        if few.contains(&key) {
            return false;
        }
        if let Some(free) = self.few.get_mut(self.len) {
            *free = key;
            self.len += 1;
            return true;
        }
        self.many.get_or_insert_default().insert(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_goes_in_once_however_many_there_are() {
        let keys: Vec<String> = (0..100).map(|number| format!("key-{number}")).collect();
        let mut set = KeySet::new();
        assert!(keys.iter().all(|key| set.insert(key)));
        assert!(!keys.iter().any(|key| set.insert(key)));
    }
}
