//! Which span is the current one, through guards in any order, panics, threads.

use std::collections::HashMap;
use std::sync::mpsc::channel;

use telensic::context::Context;
use telensic::{EnteredSpan, Span, SpanBuilder, SpanKind, attach, current, current_context, root_span, span};
use telensic_tape::SpanId;

use crate::support::{Random, Read, is_child, recorded};

fn run(scenario: &str) -> Read {
    recorded(&format!("the_current_span_is_each_threads_own::{scenario}"))
}

/// The names of each span's parents, up to its root.
fn path(read: &Read, name: &str) -> String {
    let by_id = read.by_id();
    let mut names = Vec::new();
    let mut next = Some(read.span(name));
    while let Some(span) = next {
        names.push(span.name.clone());
        let parent = span.parent.map(|id| by_id[&id]);
        assert!(parent.is_none_or(|parent| parent.trace == span.trace));
        next = parent;
    }
    names.reverse();
    names.join("/")
}

#[test]
fn guards_and_scopes_nest_in_any_order() {
    let read = run("nests");
    for expected in [
        "a/b/c",
        "a/c's child",
        "a/after c and b",
        "scoped/in scope",
        "root in between",
        "a/left/child of left",
        "after all",
        "attached/child of attached",
        "kind",
    ] {
        let name = expected.rsplit('/').next().unwrap();
        assert_eq!(path(&read, name), expected);
    }
    assert_eq!(read.span("a").int("said through current"), 1);
    assert_eq!(read.span("scoped").int("said in scope"), 2);
    assert_eq!(read.span("left").int("said after leaving"), 3);
    let said_later = read.span("ended").get("said after the end");
    assert_eq!(
        said_later, None,
        "its handle is gone, and the current one was another"
    );
    assert_eq!(read.span("kind").kind, SpanKind::Client as u64);
}

#[test]
#[ignore = "the child of the test above"]
fn nests() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("nests");
    {
        let a = span("a").entered();
        let b = span("b").entered();
        let c = span("c").entered();
        let after_b = b.context();
        // Out of order: the outer one goes first, and the inner one stays current.
        drop(b);
        assert_eq!(current_context().span().copied(), c.span_context());
        drop(c);
        assert_eq!(current_context().span().copied(), a.span_context());
        span("c's child").end();
        drop(after_b);
        current().set("said through current", 1);
        span("after c and b").end();
        root_span("root in between").end();
        let mut left = span("left").entered();
        let mut handle = left.leave();
        assert_eq!(current_context().span().copied(), a.span_context());
        handle.set("said after leaving", 3);
        handle.in_scope(|| span("child of left").end());
        drop(left);
        handle.end();
    }
    assert!(current_context().is_empty());
    let mut scoped = span("scoped");
    scoped.in_scope(|| {
        span("in scope").end();
        current().set("said in scope", 2);
    });
    assert!(current_context().is_empty());
    scoped.end();
    let mut stale = {
        let ended = span("ended").entered();
        let stale = current();
        drop(ended);
        stale
    };
    stale.set("said after the end", 1);
    assert_eq!(stale.span_context(), None);
    span("after all").end();
    let attached = span("attached");
    {
        let _outer = attach(attached.context());
        let _nothing = attach(Context::new());
        span("root under nothing").end();
        drop(_outer);
        assert!(current_context().is_empty(), "the inner one is in force");
    }
    let outer = attach(attached.context());
    span("child of attached").end();
    drop(outer);
    SpanBuilder::new("kind").kind(SpanKind::Client).start().end();
    assert!(current_context().is_empty());
}

#[test]
fn a_panic_leaves_no_span_behind() {
    let read = run("panics_within_spans");
    assert_eq!(path(&read, "next"), "next");
    assert_eq!(path(&read, "sibling"), "kept/sibling");
    assert_eq!(read.span("deepest").status, 2);
    assert_eq!(read.span("in scope").status, 2);
    assert_eq!(read.span("kept").status, 0);
    assert_eq!(read.named("thrown through").len(), 10);
}

