//! Why a call failed.

/// Why a call to a provider failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AdapterError<'a> {
    /// The provider refused it as one too many.
    RateLimited,
    /// There was no answer in time.
    Timeout,
    /// There was no connection.
    Connection,
    /// Nobody waited for the answer any more.
    Cancelled,
    /// Anything else, of this type.
    Other(&'a str),
}

impl<'a> AdapterError<'a> {
    /// The value of the label `error_type`.
    pub fn name(self) -> &'a str {
        match self {
            Self::Other(name) => name,
            told_apart => told_apart.kind(),
        }
    }

    /// What kind of failure it is: its name, or `error` if it is none of those that are told apart.
    pub fn kind(self) -> &'static str {
        match self {
            Self::RateLimited => "rate_limited",
            Self::Timeout => "timeout",
            Self::Connection => "connection",
            Self::Cancelled => "cancelled",
            Self::Other(_) => "error",
        }
    }
}
