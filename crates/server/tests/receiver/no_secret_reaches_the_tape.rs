//! Every example of a secret, in every place of a request that takes text, and then a look at every byte on disk.

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, EntityRef, KeyValue, KeyValueList};
use opentelemetry_proto::tonic::metrics::v1::{Exemplar, metric::Data};
use opentelemetry_proto::tonic::trace::v1::Status;
use prost::Message;
use telensic_redact::corpus::{Example, secrets};

use crate::support::http::{JSON, PROTOBUF, post};
use crate::support::requests::{attribute, counter, full_span, log, logs_of, metrics_of, spans_of, text};
use crate::support::{Recorder, recorder};

/// Every form that a value with a secret can take.
fn attributes(example: &Example) -> Vec<KeyValue> {
    let (around, secret) = (example.text.as_str(), example.secret.as_str());
    let any = |value| AnyValue { value: Some(value) };
    let list = any(Value::ArrayValue(ArrayValue {
        values: vec![text(around), text("ordinary")],
    }));
    let pairs = vec![
        attribute("note", text(around)),
        attribute("api_key", text(secret)),
        attribute("list", list.clone()),
    ];
    let map = any(Value::KvlistValue(KeyValueList { values: pairs }));
    vec![
        attribute("note", text(around)),
        attribute(around, text("a key that is a secret")),
        attribute("password", text(secret)),
        attribute("bytes", any(Value::BytesValue(around.as_bytes().to_vec()))),
        attribute("token", any(Value::BytesValue(secret.as_bytes().to_vec()))),
        attribute("authorization", list.clone()),
        attribute("secret", map.clone()),
        attribute("list", list),
        attribute("map", map),
    ]
}

/// Sends a secret in every place of every signal.
fn send(recorder: &Recorder, example: &Example, also_json: bool) {
    let around = example.text.clone();
    let mut span = full_span(1);
    span.name = around.clone();
    span.trace_state = around.clone();
    span.attributes = attributes(example);
    span.events[0].name = around.clone();
    span.events[0].attributes = attributes(example);
    span.links[0].trace_state = around.clone();
    span.links[0].attributes = attributes(example);
    span.status = Some(Status {
        code: 2,
        message: around.clone(),
    });
    let mut spans = spans_of(&around, vec![span]);
    let resource = spans.resource_spans[0].resource.as_mut().unwrap();
    resource.attributes.extend(attributes(example));
    resource.entity_refs.push(EntityRef {
        schema_url: around.clone(),
        r#type: around.clone(),
        id_keys: vec![around.clone()],
        description_keys: vec![around.clone()],
    });
    spans.resource_spans[0].schema_url = around.clone();
    let scope = spans.resource_spans[0].scope_spans[0].scope.as_mut().unwrap();
    (scope.name, scope.version) = (around.clone(), around.clone());
    scope.attributes = attributes(example);
    let mut record = log(&around);
    record.severity_text = around.clone();
    record.event_name = around.clone();
    record.attributes = attributes(example);
    let mut structured = record.clone();
    structured.body = Some(AnyValue {
        value: Some(Value::KvlistValue(KeyValueList {
            values: attributes(example),
        })),
    });
    let logs = logs_of("prices", vec![record, structured]);
    let mut metric = counter(&around, 1);
    (metric.description, metric.unit) = (around.clone(), around.clone());
    metric.metadata = attributes(example);
    let Some(Data::Sum(sum)) = &mut metric.data else {
        panic!("a counter is a sum")
    };
    sum.data_points[0].attributes = attributes(example);
    sum.data_points[0].exemplars.push(Exemplar {
        filtered_attributes: attributes(example),
        ..Exemplar::default()
    });
    let metrics = metrics_of("prices", vec![metric]);
    let address = recorder.receiver.address();
    for (path, binary, json) in [
        (
            "/v1/traces",
            spans.encode_to_vec(),
            serde_json::to_vec(&spans).unwrap(),
        ),
        (
            "/v1/logs",
            logs.encode_to_vec(),
            serde_json::to_vec(&logs).unwrap(),
        ),
        (
            "/v1/metrics",
            metrics.encode_to_vec(),
            serde_json::to_vec(&metrics).unwrap(),
        ),
    ] {
        assert_eq!(post(address, path, &[PROTOBUF], &binary).body, b"");
        if also_json {
            assert_eq!(post(address, path, &[JSON], &json).body, b"{}");
        }
    }
}

