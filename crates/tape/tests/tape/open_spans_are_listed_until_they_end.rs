use std::collections::HashSet;
use std::sync::mpsc;

use telensic_tape::{OpenSlot, OpenSpan, Signal, SpanId, Tape, TapeWriter, TraceId, UnixNanos, format};

use crate::support::{Dir, Key, append, record, run, scope};

fn span(number: u64, name: &str) -> OpenSpan<'_> {
    OpenSpan {
        trace_id: TraceId::from_bytes([9; 16]).unwrap(),
        span_id: SpanId::from_bytes(number.to_be_bytes()).unwrap(),
        parent: SpanId::from_bytes((number - 1).to_be_bytes()),
        start: UnixNanos(1_000 + number),
        thread: number as u32,
        name,
    }
}

fn listed(tape: &TapeWriter) -> Vec<u64> {
    let open = Tape::open(tape.path().unwrap()).unwrap().open_spans().unwrap();
    open.iter()
        .map(|span| u64::from_be_bytes(span.span_id.to_bytes()))
        .collect()
}

#[test]
fn a_span_is_listed_with_all_that_is_known_until_it_ends() {
    let dir = Dir::new();
    let (tape, _clerk) = TapeWriter::create(run(dir.path()));
    let mut slots = tape.slots();
    let slots_of_spans: Vec<OpenSlot> = (1..=3)
        .map(|n| slots.open(&span(n, "fetch orders")).unwrap())
        .collect();
    let open = Tape::open(tape.path().unwrap()).unwrap().open_spans().unwrap();
    let second = &open[1];
    assert_eq!(open.len(), 3);
    assert_eq!(
        (second.span_id, second.parent),
        (span(2, "").span_id, span(2, "").parent)
    );
    assert_eq!(
        (second.trace_id, second.start),
        (span(2, "").trace_id, UnixNanos(1_002))
    );
    assert_eq!((second.thread, second.name.as_str()), (2, "fetch orders"));
    assert_eq!(open[0].parent, None);
    for slot in slots_of_spans {
        slots.close(slot);
    }
    assert_eq!(listed(&tape), []);
}

#[test]
fn a_span_whose_record_is_written_is_not_listed() {
    let dir = Dir::new();
    let (tape, _clerk) = TapeWriter::create(run(dir.path()));
    let mut slots = tape.slots();
    let mut lane = tape.lane(Signal::Spans, scope("spans"), true, 0);
    let key = Key {
        signal: Signal::Spans,
        thread: 0,
        number: 5,
    };
    let ended = telensic_tape::otlp::SpanView::parse(&record(key, 0))
        .unwrap()
        .span_id;
    let ended = OpenSpan {
        span_id: ended,
        ..span(1, "ended")
    };
    let _still = (slots.open(&ended).unwrap(), slots.open(&span(7, "open")).unwrap());
    assert_eq!(listed(&tape).len(), 2);
    // The process dies between writing the record and clearing the slot.
    append(&mut lane, Signal::Spans, 0, 5, 0).unwrap();
    assert_eq!(listed(&tape), [7]);
}

#[test]
fn names_are_cut_between_characters() {
    let dir = Dir::new();
    let (tape, _clerk) = TapeWriter::create(run(dir.path()));
    let mut slots = tape.slots();
    // No multiple of these lengths is the cap, but for the last.
    let names = [
        "\u{20ac}".repeat(50),
        "\u{1f680}".repeat(50),
        "ab".repeat(50),
        String::new(),
    ];
    for (number, name) in names.iter().enumerate() {
        slots.open(&span(number as u64 + 1, name)).unwrap();
    }
    let open = Tape::open(tape.path().unwrap()).unwrap().open_spans().unwrap();
    for (span, name) in open.iter().zip(&names) {
        let kept = &name[..name.floor_char_boundary(format::slot::NAME_CAP)];
        assert_eq!(span.name, kept);
    }
    // A slot used again shows nothing of the longer name that was there.
    let slot = slots.open(&span(9, "a name that is rather long")).unwrap();
    slots.close(slot);
    slots.open(&span(10, "short")).unwrap();
    let open = Tape::open(tape.path().unwrap()).unwrap().open_spans().unwrap();
    assert_eq!(open.last().unwrap().name, "short");
}

#[test]
fn a_full_table_counts_and_no_slot_is_given_twice() {
    const THREADS: u64 = 8;
    const EACH: u64 = 200;
    let dir = Dir::new();
    // 256 slots for 1,600 spans.
    let (tape, _clerk) = TapeWriter::create(run(dir.path()).open_spans(256));
    let (sender, receiver) = mpsc::channel::<OpenSlot>();
    std::thread::scope(|threads| {
        for thread in 0..THREADS {
            let (tape, sender) = (&tape, sender.clone());
            threads.spawn(move || {
                let mut slots = tape.slots();
                for number in 0..EACH {
                    if let Some(slot) = slots.open(&span(1 + thread * EACH + number, "work")) {
                        sender.send(slot).unwrap();
                    }
                }
            });
        }
        drop(sender);
    });
    let filled: Vec<OpenSlot> = receiver.iter().collect();
    assert_eq!(filled.len(), 256);
    assert_eq!(tape.unlisted(), THREADS * EACH - 256);
    let open = listed(&tape);
    assert_eq!(
        open.iter().collect::<HashSet<_>>().len(),
        256,
        "each slot lists a span of its own"
    );
    assert_eq!(
        Tape::open(tape.path().unwrap()).unwrap().head().unlisted(),
        tape.unlisted()
    );
    // Other threads end these spans; their slots can be used again, by threads old and new.
    std::thread::scope(|threads| {
        let tape = &tape;
        threads.spawn(move || {
            let mut slots = tape.slots();
            filled.into_iter().for_each(|slot| slots.close(slot));
        });
    });
    assert_eq!(listed(&tape), []);
    let mut slots = tape.slots();
    let again: Vec<_> = (1..=256)
        .map_while(|number| slots.open(&span(number, "again")))
        .collect();
    assert_eq!(again.len(), 256);
    assert_eq!(listed(&tape), (1..=256).collect::<Vec<_>>());
}

#[test]
fn a_thread_that_found_no_slot_takes_none_that_others_hold() {
    let dir = Dir::new();
    let (tape, _clerk) = TapeWriter::create(run(dir.path()).open_spans(64));
    let (mut one, mut other) = (tape.slots(), tape.slots());
    let mut held: Vec<OpenSlot> = (1..=64)
        .map(|number| one.open(&span(number, "one")).unwrap())
        .collect();
    // Again and again there is no room, and then one slot, which both want.
    for round in 0..100u64 {
        assert_eq!(one.open(&span(1_000, "no room")), None);
        assert_eq!(other.open(&span(1_000, "no room")), None);
        other.close(held.remove(0));
        let both = [
            one.open(&span(2_000 + 2 * round, "one")),
            other.open(&span(2_001 + 2 * round, "other")),
        ];
        held.extend(both.into_iter().flatten());
        assert_eq!(held.len(), 64, "one of them gets it");
        assert_eq!(listed(&tape).len(), 64, "every span that holds a slot is listed");
    }
}
