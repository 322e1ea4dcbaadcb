//! Wall clock, CPU time of all threads, the peak of memory, and what was read from the disk and not from its cache.

use std::fs;
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use serde::{Deserialize, Serialize};
use telensic_benches::{Outcome, clock};

/// What a piece of work took.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Effort {
    pub(crate) wall_ns: u64,
    pub(crate) cpu_ns: u64,
    /// The most memory that the process had at once since it began, mapped files included.
    pub(crate) peak_bytes: u64,
    pub(crate) disk_bytes: u64,
}

/// Whose work is measured.
#[derive(Clone, Copy)]
pub(crate) enum Whose {
    /// This process's own, that of programs it starts left out.
    This,
    /// That of the programs it starts and waits for.
    Programs,
}

/// Measures from its start on.
pub(crate) struct Stopwatch {
    whose: Whose,
    cpu_ns: u64,
    disk_bytes: u64,
    begun: Instant,
}

impl Stopwatch {
    pub(crate) fn start(whose: Whose) -> Outcome<Self> {
        Ok(Self {
            whose,
            cpu_ns: cpu_ns(whose)?,
            disk_bytes: disk_bytes()?,
            begun: Instant::now(),
        })
    }

    pub(crate) fn stop(self) -> Outcome<Effort> {
        let wall_ns = self.begun.elapsed().as_nanos() as u64;
        Ok(Effort {
            wall_ns,
            cpu_ns: cpu_ns(self.whose)? - self.cpu_ns,
            peak_bytes: peak_bytes(self.whose)?,
            disk_bytes: disk_bytes()? - self.disk_bytes,
        })
    }
}

fn cpu_ns(whose: Whose) -> Outcome<u64> {
    match whose {
        Whose::This => Ok(clock::process_cpu_ns()),
        Whose::Programs => {
            let used = getrusage(UsageWho::RUSAGE_CHILDREN)?;
            let times = [used.user_time(), used.system_time()];
            let times = times.map(|time| time.tv_sec() * 1_000_000_000 + time.tv_usec() * 1_000);
            Ok(u64::try_from(times.iter().sum::<i64>())?)
        }
    }
}

fn peak_bytes(whose: Whose) -> Outcome<u64> {
    match whose {
        Whose::This => Ok(number("/proc/self/status", "VmHWM:")? << 10),
        Whose::Programs => {
            let used = getrusage(UsageWho::RUSAGE_CHILDREN)?;
            Ok(u64::try_from(used.max_rss())? << 10)
        }
    }
}

/// What this process and the programs it waited for had fetched from a disk.
fn disk_bytes() -> Outcome<u64> {
    number("/proc/self/io", "read_bytes:")
}

fn number(file: &str, key: &str) -> Outcome<u64> {
    let text = fs::read_to_string(file).map_err(|error| format!("cannot read {file}: {error}"))?;
    let line = text.lines().find_map(|line| line.strip_prefix(key));
    let word = line.and_then(|line| line.split_whitespace().next());
    Ok(word
        .ok_or_else(|| format!("there is no {key} in {file}"))?
        .parse()?)
}
