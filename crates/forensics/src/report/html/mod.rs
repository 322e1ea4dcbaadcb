//! The report as one HTML file that opens anywhere, offline.
//!
//! ```text
//! <style>      page/*.css, inlined
//! <script>     NDJSON and JSON blocks: details, events, logs, core     data, never run
//! <script>     page/*.js, one function scope                           the only code; the CSP names its hash
//! <script>     pack-index, pack-0 ..                                   of an evidence pack alone
//! ```
//!
//! Invariants: the page loads nothing and sends nothing (`default-src 'none'`); whatever a record says is data that
//! cannot leave its block (`json`) and is shown as text, never as markup. Spans are columns, not objects; the details of one
//! are parsed when somebody looks at it, so a page of 100,000 spans opens at once. A run that is larger than a page can
//! hold is thinned by a fixed rule ([`Thinning`]), and the page says so.

mod columns;
mod core;
mod details;
mod dictionary;
mod input;
mod json;
mod page;
mod records;
mod thinning;

pub use input::ReportInput;
pub(crate) use json::put as put_json;
pub use page::write;
pub use thinning::Thinning;
