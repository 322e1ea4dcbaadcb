//! What a report is made of.

use serde_json::Value;
use telensic_run::Manifest;

use super::Thinning;
use crate::critical_path::CriticalPath;
use crate::health::Health;
use crate::pack::PackContents;
use crate::timeline::Timeline;

/// What a report is made of. All but the run itself may be missing; the page then has no such part.
#[derive(Clone, Debug)]
pub struct ReportInput<'a> {
    /// What the run is and how it ended.
    pub manifest: &'a Manifest,
    /// All that its processes recorded.
    pub timeline: &'a Timeline,
    /// How it did.
    pub health: Option<&'a Health>,
    /// Where the time went.
    pub critical_path: Option<&'a CriticalPath>,
    /// What `provenance.json` says.
    pub provenance: Option<Value>,
    /// The sealed files, for an evidence pack.
    pub pack: Option<&'a PackContents>,
    /// How much of a huge run is shown.
    pub thinning: Thinning,
}

impl<'a> ReportInput<'a> {
    /// A report of what was recorded, and nothing else yet.
    pub fn new(manifest: &'a Manifest, timeline: &'a Timeline) -> Self {
        Self {
            manifest,
            timeline,
            health: None,
            critical_path: None,
            provenance: None,
            pack: None,
            thinning: Thinning::default(),
        }
    }
}
