//! The layer: what `tracing` tells of spans and events, told to the recorder.
//!
//! Invariant: entering a span puts its context on the thread's own stack of contexts, with spans of Telensic's own, so
//! that either is the other's parent, and what this layer was not shown is nobody's.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use tracing_core::dispatcher::WeakDispatch;
use tracing_core::span::{Attributes, Id, Record};
use tracing_core::subscriber::Interest;
use tracing_core::{Dispatch, Event, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer;
use tracing_subscriber::registry::LookupSpan;

use telensic_tape::Clock;

use super::callsite::Callsite;
use super::event::{self, Echo};
use super::fields::Fields;
use super::location;
use super::newest::Newest;
use super::open::OpenSpans;
use super::span_fields::{Beginning, Late, New, set_failed};
use crate::SpanBuilder;
use crate::context::Context;
use crate::log::Kind;
use crate::recorder::{Recorder, active};
use crate::thread::{KEPT, ThreadState};

/// A layer for a `tracing` subscriber: its spans and events are recorded as Telensic's.
///
/// ```
/// use tracing_subscriber::layer::SubscriberExt;
///
/// let subscriber = tracing_subscriber::registry().with(telensic::tracing_layer());
/// # let _default = tracing::subscriber::set_default(subscriber);
/// # /*
/// tracing::subscriber::set_global_default(subscriber)?;
/// # */
/// ```
pub fn tracing_layer() -> TracingLayer {
    TracingLayer::new()
}

/// Records what a `tracing` subscriber is told.
#[derive(Debug)]
pub struct TracingLayer {
    /// Tells its spans from those of another subscriber on the same thread.
    owner: u32,
    open: OpenSpans,
    /// The subscriber that this is a layer of.
    dispatch: OnceLock<WeakDispatch>,
    with_location: bool,
    /// What events are, for the level that is kept.
    kind: Kind,
}

impl Default for TracingLayer {
    fn default() -> Self {
        Self::new()
    }
}

/// What opened in it starts a new trace.
const ROOT: &Context = &Context::new();

impl TracingLayer {
    /// A layer that records names, fields, levels and targets.
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        Self {
            owner: NEXT.fetch_add(1, Ordering::Relaxed),
            open: OpenSpans::default(),
            dispatch: OnceLock::new(),
            with_location: false,
            kind: Kind::Line,
        }
    }

    /// Whether spans and log records say where in the source they come from (`code.file.path`, `code.line.number`).
    /// Off by default: the name and the target nearly always tell, and each costs bytes on every record.
    #[must_use]
    pub fn with_location(mut self, with_location: bool) -> Self {
        self.with_location = with_location;
        self
    }

    /// Whether events of every level are recorded, also those below [`crate::Builder::log_level`]: for a subscriber that
    /// has a filter of its own.
    #[must_use]
    pub fn with_every_level(mut self, every_level: bool) -> Self {
        self.kind = if every_level { Kind::Filtered } else { Kind::Line };
        self
    }

    /// Of what was given an explicit parent, or none: the span it is in, if this layer was shown any, and the context.
    #[cold]
    fn explicit<S: Subscriber + for<'s> LookupSpan<'s>>(
        &self,
        parent: Option<&Id>,
    ) -> (Option<u64>, Context) {
        let Some(parent) = parent else {
            return (None, ROOT.clone());
        };
        let seen = Some(token(parent)).filter(|id| self.open.context(*id).is_some());
        let seen = seen.or_else(|| self.nearest_ancestor::<S>(parent));
        let context = seen.and_then(|id| self.open.context(id));
        let context = context.unwrap_or_else(|| match Recorder::current() {
            Some(recorder) => recorder.origin().clone(),
            None => Context::new(),
        });
        (seen, context)
    }

    /// The nearest span above one that this layer was not shown.
    fn nearest_ancestor<S: Subscriber + for<'s> LookupSpan<'s>>(&self, unseen: &Id) -> Option<u64> {
        let dispatch = self.dispatch.get()?.upgrade()?;
        let spans = dispatch.downcast_ref::<S>()?;
        let mut above = spans.span(unseen)?.parent();
        while let Some(span) = above {
            let id = token(&span.id());
            if self.open.context(id).is_some() {
                return Some(id);
            }
            above = span.parent();
        }
        None
    }
}

