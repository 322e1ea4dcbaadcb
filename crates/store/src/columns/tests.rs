//! Whatever OTLP can say comes back as it was said.

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{
    AnyValue, ArrayValue, InstrumentationScope, KeyValue, KeyValueList,
};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::metrics::v1 as metrics;
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::span::{Event, Link};
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use prost::Message;
use telensic_tape::Signal;

use super::{Builder, otlp, schema_of};
use crate::visitor;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[a-zé]{1,8}", "\\PC{0,12}"]
}

fn any_value() -> impl Strategy<Value = AnyValue> {
    let leaf = prop_oneof![
        text().prop_map(Value::StringValue),
        any::<bool>().prop_map(Value::BoolValue),
        any::<i64>().prop_map(Value::IntValue),
        Just(Value::IntValue((1 << 53) + 1)),
        any::<u64>().prop_map(|bits| Value::DoubleValue(finite(bits))),
        vec(any::<u8>(), 0..6).prop_map(Value::BytesValue),
    ];
    let leaf = option::weighted(0.9, leaf).prop_map(|value| AnyValue { value });
    leaf.prop_recursive(3, 12, 4, |inner| {
        let list = vec(inner.clone(), 0..4).prop_map(|values| Value::ArrayValue(ArrayValue { values }));
        let map = vec(("[a-z]{0,3}", option::of(inner)), 0..4).prop_map(|pairs| {
            let values = pairs.into_iter().map(|(key, value)| KeyValue {
                key,
                value,
                ..Default::default()
            });
            Value::KvlistValue(KeyValueList {
                values: values.collect(),
            })
        });
        prop_oneof![list, map].prop_map(|value| AnyValue { value: Some(value) })
    })
}

/// Any float but NaN, which is not equal to itself; that its bits are kept is shown below.
fn finite(bits: u64) -> f64 {
    let double = f64::from_bits(bits);
    if double.is_nan() {
        f64::NEG_INFINITY
    } else {
        double
    }
}

fn attributes() -> impl Strategy<Value = Vec<KeyValue>> {
    let key = prop_oneof![
        Just("run_id".to_owned()),
        Just("stage_id".to_owned()),
        Just("operation.id".to_owned()),
        text()
    ];
    vec((key, option::weighted(0.9, any_value())), 0..6).prop_map(|pairs| {
        let pair = |(key, value)| KeyValue {
            key,
            value,
            ..Default::default()
        };
        pairs.into_iter().map(pair).collect()
    })
}

fn id<const N: usize>() -> impl Strategy<Value = Vec<u8>> {
    any::<[u8; N]>().prop_map(|mut id| {
        id[0] |= 1;
        id.to_vec()
    })
}

fn maybe_id<const N: usize>() -> impl Strategy<Value = Vec<u8>> {
    option::of(any::<[u8; N]>()).prop_map(|id| id.map(Vec::from).unwrap_or_default())
}

prop_compose! {
    fn event()(time_unix_nano: u64, name in text(), attributes in attributes(), dropped_attributes_count: u32) -> Event {
        Event { time_unix_nano, name, attributes, dropped_attributes_count }
    }
}

prop_compose! {
    fn link()(
        trace_id in id::<16>(), span_id in id::<8>(), trace_state in text(), attributes in attributes(),
        dropped_attributes_count: u32, flags: u32,
    ) -> Link {
        Link { trace_id, span_id, trace_state, attributes, dropped_attributes_count, flags }
    }
}

prop_compose! {
    fn span()(
        ids in (id::<16>(), id::<8>(), maybe_id::<8>()),
        texts in (text(), text()),
        numbers: (i32, u64, u64, u32, u32, u32, u32),
        attributes in attributes(),
        events in vec(event(), 0..3),
        links in vec(link(), 0..3),
        status in option::of((any::<i32>(), text())),
    ) -> Span {
        Span {
            trace_id: ids.0,
            span_id: ids.1,
            parent_span_id: ids.2,
            trace_state: texts.0,
            name: texts.1,
            kind: numbers.0,
            start_time_unix_nano: numbers.1,
            end_time_unix_nano: numbers.2,
            flags: numbers.3,
            dropped_attributes_count: numbers.4,
            dropped_events_count: numbers.5,
            dropped_links_count: numbers.6,
            attributes,
            events,
            links,
            status: status.map(|(code, message)| Status { code, message }),
        }
    }
}

