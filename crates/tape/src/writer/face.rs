//! The tape as its owner sees it.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::{Clerk, Lane, Shared, Slots, TapeOptions, create, lock};
use crate::format::{ChunkState, Loss, Signal, header};
use crate::reader::Chunk;
use crate::writer::hot::LaneKey;
use crate::{Trouble, platform};

/// A tape that this process writes.
///
/// Recording never fails towards the caller: without a directory, room or mapping the tape goes on in memory,
/// says why once ([`TapeWriter::take_trouble`]) and counts what is lost ([`TapeWriter::lost`]).
#[derive(Clone, Debug)]
pub struct TapeWriter {
    shared: Arc<Shared>,
}

impl TapeWriter {
    /// Creates a new tape file, `<host>-<pid>-<n>.tape`, and its clerk.
    pub fn create(options: TapeOptions) -> (Self, Clerk) {
        let shared = Arc::new(Shared::new(create::parts(&options), &options));
        (
            Self {
                shared: Arc::clone(&shared),
            },
            Clerk::new(shared),
        )
    }

    /// Where the file is; `None` if there is none.
    pub fn path(&self) -> Option<&Path> {
        self.shared.path.as_deref()
    }

    /// A lane for records of one signal and instrumentation scope, for one thread.
    ///
    /// `scope` is an encoded `InstrumentationScope`; with `export` false the records are kept, but not sent on.
    pub fn lane(&self, signal: Signal, scope: Arc<[u8]>, export: bool, thread: u32) -> Lane {
        Lane::new(
            Arc::clone(&self.shared),
            LaneKey {
                signal,
                export,
                scope,
            },
            thread,
        )
    }

    /// A thread's share of the open-span table.
    pub fn slots(&self) -> Slots {
        Slots::new(Arc::clone(&self.shared))
    }

    /// How many records of this signal were written so far.
    pub fn written(&self, signal: Signal) -> u64 {
        self.shared.lock_pool().written(signal)
    }

    /// How many records were lost for this reason.
    pub fn lost(&self, reason: Loss) -> u64 {
        self.shared.lost_counter(reason).load(Ordering::Relaxed)
    }

    /// How many spans could not be listed as open.
    pub fn unlisted(&self) -> u64 {
        self.shared.head.word(header::UNLISTED).load(Ordering::Relaxed)
    }

    /// Bytes of disk in use or reserved.
    pub fn disk_bytes(&self) -> u64 {
        self.shared.lock_cold().grid.bytes()
    }

    /// Says that an exporter reads the records of this signal from the file: of those that it has not sent when their
    /// place is needed, as told by [`Self::mark_sent`], it is counted that they were overrun.
    pub fn export(&self, signal: Signal) {
        self.shared.want_exported(signal);
    }

    /// How many chunks were begun so far: a measure of how fast the tape fills.
    pub fn chunks_begun(&self) -> u64 {
        self.shared.next_id.load(Ordering::Relaxed) - 1
    }

    /// Notes how many records of a chunk the exporter has sent.
    pub fn mark_sent(&self, chunk: &Chunk, records: u64) {
        if chunk.state() == ChunkState::Sealed && !self.shared.is_forked() {
            let mut cold = self.shared.lock_cold();
            cold.grid.mark_sent(chunk.id(), chunk.cell(), records);
        }
    }

    /// What went wrong since this was last asked, if anything.
    pub fn take_trouble(&self) -> Option<Trouble> {
        lock(&self.shared.trouble).take()
    }

    /// Wakes the clerk.
    pub fn wake_clerk(&self) {
        self.shared.wake_clerk();
    }

    /// Whether the file has lost its name: somebody removed it or its directory.
    pub fn is_removed(&self) -> bool {
        self.shared
            .lock_cold()
            .file
            .as_ref()
            .is_some_and(platform::is_unlinked)
    }

    /// Copies a closed tape whose file was removed to where it was.
    pub fn restore(&self) -> io::Result<()> {
        let cold = self.shared.lock_cold();
        let (Some(file), Some(path)) = (&cold.file, &self.shared.path) else {
            return Ok(());
        };
        if let Some(dir) = path.parent() {
            platform::create_private_dir(dir)?;
        }
        let mut copy = platform::create_private(path)?;
        let mut from = file.try_clone()?;
        io::Seek::rewind(&mut from)?;
        io::copy(&mut from, &mut copy)?;
        Ok(())
    }
}
