//! One hot loop, for a profiler: `cargo run --release --example hot -- span|child|unsampled|log|adapter|failing|future [MILLIONS]`.

use telensic::context::{Context, SpanContext};
use telensic::{Builder, Key, Severity, instrument_adapter};

const SYMBOL: Key<'static> = Key::new("symbol");
const ROWS: Key<'static> = Key::new("rows");
const RATIO: Key<'static> = Key::new("ratio");
const OK: Key<'static> = Key::new("ok");

/// A client of a data provider that has the answer at hand.
struct Feed;

#[instrument_adapter("feed")]
impl Feed {
    pub(crate) fn quote(&self, row: i64) -> Result<i64, std::io::Error> {
        std::hint::black_box(Ok(row))
    }

    pub(crate) fn failing(&self, _: i64) -> Result<i64, std::io::Error> {
        std::hint::black_box(Err(std::io::ErrorKind::TimedOut.into()))
    }

    pub(crate) async fn later(&self, row: i64) -> Result<i64, std::io::Error> {
        std::hint::black_box(Ok(row))
    }
}

/// Polls a future that is ready at once.
fn poll<T>(future: impl Future<Output = T>) -> bool {
    let mut task = std::task::Context::from_waker(std::task::Waker::noop());
    std::pin::pin!(future).poll(&mut task).is_ready()
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let what = arguments.next().unwrap_or_else(|| "span".into());
    let count = 1_000_000
        * arguments
            .next()
            .and_then(|text| text.parse().ok())
            .unwrap_or(20_i64);
    let dir = std::env::temp_dir().join(format!("telensic-hot-{}", std::process::id()));
    let guard = Builder::new("hot").dir(&dir).log_files(false).init();
    let symbol = std::hint::black_box("BTCUSDT");
    let parent = match what.as_str() {
        "unsampled" => "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
        _ => "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    };
    let _attached =
        SpanContext::from_traceparent(parent).map(|span| telensic::attach(Context::new().with_span(span)));
    let before = thread_cpu();
    for row in 0..count {
        let ratio = row as f64 * 0.5;
        let ok = row % 2 == 0;
        let is_called = match what.as_str() {
            "adapter" => Feed.quote(row).is_ok(),
            "failing" => Feed.failing(row).is_err(),
            "future" => poll(Feed.later(row)),
            _ => false,
        };
        if is_called {
            continue;
        }
        if what == "log" {
            telensic::log(Severity::Info, "order filled")
                .with(SYMBOL, symbol)
                .with(ROWS, row)
                .with(RATIO, ratio)
                .with(OK, ok)
                .emit();
        } else {
            let span = if what == "span" {
                telensic::root_span("operation")
            } else {
                telensic::span("operation")
            };
            drop(
                span.with(SYMBOL, symbol)
                    .with(ROWS, row)
                    .with(RATIO, ratio)
                    .with(OK, ok),
            );
        }
    }
    let spent = thread_cpu() - before;
    eprintln!(
        "{what}: {:.1} ns each on this thread",
        spent as f64 / count as f64
    );
    drop(guard);
    let _ = std::fs::remove_dir_all(dir);
}

/// Nanoseconds this thread has run, as Linux counts them.
fn thread_cpu() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    stat.split_whitespace()
        .next()
        .and_then(|nanos| nanos.parse().ok())
        .unwrap_or(0)
}
