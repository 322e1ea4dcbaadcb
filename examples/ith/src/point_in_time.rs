//! A series as it was known at a bar: every look at it is recorded with the time up to which it speaks.
//!
//! Invariant: what is handed out has been recorded as a `data.load`, so a decision that rests on what was known only later
//! can be told from the record alone.

use sha2::{Digest, Sha256};
use telensic::events::{DataLoad, Moment};

use crate::ith::NavSeries;

/// A series of which nobody sees more than is recorded.
#[derive(Debug)]
pub struct PointInTime<'a>(&'a NavSeries);

impl<'a> PointInTime<'a> {
    /// Of this series.
    pub fn of(series: &'a NavSeries) -> Self {
        Self(series)
    }

    /// What was known after so many bars.
    pub fn first(&self, bars: usize) -> NavSeries {
        let known = self.0.first(bars);
        let mut read = DataLoad::new(format!("nav/{}", known.name))
            .sha256_hash(hash(&known))
            .row_count(known.nav.len());
        if let Some(last) = known.times.last() {
            read = read.event_time(Moment(*last)).as_of(Moment(*last));
        }
        telensic::record(&read);
        known
    }

    /// All of it, whatever was known when.
    pub fn whole(&self) -> NavSeries {
        self.first(self.0.nav.len())
    }

    /// How many bars there are.
    pub fn bars(&self) -> usize {
        self.0.nav.len()
    }
}

fn hash(series: &NavSeries) -> String {
    hex(&Sha256::digest(series.bytes()))
}

/// Bytes as hex digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
