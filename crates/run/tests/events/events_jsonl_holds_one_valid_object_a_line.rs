//! Scenario: events of several processes are written to `events.jsonl`, and the file is read, whole or torn.
//! Guarantees: one valid object a line, in an order that is the same however the tapes were read; a bad line is told
//! by its number and costs no other.

use proptest::prelude::*;
use serde_json::{Value, json};
use telensic_run::RunId;
use telensic_run::event::{BadLine, DataLoad, EventLine, EventLines, write_lines};
use telensic_tape::UnixNanos;

use crate::support::{draws, encoded, read, span_id, trace_id};

fn line(time: u64, host: &str, pid: u32, event: &str) -> EventLine {
    let mut record = read(&encoded(&DataLoad::new("nav.csv")));
    record.time = UnixNanos(time);
    record.name = event.to_owned();
    EventLine::new(record, None, host, pid, "ith")
}

fn written(events: &[(EventLine, u64)]) -> Vec<u8> {
    let mut out = Vec::new();
    write_lines(events, &mut out).unwrap();
    out
}

fn lines(bytes: &[u8]) -> Vec<Result<EventLine, BadLine>> {
    EventLines::new(bytes).collect()
}

#[test]
fn a_line_has_this_form() {
    let record = read(&encoded(&DataLoad::new("nav.csv").row_count(5_u32)));
    let run_id: RunId = "20260125-120000-1a2b".parse().unwrap();
    let event = EventLine::new(record, Some(run_id), "node-1", 42, "ith");
    assert_eq!(
        String::from_utf8(written(&[(event.clone(), 0)])).unwrap(),
        concat!(
            r#"{"ts":"2026-01-25T12:00:00.123456789Z","event":"data.load","#,
            r#""run_id":"20260125-120000-1a2b","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","#,
            r#""span_id":"00f067aa0ba902b7","host":"node-1","pid":42,"service":"ith","#,
            r#""fields":{"row_count":5,"source_path":"nav.csv"}}"#,
            "\n"
        )
    );
    assert_eq!(
        (event.trace_id, event.span_id),
        (Some(trace_id()), Some(span_id()))
    );
    let load = event.parse::<DataLoad>().unwrap();
    assert_eq!(load, DataLoad::new("nav.csv").row_count(5_u32));
}

#[test]
fn the_order_does_not_depend_on_how_the_tapes_were_read() {
    let mut events = vec![
        (line(1, "b", 9, "first"), 7),
        (line(2, "a", 1, "second"), 0),
        (line(2, "a", 1, "third"), 1),
        (line(2, "a", 2, "fourth"), 0),
        (line(2, "b", 1, "fifth"), 0),
        // Two tapes of one process.
        (line(3, "a", 1, "sixth"), 0),
        (line(3, "a", 1, "zeroth"), 0),
    ];
    let expected = written(&events);
    for turn in 0..events.len() {
        events.rotate_left(turn);
        events.reverse();
        assert_eq!(written(&events), expected);
    }
    let names: Vec<_> = lines(&expected)
        .into_iter()
        .map(|line| line.unwrap().event)
        .collect();
    assert_eq!(
        names,
        ["first", "second", "third", "fourth", "fifth", "sixth", "zeroth"]
    );
}

#[test]
fn a_bad_line_is_told_by_its_number_and_costs_no_other() {
    let good = String::from_utf8(written(&[(line(1, "a", 1, "x"), 0)])).unwrap();
    let mut bytes = good.clone().into_bytes();
    bytes.extend_from_slice(b"\n{\"ts\": 1}\n\xff\xfe\n");
    bytes.extend_from_slice(good.replace("{\"source_path\":\"nav.csv\"}", "[]").as_bytes());
    bytes.extend_from_slice(good.replace("1970-01-01", "1970-02-30").as_bytes());
    bytes.extend_from_slice(good.as_bytes());
    bytes.extend_from_slice(&good.as_bytes()[..good.len() / 2]);
    let read: Vec<_> = lines(&bytes)
        .into_iter()
        .map(|line| line.map(|line| line.event).map_err(|bad| bad.line))
        .collect();
    let good = || Ok("x".to_owned());
    assert_eq!(read, [good(), Err(3), Err(4), Err(5), Err(6), good(), Err(8)]);
}

#[test]
fn a_file_that_cannot_be_read_ends() {
    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("gone"))
        }
    }
    let read: Vec<_> = EventLines::new(std::io::BufReader::new(Broken)).collect();
    assert_eq!(read.len(), 1);
    assert_eq!(
        read[0].as_ref().unwrap_err().to_string(),
        "line 1: cannot be read: gone"
    );
    let dir = tempfile::tempdir().unwrap();
    assert!(
        EventLines::open(&dir.path().join("none"))
            .unwrap_err()
            .is_missing_file()
    );
}

struct Lines(Vec<(EventLine, u64)>);

impl crate::support::Visit for Lines {
    fn event<E: telensic_run::event::Event + Clone + PartialEq + std::fmt::Debug>(&mut self, event: E) {
        let line = EventLine::new(read(&encoded(&event)), None, "a\n\u{0}", 1, "\u{2028}");
        self.0.push((line, self.0.len() as u64));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_event_is_one_valid_line_and_reads_back_equal(mut draw in draws(), time in any::<u64>()) {
        let mut events = Lines(Vec::new());
        draw.every_event(&mut events);
        for (line, _) in &mut events.0 {
            line.time = UnixNanos(time);
            line.body = Some(json!({ "\u{1}": [null, time] }));
        }
        let bytes = written(&events.0);
        let text = std::str::from_utf8(&bytes).unwrap();
        prop_assert_eq!(text.lines().count(), events.0.len());
        for line in text.lines() {
            prop_assert!(serde_json::from_str::<Value>(line).unwrap().is_object());
        }
        let read: Vec<_> = lines(&bytes).into_iter().map(Result::unwrap).collect();
        let expected: Vec<_> = events.0.into_iter().map(|(line, _)| line).collect();
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = lines(&bytes);
    }
}
