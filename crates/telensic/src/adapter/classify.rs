//! Errors that say of themselves why a call failed.

use std::error::Error;
use std::rc::Rc;
use std::sync::Arc;

use super::AdapterError;
use super::known::of_chain;

/// An error that says why a call failed.
///
/// ```
/// use telensic::adapter::{AdapterError, ClassifyError};
///
/// enum FinnhubError {
///     Status(u16),
///     UnknownSymbol,
///     Network(std::io::Error),
/// }
///
/// impl ClassifyError for FinnhubError {
///     fn classify(&self) -> AdapterError<'_> {
///         match self {
///             Self::Status(429) => AdapterError::RateLimited,
///             Self::Status(_) => AdapterError::Other("status"),
///             Self::UnknownSymbol => AdapterError::Other("unknown_symbol"),
///             Self::Network(error) => error.classify(),
///         }
///     }
/// }
/// # let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
/// # assert_eq!(FinnhubError::Network(refused).classify(), AdapterError::Connection);
/// # assert_eq!(FinnhubError::Status(429).classify(), AdapterError::RateLimited);
/// # assert_eq!(FinnhubError::Status(500).classify().name(), "status");
/// # assert_eq!(FinnhubError::UnknownSymbol.classify().kind(), "error");
/// ```
///
/// A type that does not say it is looked at as far as it is an [`Error`]: the first of its sources decides that is known.
///
/// | known | rate limited | timeout | connection |
/// |---|---|---|---|
/// | [`std::io::Error`] | | timed out, would block | refused, reset, aborted, closed, unreachable |
/// | `mpsc::RecvTimeoutError`, tokio's `Elapsed` | | it passed | |
/// | `reqwest` (feature) | status 429 | of the client, status 408 or 504 | to the server |
/// | `tonic` (feature) | resource exhausted | deadline exceeded | unavailable |
///
/// Of all others the name is that of their type.
pub trait ClassifyError {
    /// Why the call failed.
    fn classify(&self) -> AdapterError<'_>;
}

/// Errors of which only the trait is known.
const UNNAMED: AdapterError<'static> = AdapterError::Other("error");

macro_rules! of_objects {
    ($($object:ty),*) => {$(
        impl ClassifyError for $object {
            fn classify(&self) -> AdapterError<'_> {
                of_chain(self).unwrap_or(UNNAMED)
            }
        }
    )*};
}

of_objects!(
    dyn Error,
    dyn Error + Send,
    dyn Error + Sync,
    dyn Error + Send + Sync
);

macro_rules! of_pointers {
    ($($pointer:ty),*) => {$(
        impl<E: ClassifyError + ?Sized> ClassifyError for $pointer {
            fn classify(&self) -> AdapterError<'_> {
                (**self).classify()
            }
        }
    )*};
}

of_pointers!(&E, Box<E>, Rc<E>, Arc<E>);

/// Types that are known: of one that is not among the classes, its own name.
macro_rules! of_known {
    ($($(#[$condition:meta])* $known:ty),* $(,)?) => {$(
        $(#[$condition])*
        impl ClassifyError for $known {
            fn classify(&self) -> AdapterError<'_> {
                of_chain(self).unwrap_or(AdapterError::Other(std::any::type_name::<Self>()))
            }
        }
    )*};
}

of_known! {
    std::io::Error,
    std::sync::mpsc::RecvTimeoutError,
    #[cfg(any(feature = "metrics", feature = "otlp", feature = "reqwest"))]
    tokio::time::error::Elapsed,
    #[cfg(feature = "reqwest")]
    reqwest::Error,
    #[cfg(feature = "reqwest")]
    reqwest_middleware::Error,
    #[cfg(feature = "tonic")]
    tonic::Status,
}
