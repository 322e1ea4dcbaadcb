//! Which spans are executions of stages, and in which stage every span lies.

use hashbrown::HashMap;
use memchr::memmem;
use serde::Serialize;
use telensic_run::names;

use super::attributes;
use super::nearest::Nearest;
use crate::timeline::{SpanIndex, Timeline};

/// What the stages of a run are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StageBasis {
    /// Spans called `run_stage:<id>` or with a `stage_id`.
    Standard,
    /// The program knows no stages: the children of its root, by name.
    TopLevel,
}

/// The stages of a run, in the order of their beginning.
pub(super) struct Stages {
    pub(super) basis: StageBasis,
    pub(super) ids: Vec<String>,
    /// The spans of each, by start.
    pub(super) executions: Vec<Vec<SpanIndex>>,
    nearest: Nearest,
}

impl Stages {
    pub(super) fn of(timeline: &Timeline, root: Option<SpanIndex>) -> Self {
        let mut ids = Ids::default();
        let mut basis = StageBasis::Standard;
        ids.add_standard(timeline);
        if ids.texts.is_empty() {
            basis = StageBasis::TopLevel;
            for child in root.map_or(&[][..], |root| timeline.children(root)) {
                let number = ids.number(timeline.text(timeline.span(*child).name));
                ids.marks.insert(*child, number);
            }
        }
        let nearest = Nearest::of(timeline, |span| ids.marks.get(&span).copied());
        let mut executions = vec![Vec::new(); ids.texts.len()];
        let mut marks: Vec<_> = ids.marks.into_iter().collect();
        marks.sort_unstable();
        for (span, number) in marks {
            let around = timeline.span(span).parent.and_then(|parent| nearest.at(parent));
            if around != Some(number) {
                executions[number as usize].push(span);
            }
        }
        Self {
            basis,
            ids: ids.texts,
            executions,
            nearest,
        }
    }

    /// The number of the stage that a span lies in.
    pub(super) fn around(&self, span: SpanIndex) -> Option<usize> {
        self.nearest.at(span).map(|number| number as usize)
    }
}

#[derive(Default)]
struct Ids {
    texts: Vec<String>,
    numbers: HashMap<String, u32>,
    marks: HashMap<SpanIndex, u32>,
}

impl Ids {
    fn number(&mut self, id: &str) -> u32 {
        if let Some(number) = self.numbers.get(id) {
            return *number;
        }
        let number = self.texts.len() as u32;
        self.texts.push(id.to_owned());
        self.numbers.insert(id.to_owned(), number);
        number
    }

    fn add_standard(&mut self, timeline: &Timeline) {
        // Attributes are parsed only where the key's bytes occur at all.
        let key = memmem::Finder::new(names::key::STAGE_ID);
        for index in timeline.indices() {
            let name = timeline.text(timeline.span(index).name);
            if let Some(id) = name.strip_prefix(names::span::STAGE_PREFIX) {
                let number = self.number(id);
                self.marks.insert(index, number);
                continue;
            }
            let has_key = timeline
                .span_record(index)
                .is_some_and(|record| key.find(record).is_some());
            if !has_key {
                continue;
            }
            let view = timeline.span_view(index);
            if let Some(id) = view.and_then(|view| attributes::word(&view, &[names::key::STAGE_ID])) {
                let number = self.number(&id);
                self.marks.insert(index, number);
            }
        }
    }
}
