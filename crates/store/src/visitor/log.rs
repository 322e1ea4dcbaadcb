//! A log record, read in one pass.

use telensic_tape::otlp::{Fields, field};

use super::any::Any;
use super::owner::{Owner, each_record};
use super::pairs::Pairs;
use super::refusal::Refusal;
use super::wire::{bytes, fixed32, fixed64, optional_id, text, varint};

/// A checked `LogRecord`.
#[derive(Debug, Default)]
pub(crate) struct LogRow<'a> {
    pub(crate) time: u64,
    pub(crate) observed: u64,
    pub(crate) severity: i32,
    pub(crate) severity_text: &'a str,
    pub(crate) body: Option<Any<'a>>,
    pub(crate) event_name: &'a str,
    pub(crate) trace_id: Option<&'a [u8; 16]>,
    pub(crate) span_id: Option<&'a [u8; 8]>,
    pub(crate) flags: u32,
    pub(crate) dropped_attributes: u32,
    /// The attributes, all of them.
    pub(crate) pairs: Pairs<'a>,
}

/// Walks the records of an `ExportLogsServiceRequest`.
pub(crate) fn each_log<'a>(
    request: &'a [u8],
    mut take: impl FnMut(&Owner<'a>, &LogRow<'a>),
) -> Result<(), Refusal> {
    let mut row = LogRow::default();
    each_record(request, |owner, message| {
        row.read(message)?;
        take(owner, &row);
        Ok(())
    })
}

impl<'a> LogRow<'a> {
    fn read(&mut self, message: &'a [u8]) -> Result<(), Refusal> {
        use field::log;
        let mut pairs = std::mem::take(&mut self.pairs);
        pairs.clear();
        *self = Self {
            pairs,
            ..Self::default()
        };
        for field in Fields::new(message) {
            match field? {
                (log::TIME, value) => self.time = fixed64(value)?,
                (log::OBSERVED_TIME, value) => self.observed = fixed64(value)?,
                (log::SEVERITY, value) => self.severity = varint(value)? as i32,
                (log::SEVERITY_TEXT, value) => self.severity_text = text(value)?,
                (log::BODY, value) => self.body = Some(Any::read(bytes(value)?)?),
                (log::EVENT_NAME, value) => self.event_name = text(value)?,
                (log::TRACE_ID, value) => self.trace_id = optional_id(value)?,
                (log::SPAN_ID, value) => self.span_id = optional_id(value)?,
                (log::FLAGS, value) => self.flags = fixed32(value)?,
                (log::ATTRIBUTE, value) => self.pairs.push(bytes(value)?)?,
                (log::DROPPED_ATTRIBUTES, value) => self.dropped_attributes = varint(value)? as u32,
                _ => {}
            }
        }
        Ok(())
    }
}
