//! Spans and logs in memory, in small segments and in compacted ones; each question is answered twice: by the store,
//! and by a loop over all that was sent.

use std::collections::{BTreeMap, BTreeSet};

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use telensic_store::{
    Aggregation, Condition, PageRequest, Predicate, Projection, Store, TextTest, ValueTest, column,
};
use telensic_tape::{Signal, UnixNanos};

use crate::support::*;

/// What was sent: service and span.
type Sent = Vec<(String, Span)>;

/// A store of which every part has something, and what is in it.
fn filled(dir: &std::path::Path) -> (Store, Sent) {
    let store = open(dir).store;
    let mut sent = Vec::new();
    for trace in 0..60 {
        for (service, range) in [("web", 0..2), ("loader", 2..5)] {
            let spans: Vec<Span> = range.map(|number| span(trace, number)).collect();
            sent.extend(spans.iter().map(|span| (service.to_owned(), span.clone())));
            append(&store, Signal::Spans, &traces(service, spans));
        }
        if trace % 8 == 7 && trace < 56 {
            store.flush().unwrap();
        }
        if trace == 40 {
            assert!(store.compact().unwrap() > 0);
        }
    }
    let state = store.state();
    assert!(state.segments > 1 && state.memory_rows > 0, "{state:?}");
    (store, sent)
}

fn attribute<'a>(span: &'a Span, key: &str) -> Option<&'a Value> {
    let found = span.attributes.iter().find(|attribute| attribute.key == key)?;
    found.value.as_ref()?.value.as_ref()
}

fn duration(span: &Span) -> i64 {
    (span.end_time_unix_nano - span.start_time_unix_nano) as i64
}

fn has_text(span: &Span, key: &str, wanted: &str) -> bool {
    matches!(attribute(span, key), Some(Value::StringValue(found)) if found == wanted)
}