/// A secret that stands in these bytes, if any does.
fn leak<'a>(bytes: &[u8], examples: &'a [Example]) -> Option<&'a Example> {
    let mut by_start: std::collections::HashMap<&[u8], Vec<&Example>> = std::collections::HashMap::new();
    for example in examples.iter().filter(|example| example.secret.len() >= 8) {
        by_start
            .entry(&example.secret.as_bytes()[..8])
            .or_default()
            .push(example);
    }
    let windows = bytes.windows(8).enumerate();
    // Most of a tape is still empty.
    windows
        .filter(|(_, window)| window[0] != 0)
        .find_map(|(at, window)| {
            let candidates = by_start.get(window)?;
            let mut found = candidates
                .iter()
                .filter(|example| bytes[at..].starts_with(example.secret.as_bytes()));
            found.next().copied()
        })
}

#[test]
fn no_byte_on_disk_shows_one_and_nothing_is_lost_for_it() {
    let examples = secrets(1);
    assert!(examples.len() > 100);
    let recorder = recorder();
    // From the transcoder on, JSON goes the same way.
    for (number, example) in examples.iter().enumerate() {
        send(&recorder, example, number % 4 == 0);
    }
    recorder.intake.finish();
    let paths = recorder.run.list_tapes().unwrap();
    assert!(paths.len() > 60, "there were many resources");
    for path in paths {
        let bytes = std::fs::read(&path).unwrap();
        let found = leak(&bytes, &examples);
        assert!(found.is_none(), "{} holds {found:?}", path.display());
    }
    let recorded = recorder.finish();
    let sent = examples.len() + examples.len().div_ceil(4);
    let counts = (
        recorded.spans().len(),
        recorded.logs().len(),
        recorded.metrics().len(),
    );
    assert_eq!(counts, (sent, sent * 2, sent));
    assert!(recorded.summary.masked_values as usize > sent * 20);
    let passwords: Vec<_> = recorded
        .spans()
        .iter()
        .flat_map(|span| &span.attributes)
        .filter(|pair| pair.key == "password")
        .map(|pair| pair.value.clone().unwrap())
        .collect();
    assert!(passwords.len() >= sent);
    for password in passwords {
        assert!(format!("{password:?}").contains("[REDACTED:"), "{password:?}");
    }
}

#[test]
fn the_search_itself_finds_a_secret() {
    let examples = secrets(1);
    let hidden = format!("before{}after", examples[40].text);
    assert!(leak(hidden.as_bytes(), &examples).is_some());
    assert!(leak(b"nothing of that kind", &examples).is_none());
}

#[test]
fn a_number_under_a_secret_key_is_masked_and_a_long_array_becomes_its_fingerprint() {
    let recorder = recorder();
    let any = |value| AnyValue { value: Some(value) };
    let prices = (0..1000)
        .map(|n| any(Value::DoubleValue(f64::from(n) + 0.5)))
        .collect();
    let prices = any(Value::ArrayValue(ArrayValue { values: prices }));
    let mut span = full_span(1);
    span.attributes = vec![
        attribute("pin", any(Value::IntValue(4711))),
        attribute("prices", prices),
        attribute("symbol", text("BTCUSDT")),
    ];
    let body = spans_of("prices", vec![span]).encode_to_vec();
    assert_eq!(
        post(recorder.receiver.address(), "/v1/traces", &[PROTOBUF], &body).status,
        200
    );
    let recorded = recorder.finish();
    let values: Vec<_> = recorded.spans()[0]
        .attributes
        .iter()
        .map(|pair| match pair.value.clone().unwrap().value {
            Some(Value::StringValue(text)) => text,
            other => panic!("{other:?}"),
        })
        .collect();
    let floats: Vec<f64> = (0..1000).map(|n| f64::from(n) + 0.5).collect();
    assert!(values[0].starts_with("[REDACTED:"), "{values:?}");
    assert_eq!(
        values[1..],
        [telensic_redact::fingerprint(&floats), "BTCUSDT".to_owned()]
    );
    assert_eq!(recorded.summary.masked_values, 2);
}
