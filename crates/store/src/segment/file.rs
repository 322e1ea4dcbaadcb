//! A segment that is part of the store.
//!
//! Invariant: the file is there as long as anybody holds the segment. One that was replaced or has expired is removed
//! when the last scan that reads it is done.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::cached::{Footer, FooterCache, facts_of};
use super::facts::SegmentFacts;
use super::id::SegmentId;
use crate::error::StoreError;
use crate::shelf::Shelf;

/// A segment.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) id: SegmentId,
    pub(crate) name: String,
    pub(crate) len: u64,
    pub(crate) facts: SegmentFacts,
    pub(crate) shelf: Arc<dyn Shelf>,
    footers: Arc<FooterCache>,
    is_doomed: AtomicBool,
}

impl Segment {
    /// A segment of which the facts are known.
    pub(crate) fn new(
        id: SegmentId,
        len: u64,
        facts: SegmentFacts,
        shelf: Arc<dyn Shelf>,
        footers: Arc<FooterCache>,
    ) -> Self {
        Self {
            name: id.name(),
            id,
            len,
            facts,
            shelf,
            footers,
            is_doomed: AtomicBool::new(false),
        }
    }

    /// A segment whose facts are read from its footer.
    pub(crate) fn open(
        id: SegmentId,
        len: u64,
        shelf: Arc<dyn Shelf>,
        footers: Arc<FooterCache>,
    ) -> Result<Self, StoreError> {
        let name = id.name();
        let footer = footers.get(shelf.as_ref(), &name, len)?;
        let facts = facts_of(&name, &footer)?;
        Ok(Self::new(id, len, facts, shelf, footers))
    }

    pub(crate) fn footer(&self) -> Result<Arc<Footer>, StoreError> {
        self.footers.get(self.shelf.as_ref(), &self.name, self.len)
    }

    /// The file goes when nobody holds the segment any longer.
    pub(crate) fn doom(&self) {
        self.is_doomed.store(true, Ordering::Relaxed);
    }
}

impl Drop for Segment {
    fn drop(&mut self) {
        if self.is_doomed.load(Ordering::Relaxed) {
            self.footers.forget(&self.name);
            // What stays is removed at the next start: its rows are in another segment, or it expires again.
            let _ = self.shelf.remove(&self.name);
        }
    }
}