#[test]
fn every_condition_leaves_the_rows_that_fulfil_it() {
    let dir = tempfile::tempdir().unwrap();
    let (store, sent) = filled(dir.path());
    type Plain = Box<dyn Fn(&str, &Span) -> bool>;
    let with = Predicate::default;
    let any = |key: &str, is| Condition::Attribute {
        key: key.to_owned(),
        is,
    };
    let zone = |is| Condition::Resource {
        key: "zone".to_owned(),
        is,
    };
    let contains = TextTest::Contains("ace 3".to_owned());
    let cases: Vec<(&str, Predicate, Plain)> = vec![
        ("all", with(), Box::new(|_, _| true)),
        (
            "service",
            with().text(column::SERVICE, "web"),
            Box::new(|service, _| service == "web"),
        ),
        (
            "no service",
            with().text(column::SERVICE, "nobody"),
            Box::new(|_, _| false),
        ),
        (
            "name",
            with().text(column::NAME, "operation 1"),
            Box::new(|_, span| span.name == "operation 1"),
        ),
        (
            "time",
            with().within(UnixNanos(10_000_000_003)..UnixNanos(31_000_000_002)),
            Box::new(|_, span| (10_000_000_003..31_000_000_002).contains(&span.start_time_unix_nano)),
        ),
        (
            "trace",
            with().trace(trace_id(17)),
            Box::new(|_, span| span.trace_id == trace_id(17).to_bytes()),
        ),
        (
            "slow",
            with().at_least(column::DURATION, 200),
            Box::new(|_, span| duration(span) >= 200),
        ),
        (
            "quick",
            with().at_most(column::DURATION, 200),
            Box::new(|_, span| duration(span) <= 200),
        ),
        (
            "failed",
            with().number(column::STATUS_CODE, 2),
            Box::new(|_, span| span.status.as_ref().unwrap().code == 2),
        ),
        (
            "run",
            with().attribute("run_id", "run-2"),
            Box::new(|_, span| has_text(span, "run_id", "run-2")),
        ),
        (
            "text",
            with().attribute("where", "place 33"),
            Box::new(|_, span| has_text(span, "where", "place 33")),
        ),
        (
            "part of a text",
            with().and(any("where", ValueTest::Text(contains))),
            Box::new(
                |_, span| matches!(attribute(span, "where"), Some(Value::StringValue(text)) if text.contains("ace 3")),
            ),
        ),
        (
            "integer",
            with().and(any("n", ValueTest::Int(3))),
            Box::new(|_, span| attribute(span, "n") == Some(&Value::IntValue(3))),
        ),
        (
            "integer as float",
            with().and(any("n", ValueTest::Double(3.0))),
            Box::new(|_, _| false),
        ),
        (
            "key",
            with().and(any("n", ValueTest::Present)),
            Box::new(|_, _| true),
        ),
        (
            "root",
            with().and(Condition::Missing(column::PARENT_SPAN_ID.to_owned())),
            Box::new(|_, span| span.parent_span_id.is_empty()),
        ),
        (
            "resource",
            with().and(zone(ValueTest::Text(TextTest::Equals("a".to_owned())))),
            Box::new(|_, _| true),
        ),
        (
            "other resource",
            with().and(zone(ValueTest::Text(TextTest::Equals("b".to_owned())))),
            Box::new(|_, _| false),
        ),
        (
            "several",
            with()
                .text(column::SERVICE, "loader")
                .attribute("run_id", "run-1")
                .at_least(column::DURATION, 100),
            Box::new(|service, span| {
                service == "loader" && has_text(span, "run_id", "run-1") && duration(span) >= 100
            }),
        ),
    ];
    for (what, predicate, plain) in cases {
        let request = PageRequest {
            signal: Signal::Spans,
            tenant: tenant(),
            predicate: predicate.clone(),
            rows: 1000,
            after: None,
            limits: limits(),
        };
        let page = store.page(&request).unwrap();
        assert_eq!(page.next, None);
        let found: Vec<Span> = page
            .rows
            .otlp_each()
            .flat_map(|one| spans_of(&one.unwrap()))
            .collect();
        assert!(found.is_sorted_by(|one, other| one.start_time_unix_nano >= other.start_time_unix_nano));
        let mut expected: Vec<&Span> = sent
            .iter()
            .filter(|(service, span)| plain(service, span))
            .map(|(_, span)| span)
            .collect();
        let mut found: Vec<&Span> = found.iter().collect();
        expected.sort_by_key(|span| (&span.trace_id, &span.span_id));
        found.sort_by_key(|span| (&span.trace_id, &span.span_id));
        assert_eq!(found, expected, "{what}");
        let scan = store.scan(
            Signal::Spans,
            &tenant(),
            predicate,
            Projection::of([column::NAME]),
            limits(),
        );
        let rows: usize = scan.unwrap().map(|batch| batch.unwrap().num_rows()).sum();
        assert_eq!(rows, expected.len(), "{what}");
    }
}

#[test]
fn the_slowest_come_first() {
    let dir = tempfile::tempdir().unwrap();
    let (store, sent) = filled(dir.path());
    let web = Predicate::default().text(column::SERVICE, "web");
    let rows = store.slowest(&tenant(), web, 7, limits()).unwrap();
    let found: Vec<i64> = rows
        .otlp_each()
        .map(|one| duration(&spans_of(&one.unwrap())[0]))
        .collect();
    let mut expected: Vec<i64> = sent
        .iter()
        .filter(|(service, _)| service == "web")
        .map(|(_, span)| duration(span))
        .collect();
    expected.sort_unstable_by(|one, other| other.cmp(one));
    expected.truncate(7);
    assert_eq!(found, expected);
}

