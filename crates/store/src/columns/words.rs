//! Texts and bytes that occur again and again: dictionaries.

use std::hash::BuildHasher;
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, BinaryArray, DictionaryArray, Int32Array, StringArray};
use arrow_buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use foldhash::fast::FixedState;
use hashbrown::HashTable;

use crate::error::StoreError;

/// Builds a dictionary.
#[derive(Debug)]
pub(super) struct Words {
    /// Which word each row has; -1 for none.
    keys: Vec<i32>,
    bytes: Vec<u8>,
    /// Where each word begins, and where the last one ends.
    offsets: Vec<i32>,
    places: HashTable<i32>,
    hasher: FixedState,
}

impl Default for Words {
    fn default() -> Self {
        Self {
            keys: Vec::new(),
            bytes: Vec::new(),
            offsets: vec![0],
            places: HashTable::new(),
            hasher: FixedState::with_seed(0),
        }
    }
}

impl Words {
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// A row with this word.
    #[inline]
    pub(super) fn push(&mut self, word: &[u8]) {
        // Rows that follow on one another mostly have the same.
        if let Some(&last) = self.keys.last()
            && last >= 0
            && word_at(&self.bytes, &self.offsets, last) == word
        {
            self.keys.push(last);
            return;
        }
        self.push_other(word);
    }

    fn push_other(&mut self, word: &[u8]) {
        let (bytes, offsets) = (&mut self.bytes, &mut self.offsets);
        let hash = self.hasher.hash_one(word);
        let found = self
            .places
            .find(hash, |place| word_at(bytes, offsets, *place) == word);
        if let Some(place) = found {
            self.keys.push(*place);
            return;
        }
        let place = (offsets.len() - 1) as i32;
        bytes.extend_from_slice(word);
        offsets.push(bytes.len() as i32);
        let hasher = &self.hasher;
        self.places.insert_unique(hash, place, |place| {
            hasher.hash_one(word_at(bytes, offsets, *place))
        });
        self.keys.push(place);
    }

    /// A row without one.
    #[inline]
    pub(super) fn push_none(&mut self) {
        self.keys.push(-1);
    }

    /// A row with this text, or without if it is empty.
    #[inline]
    pub(super) fn push_unless_empty(&mut self, text: &str) {
        if text.is_empty() {
            self.push_none();
        } else {
            self.push(text.as_bytes());
        }
    }

    /// The rows as texts. All that was pushed must have been.
    pub(super) fn finish_text(self) -> Result<ArrayRef, StoreError> {
        let (keys, offsets, bytes) = self.parts();
        let values = StringArray::try_new(offsets, bytes, None)?;
        Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(
            keys,
            Arc::new(values),
        )?))
    }

    /// The rows as bytes.
    pub(super) fn finish_binary(self) -> Result<ArrayRef, StoreError> {
        let (keys, offsets, bytes) = self.parts();
        let values = BinaryArray::try_new(offsets, bytes, None)?;
        Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(
            keys,
            Arc::new(values),
        )?))
    }

    fn parts(self) -> (Int32Array, OffsetBuffer<i32>, Buffer) {
        let is_some = |key: &i32| *key >= 0;
        let nulls =
            (!self.keys.iter().all(is_some)).then(|| self.keys.iter().map(is_some).collect::<NullBuffer>());
        let keys = self.keys.into_iter().map(|key| key.max(0)).collect::<Vec<_>>();
        // Rows without a word must not point at one that is not there.
        let keys = Int32Array::new(ScalarBuffer::from(keys), nulls);
        (
            keys,
            OffsetBuffer::new(ScalarBuffer::from(self.offsets)),
            Buffer::from_vec(self.bytes),
        )
    }
}

#[inline]
fn word_at<'a>(bytes: &'a [u8], offsets: &[i32], place: i32) -> &'a [u8] {
    let place = place as usize;
    &bytes[offsets[place] as usize..offsets[place + 1] as usize]
}

/// Reads a dictionary of texts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WordsColumn<'a> {
    keys: &'a Int32Array,
    values: &'a StringArray,
}

impl<'a> WordsColumn<'a> {
    pub(crate) fn of(array: &'a dyn Array) -> Option<Self> {
        let dictionary = array.as_any().downcast_ref::<DictionaryArray<Int32Type>>()?;
        Some(Self {
            keys: dictionary.keys(),
            values: dictionary.values().as_any().downcast_ref()?,
        })
    }

    /// The text of a row.
    #[inline]
    pub(crate) fn get(&self, row: usize) -> Option<&'a str> {
        self.place(row).map(|place| self.word(place))
    }

    /// Which word a row has.
    #[inline]
    pub(crate) fn place(&self, row: usize) -> Option<usize> {
        (row < self.keys.len() && self.keys.is_valid(row)).then(|| self.keys.value(row) as usize)
    }

    /// A word.
    pub(crate) fn word(&self, place: usize) -> &'a str {
        if place < self.values.len() {
            self.values.value(place)
        } else {
            ""
        }
    }

    /// How many words there are.
    pub(crate) fn words(&self) -> usize {
        self.values.len()
    }
}

/// Reads a dictionary of bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BytesColumn<'a> {
    keys: &'a Int32Array,
    values: &'a BinaryArray,
}

impl<'a> BytesColumn<'a> {
    pub(crate) fn of(array: &'a dyn Array) -> Option<Self> {
        let dictionary = array.as_any().downcast_ref::<DictionaryArray<Int32Type>>()?;
        Some(Self {
            keys: dictionary.keys(),
            values: dictionary.values().as_any().downcast_ref()?,
        })
    }

    /// The bytes of a row.
    pub(crate) fn get(&self, row: usize) -> Option<&'a [u8]> {
        self.place(row).map(|place| self.word(place))
    }

    /// Which of the byte strings a row has.
    pub(crate) fn place(&self, row: usize) -> Option<usize> {
        (row < self.keys.len() && self.keys.is_valid(row)).then(|| self.keys.value(row) as usize)
    }

    /// A byte string.
    pub(crate) fn word(&self, place: usize) -> &'a [u8] {
        if place < self.values.len() {
            self.values.value(place)
        } else {
            &[]
        }
    }

    /// How many byte strings there are.
    pub(crate) fn words(&self) -> usize {
        self.values.len()
    }
}
