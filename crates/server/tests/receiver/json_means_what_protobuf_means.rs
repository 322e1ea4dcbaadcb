//! Our transcoder against OpenTelemetry's own classes, which serialize the same request both ways.

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, KeyValueList};
use opentelemetry_proto::tonic::metrics::v1::exponential_histogram_data_point::Buckets;
use opentelemetry_proto::tonic::metrics::v1::{
    Exemplar, ExponentialHistogram, ExponentialHistogramDataPoint, Gauge, Histogram, HistogramDataPoint,
    Metric, NumberDataPoint, Summary, SummaryDataPoint, exemplar, metric::Data, number_data_point,
    summary_data_point::ValueAtQuantile,
};
use proptest::prelude::*;
use prost::Message;
use telensic_server::otlp::ExportRequest;
use telensic_tape::Signal;

use crate::support::requests::{attribute, counter, full_span, log, logs_of, metrics_of, spans_of, text};

fn transcoded<M: Message + Default>(signal: Signal, json: &[u8]) -> M {
    let request = ExportRequest::from_json(signal, json, 32).unwrap();
    assert_eq!(request.rejected().total(), 0, "{}", request.rejected());
    M::decode(request.bytes()).unwrap()
}

fn any_value() -> impl Strategy<Value = AnyValue> {
    let leaf = prop_oneof![
        ".{0,12}".prop_map(Value::StringValue),
        any::<bool>().prop_map(Value::BoolValue),
        any::<i64>().prop_map(Value::IntValue),
        // Their classes write and read no other floats in JSON.
        (-1e300f64..1e300).prop_map(Value::DoubleValue),
        proptest::collection::vec(any::<u8>(), 0..9).prop_map(Value::BytesValue),
    ];
    let value = leaf.prop_recursive(4, 24, 4, |inner| {
        let any = inner.prop_map(|value| AnyValue { value: Some(value) });
        prop_oneof![
            proptest::collection::vec(any.clone(), 0..4)
                .prop_map(|values| Value::ArrayValue(ArrayValue { values })),
            proptest::collection::vec(("[a-z.]{1,8}", any), 0..4).prop_map(|pairs| {
                let values = pairs
                    .into_iter()
                    .map(|(key, value)| attribute(&key, value))
                    .collect();
                Value::KvlistValue(KeyValueList { values })
            }),
        ]
    });
    value.prop_map(|value| AnyValue { value: Some(value) })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_spans_and_logs_mean_the_same_both_ways(
        values in proptest::collection::vec(("[a-z._]{1,12}", any_value()), 0..6),
        name in ".{0,20}",
        times in any::<(u64, u64)>(),
        counts in any::<(u32, u32, u32)>(),
    ) {
        let mut span = full_span(times.0 >> 2);
        span.attributes = values.iter().map(|(key, value)| attribute(key, value.clone())).collect();
        span.name = name;
        (span.start_time_unix_nano, span.end_time_unix_nano) = times;
        (span.dropped_attributes_count, span.flags, span.dropped_links_count) = counts;
        let mut log = log("");
        log.body = values.first().map(|(_, value)| value.clone());
        log.attributes = span.attributes.clone();
        let spans = spans_of("prices", vec![span]);
        let read: ExportTraceServiceRequest = transcoded(Signal::Spans, &serde_json::to_vec(&spans).unwrap());
        prop_assert_eq!(read, spans);
        let logs = logs_of("prices", vec![log]);
        let read: ExportLogsServiceRequest = transcoded(Signal::Logs, &serde_json::to_vec(&logs).unwrap());
        prop_assert_eq!(read, logs);
    }
}

