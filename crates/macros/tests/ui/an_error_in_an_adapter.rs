#![expect(unused, reason = "only errors are of interest")]

use telensic::instrument_adapter;

struct Finnhub;

#[instrument_adapter("finnhub")]
impl Finnhub {
    pub fn plain(&self) -> u32 {
        "text"
    }

    pub async fn in_a_future(&self) -> Result<u32, String> {
        let number: u32 = "1".parse()?;
        Ok(number)
    }

    #[adapter(fields(symbl))]
    pub fn unknown_argument(&self, symbol: &str) {}

    #[adapter(skip)]
    pub fn skipped(&self) -> u32 {
        missing + 1
    }
}

trait Quotes {
    fn quote(&self) -> u32;
}

#[instrument_adapter("finnhub")]
impl Quotes for Finnhub {
    fn quote(&self) -> u64 {
        1
    }
}

fn main() {}
