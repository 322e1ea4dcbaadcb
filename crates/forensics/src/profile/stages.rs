//! To which stage samples belong: that of the innermost stage span above the one they were taken in.

use hashbrown::HashMap;
use telensic_run::names::span::STAGE_PREFIX;
use telensic_tape::{SpanId, TraceId};

use super::{CpuProfile, Stack};
use crate::Timeline;

impl CpuProfile {
    /// Notes with each sample the stage that its span belongs to, across processes. What is in a span that no tape tells
    /// of keeps what it has.
    pub fn settle_stages(&mut self, timeline: &Timeline) {
        let mut known = HashMap::new();
        for stack in &mut self.stacks {
            let Some(span) = stack.span else { continue };
            let stage = known.entry(span).or_insert_with(|| stage_of(timeline, span));
            if stage.is_some() {
                stack.stage.clone_from(stage);
            }
        }
    }

    /// The stages that it has samples of, by name.
    pub fn stages(&self) -> Vec<String> {
        let mut stages: Vec<String> = self
            .stacks
            .iter()
            .filter_map(|stack| stack.stage.clone())
            .collect();
        stages.sort_unstable();
        stages.dedup();
        stages
    }

    /// The samples of one stage.
    pub fn stacks_of<'a>(&'a self, stage: &'a str) -> impl Iterator<Item = &'a Stack> {
        let is_of_it = move |stack: &&Stack| stack.stage.as_deref() == Some(stage);
        self.stacks.iter().filter(is_of_it)
    }
}

fn stage_of(timeline: &Timeline, (trace_id, span_id): (TraceId, SpanId)) -> Option<String> {
    let mut at = timeline.find(trace_id, span_id);
    while let Some(index) = at {
        let span = timeline.span(index);
        if let Some(stage) = timeline.text(span.name).strip_prefix(STAGE_PREFIX) {
            return Some(stage.to_owned());
        }
        at = span.parent;
    }
    None
}
