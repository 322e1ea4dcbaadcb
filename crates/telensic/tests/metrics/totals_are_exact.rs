//! Many threads and tasks at once: every count is there in the end.

use std::sync::Arc;

use telensic::metrics::{Counter, Family, Histogram, Registry, UpDownCounter, series};

use crate::scrape::value;

struct Metrics {
    orders: Family<Counter>,
    amounts: Family<Counter>,
    sizes: Family<Histogram>,
    open: Family<UpDownCounter>,
}

impl Metrics {
    fn in_registry(registry: &Registry) -> Self {
        Self {
            orders: registry
                .counter("orders_total")
                .labels(&["venue", "side"])
                .register(),
            amounts: registry.counter("amount_total").register(),
            sizes: registry.histogram("size").buckets(&[1.0, 2.0, 4.0]).register(),
            open: registry.up_down_counter("open").register(),
        }
    }

    /// One step of one of many.
    fn step(&self, worker: usize, step: usize) {
        let venue = ["kraken", "binance", "coinbase"][step % 3];
        let side = if worker.is_multiple_of(2) { "buy" } else { "sell" };
        if step.is_multiple_of(5) {
            series!(self.orders, [venue, side]).inc();
        } else {
            self.orders.with(&[venue, side]).inc();
        }
        self.amounts.alone().add_f64(0.5);
        self.sizes.alone().observe((step % 8) as f64);
        self.open.alone().inc();
        if step.is_multiple_of(2) {
            self.open.alone().dec();
        }
    }

    fn assert_total(&self, registry: &Registry, steps: u64) {
        let text = registry.render(telensic::metrics::Format::Prometheus);
        assert_eq!(crate::scrape::total(&text, "orders_total"), steps as f64);
        assert_eq!(value(&text, "amount_total"), Some(steps as f64 / 2.0));
        assert_eq!(value(&text, "size_count"), Some(steps as f64));
        assert_eq!(value(&text, "size_sum"), Some(steps as f64 * 3.5));
        // 0 and 1; then 2; then 3 and 4.
        assert_eq!(value(&text, "size_bucket{le=\"1\"}"), Some(steps as f64 / 4.0));
        assert_eq!(
            value(&text, "size_bucket{le=\"2\"}"),
            Some(steps as f64 * 3.0 / 8.0)
        );
        assert_eq!(
            value(&text, "size_bucket{le=\"4\"}"),
            Some(steps as f64 * 5.0 / 8.0)
        );
        assert_eq!(value(&text, "open"), Some(steps as f64 / 2.0));
    }
}

#[test]
fn of_32_threads() {
    const STEPS: usize = 8_000;
    let registry = Registry::new();
    let metrics = Metrics::in_registry(&registry);
    std::thread::scope(|scope| {
        for worker in 0..32 {
            let metrics = &metrics;
            scope.spawn(move || (0..STEPS).for_each(|step| metrics.step(worker, step)));
        }
        for _ in 0..20 {
            registry.render(telensic::metrics::Format::OpenMetrics);
        }
    });
    metrics.assert_total(&registry, 32 * STEPS as u64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn of_1000_tasks() {
    const STEPS: usize = 240;
    let registry = Registry::new();
    let metrics = Arc::new(Metrics::in_registry(&registry));
    let tasks: Vec<_> = (0..1_000)
        .map(|worker| {
            let metrics = Arc::clone(&metrics);
            tokio::spawn(async move {
                for step in 0..STEPS {
                    metrics.step(worker, step);
                    if step.is_multiple_of(40) {
                        tokio::task::yield_now().await;
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    metrics.assert_total(&registry, 1_000 * STEPS as u64);
}

#[test]
fn of_new_label_values_that_many_threads_meet_at_once() {
    let registry = Registry::new();
    let symbols = registry.counter("symbols_total").labels(&["symbol"]).register();
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for symbol in 0..1_500 {
                    symbols.with(&[&symbol.to_string()]).inc();
                }
            });
        }
    });
    assert_eq!(symbols.series_count(), 1_500);
    for symbol in 0..1_500 {
        assert_eq!(symbols.with(&[&symbol.to_string()]).value(), 16.0);
    }
}

#[test]
fn of_one_line_that_counts_for_two_metrics_and_many_label_values() {
    let registry = Registry::new();
    let metric = |name| {
        registry
            .counter(name)
            .labels(&["symbol"])
            .series_limit(10)
            .register()
    };
    let (first, second) = (metric("first_total"), metric("second_total"));
    for step in 0..300 {
        for metric in [&first, &second] {
            series!(metric, [&(step % 15).to_string()]).inc();
        }
    }
    for metric in [first, second] {
        for symbol in 0..10 {
            assert_eq!(metric.with(&[&symbol.to_string()]).value(), 20.0);
        }
        assert_eq!(metric.with(&["14"]).value(), 100.0);
    }
}

#[test]
fn of_values_recorded_one_by_one_or_all_at_once() {
    let registry = Registry::new();
    let one = registry.histogram("one_seconds").register();
    let all = registry.histogram("all_seconds").register();
    let values: Vec<f64> = (0..500).map(|value| f64::from(value) / 16.0).collect();
    values.iter().for_each(|value| one.alone().observe(*value));
    all.alone().observe_all(&values);
    let text = registry.render(telensic::metrics::Format::Prometheus);
    let of = |name: &str| -> Vec<String> {
        let lines = text.lines().filter_map(|line| line.strip_prefix(name));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(of("one_seconds"), of("all_seconds"));
    assert_eq!(of("one_seconds").len(), 14);
    assert_eq!(
        (one.alone().count(), one.alone().sum()),
        (500, values.iter().sum())
    );
}
