//! What generated code says of a span, before it is entered and after.

use std::error::Error;
use std::fmt;

use crate::instrument::text::with_text;
use crate::span::Exception;
use crate::{CurrentSpan, EnteredSpan, Key, Span, Value};

/// Every way to a span.
pub trait Say {
    /// Adds an attribute.
    fn set_value(&mut self, key: Key<'static>, value: Value<'_>);
    /// Adds an attribute whose text is made only if it is recorded.
    fn set_text(&mut self, key: Key<'static>, text: fmt::Arguments<'_>);
    /// Records an error and its sources.
    fn fail<E: Error + ?Sized>(&mut self, error: &E);
    /// Records an error that is known by the name of its type and by this text.
    fn fail_as(&mut self, kind: &'static str, text: fmt::Arguments<'_>);
}

macro_rules! say {
    ($($span:ty),*) => {$(
        impl Say for $span {
            #[inline(always)]
            fn set_value(&mut self, key: Key<'static>, value: Value<'_>) {
                self.set(key, value);
            }

            fn set_text(&mut self, key: Key<'static>, text: fmt::Arguments<'_>) {
                self.edit(|span| with_text(text, |text| span.set(key, Value::Str(text))));
            }

            #[cold]
            fn fail<E: Error + ?Sized>(&mut self, error: &E) {
                self.record_error(error);
            }

            #[cold]
            fn fail_as(&mut self, kind: &'static str, text: fmt::Arguments<'_>) {
                self.edit(|span| {
                    let exception = Exception {
                        kind: kind.to_owned(),
                        message: with_text(text, str::to_owned),
                        stacktrace: String::new(),
                    };
                    span.exception(&exception);
                });
            }
        }
    )*};
}

say!(Span, EnteredSpan, CurrentSpan);
