//! Reading a tape for people and for programs.

mod attributes;
mod locate;
pub(crate) mod open_spans;
mod otlp_json;
mod record_text;
pub(crate) mod records;
mod selection;
mod summary;
mod summary_text;
mod writer_state;

pub(crate) use locate::{tapes_in, tapes_of};
pub(crate) use selection::{Form, Selection};
pub(crate) use summary::Summary;
pub(crate) use summary_text::SummaryPrinter;
pub(crate) use writer_state::WriterState;