#[test]
fn counts_errors_and_percentiles_by_group_and_bucket() {
    let dir = tempfile::tempdir().unwrap();
    let (store, sent) = filled(dir.path());
    let aggregation = Aggregation {
        signal: Signal::Spans,
        tenant: tenant(),
        predicate: Predicate::default(),
        by: vec![column::SERVICE.to_owned(), column::NAME.to_owned()],
        bucket: Some(std::time::Duration::from_secs(7)),
        of: Some(column::DURATION.to_owned()),
        limits: limits(),
    };
    let mut expected: BTreeMap<(String, String, u64), (u64, Vec<i64>)> = BTreeMap::new();
    for (service, span) in &sent {
        let bucket = span.start_time_unix_nano / 7_000_000_000 * 7_000_000_000;
        let group = expected
            .entry((service.clone(), span.name.clone(), bucket))
            .or_default();
        group.0 += u64::from(span.status.as_ref().unwrap().code == 2);
        group.1.push(duration(span));
    }
    let found = store.aggregate(&aggregation).unwrap();
    assert_eq!(found.len(), expected.len());
    for (group, ((service, name, bucket), (errors, mut durations))) in found.into_iter().zip(expected) {
        assert_eq!(group.by, [Some(service), Some(name)]);
        assert_eq!(group.bucket, UnixNanos(bucket));
        assert_eq!((group.rows, group.errors), (durations.len() as u64, errors));
        durations.sort_unstable();
        let rank = (0.95 * durations.len() as f64).ceil() as usize - 1;
        let p95 = group.values.quantile(0.95).unwrap();
        assert_eq!((p95.value, p95.is_exact), (durations[rank] as f64, true));
    }
}

#[test]
fn runs_operations_and_calls_between_services_are_counted() {
    let dir = tempfile::tempdir().unwrap();
    let (store, sent) = filled(dir.path());
    let runs = store.runs(Signal::Spans, &tenant(), limits()).unwrap();
    assert_eq!(
        runs.iter().map(|run| run.run_id.as_str()).collect::<Vec<_>>(),
        ["run-3", "run-2", "run-1", "run-0"]
    );
    assert_eq!(runs.iter().map(|run| run.rows).sum::<u64>(), sent.len() as u64);
    assert_eq!(runs[3].first, UnixNanos(1_000_000_000));
    let errors = sent
        .iter()
        .filter(|(_, span)| span.status.as_ref().unwrap().code == 2)
        .count() as u64;
    assert_eq!(runs.iter().map(|run| run.errors).sum::<u64>(), errors);

    let operations = store.operations(Signal::Spans, &tenant(), limits()).unwrap();
    let expected: BTreeSet<_> = sent
        .iter()
        .map(|(service, span)| (service.clone(), span.name.clone()))
        .collect();
    let found: BTreeSet<_> = operations
        .iter()
        .map(|row| (row.service.clone(), row.operation.clone()))
        .collect();
    assert_eq!(found, expected);
    assert_eq!(
        operations.iter().map(|row| row.rows).sum::<u64>(),
        sent.len() as u64
    );

    // In each trace span 2 is the loader's, its parent the web's.
    let graph = store
        .service_graph(&tenant(), Predicate::default(), limits())
        .unwrap();
    assert_eq!(graph.len(), 1);
    assert_eq!(
        (graph[0].caller.as_str(), graph[0].callee.as_str()),
        ("web", "loader")
    );
    assert_eq!((graph[0].calls, graph[0].errors), (60, 12));
}

#[test]
fn a_call_is_found_when_parent_and_child_came_at_different_times() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).store;
    append(&store, Signal::Spans, &traces("callee", vec![span(1, 1)]));
    store.flush().unwrap();
    append(&store, Signal::Spans, &traces("caller", vec![span(1, 0)]));
    let graph = store
        .service_graph(&tenant(), Predicate::default(), limits())
        .unwrap();
    assert_eq!(
        (graph[0].caller.as_str(), graph[0].callee.as_str(), graph[0].calls),
        ("caller", "callee", 1)
    );
}