#[test]
#[ignore = "the child of the test above"]
fn panics_within_spans() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("panics");
    let panics = |work: &mut dyn FnMut()| {
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).is_err());
    };
    panics(&mut || {
        let _guards: Vec<EnteredSpan> = (0..10).map(|_| span("thrown through").entered()).collect();
        let _attached = attach(Context::new());
        let _deepest = span("deepest").entered();
        panic!("once");
    });
    assert!(current_context().is_empty());
    span("next").end();
    let kept = span("kept").entered();
    panics(&mut || {
        span("in scope").in_scope(|| panic!("twice"));
    });
    assert_eq!(current_context().span().copied(), kept.span_context());
    // The closure that fills an event may panic; the span is then still to be used.
    panics(&mut || current().event_with("never", |_| panic!("thrice")));
    span("sibling").end();
    drop(kept);
    assert!(current_context().is_empty());
}

#[test]
fn a_span_can_be_handed_to_another_thread_and_ended_there() {
    let read = run("hands_over");
    assert_eq!(path(&read, "inside"), "outer/handed/inside");
    assert_eq!(path(&read, "on another thread"), "outer/on another thread");
    assert_eq!(read.span("handed").int("said there"), 1);
    assert_eq!(read.open(), Vec::<String>::new());
    assert_eq!(read.named("ended elsewhere").len(), 1000);
    assert_eq!(read.named("outlives its thread").len(), 4);
    let spans = read.by_id().len();
    assert_eq!(spans, 1000 + 4 + 4);
}

#[test]
#[ignore = "the child of the test above"]
fn hands_over() {
    if !is_child() {
        return;
    }
    thread_local! {
        static KEPT: std::cell::RefCell<Vec<Span>> = const { std::cell::RefCell::new(Vec::new()) };
    }
    let guard = telensic::init("hands over");
    let outer = span("outer").entered();
    let handed = span("handed");
    let context = current_context();
    std::thread::spawn(move || {
        let _attached = attach(context);
        let mut entered = handed.entered();
        entered.set("said there", 1);
        span("inside").end();
        drop(entered);
        span("on another thread").end();
    })
    .join()
    .unwrap();
    assert_eq!(current_context().span().copied(), outer.span_context());
    let (sender, receiver) = channel::<Span>();
    let ender = std::thread::spawn(move || receiver.into_iter().for_each(Span::end));
    for _ in 0..1000 {
        sender.send(span("ended elsewhere")).unwrap();
    }
    drop(sender);
    ender.join().unwrap();
    // Dropped among the thread's last doings, before or after what the recorder has there.
    for keeps_first in [true, false, true, false] {
        std::thread::spawn(move || {
            if keeps_first {
                KEPT.with(|kept| kept.borrow_mut().reserve(1));
            }
            let span = root_span("outlives its thread");
            KEPT.with(|kept| kept.borrow_mut().push(span));
        })
        .join()
        .unwrap();
    }
    drop(outer);
    drop(guard);
}

/// Random steps on several threads against a plain model of the stack.
#[test]
fn random_nesting_gives_every_span_its_right_parent() {
    let read = run("nests_at_random");
    let by_id = read.by_id();
    let mut checked = 0;
    for span in &read.spans {
        let expected = span.int("expected");
        let parent = span.parent.map(|id| by_id[&id]);
        let found = parent.map_or(-1, |parent| parent.int("number"));
        assert_eq!(found, expected, "{span:?}");
        match parent {
            Some(parent) => {
                assert_eq!(parent.trace, span.trace);
                assert!(parent.start <= span.start);
            }
            None => assert!(
                read.spans
                    .iter()
                    .filter(|other| other.trace == span.trace)
                    .count()
                    >= 1
            ),
        }
        checked += 1;
    }
    assert_eq!(checked, 4 * 3000);
}

