//! The machine: what can change a result, or its speed.

use serde::{Deserialize, Serialize};

/// Hardware and operating system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Machine {
    /// The operating system as it calls itself.
    pub os: String,
    /// The kernel's version.
    pub kernel: String,
    /// `x86_64`, `aarch64`, ...
    pub arch: String,
    /// The CPU as it calls itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_model: Option<String>,
    /// CPUs that this process may use.
    pub cores: usize,
    /// Bytes of memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_bytes: Option<u64>,
    /// The host's name.
    pub hostname: String,
}

impl Machine {
    /// This machine.
    pub fn capture() -> Self {
        let (system, kernel) = system_and_kernel();
        Self {
            os: os_name().unwrap_or(system),
            kernel,
            arch: std::env::consts::ARCH.to_owned(),
            cpu_model: cpu_model(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory_bytes: memory_bytes(),
            hostname: telensic_tape::host_name(),
        }
    }
}

#[cfg(unix)]
fn system_and_kernel() -> (String, String) {
    let names = rustix::system::uname();
    let text = |name: &std::ffi::CStr| name.to_string_lossy().into_owned();
    (text(names.sysname()), text(names.release()))
}

#[cfg(not(unix))]
fn system_and_kernel() -> (String, String) {
    (std::env::consts::OS.to_owned(), String::new())
}

fn os_name() -> Option<String> {
    let release = std::fs::read_to_string("/etc/os-release").ok()?;
    let name = release
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
    Some(name.trim_matches('"').to_owned())
}

fn cpu_model() -> Option<String> {
    let cpus = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = cpus.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn memory_bytes() -> Option<u64> {
    let memory = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = memory.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}
