//! Snapshots on the tape, read by OpenTelemetry's own classes.

use std::time::Duration;

use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Number;
use opentelemetry_proto::tonic::metrics::v1::{AggregationTemporality, Metric, ScopeMetrics};
use prost::Message;
use telensic::metrics;
use telensic_tape::Signal;

use crate::support::{Dir, child, is_child, read, succeed};

#[test]
#[ignore = "the child of the test below"]
fn records_two_snapshots() {
    if !is_child() {
        return;
    }
    let guard = telensic::Builder::new("snapshots").log_files(false).init();
    let orders = metrics::counter("orders_total")
        .help("orders sent")
        .labels(&["side"])
        .series_limit(1)
        .register();
    let level = metrics::gauge("level").register();
    let open = metrics::up_down_counter("open").register();
    let sizes = metrics::histogram("sizes").buckets(&[1.0, 2.0]).register();
    orders.with(&["buy"]).add(2);
    orders.with(&["sell"]).add(5);
    level.alone().set(1.5);
    open.alone().add(-4);
    {
        let _span = telensic::span("sampled").entered();
        sizes.alone().observe(1.5);
    }
    sizes.alone().observe(9.0);
    assert!(telensic::flush(Duration::from_secs(20)));
    orders.with(&["buy"]).inc();
    assert!(telensic::flush(Duration::from_secs(20)));
    assert!(guard.shutdown());
}

/// All metrics of the only tape, in the order of their records.
fn recorded() -> Vec<Metric> {
    recorded_with(&[])
}

/// The same with these variables set.
fn recorded_with(variables: &[(&str, &str)]) -> Vec<Metric> {
    let dir = Dir::new();
    let mut recording = child(&dir, "snapshots_lie_on_the_tape::records_two_snapshots");
    succeed(recording.envs(variables.iter().copied()));
    let read = read(dir.path());
    let tape = &read.tapes[0];
    let chunks = tape.chunks().filter(|chunk| chunk.signal() == Signal::Metrics);
    let scopes = chunks.map(|chunk| {
        assert!(chunk.is_exported());
        let scope = ScopeMetrics::decode(tape.body(chunk).unwrap().bytes()).unwrap();
        assert_eq!(scope.scope.as_ref().unwrap().name, "telensic");
        assert_eq!(scope.metrics.len() as u64, chunk.records());
        scope
    });
    scopes.flat_map(|scope| scope.metrics).collect()
}

#[test]
fn every_kind_is_there_cumulative_and_what_has_not_changed_is_left_out() {
    let metrics = recorded();
    let named =
        |name: &str| -> Vec<&Metric> { metrics.iter().filter(|metric| metric.name == name).collect() };

    let orders = named("orders_total");
    // Both series; then the one that changed; then both again at the end.
    let shapes: Vec<Vec<(Option<String>, i64)>> = orders
        .iter()
        .map(|metric| {
            assert_eq!(metric.description, "orders sent");
            let Some(Data::Sum(sum)) = &metric.data else {
                panic!("no sum: {metric:?}")
            };
            assert!(sum.is_monotonic);
            assert_eq!(sum.aggregation_temporality(), AggregationTemporality::Cumulative);
            let points = sum.data_points.iter().map(|point| {
                assert!(point.start_time_unix_nano > 0 && point.time_unix_nano > point.start_time_unix_nano);
                let attribute = &point.attributes[0];
                let text = match attribute.value.as_ref().unwrap().value.as_ref().unwrap() {
                    Any::StringValue(text) => Some(text.clone()),
                    Any::BoolValue(true) if attribute.key == "otel.metric.overflow" => None,
                    other => panic!("{other:?}"),
                };
                let Some(Number::AsInt(count)) = point.value else {
                    panic!("{point:?}")
                };
                (text, count)
            });
            points.collect()
        })
        .collect();
    let buy = Some("buy".to_owned());
    assert_eq!(
        shapes,
        [
            vec![(buy.clone(), 2), (None, 5)],
            vec![(buy.clone(), 3)],
            vec![(buy, 3), (None, 5)],
        ]
    );

    let open = named("open");
    let Some(Data::Sum(sum)) = &open[0].data else {
        panic!("no sum")
    };
    assert!(!sum.is_monotonic && open.len() == 2);
    assert_eq!(sum.data_points[0].value, Some(Number::AsInt(-4)));
    let Some(Data::Gauge(gauge)) = &named("level")[0].data else {
        panic!("no gauge")
    };
    assert_eq!(gauge.data_points[0].value, Some(Number::AsDouble(1.5)));

    let sizes = named("sizes");
    let Some(Data::Histogram(histogram)) = &sizes[0].data else {
        panic!("no histogram")
    };
    assert_eq!(
        histogram.aggregation_temporality(),
        AggregationTemporality::Cumulative
    );
    let point = &histogram.data_points[0];
    assert_eq!((point.count, point.sum), (2, Some(10.5)));
    assert_eq!(point.bucket_counts, [0, 1, 1]);
    assert_eq!(point.explicit_bounds, [1.0, 2.0]);
    assert_eq!(point.exemplars.len(), 1);
    assert_eq!(
        (
            point.exemplars[0].trace_id.len(),
            point.exemplars[0].span_id.len()
        ),
        (16, 8)
    );
}

