//! The encoded records, where they lie.

use telensic_tape::{Body, Signal};

/// Where a record lies: in which body, and where in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct RecordAt {
    pub(super) body: u32,
    pub(super) from: u32,
    pub(super) len: u32,
}

/// The bodies of all chunks.
#[derive(Debug, Default)]
pub(super) struct Bodies(pub(super) Vec<Body>);

impl Bodies {
    pub(super) fn record(&self, at: RecordAt) -> &[u8] {
        let body = self.0[at.body as usize].bytes();
        &body[at.from as usize..][..at.len as usize]
    }

    pub(super) fn bytes(&self) -> u64 {
        self.0.iter().map(|body| body.bytes().len() as u64).sum()
    }

    /// The metrics messages, as they lie.
    pub(super) fn metrics(&self) -> impl Iterator<Item = &Body> {
        self.0.iter().filter(|body| body.signal() == Signal::Metrics)
    }
}
