//! The string table: each text once, the empty one first.

use hashbrown::HashMap;

pub(super) struct Strings {
    indices: HashMap<String, u64>,
    texts: Vec<String>,
}

impl Strings {
    pub(super) fn new() -> Self {
        let mut strings = Self {
            indices: HashMap::new(),
            texts: Vec::new(),
        };
        strings.index("");
        strings
    }

    /// The index of this text, which is added if it is new.
    pub(super) fn index(&mut self, text: &str) -> u64 {
        if let Some(index) = self.indices.get(text) {
            return *index;
        }
        let index = self.texts.len() as u64;
        self.texts.push(text.to_owned());
        self.indices.insert(text.to_owned(), index);
        index
    }

    pub(super) fn texts(&self) -> &[String] {
        &self.texts
    }
}
