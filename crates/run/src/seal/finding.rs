//! What verification can find, each in a sentence that names file and place.

use std::fmt;

use telensic_tape::Damage;

use super::Place;
use crate::{LedgerFinding, PublicKey, RunId, RunStatus, Visible};

/// Something that is not as it was sealed, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// `seal.json` is missing, though the run is finished or entered in the ledger.
    SealMissing,
    /// `seal.json` cannot be read as a seal.
    SealUnreadable {
        /// Why.
        why: String,
    },
    /// `seal.json` means what a seal means, but was not written so.
    SealRewritten {
        /// The first byte that differs.
        byte: usize,
    },
    /// The seal is that of another run.
    SealOfAnotherRun {
        /// The other run.
        found: RunId,
    },
    /// The entries of the seal are not those that were signed.
    EntriesAltered,
    /// The totals of the seal do not follow from its entries.
    TotalsWrong,
    /// The key that the seal names did not sign it.
    BadSignature {
        /// The key.
        key: PublicKey,
    },
    /// The seal was signed with another key than the given one.
    WrongKey {
        /// The key that signed.
        found: PublicKey,
    },
    /// `run.json` says otherwise than the seal.
    StatusDiffers {
        /// How the run ended, by the seal.
        sealed: RunStatus,
        /// How it ended, by the manifest.
        found: RunStatus,
    },
    /// A file holds other bytes.
    Altered {
        /// The file.
        file: String,
        /// Where in it.
        place: Place,
    },
    /// A file is altered in more places than are named.
    AlteredMore {
        /// The file.
        file: String,
        /// In how many ranges of bytes altogether.
        ranges: usize,
    },
    /// A file is shorter.
    Truncated {
        /// The file.
        file: String,
        /// Its size when it was sealed.
        sealed: u64,
        /// Its size.
        found: u64,
        /// Where it now ends.
        place: Place,
    },
    /// A file is longer.
    Extended {
        /// The file.
        file: String,
        /// Its size when it was sealed.
        sealed: u64,
        /// Its size.
        found: u64,
    },
    /// A file is not there.
    Missing {
        /// The file.
        file: String,
    },
    /// A file was not there.
    Added {
        /// The file.
        file: String,
    },
    /// A file is a link, or a link a file, or leads elsewhere.
    OtherKind {
        /// The file.
        file: String,
        /// What it was.
        sealed: String,
        /// What it is.
        found: String,
    },
    /// A file holds what another one of this run held.
    Swapped {
        /// The file.
        file: String,
        /// The other one.
        with: String,
    },
    /// A tape is another tape.
    OtherTape {
        /// The file.
        file: String,
        /// The id of the tape that was sealed.
        sealed: String,
        /// The id of the one that is there.
        found: String,
    },
    /// A chunk is no longer on its tape.
    ChunkMissing {
        /// The file.
        file: String,
        /// The chunk.
        chunk: u64,
    },
    /// A chunk was not on its tape.
    ChunkAdded {
        /// The file.
        file: String,
        /// The chunk.
        chunk: u64,
    },
    /// A chunk is where another one was.
    ChunkMoved {
        /// The file.
        file: String,
        /// The chunk.
        chunk: u64,
        /// The one that was there.
        place_of: u64,
    },
    /// A tape of a run that is not sealed is damaged.
    Damaged {
        /// The file.
        file: String,
        /// What is damaged.
        damage: Damage,
    },
    /// A tape was damaged already when it was sealed.
    DamagedWhenSealed {
        /// The file.
        file: String,
        /// What was damaged.
        damage: String,
    },
    /// A file cannot be read.
    Unreadable {
        /// The file.
        file: String,
        /// Why.
        error: String,
    },
    /// The ledger, or the run's place in it.
    Ledger(LedgerFinding),
}

impl fmt::Display for Finding {
    /// One line, whatever the names of the files and the texts of the seal hold.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Visible(fmt::from_fn(|f| self.tell(f))))
    }
}

impl Finding {
    fn tell(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SealMissing => f.write_str("seal.json is missing, though the run was finished"),
            Self::SealUnreadable { why } => write!(f, "seal.json was altered: {why}"),
            Self::SealRewritten { byte } => {
                write!(f, "seal.json was altered: byte {byte} is not as it was written")
            }
            Self::SealOfAnotherRun { found } => write!(f, "seal.json is the seal of another run, {found}"),
            Self::EntriesAltered => {
                f.write_str("seal.json was altered: its entries do not have the Merkle root that was signed")
            }
            Self::TotalsWrong => {
                f.write_str("seal.json was altered: its totals do not follow from its entries")
            }
            Self::BadSignature { key } => {
                write!(
                    f,
                    "seal.json was altered: its statement is not signed by the key that it names, {key}"
                )
            }
            Self::WrongKey { found } => write!(f, "seal.json was signed by {found}, not by the given key"),
            Self::StatusDiffers { sealed, found } => {
                write!(f, "run.json says {found:?}, but the run was sealed as {sealed:?}")
            }
            Self::Altered { file, place } => write!(f, "{file} was altered in {place}"),
            Self::AlteredMore { file, ranges } => {
                write!(
                    f,
                    "{file} was altered in {ranges} ranges of bytes, of which the first are named"
                )
            }
            Self::Truncated {
                file,
                sealed,
                found,
                place,
            } => write!(
                f,
                "{file} was truncated in {place}: it has {found} of {sealed} bytes"
            ),
            Self::Extended { file, sealed, found } => {
                write!(
                    f,
                    "{file} was extended: it has {found} bytes, {sealed} were sealed"
                )
            }
            Self::Missing { file } => write!(f, "{file} is missing"),
            Self::Added { file } => write!(f, "{file} was added after the run was sealed"),
            Self::OtherKind { file, sealed, found } => write!(f, "{file} was {sealed} and is {found}"),
            Self::Swapped { file, with } => write!(f, "{file} was swapped: it holds what {with} held"),
            Self::OtherTape { file, sealed, found } => {
                write!(
                    f,
                    "{file} was swapped: it is tape {found}, tape {sealed} was sealed"
                )
            }
            Self::ChunkMissing { file, chunk } => write!(f, "{file} lacks chunk {chunk}"),
            Self::ChunkAdded { file, chunk } => write!(f, "{file} has a chunk {chunk} that was added"),
            Self::ChunkMoved {
                file,
                chunk,
                place_of,
            } => write!(
                f,
                "{file} was reordered: chunk {chunk} is where chunk {place_of} was"
            ),
            Self::Damaged { file, damage } => write!(f, "{file}: {damage}"),
            Self::DamagedWhenSealed { file, damage } => {
                write!(f, "{file} was damaged before it was sealed: {damage}")
            }
            Self::Unreadable { file, error } => write!(f, "{file} cannot be read: {error}"),
            Self::Ledger(finding) => write!(f, "{finding}"),
        }
    }
}
