//! From memory, from segments, after compaction, after a restart: the same spans.

use std::time::Duration;

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{ArrayValue, KeyValueList};
use opentelemetry_proto::tonic::metrics::v1::{
    Gauge, Metric, NumberDataPoint, ResourceMetrics, ScopeMetrics, metric, number_data_point,
};
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::{Event, Link};
use prost::Message;
use telensic_store::{Retention, Store, StoreErrorKind, StoreOptions, Upkeep};
use telensic_tape::{Signal, UnixNanos};

use crate::support::*;

fn found(store: &Store, trace: u64) -> Vec<Span> {
    let rows = store
        .trace(Signal::Spans, &tenant(), trace_id(trace), limits())
        .unwrap();
    spans_of(&rows.otlp().unwrap())
}

#[test]
fn a_trace_is_the_same_from_memory_from_segments_and_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).store;
    let expected = |trace| (0..5).map(|number| span(trace, number)).collect::<Vec<_>>();
    for round in 0..6 {
        append_trace(&store, round, 5);
        assert_eq!(found(&store, round), expected(round), "from memory");
        assert_eq!(store.flush().unwrap(), 1);
        assert_eq!(found(&store, round), expected(round), "from a segment");
    }
    assert_eq!(store.state().segments, 6);
    assert_eq!(store.compact().unwrap(), 5);
    assert_eq!(store.state().segments, 1);
    append_trace(&store, 6, 5);
    drop(store);
    let opened = open(dir.path());
    assert_eq!(opened.findings, []);
    assert_eq!(opened.replayed, 1);
    for trace in 0..7 {
        assert_eq!(found(&opened.store, trace), expected(trace), "after a restart");
    }
    assert_eq!(found(&opened.store, 99), []);
    assert_eq!(all_span_ids(&opened.store).len(), 35);
}

#[test]
fn everything_otlp_can_say_comes_back_through_a_segment() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).store;
    let list = Value::ArrayValue(ArrayValue {
        values: vec![pair("", text("x")).value.unwrap(), Default::default()],
    });
    let map = Value::KvlistValue(KeyValueList {
        values: vec![pair("inner", Value::BoolValue(true))],
    });
    let mut rich = span(1, 0);
    rich.attributes.extend([
        pair("big", Value::IntValue((1 << 53) + 1)),
        pair("stage_id", Value::IntValue(3)),
        pair("stage_id", text("load")),
        pair("double", Value::DoubleValue(-0.0)),
        pair("yes", Value::BoolValue(true)),
        pair("bytes", Value::BytesValue(vec![0, 255])),
        pair("list", list),
        pair("map", map),
    ]);
    rich.trace_state = "a=b".to_owned();
    rich.flags = 0x301;
    rich.events.push(Event {
        time_unix_nano: 5,
        name: "exception".to_owned(),
        attributes: vec![pair("exception.type", text("ValueError"))],
        dropped_attributes_count: 2,
    });
    rich.links.push(Link {
        trace_id: vec![9; 16],
        span_id: vec![8; 8],
        attributes: vec![pair("why", text("batch"))],
        ..Link::default()
    });
    rich.start_time_unix_nano = u64::MAX - 1;
    rich.end_time_unix_nano = 3;
    let request = traces("loader", vec![rich]);
    append(&store, Signal::Spans, &request);
    store.flush().unwrap();
    let rows = store
        .trace(Signal::Spans, &tenant(), trace_id(1), limits())
        .unwrap();
    let back = ExportTraceServiceRequest::decode(rows.otlp().unwrap().as_slice()).unwrap();
    assert_eq!(back, request);
}

#[test]
fn metrics_and_tenants_are_kept_apart() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).store;
    let request = ExportMetricsServiceRequest {
        resource_metrics: vec![ResourceMetrics {
            scope_metrics: vec![ScopeMetrics {
                metrics: vec![Metric {
                    name: "queue".to_owned(),
                    data: Some(metric::Data::Gauge(Gauge {
                        data_points: vec![NumberDataPoint {
                            time_unix_nano: 7,
                            value: Some(number_data_point::Value::AsInt(3)),
                            ..Default::default()
                        }],
                    })),
                    ..Default::default()
                }],
                ..Default::default()
            }],
            ..Default::default()
        }],
    };
    let other = "other".parse().unwrap();
    append(&store, Signal::Metrics, &request);
    store
        .append(Signal::Spans, &other, body(&traces("a", vec![span(1, 0)])))
        .unwrap()
        .receipt
        .wait()
        .unwrap();
    for _ in 0..2 {
        let scan = |signal, tenant: &telensic_store::Tenant| {
            let rows = store.scan(signal, tenant, Default::default(), Default::default(), limits());
            rows.unwrap()
                .map(|batch| batch.unwrap().num_rows())
                .sum::<usize>()
        };
        assert_eq!(scan(Signal::Metrics, &tenant()), 1);
        assert_eq!(scan(Signal::Spans, &tenant()), 0);
        assert_eq!(scan(Signal::Spans, &other), 1);
        assert_eq!(scan(Signal::Metrics, &other), 0);
        store.flush().unwrap();
    }
}

