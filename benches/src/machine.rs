//! On what the race was run, without a date: the same machine gives the same line.

use std::fs;

/// CPU, cores, kernel, compiler.
pub(crate) fn describe() -> String {
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
        env!("RACE_RUSTC_VERSION")
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

/// The rivals and the versions that the manifest pins them to.
pub(crate) fn rivals() -> String {
    let manifest = include_str!("../Cargo.toml");
    let pinned = manifest.lines().filter_map(|line| {
        let (name, rest) = line.split_once(" = ")?;
        let (_, version) = rest.split_once("\"=")?;
        Some(format!("{name} {}", version.split_once('"')?.0))
    });
    pinned.collect::<Vec<_>>().join(", ")
}
