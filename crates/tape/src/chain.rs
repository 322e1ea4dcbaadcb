//! The hash chain over sealed chunks.
//!
//! The hash of a chunk covers its identity and times, the hash of the chunk sealed before it, and its body:
//! nothing of it can be changed, left out, swapped or put elsewhere without breaking the chain. The chain
//! begins at the hash of the tape's random id. What a thread may still append to while the tape is closed, the
//! counts, is not hashed: it follows from the body.

use crate::format::{CHUNK_HEADER, ChunkState, chunk};

/// The hash of a sealed chunk.
pub type ChainHash = [u8; 32];

/// Where the chain stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chain {
    link: u64,
    previous: ChainHash,
}

impl Chain {
    /// The chain of a tape to which nothing was sealed yet.
    pub(crate) fn start(tape_id: &[u8; 16]) -> Self {
        Self {
            link: 0,
            previous: origin(tape_id),
        }
    }

    /// Fills the seal into `header`, for a chunk with this body, and moves on.
    pub(crate) fn seal(&mut self, header: &mut [u8; CHUNK_HEADER], body: &[u8]) {
        self.link += 1;
        header[chunk::LINK..][..8].copy_from_slice(&self.link.to_le_bytes());
        header[chunk::SEALED..][..8].copy_from_slice(&(body.len() as u64).to_le_bytes());
        header[chunk::PREVIOUS..][..32].copy_from_slice(&self.previous);
        header.copy_within(chunk::LAST..chunk::LAST + 8, chunk::SEALED_LAST);
        let hash = chunk_hash(header, body);
        header[chunk::HASH..][..32].copy_from_slice(&hash);
        header[chunk::STATE..][..4].copy_from_slice(&(ChunkState::Sealed as u32).to_le_bytes());
        self.previous = hash;
    }

    /// How many chunks were sealed.
    pub(crate) fn links(&self) -> u64 {
        self.link
    }
}

/// What the first chunk of a tape has as the hash of its predecessor.
pub(crate) fn origin(tape_id: &[u8; 16]) -> ChainHash {
    *blake3::hash(tape_id).as_bytes()
}

/// The hash of a chunk with this header and body.
///
/// The body is hashed by itself, from its first byte: BLAKE3 takes aligned blocks of 16 KiB at a time, and a
/// header in front of them cost 40 % of its speed (measured: 3.6 against 5.0 GB/s).
pub(crate) fn chunk_hash(header: &[u8; CHUNK_HEADER], body: &[u8]) -> ChainHash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&header[chunk::ID..chunk::COMMITTED]);
    hasher.update(&header[chunk::SIGNAL..chunk::HASH]);
    hasher.update(&header[chunk::SEALED_LAST..]);
    hasher.update(blake3::hash(body).as_bytes());
    *hasher.finalize().as_bytes()
}
