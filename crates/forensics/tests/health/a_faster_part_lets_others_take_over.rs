//! What-if: the run is played again; expected wall-clock times were found by looking at the picture.

use telensic_forensics::critical_path::{Change, PathOptions, WhatIf};

use crate::support::{Drawing, Recorder, Spec, read};

#[test]
fn steps_in_turn_move_up() {
    let trace = Drawing::of(
        "
        root      [------------------]
          a         [---]
          b              [----]
          c                   [--]
        ",
    );
    assert_eq!(trace.wall_if("a", f64::INFINITY), 15);
    assert_eq!(trace.wall_if("a", 2.0), 17);
    assert_eq!(trace.wall_if("b", f64::INFINITY), 14);
    assert_eq!(trace.wall_if("root", f64::INFINITY), 0);
    // The root itself takes 7 of the 19: before a, between a and b, after c.
    assert_eq!(trace.wall_if_itself("root", f64::INFINITY), 12);
}

#[test]
fn a_parallel_branch_takes_over() {
    // Without b, the root waits for a: not for nothing.
    let trace = Drawing::of(
        "
        root      [-------------------]
          a       [---------]
          b       [-------------]
        ",
    );
    assert_eq!(trace.wall_if("b", f64::INFINITY), 16, "a takes 10 and the end 6");
    assert_eq!(trace.wall_if("b", 2.0), 16);
    assert_eq!(trace.wall_if("a", f64::INFINITY), 20, "nobody waited for a");
}

#[test]
fn a_join_waits_for_the_branch_that_is_left() {
    let trace = Drawing::of(
        "
        root      [--------------------]
          a       [----]
          b       [--------]
          c                 [------]
        ",
    );
    // c began 1 after b had ended; without b it begins 1 after a.
    assert_eq!(trace.wall_if("b", f64::INFINITY), 5 + 1 + 7 + 4);
}

#[test]
fn what_lies_below_shrinks_what_lies_above() {
    let trace = Drawing::of(
        "
        root      [-----------------]
          a          [----------]
            b           [---]
        ",
    );
    assert_eq!(trace.wall_if("b", f64::INFINITY), 14);
    assert_eq!(trace.wall_if("b", 4.0), 15);
    assert_eq!(trace.wall_if("a", f64::INFINITY), 7);
    assert_eq!(trace.wall_if_itself("a", f64::INFINITY), 11, "b stays");
}

#[test]
fn a_pool_of_workers_is_refilled_sooner() {
    // Two at a time: c waits for a's worker, d for b's.
    let trace = Drawing::of(
        "
        root      [-----------------]
          a       [---]
          b       [-------]
          c           [-----------]
          d               [-----]
        ",
    );
    assert_eq!(
        trace.wall_if("a", f64::INFINITY),
        14 + 2,
        "c ends at 12, but d still waits for b"
    );
    assert_eq!(trace.wall_if("b", f64::INFINITY), 18, "c ends when it did");
    assert_eq!(trace.wall_if("c", f64::INFINITY), 14 + 2, "d ends at 14");
}

#[test]
fn a_slower_part_and_a_speedup_that_is_none_are_taken_as_they_are() {
    let trace = Drawing::of(
        "
        root      [--------]
          a         [---]
        ",
    );
    assert_eq!(trace.wall_if("a", 0.5), 13);
    for nonsense in [0.0, -1.0, f64::NAN] {
        assert_eq!(trace.wall_if("a", nonsense), 9);
    }
}

/// Played with the recorded durations, every trace takes as long as it did: whatever overlaps, outlives or precedes what.
#[test]
fn without_a_change_nothing_changes() {
    let mut random = 1u64;
    let mut next = |below: u64| {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % below
    };
    for _ in 0..20 {
        let dir = tempfile::tempdir().unwrap();
        let mut recorder = Recorder::new(dir.path(), "main");
        recorder.span(Spec::new(1, 0, "root", 100, 300));
        for number in 2..60 {
            let from = next(400);
            let name = format!("s{number}");
            recorder.span(Spec::new(
                number,
                1 + next(number - 1),
                &name,
                from,
                from + next(150),
            ));
        }
        let trace = Drawing {
            timeline: read(&[recorder.close()]),
        };
        trace.path();
        trace.path_with(PathOptions::CRISP);
        let all: Vec<_> = trace.timeline.indices().collect();
        for options in [PathOptions::default(), PathOptions::CRISP] {
            let what_if = WhatIf::new(&trace.timeline, trace.span("root"), options);
            let same = Change {
                speedup: 1.0,
                ..Change::remove(all.clone())
            };
            assert_eq!(what_if.wall(&same), 200);
            let itself = Change {
                reach: telensic_forensics::critical_path::Reach::Itself,
                ..same
            };
            assert_eq!(what_if.wall(&itself), 200, "through every level");
            let halved = Change {
                speedup: 2.0,
                ..itself
            };
            assert!(what_if.wall(&halved) < 200);
        }
    }
}