prop_compose! {
    fn log()(
        numbers: (u64, u64, i32, u32, u32),
        texts in (text(), text()),
        body in option::of(any_value()),
        ids in (maybe_id::<16>(), maybe_id::<8>()),
        attributes in attributes(),
    ) -> LogRecord {
        LogRecord {
            time_unix_nano: numbers.0,
            observed_time_unix_nano: numbers.1,
            severity_number: numbers.2,
            dropped_attributes_count: numbers.3,
            flags: numbers.4,
            severity_text: texts.0,
            event_name: texts.1,
            body,
            trace_id: ids.0,
            span_id: ids.1,
            attributes,
        }
    }
}

prop_compose! {
    fn exemplar()(filtered_attributes in attributes(), time_unix_nano: u64, value in option::of(any::<i64>())) -> metrics::Exemplar {
        metrics::Exemplar {
            filtered_attributes,
            time_unix_nano,
            value: value.map(metrics::exemplar::Value::AsInt),
            ..Default::default()
        }
    }
}

fn double() -> impl Strategy<Value = f64> {
    any::<u64>().prop_map(finite)
}

prop_compose! {
    fn number()(
        attributes in attributes(), times: (u64, u64), flags: u32, exemplars in vec(exemplar(), 0..2),
        value in option::of(prop_oneof![
            any::<i64>().prop_map(metrics::number_data_point::Value::AsInt),
            double().prop_map(metrics::number_data_point::Value::AsDouble),
        ]),
    ) -> metrics::NumberDataPoint {
        metrics::NumberDataPoint {
            attributes, start_time_unix_nano: times.0, time_unix_nano: times.1, exemplars, flags, value,
        }
    }
}

prop_compose! {
    fn histogram()(
        attributes in attributes(), numbers: (u64, u64, u64, u32), sums in (option::of(double()), option::of(double()), option::of(double())),
        bucket_counts in vec(any::<u64>(), 0..4), explicit_bounds in vec(double(), 0..4), exemplars in vec(exemplar(), 0..2),
    ) -> metrics::HistogramDataPoint {
        metrics::HistogramDataPoint {
            attributes, start_time_unix_nano: numbers.0, time_unix_nano: numbers.1, count: numbers.2, flags: numbers.3,
            sum: sums.0, min: sums.1, max: sums.2, bucket_counts, explicit_bounds, exemplars,
        }
    }
}

prop_compose! {
    fn exponential()(
        attributes in attributes(), numbers: (u64, u64, u64, u64, u32), scale: i32, sums in (option::of(double()), option::of(double()), option::of(double())),
        zero_threshold in double(), buckets in option::of((any::<i32>(), vec(any::<u64>(), 0..4))), exemplars in vec(exemplar(), 0..2),
    ) -> metrics::ExponentialHistogramDataPoint {
        metrics::ExponentialHistogramDataPoint {
            attributes, start_time_unix_nano: numbers.0, time_unix_nano: numbers.1, count: numbers.2, zero_count: numbers.3,
            flags: numbers.4, scale, sum: sums.0, min: sums.1, max: sums.2, zero_threshold, exemplars,
            positive: buckets.map(|(offset, bucket_counts)| metrics::exponential_histogram_data_point::Buckets { offset, bucket_counts }),
            negative: None,
        }
    }
}

prop_compose! {
    fn summary()(
        attributes in attributes(), numbers: (u64, u64, u64, u32), sum in double(), quantiles in vec((double(), double()), 0..3),
    ) -> metrics::SummaryDataPoint {
        metrics::SummaryDataPoint {
            attributes, start_time_unix_nano: numbers.0, time_unix_nano: numbers.1, count: numbers.2, flags: numbers.3, sum,
            quantile_values: quantiles.into_iter().map(|(quantile, value)| metrics::summary_data_point::ValueAtQuantile { quantile, value }).collect(),
        }
    }
}

