#![expect(unused, reason = "only errors are of interest")]

use telensic::instrument_adapter;

struct Finnhub;

#[instrument_adapter("finnhub")]
impl Finnhub {
    #[adapter(feilds(symbol))]
    pub fn unknown_option(&self, symbol: &str) {}
}

#[instrument_adapter("finnhub")]
impl Finnhub {
    #[adapter(skip, name = "quotes")]
    pub fn skipped_and_named(&self) {}
}

#[instrument_adapter("finnhub")]
impl Finnhub {
    #[adapter(skip)]
    #[adapter(name = "quotes")]
    pub fn twice(&self) {}
}

#[instrument_adapter("finnhub")]
impl Finnhub {
    #[adapter(name = "")]
    pub fn empty_name(&self) {}
}

#[instrument_adapter("finnhub")]
impl Finnhub {
    #[adapter = "quotes"]
    pub fn assigned(&self) {}
}

#[instrument_adapter("finnhub")]
impl Finnhub {
    #[adapter]
    pub const fn at_compile_time(&self) {}
}

#[instrument_adapter("finnhub")]
impl Finnhub {
    #[adapter(fields(symbol, symbol = 1))]
    pub fn same_key(&self, symbol: &str) {}
}

fn main() {}
