//! OTLP as bytes: the field numbers, an encoder that appends, and views that read without copying.
//!
//! Only what the tape itself carries is known here: spans, log records, scopes, resources and their
//! attributes, as `opentelemetry/proto/{trace,logs,common,resource}/v1` define them. A record is appended
//! once and then read where it lies; nothing in the product decodes a record into an owned structure first.

mod encode;
pub mod field;
mod head;
mod tail;
mod value;
mod view;
mod wire;

#[cfg(feature = "file")]
pub(crate) use encode::varint_word;
pub use encode::{
    MAX_VARINT, Scalar, put_any, put_attribute, put_bytes, put_encoded, put_fixed32, put_fixed64,
    put_message, put_scalar, put_scope, put_text, put_varint, put_varint_field, varint_len, varint_to,
};
pub use head::{LogHead, SpanHead};
pub use value::Value;
pub use view::{
    AnyView, Attributes, EventView, KeyValueView, LinkView, LogView, ScopeView, SpanView, StatusView,
};
pub use wire::{FieldValue, Fields, Malformed, Repeated};