#[test]
#[ignore = "the child of the test above"]
fn nests_at_random() {
    if !is_child() {
        return;
    }
    let guard = telensic::init("random");
    std::thread::scope(|threads| {
        for thread in 0..4u64 {
            threads.spawn(move || {
                let mut random = Random(thread);
                let mut ids: HashMap<SpanId, i64> = HashMap::new();
                let mut guards: Vec<(i64, EnteredSpan)> = Vec::new();
                for step in 0..3000 {
                    let number = thread as i64 * 1_000_000 + step;
                    let expected = guards.last().map_or(-1, |(number, _)| *number);
                    let new = span("work").with("number", number).with("expected", expected);
                    ids.insert(new.span_context().unwrap().span_id(), number);
                    if guards.len() < 40 && random.below(2) == 0 {
                        guards.push((number, new.entered()));
                    } else if random.below(3) == 0 {
                        drop(new);
                    } else if !guards.is_empty() {
                        drop(new.entered());
                        let which = random.below(guards.len() as u64) as usize;
                        drop(guards.remove(which));
                    }
                    let now = current_context().span().map(|span| ids[&span.span_id()]);
                    assert_eq!(now, guards.last().map(|(number, _)| *number));
                }
                drop(guards);
                assert!(current_context().is_empty());
            });
        }
    });
    drop(guard);
}

#[test]
fn ten_thousand_spans_can_be_open_at_once() {
    let read = run("opens_ten_thousand");
    assert_eq!(read.named("open").len(), 10_000);
    assert_eq!(read.by_id().len(), 10_003);
    let mut numbers: Vec<i64> = read.named("open").iter().map(|span| span.int("number")).collect();
    numbers.sort_unstable();
    assert!(numbers.into_iter().eq(0..10_000));
    let unlisted = read.tapes[0].head().unlisted();
    // The table lists 4,096 by default, and each of the others is counted once.
    let listed = read.span("listed meanwhile").int("spans") as u64;
    assert!((3_900..=4_096).contains(&listed), "{listed}");
    assert_eq!(unlisted, 10_000 - listed + 1, "{listed} were listed");
    assert_eq!(read.open(), Vec::<String>::new());
    assert_eq!(read.span("once there was room again").int("listed"), 1);
}

#[test]
#[ignore = "the child of the test above"]
fn opens_ten_thousand() {
    if !is_child() {
        return;
    }
    let guard = telensic::init("many");
    let listed = || {
        let tape = telensic_tape::Tape::open(telensic::tape_path().unwrap()).unwrap();
        tape.open_spans().unwrap().len() as i64
    };
    let open: Vec<Span> = (0..10_000)
        .map(|number| root_span("open").with("number", number))
        .collect();
    // Asked for before the span that carries it is open, which is not listed either.
    let count = listed();
    root_span("listed meanwhile").with("spans", count).end();
    drop(open);
    let mut again = root_span("once there was room again");
    again.set("listed", listed());
    again.end();
    root_span("last").end();
    drop(guard);
}

#[test]
fn children_lie_within_their_parents_in_time() {
    let read = run("nests_at_random");
    let by_id = read.by_id();
    let mut pairs = 0;
    for span in &read.spans {
        assert!(span.start <= span.end, "{span:?}");
        let Some(parent) = span.parent.map(|id| by_id[&id]) else {
            continue;
        };
        assert!(parent.start <= span.start, "{parent:?} {span:?}");
        pairs += 1;
    }
    assert!(pairs > 1000);
    let read = run("nests_strictly");
    let by_id = read.by_id();
    let mut pairs = 0;
    for span in &read.spans {
        if let Some(parent) = span.parent.map(|id| by_id[&id]) {
            assert!(
                parent.start <= span.start && span.end <= parent.end,
                "{parent:?} {span:?}"
            );
            pairs += 1;
        }
    }
    assert_eq!(pairs, 4 * 500 * 7);
}

#[test]
#[ignore = "the child of the test above"]
fn nests_strictly() {
    if !is_child() {
        return;
    }
    fn deeper(depth: u32) {
        let _span = span("deep").entered();
        if depth > 1 {
            deeper(depth - 1);
        }
    }
    let guard = telensic::init("strict");
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| (0..500).for_each(|_| deeper(8)));
        }
    });
    drop(guard);
}
