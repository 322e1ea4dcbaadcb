//! Where net asset values come from.

use std::path::PathBuf;
use std::time::Duration;

use telensic::pipeline::{Retry, StageError};

use crate::ith::NavSeries;
use crate::market_data::{MarketData, MarketDataError};
use crate::nav::{NavError, read_file};

/// A source.
#[derive(Debug)]
pub enum Source {
    /// A file.
    File(PathBuf),
    /// The market data service.
    MarketData(MarketData),
}

impl Source {
    /// One series of it; a call that fails is made again.
    pub fn series(&self, name: &str) -> Result<NavSeries, StageError> {
        match self {
            Self::MarketData(service) => Self::retry().step("fetch", |span| {
                span.set("symbol", name);
                Ok(service.nav(name)?)
            }),
            Self::File(path) => {
                let found = read_file(path)?.into_iter().find(|series| series.name == name);
                let missing =
                    || NavError::Malformed(format!("{}: there is no series {name}", path.display()));
                Ok(found.ok_or_else(missing)?)
            }
        }
    }

    /// Whether and when a call to it is made again.
    pub fn retry() -> Retry {
        Retry::times(5).wait(Duration::from_millis(20)).on(|error| {
            error
                .downcast_ref::<MarketDataError>()
                .is_some_and(MarketDataError::is_transient)
        })
    }
}
