//! Reads a file once, from its first byte to its last, and hashes what it hands on.
//!
//! Invariant: memory is bounded by a few blocks whatever the file's size, and every byte that was read is in both
//! hashes, once. A large file is hashed by two threads beside the reader, which share its blocks; SHA-256 uses the
//! CPU's own instructions where `sha2` finds them.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use sha2::Digest as _;

use crate::Digest;
use crate::fingerprint::sha256::Sha256Digest;

/// What is read, and hashed, at once.
pub(crate) const BLOCK: usize = 1 << 20;

/// Blocks that may wait for a hashing thread.
const WAITING: usize = 4;

type Block = Arc<Vec<u8>>;

/// A file being read and hashed.
pub(crate) struct HashingReader {
    file: File,
    before: Metadata,
    read: u64,
    /// Blocks in use by the hashing threads, or free again.
    blocks: Vec<Block>,
    hashers: Hashers,
    failure: Option<String>,
    has_more: bool,
}

/// What a whole read gives.
pub(crate) struct Hashed {
    pub(crate) sha256: Sha256Digest,
    pub(crate) blake3: Digest,
}

impl HashingReader {
    /// Opens a regular file; anything else is refused, with the reason, without waiting for it.
    pub(crate) fn open(path: &Path) -> Result<Self, String> {
        let file = open_without_waiting(path).map_err(|error| format!("cannot be opened: {error}"))?;
        let before = file
            .metadata()
            .map_err(|error| format!("cannot be looked at: {error}"))?;
        if before.is_dir() {
            return Err("is a directory: name the files in it".to_owned());
        }
        if !before.is_file() {
            return Err("is no regular file, and a pipe or device has no lasting content".to_owned());
        }
        Ok(Self {
            hashers: Hashers::for_size(before.len()),
            file,
            before,
            read: 0,
            blocks: Vec::new(),
            failure: None,
            has_more: false,
        })
    }

    /// The size that the file had when it was opened.
    pub(crate) fn size(&self) -> u64 {
        self.before.len()
    }

    /// The file, for formats that are read by position. To be used after [`HashingReader::drain`]: it moves
    /// the place that is read.
    #[cfg(feature = "parquet")]
    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    /// The next block, hashed; `None` at the end, and after a failure, which [`HashingReader::finish`] tells.
    pub(crate) fn next_block(&mut self) -> Option<Block> {
        let wanted = self.size().saturating_sub(self.read).min(BLOCK as u64);
        if wanted == 0 || self.failure.is_some() {
            return None;
        }
        let mut block = self.free_block();
        // A free block has no other owner.
        let bytes = Arc::get_mut(&mut block)?;
        bytes.clear();
        match (&self.file).take(wanted).read_to_end(bytes) {
            Ok(0) => {
                self.failure =
                    Some("became shorter while it was read: take the fingerprint again".to_owned());
                return None;
            }
            Ok(length) => self.read += length as u64,
            Err(error) => {
                self.failure = Some(format!("cannot be read past byte {}: {error}", self.read));
                return None;
            }
        }
        self.hashers.update(&block);
        self.blocks.push(Arc::clone(&block));
        Some(block)
    }

    /// Reads what is left, and looks whether more comes than the size says.
    pub(crate) fn drain(&mut self) {
        while self.next_block().is_some() {}
        self.has_more = matches!((&self.file).read(&mut [0]), Ok(1));
    }

    /// The hashes, and whether the file stayed as it was.
    pub(crate) fn finish(self) -> (Option<Hashed>, Option<String>) {
        let is_whole = self.read == self.size();
        let hashed = self.hashers.finish();
        if let Some(failure) = self.failure {
            return (None, Some(failure));
        }
        if !is_whole {
            return (
                None,
                Some("was not read whole: take the fingerprint again".to_owned()),
            );
        }
        let is_same = self.file.metadata().is_ok_and(|after| {
            after.len() == self.before.len() && after.modified().ok() == self.before.modified().ok()
        });
        let trouble = if !is_same {
            Some("changed while it was read: the hashes are of a mixture, take the fingerprint again")
        } else if self.has_more {
            Some("has more bytes than its size says: only those are hashed")
        } else if hashed.is_none() {
            Some("could not be hashed: a hashing thread died")
        } else {
            None
        };
        (hashed, trouble.map(str::to_owned))
    }

    fn free_block(&mut self) -> Block {
        match self.blocks.iter().position(|block| Arc::strong_count(block) == 1) {
            Some(at) => self.blocks.swap_remove(at),
            None => Arc::new(Vec::with_capacity(BLOCK)),
        }
    }
}

/// Opening a pipe waits for its writer, unless it is told not to.
#[cfg(unix)]
fn open_without_waiting(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags, open};
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    Ok(open(path, flags, Mode::empty())?.into())
}

#[cfg(not(unix))]
fn open_without_waiting(path: &Path) -> io::Result<File> {
    File::open(path)
}

enum Hashers {
    Here {
        sha256: Box<sha2::Sha256>,
        blake3: Box<blake3::Hasher>,
    },
    Threads {
        sha256: Worker<Sha256Digest>,
        blake3: Worker<Digest>,
    },
}

struct Worker<D> {
    blocks: SyncSender<Block>,
    thread: JoinHandle<D>,
}

impl Hashers {
    fn for_size(size: u64) -> Self {
        if size > BLOCK as u64
            && let (Ok(sha256), Ok(blake3)) = (sha256_worker(), blake3_worker())
        {
            return Self::Threads { sha256, blake3 };
        }
        Self::Here {
            sha256: Box::default(),
            blake3: Box::default(),
        }
    }

    fn update(&mut self, block: &Block) {
        match self {
            Self::Here { sha256, blake3 } => {
                sha256.update(block.as_slice());
                blake3.update(block);
            }
            Self::Threads { sha256, blake3 } => {
                // A worker that is gone shows when it is joined.
                let _ = sha256.blocks.send(Arc::clone(block));
                let _ = blake3.blocks.send(Arc::clone(block));
            }
        }
    }

    fn finish(self) -> Option<Hashed> {
        match self {
            Self::Here { sha256, blake3 } => Some(Hashed {
                sha256: Sha256Digest::finish(*sha256),
                blake3: Digest::from(blake3.finalize()),
            }),
            Self::Threads { sha256, blake3 } => {
                let (sha256, blake3) = (sha256.join(), blake3.join());
                Some(Hashed {
                    sha256: sha256?,
                    blake3: blake3?,
                })
            }
        }
    }
}

impl<D> Worker<D> {
    fn join(self) -> Option<D> {
        drop(self.blocks);
        self.thread.join().ok()
    }
}

fn sha256_worker() -> io::Result<Worker<Sha256Digest>> {
    let (blocks, incoming) = sync_channel::<Block>(WAITING);
    let thread = std::thread::Builder::new()
        .name("telensic-sha256".to_owned())
        .spawn(move || {
            let mut hasher = sha2::Sha256::new();
            incoming.iter().for_each(|block| hasher.update(block.as_slice()));
            Sha256Digest::finish(hasher)
        })?;
    Ok(Worker { blocks, thread })
}

fn blake3_worker() -> io::Result<Worker<Digest>> {
    let (blocks, incoming) = sync_channel::<Block>(WAITING);
    let thread = std::thread::Builder::new()
        .name("telensic-blake3".to_owned())
        .spawn(move || {
            let mut hasher = blake3::Hasher::new();
            incoming.iter().for_each(|block| {
                hasher.update(&block);
            });
            Digest::from(hasher.finalize())
        })?;
    Ok(Worker { blocks, thread })
}
