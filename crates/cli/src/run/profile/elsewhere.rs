//! What can be done for a program that did not profile itself.

use super::python::on_path;

/// In a line: what would make it profile itself, and whether perf can.
pub(super) fn what_is_possible(program: &str) -> String {
    let perf = match (on_path("perf"), forbidden()) {
        (None, _) => "perf, which is not installed here, samples any other program".to_owned(),
        (Some(_), true) => {
            "`perf record` samples any other program once kernel.perf_event_paranoid is 2 or less".to_owned()
        }
        (Some(_), false) => format!("`perf record -g -- {program} ...` samples any other program"),
    };
    format!("{program} did not take one; a program with telensic's feature `profile` does; {perf}")
}

/// Whether the kernel forbids the unprivileged to sample their own programs.
fn forbidden() -> bool {
    let level = std::fs::read_to_string("/proc/sys/kernel/perf_event_paranoid").unwrap_or_default();
    let is_strict = level.trim().parse::<i32>().is_ok_and(|level| level > 2);
    is_strict && !rustix::process::geteuid().is_root()
}
