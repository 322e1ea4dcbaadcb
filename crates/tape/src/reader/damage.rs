//! What can be wrong within a tape.

use std::fmt;

/// Something that is not as it was written, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Damage {
    /// The file ends before the open-span table does.
    TableTruncated,
    /// A cell begins with bytes that no chunk begins with.
    ForeignBytes {
        /// The cell.
        cell: u32,
    },
    /// A chunk's header contradicts itself.
    BadChunkHeader {
        /// The cell.
        cell: u32,
        /// What cannot be.
        what: &'static str,
    },
    /// The file ends within a chunk.
    ChunkTruncated {
        /// The chunk's number.
        chunk: u64,
        /// Body bytes that are missing.
        missing: u64,
    },
    /// A chunk's bytes do not have the hash that was sealed.
    HashMismatch {
        /// The chunk's number.
        chunk: u64,
    },
    /// A chunk does not follow on the one sealed before it.
    ChainBroken {
        /// The chunk's number.
        chunk: u64,
        /// Its place in the chain.
        link: u64,
    },
    /// Sealed chunks are not there.
    LinksMissing {
        /// The first missing place in the chain.
        from: u64,
        /// The last one.
        to: u64,
    },
    /// A chunk of a tape that was closed has no seal.
    Unsealed {
        /// The chunk's number.
        chunk: u64,
    },
    /// A record cannot be decoded.
    BadRecord {
        /// The chunk's number.
        chunk: u64,
        /// The number of the record within the chunk, from 0.
        record: u64,
    },
    /// A chunk has another number of records than its header counts.
    RecordCount {
        /// The chunk's number.
        chunk: u64,
        /// As counted when it was written.
        expected: u64,
        /// As found.
        found: u64,
    },
    /// A chunk has bytes behind what was sealed.
    UnsealedTail {
        /// The chunk's number.
        chunk: u64,
        /// How many bytes.
        bytes: u64,
    },
    /// A chunk could not be read.
    Unreadable {
        /// The chunk's number.
        chunk: u64,
        /// What the system said.
        error: String,
    },
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TableTruncated => f.write_str("the file ends within the open-span table"),
            Self::ForeignBytes { cell } => write!(f, "cell {cell} begins with foreign bytes"),
            Self::BadChunkHeader { cell, what } => write!(f, "cell {cell} has an impossible header: {what}"),
            Self::ChunkTruncated { chunk, missing } => {
                write!(
                    f,
                    "chunk {chunk} is truncated: the last {missing} bytes are missing"
                )
            }
            Self::HashMismatch { chunk } => {
                write!(f, "chunk {chunk} was altered: its hash does not match its seal")
            }
            Self::ChainBroken { chunk, link } => {
                write!(
                    f,
                    "chunk {chunk} does not follow on link {}: something was replaced",
                    link.saturating_sub(1)
                )
            }
            Self::LinksMissing { from, to } if from == to => {
                write!(f, "sealed chunk with link {from} is missing")
            }
            Self::LinksMissing { from, to } => {
                write!(f, "sealed chunks with links {from} to {to} are missing")
            }
            Self::Unsealed { chunk } => {
                write!(f, "chunk {chunk} has no seal, though the tape was closed")
            }
            Self::BadRecord { chunk, record } => {
                write!(f, "record {record} of chunk {chunk} cannot be decoded")
            }
            Self::RecordCount {
                chunk,
                expected,
                found,
            } => {
                write!(
                    f,
                    "chunk {chunk} has {found} records, its header counts {expected}"
                )
            }
            Self::UnsealedTail { chunk, bytes } => {
                write!(
                    f,
                    "chunk {chunk} has {bytes} bytes behind its seal: recorded while the tape was closing"
                )
            }
            Self::Unreadable { chunk, error } => write!(f, "chunk {chunk} cannot be read: {error}"),
        }
    }
}
