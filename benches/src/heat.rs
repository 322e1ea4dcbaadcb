//! One heat: one contender in one scenario, alone in its process.
//!
//! 20,000 records warm it up and are delivered. Then the clocks run over the loop and over the
//! delivery of everything that the loop made; nothing is subtracted. Then the proof: everything is
//! read back, the warm-up too.

use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::clock;
use crate::contenders::{Contender, Track};
use crate::scenario::Scenario;
use crate::tally::Tally;
use crate::workload::Rows;

/// What a heat found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heat {
    pub(crate) records: u64,
    /// CPU of all threads, from the first record until the last is delivered.
    pub(crate) process_ns: u64,
    /// CPU of the recording threads over their loops.
    pub(crate) recording_ns: u64,
}

impl Heat {
    pub(crate) fn whole_per_record(&self) -> f64 {
        self.process_ns as f64 / self.records as f64
    }

    pub(crate) fn recording_per_record(&self) -> f64 {
        self.recording_ns as f64 / self.records as f64
    }

    pub(crate) fn to_json(self) -> serde_json::Value {
        serde_json::json!([self.records, self.process_ns, self.recording_ns])
    }

    pub(crate) fn from_json(text: &str) -> Outcome<Self> {
        let [records, process_ns, recording_ns] = serde_json::from_str(text)?;
        Ok(Self {
            records,
            process_ns,
            recording_ns,
        })
    }
}

/// A heat should last about this long, so that a clock's grain or one preemption is lost in it.
const AIM: Duration = Duration::from_millis(200);

/// Runs a heat, its files in `directory`, and verifies what was delivered.
pub(crate) fn run(scenario: Scenario, contender: &Contender, directory: &Path) -> Outcome<Heat> {
    let track = (contender.enter)(scenario, directory)?;
    let course = Course {
        scenario,
        track: &*track,
        admitted: AtomicU64::new(0),
    };

    let warm_up = 0..round_up(20_000, scenario);
    let warm = course.measure(warm_up.clone())?;
    let records = length(scenario, &warm);
    let heat = course.measure(warm_up.end..warm_up.end + records)?;

    let mut tally = Tally::new(scenario, warm_up.end + records);
    track.read_back(&mut tally)?;
    tally.finish()?;
    Ok(heat)
}

/// Half a million records at least; more of them for a contender that would be done too soon.
fn length(scenario: Scenario, warm: &Heat) -> u64 {
    let enough = AIM.as_nanos() as f64 / warm.whole_per_record().max(0.1);
    let limits = if scenario.delivers() {
        (500_000, 2_000_000)
    } else {
        (1_000_000, 100_000_000)
    };
    round_up((enough as u64).clamp(limits.0, limits.1), scenario)
}

fn round_up(records: u64, scenario: Scenario) -> u64 {
    records.next_multiple_of(scenario.chunk() * scenario.threads())
}

struct Course<'a> {
    scenario: Scenario,
    track: &'a dyn Track,
    admitted: AtomicU64,
}

impl Course<'_> {
    fn measure(&self, rows: Range<u64>) -> Outcome<Heat> {
        let records = rows.end - rows.start;
        let start = clock::process_cpu_ns();
        let recording_ns = if self.scenario.threads() == 2 {
            let middle = rows.start + records / 2;
            std::thread::scope(|scope| {
                let other = scope.spawn(|| self.record(middle..rows.end));
                let own = self.record(rows.start..middle)?;
                Ok::<_, String>(own + other.join().map_err(|_| "a recording thread panicked")??)
            })?
        } else {
            self.record(rows)?
        };
        self.track.deliver()?;
        let process_ns = clock::process_cpu_ns() - start;
        Ok(Heat {
            records,
            process_ns,
            recording_ns,
        })
    }

    /// Records rows on this thread and returns what that took of its CPU time.
    fn record(&self, rows: Range<u64>) -> Result<u64, String> {
        let start = clock::thread_cpu_ns();
        let chunk = self.scenario.chunk();
        for first in rows.step_by(chunk as usize) {
            self.admit(chunk)?;
            self.track.record(Rows::new(first..first + chunk));
        }
        Ok(clock::thread_cpu_ns() - start)
    }

    /// Sleeps when more is under way than a background thread can take without dropping, until it has
    /// worked off three quarters. So recording goes in bursts, and two threads do record at once, in
    /// place of each being woken for one chunk; asleep they cost nothing.
    fn admit(&self, chunk: u64) -> Result<(), String> {
        let Some(backlog) = self.track.backlog() else {
            return Ok(());
        };
        let admitted = self.admitted.fetch_add(chunk, Ordering::Relaxed) + chunk;
        let under_way = || admitted.saturating_sub(backlog.sink.records());
        if under_way() <= backlog.limit {
            return Ok(());
        }
        let since = Instant::now();
        while under_way() > backlog.limit / 4 {
            if since.elapsed() > Duration::from_secs(20) {
                return Err("a backlog stood still for 20 s: records were dropped".to_owned());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }
}