/// What a span is called on the thread's stack and among the open ones. The bit that is lost only ever tells a span
/// from one that had its place in the registry long before.
#[inline]
fn token(id: &Id) -> u64 {
    id.into_u64() | KEPT
}

impl<S: Subscriber + for<'s> LookupSpan<'s>> Layer<S> for TracingLayer {
    fn on_register_dispatch(&self, subscriber: &Dispatch) {
        // The first one: a layer belongs to one subscriber.
        let _ = self.dispatch.set(subscriber.downgrade());
    }

    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        Callsite::of(metadata);
        Interest::always()
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, _: layer::Context<'_, S>) {
        if active() == 0 {
            return;
        }
        let callsite = Callsite::of(attributes.metadata());
        let mut beginning = Beginning {
            callsite,
            name: None,
            kind: None,
        };
        if callsite.names_itself {
            attributes.record(&mut beginning);
        }
        let parent = (!attributes.is_contextual()).then(|| self.explicit::<S>(attributes.parent()));
        let name = beginning.name.as_deref().unwrap_or(callsite.metadata.name());
        let mut builder = SpanBuilder::new(name)
            .scope(callsite.scope)
            .kind(beginning.kind.unwrap_or_default());
        if let Some((_, parent)) = &parent {
            builder = builder.parent(parent);
        }
        let mut span = builder.start().movable();
        span.edit(|data| {
            attributes.record(&mut Fields {
                callsite,
                target: &mut New(data),
            });
            if self.with_location {
                location::put(callsite.metadata, |key, value| data.set(key, value));
            }
        });
        let id = token(id);
        Newest::note(self.owner, id, &span);
        self.open.insert(id, span, callsite);
        Echo::expect_span(callsite);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: layer::Context<'_, S>) {
        let id = token(id);
        let Some(callsite) = self.open.recorded(id) else {
            return;
        };
        let mut late = Late { open: &self.open, id };
        values.record(&mut Fields {
            callsite,
            target: &mut late,
        });
        Echo::expect_span(callsite);
    }

    fn on_follows_from(&self, id: &Id, follows: &Id, _: layer::Context<'_, S>) {
        if let Some(to) = self.open.context(token(follows)) {
            self.open.edit(token(id), |span| span.link(&to, |_| {}));
        }
    }

    fn on_event(&self, event: &Event<'_>, subscriber: layer::Context<'_, S>) {
        if active() == 0 {
            return;
        }
        let callsite = Callsite::of(event.metadata());
        let parent = (!event.is_contextual()).then(|| self.explicit::<S>(event.parent()));
        let context = parent.as_ref().map(|(_, context)| context);
        let Some(failure) = event::record(event, callsite, context, self.kind, self.with_location) else {
            return;
        };
        let failed = match parent {
            Some((span, _)) => span,
            None => subscriber.lookup_current().map(|span| token(&span.id())),
        };
        if let Some(span) = failed {
            self.open.edit(span, |span| set_failed(span, &failure));
        }
    }

    fn on_enter(&self, id: &Id, _: layer::Context<'_, S>) {
        let id = token(id);
        let (context, unsampled) = match Newest::take(self.owner, id) {
            Some(span) => (Context::of_span(span), false),
            None => match self.open.to_enter(id) {
                Some(found) => found,
                None => return,
            },
        };
        ThreadState::with(|thread| thread.push_kept(self.owner, id, context, unsampled));
    }

    fn on_exit(&self, id: &Id, _: layer::Context<'_, S>) {
        let id = token(id);
        ThreadState::with(|thread| thread.pop_kept(self.owner, id));
        self.open.leave(id, Clock::get().now());
    }

    fn on_close(&self, id: Id, _: layer::Context<'_, S>) {
        self.open.close(token(&id));
    }
}
