//! Reading OTLP messages where they lie.
//!
//! A view borrows the bytes it was parsed from. Scalars are read once, at `parse`; repeated fields are walked
//! when asked for. Nothing here panics or recurses on any input: what is not well-formed protobuf of the
//! expected shape is [`Malformed`].

use super::field;
use super::wire::{Fields, Malformed, Repeated};
use crate::{SpanId, TraceId, UnixNanos};

/// The `KeyValue`s of a message.
#[derive(Clone, Debug)]
pub struct Attributes<'a>(Repeated<'a>);

impl<'a> Attributes<'a> {
    /// Walks the `KeyValue`s in field `number` of `message`.
    pub fn new(message: &'a [u8], number: u32) -> Self {
        Self(Repeated::new(message, number))
    }

    /// The value of the first attribute with this key.
    pub fn find(self, key: &str) -> Option<AnyView<'a>> {
        self.flatten().find(|pair| pair.key == key).map(|pair| pair.value)
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Result<KeyValueView<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|pair| pair.and_then(KeyValueView::parse))
    }
}

/// One attribute.
#[derive(Clone, Debug)]
pub struct KeyValueView<'a> {
    /// The key.
    pub key: &'a str,
    /// The value.
    pub value: AnyView<'a>,
}

impl<'a> KeyValueView<'a> {
    fn parse(message: &'a [u8]) -> Result<Self, Malformed> {
        let mut pair = Self {
            key: "",
            value: AnyView::Empty,
        };
        for field in Fields::new(message) {
            match field? {
                (field::key_value::KEY, value) => pair.key = value.text()?,
                (field::key_value::VALUE, value) => pair.value = AnyView::parse(value.bytes()?)?,
                _ => {}
            }
        }
        Ok(pair)
    }
}

/// An `AnyValue`; nested ones are parsed when walked.
#[derive(Clone, Debug)]
pub enum AnyView<'a> {
    /// No value was set.
    Empty,
    /// Text.
    Str(&'a str),
    /// A truth value.
    Bool(bool),
    /// An integer.
    I64(i64),
    /// A float.
    F64(f64),
    /// A list; each message is parsed by [`AnyView::parse`].
    Array(Repeated<'a>),
    /// A map.
    KeyValues(Attributes<'a>),
    /// Bytes.
    Bytes(&'a [u8]),
}

impl<'a> AnyView<'a> {
    /// Reads the content of an `AnyValue` message.
    pub fn parse(message: &'a [u8]) -> Result<Self, Malformed> {
        const ITEMS: u32 = 1;
        let mut any = Self::Empty;
        for field in Fields::new(message) {
            any = match field? {
                (field::any::STRING, value) => Self::Str(value.text()?),
                (field::any::BOOL, value) => Self::Bool(value.varint()? != 0),
                (field::any::INT, value) => Self::I64(value.varint()? as i64),
                (field::any::DOUBLE, value) => Self::F64(f64::from_bits(value.fixed64()?)),
                (field::any::ARRAY, value) => Self::Array(Repeated::new(value.bytes()?, ITEMS)),
                (field::any::KEY_VALUES, value) => Self::KeyValues(Attributes::new(value.bytes()?, ITEMS)),
                (field::any::BYTES, value) => Self::Bytes(value.bytes()?),
                _ => any,
            };
        }
        Ok(any)
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&'a str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The integer, if it is one.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::I64(int) => Some(*int),
            _ => None,
        }
    }
}

/// A `Status`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatusView<'a> {
    /// 0 unset, 1 ok, 2 error.
    pub code: u64,
    /// The description of an error.
    pub message: &'a str,
}

/// A `Span`.
#[derive(Clone, Debug)]
pub struct SpanView<'a> {
    message: &'a [u8],
    /// The trace it belongs to.
    pub trace_id: TraceId,
    /// Its own id.
    pub span_id: SpanId,
    /// The span it was started in; `None` for a root.
    pub parent: Option<SpanId>,
    /// The W3C tracestate.
    pub trace_state: &'a str,
    /// The name.
    pub name: &'a str,
    /// OTLP's `SpanKind`.
    pub kind: u64,
    /// When it started.
    pub start: UnixNanos,
    /// When it ended.
    pub end: UnixNanos,
    /// How it ended.
    pub status: StatusView<'a>,
    /// W3C trace flags in the low byte, OTLP's remote bits above.
    pub flags: u32,
    /// Attributes cut by a limit.
    pub dropped_attributes: u64,
    /// Events cut by a limit.
    pub dropped_events: u64,
    /// Links cut by a limit.
    pub dropped_links: u64,
}

