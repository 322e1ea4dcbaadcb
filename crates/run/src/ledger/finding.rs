//! What can be wrong with a ledger.

use std::fmt;

use crate::{PublicKey, RunId};

/// Something in the ledger that is not as it was written, and where. Lines are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LedgerFinding {
    /// There is none, though runs were entered in it.
    Absent,
    /// A line is not what was written.
    Altered {
        /// The line.
        line: usize,
    },
    /// A line does not continue the numbers: one was dropped, added or moved.
    OutOfOrder {
        /// The line.
        line: usize,
        /// The number that should be there.
        expected: u64,
        /// The number that is there.
        found: u64,
    },
    /// A line does not refer to the one before it.
    Unlinked {
        /// The line.
        line: usize,
    },
    /// The key that a line names did not sign it.
    BadSignature {
        /// The line.
        line: usize,
    },
    /// A line was signed with another key than the given one.
    WrongKey {
        /// The line.
        line: usize,
        /// The key that signed.
        found: PublicKey,
    },
    /// The file ends in the middle of a line.
    Torn {
        /// The line.
        line: usize,
        /// Bytes of it that are there.
        bytes: usize,
    },
    /// A run's line is not there.
    RunNotListed {
        /// The run.
        run: RunId,
        /// The number that its seal has.
        sequence: u64,
        /// Where the ledger ends.
        last: u64,
    },
    /// A run is there more than once.
    ListedTwice {
        /// The run.
        run: RunId,
        /// The second line.
        line: usize,
    },
    /// The seal is not the one that was entered.
    OtherSeal {
        /// The run.
        run: RunId,
        /// The line.
        line: usize,
    },
    /// The run's directory is not there.
    RunGone {
        /// The run.
        run: RunId,
        /// The line.
        line: usize,
    },
}

impl fmt::Display for LedgerFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LEDGER.jsonl ")?;
        match self {
            Self::Absent => f.write_str("is missing, though runs were entered in it"),
            Self::Altered { line } => write!(f, "line {line} was altered"),
            Self::OutOfOrder {
                line,
                expected,
                found,
            } => write!(
                f,
                "line {line} has number {found}, {expected} should be there: a line was dropped, added or moved"
            ),
            Self::Unlinked { line } => {
                write!(
                    f,
                    "line {line} does not follow on the line before: one was replaced"
                )
            }
            Self::BadSignature { line } => write!(f, "line {line} is not signed by the key that it names"),
            Self::WrongKey { line, found } => {
                write!(f, "line {line} was signed by {found}, not by the given key")
            }
            Self::Torn { line, bytes } => {
                write!(f, "ends in the middle of line {line}, after {bytes} bytes of it")
            }
            Self::RunNotListed { run, sequence, last } => write!(
                f,
                "has no line of run {run}, which was sealed as number {sequence}: the ledger ends at {last}"
            ),
            Self::ListedTwice { run, line } => {
                write!(f, "line {line} lists run {run} again: it was sealed twice")
            }
            Self::OtherSeal { run, line } => {
                write!(f, "line {line} has another hash than the seal.json of run {run}")
            }
            Self::RunGone { run, line } => {
                write!(f, "line {line} lists run {run}, whose directory is missing")
            }
        }
    }
}
