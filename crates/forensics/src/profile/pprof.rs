//! Profiles in the format of pprof: `profile.proto` of google/pprof, compressed with gzip.
//!
//! ```text
//! Profile: 1 sample_type*  2 sample*  3 mapping*  4 location*  5 function*  6 string_table*
//!          9 time_nanos  10 duration_nanos  11 period_type  12 period  13 comment*
//! Sample:  1 location_id* (packed, innermost first)  2 value* (packed: count, cpu ns)  3 label*
//! Label:   1 key  2 str                   Line:     1 function_id  2 line
//! Mapping: 1 id  2 start  3 limit  4 offset  5 filename  6 build_id  7 has_functions
//! Location: 1 id  2 mapping_id  3 address  4 line*       Function: 1 id  2 name  3 system_name  4 filename
//! ```
//!
//! Texts are indices of the string table, of which the first is empty; ids begin at 1. Labels: `trace_id`, `span_id`,
//! `stage`, `thread`. The comment is [`ProfileFacts`](super::ProfileFacts) as JSON. Invariant: what is decoded refers to nothing
//! that is not there.

mod decode;
mod encode;
mod strings;

pub use decode::{NotAProfile, decode};
pub use encode::encode;

/// The keys of the labels.
mod label {
    pub(super) const TRACE_ID: &str = "trace_id";
    pub(super) const SPAN_ID: &str = "span_id";
    pub(super) const STAGE: &str = "stage";
    pub(super) const THREAD: &str = "thread";
}
