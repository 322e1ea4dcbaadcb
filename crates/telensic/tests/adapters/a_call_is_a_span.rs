//! A call of an adapter's method is a span, whatever kind of method it is.

use std::future::Future;
use std::pin::Pin;

use telensic::{instrument_adapter, root_span, span};

use crate::counted::calls;
use crate::support::{Val, is_child, recorded};

const PROVIDER: &str = "kinds";

struct Feed {
    symbol: String,
}

#[instrument_adapter("kinds")]
impl Feed {
    const DEPTH: usize = 2;

    pub(crate) fn new(symbol: &str) -> Self {
        Self {
            symbol: symbol.to_owned(),
        }
    }

    pub(crate) const fn at_compile_time(&self) -> usize {
        Self::DEPTH
    }

    /// Calls a private method, which is no span.
    pub(crate) fn plain(&self, rows: u64) -> u64 {
        span("inside").end();
        self.private(rows)
    }

    fn private(&self, rows: u64) -> u64 {
        rows + 1
    }

    #[adapter]
    fn asked_for(&self) {}

    #[adapter(name = "connect")]
    pub(crate) fn open(symbol: &str) -> Result<Self, String> {
        Ok(Self::new(symbol))
    }

    #[adapter(skip)]
    pub(crate) fn skipped(&self) {}

    #[adapter(name = "candles", fields(self.symbol, days, "from.year" = from.0, %side))]
    pub(crate) async fn history(
        &mut self,
        from: (u32, u32),
        days: u32,
        side: char,
    ) -> Result<Vec<f64>, String> {
        tokio::task::yield_now().await;
        span("inside of a future").end();
        self.symbol.push('!');
        Ok(vec![0.5; days as usize])
    }

    pub(crate) fn later(&self, rows: u64) -> impl Future<Output = Result<u64, String>> + use<> {
        async move { Ok(rows) }
    }

    /// Hands on a future that somebody else made.
    pub(crate) fn handed_on(&self) -> impl Future<Output = u64> + use<> {
        std::future::ready(7)
    }

    pub(crate) fn boxed(&self) -> Pin<Box<dyn Future<Output = u64> + Send + '_>> {
        let length = self.symbol.len() as u64;
        Box::pin(async move { length })
    }

    pub(crate) fn generic<'a, T: AsRef<str> + ?Sized, const N: usize>(
        &self,
        texts: [&'a T; N],
    ) -> Option<&'a str> {
        texts.into_iter().next().map(|text| text.as_ref())
    }

    pub(crate) fn hidden(&self, up_to: u64) -> impl Iterator<Item = u64> + use<> {
        (0..up_to).step_by(2)
    }

    pub(crate) fn r#type(self) -> String {
        self.symbol
    }
}

trait Quotes {
    fn quote(&self, symbol: &str) -> Result<f64, String>;
    async fn ask(&self) -> f64;
    fn by_default(&self) -> f64 {
        1.0
    }
}

#[instrument_adapter(PROVIDER)]
impl Quotes for Feed {
    fn quote(&self, symbol: &str) -> Result<f64, String> {
        let price: f64 = symbol.len() as f64;
        if price > 3.0 {
            return Err("too long".to_owned());
        }
        Ok(price)
    }

    async fn ask(&self) -> f64 {
        2.0
    }
}

#[async_trait::async_trait]
trait Streams {
    async fn inner_first(&self, symbol: &str) -> Result<usize, String>;
    async fn outer_first(&self, symbol: &str) -> Result<usize, String>;
}

/// Both orders of the two attributes.
struct Above;
struct Below;

#[async_trait::async_trait]
#[instrument_adapter(crate::a_call_is_a_span::PROVIDER)]
impl Streams for Above {
    async fn inner_first(&self, symbol: &str) -> Result<usize, String> {
        Ok(symbol.len())
    }

    #[adapter(skip)]
    async fn outer_first(&self, symbol: &str) -> Result<usize, String> {
        Ok(symbol.len())
    }
}

#[instrument_adapter(crate::a_call_is_a_span::PROVIDER)]
#[async_trait::async_trait]
impl Streams for Below {
    #[adapter(skip)]
    async fn inner_first(&self, symbol: &str) -> Result<usize, String> {
        Ok(symbol.len())
    }

    async fn outer_first(&self, symbol: &str) -> Result<usize, String> {
        Ok(symbol.len())
    }
}

