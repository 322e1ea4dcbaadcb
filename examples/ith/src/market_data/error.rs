//! Why a call to the market data service fails, as the adapter metrics count it.

use reqwest::StatusCode;
use telensic::adapter::{AdapterError, ClassifyError};

use crate::nav::NavError;

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub enum MarketDataError {
    /// It was one too many.
    #[error("the market data service takes no more calls for now")]
    RateLimited,
    /// There was no answer in time, or none at all.
    #[error("the market data service did not answer: {0}")]
    Unanswered(#[from] reqwest_middleware::Error),
    /// There was another answer.
    #[error("the market data service answered {0}")]
    Refused(StatusCode),
    /// The answer makes no sense.
    #[error("the market data service sent what is no series: {0}")]
    Malformed(#[from] NavError),
}

impl MarketDataError {
    /// Whether the same call may succeed a little later.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::RateLimited | Self::Unanswered(_) => true,
            Self::Refused(status) => status.is_server_error(),
            Self::Malformed(_) => false,
        }
    }
}

impl ClassifyError for MarketDataError {
    fn classify(&self) -> AdapterError<'_> {
        match self {
            Self::RateLimited => AdapterError::RateLimited,
            // A timeout, or no connection: the error itself tells.
            Self::Unanswered(error) => error.classify(),
            Self::Refused(_) => AdapterError::Other("refused"),
            Self::Malformed(_) => AdapterError::Other("malformed"),
        }
    }
}

impl From<reqwest::Error> for MarketDataError {
    fn from(error: reqwest::Error) -> Self {
        Self::Unanswered(error.into())
    }
}
