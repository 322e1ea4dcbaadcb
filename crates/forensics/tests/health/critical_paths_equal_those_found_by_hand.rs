//! Each trace is drawn; the expected path was found by looking at the picture.

use telensic_forensics::critical_path::{CriticalPath, Outliving, PathOptions};

use crate::support::{Drawing, Recorder, Spec, read};

#[test]
fn a_span_alone_is_its_own_path() {
    let trace = Drawing::of("root      [---------]");
    assert_eq!(trace.path(), "root 0-10");
}

#[test]
fn nested_spans_take_the_time_in_which_they_ran() {
    let trace = Drawing::of(
        "
        root      [-----------------]
          a          [----------]
            b           [---]
        ",
    );
    assert_eq!(trace.path(), "root 0-3, a 3-6, b 6-10, a 10-14, root 14-18");
}

#[test]
fn of_steps_in_turn_each_is_on_the_path_and_the_parent_in_between() {
    let trace = Drawing::of(
        "
        root      [------------------]
          a         [---]
          b              [----]
          c                   [--]
        ",
    );
    assert_eq!(
        trace.path(),
        "root 0-2, a 2-6, root 6-7, b 7-12, c 12-15, root 15-19"
    );
}

#[test]
fn of_parallel_siblings_the_last_to_finish_counts() {
    let trace = Drawing::of(
        "
        root      [-------------------]
          a        [------]
          b        [-------------]
          c        [----------]
        ",
    );
    assert_eq!(trace.path(), "root 0-1, b 1-15, root 15-20");
}

#[test]
fn an_overlapping_sibling_was_not_waited_for() {
    // b began while a ran: a cannot have been what it waited for.
    let trace = Drawing::of(
        "
        root      [------------------]
          a        [--------]
          b              [--------]
        ",
    );
    assert_eq!(trace.path(), "root 0-7, b 7-16, root 16-19");
}

#[test]
fn a_join_of_two_branches_goes_on_with_the_later_one() {
    // a and b run at once; c begins when both are done.
    let trace = Drawing::of(
        "
        root      [--------------------]
          a       [----]
          b       [--------]
          c                 [------]
        ",
    );
    assert_eq!(trace.path(), "b 0-9, root 9-10, c 10-17, root 17-21");
}

#[test]
fn a_child_that_ends_after_its_parent_is_cut_to_it() {
    let trace = Drawing::of(
        "
        root      [----------]
          a          [--------------]
            b              [--------]
        ",
    );
    assert_eq!(trace.path(), "root 0-3, a 3-9, b 9-11");
}

#[test]
fn a_child_that_ends_after_its_parent_on_the_same_host_can_be_passed_over() {
    let options = PathOptions {
        outliving: Outliving::PassOver,
        ..PathOptions::default()
    };
    let trace = Drawing::of(
        "
        root      [----------]
          async      [--------------]
          sync         [----]
          remote   [----------]b
        ",
    );
    // Clocks of two hosts differ: what ran on b may well have been waited for.
    assert_eq!(trace.path_with(options), "root 0-1, remote 1-11");
    let local = Drawing::of(
        "
        root      [----------]
          async      [--------------]
          sync         [----]
        ",
    );
    assert_eq!(local.path_with(options), "root 0-5, sync 5-10, root 10-11");
    assert_eq!(local.path(), "root 0-3, async 3-11");
}

#[test]
fn a_child_that_starts_after_its_parent_has_ended_is_not_on_the_path() {
    let trace = Drawing::of(
        "
        root      [--------------------]
          a         [---]
            later         [------]
        ",
    );
    assert_eq!(trace.path(), "root 0-2, a 2-6, root 6-21");
}

#[test]
fn a_child_whose_clock_is_behind_is_cut_to_its_parent() {
    // b's clock is 4 behind: its span seems to start before what started it.
    let trace = Drawing::of(
        "
        root      [------------------]
          call        [----------]
            serve   [------]b
              load [--]b
        ",
    );
    assert_eq!(trace.path(), "root 0-4, serve 4-9, call 9-15, root 15-19");
}

