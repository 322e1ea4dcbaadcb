//! Where in the pipeline a record was made: its sleeve, its stage, and the path that leads there from the root.
//!
//! A *sleeve* is a `run_pipeline` span, a *stage* a `run_stage:<id>` span; a record belongs to the innermost of each that
//! it was made in. A path is made of names and of the attributes that tell branches of one name apart, never of ids
//! or times, so the same branch has the same path in every run.

use std::fmt::Write;

use telensic_run::names::{key, span as span_name};
use telensic_tape::otlp::AnyView;

use crate::Timeline;
use crate::timeline::{Span, SpanIndex};

/// What tells spans of one name apart, in every run alike. Not the profile, which is the run's, and which a span that is
/// still open could not say.
const IDENTITY: &[&str] = &[
    "sleeve_id",
    "sleeve",
    key::SYMBOL,
    "timeframe",
    key::STRATEGY,
    key::PROVIDER,
    key::OPERATION,
    "position_type",
];

/// Longer paths lose their middle.
const LONGEST_PATH: usize = 16;

/// The sleeve and the stage of every span.
#[derive(Debug)]
pub struct Places {
    sleeves: Vec<Option<SpanIndex>>,
    stages: Vec<Option<SpanIndex>>,
}

impl Places {
    /// Those of all spans of this timeline.
    pub fn of(timeline: &Timeline) -> Self {
        let mut is_known = vec![false; timeline.spans().len()];
        let mut places = Self {
            sleeves: vec![None; is_known.len()],
            stages: vec![None; is_known.len()],
        };
        let mut way = Vec::new();
        for start in timeline.indices() {
            let mut at = Some(start);
            while let Some(span) = at.filter(|span| !is_known[span.index()]) {
                way.push(span);
                at = timeline.span(span).parent;
            }
            while let Some(span) = way.pop() {
                is_known[span.index()] = true;
                places.enter(timeline, span);
            }
        }
        places
    }

    /// The place of a span whose parent's is known.
    fn enter(&mut self, timeline: &Timeline, span: SpanIndex) {
        let row = timeline.span(span);
        let name = timeline.text(row.name);
        let inherited = |places: &[Option<SpanIndex>]| row.parent.and_then(|parent| places[parent.index()]);
        let sleeve = (name == span_name::RUN_PIPELINE).then_some(span);
        let stage = name.starts_with(span_name::STAGE_PREFIX).then_some(span);
        self.sleeves[span.index()] = sleeve.or_else(|| inherited(&self.sleeves));
        self.stages[span.index()] = stage.or_else(|| inherited(&self.stages));
    }

    /// The sleeve that a record made in this span belongs to.
    pub fn sleeve(&self, span: Option<SpanIndex>) -> Option<SpanIndex> {
        self.sleeves[span?.index()]
    }

    /// The stage that a record made in this span belongs to.
    pub fn stage(&self, span: Option<SpanIndex>) -> Option<SpanIndex> {
        self.stages[span?.index()]
    }

    /// The sleeve, or else the stage: the part of the pipeline that keeps a state of its own.
    pub fn unit(&self, span: Option<SpanIndex>) -> Option<SpanIndex> {
        self.sleeve(span).or_else(|| self.stage(span))
    }
}

/// The name of a span with what tells it from its siblings: `run_pipeline[symbol=BTCUSDT]`.
pub fn label(timeline: &Timeline, span: SpanIndex) -> String {
    let name = timeline.text(timeline.span(span).name);
    let mut label = name.to_owned();
    let mut is_first = true;
    for (key, value) in identity(timeline, span) {
        // `pipeline:nightly` need not say once more that its profile is nightly.
        if name.contains(&value) {
            continue;
        }
        let opening = if is_first { "[" } else { ", " };
        is_first = false;
        // Writing to a text cannot fail.
        let _ = write!(label, "{opening}{key}={value}");
    }
    if !is_first {
        label.push(']');
    }
    label
}

/// The attributes that tell a span from its siblings, in a fixed order.
fn identity(timeline: &Timeline, span: SpanIndex) -> Vec<(&'static str, String)> {
    let Some(view) = timeline.span_view(span) else {
        return Vec::new();
    };
    let mut found: Vec<(usize, String)> = view
        .attributes()
        .flatten()
        .filter_map(|pair| {
            let place = IDENTITY.iter().position(|key| *key == pair.key)?;
            let value = match pair.value {
                AnyView::Str(text) => text.to_owned(),
                AnyView::I64(int) => int.to_string(),
                _ => return None,
            };
            Some((place, value))
        })
        .collect();
    found.sort_unstable();
    found
        .into_iter()
        .map(|(place, value)| (IDENTITY[place], value))
        .collect()
}

/// The labels from the root down to this span: `pipeline:nightly / run_stage:analyse / run_pipeline[symbol=BTCUSDT]`.
pub fn path(timeline: &Timeline, span: Option<SpanIndex>) -> String {
    let mut labels: Vec<String> = Vec::new();
    let mut at = span;
    while let Some(index) = at {
        let row: &Span = timeline.span(index);
        if labels.len() == LONGEST_PATH {
            labels.push("...".to_owned());
            break;
        }
        labels.push(label(timeline, index));
        at = row.parent;
    }
    labels.reverse();
    if labels.is_empty() {
        return "outside any span".to_owned();
    }
    labels.join(" / ")
}