#[test]
fn steps_add_up_where_the_backend_wants_steps() {
    let metrics = recorded_with(&[("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta")]);
    let named = |name: &str| {
        metrics
            .iter()
            .filter(|metric| metric.name == name)
            .collect::<Vec<_>>()
    };
    let mut until = 0;
    let steps: Vec<_> = named("orders_total")
        .into_iter()
        .map(|metric| {
            let Some(Data::Sum(sum)) = &metric.data else {
                panic!("no sum: {metric:?}")
            };
            assert_eq!(sum.aggregation_temporality(), AggregationTemporality::Delta);
            let bought = &sum.data_points[0];
            assert!(
                bought.start_time_unix_nano >= until && bought.time_unix_nano > bought.start_time_unix_nano
            );
            until = bought.time_unix_nano;
            sum.data_points
                .iter()
                .map(|point| point.value)
                .collect::<Vec<_>>()
        })
        .collect();
    let count = |count| Some(Number::AsInt(count));
    assert_eq!(steps, [vec![count(2), count(5)], vec![count(1)]]);
    let Some(Data::Histogram(sizes)) = &named("sizes")[0].data else {
        panic!("no histogram")
    };
    assert_eq!(
        (sizes.aggregation_temporality(), named("sizes").len()),
        (AggregationTemporality::Delta, 1)
    );
    // What goes both ways is told as it stands.
    let Some(Data::Sum(open)) = &named("open")[0].data else {
        panic!("no sum")
    };
    assert_eq!(open.aggregation_temporality(), AggregationTemporality::Cumulative);
    assert_eq!(open.data_points[0].value, count(-4));
}

#[test]
fn histograms_are_exponential_where_that_is_asked_for() {
    let variable = "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION";
    let metrics = recorded_with(&[(variable, "base2_exponential_bucket_histogram")]);
    let sizes = metrics.iter().find(|metric| metric.name == "sizes").unwrap();
    let Some(Data::ExponentialHistogram(histogram)) = &sizes.data else {
        panic!("{sizes:?}")
    };
    assert_eq!(
        histogram.aggregation_temporality(),
        AggregationTemporality::Cumulative
    );
    let point = &histogram.data_points[0];
    assert_eq!((point.count, point.sum, point.zero_count), (2, Some(10.5), 0));
    assert_eq!(point.exemplars.len(), 1);
    let positive = point.positive.as_ref().unwrap();
    assert_eq!(positive.bucket_counts.iter().sum::<u64>(), 2);
    assert!(positive.bucket_counts.len() <= 160 && point.negative.as_ref().unwrap().bucket_counts.is_empty());
    // The first bucket with a value holds 1.5, the last one 9.
    let bound = |index: i32| (f64::from(index) / f64::from(point.scale).exp2()).exp2();
    let last = positive.offset + positive.bucket_counts.len() as i32 - 1;
    assert!(bound(positive.offset) < 1.5 && 1.5 <= bound(positive.offset + 1));
    assert!(bound(last) < 9.0 && 9.0 <= bound(last + 1));
}

#[test]
fn the_process_and_the_recorder_tell_of_themselves() {
    let metrics = recorded();
    for name in [
        "process_cpu_seconds_total",
        "process_resident_memory_bytes",
        "process_threads",
        "process_open_fds",
        "process_start_time_seconds",
        "telensic_records_written_total",
        "telensic_records_dropped_total",
        "telensic_tape_bytes",
    ] {
        assert!(metrics.iter().any(|metric| metric.name == name), "{name}");
    }
    let written = metrics
        .iter()
        .rfind(|metric| metric.name == "telensic_records_written_total")
        .unwrap();
    let Some(Data::Sum(sum)) = &written.data else {
        panic!("no sum")
    };
    let spans = sum.data_points.iter().find(|point| {
        let value = point.attributes[0].value.as_ref().unwrap().value.clone();
        value == Some(Any::StringValue("spans".into()))
    });
    assert_eq!(spans.unwrap().value, Some(Number::AsInt(1)));
}
