//! The adapter: one line makes every call a span `adapter.<method>`, timed and counted however it ends.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
use telensic::reqwest::TelensicMiddleware;
use telensic::{instrument_adapter, metrics};
use tokio::runtime::Runtime;

use super::MarketDataError;
use crate::ith::NavSeries;
use crate::nav::{NavError, parse_csv};

const PROVIDER: &str = "market-data";

/// A client of the market data service.
#[derive(Debug)]
pub struct MarketData {
    url: String,
    client: ClientWithMiddleware,
    runtime: Runtime,
}

#[instrument_adapter(PROVIDER)]
impl MarketData {
    /// A client of the service at this address.
    pub fn at(url: &str) -> std::io::Result<Self> {
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(5))
            .build()
            .map_err(std::io::Error::other)?;
        Ok(Self {
            url: url.to_owned(),
            // Every request is a span, and carries the context along.
            client: ClientBuilder::new(client).with(TelensicMiddleware::new()).build(),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?,
        })
    }

    /// What the service has.
    pub fn names(&self) -> Result<Vec<String>, MarketDataError> {
        let answer = self.get("/v1/series")?;
        serde_json::from_str(&answer).map_err(|error| NavError::Malformed(error.to_string()).into())
    }

    /// One of its series.
    #[adapter(fields(symbol = name))]
    pub fn nav(&self, name: &str) -> Result<NavSeries, MarketDataError> {
        let mut all = parse_csv(&self.get(&format!("/v1/nav/{name}"))?)?;
        let series = all.swap_remove(0);
        metrics::adapter(PROVIDER).data_volume("bars", series.nav.len() as u64);
        Ok(series)
    }

    fn get(&self, path: &str) -> Result<String, MarketDataError> {
        self.runtime.block_on(async {
            let answer = self.client.get(format!("{}{path}", self.url)).send().await?;
            match answer.status() {
                StatusCode::OK => Ok(answer.text().await?),
                StatusCode::TOO_MANY_REQUESTS => Err(MarketDataError::RateLimited),
                other => Err(MarketDataError::Refused(other)),
            }
        })
    }
}