#[test]
fn a_child_that_seems_to_have_ended_before_its_parent_began_is_not_on_the_path() {
    let trace = Drawing::of(
        "
        root      [------------------]
          call            [------]
            serve  [---]b
        ",
    );
    assert_eq!(trace.path(), "root 0-8, call 8-15, root 15-19");
}

#[test]
fn spans_without_duration_are_passed_over() {
    let trace = Drawing::of(
        "
        root      [----------]
          mark       !
          a          [----]
          end             !
            below         !
        ",
    );
    assert_eq!(trace.path(), "root 0-3, a 3-8, root 8-11");
    let nothing = Drawing::of(
        "
        root      !
          a       [--]
        ",
    );
    assert_eq!(nothing.path(), "");
}

#[test]
fn what_was_in_flight_reaches_to_where_its_process_was_last_heard_of() {
    let trace = Drawing::of(
        "
        root      [----------->
          a         [---]
          b             [----->
            c              [--]
        ",
    );
    assert_eq!(trace.path(), "root 0-2, a 2-6, b 6-9, c 9-12");
}

#[test]
fn of_those_that_end_at_once_the_one_that_began_first_is_taken() {
    let trace = Drawing::of(
        "
        root      [------------]
          a            [----]
          b         [-------]
        ",
    );
    assert_eq!(trace.path(), "root 0-2, b 2-10, root 10-13");
}

#[test]
fn a_little_overlap_still_counts_as_before_if_that_is_asked_for() {
    // a reaches into b by 1 of b's 100.
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = Recorder::new(dir.path(), "main");
    recorder.span(Spec::new(2, 1, "a", 0, 101));
    recorder.span(Spec::new(3, 1, "b", 100, 200));
    recorder.span(Spec::new(1, 0, "root", 0, 200));
    let trace = Drawing {
        timeline: read(&[recorder.close()]),
    };
    assert_eq!(trace.path(), "root 0-100, b 100-200");
    assert_eq!(trace.path_with(PathOptions::CRISP), "a 0-100, b 100-200");
    let stricter = PathOptions {
        sequential_slack: 0.009,
        ..PathOptions::default()
    };
    assert_eq!(trace.path_with(stricter), "root 0-100, b 100-200");
    for nonsense in [f64::NAN, -1.0, f64::INFINITY] {
        trace.path_with(PathOptions {
            sequential_slack: nonsense,
            ..PathOptions::default()
        });
    }
}

#[test]
fn time_on_the_path_is_told_by_name() {
    let trace = Drawing::of(
        "
        root      [------------------]
          a         [---]
          a              [----]
          b              [--]
        ",
    );
    let path = CriticalPath::of(&trace.timeline, trace.span("root"), PathOptions::default());
    let by_name = path.time_by(|span| trace.timeline.text(trace.timeline.span(span).name));
    assert_eq!(by_name, [("root", 10), ("a", 9)]);
}

#[test]
fn a_hundred_thousand_levels_are_walked_without_a_deep_stack() {
    const LEVELS: u64 = 100_000;
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = Recorder::new(dir.path(), "main");
    for level in 0..LEVELS {
        let name = if level == 0 { "root" } else { "deeper" };
        recorder.span(Spec::new(level + 1, level, name, level, 2 * LEVELS - level));
    }
    let tape = recorder.close();
    let timeline = std::thread::Builder::new()
        .stack_size(256 << 10)
        .spawn(move || {
            let trace = Drawing {
                timeline: read(&[tape]),
            };
            let path = trace.path();
            assert_eq!(trace.wall_if_itself("root", f64::INFINITY), 2 * LEVELS - 2);
            let health = crate::support::health(&trace.timeline);
            assert_eq!(health.wall_ns, 2 * LEVELS);
            path.matches(", ").count()
        })
        .unwrap();
    assert_eq!(timeline.join().unwrap() as u64, 2 * LEVELS - 2);
}
