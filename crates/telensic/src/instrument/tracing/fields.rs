//! Fields on their way to a span or a log record: typed as OTLP has them, the special ones told apart.

use std::cell::Cell;
use std::error::Error;
use std::fmt::{Debug, Write as _};

use telensic_tape::Value;
use tracing_core::Field;
use tracing_core::field::Visit;

use super::callsite::{Callsite, Meaning};
use crate::Key;
use crate::span::Exception;

/// What takes the fields.
pub(super) trait Target {
    /// The key comes from where it is kept: copied, it would be waited for at every field.
    fn attribute(&mut self, key: &'static Key<'static>, value: Value<'_>);

    /// A field with a meaning of its own.
    fn special(&mut self, meaning: &'static Meaning, value: Value<'_>);

    /// What an error that is a field's value has to say beyond its text.
    fn exception(&mut self, exception: &Exception);
}

/// Hands the fields of a callsite to their target.
pub(super) struct Fields<'a, T> {
    pub(super) callsite: &'static Callsite,
    pub(super) target: &'a mut T,
}

impl<T: Target> Fields<'_, T> {
    #[inline(always)]
    fn put(&mut self, field: &Field, value: Value<'_>) {
        match self.callsite.meaning(field) {
            Meaning::Attribute(key) => self.target.attribute(key, value),
            special => self.target.special(special, value),
        }
    }
}

impl<T: Target> Visit for Fields<'_, T> {
    #[inline]
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, Value::F64(value));
    }

    #[inline]
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, Value::I64(value));
    }

    #[inline]
    fn record_u64(&mut self, field: &Field, value: u64) {
        put_integer(value, |value| self.put(field, value));
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        put_integer(value, |value| self.put(field, value));
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        put_integer(value, |value| self.put(field, value));
    }

    #[inline]
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, Value::Bool(value));
    }

    #[inline]
    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, Value::Str(value));
    }

    fn record_bytes(&mut self, field: &Field, value: &[u8]) {
        self.put(field, Value::Bytes(value));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        let exception = Exception::of(value);
        self.put(field, Value::Str(&exception.message));
        self.target.exception(&exception);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        with_text(value, |text| self.put(field, Value::Str(text)));
    }
}

/// An integer as OTLP has it, of 64 bits with a sign; as text what is larger.
pub(super) fn put_integer<T: TryInto<i64> + ToString + Copy>(integer: T, put: impl FnOnce(Value<'_>)) {
    match integer.try_into() {
        Ok(integer) => put(Value::I64(integer)),
        Err(_) => put(Value::Str(&integer.to_string())),
    }
}

thread_local! {
    /// The memory that values are formatted in.
    static SPARE: Cell<String> = const { Cell::new(String::new()) };
}

/// A buffer that grew beyond this is not kept.
const SPARE_CAPACITY: usize = 64 * 1024;

/// Hands out what a value looks like.
pub(super) fn with_text<T>(value: &dyn Debug, run: impl FnOnce(&str) -> T) -> T {
    // Taken, not borrowed: the value may record something while it is formatted.
    let mut text = SPARE.try_with(Cell::take).unwrap_or_default();
    text.clear();
    format_into(&mut text, value);
    let result = run(&text);
    if text.capacity() <= SPARE_CAPACITY {
        let _ = SPARE.try_with(|spare| spare.set(text));
    }
    result
}

/// Appends what a value looks like; of one that fails to say so, what it said until then.
pub(super) fn format_into(text: &mut String, value: &dyn Debug) {
    let _ = write!(text, "{value:?}");
}
