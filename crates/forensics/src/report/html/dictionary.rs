//! Texts that come again and again, as numbers.

use std::cell::RefCell;

use hashbrown::HashMap;

/// Numbers the texts that it is asked for, in the order of their first use.
///
/// Serialising a value is done by reference, so the numbers are given out through a shared one.
#[derive(Debug, Default)]
pub(super) struct Dictionary<'a> {
    entries: RefCell<Entries<'a>>,
}

#[derive(Debug, Default)]
struct Entries<'a> {
    texts: Vec<&'a str>,
    numbers: HashMap<&'a str, u32>,
}

impl<'a> Dictionary<'a> {
    pub(super) fn number(&self, text: &'a str) -> u32 {
        let Entries { texts, numbers } = &mut *self.entries.borrow_mut();
        *numbers.entry(text).or_insert_with(|| {
            texts.push(text);
            texts.len() as u32 - 1
        })
    }

    /// All texts, by their numbers.
    pub(super) fn into_texts(self) -> Vec<&'a str> {
        self.entries.into_inner().texts
    }
}
