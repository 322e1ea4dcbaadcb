#![expect(unused, reason = "only errors are of interest")]

use telensic::instrument_adapter;

#[instrument_adapter("finnhub")]
struct Finnhub;

#[instrument_adapter("finnhub")]
fn quote() {}

#[instrument_adapter]
impl Finnhub {
    pub fn no_provider(&self) {}
}

#[instrument_adapter("")]
impl Finnhub {
    pub fn empty_provider(&self) {}
}

#[instrument_adapter(Self::PROVIDER)]
impl Finnhub {
    const PROVIDER: &str = "finnhub";

    #[adapter(name = "of_self")]
    pub fn provider_of_self(&self) {}
}

#[instrument_adapter("finnhub", naem = "quotes")]
impl Finnhub {
    pub fn unknown_option(&self) {}
}

#[instrument_adapter("finnhub")]
impl Finnhub {
    pub fn new() -> Self {
        Self
    }

    fn private(&self) {}
}

fn main() {}
