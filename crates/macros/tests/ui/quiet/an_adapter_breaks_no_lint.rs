//! Not even a program that forbids everything, and knows telensic by another name, has to allow anything.

#![forbid(unsafe_code, unused, missing_docs, nonstandard_style, rust_2018_idioms, unused_qualifications)]
#![forbid(elided_lifetimes_in_paths, single_use_lifetimes, unreachable_pub, unused_results, let_underscore_drop)]

mod observed {
    pub(crate) use telensic::{__adapter, __private, Key, Span, current, instrument_adapter};
}

use observed::instrument_adapter;

const PROVIDER: &str = "finnhub";

struct Finnhub;

/// Of the same name as an item of generated code.
const OPERATION: u64 = 2;

#[instrument_adapter(PROVIDER, crate = crate::observed)]
impl Finnhub {
    fn new() -> Self {
        Self
    }

    #[adapter(name = "candles", fields(symbol, rows))]
    pub(crate) fn candles(&self, symbol: &str, rows: Option<u64>) -> Result<u64, std::num::ParseIntError> {
        let base: u64 = symbol.parse()?;
        Ok(rows.map_or(base, |rows| rows + base) * OPERATION)
    }

    pub(crate) async fn later(&self, symbol: &str) -> u64 {
        symbol.len() as u64
    }
}

fn main() {
    assert_eq!(Finnhub::new().candles("2", Some(1)), Ok(6));
    drop(Finnhub.later("2"));
}
