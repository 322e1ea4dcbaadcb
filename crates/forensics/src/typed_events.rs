//! The typed events of a run, in the order of their times.

use telensic_run::event::EventRecord;

use crate::Timeline;
use crate::timeline::{Name, SpanIndex};

/// A typed event and where it was recorded.
#[derive(Debug)]
pub(crate) struct Recorded {
    pub(crate) span: Option<SpanIndex>,
    pub(crate) event: EventRecord,
}

/// The events with one of these names. Records that are no OTLP are none: the timeline lists them as damage.
pub(crate) fn named<'a>(timeline: &'a Timeline, names: &[&str]) -> impl Iterator<Item = Recorded> + use<'a> {
    let wanted: Vec<Name> = names
        .iter()
        .filter_map(|name| timeline.names().find(name))
        .collect();
    timeline.log_indices().filter_map(move |at| {
        let log = timeline.log(at);
        log.event.filter(|name| wanted.contains(name))?;
        let event = EventRecord::of(&timeline.log_view(at)?).ok().flatten()?;
        Some(Recorded {
            span: log.span,
            event,
        })
    })
}
