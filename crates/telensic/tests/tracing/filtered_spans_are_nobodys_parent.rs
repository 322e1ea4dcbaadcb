//! What a filter keeps from this layer has no part in anything: the nearest span that was seen is the parent.

use std::sync::{Arc, Mutex};

use telensic::{current_context, span};
use tracing::{Level, debug_span, error, info, info_span};
use tracing_subscriber::filter::{LevelFilter, Targets, filter_fn};
use tracing_subscriber::layer::{Layer, SubscriberExt as _};
use tracing_subscriber::reload;

use crate::support::{Read, is_child, recorded};

fn run(scenario: &str) -> Read {
    recorded(&format!("filtered_spans_are_nobodys_parent::{scenario}"))
}

/// A layer beside ours, which sees everything.
#[derive(Clone, Default)]
struct Names(Arc<Mutex<Vec<&'static str>>>);

impl<S: tracing::Subscriber> Layer<S> for Names {
    fn on_new_span(
        &self,
        attributes: &tracing::span::Attributes<'_>,
        _: &tracing::span::Id,
        _: tracing_subscriber::layer::Context<'_, S>,
    ) {
        self.0.lock().unwrap().push(attributes.metadata().name());
    }
}

#[test]
fn the_parent_is_the_nearest_span_that_was_seen() {
    let read = run("filters_by_layer");
    let names: Vec<&str> = read.spans.iter().map(|span| span.name.as_str()).collect();
    assert!(
        !names.contains(&"unseen") && !names.contains(&"unseen root"),
        "{names:?}"
    );
    let outer = read.span("outer");
    for name in ["contextual", "own", "of an unseen one", "of one twice removed"] {
        assert_eq!(read.span(name).parent, Some(outer.id), "{name}");
    }
    let orphan = read.span("of an unseen root");
    assert_eq!(orphan.parent, None);
    assert_ne!(orphan.trace, outer.trace);
    assert_eq!(read.log("in an unseen one").span, Some(outer.id));
    assert_eq!(read.log("of an unseen one").span, Some(outer.id));
    assert_eq!((outer.status, outer.message.as_str()), (2, "of an unseen one"));
    assert_eq!(read.open(), Vec::<String>::new());
}

#[test]
#[ignore = "the child of the test above"]
fn filters_by_layer() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("filters");
    let all = Names::default();
    let subscriber = tracing_subscriber::registry()
        .with(all.clone())
        .with(telensic::tracing_layer().with_filter(LevelFilter::INFO))
        .with(Names::default().with_filter(LevelFilter::ERROR));
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let unseen_root = debug_span!("unseen root");
    {
        let _outer = info_span!("outer").entered();
        let unseen = debug_span!("unseen").entered();
        let deeper = debug_span!("unseen").entered();
        drop(info_span!("contextual"));
        span("own").end();
        info!("in an unseen one");
        drop(info_span!(parent: &*unseen, "of an unseen one"));
        drop(info_span!(parent: &*deeper, "of one twice removed"));
        error!(parent: &*deeper, "of an unseen one");
        deeper.record("late", 1);
        deeper.follows_from(&*unseen);
    }
    drop(info_span!(parent: &unseen_root, "of an unseen root"));
    assert!(current_context().is_empty());
    assert_eq!(all.0.lock().unwrap().len(), 8);
}

#[test]
fn filters_by_target_and_by_function_and_layers_in_a_vector_work() {
    let read = run("filters_by_target");
    let mut names: Vec<&str> = read.spans.iter().map(|span| span.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["kept", "kept below"]);
    assert_eq!(read.span("kept below").parent, Some(read.span("kept").id));
}

#[test]
#[ignore = "the child of the test above"]
fn filters_by_target() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("targets");
    let targets: Targets = "orders=debug".parse().unwrap();
    let layer = telensic::tracing_layer()
        .with_filter(filter_fn(|metadata| metadata.name() != "left out"))
        .with_filter(targets);
    let layers: Vec<Box<dyn Layer<tracing_subscriber::Registry> + Send + Sync>> = vec![layer.boxed()];
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layers)).unwrap();
    let _kept = tracing::span!(target: "orders", Level::INFO, "kept").entered();
    let _left_out = tracing::span!(target: "orders", Level::INFO, "left out").entered();
    let _other = tracing::span!(target: "quotes", Level::INFO, "other target").entered();
    drop(tracing::span!(target: "orders", Level::DEBUG, "kept below"));
    drop(tracing::span!(target: "orders", Level::TRACE, "too fine"));
}

#[test]
fn a_filter_that_is_changed_takes_effect_from_then_on() {
    let read = run("reloads");
    let mut names: Vec<&str> = read.spans.iter().map(|span| span.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["across", "seen after", "seen before"]);
    assert_eq!(read.span("seen after").parent, Some(read.span("across").id));
    assert_eq!(read.open(), Vec::<String>::new());
}

#[test]
#[ignore = "the child of the test above"]
fn reloads() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("reloads");
    let (filter, handle) = reload::Layer::new(LevelFilter::INFO);
    let subscriber = tracing_subscriber::registry()
        .with(filter)
        .with(telensic::tracing_layer());
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let fine = |name: &'static str| drop(debug_span!("fine", otel.name = name));
    drop(info_span!("seen before"));
    fine("not seen before");
    let across = info_span!("across").entered();
    handle.reload(LevelFilter::DEBUG).unwrap();
    fine("seen after");
    handle.reload(LevelFilter::OFF).unwrap();
    drop(info_span!("off"));
    drop(across);
    assert!(current_context().is_empty());
}
