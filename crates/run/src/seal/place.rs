//! Where in a file something was altered.

use std::fmt;

/// A place within a file, as narrow as the seal can tell it. Records, slots and bytes count from 0, lines from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// Lines of a text file.
    Lines {
        /// The first that may be altered.
        first: u64,
        /// The last.
        last: u64,
    },
    /// Bytes of another file.
    Bytes {
        /// The first that may be altered.
        first: u64,
        /// The last.
        last: u64,
    },
    /// The header of a tape.
    TapeHeader,
    /// Slots of a tape's table of open spans.
    OpenSpanSlots {
        /// The first that may be altered.
        first: u64,
        /// The last.
        last: u64,
    },
    /// What is between that table and the first cell.
    BehindOpenSpans,
    /// A chunk of a tape.
    Chunk {
        /// Its number.
        chunk: u64,
        /// Whether its header may be altered.
        header: bool,
        /// The first and the last record that may be altered.
        records: Option<(u64, u64)>,
    },
    /// What is behind the records of a chunk in its cells.
    BehindChunk {
        /// The chunk's number.
        chunk: u64,
    },
    /// A cell of a tape in which no chunk is.
    UnusedCell {
        /// The cell.
        cell: u64,
    },
    /// Somewhere.
    Unknown,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lines { first, last } => range(f, "line", *first, *last),
            Self::Bytes { first, last } => range(f, "byte", *first, *last),
            Self::TapeHeader => f.write_str("the tape's header"),
            Self::OpenSpanSlots { first, last } => {
                f.write_str("the open-span table, ")?;
                range(f, "slot", *first, *last)
            }
            Self::Chunk {
                chunk,
                header,
                records,
            } => {
                match (header, records) {
                    (true, None) => f.write_str("the header")?,
                    (true, Some((first, last))) => {
                        f.write_str("the header or ")?;
                        range(f, "record", *first, *last)?;
                    }
                    (false, Some((first, last))) => range(f, "record", *first, *last)?,
                    (false, None) => f.write_str("the body")?,
                }
                write!(f, " of chunk {chunk}")
            }
            Self::BehindOpenSpans => f.write_str("the unused bytes behind the open-span table"),
            Self::BehindChunk { chunk } => write!(f, "the unused bytes behind chunk {chunk}"),
            Self::UnusedCell { cell } => write!(f, "cell {cell}, which is not in use"),
            Self::Unknown => f.write_str("a place that the seal cannot tell"),
        }
    }
}

fn range(f: &mut fmt::Formatter<'_>, what: &str, first: u64, last: u64) -> fmt::Result {
    if first == last {
        write!(f, "{what} {first}")
    } else {
        write!(f, "{what}s {first} to {last}")
    }
}
