//! Flush, scan, compaction, retention and restart against object storage.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use telensic_store::shelf::{ObjectShelf, S3Options, Shelf};
use telensic_store::{PageRequest, Predicate, Retention, Store, StoreOptions, column};
use telensic_tape::{Signal, UnixNanos};

use crate::server::{Middleman, Server};
use crate::support::*;

fn s3(endpoint: &str) -> Arc<ObjectShelf> {
    let options = S3Options {
        endpoint: Some(endpoint.to_owned()),
        credentials: Some(("key".to_owned(), "not a secret".to_owned())),
        prefix: "one/store".to_owned(),
        ..S3Options::new("segments")
    };
    Arc::new(ObjectShelf::s3(&options).unwrap())
}

fn opened(dir: &Path, endpoint: &str) -> Store {
    let retention = Retention {
        age: Some(Duration::from_secs(60)),
        bytes: None,
    };
    let options = StoreOptions {
        retention,
        ..options()
    };
    Store::open_with_shelf(dir, s3(endpoint), options).unwrap().store
}

#[test]
fn every_span_is_found_through_refusals_and_delays() {
    let Some(server) = Server::start() else {
        println!("skipped: python3 with moto cannot be had here");
        return;
    };
    server.make_bucket("segments");
    let middleman = Middleman::before(&server);
    let dir = tempfile::tempdir().unwrap();
    let mut expected = Vec::new();
    let store = opened(dir.path(), &middleman.address);
    for trace in 0..6 {
        append_trace(&store, trace, 4);
        expected.extend(
            (0..4)
                .map(|number| span(trace, number))
                .map(|span| (span.trace_id, span.span_id)),
        );
        assert_eq!(store.flush().unwrap(), 1);
    }
    expected.sort_unstable();
    assert_eq!(all_span_ids(&store), expected);
    assert_eq!(store.compact().unwrap(), 5);
    assert_eq!(all_span_ids(&store), expected);
    let rows = store
        .trace(Signal::Spans, &tenant(), trace_id(3), limits())
        .unwrap();
    assert_eq!(
        spans_of(&rows.otlp().unwrap()),
        (0..4).map(|number| span(3, number)).collect::<Vec<_>>()
    );
    let page = store.page(&PageRequest {
        signal: Signal::Spans,
        tenant: tenant(),
        predicate: Predicate::default()
            .text(column::NAME, "operation 1")
            .attribute("where", "place 5"),
        rows: 10,
        after: None,
        limits: limits(),
    });
    assert_eq!(page.unwrap().rows.len(), 1);
    drop(store);

    // Another machine, which has nothing but the bucket.
    let elsewhere = tempfile::tempdir().unwrap();
    let store = opened(elsewhere.path(), &middleman.address);
    assert_eq!(all_span_ids(&store), expected);
    append_trace(&store, 9, 4);
    store.flush().unwrap();
    assert_eq!(all_span_ids(&store).len(), expected.len() + 4);
    assert_eq!(store.retain(UnixNanos(69_000_000_000)).unwrap(), 1);
    assert_eq!(all_span_ids(&store).len(), 4);
    drop(store);
    let left = s3(&middleman.address).list().unwrap();
    assert_eq!(left.len(), 1, "{left:?}");

    assert!(middleman.refused.load(Ordering::Relaxed) > 10);
    assert!(middleman.delayed.load(Ordering::Relaxed) > 5);
}

#[test]
fn a_bucket_that_is_not_there_is_said() {
    let Some(server) = Server::start() else {
        println!("skipped: python3 with moto cannot be had here");
        return;
    };
    let endpoint = Middleman::before(&server).address;
    let error = s3(&endpoint)
        .put("spans/default/x", "bytes".into())
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("cannot write spans/default/x on object storage: "),
        "{error}"
    );
    assert!(error.contains("NoSuchBucket"), "{error}");
    assert!(!format!("{:?}", s3(&endpoint)).contains("not a secret"));
}
