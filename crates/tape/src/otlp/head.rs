//! What every span and every log record begins with, written in one go.

#![expect(
    unsafe_code,
    reason = "pieces of known lengths are written into what was reserved for them"
)]

use super::encode::{FIXED32, FIXED64, LEN, VARINT, put_bytes, put_scalar, tag};
use super::tail::Tail;
use super::{Scalar, Value, field};
use crate::{SpanId, TraceId, UnixNanos};

/// What every span begins with.
#[derive(Clone, Copy, Debug)]
pub struct SpanHead<'a> {
    /// The trace it belongs to.
    pub trace_id: TraceId,
    /// Its own id.
    pub span_id: SpanId,
    /// The span it was started in.
    pub parent: Option<SpanId>,
    /// W3C flags and OTLP's remote bits.
    pub flags: u32,
    /// OTLP's `SpanKind`.
    pub kind: u8,
    /// When it started.
    pub start: UnixNanos,
    /// The name.
    pub name: &'a str,
}

impl SpanHead<'_> {
    /// Appends the fields of a `Span`, the times first. The end is zero until it is [set](Self::set_end).
    #[inline]
    pub fn put(&self, out: &mut Vec<u8>) {
        use field::span;
        // The one field whose tag takes two bytes.
        const FLAGS: u64 = tag(span::FLAGS, FIXED32) & 0x7f | 0x80 | (tag(span::FLAGS, FIXED32) >> 7) << 8;
        let name = self.name.as_bytes();
        let mut tail = Tail::reserve(out, 66 + name.len());
        // SAFETY: 9, 9, 18, 10, 10 and 8 bytes, and 2 and the name: as reserved.
        unsafe {
            tail.put([tag(span::START, FIXED64) as u8]);
            tail.put(self.start.0.to_le_bytes());
            tail.put([tag(span::END, FIXED64) as u8]);
            tail.put([0; 8]);
            tail.put([tag(span::TRACE_ID, LEN) as u8, 16]);
            tail.put(self.trace_id.to_bytes());
            tail.put([tag(span::SPAN_ID, LEN) as u8, 8]);
            tail.put(self.span_id.to_bytes());
            if let Some(parent) = self.parent {
                tail.put([tag(span::PARENT_SPAN_ID, LEN) as u8, 8]);
                tail.put(parent.to_bytes());
            }
            let flags_and_kind = FLAGS
                | u64::from(self.flags) << 16
                | tag(span::KIND, VARINT) << 48
                | u64::from(self.kind) << 56;
            tail.put(flags_and_kind.to_le_bytes());
            if name.len() < 0x80 {
                tail.put([tag(span::NAME, LEN) as u8, name.len() as u8]);
                tail.put_slice(name);
                return;
            }
        }
        drop(tail);
        put_bytes(out, span::NAME, name);
    }

    /// Where the end is: behind the start and a tag.
    pub(crate) const END_AT: usize = 10;

    /// Sets the end in a message that begins with a head.
    #[inline]
    pub fn set_end(message: &mut [u8], end: UnixNanos) {
        if let Some((_, at)) = message.split_at_mut_checked(Self::END_AT)
            && let Some(bytes) = at.first_chunk_mut()
        {
            *bytes = end.0.to_le_bytes();
        }
    }
}

/// What every log record begins with.
#[derive(Clone, Copy, Debug)]
pub struct LogHead<'a> {
    /// When it happened, and was observed.
    pub time: UnixNanos,
    /// OTLP's severity number.
    pub severity: u8,
    /// The level's name, of fifteen bytes at most.
    pub severity_text: &'a str,
    /// The span it was said in: trace, span and W3C flags.
    pub span: Option<(TraceId, SpanId, u32)>,
    /// The operating system's id of the thread.
    pub thread: i64,
}

impl LogHead<'_> {
    /// Appends the fields of a `LogRecord`.
    pub fn put(&self, out: &mut Vec<u8>) {
        use field::log;
        let level = &self.severity_text.as_bytes()[..self.severity_text.len().min(15)];
        let mut tail = Tail::reserve(out, 22 + level.len() + 33);
        // SAFETY: 9, 9, 2, 2 and the level's bytes, and 5, 18 and 10: as reserved.
        unsafe {
            tail.put([tag(log::TIME, FIXED64) as u8]);
            tail.put(self.time.0.to_le_bytes());
            tail.put([tag(log::OBSERVED_TIME, FIXED64) as u8]);
            tail.put(self.time.0.to_le_bytes());
            tail.put([tag(log::SEVERITY, VARINT) as u8, self.severity & 0x7f]);
            tail.put([tag(log::SEVERITY_TEXT, LEN) as u8, level.len() as u8]);
            tail.put_slice(level);
            if let Some((trace_id, span_id, flags)) = self.span {
                tail.put([tag(log::FLAGS, FIXED32) as u8]);
                tail.put(flags.to_le_bytes());
                tail.put([tag(log::TRACE_ID, LEN) as u8, 16]);
                tail.put(trace_id.to_bytes());
                tail.put([tag(log::SPAN_ID, LEN) as u8, 8]);
                tail.put(span_id.to_bytes());
            }
        }
        drop(tail);
        if let Some(thread) = Scalar::of(Value::I64(self.thread)) {
            put_scalar(out, log::ATTRIBUTE, "thread.id", thread);
        }
    }
}