impl<'a> SpanView<'a> {
    /// The whole message, as it lies.
    pub fn bytes(&self) -> &'a [u8] {
        self.message
    }

    /// Reads a `Span` message; one without valid ids is malformed.
    pub fn parse(message: &'a [u8]) -> Result<Self, Malformed> {
        use field::span;
        let (mut trace_id, mut span_id, mut parent) = (None, None, None);
        let (mut trace_state, mut name, mut status) = ("", "", StatusView::default());
        let (mut kind, mut start, mut end, mut flags) = (0, 0, 0, 0);
        let (mut dropped_attributes, mut dropped_events, mut dropped_links) = (0, 0, 0);
        for field in Fields::new(message) {
            match field? {
                (span::TRACE_ID, value) => trace_id = TraceId::from_slice(value.bytes()?),
                (span::SPAN_ID, value) => span_id = SpanId::from_slice(value.bytes()?),
                (span::PARENT_SPAN_ID, value) => parent = SpanId::from_slice(value.bytes()?),
                (span::TRACE_STATE, value) => trace_state = value.text()?,
                (span::NAME, value) => name = value.text()?,
                (span::KIND, value) => kind = value.varint()?,
                (span::START, value) => start = value.fixed64()?,
                (span::END, value) => end = value.fixed64()?,
                (span::FLAGS, value) => flags = value.fixed32()?,
                (span::DROPPED_ATTRIBUTES, value) => dropped_attributes = value.varint()?,
                (span::DROPPED_EVENTS, value) => dropped_events = value.varint()?,
                (span::DROPPED_LINKS, value) => dropped_links = value.varint()?,
                (span::STATUS, value) => status = StatusView::parse(value.bytes()?)?,
                _ => {}
            }
        }
        Ok(Self {
            message,
            trace_id: trace_id.ok_or(Malformed)?,
            span_id: span_id.ok_or(Malformed)?,
            parent,
            trace_state,
            name,
            kind,
            start: UnixNanos(start),
            end: UnixNanos(end),
            status,
            flags,
            dropped_attributes,
            dropped_events,
            dropped_links,
        })
    }

    /// The attributes, in order.
    pub fn attributes(&self) -> Attributes<'a> {
        Attributes::new(self.message, field::span::ATTRIBUTE)
    }

    /// The events, in order.
    pub fn events(&self) -> impl Iterator<Item = Result<EventView<'a>, Malformed>> + use<'a> {
        Repeated::new(self.message, field::span::EVENT).map(|event| event.and_then(EventView::parse))
    }

    /// The links, in order.
    pub fn links(&self) -> impl Iterator<Item = Result<LinkView<'a>, Malformed>> + use<'a> {
        Repeated::new(self.message, field::span::LINK).map(|link| link.and_then(LinkView::parse))
    }
}

impl<'a> StatusView<'a> {
    fn parse(message: &'a [u8]) -> Result<Self, Malformed> {
        let mut status = Self::default();
        for field in Fields::new(message) {
            match field? {
                (field::status::CODE, value) => status.code = value.varint()?,
                (field::status::MESSAGE, value) => status.message = value.text()?,
                _ => {}
            }
        }
        Ok(status)
    }
}

/// A `Span.Event`.
#[derive(Clone, Debug)]
pub struct EventView<'a> {
    message: &'a [u8],
    /// When it happened.
    pub time: UnixNanos,
    /// What happened.
    pub name: &'a str,
}

impl<'a> EventView<'a> {
    fn parse(message: &'a [u8]) -> Result<Self, Malformed> {
        let mut event = Self {
            message,
            time: UnixNanos(0),
            name: "",
        };
        for field in Fields::new(message) {
            match field? {
                (field::event::TIME, value) => event.time = UnixNanos(value.fixed64()?),
                (field::event::NAME, value) => event.name = value.text()?,
                _ => {}
            }
        }
        Ok(event)
    }