#[test]
fn with_provider_operation_and_outcome() {
    let read = recorded("a_call_is_a_span::calls_everything");
    let root = read.span("test");
    let operations = [
        "plain",
        "asked_for",
        "connect",
        "candles",
        "later",
        "handed_on",
        "boxed",
        "generic",
        "hidden",
        "type",
        "ask",
        "inner_first",
        "outer_first",
    ];
    for operation in operations {
        let span = read.span(&format!("adapter.{operation}"));
        assert_eq!(span.parent, Some(root.id), "{operation}");
        assert_eq!(span.kind, 3, "{operation}");
        assert_eq!(span.get("provider"), Some(&Val::from("kinds")), "{operation}");
        assert_eq!(span.get("operation"), Some(&Val::from(operation)));
        assert_eq!(span.get("outcome"), Some(&Val::from("success")), "{operation}");
        assert_eq!(span.get("error.type"), None);
        assert_eq!(span.status, 0, "{operation}");
        let named = span.attributes.len() - 3;
        assert_eq!(named, if operation == "candles" { 4 } else { 0 }, "{operation}");
    }
    let candles = read.span("adapter.candles");
    assert_eq!(candles.get("symbol"), Some(&Val::from("AAPL")));
    assert_eq!(candles.int("days"), 3);
    assert_eq!(candles.int("from.year"), 2024);
    assert_eq!(candles.get("side"), Some(&Val::from("b")));
    assert_eq!(read.span("inside").parent, Some(read.span("adapter.plain").id));
    assert_eq!(read.span("inside of a future").parent, Some(candles.id));

    let quotes = read.named("adapter.quote");
    assert_eq!(quotes.iter().map(|span| span.status).collect::<Vec<_>>(), [0, 2]);
    assert_eq!(quotes[1].message, "too long");
    assert_eq!(quotes[1].get("outcome"), Some(&Val::from("error")));
    assert_eq!(
        quotes[1].get("error.type"),
        Some(&Val::from("alloc::string::String"))
    );
    assert_eq!(quotes[1].events.len(), 1);

    let adapters = read.spans.iter().filter(|span| span.name.starts_with("adapter."));
    assert_eq!(adapters.count(), operations.len() + quotes.len());
    assert_eq!(read.open(), Vec::<String>::new());
}

#[test]
#[ignore = "the child of the test above"]
fn calls_everything() {
    if !is_child() {
        return;
    }
    let guard = telensic::init("kinds");
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    {
        let _root = root_span("test").entered();
        let mut feed = Feed::open("AAPL").unwrap();
        assert_eq!(feed.at_compile_time(), 2);
        assert_eq!(feed.plain(1), 2);
        feed.asked_for();
        feed.skipped();
        let candles = runtime.block_on(feed.history((2024, 1), 3, 'b'));
        assert_eq!(candles, Ok(vec![0.5; 3]));
        assert_eq!(runtime.block_on(feed.later(4)), Ok(4));
        assert_eq!(runtime.block_on(feed.handed_on()), 7);
        assert_eq!(runtime.block_on(feed.boxed()), 5);
        assert_eq!(feed.generic(["a", "b"]), Some("a"));
        assert_eq!(feed.hidden(3).collect::<Vec<_>>(), [0, 2]);
        assert_eq!(feed.quote("abc"), Ok(3.0));
        assert_eq!(feed.quote("abcd"), Err("too long".to_owned()));
        assert_eq!(feed.by_default(), 1.0);
        assert_eq!(runtime.block_on(feed.ask()), 2.0);
        assert_eq!(runtime.block_on(Above.inner_first("ab")), Ok(2));
        assert_eq!(runtime.block_on(Above.outer_first("ab")), Ok(2));
        assert_eq!(runtime.block_on(Below.inner_first("ab")), Ok(2));
        assert_eq!(runtime.block_on(Below.outer_first("ab")), Ok(2));
        assert_eq!(feed.r#type(), "AAPL!");
        // Never polled: there was no call.
        drop(Feed::new("").later(1));
    }
    for (operation, status, count) in [
        ("plain", "success", 1.0),
        ("candles", "success", 1.0),
        ("quote", "success", 1.0),
        ("quote", "error", 1.0),
        ("inner_first", "success", 1.0),
    ] {
        assert_eq!(calls("kinds", operation, status), Some(count), "{operation}");
    }
    assert_eq!(calls("kinds", "skipped", "success"), None);
    drop(guard);
}
