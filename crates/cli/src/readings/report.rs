//! All that a report says of a run, computed anew from its record.

use std::io::{self, Write};

use telensic::{RunDir, RunError};
use telensic_forensics::critical_path::{CriticalPath, PathOptions};
use telensic_forensics::report::html::ReportInput;
use telensic_forensics::report::{html, markdown};
use telensic_forensics::{Health, RunSummary, RunView};
use telensic_tape::{SpanId, TraceId};

use super::{home, open};
use crate::exit::Failure;
use crate::progress::Progress;

/// How many earlier runs of the profile tell what is usual.
pub(crate) const HISTORY: usize = 20;

/// A run and how it did.
pub(crate) struct Report {
    pub(crate) view: RunView,
    pub(crate) health: Health,
    /// Earlier runs that could not be held against it.
    pub(crate) unreadable: Vec<RunError>,
    path: Option<CriticalPath>,
}

impl Report {
    /// Reads a run and what is usual for its profile.
    pub(crate) fn of(run: RunDir) -> Result<Self, Failure> {
        let view = open(run)?;
        let _progress = Progress::of(format!("examining run {}", view.id()));
        let earlier = home(&view.dir).map(|root| RunSummary::earlier(&root, &view.manifest, HISTORY));
        let (history, unreadable) = earlier.transpose()?.unwrap_or_default();
        let health = Health::of(&view.timeline, &view.manifest, &history);
        Ok(Self {
            path: critical_path(&view, &health),
            view,
            health,
            unreadable,
        })
    }

    /// As Markdown.
    pub(crate) fn markdown(&self) -> String {
        markdown::health(&self.health)
    }

    /// As one HTML page.
    pub(crate) fn write_html(&self, out: &mut impl Write) -> io::Result<()> {
        html::write(out, &self.input())
    }

    /// What a page is made of.
    pub(crate) fn input(&self) -> ReportInput<'_> {
        let provenance = self.view.provenance.as_ref();
        let mut input = ReportInput::new(&self.view.manifest, &self.view.timeline);
        input.health = Some(&self.health);
        input.critical_path = self.path.as_ref();
        // No map with other keys than text: it cannot fail.
        input.provenance = provenance.and_then(|provenance| serde_json::to_value(provenance).ok());
        input
    }
}

fn critical_path(view: &RunView, health: &Health) -> Option<CriticalPath> {
    let root = health.root.as_ref()?;
    let root = view.timeline.find(
        TraceId::from_hex(&root.trace_id)?,
        SpanId::from_hex(&root.span_id)?,
    )?;
    Some(CriticalPath::of(&view.timeline, root, PathOptions::default()))
}
