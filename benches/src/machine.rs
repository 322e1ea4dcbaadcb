//! On what a benchmark was run, without a date: the same machine gives the same line.

use std::fs;

/// CPU, cores, kernel, compiler.
pub fn describe() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let kernel = if kernel.is_empty() {
        "unknown"
    } else {
        kernel.trim()
    };
    let system = std::env::consts::OS;
    format!(
        "{}, {cores} cores, {system} {kernel}, {}",
        cpu_model(),
        env!("BENCH_RUSTC_VERSION")
    )
}

fn cpu_model() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    model.map_or_else(
        || std::env::consts::ARCH.to_owned(),
        |(_, name)| name.trim().to_owned(),
    )
}
