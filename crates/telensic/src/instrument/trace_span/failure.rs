//! The error of a failed call, of any type.

use std::error::Error;
use std::fmt::{Debug, Display};
use std::ops::Deref;

use super::Say;

/// An error on its way to a span.
pub struct Failure<'e, E: ?Sized>(pub &'e E);

/// Defines a choice, as those of [`super::Given`] are.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub trait $name {
            /// Says of the span that it failed so.
            fn note(&self, span: &mut impl Say);
        }
    };
}

choice! {
    /// First choice: an error, with its sources.
    ThatIsAnError
}
choice! {
    /// Second choice: a box of an error, which is none itself.
    ThatDerefs
}
choice! {
    /// Third choice: something with a text for users.
    ThatSpeaks
}
choice! {
    /// Fourth choice: something with a text for programmers.
    ThatIsDebug
}
choice! {
    /// Last choice: something of which only the type is known.
    ThatIsAnything
}

impl<E: Error + ?Sized> ThatIsAnError for &&&&Failure<'_, E> {
    #[inline]
    fn note(&self, span: &mut impl Say) {
        span.fail(self.0);
    }
}

impl<E: Deref<Target: Error>> ThatDerefs for &&&Failure<'_, E> {
    #[inline]
    fn note(&self, span: &mut impl Say) {
        span.fail(&**self.0);
    }
}

impl<E: Display + ?Sized> ThatSpeaks for &&Failure<'_, E> {
    #[inline]
    fn note(&self, span: &mut impl Say) {
        span.fail_as(std::any::type_name::<E>(), format_args!("{}", self.0));
    }
}

impl<E: Debug + ?Sized> ThatIsDebug for &Failure<'_, E> {
    #[inline]
    fn note(&self, span: &mut impl Say) {
        span.fail_as(std::any::type_name::<E>(), format_args!("{:?}", self.0));
    }
}

impl<E: ?Sized> ThatIsAnything for Failure<'_, E> {
    #[inline]
    fn note(&self, span: &mut impl Say) {
        let name = std::any::type_name::<E>();
        span.fail_as(name, format_args!("{name}"));
    }
}
