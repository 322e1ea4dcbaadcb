//! `data.load`: what went in.

use crate::event::typed::event;
use crate::event::value::{Moment, Texts, Unsigned};

event! {
    /// Data was read.
    DataLoad = DATA_LOAD {
        /// Where it came from: a path, a table, an address.
        source_path: String,
    } optional {
        /// SHA-256 of its bytes, hex.
        sha256_hash: String,
        /// How many rows it has.
        row_count: Unsigned,
        /// The type of each column, by its name.
        schema: Texts,
        /// The latest time that the data speaks of.
        event_time: Moment,
        /// When the latest part of the data became known.
        knowledge_time: Moment,
        /// The time as of which the data was asked for.
        as_of: Moment,
    }
}
