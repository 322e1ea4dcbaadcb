//! The class of an error of any type.

use std::any::type_name;
use std::error::Error;
use std::ops::Deref;

use crate::adapter::{AdapterError, ClassifyError};

/// An error on its way to a class.
pub struct Failing<'e, E: ?Sized>(pub &'e E);

/// Defines a choice, as those of `Failure` are.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub trait $name<'e> {
            /// Why the call failed.
            fn class(&self) -> AdapterError<'e>;
        }
    };
}

choice! {
    /// First choice: an error that says it itself.
    ClassifiesItself
}
choice! {
    /// Second choice: an error, whose sources may be known.
    IsAnError
}
choice! {
    /// Third choice: a pointer of one that says it itself, which is no error.
    DerefsToWhatDoes
}
choice! {
    /// Last choice: something of which only the type is known.
    IsAnything
}

impl<'e, E: ClassifyError + ?Sized> ClassifiesItself<'e> for &&&Failing<'e, E> {
    #[inline]
    fn class(&self) -> AdapterError<'e> {
        self.0.classify()
    }
}

impl<'e, E: Error + ?Sized> IsAnError<'e> for &&Failing<'e, E> {
    #[inline]
    fn class(&self) -> AdapterError<'e> {
        #[cfg(feature = "record")]
        if let Some(class) = crate::adapter::of_sources(self.0) {
            return class;
        }
        AdapterError::Other(type_name::<E>())
    }
}

impl<'e, E: Deref<Target: ClassifyError + 'e>> DerefsToWhatDoes<'e> for &Failing<'e, E> {
    #[inline]
    fn class(&self) -> AdapterError<'e> {
        (**self.0).classify()
    }
}

impl<'e, E: ?Sized> IsAnything<'e> for Failing<'e, E> {
    #[inline]
    fn class(&self) -> AdapterError<'e> {
        AdapterError::Other(type_name::<E>())
    }
}