#[test]
fn what_is_too_old_or_too_much_goes_whole_segments_at_a_time() {
    let dir = tempfile::tempdir().unwrap();
    let retention = Retention {
        age: Some(Duration::from_secs(10)),
        bytes: None,
    };
    let store = Store::open(
        dir.path(),
        StoreOptions {
            retention,
            ..options()
        },
    )
    .unwrap()
    .store;
    for trace in 0..4 {
        append_trace(&store, trace, 2);
        store.flush().unwrap();
    }
    // Traces begin in the seconds 1, 2, 3, 4.
    assert_eq!(store.retain(UnixNanos(13_000_000_100)).unwrap(), 3);
    assert_eq!(all_span_ids(&store).len(), 2);
    drop(store);
    let retention = Retention {
        age: None,
        bytes: Some(1),
    };
    let opened = Store::open(
        dir.path(),
        StoreOptions {
            retention,
            ..options()
        },
    )
    .unwrap();
    assert_eq!(opened.replayed, 0, "what expired does not come back from the log");
    assert_eq!(opened.store.retain(UnixNanos(0)).unwrap(), 1);
    assert_eq!(all_span_ids(&opened.store), []);
    append_trace(&opened.store, 5, 1);
    assert_eq!(all_span_ids(&opened.store).len(), 1);
}

#[test]
fn the_keeper_flushes_by_itself_and_memory_is_bounded() {
    let dir = tempfile::tempdir().unwrap();
    let kept = StoreOptions {
        upkeep: Upkeep::Background,
        flush_bytes: 20_000,
        memory_bytes: 60_000,
        ..options()
    };
    let store = Store::open(dir.path(), kept).unwrap().store;
    let (mut acknowledged, mut refused) = (0, 0);
    for trace in 0..400 {
        let request = traces("loader", (0..20).map(|number| span(trace, number)).collect());
        match store.append(Signal::Spans, &tenant(), body(&request)) {
            Ok(appended) => {
                appended.receipt.wait().unwrap();
                acknowledged += 20;
            }
            Err(error) => {
                assert_eq!(error.kind(), StoreErrorKind::Busy);
                refused += 1;
                std::thread::sleep(Duration::from_millis(5));
            }
        }
    }
    let state = store.state();
    assert!(state.segments > 0, "{state:?}");
    assert_eq!(state.refused, refused);
    assert_eq!(state.trouble, None);
    assert_eq!(all_span_ids(&store).len(), acknowledged);
}

#[test]
fn what_cannot_be_stored_is_refused_with_the_reason_and_leaves_no_trace() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).store;
    let mut nameless = span(1, 0);
    nameless.trace_id = vec![0; 16];
    for wrong in [body(&traces("a", vec![nameless])), b"\x0a\xff".as_slice().into()] {
        let error = store.append(Signal::Spans, &tenant(), wrong).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Malformed);
        assert!(
            error.to_string().starts_with("the request is refused: "),
            "{error}"
        );
    }
    let empty = store
        .append(Signal::Spans, &tenant(), Default::default())
        .unwrap();
    assert_eq!(empty.rows, 0);
    empty.receipt.wait().unwrap();
    assert_eq!(store.state().log.frames, 0);
    let error = store.scan(
        Signal::Spans,
        &tenant(),
        Default::default(),
        telensic_store::Projection::of(["nonsense"]),
        limits(),
    );
    assert_eq!(error.unwrap_err().kind(), StoreErrorKind::Invalid);
}

#[test]
fn one_process_has_a_store_open() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).store;
    let error = Store::open(dir.path(), options()).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Locked);
    drop(store);
    open(dir.path());
}
