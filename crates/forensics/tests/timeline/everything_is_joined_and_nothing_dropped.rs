//! What several processes recorded becomes one tree.

use telensic_forensics::timeline::SpanState;
use telensic_tape::UnixNanos;

use crate::support::{Recorder, id, names, read, trace};

#[test]
fn workers_are_children_of_the_engine_that_sent_them() {
    let dir = tempfile::tempdir().unwrap();
    let mut engine = Recorder::new(dir.path(), "engine");
    let mut worker = Recorder::new(dir.path(), "worker");
    worker.span(11, 2, 1, "run_pipeline", 30, 80);
    worker.span(12, 2, 1, "run_pipeline", 20, 60);
    engine.span(2, 1, 1, "execute_sleeves", 10, 90);
    engine.span(1, 0, 1, "pipeline:nightly", 0, 100);
    let timeline = read(&[engine.close(), worker.close()]);
    assert_eq!(
        names(&timeline),
        [
            "pipeline:nightly",
            "execute_sleeves",
            "run_pipeline",
            "run_pipeline"
        ]
    );
    let sleeves = timeline.find(trace(1), id(2)).unwrap();
    let children: Vec<_> = timeline
        .children(sleeves)
        .iter()
        .map(|child| timeline.span(*child).span_id)
        .collect();
    assert_eq!(children, [id(12), id(11)], "by start");
    assert_eq!(timeline.roots().len(), 1);
    assert_eq!(timeline.orphans().count(), 0);
    let process = timeline.process(timeline.span(timeline.children(sleeves)[0]).process);
    assert_eq!(process.service, "worker");
    let view = timeline.span_view(sleeves).unwrap();
    assert_eq!((view.name, view.end), ("execute_sleeves", UnixNanos(90)));
}

#[test]
fn a_span_on_two_tapes_is_there_once_and_told_of() {
    let dir = tempfile::tempdir().unwrap();
    let mut first = Recorder::new(dir.path(), "a");
    let mut second = Recorder::new(dir.path(), "b");
    for recorder in [&mut first, &mut second] {
        recorder.span(1, 0, 1, "root", 0, 100);
    }
    second.span(2, 1, 1, "child", 10, 20);
    first.span(2, 1, 1, "child", 10, 21);
    let timeline = read(&[first.close(), second.close()]);
    assert_eq!(names(&timeline), ["root", "child"]);
    let differs: Vec<bool> = timeline
        .duplicates()
        .iter()
        .map(|double| double.differs)
        .collect();
    assert_eq!(differs, [false, true]);
}

#[test]
fn a_span_without_its_parent_is_an_orphan_and_kept() {
    let dir = tempfile::tempdir().unwrap();
    let mut worker = Recorder::new(dir.path(), "worker");
    worker.span(11, 99, 1, "lost", 30, 80);
    worker.span(12, 11, 1, "found", 40, 60);
    let timeline = read(&[worker.close()]);
    let orphans: Vec<_> = timeline.orphans().map(|at| timeline.span(at).span_id).collect();
    assert_eq!(orphans, [id(11)]);
    assert_eq!(timeline.spans().len(), 2);
}

#[test]
fn parents_in_a_circle_are_opened_at_the_earliest() {
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = Recorder::new(dir.path(), "a");
    recorder.span(1, 3, 1, "one", 10, 90);
    recorder.span(2, 1, 1, "two", 20, 80);
    recorder.span(3, 2, 1, "three", 30, 70);
    recorder.span(4, 4, 1, "its own parent", 40, 50);
    recorder.span(5, 2, 1, "a tail", 50, 60);
    let timeline = read(&[recorder.close()]);
    let roots: Vec<_> = timeline
        .roots()
        .iter()
        .map(|at| timeline.span(*at).span_id)
        .collect();
    assert_eq!(roots, [id(1), id(4)]);
    for index in timeline.indices() {
        let mut at = Some(index);
        let mut steps = 0;
        while let Some(here) = at {
            at = timeline.span(here).parent;
            steps += 1;
            assert!(steps <= 5, "the way up ends");
        }
    }
}

#[test]
fn what_was_in_flight_is_open_until_its_process_was_last_heard_of() {
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = Recorder::new(dir.path(), "a");
    let now = 4_000_000_000_000_000_000;
    recorder.open(1, 0, "root", now);
    recorder.open(2, 1, "stage", now + 10);
    recorder.span(3, 2, 1, "step", now + 20, now + 70);
    let timeline = read(&[recorder.abandon()]);
    let open: Vec<_> = timeline
        .spans()
        .iter()
        .filter(|span| span.state == SpanState::Open)
        .map(|span| (timeline.text(span.name), span.duration()))
        .collect();
    assert_eq!(open, [("root", 70), ("stage", 60)]);
    assert!(!timeline.processes()[0].is_closed);
    let step = timeline.find(trace(1), id(3)).unwrap();
    assert_eq!(timeline.span(step).parent, timeline.find(trace(1), id(2)));
}

#[test]
fn a_span_listed_as_open_that_ended_on_another_tape_has_ended() {
    let dir = tempfile::tempdir().unwrap();
    let mut first = Recorder::new(dir.path(), "a");
    let mut second = Recorder::new(dir.path(), "a");
    first.open(1, 0, "root", 10);
    second.span(1, 0, 1, "root", 10, 90);
    let timeline = read(&[first.abandon(), second.close()]);
    assert_eq!(timeline.spans().len(), 1);
    assert_eq!(timeline.spans()[0].state, SpanState::Ended);
    assert!(timeline.duplicates().is_empty());
}

#[test]
fn a_file_that_is_no_tape_is_listed_and_the_others_are_read() {
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = Recorder::new(dir.path(), "a");
    recorder.span(1, 0, 1, "root", 10, 90);
    let garbage = dir.path().join("garbage.tape");
    std::fs::write(&garbage, b"no tape at all").unwrap();
    let timeline = read(&[garbage.clone(), recorder.close()]);
    assert_eq!(timeline.spans().len(), 1);
    assert_eq!(timeline.unreadable()[0].path, garbage);
}
