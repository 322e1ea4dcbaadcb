//! A span, read in one pass.

use telensic_tape::otlp::{Fields, field};

use super::owner::{Owner, each_record};
use super::pairs::{Pairs, PairsAt};
use super::refusal::Refusal;
use super::wire::{bytes, fixed32, fixed64, optional_id, required_id, text, varint};

/// A checked `Span`.
#[derive(Debug, Default)]
pub(crate) struct SpanRow<'a> {
    pub(crate) trace_id: &'a [u8],
    pub(crate) span_id: &'a [u8],
    pub(crate) parent: Option<&'a [u8; 8]>,
    pub(crate) trace_state: &'a str,
    pub(crate) name: &'a str,
    pub(crate) kind: i32,
    pub(crate) start: u64,
    pub(crate) end: u64,
    /// Whether there was a status message at all; one without fields says the same as none, but was sent.
    pub(crate) has_status: bool,
    pub(crate) status_code: i32,
    pub(crate) status_message: &'a str,
    pub(crate) flags: u32,
    pub(crate) dropped_attributes: u32,
    pub(crate) dropped_events: u32,
    pub(crate) dropped_links: u32,
    pub(crate) pairs: Pairs<'a>,
    pub(crate) attributes: PairsAt,
    pub(crate) events: Vec<EventRow<'a>>,
    pub(crate) links: Vec<LinkRow<'a>>,
}

/// A checked `Span.Event`.
#[derive(Clone, Debug, Default)]
pub(crate) struct EventRow<'a> {
    pub(crate) time: u64,
    pub(crate) name: &'a str,
    pub(crate) dropped_attributes: u32,
    pub(crate) attributes: PairsAt,
}

/// A checked `Span.Link`.
#[derive(Clone, Debug)]
pub(crate) struct LinkRow<'a> {
    pub(crate) trace_id: &'a [u8; 16],
    pub(crate) span_id: &'a [u8; 8],
    pub(crate) trace_state: &'a str,
    pub(crate) flags: u32,
    pub(crate) dropped_attributes: u32,
    pub(crate) attributes: PairsAt,
}

/// Walks the spans of an `ExportTraceServiceRequest`.
pub(crate) fn each_span<'a>(
    request: &'a [u8],
    mut take: impl FnMut(&Owner<'a>, &SpanRow<'a>),
) -> Result<(), Refusal> {
    let mut row = SpanRow::default();
    each_record(request, |owner, message| {
        row.read(message)?;
        take(owner, &row);
        Ok(())
    })
}

impl<'a> SpanRow<'a> {
    fn read(&mut self, message: &'a [u8]) -> Result<(), Refusal> {
        use field::span;
        let (mut pairs, mut events, mut links) = (
            std::mem::take(&mut self.pairs),
            std::mem::take(&mut self.events),
            std::mem::take(&mut self.links),
        );
        pairs.clear();
        events.clear();
        links.clear();
        *self = Self {
            pairs,
            events,
            links,
            ..Self::default()
        };
        let (mut trace_id, mut span_id) = (None, None);
        let mut has_more = false;
        for field in Fields::new(message) {
            match field? {
                (span::TRACE_ID, value) => trace_id = optional_id(value)?,
                (span::SPAN_ID, value) => span_id = optional_id(value)?,
                (span::PARENT_SPAN_ID, value) => self.parent = optional_id(value)?,
                (span::TRACE_STATE, value) => self.trace_state = text(value)?,
                (span::NAME, value) => self.name = text(value)?,
                (span::KIND, value) => self.kind = varint(value)? as i32,
                (span::START, value) => self.start = fixed64(value)?,
                (span::END, value) => self.end = fixed64(value)?,
                (span::FLAGS, value) => self.flags = fixed32(value)?,
                (span::ATTRIBUTE, value) => self.pairs.push(bytes(value)?)?,
                (span::DROPPED_ATTRIBUTES, value) => self.dropped_attributes = varint(value)? as u32,
                (span::DROPPED_EVENTS, value) => self.dropped_events = varint(value)? as u32,
                (span::DROPPED_LINKS, value) => self.dropped_links = varint(value)? as u32,
                (span::STATUS, value) => self.read_status(bytes(value)?)?,
                (span::EVENT | span::LINK, _) => has_more = true,
                _ => {}
            }
        }
        self.trace_id = required_id::<16>(trace_id, Refusal::TraceId)?;
        self.span_id = required_id::<8>(span_id, Refusal::SpanId)?;
        self.attributes = 0..self.pairs.len();
        if has_more {
            self.read_events_and_links(message)?;
        }
        Ok(())
    }

    fn read_status(&mut self, message: &'a [u8]) -> Result<(), Refusal> {
        self.has_status = true;
        for field in Fields::new(message) {
            match field? {
                (field::status::CODE, value) => self.status_code = varint(value)? as i32,
                (field::status::MESSAGE, value) => self.status_message = text(value)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Their attributes follow behind those of the span.
    fn read_events_and_links(&mut self, message: &'a [u8]) -> Result<(), Refusal> {
        for field in Fields::new(message) {
            match field? {
                (field::span::EVENT, value) => {
                    let event = EventRow::read(bytes(value)?, &mut self.pairs)?;
                    self.events.push(event);
                }
                (field::span::LINK, value) => {
                    let link = LinkRow::read(bytes(value)?, &mut self.pairs)?;
                    self.links.push(link);
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl<'a> EventRow<'a> {
    fn read(message: &'a [u8], pairs: &mut Pairs<'a>) -> Result<Self, Refusal> {
        let first = pairs.len();
        let mut row = Self::default();
        for field in Fields::new(message) {
            match field? {
                (field::event::TIME, value) => row.time = fixed64(value)?,
                (field::event::NAME, value) => row.name = text(value)?,
                (field::event::ATTRIBUTE, value) => pairs.push(bytes(value)?)?,
                (field::event::DROPPED_ATTRIBUTES, value) => row.dropped_attributes = varint(value)? as u32,
                _ => {}
            }
        }
        row.attributes = first..pairs.len();
        Ok(row)
    }
}

impl<'a> LinkRow<'a> {
    fn read(message: &'a [u8], pairs: &mut Pairs<'a>) -> Result<Self, Refusal> {
        use field::link;
        let first = pairs.len();
        let (mut trace_id, mut span_id) = (None, None);
        let (mut trace_state, mut flags, mut dropped_attributes) = ("", 0, 0);
        for field in Fields::new(message) {
            match field? {
                (link::TRACE_ID, value) => trace_id = optional_id(value)?,
                (link::SPAN_ID, value) => span_id = optional_id(value)?,
                (link::TRACE_STATE, value) => trace_state = text(value)?,
                (link::ATTRIBUTE, value) => pairs.push(bytes(value)?)?,
                (link::DROPPED_ATTRIBUTES, value) => dropped_attributes = varint(value)? as u32,
                (link::FLAGS, value) => flags = fixed32(value)?,
                _ => {}
            }
        }
        Ok(Self {
            trace_id: required_id(trace_id, Refusal::TraceId)?,
            span_id: required_id(span_id, Refusal::SpanId)?,
            trace_state,
            flags,
            dropped_attributes,
            attributes: first..pairs.len(),
        })
    }
}