fn data() -> impl Strategy<Value = metrics::metric::Data> {
    use metrics::metric::Data;
    prop_oneof![
        vec(number(), 1..3).prop_map(|data_points| Data::Gauge(metrics::Gauge { data_points })),
        (vec(number(), 1..3), any::<(i32, bool)>()).prop_map(
            |(data_points, (aggregation_temporality, is_monotonic))| {
                Data::Sum(metrics::Sum {
                    data_points,
                    aggregation_temporality,
                    is_monotonic,
                })
            }
        ),
        (vec(histogram(), 1..3), any::<i32>()).prop_map(|(data_points, aggregation_temporality)| {
            Data::Histogram(metrics::Histogram {
                data_points,
                aggregation_temporality,
            })
        }),
        (vec(exponential(), 1..3), any::<i32>()).prop_map(|(data_points, aggregation_temporality)| {
            Data::ExponentialHistogram(metrics::ExponentialHistogram {
                data_points,
                aggregation_temporality,
            })
        }),
        vec(summary(), 1..3).prop_map(|data_points| Data::Summary(metrics::Summary { data_points })),
    ]
}

prop_compose! {
    // Names differ, so that no two of them are joined.
    fn metric()(name in "[a-z]{12}", texts in (text(), text()), metadata in attributes(), data in data()) -> metrics::Metric {
        metrics::Metric { name, description: texts.0, unit: texts.1, metadata, data: Some(data) }
    }
}

fn resource() -> impl Strategy<Value = Option<Resource>> {
    let resource = |(attributes, dropped_attributes_count)| Resource {
        attributes,
        dropped_attributes_count,
        entity_refs: Vec::new(),
    };
    option::of((attributes(), any::<u32>()).prop_map(resource))
}

fn scope() -> impl Strategy<Value = Option<InstrumentationScope>> {
    let scope = |(name, version, attributes, dropped_attributes_count)| InstrumentationScope {
        name,
        version,
        attributes,
        dropped_attributes_count,
    };
    option::of((text(), text(), attributes(), any::<u32>()).prop_map(scope))
}

/// What came in and what came back, through columns.
fn there_and_back<M: Message + Default>(signal: Signal, request: &M) -> (M, usize) {
    let body = request.encode_to_vec();
    let rows = visitor::check(signal, &body).unwrap();
    let mut builder = Builder::new(signal);
    builder.push(&body).unwrap();
    let batch = builder.finish().unwrap();
    assert_eq!(batch.num_rows(), rows);
    assert_eq!(batch.schema(), schema_of(signal));
    let back = otlp::request(signal, &[batch]).unwrap();
    (M::decode(back.as_slice()).unwrap(), rows)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn spans_come_back_as_they_were(resource in resource(), scope in scope(), url in text(), spans in vec(span(), 1..4)) {
        let scope_spans = vec![ScopeSpans { scope, spans, schema_url: url.clone() }];
        let request = ExportTraceServiceRequest {
            resource_spans: vec![ResourceSpans { resource, scope_spans, schema_url: url }],
        };
        prop_assert_eq!(there_and_back(Signal::Spans, &request).0, request);
    }

    #[test]
    fn logs_come_back_as_they_were(resource in resource(), scope in scope(), url in text(), log_records in vec(log(), 1..5)) {
        let scope_logs = vec![ScopeLogs { scope, log_records, schema_url: url.clone() }];
        let request = ExportLogsServiceRequest {
            resource_logs: vec![ResourceLogs { resource, scope_logs, schema_url: url }],
        };
        prop_assert_eq!(there_and_back(Signal::Logs, &request).0, request);
    }

    #[test]
    fn metrics_come_back_as_they_were(resource in resource(), scope in scope(), url in text(), metrics in vec(metric(), 1..4)) {
        let scope_metrics = vec![metrics::ScopeMetrics { scope, metrics, schema_url: url.clone() }];
        let request = ExportMetricsServiceRequest {
            resource_metrics: vec![metrics::ResourceMetrics { resource, scope_metrics, schema_url: url }],
        };
        prop_assert_eq!(there_and_back(Signal::Metrics, &request).0, request);
    }

    #[test]
    fn any_bytes_are_refused_or_fit(mut body in vec(any::<u8>(), 0..200), request in vec(span(), 1..2), at: prop::sample::Index, with: u8) {
        let scope_spans = vec![ScopeSpans { scope: None, spans: request, schema_url: String::new() }];
        let sound = ExportTraceServiceRequest {
            resource_spans: vec![ResourceSpans { resource: None, scope_spans, schema_url: String::new() }],
        };
        let mut bent = sound.encode_to_vec();
        let place = at.index(bent.len());
        bent[place] = with;
        body.push(with);
        for body in [body, bent] {
            for signal in [Signal::Spans, Signal::Logs, Signal::Metrics] {
                let Ok(rows) = visitor::check(signal, &body) else { continue };
                let mut builder = Builder::new(signal);
                builder.push(&body).unwrap();
                let batch = builder.finish().unwrap();
                prop_assert_eq!(batch.num_rows(), rows);
                otlp::request(signal, &[batch]).unwrap();
            }
        }
    }
}

