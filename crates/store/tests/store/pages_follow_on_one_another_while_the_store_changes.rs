//! A cursor is the key of a row, so it stays good whatever is flushed, compacted or added.

use std::time::Duration;

use opentelemetry_proto::tonic::logs::v1::LogRecord;
use telensic_store::{Limits, PageCursor, PageRequest, Predicate, StoreErrorKind, column};
use telensic_tape::Signal;

use crate::support::*;

fn request(signal: Signal) -> PageRequest {
    PageRequest {
        signal,
        tenant: tenant(),
        predicate: Predicate::default(),
        rows: 7,
        after: None,
        limits: limits(),
    }
}

#[test]
fn every_row_comes_once_and_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).store;
    for trace in 0..25 {
        append_trace(&store, trace, 3);
        if trace % 5 == 4 {
            store.flush().unwrap();
        }
    }
    let mut request = request(Signal::Spans);
    let (mut found, mut pages) = (Vec::new(), 0);
    loop {
        let page = store.page(&request).unwrap();
        found.extend(page.rows.otlp_each().flat_map(|one| spans_of(&one.unwrap())));
        let Some(next) = page.next else { break };
        // As it would travel in a URL.
        request.after = Some(next.to_string().parse::<PageCursor>().unwrap());
        pages += 1;
        match pages {
            1 => drop(store.compact().unwrap()),
            2 => append_trace(&store, 100 + pages, 3),
            3 => drop(store.flush().unwrap()),
            _ => {}
        }
    }
    let mut expected: Vec<_> = (0..25)
        .flat_map(|trace| (0..3).map(move |number| span(trace, number)))
        .collect();
    expected.sort_by_key(|span| std::cmp::Reverse(span.start_time_unix_nano));
    assert_eq!(found, expected);
    assert_eq!(pages, 10);
}

#[test]
fn rows_of_one_time_are_told_apart_and_equal_ones_are_counted() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).store;
    for number in 0..40 {
        let record = LogRecord {
            time_unix_nano: 5,
            body: pair("", text(&format!("line {}", number % 3))).value,
            ..LogRecord::default()
        };
        append(&store, Signal::Logs, &logs("a", vec![record]));
        if number % 10 == 9 {
            store.flush().unwrap();
        }
    }
    let mut request = request(Signal::Logs);
    let mut sizes = Vec::new();
    loop {
        let page = store.page(&request).unwrap();
        sizes.push(page.rows.len());
        request.after = page.next;
        if page.next.is_none() {
            break;
        }
    }
    assert_eq!(sizes, [7, 7, 7, 7, 7, 5]);
}

#[test]
fn what_costs_too_much_ends_with_a_reason() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).store;
    append_trace(&store, 0, 300);
    let tight = PageRequest {
        rows: 300,
        limits: Limits {
            memory: 1000,
            ..limits()
        },
        ..request(Signal::Spans)
    };
    assert_eq!(store.page(&tight).unwrap_err().kind(), StoreErrorKind::Limit);
    let late = PageRequest {
        limits: Limits {
            time: Duration::ZERO,
            ..limits()
        },
        ..request(Signal::Spans)
    };
    let error = store.page(&late).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Limit);
    assert!(error.to_string().contains("narrow its time range"), "{error}");
    assert!("nonsense".parse::<PageCursor>().is_err());
    let wrong = PageRequest {
        predicate: Predicate::default().text(column::DURATION, "long"),
        ..request(Signal::Spans)
    };
    assert!(store.page(&wrong).is_err());
}

#[test]
fn clocks_that_are_centuries_ahead_are_found_too() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).store;
    for (number, time) in [5, u64::MAX, i64::MAX as u64 + 7, 6].into_iter().enumerate() {
        let odd = opentelemetry_proto::tonic::trace::v1::Span {
            start_time_unix_nano: time,
            ..span(number as u64, 0)
        };
        append(&store, Signal::Spans, &traces("a", vec![odd]));
        store.flush().unwrap();
    }
    let mut request = PageRequest {
        rows: 1,
        ..request(Signal::Spans)
    };
    let mut times = Vec::new();
    loop {
        let page = store.page(&request).unwrap();
        times.extend(
            spans_of(&page.rows.otlp().unwrap())
                .iter()
                .map(|span| span.start_time_unix_nano),
        );
        request.after = page.next;
        if page.next.is_none() {
            break;
        }
    }
    assert_eq!(times, [u64::MAX, i64::MAX as u64 + 7, 6, 5]);
}
