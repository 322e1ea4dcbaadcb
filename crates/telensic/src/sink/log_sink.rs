//! What the clerk asks of a consumer of log records.

use telensic_tape::otlp::{LogView, ScopeView};

/// A consumer of log records, driven by the clerk alone.
///
/// A round is any number of [`record`](Self::record)s, then one [`end_of_round`](Self::end_of_round). No method
/// panics or fails: troubles are reported once per kind through the callback the sink was made with.
pub(crate) trait LogSink: Send {
    /// Takes one record; it is written at the end of the round.
    fn record(&mut self, scope: &ScopeView<'_>, log: &LogView<'_>);

    /// Sorts the lines of this round by time and writes them, together with what earlier rounds could not.
    fn end_of_round(&mut self);

    /// Writes what is still waiting, now, even where a trouble asked to wait. Does not sync to disk.
    fn flush(&mut self);

    /// The last flush. What cannot be written now is lost, and counted.
    fn close(&mut self);

    /// How many lines will never be written.
    fn lost_lines(&self) -> u64;
}
