//! Two hosts whose clocks do not agree.

use telensic_forensics::timeline::OffsetInterval;

use crate::support::{Recorder, read, say_host};

const CLIENT: u8 = 3;
const SERVER: u8 = 2;
const INTERNAL: u8 = 1;

/// Host b's clock is 1,000 ahead; a call took 10 there and 5 back.
fn call(kind: u8) -> OffsetInterval {
    let dir = tempfile::tempdir().unwrap();
    let mut caller = Recorder::new(dir.path(), "caller");
    let mut service = Recorder::new(dir.path(), "service");
    caller.span(1, 0, CLIENT, "GET", 100, 200);
    service.span(2, 1, kind, "GET /nav", 1_110, 1_195);
    let (caller, service) = (caller.close(), service.close());
    say_host(&caller, "host-a");
    say_host(&service, "host-b");
    let timeline = read(&[caller, service]);
    let offsets = timeline.clock_offsets();
    assert_eq!(offsets.len(), 1);
    assert_eq!(
        (offsets[0].host.as_str(), offsets[0].reference.as_str()),
        ("host-b", "host-a")
    );
    assert_eq!(offsets[0].crossings, 1);
    let starts: Vec<u64> = timeline.spans().iter().map(|span| span.start.0).collect();
    assert_eq!(starts, [100, 1_110], "times are as recorded");
    offsets[0].ahead
}

#[test]
fn a_call_that_waits_bounds_the_offset_on_both_sides() {
    let ahead = call(SERVER);
    assert_eq!((ahead.least, ahead.most), (Some(995), Some(1_010)));
    assert!(ahead.excludes_zero());
}

#[test]
fn a_task_that_nobody_waits_for_bounds_it_on_one_side() {
    let ahead = call(INTERNAL);
    assert_eq!((ahead.least, ahead.most), (None, Some(1_010)));
    assert!(!ahead.excludes_zero());
}

#[test]
fn a_third_host_carries_a_bound_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut tapes = Vec::new();
    for (host, number, parent, kind, from, to) in [
        ("a", 1, 0, CLIENT, 1_000, 2_000),
        ("b", 2, 1, SERVER, 1_100, 1_900),
        ("b", 3, 2, CLIENT, 1_200, 1_800),
        ("c", 4, 3, SERVER, 900, 1_400),
    ] {
        let mut recorder = Recorder::new(dir.path(), host);
        recorder.span(number, parent, kind, "call", from, to);
        let tape = recorder.close();
        say_host(&tape, host);
        tapes.push(tape);
    }
    let timeline = read(&tapes);
    // The earliest span is on c: everything is held against it.
    let offsets = timeline.clock_offsets();
    let of = |host: &str| offsets.iter().find(|offset| offset.host == host).unwrap().ahead;
    // c is ahead of b by -400 to -300, b of a by -100 to 100.
    assert_eq!((of("b").least, of("b").most), (Some(300), Some(400)));
    assert_eq!((of("a").least, of("a").most), (Some(200), Some(500)));
}

#[test]
fn bounds_that_contradict_one_another_are_said_to() {
    let dir = tempfile::tempdir().unwrap();
    let mut caller = Recorder::new(dir.path(), "caller");
    let mut service = Recorder::new(dir.path(), "service");
    caller.span(1, 0, CLIENT, "GET", 100, 200);
    service.span(2, 1, SERVER, "GET /nav", 110, 500);
    let (caller, service) = (caller.close(), service.close());
    say_host(&service, "host-b");
    let offsets = read(&[caller, service]).clock_offsets();
    assert!(offsets[0].ahead.is_contradiction(), "{offsets:?}");
}
