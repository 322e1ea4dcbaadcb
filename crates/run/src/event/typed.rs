//! What a typed event is, and how one is declared.
//!
//! An event is an OTLP log record: its type is the `event_name`, its fields are the attributes. The Rust type is the
//! source of all else: of what is written, of what is read, and of the JSON Schema.

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use telensic_tape::Value;

/// A typed event.
pub trait Event: Serialize + DeserializeOwned + JsonSchema {
    /// Its name, as in an OTLP record's `event_name`.
    const NAME: &'static str;

    /// Hands out the fields that are set, in order, as values of the tape.
    fn fields(&self, put: &mut dyn FnMut(&'static str, Value<'_>));
}

/// Declares an event: its required fields, which `new` takes, and its optional ones, each with a setter.
macro_rules! event {
    (
        $(#[$doc:meta])*
        $name:ident = $constant:ident {
            $($(#[$required_doc:meta])* $required:ident: $required_type:ty,)+
        } optional {
            $($(#[$optional_doc:meta])* $optional:ident: $optional_type:ty,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$required_doc])* pub $required: $required_type,)+
            $(
                $(#[$optional_doc])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $optional: Option<$optional_type>,
            )*
        }

        impl $name {
            /// The event with what it cannot do without.
            pub fn new($($required: impl Into<$required_type>),+) -> Self {
                Self {
                    $($required: $required.into(),)+
                    $($optional: None,)*
                }
            }

            $(
                $(#[$optional_doc])*
                #[must_use]
                pub fn $optional(mut self, $optional: impl Into<$optional_type>) -> Self {
                    self.$optional = Some($optional.into());
                    self
                }
            )*
        }

        impl $crate::event::Event for $name {
            const NAME: &'static str = $crate::names::event::$constant;

            fn fields(&self, put: &mut dyn FnMut(&'static str, telensic_tape::Value<'_>)) {
                use $crate::event::value::Lend;
                $(self.$required.lend(&mut |value| put(stringify!($required), value));)+
                $(self.$optional.lend(&mut |value| put(stringify!($optional), value));)*
            }
        }
    };
}

pub(super) use event;
