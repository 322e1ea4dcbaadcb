//! A thread's way to the tape: append a record, without a lock and without a shared cache line.

use std::sync::Arc;

use crate::format::{BODY, Loss};
use crate::otlp::SpanHead;
use crate::writer::Shared;
use crate::writer::hot::{LaneKey, OpenChunk};
use crate::{UnixNanos, platform};

/// Where one thread appends the records of one signal and scope.
#[derive(Debug)]
pub struct Lane {
    shared: Arc<Shared>,
    key: LaneKey,
    thread: u32,
    chunk: Option<OpenChunk>,
    /// [`platform::forks`] when the lane was made; a child process has only a copy of it.
    forks: u32,
}

impl Lane {
    pub(crate) fn new(shared: Arc<Shared>, key: LaneKey, thread: u32) -> Self {
        Self {
            shared,
            key,
            thread,
            chunk: None,
            forks: platform::forks(),
        }
    }

    /// Appends one encoded record (the content of a `Span`, `LogRecord` or `Metric`).
    ///
    /// Once this returns, the record survives the process. An error says why it is lost; it was counted.
    #[inline]
    pub fn append(&mut self, message: &[u8], time: UnixNanos) -> Result<(), Loss> {
        match &mut self.chunk {
            Some(chunk)
                if chunk.fits(message.len()) && chunk.is_open() && self.forks == platform::forks() =>
            {
                chunk.append(message, time);
                Ok(())
            }
            _ => self.append_to_next(message, time),
        }
    }

    /// As [`Self::append`], for a span whose message begins with a [`SpanHead`]: its end is set on the way.
    ///
    /// In the copy, not in the message: the copy would wait for a store to what it is about to read, and so for the
    /// clock that the store waits for.
    #[inline(always)]
    pub fn append_span(&mut self, message: &mut [u8], end: UnixNanos) -> Result<(), Loss> {
        match &mut self.chunk {
            Some(chunk)
                if chunk.fits(message.len()) && chunk.is_open() && self.forks == platform::forks() =>
            {
                chunk.append_span(message, end);
                Ok(())
            }
            _ => {
                SpanHead::set_end(message, end);
                self.append_to_next(message, end)
            }
        }
    }

    #[cold]
    fn append_to_next(&mut self, message: &[u8], time: UnixNanos) -> Result<(), Loss> {
        const OVERHEAD: usize = 16;
        if self.shared.is_forked() {
            return Err(Loss::Closed);
        }
        if message.len() + self.key.scope.len() + OVERHEAD > BODY {
            return self.shared.append_large(&self.key, self.thread, message, time);
        }
        loop {
            if let Some(full) = self.chunk.take() {
                self.shared.finish(full);
            }
            let claimed = self.shared.claim(&self.key, self.thread, time);
            let chunk = claimed.inspect_err(|reason| self.shared.count_lost(*reason, 1))?;
            let chunk = self.chunk.insert(chunk);
            // One that another thread left may have too little room.
            if chunk.fits(message.len()) {
                chunk.append(message, time);
                return Ok(());
            }
        }
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        let Some(chunk) = self.chunk.take() else { return };
        if self.shared.is_forked() {
            // The parent's chunk: this process has only a copy of the handle.
            return;
        }
        self.shared.leave(self.key.clone(), chunk);
    }
}
