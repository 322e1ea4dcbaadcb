//! Reading a tape for people and for programs.

mod attributes;
mod locate;
pub(crate) mod open_spans;
pub(crate) mod otlp_json;
pub(crate) mod record_text;
pub(crate) mod records;
mod selection;
mod summary;
mod summary_text;

pub(crate) use locate::{tapes_in, tapes_of};
pub(crate) use selection::{Form, Selection};
pub(crate) use summary::Summary;
pub(crate) use summary_text::SummaryPrinter;
