//! A value of the user's on its way into an attribute: borrowed, never moved.

use std::borrow::Cow;
use std::fmt::Debug;
use std::rc::Rc;
use std::sync::Arc;

use super::Say;
use crate::{Key, Value};

/// A value that is given to a span.
pub struct Given<'v, T: ?Sized>(pub &'v T);

/// Types whose values are attributes, or are where there is one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the value of an attribute",
    label = "no text, truth value, number, or list of such",
    note = "write `%` before it to record its `Display` form, or `?` for its `Debug` form",
    note = "or implement `From<&{Self}>` for `telensic::Value<'_>`"
)]
pub trait Known {
    /// The attribute's value; none if there is to be no attribute.
    fn known(&self) -> Option<Value<'_>>;
}

/// Defines a choice: a trait of its own, so that generated code says by its imports which choices there are.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub trait $name {
            /// Adds the attribute.
            fn record(&self, span: &mut impl Say, key: Key<'static>);
        }
    };
}

choice! {
    /// First choice: a type that is known here.
    OrKnown
}
choice! {
    /// Second choice: a type that is made into a value when it is borrowed.
    OrBorrowed
}
choice! {
    /// Third choice: a type that is made into a value when it is copied.
    OrCopied
}

impl<T: Known + ?Sized> OrKnown for &&&Given<'_, T> {
    #[inline(always)]
    fn record(&self, span: &mut impl Say, key: Key<'static>) {
        if let Some(value) = self.0.known() {
            span.set_value(key, value);
        }
    }
}

impl<'v, T: ?Sized> OrBorrowed for &&Given<'v, T>
where
    &'v T: Into<Value<'v>>,
{
    #[inline(always)]
    fn record(&self, span: &mut impl Say, key: Key<'static>) {
        span.set_value(key, self.0.into());
    }
}

impl<'v, T: Copy + Into<Value<'v>>> OrCopied for &Given<'v, T> {
    #[inline(always)]
    fn record(&self, span: &mut impl Say, key: Key<'static>) {
        span.set_value(key, (*self.0).into());
    }
}

/// Last choice where all arguments are recorded: the `Debug` form. The bound is the method's, so that an argument
/// without one is told as such.
pub trait OrDebug<T: ?Sized> {
    /// Adds the attribute.
    fn record(&self, span: &mut impl Say, key: Key<'static>)
    where
        T: Debug;
}

impl<T: ?Sized> OrDebug<T> for Given<'_, T> {
    #[inline]
    fn record(&self, span: &mut impl Say, key: Key<'static>)
    where
        T: Debug,
    {
        span.set_text(key, format_args!("{:?}", self.0));
    }
}

/// Last choice where a field is named: none, and [`Known`] says why.
pub trait OrRefused<T: ?Sized> {
    /// Never compiles.
    fn record(&self, span: &mut impl Say, key: Key<'static>)
    where
        T: Known;
}

impl<T: ?Sized> OrRefused<T> for Given<'_, T> {
    #[inline(always)]
    fn record(&self, span: &mut impl Say, key: Key<'static>)
    where
        T: Known,
    {
        (&&&self).record(span, key);
    }
}

/// Values that are there as they are, by reference or by copy.
macro_rules! known {
    ($($type:ty => |$value:ident| $known:expr;)*) => {$(
        impl Known for $type {
            #[inline(always)]
            fn known(&self) -> Option<Value<'_>> {
                let $value = self;
                Some($known)
            }
        }
    )*};
}

/// The same for several types.
macro_rules! copied {
    ($($type:ty),*) => { known! { $($type => |value| (*value).into();)* } };
}

copied!(bool, i8, i16, i32, i64, u8, u16, u32, u64, usize, f32, f64);
known! {
    isize => |number| Value::I64(*number as i64);
    str => |text| Value::Str(text);
    String => |text| Value::Str(text);
    Cow<'_, str> => |text| Value::Str(text);
    [&str] => |texts| Value::Strs(texts);
    [String] => |texts| Value::Strings(texts);
    [bool] => |truths| Value::Bools(truths);
    [i64] => |numbers| Value::I64s(numbers);
    [f64] => |numbers| Value::F64s(numbers);
}

/// Nothing is returned: nothing is recorded.
impl Known for () {
    #[inline(always)]
    fn known(&self) -> Option<Value<'_>> {
        None
    }
}

impl<T: Known> Known for Option<T> {
    #[inline(always)]
    fn known(&self) -> Option<Value<'_>> {
        self.as_ref().and_then(Known::known)
    }
}

impl<T> Known for Vec<T>
where
    [T]: Known,
{
    #[inline(always)]
    fn known(&self) -> Option<Value<'_>> {
        self.as_slice().known()
    }
}

impl<T, const N: usize> Known for [T; N]
where
    [T]: Known,
{
    #[inline(always)]
    fn known(&self) -> Option<Value<'_>> {
        self.as_slice().known()
    }
}

/// Pointers of what is known.
macro_rules! pointers {
    ($($pointer:ty),*) => {$(
        impl<T: Known + ?Sized> Known for $pointer {
            #[inline(always)]
            fn known(&self) -> Option<Value<'_>> {
                (**self).known()
            }
        }
    )*};
}

pointers!(&T, &mut T, Box<T>, Rc<T>, Arc<T>);
