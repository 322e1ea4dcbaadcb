//! Names as numbers: a run has millions of spans and some hundreds of names.

use hashbrown::HashMap;

/// A name of this timeline; two are equal if their numbers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(u32);

impl Name {
    /// As an index of a slice with one element a name.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// All names.
#[derive(Debug, Default)]
pub struct Names {
    texts: Vec<Box<str>>,
    numbers: HashMap<Box<str>, Name>,
}

impl Names {
    /// The number of this text; a new one if it is not known yet.
    pub(super) fn intern(&mut self, text: &str) -> Name {
        if let Some(name) = self.numbers.get(text) {
            return *name;
        }
        // Far fewer names than 4 thousand million fit into memory.
        let name = Name(self.texts.len() as u32);
        self.texts.push(text.into());
        self.numbers.insert(text.into(), name);
        name
    }

    /// The number of this text, if any record has it.
    pub fn find(&self, text: &str) -> Option<Name> {
        self.numbers.get(text).copied()
    }

    /// The text.
    pub fn text(&self, name: Name) -> &str {
        self.texts.get(name.0 as usize).map_or("", |text| text)
    }

    /// The numbers that `other`'s names have here; those that are not known yet are added.
    pub(super) fn absorb(&mut self, other: &Self) -> Translation {
        Translation(other.texts.iter().map(|text| self.intern(text)).collect())
    }
}

/// From the numbers of one set of names to those of another.
pub(super) struct Translation(Vec<Name>);

impl Translation {
    pub(super) fn of(&self, name: Name) -> Name {
        self.0[name.0 as usize]
    }
}