    /// The attributes, in order.
    pub fn attributes(&self) -> Attributes<'a> {
        Attributes::new(self.message, field::event::ATTRIBUTE)
    }
}

/// A `Span.Link`.
#[derive(Clone, Debug)]
pub struct LinkView<'a> {
    message: &'a [u8],
    /// The trace linked to.
    pub trace_id: TraceId,
    /// The span linked to.
    pub span_id: SpanId,
}

impl<'a> LinkView<'a> {
    fn parse(message: &'a [u8]) -> Result<Self, Malformed> {
        let (mut trace_id, mut span_id) = (None, None);
        for field in Fields::new(message) {
            match field? {
                (field::link::TRACE_ID, value) => trace_id = TraceId::from_slice(value.bytes()?),
                (field::link::SPAN_ID, value) => span_id = SpanId::from_slice(value.bytes()?),
                _ => {}
            }
        }
        Ok(Self {
            message,
            trace_id: trace_id.ok_or(Malformed)?,
            span_id: span_id.ok_or(Malformed)?,
        })
    }

    /// The attributes, in order.
    pub fn attributes(&self) -> Attributes<'a> {
        Attributes::new(self.message, field::link::ATTRIBUTE)
    }
}

/// A `LogRecord`: a log line, or a typed event if it has an `event_name`.
#[derive(Clone, Debug)]
pub struct LogView<'a> {
    message: &'a [u8],
    /// When it happened.
    pub time: UnixNanos,
    /// OTLP's severity number, 1 to 24; 0 if unset.
    pub severity: u64,
    /// The level's name.
    pub severity_text: &'a str,
    /// What was said.
    pub body: AnyView<'a>,
    /// The type of a typed event, else empty.
    pub event_name: &'a str,
    /// The trace it was said in.
    pub trace_id: Option<TraceId>,
    /// The span it was said in.
    pub span_id: Option<SpanId>,
    /// W3C trace flags.
    pub flags: u32,
    /// Attributes cut by a limit.
    pub dropped_attributes: u64,
}

impl<'a> LogView<'a> {
    /// The whole message, as it lies.
    pub fn bytes(&self) -> &'a [u8] {
        self.message
    }

    /// Reads a `LogRecord` message.
    pub fn parse(message: &'a [u8]) -> Result<Self, Malformed> {
        use field::log;
        let mut record = Self {
            message,
            time: UnixNanos(0),
            severity: 0,
            severity_text: "",
            body: AnyView::Empty,
            event_name: "",
            trace_id: None,
            span_id: None,
            flags: 0,
            dropped_attributes: 0,
        };
        for field in Fields::new(message) {
            match field? {
                (log::TIME, value) => record.time = UnixNanos(value.fixed64()?),
                (log::SEVERITY, value) => record.severity = value.varint()?,
                (log::SEVERITY_TEXT, value) => record.severity_text = value.text()?,
                (log::BODY, value) => record.body = AnyView::parse(value.bytes()?)?,
                (log::EVENT_NAME, value) => record.event_name = value.text()?,
                (log::TRACE_ID, value) => record.trace_id = TraceId::from_slice(value.bytes()?),
                (log::SPAN_ID, value) => record.span_id = SpanId::from_slice(value.bytes()?),
                (log::FLAGS, value) => record.flags = value.fixed32()?,
                (log::DROPPED_ATTRIBUTES, value) => record.dropped_attributes = value.varint()?,
                _ => {}
            }
        }
        Ok(record)
    }

    /// The attributes, in order.
    pub fn attributes(&self) -> Attributes<'a> {
        Attributes::new(self.message, field::log::ATTRIBUTE)
    }
}

/// An `InstrumentationScope`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScopeView<'a> {
    /// The library or module that recorded.
    pub name: &'a str,
    /// Its version.
    pub version: &'a str,
}

impl<'a> ScopeView<'a> {
    /// Reads an `InstrumentationScope` message.
    pub fn parse(message: &'a [u8]) -> Result<Self, Malformed> {
        let mut scope = Self::default();
        for field in Fields::new(message) {
            match field? {
                (field::scope::NAME, value) => scope.name = value.text()?,
                (field::scope::VERSION, value) => scope.version = value.text()?,
                _ => {}
            }
        }
        Ok(scope)
    }
}