fn every_metric() -> Vec<Metric> {
    let attributes = vec![attribute("stage_id", text("load"))];
    let exemplar = Exemplar {
        filtered_attributes: attributes.clone(),
        time_unix_nano: 1,
        span_id: vec![1; 8],
        trace_id: vec![2; 16],
        value: Some(exemplar::Value::AsDouble(1.5)),
    };
    let named = |name: &str, data| Metric {
        name: name.to_owned(),
        description: "what it is".to_owned(),
        metadata: attributes.clone(),
        data: Some(data),
        ..Metric::default()
    };
    let gauge = NumberDataPoint {
        attributes: attributes.clone(),
        exemplars: vec![exemplar.clone()],
        flags: 1,
        value: Some(number_data_point::Value::AsDouble(-0.25)),
        ..NumberDataPoint::default()
    };
    let histogram = HistogramDataPoint {
        attributes: attributes.clone(),
        count: u64::MAX,
        sum: Some(0.0),
        bucket_counts: vec![0, 1, u64::MAX],
        explicit_bounds: vec![0.5, 1.0],
        exemplars: vec![exemplar],
        min: Some(0.0),
        max: Some(2.0),
        ..HistogramDataPoint::default()
    };
    let exponential = ExponentialHistogramDataPoint {
        count: 3,
        scale: -3,
        zero_count: 1,
        positive: Some(Buckets {
            offset: -7,
            bucket_counts: vec![0, 300, 2],
        }),
        zero_threshold: 1e-9,
        ..ExponentialHistogramDataPoint::default()
    };
    let summary = SummaryDataPoint {
        count: 2,
        sum: 5.0,
        quantile_values: vec![ValueAtQuantile {
            quantile: 0.5,
            value: 2.5,
        }],
        ..SummaryDataPoint::default()
    };
    vec![
        counter("sum", -5),
        named(
            "gauge",
            Data::Gauge(Gauge {
                data_points: vec![gauge],
            }),
        ),
        named(
            "histogram",
            Data::Histogram(Histogram {
                data_points: vec![histogram],
                aggregation_temporality: 1,
            }),
        ),
        named(
            "exponential",
            Data::ExponentialHistogram(ExponentialHistogram {
                data_points: vec![exponential],
                aggregation_temporality: 2,
            }),
        ),
        named(
            "summary",
            Data::Summary(Summary {
                data_points: vec![summary],
            }),
        ),
    ]
}

#[test]
fn every_kind_of_metric_means_the_same_both_ways() {
    let metrics = metrics_of("prices", every_metric());
    let json = serde_json::to_vec(&metrics).unwrap();
    let read: ExportMetricsServiceRequest = transcoded(Signal::Metrics, &json);
    assert_eq!(read, metrics);
}

#[test]
fn the_liberties_of_the_specification_are_taken() {
    let json = br#"{"resource_spans": [{"scopeSpans": [{"spans": [{
        "traceId": "5B8EFFF798038103D269B633813FC60C", "span_id": "eee19b7ec3c1b174",
        "parentSpanId": "", "name": "p\u00e9\ud83d\ude00", "kind": "SPAN_KIND_SERVER",
        "start_time_unix_nano": 1544712660000000001, "endTimeUnixNano": "1544712661000000001",
        "status": {"code": "STATUS_CODE_ERROR"}, "flags": 257, "newField": {"deep": [1]},
        "attributes": [
            {"key": "exact", "value": {"intValue": 9007199254740993}},
            {"key": "nan", "value": {"doubleValue": "NaN"}},
            {"key": "bytes", "value": {"bytes_value": "-_8"}},
            {"key": "none", "value": null}
        ], "events": null}]}], "schemaUrl": "https://example.com"}]}"#;
    let request: ExportTraceServiceRequest = transcoded(Signal::Spans, json);
    let span = &request.resource_spans[0].scope_spans[0].spans[0];
    assert_eq!(span.trace_id[..2], [0x5b, 0x8e]);
    assert_eq!(
        (span.name.as_str(), span.kind, span.flags),
        ("p\u{e9}\u{1f600}", 2, 257)
    );
    assert_eq!(span.start_time_unix_nano, 1_544_712_660_000_000_001);
    assert_eq!(span.status.as_ref().unwrap().code, 2);
    let values: Vec<_> = span.attributes.iter().map(|pair| pair.value.clone()).collect();
    assert_eq!(
        values[0].as_ref().unwrap().value,
        Some(Value::IntValue(9_007_199_254_740_993))
    );
    let Some(Value::DoubleValue(nan)) = values[1].as_ref().unwrap().value else {
        panic!("{values:?}")
    };
    assert!(nan.is_nan());
    assert_eq!(
        values[2].as_ref().unwrap().value,
        Some(Value::BytesValue(vec![0xfb, 0xff]))
    );
    assert_eq!(values[3], None);
}