#[test]
fn logs_are_found_by_what_they_say_and_where_they_were_said() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).store;
    for number in 0..40u64 {
        let record = LogRecord {
            time_unix_nano: 1000 + number,
            severity_number: if number % 10 == 0 { 17 } else { 9 },
            body: pair("", text(&format!("line {number} of forty"))).value,
            event_name: if number % 8 == 0 {
                "data.load".to_owned()
            } else {
                String::new()
            },
            trace_id: if number % 2 == 0 {
                trace_id(number / 10).to_bytes().to_vec()
            } else {
                Vec::new()
            },
            attributes: vec![
                pair("stage_id", text("load")),
                pair("n", Value::IntValue(number as i64)),
            ],
            ..LogRecord::default()
        };
        append(&store, Signal::Logs, &logs("loader", vec![record]));
        if number == 19 {
            store.flush().unwrap();
        }
    }
    let found = |predicate| {
        let request = PageRequest {
            signal: Signal::Logs,
            tenant: tenant(),
            predicate,
            rows: 100,
            after: None,
            limits: limits(),
        };
        let rows = store.page(&request).unwrap().rows;
        let each = rows.otlp_each().map(|one| {
            let request = ExportLogsServiceRequest::decode(one.unwrap().as_slice()).unwrap();
            request.resource_logs[0].scope_logs[0].log_records[0].time_unix_nano - 1000
        });
        each.collect::<Vec<_>>()
    };
    let said = |part: &str| Predicate::default().and(Condition::Body(TextTest::Contains(part.to_owned())));
    assert_eq!(found(said("ne 3 o")), [3]);
    assert_eq!(found(said("ne 3")), [39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 3]);
    assert_eq!(
        found(Predicate::default().trace(trace_id(2))),
        [28, 26, 24, 22, 20]
    );
    assert_eq!(
        found(Predicate::default().at_least(column::SEVERITY, 17)),
        [30, 20, 10, 0]
    );
    assert_eq!(
        found(said("line").attribute("stage_id", "extract")),
        Vec::<u64>::new()
    );
    let events = Condition::Text {
        column: column::EVENT_NAME.to_owned(),
        is: TextTest::Present,
    };
    assert_eq!(found(Predicate::default().and(events)), [32, 24, 16, 8, 0]);
    let rows = store
        .trace(Signal::Logs, &tenant(), trace_id(1), limits())
        .unwrap();
    assert_eq!(rows.len(), 5);
}

#[test]
fn critical_paths_of_the_last_traces_add_up_to_how_long_they_took() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).store;
    let timed = |trace: u64, number: u64, name: &str, from: u64, to: u64| Span {
        name: name.to_owned(),
        parent_span_id: if number == 0 { Vec::new() } else { span_id(0) },
        start_time_unix_nano: trace * 1000 + from,
        end_time_unix_nano: trace * 1000 + to,
        ..span(trace, number)
    };
    for trace in 1..6 {
        append(
            &store,
            Signal::Spans,
            &traces("web", vec![timed(trace, 0, "request", 0, 100)]),
        );
        let children = vec![
            timed(trace, 1, "load", 10, 40),
            timed(trace, 2, "train", 40, 90),
            timed(trace, 3, "log", 20, 30),
        ];
        append(&store, Signal::Spans, &traces("loader", children));
        if trace == 3 {
            store.flush().unwrap();
        }
    }
    let paths = store
        .critical_paths(&tenant(), "web", "request", 3, limits())
        .unwrap();
    assert_eq!((paths.traces, paths.total), (3, 300));
    let shares: Vec<_> = paths
        .shares
        .iter()
        .map(|share| (share.operation.as_str(), share.time, share.traces))
        .collect();
    assert_eq!(shares, [("train", 150, 3), ("load", 90, 3), ("request", 60, 3)]);
    assert!(
        store
            .critical_paths(&tenant(), "web", "nothing", 3, limits())
            .unwrap()
            .shares
            .is_empty()
    );
    assert_eq!(std::fs::read_dir(dir.path().join("scratch")).unwrap().count(), 0);
}
