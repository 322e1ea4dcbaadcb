//! What the process takes of the machine, by the names that Prometheus' own clients use. From `/proc`; where there is none,
//! there are no such metrics.

use std::fs;
use std::sync::LazyLock;

use telensic_run::names::metric;

use super::registry::global;
use super::{Counter, Family, Gauge};

struct Families {
    cpu_seconds: Family<Counter>,
    resident: Family<Gauge>,
    virtual_memory: Family<Gauge>,
    threads: Family<Gauge>,
    open_files: Family<Gauge>,
    most_files: Family<Gauge>,
    start: Family<Gauge>,
}

static FAMILIES: LazyLock<Families> = LazyLock::new(|| {
    let registry = global();
    Families {
        cpu_seconds: registry.standard(&metric::PROCESS_CPU_SECONDS_TOTAL),
        resident: registry.standard(&metric::PROCESS_RESIDENT_MEMORY_BYTES),
        virtual_memory: registry.standard(&metric::PROCESS_VIRTUAL_MEMORY_BYTES),
        threads: registry.standard(&metric::PROCESS_THREADS),
        open_files: registry.standard(&metric::PROCESS_OPEN_FDS),
        most_files: registry.standard(&metric::PROCESS_MAX_FDS),
        start: registry.standard(&metric::PROCESS_START_TIME_SECONDS),
    }
});

/// Clock ticks a second, in which the kernel tells CPU time to programs: the same on every Linux.
const TICKS: f64 = 100.0;

/// Measures, if there is a `/proc`.
pub(super) fn observe() {
    let Ok(stat) = fs::read_to_string("/proc/self/stat") else {
        return;
    };
    let families = &*FAMILIES;
    let set = |family: &Family<Gauge>, value: Option<f64>| {
        if let Some(value) = value {
            family.alone().set(value);
        }
    };
    // After the name, which is in brackets and may hold anything, the fields have numbers from 3 on.
    let rest = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let fields: Vec<f64> = rest
        .split_whitespace()
        .map(|field| field.parse().unwrap_or(0.0))
        .collect();
    let field = |number: usize| fields.get(number - 3).copied();
    if let (Some(user), Some(system)) = (field(14), field(15)) {
        let counter = families.cpu_seconds.alone();
        counter.add_f64(((user + system) / TICKS - counter.value()).max(0.0));
    }
    set(&families.threads, field(20));
    set(&families.virtual_memory, field(23));
    let boot = fs::read_to_string("/proc/stat").ok().and_then(|stat| {
        let line = stat.lines().find_map(|line| line.strip_prefix("btime "))?;
        line.trim().parse::<f64>().ok()
    });
    let start = boot.zip(field(22)).map(|(boot, ticks)| boot + ticks / TICKS);
    set(&families.start, start);

    // In kB, whatever the size of a page is.
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = resident.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok());
    set(&families.resident, kilobytes.map(|kilobytes| kilobytes * 1024.0));

    // The directory is itself open while it is listed.
    let open = fs::read_dir("/proc/self/fd").map(|entries| entries.count().saturating_sub(1));
    set(&families.open_files, open.ok().map(|count| count as f64));
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let most = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"));
    let most = most.and_then(|line| line.split_whitespace().next()?.parse().ok());
    set(&families.most_files, most);
}