#[test]
fn a_nan_keeps_its_bits_and_owners_are_kept_apart() {
    let odd = f64::from_bits(0x7ff8_dead_beef_0001);
    let scope = |name: &str| ScopeSpans {
        scope: Some(InstrumentationScope {
            name: name.to_owned(),
            ..Default::default()
        }),
        spans: vec![Span {
            trace_id: vec![1; 16],
            span_id: vec![2; 8],
            attributes: vec![KeyValue {
                key: "x".to_owned(),
                value: Some(AnyValue {
                    value: Some(Value::DoubleValue(odd)),
                }),
                ..Default::default()
            }],
            ..Default::default()
        }],
        ..Default::default()
    };
    let resource_spans = ["a", "b"].map(|schema_url| ResourceSpans {
        resource: None,
        scope_spans: vec![scope("one"), scope("two")],
        schema_url: schema_url.to_owned(),
    });
    let request = ExportTraceServiceRequest {
        resource_spans: resource_spans.into(),
    };
    let (back, rows) = there_and_back(Signal::Spans, &request);
    assert_eq!(rows, 4);
    assert_eq!(back.resource_spans.len(), 2);
    let span = &back.resource_spans[1].scope_spans[1].spans[0];
    let Some(Value::DoubleValue(double)) = span.attributes[0].value.as_ref().unwrap().value else {
        panic!("a double");
    };
    assert_eq!(double.to_bits(), odd.to_bits());
}

#[test]
fn what_is_wrong_is_said() {
    let span = |trace_id: Vec<u8>, span_id: Vec<u8>| ExportTraceServiceRequest {
        resource_spans: vec![ResourceSpans {
            scope_spans: vec![ScopeSpans {
                spans: vec![Span {
                    trace_id,
                    span_id,
                    ..Default::default()
                }],
                ..Default::default()
            }],
            ..Default::default()
        }],
    };
    let refusal = |request: ExportTraceServiceRequest| {
        visitor::check(Signal::Spans, &request.encode_to_vec()).unwrap_err()
    };
    assert_eq!(refusal(span(vec![0; 16], vec![1; 8])), visitor::Refusal::TraceId);
    assert_eq!(refusal(span(vec![1; 16], Vec::new())), visitor::Refusal::SpanId);
    assert_eq!(refusal(span(vec![1; 7], vec![1; 8])), visitor::Refusal::IdLength);
    assert_eq!(
        visitor::check(Signal::Spans, b"\x0a\x05"),
        Err(visitor::Refusal::Malformed)
    );
    let mut deep = Vec::new();
    for _ in 0..80 {
        let mut array = Vec::new();
        telensic_tape::otlp::put_bytes(&mut array, 1, &deep);
        deep.clear();
        telensic_tape::otlp::put_bytes(&mut deep, 5, &array);
    }
    let mut pair = Vec::new();
    telensic_tape::otlp::put_bytes(&mut pair, 2, &deep);
    let wrap = |inner: &[u8], number: u32| {
        let mut out = Vec::new();
        telensic_tape::otlp::put_bytes(&mut out, number, inner);
        out
    };
    let body = wrap(&wrap(&wrap(&pair, 1), 1), 1);
    assert_eq!(
        visitor::check(Signal::Logs, &body),
        Err(visitor::Refusal::TooDeep)
    );
}
