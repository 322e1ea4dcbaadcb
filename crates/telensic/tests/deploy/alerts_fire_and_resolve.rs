//! An instrumented adapter under load, scraped by a real Prometheus: what its queries say is what the load counted; the
//! shipped alerts fire when errors are injected, and resolve after.

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use telensic::instrument_adapter;
use telensic::metrics::{self, ServeOptions};

use crate::prometheus::Prometheus;
use crate::shipped::{deploy, read};
use crate::support::Dir;

/// A call of the load, and how it is to end.
#[derive(Clone, Copy)]
enum Call {
    Good,
    Refused,
    /// Takes as long that only one bucket holds it, and then fails.
    Slow,
}

/// Within the bucket from 2.5 to 5 s.
const SLOW: Duration = Duration::from_millis(2_600);

struct Feed;

#[instrument_adapter("injected")]
impl Feed {
    pub(crate) async fn quote(&self, call: Call) -> io::Result<u32> {
        match call {
            Call::Good => Ok(1),
            Call::Refused => Err(io::ErrorKind::ConnectionRefused.into()),
            Call::Slow => {
                tokio::time::sleep(SLOW).await;
                Err(io::ErrorKind::TimedOut.into())
            }
        }
    }
}

/// What the load itself counts.
#[derive(Default)]
struct Load {
    good: AtomicU32,
    refused: AtomicU32,
    slow: AtomicU32,
    stop: AtomicBool,
}

impl Load {
    async fn call(&self, call: Call) {
        let is_good = Feed.quote(call).await.is_ok();
        let count = match call {
            Call::Good => &self.good,
            Call::Refused => &self.refused,
            Call::Slow => &self.slow,
        };
        assert_eq!(is_good, matches!(call, Call::Good));
        count.fetch_add(1, Ordering::Relaxed);
    }

    /// Calls again and again, until it is told to stop, with a pause between.
    async fn repeat(&self, call: Call, pause: Duration) {
        while !self.stop.load(Ordering::Relaxed) {
            self.call(call).await;
            tokio::time::sleep(pause).await;
        }
    }

    /// Runs this load on threads of its own for as long as `work` takes.
    fn during(&self, calls: &[(usize, Call, Duration)], work: impl FnOnce()) {
        self.stop.store(false, Ordering::Relaxed);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_time()
                    .build()
                    .unwrap();
                runtime.block_on(async {
                    let tasks = calls.iter().flat_map(|(count, call, pause)| {
                        std::iter::repeat_with(|| self.repeat(*call, *pause)).take(*count)
                    });
                    all(tasks).await;
                });
            });
            let stop = StopAtTheEnd(&self.stop);
            work();
            drop(stop);
        });
    }

    fn count(&self, count: &AtomicU32) -> f64 {
        f64::from(count.load(Ordering::Relaxed))
    }
}

/// Also when a test fails, so that the load ends and the failure is seen.
struct StopAtTheEnd<'a>(&'a AtomicBool);

impl Drop for StopAtTheEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Awaits all of them at once.
async fn all(futures: impl Iterator<Item = impl Future>) {
    let mut pending: Vec<_> = futures.map(Box::pin).collect();
    std::future::poll_fn(|task| {
        pending.retain_mut(|future| future.as_mut().poll(task).is_pending());
        match pending.is_empty() {
            true => std::task::Poll::Ready(()),
            false => std::task::Poll::Pending,
        }
    })
    .await;
}

/// The shipped rules for adapters, their times made short; thresholds and all else stay.
fn hurried(dir: &Dir) -> PathBuf {
    let shipped = read(&deploy("prometheus/rules/adapters.yml"));
    let hurried = shipped.replace("[5m]", "[5s]").replace("for: 1m", "for: 1s");
    assert_eq!(shipped.matches("for: 1m").count(), 3);
    assert_eq!(shipped.matches("[5m]").count(), 2);
    let file = dir.path().join("adapters.yml");
    std::fs::write(&file, hurried).unwrap();
    file
}

const MILLIS: Duration = Duration::from_millis(1);

