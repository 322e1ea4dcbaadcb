//! Whatever is attached and whichever guard is dropped next: the current span and baggage of Telensic are those of
//! OpenTelemetry, and what was entered of Telensic's own meanwhile goes as it came.

use opentelemetry::baggage::BaggageExt as _;
use opentelemetry::trace::{TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, ContextGuard, KeyValue, global};
use telensic::opentelemetry::from_context;
use telensic::{current_context, span};

use crate::support::{Random, is_child, recorded};

#[test]
fn the_current_context_is_the_same_for_both_after_every_step() {
    let read = recorded("any_order_of_guards_keeps_the_contexts_equal::attaches_and_drops");
    assert!(read.named("attached").len() > 300);
    assert_eq!(read.open(), Vec::<String>::new());
}

#[test]
#[ignore = "the child of the test above"]
fn attaches_and_drops() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("order");
    telensic::opentelemetry::install();
    for seed in 0..40 {
        let mut random = Random(seed);
        let mut guards: Vec<ContextGuard> = Vec::new();
        let mut made = vec![Context::new()];
        for _ in 0..100 {
            if !guards.is_empty() && random.below(5) < 2 {
                let dropped = random.below(guards.len() as u64) as usize;
                drop(guards.remove(dropped));
            } else {
                let context = context(&mut random, &made);
                made.push(context.clone());
                guards.push(context.attach());
            }
            assert_eq!(
                current_context(),
                from_context(&Context::current()),
                "seed {seed}"
            );
            let own = span("own").entered();
            let within = random.below(2) == 0;
            let attached = within.then(|| Context::current().attach());
            assert_eq!(
                current_context().span().copied(),
                own.span_context(),
                "seed {seed}"
            );
            drop(own);
            drop(attached);
        }
        while !guards.is_empty() {
            let dropped = random.below(guards.len() as u64) as usize;
            drop(guards.remove(dropped));
        }
        assert!(current_context().is_empty(), "seed {seed}");
    }
}

/// One that may be attached next: new in one way or the other, or one that was there before.
fn context(random: &mut Random, made: &[Context]) -> Context {
    let current = Context::current();
    match random.below(6) {
        0 | 1 => current.with_span(global::tracer("library").start("attached")),
        2 => current.with_value(5_u8),
        3 => current.with_baggage([KeyValue::new("step", random.below(3).to_string())]),
        4 => Context::new(),
        _ => made[random.below(made.len() as u64) as usize].clone(),
    }
}