#[test]
fn and_every_query_says_what_the_load_counted() {
    let dir = Dir::new();
    let exporter = metrics::serve(&ServeOptions::at("127.0.0.1:0")).unwrap();
    // There with zeros before anything is counted.
    let _shown = metrics::adapter("injected").operation("quote");
    let Some(prometheus) = Prometheus::scraping(&dir, exporter.address(), &[hurried(&dir)]) else {
        return;
    };
    let requests = "adapter_requests_total{provider=\"injected\"}";
    prometheus.until("a scrape", |prometheus| {
        prometheus.value(&format!("sum({requests})")) == Some(0.0)
    });

    let load = Load::default();
    load.during(&[(4, Call::Good, 10 * MILLIS)], || {
        let query = format!("sum(rate({requests}[5s])) > 0");
        prometheus.until("load", |prometheus| prometheus.value(&query).is_some());
        assert_eq!(prometheus.firing(), Vec::<String>::new());
    });
    load.during(
        &[(100, Call::Slow, MILLIS), (1, Call::Refused, 20 * MILLIS)],
        || {
            let expected = [
                "AdapterErrorRateHigh",
                "AdapterLatencyHigh",
                "AdapterSuccessRateLow",
            ];
            prometheus.until("all three alerts", |prometheus| prometheus.firing() == expected);
        },
    );
    load.during(&[(8, Call::Good, 5 * MILLIS)], || {
        prometheus.until("no alert", |prometheus| prometheus.firing().is_empty());
    });

    let [good, refused, slow] = [&load.good, &load.refused, &load.slow].map(|count| load.count(count));
    let all = good + refused + slow;
    prometheus.until("the last call", |prometheus| {
        prometheus.value(&format!("sum({requests})")) == Some(all)
    });
    let of = |metric: &str, labels: &str| {
        prometheus.value(&format!("sum({metric}{{provider=\"injected\"{labels}}})"))
    };
    assert_eq!(of("adapter_requests_total", ",status=\"success\""), Some(good));
    assert_eq!(
        of("adapter_requests_total", ",status=\"error\""),
        Some(refused + slow)
    );
    assert_eq!(of("adapter_errors_total", ",error_type=\"timeout\""), Some(slow));
    assert_eq!(
        of("adapter_errors_total", ",error_type=\"connection\""),
        Some(refused)
    );
    assert_eq!(of("adapter_timeouts_total", ""), Some(slow));
    assert_eq!(of("adapter_connection_errors_total", ""), Some(refused));
    assert_eq!(of("adapter_request_duration_seconds_count", ""), Some(all));
    assert_eq!(of("adapter_active_requests", ""), Some(0.0));
    assert_eq!(of("adapter_success_rate", ""), Some(1.0), "of the last thousand");

    // Over the whole load, which began at zero and is over.
    let within = |got: f64, expected: f64, part: f64| {
        assert!(
            (got - expected).abs() <= expected * part,
            "{got} is not {expected}"
        );
    };
    let [rate, increase] = ["rate", "increase"].map(|function| format!("sum({function}({requests}[5m]))"));
    within(prometheus.value(&increase).unwrap(), all, 0.1);
    within(
        prometheus.value(&format!("{rate} * 300 / {increase}")).unwrap(),
        1.0,
        1e-9,
    );
    // The slow calls fill one bucket, and no other call is in it: half way into them is half way into the bucket.
    let share = 1.0 - slow / all / 2.0;
    let buckets = "adapter_request_duration_seconds_bucket{provider=\"injected\"}";
    let quantile = format!("histogram_quantile({share}, sum by (le) (increase({buckets}[5m])))");
    within(prometheus.value(&quantile).unwrap(), 3.75, 0.02);

    // A thousand calls of which every tenth fails.
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for call in 0..1_000 {
        let call = if call % 10 == 0 { Call::Refused } else { Call::Good };
        runtime.block_on(load.call(call));
    }
    prometheus.until("the success rate of the last thousand", |prometheus| {
        prometheus.value("adapter_success_rate{provider=\"injected\"}") == Some(0.9)
    });
}
